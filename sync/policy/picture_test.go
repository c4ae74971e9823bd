package policy

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// V-14: a picture is shown only if everybody tagged in it may be: for zero to
// six people, and every choice of who stands in the way.
func TestPictureNeedsEverybodyInIt(t *testing.T) {
	inTheWay := map[string]change{
		"hidden": hidden, "no tags": noTags, "no photo": noPhoto, "not asked": notAsked, "declined": declined,
		"left": left, "anonymised": anonymised, "erased": erased,
	}
	for why, c := range inTheWay {
		for people := range 7 {
			for against := range 1 << people {
				tagged := make([]Person, people)
				for i := range tagged {
					tagged[i] = open(Kind(i % 2))
					if against>>i&1 == 1 {
						c(&tagged[i])
					}
				}
				for _, v := range []Viewer{WallOwn, WallOther, WallExternal, SelfAtWall, AppSame, AppExternal, ConnectLinked, ConnectDept, ManagerOut} {
					require.Equal(t, against == 0, PictureShown(tagged, true, v),
						"%s: %s, %d people, %b against", viewerWords[v], why, people, against)
				}
			}
		}
	}
}

// V-12: other houses see a picture only if everybody in it shares with them.
func TestPictureLeavesTheHouseOnlyIfAllWantIt(t *testing.T) {
	tagged := []Person{resident(), resident(noExternal), resident()}
	require.True(t, PictureShown(tagged, true, WallOwn))
	for _, v := range outside {
		require.False(t, PictureShown(tagged, true, v))
		require.True(t, PictureShown([]Person{resident(), resident()}, true, v))
	}
}

// V-20: after the lease only pictures of nobody are left.
func TestStalePicturesShowNobody(t *testing.T) {
	for _, v := range except(everybody, Manager, SelfInApp) {
		require.False(t, PictureShown([]Person{resident()}, false, v), viewerWords[v])
	}
	require.True(t, PictureShown(nil, false, WallOwn), "a picture of nobody is nobody's secret")
}

// V-04: the staff in charge see every picture but those of who declined.
func TestManagerSeesPicturesToAskAbout(t *testing.T) {
	require.True(t, PictureShown([]Person{resident(hidden), resident(noTags), resident(notAsked)}, true, Manager))
	require.False(t, PictureShown([]Person{resident(), resident(declined)}, true, Manager))
}

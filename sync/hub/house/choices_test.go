package house

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/policy"
)

// The demo house: two residents are hidden, one was not
// asked, two use an alias, and of five pictures two are withheld.
func TestDemoChoicesReachThePolicy(t *testing.T) {
	h := demoHouse(t)
	people := map[ID]policy.Person{}
	for _, r := range h.Residents {
		people[r.ID] = r.Policy("2026-12-03")
	}
	require.True(t, people["r06"].Hidden)
	require.True(t, people["r11"].Hidden)
	require.True(t, people["r02"].Alias)
	require.True(t, people["r09"].Alias)
	require.False(t, people["r10"].Photo)
	require.Equal(t, policy.NotAsked, people["r12"].Acceptance)
	require.Equal(t, policy.Person{
		Kind: policy.Resident, Photo: true, Tagged: true, External: true, Relatives: true,
	}, people["r01"])
	require.Equal(t, policy.Person{
		Kind: policy.Staff, Tagged: true, External: true,
	}, h.Staff[6].Policy("2026-12-03"), "neither photo nor roster")
	require.Equal(t, policy.Anonymised, h.Former[0].Policy("").Lifecycle)

	// V-14, "and" over everybody in the picture.
	shown := map[ID]bool{}
	for _, a := range h.Albums {
		for _, f := range a.Photos {
			var tagged []policy.Person
			for _, id := range f.Tagged {
				tagged = append(tagged, people[id])
			}
			shown[f.ID] = policy.PictureShown(tagged, true, policy.WallOwn)
		}
	}
	require.Equal(t, map[ID]bool{"f1": true, "f2": true, "f3": false, "f4": true, "f5": false, "f6": true, "f7": true, "f8": false}, shown)
}

// R-IBG-44: whoever was not asked, or whose acceptance has ended, is not shown.
func TestAcceptanceEndsAfterItsLastDay(t *testing.T) {
	r := demoHouse(t).Residents[0]
	r.Acceptance.Until = "2026-12-31"
	require.Equal(t, policy.Accepted, r.Policy("2026-12-31").Acceptance)
	require.Equal(t, policy.NotAsked, r.Policy("2027-01-01").Acceptance)

	copenhagen, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	require.Equal(t, "2026-12-31T23:00:00Z", r.Acceptance.Ends(copenhagen).UTC().Format(time.RFC3339))
	r.Acceptance.Until = ""
	require.Zero(t, r.Acceptance.Ends(copenhagen))

	r.Acceptance.State = Declined
	require.Equal(t, policy.Declined, r.Policy("2026-12-31").Acceptance)
	r.Lifecycle = Left
	require.Equal(t, policy.Left, r.Policy("2026-12-31").Lifecycle)
}

func TestAutoMealsFitTheirWeekday(t *testing.T) {
	h := demoHouse(t)
	friday := h.Meals[9]
	require.True(t, AutoMeal("dinner:fri").Fits(friday))
	require.False(t, AutoMeal("dinner:thu").Fits(friday))
	require.False(t, AutoMeal("lunch:fri").Fits(friday))
	for _, bad := range []AutoMeal{"", "dinner", "dinner:", ":mon", "dinner:man", "supper:mon"} {
		require.False(t, bad.written(), bad)
	}
}

// A night across the change of clocks: the wall clock says what it says.
func TestWallClocksFollowTheirZone(t *testing.T) {
	copenhagen, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	require.Equal(t, "2027-03-27T21:30:00Z", Wall("2027-03-27T22:30").In(copenhagen).UTC().Format(time.RFC3339))
	require.Equal(t, "2027-03-28T05:15:00Z", Wall("2027-03-28T07:15").In(copenhagen).UTC().Format(time.RFC3339))
	require.Equal(t, Day("2027-03-28"), Wall("2027-03-28T07:15").Day())
	require.Equal(t, Day("2028-03-01"), Day("2028-02-28").Add(2))
	require.Equal(t, Wall("2027-01-01T00:15"), Wall("2026-12-31T00:15").Add(1))
	require.Zero(t, Wall("").In(copenhagen))
	now := time.Date(2026, 12, 3, 23, 30, 0, 0, time.UTC)
	require.Equal(t, Day("2026-12-04"), DayOf(now.In(copenhagen)))
	require.Equal(t, Wall("2026-12-04T00:30"), WallOf(now.In(copenhagen)))
}

// A department may choose how many must be hidden before numbers
// are shown, within the bounds of the policy.
func TestCountsAreChosenWithinThePolicysBounds(t *testing.T) {
	for k := range policy.MaxK + 2 {
		h := demoHouse(t)
		h.Departments[0].CountK = k
		var file bytes.Buffer
		require.NoError(t, h.Write(&file))
		_, mistakes := Parse(&file)
		allowed := k == 0 || k >= policy.MinK && k <= policy.MaxK
		require.Equal(t, allowed, len(mistakes) == 0, "count_k %d: %v", k, mistakes)
	}
}

package policy

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// P1 to P11 are what every table must keep, however its rules are worded. Each
// is held against every case there is.

// verdict is what the table says of c.
func (c Case) verdict() Verdict { return Decide(c.Person, c.Fresh, c.Viewer, c.Context) }

// seenBy reports whether the viewer of c is one of these.
func (c Case) seenBy(viewers ...Viewer) bool { return slices.Contains(viewers, c.Viewer) }

// within reports whether v discloses nothing that w does not.
func (v Verdict) within(w Verdict) bool {
	return v.Entry <= w.Entry && v.Name <= w.Name && v.Photo <= w.Photo
}

// anonymous reports whether v shows neither a name of one's own nor a face.
func (v Verdict) anonymous() bool { return v.Name <= RoleName && v.Photo <= Silhouette }

// holdsForEveryCase names the first cases in which rule does not hold.
func holdsForEveryCase(t *testing.T, rule func(Case, Verdict) bool) {
	t.Helper()
	broken := 0
	Cases(func(c Case) bool {
		if !rule(c, c.verdict()) {
			t.Error(c)
			broken++
		}
		return broken < 5
	})
}

// stricter lists the cases one step more careful than c: one choice taken back,
// the acceptance one step less, or the lease run out.
func (c Case) stricter() (all []Case) {
	step := func(change func(*Case)) {
		next := c
		if change(&next); next != c {
			all = append(all, next)
		}
	}
	step(func(c *Case) { c.Person.Hidden = true })
	step(func(c *Case) { c.Person.Alias = true })
	step(func(c *Case) { c.Person.Photo = false })
	step(func(c *Case) { c.Person.Roster = false })
	step(func(c *Case) { c.Person.Tagged = false })
	step(func(c *Case) { c.Person.External = false })
	step(func(c *Case) { c.Person.Relatives = false })
	step(func(c *Case) { c.Person.PrivateOnWall = false })
	step(func(c *Case) { c.Fresh = false })
	step(func(c *Case) { c.Person.Acceptance = min(c.Person.Acceptance+1, Declined) })
	return all
}

// P1: a stricter choice, a lesser acceptance or an older lease never discloses
// more.
func TestStricterNeverDisclosesMore(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool {
		for _, s := range c.stricter() {
			if !s.verdict().within(v) {
				t.Log("stricter, and more:", s)
				return false
			}
		}
		return true
	})
	require.Len(t, Case{Fresh: true, Person: Person{
		Photo: true, Roster: true, Tagged: true, External: true, Relatives: true, PrivateOnWall: true,
	}}.stricter(), settings+1, "every choice can be made stricter")
}

// P2: a full name is for the staff in charge and for oneself in the app.
func TestFullNameIsForManagerAndSelf(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool { return v.Name < FullName || c.seenBy(Manager, SelfInApp) })
}

// P3: a wall whose lease has run out names and pictures nobody.
func TestStaleWallNamesAndPicturesNobody(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool {
		return c.Fresh || !c.seenBy(WallOwn, WallOther, WallExternal, SelfAtWall) || v.anonymous()
	})
}

// P4: who is farther away never sees more.
func TestFartherViewersSeeNoMore(t *testing.T) {
	nearer := map[Viewer]Viewer{
		WallExternal: WallOwn, WallOther: WallOwn, AppExternal: AppSame, WallOwn: AppSame,
		Support: WallExternal, ManagerOut: Manager,
	}
	holdsForEveryCase(t, func(c Case, v Verdict) bool {
		viewer, ok := nearer[c.Viewer]
		return !ok || v.within(Decide(c.Person, c.Fresh, viewer, c.Context))
	})
}

// P5: somebody hidden is named and pictured for the staff in charge, themselves
// in the app and a linked relative, and for nobody else.
func TestHiddenIsNeitherNamedNorPictured(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool {
		return !c.Person.Hidden || c.seenBy(Manager, SelfInApp, ConnectLinked) || v.anonymous()
	})
}

// P6: somebody who has not accepted is there for the staff in charge and
// themselves only. Whoever was anonymised is nobody any more, and may count.
func TestNotAcceptedIsForManagerAndSelf(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool {
		return c.Person.Acceptance == Accepted || v == Verdict{} || c.seenBy(Manager, SelfInApp) ||
			c.Person.Lifecycle == Anonymised && v == Verdict{Entry: Counted}
	})
}

// P7: private items are for the staff in charge and oneself; on a wall only if
// one wants them there.
func TestPrivateItemsArePrivate(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool {
		return c.Context != PrivateItem || v == Verdict{} || c.seenBy(Manager, SelfInApp) ||
			c.seenBy(SelfAtWall) && c.Person.PrivateOnWall
	})
}

// P8: of somebody erased there is nothing, not even a number.
func TestErasedIsNothing(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool { return c.Person.Lifecycle != Erased || v == Verdict{} })
}

// P9: who chose not to show their photo is pictured for the staff in charge and
// themselves only.
func TestPhotoIsAChoice(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool {
		return c.Person.Photo || v.Photo < FullPhoto || c.seenBy(Manager, SelfInApp)
	})
}

// P10: who chose an alias is called by their first name by nobody but the staff
// in charge and themselves.
func TestAliasStandsForTheName(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool {
		return !c.Person.Alias || v.Name <= AliasName || c.seenBy(Manager, SelfInApp)
	})
}

// P11: relatives never learn who comes to meals and meetings or books
// something, nor how many.
func TestRelativesSeeNoSignUpsButActivities(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool {
		if !c.seenBy(ConnectLinked, ConnectDept) {
			return true
		}
		signUp := c.Context == Meal || c.Context == Meeting || c.Context == Booking
		return v.Entry != Counted && (!signUp || v == Verdict{})
	})
}

// R-IBG-16: the app of the same house shows what its wall shows.
func TestAppShowsWhatTheWallShows(t *testing.T) {
	holdsForEveryCase(t, func(c Case, v Verdict) bool {
		return !c.seenBy(AppSame) || v == Decide(c.Person, c.Fresh, WallOwn, c.Context)
	})
}

// A photo that is shown, a name or a silhouette belongs to somebody who is
// listed; nobody is counted under a name.
func TestOnlyTheListedHaveNamesAndFaces(t *testing.T) {
	holdsForEveryCase(t, func(_ Case, v Verdict) bool {
		return v.Entry == Listed || v.Name == NoName && v.Photo == NoPhoto
	})
}

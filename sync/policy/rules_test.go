package policy

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// The rules as sentences. A row stands for every viewer and every context it
// names, and is asked in each of them.

// A change makes somebody different from whom it is given.
type change func(*Person)

// open is somebody who accepted and allows everything, but goes by no alias.
func open(kind Kind, changes ...change) Person {
	p := Person{
		Kind: kind, Photo: true, Roster: true, Tagged: true, External: true, Relatives: true, PrivateOnWall: true,
	}
	for _, c := range changes {
		c(&p)
	}
	return p
}

func resident(changes ...change) Person { return open(Resident, changes...) }
func employee(changes ...change) Person { return open(Staff, changes...) }

func left(p *Person)        { p.Lifecycle = Left }
func anonymised(p *Person)  { p.Lifecycle = Anonymised }
func erased(p *Person)      { p.Lifecycle = Erased }
func notAsked(p *Person)    { p.Acceptance = NotAsked }
func declined(p *Person)    { p.Acceptance = Declined }
func hidden(p *Person)      { p.Hidden = true }
func alias(p *Person)       { p.Alias = true }
func noPhoto(p *Person)     { p.Photo = false }
func noRoster(p *Person)    { p.Roster = false }
func noTags(p *Person)      { p.Tagged = false }
func noExternal(p *Person)  { p.External = false }
func noRelatives(p *Person) { p.Relatives = false }
func noPrivate(p *Person)   { p.PrivateOnWall = false }

// The verdicts, by name.
var (
	nothing     = Verdict{}
	counted     = Verdict{Entry: Counted}
	everything  = Verdict{Listed, FullName, FullPhoto}
	byName      = Verdict{Listed, FirstName, FullPhoto}
	byAlias     = Verdict{Listed, AliasName, FullPhoto}
	withoutFace = Verdict{Listed, FirstName, Silhouette}
	aRole       = Verdict{Listed, RoleName, Silhouette}
	bareName    = Verdict{Listed, FirstName, NoPhoto}
	bareRow     = Verdict{Listed, FullName, NoPhoto}
	pictured    = Verdict{Listed, NoName, FullPhoto}
)

// Groups of viewers and contexts.
var (
	everybody = []Viewer{
		WallOwn, WallOther, WallExternal, SelfAtWall, AppSame, AppExternal, SelfInApp, ConnectLinked, ConnectDept,
		Manager, ManagerOut, Support,
	}
	anywhere = []Context{
		Directory, Activity, Meal, Meeting, Booking, Proposal, Group, Roster, PhotoTag, PrivateItem, Presence,
	}
	// Where the table knows a resident, and where an employee.
	ofResident = except(anywhere, Roster)
	ofEmployee = except(anywhere, Presence)

	house     = []Viewer{WallOwn, WallOther, AppSame, ManagerOut}
	outside   = []Viewer{WallExternal, AppExternal}
	relatives = []Viewer{ConnectLinked, ConnectDept}
	lists     = []Context{Activity, Meal, Meeting, Booking}
)

func except[T comparable](all []T, but ...T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return slices.Contains(but, x) })
}

func just[T any](all ...T) []T { return all }

// A sentence of the table. Without stale, the lease is valid.
type sentence struct {
	says     string
	person   Person
	stale    bool
	viewers  []Viewer
	contexts []Context
	want     Verdict
}

func (s sentence) check(t *testing.T) {
	t.Helper()
	for _, v := range s.viewers {
		for _, c := range s.contexts {
			got := Decide(s.person, !s.stale, v, c)
			require.Equal(t, s.want, got, "%s: %s in %s", s.says, viewerWords[v], contextWords[c])
		}
	}
}

func TestRulesAsSentences(t *testing.T) {
	for _, s := range []sentence{
		// before V-01
		{"a resident is on no roster", resident(), false, everybody, just(Roster), nothing},
		{"nobody takes presence of staff", employee(), false, everybody, just(Presence), nothing},
		// V-01
		{"erased is gone, even as a number", resident(erased), false, everybody, anywhere, nothing},
		{"erased staff is gone from the roster, too", employee(erased), false, everybody, anywhere, nothing},
		// V-02
		{"who installs and repairs sees nobody", resident(), false, just(Support), anywhere, nothing},
		{"nor who is on duty", employee(), false, just(Support), anywhere, nothing},
		{"nor a number", resident(anonymised), false, just(Support), anywhere, nothing},
		// V-03
		{"anonymised still counts in the own house's lists", resident(anonymised), false, just(Manager, ManagerOut, WallOwn, AppSame), lists, counted},
		{"and nowhere else there", resident(anonymised), false, just(Manager, ManagerOut, WallOwn, AppSame), except(anywhere, lists...), nothing},
		{"and not at all for the others", resident(anonymised), false, except(everybody, Manager, ManagerOut, WallOwn, AppSame), anywhere, nothing},
		{"whatever they had chosen", resident(anonymised, declined, hidden), true, just(WallOwn), lists, counted},
		// V-04
		{"the staff in charge see everything", resident(hidden, alias, noPhoto, noTags, noPrivate), false, just(Manager), ofResident, everything},
		{"also of colleagues", employee(hidden, alias, noPhoto, noRoster), true, just(Manager), ofEmployee, everything},
		{"also of who has left", resident(left), false, just(Manager), ofResident, everything},
		{"also of who was not asked yet", resident(notAsked), false, just(Manager), ofResident, everything},
		{"of who declined a row without a face", resident(declined), false, just(Manager), just(Directory), bareRow},
		{"and no more than that", resident(declined), false, just(Manager), except(anywhere, Directory), nothing},
		// V-05
		{"who has left is gone for all others", resident(left), false, except(everybody, Manager), anywhere, nothing},
		{"from the roster, too", employee(left), false, except(everybody, Manager), anywhere, nothing},
		// V-06
		{"who was not asked is not there", resident(notAsked), false, except(everybody, Manager, SelfInApp), anywhere, nothing},
		{"nor who declined", resident(declined), false, except(everybody, Manager, SelfInApp), anywhere, nothing},
		{"nor on the roster, not even as a role", employee(notAsked), false, except(everybody, Manager, SelfInApp), anywhere, nothing},
		{"they see their own page, to choose", resident(notAsked), false, just(SelfInApp), just(Directory), bareName},
		{"also to choose again", employee(declined), false, just(SelfInApp), just(Directory), bareName},
		{"and nothing else", resident(notAsked), false, just(SelfInApp), except(anywhere, Directory), nothing},
		// V-07
		{"in the app one sees all that is one's own", resident(hidden, alias, noPhoto, noTags, noPrivate), true, just(SelfInApp), ofResident, everything},
		{"staff, too", employee(hidden, noRoster), false, just(SelfInApp), ofEmployee, everything},
		// V-08
		{"at the wall one finds oneself as one chose", resident(), false, just(SelfAtWall), ofResident, byName},
		{"by alias", resident(alias), false, just(SelfAtWall), ofResident, byAlias},
		{"without a face, and not in pictures", resident(noPhoto), false, just(SelfAtWall), except(ofResident, PhotoTag), withoutFace},
		{"in no picture without a photo", resident(noPhoto), false, just(SelfAtWall), just(PhotoTag), nothing},
		{"in no picture without tags", resident(noTags), false, just(SelfAtWall), just(PhotoTag), nothing},
		{"private items only if wanted there", resident(noPrivate), false, just(SelfAtWall), just(PrivateItem), nothing},
		{"the rest all the same", resident(noPrivate), false, just(SelfAtWall), except(ofResident, PrivateItem), byName},
		{"staff on the roster by choice", employee(), false, just(SelfAtWall), just(Roster), byName},
		{"or not on it", employee(noRoster), false, just(SelfAtWall), just(Roster), nothing},
		{"hidden is hidden, from oneself at a wall, too", resident(hidden), false, just(SelfAtWall), anywhere, nothing},
		{"and so is everybody when the lease is over", employee(), true, just(SelfAtWall), anywhere, nothing},
		// V-09
		{"private items are nobody else's", resident(), false, except(everybody, Manager, SelfInApp, SelfAtWall), just(PrivateItem), nothing},
		// V-10
		{"relatives see who works", employee(), false, relatives, just(Roster), byName},
		{"if they may", employee(noRoster), false, relatives, just(Roster), aRole},
		{"hidden staff are a role", employee(hidden), false, relatives, just(Roster), aRole},
		{"and all staff when the lease is over", employee(), true, relatives, just(Roster), aRole},
		{"relatives see pictures, without names", resident(), false, relatives, just(PhotoTag), pictured},
		{"not of who does not want it", resident(noTags), false, relatives, just(PhotoTag), nothing},
		{"nor of who shows no photo", resident(noPhoto), false, relatives, just(PhotoTag), nothing},
		{"nor of who is hidden", resident(hidden), false, relatives, just(PhotoTag), nothing},
		{"nor after the lease", resident(), true, relatives, just(PhotoTag), nothing},
		{"other people's relatives see nothing else", resident(), false, just(ConnectDept), except(anywhere, PhotoTag), nothing},
		{"of staff neither", employee(), false, relatives, except(anywhere, PhotoTag, Roster), nothing},
		// V-11
		{"a linked relative sees them and their activities", resident(), false, just(ConnectLinked), just(Directory, Activity), byName},
		{"the link holds while one is hidden", resident(hidden), false, just(ConnectLinked), just(Directory, Activity), byName},
		{"and while a screen has no lease", resident(), true, just(ConnectLinked), just(Directory, Activity), byName},
		{"by alias", resident(alias), false, just(ConnectLinked), just(Directory, Activity), byAlias},
		{"without a face", resident(noPhoto), false, just(ConnectLinked), just(Directory, Activity), withoutFace},
		{"activities only if wanted", resident(noRelatives), false, just(ConnectLinked), just(Activity), nothing},
		{"the person all the same", resident(noRelatives), false, just(ConnectLinked), just(Directory), byName},
		{"and no other list", resident(), false, just(ConnectLinked), just(Meal, Meeting, Booking, Proposal, Group, Presence), nothing},
		// V-12
		{"other houses see who takes part", resident(), false, outside, append(just(Group), lists...), byName},
		{"by alias", resident(alias), false, outside, append(just(Group), lists...), byAlias},
		{"without a face", resident(noPhoto), false, outside, append(just(Group), lists...), withoutFace},
		{"as a number without that choice", resident(noExternal), false, outside, append(just(Group), lists...), counted},
		{"as a number while hidden", resident(hidden), false, outside, append(just(Group), lists...), counted},
		{"as a number after the lease", resident(), true, outside, append(just(Group), lists...), counted},
		{"pictures without names", resident(), false, outside, just(PhotoTag), pictured},
		{"none without that choice", resident(noExternal), false, outside, just(PhotoTag), nothing},
		{"none without tags", resident(noTags), false, outside, just(PhotoTag), nothing},
		{"none without a photo", resident(noPhoto), false, outside, just(PhotoTag), nothing},
		{"none of the hidden", resident(hidden), false, outside, just(PhotoTag), nothing},
		{"none after the lease", resident(), true, outside, just(PhotoTag), nothing},
		{"and never who lives there, says or is present", resident(), false, outside, just(Directory, Proposal, Presence), nothing},
		{"nor who works there", employee(), false, outside, just(Directory, Proposal, Roster), nothing},
		// V-13
		{"the house sees who works", employee(), false, house, just(Roster), byName},
		{"by alias", employee(alias), false, house, just(Roster), byAlias},
		{"without a face", employee(noPhoto), false, house, just(Roster), withoutFace},
		{"by role, if not by name: the shift is there", employee(noRoster), false, house, just(Roster), aRole},
		{"by role while hidden", employee(hidden), false, house, just(Roster), aRole},
		// V-14
		{"the house sees pictures with names", resident(), false, house, just(PhotoTag), byName},
		{"or aliases", resident(alias), false, house, just(PhotoTag), byAlias},
		{"not of who does not want it", resident(noTags), false, house, just(PhotoTag), nothing},
		{"nor of who shows no photo", resident(noPhoto), false, house, just(PhotoTag), nothing},
		{"nor of who is hidden", employee(hidden), false, house, just(PhotoTag), nothing},
		// V-15
		{"another department's wall has no list of people", resident(), false, just(WallOther), just(Directory, Presence), nothing},
		{"nor of staff", employee(), false, just(WallOther), just(Directory), nothing},
		{"but who takes part in what is shared", resident(), false, just(WallOther), append(just(Proposal, Group), lists...), byName},
		// V-16
		{"hidden is one of a number", resident(hidden), false, house, append(just(Group), lists...), counted},
		{"and nowhere else", resident(hidden), false, house, except(ofResident, append(just(Group), lists...)...), nothing},
		// V-17
		{"otherwise as one chose", resident(), false, except(house, WallOther), except(ofResident, PrivateItem), byName},
		{"by alias", resident(alias), false, except(house, WallOther), except(ofResident, PrivateItem), byAlias},
		{"without a face", resident(noPhoto), false, except(house, WallOther), except(ofResident, PrivateItem, PhotoTag), withoutFace},
		{"staff, too", employee(), false, except(house, WallOther), except(ofEmployee, PrivateItem), byName},
		// V-18: times and the like are nowhere in the table
		{"the own wall sees who is here", resident(), false, just(WallOwn), just(Presence), byName},
		{"not of who is hidden, nor off the board", resident(hidden), false, just(WallOwn, WallOther, WallExternal), just(Presence), nothing},
		// V-19: whoever draws a proposal has no name to put to it
		{"a hidden person's proposal has no author", resident(hidden), false, house, just(Proposal), nothing},
		{"nor has that of who was not asked", resident(notAsked), false, house, just(Proposal), nothing},
		{"nor after the lease", resident(), true, house, just(Proposal), nothing},
		{"nor in another house", resident(), false, outside, just(Proposal), nothing},
		// V-20
		{"after the lease everybody is one of a number", resident(), true, house, append(just(Group), lists...), counted},
		{"and nowhere else", resident(), true, house, except(ofResident, append(just(Group), lists...)...), nothing},
		{"staff are a role", employee(), true, house, just(Roster), aRole},
	} {
		s.check(t)
	}
}

// V-19: a proposal is signed only by somebody who is shown under a name of
// their own.
func TestNamedIsUnderANameOfTheirOwn(t *testing.T) {
	for _, v := range []Verdict{byName, byAlias, withoutFace, bareName, everything} {
		require.True(t, v.Named(), v)
	}
	for _, v := range []Verdict{nothing, counted, aRole, pictured} {
		require.False(t, v.Named(), v)
	}
}

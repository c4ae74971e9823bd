package board

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/policy"
	"tavle/sync/record"
)

var now = time.Date(2026, 12, 3, 9, 24, 0, 0, time.UTC) // 10.24 in Copenhagen

const swim = record.ActivityID("a1")

var swimRef = Ref{record.KindActivity, "a1"}

// house is a small board: three residents, one member of staff, a swim with
// places for three.
func house(edit ...func(*record.Facts)) *record.Facts {
	f := &record.Facts{
		At:    record.Position{Epoch: "00000000000000a1", Rev: 7},
		House: record.House{Zone: "Europe/Copenhagen", Langs: []record.Lang{"da"}, Modules: []Module{ModuleActivities}},
		People: map[PersonID]record.Person{
			"p1": {ID: "p1", Kind: record.Resident, Name: record.NameOf("Åse"), Photo: "sha256-aa", Listed: true, SignUp: true},
			"p2": {ID: "p2", Kind: record.Resident, Name: record.NameOf("Zakir"), Listed: true, SignUp: true},
			"p3": {ID: "p3", Kind: record.Resident, Name: record.NameOf("Ørn"), Photo: "sha256-bb", Listed: true, SignUp: true},
			"s1": {ID: "s1", Kind: record.Staff, Name: record.NameOf("Mette"), Photo: "sha256-cc"},
		},
		Activities: map[record.ActivityID]record.Activity{swim: {
			ID: swim, Title: Text{"da": "Svømning"}, Starts: now.Add(3 * time.Hour), SignUp: true, Leaders: []PersonID{"s1"},
			Participants: record.Participants{Who: []PersonID{"p1"}, Exact: true, Limit: 3, Left: record.PlacesFree},
		}},
		Shifts: map[record.ShiftID]record.Shift{
			"v1": {ID: "v1", Type: "day", From: now.Add(-time.Hour), To: now.Add(5 * time.Hour), Person: "s1"},
		},
	}
	for _, e := range edit {
		e(f)
	}
	return f
}

func project(f *record.Facts, edit ...func(*Input)) *Board {
	in := Input{Facts: f, Now: now, Fresh: true, Contact: now}
	for _, e := range edit {
		e(&in)
	}
	return Project(in)
}

func names(people []Participant) (out []string) {
	for _, p := range people {
		out = append(out, p.Name.Reveal())
	}
	return out
}

func TestNothingIsShownBeforeTheFirstSync(t *testing.T) {
	require.Nil(t, project(nil))
	require.Nil(t, project(&record.Facts{}))
}

// Æ, ø and å come last.
func TestPeopleStandInTheOrderOfTheLanguage(t *testing.T) {
	var got []string
	for _, p := range project(house()).People {
		got = append(got, p.Name.Reveal())
	}
	require.Equal(t, []string{"Zakir", "Ørn", "Åse"}, got)
}

// V-20, P3: after the lease nobody is named or pictured; content stays.
func TestStaleBoardShowsNobody(t *testing.T) {
	b := project(house(), func(in *Input) { in.Fresh = false })
	require.True(t, b.Masked)
	require.Empty(t, b.People)
	require.Len(t, b.Activities, 1)
	a := b.Activities[0]
	require.Empty(t, a.Shown)
	require.Empty(t, a.Leaders)
	n, ok := a.Total()
	require.Equal(t, 1, n)
	require.True(t, ok)
	require.Len(t, b.Shifts, 1)
	require.Nil(t, b.Shifts[0].Person)
}

// An acceptance that ends at midnight ends without the hub (V-06, R-STA-02).
func TestAcceptanceEndsOffline(t *testing.T) {
	f := house(func(f *record.Facts) {
		p := f.People["p1"]
		p.Until = now.Add(time.Hour)
		f.People["p1"] = p
	})
	b := project(f)
	require.Len(t, b.People, 3)
	require.Equal(t, now.Add(time.Hour), b.NextAt)
	later := project(f, func(in *Input) { in.Now = now.Add(time.Hour) })
	require.Len(t, later.People, 2)
	require.Empty(t, later.Activities[0].Shown)
	require.Zero(t, later.Activities[0].Others, "not even counted")
}

// Greyed after 12 hours, gone after 24, whatever the lease.
func TestRosterIsNotBelievedForEver(t *testing.T) {
	for _, c := range []struct {
		age  time.Duration
		want RosterState
	}{{11 * time.Hour, RosterCurrent}, {12 * time.Hour, RosterOld}, {24 * time.Hour, RosterGone}} {
		b := project(house(), func(in *Input) { in.Contact = now.Add(-c.age) })
		require.Equal(t, c.want, b.Roster, c.age)
		require.Equal(t, c.want == RosterGone, len(b.Shifts) == 0, c.age)
	}
	require.Equal(t, RosterGone, project(house(), func(in *Input) { in.Contact = time.Time{} }).Roster)
}

func TestWhatWasDoneHereIsShownAsPending(t *testing.T) {
	join := func(who PersonID) Done { return Done{On: swimRef, Who: who} }
	b := project(house(), func(in *Input) { in.Done = []Done{join("p2")} })
	a := b.Activities[0]
	require.Equal(t, []string{"Åse", "Zakir"}, names(a.Shown))
	require.True(t, a.Shown[1].Pending)
	require.Equal(t, PlacesFew, a.Left)
	require.Len(t, b.Waiting, 1)

	// The third takes the last place, a fourth waits.
	f := house(func(f *record.Facts) {
		f.People["p4"] = record.Person{ID: "p4", Name: record.NameOf("Bo"), Kind: record.Resident, Listed: true}
	})
	b = project(f, func(in *Input) { in.Done = []Done{join("p2"), join("p3"), join("p4")} })
	require.Equal(t, []string{"Åse", "Zakir", "Ørn"}, names(b.Activities[0].Shown))
	require.Equal(t, []string{"Bo"}, names(b.Activities[0].Waiting))
	require.Equal(t, ListOnly, b.Activities[0].Door(now))

	// Signed up and undone again: as before.
	b = project(house(), func(in *Input) {
		in.Done = []Done{join("p2"), {On: swimRef, Who: "p2", Leave: true}}
	})
	require.Equal(t, []string{"Åse"}, names(b.Activities[0].Shown))
}

func TestAnswerIsShownUntilTheFactsSayIt(t *testing.T) {
	done := Done{On: swimRef, Who: "p2", Answered: true, Rev: 8}
	b := project(house(), func(in *Input) { in.Done = []Done{done} })
	require.Equal(t, []string{"Åse", "Zakir"}, names(b.Activities[0].Shown))
	require.False(t, b.Activities[0].Shown[1].Pending)
	require.Empty(t, b.Waiting)

	done.Rev = 7 // the facts are there and say otherwise
	b = project(house(), func(in *Input) { in.Done = []Done{done} })
	require.Equal(t, []string{"Åse"}, names(b.Activities[0].Shown))

	done.Rev, done.Refused = 8, true
	b = project(house(), func(in *Input) { in.Done = []Done{done} })
	require.Equal(t, []string{"Åse"}, names(b.Activities[0].Shown))
}

// The hub was restored from a backup: revisions start again at a lower number. A
// board of the new numbering says how things stand, whatever an answer of the old
// one says; an answer of the same numbering is shown until the facts say it.
func TestAnswerFromBeforeARestoreShowsNobody(t *testing.T) {
	done := Done{On: swimRef, Who: "p2", Answered: true, Rev: 4000, Epoch: "00000000000000ee"}
	b := project(house(), func(in *Input) { in.Done = []Done{done} })
	require.Equal(t, []string{"Åse"}, names(b.Activities[0].Shown))
	done.Epoch = house().At.Epoch
	b = project(house(), func(in *Input) { in.Done = []Done{done} })
	require.Equal(t, []string{"Åse", "Zakir"}, names(b.Activities[0].Shown))
}

func TestDoors(t *testing.T) {
	at := func(h int) time.Time { return now.Add(time.Duration(h) * time.Hour) }
	open := Activity{SignUp: true, Starts: at(3), Ends: at(4), Deadline: at(2)}
	full := open
	full.Left = PlacesNone
	cancelled := open
	cancelled.Cancelled = true
	for _, c := range []struct {
		name string
		a    Activity
		at   time.Time
		want Door
	}{
		{"before the deadline", open, at(1), Open},
		{"at the deadline", open, at(2), Shut},
		{"while it runs", open, at(3), Shut},
		{"afterwards", open, at(4), Over},
		{"full", full, at(1), ListOnly},
		{"full and past the deadline", full, at(2), Shut},
		{"cancelled", cancelled, at(1), Cancelled},
		{"no sign-up here", Activity{Starts: at(3)}, at(1), Shut},
		{"no deadline", Activity{SignUp: true, Starts: at(3)}, at(2), Open},
	} {
		require.Equal(t, c.want, c.a.Door(c.at), c.name)
	}
}

func TestNewsComesAndGoesByItself(t *testing.T) {
	f := house(func(f *record.Facts) {
		f.News = map[record.NewsID]record.News{
			"n1": {ID: "n1", Published: now.Add(-time.Hour), Expires: now.Add(time.Hour)},
			"n2": {ID: "n2", Published: now.Add(2 * time.Hour)},
			"n3": {ID: "n3", Published: now.Add(-2 * time.Hour), Pinned: true},
		}
	})
	b := project(f)
	require.Len(t, b.News, 2)
	require.EqualValues(t, "n3", b.News[0].ID)
	require.Equal(t, now.Add(time.Hour), b.NextAt)
	require.Len(t, project(f, func(in *Input) { in.Now = now.Add(time.Hour) }).News, 1)
}

// An album comes and goes like news; without times it is there.
func TestAlbumComesAndGoesByItself(t *testing.T) {
	f := house(func(f *record.Facts) {
		f.Albums = map[record.AlbumID]record.Album{
			"al1": {ID: "al1", Published: now.Add(-time.Hour), Expires: now.Add(time.Hour)},
			"al2": {ID: "al2", Published: now.Add(2 * time.Hour)},
			"al3": {ID: "al3"},
		}
	})
	b := project(f)
	require.Len(t, b.Albums, 2)
	require.Equal(t, now.Add(time.Hour), b.NextAt)
	require.Len(t, project(f, func(in *Input) { in.Now = now.Add(time.Hour) }).Albums, 1)
	require.Len(t, project(f, func(in *Input) { in.Now = now.Add(2 * time.Hour) }).Albums, 2)
}

// P1 over random boards: what a stale board shows, a fresh one shows too, and
// nobody the hub did not send is ever shown.
func TestStaleNeverShowsMore(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		f := &record.Facts{At: record.Position{Epoch: "00000000000000a1", Rev: 1}, House: record.House{Zone: "Europe/Oslo"}}
		f.People = map[PersonID]record.Person{}
		var ids []PersonID
		for i := range r.IntN(8) {
			id := PersonID(fmt.Sprint("p", i))
			p := record.Person{ID: id, Kind: record.Resident, Name: record.NameOf(fmt.Sprint("N", i)), Listed: r.IntN(2) == 0}
			if r.IntN(2) == 0 {
				p.Photo = "sha256-aa"
			}
			if r.IntN(3) == 0 {
				p.Until = now.Add(time.Duration(r.IntN(4)-2) * time.Hour)
			}
			f.People[id] = p
			ids = append(ids, id)
		}
		ids = append(ids, "stranger")
		f.Activities = map[record.ActivityID]record.Activity{swim: {ID: swim, Starts: now, Participants: record.Participants{Who: ids}}}
		fresh := project(f)
		stale := project(f, func(in *Input) { in.Fresh = false })
		require.Empty(t, stale.People)
		require.Empty(t, stale.Activities[0].Shown)
		for _, p := range fresh.Activities[0].Shown {
			require.Contains(t, f.People, p.ID)
			if u := f.People[p.ID].Until; !u.IsZero() {
				require.True(t, now.Before(u))
			}
		}
		require.LessOrEqual(t, len(fresh.Activities[0].Shown), len(ids)-1)
	}
}

// The board offline decides as the hub would have: for everybody the hub lets
// through to its own wall, the screen's own question has the same answer.
func TestScreenDecidesAsTheHub(t *testing.T) {
	for set := range 4 {
		hub := policy.Person{Photo: set&1 == 1, Roster: true, Alias: set&2 == 2}
		r := record.Person{ID: "p1", Kind: record.Resident, Name: record.NameOf("N"), Listed: true}
		if hub.Photo {
			r.Photo = "sha256-aa"
		}
		for _, fresh := range []bool{false, true} {
			for _, c := range []policy.Context{policy.Directory, policy.Activity, policy.Meal} {
				want := policy.Decide(hub, fresh, policy.WallOwn, c)
				p := projector{in: Input{Facts: &record.Facts{}, Now: now, Fresh: fresh}}
				got := p.decide(r, c)
				require.Equal(t, want.Entry, got.Entry)
				require.Equal(t, want.Named(), got.Named())
				require.Equal(t, want.Photo, got.Photo)
			}
		}
	}
}

// A board is made with every change, every touch and every hour.
func BenchmarkProject(b *testing.B) {
	for _, size := range []struct{ people, activities int }{{60, 60}, {1000, 300}} {
		f := house()
		for i := range size.people {
			id := PersonID(fmt.Sprint("q", i))
			f.People[id] = record.Person{ID: id, Kind: record.Resident, Name: record.NameOf(fmt.Sprint("Navn", i)), Listed: true}
		}
		for i := range size.activities {
			id := record.ActivityID(fmt.Sprint("b", i))
			f.Activities[id] = record.Activity{ID: id, Starts: now.Add(time.Duration(i) * time.Hour), Participants: record.Participants{Who: []PersonID{"q1", "q2", "q3"}}}
		}
		b.Run(fmt.Sprintf("%dpeople%dactivities", size.people, size.activities), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				project(f)
			}
		})
	}
}

// A-24, V-16, V-20: how a name sounds is known of those who are shown, and of nobody
// else; where two are called alike and speak differently, of neither.
func TestSoundOfANameGoesWithIt(t *testing.T) {
	sounds := house(func(f *record.Facts) {
		for id, p := range f.People {
			p.Spoken = record.NameOf("as " + string(id))
			f.People[id] = p
		}
	})
	heard := func(b *Board) (out []string) {
		for _, n := range b.Lexicon.Names {
			out = append(out, n.Spoken.Reveal())
		}
		return out
	}
	all := heard(project(sounds))
	require.Contains(t, all, "as p1")
	require.NotContains(t, heard(project(sounds, withDone(took("p1", ChoiceShown)))), "as p1")
	require.NotContains(t, heard(project(sounds, withDone(took("p1", ChoiceName)))), "as p1")
	require.Empty(t, heard(project(sounds, func(in *Input) { in.Fresh = false })))

	twin := sounds.People["p2"]
	twin.Name = sounds.People["p1"].Name
	sounds.People["p2"] = twin
	require.NotContains(t, heard(project(sounds)), "as p1")
	twin.Spoken = sounds.People["p1"].Spoken
	sounds.People["p2"] = twin
	require.Contains(t, heard(project(sounds)), "as p1")
}

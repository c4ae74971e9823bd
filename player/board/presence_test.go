package board

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// nursery is the house with a board of who is there: p1 has come, p2 has not.
func nursery(edit ...func(*record.Presence)) *record.Facts {
	return house(func(f *record.Facts) {
		p := record.Presence{
			ID: "z1", Day: "2026-12-03", Who: []record.PersonID{"p1", "p2"}, Here: []record.PersonID{"p1"}, Whole: true,
		}
		for _, e := range edit {
			e(&p)
		}
		f.Presence = map[record.PresenceID]record.Presence{"z1": p}
	})
}

func dayRef(day record.Day) Ref { return Ref(record.DayKey("z1", day)) }

// states returns where everybody is, by ID.
func states(b *Board) map[PersonID]Whereabouts {
	out := map[PersonID]Whereabouts{}
	if b.Presence != nil {
		for _, x := range b.Presence.People {
			out[x.ID] = x.Is
		}
	}
	return out
}

// V-18, V-20: a screen says who is there while it may show people; after its lease
// nobody is on the board.
func TestPresenceNeedsALease(t *testing.T) {
	in := Input{Facts: nursery(), Now: noon, Fresh: true, Contact: noon}
	b := Project(in)
	require.Equal(t, map[PersonID]Whereabouts{"p1": Here, "p2": NotYet}, states(b))
	n, ok := b.Presence.Count(Here)
	require.Equal(t, 1, n)
	require.True(t, ok)
	in.Fresh = false
	require.Empty(t, states(Project(in)))
}

// Who is here now is not believed longer than a day.
func TestPresenceIsNotBelievedForEver(t *testing.T) {
	require.Nil(t, Project(Input{Facts: nursery(), Now: noon, Fresh: true, Contact: noon.Add(-25 * time.Hour)}).Presence)
	b := Project(Input{Facts: nursery(), Now: noon, Fresh: true, Contact: noon.Add(-13 * time.Hour)})
	require.Equal(t, RosterOld, b.Roster)
	require.NotNil(t, b.Presence)
}

// No number where somebody of the department is not on the board, nor
// while the hub has not heard that somebody took themselves off.
func TestPresenceCountsOnlyTheWhole(t *testing.T) {
	b := Project(Input{Facts: nursery(func(p *record.Presence) { p.Whole = false }), Now: noon, Fresh: true, Contact: noon})
	_, ok := b.Presence.Count(Here)
	require.False(t, ok)
	b = Project(Input{Facts: nursery(), Now: noon, Fresh: true, Contact: noon, Done: []Done{{Who: "p2", Takes: ChoiceShown}}})
	require.Equal(t, map[PersonID]Whereabouts{"p1": Here}, states(b))
	_, ok = b.Presence.Count(Here)
	require.False(t, ok)
}

// What was said here is shown at once, as on its way, and in order; what the hub
// refused is not.
func TestPresenceShowsWhatWasSaidHere(t *testing.T) {
	today := dayRef("2026-12-03")
	done := []Done{{On: today, Who: "p2", Is: Here}}
	board := func() *Board {
		return Project(Input{Facts: nursery(), Now: noon, Fresh: true, Contact: noon, Done: done})
	}
	p, _ := board().Presence.Of("p2")
	require.Equal(t, Here, p.Is)
	require.True(t, p.Pending)
	require.Equal(t, Here, board().Waiting[0].Is)
	done = append(done, Done{On: today, Who: "p2", Is: GoneHome}, Done{On: today, Who: "p1", Is: NotYet})
	require.Equal(t, map[PersonID]Whereabouts{"p1": NotYet, "p2": GoneHome}, states(board()))
	done[1].Answered, done[1].Refused = true, true
	require.Equal(t, map[PersonID]Whereabouts{"p1": NotYet, "p2": Here}, states(board()))
}

// Who does not come today has a day off; when they come after all they are here,
// and when that is taken back it is their day off again.
func TestPresenceOnADayOff(t *testing.T) {
	off := nursery(func(p *record.Presence) { p.Off = []record.DayOff{{Who: "p2", Day: "2026-12-03"}} })
	is := func(done ...Done) Whereabouts {
		p, _ := Project(Input{Facts: off, Now: noon, Fresh: true, Contact: noon, Done: done}).Presence.Of("p2")
		return p.Is
	}
	today := dayRef("2026-12-03")
	require.Equal(t, Off, is())
	require.Equal(t, Here, is(Done{On: today, Who: "p2", Is: Here}))
	require.Equal(t, Off, is(Done{On: today, Who: "p2", Is: Here}, Done{On: today, Who: "p2", Is: NotYet}))
}

// A day begins with nobody at midnight by the house's calendar, without a hub, also
// when the night is an hour longer or shorter; what was said the day before counts
// for that day.
func TestPresenceBeginsAtMidnight(t *testing.T) {
	for _, day := range []time.Time{
		time.Date(2026, 12, 3, 0, 0, 0, 0, copenhagen),
		time.Date(2026, 10, 25, 0, 0, 0, 0, copenhagen), // 25 hours
		time.Date(2027, 3, 28, 0, 0, 0, 0, copenhagen),  // 23 hours
	} {
		f := nursery(func(p *record.Presence) { p.Day = record.DayOf(day) })
		last := time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, copenhagen)
		in := Input{Facts: f, Now: last, Fresh: true, Contact: last, Done: []Done{{On: dayRef(record.DayOf(day)), Who: "p2", Is: Here}}}
		b := Project(in)
		require.Equal(t, map[PersonID]Whereabouts{"p1": Here, "p2": Here}, states(b))
		midnight := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, copenhagen)
		require.False(t, b.NextAt.IsZero())
		require.False(t, b.NextAt.After(midnight))
		in.Now = midnight
		require.Equal(t, map[PersonID]Whereabouts{"p1": NotYet, "p2": NotYet}, states(Project(in)), "%v", day)
	}
}

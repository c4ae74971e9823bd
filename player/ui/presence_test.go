package ui

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/sync/record"
)

// mockDay names the day on the pictures.
var mockDay = board.Ref(record.DayKey("z1", "2025-11-20"))

// presentFacts is the mockups' house with a board of who is there, of everybody:
// Karen and Ali have come, Ove has gone home, Ruth has a day off.
func presentFacts() *record.Facts {
	f := togetherFacts()
	f.House.Modules = append(f.House.Modules, "presence")
	p := record.Presence{ID: "z1", Day: "2025-11-20", Here: ids("Karen Ali"), Gone: ids("Ove"), Off: []record.DayOff{{Who: "ruth", Day: "2025-11-20"}}, Whole: true}
	for id, x := range f.People {
		if x.Kind == record.Resident {
			p.Who = append(p.Who, id)
		}
	}
	f.Presence = map[record.PresenceID]record.Presence{"z1": p}
	return f
}

func presentBoard(done ...board.Done) *board.Board {
	return board.Project(board.Input{Facts: presentFacts(), Now: mockNow, Fresh: true, Contact: mockNow, Done: done})
}

func presentHand(t *testing.T) *hand {
	h := &hand{t: t, Model: mockModel(large, Home{})}
	h.send(BoardChanged{presentBoard()})
	h.Stack = append(h.Stack, Presence{})
	return h
}

// keep does what the last effect says, as the player does.
func (h *hand) keep(done []board.Done) []board.Done {
	m := h.effects[len(h.effects)-1].(Mark)
	done = append(done, board.Done{On: m.On, Who: m.Who, Is: m.Is})
	h.send(BoardChanged{presentBoard(done...)})
	return done
}

// R-KID-06, A-13, A-19: one touch on somebody's own picture says that they have
// come, and that can be taken back; another asks whether they have gone home.
func TestOneTouchSaysThatSomebodyHasCome(t *testing.T) {
	h := presentHand(t)
	h.tap(Arrive{mockDay, "bent"})
	require.Equal(t, Mark{mockDay, "bent", board.Here}, h.effects[0])
	done := h.keep(nil)
	require.Contains(t, h.words(), "Bent er her nu")
	h.pass(8 * time.Second)
	h.tap(Unmark{mockDay, "bent", board.NotYet})
	require.Equal(t, Mark{mockDay, "bent", board.NotYet}, h.effects[1])
	h.keep(done)
	require.Zero(t, h.Toast)

	h.tap(Arrive{mockDay, "karen"})
	require.Len(t, h.effects, 2, "nothing is said before it is asked")
	require.Contains(t, h.words(), "Er Karen gået hjem?")
	h.pass(time.Second)
	h.tap(GoHome{mockDay, "karen"})
	require.Equal(t, Mark{mockDay, "karen", board.GoneHome}, h.effects[2])
	h.keep(nil)
	require.Contains(t, h.words(), "Karen er gået hjem")
	h.tap(Unmark{mockDay, "karen", board.Here})
	require.Equal(t, Mark{mockDay, "karen", board.Here}, h.effects[3])
}

// Who comes on a day off, or comes back, is here; taking that back makes it as it
// was.
func TestWhoComesBackIsHere(t *testing.T) {
	h := presentHand(t)
	h.Stack = []Place{Home{}, Presence{Page: 1}}
	h.tap(Arrive{mockDay, "ove"})
	require.Equal(t, Mark{mockDay, "ove", board.Here}, h.effects[0])
	require.Equal(t, board.GoneHome, h.Toast.Was)
	h.tap(Arrive{mockDay, "ruth"})
	require.Equal(t, Mark{mockDay, "ruth", board.Here}, h.effects[1])
	require.Equal(t, board.NotYet, h.Toast.Was, "it stays a day off at the hub")
}

// A question that was asked before midnight says nothing about the new day, and
// nobody is named in a bar who is not on the board any more.
func TestPresenceDialogsEndWithTheDay(t *testing.T) {
	h := presentHand(t)
	h.tap(Arrive{mockDay, "karen"})
	h.pass(time.Second)
	next := board.Project(board.Input{Facts: presentFacts(), Now: mockNow.AddDate(0, 0, 1), Fresh: true, Contact: mockNow.AddDate(0, 0, 1)})
	h.send(BoardChanged{next})
	require.Nil(t, h.Over)
	h = presentHand(t)
	h.tap(Arrive{mockDay, "bent"})
	h.send(BoardChanged{changed(func(f *record.Facts) { *f = *presentFacts(); delete(f.People, "bent") })})
	require.Zero(t, h.Toast)
	require.NotContains(t, h.words(), "Bent")
	h.send(TouchDown{Means: Arrive{mockDay, "bent"}, Ready: true}, TouchUp{Means: Arrive{mockDay, "bent"}})
	require.Len(t, h.effects, 1)
}

// The hub said no: the bar says so, and offers nothing.
func TestPresenceThatIsRefusedIsSaid(t *testing.T) {
	h := presentHand(t)
	h.tap(Arrive{mockDay, "bent"})
	h.send(BoardChanged{presentBoard(board.Done{On: mockDay, Who: "bent", Is: board.Here, Answered: true, Refused: true})})
	require.Nil(t, h.frame().Find(Unmark{mockDay, "bent", board.NotYet}))
	require.True(t, h.Toast.Refused)
}

// twelve pictures a page at most, each with its state in a word; the
// numbers stand in the header where everybody is on the board, and nowhere else.
// V-18: no time of anybody is said.
func TestPresenceSaysStatesInWords(t *testing.T) {
	h := presentHand(t)
	all := map[string]bool{}
	for page := range 2 {
		h.Stack = []Place{Home{}, Presence{Page: page}}
		tiles := places[Arrive](h.frame())
		require.LessOrEqual(t, len(tiles), 12)
		for _, tg := range h.frame().Targets {
			if _, ok := tg.Means.(Arrive); ok {
				all[tg.Label] = true
			}
		}
	}
	require.Len(t, all, 22)
	for _, want := range []string{"Karen, Er her", "Ove, Gået hjem", "Ruth, Fri i dag", "Bent, Ikke kommet"} {
		require.Contains(t, all, want)
	}
	require.Contains(t, h.words(), "2 her")
	require.Contains(t, h.words(), "1 gået hjem")
	f := presentFacts()
	p := f.Presence["z1"]
	p.Whole = false
	f.Presence["z1"] = p
	h.send(BoardChanged{board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})})
	require.NotContains(t, h.words(), "2 her")
}

// V-20: after the lease nobody is on the board.
func TestPresenceIsMasked(t *testing.T) {
	h := presentHand(t)
	h.send(BoardChanged{board.Project(board.Input{Facts: presentFacts(), Now: mockNow, Contact: mockNow})})
	require.Empty(t, places[Arrive](h.frame()))
	require.NotContains(t, h.words(), "Karen")
}

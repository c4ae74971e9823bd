package ui

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/sync/record"
)

// renamed returns the board after somebody chose an alias.
func renamed(who record.PersonID, alias string, done ...board.Done) *board.Board {
	f := mockFacts()
	p := f.People[who]
	p.Name = record.NameOf(alias)
	f.People[who] = p
	return board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow, Done: done})
}

// A name that gives way to an alias is gone from what lies over the
// page, too.
func TestAliasReachesDialogsAndToast(t *testing.T) {
	leave := board.Done{On: swimming, Who: "karen", Leave: true}
	for _, over := range []func(h *hand){
		func(h *hand) { h.Over = Confirm{On: swimming, Who: "karen", Since: mockNow.UnixMilli()} },
		func(h *hand) { h.Over = AskLeave{swimming, "karen", mockNow.UnixMilli()} },
		func(h *hand) { h.Toast = Toast{On: swimming, Who: "karen", Until: mockNow.Add(time.Minute)} },
	} {
		h := newHand(t)
		h.tap(Open{swimming})
		h.send(BoardChanged{boardWith(leave)})
		over(h)
		require.Contains(t, h.words(), "Karen")
		h.send(BoardChanged{renamed("karen", "Rose", leave)})
		require.NotContains(t, h.words(), "Karen")
		require.Contains(t, h.words(), "Rose")
	}
}

// What the model keeps beside the board names nobody: a person is an ID, and who
// they are is asked of the board each time. So whoever goes leaves no name in a page,
// a dialog, a draft, a focus or what is to be read.
func TestModelKeepsNobody(t *testing.T) {
	var look func(path string, typ reflect.Type)
	look = func(path string, typ reflect.Type) {
		require.NotContains(t, []reflect.Type{reflect.TypeFor[board.Person](), reflect.TypeFor[board.Participant](), reflect.TypeFor[record.Name]()}, typ, path)
		switch typ.Kind() {
		case reflect.Struct:
			if typ != reflect.TypeFor[time.Time]() {
				for f := range typ.Fields() {
					look(path+"."+f.Name, f.Type)
				}
			}
		case reflect.Slice, reflect.Array, reflect.Map:
			look(path+"[]", typ.Elem())
		case reflect.Pointer:
			if typ != reflect.TypeFor[*board.Board]() {
				look(path, typ.Elem())
			}
		}
	}
	for _, v := range []any{
		Model{},
		Confirm{},
		AskLeave{},
		AskPlate{},
		Offline{},
		Failed{},
		Proposed{},
		AskTakeBack{},
		Vanished{},
		AskAloud{},
		AskGone{},
		Home{},
		Activities{},
		Activity{},
		Who{},
		Meals{},
		Roster{},
		People{},
		Someone{},
		Own{},
		Code{},
		Presence{},
		Polls{},
		Given{},
		More{},
		About{},
		Languages{},
		Network{},
		Meetings{},
		Meeting{},
		Proposer{},
		Phrases{},
		Bookings{},
		Booking{},
		Groups{},
		Group{},
		NewsList{},
		Article{},
		Gallery{},
		Album{},
		Documents{},
		Document{},
		Videos{},
		Video{},
		Weather{},
		SignUp{},
		SignOff{},
		Say{},
		Unsay{},
		Tighten{},
		CheckCode{},
		Read{},
		Name{},
	} {
		look(reflect.TypeOf(v).Name(), reflect.TypeOf(v))
	}
	for _, m := range Meanings {
		look(reflect.TypeOf(m).Name(), reflect.TypeOf(m))
	}
}

// A touch that comes when there is nothing left to touch does nothing.
func TestTouchWithoutBoardDoesNothing(t *testing.T) {
	for _, m := range Meanings {
		for _, over := range []Over{nil, Failed{}, Offline{}} {
			h := newHand(t)
			h.send(BoardChanged{}, Emptied{Paused: true})
			h.Over = over
			h.send(TouchDown{Means: m, Ready: true})
			h.pass(time.Second)
			h.send(TouchUp{Means: m})
			h.frame()
			require.Equal(t, []Place{Home{}}, h.Stack, "%T", m)
		}
	}
}

// when the hub does not take somebody off, they are told whom to ask.
func TestRefusedUndoIsSaid(t *testing.T) {
	leave := board.Done{On: swimming, Who: "ali", Leave: true}
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.tap(Pick{swimming, "ali"})
	h.tap(Leave{swimming, "ali"})
	h.send(BoardChanged{boardWith(leave)})
	require.Contains(t, h.words(), "Ali er meldt fra")
	leave.Answered, leave.Refused = true, true
	h.send(BoardChanged{boardWith(leave)})
	require.NotContains(t, h.words(), "Ali er meldt fra")
	require.Contains(t, h.words(), "Spørg en medarbejder")
	require.Nil(t, h.frame().Find(Rejoin{On: swimming, Who: "ali"}))
}

// the first finger that is on something wins, and what rests on the glass
// does not keep anybody else from touching it.
func TestPalmsAndElbowsDoNotCount(t *testing.T) {
	const palm, finger = 1, 2
	tap := func(h *hand) {
		h.send(TouchDown{Contact: finger, Means: Open{swimming}, Ready: true})
		h.pass(100 * time.Millisecond)
		h.send(TouchUp{Contact: finger, Means: Open{swimming}})
	}
	t.Run("on nothing", func(t *testing.T) {
		h := newHand(t)
		h.send(TouchDown{Contact: palm})
		tap(h)
		require.Equal(t, Activity{swimming}, h.place())
	})
	t.Run("on something, for ever", func(t *testing.T) {
		h := newHand(t)
		h.send(TouchDown{Contact: palm, Means: Go{People{}}, Ready: true})
		tap(h)
		require.Equal(t, Home{}, h.place(), "it may be a finger")
		h.pass(time.Hour)
		tap(h)
		require.Equal(t, Activity{swimming}, h.place())
		h.send(TouchUp{Contact: palm, Means: Go{People{}}})
		require.Equal(t, Activity{swimming}, h.place())
	})
	t.Run("after the finger", func(t *testing.T) {
		h := newHand(t)
		h.send(TouchDown{Contact: finger, Means: Open{swimming}, Ready: true}, TouchDown{Contact: palm, Means: Go{People{}}, Ready: true})
		h.pass(100 * time.Millisecond)
		h.send(TouchUp{Contact: palm, Means: Go{People{}}}, TouchUp{Contact: finger, Means: Open{swimming}})
		require.Equal(t, Activity{swimming}, h.place())
	})
}

// What began yesterday and goes on is not forgotten at midnight.
func TestPartyGoesOnAfterMidnight(t *testing.T) {
	f := mockFacts()
	midnight := time.Date(mockNow.Year(), mockNow.Month(), mockNow.Day()+1, 0, 0, 0, 0, mockNow.Location())
	a := f.Activities[record.ActivityID(swimming.ID)]
	a.Starts, a.Ends = midnight.Add(-4*time.Hour), midnight.Add(2*time.Hour)
	f.Activities = map[record.ActivityID]record.Activity{a.ID: a}
	h := newHand(t)
	h.Hours = Hours{} // no night
	for after, want := range map[time.Duration]bool{10 * time.Minute: true, 119 * time.Minute: true, 121 * time.Minute: false} {
		now := midnight.Add(after)
		h.send(Tick{now}, BoardChanged{board.Project(board.Input{Facts: f, Now: now, Fresh: true, Contact: now})})
		require.Equal(t, want, h.frame().Find(Open{swimming}) != nil, "%v", after)
	}
}

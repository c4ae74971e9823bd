package ui

import (
	"image"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
	"tavle/sync/record"
)

// changed returns the mockup's board after a change of its facts.
func changed(edit func(*record.Facts)) *board.Board {
	f := mockFacts()
	edit(f)
	return board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})
}

// places returns where each meaning of a kind stands.
func places[T render.Meaning](f *render.Frame) map[render.Meaning]image.Rectangle {
	out := map[render.Meaning]image.Rectangle{}
	for _, t := range f.Targets {
		if _, ok := t.Means.(T); ok {
			out[t.Means] = t.Rect
		}
	}
	return out
}

// while somebody is there, nobody's picture moves, whoever comes or goes;
// who is hidden is gone at once and leaves a gap. When they have left, all is in
// order again.
func TestPicturesStandStill(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	before := places[Pick](h.frame())
	h.send(BoardChanged{changed(func(f *record.Facts) {
		delete(f.People, "amina")
		f.People["abel"] = mockPerson("Abel", record.Resident) // the first, by name
	})})
	after := places[Pick](h.frame())
	require.Len(t, after, len(before)-1)
	for m, r := range after {
		require.Equal(t, before[m], r, "%v", m)
	}
	require.NotContains(t, h.words(), "Amina")
	require.NotContains(t, h.words(), "Abel", "who comes, comes when they have left")
	h.pass(2 * time.Minute)
	require.Equal(t, []Place{Home{}}, h.Stack)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	require.NotNil(t, h.frame().Find(Pick{swimming, "abel"}))
}

// nor do the rows of what happens, when one is earlier, is new, or is over.
func TestRowsStandStill(t *testing.T) {
	for _, p := range []Place{Home{}, Activities{}} {
		h := &hand{t: t, Model: mockModel(large, p)}
		h.send(TouchDown{}, TouchUp{})
		before := places[Open](h.frame())
		h.send(BoardChanged{changed(func(f *record.Facts) {
			a := f.Activities["a2"] // swimming, now before everything else
			a.Starts = mockNow.Add(time.Minute)
			f.Activities["a2"] = a
			a.ID = "new"
			f.Activities["new"] = a
			delete(f.Activities, "a3")
		})})
		f := h.frame()
		after := places[Open](f)
		require.Contains(t, after, Open{swimming}, "%T", p)
		for m, r := range after {
			require.Equal(t, before[m], r, "%T %v", p, m)
		}
		require.Contains(t, f.Find(Open{swimming}).Label, "10.25", "what it says is new")
		h.send(BoardChanged{boardWith()})
		for range 40 * 6 { // a new row would be next, were nobody there
			h.pass(10 * time.Second)
			h.send(TouchDown{}, TouchUp{})
		}
		later := places[Open](h.frame())
		require.Len(t, later, len(before))
		for m, r := range later {
			require.Equal(t, before[m], r, "%T %v", p, m)
		}
	}
}

// somebody who is back on the first page stands there still for a while;
// then the rows are as they are.
func TestRowsMoveWhenNobodyIsThere(t *testing.T) {
	h := newHand(t)
	h.send(TouchDown{}, TouchUp{})
	h.send(BoardChanged{changed(func(f *record.Facts) { delete(f.Activities, "a2") })})
	h.pass(time.Second)
	gap := h.frame()
	require.Equal(t, h.Last.Add(leftHome), gap.NextAt)
	h.pass(leftHome)
	require.NotEqual(t, places[Open](gap), places[Open](h.frame()))
}

// a finger that strays means nothing, also where everything under it
// is one target.
func TestStrayingCancels(t *testing.T) {
	h := newHand(t)
	h.send(TouchDown{Means: Open{swimming}, Ready: true}, TouchMove{Means: Open{swimming}, Far: true}, TouchUp{Means: Open{swimming}})
	require.Equal(t, Home{}, h.place())
}

// where a time to hold is set, a finger that brushes against something means
// nothing, and one that rests there long enough does, when it is lifted.
func TestHoldTime(t *testing.T) {
	for _, hold := range []time.Duration{0, 500 * time.Millisecond, 2 * time.Second} {
		h := newHand(t)
		h.send(Eased{Ease{Hold: hold}})
		if hold > 0 {
			h.send(TouchDown{Means: Open{swimming}, Ready: true})
			h.pass(hold - time.Millisecond)
			h.send(TouchUp{Means: Open{swimming}})
			require.Equal(t, Home{}, h.place())
		}
		h.send(TouchDown{Means: Open{swimming}, Ready: true})
		h.pass(hold)
		require.Equal(t, Home{}, h.place(), "not before it is lifted")
		h.send(TouchUp{Means: Open{swimming}})
		require.Equal(t, Activity{swimming}, h.place(), "%v", hold)
	}
}

// how soon the same again is a tremor can be set, from never to a second.
func TestRepeatBlock(t *testing.T) {
	taps := func(repeat, pause time.Duration) int {
		h := &hand{t: t, Model: mockModel(large, Activity{swimming})}
		h.send(Eased{Ease{Repeat: repeat}})
		n := 0
		for range 3 {
			before := len(h.Stack)
			h.send(TouchDown{Means: Join{swimming}, Ready: true}, TouchUp{Means: Join{swimming}})
			if len(h.Stack) != before {
				n++
			}
			h.pass(pause)
		}
		return n
	}
	require.Equal(t, 3, taps(0, 10*time.Millisecond))
	require.Equal(t, 1, taps(time.Second, 990*time.Millisecond))
	require.Equal(t, 3, taps(time.Second, time.Second))
	require.Equal(t, 500*time.Millisecond, newHand(t).Ease.Repeat, "unless something else is set")
}

// with an elbow on the glass the next finger counts, when the elbow has
// rested longer than anybody touches; before that the first wins, whatever comes.
func TestManyHandsOneWins(t *testing.T) {
	h := newHand(t)
	h.send(TouchDown{Contact: 1, Means: Open{swimming}, Ready: true})
	for n := 2; n < 10; n++ {
		h.send(TouchDown{Contact: n, Means: Go{Meals{}}, Ready: true}, TouchMove{Contact: n}, TouchUp{Contact: n, Means: Go{Meals{}}})
	}
	require.Equal(t, Home{}, h.place())
	h.pass(5 * time.Second)
	h.send(TouchDown{Contact: 10, Means: Go{People{}}, Ready: true}, TouchUp{Contact: 1, Means: Open{swimming}}, TouchUp{Contact: 10, Means: Go{People{}}})
	require.Equal(t, People{}, h.place())
}

// the very next frame shows a frame of at least 3 mm around what is pressed,
// whatever it is, and nothing when the finger is off it.
func TestPressedIsSeenAtOnce(t *testing.T) {
	for _, panel := range []Panel{{Size: large, MM: image.Pt(952, 535)}, {Size: image.Pt(800, 480), MM: image.Pt(152, 91)}} {
		for name, m := range mockScreens(panel.Size) {
			m.Panel = panel
			f := View(m, testKit)
			for _, row := range Rows(f) {
				for _, tg := range row {
					at := center(tg)
					if f.At(at) != tg {
						continue
					}
					m, _ := Update(m, Tick{m.Now.Add(time.Second)})
					m, _ = Update(m, TouchDown{Means: tg.Means, At: at, Ready: true})
					pressed := View(m, testKit)
					under := pressed.At(at)
					if under == nil || under.Means != tg.Means {
						continue // what a finger stops by itself, such as the voice
					}
					i := slices.IndexFunc(pressed.Ops, func(o render.Op) bool {
						return o.Border > 0 && under.Drawn.In(o.Rect.Inset(-1)) && o.Edge == m.Theme.Ink &&
							float64(o.Border)*float64(panel.MM.X)/float64(panel.Size.X) >= 3
					})
					require.Positive(t, i, "%s %v", name, tg.Label)
					m, _ = Update(m, TouchMove{})
					require.Less(t, len(View(m, testKit).Ops), len(pressed.Ops), name)
				}
			}
		}
	}
}

// a touch on nothing is noticed too: a soft ring, for a quarter of a second.
func TestTouchOnNothingLeavesARing(t *testing.T) {
	h := newHand(t)
	before := h.frame()
	at := image.Pt(700, 60)
	h.send(TouchDown{At: at})
	f := h.frame()
	d := render.Damage(before, f)
	require.NotEmpty(t, d)
	for _, r := range d {
		require.True(t, r.In(image.Rectangle{Min: at, Max: at}.Inset(-49)), "%v", r)
	}
	require.Equal(t, h.Now.Add(240*time.Millisecond), f.NextAt)
	h.pass(240 * time.Millisecond)
	require.Empty(t, render.Damage(before, h.frame()))
}

// whatever was done at the wall can be undone for ten seconds, with one
// button of at least 30 mm.
func TestUndoStaysTenSeconds(t *testing.T) {
	h := newHand(t)
	h.send(Resized{Panel{Size: large, MM: image.Pt(952, 535)}})
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.send(TouchDown{Means: Pick{swimming, "karen"}, Ready: true}, TouchUp{Means: Pick{swimming, "karen"}})
	h.Board = boardWith(board.Done{On: swimming, Who: "karen"})
	undo := func(m render.Meaning) {
		t.Helper()
		for range 9 {
			h.pass(time.Second)
			tg := h.sees(m)
			require.GreaterOrEqual(t, min(tg.Rect.Dx(), tg.Rect.Dy())*952/1920, 30, "%T", m)
		}
		h.pass(900 * time.Millisecond)
		h.sees(m)
	}
	undo(Undo{swimming, "karen"})
	h.tap(Undo{swimming, "karen"})
	h.Board = boardWith()
	h.pass(-time.Second)
	undo(Rejoin{On: swimming, Who: "karen"})
}

// joining is the activity, what one wants, and one's own picture.
func TestJoiningIsShort(t *testing.T) {
	h := newHand(t)
	require.NotNil(t, h.frame().Find(Open{swimming}), "on the first page")
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.tap(Pick{swimming, "karen"})
	require.Len(t, h.effects, 1)
	require.IsType(t, Confirm{}, h.Over, "nothing more is asked")
}

// somebody's own time to hold and their switches are the wall's
// while it knows them, and no longer.
func TestHandsAreTheirOwn(t *testing.T) {
	h := newHand(t)
	b := *h.Board
	b.People = slices.Clone(b.People)
	for i := range b.People {
		if b.People[i].ID == "karen" {
			b.People[i].Preset = board.Preset{Hold: time.Second, Scanning: "two_switch"}
		}
	}
	h.send(BoardChanged{&b}, Identified{"karen"})
	require.Equal(t, time.Second, h.ease().Hold)
	require.Equal(t, TwoSwitches, h.ease().Switches)
	h.send(TouchDown{Means: Finish{}, Ready: true}, TouchUp{Means: Finish{}})
	require.Equal(t, board.PersonID("karen"), h.Self, "a brush")
	h.send(TouchDown{Means: Finish{}, Ready: true})
	h.pass(time.Second)
	h.send(TouchUp{Means: Finish{}})
	require.Empty(t, h.Self)
	require.Equal(t, h.Ease, h.ease())
}

// what is in More stands still likewise: proposals, groups and what can be
// booked. What somebody has just proposed here is seen.
func TestListsUnderMoreStandStill(t *testing.T) {
	for name, p := range map[string]Place{"proposals": Meeting{On: talks}, "groups": Groups{}, "bookings": Bookings{}, "meetings": Meetings{}} {
		h := togetherHand(t, p)
		h.send(TouchDown{}, TouchUp{})
		before := h.frame()
		h.send(BoardChanged{togetherBoard(func(in *board.Input) {
			delete(in.Facts.Proposals, "q1")
			in.Facts.Groups["h0"] = record.Group{ID: "h0", Title: da("Avisen")}
			in.Facts.Resources["r0"] = record.Resource{ID: "r0", Title: da("Bilen")}
			in.Facts.Meetings["g0"] = record.Meeting{ID: "g0", Title: da("Møde før"), Starts: at(24, 15, 0), Ends: at(24, 16, 0)}
		})})
		after := h.frame()
		for _, tg := range after.Targets {
			if tg.Means == nil {
				continue
			}
			was := before.Find(tg.Means)
			require.NotNil(t, was, "%s: %#v is new", name, tg.Means)
			require.Equal(t, was.Rect, after.Find(tg.Means).Rect, "%s: %#v", name, tg.Means)
		}
	}
}

package ui

import (
	"fmt"
	"image"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
	"tavle/sync/record"
)

var large = image.Pt(1920, 1080)

// hand plays a finger on the frames of a model, as the player does: what it
// touches is looked up on the frame that was shown.
type hand struct {
	t *testing.T
	Model
	effects []Effect
}

func newHand(t *testing.T) *hand { return &hand{t: t, Model: mockModel(large, Home{})} }

func (h *hand) send(msgs ...Msg) {
	for _, msg := range msgs {
		var eff []Effect
		h.Model, eff = Update(h.Model, msg)
		h.effects = append(h.effects, eff...)
	}
}

func (h *hand) frame() *render.Frame { return View(h.Model, testKit) }

// sees returns the target that means m, which has to be there.
func (h *hand) sees(m render.Meaning) *render.Target {
	h.t.Helper()
	tg := h.frame().Find(m)
	require.NotNil(h.t, tg, "nothing means %#v", m)
	return tg
}

// tap touches what means m, and lets a second pass.
func (h *hand) tap(m render.Meaning) {
	h.t.Helper()
	h.sees(m)
	h.send(TouchDown{Means: m, Ready: true}, TouchUp{Means: m})
	h.pass(time.Second)
}

func (h *hand) pass(d time.Duration) { h.send(Tick{h.Now.Add(d)}) }

func (h *hand) words() string { return fmt.Sprint(h.frame().Texts()) }

// three touches from home to being signed up.
func TestThreeTouchesSignUp(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.tap(Pick{swimming, "karen"})
	require.Equal(t, []Effect{SignUp{On: swimming, Who: "karen"}}, h.effects)
	require.Equal(t, Confirm{On: swimming, Who: "karen", Since: mockNow.Add(2 * time.Second).UnixMilli()}, h.Over)
	require.Equal(t, Activity{swimming}, h.place(), "back where one came from")
}

// it can be undone for ten seconds, and the undoing too.
func TestUndoAndRejoin(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.tap(Pick{swimming, "karen"})
	h.Board = boardWith(board.Done{On: swimming, Who: "karen"})
	h.pass(8 * time.Second)
	h.tap(Undo{swimming, "karen"})
	require.Equal(t, SignOff{swimming, "karen"}, h.effects[1])
	require.Contains(t, h.words(), "Karen er meldt fra")
	h.Board = boardWith()
	h.pass(7 * time.Second)
	h.tap(Rejoin{On: swimming, Who: "karen"})
	require.Equal(t, SignUp{On: swimming, Who: "karen"}, h.effects[2])
}

func boardWith(done ...board.Done) *board.Board {
	return board.Project(board.Input{Facts: mockFacts(), Now: mockNow, Fresh: true, Contact: mockNow, Done: done})
}

// Touching one's own picture on a list one is on asks first.
func TestLeavingIsAsked(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.tap(Pick{swimming, "ali"})
	require.Empty(t, h.effects)
	require.IsType(t, AskLeave{}, h.Over)
	h.tap(Close{})
	require.Empty(t, h.effects)
	h.tap(Pick{swimming, "ali"})
	h.tap(Leave{swimming, "ali"})
	require.Equal(t, []Effect{SignOff{swimming, "ali"}}, h.effects)
}

// without returns the board as if a person had never been sent.
func without(who record.PersonID) *board.Board {
	f := mockFacts()
	delete(f.People, who)
	return board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})
}

// Property 1: nobody is signed up whose button was not under the finger.
func TestPersonHiddenUnderFinger(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	at := center(h.sees(Pick{swimming, "amina"}))
	h.send(TouchDown{Means: h.frame().At(at).Means, Ready: true})
	h.send(BoardChanged{without("amina")})
	require.Nil(t, h.frame().At(at), "nobody else stands there (A-15)")
	h.send(TouchUp{})
	require.Empty(t, h.effects)
	require.Nil(t, h.Over)
}

// The finger goes down when the change is here but not yet on the glass: what
// the eye saw was the frame before.
func TestChangedBeforeDownIsSeen(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	shown := h.frame()
	at := center(h.sees(Pick{swimming, "amina"}))
	h.send(BoardChanged{without("amina")})
	h.send(TouchDown{Means: shown.At(at).Means, Ready: true}, TouchUp{Means: shown.At(at).Means})
	require.Empty(t, h.effects)
}

func center(t *render.Target) image.Point {
	return t.Rect.Min.Add(t.Rect.Size().Div(2))
}

// lifting acts, sliding off cancels, coming back does not.
func TestSlidingOffCancels(t *testing.T) {
	h := newHand(t)
	h.send(TouchDown{Means: Open{swimming}, Ready: true}, TouchMove{Means: Go{Meals{}}})
	require.True(t, h.Hand.Off)
	h.send(TouchUp{Means: Go{Meals{}}})
	require.Equal(t, Home{}, h.place())

	h.send(TouchDown{Means: Open{swimming}, Ready: true}, TouchMove{Means: nil}, TouchMove{Means: Open{swimming}}, TouchUp{Means: Open{swimming}})
	require.Equal(t, Activity{swimming}, h.place(), "back on it before lifting")
}

// the first finger wins; a palm beside it changes nothing.
func TestFirstContactWins(t *testing.T) {
	h := newHand(t)
	h.send(
		TouchDown{Contact: 1, Means: Open{swimming}, Ready: true},
		TouchDown{Contact: 2, Means: Go{Meals{}}, Ready: true},
		TouchUp{Contact: 2, Means: Go{Meals{}}},
	)
	require.Equal(t, Home{}, h.place())
	h.send(TouchUp{Contact: 1, Means: Open{swimming}})
	require.Equal(t, Activity{swimming}, h.place())
}

// the same target again within a moment is a tremor, for as long as it
// goes on.
func TestTremorActsOnce(t *testing.T) {
	h := newHand(t)
	for range 5 {
		h.send(TouchDown{Means: Open{swimming}, Ready: true}, TouchUp{Means: Open{swimming}})
		h.pass(300 * time.Millisecond)
	}
	require.Len(t, h.Stack, 2)
}

// A dialog is deaf at first: a double tap on "I want to join" must not
// press "Done", nor one on a face "Undo".
func TestDialogIsDeafAtFirst(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.send(TouchDown{Means: Pick{swimming, "karen"}, Ready: true}, TouchUp{Means: Pick{swimming, "karen"}})
	h.Board = boardWith(board.Done{On: swimming, Who: "karen"})
	h.pass(500 * time.Millisecond)
	h.send(TouchDown{Means: Undo{swimming, "karen"}, Ready: true}, TouchUp{Means: Undo{swimming, "karen"}})
	require.Len(t, h.effects, 1)
	require.NotNil(t, h.Over)
	h.pass(200 * time.Millisecond)
	h.send(TouchDown{Means: Close{}, Ready: true}, TouchUp{Means: Close{}})
	require.Nil(t, h.Over)
}

// What appeared under the finger a moment ago was not meant.
func TestUnsettledTargetIsNotTouched(t *testing.T) {
	h := newHand(t)
	h.send(TouchDown{Means: Open{swimming}}, TouchUp{Means: Open{swimming}})
	require.Equal(t, Home{}, h.place())
}

func TestLeaningIsNotTouching(t *testing.T) {
	h := newHand(t)
	h.send(TouchDown{Means: Open{swimming}, Ready: true})
	h.pass(5 * time.Second)
	h.send(TouchUp{Means: Open{swimming}})
	require.Equal(t, Home{}, h.place())
}

// whoever needs a touch to last as long as can be chosen can do everything,
// however long they take to let go.
func TestLongHoldIsNotLeaning(t *testing.T) {
	for held, acts := range map[time.Duration]bool{
		4900 * time.Millisecond: false, 5 * time.Second: true, 6 * time.Second: true, 8 * time.Second: true, 10 * time.Second: false,
	} {
		h := newHand(t)
		h.Manner.Hold = 5 * time.Second
		h.send(TouchDown{Means: Open{swimming}, Ready: true})
		h.pass(held)
		h.send(TouchDown{Contact: 1, Means: Go{To: Meals{}}, Ready: true}) // the other hand
		h.send(TouchUp{Means: Open{swimming}})
		require.Equal(t, acts, h.place() == Activity{swimming}, held)
	}
}

func TestUnpluggedPanelLetsGo(t *testing.T) {
	h := newHand(t)
	h.send(TouchDown{Contact: 7, Means: Open{swimming}, Ready: true}, TouchGone{Contact: 7})
	require.Nil(t, h.Hand.Means)
	h.send(TouchDown{Contact: 8, Means: Open{swimming}, Ready: true}, TouchUp{Contact: 8, Means: Open{swimming}})
	require.Equal(t, Activity{swimming}, h.place())
}

// warned at 60 s, home at 80 s, any touch stays.
func TestIdleReturn(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.pass(58 * time.Second)
	require.NotContains(t, h.words(), "Siden lukker")
	h.pass(time.Second)
	require.Contains(t, h.words(), "Siden lukker om 20 sekunder")
	h.tap(Stay{})
	require.NotContains(t, h.words(), "Siden lukker")
	h.pass(61 * time.Second)
	require.Contains(t, h.words(), "Siden lukker")
	h.pass(20 * time.Second)
	require.Equal(t, []Place{Home{}}, h.Stack)
}

func TestConfirmClosesByItself(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.tap(Pick{swimming, "karen"})
	h.Board = boardWith(board.Done{On: swimming, Who: "karen"})
	h.pass(10 * time.Second)
	require.NotNil(t, h.Over, "at least ten seconds to undo (A-19)")
	h.pass(2 * time.Second)
	require.Nil(t, h.Over)
	require.Len(t, h.effects, 1, "silence is consent")
}

// What vanishes closes what showed it; what stays keeps its place.
func TestBoardChangeKeepsThePlace(t *testing.T) {
	h := newHand(t)
	h.tap(Go{Activities{}})
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.send(BoardChanged{without("karen")})
	require.Equal(t, Who{On: swimming}, h.place())

	f := mockFacts()
	delete(f.Activities, "a2")
	h.send(BoardChanged{board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true})})
	require.Equal(t, []Place{Home{}, Activities{}}, h.Stack)
}

// V-20: when the lease runs out nobody is asked who they are.
func TestMaskedAsksNobody(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.send(BoardChanged{board.Project(board.Input{Facts: mockFacts(), Now: mockNow, Contact: mockNow})})
	require.Equal(t, Activity{swimming}, h.place())
	require.Nil(t, h.frame().Find(Join{swimming}))
	for _, who := range []string{"Karen", "Mette", "Solsikke"} {
		require.NotContains(t, h.words(), who)
	}
}

func TestClosedDoorSaysWhy(t *testing.T) {
	f := mockFacts()
	a := f.Activities["a2"]
	for _, c := range []struct {
		name string
		edit func(*record.Activity)
		want string
		can  bool
	}{
		{"open", func(*record.Activity) {}, "Jeg vil med", true},
		{"full", func(a *record.Activity) { a.Left = record.PlacesNone }, "Skriv mig på venteliste", true},
		{"past the deadline", func(a *record.Activity) { a.Deadline = mockNow }, "Tilmelding er lukket", false},
		{"cancelled", func(a *record.Activity) { a.Status = record.Cancelled }, "Aflyst", false},
	} {
		b := a
		c.edit(&b)
		f.Activities["a2"] = b
		h := &hand{t: t, Model: mockModel(large, Activity{swimming})}
		h.send(BoardChanged{board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true})})
		require.Contains(t, h.words(), c.want, c.name)
		require.Equal(t, c.can, h.frame().Find(Join{swimming}) != nil, c.name)
	}
}

// The words follow what the hub says while the dialog is open.
func TestConfirmTellsTheTruth(t *testing.T) {
	h := newHand(t)
	h.Over = Confirm{On: swimming, Who: "karen", Since: h.Now.UnixMilli()}
	h.Board = boardWith(board.Done{On: swimming, Who: "karen"})
	require.Contains(t, h.words(), "Du er med,")
	h.Link = Link{DownSince: mockNow.Add(-time.Hour)}
	require.Contains(t, h.words(), "Vi sender det, når der er net.")
	h.Link = Link{Live: true}
	h.Board = boardWith(board.Done{On: swimming, Who: "karen", Answered: true, Waitlist: true, Rev: 9})
	require.Contains(t, h.words(), "venteliste")
	h.Board = boardWith(board.Done{On: swimming, Who: "karen", Answered: true, Refused: true, Rev: 9})
	require.Contains(t, h.words(), "Spørg en medarbejder.")
}

func TestOfflineIsSaidAfterAMinute(t *testing.T) {
	h := newHand(t)
	h.send(LinkChanged{Link{DownSince: h.Now}})
	require.NotContains(t, h.words(), "Uden net")
	h.pass(time.Minute)
	require.Contains(t, h.words(), "Uden net")
	h.tap(Explain{})
	require.Contains(t, h.words(), "Tavlen er uden net lige nu")
	h.send(LinkChanged{Link{Live: true}})
	h.tap(Close{})
	require.NotContains(t, h.words(), "Uden net")
}

func TestEveryMeaningCanBeCompared(t *testing.T) {
	for _, m := range Meanings {
		require.True(t, reflect.TypeOf(m).Comparable(), "%T", m)
	}
}

// every page that has a target leads on or back; nothing is a dead end.
func TestEveryPageLeadsHome(t *testing.T) {
	for _, size := range []image.Point{{X: 1920, Y: 1080}, {X: 1080, Y: 1920}, {X: 800, Y: 480}} {
		for name, m := range mockScreens(size) {
			if m.Board == nil || m.Paused {
				continue
			}
			f := View(m, testKit)
			home := f.Find(Go{Home{}}) != nil
			closes := f.Find(Close{}) != nil || f.Find(Finish{}) != nil
			require.True(t, home || closes, "%v %s", size, name)
		}
	}
}

// Random fingers, pushes and cuts: no page is empty, every effect is of
// somebody whose own target was under the finger.
func TestRandomFingers(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	h := newHand(t)
	boards := []*board.Board{
		boardWith(), without("karen"), without("ali"),
		board.Project(board.Input{Facts: mockFacts(), Now: mockNow, Contact: mockNow}),
	}
	for range 3000 {
		switch r.IntN(12) {
		case 0:
			h.send(BoardChanged{boards[r.IntN(len(boards))]})
		case 1:
			h.send(LinkChanged{Link{Live: r.IntN(2) == 0, DownSince: h.Now}})
		case 2:
			h.pass(time.Duration(r.IntN(90)) * time.Second)
		default:
			f := h.frame()
			require.NotEmpty(t, f.Ops)
			require.NotEmpty(t, f.Targets)
			p := image.Pt(r.IntN(large.X), r.IntN(large.Y))
			if r.IntN(3) > 0 {
				p = center(&f.Targets[r.IntN(len(f.Targets))])
			}
			var means render.Meaning
			if tg := f.At(p); tg != nil {
				means = tg.Means
			}
			n := len(h.effects)
			h.send(TouchDown{Means: means, Ready: true}, TouchUp{Means: means})
			for _, e := range h.effects[n:] {
				who := map[bool]board.PersonID{}
				switch m := means.(type) {
				case Pick:
					who[true] = m.Who
				case Undo:
					who[true] = m.Who
				case Leave:
					who[true] = m.Who
				case Rejoin:
					who[true] = m.Who
				case PickPlate:
					who[true] = m.Who
				}
				switch e := e.(type) {
				case SignUp:
					require.Equal(t, who[true], e.Who)
				case SignOff:
					require.Equal(t, who[true], e.Who)
				}
			}
			h.pass(time.Duration(r.IntN(1500)) * time.Millisecond)
		}
		require.NotEmpty(t, h.Stack)
	}
}

// An idle wall draws nothing: without a touch the model is the same until the
// minute is over.
func TestIdleWallSleepsUntilTheMinute(t *testing.T) {
	h := newHand(t)
	require.Equal(t, h.Now.Truncate(time.Minute).Add(time.Minute), h.frame().NextAt)
	require.Nil(t, render.Damage(h.frame(), h.frame()), "the same model makes the same frame")
	before := h.frame()
	h.pass(time.Minute)
	d := render.Damage(before, h.frame())
	require.NotEmpty(t, d)
	area := 0
	for _, r := range d {
		area += r.Dx() * r.Dy()
	}
	require.Less(t, area, large.X*large.Y/4, "the clock, the knob and a chip")
}

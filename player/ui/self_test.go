package ui

import (
	"image"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/motion"
	"tavle/sync/record"
)

// peopleWith returns the house of the pictures with somebody's row changed.
func peopleWith(who record.PersonID, edit func(*record.Person)) *board.Board {
	f := mockFacts()
	p := f.People[who]
	edit(&p)
	f.People[who] = p
	return board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})
}

func coded(p *record.Person) { p.Code = record.NewPictureCode(make([]byte, 16), [3]int8{0, 4, 4}) }

// own goes to somebody's page on the way everybody takes, where they have no code.
func (h *hand) own(who board.PersonID) {
	h.t.Helper()
	h.tap(Go{More{}})
	h.tap(Enter{People{}})
	for page := 0; h.frame().Find(Enter{Someone{who}}) == nil; page++ {
		h.tap(Turn{People{page + 1}})
	}
	h.tap(Enter{Someone{who}})
	h.tap(OpenOwn{who})
}

// one's own picture is enough, nothing has to be remembered; whoever is
// known is seen on every page, with the way to be nobody again.
func TestOwnPictureIsEnough(t *testing.T) {
	for _, size := range []image.Point{{X: 1920, Y: 1080}, {X: 1080, Y: 1920}, {X: 800, Y: 480}} {
		h := &hand{t: t, Model: mockModel(size, Home{})}
		h.own("karen")
		require.Equal(t, Own{Who: "karen"}, h.place())
		require.Equal(t, board.PersonID("karen"), h.Self)
		for _, p := range []Place{Home{}, Activities{}, Meals{}, Roster{}, More{}} {
			h.tap(Go{p})
			require.NotNil(t, h.frame().Find(Finish{}), "%v %T", size, p)
		}
		h.tap(Finish{})
		require.Empty(t, h.Self)
		require.Equal(t, []Place{Home{}}, h.Stack)
		require.Nil(t, h.frame().Find(Finish{}))
		require.Empty(t, h.effects)
	}
}

// three pictures of twelve, always at the same places, wherever the person
// is; what was touched is not shown, and the third asks.
func TestPictureCode(t *testing.T) {
	h := newHand(t)
	h.send(BoardChanged{peopleWith("karen", coded)})
	h.own("karen")
	require.Equal(t, Code{Who: "karen"}, h.place())
	require.Empty(t, h.Self)
	rects := map[int]image.Rectangle{}
	for i := range board.CodePictures {
		rects[i] = h.sees(CodePicture{int8(i)}).Rect
	}
	h.tap(CodePicture{0})
	h.tap(CodePicture{9})
	h.tap(Unpick{})
	h.tap(CodePicture{4})
	for i, r := range rects {
		require.Equal(t, r, h.sees(CodePicture{int8(i)}).Rect, "nothing moves")
	}
	h.tap(CodePicture{4})
	require.Equal(t, []Effect{CheckCode{"karen", [3]int8{0, 4, 4}}}, h.effects)
	require.Equal(t, Code{Who: "karen", N: 3}, h.place(), "they do not stay in memory")
	require.Nil(t, h.Acts.Means)
	h.send(Identified{"karen"})
	require.Equal(t, Own{Who: "karen"}, h.place())
	h.send(BackPressed{})
	require.Equal(t, Someone{"karen"}, h.place(), "the pictures are not left behind")
}

// five wrong tries, then the staff are asked, for five minutes; others are
// not kept waiting, and the right pictures forgive what went before.
func TestWrongCodeLocksForFiveMinutes(t *testing.T) {
	h := newHand(t)
	h.send(BoardChanged{peopleWith("karen", coded)})
	h.own("karen")
	wrong := func() {
		h.tap(CodePicture{1})
		h.tap(CodePicture{2})
		h.tap(CodePicture{3})
		h.send(CodeWrong{"karen"})
		h.pass(time.Second)
	}
	for range 4 {
		wrong()
		require.Contains(t, h.words(), "Prøv igen")
	}
	h.send(Identified{"karen"})
	require.Empty(t, h.Locks)
	h.tap(Finish{})
	h.own("karen")
	for range 5 {
		wrong()
	}
	require.Contains(t, h.words(), "Spørg personalet")
	require.Nil(t, h.frame().Find(CodePicture{0}))
	n := len(h.effects)
	h.send(TouchDown{Means: CodePicture{0}, Ready: true}, TouchUp{Means: CodePicture{0}})
	require.Len(t, h.effects, n)
	h.tap(Go{Home{}})
	h.own("amina")
	require.Equal(t, board.PersonID("amina"), h.Self)
	h.tap(Finish{})
	h.pass(5 * time.Minute)
	h.own("karen")
	require.NotContains(t, h.words(), "Spørg personalet")
}

// Whoever is not on the wall, or may not act there, is not believed to be there;
// who vanishes is not known any more.
func TestOnlyWhoIsShownIsKnown(t *testing.T) {
	h := newHand(t)
	h.send(Identified{"nobody"}, Identified{"mette"})
	require.Empty(t, h.Self)
	h.send(Identified{"karen"})
	require.Equal(t, board.PersonID("karen"), h.Self)
	h.send(BoardChanged{without("karen")})
	require.Empty(t, h.Self)
	require.Equal(t, []Place{Home{}}, h.Stack)
	h.send(BoardChanged{boardWith()}, Identified{"karen"})
	h.send(BoardChanged{board.Project(board.Input{Facts: mockFacts(), Now: mockNow, Contact: mockNow})})
	require.Empty(t, h.Self, "V-20")
}

// A tag answers the question who wants to join.
func TestTagAnswersWho(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.send(Identified{"karen"})
	require.Equal(t, []Effect{SignUp{On: swimming, Who: "karen"}}, h.effects)
	h.send(Identified{"amina"})
	require.Equal(t, board.PersonID("amina"), h.Self, "another stands there")
}

// how somebody wants the wall to be holds while they are known, and no
// longer.
func TestPresetHoldsWhileSomebodyIsKnown(t *testing.T) {
	h := newHand(t)
	h.send(BoardChanged{peopleWith("karen", func(p *record.Person) {
		p.Preset = record.Preset{Lang: "nb", Text: "extra_large", Contrast: "dark", Still: true, Hold: 800 * time.Millisecond}
	})})
	h.send(Identified{"karen"})
	require.Equal(t, "nb", h.lang())
	require.Equal(t, look.TextLargest, h.letters())
	require.Same(t, &look.ContrastDark, h.Colours())
	require.Equal(t, motion.Reduced, h.Style(motion.Tab))
	h.send(TouchDown{Means: Go{Home{}}, Ready: true}, TouchUp{Means: Go{Home{}}})
	require.NotEqual(t, Home{}, h.place(), "a touch has to last")
	h.send(TouchDown{Means: Finish{}, Ready: true})
	h.pass(900 * time.Millisecond)
	h.send(TouchUp{Means: Finish{}})
	require.Equal(t, Manner{}, h.Manner)
	require.Equal(t, "da", h.lang())
	require.Same(t, &look.Day, h.Colours())
}

// how long nobody need touch it, before the wall says that it
// goes and until it has: whoever is nobody, somebody who is known, and a page that
// is theirs alone.
func TestStaysAreAsLongAsAgreed(t *testing.T) {
	for _, c := range []struct {
		name      string
		make      func(*hand)
		warn, end time.Duration
	}{
		{"browsing", func(h *hand) { h.tap(Open{swimming}) }, 60 * time.Second, 80 * time.Second},
		{"known", func(h *hand) { h.send(Identified{"karen"}); h.tap(Go{Home{}}); h.tap(Go{Activities{}}) }, 30 * time.Second, 50 * time.Second},
		{"known at home", func(h *hand) { h.send(Identified{"karen"}); h.tap(Go{Home{}}) }, 30 * time.Second, 50 * time.Second},
		{"private", func(h *hand) { h.send(Identified{"karen"}) }, 20 * time.Second, 40 * time.Second},
		{"a dialog", func(h *hand) { h.Over = Offline{} }, 60 * time.Second, 80 * time.Second},
	} {
		h := newHand(t)
		c.make(h)
		stack, over, self := slices.Clone(h.Stack), h.Over, h.Self
		touched := h.Last
		for at := touched; at.Before(touched.Add(c.end)); at = at.Add(time.Second) {
			h.send(Tick{at})
			warned := h.frame().Find(Stay{}) != nil
			require.Equal(t, at.Sub(touched) >= c.warn, warned, "%s after %v", c.name, at.Sub(touched))
			if warned {
				require.False(t, h.frame().NextAt.After(at.Add(time.Second)), "%s counts down", c.name)
			}
			require.Equal(t, stack, h.Stack)
			require.Equal(t, over, h.Over)
			require.Equal(t, self, h.Self)
		}
		h.send(Tick{touched.Add(c.end)})
		require.Equal(t, []Place{Home{}}, h.Stack, c.name)
		require.Empty(t, h.Self, c.name)
		require.Nil(t, h.Over, c.name)
		require.Nil(t, h.frame().Find(Stay{}), c.name)
	}
}

// it can be put off as often as somebody likes, ten times and more, with
// everything where it was; the button is there over a dialog, too.
func TestStayCanBeExtended(t *testing.T) {
	h := newHand(t)
	h.send(Identified{"karen"})
	h.tap(Turn{Own{Who: "karen", Choices: true}})
	h.tap(TakeBack{board.ChoicePhoto})
	over := h.Over
	for range 12 {
		h.pass(38 * time.Second)
		h.tap(Stay{})
		require.Equal(t, over, h.Over)
		require.Equal(t, board.PersonID("karen"), h.Self)
	}
	require.Empty(t, h.effects)
}

// Other times may be agreed; the warning lasts as long.
func TestStaysMayBeOthers(t *testing.T) {
	h := newHand(t)
	h.Stays = Stays{Browsing: 200 * time.Second, Identified: 100 * time.Second, Private: 90 * time.Second, Warning: 40 * time.Second}
	h.tap(Open{swimming})
	h.pass(198 * time.Second)
	require.Nil(t, h.frame().Find(Stay{}))
	h.pass(2 * time.Second)
	require.NotNil(t, h.frame().Find(Stay{}))
	h.pass(38 * time.Second)
	require.Len(t, h.Stack, 2)
	h.pass(2 * time.Second)
	require.Len(t, h.Stack, 1)
}

// A begun is a page with something begun on it.
type begun struct {
	Who  board.PersonID
	Word string
}

func (begun) there(*board.Board) bool { return true }
func (begun) draw(c *canvas, _ Model) { c.page(); c.backBar() }
func (p begun) by() board.PersonID    { return p.Who }

// what somebody had begun when time ran out waits for them for five minutes,
// for nobody else, and is then forgotten; who says that they are done has nothing
// left behind.
func TestDraftWaitsForWhoBeganIt(t *testing.T) {
	at := func() *hand {
		h := newHand(t)
		h.send(Identified{"karen"})
		h.Stack = append(h.Stack, begun{"karen", "mere kaffe"})
		return h
	}
	h := at()
	h.pass(time.Minute)
	require.Empty(t, h.Self)
	h.send(Identified{"amina"})
	require.NotContains(t, h.Stack, begun{"karen", "mere kaffe"})

	h = at()
	h.pass(time.Minute)
	h.pass(4 * time.Minute)
	h.send(Identified{"karen"})
	require.Equal(t, begun{"karen", "mere kaffe"}, h.place())

	h = at()
	h.pass(time.Minute)
	h.pass(5*time.Minute + time.Second)
	require.Equal(t, Draft{}, h.Draft, "forgotten without anybody coming")
	h.send(Identified{"karen"})
	require.Equal(t, Own{Who: "karen"}, h.place())

	h = at()
	h.Model, _ = Finish{}.act(h.Model)
	require.Equal(t, Draft{}, h.Draft)
}

// The end wipes who it was, how the wall was for them and what they
// could undo.
func TestEndWipesEverythingOfTheirs(t *testing.T) {
	h := newHand(t)
	h.send(Identified{"jens"})
	h.tap(Unjoin{swimming})
	h.tap(Leave{swimming, "jens"})
	require.Equal(t, []Effect{SignOff{swimming, "jens"}}, h.effects)
	require.NotZero(t, h.Toast)
	h.tap(Finish{})
	require.Zero(t, h.Toast)
	require.Zero(t, h.Acts)
	require.Zero(t, h.Manner)
	require.NotContains(t, h.words(), "Jens er meldt fra")
}

// taking a choice back is asked about, says who can change it
// back, and can only tighten.
func TestTakingBackIsAsked(t *testing.T) {
	h := newHand(t)
	h.send(Identified{"karen"})
	h.tap(Turn{Own{Who: "karen", Choices: true}})
	h.tap(TakeBack{board.ChoicePhoto})
	require.Contains(t, h.words(), "En medarbejder kan ændre det")
	h.tap(Close{})
	require.Empty(t, h.effects)
	h.tap(TakeBack{board.ChoicePhoto})
	h.tap(TakeBackYes{"karen", board.ChoicePhoto})
	require.Equal(t, []Effect{Tighten{"karen", board.ChoicePhoto}}, h.effects)
	h.send(BoardChanged{boardWith(board.Done{Who: "karen", Takes: board.ChoicePhoto})})
	require.Nil(t, h.frame().Find(TakeBack{board.ChoicePhoto}), "nothing here gives it again")
	require.Contains(t, h.words(), "Mit billede vises ikke")

	h.tap(TakeBack{board.ChoiceShown})
	h.tap(TakeBackYes{"karen", board.ChoiceShown})
	require.Equal(t, Tighten{"karen", board.ChoiceShown}, h.effects[1])
	require.Empty(t, h.Self)
	h.send(BoardChanged{boardWith(board.Done{Who: "karen", Takes: board.ChoiceShown})})
	require.IsType(t, Vanished{}, h.Over)
	require.NotContains(t, h.words(), "Karen")
}

// A touch on a choice means nothing when another has come, or nobody is known.
func TestTakingBackIsForWhoIsKnown(t *testing.T) {
	h := newHand(t)
	for _, means := range []interface{ act(Model) (Model, []Effect) }{TakeBack{board.ChoicePhoto}, Unjoin{swimming}} {
		m, effects := means.act(h.Model)
		require.Nil(t, m.Over)
		require.Empty(t, effects)
	}
	h.send(Identified{"karen"})
	h.Over = AskTakeBack{"amina", board.ChoicePhoto, 0}
	m, effects := TakeBackYes{"amina", board.ChoicePhoto}.answer(h.Model)
	require.Empty(t, effects)
	require.NotNil(t, m.Over)
}

package ui

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
)

// key presses a key on the frame that is shown, as the player does, and lets a
// second pass.
func (h *hand) key(keys ...Key) {
	h.t.Helper()
	for _, k := range keys {
		h.hear(k)
		h.pass(time.Second)
	}
}

// hear presses a key and lets no time pass.
func (h *hand) hear(k Key) {
	msg := Hear(h.Model, h.frame(), k)
	if p, ok := msg.(Pressed); ok {
		p.Ready = true
		msg = p
	}
	if msg != nil {
		h.send(msg)
	}
	if msg := Land(h.Model, h.frame()); msg != nil {
		h.send(msg)
	}
}

// seek moves the focus to what means m with Tab alone.
func (h *hand) seek(m render.Meaning) {
	h.t.Helper()
	for range 2 * len(h.frame().Targets) {
		if h.Focus.On == m {
			return
		}
		h.key(KeyTab)
	}
	require.Failf(h.t, "out of reach", "%#v", m)
}

// a resident is signed up with keys alone.
func TestKeysSignUp(t *testing.T) {
	h := newHand(t)
	h.seek(Open{swimming})
	h.key(KeyEnter)
	h.seek(Join{swimming})
	h.key(KeyEnter)
	h.seek(Pick{swimming, "karen"})
	h.key(KeySpace)
	require.Equal(t, []Effect{SignUp{On: swimming, Who: "karen"}}, h.effects)
	h.Board = boardWith(board.Done{On: swimming, Who: "karen"})
	require.Equal(t, Close{}, h.seekAny(Close{}))
	h.key(KeyEnter)
	require.Nil(t, h.Over)
	h.key(KeyEscape, KeyEscape)
	require.Equal(t, Home{}, h.place())
}

func (h *hand) seekAny(m render.Meaning) render.Meaning {
	h.seek(m)
	return h.Focus.On
}

// the focus can be seen, 3 mm wide, on three sides at least where the panel
// ends; a finger takes it away.
func TestFocusIsSeen(t *testing.T) {
	for _, panel := range []Panel{
		{Size: large, MM: image.Pt(952, 535)}, {Size: image.Pt(1080, 1920), MM: image.Pt(299, 531)}, {Size: image.Pt(800, 480), MM: image.Pt(152, 91)},
	} {
		h := newHand(t)
		h.send(Resized{panel})
		before := h.frame()
		h.key(KeyTab)
		for range Rows(before) {
			f := h.frame()
			var ring int
			for _, op := range f.Ops[len(before.Ops):] {
				require.Equal(t, render.BoxOp, op.Kind)
				on, sides := op.Rect.Intersect(image.Rectangle{Max: f.Size}), 0
				for _, whole := range []bool{on.Min.X == op.Rect.Min.X, on.Min.Y == op.Rect.Min.Y, on.Max.X == op.Rect.Max.X, on.Max.Y == op.Rect.Max.Y} {
					if whole {
						sides++
					}
				}
				require.GreaterOrEqual(t, sides, 3, "%v", op.Rect)
				if op.Edge == h.Theme.Honey {
					ring = op.Border
				}
			}
			require.GreaterOrEqual(t, float64(ring)*float64(panel.MM.X)/float64(panel.Size.X), 3.0, "%v", panel)
			h.key(KeyDown)
		}
		h.send(TouchDown{Means: Open{swimming}, Ready: true})
		require.Zero(t, h.Focus)
	}
}

// Tab goes through everything that a finger can reach, once, and so do the
// arrows of a remote control that has no Tab.
func TestKeysReachEverything(t *testing.T) {
	for _, size := range []image.Point{large, {X: 1080, Y: 1920}, {X: 800, Y: 480}} {
		for name, m := range mockScreens(size) {
			f := View(m, testKit)
			all := map[render.Meaning]bool{}
			for p := range touchable(f) {
				all[p] = true
			}
			rows := Rows(f)
			tabbed := map[render.Meaning]bool{}
			for _, row := range rows {
				for _, t := range row {
					tabbed[t.Means] = true
				}
			}
			for means := range all {
				require.True(t, tabbed[means], "%v %s %v", size, name, means)
			}
			if len(all) == 0 {
				continue
			}
			arrows := map[Focus]bool{}
			queue := []Focus{focusOn(rows, rows[0][0])}
			for len(queue) > 0 {
				at := queue[0]
				queue = queue[1:]
				if arrows[at] {
					continue
				}
				arrows[at] = true
				m.Focus = at
				for _, k := range []Key{KeyLeft, KeyRight, KeyUp, KeyDown} {
					queue = append(queue, Hear(m, f, k).(Focused).To)
				}
			}
			n := 0
			for _, row := range rows {
				n += len(row)
			}
			require.Len(t, arrows, n, "%v %s", size, name)
		}
	}
}

// touchable returns every meaning that a finger finds somewhere on a frame.
func touchable(f *render.Frame) map[render.Meaning]image.Point {
	out := map[render.Meaning]image.Point{}
	for y := 2; y < f.Size.Y; y += 24 {
		for x := 2; x < f.Size.X; x += 24 {
			if t := f.At(image.Pt(x, y)); t != nil && t.Means != nil {
				out[t.Means] = image.Pt(x, y)
			}
		}
	}
	return out
}

// The focus stays on what it was on, wherever that goes; what is gone has none,
// and Enter then presses nothing.
func TestFocusStaysOnWhatItWasOn(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.key(KeyTab)
	h.seek(Pick{swimming, "karen"})
	h.send(BoardChanged{without("amina")})
	require.Equal(t, Pick{swimming, "karen"}, h.Focus.On)
	h.send(BoardChanged{without("karen")})
	h.send(Pressed{Means: Pick{swimming, "karen"}, Ready: true}) // the change is not on the glass yet
	require.Empty(t, h.effects)
	h.key(KeyEnter)
	require.Empty(t, h.effects)
	require.NotNil(t, h.Focus.On, "and begins again")
}

// a key that is pressed twice by a tremor acts once, and a dialog is deaf at
// first.
func TestKeysForgive(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	h.seek(Pick{swimming, "karen"})
	h.hear(KeyEnter)
	h.Board = boardWith(board.Done{On: swimming, Who: "karen"})
	h.hear(KeyTab)
	h.pass(500 * time.Millisecond)
	h.hear(KeyEnter)
	require.NotNil(t, h.Over)
	require.Len(t, h.effects, 1)
}

// Who turns pages with a key stays on the button that turns them.
func TestTurningKeepsTheFocus(t *testing.T) {
	h := &hand{t: t, Model: mockModel(large, People{})}
	h.seek(Turn{People{1}})
	h.key(KeyEnter)
	require.Equal(t, People{1}, h.place())
	require.Equal(t, Turn{People{0}}, h.Focus.On)
}

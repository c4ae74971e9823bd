package player

import (
	"image"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/glass"
	"tavle/render/motion"
	"tavle/sync/record"
)

// shownNow returns every word and every picture that ops paint, those in layers
// too.
func shownNow(ops []render.Op) (words, pictures []string) {
	for _, op := range ops {
		switch op.Kind {
		case render.TextOp:
			words = append(words, op.Line.Text)
		case render.PictureOp:
			pictures = append(pictures, op.Picture.Source)
		case render.LayerOp:
			w, p := shownNow(op.Layer.Ops)
			words, pictures = append(words, w...), append(pictures, p...)
		}
	}
	return words, pictures
}

// begin touches what means m and waits until what that sets off is under way.
func (l *lone) begin(t *testing.T, m render.Meaning) {
	t.Helper()
	target := l.screen.Frame().Find(m)
	require.NotNil(t, target, "nothing means %#v", m)
	l.screen.Tap(target.Rect.Min.Add(target.Rect.Size().Div(2)))
	l.pass(40 * time.Millisecond)
}

// moves reports whether the frame on the glass is one in between.
func (l *lone) moves() bool {
	for _, op := range l.screen.Frame().Ops {
		if op.Kind == render.LayerOp {
			return true
		}
	}
	return false
}

// Who is withdrawn while something moves is on no frame more.
// Whatever moved is cut short, and neither the player nor the painter keeps what
// it was made of: no frame before, no layer, no bitmap.
func TestWithdrawalCutsShortWhatMoves(t *testing.T) {
	for name, start := range map[string]func(t *testing.T, l *lone){
		"another tab": func(t *testing.T, l *lone) { l.begin(t, ui.Go{To: ui.Home{}}) },
		"idle return": func(_ *testing.T, l *lone) { l.pass(79*time.Second + 100*time.Millisecond) },
		"other colours": func(_ *testing.T, l *lone) {
			l.Change(Look{Lang: "da", Theme: &look.Evening})
			l.pass(400 * time.Millisecond)
		},
		"a press": func(_ *testing.T, l *lone) {
			l.screen.Contact(1, glass.Down, middle(l.screen.Frame().Find(ui.Go{To: ui.Home{}}).Rect))
			l.pass(20 * time.Millisecond)
		},
		"a minute": func(_ *testing.T, l *lone) {
			l.pass(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute + 50*time.Millisecond)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			alone(t, image.Pt(1920, 1080), portraits(t, 3), func(t *testing.T, l *lone) {
				l.tap(t, ui.Go{To: ui.People{}})
				goes := string(assetNamed(portraits(t, 3)[2]))
				start(t, l)
				require.True(t, l.moves(), "the test needs something that moves")
				words, pictures := shownNow(l.screen.Frame().Ops)
				if name != "a press" && name != "a minute" { // they are only where they change something
					require.Contains(t, strings.Join(words, " "), "Beboer 0002")
					require.Contains(t, strings.Join(pictures, " "), goes)
				}
				frames, _ := l.screen.Drawn()

				l.house(t, portraits(t, 2)) // one is not shown any more
				synctest.Wait()             // and no time passes
				after, _ := l.screen.Drawn()
				require.Greater(t, after, frames)
				words, pictures = shownNow(l.screen.Frame().Ops)
				require.NotContains(t, strings.Join(words, " "), "Beboer 0002")
				require.NotContains(t, strings.Join(pictures, " "), goes)
				require.False(t, inMemory(t, "2000 reobeB"))
				require.Zero(t, l.pictures.keptOf(assetNamed(portraits(t, 3)[2])))
				l.pass(3 * time.Second)
				require.False(t, l.moves())
				require.Zero(t, l.screen.Kept(), "bytes of bitmaps in the painter")
			}, moves)
		})
	}
}

// What the hub says comes slowly, and what is gone is gone at once: a change never
// shows anything of the frame before.
func TestChangeShowsNothingOfBefore(t *testing.T) {
	alone(t, image.Pt(1920, 1080), portraits(t, 3), func(t *testing.T, l *lone) {
		l.tap(t, ui.Go{To: ui.People{}})
		l.house(t, append(portraits(t, 2), portraits(t, 5)[3:]...))
		for range 40 {
			synctest.Wait()
			words, pictures := shownNow(l.screen.Frame().Ops)
			require.NotContains(t, strings.Join(pictures, " "), string(assetNamed(portraits(t, 3)[2])))
			require.Contains(t, strings.Join(words, " "), "Beboer 0001")
			l.pass(20 * time.Millisecond)
		}
		_, pictures := shownNow(l.screen.Frame().Ops)
		require.Contains(t, strings.Join(pictures, " "), string(assetNamed(portraits(t, 4)[3])), "and what is new is there in the end")
	}, moves)
}

// keptOf returns how many decoded copies of a photo are kept.
func (s *Pictures) keptOf(id record.AssetID) (n int) {
	s.photos.Drop(func(p render.Picture) bool {
		if assetOf(p) == id {
			n++
		}
		return false
	})
	return n
}

// While something moves there is a frame every 60th of a second, and when
// it stands still there is none.
func TestFramesAreDrawnOnlyWhileSomethingMoves(t *testing.T) {
	alone(t, image.Pt(1920, 1080), portraits(t, 3), func(t *testing.T, l *lone) {
		frames, _ := l.screen.Drawn()
		l.begin(t, ui.Go{To: ui.People{}})
		l.pass(5 * time.Second)
		after, _ := l.screen.Drawn()
		require.InDelta(t, 200/(1000/60)+5, after-frames, 6, "200 ms, and photos that come")
		require.False(t, l.moves())
		require.True(t, l.moving.next.IsZero())
		l.pass(10 * time.Second)
		last, _ := l.screen.Drawn()
		require.Equal(t, after, last)
	}, moves)
}

// A machine that is late twice in one move gets by with less from then
// on, and with nothing in between if it is late again.
func TestLateFramesMakeLessMove(t *testing.T) {
	var panel slow
	alone(t, small, portraits(t, 3), func(t *testing.T, l *lone) {
		panel.by = 30 * time.Millisecond
		for range 4 {
			l.tap(t, ui.Go{To: ui.People{}})
			l.tap(t, ui.Go{To: ui.Home{}})
		}
		require.Equal(t, motion.Off, l.moving.pace.Style(motion.Full, time.Now()))
		panel.by = 0
		l.begin(t, ui.Go{To: ui.People{}})
		require.False(t, l.moves())
		l.pass(2 * time.Hour)
		l.begin(t, ui.Go{To: ui.People{}})
		require.True(t, l.moves(), "later it is tried again")
		l.pass(time.Second)
	}, func(cfg *Config) {
		panel.Presenter = cfg.Presenter
		cfg.Presenter = &panel
	}, moves)
}

// A slow panel takes that long for a frame.
type slow struct {
	glass.Presenter
	by time.Duration
}

func (s *slow) Present(f *render.Frame, damage []image.Rectangle) error {
	time.Sleep(s.by)
	return s.Presenter.Present(f, damage)
}

package player

import (
	"context"
	"crypto/rand"
	"errors"
	"image"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/cache"
	"tavle/player/lease"
	"tavle/player/seal"
	"tavle/player/ui"
	"tavle/render"
	"tavle/render/glass"
	"tavle/render/memory"
	"tavle/sync/wire"
)

// A flaky is a panel that takes no picture while it has an error.
type flaky struct {
	*memory.Screen
	err   error
	tries int
}

func (f *flaky) Present(fr *render.Frame, damage []image.Rectangle) error {
	f.tries++
	if f.err != nil {
		return f.err
	}
	return f.Screen.Present(fr, damage)
}

// onFlaky runs f beside a wall on such a panel.
func onFlaky(t *testing.T, f func(t *testing.T, l *lone, panel *flaky)) {
	alone(t, image.Pt(1920, 1080), portraits(t, 3), func(t *testing.T, l *lone) {
		panel := &flaky{Screen: l.screen}
		l.cfg.Presenter = panel // the loop reads it when it draws
		f(t, l, panel)
	})
}

// A panel that takes no picture is tried again, now and then; it costs next to
// nothing and fills no log. When it is back, the whole picture is on it at once.
func TestPanelThatIsGoneIsTriedNowAndThen(t *testing.T) {
	for _, err := range []error{glass.ErrUnplugged, errors.New("somebody else has the screen")} {
		onFlaky(t, func(t *testing.T, l *lone, panel *flaky) {
			l.said.Reset()
			panel.err, panel.tries = err, 0
			l.pass(24 * time.Hour)
			require.Greater(t, panel.tries, 1000)
			require.Less(t, panel.tries, 2*24*60+100)
			require.LessOrEqual(t, strings.Count(l.said.String(), "frame not shown"), 1)

			panel.err = nil
			_, before := l.screen.Drawn()
			panel.Input().Put(glass.Resized{Panel: l.screen.Panel()})
			l.pass(time.Millisecond)
			_, after := l.screen.Drawn()
			require.Equal(t, 1920*1080, after-before)
		})
	}
}

// Nobody means what they cannot see: a touch on a dark panel does nothing, even
// when the lease has ended meanwhile and there is no board any more.
func TestDarkPanelIsNotTouched(t *testing.T) {
	onFlaky(t, func(t *testing.T, l *lone, panel *flaky) {
		target := l.screen.Frame().Find(ui.Go{To: ui.People{}})
		panel.err = glass.ErrUnplugged
		l.pass(2 * time.Minute)
		at := target.Rect.Min.Add(target.Rect.Size().Div(2))
		l.screen.Tap(at)
		l.pass(time.Second)
		require.Equal(t, []ui.Place{ui.Home{}}, l.model.Stack)

		l.pass(31 * 24 * time.Hour)
		require.Equal(t, lease.Ended, l.lease)
		l.screen.Tap(at)
		l.pass(time.Second)
		panel.err = nil
		l.pass(2 * time.Minute)
		require.Contains(t, strings.Join(l.screen.Frame().Texts(), " "), "Tavlen holder pause")
	})
}

// A lease the hub has just given is judged by the hub's clock: a day on which
// that was a year ahead, or a machine whose clock is, does not keep people off
// the wall for a year.
func TestWrongClockIsForgivenWhenTheHubSpeaks(t *testing.T) {
	for name, set := range map[string]bool{"the hub's was": false, "the machine's is": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				key, err := seal.NewKey(rand.Reader)
				require.NoError(t, err)
				c, err := cache.Open(cache.Options{Dir: filepath.Join(t.TempDir(), "cache"), Secret: seal.NewInMemory(key)})
				require.NoError(t, err)
				defer func() { require.NoError(t, c.Close()) }()
				hub := time.Now()
				now := hub
				if set {
					now = hub.AddDate(1, 0, 0)
				} else {
					require.NoError(t, c.SetClock(cache.Clock{Hub: hub.AddDate(1, 0, 0), Seen: hub.AddDate(1, 0, 0)}))
				}
				begin := func(set bool) *Player {
					pictures := NewPictures(c, nil)
					screen := memory.Open(memory.Options{Size: image.Pt(800, 480), Images: pictures})
					p, err := New(Config{
						Cache: c, Pictures: pictures, Presenter: screen, TimeSet: set, Log: slog.New(slog.DiscardHandler),
						Now: func() time.Time { return now.Add(time.Since(hub)) },
					})
					require.NoError(t, err)
					p.begin(context.Background())
					return p
				}
				p := begin(set)
				require.NoError(t, p.store.SetLease(wire.Lease{IssuedMS: hub.UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}, hub))
				p.refresh(t.Context())
				require.Equal(t, lease.Fresh, p.lease)
				time.Sleep(73 * time.Hour)
				p.refresh(t.Context())
				require.Equal(t, lease.Masked, p.lease, "and it ends when it ends")

				require.NoError(t, p.store.SetLease(wire.Lease{IssuedMS: time.Now().UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}, time.Now()))
				if !set {
					require.Equal(t, lease.Fresh, begin(false).lease, "the floor is the hub's again")
				}
			})
		})
	}
}

// Each start without a clock counts for an hour of the lease at
// least, so that switching a screen off and on does not keep people on it.
func TestRestartsUseUpTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key, err := seal.NewKey(rand.Reader)
		require.NoError(t, err)
		c, err := cache.Open(cache.Options{Dir: filepath.Join(t.TempDir(), "cache"), Secret: seal.NewInMemory(key)})
		require.NoError(t, err)
		defer func() { require.NoError(t, c.Close()) }()
		require.NoError(t, c.SetLease(wire.Lease{IssuedMS: time.Now().UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}, time.Now()))
		// The power goes before a start has written anything but its beginning.
		begin := func(set bool) lease.State {
			pictures := NewPictures(c, nil)
			screen := memory.Open(memory.Options{Size: image.Pt(800, 480), Images: pictures})
			p, err := New(Config{Cache: c, Pictures: pictures, Presenter: screen, TimeSet: set})
			require.NoError(t, err)
			p.begin(t.Context())
			return p.lease
		}
		for range 71 {
			require.Equal(t, lease.Fresh, begin(false))
		}
		require.Equal(t, lease.Masked, begin(false))
		require.Equal(t, lease.Fresh, begin(true), "a clock knows that no time has passed")
		require.NoError(t, c.SetLease(wire.Lease{IssuedMS: time.Now().UnixMilli() + 1, MaskS: 72 * 3600, WipeS: 30 * 86400}, time.Now()))
		require.Equal(t, lease.Fresh, begin(false), "a lease the hub renewed begins anew")
	})
}

// A stuck is a panel whose driver does not return.
type stuck struct {
	glass.Presenter
	held chan struct{} // nil: it works; closed: it goes on
}

func (s *stuck) Present(f *render.Frame, damage []image.Rectangle) error {
	if s.held != nil {
		<-s.held
	}
	return s.Presenter.Present(f, damage)
}

// A wall that shows what there is to show lives, also while nothing changes; one whose
// picture does not get to the glass does not.
func TestWallThatIsStuckDoesNotLive(t *testing.T) {
	panel := new(stuck)
	alone(t, small, nil, func(t *testing.T, l *lone) {
		alive := func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			return l.Alive(ctx)
		}
		require.True(t, alive())
		l.pass(time.Hour)
		require.True(t, alive())
		panel.held = make(chan struct{})
		l.pass(2 * time.Minute) // the clock
		require.False(t, alive())
		close(panel.held)
		l.pass(time.Second)
		require.True(t, alive())
	}, func(cfg *Config) {
		panel.Presenter = cfg.Presenter
		cfg.Presenter = panel
	})
}

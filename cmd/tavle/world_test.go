package main

import (
	"context"
	"image"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo/canary"
	"tavle/player"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/player/vitals"
	"tavle/player/voice"
	"tavle/render"
	"tavle/render/glass"
	"tavle/render/memory"
	"tavle/render/motion"
	"tavle/render/soft"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/netsim"
	"tavle/sync/record"
	"tavle/sync/session"
)

// A world is a show with three walls in a bubble: everything is real but the
// glass, the network and the time.
type world struct {
	t     *testing.T
	show  *show
	walls []*livingWall
	log   *lockedLog
}

type livingWall struct {
	t        *testing.T
	name     string
	link     *netsim.Link
	screen   *memory.Screen
	seen     func(*render.Frame) // is shown every frame that comes on the glass; nil: nobody
	pictures render.Images
	hear     *voice.Voice                  // nil: it is silent
	mm       func(image.Point) image.Point // nil: how large it is is not known
	machine  atomic.Pointer[vitals.Vitals] // how it is; nil: not known
	*wall
	stop func()
}

// lockedLog collects what was logged.
type lockedLog struct {
	sync.Mutex
	strings.Builder
}

func (l *lockedLog) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Builder.Write(b)
}

var _ io.Writer = (*lockedLog)(nil)

// by is a person at work in the demo house.
var by = store.Actor{Org: demoOrg, Kind: store.ByStaff, ID: "s01"}

// inWorld runs f on a Thursday at 10:24 with three living walls.
func inWorld(t *testing.T, f func(t *testing.T, w *world)) { inWorldWith(t, showConfig{}, f) }

// inWorldWith is inWorld with another lease.
func inWorldWith(t *testing.T, cfg showConfig, f func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		zone, err := time.LoadLocation("Europe/Copenhagen")
		require.NoError(t, err)
		time.Sleep(time.Until(time.Date(2026, 12, 3, 10, 24, 0, 0, zone)))
		w := &world{t: t, log: new(lockedLog)}
		network := netsim.New()
		cfg.dir, cfg.addr = t.TempDir(), "hub.test:443"
		cfg.log = slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		w.show, err = newShow(t.Context(), cfg)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { require.NoError(t, w.show.serve(ctx, network)) })
		for i, at := range []house.ID{"scr-2", "scr-1", "scr-2"} {
			lw := &livingWall{t: t, name: []string{"kitchen", "hall", "living-room"}[i], link: network.Link()}
			w.start(lw, at)
			w.walls = append(w.walls, lw)
		}
		defer func() {
			for _, lw := range w.walls {
				lw.stop()
			}
			cancel()
			wg.Wait()
			require.NoError(t, w.show.close())
			require.Empty(t, canary.In(w.log.String(), canary.Names())) // R-DPA-18
			require.NoError(t, canary.InFiles(w.show.dir, "hub"))
		}()
		f(t, w)
	})
}

// start puts a wall into operation.
func (w *world) start(lw *livingWall, at house.ID) {
	size := image.Pt(1920, 1080)
	if at == "scr-1" {
		size = image.Pt(1080, 1920)
	}
	var err error
	lw.wall, err = w.show.wall(w.t.Context(), wallConfig{
		name: lw.name, at: at, dial: func(ctx context.Context, n, a string) (net.Conn, error) { return lw.link.Dial(ctx, n, a) },
		look: player.Look{Lang: "da", Motion: motion.Off, Sound: ui.Sound{Voice: lw.hear != nil}}, hear: lw.hear, mm: lw.mm, how: lw.vitals,
		open: func(images render.Images) (glass.Presenter, error) {
			lw.pictures = images
			lw.screen = memory.Open(memory.Options{Size: size, Images: images})
			return glassOf{lw.screen, lw}, nil
		},
	})
	require.NoError(w.t, err)
	ctx, cancel := context.WithCancel(w.t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { require.NoError(w.t, lw.run(ctx)) })
	lw.stop = sync.OnceFunc(func() {
		cancel()
		wg.Wait()
		require.NoError(w.t, lw.close())
	})
}

// vitals reads how the wall's machine is.
func (lw *livingWall) vitals() (v vitals.Vitals) {
	if is := lw.machine.Load(); is != nil {
		v = *is
	}
	return v
}

// glassOf is a wall's glass with somebody in front of it who never looks away.
type glassOf struct {
	*memory.Screen
	wall *livingWall
}

// Present implements [glass.Presenter].
func (g glassOf) Present(f *render.Frame, damage []image.Rectangle) error {
	if g.wall.seen != nil {
		g.wall.seen(f)
	}
	return g.Screen.Present(f, damage)
}

// says returns what can be read on the glass.
func (lw *livingWall) says() string { return read(lw.screen.Frame()) }

// read returns what can be read on a frame.
func read(f *render.Frame) string {
	if f == nil {
		return ""
	}
	return strings.Join(f.Texts(), " ")
}

// repainted returns the whole picture of the frame on the glass, made anew.
func (lw *livingWall) repainted() *image.RGBA {
	return new(soft.Painter).Image(lw.screen.Frame(), lw.pictures)
}

// pendingFaces counts the faces ringed as on their way.
func (lw *livingWall) pendingFaces() int { return ringed(lw.screen.Frame()) }

func ringed(f *render.Frame) (n int) {
	for _, op := range f.Ops {
		if op.Kind == render.MaskOp && op.Color == look.Day.Wait {
			n++
		}
	}
	return n
}

// waiting returns what the hub has not answered yet.
func (lw *livingWall) waiting() (out []session.Entry) {
	for _, e := range lw.cache.Outbox() {
		if e.Result == nil {
			out = append(out, e)
		}
	}
	return out
}

// tap touches what is called label.
func (lw *livingWall) tap(label string) {
	lw.t.Helper()
	time.Sleep(time.Second) // what just appeared is deaf
	f := lw.screen.Frame()
	for _, target := range f.Targets {
		if strings.Contains(target.Label, label) {
			lw.screen.Tap(target.Rect.Min.Add(target.Rect.Size().Div(2)))
			time.Sleep(700 * time.Millisecond) // until nothing moves
			synctest.Wait()
			return
		}
	}
	var all []string
	for _, target := range f.Targets {
		all = append(all, target.Label)
	}
	lw.t.Fatalf("%s: nothing is called %q, only %q", lw.name, label, all)
}

// moves has what changes be seen to change from now on, as on a real wall. Hours of
// it take long to paint.
func (w *world) moves() {
	for _, lw := range w.walls {
		lw.player.Change(player.Look{Lang: "da"})
	}
	synctest.Wait()
}

// shown returns on how many walls a word stands a second from now.
func (w *world) shown(word string) (n int) {
	time.Sleep(time.Second)
	synctest.Wait()
	for _, lw := range w.walls {
		if strings.Contains(lw.says(), word) {
			n++
		}
	}
	return n
}

// hours lets time pass in which nobody looks, and so nothing moves; after it, all
// does.
func (w *world) hours(d time.Duration) {
	for _, lw := range w.walls {
		lw.player.Change(player.Look{Lang: "da", Motion: motion.Off})
	}
	time.Sleep(d)
	w.moves()
}

// settle waits until every wall shows its board and its photos.
func (w *world) settle() { w.within(5 * time.Second) }

// within lets time pass until everybody is idle.
func (w *world) within(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// visit opens one of the tabs, or what More holds.
func (w *world) visit(lw *livingWall, page string) {
	w.t.Helper()
	onGlass := func(target render.Target) bool { return strings.Contains(target.Label, page) }
	if !slices.ContainsFunc(lw.screen.Frame().Targets, onGlass) {
		lw.tap("Mere")
	}
	lw.tap(page)
}

// change changes the house, as staff do.
func (w *world) change(f func(context.Context, *hub.Edit) error) {
	w.t.Helper()
	require.NoError(w.t, w.show.hub.Change(w.t.Context(), by, f))
}

// alter changes a resident.
func (w *world) alter(id house.ID, f func(*house.Resident)) {
	w.t.Helper()
	w.change(func(ctx context.Context, e *hub.Edit) error { return hub.Alter(ctx, e, id, f) })
}

// rename gives an activity another title.
func (w *world) rename(id house.ID, title string) {
	w.t.Helper()
	w.change(func(ctx context.Context, e *hub.Edit) error {
		return hub.Alter(ctx, e, id, func(a *house.Activity) { a.Title = record.Text{"da": title} })
	})
}

// state returns what the hub knows of a screen.
func (w *world) state(name string) hub.ScreenState {
	w.t.Helper()
	screens, err := w.show.hub.Screens(w.t.Context(), by)
	require.NoError(w.t, err)
	for _, s := range screens {
		if s.ID == name {
			return s
		}
	}
	w.t.Fatalf("no screen %q", name)
	return hub.ScreenState{}
}

// states returns what places somebody has on an activity's list, in the store.
func (w *world) states(activity, person house.ID) (out []house.State) {
	w.t.Helper()
	w.look(func(ctx context.Context, v store.View) error {
		out = nil
		places, err := v.Places(ctx, house.List{Kind: house.KindActivity, ID: activity})
		for _, p := range places {
			if p.Person == person {
				out = append(out, p.State)
			}
		}
		return err
	})
	return out
}

// look looks into the hub's store, as staff do.
func (w *world) look(f func(context.Context, store.View) error) {
	w.t.Helper()
	reader := by
	reader.At = time.Now()
	require.NoError(w.t, w.show.store.View(w.t.Context(), reader, func(v store.View) error { return f(w.t.Context(), v) }))
}

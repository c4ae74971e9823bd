package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tavle/player"
	"tavle/player/cache"
	"tavle/player/seal"
	"tavle/render"
	"tavle/render/glass"
	"tavle/render/memory"
	"tavle/sync/client"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// How long from a touch on one screen to the picture on another: screens with
// the real client, TLS and an encrypted cache on disk are touched in turn, from
// the moment the touch is to be stored; one more, a whole wall with a panel in
// memory, shows who takes part. A crowd of others is connected, and gets and
// confirms every change as well.

const (
	hands = 4                     // screens that are touched; each may say 20 things a second
	pause = 70 * time.Millisecond // between two touches
	slow  = 10 * time.Second      // when a touch counts as lost
)

// touches makes so many touches and returns how long each took.
func touches(ctx context.Context, h *server, n int) (took []time.Duration, err error) {
	dir, err := os.MkdirTemp("", "tavle-hubload-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()

	shown, err := hang(ctx, &wg, h, filepath.Join(dir, "shown"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, shown.cache.Close()) }()
	touched := make([]*hand, hands)
	for i := range touched {
		if touched[i], err = newHand(ctx, &wg, h, filepath.Join(dir, fmt.Sprint("hand-", i))); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, touched[i].cache.Close()) }()
	}
	name, err := shown.visit(ctx)
	if err != nil {
		return nil, err
	}
	for i := range n {
		m, err := touched[i%hands].find(ctx, name, i%2 == 0)
		if err != nil {
			return nil, err
		}
		began := time.Now()
		if err := touched[i%hands].touch(ctx, m); err != nil {
			return nil, err
		}
		at, err := shown.await(ctx, i%2 == 0)
		if err != nil {
			return nil, fmt.Errorf("touch %d: %w", i+1, err)
		}
		took = append(took, at.Sub(began))
		time.Sleep(pause)
	}
	return took, nil
}

// whoTouches signs up and leaves again.
const whoTouches = "Navn50"

// connect makes a screen that the hub lets in.
func connect(h *server, dir string) (*cache.Cache, seal.HostFile, client.Config, error) {
	secret := seal.HostFile{Path: filepath.Join(dir, "secret")}
	c, err := cache.Open(cache.Options{Dir: filepath.Join(dir, "cache"), Secret: secret})
	if err != nil {
		return nil, secret, client.Config{}, err
	}
	identity, err := player.IdentityOf(secret)
	name := "real-" + filepath.Base(dir)
	var pin string
	if err == nil {
		_, err = h.ask("screen " + name + " " + identity.String())
	}
	if err == nil {
		pin, err = h.ask("pin")
	}
	if err != nil {
		return nil, secret, client.Config{}, errors.Join(err, c.Close())
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	return c, secret, client.Config{
		URL: "wss://" + hostName + "/sync", Device: name, TLS: client.Pinned(pin), Sign: identity.Sign,
		Boot: rand.Text(), Chance: mathrand.Float64, Log: log,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, h.tls.String())
		},
	}, nil
}

// A hand is a screen without glass, and who touches it.
type hand struct {
	cache  *cache.Cache
	client *client.Client
}

func newHand(ctx context.Context, wg *sync.WaitGroup, h *server, dir string) (*hand, error) {
	c, _, cfg, err := connect(h, dir)
	if err != nil {
		return nil, err
	}
	t := &hand{c, client.New(cfg, c, client.Events{})}
	wg.Go(func() { _ = t.client.Run(ctx) })
	wg.Go(func() {
		for {
			select {
			case <-c.Changed():
				t.client.Shown(ctx, c.Facts().At)
			case <-ctx.Done():
				return
			}
		}
	})
	return t, nil
}

// find returns the touch by which somebody joins or leaves the activity of that
// name, once the screen knows that they have not or have joined.
func (t *hand) find(ctx context.Context, title string, join bool) (m wire.Mutation, err error) {
	m.Op = wire.OpCancel
	if join {
		m.Op = wire.OpSignUp
	}
	for end := time.Now().Add(slow); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(time.Millisecond) {
		facts := t.cache.Facts()
		for id, p := range facts.People {
			if p.Name.Reveal() == whoTouches {
				m.Who = id
			}
		}
		for id, a := range facts.Activities {
			if a.Title["da"] == title && m.Who != "" && slices.Contains(a.Who, m.Who) != join {
				m.On, m.Saw = wire.RowKey{Kind: record.KindActivity, ID: string(id)}, facts.At.Rev
				return m, nil
			}
		}
	}
	return m, fmt.Errorf("a screen does not know of %s", title)
}

// touch stores a touch and has it sent.
func (t *hand) touch(ctx context.Context, m wire.Mutation) error {
	_, err := t.cache.Enqueue(m)
	t.client.Touched(ctx)
	return err
}

// A wall is a screen with a panel in memory.
type wall struct {
	cache *cache.Cache
	panel panel
}

// A panel says when a frame is on it.
type panel struct {
	*memory.Screen
	frames chan frameAt
}

type frameAt struct {
	*render.Frame
	at time.Time
}

// Present implements [glass.Presenter].
func (p panel) Present(f *render.Frame, damage []image.Rectangle) error {
	err := p.Screen.Present(f, damage)
	select {
	case p.frames <- frameAt{f, time.Now()}:
	default: // nobody looks
	}
	return err
}

var _ glass.Presenter = panel{}

func hang(ctx context.Context, wg *sync.WaitGroup, h *server, dir string) (*wall, error) {
	c, secret, cfg, err := connect(h, dir)
	if err != nil {
		return nil, err
	}
	pictures := player.NewPictures(c, cfg.Log)
	w := &wall{c, panel{memory.Open(memory.Options{Size: image.Pt(1920, 1080), Images: pictures}), make(chan frameAt, 1<<10)}}
	p, err := player.New(player.Config{
		Cache: c, Pictures: pictures, Presenter: w.panel, Secret: secret, Hub: cfg, Log: cfg.Log, TimeSet: true, Look: player.Look{Lang: "da"},
	})
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	wg.Go(func() { _ = w.panel.Run(ctx) })
	wg.Go(func() { _ = p.Run(ctx) })
	return w, nil
}

// visit opens the first activity there is, and returns what it is called.
func (w *wall) visit(ctx context.Context) (string, error) {
	for end := time.Now().Add(slow); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(time.Second) {
		f := w.panel.Frame()
		if f == nil {
			continue
		}
		for _, t := range f.Targets {
			_, name, ok := strings.Cut(t.Label, activityName)
			if !ok {
				continue
			}
			name, _, _ = strings.Cut(name, " ")
			time.Sleep(time.Second) // what just appeared is deaf
			w.panel.Tap(t.Rect.Min.Add(t.Rect.Size().Div(2)))
			time.Sleep(time.Second)
			return activityName + strings.TrimRight(name, ",."), nil
		}
	}
	return "", errors.New("the wall shows no activity")
}

// await returns when the wall shows that somebody takes part, or that they do not.
func (w *wall) await(ctx context.Context, part bool) (time.Time, error) {
	late := time.NewTimer(slow)
	defer late.Stop()
	for {
		select {
		case f := <-w.panel.frames:
			if slices.ContainsFunc(f.Ops, func(o render.Op) bool { return o.Kind == render.TextOp && o.Line.Text == whoTouches }) == part {
				return f.at, nil
			}
		case <-late.C:
			return time.Time{}, errLate
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

// crowded makes the touches while n other screens are connected.
func crowded(ctx context.Context, h *server, like screens, n, count int) (took []time.Duration, s *subject, err error) {
	s = hubSubject(h, "hub, touched", like)
	protocol, progress, faults := s.protocol()
	e, err := newEngine(h.at, n, protocol)
	if err != nil {
		return nil, s, err
	}
	defer func() {
		for why, k := range e.dead {
			s.faults["dead: "+why] += k
		}
		for why, k := range faults {
			s.faults[why] += k
		}
		e.close()
	}()
	if err := e.connect(256, time.Minute); err != nil {
		return nil, s, err
	}
	progress.begin(e)
	ended := make(chan struct{})
	var failed error
	go func() {
		defer close(ended)
		took, failed = touches(ctx, h, count)
	}()
	err = e.until(5*time.Minute, func() bool {
		select {
		case <-ended:
			return true
		default:
			return false
		}
	})
	<-ended
	return took, s, errors.Join(err, failed)
}

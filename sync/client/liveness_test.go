package client

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	hubstore "tavle/sync/hub/store"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/netsim"
	"tavle/sync/wire"
)

// Both ends as they are, over a network in memory: what neither shows by itself
// is whether they agree on how long silence may last.

// A duet is a hub with the demo house, and screens, in a bubble.
type duet struct {
	t     *testing.T
	dir   string
	seed  uint64
	lines *netsim.Net
	hub   *hub.Hub
	stop  func() // stops the hub
}

// inDuet runs f with a hub that runs.
func inDuet(t *testing.T, seed uint64, f func(t *testing.T, d *duet)) {
	synctest.Test(t, func(t *testing.T) {
		d := &duet{t: t, dir: t.TempDir(), seed: seed}
		t.Log("seed", seed)
		d.open()
		in, mistakes := house.Parse(bytes.NewReader(demo.House()))
		require.Empty(t, mistakes)
		in.Shift(demo.Days(time.Now()))
		require.NoError(t, d.hub.Import(t.Context(), hubstore.Actor{Kind: hubstore.ByImport, ID: "test"}, in, hub.Import{}))
		defer func() { d.stop() }()
		f(t, d)
	})
}

var staff = hubstore.Actor{Org: "sys-demo", Kind: hubstore.ByStaff, ID: "s01"}

// open starts a hub on the store.
func (d *duet) open() {
	d.t.Helper()
	ctx, cancel := context.WithCancel(d.t.Context())
	db, err := sqlitestore.Open(ctx, filepath.Join(d.dir, "hub.db"))
	require.NoError(d.t, err)
	chance := rand.New(rand.NewPCG(d.seed, 0))
	var mu sync.Mutex
	d.hub, err = hub.New(ctx, db, hub.Options{Hosts: []string{"hub.test"}, Chance: func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return chance.Float64()
	}})
	require.NoError(d.t, err)
	d.lines = netsim.New()
	srv := &http.Server{Handler: d.hub.Handler()}
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.Serve(d.lines) })
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		if err := d.hub.Run(ctx); err != nil {
			d.t.Error(err)
		}
	}()
	synctest.Wait()
	d.stop = func() {
		cancel()
		<-ran
		_ = srv.Close()
		wg.Wait()
		require.NoError(d.t, db.Close())
		d.stop = func() {}
	}
}

// A player is a screen that runs.
type player struct {
	store  *store
	cable  *cable
	dials  []time.Time
	client *Client
	end    func()
	heard  struct {
		sync.Mutex
		clocks []time.Time // when the hub said what time it is
		live   bool
		ups    []time.Time // when it came to be live
		downs  []time.Time
	}
}

// run lets a screen in and runs it.
func (d *duet) run(id string, n uint64) *player {
	d.t.Helper()
	seed := make([]byte, ed25519.SeedSize)
	copy(seed, id)
	key := ed25519.NewKeyFromSeed(seed)
	_, err := d.hub.AddScreen(d.t.Context(), staff, hub.Screen{ID: id, Record: "scr-1", Key: key.Public().(ed25519.PublicKey)})
	require.NoError(d.t, err)
	p := &player{store: newStore(), cable: &cable{}}
	chance := rand.New(rand.NewPCG(d.seed, n+1)) // the loop's alone
	p.client = New(Config{
		URL: "ws://hub.test/sync", Device: id, Build: "test", Boot: "boot", Hub: d.hub.SigningKey(),
		Sign: func(proof []byte) []byte { return ed25519.Sign(key, proof) }, Chance: chance.Float64,
		Log: slog.New(slog.DiscardHandler),
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			p.heard.Lock()
			p.dials = append(p.dials, time.Now())
			p.heard.Unlock()
			c, err := d.lines.Link().Dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return p.cable.over(c), nil
		},
	}, p.store, Events{
		Clock: func(time.Time) {
			p.heard.Lock()
			defer p.heard.Unlock()
			p.heard.clocks = append(p.heard.clocks, time.Now())
		},
		Link: func(live bool, _ time.Time) {
			p.heard.Lock()
			defer p.heard.Unlock()
			if p.heard.live = live; live {
				p.heard.ups = append(p.heard.ups, time.Now())
			} else if len(p.heard.ups) > 0 {
				p.heard.downs = append(p.heard.downs, time.Now())
			}
		},
	})
	ctx, cancel := context.WithCancel(d.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := p.client.Run(ctx); err != nil {
			d.t.Error(err)
		}
	}()
	p.end = func() {
		p.cable.up.Store(false)
		p.cable.down.Store(false)
		cancel()
		<-done
	}
	return p
}

// live reports whether the screen believes that it is.
func (p *player) live() bool {
	synctest.Wait()
	p.heard.Lock()
	defer p.heard.Unlock()
	return p.heard.live
}

// online reports whether the hub believes that a screen is there.
func (d *duet) online(id string) bool {
	synctest.Wait()
	all, err := d.hub.Screens(d.t.Context(), staff)
	require.NoError(d.t, err)
	return all[slices.IndexFunc(all, func(s hub.ScreenState) bool { return s.ID == id })].Online
}

// A cable loses what is sent over it in one direction or in both, without either
// end being told: what is written seems to have been sent, and an end that hangs
// up is not heard to.
type cable struct {
	up, down atomic.Bool
	full     atomic.Bool // what is written is not taken
}

type cabled struct {
	net.Conn
	cable  *cable
	once   sync.Once
	closed chan struct{}
	late   atomic.Pointer[time.Time] // nothing is read after that
	due    atomic.Pointer[time.Time] // nor written after that
}

func (c *cable) over(conn net.Conn) net.Conn {
	return &cabled{Conn: conn, cable: c, closed: make(chan struct{})}
}

// Write implements net.Conn.
func (c *cabled) Write(b []byte) (int, error) {
	switch {
	case c.cable.full.Load():
		at := c.due.Load()
		if at == nil || at.IsZero() {
			return 0, errors.New("a write without a deadline")
		}
		time.Sleep(time.Until(*at))
		return 0, os.ErrDeadlineExceeded
	case c.cable.up.Load():
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// Read implements net.Conn.
func (c *cabled) Read(b []byte) (int, error) {
	for {
		n, err := c.Conn.Read(b)
		switch {
		case !c.cable.down.Load(), errors.Is(err, os.ErrDeadlineExceeded):
			return n, err
		case err != nil:
			var late <-chan time.Time
			if at := c.late.Load(); at != nil && !at.IsZero() {
				late = time.After(time.Until(*at))
			}
			select {
			case <-c.closed:
				return 0, net.ErrClosed
			case <-late:
				return 0, os.ErrDeadlineExceeded
			}
		}
	}
}

// SetWriteDeadline implements net.Conn.
func (c *cabled) SetWriteDeadline(at time.Time) error {
	c.due.Store(&at)
	return c.Conn.SetWriteDeadline(at)
}

// SetDeadline implements net.Conn.
func (c *cabled) SetDeadline(at time.Time) error {
	c.late.Store(&at)
	c.due.Store(&at)
	return c.Conn.SetDeadline(at)
}

// Close implements net.Conn.
func (c *cabled) Close() error {
	c.once.Do(func() {
		close(c.closed)
		if c.cable.up.Load() { // the hub is not told
			_ = c.SetReadDeadline(time.Unix(1, 0))
			return
		}
		_ = c.Conn.Close()
	})
	return nil
}

// Issue 3, item 7: a day of nothing. The hub is heard every 25 seconds, give or
// take a fifth; the lease is never older than five minutes; after 12 hours, give
// or take a tenth, the screen proves anew who it is, and is back at once.
func TestDayOfHeartbeats(t *testing.T) {
	inDuet(t, 1, func(t *testing.T, d *duet) {
		p := d.run("scr-1", 0)
		require.True(t, p.live())
		began := time.Now()
		for range 24 * 12 {
			time.Sleep(5 * time.Minute)
			synctest.Wait()
			p.store.Lock()
			age := time.Since(p.store.lease.Issued())
			p.store.Unlock()
			require.LessOrEqual(t, age, 5*time.Minute+35*time.Second, "at %v", time.Since(began))
		}
		p.end()
		p.heard.Lock()
		defer p.heard.Unlock()
		for i := 1; i < len(p.heard.clocks); i++ {
			from, to := p.heard.clocks[i-1], p.heard.clocks[i]
			if away := func(at time.Time) bool { return at.After(from) && at.Before(to) }; slices.ContainsFunc(p.heard.downs, away) {
				continue
			}
			require.LessOrEqual(t, to.Sub(from), wire.PingInterval*6/5, "after %v", to.Sub(began))
		}
		require.InDelta(t, 24*3600/25+24*12, len(p.heard.clocks), 120, "with every ping and every lease")
		require.Contains(t, []int{2, 3}, len(p.heard.ups), "proved again twice at most")
		for i, at := range p.heard.downs[:len(p.heard.ups)-1] {
			require.InDelta(t, 12*time.Hour, at.Sub(p.heard.ups[i]), float64(72*time.Minute), "proved")
			require.Less(t, p.heard.ups[i+1].Sub(at), 31*time.Second, "back after what bye said")
		}
		require.Zero(t, d.hub.Resyncs())
	})
}

// Issue 3, item 7: a line that carries one direction only, or none, without
// being cut. Both ends notice within a minute, each by itself where it has to;
// with a touch on its way the screen notices after 20 seconds. When the line is
// whole again, the screen has what changed meanwhile.
func TestStalledLineIsNoticedAtBothEnds(t *testing.T) {
	for _, c := range []struct {
		name     string
		up, down bool
		touch    bool
		screen   time.Duration // the screen has noticed by then
	}{
		{"to the hub", true, false, false, time.Minute},
		{"to the screen", false, true, false, time.Minute},
		{"both ways", true, true, false, time.Minute},
		{"to the hub, with a touch", true, false, true, wire.ResultTimeout},
		{"to the screen, with a touch", false, true, true, wire.ResultTimeout},
	} {
		inDuet(t, 2, func(t *testing.T, d *duet) {
			p := d.run("scr-1", 0)
			time.Sleep(10 * time.Minute)
			require.True(t, p.live(), c.name)
			require.True(t, d.online("scr-1"), c.name)
			p.cable.up.Store(c.up)
			p.cable.down.Store(c.down)
			began := time.Now()
			if c.touch {
				p.store.enqueue()
				p.client.Touched(t.Context())
			}
			require.NoError(t, d.hub.Change(t.Context(), staff, func(ctx context.Context, e *hub.Edit) error {
				return hub.Alter(ctx, e, "r01", func(r *house.Resident) { r.Choices.Hidden = true })
			}))
			var hubNoticed, screenNoticed time.Duration
			for hubNoticed == 0 || screenNoticed == 0 {
				time.Sleep(time.Second)
				synctest.Wait()
				passed := time.Since(began)
				require.LessOrEqual(t, passed, wire.SilenceTimeout+time.Second, c.name)
				p.heard.Lock()
				down := len(p.heard.downs) > 0
				p.heard.Unlock()
				if screenNoticed == 0 && down {
					screenNoticed = passed
				}
				if hubNoticed == 0 && !d.online("scr-1") {
					hubNoticed = passed
				}
			}
			t.Logf("%s: the hub after %v, the screen after %v", c.name, hubNoticed, screenNoticed)
			require.LessOrEqual(t, screenNoticed, c.screen, c.name)
			p.cable.up.Store(false)
			p.cable.down.Store(false)
			time.Sleep(3 * time.Minute)
			require.True(t, p.live(), c.name)
			require.True(t, d.online("scr-1"), c.name)
			require.NotContains(t, p.store.names(), "Anna", c.name)
			require.Zero(t, d.hub.Resyncs(), c.name)
			p.end()
		})
	}
}

// Issue 3, item 7: a hub that takes nothing any more is given up after ten
// seconds; what was touched stays, and is said on the next connection.
func TestHubThatTakesNothingIsGivenUp(t *testing.T) {
	inDuet(t, 4, func(t *testing.T, d *duet) {
		p := d.run("scr-1", 0)
		time.Sleep(10 * time.Minute)
		require.True(t, p.live())
		p.cable.full.Store(true)
		began := time.Now()
		p.store.enqueue()
		p.client.Touched(t.Context())
		time.Sleep(wire.WriteTimeout - 1)
		require.True(t, p.live())
		time.Sleep(2 * time.Second) // in which it says goodbye in vain
		synctest.Wait()
		require.False(t, p.live())
		require.LessOrEqual(t, p.heard.downs[0].Sub(began), wire.WriteTimeout+time.Second)
		p.cable.full.Store(false)
		time.Sleep(time.Minute)
		require.True(t, p.live())
		require.Equal(t, wire.Rejected, p.store.result(1), "nobody of that name is there")
		p.end()
	})
}

// Issue 3, item 7: a hub that ends sends a thousand screens away and they come
// back when it said: after a second, spread over as long as they are at 300 a
// second, and never in step.
func TestThousandScreensComeBackSpread(t *testing.T) {
	const n, rate = 1000, 300
	inDuet(t, 3, func(t *testing.T, d *duet) {
		var screens []*player
		for i := range n {
			screens = append(screens, d.run(fmt.Sprint("wall-", i), uint64(i)))
		}
		time.Sleep(time.Minute)
		for _, p := range screens {
			require.True(t, p.live())
		}
		began := time.Now()
		d.stop()
		require.Zero(t, time.Since(began), "every screen left when it was asked to")
		d.open()
		time.Sleep(time.Minute)
		spread := time.Duration(n) * time.Second / rate
		var back []time.Duration
		for _, p := range screens {
			require.True(t, p.live())
			require.Len(t, p.dials, 2, "came back once")
			back = append(back, p.dials[1].Sub(began))
		}
		slices.Sort(back)
		require.GreaterOrEqual(t, back[0], time.Second)
		require.LessOrEqual(t, back[n-1], time.Second+spread)
		for at := time.Second; at+time.Second <= time.Second+spread; at += time.Second / 4 {
			within := 0
			for _, b := range back {
				if b >= at && b < at+time.Second {
					within++
				}
			}
			require.InDelta(t, rate, within, rate/5, "in the second from %v", at)
		}
		require.Zero(t, d.hub.Resyncs())
		for _, p := range screens {
			p.end()
		}
	})
}

// A channel that takes what it is told lives, connected or not; one that waits for a
// disk that does not answer does not; and one that has ended is not stuck.
func TestChannelThatIsStuckDoesNotLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		c := New(Config{URL: "wss://hub.example/sync", Chance: func() float64 { return .5 }, Log: slog.New(slog.DiscardHandler), Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("no network")
		}}, newStore(), Events{Link: func(bool, time.Time) { <-hold }})
		alive := func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			return c.Alive(ctx)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		require.False(t, alive())
		close(hold)
		require.True(t, alive())
		cancel()
		require.NoError(t, <-done)
		require.True(t, alive())
	})
}

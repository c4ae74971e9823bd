// Package client is the screen's end of the channel: it drives a
// session.Device over a real connection, keeps the store and the session in
// step, and fetches pictures. It decides nothing about the protocol; that is
// sync/session's.
package client

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// Config says who this screen is and where its hub is.
type Config struct {
	URL    string                    // wss://host[:port]/sync
	Device string                    // this screen's name at the hub
	Sign   func(proof []byte) []byte // by its Ed25519 key
	TLS    *tls.Config               // see [Pinned]
	Hub    ed25519.PublicKey         // by which the hub signs; nil: what it says first
	Build  string                    // program, version and platform, for the hub's fleet view
	Boot   string                    // random per start
	Chance func() float64            // in [0, 1); spreads reconnects

	// Dial opens a TCP connection; nil is the network.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	Log *slog.Logger
}

// A Store is what the client keeps in step with the hub; player/cache is one.
// Every method is durable when it returns.
type Store interface {
	// Stored returns what is on disk now, and Outbox the part of it that people
	// touched.
	Stored() session.Stored
	Outbox() []session.Entry
	// Enter notes whose board is stored from now on, after it has destroyed, with
	// wipe, everything but the outbox.
	Enter(board record.BoardID, wipe bool) error
	// Apply stores ops and the position at, together or not at all.
	Apply(ops []record.Op, at record.Position, replace bool) error
	// Settle stores results; Reopen makes answered mutations wait again.
	Settle(results []wire.Result) error
	Reopen(above uint64) error
	// Reinstall starts a new installation and numbers what waits from 1.
	Reinstall() (inst string, outbox []session.Entry, next uint64, err error)
	// SetLease stores a renewed lease, and what the hub's clock read then. One
	// that cannot be stored holds until the next start all the same.
	SetLease(l wire.Lease, hub time.Time) error
	// Wipe destroys the keys, then the data. When it fails it is called again.
	Wipe() error
	// MissingPhotos lists pictures that rows refer to and that are not here.
	MissingPhotos() []record.AssetID
	// PutPhoto stores a picture. Its content is what its ID says.
	PutPhoto(id record.AssetID, content []byte) error
}

// Events is what the client tells its owner. They are called from Run, one at a
// time, and must not block; nil ones are skipped.
type Events struct {
	// Link says whether the screen is live, and since when it is not.
	Link func(live bool, downSince time.Time)
	// Clock says what the hub's clock reads at this moment.
	Clock func(hubTime time.Time)
	// Trust says by what the hub is known from now on. It may be the same as
	// before; it is said with every connection.
	Trust func(k wire.Keys)
	// Lease says that the lease was renewed.
	Lease func(l wire.Lease)
	// Wiped says that the hub revoked this screen and everything is gone. Run
	// returns after it.
	Wiped func()
	// Obey carries out a command other than wipe and says what became of it.
	Obey func(c wire.Cmd) (status, info string)
}

// Client is the screen's end of the channel.
type Client struct {
	cfg    Config
	store  Store
	events Events
	todo   chan func(*loop) // what others want of the loop
	pulse  chan struct{}    // taken by a loop that lives
	over   chan struct{}    // closed when the loop has ended
	photos chan struct{}    // wakes the picture fetcher

	// assets says where pictures are while the screen is connected, and nothing
	// while it is not: a hub that is down is not asked for pictures either.
	assets struct {
		sync.Mutex
		wire.Assets
	}
}

// New returns a client; Run runs it, once.
func New(cfg Config, store Store, events Events) *Client {
	return &Client{
		cfg: cfg, store: store, events: events,
		todo: make(chan func(*loop), 64), pulse: make(chan struct{}), over: make(chan struct{}), photos: make(chan struct{}, 1),
	}
}

// Device returns by what name the screen is known.
func (c *Client) Device() string { return c.cfg.Device }

// Run keeps the screen connected until ctx ends or the hub revokes it. When it
// returns, everything it started has ended.
func (c *Client) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { c.fetchPhotos(ctx) })
	err := c.loop(ctx, &wg)
	cancel()
	close(c.over)
	wg.Wait()
	return err
}

// do hands f to the loop. It is dropped when the loop has ended.
func (c *Client) do(ctx context.Context, f func(*loop)) {
	select {
	case c.todo <- f:
	case <-c.over:
	case <-ctx.Done():
	}
}

// Alive reports whether the loop is not stuck: it takes a message before ctx ends. A
// loop that has ended is not stuck either.
func (c *Client) Alive(ctx context.Context) bool {
	select {
	case c.pulse <- struct{}{}:
	case <-c.over:
	case <-ctx.Done():
		return false
	}
	return true
}

// Shown says that a frame on the glass reflects the board at p.
func (c *Client) Shown(ctx context.Context, p record.Position) {
	c.do(ctx, func(l *loop) { l.run(l.device.Shown(l.now(), p)) })
}

// Forgot says that answered mutations below seq are no longer kept.
func (c *Client) Forgot(ctx context.Context, seq uint64) {
	c.do(ctx, func(l *loop) { l.device.Forgot(seq) })
}

// Report says how the screen is. The hub is told now and then.
func (c *Client) Report(ctx context.Context, s wire.Stat) {
	c.do(ctx, func(l *loop) { l.run(l.device.Reported(l.now(), s)) })
}

// Reload says that the store is not as the session left it, such as after its
// keys were destroyed. The connection is begun anew from what it has now.
func (c *Client) Reload(ctx context.Context) {
	c.do(ctx, func(l *loop) {
		l.device.Restore(l.store.Stored())
		if l.conn != nil {
			l.lost(0)
		}
	})
}

func (c *Client) transport() *http.Transport {
	return &http.Transport{
		DialContext:         c.cfg.Dial,
		TLSClientConfig:     c.cfg.TLS,
		TLSHandshakeTimeout: wire.HandshakeTimeout,
		MaxIdleConns:        2,
		IdleConnTimeout:     30 * time.Second,
	}
}

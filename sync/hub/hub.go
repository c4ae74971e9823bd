// Package hub is the server's end of the channel. It keeps the houses, makes
// from them what each wall screen may show, pushes every change to the screens
// it concerns, and takes what people touch there.
//
// A change is one transaction: the records, the boards made from them and the
// revisions under which screens hear of it are committed together, so nobody is
// visible on any board after a committed wish to be hidden. What leaves the hub
// is a board's rows and pictures, and nothing else of a house.
//
// It does not decide who may be shown (sync/policy), what a board is made of
// (project), what is remembered and how (store), or how the channel behaves
// (sync/session); it drives them.
package hub

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tavle/assets/photo"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// Options say how a hub behaves.
type Options struct {
	// Hosts are the names and addresses under which screens reach the hub, one
	// to [session.MaxHosts]. A screen's proof holds the one it dialled; no other
	// is taken.
	Hosts []string

	// Mask and Wipe are the lease: how long a screen without the hub may show
	// people, and keep them; from MinMask to MaxMask, and from Mask to MaxWipe.
	// Zero: 72 hours and 30 days.
	Mask, Wipe time.Duration

	// Shrink makes of a picture as it was brought, in whatever format, a JPEG
	// of display size without metadata. Nil: [photo.Shrink].
	Shrink func(raw []byte) ([]byte, error)

	// Pins are the TLS keys of this hub, as [Pin] writes them: the one in use and
	// the next; [TLS.Pins] are. Screens are told, and go on to know the hub when it
	// changes its key. Nil: somebody else speaks TLS for this hub, and nothing is said
	// of it.
	Pins func() []string

	// Ledger is a file that the ledger of erasures is kept in besides the store, so
	// that it outlives it; "": none.
	Ledger string
	// Search counts in the bytes of the database how often any of these values
	// stands there, and the bytes. Nil: it is not looked.
	Search func(ctx context.Context, values []string) (found int, size int64, err error)
	// KeepBackups is how long a backup is kept; zero: 35 days. Build says which
	// build this is. Both stand in certificates of erasure.
	KeepBackups time.Duration
	Build       string

	Now    func() time.Time // nil: time.Now
	Chance func() float64   // in [0, 1); nil: random
	Log    *slog.Logger     // nil: nothing is logged
}

// The bounds between which a controller chooses the lease, and the defaults.
const (
	MinMask     = wire.MinMask
	MaxMask     = wire.MaxMask
	MaxWipe     = wire.MaxWipe
	DefaultMask = 72 * time.Hour
	DefaultWipe = 30 * 24 * time.Hour

	DefaultKeepBackups = 35 * 24 * time.Hour
)

// Hub is the server's end of the channel.
type Hub struct {
	store  store.Store
	opt    Options
	log    *slog.Logger
	tokens tokens
	meters *meters
	signer ed25519.PrivateKey // see [Hub.SigningKey]

	manager http.Handler // see [Hub.Staffed]; nil: there is none

	resyncs atomic.Int64
	work    sync.WaitGroup // connections
	denials denials

	feeds     feeds
	clients   clients
	healths   healths
	notes     notes
	writers   *writers
	crowds    *crowds
	greetings chan *greeting
	clock     clock
	ledger    sync.Mutex // held while its file is written
	pairs     pairs
	others    *others
}

// Hosts returns under which names screens reach this hub.
func (h *Hub) Hosts() []string { return slices.Clone(h.opt.Hosts) }

// Pins returns by which keys screens know this hub, as they are configured: those of
// its TLS, if it speaks that itself, and the one by which it signs.
func (h *Hub) Pins() []string {
	return append(slices.Clone(h.opt.Pins()), wire.SigningPin(h.SigningKey()))
}

// New returns a hub on a store; Run runs it.
func New(ctx context.Context, s store.Store, o Options) (*Hub, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Chance == nil {
		o.Chance = mathrand.Float64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Pins == nil {
		o.Pins = func() []string { return nil }
	}
	if o.Shrink == nil {
		o.Shrink = photo.Shrink
	}
	if o.Mask == 0 {
		o.Mask = DefaultMask
	}
	if o.KeepBackups == 0 {
		o.KeepBackups = DefaultKeepBackups
	}
	if o.Wipe == 0 {
		o.Wipe = DefaultWipe
	}
	switch {
	case len(o.Hosts) == 0 || slices.Contains(o.Hosts, ""):
		return nil, errors.New("hub: no host name")
	case len(o.Hosts) > session.MaxHosts:
		return nil, fmt.Errorf("hub: %d host names; want at most %d", len(o.Hosts), session.MaxHosts)
	case o.Mask < MinMask || o.Mask > MaxMask:
		return nil, fmt.Errorf("hub: lease of %v; want %v to %v", o.Mask, MinMask, MaxMask)
	case o.Wipe < o.Mask || o.Wipe > MaxWipe:
		return nil, fmt.Errorf("hub: wipe after %v; want %v, the lease, to %v", o.Wipe, o.Mask, MaxWipe)
	}
	h := &Hub{opt: o, log: o.Log}
	h.meters = newMeters(h)
	h.store = timedStore{s, h.meters}
	h.others = newOthers(s)
	h.notes.wake = make(chan struct{}, 1)
	h.writers = newWriters((*conn).write)
	h.crowds = newCrowds(debug.FreeOSMemory)
	h.greetings = make(chan *greeting, maxStrangers)
	err := s.Update(ctx, h.itself(), func(tx store.Tx) error {
		key, err := tx.Secret(ctx, "asset-token", random(32))
		if err == nil {
			h.tokens = tokens{key}
			h.signer, err = signingKey(ctx, tx)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("hub: %w", err)
	}
	return h, nil
}

// Run serves screens until ctx ends, then sends them away and waits for
// everything the hub started. Before it runs, the handler answers 503.
func (h *Hub) Run(ctx context.Context) error {
	var own sync.WaitGroup
	own.Go(func() { h.keepNotes(ctx) })
	own.Go(func() { h.keepTime(ctx) })
	own.Go(func() { h.keepUp(ctx) })
	own.Go(func() { h.crowds.keepSmall(ctx) })
	if h.others.Notifier != nil {
		own.Go(func() { h.keepTelling(ctx) })
		own.Go(func() { h.keepListening(ctx) })
	}
	over := make(chan struct{})
	own.Go(func() { h.keepGreeting(over) })
	h.clients.setOpen(true)
	<-ctx.Done()
	h.clients.setOpen(false)
	h.drain()
	h.work.Wait()
	h.writers.stop()
	close(over)
	own.Wait()
	h.sumUp(context.WithoutCancel(ctx))
	return nil
}

// now reads the hub's clock.
func (h *Hub) now() time.Time { return h.opt.Now() }

// itself is the hub at its own work: it sees screens and boards, no records.
func (h *Hub) itself() store.Actor { return store.Actor{Kind: store.ByHub, At: h.now()} }

// grant returns what a screen that shows a board is given from now on.
func (h *Hub) grant(to holder) session.Grant {
	return session.Grant{Lease: h.lease(to.device, to.board), Keys: h.keys(to.device), Assets: h.assets(to)}
}

// terms returns on which a screen is lent the right to show people.
func (h *Hub) terms() store.Terms { return store.Terms{Mask: h.opt.Mask, Wipe: h.opt.Wipe} }

// lease returns a fresh lease for a screen that shows a board.
func (h *Hub) lease(device string, board record.BoardID) wire.Lease {
	l := wire.Lease{
		IssuedMS: h.now().UnixMilli(),
		MaskS:    int64(h.opt.Mask / time.Second),
		WipeS:    int64(h.opt.Wipe / time.Second),
	}
	return l.Signed(h.sign, device, board)
}

// Resyncs returns how often a screen asked for a whole board because what it
// got did not fit. In a healthy system it is 0.
func (h *Hub) Resyncs() int64 { return h.resyncs.Load() }

// random returns n random bytes.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails
	return b
}

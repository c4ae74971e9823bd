// Package player is one running screen: it owns the goroutines, reads the
// clock, keeps cache, board and glass in step and performs what player/ui asks
// for. It decides nothing about what is shown; that is player/board's and
// player/ui's.
package player

import (
	"context"
	"fmt"
	"image"
	"log/slog"
	"time"

	"tavle/player/board"
	"tavle/player/bond"
	"tavle/player/cache"
	"tavle/player/lease"
	"tavle/player/network"
	"tavle/player/seal"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/player/vitals"
	"tavle/player/voice"
	"tavle/render/glass"
	"tavle/render/motion"
	"tavle/render/text"
	"tavle/sync/client"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Config says what a player is made of. It owns none of it.
type Config struct {
	Cache     *cache.Cache
	Pictures  *Pictures // of the cache; what the presenter was given
	Presenter glass.Presenter
	Hub       client.Config // with no URL the screen has no hub; Sign is made of Secret

	// A screen without a name at its hub (Hub.Device) is paired with it, and keeps
	// in Bond what comes of that. Pins are the hub's TLS keys where they are known
	// beforehand; without any, whoever types the code finds out.
	Bond    bond.File
	Pins    []string
	Version string // of the program, in a word

	// Secret is the device secret: what a hub knows the screen by comes of it. It
	// may be another after the hub had the screen wiped.
	Secret seal.Provider

	// Trust keeps what the hub of a screen with a name says it is known by from now
	// on; nil: nobody does. It is called by the client, one time after the other.
	Trust func(wire.Keys)

	// Voice speaks and chimes; nil: the wall is silent.
	Voice *voice.Voice

	Look Look
	Log  *slog.Logger

	// MM says how large a panel of so many pixels really is, in millimetres, or
	// nothing; nil: what the panel says of itself.
	MM func(px image.Point) image.Point

	// Vitals reads how the machine is, for the hub, in however long it takes; nil:
	// the hub is not told how the screen is.
	Vitals func() vitals.Vitals

	// Now reads the machine's clock; nil is time.Now. TimeSet says that
	// something sets that clock (NTP, a battery), so that it can be believed.
	Now     func() time.Time
	TimeSet bool
}

// Look is what can be changed while the player runs.
type Look struct {
	Lang  string      // one of lang.Tags; "": the house's own
	Theme *look.Theme // nil: by the time of day
	Edges bool        // borders round what is lifted, in any colours
	Hours ui.Hours    // zero: the usual ones
	Ease  ui.Ease     // zero: as it is without a word
	Stays ui.Stays    // zero: as long as is usual
	Sound ui.Sound    // what may be heard, where it can be
	Text  look.TextMode

	ReadKey string // the name of a key that has the page read; "": none

	// Distance of the eyes, and height of the panel's lower edge above the floor,
	// in millimetres; 0: as is usual, and not known.
	Distance, Bottom int

	Motion motion.Style // how much moves, where the machine keeps up with it
}

// Player is one running screen. Make it with [New], run it with Run.
type Player struct {
	cfg    Config
	log    *slog.Logger
	kit    *ui.Kit
	store  store
	client *client.Client      // nil: no hub
	known  Identity            // by which the client is known
	looks  chan network.Target // one that waits
	inbox  *mailbox            // what the client and others want of the loop

	// The rest belongs to the loop.
	model   ui.Model
	board   *board.Board
	facts   *record.Facts // the board was made from
	clock   lease.Clock
	lease   lease.State
	contact time.Time // trusted time the hub was last heard
	told    time.Time // trusted time the wall was last told
	toldAt  time.Time // and the machine's then
	saved   time.Time // machine's time the clock's floor was last stored
	reproj  time.Time // machine's time the board has to be made again; zero: never
	screen  shown
	moving  moving
	speech  speech
	settled settler
	wedge   wedge
	dirty   bool     // the model may have changed since it was drawn
	revoked bool     // by the hub: the client has ended
	pairing *pairing // nil: it is not under way
	rejoin  bool     // the screen has become the hub's
	health  health
}

const (
	// artBytes is what icons, pictograms and skies may take in memory: those of
	// a few pages of a 4K panel.
	artBytes = 24 << 20

	// photoBytes is the least that photos may take: two screens full, on the
	// design's panel. On a larger one it is two screens full of that.
	photoBytes = 2 * 4 * 1920 * 1080

	// saveEvery is how often the clock and the lease are written down.
	saveEvery = time.Hour
)

// New returns a player; nothing happens before Run.
func New(cfg Config) (*Player, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.MM == nil {
		cfg.MM = func(image.Point) image.Point { return image.Point{} }
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	fonts, err := text.New()
	if err != nil {
		return nil, fmt.Errorf("fonts: %w", err)
	}
	p := &Player{cfg: cfg, store: store{Cache: cfg.Cache}, log: cfg.Log, kit: ui.NewKit(fonts, cfg.Pictures.art), inbox: newMailbox(), looks: make(chan network.Target, 1)}
	if cfg.Hub.URL != "" {
		if p.known, err = IdentityOf(cfg.Secret); err != nil {
			return nil, err
		}
		p.join()
	}
	return p, nil
}

// newClient returns a client of a hub that is known as this screen is now.
func (p *Player) newClient(cfg client.Config, trust func(wire.Keys)) *client.Client {
	now := p.cfg.Now
	cfg.Sign = p.known.Sign
	return client.New(cfg, &p.store, client.Events{
		Link:  func(live bool, since time.Time) { p.inbox.put(func() { p.linkChanged(live, since) }) },
		Clock: func(hub time.Time) { now := now(); p.inbox.put(func() { p.heard(hub, now) }) },
		Lease: func(wire.Lease) { p.inbox.put(p.leaseRenewed) },
		Wiped: func() { p.inbox.put(p.wiped) },
		Trust: trust,
		Obey:  p.obey,
	})
}

// Change applies another look while the player runs. It may be called from any
// goroutine.
func (p *Player) Change(l Look) {
	p.inbox.put(func() {
		p.cfg.Look = l
		p.dress()
		if panel := p.panel(p.cfg.Presenter.Panel()); panel != p.model.Panel {
			p.step(context.Background(), ui.Resized{Panel: panel})
		}
	})
}

// Alive reports whether the wall is not stuck: before ctx ends its loop has shown, or
// tried to show, what there was to show, and its channel to the hub, if it has one,
// takes what it is told. It may be called from any goroutine.
func (p *Player) Alive(ctx context.Context) bool {
	channel := make(chan *client.Client, 1)
	p.inbox.put(func() { channel <- p.client })
	select {
	case c := <-channel:
		return c == nil || c.Alive(ctx)
	case <-ctx.Done():
		return false
	}
}

// LetGo lets go of what the caches keep, all of which can be had again: photos,
// drawings, and words set in type. It may be called from any goroutine.
func (p *Player) LetGo() {
	p.inbox.put(func() {
		p.cfg.Pictures.photos.Clear()
		p.cfg.Pictures.art.Forget()
		p.kit.Text.Forget()
	})
}

package player

// A screen that knows its hub's address and nothing else is paired: it shows a
// code (player/ui/pairing.go), the client asks (sync/client/pair.go), and what
// comes of it is kept (player/bond):
//
//	join: a bond that holds? → a client, as ever
//	      else pair → pairingChanged … paired → join
//	wiped → the bond is forgotten, the key is another → join

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"slices"
	"strings"

	"tavle/player/bond"
	"tavle/player/ui"
	"tavle/sync/client"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// join makes the client of the hub this screen belongs to. There is none while it
// has to be paired, or has no hub.
func (p *Player) join() {
	p.client = nil
	hub, trust := p.cfg.Hub, p.cfg.Trust
	if hub.URL == "" {
		return
	}
	if hub.Device == "" {
		b, ok := p.bonded()
		if !ok {
			return
		}
		pins := client.NewPins(b.Pins...)
		hub.Device, hub.TLS, hub.Hub, trust = b.Device, pins.TLS(), b.Signer, p.learner(b, pins)
	}
	p.client = p.newClient(hub, trust)
}

// learner returns what keeps by what the hub of bond b says it is known from now
// on.
func (p *Player) learner(b bond.Bond, pins *client.Pins) func(wire.Keys) {
	return func(k wire.Keys) {
		pins.Learn(k.TLS)
		if slices.Equal(pins.List(), b.Pins) {
			return
		}
		next := b
		next.Pins = pins.List()
		if err := p.cfg.Bond.Store(next); err != nil {
			p.log.Warn("what the hub says of its keys could not be kept", "error", err)
			return
		}
		b = next
		p.log.Info("hub is known by other keys", "pins", len(b.Pins)) // which they are is in the bond: text that is made of chance can spell a name
	}
}

// bonded returns the bond that holds for this screen and its hub. One that is
// damaged, another's or another hub's is as good as none: the hub knows the
// screen by its key, and tells again.
func (p *Player) bonded() (bond.Bond, bool) {
	b, err := p.cfg.Bond.Load()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.log.Warn("bond cannot be used, the screen pairs again", "error", err)
	}
	return b, err == nil && b.Holds(p.known.Public(), p.cfg.Hub.URL) && slices.Equal(b.Configured, p.cfg.Pins)
}

// unpaired reports whether the screen has a hub to be paired with.
func (p *Player) unpaired() bool {
	return p.client == nil && p.cfg.Hub.URL != "" && p.cfg.Hub.Device == ""
}

// pair asks the hub to let this screen in, until it does or ctx ends.
func (p *Player) pair(ctx context.Context, as Identity) {
	hub := p.cfg.Hub
	p.log.InfoContext(ctx, "pairing begins", "screen", wire.Fingerprint(as.Public()))
	paired, err := client.Pair(ctx, client.PairConfig{
		URL: hub.URL, Key: as.Public(), Sign: as.Sign, Pins: p.cfg.Pins, Signer: hub.Hub, Build: hub.Build, Chance: hub.Chance, Dial: hub.Dial, Log: p.log,
	}, client.PairEvents{
		Status: func(s session.PairStatus, from string) { p.inbox.put(func() { p.pairingChanged(s, from) }) },
		Keep: func(t session.Terms) error {
			return p.cfg.Bond.Store(bond.Bond{
				Hub: hub.URL, Device: t.Device, Screen: as.Public(), Pins: t.Pins, Signer: t.Signer, Configured: p.cfg.Pins,
			})
		},
	})
	switch {
	case err != nil:
		p.log.ErrorContext(ctx, "pairing ended", "error", err)
	case paired:
		p.inbox.put(p.paired)
	}
}

// A pairing is how far the screen is from belonging to a hub.
type pairing struct {
	session.PairStatus
	from string // this machine's address
}

// pairingChanged shows how far pairing is.
func (p *Player) pairingChanged(s session.PairStatus, from string) {
	p.pairing = &pairing{s, from}
	p.showPairing()
}

// showPairing says how far pairing is, by the clock as it is now: on a machine
// without one it may have been set since.
func (p *Player) showPairing() {
	s := p.pairing
	if s == nil {
		return
	}
	key, now := p.known.Public(), p.cfg.Now()
	at := p.clock.At(now)
	host := ""
	if u, err := url.Parse(p.cfg.Hub.URL); err == nil {
		host = u.Host
	}
	print := wire.Fingerprint(key)
	shown := &ui.Pairing{
		Code: string(s.Code), Obstacle: obstacles[s.Trouble], Hub: host, Screen: wire.Nickname(key), Key: print,
		Address: s.from, Version: p.cfg.Version,
	}
	if s.Code != "" {
		shown.From, shown.Until = at.Add(s.From.Sub(now)), at.Add(s.Until.Sub(now))
		shown.Link = (&url.URL{
			Scheme: "https", Host: host, Path: wire.PairPage, Fragment: s.ID + "." + strings.ReplaceAll(print, " ", ""),
		}).String()
	}
	p.step(context.Background(), ui.PairingChanged{Pairing: shown})
}

// obstacles are the troubles as the wall says them.
var obstacles = map[session.PairTrouble]ui.Obstacle{
	session.PairUnreachable: ui.HubAway, session.PairUntrusted: ui.HubUntrusted, session.PairBusy: ui.HubBusy,
	session.PairUnable: ui.HubUnable, session.PairBetween: ui.HubBetween, session.PairMisnamed: ui.HubMisnamed,
	session.PairDenied: ui.HubDenied, session.PairGuessed: ui.HubGuessed, session.PairFull: ui.NotStored,
}

// paired is the end of pairing: the bond is on disk.
func (p *Player) paired() {
	p.pairing, p.rejoin = nil, true
	p.step(context.Background(), ui.PairingChanged{})
}

package main

import (
	"crypto/ed25519"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"tavle/config"
	"tavle/player"
	"tavle/player/bond"
	"tavle/sync/client"
	"tavle/sync/wire"
)

// A trust is by what this screen knows its hub: what it was configured with, until
// the hub has said otherwise and the bond holds that.
type trust struct {
	cfg  *config.Player
	file bond.File
	log  *slog.Logger

	signer ed25519.PublicKey // nil: it takes the first the hub says
	pins   *client.Pins
}

// trusted returns by what the screen knows the hub it is configured for. A bond
// that does not count, or cannot be read, is as none.
func trusted(cfg *config.Player, log *slog.Logger) (*trust, error) {
	t := &trust{cfg: cfg, file: bond.File{Path: filepath.Join(cfg.State, "bond")}, log: log}
	var pins []string
	for _, p := range cfg.Hub.Pins {
		if !strings.HasPrefix(p, config.SigningPin) {
			pins = append(pins, p)
			continue
		}
		var err error
		if t.signer, err = wire.ParseSigningPin(p); err != nil {
			return nil, err
		}
	}
	t.pins = client.NewPins(pins...)
	if cfg.Hub.URL == "" {
		return t, nil
	}
	identity, err := player.IdentityOf(secretOf(cfg))
	if err != nil {
		return nil, err
	}
	b, err := t.file.Load()
	switch {
	case err == nil && t.counts(b, identity):
		t.signer, t.pins = b.Signer, client.NewPins(b.Pins...)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		log.Warn("what the hub said of its keys is lost; the configuration counts", "error", err)
	}
	return t, nil
}

// counts reports whether b goes on from what the screen is configured with.
func (t *trust) counts(b bond.Bond, identity player.Identity) bool {
	return b.Holds(identity.Public(), t.cfg.Hub.URL) && b.Device == t.cfg.Device && slices.Equal(b.Configured, t.cfg.Hub.Pins)
}

// learn keeps what the hub says it is known by from now on. A screen that knows it
// by what an authority says keeps nothing: that holds as well the next time.
func (t *trust) learn(k wire.Keys) {
	t.pins.Learn(k.TLS)
	pins := t.pins.List()
	if len(pins) == 0 {
		return
	}
	if err := t.keep(k.Signing, pins); err != nil {
		t.log.Warn("what the hub says of its keys could not be kept", "error", err)
	}
}

func (t *trust) keep(signing string, pins []string) error {
	signer, err := wire.ParseSigningPin(signing)
	if err != nil {
		return err
	}
	identity, err := player.IdentityOf(secretOf(t.cfg))
	if err != nil {
		return err
	}
	next := bond.Bond{
		Hub: t.cfg.Hub.URL, Device: t.cfg.Device, Screen: identity.Public(), Pins: pins, Signer: signer, Configured: t.cfg.Hub.Pins,
	}
	if b, err := t.file.Load(); err == nil && t.counts(b, identity) && slices.Equal(b.Pins, pins) && b.Signer.Equal(signer) {
		return nil
	}
	if err := t.file.Store(next); err != nil {
		return err
	}
	t.log.Info("hub is known by other keys", "keys", len(pins))
	return nil
}

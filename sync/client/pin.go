package client

import (
	"crypto/tls"
	"errors"
	"slices"
	"sync"

	"tavle/sync/wire"
)

// ErrPin is what a connection fails with when the hub's key is not one that this
// screen knows it by.
var ErrPin = errors.New("the hub's key is not one that this screen was given; if the hub changed it while this screen was off, it needs what tavle-hub pin prints as its hub.pins")

// Pins are the keys a screen knows its hub by: the one in use and the next. They
// may change while connections are made; each is judged by what they are then.
type Pins struct {
	mu   sync.RWMutex
	list []string
}

// NewPins returns these pins. With none, the system's certificate authorities
// decide, now and later.
func NewPins(pins ...string) *Pins { return &Pins{list: pins} }

// Learn takes what the hub says it is known by from now on. Whoever knows it by
// what an authority says, and not by pins, goes on to.
func (p *Pins) Learn(pins []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.list) > 0 && len(pins) > 0 {
		p.list = slices.Clone(pins)
	}
}

// List returns the pins.
func (p *Pins) List() []string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.list
}

// TLS returns a configuration that speaks TLS 1.3 with a hub whose key is one of
// the pins, whoever signed its certificate.
func (p *Pins) TLS() *tls.Config {
	cfg := &tls.Config{MinVersion: tls.VersionTLS13}
	if len(p.List()) == 0 {
		return cfg
	}
	cfg.InsecureSkipVerify = true // the key itself is checked below
	cfg.VerifyConnection = func(s tls.ConnectionState) error {
		if len(s.PeerCertificates) > 0 && slices.Contains(p.List(), wire.Pin(s.PeerCertificates[0].RawSubjectPublicKeyInfo)) {
			return nil
		}
		return ErrPin
	}
	return cfg
}

// Pinned returns the TLS configuration of a hub that is known by pins which never
// change; see [Pins.TLS].
func Pinned(pins ...string) *tls.Config { return NewPins(pins...).TLS() }

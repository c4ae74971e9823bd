package client

import (
	"crypto/tls"
	"errors"
	"slices"

	"tavle/sync/wire"
)

// ErrPin is what a connection fails with when the hub's key is not the one this
// screen was paired with.
var ErrPin = errors.New("the hub's key is not the one this screen was given")

// Pinned returns a TLS configuration that speaks TLS 1.3 with a hub whose key
// is one of pins (the current one and the next), whoever signed its
// certificate. Without pins the system's certificate authorities decide.
func Pinned(pins ...string) *tls.Config {
	cfg := &tls.Config{MinVersion: tls.VersionTLS13}
	if len(pins) == 0 {
		return cfg
	}
	cfg.InsecureSkipVerify = true // the key itself is checked below
	cfg.VerifyConnection = func(s tls.ConnectionState) error {
		if len(s.PeerCertificates) > 0 && slices.Contains(pins, wire.Pin(s.PeerCertificates[0].RawSubjectPublicKeyInfo)) {
			return nil
		}
		return ErrPin
	}
	return cfg
}

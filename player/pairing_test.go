package player

import (
	"bytes"
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/bond"
	"tavle/player/seal"
	"tavle/player/ui"
	"tavle/sync/client"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// withoutName makes a wall that has a hub's address and no name there; nobody
// answers.
func withoutName(t *testing.T) func(*Config) {
	path := filepath.Join(t.TempDir(), "bond")
	key, err := seal.KeyOf(bytes.Repeat([]byte{1}, seal.KeySize))
	require.NoError(t, err)
	return func(cfg *Config) {
		cfg.Hub.URL, cfg.Hub.Chance, cfg.Hub.Log = "wss://hub.test/sync", func() float64 { return 0.5 }, cfg.Log
		cfg.Hub.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("nobody") }
		cfg.Bond, cfg.Secret = bond.File{Path: path}, seal.NewInMemory(key)
	}
}

// Goal 3: a house that is known is shown while the hub is away, and gives way to
// a code. The code speaks the language that is chosen before it, the house its
// own.
func TestCodeCoversTheHouseWhileThereIsOne(t *testing.T) {
	edit := withoutName(t)
	alone(t, small, portraits(t, 1), func(t *testing.T, l *lone) {
		l.pass(time.Minute)
		require.Contains(t, l.screen.Frame().Texts(), "Hjem")
		now := time.Now()
		said := session.PairStatus{Code: "7KX94P", ID: "id", From: now, Until: now.Add(wire.PairLife)}
		l.inbox.put(func() { l.pairingChanged(said, "192.0.2.1") })
		l.pass(time.Second)
		require.Contains(t, l.screen.Frame().Texts(), "Skriv koden på hubben")
		require.NotContains(t, l.screen.Frame().Texts(), "Hjem")
		l.tap(t, ui.Speak{To: "nb"})
		require.Contains(t, l.screen.Frame().Texts(), "Skriv koden på huben")
		l.pass(2 * time.Minute)
		require.NotContains(t, l.screen.Frame().Texts(), "Hjem")
		l.inbox.put(func() { l.pairingChanged(said, "192.0.2.1") })
		l.pass(10 * time.Second)
		require.Contains(t, l.screen.Frame().Texts(), "Skriv koden på huben", "it stays")
		l.inbox.put(func() { l.pairingChanged(session.PairStatus{Trouble: session.PairUnreachable}, "") })
		l.pass(2 * time.Minute)
		require.Contains(t, l.screen.Frame().Texts(), "Hjem")
	}, edit)
}

// A bond counts for one key, one hub, and what the screen is configured to
// expect; what the hub says of its keys later is kept in it.
func TestBondThatCounts(t *testing.T) {
	edit := withoutName(t)
	pin, next := wire.Pin([]byte("now")), wire.Pin([]byte("next"))
	alone(t, small, nil, func(t *testing.T, l *lone) {
		require.Nil(t, l.client)
		b := bond.Bond{Hub: l.cfg.Hub.URL, Device: "hall", Screen: l.known.Public(), Pins: []string{pin}, Signer: l.known.Public()}
		_, ok := l.bonded()
		require.False(t, ok)
		require.NoError(t, l.cfg.Bond.Store(b))
		got, ok := l.bonded()
		require.True(t, ok)
		require.Equal(t, "hall", got.Device)

		for name, spoil := range map[string]func(*bond.Bond){
			"another screen's": func(b *bond.Bond) { b.Screen = bytes.Repeat([]byte{7}, 32) },
			"another hub's":    func(b *bond.Bond) { b.Hub = "wss://other.test/sync" },
			"other pins":       func(b *bond.Bond) { b.Configured = []string{pin} },
		} {
			other := b
			spoil(&other)
			require.NoError(t, l.cfg.Bond.Store(other))
			_, ok := l.bonded()
			require.False(t, ok, name)
		}
	}, edit)

	alone(t, small, nil, func(t *testing.T, l *lone) {
		require.NotNil(t, l.client, "it is paired")
		require.Equal(t, "hall", l.client.Device())
		b, ok := l.bonded()
		require.True(t, ok)
		pins := client.NewPins(b.Pins...)
		l.learner(b, pins)(wire.Keys{TLS: []string{pin, next}})
		b, ok = l.bonded()
		require.True(t, ok)
		require.Equal(t, []string{pin, next}, b.Pins)
		require.Equal(t, b.Pins, pins.List())
	}, edit, func(cfg *Config) {
		known, err := IdentityOf(cfg.Secret)
		require.NoError(t, err)
		require.NoError(t, cfg.Bond.Store(bond.Bond{
			Hub: cfg.Hub.URL, Device: "hall", Screen: known.Public(), Pins: []string{pin}, Signer: known.Public(),
		}))
	})
}

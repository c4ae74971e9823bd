package main

import (
	"bytes"
	"crypto/ed25519"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/config"
	"tavle/player"
	"tavle/sync/wire"
)

// A screen keeps what its hub says of its keys over a start, for as long as it is
// configured as it was then: somebody who configures it anew has the last word.
func TestScreenKeepsWhatItsHubSaysOfItsKeys(t *testing.T) {
	now, next, other := wire.Pin([]byte("now")), wire.Pin([]byte("next")), wire.Pin([]byte("other"))
	signing := func(b byte) string { return wire.SigningPin(bytes.Repeat([]byte{b}, ed25519.PublicKeySize)) }
	var log strings.Builder
	cfg := &config.Player{State: t.TempDir(), Device: "hall", Hub: config.Uplink{URL: "wss://hub.example/sync", Pins: []string{now}}}
	as := func(edit func(*config.Player)) *trust {
		c := *cfg
		if edit != nil {
			edit(&c)
		}
		tr, err := trusted(&c, slog.New(slog.NewTextHandler(&log, nil)))
		require.NoError(t, err)
		return tr
	}
	pinned := func(pins ...string) func(*config.Player) {
		return func(c *config.Player) { c.Hub.Pins = pins }
	}

	first := as(nil)
	require.Nil(t, first.signer, "nobody has said")
	require.Equal(t, []string{now}, first.pins.List())
	first.learn(wire.Keys{Signing: signing(1), TLS: []string{now, next}})
	require.Equal(t, []string{now, next}, first.pins.List(), "at once")
	again := as(nil)
	require.Equal(t, signing(1), wire.SigningPin(again.signer))
	require.Equal(t, []string{now, next}, again.pins.List())
	again.learn(wire.Keys{Signing: signing(1), TLS: []string{next}})
	require.Equal(t, []string{next}, as(nil).pins.List(), "the key before is not believed any more")

	for name, edit := range map[string]func(*config.Player){
		"other pins":  pinned(other),
		"another hub": func(c *config.Player) { c.Hub.URL, c.Hub.Pins = "wss://other.example/sync", []string{other} },
		"other name":  func(c *config.Player) { c.Device, c.Hub.Pins = "kitchen", []string{other} },
	} {
		tr := as(edit)
		require.Nil(t, tr.signer, name)
		require.Equal(t, []string{other}, tr.pins.List(), name)
	}
	require.Equal(t, signing(2), wire.SigningPin(as(pinned(other, signing(2))).signer), "as configured")

	// A wiped screen is another one.
	require.NoError(t, secretOf(cfg).(interface{ Renew() error }).Renew())
	require.Equal(t, []string{now}, as(nil).pins.List())
	_, err := player.IdentityOf(secretOf(cfg))
	require.NoError(t, err)

	// A bond that cannot be read is as none, and is said.
	require.NoError(t, os.WriteFile(filepath.Join(cfg.State, "bond"), []byte("rubbish"), 0o600))
	require.Equal(t, []string{now}, as(nil).pins.List())
	require.Contains(t, log.String(), "what the hub said of its keys is lost")
}

// A screen that knows its hub by what an authority says goes on to: the next
// certificate may be for any key.
func TestScreenWithoutPinsKeepsNone(t *testing.T) {
	cfg := &config.Player{State: t.TempDir(), Device: "hall", Hub: config.Uplink{URL: "wss://hub.example/sync"}}
	tr, err := trusted(cfg, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	tr.learn(wire.Keys{Signing: wire.SigningPin(make([]byte, ed25519.PublicKeySize)), TLS: []string{wire.Pin(nil)}})
	require.Empty(t, tr.pins.List())
	require.NoFileExists(t, filepath.Join(cfg.State, "bond"))
	require.Nil(t, tr.pins.TLS().VerifyConnection)
}

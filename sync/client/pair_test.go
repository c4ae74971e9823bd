package client

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/netsim"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// A booth is a screen that wants to be paired and a hub that says what the test
// says, in a bubble: TLS and HTTP are real, the network is in memory.
type booth struct {
	t      *testing.T
	pin    string
	cfg    PairConfig
	answer func(path string, body []byte) (status int, answer any) // by the test
	keep   func(session.Terms) error

	said struct {
		sync.Mutex
		status session.PairStatus
		terms  session.Terms
	}
	paired bool
	stop   context.CancelFunc
	over   chan struct{}
}

var screenKey = ed25519.NewKeyFromSeed([]byte("a screen that is not paired yet!"))

func inBooth(t *testing.T, f func(t *testing.T, b *booth)) {
	dir := t.TempDir()
	_, err := hub.Certificate(dir, time.Now(), "hub.test")
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		cert, err := hub.Certificate(dir, time.Now())
		require.NoError(t, err)
		known, err := hub.OwnTLS(dir, time.Now)
		require.NoError(t, err)
		b := &booth{t: t, pin: hub.Pin(cert), keep: func(session.Terms) error { return nil }, over: make(chan struct{})}
		net := netsim.New()
		b.cfg = PairConfig{
			URL: "wss://hub.test:8443/sync", Key: screenKey.Public().(ed25519.PublicKey), Build: "test",
			Sign:   func(proof []byte) []byte { return ed25519.Sign(screenKey, proof) },
			Chance: func() float64 { return 0.5 }, Dial: net.Link().Dial, Log: slog.New(slog.DiscardHandler),
		}
		srv := hub.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			assert.NoError(t, err)
			status, answer := b.answer(r.URL.Path, body)
			if to, ok := answer.(string); ok && status/100 == 3 {
				w.Header().Set("Location", to)
			}
			w.WriteHeader(status)
			if text, ok := answer.(string); ok {
				_, _ = io.WriteString(w, text)
			} else {
				_ = json.NewEncoder(w).Encode(answer)
			}
		}), slog.New(slog.DiscardHandler), known)
		// A cable without a buffer: what either end says last, nobody reads. The
		// hub gives up before the screen does, as it is the screen that is tested.
		srv.ReadHeaderTimeout = wire.HandshakeTimeout / 2
		var wg sync.WaitGroup
		wg.Go(func() { _ = srv.ServeTLS(net, "", "") })
		defer func() {
			if b.stop != nil {
				b.stop()
				<-b.over
			}
			_ = srv.Close()
			wg.Wait()
			time.Sleep(wire.WriteTimeout)
		}()
		f(t, b)
	})
}

// start begins to pair.
func (b *booth) start() {
	var ctx context.Context
	ctx, b.stop = context.WithCancel(b.t.Context())
	go func() {
		defer close(b.over)
		var err error
		b.paired, err = Pair(ctx, b.cfg, PairEvents{
			Status: func(s session.PairStatus, _ string) {
				b.said.Lock()
				defer b.said.Unlock()
				b.said.status = s
			},
			Keep: func(t session.Terms) error {
				err := b.keep(t)
				b.said.Lock()
				defer b.said.Unlock()
				b.said.terms = t
				return err
			},
		})
		require.NoError(b.t, err)
	}()
}

// status returns what stands on the glass.
func (b *booth) status() session.PairStatus {
	time.Sleep(100 * time.Millisecond) // a round trip or two
	synctest.Wait()
	b.said.Lock()
	defer b.said.Unlock()
	return b.said.status
}

var openedAnswer = wire.PairOpened{
	ID: wire.B64.EncodeToString([]byte("sixteen bytes id")), Nonce: wire.B64.EncodeToString([]byte("sixteen of nonce")), ExpiresS: 600,
}

// politely is a hub that lets the screen wait.
func politely(path string, _ []byte) (int, any) {
	if path == wire.PairPath {
		return http.StatusOK, openedAnswer
	}
	return http.StatusOK, wire.PairAnswer{State: wire.PairWaiting}
}

// The whole way: a code of the TLS key that is really there, a new one when it
// runs out, an approval, a disk that is full at first.
func TestPairingIsDrivenToItsEnd(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		var key, nonce string
		b.answer = func(path string, body []byte) (int, any) {
			switch path {
			case wire.PairPath:
				var m wire.PairOpen
				require.NoError(t, wire.DecodePair(body, &m))
				key = m.Key
			case wire.PairPath + "/" + openedAnswer.ID:
				var m wire.PairReveal
				require.NoError(t, wire.DecodePair(body, &m))
				require.Equal(t, b.pin, m.Pin)
				require.Equal(t, "hub.test", m.Host)
				nonce = m.Nonce
			}
			return politely(path, body)
		}
		b.start()
		first := b.status()
		require.Equal(t, wire.PairCode(key, b.pin, openedAnswer.Nonce, nonce), first.Code)
		time.Sleep(wire.PairLife - time.Second)
		require.Equal(t, first, b.status())
		time.Sleep(2 * time.Second)
		require.NotEqual(t, first.Code, b.status().Code)
		require.NotEmpty(t, b.status().Code)

		full := true
		b.keep = func(session.Terms) error {
			if full {
				return errors.New("disk full")
			}
			return nil
		}
		signer := wire.B64.EncodeToString(screenKey.Public().(ed25519.PublicKey))
		b.answer = func(string, []byte) (int, any) {
			return http.StatusOK, wire.PairAnswer{State: wire.PairApproved, Device: "hall", Pins: []string{b.pin}, Signer: signer}
		}
		time.Sleep(10 * time.Second)
		require.Equal(t, session.PairFull, b.status().Trouble)
		full = false
		time.Sleep(2 * time.Minute)
		<-b.over
		require.True(t, b.paired)
		require.Equal(t, "hall", b.said.terms.Device)
	})
}

// Whatever answers instead of a hub, the glass says what it is, and the screen
// tries again; nobody leads it elsewhere.
func TestWhatAnswersInsteadOfAHub(t *testing.T) {
	for name, row := range map[string]struct {
		status int
		answer any
		want   session.PairTrouble
	}{
		"busy":         {http.StatusServiceUnavailable, "later", session.PairBusy},
		"too many":     {http.StatusTooManyRequests, "later", session.PairBusy},
		"another site": {http.StatusNotFound, "<html>", session.PairUnable},
		"an old hub":   {http.StatusNotImplemented, "", session.PairUnable},
		"a web page":   {http.StatusOK, "<html>hello</html>", session.PairUnable},
		"far too much": {http.StatusOK, strings.Repeat("x", 10*wire.MaxPair), session.PairUnable},
		"elsewhere":    {http.StatusTemporaryRedirect, "https://hub.test:8443/elsewhere", session.PairUnable},
		"half a hub":   {http.StatusOK, wire.PairOpened{ID: "short"}, session.PairUnable},
	} {
		t.Run(name, func(t *testing.T) {
			inBooth(t, func(t *testing.T, b *booth) {
				b.answer = func(path string, _ []byte) (int, any) {
					require.Equal(t, wire.PairPath, path)
					return row.status, row.answer
				}
				b.start()
				require.Equal(t, row.want, b.status().Trouble)
				require.Empty(t, b.status().Code)
				b.answer = politely
				time.Sleep(2 * time.Minute)
				require.NotEmpty(t, b.status().Code, "and goes on")
				require.Equal(t, session.PairFine, b.status().Trouble)
			})
		})
	}
}

// Keys that are known beforehand hold from the first byte.
func TestPairingHoldsTheKeysItWasGiven(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		b.cfg.Pins = []string{wire.Pin([]byte("another"))}
		b.answer = func(string, []byte) (int, any) {
			t.Error("nothing is said to another hub")
			return http.StatusOK, nil
		}
		b.start()
		time.Sleep(wire.HandshakeTimeout) // the parting word has nobody to hear it
		require.Equal(t, session.PairUntrusted, b.status().Trouble)
	})
	inBooth(t, func(t *testing.T, b *booth) {
		b.cfg.Pins, b.answer = []string{wire.Pin([]byte("another")), b.pin}, politely
		b.start()
		require.NotEmpty(t, b.status().Code)
	})
	inBooth(t, func(t *testing.T, b *booth) { // a signing key that is known beforehand is the only one
		b.cfg.Signer = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)).Public().(ed25519.PublicKey)
		b.answer = func(path string, body []byte) (int, any) {
			if path == wire.PairPath {
				return politely(path, body)
			}
			signer := wire.B64.EncodeToString(screenKey.Public().(ed25519.PublicKey))
			return http.StatusOK, wire.PairAnswer{State: wire.PairApproved, Device: "hall", Pins: []string{b.pin}, Signer: signer}
		}
		b.start()
		require.Equal(t, session.PairUntrusted, b.status().Trouble)
	})
}

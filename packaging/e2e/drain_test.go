package e2e

import (
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"tavle/assets/demo/canary"
	"tavle/sync/client"
	"tavle/sync/wire"
)

// Issue 3, item 10: a hub that is told to end says goodbye to every screen, with
// a time to come back, waits until they have gone, and ends well, in seconds.
// Whoever runs it sees that it ends, and is told nobody's name.
func TestHubThatIsToldToEndSendsItsScreensAway(t *testing.T) {
	h := newHome(t)
	require.Zero(t, h.hub.end())
	names := []string{"one", "two", "three"}
	for _, name := range names {
		key := wire.B64.EncodeToString(keyOf(name).Public().(ed25519.PublicKey))
		h.office("screens", "add", name, "--place", "scr-1", "--key", key)
	}
	hub := h.start(nil, "tavle-hub", "serve", "--data", "hub", "--listen", "127.0.0.1:0", "--hosts", "127.0.0.1",
		"--operations-listen", "127.0.0.1:0", "--log-format", "json")
	at, _, _ := strings.Cut(strings.TrimPrefix(hub.await(`"operations served","at":"`), `"operations served","at":"`), `"`)
	addr, _, _ := strings.Cut(strings.TrimPrefix(hub.await("serving at "), "serving at "), "\n")
	h.until("the hub serves", func() bool { status, _ := h.ask(at, "/healthz"); return status == http.StatusOK })

	var screens []*websocket.Conn
	for _, name := range names {
		screens = append(screens, h.connect(name, addr))
	}
	status, metrics := h.ask(at, "/metrics")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, metrics, "tavle_hub_screens_live 3\n")
	require.Empty(t, canary.In(metrics, canary.Names()))
	for _, name := range names {
		require.NotContains(t, metrics, `"`+name+`"`)
	}

	// Two answer the goodbye; the third does not even read it.
	began := time.Now()
	ended := make(chan int)
	go func() { ended <- hub.end() }()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var byes []wire.Bye
	for _, ws := range screens[:2] {
		wg.Go(func() {
			var bye wire.Bye
			err := hearOut(ws, func(m wire.Message) {
				if m, ok := m.(*wire.Bye); ok {
					bye = *m
				}
			})
			mu.Lock()
			defer mu.Unlock()
			byes = append(byes, bye)
			if !websocket.IsCloseError(err, int(wire.CloseRestart)) {
				t.Errorf("ended with %v", err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, []wire.Bye{
		{Code: wire.CloseRestart, Why: "restart", RetryMS: 1000, SpreadMS: 10},
		{Code: wire.CloseRestart, Why: "restart", RetryMS: 1000, SpreadMS: 10},
	}, byes, "three of them, 300 a second")
	status, word := h.ask(at, "/healthz")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, "stopped\n", word, "while it waits for the third")
	require.Zero(t, <-ended)
	require.Less(t, time.Since(began), 30*time.Second)
	require.Empty(t, canary.In(hub.out.String(), canary.Names()))
}

// keyOf is a screen's key.
func keyOf(name string) ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	copy(seed, name)
	return ed25519.NewKeyFromSeed(seed)
}

// ask asks the hub what whoever runs it may.
func (h *home) ask(at, path string) (status int, body string) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, "http://"+at+path, nil)
	require.NoError(h.t, err)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(h.t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(h.t, err)
	return resp.StatusCode, string(b)
}

// connect is a screen's connection up to its welcome.
func (h *home) connect(name, addr string) *websocket.Conn {
	h.t.Helper()
	d := websocket.Dialer{TLSClientConfig: client.Pinned(strings.Split(h.pin, ",")...), Subprotocols: []string{wire.Subprotocol}}
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	ws, resp, err := d.DialContext(ctx, "wss://"+addr+"/sync", nil)
	require.NoError(h.t, err)
	require.NoError(h.t, resp.Body.Close())
	h.t.Cleanup(func() { _ = ws.Close() })
	var c wire.Challenge
	require.NoError(h.t, ws.ReadJSON(&c))
	hello, err := wire.Encode(wire.Hello{
		Device: name, Inst: name, NextSeq: 1, Schema: [2]int{1, 1},
		Sig: wire.B64.EncodeToString(ed25519.Sign(keyOf(name), wire.HelloProof(c.Nonce, "127.0.0.1", name, name))),
	})
	require.NoError(h.t, err)
	require.NoError(h.t, ws.WriteMessage(websocket.TextMessage, hello))
	_, b, err := ws.ReadMessage()
	require.NoError(h.t, err)
	m, err := wire.DecodeFromHub(b)
	require.NoError(h.t, err)
	require.Equal(h.t, "welcome", m.Type())
	return ws
}

// hearOut reads until the connection ends and returns how.
func hearOut(ws *websocket.Conn, each func(wire.Message)) error {
	for {
		kind, b, err := ws.ReadMessage()
		if err != nil {
			return err
		}
		if kind != websocket.TextMessage {
			return errors.New("binary")
		}
		m, err := wire.DecodeFromHub(b)
		if err != nil {
			return err
		}
		each(m)
	}
}

package hub

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"tavle/assets/demo/canary"
	"tavle/sync/hub/store"
	"tavle/sync/netsim"
	"tavle/sync/wire"
)

// R-DPA-29: whoever is not let in is one line with a class from a closed list, and
// counted; nothing of them is in it but the name of a screen that is known.
func TestEveryDenialIsOneLineWithItsClass(t *testing.T) {
	const marker = "Hemmelig"
	hello := func(w *world, id string, edit func(*wire.Hello)) {
		s := w.screen(id)
		s.hello(s.knock(), edit)
		s.listen()
		s.ended()
	}
	request := func(w *world, method, path string, head ...string) {
		r, err := http.NewRequestWithContext(w.t.Context(), method, "http://"+host+path, strings.NewReader(marker))
		require.NoError(w.t, err)
		for i := 0; i < len(head); i += 2 {
			r.Header.Set(head[i], head[i+1])
		}
		tr := &http.Transport{DialContext: w.net.Link().Dial, DisableKeepAlives: true}
		resp, err := tr.RoundTrip(r)
		require.NoError(w.t, err)
		require.NoError(w.t, resp.Body.Close())
	}
	opening := []string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Protocol", wire.Subprotocol}
	says := func(w *world, kind int, words ...string) {
		s := w.live("scr-1")
		for _, word := range words {
			_ = s.ws.WriteMessage(kind, []byte(word))
		}
		<-s.done
	}
	asset := assetPath + "sha256-" + strings.Repeat("0", 64)
	for _, c := range []struct {
		name   string
		why    denial
		device string // that the line names
		do     func(w *world)
	}{
		{"browser", deniedOrigin, "", func(w *world) { request(w, "GET", "/sync", append(opening, "Origin", "https://"+marker)...) }},
		{"no websocket", deniedProtocol, "", func(w *world) { request(w, "GET", "/sync") }},
		{"another version", deniedProtocol, "", func(w *world) {
			request(w, "GET", "/sync", append(opening[:6:6], "Sec-WebSocket-Protocol", "tavle.sync.v9")...)
		}},
		{"opening without a key", deniedHandshake, "", func(w *world) { request(w, "GET", "/sync", opening...) }},
		{"full", deniedBusy, "", func(w *world) {
			w.hub.clients.Lock()
			w.hub.clients.strangers += maxStrangers
			w.hub.clients.Unlock()
			request(w, "GET", "/sync", append(opening, "Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")...)
			w.hub.clients.Lock()
			w.hub.clients.strangers -= maxStrangers
			w.hub.clients.Unlock()
		}},
		{"unknown screen", deniedUnknown, "", func(w *world) { hello(w, marker, nil) }},
		{"another key", deniedProof, "scr-1", func(w *world) {
			hello(w, "scr-1", func(h *wire.Hello) { h.Sig = proof("scr-2", marker, host, h.Inst) })
		}},
		{"shut out", deniedRevoked, "scr-1", func(w *world) {
			require.NoError(w.t, w.hub.RevokeScreen(w.t.Context(), byStaff, "scr-1"))
			hello(w, "scr-1", nil)
		}},
		{"shut out while it shows", deniedRevoked, "scr-1", func(w *world) {
			s := w.live("scr-1")
			require.NoError(w.t, w.hub.RevokeScreen(w.t.Context(), byStaff, "scr-1"))
			s.ended()
		}},
		{"another age", deniedSchema, "scr-1", func(w *world) { hello(w, "scr-1", func(h *wire.Hello) { h.Schema = [2]int{7, 9} }) }},
		{"flood", deniedRate, "scr-1", func(w *world) {
			flood := make([]string, 100)
			for i := range flood {
				flood[i] = `{"t":"stat"}`
			}
			says(w, websocket.TextMessage, flood...)
		}},
		{"no message", deniedMessage, "scr-1", func(w *world) { says(w, websocket.TextMessage, `{"t":"`+marker) }},
		{"no text", deniedMessage, "scr-1", func(w *world) { says(w, websocket.TextMessage, "\xff"+marker) }},
		{"too long", deniedMessage, "scr-1", func(w *world) { says(w, websocket.TextMessage, strings.Repeat(marker, wire.MaxFromDevice)) }},
		{"binary", deniedMessage, "scr-1", func(w *world) { says(w, websocket.BinaryMessage, marker) }},
		{"unknown kind", deniedMessage, "scr-1", func(w *world) { says(w, websocket.TextMessage, `{"t":"`+marker+`"}`) }},
		{"no token", deniedToken, "", func(w *world) { request(w, "GET", asset) }},
		{"token of somebody's own", deniedToken, "", func(w *world) { request(w, "GET", asset, "Authorization", "Bearer "+marker) }},
		{"token of a screen that was shut out", deniedDevice, "", func(w *world) {
			token := w.hub.assets(holderOf("scr-1", w.screen("scr-1").boardID(), publicKey("scr-1"))).Token
			require.NoError(w.t, w.hub.RevokeScreen(w.t.Context(), byStaff, "scr-1"))
			request(w, "GET", asset, "Authorization", "Bearer "+token)
		}},
		{"pairing that is none", deniedMessage, "", func(w *world) { request(w, "POST", wire.PairPath) }},
		{"pairing without TLS", deniedPairing, "", func(w *world) {
			w.hub.opt.Pins = func() []string { return nil }
			request(w, "POST", wire.PairPath)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.log.Reset()
				c.do(w)
				time.Sleep(goodbye)
				synctest.Wait()
				lines := denialLines(w.log.String())
				require.Len(t, lines, 1, "%v", lines)
				require.Equal(t, string(c.why), lines[0]["reason"])
				if c.device != "" {
					require.Equal(t, c.device, lines[0]["device"])
				}
				require.NotContains(t, w.log.String(), marker)
				families, _ := w.metrics()
				require.Equal(t, 1, int(families[fmt.Sprintf("tavle_hub_refused_total{reason=%q}", c.why)]))
			})
		})
	}
}

// denialLines returns the lines of a log that say that somebody was refused.
func denialLines(log string) (lines []map[string]any) {
	for scan := bufio.NewScanner(strings.NewReader(log)); scan.Scan(); {
		var line map[string]any
		if json.Unmarshal(scan.Bytes(), &line) == nil && strings.Contains(fmt.Sprint(line["msg"]), "refus") {
			lines = append(lines, line)
		}
	}
	return lines
}

// R-DPA-29: at the door, too, where nothing is known but that TLS did not come
// about; and who knocked is not said.
func TestDenialsOfTLSAreLogged(t *testing.T) {
	known, err := OwnTLS(t.TempDir(), time.Now, host)
	require.NoError(t, err)
	inWorld(t, func(t *testing.T, w *world) {
		cables := netsim.New()
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		srv := NewServer(w.hub.Handler(), w.hub.log, known)
		srv.ErrorLog = slog.NewLogLogger(knocks{w.hub.log.Handler(), w.hub}, slog.LevelDebug)
		wg.Go(func() { _ = srv.ServeTLS(cables, "", "") })
		defer wg.Wait()
		defer srv.Close() //nolint:errcheck // it ends
		defer cancel()
		for name, knock := range map[string]func(c net.Conn){
			"TLS 1.2": func(c net.Conn) {
				_ = tls.Client(c, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12}).HandshakeContext(ctx)
			},
			"no TLS":           func(c net.Conn) { _, _ = c.Write([]byte("GET / HTTP/1.1\r\n\r\n")) },
			"another hub":      func(c net.Conn) { _ = tls.Client(c, &tls.Config{ServerName: host}).HandshakeContext(ctx) },
			"says nothing":     func(net.Conn) {},
			"something absurd": func(c net.Conn) { _, _ = c.Write(make([]byte, 100)) },
		} {
			w.log.Reset()
			c, err := cables.Link().Dial(ctx, "tcp", host)
			require.NoError(t, err)
			knock(c)
			_ = c.Close()
			time.Sleep(time.Minute)
			synctest.Wait()
			lines := denialLines(w.log.String())
			require.Len(t, lines, 1, "%s: %s", name, w.log.String())
			require.Equal(t, "tls", lines[0]["reason"])
			require.Equal(t, "connection refused", lines[0]["msg"])
			require.Len(t, lines[0], 4, "time, level, what and why: %v", lines[0])
		}
	})
}

// A flood of refusals does not fill the disk: of each class a few lines, one now
// and then, and how many were left out. Other classes are not drowned.
func TestFloodOfDenialsIsSummedUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.log.Reset()
		for range 1000 {
			w.hub.deny(deniedToken).Warn("request refused")
		}
		w.hub.deny(deniedProof).Warn("screen refused", "device", "scr-1")
		lines := denialLines(w.log.String())
		require.Len(t, lines, denialBurst+1)
		require.Equal(t, "proof", lines[denialBurst]["reason"])
		time.Sleep(time.Minute)
		synctest.Wait()
		w.hub.deny(deniedToken).Warn("request refused")
		left := 0
		for _, l := range denialLines(w.log.String())[denialBurst+1:] {
			require.Equal(t, "token", l["reason"])
			if n, ok := l["left_out"].(float64); ok {
				left += int(n)
			}
		}
		require.Equal(t, 1000-denialBurst, left, "none is forgotten")
		families, _ := w.metrics()
		require.Equal(t, 1001, int(families[`tavle_hub_refused_total{reason="token"}`]))
	})
}

// R-IBG-38: a revoked screen gets the word that it is, and not a byte of
// a house. Only who proves to be that screen gets it.
func TestRevokedScreenGetsOneWord(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		require.NoError(t, w.hub.RevokeScreen(t.Context(), byStaff, "scr-1"))
		s := w.screen("scr-1")
		nonce := s.knock()
		challenge := s.said()
		require.Regexp(t, `(?s)^HTTP/1.1 101 .*\{"t":"challenge","nonce":,"hub_ms":\d+\}$`, challenge)
		s.hello(nonce, nil)
		s.listen()
		require.Equal(t, wire.CloseRevoked, s.ended())
		require.Equal(t, "revoked", s.said(), "the reason of the close frame, and nothing else")
		require.Empty(t, s.state.heard)
		require.Empty(t, canary.In(challenge, canary.Names()))

		other := w.screen("scr-1")
		other.hello(other.knock(), func(h *wire.Hello) { h.Sig = proof("scr-2", nonce, host, h.Inst) })
		other.listen()
		require.Equal(t, wire.CloseUnknown, other.ended(), "a stranger does not learn it")
		w.view(func(v store.View) error {
			d, err := v.Device(t.Context(), "scr-1")
			require.True(t, d.Revoked)
			return err
		})
	})
}

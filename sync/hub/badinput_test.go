package hub

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/wire"
)

// Issue 2, "Bad input": truncated, oversized, non-UTF-8, unknown and binary
// frames each get their close code, and cost nobody else anything.
func TestBadFramesGetTheirCloseCode(t *testing.T) {
	text := func(s string) func(*websocket.Conn) error {
		return func(ws *websocket.Conn) error { return ws.WriteMessage(websocket.TextMessage, []byte(s)) }
	}
	rows := []struct {
		name string
		send func(*websocket.Conn) error
		want wire.CloseCode
	}{
		{"not JSON", text(`hello`), wire.CloseProtocol},
		{"cut in half", text(`{"t":"ack","epoch":"00`), wire.CloseProtocol},
		{"without a kind", text(`{"epoch":"0000000000000000"}`), wire.CloseProtocol},
		{"of an unknown kind", text(`{"t":"shout"}`), wire.CloseProtocol},
		{"of a kind only a hub says", text(`{"t":"welcome"}`), wire.CloseProtocol},
		{"a second hello", text(`{"t":"hello"}`), wire.CloseProtocol},
		{"of the wrong type", text(`{"t":"ack","rev":"seven"}`), wire.CloseProtocol},
		{"mutations none", text(`{"t":"mut","muts":[]}`), wire.CloseProtocol},
		{"mutations too many", text(`{"t":"mut","muts":[` + strings.Repeat(`{"seq":1,"op":"signup","on":{"k":"activity","i":"x"},"who":"y","age_ms":0},`, 32) + `{"seq":1,"op":"signup","on":{"k":"activity","i":"x"},"who":"y","age_ms":0}]}`), wire.CloseProtocol},
		{"mutation 0", text(`{"t":"mut","muts":[{"seq":0,"op":"signup","on":{"k":"activity","i":"x"},"who":"y","age_ms":0}]}`), wire.CloseProtocol},
		{"not UTF-8", text("{\"t\":\"stat\",\"x\":\"\xff\"}"), wire.CloseBadText},
		{"binary", func(ws *websocket.Conn) error {
			return ws.WriteMessage(websocket.BinaryMessage, []byte(`{"t":"stat"}`))
		}, wire.CloseProtocol},
		{"too big", text(`{"t":"stat","x":"` + strings.Repeat("x", 3*wire.MaxFromDevice) + `"}`), wire.CloseTooBig},
		{"too big in parts", func(ws *websocket.Conn) error {
			w, err := ws.NextWriter(websocket.TextMessage)
			for range 70 {
				if err == nil {
					_, err = w.Write(bytes.Repeat([]byte{' '}, 1024))
				}
			}
			return closedMeanwhile(err)
		}, wire.CloseTooBig},
		{"more than a screen has to say", func(ws *websocket.Conn) error {
			var err error
			for i := 0; i < 100 && err == nil; i++ {
				err = ws.WriteMessage(websocket.TextMessage, []byte(`{"t":"stat"}`))
			}
			return closedMeanwhile(err)
		}, wire.CloseRate},
		{"pings in a flood", func(ws *websocket.Conn) error {
			var err error
			for i := 0; i < 100 && err == nil; i++ {
				err = ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
			}
			return closedMeanwhile(err)
		}, wire.CloseRate},
	}
	inWorld(t, func(t *testing.T, w *world) {
		good := w.live("scr-2")
		for i, row := range rows {
			bad := w.live("scr-1")
			if err := row.send(bad.ws); !errors.Is(err, websocket.ErrCloseSent) { // the answer came while it spoke
				require.NoError(t, err, row.name)
			}
			require.Equal(t, row.want, bad.ended(), row.name)
			w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = i%2 == 0 })
			require.Equal(t, i%2 == 1, strings.Contains(good.all(), "Anna"), row.name)
		}
		good.leave()
	})
}

// closedMeanwhile is err, but for what happens when the hub closes while somebody
// still speaks.
func closedMeanwhile(err error) error {
	if errors.Is(err, websocket.ErrCloseSent) || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// The same before hello: a stranger learns nothing and does nothing.
func TestBeforeHelloNothingElseIsHeard(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for _, frame := range []string{
			`{"t":"ack","epoch":"0000000000000000","rev":1}`, `{"t":"mut","muts":[{"seq":1,"op":"signup","on":{"k":"activity","i":"x"},"who":"y","age_ms":0}]}`,
			`{"t":"rack","seq":1}`, `{"t":"resync","why":"sum"}`,
		} {
			s := w.screen("scr-1")
			s.knock()
			require.NoError(t, s.ws.WriteMessage(websocket.TextMessage, []byte(frame)))
			s.listen()
			require.Equal(t, wire.CloseProtocol, s.ended(), frame)
			require.Empty(t, s.state.heard)
		}
	})
}

// Whoever connects and says nothing, or stops answering, is dropped in time.
func TestSilentScreensAreDropped(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		stranger := w.screen("scr-1")
		stranger.knock()
		began := time.Now()
		stranger.listen()
		require.Equal(t, wire.CloseTryLater, stranger.ended())
		require.Equal(t, wire.HandshakeTimeout, time.Since(began))

		s := w.screen("scr-1")
		s.mute = true
		s.connect()
		began = time.Now()
		require.Equal(t, wire.CloseGoingAway, s.ended())
		require.Equal(t, wire.SilenceTimeout, time.Since(began))
	})
}

// A screen that stops reading is cut off after exactly the write deadline, and no
// other screen waits for it.
func TestScreenThatDoesNotReadIsCutOff(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		slow := w.screen("scr-1")
		slow.hello(slow.knock(), nil) // and reads nothing from here on
		fast := w.live("scr-2")
		began := time.Now()
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		require.NotContains(t, fast.all(), "Anna")
		require.Zero(t, time.Since(began), "no time has passed")
		time.Sleep(wire.WriteTimeout - time.Nanosecond)
		synctest.Wait()
		require.NotNil(t, w.hub.clients.of("scr-1"))
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		require.Nil(t, w.hub.clients.of("scr-1"))
		_ = slow.ws.Close()
		fast.leave()
	})
}

// Issue 3, item 7: a screen that asks and asks and reads no answer costs the hub
// no more than its queue, and others nothing.
func TestScreenThatAsksAndDoesNotReadIsBounded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		slow := w.screen("scr-1")
		slow.hello(slow.knock(), nil) // and reads nothing from here on
		fast := w.live("scr-2")
		ask := wire.Mut{Muts: []wire.Mutation{slow.touch(1, wire.OpSignUp, film, "r01")}}
		began := time.Now()
		overflows := func() bool {
			is, _ := w.metrics()
			return is["tavle_hub_queue_overflows_total"] == 1
		}
		for !overflows() {
			slow.send(ask)
			time.Sleep(time.Second / 20)
			require.Less(t, time.Since(began), wire.WriteTimeout)
		}
		is, _ := w.metrics()
		require.InDelta(t, 1, is[`tavle_hub_closed_total{code="4005"}`], 0)
		c := w.hub.clients.of("scr-1")
		c.state.Lock()
		waiting := len(c.state.queue)
		c.state.Unlock()
		require.Equal(t, 1, waiting, "that it is closed, and nothing else")
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		require.NotContains(t, fast.all(), "Anna")
		time.Sleep(2 * wire.WriteTimeout)
		synctest.Wait()
		require.Nil(t, w.hub.clients.of("scr-1"))
		_ = slow.ws.Close()
		fast.leave()
	})
}

// A line that is cut without a word is noticed, and the screen that comes back
// replaces itself.
func TestCutLineIsNoticed(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		s.link.Cut()
		<-s.done
		s.link.Heal()
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		s.connect()
		require.NotContains(t, s.all(), "Anna")
		s.leave()
	})
}

func TestUpgradeIsForScreensOnly(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		link := w.net.Link()
		_, r, err := w.dial(link, http.Header{"Origin": {"https://evil.test"}})
		require.Error(t, err)
		require.Equal(t, http.StatusForbidden, r.StatusCode)
		_, r, err = w.dial(link, http.Header{"Origin": {"https://" + host}})
		require.Error(t, err)
		require.Equal(t, http.StatusForbidden, r.StatusCode, "not even its own")
		require.Contains(t, w.log.String(), `"reason":"origin","status":403`)

		d := websocket.Dialer{NetDialContext: link.Dial, Subprotocols: []string{"tavle.sync.v9"}}
		_, r, err = d.DialContext(t.Context(), "ws://"+host+"/sync", nil)
		require.Error(t, err)
		require.Equal(t, http.StatusUpgradeRequired, r.StatusCode)
		var supported struct{ Supported []string }
		require.NoError(t, json.NewDecoder(r.Body).Decode(&supported))
		require.Equal(t, []string{wire.Subprotocol}, supported.Supported)

		d = websocket.Dialer{NetDialContext: link.Dial, Subprotocols: []string{wire.Subprotocol}, EnableCompression: true}
		ws, r, err := d.DialContext(t.Context(), "ws://"+host+"/sync", nil)
		require.NoError(t, err)
		require.Equal(t, wire.Subprotocol, ws.Subprotocol())
		require.Empty(t, r.Header.Get("Sec-Websocket-Extensions"), "compression is not for this channel")
		require.NoError(t, ws.Close())

		s := w.screen("scr-1")
		s.link = link
		require.Equal(t, http.StatusUpgradeRequired, s.get("/sync", "").StatusCode)
		require.Equal(t, http.StatusNotFound, s.get("/other", "").StatusCode)
	})
}

// Strangers in a storm are sent away before they cost anything; who is in stays
// in.
func TestStormOfStrangersIsBounded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		var open []*websocket.Conn
		for range maxStrangers {
			ws, _, err := w.dial(s.link, nil)
			require.NoError(t, err)
			open = append(open, ws)
		}
		_, r, err := w.dial(s.link, nil)
		require.Error(t, err)
		require.Equal(t, http.StatusServiceUnavailable, r.StatusCode)
		require.NotEmpty(t, r.Header.Get("Retry-After"))
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		require.NotContains(t, s.all(), "Anna")
		for _, ws := range open {
			_ = ws.Close()
		}
		synctest.Wait()
		w.live("scr-2").leave()
		s.leave()
	})
}

// An upgrade that does not come about takes nobody's place.
func TestBrokenUpgradesTakeNobodysPlace(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.screen("scr-1")
		s.link = w.net.Link()
		for range maxStrangers + 1 {
			r := s.get("/sync", "", "Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13",
				"Sec-WebSocket-Protocol", wire.Subprotocol, "Sec-WebSocket-Key", "too short")
			require.Equal(t, http.StatusBadRequest, r.StatusCode)
		}
		require.Contains(t, w.log.String(), `"msg":"request refused","reason":"handshake"`)
		s.connect()
		require.NotEmpty(t, s.facts().Activities)
		s.leave()
	})
}

func TestHubThatDoesNotRunLetsNobodyIn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.hub.clients.setOpen(false)
		_, r, err := w.dial(w.net.Link(), nil)
		require.Error(t, err)
		require.Equal(t, http.StatusServiceUnavailable, r.StatusCode)
	})
}

// Whatever a screen says after hello, the hub closes or goes on, and the next
// screen is served.
func FuzzFrame(f *testing.F) {
	for _, s := range []string{
		`{"t":"ack","epoch":"00000000000000a1","rev":4}`, `{"t":"rack","seq":3}`, `{"t":"resync","why":"sum"}`,
		`{"t":"mut","muts":[{"seq":1,"op":"signup","on":{"k":"activity","i":"x"},"who":"y","age_ms":null}]}`,
		`{"t":"stat","outbox":3}`, `{"t":"done","id":"c1","st":"ok"}`, `{"t":"hello","device":"x"}`, `{`, `[]`,
	} {
		f.Add([]byte(s))
	}
	_, cables := plain(f, demoHouse(f))
	f.Fuzz(func(t *testing.T, in []byte) {
		c := greet(t, cables, "scr-1")
		defer func() { _ = c.Close() }()
		_ = c.WriteMessage(websocket.TextMessage, in)
		_ = c.WriteControl(websocket.CloseMessage, nil, time.Now().Add(time.Second))
		for {
			if _, _, err := c.ReadMessage(); err != nil {
				if !websocket.IsCloseError(err, 1005, int(wire.CloseProtocol), int(wire.CloseBadText), int(wire.CloseTryLater)) {
					t.Fatal(err)
				}
				return
			}
		}
	})
}

// Ages and revisions at the ends of their range do no harm.
func TestAbsurdNumbersDoNoHarm(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		for i, age := range []int64{-1 << 62, 1<<63 - 1, -1} {
			m := s.touch(uint64(i+1), wire.OpSignUp, film, "r01")
			m.AgeMS, m.Saw = &age, 1<<63
			s.send(wire.Mut{Muts: []wire.Mutation{m}})
			require.Equal(t, wire.Accepted, s.result(uint64(i+1)).Outcome)
		}
		s.send(wire.Rack{Seq: 1<<64 - 1})
		s.send(wire.Ack{Epoch: "ffffffffffffffff", Rev: 1<<64 - 1})
		time.Sleep(2 * flushAfter)
		states, err := w.hub.Screens(t.Context(), byStaff)
		require.NoError(t, err)
		require.False(t, states[0].Confirmed(), "an epoch that never was")
		s.leave()
	})
}

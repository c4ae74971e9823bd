package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"tavle/sync/wire"
)

// Issue 2, "Bad input": a truncated, oversized, non-UTF-8 or unknown frame from a
// hub. The screen says why it hangs up, changes nothing of what it shows, and
// comes back when that kind of fault deserves it.
func TestBadFramesEndTheConnectionAndNothingElse(t *testing.T) {
	text := func(s string) func(*conn) {
		return func(c *conn) { _ = c.ws.WriteMessage(websocket.TextMessage, []byte(s)) }
	}
	binary := func(b []byte) func(*conn) {
		return func(c *conn) { _ = c.ws.WriteMessage(websocket.BinaryMessage, b) }
	}
	message := func(m wire.Message) func(*conn) { return func(c *conn) { c.send(m) } }
	const whatever = -1 // there is time to say
	noise := make([]byte, wire.MaxFromHub+1)
	_, _ = rand.Read(noise)
	zipped := wire.Compress([]byte(`{"t":"time","hub_ms":5}`))
	for name, row := range map[string]struct {
		send func(*conn)
		code wire.CloseCode // what the hub is told
		wait time.Duration
	}{
		"not JSON":                {text(`hello`), wire.CloseProtocol, 337500 * time.Millisecond},
		"cut in half":             {text(`{"t":"delta","epoch":"00`), wire.CloseProtocol, 337500 * time.Millisecond},
		"no object":               {text(`[]`), wire.CloseProtocol, 337500 * time.Millisecond},
		"without a kind":          {text(`{"epoch":"00000000000000a1"}`), wire.CloseProtocol, 337500 * time.Millisecond},
		"of the wrong type":       {text(`{"t":"delta","rev":"seven"}`), wire.CloseProtocol, 337500 * time.Millisecond},
		"a second challenge":      {message(wire.Challenge{}), wire.CloseProtocol, 337500 * time.Millisecond},
		"a second welcome":        {message(welcome(5, 0)), wire.CloseProtocol, 337500 * time.Millisecond},
		"a row without a value":   {text(`{"t":"delta","epoch":"00000000000000a1","from":5,"rev":6,"sum":"0000000000000000","ops":[{"k":"person","i":"x"}]}`), wire.CloseProtocol, 337500 * time.Millisecond},
		"a sum that is none":      {text(`{"t":"delta","epoch":"00000000000000a1","from":5,"rev":6,"sum":"0","ops":[]}`), wire.CloseProtocol, 337500 * time.Millisecond},
		"a part out of turn":      {message(&wire.Snap{Epoch: epoch, Rev: 6, Part: 1}), wire.CloseProtocol, 337500 * time.Millisecond},
		"not UTF-8":               {text("{\"t\":\"time\",\"x\":\"\xff\"}"), wire.CloseBadText, 500 * time.Millisecond},
		"too big":                 {text(`{"t":"time","x":"` + strings.Repeat("x", wire.MaxFromHub) + `"}`), wire.CloseTooBig, 500 * time.Millisecond},
		"too big, compressed":     {binary(wire.Compress(noise)), wire.CloseTooBig, 500 * time.Millisecond},
		"a bomb":                  {binary(wire.Compress(bytes.Repeat([]byte(" "), wire.MaxInflated+1))), wire.CloseTooBig, 500 * time.Millisecond},
		"binary, and no gzip":     {binary([]byte(`{"t":"time"}`)), wire.CloseProtocol, 337500 * time.Millisecond},
		"binary, cut in half":     {binary(zipped[:len(zipped)-5]), wire.CloseProtocol, 337500 * time.Millisecond},
		"binary, damaged":         {binary(append(bytes.Clone(zipped[:len(zipped)-8]), make([]byte, 8)...)), wire.CloseProtocol, 337500 * time.Millisecond},
		"binary, and not UTF-8":   {binary(wire.Compress([]byte("{\"t\":\"\xff\"}"))), wire.CloseBadText, 500 * time.Millisecond},
		"a frame that breaks off": {func(c *conn) { _, _ = c.ws.NetConn().Write([]byte{0x81, 0x7e, 0x10}); _ = c.ws.NetConn().Close() }, whatever, 500 * time.Millisecond},
		"a frame that is masked":  {func(c *conn) { _, _ = c.ws.NetConn().Write([]byte{0x81, 0x80, 1, 2, 3, 4}) }, 1002, 500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.start()
				c, _ := w.live(5, "Anna")
				row.send(c)
				said := c.ended()
				require.True(t, row.code == whatever || said == row.code, "it says %s", said)
				lost := time.Now()
				require.Equal(t, []string{"Anna"}, w.store.names())
				c = w.accept()
				require.Equal(t, row.wait, time.Since(lost))
				require.EqualValues(t, 5, c.greet().Have.Rev)
			})
		})
	}
}

// A newer hub may say more than this screen understands.
func TestUnknownWordsAreIgnored(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(5, "Anna")
		require.NoError(t, c.ws.WriteMessage(websocket.TextMessage, []byte(`{"t":"sing","song":[1]}`)))
		require.NoError(t, c.ws.WriteMessage(websocket.TextMessage, []byte(`{"t":"time","hub_ms":5,"moon":"full"}`)))
		c.send(&wire.Delta{Epoch: epoch, From: 5, Rev: 6, Sum: sumOf("Anna", "Bo").String(), Ops: put("Bo")})
		synctest.Wait()
		require.Equal(t, []string{"Anna", "Bo"}, w.store.names())
	})
}

// What does not fit is asked for whole, and applied only when it fits.
func TestBoardThatDoesNotFitIsAskedForWhole(t *testing.T) {
	for why, d := range map[string]*wire.Delta{
		"gap": {Epoch: epoch, From: 7, Rev: 8, Sum: sumOf("Anna").String()},
		"sum": {Epoch: epoch, From: 5, Rev: 6, Sum: sumOf("Bo").String(), Ops: put("Anna")},
	} {
		inWorld(t, func(t *testing.T, w *world) {
			w.start()
			c, _ := w.live(5, "Anna")
			c.send(d)
			r := next[*wire.Resync](c)
			require.Equal(t, why, r.Why)
			require.EqualValues(t, 5, r.Have.Rev)
			c.send(snapshot(9, "Bo"))
			synctest.Wait()
			require.Equal(t, []string{"Bo"}, w.store.names())
		})
	}
}

// A compressed snapshot in parts is one board.
func TestCompressedSnapshotIsAppliedWhole(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c := w.accept()
		require.Contains(t, c.greet().Enc, "gzip")
		c.send(welcome(5, 0))
		for i, name := range []string{"Anna", "Bo", "Kim"} {
			part := wire.Snap{Epoch: epoch, Rev: 5, Part: i, Rows: put(name)}
			if i == 2 {
				part.Last, part.Sum = true, sumOf("Anna", "Bo", "Kim").String()
			}
			b, err := wire.Encode(part)
			require.NoError(t, err)
			synctest.Wait()
			require.Empty(t, w.store.names(), "not in parts")
			require.NoError(t, c.ws.WriteMessage(websocket.BinaryMessage, wire.Compress(b)))
		}
		synctest.Wait()
		require.Equal(t, []string{"Anna", "Bo", "Kim"}, w.store.names())
	})
}

// A hub that is not heard for a minute is given up, and one that is heard is not,
// be it by pings alone.
func TestSilenceEndsTheConnection(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(5, "Anna")
		for range 10 {
			time.Sleep(wire.SilenceTimeout - time.Second)
			require.NoError(t, c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)))
			synctest.Wait()
		}
		began := time.Now()
		require.Equal(t, wire.CloseGoingAway, c.ended())
		require.Equal(t, wire.SilenceTimeout, time.Since(began))
		require.Equal(t, []string{"down", "live", "down"}, w.links())
		w.live(5, "Anna")
	})
}

// An opening that does not come to an end is given up after ten seconds,
// wherever it stands still.
func TestOpeningTakesTenSeconds(t *testing.T) {
	opened := func(t *testing.T, w *world, stall func(*conn)) time.Duration {
		w.start()
		c := w.accept()
		began := time.Now()
		stall(c)
		c.ended()
		return time.Since(began)
	}
	inWorld(t, func(t *testing.T, w *world) {
		require.Equal(t, wire.HandshakeTimeout, opened(t, w, func(*conn) {}), "no challenge")
	})
	inWorld(t, func(t *testing.T, w *world) {
		require.Equal(t, wire.HandshakeTimeout, opened(t, w, func(c *conn) { c.greet() }), "no welcome")
	})
	inWorld(t, func(t *testing.T, w *world) {
		var dials []time.Time
		w.cfg.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			dials = append(dials, time.Now())
			here, there := net.Pipe()
			go func() { // takes everything and says nothing
				b := make([]byte, 1<<10)
				for {
					if _, err := there.Read(b); err != nil {
						return
					}
				}
			}()
			return here, ctx.Err()
		}
		w.start()
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, wire.HandshakeTimeout+500*time.Millisecond, dials[1].Sub(dials[0]), "no TLS")
	})
}

// What keeps the screen from its hub is said once for each time it does.
func TestTroubleIsSaidOncePerTime(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		for n := range 3 {
			w.live(5, "Anna")
			w.link.Cut()
			time.Sleep(time.Hour)
			require.Equal(t, n+1, strings.Count(w.log.String(), `level=WARN msg="hub not reached" reason=network`))
			w.link.Heal()
		}
		w.live(5, "Anna")
	})
}

// Run returns when all it started has ended, and not before.
func TestRunWaitsForWhatItStarted(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var dialling atomic.Int32
		w.cfg.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			dialling.Add(1)
			defer dialling.Add(-1)
			<-ctx.Done()
			time.Sleep(time.Second) // it takes its time to give up
			return nil, ctx.Err()
		}
		w.start()
		synctest.Wait()
		require.EqualValues(t, 1, dialling.Load())
		require.NoError(t, w.end())
		require.Zero(t, dialling.Load())
	})
}

// Whatever the screen is doing, it stops at once, says goodbye, and leaves
// nothing behind; the bubble would not end otherwise.
func TestScreenStopsCleanlyWhateverItDoes(t *testing.T) {
	for name, until := range map[string]func(t *testing.T, w *world) *conn{
		"before it dials": func(_ *testing.T, w *world) *conn { w.start(); return nil },
		"while it waits": func(_ *testing.T, w *world) *conn {
			w.link.Cut()
			w.start()
			time.Sleep(20 * time.Second)
			return nil
		},
		"while it dials": func(_ *testing.T, w *world) *conn {
			w.cfg.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
			w.start()
			time.Sleep(5 * time.Second)
			return nil
		},
		"before the challenge": func(_ *testing.T, w *world) *conn { w.start(); return w.accept() },
		"before the welcome": func(_ *testing.T, w *world) *conn {
			w.start()
			c := w.accept()
			c.greet()
			return c
		},
		"live": func(_ *testing.T, w *world) *conn {
			w.start()
			c, _ := w.live(5, "Anna")
			return c
		},
		"in the middle of a board": func(_ *testing.T, w *world) *conn {
			w.start()
			c := w.accept()
			c.greet()
			c.send(welcome(5, 0))
			c.send(&wire.Snap{Epoch: epoch, Rev: 5, Rows: put("Anna")})
			return c
		},
		"in the middle of a picture": func(_ *testing.T, w *world) *conn {
			w.want(portrait)
			w.picture(hang)
			w.start()
			c, _ := w.live(5, "Anna")
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				c := until(t, w)
				synctest.Wait()
				began := time.Now()
				require.NoError(t, w.end())
				require.Zero(t, time.Since(began))
				if c != nil {
					require.Equal(t, wire.CloseGoingAway, c.ended())
				}
			})
		})
	}
}

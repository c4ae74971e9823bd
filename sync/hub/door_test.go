package hub

import (
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/netsim"
)

// Issue 3, item 7: in a storm of reconnects as many are let in at a time as can
// be dealt with; the rest wait outside. Whoever says nothing keeps nobody out
// for long, and whoever speaks or goes makes place at once.
func TestDoorLetsInAsManyAsCanBeDealtWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lines := netsim.New()
		door := newDoor(lines)
		srv := &http.Server{Handler: http.NotFoundHandler(), ConnState: door.knocked}
		var wg sync.WaitGroup
		wg.Go(func() { _ = srv.Serve(door) })
		var open []net.Conn
		dial := func() net.Conn {
			c, err := lines.Link().Dial(t.Context(), "tcp", host)
			require.NoError(t, err)
			open = append(open, c)
			return c
		}
		began := time.Now()
		for range maxKnocking {
			dial()
		}
		require.Zero(t, time.Since(began))
		dial() // waits until the first have held their places for long enough
		require.Equal(t, knockTime, time.Since(began))
		synctest.Wait()
		for len(door.places) < maxKnocking {
			dial()
			synctest.Wait()
		}

		began = time.Now()
		last := open[len(open)-1]
		wg.Go(func() { _, _ = io.WriteString(last, "GET / HTTP/1.1\r\nHost: hub.test\r\n\r\n") })
		dial()
		require.Zero(t, time.Since(began), "one of them has spoken")
		wg.Go(func() { _ = open[len(open)-2].Close() })
		synctest.Wait()
		dial()
		require.Zero(t, time.Since(began), "one of them has gone")

		require.NoError(t, srv.Close())
		for _, c := range open {
			_ = c.Close()
		}
		wg.Wait()
		time.Sleep(time.Minute)
		require.Empty(t, door.places)
	})
}

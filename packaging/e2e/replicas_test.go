package e2e

import (
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store/pgstore/pgtest"
)

// Two hubs serve one house from one PostgreSQL, and screens hang on both. Either
// is killed or stands still, the database goes down with everything it is doing,
// the screens lose power: what was noted on a screen takes effect, once, and all
// screens of both agree in the end.
//
// R-IBG-30.
func TestTwoHubsOnOneDatabaseBearWhatHappens(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	pg := pgtest.New(t)
	h := takeIn(t, pg.Database(t, "UTF8"), crowded)
	var hubs [2]*process
	var addrs [2]string
	for i := range hubs {
		hubs[i], addrs[i] = h.serve("127.0.0.1:0")
	}
	c := h.gather(4, seed)
	urls := []string{"wss://" + addrs[0] + "/sync", "wss://" + addrs[1] + "/sync"}
	const touches = 12
	faults := []fault{
		{"a hub is killed", func(wait func()) {
			i := r.IntN(len(hubs))
			hubs[i].kill()
			wait()
			hubs[i], _ = h.serve(addrs[i])
		}},
		{"a hub stands still", func(wait func()) {
			p := hubs[r.IntN(len(hubs))].cmd.Process
			require.NoError(t, p.Signal(syscall.SIGSTOP))
			wait()
			require.NoError(t, p.Signal(syscall.SIGCONT))
		}},
		{"the database crashes", func(wait func()) {
			pg.Crash(t)
			wait()
			pg.Start(t)
		}},
		{"a hub is killed while the database is down", func(wait func()) {
			i := r.IntN(len(hubs))
			pg.Crash(t)
			hubs[i].kill()
			wait()
			pg.Start(t)
			hubs[i], _ = h.serve(addrs[i])
		}},
		{"the screens lose power", func(wait func()) {
			c.kill()
			wait()
			c.on(urls, touches)
		}},
	}
	c.on(urls, touches)
	c.bear(r, faults)
	for _, hub := range hubs {
		require.Zero(t, hub.end())
	}
}

// What is touched on a screen of one hub is shown by the screens of the other.
//
// R-IBG-31.
func TestTouchOnOneHubIsShownByTheOther(t *testing.T) {
	h := takeIn(t, pgtest.Database(t), crowded)
	var urls []string
	for range 2 {
		_, addr := h.serve("127.0.0.1:0")
		urls = append(urls, "wss://"+addr+"/sync")
	}
	c := h.gather(2, 1) // one on each
	c.on(urls, 10)
	c.awaitQuiet()
	c.check()
}

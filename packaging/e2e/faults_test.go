package e2e

import (
	"math/rand/v2"
	"net/url"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
)

// crowded gives the activities of a house few places.
func crowded(in *house.House) {
	for i := range in.Activities {
		in.Activities[i].Capacity = 1 + i
	}
}

// A fault is something that goes wrong, and is right again after wait.
type fault struct {
	name string
	do   func(wait func())
}

// bear has every fault happen twice while the screens touch, and looks at what
// became of it.
func (c *crowd) bear(r *rand.Rand, faults []fault) {
	c.t.Helper()
	for round := range 2 {
		for _, i := range r.Perm(len(faults)) {
			time.Sleep(time.Duration(r.IntN(400)) * time.Millisecond) // whatever they are at
			c.t.Logf("round %d: %s", round, faults[i].name)
			faults[i].do(func() { time.Sleep(time.Duration(100+r.IntN(400)) * time.Millisecond) })
		}
	}
	c.awaitQuiet()
	c.check()
}

// Whatever happens to a hub, its screens and the network between them: what was
// noted on a screen takes effect, once, and in the end all agree.
//
// R-IBG-30.
func TestHubAndScreensBearWhatHappens(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	h := newHomeWith(t, crowded)
	u, err := url.Parse(h.url)
	require.NoError(t, err)
	c := h.gather(4, seed)
	net := newProxy(t, u.Host)
	hubs := []string{"wss://" + net.addr() + "/sync"}
	const touches = 12
	faults := []fault{
		{"the hub is killed", func(wait func()) {
			h.hub.kill()
			wait()
			h.startHub(u.Host)
		}},
		{"the hub stands still", func(wait func()) {
			require.NoError(t, h.hub.cmd.Process.Signal(syscall.SIGSTOP))
			wait()
			require.NoError(t, h.hub.cmd.Process.Signal(syscall.SIGCONT))
		}},
		{"the network is cut", func(wait func()) {
			net.cut()
			wait()
			net.cut()
		}},
		{"nothing reaches the hub", func(wait func()) {
			net.change(func() { net.state.held[up] = true })
			wait()
			net.cut() // what was under way is lost
			net.change(func() { net.state.held[up] = false })
		}},
		{"no answer comes back", func(wait func()) {
			net.change(func() { net.state.held[down] = true })
			wait()
			net.cut()
			net.change(func() { net.state.held[down] = false })
		}},
		{"only a trickle gets through", func(wait func()) {
			net.change(func() { net.state.slow = true })
			wait()
			net.change(func() { net.state.slow = false })
		}},
		{"the screens lose power", func(wait func()) {
			c.kill()
			wait()
			c.on(hubs, touches)
		}},
	}
	c.on(hubs, touches)
	c.bear(r, faults)
	require.Zero(t, h.hub.end())
}

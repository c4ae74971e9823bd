package e2e

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"tavle/player/cache"
	"tavle/player/seal"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// A crowd is many screens in one process, without glass, that somebody touches
// at random; see packaging/crowd.
type crowd struct {
	*home
	n    int
	seed uint64
	proc *process
	said []string // by processes that were killed
}

// gather lets n screens in.
func (h *home) gather(n int, seed uint64) *crowd {
	h.t.Helper()
	c := &crowd{home: h, n: n, seed: seed}
	for line := range strings.Lines(h.run("crowd", "-screens", fmt.Sprint(n), "-keys")) {
		word := strings.Fields(line)
		h.office("screens", "add", word[1], "--place", "scr-2", "--key", word[2])
	}
	return c
}

// on switches the screens on. Each is touched so often, and then only listens.
func (c *crowd) on(hubs []string, touches int) {
	c.t.Helper()
	c.seed++
	c.proc = c.start(nil, "crowd", "-screens", fmt.Sprint(c.n), "-hubs", strings.Join(hubs, ","), "-pins", c.pin,
		"-touches", fmt.Sprint(touches), "-pause", "60ms", "-seed", fmt.Sprint(c.seed))
}

// kill cuts the power of all screens.
func (c *crowd) kill() {
	c.proc.kill()
	c.said = append(c.said, c.proc.out.String())
}

// awaitQuiet waits until the hub has answered every touch, every screen has what
// the hub has, and the hub knows.
func (c *crowd) awaitQuiet() {
	c.t.Helper()
	for i := range c.n {
		c.proc.await(fmt.Sprintf("quiet s%02d", i))
	}
	c.until("every screen has what the hub has", func() bool {
		out := c.proc.out.String()
		for i := range c.n {
			name := fmt.Sprintf("s%02d", i)
			at := out[strings.LastIndex(out, "at "+name+" ")+len("at "+name+" "):]
			at, _, _ = strings.Cut(at, "\n")
			if at != c.head(name).String() {
				return false
			}
		}
		return true
	})
	for i := range c.n { // a screen confirms up to a second later
		name := fmt.Sprintf("s%02d", i)
		c.acked(name, c.head(name))
	}
}

// head returns where a screen's board stands at the hub.
func (h *home) head(device string) (at record.Position) {
	h.t.Helper()
	h.view(func(ctx context.Context, v store.View) error {
		d, err := v.Device(ctx, device)
		if err != nil {
			return err
		}
		head, err := v.Head(ctx, d.Board)
		at = head.Position
		return err
	})
	return at
}

// check ends the screens and holds what they have on disk against the hub:
// everything that was noted is there, in effect once, and nothing else is; no
// list is too long, and nobody waits where there is a place.
//
// Invariants 1, 3, 4, 5, 6 and 9 of sync/netsim/sim.
func (c *crowd) check() {
	c.t.Helper()
	require.Zero(c.t, c.proc.end())
	c.said = append(c.said, c.proc.out.String())
	for _, hub := range c.all {
		require.NotContains(c.t, hub.out.String(), "asks for a whole board")
	}

	want := map[string]bool{} // list and person: whether they are on it
	joined, left := 0, 0
	for i := range c.n {
		name := fmt.Sprintf("s%02d", i)
		at, entries := c.disk(name)
		require.Equal(c.t, c.head(name), at, "%s: the board on its disk", name)
		noted := 0
		for _, said := range c.said {
			noted += strings.Count(said, "noted "+name+" ")
		}
		require.GreaterOrEqual(c.t, len(entries), noted, "%s: what it noted is on its disk", name)
		for _, e := range entries {
			require.NotNil(c.t, e.Result, "%s: %d was answered", name, e.Seq)
			require.NotEqual(c.t, wire.Rejected, e.Result.Outcome, "%s: %d: nothing was there to refuse (%s)", name, e.Seq, e.Result.Code)
			want[c.pair(name, e)] = e.Op == wire.OpSignUp
			if e.Op == wire.OpSignUp {
				joined++
			} else {
				left++
			}
		}
	}
	require.NotZero(c.t, joined)
	maps.DeleteFunc(want, func(_ string, on bool) bool { return !on })
	require.Equal(c.t, slices.Sorted(maps.Keys(want)), c.lists())

	created, deleted := 0, 0
	for what, n := range c.touched() {
		switch {
		case strings.HasSuffix(what, " create"):
			created += n
		case strings.HasSuffix(what, " delete"):
			deleted += n
		}
	}
	require.Equal(c.t, joined, created, "sign-ups in effect, by the audit")
	require.Equal(c.t, left, deleted, "cancellations in effect, by the audit")
	c.t.Logf("%d sign-ups and %d cancellations on %d screens, each once", joined, left, c.n)
}

// disk returns what a screen has on its disk.
func (c *crowd) disk(name string) (record.Position, []session.Entry) {
	c.t.Helper()
	dir := filepath.Join(c.dir, "crowd", name)
	kept, err := cache.Open(cache.Options{Dir: filepath.Join(dir, "cache"), Secret: seal.HostFile{Path: filepath.Join(dir, "secret")}})
	require.NoError(c.t, err)
	defer func() { require.NoError(c.t, kept.Close()) }()
	return kept.Facts().At, kept.Outbox()
}

// pair names the list and the person a mutation is about, as the house does.
func (c *crowd) pair(device string, e session.Entry) (pair string) {
	c.t.Helper()
	c.view(func(ctx context.Context, v store.View) error {
		d, err := v.Device(ctx, device)
		if err != nil {
			return err
		}
		list, _, err := v.Source(ctx, d.Board, e.On.Key())
		if err != nil {
			return err
		}
		who, _, err := v.Source(ctx, d.Board, record.Key{Kind: record.KindPerson, ID: string(e.Who)})
		pair = fmt.Sprint(list, " ", who)
		return err
	})
	return pair
}

// lists returns who is on the lists, and checks the lists themselves.
func (h *home) lists() (pairs []string) {
	h.t.Helper()
	h.view(func(ctx context.Context, v store.View) error {
		pairs = nil
		for _, id := range listed {
			a, err := store.Get[house.Activity](ctx, v, id)
			if err != nil {
				return err
			}
			places, err := v.Places(ctx, house.List{Kind: house.KindActivity, ID: id})
			if err != nil {
				return err
			}
			taken, waits := 0, 0
			for _, p := range places {
				pairs = append(pairs, fmt.Sprint(id, " ", p.Person))
				if p.State == house.TakesPart {
					require.Zero(h.t, waits, "%s: somebody waits before somebody who takes part", id)
					taken++
				} else {
					waits++
				}
			}
			if a.Capacity > 0 {
				require.LessOrEqual(h.t, taken, a.Capacity, "%s: more people than places", id)
				require.False(h.t, waits > 0 && taken < a.Capacity, "%s: somebody waits where there is a place", id)
			}
		}
		return nil
	})
	slices.Sort(pairs)
	return pairs
}

// acked waits until the hub knows what a screen has on the glass, and checks that
// it never believes more of it than is on its disk.
func (h *home) acked(device string, disk record.Position) {
	h.t.Helper()
	h.until("the hub knows what "+device+" shows", func() (knows bool) {
		h.view(func(ctx context.Context, v store.View) error {
			d, err := v.Device(ctx, device)
			require.LessOrEqual(h.t, d.Acked.Rev, disk.Rev)
			knows = d.Acked == wire.Ack{Epoch: disk.Epoch, Rev: disk.Rev}
			return err
		})
		return knows
	})
}

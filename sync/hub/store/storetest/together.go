package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Two stores that are opened on the same data are two hubs, or a hub and a
// command beside it.

// twice opens the same store two times, with an activity, a board and a screen.
func twice(t *testing.T, open Open) [2]store.Store {
	dir := t.TempDir()
	both := [2]store.Store{open(t, dir), open(t, dir)}
	t.Cleanup(func() {
		for _, s := range both {
			require.NoError(t, s.Close())
		}
	})
	furnish(t, both[0])
	return both
}

// R-IBG-33: 32 at once for 5 places, through two stores.
func twoStoresGiveOutEachPlaceOnce(t *testing.T, open Open) {
	both := twice(t, open)
	var wg sync.WaitGroup
	var in atomic.Int64
	waits := make([]atomic.Int64, 28)
	for i := range 32 {
		wg.Go(func() {
			state, waiting := join(t, both[i%2], person(i), 5)
			if state == house.TakesPart {
				in.Add(1)
			} else {
				waits[waiting].Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 5, in.Load())
	for n := 1; n <= 27; n++ {
		require.EqualValues(t, 1, waits[n].Load(), "everybody was told another place in the line")
	}
	for _, s := range both {
		in, waiting := on(t, s)
		require.Len(t, in, 5)
		require.Len(t, waiting, 27)
	}
}

// Writers in two stores, a reader in each that
// follows the board. What is committed can be read at once in the other store,
// every revision is given out once, and the rows always hash to the sum.
func twoStoresCommitRevisionsInOrder(t *testing.T, open Open) {
	both := twice(t, open)
	const writers, each = 6, 12
	given := make([]atomic.Int64, writers*each+1)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			mine, others := both[w%2], both[1-w%2]
			for i := range each {
				var at record.Position
				update(t, mine, func(tx store.Tx) (err error) {
					if err = tx.Lock(t.Context(), "dep-1"); err == nil {
						at, _, err = store.WriteRows(t.Context(), tx, board, []project.Row{
							row(fmt.Sprint(i%5), fmt.Sprintf(`{"w":%d,"i":%d}`, w, i)),
						}, now)
					}
					return err
				})
				given[at.Rev].Add(1)
				view(t, others, func(v store.View) error {
					heads, err := v.Heads(t.Context(), board, "b9")
					assert.Len(t, heads, 1)
					assert.GreaterOrEqual(t, heads[board].Rev, at.Rev)
					return err
				})
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	var followers sync.WaitGroup
	for _, s := range both {
		followers.Go(func() {
			rows, at := map[record.Key]string{}, uint64(0)
			for finished := false; !finished; {
				select {
				case <-done:
					finished = true
				default:
				}
				head, _ := since(t, s, rows, at)
				assert.GreaterOrEqual(t, head.Rev, at)
				assert.Equal(t, sum(rows), head.Sum)
				at = head.Rev
			}
			assert.EqualValues(t, writers*each, at)
		})
	}
	followers.Wait()
	for rev := 1; rev <= writers*each; rev++ {
		require.EqualValues(t, 1, given[rev].Load(), rev)
	}
}

// Whoever writes to a whole system is alone in it, though a department is only
// being made; those who write to different departments are not.
func locksKeepWritersApart(t *testing.T, open Open) {
	both := twice(t, open)
	var all, made atomic.Int64
	var one [3]atomic.Int64
	alone := func(n *atomic.Int64) func() {
		assert.EqualValues(t, 1, n.Add(1))
		return func() { n.Add(-1) }
	}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 8 {
				update(t, both[w%2], func(tx store.Tx) error {
					if w < 2 {
						if err := tx.Lock(t.Context()); err != nil {
							return err
						}
						defer alone(&all)()
						for d := range one {
							assert.Zero(t, one[d].Load())
						}
						return tx.Put(t.Context(), &house.Department{
							ID: house.ID(fmt.Sprint("dep-", made.Add(1)+2)), Name: record.Text{"da": "Et"},
						})
					}
					d, e := w%3, (w+i)%3 // in whatever order
					if err := tx.Lock(t.Context(), house.ID(fmt.Sprint("dep-", d+3)), house.ID(fmt.Sprint("dep-", e+3))); err != nil {
						return err
					}
					defer alone(&one[d])()
					if e != d {
						defer alone(&one[e])()
					}
					assert.Zero(t, all.Load())
					return tx.Note(t.Context(), "look")
				})
			}
		})
	}
	wg.Wait()
	view(t, both[1], func(v store.View) error {
		depts, err := v.All(t.Context(), house.KindDepartment)
		require.Len(t, depts, 1+16)
		return err
	})
}

// A transaction that took locks one by one, or late, could wait for another that
// waits for it.
func locksAreTakenOnceAndFirst(t *testing.T, open Open) {
	s, ctx := withList(t, open), t.Context()
	require.EqualError(t, s.Update(ctx, hub, func(tx store.Tx) error {
		require.NoError(t, tx.Lock(ctx, "dep-1"))
		return tx.Lock(ctx, "dep-2")
	}), "lock: a transaction takes its locks at once")
	require.EqualError(t, s.Update(ctx, hub, func(tx store.Tx) error {
		require.NoError(t, tx.Put(ctx, activity("a1", "2026-12-03")))
		return tx.Lock(ctx)
	}), "lock: a transaction takes its locks before it writes")
}

// R-IBG-08: whoever writes at the same time, without a lock in common, each has
// their lines in the audit.
func auditKeepsEveryLine(t *testing.T, open Open) {
	both := twice(t, open)
	ctx := t.Context()
	lines := func() (n int) {
		view(t, both[0], func(v store.View) error {
			all, err := v.Audit(ctx)
			n = len(all)
			return err
		})
		return n
	}
	before := lines()
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			s := both[w%2]
			for i := range 6 {
				if w < 4 {
					if err := s.View(ctx, staff, func(v store.View) error {
						_, err := v.All(ctx, house.KindResident)
						return err
					}); err != nil {
						t.Error(err)
					}
					continue
				}
				update(t, s, func(tx store.Tx) error {
					if err := tx.Lock(ctx, house.ID(fmt.Sprint("dep-", w))); err != nil {
						return err
					}
					return tx.Put(ctx, resident(person(w*10+i)))
				})
			}
		})
	}
	wg.Wait()
	require.Equal(t, before+8*6, lines())
}

// The same mutation over two connections at once, about
// something that needs no lock, happens once and has one result.
func mutationOverTwoConnectionsHappensOnce(t *testing.T, open Open) {
	both, ctx := twice(t, open), t.Context()
	for seq := uint64(1); seq <= 8; seq++ {
		var wg sync.WaitGroup
		var news atomic.Int64
		results := make([]wire.Result, 4)
		for i := range results {
			wg.Go(func() {
				var fresh bool
				if err := both[i%2].Update(ctx, hub, func(tx store.Tx) (err error) {
					results[i], fresh, err = store.Append(ctx, tx, inst, wire.Mutation{Seq: seq}, func() (wire.Result, error) {
						return wire.Result{Outcome: wire.Rejected, Code: wire.ReasonInvalid, Rev: uint64(i)}, nil
					})
					return err
				}); err != nil {
					t.Error(err)
				}
				if fresh {
					news.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, news.Load())
		for _, r := range results {
			require.Equal(t, results[0], r)
		}
	}
}

// What one hub stores late does not replace what a screen
// has told another since, and what it says of a feed its board has not, or has not
// any more, confirms nothing.
func confirmationsNeverGoBack(t *testing.T, open Open) {
	s, ctx := withList(t, open), t.Context()
	const one, two = record.Epoch("00000000000000e1"), record.Epoch("00000000000000e2")
	feed := one
	for _, c := range []struct {
		feed record.Epoch
		told wire.Ack
		when time.Time
		want wire.Ack
	}{
		{one, wire.Ack{Epoch: one, Rev: 7}, now, wire.Ack{Epoch: one, Rev: 7}},
		{one, wire.Ack{Epoch: one, Rev: 6}, now.Add(time.Second), wire.Ack{Epoch: one, Rev: 7}},
		{one, wire.Ack{Epoch: one, Rev: 8}, now.Add(-time.Second), wire.Ack{Epoch: one, Rev: 8}}, // clocks differ
		{one, wire.Ack{Epoch: two, Rev: 9}, now.Add(time.Second), wire.Ack{Epoch: one, Rev: 8}},
		{two, wire.Ack{Epoch: one, Rev: 9}, now.Add(time.Second), wire.Ack{}},
		{two, wire.Ack{Epoch: two, Rev: 1}, now.Add(time.Second), wire.Ack{Epoch: two, Rev: 1}},
		{two, wire.Ack{Epoch: one, Rev: 9}, now.Add(time.Minute), wire.Ack{Epoch: two, Rev: 1}},
	} {
		update(t, s, func(tx store.Tx) error {
			if c.feed != feed {
				feed = c.feed
				if err := tx.Renumber(ctx, "b1", feed); err != nil {
					return err
				}
			}
			return tx.Acked(ctx, store.Ack{At: c.told, When: c.when}, "scr-1")
		})
		view(t, s, func(v store.View) error {
			d, err := v.Device(ctx, "scr-1")
			require.Equal(t, c.want, d.Acked)
			return err
		})
	}
}

// An update that finds that things have changed runs again, and not for ever.
func updateRunsAgain(t *testing.T, open Open) {
	s, runs := withList(t, open), 0
	require.NoError(t, s.Update(t.Context(), hub, func(tx store.Tx) error {
		if runs++; runs < 3 {
			require.NoError(t, tx.Put(t.Context(), resident("r01")))
			return fmt.Errorf("list: %w", store.ErrAgain)
		}
		_, err := tx.Get(t.Context(), house.KindResident, "r01")
		require.ErrorIs(t, err, store.ErrNotFound, "nothing is left of the times before")
		return nil
	}))
	require.Equal(t, 3, runs)
	require.ErrorIs(t, s.Update(t.Context(), hub, func(store.Tx) error { return store.ErrAgain }), store.ErrAgain)
}

// What nobody waits for any more does not happen.
func cancelledUpdateLeavesNothing(t *testing.T, open Open) {
	s := withList(t, open)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, hub, func(tx store.Tx) error {
		require.NoError(t, tx.Put(t.Context(), resident("r01")))
		cancel()
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, store.ErrUnknown)
	view(t, s, func(v store.View) error {
		_, err := v.Get(t.Context(), house.KindResident, "r01")
		require.ErrorIs(t, err, store.ErrNotFound)
		return nil
	})
}

package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

var swim = house.List{Kind: house.KindActivity, ID: "a1"}

// withList opens a store with an activity, a board and a screen.
func withList(t *testing.T, open Open) store.Store {
	s := open(t, t.TempDir())
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	furnish(t, s)
	return s
}

// furnish makes a department with an activity, a board and a screen.
func furnish(t *testing.T, s store.Store) {
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.Put(t.Context(), &house.Department{ID: "dep-1", Name: record.Text{"da": "Et"}}))
		require.NoError(t, tx.Put(t.Context(), activity("a1", "2026-12-03")))
		require.NoError(t, tx.PutBoard(t.Context(), store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, "00000000000000e1"))
		return tx.PutDevice(t.Context(), store.Device{ID: "scr-1", Board: "b1", Key: make([]byte, 32)})
	})
}

func join(t *testing.T, s store.Store, id house.ID, limit int) (state house.State, waiting int) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		require.NoError(t, tx.Lock(t.Context(), "dep-1"))
		state, waiting, err = store.Join(t.Context(), tx, swim, limit, at(id))
		return err
	})
	return state, waiting
}

func leave(t *testing.T, s store.Store, id house.ID, limit int) (was bool) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		require.NoError(t, tx.Lock(t.Context(), "dep-1"))
		was, err = store.Leave(t.Context(), tx, swim, limit, at(id))
		return err
	})
	return was
}

// on returns who takes part and who waits, each in order.
func on(t *testing.T, s store.Store) (in, waiting []house.ID) {
	t.Helper()
	view(t, s, func(v store.View) error {
		list, err := v.Places(t.Context(), swim)
		for _, p := range list {
			switch p.State {
			case house.TakesPart:
				in = append(in, p.Person)
			case house.Waits:
				waiting = append(waiting, p.Person)
			}
		}
		return err
	})
	return in, waiting
}

// No list is too long, with 32 at once for 5 places.
func noMorePeopleThanPlaces(t *testing.T, open Open) {
	s := withList(t, open)
	var wg sync.WaitGroup
	var got struct {
		sync.Mutex
		in    int
		waits []int
	}
	for i := range 32 {
		wg.Go(func() {
			state, waiting := join(t, s, person(i), 5)
			got.Lock()
			defer got.Unlock()
			if state == house.TakesPart {
				got.in++
			} else {
				got.waits = append(got.waits, waiting)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 5, got.in)
	slices.Sort(got.waits)
	for i, n := range got.waits {
		require.Equal(t, i+1, n, "everybody was told another place in the line")
	}
	in, waiting := on(t, s)
	require.Len(t, in, 5)
	require.Len(t, waiting, 27)
}

func waitingListMovesUpOnce(t *testing.T, open Open) {
	s := withList(t, open)
	for i := range 5 {
		join(t, s, person(i), 2)
	}
	in, waiting := on(t, s)
	require.Equal(t, []house.ID{"r00", "r01"}, in)
	require.Equal(t, []house.ID{"r02", "r03", "r04"}, waiting)

	require.True(t, leave(t, s, "r00", 2))
	in, waiting = on(t, s)
	require.Equal(t, []house.ID{"r01", "r02"}, in)
	require.Equal(t, []house.ID{"r03", "r04"}, waiting)

	require.False(t, leave(t, s, "r00", 2), "gone already; nobody moves up again")
	require.True(t, leave(t, s, "r04", 2), "who only waited frees no place")
	in, waiting = on(t, s)
	require.Equal(t, []house.ID{"r01", "r02"}, in)
	require.Equal(t, []house.ID{"r03"}, waiting)

	update(t, s, func(tx store.Tx) error { // more places: everybody who fits moves up
		moved, err := store.Settle(t.Context(), tx, swim, 4)
		require.Equal(t, []house.ID{"r03"}, moved)
		return err
	})
	update(t, s, func(tx store.Tx) error { // fewer: nobody is thrown out
		moved, err := store.Settle(t.Context(), tx, swim, 1)
		require.Empty(t, moved)
		return err
	})
	in, waiting = on(t, s)
	require.Equal(t, []house.ID{"r01", "r02", "r03"}, in)
	require.Empty(t, waiting)
}

func joiningTwiceChangesNothing(t *testing.T, open Open) {
	s := withList(t, open)
	for _, id := range []house.ID{"r01", "r02", "r03", "r01", "r03"} {
		join(t, s, id, 1)
	}
	state, waiting := join(t, s, "r03", 1)
	require.Equal(t, house.Waits, state)
	require.Equal(t, 2, waiting)
	in, waits := on(t, s)
	require.Equal(t, []house.ID{"r01"}, in)
	require.Equal(t, []house.ID{"r02", "r03"}, waits)
}

// Whoever joins again with another dish eats that one, and is otherwise on the list
// as before.
func joiningAgainChangesTheDish(t *testing.T, open Open) {
	s := withList(t, open)
	eats := func(dish string) (out store.Place) {
		update(t, s, func(tx store.Tx) error {
			p := at("r01")
			p.Dish = dish
			_, _, err := store.Join(t.Context(), tx, swim, 0, p)
			return err
		})
		view(t, s, func(v store.View) error {
			list, err := v.Places(t.Context(), swim)
			require.Len(t, list, 2)
			out = list[0]
			return err
		})
		return out
	}
	join(t, s, "r01", 0)
	join(t, s, "r02", 0)
	first := eats("")
	other := eats("alternative")
	require.Equal(t, "alternative", other.Dish)
	other.Dish = first.Dish
	require.Equal(t, first, other)
	require.Equal(t, "alternative", eats("").Dish, "said nothing of it")
	require.Equal(t, "main", eats("main").Dish)
}

// R-IBG-34: whoever says no to an automatic sign-up is not signed up again.
func ruledOnesOptOut(t *testing.T, open Open) {
	s := withList(t, open)
	update(t, s, func(tx store.Tx) error {
		p := at("r01")
		p.Via, p.Device = "auto", ""
		_, _, err := store.Join(t.Context(), tx, swim, 0, p)
		return err
	})
	require.True(t, leave(t, s, "r01", 0))
	view(t, s, func(v store.View) error {
		list, err := v.Places(t.Context(), swim)
		require.Len(t, list, 1)
		require.Equal(t, house.OptedOut, list[0].State)
		require.Equal(t, "wall", list[0].Via)
		return err
	})
	require.False(t, leave(t, s, "r01", 0))
	state, _ := join(t, s, "r01", 0)
	require.Equal(t, house.TakesPart, state, "and may change their mind")
	view(t, s, func(v store.View) error {
		lists, err := v.ListsOf(t.Context(), "r01")
		require.Equal(t, []house.List{swim}, lists)
		return err
	})
}

func listsByDepartmentAndDay(t *testing.T, open Open) {
	s, ctx := withList(t, open), t.Context()
	late := house.List{Kind: house.KindActivity, ID: "a2"}
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.Put(ctx, activity("a2", "2026-12-09", "dep-2")))
		require.NoError(t, tx.PutPlace(ctx, swim, at("r02")))
		require.NoError(t, tx.PutPlace(ctx, swim, at("r01")))
		return tx.PutPlace(ctx, late, at("r01"))
	})
	people := func(dept house.ID, from, until house.Day) map[house.List][]house.ID {
		out := map[house.List][]house.ID{}
		view(t, s, func(v store.View) error {
			lists, err := v.PlacesOn(ctx, dept, from, until)
			for l, places := range lists {
				for _, p := range places {
					out[l] = append(out[l], p.Person)
				}
			}
			return err
		})
		return out
	}
	require.Equal(t, map[house.List][]house.ID{swim: {"r02", "r01"}}, people("dep-1", "2026-12-01", "2026-12-05"), "in the order they came")
	require.Equal(t, map[house.List][]house.ID{late: {"r01"}}, people("dep-1", "2026-12-05", "2026-12-09"))
	require.Equal(t, map[house.List][]house.ID{late: {"r01"}}, people("dep-2", "2026-12-01", "2026-12-31"))
}

var inst = store.Inst{Device: "scr-1", Inst: "i1"}

// touch sends one mutation as a screen does.
func touch(t *testing.T, s store.Store, i store.Inst, seq uint64, id house.ID, limit int) (r wire.Result, fresh bool, err error) {
	err = s.Update(t.Context(), hub, func(tx store.Tx) (err error) {
		require.NoError(t, tx.Lock(t.Context(), "dep-1"))
		r, fresh, err = store.Append(t.Context(), tx, i, wire.Mutation{Seq: seq}, func() (wire.Result, error) {
			state, waiting, err := store.Join(t.Context(), tx, swim, limit, at(id))
			if state == house.Waits {
				return wire.Result{Outcome: wire.Waitlisted, Place: waiting, Rev: 9}, err
			}
			return wire.Result{Outcome: wire.Accepted, Rev: 9}, err
		})
		return err
	})
	return r, fresh, err
}

// Sent twice, at once or later, it happens once and has
// one result.
func mutationHappensOnce(t *testing.T, open Open) {
	s := withList(t, open)
	var wg sync.WaitGroup
	var news struct {
		sync.Mutex
		n int
	}
	for range 16 {
		wg.Go(func() {
			r, fresh, err := touch(t, s, inst, 1, "r01", 1)
			require.NoError(t, err)
			require.Equal(t, wire.Result{Seq: 1, Outcome: wire.Accepted, Rev: 9}, r)
			if fresh {
				news.Lock()
				news.n++
				news.Unlock()
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, news.n)
	in, _ := on(t, s)
	require.Len(t, in, 1)

	r, fresh, err := touch(t, s, store.Inst{Device: "scr-1", Inst: "i2"}, 1, "r02", 1)
	require.NoError(t, err)
	require.True(t, fresh, "another installation counts for itself")
	require.Equal(t, wire.Result{Seq: 1, Outcome: wire.Waitlisted, Place: 1, Rev: 9}, r)
}

func missingMutationStops(t *testing.T, open Open) {
	s := withList(t, open)
	_, _, err := touch(t, s, inst, 2, "r01", 0)
	require.ErrorIs(t, err, store.ErrGap)
	in, _ := on(t, s)
	require.Empty(t, in)

	no := errors.New("no")
	err = s.Update(t.Context(), hub, func(tx store.Tx) error {
		_, _, err := store.Append(t.Context(), tx, inst, wire.Mutation{Seq: 1}, func() (wire.Result, error) { return wire.Result{}, no })
		return err
	})
	require.ErrorIs(t, err, no)
	view(t, s, func(v store.View) error {
		last, err := v.LastSeq(t.Context(), inst)
		require.Zero(t, last, "what failed was not applied")
		return err
	})
}

func resultsStayUntilReleased(t *testing.T, open Open) {
	s, ctx := withList(t, open), t.Context()
	for i := range 3 {
		_, _, err := touch(t, s, inst, uint64(i+1), person(i), 0)
		require.NoError(t, err)
	}
	results := func() (seqs []uint64) {
		view(t, s, func(v store.View) error {
			list, err := v.Results(ctx, inst)
			for _, r := range list {
				seqs = append(seqs, r.Seq)
			}
			return err
		})
		return seqs
	}
	require.Equal(t, []uint64{1, 2, 3}, results())
	full := wire.Result{Seq: 4, Outcome: wire.Waitlisted, Place: 2, Epoch: "00000000000000a1", Rev: 9}
	update(t, s, func(tx store.Tx) error { return tx.PutResult(ctx, inst, full) })
	view(t, s, func(v store.View) error {
		got, err := v.Result(ctx, inst, 4)
		require.Equal(t, full, got)
		return err
	})
	update(t, s, func(tx store.Tx) error { return tx.Release(ctx, inst, 2) })
	require.Equal(t, []uint64{3, 4}, results())
	_, _, err := touch(t, s, inst, 1, "r00", 0)
	require.ErrorIs(t, err, store.ErrReleased)
	update(t, s, func(tx store.Tx) error { return tx.Release(ctx, inst, ^uint64(0)) })
	require.Empty(t, results())
	view(t, s, func(v store.View) error {
		last, err := v.LastSeq(ctx, inst)
		require.Equal(t, uint64(4), last)
		return err
	})
}

// Four screens, each with its own people, join and leave in random order and
// send everything twice: afterwards the list is what the results say.
func manyTouchAtOnce(t *testing.T, open Open) {
	s, ctx := withList(t, open), t.Context()
	const limit = 6
	var wg sync.WaitGroup
	for d := range 4 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(d), 3))
			i := store.Inst{Device: "scr-1", Inst: fmt.Sprint("i", d)}
			for seq := uint64(1); seq <= 20; seq++ {
				who, joins := person(d*10+r.IntN(4)), r.IntN(3) > 0
				for range 2 {
					require.NoError(t, s.Update(ctx, hub, func(tx store.Tx) error {
						require.NoError(t, tx.Lock(ctx, "dep-1"))
						_, _, err := store.Append(ctx, tx, i, wire.Mutation{Seq: seq}, func() (wire.Result, error) {
							if joins {
								_, _, err := store.Join(ctx, tx, swim, limit, at(who))
								return wire.Result{Outcome: wire.Accepted}, err
							}
							_, err := store.Leave(ctx, tx, swim, limit, at(who))
							return wire.Result{Outcome: wire.Accepted}, err
						})
						return err
					}))
				}
			}
		})
	}
	wg.Wait()
	in, waiting := on(t, s)
	require.LessOrEqual(t, len(in), limit)
	require.True(t, len(in) == limit || len(waiting) == 0, "nobody waits while a place is free")
	// What each screen did last to each of its people is how they stand.
	for d := range 4 {
		r := rand.New(rand.NewPCG(uint64(d), 3))
		last := map[house.ID]bool{}
		for range 20 {
			who := person(d*10 + r.IntN(4))
			last[who] = r.IntN(3) > 0
		}
		for who, joined := range last {
			require.Equal(t, joined, slices.Contains(in, who) || slices.Contains(waiting, who), who)
		}
	}
}

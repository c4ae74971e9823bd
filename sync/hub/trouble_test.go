package hub

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/netsim"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A fullDisk is a store that can be read and not written.
type fullDisk struct {
	store.Store
	full atomic.Bool
}

var errFull = errors.New("no space left on device")

// Update implements [store.Store].
func (s *fullDisk) Update(ctx context.Context, by store.Actor, f func(store.Tx) error) error {
	if s.full.Load() {
		return errFull
	}
	return s.Store.Update(ctx, by, f)
}

// Issue 2, "Bad input": a full disk. The screen keeps what was touched and says
// it again; when there is room it happens, once. Boards are shown meanwhile.
func TestFullDiskLosesNoSignUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		disk := &fullDisk{Store: w.hub.store}
		w.hub.store = disk
		s := w.live("scr-1")
		m := s.touch(1, wire.OpSignUp, film, "r01")
		disk.full.Store(true)
		s.send(wire.Mut{Muts: []wire.Mutation{m}})
		require.Equal(t, wire.CloseTryLater, s.ended())
		require.Empty(t, s.state.results)
		require.ErrorIs(t, w.hub.Change(t.Context(), byStaff, func(context.Context, *Edit) error { return nil }), errFull)
		s.connect()
		require.NotEmpty(t, s.facts().Activities)
		disk.full.Store(false)
		s.send(wire.Mut{Muts: []wire.Mutation{m}})
		require.Equal(t, wire.Accepted, s.result(1).Outcome)
		in, _ := w.who(film)
		require.Len(t, in, 5)
		s.leave()
	})
}

// What a screen confirms while the disk is full is stored when there is room
// again: one that stays connected does not say it a second time.
func TestConfirmationsWaitForRoom(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		disk := &fullDisk{Store: w.hub.store}
		w.hub.store = disk
		s := w.live("scr-1")
		confirmed := func() bool {
			states, err := w.hub.Screens(t.Context(), byStaff)
			require.NoError(t, err)
			return states[0].Confirmed()
		}
		disk.full.Store(true)
		s.send(wire.Ack{Epoch: s.state.at.Epoch, Rev: s.state.at.Rev})
		time.Sleep(10 * time.Second)
		require.False(t, confirmed())
		disk.full.Store(false)
		time.Sleep(2 * flushAfter)
		require.True(t, confirmed())
		s.leave()
	})
}

// A meddler is a store that lets something happen after the n-th reading.
type meddler struct {
	store.Store
	left   atomic.Int32
	meddle func()
}

// View implements [store.Store].
func (m *meddler) View(ctx context.Context, by store.Actor, f func(store.View) error) error {
	err := m.Store.View(ctx, by, f)
	if m.left.Add(-1) == 0 {
		m.meddle()
	}
	return err
}

// Whatever happens while a screen is looked up and let in, it ends up with what
// holds: not one row behind, and not let in when it was shut out.
func TestNothingIsMissedWhileAScreenIsLetIn(t *testing.T) {
	for n := range int32(6) {
		inWorld(t, func(t *testing.T, w *world) {
			w.live("scr-2").leave() // the board is fresh: no more readings than these
			m := &meddler{Store: w.hub.store}
			w.hub.store = m
			m.meddle = func() { w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true }) }
			m.left.Store(n)
			s := w.live("scr-1")
			if m.left.Load() > 0 {
				m.meddle()
			}
			if n > 0 {
				require.NotContains(t, s.all(), "Anna", "after reading %d", n)
			}
			s.leave()

			m.meddle = func() { require.NoError(t, w.hub.RevokeScreen(t.Context(), byStaff, "scr-1")) }
			m.left.Store(n)
			began := time.Now()
			s = w.live("scr-1")
			if m.left.Load() > 0 {
				m.meddle()
			}
			if n > 0 {
				require.Equal(t, wire.CloseRevoked, s.ended(), "after reading %d", n)
				require.Zero(t, time.Since(began), "after reading %d", n)
			} else {
				s.leave()
			}
		})
	}
}

// Non-interference on the wire: somebody hidden who joins a list without a limit
// leaves every board where it was. Not even a revision tells.
func TestHiddenSignUpMovesNoBoard(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		at, heard := s.state.at, len(s.state.heard)
		w.change(func(ctx context.Context, e *Edit) error {
			_, err := e.SignUp(ctx, list(house.KindActivity, "a10"), house.SignUp{Person: "r06", Via: "manager"})
			return err
		})
		require.Equal(t, at, s.facts().At)
		require.Len(t, s.state.heard, heard, "nothing was sent")
		s.leave()
	})
}

// Somebody else writes into the store: a command beside the hub that runs.
func TestWhatAnotherProcessWritesIsNoticed(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		db, err := sqlitestore.Open(t.Context(), filepath.Join(w.dir, "hub.db"))
		require.NoError(t, err)
		beside, err := New(t.Context(), db, Options{Hosts: []string{host}})
		require.NoError(t, err)
		s, shut := w.live("scr-1"), w.live("scr-2")
		require.NoError(t, beside.Change(t.Context(), byStaff, func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "r01", func(r *house.Resident) { r.Choices.Hidden = true })
		}))
		require.NoError(t, beside.RevokeScreen(t.Context(), byStaff, "scr-2"))
		time.Sleep(lookEvery)
		require.NotContains(t, s.all(), "Anna")
		require.Equal(t, wire.CloseRevoked, shut.ended())
		require.NoError(t, db.Close())
		s.leave()
	})
}

// Midnight has passed and the board has not been made again: what counts is
// what holds, not what is still on a glass.
func TestAcceptanceThatEndedSignsNobodyUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.alter("r01", func(r *house.Resident) { r.Acceptance.Until = "2000-01-01" })
		time.Sleep(time.Until(time.Date(2000, 1, 2, 0, 0, 1, 0, copenhagen)))
		closed(t, wire.ReasonHidden, w.hand("scr-1").does(wire.OpSignUp, film, "r01"))
		in, _ := w.who(film)
		require.NotContains(t, in, house.ID("r01"))
	})
}

// News of a board may come in any order; older news says nothing.
func TestOldNewsOfABoardSaysNothing(t *testing.T) {
	f := &feed{id: "b"}
	at := func(e record.Epoch, rev uint64) record.Position { return record.Position{Epoch: e, Rev: rev} }
	for _, step := range []struct{ told, want record.Position }{
		{at("e1", 5), at("e1", 5)}, {at("e1", 4), at("e1", 5)}, {at("e1", 6), at("e1", 6)}, {at("e2", 1), at("e2", 1)},
	} {
		f.advance(step.told)
		require.Equal(t, step.want, f.state.head)
	}
}

// When a hub stops it stores what its screens said last, and when that was.
func TestHubThatStopsStoresWhatScreensSaidLast(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		time.Sleep(10 * time.Minute)
		s.send(wire.Ack{Epoch: s.state.at.Epoch, Rev: s.state.at.Rev})
		synctest.Wait()
		stopped := time.Now()
		w.restart()
		d, err := w.hub.device(t.Context(), "scr-1")
		require.NoError(t, err)
		require.Equal(t, s.state.at.Rev, d.Acked.Rev)
		require.True(t, d.Seen.Equal(stopped.Truncate(time.Millisecond)), "heard until the end")
		<-s.done
	})
}

// A connection that comes about while the hub stops is sent away like the
// others; the hub does not wait for it for ever.
func TestConnectionThatComesTooLateIsSentAway(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		lines := netsim.New()
		srv := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if !w.hub.enter() {
				t.Error("not let in")
			}
			w.hub.clients.setOpen(false) // now
			ws, err := upgrader.Upgrade(rw, r, nil)
			if err != nil {
				t.Error(err)
			}
			w.hub.serve(context.WithoutCancel(r.Context()), ws)
		})}
		var wg sync.WaitGroup
		wg.Go(func() { _ = srv.Serve(lines) })
		s := w.screen("scr-1")
		s.link = lines.Link()
		ws, _, err := w.dial(s.link, nil)
		require.NoError(t, err)
		s.ws = ws
		var c wire.Challenge
		require.NoError(t, ws.ReadJSON(&c))
		s.listen()
		require.Equal(t, wire.CloseRestart, s.ended())
		require.NoError(t, srv.Close())
		wg.Wait()
	})
}

// What a touch and a whole board cost, in allocations: twice what was measured,
// so that a change of kind is noticed and a change of compiler is not.
func TestBudgets(t *testing.T) {
	h, _ := plain(t, bigHouse(t))
	ctx := t.Context()
	d, err := h.device(ctx, "scr-1")
	require.NoError(t, err)
	var on store.Board
	require.NoError(t, h.store.View(ctx, h.itself(), func(v store.View) (err error) { on, err = v.Board(ctx, d.Board); return err }))
	b := projectBoard(on)
	k := b.Key(house.List{Kind: house.KindActivity, ID: "a17"})
	seq := uint64(0)
	touch := func() {
		seq++
		op := []string{wire.OpSignUp, wire.OpCancel}[seq%2]
		_, _, err := h.receive(ctx, d, "budget", []wire.Mutation{{
			Seq: seq, Op: op, On: wire.RowKey{Kind: k.Kind, ID: k.ID}, Who: record.PersonID(b.PersonKey("r50").ID), AgeMS: new(int64),
		}})
		require.NoError(t, err)
	}
	require.LessOrEqual(t, testing.AllocsPerRun(20, touch), 26_000.0, "a touch, in a house of 60")

	made, err := makeFrames(ctx, h.store, h.itself(), d.Board, record.Position{}, true)
	require.NoError(t, err)
	require.LessOrEqual(t, len(made.messages), 4)
	require.NoError(t, h.store.View(ctx, h.itself(), func(v store.View) error {
		_, ops, err := v.Since(ctx, d.Board, 0)
		size := 0
		for _, op := range ops {
			size += len(op.Body)
		}
		require.Less(t, size, 160<<10, "60 people, 60 activities, 28 meals, 84 shifts")
		return err
	}))
}

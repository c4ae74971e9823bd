package client

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
	"tavle/sync/wire"
)

func accepted(seq uint64) wire.Result {
	return wire.Result{Seq: seq, Outcome: wire.Accepted, Rev: 5}
}

func seqs(m *wire.Mut) (out []uint64) {
	for _, x := range m.Muts {
		out = append(out, x.Seq)
	}
	return out
}

// A touch is sent now, or with the next welcome, and again with every one until
// its result is on the screen's disk; then never again.
func TestTouchIsSentUntilItsResultIsStored(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(5, "Anna")
		w.touch()
		m := next[*wire.Mut](c)
		require.Equal(t, []uint64{1}, seqs(m))
		require.Zero(t, *m.Muts[0].AgeMS)
		c.close(wire.CloseGoingAway) // before the hub answers
		w.link.Cut()
		time.Sleep(time.Hour)
		w.touch()
		time.Sleep(8 * time.Hour)
		w.link.Heal()

		c = w.accept()
		c.greet()
		c.silent() // not before welcome
		c.send(welcome(5, 1))
		m = next[*wire.Mut](c)
		require.Equal(t, []uint64{1, 2}, seqs(m), "though the hub has the first")
		hours := func(i int) float64 { return time.Duration(*m.Muts[i].AgeMS * int64(time.Millisecond)).Hours() }
		require.InDelta(t, 9, hours(0), 0.02)
		require.InDelta(t, 8, hours(1), 0.02)
		c.send(&wire.Res{Results: []wire.Result{accepted(1)}})
		require.EqualValues(t, 1, next[*wire.Rack](c).Seq)
		c.close(wire.CloseGoingAway)

		c = w.accept()
		c.greet()
		c.send(welcome(5, 2))
		require.Equal(t, []uint64{2}, seqs(next[*wire.Mut](c)))
		c.send(&wire.Res{Results: []wire.Result{accepted(1), {Seq: 2, Outcome: wire.Rejected, Code: wire.ReasonFull}}})
		require.EqualValues(t, 2, next[*wire.Rack](c).Seq)
		require.Equal(t, wire.Accepted, w.store.result(1))
		require.Equal(t, wire.Rejected, w.store.result(2))
		c.close(wire.CloseGoingAway)

		c = w.accept()
		c.greet()
		c.send(welcome(5, 2))
		c.silent()
	})
}

// What was touched before this start has no age.
func TestTouchFromBeforeTheStartIsSentWithoutAge(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.store.enqueue()
		w.start()
		c := w.accept()
		require.EqualValues(t, 2, c.greet().NextSeq)
		c.send(welcome(5, 0))
		require.Nil(t, next[*wire.Mut](c).Muts[0].AgeMS)
	})
}

// However the line is cut, every touch takes effect once at a hub that keeps count, and is answered.
func TestEveryTouchTakesEffectOnceOverABadCable(t *testing.T) {
	for seed := range uint64(20) {
		inWorld(t, func(t *testing.T, w *world) {
			r := rand.New(rand.NewPCG(seed, 0))
			w.start()
			c, _ := w.live(5) // a screen that lacks the board does not settle anything
			c.close(wire.CloseGoingAway)
			applied := map[uint64]int{}
			last := uint64(0)
			touched := 0
			for round := 0; touched < 30 || w.store.result(uint64(touched)) == ""; round++ {
				require.Less(t, round, 1000, "seed %d", seed)
				c := w.accept()
				c.greet()
				c.send(welcome(5, last))
				for range r.IntN(6) {
					if touched < 30 {
						w.touch()
						touched++
					}
					synctest.Wait()
				}
				// The hub does some of what it hears; then the line is cut, perhaps
				// before it has answered.
				synctest.Wait()
				var results []wire.Result
				for range r.IntN(len(c.in) + 1) {
					m, ok := (<-c.in).(*wire.Mut)
					if !ok {
						continue
					}
					for _, x := range m.Muts {
						require.LessOrEqual(t, x.Seq, last+1, "seed %d: no number is left out", seed)
						if x.Seq == last+1 {
							last = x.Seq
							applied[x.Seq]++
						}
						results = append(results, accepted(x.Seq))
					}
				}
				if len(results) > 0 && r.IntN(3) > 0 {
					c.send(&wire.Res{Results: results})
					synctest.Wait()
				}
				w.link.Cut()
				w.link.Heal()
				synctest.Wait()
			}
			require.Len(t, applied, 30, "seed %d", seed)
			for seq, n := range applied {
				require.Equal(t, 1, n, "seed %d: touch %d", seed, seq)
				require.Equal(t, wire.Accepted, w.store.result(seq), "seed %d: touch %d", seed, seq)
			}
		})
	}
}

// A link that carries only one direction is noticed by the answer that does not
// come, though the hub is heard.
func TestTouchWithoutAnAnswerEndsTheConnection(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(5, "Anna")
		w.touch()
		next[*wire.Mut](c)
		began := time.Now()
		time.Sleep(wire.ResultTimeout / 2)
		c.send(&wire.Time{HubMS: 1})
		require.Equal(t, wire.CloseGoingAway, c.ended())
		require.Equal(t, wire.ResultTimeout, time.Since(began))
	})
}

// A hub that was restored is offered again what it has lost; one that knows less
// than is kept here gets what waits under a new name. What is touched while the
// numbers change is neither lost nor sent twice.
func TestRestoredHubGetsWhatItHasLost(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for range 3 {
			w.store.enqueue()
		}
		require.NoError(t, w.store.Settle([]wire.Result{accepted(1), accepted(2)}))
		w.start()
		c := w.accept()
		c.greet()
		c.send(welcome(5, 1))
		require.Equal(t, []uint64{2, 3}, seqs(next[*wire.Mut](c)))
		c.close(wire.CloseGoingAway)

		c = w.accept()
		require.Equal(t, "inst", c.greet().Inst)
		c.send(welcome(5, 9)) // knows numbers that were never given
		require.Equal(t, wire.CloseGoingAway, c.ended())
		w.client.Touched(w.ctx()) // a finger that was told of late: its touch has been numbered anew
		c = w.accept()
		h := c.greet()
		require.Equal(t, "inst'", h.Inst)
		c.send(welcome(5, 0))
		m := next[*wire.Mut](c)
		require.Len(t, m.Muts, int(h.NextSeq)-1)
		c.silent()
		w.touch()
		require.Equal(t, []uint64{h.NextSeq}, seqs(next[*wire.Mut](c)))
	})
}

// A full disk: what cannot be stored is not confirmed, so the hub says it again;
// and the session goes on from what is on disk.
func TestFullDiskConfirmsNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(5, "Anna")

		// A result.
		w.touch()
		next[*wire.Mut](c)
		mend := w.store.failing("settle")
		c.send(&wire.Res{Results: []wire.Result{accepted(1)}})
		require.Equal(t, wire.CloseGoingAway, c.ended())
		_, said := <-c.in
		require.False(t, said, "nothing is confirmed")
		mend()
		c = w.accept()
		c.greet()
		c.send(welcome(5, 1))
		c.send(&wire.Res{Results: []wire.Result{accepted(1)}})
		require.Equal(t, []uint64{1}, seqs(next[*wire.Mut](c)))
		require.EqualValues(t, 1, next[*wire.Rack](c).Seq)
		require.Equal(t, wire.Accepted, w.store.result(1), "it is stored before it is confirmed")

		// A change.
		mend = w.store.failing("apply")
		c.send(&wire.Delta{Epoch: epoch, From: 5, Rev: 6, Sum: sumOf("Anna", "Bo").String(), Ops: put("Bo")})
		require.Equal(t, wire.CloseGoingAway, c.ended())
		w.client.Shown(w.ctx(), record.Position{Epoch: epoch, Rev: 6}) // nobody may believe that
		mend()
		c = w.accept()
		h := c.greet()
		require.EqualValues(t, 5, h.Have.Rev)
		c.send(welcome(6, 1))
		c.send(&wire.Delta{Epoch: epoch, From: 5, Rev: 6, Sum: sumOf("Anna", "Bo").String(), Ops: put("Bo")})
		synctest.Wait()
		require.Equal(t, []string{"Anna", "Bo"}, w.store.names())
		c.silent()

		// A lease: it holds in memory, and what people touched still leaves.
		w.store.failing("apply", "settle", "lease", "reinstall")
		c.close(wire.CloseGoingAway)
		w.touch()
		c = w.accept()
		c.greet()
		leases := w.heard.leases
		c.send(welcome(6, 1))
		require.Equal(t, []uint64{2}, seqs(next[*wire.Mut](c)))
		require.Equal(t, leases+1, w.heard.leases)
	})
}

// Touches keep their age when the session is set back to what is on disk.
func TestAgeOutlivesAFault(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(5, "Anna")
		w.touch()
		next[*wire.Mut](c)
		mend := w.store.failing("apply")
		c.send(&wire.Delta{Epoch: epoch, From: 5, Rev: 6, Sum: sumOf("Anna", "Bo").String(), Ops: put("Bo")})
		c.ended()
		mend()
		c = w.accept()
		c.greet()
		time.Sleep(5 * time.Second)
		c.send(welcome(6, 0))
		age := next[*wire.Mut](c).Muts[0].AgeMS
		require.NotNil(t, age)
		require.InDelta(t, 5000, *age, 1000)
	})
}

// Answered touches that are old enough are forgotten on both sides.
func TestForgottenTouchesAreNotOffered(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for range 3 {
			w.store.enqueue()
		}
		require.NoError(t, w.store.Settle([]wire.Result{accepted(1), accepted(2), accepted(3)}))
		w.start()
		c := w.accept()
		c.greet()
		c.send(welcome(5, 3))
		w.store.Lock()
		w.store.stored.Outbox = w.store.stored.Outbox[2:]
		w.store.Unlock()
		w.client.Forgot(w.ctx(), 3)
		c.close(wire.CloseGoingAway)
		c = w.accept()
		require.EqualValues(t, 4, c.greet().NextSeq)
		c.send(welcome(5, 2))
		require.Equal(t, []uint64{3}, seqs(next[*wire.Mut](c)))
	})
}

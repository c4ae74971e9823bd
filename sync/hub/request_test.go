package hub

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// asks has somebody ask for something at the wall, or take that back.
func (h *hand) asks(op string, who house.ID, right record.Right, edit ...func(*wire.Mutation)) wire.Result {
	h.w.t.Helper()
	own := func(m *wire.Mutation) {
		m.On, m.Text = wire.RowKey{Kind: record.KindPerson, ID: string(m.Who)}, string(right)
	}
	return h.does(op, house.List{}, who, append([]func(*wire.Mutation){own}, edit...)...)
}

// requests returns what was asked for, but for what the demo house comes with.
func (w *world) requests() (out []house.Request) {
	w.t.Helper()
	w.view(func(v store.View) (err error) {
		out, err = store.All[house.Request](w.t.Context(), v)
		return err
	})
	return slices.DeleteFunc(out, func(r house.Request) bool { return strings.HasPrefix(string(r.ID), "req-") })
}

func (w *world) put(r house.Record) {
	w.t.Helper()
	w.change(func(ctx context.Context, e *Edit) error { return e.Put(ctx, r) })
}

// R-STA-11, R-DPA-05, R-ACT-15: who asks at the wall to see what is kept of them is in
// the queue with a clock of 30 days, and the audit says so; their own page says it from
// the same transaction on, and that it was answered once staff did.
func TestRequestIsMadeAtTheWall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		one := w.live("scr-1")
		ref := record.PersonID(one.board().PersonKey("r01").ID)
		require.Empty(t, one.facts().People[ref].Requests)
		h := w.hand("scr-1")
		require.Equal(t, wire.Accepted, h.asks(wire.OpRequest, "r01", record.RightAccess).Outcome)
		all := w.requests()
		require.Len(t, all, 1)
		r := all[0]
		require.Equal(t, house.ID("r01"), r.Person)
		require.Equal(t, "wall", r.Via)
		require.True(t, r.Open())
		require.Equal(t, r.Asked.Day().Add(30), r.Due)
		synctest.Wait()
		want := record.Request{Right: record.RightAccess, Asked: record.Day(r.Asked.Day()), Due: record.Day(r.Due)}
		require.Equal(t, []record.Request{want}, one.facts().People[ref].Requests)
		for other, p := range one.facts().People {
			require.True(t, other == ref || len(p.Requests) == 0, "it is on nobody else's page")
		}
		noted := 0
		w.view(func(v store.View) error {
			return v.Lines(t.Context(), "", func(l store.Line) error {
				if l.Action == "request" && l.ID == "r01" && l.By == store.ByScreen {
					noted++
				}
				return nil
			})
		})
		require.Equal(t, 1, noted)

		r.State, r.Answered, r.By = house.RequestAnswered, r.Asked.Day(), "s01"
		w.put(&r)
		synctest.Wait()
		want.Answered = record.Day(r.Answered)
		require.Equal(t, []record.Request{want}, one.facts().People[ref].Requests)
	})
}

// A request is one however often it comes and at however many walls, until it is
// answered; just after it can be undone, later it is staff's.
func TestRequestIsOneAndCanBeUndone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		for range 3 {
			require.Equal(t, wire.Accepted, h.asks(wire.OpRequest, "r01", record.RightAccess).Outcome)
			require.Equal(t, wire.Accepted, w.hand("scr-1").asks(wire.OpRequest, "r01", record.RightAccess, old(48*time.Hour)).Outcome)
		}
		require.Len(t, w.requests(), 1)
		require.Equal(t, wire.Accepted, h.asks(wire.OpRequest, "r02", record.RightAccess).Outcome)
		require.Equal(t, wire.Accepted, h.asks(wire.OpRequest, "r01", record.RightErasure).Outcome)
		require.Len(t, w.requests(), 3)

		require.Equal(t, wire.Accepted, h.asks(wire.OpUnrequest, "r01", record.RightErasure).Outcome)
		require.Equal(t, wire.Accepted, h.asks(wire.OpUnrequest, "r01", record.RightErasure).Outcome, "again changes nothing")
		require.Len(t, w.requests(), 2)
		time.Sleep(5 * time.Minute)
		closed(t, wire.ReasonClosed, h.asks(wire.OpUnrequest, "r01", record.RightAccess))
		require.Len(t, w.requests(), 2)

		// Both were touched offline a day ago, ten seconds after each other.
		require.Equal(t, wire.Accepted, h.asks(wire.OpRequest, "r03", record.RightAccess, old(24*time.Hour)).Outcome)
		require.Equal(t, house.DayOf(time.Now().Add(-24*time.Hour)), w.requests()[len(w.requests())-1].Asked.Day())
		require.Equal(t, wire.Accepted, h.asks(wire.OpUnrequest, "r03", record.RightAccess, old(24*time.Hour-10*time.Second)).Outcome)
		require.Len(t, w.requests(), 2)
	})
}

// Nobody is refused what is their right: hidden meanwhile, not accepted, moved to
// another department. Only what means nobody is, and the audit says so.
func TestNobodyIsRefusedARequest(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		w.alter("r02", func(r *house.Resident) { r.Acceptance.State = house.Declined })
		for _, id := range []house.ID{"r01", "r02", "r03"} {
			for _, right := range record.Rights {
				require.Equal(t, wire.Accepted, h.asks(wire.OpRequest, id, right).Outcome, "%s %s", id, right)
			}
		}
		require.Len(t, w.requests(), 3*len(record.Rights))
		closed(t, wire.ReasonInvalid, h.asks(wire.OpRequest, "r01", "everything"))
		closed(t, wire.ReasonNotAllowed, h.asks(wire.OpRequest, "nobody", record.RightAccess))
		unheard := 0
		w.view(func(v store.View) error {
			return v.Lines(t.Context(), "", func(l store.Line) error {
				if l.Action == UnheardRequest {
					unheard++
				}
				return nil
			})
		})
		require.Equal(t, 2, unheard)
	})
}

// R-ACT-07: what was answered is kept for a year to document the answer, and what is
// open until it is answered.
func TestAnsweredRequestsAreForgotten(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		today := house.DayOf(time.Now())
		put := func(id house.ID, answered house.Day) {
			r := house.Request{ID: id, Person: "r01", Right: record.RightAccess, Via: "staff", Asked: "2020-01-01T10:00", Due: "2020-01-31", State: house.RequestOpen}
			if answered != "" {
				r.State, r.Answered = house.RequestAnswered, answered
			}
			w.put(&r)
		}
		put("q-open", "")
		put("q-new", today.Add(-365))
		put("q-old", today.Add(-366))
		require.NoError(t, w.hub.keepRequests(t.Context()))
		var left []house.ID
		for _, r := range w.requests() {
			left = append(left, r.ID)
		}
		require.ElementsMatch(t, []house.ID{"q-open", "q-new"}, left)
	})
}

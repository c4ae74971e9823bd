package hub

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// is makes a mutation one about where somebody is on a day.
func (h *hand) is(at record.Whereabouts, day house.Day) func(*wire.Mutation) {
	return func(m *wire.Mutation) {
		m.On = onRow(record.DayKey(record.PresenceID(h.s.board().PresenceKey().ID), record.Day(day)))
		m.Text = string(at)
	}
}

var nobodys = list(house.KindPresence, "-")

// nursery is a hand at the screen of the kindergarten.
func nursery(w *world) *hand {
	w.add("scr-4")
	return &hand{w, w.live("scr-4"), "hand-scr-4", 1}
}

// present returns what the kindergarten keeps of who is there.
func present(w *world) house.Presence { return get[house.Presence](w, "pre-1") }

// R-KID-06, A-19: one touch says that a child has come, another that it has gone
// home, and both can be taken back; the state is all that is kept, and every
// screen of the department shows it.
func TestPresenceIsMarkedAtTheWall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h, today := nursery(w), house.Day("2000-01-01")
		marks := func(at record.Whereabouts) {
			t.Helper()
			require.Equal(t, wire.Accepted, h.does(wire.OpPresent, nobodys, "k6", h.is(at, today)).Outcome)
			p := present(w)
			require.Equal(t, at, p.Of("k6", today))
			require.Contains(t, p.Here, house.ID("k1"), "the others are where they were")
		}
		marks(record.Here)
		marks(record.Here)
		synctest.Wait()
		p := h.s.facts().Presence[record.PresenceID(h.s.board().PresenceKey().ID)]
		require.Contains(t, p.Here, record.PersonID(h.s.board().PersonKey("k6").ID))
		marks(record.GoneHome)
		marks(record.Here)
		marks(record.NotYet)
	})
}

// A touch counts for the day it was made on. One that comes when the day is over
// changes nothing of the new one, which begins with nobody; nothing is kept of the
// day before.
func TestPresenceCountsForItsDay(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := nursery(w)
		require.Equal(t, wire.ReasonClosed, h.does(wire.OpPresent, nobodys, "k6", h.is(record.Here, "2000-01-02")).Code, "tomorrow")
		time.Sleep(14 * time.Hour) // after midnight
		require.Equal(t, wire.Accepted, h.does(wire.OpPresent, nobodys, "k6", h.is(record.Here, "2000-01-02")).Outcome)
		require.Equal(t, house.Presence{ID: "pre-1", Department: "dep-trold", Day: "2000-01-02", Here: []house.ID{"k6"}}, present(w))
		require.Equal(t, wire.Accepted, h.does(wire.OpPresent, nobodys, "k2", h.is(record.GoneHome, "2000-01-01")).Outcome)
		require.Equal(t, []house.ID{"k6"}, present(w).Here)
		require.Empty(t, present(w).Gone)
	})
}

// V-18, R-IBG-39: nobody is marked who is not on the board, of another department,
// or by another department's screen, and no state that there is not.
func TestPresenceIsOfTheBoardsOwn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h, today := nursery(w), house.Day("2000-01-01")
		require.Equal(t, wire.Rejected, h.does(wire.OpPresent, nobodys, "k5", h.is(record.GoneHome, today)).Outcome, "Oskar")
		require.Equal(t, wire.Rejected, h.does(wire.OpPresent, nobodys, "r01", h.is(record.Here, today)).Outcome)
		require.Equal(t, wire.ReasonInvalid, h.does(wire.OpPresent, nobodys, "k6", h.is(record.Off, today)).Code)
		require.Equal(t, wire.ReasonInvalid, h.does(wire.OpPresent, nobodys, "k6", h.is("asleep", today)).Code)
		require.Equal(t, wire.ReasonInvalid, h.does(wire.OpPresent, nobodys, "k6", h.is(record.Here, "2000-13-01")).Code)
		other := w.hand("scr-1")
		require.Equal(t, wire.ReasonGone, other.does(wire.OpPresent, nobodys, "k6", h.is(record.Here, today)).Code)
		require.Equal(t, record.Here, new(present(w)).Of("k5", today))
		require.Equal(t, record.NotYet, new(present(w)).Of("k6", today))

		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "k6", func(r *house.Resident) { r.Choices.Board = false })
		})
		synctest.Wait()
		require.Equal(t, wire.ReasonHidden, h.does(wire.OpPresent, nobodys, "k6", h.is(record.Here, today)).Code)
	})
}

// Where nobody has said anything yet, the first touch begins the board.
func TestPresenceBeginsWithTheFirstTouch(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.change(func(ctx context.Context, e *Edit) error { return e.Delete(ctx, house.KindPresence, "pre-1") })
		h := nursery(w)
		require.Equal(t, wire.Accepted, h.does(wire.OpPresent, nobodys, "k6", h.is(record.Here, "2000-01-01")).Outcome)
		synctest.Wait()
		p := h.s.facts().Presence[record.PresenceID(h.s.board().PresenceKey().ID)]
		require.Equal(t, []record.PersonID{record.PersonID(h.s.board().PersonKey("k6").ID)}, p.Here)
	})
}

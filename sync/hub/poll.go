package hub

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// At a wall anybody answers a poll, and nobody knows who (R-ACT-13). The hub counts,
// and keeps nothing else: a single answer is in no row, no audit and no log. That
// answers came to a poll is said in the audit once a day.

// answersKept is how long after the end of a poll its answers are counted. With the
// time that backups are kept (35 days) that is less than the 90 days
// that they may be.
const answersKept = 30 * 24 * time.Hour

// counting is who counts answers: a line of the audit with a screen and a moment
// would lead back to whoever stood there.
func counting(org house.ID, now time.Time) store.Actor {
	return store.Actor{Org: org, Kind: store.ByHub, ID: "polls", At: now}
}

// findPoll looks up what is answered, takes the department's lock, and returns why
// it cannot be.
func (t *touch) findPoll(ctx context.Context, tx store.Tx) (wire.Reason, error) {
	row := t.mut.On.Key()
	if row.Kind != record.KindPoll {
		return wire.ReasonInvalid, nil
	}
	src, shown, err := t.source(ctx, tx, row, house.KindPoll)
	if err != nil || !shown || t.board.External {
		return wire.ReasonGone, absent(err)
	}
	t.list = house.List{Kind: house.KindPoll, ID: src}
	if err := t.lock(ctx, tx); err != nil {
		return wire.ReasonGone, absent(err)
	}
	p := t.record.(*house.Poll)
	closes := p.Until.In(t.zone)
	if !t.now.Before(closes.Add(record.PollShown)) {
		return wire.ReasonGone, nil // no board shows it any more
	}
	if t.mut.Op == wire.OpUnanswer {
		closes = closes.Add(undoWithin)
	}
	switch at := t.at(); {
	case p.Department != t.board.Department:
		return wire.ReasonNotAllowed, nil // R-IBG-39: a screen writes for its own people
	case at.Before(p.From.In(t.zone)), !at.Before(closes):
		return wire.ReasonClosed, nil
	case !p.Has(t.mut.Picto):
		return wire.ReasonGone, nil
	}
	return "", nil
}

// answer counts an answer, or one that is taken back. Boards say so when enough
// have come.
func (t *touch) answer(ctx context.Context, tx store.Tx) (wire.Result, error) {
	poll := t.list.ID
	was, err := tx.Tally(ctx, poll)
	if err != nil {
		return wire.Result{}, err
	}
	is := was.Count(t.mut.Picto, t.mut.Op == wire.OpUnanswer)
	if was.Came == 0 && is.Came > 0 {
		is.Day = house.DayOf(t.now.UTC())
	}
	if err := tx.PutTally(ctx, poll, is); err != nil {
		return wire.Result{}, err
	}
	if house.Total(is.Told) != house.Total(was.Told) {
		if t.moved, err = remakeAll(ctx, tx, t.board.Department, t.now); err != nil {
			return wire.Result{}, err
		}
	}
	return t.shown(ctx, tx, wire.Result{Outcome: wire.Accepted})
}

// remakeAll makes the boards of a department again. The caller holds its lock.
func remakeAll(ctx context.Context, tx store.Tx, dept house.ID, now time.Time) (moved []move, err error) {
	boards, err := tx.Boards(ctx, dept)
	for _, b := range boards {
		m, changed, err := remake(ctx, tx, b, now)
		if err != nil {
			return nil, err
		}
		if changed {
			moved = append(moved, m)
		}
	}
	return moved, err
}

// keepPolls says of every poll that answers came, in the audit, and forgets the
// answers to those that were over long ago.
func (h *Hub) keepPolls(ctx context.Context) error {
	systems, err := h.systems(ctx)
	for _, org := range systems {
		by := counting(org, h.now())
		err = errors.Join(err, h.store.Update(ctx, by, func(tx store.Tx) error { return keepPolls(ctx, tx, by.At) }))
	}
	if err != nil {
		return fmt.Errorf("answers to polls: %w", err)
	}
	return nil
}

func keepPolls(ctx context.Context, tx store.Tx, now time.Time) error {
	if err := tx.Lock(ctx); err != nil {
		return err
	}
	polls, err := store.All[house.Poll](ctx, tx)
	for i := range polls {
		if err == nil {
			err = keepPoll(ctx, tx, &polls[i], now)
		}
	}
	return err
}

func keepPoll(ctx context.Context, tx store.Tx, p *house.Poll, now time.Time) error {
	t, err := tx.Tally(ctx, p.ID)
	if err != nil {
		return err
	}
	action := "answers"
	switch {
	case t.Zero():
		return nil
	case now.After(p.Until.In(time.UTC).Add(answersKept)):
		action, t = "forget answers", house.Tally{}
	case t.Came == 0, t.Day == house.DayOf(now.UTC()): // a hub that starts says nothing of the moments before
		return nil
	default:
		t.Came, t.Day = 0, ""
	}
	if err := tx.PutTally(ctx, p.ID, t); err != nil {
		return err
	}
	return tx.NoteOf(ctx, action, house.KindPoll, p.ID)
}

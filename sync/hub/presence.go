package hub

import (
	"context"
	"encoding/hex"
	"slices"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// At a wall somebody says who is there: who has come, who has gone home. It counts
// for the day it was touched on, which the touch names, and only for a day that
// the board has not left behind: what was of yesterday is forgotten.

// findPresent looks up who is marked, and takes the department's lock.
func (t *touch) findPresent(ctx context.Context, tx store.Tx) (wire.Reason, error) {
	row, _, ok := record.ParseDay(t.mut.On.Key())
	if !ok || !slices.Contains(record.Marks, record.Whereabouts(t.mut.Text)) {
		return wire.ReasonInvalid, nil
	}
	on := project.Board{Department: t.board.Department, Secret: t.board.Secret}
	if t.board.External || on.PresenceKey().ID != string(row) {
		return wire.ReasonGone, nil
	}
	if err := tx.Lock(ctx, t.board.Department); err != nil {
		return "", err
	}
	if err := t.ownZone(ctx, tx); err != nil {
		return wire.ReasonGone, absent(err)
	}
	switch reason, err := t.findWho(ctx, tx); {
	case err != nil || reason != "":
		return reason, err
	case t.person.Department != t.board.Department:
		return wire.ReasonNotAllowed, nil // R-IBG-39: a screen writes for its own people
	case !project.OnBoard(&t.person, house.DayOf(t.now.In(t.zone))):
		return wire.ReasonHidden, nil
	case t.day() > house.DayOf(t.now.In(t.zone)):
		return wire.ReasonClosed, nil // a clock that runs ahead
	}
	return "", nil
}

// day returns the day that somebody is marked for.
func (t *touch) day() house.Day {
	_, day, _ := record.ParseDay(t.mut.On.Key())
	return house.Day(day)
}

// presence returns what the department keeps of who is there, or, where nobody has
// said anything yet, what it will.
func (t *touch) presence(ctx context.Context, v store.View) (house.Presence, error) {
	all, err := store.On[house.Presence](ctx, v, t.board.Department, "", "")
	if err != nil || len(all) == 0 {
		return house.Presence{Department: t.board.Department}, err
	}
	return all[0], nil
}

// present marks somebody. Who is marked for a day that is over changes nothing.
func (t *touch) present(ctx context.Context, tx store.Tx) (wire.Result, error) {
	e := newEdit(tx, t.by)
	p, err := t.presence(ctx, tx)
	if err != nil {
		return wire.Result{}, err
	}
	if p.ID == "" {
		p.ID = house.ID("w" + hex.EncodeToString(e.random(8)))
	}
	at := record.Whereabouts(t.mut.Text)
	if p.On(t.day()) && p.Of(t.person.ID, p.Day) != at {
		p.Mark(t.person.ID, at)
		if err := e.Put(ctx, &p); err != nil {
			return wire.Result{}, err
		}
		if err := e.finish(ctx); err != nil {
			return wire.Result{}, err
		}
	}
	t.moved = e.moved
	return t.shown(ctx, tx, wire.Result{Outcome: wire.Accepted})
}

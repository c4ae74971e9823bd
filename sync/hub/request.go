package hub

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Somebody may ask at a wall to see what is kept of them, and for whatever else is
// their right (R-STA-11). Nobody is refused: who asks is heard wherever they live by
// now, shown or not. One request of each right is open at a time, so asking again
// changes nothing.

// requestsKept is how long after an answer a request is kept to document it
// (R-ACT-07).
const requestsKept = 365

// UnheardRequest is what the audit says of a request that could not be matched to
// anybody.
const UnheardRequest = "refuse request"

// request keeps that somebody asks, or, just after, that they do not.
func (t *touch) request(ctx context.Context, tx store.Tx) (wire.Result, error) {
	e := newEdit(tx, t.by)
	all, err := store.All[house.Request](ctx, e.tx)
	if err != nil {
		return wire.Result{}, err
	}
	if err := t.homeZone(ctx, e.tx); err != nil {
		return wire.Result{}, err
	}
	right, at := record.Right(t.mut.Text), t.at().In(t.zone)
	i := slices.IndexFunc(all, func(r house.Request) bool { return r.Person == t.person.ID && r.Right == right && r.Open() })
	switch {
	case t.mut.Op == wire.OpUnrequest && i >= 0:
		if r := all[i]; r.Via != "wall" || at.Sub(r.Asked.In(t.zone)) > undoWithin+time.Minute { // a wall clock knows minutes
			return t.rejected(ctx, tx, wire.ReasonClosed)
		}
		err = errors.Join(e.Delete(ctx, house.KindRequest, all[i].ID), e.actors.NoteOf(ctx, "unrequest", house.KindResident, t.person.ID))
	case t.mut.Op == wire.OpRequest && i < 0:
		err = e.Put(ctx, &house.Request{
			ID: house.ID("q" + hex.EncodeToString(e.random(8))), Person: t.person.ID, Department: t.person.Department,
			Right: right, Via: "wall", Asked: house.WallOf(at), Due: house.DayOf(at).Add(record.RequestDays), State: house.RequestOpen,
		})
		err = errors.Join(err, e.actors.NoteOf(ctx, "request", house.KindResident, t.person.ID))
	case t.mut.Op == wire.OpRequest && all[i].Department != t.person.Department: // they moved; it goes with them
		all[i].Department = t.person.Department
		err = e.Put(ctx, &all[i])
	}
	if err == nil {
		err = e.finish(ctx)
	}
	if err != nil {
		return wire.Result{}, err
	}
	t.moved = e.moved
	return t.shown(ctx, tx, wire.Result{Outcome: wire.Accepted})
}

// homeZone reads where the clocks hang where the person lives.
func (t *touch) homeZone(ctx context.Context, v store.View) error {
	meta, err := store.Get[house.Meta](ctx, v, house.OnlyID)
	if err != nil {
		return err
	}
	home, err := store.Get[house.Department](ctx, v, t.person.Department)
	t.zone = meta.ZoneOf(home)
	return absent(err)
}

// keepRequests forgets requests that were answered long ago.
func (h *Hub) keepRequests(ctx context.Context) error {
	systems, err := h.systems(ctx)
	for _, org := range systems {
		by := store.Actor{Org: org, Kind: store.ByHub, ID: "requests", At: h.now()}
		err = errors.Join(err, h.Change(ctx, by, func(ctx context.Context, e *Edit) error {
			all, err := store.All[house.Request](ctx, e.tx)
			for _, r := range all {
				if err == nil && !r.Open() && r.Answered.Add(requestsKept) < house.DayOf(by.At) {
					err = e.Delete(ctx, house.KindRequest, r.ID)
				}
			}
			return err
		}))
	}
	if err != nil {
		return fmt.Errorf("answered requests: %w", err)
	}
	return nil
}

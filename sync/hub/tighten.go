package hub

import (
	"context"
	"errors"
	"slices"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Somebody may take back at a wall what is shown of them, and nothing else of
// their choices: giving it again is for staff (PRIVACY 4.6). Whenever the hub
// hears of it, the stricter of what is and what was wished holds.

// findSelf looks up who takes something back. Unlike a list, they need not be
// shown now: a wish that is overtaken by a stricter one is still a wish.
func (t *touch) findSelf(ctx context.Context, tx store.Tx) (wire.Reason, error) {
	on := record.Key{Kind: record.KindPerson, ID: string(t.mut.Who)}
	if t.mut.On.Key() != on || !slices.Contains(record.Choices, record.Choice(t.mut.Text)) {
		return wire.ReasonInvalid, nil
	}
	if err := tx.Lock(ctx); err != nil { // what one person wishes concerns every board
		return "", err
	}
	if err := t.ownZone(ctx, tx); err != nil {
		return wire.ReasonGone, absent(err)
	}
	who, _, err := t.source(ctx, tx, on, house.KindResident)
	if errors.Is(err, store.ErrNotFound) {
		return wire.ReasonNotAllowed, nil // never was on this board
	}
	if err != nil {
		return "", err
	}
	t.person, err = store.Get[house.Resident](ctx, tx, who)
	switch {
	case err != nil:
		return wire.ReasonGone, absent(err) // left for good, or staff
	case t.person.Department != t.board.Department:
		return wire.ReasonNotAllowed, nil // R-IBG-39: a screen writes for its own people
	}
	return "", nil
}

// tighten takes it back, as a change that staff make: with a line in the audit,
// the boards made again, and their screens to confirm.
func (t *touch) tighten(ctx context.Context, tx store.Tx) (wire.Result, error) {
	e := newEdit(tx, t.by)
	if p := t.person; p.Tighten(record.Choice(t.mut.Text)) {
		if err := e.Put(ctx, &p); err != nil {
			return wire.Result{}, err
		}
		if err := tx.NoteOf(ctx, "tighten", house.KindResident, p.ID); err != nil {
			return wire.Result{}, err
		}
		if err := e.finish(ctx); err != nil {
			return wire.Result{}, err
		}
	}
	t.moved = e.moved
	return t.shown(ctx, tx, wire.Result{Outcome: wire.Accepted})
}

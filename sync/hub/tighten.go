package hub

import (
	"context"
	"errors"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Somebody may take back at a wall what is shown of them, and nothing else of
// their choices: giving it again is for staff. Whenever the hub
// hears of it, the stricter of what is and what was wished holds.

// findSelf looks up who takes something back or asks for something, where what they
// say is understood. Unlike a list, they need not be shown now: a wish that is overtaken
// by a stricter one is still a wish.
func (t *touch) findSelf(ctx context.Context, tx store.Tx, understood bool) (wire.Reason, error) {
	on := record.Key{Kind: record.KindPerson, ID: string(t.mut.Who)}
	if t.mut.On.Key() != on || !understood {
		return wire.ReasonInvalid, nil
	}
	if err := tx.Lock(ctx); err != nil { // what one person wishes concerns every board
		return "", err
	}
	who, err := t.wisher(ctx, tx, on)
	if errors.Is(err, store.ErrNotFound) {
		return wire.ReasonNotAllowed, nil // nobody of this house was ever called so on a board
	}
	if err != nil {
		return "", err
	}
	t.person, err = store.Get[house.Resident](ctx, tx, who)
	if err != nil {
		return wire.ReasonGone, absent(err) // left for good, or staff
	}
	return "", nil
}

// wisher returns whom a row stands for, or stood for on whatever board the screen
// had when it was touched. Who takes something back is heard wherever they live by
// now, and wherever the screen hangs: the wish is about themselves, it shows
// nobody, and staff can undo it. Nobody makes such a name up, it hangs on a secret.
func (t *touch) wisher(ctx context.Context, tx store.Tx, on record.Key) (house.ID, error) {
	src, _, err := tx.Source(ctx, t.board.ID, on)
	if !errors.Is(err, store.ErrNotFound) {
		return src, err
	}
	depts, err := tx.All(ctx, house.KindDepartment)
	if err != nil {
		return "", err
	}
	people, err := tx.All(ctx, house.KindResident)
	if err != nil {
		return "", err
	}
	for _, d := range depts {
		secret, err := tx.Secret(ctx, boardSecret(t.device.Org, house.KeyOf(d)), random(32))
		if err != nil {
			return "", err
		}
		named := project.Board{Secret: secret}
		for _, p := range people {
			if id := house.KeyOf(p); named.PersonKey(id) == on {
				return id, nil
			}
		}
	}
	return "", store.ErrNotFound
}

// UnheardWish is what the audit, where staff look, says of a wish that could not be
// matched to anybody. The wall keeps to it all the same, and asks again.
const UnheardWish = "refuse tighten"

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

package hub

import (
	"context"
	"errors"
	"strings"

	"tavle/sync/hub/house"
)

// ErrUsed says that something cannot be taken back: others mention it by now.
var ErrUsed = errors.New("it is in use")

// Retract deletes records that came in by mistake a while ago, as if they never had: only
// those that nothing hangs on. Where another record mentions one, where people have
// signed up themselves, or somebody is on a list or logs in, it is [ErrUsed].
func (e *Edit) Retract(ctx context.Context, refs ...Ref) error {
	ours := map[house.ID]bool{}
	for _, r := range refs {
		ours[r.ID] = true
	}
	for _, k := range house.Kinds() {
		all, err := e.tx.All(ctx, k)
		if err != nil {
			return err
		}
		for _, r := range all {
			if ours[house.KeyOf(r)] {
				continue
			}
			for part := range strings.SplitSeq(string(house.Encode(r)), `"`) { // IDs are written as they are
				if ours[house.ID(part)] {
					return ErrUsed
				}
			}
		}
	}
	accounts, err := e.tx.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.Staff != "" && ours[a.Staff] {
			return ErrUsed
		}
	}
	for _, r := range refs {
		if err := e.unused(ctx, r); err != nil {
			return err
		}
		if err := e.Delete(ctx, r.Kind, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// unused makes sure that nobody is on the list of a record, but by a rule, and that it
// is on nobody's.
func (e *Edit) unused(ctx context.Context, r Ref) error {
	lists, err := e.tx.ListsOf(ctx, r.ID)
	if err != nil {
		return err
	}
	if len(lists) > 0 {
		return ErrUsed
	}
	list, err := e.tx.Places(ctx, house.List{Kind: r.Kind, ID: r.ID})
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Via != "auto" || p.State != house.TakesPart {
			return ErrUsed
		}
	}
	return nil
}

// Note puts into the audit what an edit was, besides its changes.
func (e *Edit) Note(ctx context.Context, action string, k house.Kind) error {
	return e.NoteOf(ctx, action, k, house.OnlyID)
}

// NoteOf puts into the audit what an edit does to one record, besides that it changes.
func (e *Edit) NoteOf(ctx context.Context, action string, k house.Kind, id house.ID) error {
	return e.actors.NoteOf(ctx, action, k, id)
}

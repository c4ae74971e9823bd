package hub

import (
	"context"
	"fmt"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// Renew makes of a store that was restored from a backup one that may be served.
// What screens know of it is from a time that never was: every board begins a new
// epoch, so that each screen gets the whole of it and offers again what it has
// touched since the backup, and nothing counts as confirmed. That it was restored
// is in the audit of every house.
func (h *Hub) Renew(ctx context.Context) error {
	err := h.store.Update(ctx, h.itself(), func(tx store.Tx) error {
		boards, err := tx.Boards(ctx)
		if err != nil {
			return err
		}
		for _, b := range boards {
			if err := tx.Renumber(ctx, b.ID, newEpoch()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("renew: %w", err)
	}
	return h.NoteAll(ctx, "restore")
}

// NoteAll puts something that was done with the whole store into the audit of
// every house.
func (h *Hub) NoteAll(ctx context.Context, action string) error {
	var systems []house.ID
	err := h.store.View(ctx, h.itself(), func(v store.View) (err error) {
		systems, err = v.Systems(ctx)
		return err
	})
	for _, id := range systems {
		if err == nil {
			by := store.Actor{Org: id, Kind: store.ByHub, ID: "tavle-hub", At: h.now()}
			err = h.store.Update(ctx, by, func(tx store.Tx) error { return tx.Note(ctx, action) })
		}
	}
	if err != nil {
		return fmt.Errorf("audit of a %s: %w", action, err)
	}
	return nil
}

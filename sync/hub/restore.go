package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
		if err := tx.DropSessions(ctx, forever); err != nil { // whoever logged out since would be in again
			return err
		}
		return renumber(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("renew: %w", err)
	}
	return h.NoteAll(ctx, "restore")
}

// renumber begins a new epoch for every board that tx can reach.
func renumber(ctx context.Context, tx store.Tx) error {
	boards, err := tx.Boards(ctx)
	for _, b := range boards {
		if err == nil {
			err = tx.Renumber(ctx, b.ID, newEpoch())
		}
	}
	return err
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

// Restrictions are what a store lets nobody see or do: of its people what may be
// shown, and the screens that are shut out.
type Restrictions struct {
	people map[house.ID][]house.Record
	shut   []store.Device
}

// Restrictions returns those of a store whose place a backup is to take. What was
// hidden since that backup would be seen again otherwise, and a screen that was
// stolen since would be let in.
func (h *Hub) Restrictions(ctx context.Context) (out Restrictions, err error) {
	systems, err := h.systems(ctx)
	if err != nil {
		return out, err
	}
	out.people = map[house.ID][]house.Record{}
	for _, org := range systems {
		err := h.store.View(ctx, h.forRestore(org), func(v store.View) error {
			out.people[org] = nil
			for _, k := range []house.Kind{house.KindResident, house.KindStaff} {
				all, err := v.All(ctx, k)
				if err != nil {
					return err
				}
				out.people[org] = append(out.people[org], all...)
			}
			return nil
		})
		if err != nil {
			return out, fmt.Errorf("restrictions of %s: %w", org, err)
		}
	}
	err = h.store.View(ctx, h.itself(), func(v store.View) error {
		all, err := v.Devices(ctx)
		out.shut = slices.DeleteFunc(all, func(d store.Device) bool { return !d.Revoked })
		return err
	})
	return out, err
}

// Restrict makes a store that was restored from a backup as strict as the one whose
// restrictions these are: people who took something back since are hidden, and
// screens that were shut out since are. It returns how many there were of each.
func (h *Hub) Restrict(ctx context.Context, r Restrictions) (people, screens int, err error) {
	systems, err := h.systems(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, org := range systems {
		n := 0
		err := h.Change(ctx, h.forRestore(org), func(ctx context.Context, e *Edit) (err error) {
			n, err = e.restrict(ctx, r.people[org])
			return err
		})
		if err != nil {
			return people, 0, fmt.Errorf("restrictions of %s: %w", org, err)
		}
		people += n
	}
	for _, d := range r.shut {
		was, err := h.device(ctx, d.ID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			continue
		case err != nil:
			return people, screens, err
		case was.Revoked || !was.Key.Equal(d.Key):
			continue
		}
		if err := h.RevokeScreen(ctx, h.forRestore(was.Org), d.ID); err != nil {
			return people, screens, err
		}
		if !d.Wiped.IsZero() {
			if err := h.rememberWiped(ctx, was.Org, d); err != nil {
				return people, screens, err
			}
		}
		screens++
	}
	return people, screens, nil
}

// rememberWiped stores that a screen has destroyed everything: it cannot say so again.
func (h *Hub) rememberWiped(ctx context.Context, org house.ID, wiped store.Device) error {
	return h.store.Update(ctx, h.forRestore(org), func(tx store.Tx) error {
		d, err := tx.Device(ctx, wiped.ID)
		if err != nil {
			return err
		}
		d.Wiped = wiped.Wiped
		return tx.PutDevice(ctx, d)
	})
}

func (e *Edit) restrict(ctx context.Context, people []house.Record) (n int, err error) {
	for _, now := range people {
		was, err := e.tx.Get(ctx, house.KindOf(now), house.KeyOf(now))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return n, err
		}
		if r := house.Stricter(was, now); r != nil {
			if err := e.Put(ctx, r); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

func (h *Hub) forRestore(org house.ID) store.Actor {
	return store.Actor{Org: org, Kind: store.ByHub, ID: "restore", At: h.now()}
}

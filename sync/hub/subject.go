package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tavle/sync/hub/access"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// ExportPerson returns everything that is kept of a resident, a member of staff or a
// relative, for them to read. The extract is in the audit before anything is
// returned.
func (h *Hub) ExportPerson(ctx context.Context, by store.Actor, id house.ID) (a *access.Answer, err error) {
	by.At = h.now()
	err = h.store.Update(ctx, by, func(tx store.Tx) error {
		r, err := find(ctx, tx.Own(), id)
		if err != nil {
			return err
		}
		return tx.NoteOf(ctx, "export", house.KindOf(r), id)
	})
	if err == nil {
		reader := store.Actor{Org: by.Org, Kind: store.ByHub, ID: "export", At: by.At}
		err = h.store.View(ctx, reader, func(v store.View) (err error) {
			a, err = answer(ctx, v, id, by)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("export of %s: %w", id, err)
	}
	return a, nil
}

func answer(ctx context.Context, v store.View, id house.ID, by store.Actor) (*access.Answer, error) {
	h, err := readHouse(ctx, v)
	if err != nil {
		return nil, err
	}
	r, err := find(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if _, ok := r.(*house.Former); ok {
		return nil, errors.New("of a number nothing is kept that says whose it is")
	}
	a := access.Of(h, r, by.At)
	var names []house.Picture
	for _, p := range a.Pictures {
		names = append(names, p.Name)
	}
	looks, err := v.Pictures(ctx, names)
	if err != nil {
		return nil, err
	}
	for i := range a.Pictures {
		p := &a.Pictures[i]
		if look, ok := looks[p.Name]; ok {
			if p.JPEG, err = v.Picture(ctx, look); err != nil {
				return nil, err
			}
		}
	}
	err = v.Lines(ctx, "", func(l store.Line) error {
		k := house.Kind(l.Kind)
		if l.Person == id || l.ID == string(id) && (slices.Contains(people, k) || k == "withdrawal") {
			a.Done = append(a.Done, access.Entry{At: l.At, By: string(l.By), Action: l.Action, Kind: l.Kind})
		}
		return nil
	})
	return a, err
}

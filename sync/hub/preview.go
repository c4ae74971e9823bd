package hub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A Previewing says what is to be seen before any screen shows it.
type Previewing struct {
	Screen house.ID  // the record of where it hangs
	At     time.Time // the moment; zero: now

	// With are people as they would be: in place of the records with their IDs, or
	// besides those there are. Pictures are those that they came with. Nothing of it
	// is kept.
	With     []house.Record
	Pictures map[house.Picture][]byte
}

// A Preview is what a screen is sent, as it is or would be, at a moment.
type Preview struct {
	Facts  *record.Facts
	Screen house.Screen
	At     time.Time

	hub   *Hub
	org   house.ID
	board project.Board
	fresh map[record.AssetID][]byte
}

// Preview makes the board of a screen as [Edit.Put] would make it, with the same code,
// reads it as the screen reads it, and stores nothing.
func (h *Hub) Preview(ctx context.Context, by store.Actor, x Previewing) (*Preview, error) {
	if x.At.IsZero() {
		x.At = h.now()
	}
	p := &Preview{At: x.At, hub: h, org: by.Org}
	err := h.store.View(ctx, p.reader(), func(v store.View) (err error) {
		p.fresh = map[record.AssetID][]byte{}
		if p.Screen, err = store.Get[house.Screen](ctx, v, x.Screen); err != nil {
			return err
		}
		l, err := p.load(ctx, v)
		if err != nil {
			return err
		}
		l.overlay(x.With)
		if err := l.pictures(ctx, l.portraits()...); err != nil {
			return err
		}
		for name, b := range x.Pictures {
			sum := sha256.Sum256(b)
			id := record.AssetID("sha256-" + hex.EncodeToString(sum[:]))
			l.src.Pictures[name], p.fresh[id] = id, b
		}
		p.board = l.on
		rows, err := project.Rows(&l.src, l.on, x.At)
		if err != nil {
			return err
		}
		p.Facts, err = factsOf(rows)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("preview of %s: %w", x.Screen, err)
	}
	return p, nil
}

// reader reads what is sent to the screens of a system: less than whoever asks for a
// preview sees of its people anyway.
func (p *Preview) reader() store.Actor {
	return store.Actor{Org: p.org, Kind: store.ByHub, ID: "preview", At: p.hub.now()}
}

// load reads what the screen's board draws on. It calls things what the boards of its
// department do; of one whose boards nobody has seen yet it does not matter.
func (p *Preview) load(ctx context.Context, v store.View) (*loader, error) {
	dept, err := store.Get[house.Department](ctx, v, p.Screen.Department)
	if err != nil {
		return nil, err
	}
	b := store.Board{Department: dept.ID, Modules: project.Modules(dept, p.Screen.Modules), Secret: project.Secret("nobody has seen it")}
	there, err := v.Boards(ctx, dept.ID)
	if err != nil {
		return nil, err
	}
	if len(there) > 0 {
		b.Secret = there[0].Secret
	}
	l, ok, err := load(ctx, v, b, p.At)
	if err == nil && !ok {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return l, l.content(ctx)
}

// overlay puts people as they would be in place of what they are.
func (l *loader) overlay(with []house.Record) {
	here := func(of ...house.ID) bool {
		return slices.ContainsFunc(of, func(d house.ID) bool { _, ok := l.src.Departments[d]; return ok })
	}
	for _, r := range with {
		switch r := r.(type) {
		case *house.Resident:
			l.src.Residents = slices.DeleteFunc(l.src.Residents, func(x house.Resident) bool { return x.ID == r.ID })
			if here(r.Department) {
				l.src.Residents = append(l.src.Residents, *r)
			}
		case *house.Staff:
			l.src.Staff = slices.DeleteFunc(l.src.Staff, func(x house.Staff) bool { return x.ID == r.ID })
			if here(r.Departments...) {
				l.src.Staff = append(l.src.Staff, *r)
			}
		}
	}
}

// factsOf reads rows as a screen does.
func factsOf(rows []project.Row) (*record.Facts, error) {
	changes := make([]record.Change, len(rows))
	for i, r := range rows {
		var err error
		if changes[i], err = wire.DecodeChange(record.Op{Row: r.Row}); err != nil {
			return nil, err
		}
	}
	return (*record.Facts)(nil).With(record.Position{Epoch: "0000000000000001", Rev: 1}, changes), nil
}

// Person returns what the screen is sent of somebody, and whether it is sent anything.
func (p *Preview) Person(id house.ID) (record.Person, bool) {
	f, ok := p.Facts.People[record.PersonID(p.board.PersonKey(id).ID)]
	return f, ok
}

// Ref returns under what name the screen has something of the house.
func (p *Preview) Ref(kind record.Kind, id house.ID) record.Key { return p.board.RowKey(kind, id) }

// Modules returns what the screen shows.
func (p *Preview) Modules() []record.Module { return p.board.Modules }

// Picture returns what a picture of the preview looks like.
func (p *Preview) Picture(ctx context.Context, id record.AssetID) (b []byte, err error) {
	if b, ok := p.fresh[id]; ok {
		return b, nil
	}
	err = p.hub.store.View(ctx, p.reader(), func(v store.View) error {
		b, err = v.Picture(ctx, id)
		return err
	})
	return b, err
}

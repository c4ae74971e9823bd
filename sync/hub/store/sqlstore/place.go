package sqlstore

import (
	"context"
	"fmt"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

var (
	qPlaces = q(`select person, state, ord, via, dish, device, at from place
		where org = $1 and kind = $2 and id = $3 order by ord`)
	qPlacesOn = q(`select p.kind, p.id, p.person, p.state, p.ord, p.via, p.dish, p.device, p.at
		from place p join entity_dept d on d.org = p.org and d.kind = p.kind and d.id = p.id
		where d.org = $1 and d.dept = $2
		  and (d.from_day = '' or d.from_day <= $4) and (d.until_day = '' or d.until_day >= $3)
		order by p.kind, p.id, p.ord`)
	qListsOf   = q(`select kind, id from place where org = $1 and person = $2 order by kind, id`)
	qLastPlace = q(`select coalesce(max(ord), 0) from place where org = $1 and kind = $2 and id = $3`)
	qPutPlace  = q(`insert into place (org, kind, id, person, state, ord, via, dish, device, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (org, kind, id, person) do update set state = excluded.state, ord = excluded.ord,
			via = excluded.via, dish = excluded.dish, device = excluded.device, at = excluded.at`)
	qDropPlace = q(`delete from place where org = $1 and kind = $2 and id = $3 and person = $4`)
)

// Places implements [store.View].
func (v *view) Places(ctx context.Context, l house.List) (out []store.Place, err error) {
	v.saw(l.Kind, string(l.ID))
	var p placeRow
	err = v.each(ctx, qPlaces, []any{v.by.Org, l.Kind, l.ID}, p.dest(), func() error {
		out = append(out, p.place())
		return nil
	})
	return out, err
}

// PlacesOn implements [store.View].
func (v *view) PlacesOn(ctx context.Context, dept house.ID, from, until house.Day) (map[house.List][]store.Place, error) {
	v.saw(house.KindActivity, "*")
	out := map[house.List][]store.Place{}
	var l house.List
	var p placeRow
	err := v.each(ctx, qPlacesOn, []any{v.by.Org, dept, from, until}, append([]any{&l.Kind, &l.ID}, p.dest()...), func() error {
		out[l] = append(out[l], p.place())
		return nil
	})
	return out, err
}

// ListsOf implements [store.View].
func (v *view) ListsOf(ctx context.Context, person house.ID) (out []house.List, err error) {
	v.saw(house.KindResident, string(person))
	var l house.List
	err = v.each(ctx, qListsOf, []any{v.by.Org, person}, []any{&l.Kind, &l.ID}, func() error {
		out = append(out, l)
		return nil
	})
	return out, err
}

// A placeRow is what a row of the table is read into.
type placeRow struct {
	p  store.Place
	at int64
}

func (r *placeRow) dest() []any {
	return []any{&r.p.Person, &r.p.State, &r.p.Order, &r.p.Via, &r.p.Dish, &r.p.Device, &r.at}
}

func (r *placeRow) place() store.Place {
	p := r.p
	p.At = moment(r.at)
	return p
}

// PutPlace implements [store.Tx].
func (t *tx) PutPlace(ctx context.Context, l house.List, p store.Place) error {
	key := []any{t.by.Org, l.Kind, l.ID}
	action := "change"
	if p.Order == 0 {
		action = "create"
		if err := t.one(ctx, qLastPlace, key, &p.Order); err != nil {
			return fmt.Errorf("%s %s: %w", l.Kind, l.ID, err)
		}
		p.Order++
	}
	_, err := t.exec(ctx, qPutPlace, append(key, p.Person, p.State, p.Order, p.Via, p.Dish, p.Device, millis(p.At))...)
	if err == nil {
		t.note(action, string(l.Kind), string(l.ID), p.Person)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", l.Kind, l.ID, err)
	}
	return nil
}

// DeletePlace implements [store.Tx].
func (t *tx) DeletePlace(ctx context.Context, l house.List, person house.ID) error {
	n, err := t.exec(ctx, qDropPlace, t.by.Org, l.Kind, l.ID, person)
	if err == nil && n > 0 {
		t.note("delete", string(l.Kind), string(l.ID), person)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", l.Kind, l.ID, err)
	}
	return nil
}

package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

var (
	qSystems = q(`select id from entity where kind = 'system' and ($1 = '' or org = $1) order by id`)

	qGet = q(`select body from entity where org = $1 and kind = $2 and id = $3`)
	qAll = q(`select body from entity where org = $1 and kind = $2 order by ord`)
	qOn  = q(`select e.body from entity e join entity_dept d on d.org = e.org and d.kind = e.kind and d.id = e.id
		where d.org = $1 and d.dept = $2 and d.kind = $3
		  and (d.from_day = '' or d.from_day <= $5) and (d.until_day = '' or d.until_day >= $4)
		order by e.ord`)
	qSharing = q(`select distinct b.dept from entity_dept a join entity_dept b on b.org = a.org and b.kind = a.kind and b.id = a.id
		where a.org = $1 and a.dept = $2 and b.dept <> a.dept and a.kind in ('activity', 'meal', 'resource', 'group')
		  and (a.until_day = '' or a.until_day >= $3)
		order by b.dept`)

	qOrder     = q(`select ord from entity where org = $1 and kind = $2 and id = $3`)
	qLastOrder = q(`select coalesce(max(ord), 0) from entity where org = $1 and kind = $2`)
	qPut       = q(`insert into entity (org, kind, id, ord, body) values ($1, $2, $3, $4, $5)
		on conflict (org, kind, id) do update set body = excluded.body`)
	qDelete = q(`delete from entity where org = $1 and kind = $2 and id = $3`)
	qAdrift = q(`select e.org, e.id from entity e where e.kind = 'booking' and not exists
		(select 1 from entity_dept d where d.org = e.org and d.kind = e.kind and d.id = e.id) order by e.org, e.id`)
	qDropDept = q(`delete from entity_dept where org = $1 and kind = $2 and id = $3`)
	qPutDept  = q(`insert into entity_dept (org, kind, id, dept, from_day, until_day) values ($1, $2, $3, $4, $5, $6)
		on conflict (org, kind, id, dept) do nothing`)
	qDropLooks = q(`delete from entity_picture where org = $1 and kind = $2 and id = $3`)
	qPutLook   = q(`insert into entity_picture (org, kind, id, name) values ($1, $2, $3, $4)`)
)

// Systems implements [store.View].
func (v *view) Systems(ctx context.Context) (out []house.ID, err error) {
	var id house.ID
	err = v.each(ctx, qSystems, []any{v.by.Org}, []any{&id}, func() error {
		out = append(out, id)
		return nil
	})
	return out, err
}

// Get implements [store.View].
func (v *view) Get(ctx context.Context, k house.Kind, id house.ID) (house.Record, error) {
	var body []byte
	if err := v.one(ctx, qGet, []any{v.by.Org, k, id}, &body); err != nil {
		return nil, fmt.Errorf("%s %s: %w", k, id, err)
	}
	v.saw(k, string(id))
	return decode(k, id, body)
}

func decode(k house.Kind, id house.ID, body []byte) (house.Record, error) {
	r, err := house.Decode(k, body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: stored document: %w", k, id, err)
	}
	return r, nil
}

// All implements [store.View].
func (v *view) All(ctx context.Context, k house.Kind) ([]house.Record, error) {
	v.saw(k, "*")
	return v.records(ctx, k, nil, qAll, v.by.Org, k)
}

// Saying implements [store.View]. Reading a document takes a hundred times as long as
// looking for a text in it.
func (v *view) Saying(ctx context.Context, k house.Kind, id house.ID, texts ...string) ([]house.Record, error) {
	v.saw(k, "*")
	words := [][]byte{[]byte(id)}
	for _, t := range texts {
		words = append(words, []byte(house.Spelled(t)))
	}
	says := func(body []byte) bool {
		return slices.ContainsFunc(words, func(w []byte) bool { return standsIn(body, w) })
	}
	return v.records(ctx, k, says, qAll, v.by.Org, k)
}

// standsIn reports whether words stand in a document with no letter or digit beside
// them; what comes of an escape, such as the n of a line's end, is no letter.
func standsIn(body, words []byte) bool {
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for from := 0; ; {
		i := bytes.Index(body[from:], words)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRune(body[:i])
		after, _ := utf8.DecodeRune(body[i+len(words):])
		escaped := i >= 2 && body[i-2] == '\\' || i >= 6 && body[i-6] == '\\'
		if (escaped || !letter(before)) && !letter(after) {
			return true
		}
		from = i + 1
	}
}

// On implements [store.View].
func (v *view) On(ctx context.Context, dept house.ID, k house.Kind, from, until house.Day) ([]house.Record, error) {
	v.saw(k, "*")
	return v.records(ctx, k, nil, qOn, v.by.Org, dept, k, from, until)
}

// records reads those that s finds, of which wanted, if there is such a thing, wants
// the document.
func (v *view) records(ctx context.Context, k house.Kind, wanted func(body []byte) bool, s statement, args ...any) (out []house.Record, err error) {
	var body []byte
	err = v.each(ctx, s, args, []any{&body}, func() error {
		if wanted != nil && !wanted(body) {
			return nil
		}
		r, err := decode(k, "", body)
		out = append(out, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("records of kind %s: %w", k, err)
	}
	return out, nil
}

// Sharing implements [store.View].
func (v *view) Sharing(ctx context.Context, dept house.ID, from house.Day) (out []house.ID, err error) {
	var id house.ID
	err = v.each(ctx, qSharing, []any{v.by.Org, dept, from}, []any{&id}, func() error {
		out = append(out, id)
		return nil
	})
	return out, err
}

// Put implements [store.Tx].
func (t *tx) Put(ctx context.Context, r house.Record) error {
	k, id := house.KindOf(r), house.KeyOf(r)
	if err := t.put(ctx, r, k, id); err != nil {
		return fmt.Errorf("%s %s: %w", k, id, err)
	}
	return nil
}

func (t *tx) put(ctx context.Context, r house.Record, k house.Kind, id house.ID) error {
	if t.by.Org == "" {
		return errors.New("an actor without a system writes no records")
	}
	if err := house.Check(r); err != nil {
		return err
	}
	key := []any{t.by.Org, k, id}
	action, order := "change", int64(0)
	switch err := t.one(ctx, qOrder, key, &order); {
	case errors.Is(err, store.ErrNotFound):
		action = "create"
		if err := t.one(ctx, qLastOrder, []any{t.by.Org, k}, &order); err != nil {
			return err
		}
		order++
	case err != nil:
		return err
	}
	if _, err := t.exec(ctx, qPut, t.by.Org, k, id, order, string(bare(r))); err != nil {
		return err
	}
	if err := t.putHome(ctx, r, key); err != nil {
		return err
	}
	t.note(action, string(k), string(id), "")
	return nil
}

// bare returns the document of a record, without the list that hangs on it:
// that is kept in rows of its own.
func bare(r house.Record) []byte {
	l, ok := r.(house.Lister)
	if !ok {
		return house.Encode(r)
	}
	places := l.Places()
	l.SetPlaces(nil)
	defer l.SetPlaces(places)
	return house.Encode(r)
}

// putHome stores where the record belongs and what it refers to.
func (t *tx) putHome(ctx context.Context, r house.Record, key []any) error {
	if _, err := t.exec(ctx, qDropDept, key...); err != nil {
		return err
	}
	home := house.HomeOf(r)
	for _, dept := range append(append([]house.ID(nil), home.Departments...), home.Shared...) {
		if _, err := t.exec(ctx, qPutDept, append(key, dept, home.From, home.Until)...); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, qDropLooks, key...); err != nil {
		return err
	}
	for _, name := range house.PicturesOf(r) {
		if _, err := t.exec(ctx, qPutLook, append(key, name)...); err != nil {
			return err
		}
	}
	return nil
}

// homeOld gives bookings of a database from before they had a department the one
// of what is booked, as a file's and new ones get it.
func (db *DB) homeOld(ctx context.Context) error {
	adrift := map[house.ID][]house.ID{} // by system
	err := db.update(ctx, store.Actor{Kind: store.ByHub}, func(t *tx) error {
		clear(adrift)
		var org, id house.ID
		return t.each(ctx, qAdrift, nil, []any{&org, &id}, func() error {
			adrift[org] = append(adrift[org], id)
			return nil
		})
	})
	for org, ids := range adrift {
		if err == nil {
			err = db.update(ctx, store.Actor{Org: org, Kind: store.ByHub, At: time.Now()}, func(t *tx) error { return t.home(ctx, ids) })
		}
	}
	if err != nil {
		return fmt.Errorf("bookings from before: %w", err)
	}
	return nil
}

func (t *tx) home(ctx context.Context, bookings []house.ID) error {
	for _, id := range bookings {
		b, err := store.Get[house.Booking](ctx, t, id)
		if err == nil {
			var r house.Resource
			r, err = store.Get[house.Resource](ctx, t, b.Resource)
			b.Department = r.Department
		}
		switch {
		case errors.Is(err, store.ErrNotFound): // it is gone, or what is booked: no board has it
		case err != nil:
			return err
		default:
			if err := t.Put(ctx, &b); err != nil {
				return err
			}
		}
	}
	return nil
}

// Delete implements [store.Tx].
func (t *tx) Delete(ctx context.Context, k house.Kind, id house.ID) error {
	n, err := t.exec(ctx, qDelete, t.by.Org, k, id)
	if err == nil && n > 0 {
		t.note("delete", string(k), string(id), "")
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", k, id, err)
	}
	return nil
}

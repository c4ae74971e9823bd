package sim

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A base is the database all replicas share: what sync/hub/store/sqlstore keeps
// in tables, in maps. Values in it are never written through; a change puts
// another value in their place, so that a copy of the maps is a backup.
type base struct {
	records map[house.Kind]map[house.ID]kept
	places  map[house.List][]store.Place // in order
	boards  map[record.BoardID]store.Board
	heads   map[record.BoardID]store.Head
	rows    map[record.BoardID]map[record.Key]row
	devices map[string]store.Device
	last    map[store.Inst]uint64
	results map[store.Inst][]wire.Result // in order
	order   int64

	withdrawn map[int64]store.Withdrawal // in order

	// Beside the tables, for the checks: it lives and dies with them.
	applied map[string]int         // how often each touch took effect
	outcome map[string]wire.Result // and what was stored of it
}

type kept struct {
	record house.Record
	home   house.Home
	order  int64
}

type row struct {
	rev    uint64
	hash   uint64 // 0: deleted
	body   []byte
	src    house.ID
	assets []record.AssetID
	at     time.Time
}

func newBase() *base {
	return &base{
		records: map[house.Kind]map[house.ID]kept{}, places: map[house.List][]store.Place{},
		boards: map[record.BoardID]store.Board{}, heads: map[record.BoardID]store.Head{}, rows: map[record.BoardID]map[record.Key]row{},
		devices: map[string]store.Device{}, last: map[store.Inst]uint64{}, results: map[store.Inst][]wire.Result{},
		withdrawn: map[int64]store.Withdrawal{},
		applied:   map[string]int{}, outcome: map[string]wire.Result{},
	}
}

// backup returns a copy.
func (b *base) backup() *base {
	c := *b
	c.records, c.rows = map[house.Kind]map[house.ID]kept{}, map[record.BoardID]map[record.Key]row{}
	for k, m := range b.records {
		c.records[k] = maps.Clone(m)
	}
	for k, m := range b.rows {
		c.rows[k] = maps.Clone(m)
	}
	c.places, c.boards, c.heads = maps.Clone(b.places), maps.Clone(b.boards), maps.Clone(b.heads)
	c.devices, c.last, c.results = maps.Clone(b.devices), maps.Clone(b.last), maps.Clone(b.results)
	c.withdrawn = maps.Clone(b.withdrawn)
	c.applied, c.outcome = maps.Clone(b.applied), maps.Clone(b.outcome)
	return &c
}

// A tx is one transaction: the rules of sync/hub and sync/hub/store run in it.
// What they do not use of the contract is not here, and panics.
type tx struct {
	store.Tx
	*base
	undo   []func()
	people bool // somebody's record changed
}

// Own implements [store.Tx]: nobody keeps an audit here.
func (t *tx) Own() store.Tx { return t }

// Note implements [store.Tx].
func (t *tx) Note(context.Context, string) error { return nil }

// NoteOf implements [store.Tx].
func (t *tx) NoteOf(context.Context, string, house.Kind, house.ID) error { return nil }

// rollback undoes everything.
func (t *tx) rollback() {
	for _, f := range slices.Backward(t.undo) {
		f()
	}
	t.undo = nil
}

// set and drop change a table so that it can be undone.
func set[K comparable, V any](t *tx, m map[K]V, k K, v V) {
	old, had := m[k]
	m[k] = v
	t.undo = append(t.undo, func() {
		if had {
			m[k] = old
		} else {
			delete(m, k)
		}
	})
}

func drop[K comparable, V any](t *tx, m map[K]V, k K) {
	if old, had := m[k]; had {
		delete(m, k)
		t.undo = append(t.undo, func() { m[k] = old })
	}
}

func (t *tx) next() int64 {
	t.order++ // a number that is not used again does no harm
	return t.order
}

// copied returns a record of the caller's own.
func copied(r house.Record) house.Record {
	v := reflect.New(reflect.TypeOf(r).Elem())
	v.Elem().Set(reflect.ValueOf(r).Elem())
	return v.Interface().(house.Record)
}

func (t *tx) Get(_ context.Context, k house.Kind, id house.ID) (house.Record, error) {
	e, ok := t.records[k][id]
	if !ok {
		return nil, fmt.Errorf("%s %s: %w", k, id, store.ErrNotFound)
	}
	return copied(e.record), nil
}

func (t *tx) All(_ context.Context, k house.Kind) ([]house.Record, error) {
	return t.where(k, func(kept) bool { return true }), nil
}

func (t *tx) On(_ context.Context, dept house.ID, k house.Kind, from, until house.Day) ([]house.Record, error) {
	return t.where(k, func(e kept) bool { return e.on(dept, from, until) }), nil
}

func (e kept) on(dept house.ID, from, until house.Day) bool {
	return e.of(dept) && (e.home.From == "" || e.home.From <= until) && (e.home.Until == "" || e.home.Until >= from)
}

func (e kept) of(dept house.ID) bool {
	return slices.Contains(e.home.Departments, dept) || slices.Contains(e.home.Shared, dept)
}

func (t *tx) where(k house.Kind, want func(kept) bool) []house.Record {
	var found []kept
	for _, e := range t.records[k] {
		if want(e) {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b kept) int { return cmp.Compare(a.order, b.order) })
	out := make([]house.Record, len(found))
	for i, e := range found {
		out[i] = copied(e.record)
	}
	return out
}

func (t *tx) Sharing(_ context.Context, dept house.ID, from house.Day) ([]house.ID, error) {
	set := map[house.ID]bool{}
	for _, k := range [...]house.Kind{house.KindActivity, house.KindMeal, house.KindResource, house.KindGroup} {
		for _, e := range t.records[k] {
			if e.of(dept) && (e.home.Until == "" || e.home.Until >= from) {
				for _, d := range slices.Concat(e.home.Departments, e.home.Shared) {
					set[d] = true
				}
			}
		}
	}
	delete(set, dept)
	return slices.Sorted(maps.Keys(set)), nil
}

func (t *tx) Put(_ context.Context, r house.Record) error {
	r = copied(r)
	if l, ok := r.(house.Lister); ok {
		l.SetPlaces(nil)
	}
	k, id := house.KindOf(r), house.KeyOf(r)
	t.people = t.people || k == house.KindResident
	if t.records[k] == nil {
		t.records[k] = map[house.ID]kept{}
	}
	e := kept{record: r, home: house.HomeOf(r), order: t.records[k][id].order}
	if e.order == 0 {
		e.order = t.next()
	}
	set(t, t.records[k], id, e)
	return nil
}

func (t *tx) Delete(_ context.Context, k house.Kind, id house.ID) error {
	t.people = t.people || k == house.KindResident
	drop(t, t.records[k], id)
	drop(t, t.places, house.List{Kind: k, ID: id})
	return nil
}

func (t *tx) Places(_ context.Context, l house.List) ([]store.Place, error) {
	return slices.Clone(t.places[l]), nil
}

func (t *tx) PlacesOn(_ context.Context, dept house.ID, from, until house.Day) (map[house.List][]store.Place, error) {
	out := map[house.List][]store.Place{}
	for l, list := range t.places {
		if e, ok := t.records[l.Kind][l.ID]; ok && e.on(dept, from, until) {
			out[l] = slices.Clone(list)
		}
	}
	return out, nil
}

func (t *tx) ListsOf(_ context.Context, person house.ID) (out []house.List, _ error) {
	for l, list := range t.places {
		if slices.ContainsFunc(list, func(p store.Place) bool { return p.Person == person }) {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b house.List) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out, nil
}

func (t *tx) PutPlace(_ context.Context, l house.List, p store.Place) error {
	if p.Order == 0 {
		p.Order = t.next()
	}
	list := slices.DeleteFunc(slices.Clone(t.places[l]), func(x store.Place) bool { return x.Person == p.Person })
	list = append(list, p)
	slices.SortFunc(list, func(a, b store.Place) int { return cmp.Compare(a.Order, b.Order) })
	set(t, t.places, l, list)
	return nil
}

func (t *tx) DeletePlace(_ context.Context, l house.List, person house.ID) error {
	set(t, t.places, l, slices.DeleteFunc(slices.Clone(t.places[l]), func(x store.Place) bool { return x.Person == person }))
	return nil
}

func (t *tx) Board(_ context.Context, id record.BoardID) (store.Board, error) {
	b, ok := t.boards[id]
	if !ok {
		return b, fmt.Errorf("board %s: %w", id, store.ErrNotFound)
	}
	return b, nil
}

func (t *tx) Boards(_ context.Context, depts ...house.ID) (out []store.Board, _ error) {
	for _, id := range slices.Sorted(maps.Keys(t.boards)) {
		if b := t.boards[id]; len(depts) == 0 || slices.Contains(depts, b.Department) {
			out = append(out, b)
		}
	}
	return out, nil
}

func (t *tx) Head(_ context.Context, id record.BoardID) (store.Head, error) {
	h, ok := t.heads[id]
	if !ok {
		return h, fmt.Errorf("head of board %s: %w", id, store.ErrNotFound)
	}
	return h, nil
}

func (t *tx) Since(_ context.Context, id record.BoardID, rev uint64) (store.Head, []record.Op, error) {
	h, ok := t.heads[id]
	if !ok {
		return h, nil, fmt.Errorf("board %s: %w", id, store.ErrNotFound)
	}
	var ops []record.Op
	for k, r := range t.rows[id] {
		if r.rev > rev && (rev > 0 || r.hash != 0) {
			ops = append(ops, record.Op{Row: record.Row{Key: k, Body: r.body}, Delete: r.hash == 0})
		}
	}
	slices.SortFunc(ops, func(a, b record.Op) int { // what is taken away comes first
		return cmp.Or(-order(a.Delete, b.Delete), strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.ID, b.ID))
	})
	return h, ops, nil
}

// order compares false and true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (t *tx) Hashes(_ context.Context, id record.BoardID, keys ...record.Key) (map[record.Key]uint64, error) {
	out := map[record.Key]uint64{}
	if len(keys) == 0 {
		for k, r := range t.rows[id] {
			out[k] = r.hash
		}
	}
	for _, k := range keys {
		if r, ok := t.rows[id][k]; ok {
			out[k] = r.hash
		}
	}
	return out, nil
}

func (t *tx) Source(_ context.Context, id record.BoardID, k record.Key) (house.ID, bool, error) {
	r, ok := t.rows[id][k]
	if !ok {
		return "", false, store.ErrNotFound
	}
	return r.src, r.hash != 0, nil
}

func (t *tx) Shows(_ context.Context, id record.BoardID, a record.AssetID) (bool, error) {
	for _, r := range t.rows[id] {
		if r.hash != 0 && slices.Contains(r.assets, a) {
			return true, nil
		}
	}
	return false, nil
}

func (t *tx) PutBoard(_ context.Context, b store.Board, e record.Epoch) error {
	set(t, t.boards, b.ID, b)
	set(t, t.heads, b.ID, store.Head{Position: record.Position{Epoch: e}})
	set(t, t.rows, b.ID, map[record.Key]row{})
	return nil
}

func (t *tx) Renumber(_ context.Context, id record.BoardID, e record.Epoch) error {
	h := t.heads[id]
	h.Epoch = e
	set(t, t.heads, id, h)
	for _, d := range t.devices {
		if d.Board == id {
			_ = t.change(d.ID, func(d *store.Device) { d.Acked, d.AckedAt = wire.Ack{}, time.Time{} })
		}
	}
	return nil
}

func (t *tx) DropBoards(context.Context) error {
	shown := map[record.BoardID]bool{}
	for _, d := range t.devices {
		shown[d.Board] = true
	}
	for id := range t.boards {
		if !shown[id] {
			drop(t, t.boards, id)
			drop(t, t.heads, id)
			drop(t, t.rows, id)
		}
	}
	return nil
}

func (t *tx) PutRows(_ context.Context, id record.BoardID, at record.Position, changes []store.Change) error {
	rows := t.rows[id]
	for _, c := range changes {
		r := row{rev: at.Rev, src: c.Src, at: c.At, assets: c.Assets}
		if c.Delete {
			r.src = rows[c.Key].src
		} else {
			r.hash, r.body = c.Hash(), c.Body
		}
		set(t, rows, c.Key, r)
	}
	h := t.heads[id]
	h.Position = at
	set(t, t.heads, id, h)
	return nil
}

func (t *tx) Purge(_ context.Context, before time.Time) (n int, _ error) {
	for id, rows := range t.rows {
		h := t.heads[id]
		for k, r := range rows {
			if r.hash == 0 && r.at.Before(before) {
				h.Floor = max(h.Floor, r.rev)
				drop(t, rows, k)
				n++
			}
		}
		set(t, t.heads, id, h)
	}
	return n, nil
}

// assetOf returns the picture a house calls that; it looks like its name.
func assetOf(p house.Picture) record.AssetID {
	return record.AssetID(fmt.Sprintf("sha256-%x", sha256.Sum256([]byte(p))))
}

func (t *tx) Pictures(_ context.Context, names []house.Picture) (map[house.Picture]record.AssetID, error) {
	out := map[house.Picture]record.AssetID{}
	for _, n := range names {
		out[n] = assetOf(n)
	}
	return out, nil
}

func (t *tx) DropPictures(context.Context) (int, error) { return 0, nil }

func (t *tx) Device(_ context.Context, id string) (store.Device, error) {
	d, ok := t.devices[id]
	if !ok {
		return d, fmt.Errorf("device: %w", store.ErrNotFound)
	}
	return d, nil
}

func (t *tx) Devices(context.Context) (out []store.Device, _ error) {
	for _, id := range slices.Sorted(maps.Keys(t.devices)) {
		out = append(out, t.devices[id])
	}
	return out, nil
}

func (t *tx) PutDevice(_ context.Context, d store.Device) error {
	set(t, t.devices, d.ID, d)
	return nil
}

func (t *tx) change(id string, f func(*store.Device)) error {
	if d, ok := t.devices[id]; ok {
		f(&d)
		set(t, t.devices, id, d)
	}
	return nil
}

func (t *tx) Booted(_ context.Context, id, boot string, before time.Time) error {
	return t.change(id, func(d *store.Device) { d.Boot, d.Before = boot, before })
}

func (t *tx) Seen(_ context.Context, at time.Time, _ store.Terms, ids ...string) (err error) {
	for _, id := range ids {
		err = errors.Join(err, t.change(id, func(d *store.Device) {
			if d.Seen.Before(at) {
				d.Seen = at
			}
		}))
	}
	return err
}

func (t *tx) Acked(_ context.Context, a store.Ack, ids ...string) (err error) {
	for _, id := range ids {
		err = errors.Join(err, t.change(id, func(d *store.Device) {
			// Two replicas store what they noted in any order, and the board may be
			// another by then.
			if t.heads[d.Board].Epoch == a.At.Epoch && (d.Acked.Epoch != a.At.Epoch || d.Acked.Rev <= a.At.Rev) {
				d.Acked, d.AckedAt = a.At, a.When
			}
		}))
	}
	return err
}

func (t *tx) LastSeq(_ context.Context, i store.Inst) (uint64, error) { return t.last[i], nil }

func (t *tx) Results(_ context.Context, i store.Inst) ([]wire.Result, error) {
	return slices.Clone(t.results[i]), nil
}

func (t *tx) Result(_ context.Context, i store.Inst, seq uint64) (wire.Result, error) {
	for _, r := range t.results[i] {
		if r.Seq == seq {
			return r, nil
		}
	}
	return wire.Result{}, store.ErrNotFound
}

func (t *tx) PutResult(_ context.Context, i store.Inst, r wire.Result) error {
	set(t, t.last, i, r.Seq)
	set(t, t.results, i, append(slices.Clone(t.results[i]), r))
	return nil
}

func (t *tx) Release(_ context.Context, i store.Inst, seq uint64) error {
	set(t, t.results, i, slices.DeleteFunc(slices.Clone(t.results[i]), func(r wire.Result) bool { return r.Seq <= seq }))
	return nil
}

func (t *tx) Lock(context.Context, ...house.ID) error { return nil } // nobody else is there

// Secret implements [store.Tx]: what is random elsewhere is a name here.
func (t *tx) Secret(_ context.Context, name string, _ []byte) ([]byte, error) {
	sum := sha256.Sum256([]byte(name))
	return sum[:], nil
}

// Erasures implements [store.View]. The ledger of the simulation is the world's.
func (t *tx) Erasures(context.Context) ([]store.Erasure, error) { return nil, nil }

// PutWithdrawal implements [store.Tx].
func (t *tx) PutWithdrawal(_ context.Context, w store.Withdrawal) error {
	set(t, t.withdrawn, int64(len(t.withdrawn)), w)
	return nil
}

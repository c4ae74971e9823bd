package hub

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// Flow, a contract ends ([house.Ending] was planned, and its day has come):
//
//	one transaction, under the lock of the whole system
//	  people     erased like [Hub.Erase] does, each with a line in the ledger
//	  records    everything else but the system itself and the registers
//	  accounts   all but the one that does it, which fetches the certificate
//	  screens    shut out: told to wipe themselves, now or when they come back
//	  the entry  what was erased
//	then the ledger's file, store.Scrub, and a search for everybody at once
//
// What stays: who was responsible, the registers, the audit with pseudonyms, and the
// ledger, which keeps a restored backup from bringing anybody back.

// ErrNotDue is returned for an ending that was not planned, or whose day has not come, or
// before which everything has to be given back.
var ErrNotDue = errors.New("the end of the contract is not planned for today, or what is to be given back is not")

// An EndToll is what the end of a contract takes, or would take.
type EndToll struct {
	People, Records, Pictures, Accounts int
	Kinds                               map[house.Kind]int // of records
	Places                              []house.EndedPlace // screens
	Backups                             time.Time          // when the last backup with anybody in it expires
	Left                                int                // found afterwards; it is 0
	ID                                  house.ID           // of the entry that says so; "" where nothing was done
}

// End erases everything that is kept for a house whose contract ends, as was planned in
// the registers. With dry it says what would go, and does nothing, whether or not it is
// time.
func (h *Hub) End(ctx context.Context, by store.Actor, dry bool) (EndToll, error) {
	by.At = h.now()
	x := &ender{hub: h, by: by, dry: dry}
	err := h.store.Update(ctx, by, func(tx store.Tx) error {
		if err := tx.Lock(ctx); err != nil {
			return err
		}
		x.begin(newEdit(tx, by))
		if err := x.end(ctx); err != nil {
			return err
		}
		if dry {
			return errDry
		}
		return nil
	})
	switch {
	case errors.Is(err, errDry):
		return x.toll, h.store.Update(ctx, by, func(tx store.Tx) error { return tx.Note(ctx, "plan end") })
	case err != nil:
		return EndToll{}, fmt.Errorf("end of contract: %w", err)
	}
	h.announce(x.edit)
	for _, p := range x.toll.Places {
		if c := h.clients.seek(p.Device); c != nil {
			c.close(wire.CloseRevoked, "revoked")
		}
		h.tell(store.Hint{Device: p.Device})
	}
	if err := x.settle(ctx); err != nil {
		return x.toll, fmt.Errorf("the contract has ended, but: %w", err)
	}
	return x.toll, nil
}

// An ender ends a contract in one transaction. Running it again starts over.
type ender struct {
	hub *Hub
	by  store.Actor
	dry bool

	edit   *Edit
	toll   EndToll
	matter house.Matter
	ids    map[string]bool // of people
	hidden []string        // IDs of people and pictures that become pseudonyms
	values []string        // that say who people were
}

func (x *ender) begin(edit *Edit) {
	x.edit, x.matter, x.ids, x.hidden, x.values = edit, nil, map[string]bool{}, nil, nil
	x.toll = EndToll{Kinds: map[house.Kind]int{}, Backups: x.by.At.UTC().Add(x.hub.opt.KeepBackups)}
}

// stays reports whether records of a kind outlive the contract.
func stays(k house.Kind) bool {
	return k == house.KindSystem || k == house.KindMeta || k == house.KindEntry
}

func (x *ender) end(ctx context.Context) error {
	today, err := x.plan(ctx)
	if err != nil {
		return err
	}
	if now := x.matter; !x.dry && (len(now) == 0 || !now.Now().Ending.Ready(today)) {
		return ErrNotDue
	}
	x.edit.all = true
	for _, f := range []func(context.Context) error{x.accounts, x.screens, x.rest, x.people, x.edit.finish} {
		if err := f(ctx); err != nil {
			return err
		}
	}
	if x.dry {
		return nil
	}
	if err := x.edit.tx.Pseudonymise(ctx, x.hidden...); err != nil {
		return err
	}
	if err := x.edit.tx.Note(ctx, "end"); err != nil {
		return err
	}
	return x.write(ctx, x.edit, Found{})
}

// write adds the entry that says what was erased, and what was found afterwards.
func (x *ender) write(ctx context.Context, edit *Edit, f Found) (err error) {
	meta, err := store.Get[house.Meta](ctx, edit.tx, house.OnlyID)
	if absent(err) != nil {
		return err
	}
	was := x.matter.Now()
	done := *was.Ending
	done.State, done.People, done.Records, done.Accounts, done.Places = "done", x.toll.People, x.toll.Records, x.toll.Accounts, x.toll.Places
	done.Backups, done.Tool = house.DayOf(x.toll.Backups), strings.TrimSpace("tavle-hub "+x.hub.opt.Build)
	done.Searched, done.Bytes, done.Left = f.Texts, int(f.Bytes), f.Left
	if done.By, err = performedBy(ctx, edit.tx, x.by); err != nil {
		return err
	}
	e := house.Entry{
		ID: house.ID("end-" + hex.EncodeToString(random(8))), Written: house.WallOf(x.by.At.In(meta.ZoneOf(house.Department{}))), Replaces: was.ID, Ending: &done,
	}
	x.matter, x.toll.ID = append(x.matter, e), e.ID
	return edit.Put(ctx, &e)
}

// settle does what follows the transaction, and writes down what was found.
func (x *ender) settle(ctx context.Context) error {
	if err := x.hub.keepLedger(ctx); err != nil {
		return err
	}
	if err := scrub(ctx, x.hub.store); err != nil {
		return err
	}
	f, err := x.seek(ctx)
	if err != nil {
		return err
	}
	x.toll.Left = f.Left
	return x.hub.Change(ctx, x.by, func(ctx context.Context, e *Edit) error { return x.write(ctx, e, f) })
}

// seek looks for everybody at once: in what is left of records, on boards, in the audit,
// and in the bytes of the database. What stands in what stays, such as the name of whoever
// is responsible, is nobody's there.
func (x *ender) seek(ctx context.Context) (f Found, err error) {
	var kept []string
	by := store.Actor{Org: x.by.Org, Kind: store.ByHub, ID: "erasure", At: x.hub.now()}
	see := func(id string) {
		f.Texts++
		if x.ids[id] {
			f.Left++
		}
	}
	err = x.hub.store.View(ctx, by, func(v store.View) error {
		kept, f = nil, Found{Values: len(x.values) + len(x.ids)}
		for _, k := range house.Kinds() {
			all, err := v.All(ctx, k)
			if err != nil {
				return err
			}
			for _, r := range all {
				if kept = append(kept, house.Strings(r)...); !stays(k) {
					f.Left++
				}
			}
		}
		f.Texts += len(kept)
		accounts, err := v.Accounts(ctx)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			kept = append(kept, a.Login.Reveal(), a.Name.Reveal())
		}
		boards, err := v.Boards(ctx)
		if err != nil {
			return err
		}
		for _, b := range boards {
			rows, err := v.Hashes(ctx, b.ID)
			if err != nil {
				return err
			}
			for k := range rows {
				src, _, err := v.Source(ctx, b.ID, k)
				if err != nil {
					return err
				}
				see(string(src))
			}
		}
		return v.Lines(ctx, "", func(l store.Line) error {
			if slices.Contains(people, house.Kind(l.Kind)) {
				see(l.ID)
			}
			see(l.Actor)
			see(string(l.Person))
			return nil
		})
	})
	if err != nil || x.hub.opt.Search == nil {
		return f, err
	}
	var values []string
	for _, v := range x.values {
		if len(v) < shortestSearched || slices.ContainsFunc(kept, func(t string) bool { return strings.Contains(t, v) }) {
			f.Skipped++
			continue
		}
		if values = append(values, v); house.Spelled(v) != v {
			values = append(values, house.Spelled(v))
		}
	}
	n, size, err := x.hub.opt.Search(ctx, values)
	f.Bytes, f.Left = size, f.Left+n
	return f, err
}

// plan reads what was planned, and what day it is.
func (x *ender) plan(ctx context.Context) (today house.Day, err error) {
	all, err := store.All[house.Entry](ctx, x.edit.tx)
	if err != nil {
		return "", err
	}
	for _, m := range house.Matters(slices.DeleteFunc(all, func(e house.Entry) bool { return e.Ending == nil })) {
		if m.Now().Ending.Open() {
			x.matter = m
		}
	}
	meta, err := store.Get[house.Meta](ctx, x.edit.tx, house.OnlyID)
	return house.DayOf(x.by.At.In(meta.ZoneOf(house.Department{}))), absent(err)
}

// accounts drops everybody's but that of whoever does it, which loses what ties it to a
// member of staff.
func (x *ender) accounts(ctx context.Context) error {
	all, err := x.edit.tx.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.ID == x.by.ID {
			a.Staff, a.Departments = "", nil
			err = x.edit.tx.PutAccount(ctx, a)
		} else {
			x.toll.Accounts++
			x.value(a.Login.Reveal(), a.Name.Reveal())
			err = x.edit.tx.DropAccount(ctx, a.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// value notes what says who somebody was.
func (x *ender) value(values ...string) {
	for _, v := range values {
		if v != "" && !slices.Contains(x.values, v) {
			x.values = append(x.values, v)
		}
	}
}

// screens shuts all of them out.
func (x *ender) screens(ctx context.Context) error {
	devices, err := x.edit.tx.Devices(ctx)
	if err != nil {
		return err
	}
	for _, d := range devices {
		p := house.EndedPlace{Device: d.ID}
		if r, err := store.Get[house.Screen](ctx, x.edit.tx, d.Screen); err == nil {
			p.Place = r.Place
		}
		x.toll.Places = append(x.toll.Places, p)
		d.Revoked = true
		if err := x.edit.tx.PutDevice(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// people erases everybody there is.
func (x *ender) people(ctx context.Context) error {
	tx := x.edit.tx
	key, err := tx.Pseudonyms(ctx)
	if err != nil {
		return err
	}
	for _, k := range people {
		all, err := tx.All(ctx, k)
		if err != nil {
			return err
		}
		for _, r := range all {
			id := house.KeyOf(r)
			x.value(house.Values(r)...)
			x.ids[string(id)] = string(id) != x.by.ID // who does it stands in the audit
			x.hidden = append(x.hidden, string(id))
			x.toll.People++
			x.counted(r)
			if err := x.edit.Delete(ctx, k, id); err != nil {
				return err
			}
			x.edit.withdraw(id, string(store.Erased))
			if err := tx.NoteOf(ctx, string(store.Erased), k, id); err != nil {
				return err
			}
			entry := store.Erasure{ID: hex.EncodeToString(random(16)), Pseudonym: key.Of(string(id)), Level: store.Erased, At: x.by.At}
			if err := tx.PutErasure(ctx, entry); err != nil {
				return err
			}
		}
	}
	return nil
}

// counted adds a record that goes to the toll.
func (x *ender) counted(r house.Record) {
	for _, p := range house.PicturesOf(r) {
		if s := string(p); !slices.Contains(x.hidden, s) {
			x.hidden = append(x.hidden, s)
			x.toll.Pictures++
		}
	}
	x.toll.Records++
	x.toll.Kinds[house.KindOf(r)]++
}

// rest deletes everything but people and what stays.
func (x *ender) rest(ctx context.Context) error {
	for _, k := range house.Kinds() {
		if stays(k) || slices.Contains(people, k) {
			continue
		}
		all, err := x.edit.tx.All(ctx, k)
		if err != nil {
			return err
		}
		for _, r := range all {
			x.counted(r)
			if err := x.edit.Delete(ctx, k, house.KeyOf(r)); err != nil {
				return err
			}
		}
	}
	return nil
}

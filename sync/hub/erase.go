package hub

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// Flow, somebody is forgotten:
//
//	one transaction, under the lock of the whole system
//	  records    what mentions them, by the tags of package house; then their own
//	  lists      struck out, others move up; or a number in their place
//	  boards     made again: deletions go to the screens like any change
//	  pictures   that nobody refers to any more
//	  ledger     a pseudonym, so that no backup brings them back
//	  audit      what was done stays, with the pseudonym in place of the ID
//	then, in this order
//	  the ledger's file, beside the database
//	  store.Scrub   the bytes of what was deleted
//	  search        is anything left? Looked for, not believed.
//	  certificate   signed; the screens that confirm are added as they do

// An Erasing says who is to be forgotten, and how far.
type Erasing struct {
	Person house.ID
	Level  store.Level
	Dry    bool // say what would happen, and do nothing
}

// A Ref names a record.
type Ref struct {
	Kind house.Kind `json:"kind"`
	ID   house.ID   `json:"id"`
}

// A Toll is what it takes, or would take, to forget somebody.
type Toll struct {
	Kind     house.Kind // what they are
	Deleted  []Ref      // records that go: their own, their bookings, documents that were theirs alone
	Changed  []Ref      // records that mention them no longer
	Mentions int        // in those
	Lists    int        // activities and meals whose list they were on
	Pictures int        // that go, since nobody else refers to them
	Boards   int        // that show something else now
	Screens  []string   // that have to confirm it
	// Named are records of others whose words spell a name of theirs. Whether it is
	// them who is meant, a person has to say: these are left as they are.
	Named []Ref
}

// An Erased is somebody who was forgotten.
type Erased struct {
	Toll
	ID string // of the erasure; "" where nothing was done
	// Left is how often their ID or something that says who they were was found
	// afterwards, where it may not be. It is 0.
	Left int
}

// errDry ends a transaction that was only to show what it would do.
var errDry = errors.New("nothing is done")

// Erase forgets somebody, a resident, a member of staff or a relative, in every
// department at once. At level [store.Anonymised] a number stays in the lists they
// were on, under a new ID that nothing leads back from; of a relative there is no
// number to keep. The hub's ledger keeps that it was done, and
// [Hub.ErasureCertificate] says so to others.
func (h *Hub) Erase(ctx context.Context, by store.Actor, x Erasing) (Erased, error) {
	by.At = h.now()
	e := eraser{Erasing: x, id: hex.EncodeToString(random(16)), action: string(x.Level)}
	if err := h.erase(ctx, by, &e); err != nil && !errors.Is(err, errDry) {
		return Erased{}, fmt.Errorf("%s %s: %w", x.Level, x.Person, err)
	}
	out := Erased{Toll: e.toll}
	if x.Dry {
		return out, h.store.Update(ctx, by, func(tx store.Tx) error {
			return tx.NoteOf(ctx, "plan "+e.action, e.toll.Kind, x.Person)
		})
	}
	out.ID = e.id
	h.announce(e.edit)
	var err error
	if out.Left, err = h.settleErasure(ctx, by, &e); err != nil {
		return out, fmt.Errorf("%s %s is done, but: %w", x.Level, x.Person, err)
	}
	return out, nil
}

// settleErasure does what follows the transaction.
func (h *Hub) settleErasure(ctx context.Context, by store.Actor, e *eraser) (left int, err error) {
	if err := h.keepLedger(ctx); err != nil {
		return 0, err
	}
	if err := scrub(ctx, h.store); err != nil {
		return 0, err
	}
	found, err := h.seek(ctx, by.Org, e)
	if err == nil {
		err = h.certify(ctx, by, e, found)
	}
	return found.Left, err
}

// scrub makes the files of a store forget what was deleted.
func scrub(ctx context.Context, s store.Store) error {
	if s, ok := s.(store.Scrubber); ok {
		return s.Scrub(ctx)
	}
	return errors.New("this store cannot make its files forget")
}

// erase is the transaction.
func (h *Hub) erase(ctx context.Context, by store.Actor, e *eraser) error {
	return h.store.Update(ctx, by, func(tx store.Tx) error {
		if err := tx.Lock(ctx); err != nil {
			return err
		}
		e.begin(newEdit(tx, by))
		if err := e.forget(ctx); err != nil {
			return err
		}
		if err := e.edit.finish(ctx); err != nil {
			return err
		}
		if err := e.count(ctx); err != nil || e.Dry {
			return errors.Join(err, errDry)
		}
		return e.sign(ctx)
	})
}

// An eraser forgets one person in one transaction. Running it again starts over.
type eraser struct {
	Erasing
	id     string // of the erasure
	action string // in the audit
	replay bool   // the ledger has it already

	edit     *Edit
	toll     Toll
	record   house.Record
	values   []string // that say who they were
	pictures []house.Picture
	number   house.ID // in their place, or ""
}

func (e *eraser) begin(edit *Edit) {
	e.edit, e.toll, e.record, e.values, e.pictures, e.number = edit, Toll{}, nil, nil, nil, ""
}

// errNobody is returned for somebody who is not there.
var errNobody = fmt.Errorf("nobody has that ID: %w", store.ErrNotFound)

// ErrErased is returned for a record of somebody who was erased: their ID is nobody
// else's, or restoring a backup would erase who has it then.
var ErrErased = errors.New("whoever had this ID was erased or anonymised; give another")

// refuseErased returns [ErrErased] when one of these IDs was an erased person's.
func refuseErased(ctx context.Context, tx store.Tx, ids ...house.ID) error {
	all, err := tx.Erasures(ctx)
	if err != nil || len(all) == 0 {
		return err
	}
	key, err := tx.Pseudonyms(ctx)
	if err != nil {
		return err
	}
	return amongErased(key, all, ids)
}

// amongErased returns [ErrErased] when one of ids is of these.
func amongErased(key store.PseudonymKey, all []store.Erasure, ids []house.ID) error {
	gone := map[string]bool{}
	for _, e := range all {
		gone[e.Pseudonym] = true
	}
	for _, id := range ids {
		if gone[key.Of(string(id))] {
			return fmt.Errorf("%s: %w", id, ErrErased)
		}
	}
	return nil
}

// people are the kinds of records that are somebody.
var people = []house.Kind{house.KindResident, house.KindStaff, house.KindRelative, house.KindFormer}

// find returns the record of a person, or errNobody.
func find(ctx context.Context, v store.View, id house.ID) (house.Record, error) {
	for _, k := range people {
		r, err := v.Get(ctx, k, id)
		if err == nil || !errors.Is(err, store.ErrNotFound) {
			return r, err
		}
	}
	return nil, errNobody
}

// forget takes them out of everything.
func (e *eraser) forget(ctx context.Context) (err error) {
	if e.record, err = find(ctx, e.edit.tx, e.Person); err != nil {
		return err
	}
	e.toll.Kind = house.KindOf(e.record)
	e.values = house.Values(e.record)
	e.pictures = house.PicturesOf(e.record)
	if e.toll.Kind == house.KindStaff {
		accounts, err := accountsOf(ctx, e.edit.tx, e.Person)
		if err != nil {
			return err
		}
		for _, a := range accounts { // deleted with the record
			for _, v := range []string{a.Login.Reveal(), a.Name.Reveal()} {
				if v != "" && !slices.Contains(e.values, v) {
					e.values = append(e.values, v)
				}
			}
		}
	}
	var former *house.Former
	if e.Level == store.Anonymised {
		if former = formerOf(e.record, house.DayOf(e.edit.now)); former == nil {
			return fmt.Errorf("of a %s there is no number to keep; erase them", e.toll.Kind)
		}
		e.number = former.ID
	}
	if err := e.lists(ctx); err != nil {
		return err
	}
	if err := e.mentions(ctx); err != nil {
		return err
	}
	if err := e.edit.Delete(ctx, e.toll.Kind, e.Person); err != nil {
		return err
	}
	e.toll.Deleted = append(e.toll.Deleted, Ref{e.toll.Kind, e.Person})
	e.edit.withdraw(e.Person, string(e.Level))
	if former != nil {
		return e.edit.Put(ctx, former)
	}
	return nil
}

// formerOf returns the number that is left of somebody, or nil. Its ID is new:
// theirs stands in files and heads.
func formerOf(r house.Record, today house.Day) *house.Former {
	f := &house.Former{
		ID: house.ID("former-" + hex.EncodeToString(random(8))), Lifecycle: house.Anonymised, On: today,
		Label: record.Text{record.Danish: "Tidligere", record.Bokmal: "Tidligere", record.English: "Former"},
	}
	switch r := r.(type) {
	case *house.Resident:
		f.Department = r.Department
	case *house.Staff:
		f.Department = r.Departments[0]
	default:
		return nil
	}
	return f
}

// lists takes them off every list, or puts the number in their place.
func (e *eraser) lists(ctx context.Context) error {
	lists, err := e.edit.tx.ListsOf(ctx, e.Person)
	if err != nil {
		return err
	}
	e.toll.Lists = len(lists)
	for _, l := range lists {
		if e.number == "" {
			err = e.edit.strike(ctx, l, e.Person)
		} else {
			err = e.rename(ctx, l)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rename puts the number in their place on a list: as they came, as they were.
func (e *eraser) rename(ctx context.Context, l house.List) error {
	if _, err := e.edit.list(ctx, l); err != nil {
		return err
	}
	places, err := e.edit.tx.Places(ctx, l)
	if err != nil {
		return err
	}
	for _, p := range places {
		if p.Person != e.Person {
			continue
		}
		if err := e.edit.tx.DeletePlace(ctx, l, e.Person); err != nil {
			return err
		}
		p.Person = e.number
		return e.edit.tx.PutPlace(ctx, l, p)
	}
	return nil
}

// mentions takes them out of every record that is not their own.
func (e *eraser) mentions(ctx context.Context) error {
	for _, k := range house.Kinds() {
		names := e.values
		if slices.Contains(people, k) { // namesakes are not looked at
			names = nil
		}
		all, err := e.edit.tx.Saying(ctx, k, e.Person, names...)
		if err != nil {
			return err
		}
		for _, r := range all {
			if k == e.toll.Kind && house.KeyOf(r) == e.Person {
				continue
			}
			if err := e.mention(ctx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *eraser) mention(ctx context.Context, r house.Record) error {
	ref := Ref{house.KindOf(r), house.KeyOf(r)}
	shown := house.PicturesOf(r)
	n, gone := house.Replace(r, e.Person, e.number)
	e.toll.Mentions += n
	switch {
	case n == 0:
	case gone:
		e.toll.Deleted = append(e.toll.Deleted, ref)
		e.pictures = append(e.pictures, shown...)
		return e.edit.Delete(ctx, ref.Kind, ref.ID)
	default:
		e.toll.Changed = append(e.toll.Changed, ref)
		kept := house.PicturesOf(r)
		e.pictures = append(e.pictures, slices.DeleteFunc(shown, func(p house.Picture) bool { return slices.Contains(kept, p) })...)
		return e.edit.Put(ctx, r)
	}
	if !slices.Contains(people, ref.Kind) && spells(r, e.values) {
		e.toll.Named = append(e.toll.Named, ref)
	}
	return nil
}

// count notes what the transaction came to.
func (e *eraser) count(ctx context.Context) error {
	left, err := e.edit.tx.Pictures(ctx, e.pictures)
	e.pictures = slices.DeleteFunc(e.pictures, func(p house.Picture) bool { return left[p] != "" })
	e.toll.Pictures, e.toll.Boards = len(e.pictures), len(e.edit.moved)
	if err != nil {
		return err
	}
	devices, err := e.edit.tx.Devices(ctx)
	for _, d := range devices {
		if slices.ContainsFunc(e.edit.moved, func(m move) bool { return m.board == d.Board }) {
			e.toll.Screens = append(e.toll.Screens, d.ID)
		}
	}
	return err
}

// sign puts the erasure into ledger and audit.
func (e *eraser) sign(ctx context.Context) error {
	tx := e.edit.tx
	if err := tx.NoteOf(ctx, e.action, e.toll.Kind, e.Person); err != nil {
		return err
	}
	if !e.replay {
		key, err := tx.Pseudonyms(ctx)
		if err != nil {
			return err
		}
		entry := store.Erasure{ID: e.id, Pseudonym: key.Of(string(e.Person)), Level: e.Level, At: e.edit.now}
		if err := tx.PutErasure(ctx, entry); err != nil {
			return err
		}
	}
	ids := []string{string(e.Person)}
	for _, p := range e.pictures {
		ids = append(ids, string(p))
	}
	return tx.Pseudonymise(ctx, ids...)
}

// spells reports whether a record holds one of these as words of their own. The
// number of a door is no word.
func spells(r house.Record, values []string) bool {
	for _, text := range house.Strings(r) {
		if slices.ContainsFunc(values, func(v string) bool { return strings.ContainsFunc(v, unicode.IsLetter) && spelled(text, v) }) {
			return true
		}
	}
	return false
}

// spelled reports whether a value stands in a text with no letter or digit beside
// it.
func spelled(text, value string) bool {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for from := 0; ; {
		i := strings.Index(text[from:], value)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(value):])
		if !word(before) && !word(after) {
			return true
		}
		from = i + 1
	}
}

// A Found is what was looked for after an erasure, and where.
type Found struct {
	Values  int   `json:"values"`  // that say who they were; their ID is one
	Texts   int   `json:"texts"`   // of records, lists, boards, the audit
	Bytes   int64 `json:"bytes"`   // of the files of the database; 0: it has none here
	Skipped int   `json:"skipped"` // values that others share, or too short to be looked for among bytes
	Left    int   `json:"left"`    // how often one was found where it may not be
	Named   int   `json:"named"`   // records of others whose words spell one; see the toll
}

// seek looks for everything that said who somebody was: in every record, list,
// board and audit line, and in the bytes of the database.
func (h *Hub) seek(ctx context.Context, org house.ID, e *eraser) (f Found, err error) {
	by := store.Actor{Org: org, Kind: store.ByHub, ID: "erasure", At: h.now()}
	s := seeker{id: e.Person, values: e.values, shared: map[string]bool{}}
	err = h.store.View(ctx, by, func(v store.View) error {
		s.texts, s.left = 0, 0
		return errors.Join(s.records(ctx, v), s.boards(ctx, v), s.past(ctx, v))
	})
	f = Found{Values: len(e.values) + 1, Texts: s.texts, Left: s.left, Named: len(e.toll.Named)}
	if err != nil || h.opt.Search == nil {
		return f, err
	}
	var values []string
	for _, v := range append(slices.Clone(e.values), string(e.Person)) {
		if len(v) < shortestSearched || s.shared[v] {
			f.Skipped++
			continue
		}
		values = append(values, v)
		if stored := house.Spelled(v); stored != v {
			values = append(values, stored)
		}
	}
	n, bytes, err := h.opt.Search(ctx, values)
	f.Bytes, f.Left = bytes, f.Left+n
	return f, err
}

// shortestSearched is how many bytes a value needs to be looked for among bytes
// that may be anything: four stand in 4 MB by chance once in a thousand.
const shortestSearched = 5

// A seeker looks for one person.
type seeker struct {
	id          house.ID
	values      []string
	texts, left int
	shared      map[string]bool // values that stand in somebody else's records
}

// see looks at the ID of whoever something is about.
func (s *seeker) see(id string) {
	s.texts++
	if id == string(s.id) {
		s.left++
	}
}

func (s *seeker) records(ctx context.Context, v store.View) error {
	for _, k := range house.Kinds() {
		all, err := v.All(ctx, k)
		if err != nil {
			return err
		}
		for _, r := range all {
			s.record(r)
			if _, ok := r.(house.Lister); !ok {
				continue
			}
			places, err := v.Places(ctx, house.List{Kind: k, ID: house.KeyOf(r)})
			if err != nil {
				return err
			}
			for _, p := range places {
				s.see(string(p.Person))
			}
		}
	}
	return nil
}

func (s *seeker) record(r house.Record) {
	texts := house.Strings(r)
	for _, value := range s.values {
		s.shared[value] = s.shared[value] || slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, value) })
	}
	s.texts += len(texts)
	n, _ := house.Replace(r, s.id, "")
	s.left += n
}

// boards looks at what every row about somebody stands for, told as deleted or
// not.
func (s *seeker) boards(ctx context.Context, v store.View) error {
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
			if k.Kind != record.KindPerson {
				continue
			}
			src, _, err := v.Source(ctx, b.ID, k)
			if err != nil {
				return err
			}
			s.see(string(src))
		}
	}
	return nil
}

// past looks at what is kept of what was done.
func (s *seeker) past(ctx context.Context, v store.View) error {
	list, err := v.Withdrawals(ctx, "")
	if err != nil {
		return err
	}
	for _, w := range list {
		s.see(string(w.Person))
	}
	return v.Lines(ctx, "", func(l store.Line) error {
		if slices.Contains(people, house.Kind(l.Kind)) {
			s.see(l.ID)
		}
		s.see(l.Actor)
		s.see(string(l.Person))
		return nil
	})
}

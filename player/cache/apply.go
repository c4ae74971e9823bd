package cache

// Flow, a change on its way to the glass (the fourth hop; the third is
// sync/session/device.go, the fifth player/run.go):
//
//	Apply(ops, position)
//	  1 keyring    without the keys of whoever changed or went, epoch + 1: durable
//	  2 bbolt      rows and position, one transaction: durable
//	  3 mark       this epoch is settled
//	  → Facts      the next value; → Changed
//
// Whoever is taken back is unreadable from step 1 on, wherever the power goes
// in between: a start finds rows without keys, drops them, and has the board
// sent again. A change that takes nobody back is step 2 alone.

import (
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Apply stores ops and the position they lead to, together or not at all. With
// replace, every row and photo not among them is erased. It is durable when it
// returns.
//
// A person whose row changes gets a new key: what the old row said, a name that
// gave way to an alias, goes with the old one.
//
// On an error the board is what it was, except that those who should have been
// taken back may be gone already; then there is no position any more, and the
// session must be told ([Cache.Stored]). [ErrDiskFull] among the errors.
func (c *Cache) Apply(ops []record.Op, at record.Position, replace bool) error {
	s := &c.state
	s.Lock()
	defer s.Unlock()
	if s.db == nil {
		return ErrClosed
	}
	p, err := c.plan(ops, at, replace)
	if err != nil {
		return fmt.Errorf("apply %s: %w", at, err)
	}
	if err := c.perform(p); err != nil {
		return fmt.Errorf("apply %s: %w", at, diskErr(err))
	}
	c.wake()
	return nil
}

// A plan is what an Apply comes to.
type plan struct {
	at      record.Position
	replace bool
	put     []record.Row             // new or different
	remove  []record.Key             // there now
	rows    map[record.Key]uint64    // with replace: all rows; else those put
	facts   *record.Facts            // afterwards
	keys    *seal.Keyring            // afterwards; nil: as now
	gone    []seal.Key               // keys that end
	photos  map[record.AssetID]photo // afterwards; nil: as now
	unblob  []seal.Opaque            // photo files that go
}

func (c *Cache) plan(ops []record.Op, at record.Position, replace bool) (*plan, error) {
	if at.IsZero() {
		return nil, errors.New("no position")
	}
	p := &plan{at: at, replace: replace, rows: map[record.Key]uint64{}}
	if err := c.planRows(p, ops); err != nil {
		return nil, err
	}
	if err := c.planPeople(p); err != nil {
		return nil, err
	}
	if err := c.planPhotos(p); err != nil {
		return nil, err
	}
	return p, nil
}

// planRows finds what really changes, and checks that it adds up.
func (c *Cache) planRows(p *plan, ops []record.Op) error {
	now := c.state.board
	last := make(map[record.Key]int, len(ops)) // the last op of a row decides
	for i, op := range ops {
		last[op.Key] = i
	}
	sum, count := now.meta.Sum, len(now.rows)
	base := now.facts
	if p.replace {
		sum, count, base = 0, 0, nil
		for k := range now.rows {
			if i, ok := last[k]; !ok || ops[i].Delete {
				p.remove = append(p.remove, k)
			}
		}
	}
	changes := make([]record.Change, 0, len(last))
	for i, op := range ops {
		if last[op.Key] != i {
			continue
		}
		old, had := now.rows[op.Key]
		if had && !p.replace {
			sum, count = sum.Sub(old), count-1
		}
		if op.Delete {
			if had && !p.replace {
				p.remove = append(p.remove, op.Key)
				changes = append(changes, record.Change{Key: op.Key})
			}
			continue
		}
		h := op.Hash()
		sum, count = sum.Add(h), count+1
		p.rows[op.Key] = h
		if !had || old != h {
			p.put = append(p.put, op.Row)
		}
		if p.replace || !had || old != h {
			changes = append(changes, decode(op.Row, c.log))
		}
	}
	if count > wire.MaxRows {
		return fmt.Errorf("%d rows, want at most %d", count, wire.MaxRows)
	}
	if sum != p.at.Sum {
		return fmt.Errorf("rows add up to %s, want %s", sum, p.at.Sum)
	}
	p.facts = base.With(p.at, changes)
	return nil
}

// planPeople gives everybody who changes a new key and takes away the keys of
// whoever goes.
func (c *Cache) planPeople(p *plan) error {
	now := c.state.board
	for _, r := range p.put {
		if r.Kind != record.KindPerson {
			continue
		}
		keys := c.editKeys(p)
		name := spotOf(keys, r.Key).name
		if _, had := now.rows[r.Key]; had {
			p.drop(keys.People, name)
		}
		if keys.People[name].IsZero() {
			var err error
			if keys.People[name], err = seal.NewKey(c.opt.Rand); err != nil {
				return err
			}
		}
	}
	for _, k := range p.remove {
		if k.Kind == record.KindPerson {
			keys := c.editKeys(p)
			p.drop(keys.People, spotOf(keys, k).name)
		}
	}
	return nil
}

// planPhotos gives every picture that is new on the board a key and takes away
// the keys of those nothing refers to any more.
func (c *Cache) planPhotos(p *plan) error {
	refs := p.facts.Assets()
	c.photos.RLock()
	defer c.photos.RUnlock()
	now := c.photos.refs
	next := make(map[record.AssetID]photo, len(refs))
	same := len(refs) == len(now)
	for id := range refs {
		ph, had := now[id]
		if !had {
			same = false
			keys := c.editKeys(p)
			ph.place = blobPlace(keys, id)
			if keys.Photos[ph.place.Name].IsZero() {
				var err error
				if keys.Photos[ph.place.Name], err = seal.NewKey(c.opt.Rand); err != nil {
					return err
				}
			}
			ph.key = keys.Photos[ph.place.Name]
		}
		next[id] = ph
	}
	if same {
		return nil
	}
	p.photos = next
	for id, ph := range now {
		if !refs[id] {
			p.drop(c.editKeys(p).Photos, ph.place.Name)
			p.unblob = append(p.unblob, ph.place.Name)
		}
	}
	return nil
}

// editKeys returns the keyring of afterwards, to be changed.
func (c *Cache) editKeys(p *plan) *seal.Keyring {
	if p.keys == nil {
		p.keys = c.state.keys.Clone()
	}
	return p.keys
}

// drop takes a key away. Whatever it sealed is taken back.
func (p *plan) drop(keys map[seal.Opaque]seal.Key, name seal.Opaque) {
	if key, ok := keys[name]; ok {
		p.gone = append(p.gone, key)
		delete(keys, name)
	}
}

func (c *Cache) perform(p *plan) error {
	s := &c.state
	if p.keys != nil {
		if len(p.gone) > 0 {
			p.keys.Epoch++
		}
		if err := c.step("before keyring"); err != nil {
			return err
		}
		if err := c.saveKeys(p.keys, s.board.meta.Count); err != nil {
			return err
		}
		c.adopt(p.keys, p.gone)
	}
	err := c.step("before commit")
	var m meta
	if err == nil {
		m, err = c.commit(p)
	}
	if err == nil {
		err = c.step("after commit")
	}
	if err != nil {
		c.salvage()
		return err
	}
	c.epochSettled(m.Epoch)
	c.show(p, m)
	return nil
}

// commit writes rows and meta in one transaction.
func (c *Cache) commit(p *plan) (meta, error) {
	s := &c.state
	w := writer{keys: s.keys, random: c.opt.Rand, meta: s.board.meta}
	w.meta.Count++
	w.meta.Epoch = s.keys.Epoch
	w.meta.State = stateOK
	w.meta.setAt(p.at)
	err := s.db.Update(func(tx *bolt.Tx) error {
		w.tx = tx
		if p.replace {
			keep := make(map[spot]bool, len(p.rows))
			for k := range p.rows {
				keep[spotOf(s.keys, k)] = true
			}
			if err := w.keepOnly(keep); err != nil {
				return err
			}
		}
		for _, k := range p.remove {
			if err := w.remove(spotOf(s.keys, k)); err != nil {
				return err
			}
		}
		for _, r := range p.put {
			if err := w.put(r); err != nil {
				return err
			}
		}
		if err := w.putMeta(); err != nil {
			return err
		}
		return c.step("in commit")
	})
	return w.meta, err
}

// salvage finds out what is true after a commit that failed: bbolt is asked
// again, as after a start, so that what is shown is what a start would show.
func (c *Cache) salvage() {
	err := c.reload()
	var why refusal
	if errors.As(err, &why) {
		c.log.Warn("cache set aside", "reason", string(why), "error", err)
		err = c.rebuildNow()
	}
	if err != nil {
		c.log.Error("board lost after a failed commit", "error", err)
		_ = c.closeBoard()
		c.facts.Store(&record.Facts{})
	}
}

// show makes the plan what is shown.
func (c *Cache) show(p *plan, m meta) {
	b := &c.state.board
	b.meta, b.facts = m, p.facts
	if p.replace {
		b.rows = p.rows
	} else {
		for _, k := range p.remove {
			delete(b.rows, k)
		}
		for k, h := range p.rows {
			b.rows[k] = h
		}
	}
	if p.photos != nil {
		c.photos.Lock()
		for id, ph := range p.photos { // one may have arrived meanwhile
			ph.here = c.photos.refs[id].here
			p.photos[id] = ph
		}
		c.photos.refs = p.photos
		c.photos.Unlock()
		c.removeBlobs(p.unblob)
	}
	c.facts.Store(p.facts)
}

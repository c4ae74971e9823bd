package cache

// Flow, a change on its way to the glass (the fourth hop; the third is
// sync/session/device.go, the fifth player/run.go):
//
//	Apply(ops, position)
//	  1 keyring    without the keys of whoever changed or went, epoch + 1: durable
//	  2 bbolt      rows and position, one transaction: durable
//	  3 mark       this epoch is settled
//	  → Facts      the next value; → Changed
//	4 renewal    of what else is no longer said, where anybody went: renew.go
//
// Whoever is taken back is unreadable from step 1 on, wherever the power goes
// in between: a start finds rows without keys, drops them, and has the board
// sent again. A change that takes nobody back is step 2 alone.

import (
	"errors"
	"fmt"
	"maps"

	bolt "go.etcd.io/bbolt"

	"tavle/sync/record"
)

// Apply stores ops and the position they lead to, together or not at all. With
// replace, every row and photo not among them is erased. It is durable when it
// returns.
//
// A person whose row changes gets a new key: what the old row said, a name that
// gave way to an alias, goes with the old one.
//
// On an error the board is what it was, less those who should have been taken
// back: they are gone even when the disk takes nothing any more. Then there is
// no position, and the session must be told ([Cache.Stored]). [ErrDiskFull] is
// among the errors.
func (c *Cache) Apply(ops []record.Op, at record.Position, replace bool) error {
	s := &c.state
	s.Lock()
	defer s.Unlock()
	switch {
	case s.keys == nil:
		return ErrClosed
	case s.db == nil: // a rebuild that failed on the way
		if err := c.rebuildNow(); err != nil {
			return fmt.Errorf("apply %s: %w", at, diskErr(err))
		}
	}
	p, err := c.plan(ops, at, replace)
	if err != nil {
		return fmt.Errorf("apply %s: %w", at, err)
	}
	if err := c.perform(p); err != nil {
		return fmt.Errorf("apply %s: %w", at, diskErr(err))
	}
	c.wake()
	if len(p.gone) > 0 {
		c.tryRenew()
	}
	return nil
}

// perform carries a plan out, step by step.
func (c *Cache) perform(p *plan) error {
	s := &c.state
	if p.keys != nil {
		if len(p.gone) > 0 {
			p.keys.Epoch++
		}
		err := c.step("before keyring")
		if err == nil {
			err = c.saveKeys(p.keys, s.board.meta.Count)
		}
		if err != nil {
			c.hide(p)
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
	if why, ok := errors.AsType[refusal](err); ok {
		c.log.Warn("cache set aside", "reason", string(why), "error", err)
		err = c.rebuildNow()
	}
	if err != nil {
		c.log.Error("board lost after a failed commit", "error", err)
		c.closeFile() // the next Apply begins anew
		c.facts.Store(&record.Facts{})
	}
}

// hide takes off the glass whoever the plan takes back, when the disk takes
// nothing any more, not even a keyring: a card that went read-only must not keep
// anybody in view. It lasts until the process ends; the position is dropped, so
// that the hub says it all again, here and after the next start.
func (c *Cache) hide(p *plan) {
	if len(p.gone) == 0 {
		return
	}
	b := &c.state.board
	var changes []record.Change
	gone := append([]record.Key(nil), p.remove...)
	for _, r := range p.put {
		gone = append(gone, r.Key)
	}
	for _, k := range gone {
		if _, had := b.rows[k]; had && k.Kind == record.KindPerson {
			changes = append(changes, record.Change{Key: k})
			delete(b.rows, k)
		}
	}
	b.meta.setAt(record.Position{})
	b.meta.State = stateRebuilt
	b.facts = b.facts.With(record.Position{}, changes)
	if p.photos != nil {
		c.photos.Lock()
		for id := range c.photos.refs {
			if _, stays := p.photos[id]; !stays {
				delete(c.photos.refs, id)
			}
		}
		c.photos.Unlock()
		c.removeBlobs(p.unblob)
	}
	c.facts.Store(b.facts)
	c.wake()
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
		maps.Copy(b.rows, p.rows)
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

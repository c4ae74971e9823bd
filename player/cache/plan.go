package cache

import (
	"errors"
	"fmt"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/wire"
)

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

// plan works out what ops come to. It changes nothing.
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
	if replace {
		return p, c.planRest(p)
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

// planPeople gives everybody who comes or changes a new key and takes away the
// keys of whoever goes.
func (c *Cache) planPeople(p *plan) error {
	for _, r := range p.put {
		if r.Kind != record.KindPerson {
			continue
		}
		keys := c.editKeys(p)
		name := spotOf(keys, r.Key).name
		p.drop(keys.People, name)
		var err error
		if keys.People[name], err = seal.NewKey(c.opt.Rand); err != nil {
			return err
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

// planRest takes away what is in the keyring for other reasons, such as a change
// that could not be completed: with a whole board at hand, whatever it does not
// need goes.
func (c *Cache) planRest(p *plan) error {
	keys := c.state.keys.Clone()
	if p.keys != nil {
		keys = p.keys
	}
	gone, added, err := fit(keys, &board{rows: p.rows, facts: p.facts}, c.opt.Rand)
	if len(gone) > 0 || added {
		p.keys, p.gone = keys, append(p.gone, gone...)
	}
	return err
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

package cache

import (
	"io"

	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
	"tavle/sync/record"
)

// reload reads the board from the open file, as a start would: after a start,
// and after a commit that failed. What cannot be read, or must not be, is
// dropped for good.
func (c *Cache) reload() error {
	var b board
	var lost []spot
	err := c.state.db.View(func(tx *bolt.Tx) error {
		var err error
		b, lost, err = load(tx, c.state.keys, c.mark.value().Settled, c.log)
		return err
	})
	if err != nil {
		return err
	}
	if err := c.mend(&b, lost); err != nil {
		c.log.Warn("board could not be mended on disk", "error", diskErr(err))
	}
	c.epochSettled(min(b.meta.Epoch, c.state.keys.Epoch))
	c.publish(b)
	return nil
}

// mend makes keyring and file fit b, where they do not: keys nobody on the
// board has go, the epoch is the higher one of both, lost rows and the position
// are taken out of the file.
func (c *Cache) mend(b *board, lost []spot) error {
	keys := c.state.keys.Clone()
	gone, added, err := fit(keys, b, c.opt.Rand)
	if err != nil {
		return err
	}
	keys.Epoch = max(keys.Epoch, b.meta.Epoch)
	if len(gone) > 0 || added || keys.Epoch != c.state.keys.Epoch {
		if err := c.saveKeys(keys, b.meta.Count); err != nil {
			return err
		}
		c.adopt(keys, gone)
	}
	if len(lost) == 0 && b.meta.Epoch == keys.Epoch {
		return nil
	}
	c.log.Warn("board is not whole", "rows_lost", len(lost), "rows_left", len(b.rows),
		"epoch", b.meta.Epoch, "keyring_epoch", keys.Epoch)
	m := b.meta
	m.Count++
	m.Epoch = keys.Epoch
	err = c.state.db.Update(func(tx *bolt.Tx) error {
		w := writer{tx: tx, keys: keys, random: c.opt.Rand, meta: m}
		for _, s := range lost {
			if err := w.remove(s); err != nil {
				return err
			}
		}
		m = w.meta
		return w.putMeta()
	})
	if err == nil {
		b.meta = m
	}
	return err
}

// adopt makes keys the keyring in memory and ends those that went.
func (c *Cache) adopt(keys *seal.Keyring, gone []seal.Key) {
	c.state.keys = keys
	c.photos.Lock()
	defer c.photos.Unlock()
	for _, k := range gone {
		k.Destroy()
	}
}

// fit drops from keys what nobody on the board has, and adds what a photo of
// the board lacks.
func fit(keys *seal.Keyring, b *board, random io.Reader) (gone []seal.Key, added bool, err error) {
	used := map[seal.Opaque]bool{}
	for k := range b.rows {
		if k.Kind == record.KindPerson {
			used[spotOf(keys, k).name] = true
		}
	}
	gone = dropUnused(keys.People, used)
	clear(used)
	for id := range b.facts.Assets() {
		name := keys.Names.Opaque(blobs, string(id))
		used[name] = true
		if keys.Photos[name].IsZero() {
			if keys.Photos[name], err = seal.NewKey(random); err != nil {
				return nil, false, err
			}
			added = true
		}
	}
	return append(gone, dropUnused(keys.Photos, used)...), added, nil
}

func dropUnused(keys map[seal.Opaque]seal.Key, used map[seal.Opaque]bool) (gone []seal.Key) {
	for name, key := range keys {
		if !used[name] {
			gone = append(gone, key)
			delete(keys, name)
		}
	}
	return gone
}

// publish makes b what is shown.
func (c *Cache) publish(b board) {
	c.state.board = b
	c.findPhotos(b.facts)
	c.facts.Store(b.facts)
	c.wake()
}

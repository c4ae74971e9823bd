package cache

// A row that is nobody's is sealed with a key derived from the common key. When
// it goes, or says something else, what it said before lies on in pages that
// bbolt has freed, and opens as long as the common key is there. So what was
// taken back is owed a new common key, and every row that stays a new file:
//
//	1 cache.db.<id of the new key>   the board as it is, sealed anew: durable
//	2 keyring                        with the new key in place of the old: durable
//	3 the new file becomes cache.db
//
// The keyring decides. A start takes the file that is named for the key it has
// and removes every other, so that after a cut there is the board before step 2
// or the same board after it, and the old key nowhere.

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
)

// renewFill is how full the pages of a new file are made: room for the next
// rows. Half empty, as bbolt leaves them by itself, 94 KB are 131.
const renewFill = 0.9

// Renew makes what the board no longer says unreadable, where that has not
// happened yet; otherwise it does nothing. It is called every hour: that is how
// long news that was taken back can be read by whoever has card and device
// secret. With a person who goes, and at a start, it happens at once.
//
// It writes the whole board, 0.1 MB for a house of 60 people and 150 rows and 0.7
// MB for one of 1,000 and 500, keyring included (BenchmarkRenew), and so not with
// every change of a list. On an error everything is as it was, and owed still.
func (c *Cache) Renew() error {
	c.state.Lock()
	defer c.state.Unlock()
	switch {
	case c.state.keys == nil:
		return ErrClosed
	case c.state.db == nil: // a rebuild failed; what follows it has new keys
		return nil
	}
	return c.renew()
}

// renew is Renew; the caller holds the state.
func (c *Cache) renew() error {
	if !c.state.board.meta.Owed {
		return nil
	}
	if err := c.moveBoard(); err != nil {
		return fmt.Errorf("renew: %w", diskErr(err))
	}
	return nil
}

// tryRenew is renew where there is something to go on with.
func (c *Cache) tryRenew() {
	if err := c.renew(); err != nil {
		c.log.Warn("what was taken back can still be read", "error", err)
	}
}

func (c *Cache) moveBoard() error {
	s := &c.state
	keys := s.keys.Clone()
	var err error
	if keys.Common, err = seal.NewKey(c.opt.Rand); err != nil {
		return err
	}
	path := c.renewedPath(keys)
	db, m, err := c.copyBoard(path, keys)
	if err == nil {
		err = c.step("copied")
	}
	if err == nil {
		err = c.saveKeys(keys, m.Count)
	}
	if err != nil {
		// Should the keyring be the new one after all, a start will find no file
		// for it, and ask for the board: better than one that goes on being read.
		if db != nil {
			_ = db.Close()
		}
		_ = os.Remove(path)
		keys.Common.Destroy()
		return err
	}
	c.adopt(keys, []seal.Key{s.keys.Common})
	c.closeFile()
	s.db, s.board.meta = db, m
	err = c.step("copy keyed")
	if err == nil {
		err = os.Rename(path, c.path(boardFile))
	}
	if err == nil {
		err = seal.SyncDir(c.opt.Dir)
	}
	if err != nil { // it is the board, under either name
		c.log.Warn("cache file keeps the name of its key", "error", err)
	}
	return nil
}

// copyBoard writes the board, as keys seal it, to a new file at path. The file
// is durable, and open, when it returns without an error.
func (c *Cache) copyBoard(path string, keys *seal.Keyring) (*bolt.DB, meta, error) {
	db, err := openBolt(path)
	if err != nil {
		return nil, meta{}, err
	}
	w := writer{keys: keys, random: c.opt.Rand, meta: c.state.board.meta}
	w.meta.Count++
	w.meta.Rows, w.meta.Set, w.meta.Owed = 0, fingerprint{}, false
	err = c.state.db.View(func(from *bolt.Tx) error {
		return db.Update(func(to *bolt.Tx) error {
			w.tx = to
			for _, letter := range rowBuckets {
				if err := w.copyRows(from, letter, c.state.keys); err != nil {
					return err
				}
			}
			return w.putMeta()
		})
	})
	if err == nil {
		err = seal.SyncDir(c.opt.Dir)
	}
	return db, w.meta, err
}

// copyRows copies one bucket: people as they are sealed, each with a key of
// their own, the rest from under the old keys.
func (w *writer) copyRows(from *bolt.Tx, letter byte, old *seal.Keyring) error {
	rows := from.Bucket([]byte{letter})
	if rows == nil {
		return nil
	}
	b, err := w.bucket(letter)
	if err != nil {
		return err
	}
	b.FillPercent = renewFill
	return rows.ForEach(func(name, box []byte) error {
		s, ok := spotAt(letter, name)
		if !ok {
			return fmt.Errorf("name of %d bytes", len(name))
		}
		if letter == others {
			if box, err = w.reseal(s, box, old); err != nil {
				return err // damaged since the start, or it would have been dropped: the next one drops it
			}
		}
		w.meta.Set.add(w.keys, s, box)
		w.meta.Rows++
		return b.Put(s.name[:], box)
	})
}

func (w *writer) reseal(s spot, box []byte, old *seal.Keyring) ([]byte, error) {
	was, is := s.key(old), s.key(w.keys)
	defer was.Destroy() // derived for this, both
	defer is.Destroy()
	plain, stamp, err := was.Open(s.place(old), box)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	return is.Seal(s.place(w.keys), stamp, plain, seal.PadRecord, w.random)
}

// renewedPath returns where the board lies between the steps, sealed by keys.
func (c *Cache) renewedPath(keys *seal.Keyring) string {
	return c.path(boardFile) + "." + keys.Common.ID().String()
}

// takeRenewed finishes what a cut left of a renewal, by what the keyring says.
func (c *Cache) takeRenewed() error {
	if path := c.renewedPath(c.state.keys); isFile(path) {
		if err := os.Rename(path, c.path(boardFile)); err != nil {
			return err
		}
		if err := seal.SyncDir(c.opt.Dir); err != nil {
			return err
		}
	}
	return c.dropRenewed()
}

// dropRenewed removes what a renewal left that came to nothing.
func (c *Cache) dropRenewed() error {
	for _, path := range c.files(func(name string) bool {
		return strings.HasPrefix(name, boardFile+".") && name != boardAside
	}) {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	return nil
}

func isFile(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}

package cache

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	bolt "go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"

	"tavle/player/seal"
	"tavle/sync/record"
)

// Open opens the cache in o.Dir, or makes one. It heals what it can:
//
//   - A cache file that is damaged, foreign or rolled back loses its keys and is
//     set aside; the board is empty and [session.Stored] says "rebuilt".
//   - Damaged rows and photos are dropped, the rest is shown; "rebuilt" as well.
//   - A keyring that is lost takes board and photos with it, not the outbox,
//     which holds its own key.
//   - A torn end of the outbox is cut off: it was never confirmed. A damaged
//     middle is skipped.
//   - Without the device secret nothing can be opened. The outbox is kept aside,
//     in case the secret comes back, and everything begins anew.
//   - A wipe that was cut off is finished.
//
// An error means that there is nothing to run with: the folder cannot be
// written, is open elsewhere ([ErrInUse]), or the device secret is refused.
func Open(o Options) (*Cache, error) {
	c := &Cache{opt: o.withDefaults(), changed: make(chan struct{}, 1)}
	c.log = c.opt.Log
	c.facts.Store(&record.Facts{})
	c.state.board = emptyBoard()
	if err := c.open(); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("open cache: %w", diskErr(err))
	}
	return c, nil
}

func (c *Cache) open() error {
	if err := os.MkdirAll(c.path(blobDir), 0o700); err != nil {
		return err
	}
	var err error
	if c.lock, err = takeLock(c.path(lockFile)); err != nil {
		return err
	}
	if _, err := os.Stat(c.path(wipingFile)); err == nil {
		c.log.Warn("wipe was cut off, finishing it")
		if err := c.destroyFiles(); err != nil {
			return err
		}
	}
	return c.start()
}

// start opens, or makes, every file. The caller has the folder locked.
func (c *Cache) start() error {
	c.dropTemps()
	secret, err := c.opt.Secret.Secret()
	if err != nil {
		return err
	}
	defer secret.Destroy()

	keys, err := seal.LoadKeyring(c.path(keyringFile), secret)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return err
	case err != nil:
		if !errors.Is(err, fs.ErrNotExist) {
			c.log.Warn("keyring does not open, beginning a new one", "error", err)
		}
		keys = nil
	}
	if err := c.openOutbox(keys, secret); err != nil {
		return err
	}
	c.takeBack(secret)
	if keys == nil {
		return c.begin(secret)
	}
	if !keys.Outbox.Equal(c.outbox.key) {
		keys.Outbox, keys.OutboxID = c.outbox.key.Copy(), c.outbox.id
		if err := keys.Save(c.path(keyringFile), c.opt.Rand); err != nil {
			return err
		}
	}
	c.state.keys = keys
	if err := c.openMark(); err != nil {
		return err
	}
	if _, err := os.Stat(c.path(boardFile)); errors.Is(err, fs.ErrNotExist) && keys.Base == 0 {
		return c.newBoard(stateEmpty) // the first start was cut off in between
	}
	err = c.openBoard()
	var why refusal
	if errors.As(err, &why) {
		c.log.Warn("cache set aside", "reason", string(why), "error", err)
		return c.rebuild(secret)
	}
	return err
}

// begin makes everything that hangs on a keyring, when there is none. A board
// that is there cannot be opened any more.
func (c *Cache) begin(secret seal.Key) error {
	state := stateEmpty
	if _, err := os.Stat(c.path(boardFile)); err == nil {
		state = stateRebuilt
	}
	keys, err := seal.NewKeyring(secret, c.opt.Rand)
	if err != nil {
		return err
	}
	if state == stateRebuilt {
		keys.Base = 1
	}
	if err := c.replaceKeys(keys); err != nil {
		return err
	}
	if err := c.openMark(); err != nil {
		return err
	}
	return c.newBoard(state)
}

// rebuild drops the keys of board and photos, sets the file aside, and begins
// an empty board. Outbox, lease and clock stay.
func (c *Cache) rebuild(secret seal.Key) error {
	old := c.state.keys
	keys, err := seal.NewKeyring(secret, c.opt.Rand)
	if err != nil {
		return err
	}
	keys.Mark.Destroy()
	keys.Mark = old.Mark
	keys.Epoch = max(old.Epoch, c.mark.value().Settled) + 1
	keys.Base = 1
	if err := c.replaceKeys(keys); err != nil {
		return err
	}
	c.photos.Lock()
	c.photos.refs = nil
	old.DestroyCache()
	c.photos.Unlock()
	return c.newBoard(stateRebuilt)
}

// replaceKeys makes keys the keyring: from here on nothing that was sealed
// before opens, the outbox apart. On a full disk what is about to be thrown
// away makes room.
func (c *Cache) replaceKeys(keys *seal.Keyring) error {
	keys.Outbox, keys.OutboxID = c.outbox.key.Copy(), c.outbox.id
	err := c.saveKeys(keys, keys.Base)
	if errors.Is(err, ErrDiskFull) {
		c.closeFile()
		err = errors.Join(os.RemoveAll(c.path(boardFile)), os.RemoveAll(c.path(blobDir)))
		if err == nil {
			err = c.saveKeys(keys, keys.Base)
		}
	}
	if err != nil {
		return err
	}
	c.state.keys = keys
	return nil
}

func (c *Cache) closeFile() {
	if c.state.db != nil {
		_ = c.state.db.Close()
		c.state.db = nil
	}
}

// newBoard sets aside whatever cache file is there and makes an empty one.
func (c *Cache) newBoard(state string) error {
	c.closeFile()
	if err := c.step("set aside"); err != nil {
		return err
	}
	if err := os.Rename(c.path(boardFile), c.path(boardAside)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := c.clearBlobs(); err != nil {
		return err
	}
	if err := c.openFile(); err != nil {
		return err
	}
	b := emptyBoard()
	b.meta = meta{Count: 1, Epoch: c.state.keys.Epoch, State: state}
	err := c.state.db.Update(func(tx *bolt.Tx) error {
		w := writer{tx: tx, keys: c.state.keys, random: c.opt.Rand, meta: b.meta}
		return w.putMeta()
	})
	if err != nil {
		return err
	}
	if err := seal.SyncDir(c.opt.Dir); err != nil {
		return err
	}
	c.epochSettled(c.state.keys.Epoch)
	c.publish(b)
	return nil
}

// openFile opens bbolt, and nothing more.
func (c *Cache) openFile() error {
	db, err := bolt.Open(c.path(boardFile), 0o600, &bolt.Options{
		Timeout:      lockWait,
		PageSize:     4096, // also where the kernel's pages are larger: cards move, and commits stay small
		MaxSize:      maxFile,
		FreelistType: bolt.FreelistMapType,
		NoStatistics: true,
	})
	if err != nil {
		return err
	}
	c.state.db = db
	return nil
}

// openBoard opens and loads the cache file. A [refusal] means that it must be
// set aside.
func (c *Cache) openBoard() error {
	path := c.path(boardFile)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: no file", refusedBroken)
	case err != nil:
		return fmt.Errorf("%w: %w", refusedBroken, err)
	case info.Size() > maxFile || info.Size() == 0:
		return fmt.Errorf("%w: %d bytes", refusedBroken, info.Size())
	}
	if c.opt.Probe != nil {
		err := c.opt.Probe(path)
		if errors.Is(err, ErrNotProbed) {
			c.log.Warn("cache opened without probe", "error", err)
		} else if err != nil {
			return fmt.Errorf("%w: %w", refusedBroken, err)
		}
	}
	switch err := c.openFile(); {
	case errors.Is(err, bolterr.ErrTimeout), errors.Is(err, fs.ErrPermission):
		return err // nothing is wrong with the file
	case err != nil:
		return fmt.Errorf("%w: %w", refusedBroken, err)
	}
	return c.reload()
}

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

package cache

import (
	"errors"
	"io/fs"
	"os"

	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
)

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
	if err := c.replaceKeys(keys); err != nil {
		return err
	}
	c.photos.Lock()
	c.photos.refs = nil
	old.DestroyCache()
	c.photos.Unlock()
	c.state.board = emptyBoard()
	c.state.board.meta.State = stateRebuilt
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
	if err := errors.Join(c.setAside(), c.dropRenewed(), c.clearBlobs()); err != nil {
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

// setAside gives the cache file, if there is one, another name, in place of the
// one set aside before. What is no file, or absurdly large, just goes.
func (c *Cache) setAside() error {
	if err := os.RemoveAll(c.path(boardAside)); err != nil {
		return err
	}
	info, err := os.Lstat(c.path(boardFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && info.Mode().IsRegular() && info.Size() <= maxFile:
		return os.Rename(c.path(boardFile), c.path(boardAside))
	default:
		return os.RemoveAll(c.path(boardFile))
	}
}

// openFile opens bbolt, and nothing more.
func (c *Cache) openFile() error {
	db, err := openBolt(c.path(boardFile))
	if err != nil {
		return err
	}
	c.state.db = db
	return nil
}

func openBolt(path string) (*bolt.DB, error) {
	return bolt.Open(path, 0o600, &bolt.Options{
		Timeout:      lockWait,
		PageSize:     4096, // also where the kernel's pages are larger: cards move, and commits stay small
		MaxSize:      maxFile,
		FreelistType: bolt.FreelistMapType,
		NoStatistics: true,
	})
}

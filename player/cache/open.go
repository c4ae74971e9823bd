package cache

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

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
	if err := c.takeRenewed(); err != nil {
		return err
	}
	if _, err := os.Stat(c.path(boardFile)); errors.Is(err, fs.ErrNotExist) && keys.Base == 0 {
		return c.newBoard(stateEmpty) // a keyring was begun, and cut off before its file was
	}
	err = c.openBoard()
	if why, ok := errors.AsType[refusal](err); ok {
		c.log.Warn("cache set aside", "reason", string(why), "error", err)
		return c.rebuild(secret)
	}
	if err == nil {
		c.tryRenew()
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
	if err := c.replaceKeys(keys); err != nil {
		return err
	}
	if err := c.openMark(); err != nil {
		return err
	}
	return c.newBoard(state)
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

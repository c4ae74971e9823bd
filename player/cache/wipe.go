package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
	"tavle/sync/record"
)

// Wipe destroys everything: the keys first, by overwriting them, then the data,
// unsent touches included, then begins an empty cache. The device secret is
// made anew where its provider can ([seal.Renewer]), so that older copies of
// the keyring open no more either; whatever else was sealed with it is lost.
//
// It goes on past errors, as a file that cannot be removed is no reason to keep
// a key. When it returns one, call it again; when the power goes in between,
// [Open] finishes it.
func (c *Cache) Wipe() error {
	c.state.Lock()
	defer c.state.Unlock()
	if c.lock == nil {
		return ErrClosed
	}
	defer c.wake()
	err := errors.Join(c.outbox.close(), c.mark.close(), c.closeBoard())
	c.facts.Store(&record.Facts{})
	err = errors.Join(err, c.destroyFiles())
	err = errors.Join(err, c.start())
	if err != nil {
		return fmt.Errorf("wipe: %w", diskErr(err))
	}
	return nil
}

// Expire destroys what the end of a lease ends: keys, board and photos. What
// residents touched stays and is sent when the hub answers again; it holds no
// names. So do clock and device secret.
func (c *Cache) Expire() error {
	c.state.Lock()
	defer c.state.Unlock()
	if c.state.keys == nil {
		return ErrClosed
	}
	defer c.wake()
	c.facts.Store(&record.Facts{}) // whatever the disk says
	if err := errors.Join(c.rebuildNow(), c.SetTries(nil)); err != nil {
		return fmt.Errorf("expire: %w", diskErr(err))
	}
	return nil
}

// Enter notes that what the cache holds is a copy of board. With wipe it is of
// another one, and destroyed first, as at the end of a lease: a power cut leaves
// either all of it, under that one's name, or an empty cache.
func (c *Cache) Enter(board record.BoardID, wipe bool) error {
	s := &c.state
	s.Lock()
	defer s.Unlock()
	if s.keys == nil {
		return ErrClosed
	}
	defer c.wake()
	if wipe {
		c.facts.Store(&record.Facts{}) // whatever the disk says
	}
	err := c.step("before enter")
	if err == nil && (wipe || s.db == nil) {
		err = c.rebuildNow()
	}
	if err == nil && wipe {
		err = c.SetTries(nil)
	}
	m := s.board.meta
	m.Count++
	m.Board = board
	if err == nil {
		err = c.step("before board")
	}
	if err == nil {
		err = s.db.Update(func(tx *bolt.Tx) error {
			w := writer{tx: tx, keys: s.keys, random: c.opt.Rand, meta: m}
			return w.putMeta()
		})
	}
	if err != nil {
		return fmt.Errorf("enter: %w", diskErr(err))
	}
	s.board.meta = m
	return nil
}

// rebuildNow is rebuild for when the secret is not at hand.
func (c *Cache) rebuildNow() error {
	secret, err := c.opt.Secret.Secret()
	if err != nil {
		return err
	}
	defer secret.Destroy()
	return c.rebuild(secret)
}

// destroyFiles is a wipe as far as the disk is concerned. Doing it twice is
// doing it once.
func (c *Cache) destroyFiles() error {
	// Said first, so that a start finishes what a power cut interrupts. On a
	// disk too full for an empty file there is nothing to be done about it.
	_ = os.WriteFile(c.path(wipingFile), nil, 0o600)
	err := seal.SyncDir(c.opt.Dir)

	keys := append([]string{c.path(keyringFile)}, c.outboxes()...)
	for _, path := range append(keys, c.path(markFile)) {
		err = errors.Join(err, seal.Shred(path), c.step("shredded "+filepath.Base(path)))
	}
	if r, ok := c.opt.Secret.(seal.Renewer); ok {
		err = errors.Join(err, r.Renew())
	}
	c.dropTemps()
	for _, name := range []string{boardFile, boardAside, spareFile} {
		err = errors.Join(err, os.RemoveAll(c.path(name)))
	}
	err = errors.Join(err, c.dropRenewed(), c.clearBlobs(), seal.SyncDir(c.opt.Dir))
	if err != nil {
		return err
	}
	return errors.Join(os.Remove(c.path(wipingFile)), seal.SyncDir(c.opt.Dir))
}

// outboxes returns the outbox and those set aside.
func (c *Cache) outboxes() []string {
	return append([]string{c.path(outboxFile)}, c.files(func(name string) bool {
		return strings.HasPrefix(name, outboxAside)
	})...)
}

// dropTemps destroys files a power cut left half written.
func (c *Cache) dropTemps() {
	temps := c.files(func(name string) bool { return strings.HasSuffix(name, seal.TempSuffix) })
	for _, path := range temps {
		if err := seal.Shred(path); err != nil {
			c.log.Warn("temporary file could not be removed", "error", err)
		}
	}
}

// files returns the paths of the files of the folder whose name fits.
func (c *Cache) files(fits func(name string) bool) []string {
	var paths []string
	entries, _ := os.ReadDir(c.opt.Dir)
	for _, e := range entries {
		if e.Type().IsRegular() && fits(e.Name()) {
			paths = append(paths, c.path(e.Name()))
		}
	}
	return paths
}

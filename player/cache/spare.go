package cache

import (
	"errors"
	"os"

	"tavle/player/seal"
)

// Taking somebody back must work on a full disk as well. It needs a keyring to
// be written anew, and no more: who has no key is shown no longer, whether or
// not there is room to store the rest. So the space of a keyring lies ready in a
// file of zeros, and is given up when it is needed.

// spareSpace is how much, in bytes: more than the keyring of a house of 1,000.
const spareSpace = 128 << 10

// saveKeys makes keys durable as they stand before transaction count+1.
func (c *Cache) saveKeys(keys *seal.Keyring, count uint64) error {
	keys.Base = count
	keys.Noted = c.mark.value()
	err := diskErr(keys.Save(c.path(keyringFile), c.opt.Rand))
	if !errors.Is(err, ErrDiskFull) {
		c.keepSpare()
		return err
	}
	_ = os.Remove(c.path(boardAside))
	_ = os.Remove(c.path(spareFile))
	_ = seal.SyncDir(c.opt.Dir)
	return diskErr(keys.Save(c.path(keyringFile), c.opt.Rand))
}

// keepSpare sees to it that the spare space is there, if there is any.
func (c *Cache) keepSpare() {
	if info, err := os.Stat(c.path(spareFile)); err == nil && info.Size() >= spareSpace {
		return
	}
	if err := seal.Replace(c.path(spareFile), make([]byte, spareSpace)); err != nil {
		c.log.Warn("no space to spare", "error", diskErr(err))
	}
}

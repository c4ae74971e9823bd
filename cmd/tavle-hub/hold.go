package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Everybody who works on a hub's folder holds its lock together with others;
// whoever puts another store into it holds it alone. The kernel lets go of it when
// the process ends, however that is.

// lockFile is what is locked. There is nothing in it.
const lockFile = "hub.lock"

// A hold is a lock of a folder.
type hold struct{ f *os.File }

var (
	errInUse     = errors.New("a hub serves this folder, or another command works on it; end it first")
	errRestoring = errors.New("a backup is being restored into this folder; wait until that has ended")
)

// share holds a folder together with others.
func share(dir string) (*hold, error) { return lock(dir, unix.LOCK_SH, errRestoring) }

// alone holds a folder for oneself.
func alone(dir string) (*hold, error) { return lock(dir, unix.LOCK_EX, errInUse) }

func lock(dir string, how int, taken error) (*hold, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	err = unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = taken
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), f.Close())
	}
	return &hold{f}, nil
}

// release lets go.
func (h *hold) release() error { return h.f.Close() }

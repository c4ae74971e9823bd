package cache

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// What a caller does something different about.
var (
	// ErrInUse says that another process has the folder open.
	ErrInUse = errors.New("cache is in use by another process")

	// ErrClosed says that the cache was closed.
	ErrClosed = errors.New("cache is closed")

	// ErrDiskFull says that the disk has no space left. What was there before is
	// still there and readable.
	ErrDiskFull = errors.New("disk is full")

	// ErrOutboxFull says that [MaxWaiting] touches wait for the hub. The oldest
	// is never dropped for a new one: the touch is refused.
	ErrOutboxFull = errors.New("outbox is full")

	// ErrNoPhoto says that a photo is not here: not fetched yet, taken back, or
	// never referred to by any row.
	ErrNoPhoto = errors.New("no such photo here")

	// ErrNotProbed is what a probe returns that could not run. The file is then
	// opened unprobed: a machine that cannot start a process now is no reason to
	// throw the board away.
	ErrNotProbed = errors.New("cache file was not probed")
)

// diskErr makes [ErrDiskFull] of what the kernel says when there is no space.
func diskErr(err error) error {
	if err == nil || errors.Is(err, ErrDiskFull) {
		return err
	}
	for _, full := range [...]syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		// bbolt drops the chain of some errors, hence the look at the words.
		if errors.Is(err, full) || strings.HasSuffix(err.Error(), ": "+full.Error()) {
			return fmt.Errorf("%w: %w", ErrDiskFull, err)
		}
	}
	return err
}

package cache

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
	"unsafe"

	bolt "go.etcd.io/bbolt"
)

const (
	// maxFile is the largest cache file that can be ours, in bytes: a board is
	// at most 8 MiB, and bbolt keeps some generations of changed pages.
	maxFile = 256 << 20

	// probeLimit is how long a probe may take; a healthy one takes some 5 ms.
	probeLimit = 10 * time.Second

	// lockWait is how long to wait for bbolt's own lock, which a probe that was
	// just killed may still hold. bbolt waits for ever when not told.
	lockWait = 3 * time.Second
)

// ProbeFile opens the bbolt file at path read-only and walks every page, key
// and value of it. Of 2,000 damaged files a third made bbolt panic or fault,
// which no recover can stop: so it is run in a child process, and may crash;
// that is the point. What only happens not to crash, since the child has other
// memory behind the file, is an error. See [ProbeBy].
func ProbeFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	if info.Size() > maxFile {
		return fmt.Errorf("probe: %d bytes, want at most %d", info.Size(), maxFile)
	}
	db, err := bolt.Open(path, 0, &bolt.Options{ReadOnly: true, Timeout: lockWait})
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	defer db.Close() //nolint:errcheck // only read
	err = db.View(func(tx *bolt.Tx) error {
		var first error
		for err := range tx.Check() { // to the end: whoever checks waits for us to read
			if first == nil {
				first = err
			}
		}
		if first != nil {
			return first
		}
		return tx.ForEach(func(_ []byte, b *bolt.Bucket) error {
			var sum byte
			err := b.ForEach(func(k, v []byte) error {
				if !within(db, info.Size(), b, k) || !within(db, info.Size(), b, v) {
					return errBeyond
				}
				for _, c := range k {
					sum ^= c
				}
				for _, c := range v {
					sum ^= c
				}
				return nil
			})
			_ = sum
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	return nil
}

// errBeyond says that a key or a value does not lie in the file.
var errBeyond = errors.New("entry ends beyond the file")

// within reports whether an entry of a bucket lies in the file, which is mapped.
// A bucket that is small enough to be in another's page may be a copy; then its
// entries are small.
func within(db *bolt.DB, size int64, in *bolt.Bucket, entry []byte) bool {
	file := db.Info()
	if copied := in.Root() == 0; copied || len(entry) == 0 {
		return len(entry) <= file.PageSize
	}
	at := uintptr(unsafe.Pointer(unsafe.SliceData(entry))) - file.Data
	return at < uintptr(size) && uintptr(len(entry)) <= uintptr(size)-at
}

// ProbeBy returns a probe that runs a command with args and the path, which
// shall call [ProbeFile] and exit 0 if that returned nil. What the command says
// is dropped: a crash report may hold memory.
func ProbeBy(command string, args ...string) func(path string) error {
	return func(path string) error {
		ctx, cancel := context.WithTimeout(context.Background(), probeLimit)
		defer cancel()
		cmd := exec.CommandContext(ctx, command, append(slices.Clip(args), path)...) // our own binary
		err := cmd.Run()
		var exit *exec.ExitError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &exit):
			return fmt.Errorf("probe: %s", exit.ProcessState)
		case ctx.Err() != nil:
			return fmt.Errorf("probe: no answer in %v", probeLimit)
		default:
			return fmt.Errorf("%w: %w", ErrNotProbed, err)
		}
	}
}

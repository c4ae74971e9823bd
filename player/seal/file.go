package seal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// TempSuffix ends the names of files that are being written. One found at start
// is what a power cut left, and can go.
const TempSuffix = ".tmp"

// Replace writes a whole file so that a power cut leaves either the old content
// or the new: a temporary file, fsync, rename, fsync of the directory. It is
// durable when it returns.
//
// What stood there before is overwritten with zeros once the new content is
// durable, so that it cannot be carved out of free space; how far that reaches
// on flash is said at [Protection].
func Replace(path string, data []byte) error {
	old, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if old != nil {
		defer old.Close() // it has no name any more
	}
	tmp, err := WriteTemp(path, data)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		_ = os.Remove(tmp)
		return err
	}
	if err := SyncDir(filepath.Dir(path)); err != nil {
		return err
	}
	if old != nil {
		_ = overwrite(old) // the new content stands; this is more than was promised
	}
	return nil
}

// Shred overwrites a file with zeros, makes that durable, and removes it. No
// file is no error.
func Shred(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("shred: %w", err)
	}
	// Also when overwriting fails: gone is better than readable.
	err = errors.Join(overwrite(f), f.Close(), os.Remove(path), SyncDir(filepath.Dir(path)))
	if err != nil {
		return fmt.Errorf("shred: %w", err)
	}
	return nil
}

// ReadFile reads a file of at most limit bytes; a longer one is an error and is
// not read.
func ReadFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, fmt.Errorf("%w: %d bytes, want at most %d", ErrSealed, info.Size(), limit)
	}
	b := make([]byte, info.Size())
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, err
	}
	return b, nil
}

// WriteTemp writes data durably to a new file beside path, mode 0600, and
// returns its name. On an error nothing is left.
func WriteTemp(path string, data []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*"+TempSuffix)
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// overwrite writes zeros over all of f and makes that durable.
func overwrite(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	zeros := make([]byte, 64<<10)
	for at := int64(0); at < info.Size(); at += int64(len(zeros)) {
		if _, err := f.WriteAt(zeros[:min(int64(len(zeros)), info.Size()-at)], at); err != nil {
			return err
		}
	}
	return f.Sync()
}

// SyncDir makes durable which files a folder has.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Package disk writes files whole or not at all: a power cut leaves what was there
// before, or all of the new, and what has returned is on the disk.
package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrExists is returned where there is something already.
var ErrExists = errors.New("there is something already")

// Create makes a file of what f writes, which others may read if mode says so. It
// has its name when it is whole and on the disk, and not before; on an error there
// is no file, or, with replace, the one that was there.
func Create(path string, mode fs.FileMode, replace bool, f func(io.Writer) error) (err error) {
	if _, err := os.Lstat(path); !replace && !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = ErrExists
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".part-*") // for nobody else, until it is whole
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}()
	if err := errors.Join(f(part), part.Chmod(mode), part.Sync(), part.Close()); err != nil {
		return err
	}
	return Rename(part.Name(), path)
}

// Rename gives a file another name, in place of what had it.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(to))
}

// SyncFolder waits until the names of what is in a folder are on the disk.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

package backup

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

// Create makes a file of what f writes, for nobody else to read. It has its name
// when it is whole and on the disk, and not before; on an error there is no file,
// or, with replace, the one that was there.
func Create(path string, replace bool, f func(io.Writer) error) (err error) {
	if _, err := os.Lstat(path); !replace && !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = ErrExists
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	dir := filepath.Dir(path)
	part, err := os.CreateTemp(dir, "."+filepath.Base(path)+".part-*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}()
	if err := errors.Join(f(part), part.Sync(), part.Close()); err != nil {
		return err
	}
	if err = os.Rename(part.Name(), path); err != nil {
		return err
	}
	return SyncFolder(dir)
}

// SyncFolder waits until the names of what is in a folder are on the disk.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

package hub

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tavle/sync/hub/disk"
)

// A hub changes its TLS key in two steps, so that no screen is left behind: first
// its screens learn the next key beside the one in use, then it is taken into use.

// ErrNextKey and ErrNoNextKey say in which step a change of key is.
var (
	ErrNextKey   = errors.New("there is a next key already")
	ErrNoNextKey = errors.New("there is no next key")
)

// MakeNextKey makes the key that the hub in dir will have next. A hub that runs
// tells its screens.
func MakeNextKey(dir string) error {
	path := filepath.Join(dir, nextKeyFile)
	switch _, err := os.Stat(path); {
	case err == nil:
		return ErrNextKey
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	_, err := newKey(path)
	return err
}

// NextKeyMade returns when the next key was made; [ErrNoNextKey] when there is
// none.
func NextKeyMade(dir string) (time.Time, error) {
	info, err := os.Stat(filepath.Join(dir, nextKeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, ErrNoNextKey
	}
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

// tellAgain is after how many looks at its files a hub repeats to its screens what
// it has seen there. Whoever is heard then has been told, and it is later than the
// files were written by more than one look.
const tellAgain = 2

// ToldOfKey reports whether a screen that was last heard at heard knows of a key
// that was made at made, beside a hub that runs.
func ToldOfKey(made, heard time.Time) bool { return !heard.Before(made.Add(tellAgain * lookAtFiles)) }

// SwitchKey takes the next key into use: the hub's certificate is made for it, and
// the key before is gone.
func SwitchKey(dir string, now time.Time, hosts ...string) error {
	if _, err := NextKeyMade(dir); err != nil {
		return err
	}
	if _, err := Certificate(dir, now, hosts...); err != nil { // what is there has to be whole
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, nextKeyFile)); errors.Is(err, fs.ErrNotExist) {
		return nil // a switch that was cut off is finished now
	}
	key, err := ownKey(filepath.Join(dir, nextKeyFile))
	if err != nil {
		return fmt.Errorf("next key: %w", err)
	}
	ca, err := ownAuthority(dir, now, hosts)
	if err != nil {
		return fmt.Errorf("authority: %w", err)
	}
	// The certificate first: without its key it says what was under way.
	if err := ca.certify(filepath.Join(dir, certFile), key, now, hosts); err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	return disk.Rename(filepath.Join(dir, nextKeyFile), filepath.Join(dir, keyFile))
}

// finishSwitch ends a change of key that was cut off after its certificate was
// written. Where there was none it returns why the certificate was refused.
func finishSwitch(dir string, refused error) (tls.Certificate, error) {
	next := filepath.Join(dir, nextKeyFile)
	c, err := LoadCertificate(filepath.Join(dir, certFile), next)
	if err != nil {
		return c, refused
	}
	return c, disk.Rename(next, filepath.Join(dir, keyFile))
}

// nextPin returns how screens know the next key; "" when there is none.
func nextPin(dir string) (string, error) {
	path := filepath.Join(dir, nextKeyFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	key, err := ownKey(path)
	if err != nil {
		return "", fmt.Errorf("next key: %w", err)
	}
	return pinOf(key)
}

package seal

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// The file of a device secret: magic 8 │ secret 32 │ first 8 bytes of SHA-256
// over both. The sum is there for a power cut, which likes to leave zeros.
const (
	secretMagic = "tavleds\x01"
	secretSize  = len(secretMagic) + KeySize + 8
)

// HostFile provides a device secret from a file on the machine itself, mode
// 0600, made at first use. It is what a screen without a TPM or programmable
// rows has, and it protects little; see [HostFile.Protects].
type HostFile struct {
	Path string
}

// Protects implements [Provider].
func (HostFile) Protects() Protection {
	return Protection{
		Provider: "host-file",
		Why: "the secret lies on the same card as the data: it keeps names out of backups, bug reports and " +
			"copies of single files, and makes erasing quick, but whoever has the card has both",
	}
}

// Secret implements [Provider]. It refuses a file that others than its owner
// can read, one that belongs to somebody else, and anything but a regular file.
//
// A file whose content is damaged is replaced by a new secret: what the old one
// sealed is lost with it either way, and a screen has nobody who could repair
// it.
func (p HostFile) Secret() (Key, error) {
	k, err := p.read()
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errDamagedSecret) {
		if err := p.create(errors.Is(err, errDamagedSecret)); err != nil {
			return Key{}, fmt.Errorf("device secret %s: %w", p.Path, err)
		}
		k, err = p.read()
	}
	if err != nil {
		return Key{}, fmt.Errorf("device secret %s: %w", p.Path, err)
	}
	return k, nil
}

// Renew implements [Renewer].
func (p HostFile) Renew() error {
	if err := Shred(p.Path); err != nil {
		return fmt.Errorf("device secret: %w", err)
	}
	return nil
}

var errDamagedSecret = errors.New("damaged")

func (p HostFile) read() (Key, error) {
	f, err := os.OpenFile(p.Path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe must not hold us up
	if err != nil {
		return Key{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Key{}, err
	}
	if err := private(info); err != nil {
		return Key{}, err
	}
	b := make([]byte, secretSize+1)
	defer clear(b)
	n, err := io.ReadFull(f, b)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Key{}, err
	}
	body := len(secretMagic) + KeySize
	sum := sha256.Sum256(b[:body])
	if n != secretSize || string(b[:len(secretMagic)]) != secretMagic || string(b[body:secretSize]) != string(sum[:8]) {
		return Key{}, errDamagedSecret
	}
	return KeyOf(b[len(secretMagic):body])
}

// private names what is wrong with a file that shall hold a secret.
func private(info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("not a regular file (%s)", info.Mode().Type())
	}
	if perm := info.Mode().Perm(); perm&0o077 != 0 {
		return fmt.Errorf("mode %04o lets others in, want 0600", perm)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 && int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("belongs to user %d, want %d", st.Uid, os.Geteuid())
	}
	return nil
}

// create writes a new secret. Two programs that start at the same moment end
// with the same one: without replace, whoever comes second keeps the first's.
func (p HostFile) create(replace bool) error {
	b := make([]byte, 0, secretSize)
	defer func() { clear(b[:cap(b)]) }()
	b = append(b, secretMagic...)
	b = b[:len(b)+KeySize]
	if _, err := rand.Read(b[len(secretMagic):]); err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	b = append(b, sum[:8]...)

	dir := filepath.Dir(p.Path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := WriteTemp(p.Path, b)
	if err != nil {
		return err
	}
	if replace {
		err = os.Rename(tmp, p.Path)
	} else {
		err = os.Link(tmp, p.Path)
		if errors.Is(err, fs.ErrExist) {
			err = nil
		}
		_ = os.Remove(tmp)
	}
	if err != nil {
		return err
	}
	return SyncDir(dir)
}

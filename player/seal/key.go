package seal

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// KeySize is the length of every key, in bytes.
const KeySize = 32

// A Key is 32 secret bytes. It prints as a few digits of a hash, cannot be
// compared with ==, and has no marshaller. Copies of a Key share their bytes,
// so [Key.Destroy] ends all of them; [Key.Copy] makes one that lives on. The
// zero Key is no key.
//
// The bytes stand behind two pointers because fmt reaches into unexported
// fields without asking their methods. It prints what one pointer points to when
// the verb does not fit (%s); of two it finds no more than an address.
type Key struct {
	_ [0]func() // not comparable with ==
	p **[KeySize]byte
}

// A KeyID names a key without giving it away: the first four bytes of a hash.
type KeyID [4]byte

// String returns eight hex digits.
func (id KeyID) String() string { return hex.EncodeToString(id[:]) }

// room returns a key of zeros, to be filled.
func room() Key {
	b := new([KeySize]byte)
	return Key{p: &b}
}

// raw returns the bytes, or nil.
func (k Key) raw() []byte {
	if k.p == nil {
		return nil
	}
	return (*k.p)[:]
}

var errNoKey = errors.New("no key, or one that was destroyed")

// NewKey returns a key of 32 bytes read from random.
func NewKey(random io.Reader) (Key, error) {
	k := room()
	if _, err := io.ReadFull(random, k.raw()); err != nil {
		return Key{}, fmt.Errorf("random key: %w", err)
	}
	return k, nil
}

// KeyOf returns the key of the 32 bytes of b, which it copies.
func KeyOf(b []byte) (Key, error) {
	if len(b) != KeySize {
		return Key{}, fmt.Errorf("key of %d bytes, want %d", len(b), KeySize)
	}
	k := room()
	copy(k.raw(), b)
	return k, nil
}

// Copy returns a key with the same bytes that outlives k.
func (k Key) Copy() Key {
	if k.p == nil {
		return Key{}
	}
	c := room()
	copy(c.raw(), k.raw())
	return c
}

// Destroy overwrites the bytes with zeros, in every copy that shares them.
func (k Key) Destroy() {
	clear(k.raw())
}

// IsZero reports whether there is no key, or one that was destroyed.
func (k Key) IsZero() bool {
	return k.p == nil || subtle.ConstantTimeCompare(k.raw(), make([]byte, KeySize)) == 1
}

// Equal reports whether both are the same key, in constant time. No key equals
// nothing, not even itself.
func (k Key) Equal(o Key) bool {
	return !k.IsZero() && !o.IsZero() && subtle.ConstantTimeCompare(k.raw(), o.raw()) == 1
}

// ID returns what the key is called in headers and logs.
func (k Key) ID() KeyID {
	if k.IsZero() {
		return KeyID{}
	}
	h := sha256.New()
	h.Write([]byte("tavle/key-id/v1"))
	h.Write(k.raw())
	return KeyID(h.Sum(nil)[:4])
}

// String returns "key:" and eight hex digits of a hash.
func (k Key) String() string {
	if k.IsZero() {
		return "key:none"
	}
	return "key:" + k.ID().String()
}

// GoString returns what [Key.String] does.
func (k Key) GoString() string { return k.String() }

// Format writes what [Key.String] returns, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// LogValue returns what [Key.String] does.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

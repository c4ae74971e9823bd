package seal

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
)

// An ID names one cache, or one outbox: 16 random bytes, made anew whenever
// what went before shall not open any more.
type ID [16]byte

// NewID returns an ID read from random.
func NewID(random io.Reader) (ID, error) {
	var id ID
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return ID{}, fmt.Errorf("random id: %w", err)
	}
	return id, nil
}

// Opaque is the name of a record or a file as it stands on disk.
type Opaque [16]byte

// Unlock returns the key that opens what salt names:
// HKDF-SHA256(secret ‖ share, salt, "tavle/unlock/v1"). Without a hub share
// (the zero Key) 32 zero bytes stand in its place.
func Unlock(secret, share Key, salt ID) (Key, error) {
	if secret.IsZero() {
		return Key{}, fmt.Errorf("unlock: device secret: %w", errNoKey)
	}
	var both [2 * KeySize]byte
	defer clear(both[:])
	copy(both[:], secret.raw())
	if !share.IsZero() {
		copy(both[KeySize:], share.raw())
	}
	b, err := hkdf.Key(sha256.New, both[:], salt[:], "tavle/unlock/v1", KeySize)
	if err != nil {
		return Key{}, fmt.Errorf("unlock: %w", err)
	}
	defer clear(b)
	return KeyOf(b)
}

// Opaque returns the name under which id stands in bucket:
// HMAC-SHA256(k, bucket ‖ 0 ‖ id)[:16].
func (k Key) Opaque(bucket byte, id string) Opaque {
	m := k.mac()
	m.Write([]byte{bucket, 0})
	_, _ = io.WriteString(m, id)
	return Opaque(m.Sum(nil)[:16])
}

// Record returns the key of one record of those that are nobody's, derived
// from k and where the record stands.
func (k Key) Record(bucket byte, name Opaque) Key {
	m := k.mac()
	_, _ = io.WriteString(m, "tavle/record/v1")
	m.Write([]byte{bucket, 0})
	m.Write(name[:])
	r := room()
	m.Sum(r.raw()[:0])
	return r
}

// Print returns a keyed fingerprint of one version of a box: what makes up the
// fingerprint of a set. Head is [Head] of the box.
func (k Key) Print(bucket byte, name Opaque, head []byte) [32]byte {
	m := k.mac()
	_, _ = io.WriteString(m, "set")
	m.Write([]byte{bucket})
	m.Write(name[:])
	m.Write(head)
	return [32]byte(m.Sum(nil))
}

// mac returns an HMAC under k. Without a key it is one under zeros: names made
// with it find nothing, and nothing is sealed without a key.
func (k Key) mac() hash.Hash {
	if k.p == nil {
		return hmac.New(sha256.New, make([]byte, KeySize))
	}
	return hmac.New(sha256.New, k.raw())
}

package seal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// A box, as it lies on disk:
//
//	format 1 │ alg 1 │ key id 4 │ epoch 8 │ seq 8 │ nonce 24 │ ciphertext │ tag 16
//	└─────────────── header, 22 bytes ─────────────┘
//
// The associated data is "tavle/cache/v1" ‖ cache ‖ bucket ‖ name ‖ header, so
// that a box opens only where it was put, on this screen, as this version. All
// parts have a fixed length; no two sets of parts read the same.
//
// The plaintext is its length in four bytes, itself, and zeros up to a multiple
// of the padding, so that the lengths of names do not show.
const (
	boxFormat = 1
	algXCha20 = 1 // XChaCha20-Poly1305; other numbers are for ciphers to come

	headerSize = 1 + 1 + 4 + 8 + 8
	nonceSize  = chacha20poly1305.NonceSizeX
	tagSize    = chacha20poly1305.Overhead

	lengthSize = 4
)

// Overhead is what a box adds to its padded plaintext, in bytes.
const Overhead = headerSize + nonceSize + tagSize

// PadRecord is the padding of records, in bytes; PadPhoto that of photos, whose
// exact length would tell which photo it is to somebody who has it: one block
// of a file system, which costs nothing.
const (
	PadRecord = 64
	PadPhoto  = 4096
)

// ErrSealed says that a box does not open: it was damaged, changed, moved from
// where it was put, or sealed with a key that is no longer here. Which of these
// cannot be told.
var ErrSealed = errors.New("sealed box does not open")

// A Place is where a box lies.
type Place struct {
	Cache  ID
	Bucket byte
	Name   Opaque
}

// A Stamp is what a box says in the open, authenticated: the privacy epoch it
// was sealed in, and a number whose meaning is the caller's.
type Stamp struct {
	Epoch uint64
	Seq   uint64
}

// SealedSize returns the size of a box around n bytes padded to pad.
func SealedSize(n, pad int) int { return Overhead + padded(n, pad) }

func padded(n, pad int) int { return (lengthSize + n + pad - 1) / pad * pad }

// Seal returns plain in a box for that place.
func (k Key) Seal(at Place, s Stamp, plain []byte, pad int, random io.Reader) ([]byte, error) {
	if k.IsZero() {
		return nil, fmt.Errorf("seal: %w", errNoKey)
	}
	n := padded(len(plain), pad)
	box := make([]byte, headerSize+nonceSize, Overhead+n)
	box[0], box[1] = boxFormat, algXCha20
	id := k.ID()
	copy(box[2:], id[:])
	binary.BigEndian.PutUint64(box[6:], s.Epoch)
	binary.BigEndian.PutUint64(box[14:], s.Seq)
	if _, err := io.ReadFull(random, box[headerSize:]); err != nil {
		return nil, fmt.Errorf("seal: nonce: %w", err)
	}
	// The plaintext is laid out where the ciphertext will stand, and encrypted
	// in place: no second copy of it is left in memory.
	body := box[len(box) : len(box)+n]
	binary.BigEndian.PutUint32(body, uint32(len(plain))) // bounded by the caller's limits
	copy(body[lengthSize:], plain)
	aead, err := chacha20poly1305.NewX(k.raw())
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return aead.Seal(box, box[headerSize:], body, at.bind(box[:headerSize])), nil
}

// Open returns what the box holds and how it is stamped, or [ErrSealed]. It
// reads and allocates no more than the box is long.
func (k Key) Open(at Place, box []byte) ([]byte, Stamp, error) {
	switch {
	case k.IsZero():
		return nil, Stamp{}, fmt.Errorf("%w: %w", ErrSealed, errNoKey)
	case len(box) < Overhead+lengthSize:
		return nil, Stamp{}, fmt.Errorf("%w: %d bytes", ErrSealed, len(box))
	case box[0] != boxFormat || box[1] != algXCha20:
		return nil, Stamp{}, fmt.Errorf("%w: format %d, cipher %d", ErrSealed, box[0], box[1])
	case KeyID(box[2:6]) != k.ID():
		return nil, Stamp{}, fmt.Errorf("%w: sealed with another key", ErrSealed)
	}
	header := box[:headerSize]
	aead, err := chacha20poly1305.NewX(k.raw())
	if err != nil {
		return nil, Stamp{}, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	body, err := aead.Open(nil, box[headerSize:headerSize+nonceSize], box[headerSize+nonceSize:], at.bind(header))
	if err != nil {
		return nil, Stamp{}, ErrSealed
	}
	n := binary.BigEndian.Uint32(body)
	if int64(n) > int64(len(body)-lengthSize) {
		return nil, Stamp{}, fmt.Errorf("%w: length of %d in %d bytes", ErrSealed, n, len(body))
	}
	return body[lengthSize : lengthSize+n], Stamp{
		Epoch: binary.BigEndian.Uint64(header[6:]),
		Seq:   binary.BigEndian.Uint64(header[14:]),
	}, nil
}

// Head returns the part of a box that tells one version of it from any other:
// header and nonce. It is nil for what cannot be a box.
func Head(box []byte) []byte {
	if len(box) < Overhead {
		return nil
	}
	return box[:headerSize+nonceSize]
}

// bind returns the associated data of a box with this header at this place.
func (at Place) bind(header []byte) []byte {
	b := make([]byte, 0, 64+headerSize)
	b = append(b, "tavle/cache/v1"...)
	b = append(b, at.Cache[:]...)
	b = append(b, at.Bucket)
	b = append(b, at.Name[:]...)
	return append(b, header...)
}

// SealKey returns a key in a box under k, of [SealedSize] of [KeySize] bytes and
// [PadRecord].
func (k Key) SealKey(at Place, inner Key, random io.Reader) ([]byte, error) {
	if inner.IsZero() {
		return nil, fmt.Errorf("seal: %w", errNoKey)
	}
	return k.Seal(at, Stamp{}, inner.raw(), PadRecord, random)
}

// OpenKey returns the key a box of [Key.SealKey] holds, or [ErrSealed].
func (k Key) OpenKey(at Place, box []byte) (Key, error) {
	b, _, err := k.Open(at, box)
	if err != nil {
		return Key{}, err
	}
	defer clear(b)
	inner, err := KeyOf(b)
	if err != nil {
		return Key{}, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	return inner, nil
}

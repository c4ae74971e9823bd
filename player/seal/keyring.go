package seal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"golang.org/x/crypto/chacha20poly1305"
)

// MaxKeys bounds the people and photos of one keyring together. A board has at
// most 20,000 rows; each may bring one picture.
const MaxKeys = 40_000

// A Keyring is every key of one cache. A house of 60 people with a photo each
// makes a file of 6 KB, one of 1,000 a file of 97 KB.
//
// Its maps are the caller's to change, on a [Keyring.Clone]; what is dropped
// from them is gone once [Keyring.Save] has returned.
type Keyring struct {
	ID    ID     // of the cache; made anew when the old one shall not open any more
	Epoch uint64 // privacy epoch: grows with every change that reduces what may be shown
	Base  uint64 // how many transactions the cache had seen when this was written

	Names  Key // opaque names
	Common Key // things that are nobody's
	Mark   Key // the file of the mark
	Outbox Key // unsent touches; their file holds it too

	OutboxID ID
	Noted    Mark // as it stood when this was written

	People map[Opaque]Key
	Photos map[Opaque]Key

	unlock Key
}

// NewKeyring returns a keyring with new keys and nobody in it, in epoch 1,
// locked by the device secret. Outbox and OutboxID are left to the caller.
func NewKeyring(secret Key, random io.Reader) (*Keyring, error) {
	k := &Keyring{Epoch: 1, People: map[Opaque]Key{}, Photos: map[Opaque]Key{}}
	var err error
	if k.ID, err = NewID(random); err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	if k.unlock, err = Unlock(secret, Key{}, k.ID); err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	for _, key := range []*Key{&k.Names, &k.Common, &k.Mark} {
		if *key, err = NewKey(random); err != nil {
			return nil, fmt.Errorf("keyring: %w", err)
		}
	}
	return k, nil
}

// Clone returns a keyring whose maps can be changed. The keys are shared.
func (k *Keyring) Clone() *Keyring {
	c := *k
	c.People, c.Photos = maps.Clone(k.People), maps.Clone(k.Photos)
	return &c
}

// DestroyCache ends, in memory, every key but those of outbox and mark.
func (k *Keyring) DestroyCache() {
	for _, m := range []map[Opaque]Key{k.People, k.Photos} {
		for name, key := range m {
			key.Destroy()
			delete(m, name)
		}
	}
	for _, key := range []Key{k.Names, k.Common, k.unlock} {
		key.Destroy()
	}
}

// Destroy ends every key in memory.
func (k *Keyring) Destroy() {
	k.DestroyCache()
	k.Mark.Destroy()
	k.Outbox.Destroy()
}

// The file:
//
//	magic 8 │ cache id 16 │ epoch 8 │ share generation 4 │ policy 1 │ 0 0 0 │ nonce 24 │ ciphertext │ tag 16
//	└──────────────── header, 40 bytes: the associated data ────────────────┘
//
// and inside, padded with zeros to 64 bytes:
//
//	base 8 │ names 32 │ common 32 │ mark 32 │ outbox 32 │ outbox id 16 │ noted 56
//	people 4 │ (name 16 │ key 32)… │ photos 4 │ (name 16 │ key 32)…
const (
	keyringMagic  = "tavlekr\x01"
	keyringHeader = len(keyringMagic) + 16 + 8 + 4 + 1 + 3
	keyringFixed  = 8 + 4*KeySize + 16 + MarkSize + 4 + 4
	keyEntry      = 16 + KeySize

	maxKeyring = keyringHeader + nonceSize + keyringFixed + MaxKeys*keyEntry + PadRecord + tagSize
)

// Save writes the keyring to path, whole, durable when it returns. What it
// replaces is overwritten; see [Replace].
func (k *Keyring) Save(path string, random io.Reader) error {
	if n := len(k.People) + len(k.Photos); n > MaxKeys {
		return fmt.Errorf("keyring: %d keys, want at most %d", n, MaxKeys)
	}
	if k.unlock.IsZero() {
		return fmt.Errorf("keyring: %w", errNoKey)
	}
	file := k.header()
	file = file[:len(file)+nonceSize]
	if _, err := io.ReadFull(random, file[keyringHeader:]); err != nil {
		return fmt.Errorf("keyring: nonce: %w", err)
	}
	entries := k.entries()
	defer clear(entries)
	aead, err := chacha20poly1305.NewX(k.unlock.raw())
	if err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	file = aead.Seal(file, file[keyringHeader:], entries, file[:keyringHeader])
	if err := Replace(path, file); err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	return nil
}

// LoadKeyring reads the keyring at path. No file is fs.ErrNotExist; one that is
// damaged, foreign or of another format is [ErrSealed]; anything else is the
// disk.
func LoadKeyring(path string, secret Key) (*Keyring, error) {
	file, err := ReadFile(path, int64(maxKeyring))
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", ErrSealed, err)
	}
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	k, err := openKeyring(file, secret)
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	return k, nil
}

func openKeyring(file []byte, secret Key) (*Keyring, error) {
	if len(file) < keyringHeader+nonceSize+tagSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrSealed, len(file))
	}
	k, err := readHeader(file[:keyringHeader])
	if err != nil {
		return nil, err
	}
	if k.unlock, err = Unlock(secret, Key{}, k.ID); err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(k.unlock.raw())
	if err != nil {
		return nil, err
	}
	nonce, box := file[keyringHeader:keyringHeader+nonceSize], file[keyringHeader+nonceSize:]
	entries, err := aead.Open(nil, nonce, box, file[:keyringHeader])
	if err != nil {
		return nil, ErrSealed
	}
	defer clear(entries)
	if err := k.read(entries); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	return k, nil
}

func (k *Keyring) header() []byte {
	b := make([]byte, 0, keyringHeader+nonceSize+keyringFixed+(len(k.People)+len(k.Photos))*keyEntry+PadRecord+tagSize)
	b = append(b, keyringMagic...)
	b = append(b, k.ID[:]...)
	b = binary.BigEndian.AppendUint64(b, k.Epoch)
	b = binary.BigEndian.AppendUint32(b, 0) // no hub share yet
	return append(b, 0, 0, 0, 0)            // policy "device": the secret alone unlocks
}

func readHeader(b []byte) (*Keyring, error) {
	if string(b[:len(keyringMagic)]) != keyringMagic {
		return nil, fmt.Errorf("%w: not a keyring of this version", ErrSealed)
	}
	b = b[len(keyringMagic):]
	share, policy := binary.BigEndian.Uint32(b[24:]), b[28]
	if share != 0 || policy != 0 {
		return nil, fmt.Errorf("%w: unlock policy %d with hub share %d is not known here", ErrSealed, policy, share)
	}
	return &Keyring{ID: ID(b[:16]), Epoch: binary.BigEndian.Uint64(b[16:])}, nil
}

func (k *Keyring) entries() []byte {
	n := keyringFixed + (len(k.People)+len(k.Photos))*keyEntry
	b := make([]byte, 0, (n+PadRecord-1)/PadRecord*PadRecord)
	b = binary.BigEndian.AppendUint64(b, k.Base)
	for _, key := range [...]Key{k.Names, k.Common, k.Mark, k.Outbox} {
		b = appendKey(b, key)
	}
	b = append(b, k.OutboxID[:]...)
	b, _ = k.Noted.AppendBinary(b)
	for _, m := range [...]map[Opaque]Key{k.People, k.Photos} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(m))) // at most MaxKeys
		for _, name := range slices.SortedFunc(maps.Keys(m), func(x, y Opaque) int { return slices.Compare(x[:], y[:]) }) {
			b = append(b, name[:]...)
			b = appendKey(b, m[name])
		}
	}
	return b[:cap(b)]
}

func appendKey(b []byte, k Key) []byte {
	if k.p == nil {
		return append(b, make([]byte, KeySize)...)
	}
	return append(b, k.raw()...)
}

// read takes the entries apart. It allocates for no more keys than b can hold.
func (k *Keyring) read(b []byte) error {
	if len(b) < keyringFixed {
		return fmt.Errorf("entries of %d bytes, want at least %d", len(b), keyringFixed)
	}
	k.Base, b = binary.BigEndian.Uint64(b), b[8:]
	for _, key := range [...]*Key{&k.Names, &k.Common, &k.Mark, &k.Outbox} {
		*key, _ = KeyOf(b[:KeySize])
		b = b[KeySize:]
	}
	k.OutboxID, b = ID(b[:16]), b[16:]
	if err := k.Noted.UnmarshalBinary(b[:MarkSize]); err != nil {
		return err
	}
	b = b[MarkSize:]
	for _, m := range [...]*map[Opaque]Key{&k.People, &k.Photos} {
		if len(b) < 4 {
			return errors.New("entries end early")
		}
		n := int64(binary.BigEndian.Uint32(b))
		b = b[4:]
		if n > MaxKeys || n*keyEntry > int64(len(b)) {
			return fmt.Errorf("%d keys in %d bytes", n, len(b))
		}
		*m = make(map[Opaque]Key, n)
		for range n {
			(*m)[Opaque(b[:16])], _ = KeyOf(b[16:keyEntry])
			b = b[keyEntry:]
		}
	}
	return nil
}

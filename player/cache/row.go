package cache

// How the board lies in bbolt. A bucket is one letter, a key 16 opaque bytes, a
// value a sealed box:
//
//	p  people         each sealed with that person's own key, from the keyring
//	r  other rows     each with a key derived from the common key and its name;
//	                  see renew.go for how they end
//	m  one record     the meta: position, epoch, count, fingerprint
//
// Lists of who takes part hold IDs only, so dropping a person's key takes them
// out of every list at once.

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
	"tavle/sync/record"
)

// The buckets. Blobs are files, but named and bound the same way.
const (
	people byte = 'p'
	others byte = 'r'
	metas  byte = 'm'
	blobs  byte = 'b'
)

var rowBuckets = [...]byte{people, others}

// A spot is where a row lies.
type spot struct {
	bucket byte
	name   seal.Opaque
}

// spotOf returns where the row of that key lies.
func spotOf(keys *seal.Keyring, k record.Key) spot {
	if k.Kind == record.KindPerson {
		return spot{people, keys.Names.Opaque(people, k.ID)}
	}
	return spot{others, keys.Names.Opaque(others, string(k.Kind)+"\x00"+k.ID)}
}

// key returns the key of whatever lies there: the zero Key when it is a person
// whose key is gone.
func (s spot) key(keys *seal.Keyring) seal.Key {
	if s.bucket == people {
		return keys.People[s.name]
	}
	return keys.Common.Record(s.bucket, s.name)
}

func (s spot) place(keys *seal.Keyring) seal.Place {
	return seal.Place{Cache: keys.ID, Bucket: s.bucket, Name: s.name}
}

// A meta is what is known about all rows together. It is written in the same
// transaction as they are.
type meta struct {
	Count uint64 `json:"count"` // transactions so far
	Epoch uint64 `json:"epoch"` // privacy epoch
	State string `json:"state"`

	Board record.BoardID `json:"board,omitempty"` // it is the copy of; absent: nobody has said

	Feed record.Epoch `json:"feed,omitempty"` // with rev and sum: the position; absent: none
	Rev  uint64       `json:"rev,omitempty"`
	Sum  record.Sum   `json:"sum,omitempty"`
	Rows int          `json:"rows"`
	Owed bool         `json:"owed,omitempty"` // something was taken back and lies in old pages; see [Cache.Renew]
	Set  fingerprint  `json:"set"`
}

// The states of a store, as session.Stored and the hub know them.
const (
	stateOK      = "ok"
	stateEmpty   = "empty"
	stateRebuilt = "rebuilt"
)

func (m meta) at() record.Position { return record.Position{Epoch: m.Feed, Rev: m.Rev, Sum: m.Sum} }

func (m *meta) setAt(p record.Position) { m.Feed, m.Rev, m.Sum = p.Epoch, p.Rev, p.Sum }

// A fingerprint is the sum, in four lanes modulo 2^64, of a keyed hash over
// every row's place and version. One change costs two hashes; a row that was
// put back, taken out or slipped in by whoever can write the card shows.
type fingerprint [4]uint64

func (f *fingerprint) add(keys *seal.Keyring, s spot, box []byte) { f.lanes(keys, s, box, 1) }

func (f *fingerprint) sub(keys *seal.Keyring, s spot, box []byte) { f.lanes(keys, s, box, ^uint64(0)) }

func (f *fingerprint) lanes(keys *seal.Keyring, s spot, box []byte, sign uint64) {
	h := keys.Names.Print(s.bucket, s.name, seal.Head(box))
	for i := range f {
		f[i] += sign * binary.BigEndian.Uint64(h[8*i:])
	}
}

// packRow lays out a row as it is sealed: the kind's length in one byte, the
// kind, the ID's length in one byte, the ID, the body.
func packRow(r record.Row) ([]byte, error) {
	if len(r.Kind) > 255 || len(r.ID) > 255 {
		return nil, fmt.Errorf("row key of %d and %d bytes", len(r.Kind), len(r.ID))
	}
	b := make([]byte, 0, 2+len(r.Kind)+len(r.ID)+len(r.Body))
	b = append(b, byte(len(r.Kind)))
	b = append(b, r.Kind...)
	b = append(b, byte(len(r.ID)))
	b = append(b, r.ID...)
	return append(b, r.Body...), nil
}

func unpackRow(b []byte) (record.Row, error) {
	kind, b, ok := cutField(b)
	id, b, ok2 := cutField(b)
	if !ok || !ok2 {
		return record.Row{}, errors.New("row ends early")
	}
	return record.Row{Key: record.Key{Kind: record.Kind(kind), ID: string(id)}, Body: b}, nil
}

func cutField(b []byte) (field, rest []byte, ok bool) {
	if len(b) == 0 || int(b[0]) > len(b)-1 {
		return nil, nil, false
	}
	end := 1 + int(b[0])
	return b[1:end], b[end:], true
}

// A writer changes rows and meta in one transaction.
type writer struct {
	tx     *bolt.Tx
	keys   *seal.Keyring
	random io.Reader
	meta   meta
}

// bucket returns the bucket of that letter, making it in a new file.
func (w *writer) bucket(letter byte) (*bolt.Bucket, error) {
	return w.tx.CreateBucketIfNotExists([]byte{letter})
}

func (w *writer) put(r record.Row) error {
	s := spotOf(w.keys, r.Key)
	plain, err := packRow(r)
	if err != nil {
		return err
	}
	box, err := s.key(w.keys).Seal(s.place(w.keys), seal.Stamp{Epoch: w.meta.Epoch, Seq: w.meta.Rev}, plain, seal.PadRecord, w.random)
	if err != nil {
		return fmt.Errorf("row %s %s: %w", r.Kind, r.ID, err)
	}
	b, err := w.bucket(s.bucket)
	if err != nil {
		return err
	}
	w.forget(b, s)
	w.meta.Set.add(w.keys, s, box)
	w.meta.Rows++
	return b.Put(s.name[:], box)
}

func (w *writer) remove(s spot) error {
	b, err := w.bucket(s.bucket)
	if err != nil {
		return err
	}
	w.forget(b, s)
	return b.Delete(s.name[:])
}

// forget takes what lies at s, if anything, out of count and fingerprint.
func (w *writer) forget(b *bolt.Bucket, s spot) {
	if old := b.Get(s.name[:]); old != nil {
		w.meta.Set.sub(w.keys, s, old)
		w.meta.Rows--
		w.meta.Owed = w.meta.Owed || s.bucket == others
	}
}

// keepOnly removes every row that does not lie at one of these spots.
func (w *writer) keepOnly(keep map[spot]bool) error {
	for _, letter := range rowBuckets {
		b, err := w.bucket(letter)
		if err != nil {
			return err
		}
		var gone []spot
		err = b.ForEach(func(name, _ []byte) error {
			if s, ok := spotAt(letter, name); ok && !keep[s] {
				gone = append(gone, s)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, s := range gone {
			if err := w.remove(s); err != nil {
				return err
			}
		}
	}
	return nil
}

func spotAt(letter byte, name []byte) (spot, bool) {
	s := spot{bucket: letter}
	return s, copy(s.name[:], name) == len(s.name) && len(name) == len(s.name)
}

// The meta lies under a name of its own, as everything else does.
func metaSpot(keys *seal.Keyring) spot { return spot{metas, keys.Names.Opaque(metas, "")} }

func (w *writer) putMeta() error {
	plain, err := json.Marshal(w.meta)
	if err != nil {
		return err
	}
	s := metaSpot(w.keys)
	stamp := seal.Stamp{Epoch: w.meta.Epoch, Seq: w.meta.Count}
	box, err := s.key(w.keys).Seal(s.place(w.keys), stamp, plain, seal.PadRecord, w.random)
	if err != nil {
		return fmt.Errorf("meta: %w", err)
	}
	b, err := w.bucket(metas)
	if err != nil {
		return err
	}
	return b.Put(s.name[:], box)
}

// readMeta returns the meta, or an error that says why there is none.
func readMeta(tx *bolt.Tx, keys *seal.Keyring) (meta, error) {
	s := metaSpot(keys)
	b := tx.Bucket([]byte{metas})
	if b == nil {
		return meta{}, errors.New("no meta")
	}
	plain, _, err := s.key(keys).Open(s.place(keys), b.Get(s.name[:]))
	if err != nil {
		return meta{}, fmt.Errorf("meta: %w", err)
	}
	var m meta
	if err := json.Unmarshal(plain, &m); err != nil {
		return meta{}, fmt.Errorf("meta: %w", err)
	}
	return m, nil
}

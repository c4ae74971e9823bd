package cache

import (
	"errors"
	"fmt"
	"log/slog"

	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A board is what the cache file says, as it is held in memory.
type board struct {
	meta  meta
	facts *record.Facts
	rows  map[record.Key]uint64 // hash of every row
}

func emptyBoard() board {
	return board{facts: &record.Facts{}, rows: map[record.Key]uint64{}}
}

// A refusal says why a cache file as a whole is not to be trusted. It is a word
// for the log.
type refusal string

func (r refusal) Error() string { return "cache file refused: " + string(r) }

// Why files are refused.
const (
	refusedForeign refusal = "foreign"     // of another screen, or another time of this one
	refusedOld     refusal = "rolled_back" // older than the keys say it must be
	refusedSet     refusal = "rows_differ" // rows were put back, taken out or slipped in
	refusedBroken  refusal = "damaged"
)

// load reads everything in tx and judges it. The error is a [refusal] when the
// file must be set aside.
//
// Two numbers tell old from new. The keyring's privacy epoch is raised before a
// change that reduces what is shown is committed, the mark's settled epoch
// after. So a file whose epoch is
//
//	below settled            is older than a change it is known to have had: refused
//	at or above it, but
//	below the keyring's      was cut off between keyring and commit: it is what it
//	                         was before that change, less the people whose keys went
//	at the keyring's         is the one the keyring was written for
//	above it                 outlived its keyring, which was rolled back: those
//	                         whose keys it lacks are dropped
//
// Besides, it must have seen no fewer transactions than it had when the keyring
// was last written; bbolt alone, when its newest page is damaged, goes back by
// no more than the one that followed.
//
// Where rows are missing, for these reasons or because they are damaged in an
// otherwise whole set, they do not add up to the position. It is dropped, so
// that the hub sends the board anew; the rest is shown meanwhile.
func load(tx *bolt.Tx, keys *seal.Keyring, settled uint64, log *slog.Logger) (board, []spot, error) {
	m, err := readMeta(tx, keys)
	switch {
	case err != nil:
		return board{}, nil, fmt.Errorf("%w: %w", refusedForeign, err)
	case m.Epoch < settled, m.Count < keys.Base:
		return board{}, nil, refusedOld
	}
	r := reader{keys: keys, log: log, board: emptyBoard(), set: fingerprint{}}
	for _, letter := range rowBuckets {
		b := tx.Bucket([]byte{letter})
		if b == nil {
			continue
		}
		if err := b.ForEach(func(name, box []byte) error { return r.row(letter, name, box) }); err != nil {
			return board{}, nil, err
		}
	}
	if r.set != m.Set || r.count != m.Rows {
		return board{}, nil, refusedSet
	}
	if m.Feed != "" && r.sum != m.Sum {
		m.setAt(record.Position{})
		m.State = stateRebuilt
	}
	r.board.meta = m
	r.board.facts = (*record.Facts)(nil).With(m.at(), r.changes)
	return r.board, r.lost, nil
}

// A reader collects rows.
type reader struct {
	keys *seal.Keyring
	log  *slog.Logger

	board   board
	changes []record.Change
	lost    []spot // rows that do not open
	set     fingerprint
	sum     record.Sum
	count   int
}

func (r *reader) row(letter byte, name, box []byte) error {
	s, ok := spotAt(letter, name)
	if !ok {
		return fmt.Errorf("%w: name of %d bytes", refusedForeign, len(name))
	}
	if r.count++; r.count > wire.MaxRows {
		return fmt.Errorf("%w: over %d rows", refusedForeign, wire.MaxRows)
	}
	r.set.add(r.keys, s, box)
	key := s.key(r.keys)
	plain, _, err := key.Open(s.place(r.keys), box)
	if letter == others {
		key.Destroy() // derived for this
	}
	if errors.Is(err, seal.ErrSealed) {
		r.lost = append(r.lost, s)
		return nil
	}
	if err != nil {
		return err
	}
	row, err := unpackRow(plain)
	if err != nil {
		return fmt.Errorf("%w: %w", refusedForeign, err) // sealed by us, and no row
	}
	h := row.Hash()
	r.sum = r.sum.Add(h)
	r.board.rows[row.Key] = h
	r.changes = append(r.changes, decode(row, r.log))
	return nil
}

// decode returns the change a row makes. One that this build cannot read is
// kept, as its hash is part of the position, and left out of the facts: a board
// that lacks one row shows more than no board.
func decode(row record.Row, log *slog.Logger) record.Change {
	c, err := wire.DecodeChange(record.Op{Row: row})
	if err != nil {
		log.Warn("row left out", "kind", string(row.Kind), "row", row.ID, "error", err)
		c.Fact = nil
	}
	return c
}

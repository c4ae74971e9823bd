package record

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
)

// A Key names one row of a board.
type Key struct {
	Kind Kind
	ID   string
}

// A Row is one fact as it was sent. Body is the raw JSON; it is kept byte for
// byte, so that both ends hash the same bytes and no canonical form is needed.
type Row struct {
	Key
	Body []byte
}

// Hash returns the first eight bytes of SHA-256 over kind, 0, ID, 0 and body.
func (r Row) Hash() uint64 {
	h := sha256.New()
	h.Write([]byte(r.Kind))
	h.Write([]byte{0})
	h.Write([]byte(r.ID))
	h.Write([]byte{0})
	h.Write(r.Body)
	var sum [sha256.Size]byte
	return binary.BigEndian.Uint64(h.Sum(sum[:0]))
}

// An Op is one change to one row: a whole new value, or, with Delete, its
// erasure together with all that only it refers to.
type Op struct {
	Row
	Delete bool
}

// An Epoch is the identity of a board's feed: 16 hex digits. It changes when
// revision numbers lose their meaning (restore, rebuild, another board).
type Epoch string

// A Position is where a board's feed has been read to. The zero Position is
// the start of nothing: whoever has it takes a snapshot.
type Position struct {
	Epoch Epoch
	Rev   uint64
	Sum   Sum // of all rows at Rev
}

// IsZero reports whether nothing has been read yet.
func (p Position) IsZero() bool { return p.Epoch == "" }

// String returns epoch@rev, for logs.
func (p Position) String() string { return string(p.Epoch) + "@" + strconv.FormatUint(p.Rev, 10) }

// A Sum is the sum modulo 2^64 of the hashes of all rows of a board: it does
// not depend on their order, and one change costs one subtraction and one
// addition.
type Sum uint64

// Add returns the sum with a row of that hash added.
func (s Sum) Add(h uint64) Sum { return s + Sum(h) }

// Sub returns the sum with a row of that hash taken away.
func (s Sum) Sub(h uint64) Sum { return s - Sum(h) }

// String returns 16 hex digits, as on the wire.
func (s Sum) String() string { return fmt.Sprintf("%016x", uint64(s)) }

// ParseSum reads what [Sum.String] wrote.
func ParseSum(s string) (Sum, error) {
	if len(s) != 16 {
		return 0, fmt.Errorf("sum of %d digits, want 16", len(s))
	}
	v, err := strconv.ParseUint(s, 16, 64)
	return Sum(v), err
}

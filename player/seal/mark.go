package seal

import (
	"encoding/binary"
	"fmt"
	"time"
)

// A Mark is what must never run backwards, and the lease that depends on it:
// 56 bytes that change every hour, so they have a file of their own; the
// keyring carries a copy from when it was last written.
type Mark struct {
	// The lease: the right to show people while the hub is out of reach.
	// All zero: there is none.
	Issued time.Time     // by the hub's clock
	Mask   time.Duration // after this long nobody is named or pictured
	Wipe   time.Duration // after this long the cache's keys are destroyed

	// The clock's floor.
	Hub   time.Time     // latest time the hub was heard to say
	Seen  time.Time     // latest time this screen believed it was
	Spent time.Duration // powered on since the lease was issued

	// Settled is the highest privacy epoch known to be committed in the cache.
	Settled uint64
}

// MarkSize is the length of a mark, in bytes.
const MarkSize = 7 * 8

// AppendBinary appends the 56 bytes of m: times in Unix milliseconds (the zero
// time is 0), durations in milliseconds.
func (m Mark) AppendBinary(b []byte) ([]byte, error) {
	for _, t := range [...]time.Time{m.Issued, m.Hub, m.Seen} {
		ms := int64(0)
		if !t.IsZero() {
			ms = t.UnixMilli()
		}
		b = binary.BigEndian.AppendUint64(b, uint64(ms)) // two's complement, and back
	}
	for _, d := range [...]time.Duration{m.Mask, m.Wipe, m.Spent} {
		b = binary.BigEndian.AppendUint64(b, uint64(d.Milliseconds()))
	}
	return binary.BigEndian.AppendUint64(b, m.Settled), nil
}

// UnmarshalBinary reads what AppendBinary wrote.
func (m *Mark) UnmarshalBinary(b []byte) error {
	if len(b) != MarkSize {
		return fmt.Errorf("mark of %d bytes, want %d", len(b), MarkSize)
	}
	word := func(i int) int64 { return int64(binary.BigEndian.Uint64(b[8*i:])) }
	at := func(i int) time.Time {
		if word(i) == 0 {
			return time.Time{}
		}
		return time.UnixMilli(word(i))
	}
	span := func(i int) time.Duration { return time.Duration(word(i)) * time.Millisecond }
	*m = Mark{
		Issued: at(0), Hub: at(1), Seen: at(2),
		Mask: span(3), Wipe: span(4), Spent: span(5),
		Settled: uint64(word(6)),
	}
	return nil
}

// Raised returns m with a floor no lower than that of o, an older mark of the
// same screen. The lease is m's: a hub whose clock was set back may well have
// issued the newer one with an earlier date.
func (m Mark) Raised(o Mark) Mark {
	if o.Hub.After(m.Hub) {
		m.Hub = o.Hub
	}
	if o.Seen.After(m.Seen) {
		m.Seen = o.Seen
	}
	if o.Issued.Equal(m.Issued) {
		m.Spent = max(m.Spent, o.Spent)
	}
	m.Settled = max(m.Settled, o.Settled)
	return m
}

package cache

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"tavle/player/seal"
	"tavle/sync/wire"
)

// A Clock is the floor of a screen's trusted clock.
type Clock struct {
	Hub   time.Time     // latest time the hub was heard to say; zero: never
	Seen  time.Time     // latest time this screen believed it was; zero: never
	Spent time.Duration // powered on since the lease was issued
}

// Lease returns the lease as the hub last gave it, and whether there is one. It
// does not say whether the lease still holds.
func (c *Cache) Lease() (wire.Lease, bool) {
	m := c.mark.value()
	if m.Issued.IsZero() {
		return wire.Lease{}, false
	}
	return wire.Lease{
		IssuedMS: m.Issued.UnixMilli(), MaskS: int64(m.Mask / time.Second), WipeS: int64(m.Wipe / time.Second),
	}, true
}

// SetLease stores the lease, durably, and what the hub's clock read then: that is
// the floor from now on, also where it lies below what was believed before, as
// after a day on which the hub's clock was wrong. A lease that is not the one we
// have starts Spent again from 0.
func (c *Cache) SetLease(l wire.Lease, hub time.Time) error {
	err := c.mark.change(func(m *seal.Mark) {
		if !m.Issued.Equal(l.Issued()) {
			m.Spent = 0
		}
		m.Issued, m.Mask, m.Wipe = l.Issued(), l.Mask(), l.Wipe()
		m.Hub = hub
		if m.Seen.After(hub) {
			m.Seen = hub
		}
	})
	if err != nil {
		return fmt.Errorf("lease: %w", err)
	}
	c.wake()
	return nil
}

// Clock returns the clock's floor.
func (c *Cache) Clock() Clock {
	m := c.mark.value()
	return Clock{Hub: m.Hub, Seen: m.Seen, Spent: m.Spent}
}

// SetClock raises the clock's floor, durably; it never lowers it. It
// costs one write of 4 KiB in place and one fsync.
func (c *Cache) SetClock(t Clock) error {
	err := c.mark.change(func(m *seal.Mark) {
		m.Hub, m.Seen, m.Spent = later(m.Hub, t.Hub), later(m.Seen, t.Seen), max(m.Spent, t.Spent)
	})
	if err != nil {
		return fmt.Errorf("clock: %w", err)
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// epochSettled notes that the cache file has this privacy epoch.
func (c *Cache) epochSettled(epoch uint64) {
	if c.mark.value().Settled >= epoch {
		return
	}
	// Without it, a start would take a file rolled back to just before this
	// change for one that was cut off: nobody is shown by that.
	if err := c.mark.change(func(m *seal.Mark) { m.Settled = max(m.Settled, epoch) }); err != nil {
		c.log.Warn("epoch could not be noted", "error", err)
	}
}

// A mark is the file of a [seal.Mark] and of [Tries]: two slots of 4 KiB, written
// in turn, each a box with its number. A power cut tears the slot that is being written; the
// other one stands. No rename, no new block: it changes every hour for years.
type mark struct {
	sync.Mutex
	f    *os.File
	key  seal.Key
	cfg  Options
	now  seal.Mark
	try  []Tries
	turn uint64 // number of the slot last written
}

const (
	slotSize  = 4096
	markSlots = 2
)

var markPlace = seal.Place{Bucket: 'k'}

func (c *Cache) openMark() error {
	m, keys := &c.mark, c.state.keys
	m.Lock()
	defer m.Unlock()
	f, err := os.OpenFile(c.path(markFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("mark: %w", err)
	}
	m.f, m.key, m.cfg = f, keys.Mark.Copy(), c.opt
	m.now, m.try, m.turn = seal.Mark{}, nil, 0
	found := false
	for slot := range int64(markSlots) {
		got, tries, turn, err := m.read(slot)
		if err == nil && turn >= m.turn {
			m.now, m.try, m.turn, found = got, tries, turn, true
		}
	}
	if found {
		m.now = m.now.Raised(keys.Noted)
		return nil
	}
	// None to be read: what the keyring remembers, and no doubt in favour of the
	// cache file.
	m.now = keys.Noted
	m.now.Settled = keys.Epoch
	return errors.Join(m.write(), m.write()) // both slots: no later write needs space
}

func (m *mark) read(slot int64) (got seal.Mark, tries []Tries, turn uint64, err error) {
	b := make([]byte, slotSize)
	if _, err := m.f.ReadAt(b, slot*slotSize); err != nil {
		return got, nil, 0, err
	}
	n := int(binary.BigEndian.Uint16(b))
	if n > slotSize-2 {
		return got, nil, 0, seal.ErrSealed
	}
	plain, stamp, err := m.key.Open(markPlace, b[2:2+n])
	if err != nil {
		return got, nil, 0, err
	}
	rest := plain[min(seal.MarkSize, len(plain)):]
	if err := got.UnmarshalBinary(plain[:len(plain)-len(rest)]); err != nil {
		return got, nil, 0, err
	}
	tries, err = readTries(rest)
	return got, tries, stamp.Seq, err
}

// write writes m.now into the next slot.
func (m *mark) write() error {
	if m.f == nil {
		return ErrClosed
	}
	plain, err := m.now.AppendBinary(nil)
	if err != nil {
		return err
	}
	plain = appendTries(plain, m.try)
	turn := m.turn + 1
	box, err := m.key.Seal(markPlace, seal.Stamp{Seq: turn}, plain, seal.PadRecord, m.cfg.Rand)
	if err != nil {
		return err
	}
	slot := make([]byte, slotSize)
	binary.BigEndian.PutUint16(slot, uint16(len(box))) // some 2000 at most
	copy(slot[2:], box)
	if _, err := m.f.WriteAt(slot, int64(turn%markSlots)*slotSize); err != nil { // 0 or 1
		return diskErr(err)
	}
	if err := m.f.Sync(); err != nil {
		return diskErr(err)
	}
	m.turn = turn
	return nil
}

// change edits the mark and makes that durable. After an error the old value
// stands.
func (m *mark) change(edit func(*seal.Mark)) error {
	m.Lock()
	defer m.Unlock()
	old := m.now
	edit(&m.now)
	before, _ := old.AppendBinary(nil)
	after, _ := m.now.AppendBinary(nil)
	if bytes.Equal(before, after) {
		return nil
	}
	err := m.write()
	if err != nil {
		m.now = old
	}
	return err
}

func (m *mark) value() seal.Mark {
	m.Lock()
	defer m.Unlock()
	return m.now
}

func (m *mark) close() error {
	m.Lock()
	defer m.Unlock()
	m.key.Destroy()
	m.key, m.now, m.try = seal.Key{}, seal.Mark{}, nil
	if m.f == nil {
		return nil
	}
	err := m.f.Close()
	m.f = nil
	return err
}

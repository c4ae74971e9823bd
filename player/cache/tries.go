package cache

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"tavle/sync/record"
)

// Tries is how often somebody's picture code was wrong. It says how long that is
// remembered and not until when: no clock that jumps makes it shorter, and time
// while the screen is off does not count.
type Tries struct {
	Who   record.PersonID
	Wrong int
	Left  time.Duration
}

// maxTries bounds of how many people that is kept: of the newest.
const maxTries = 32

// Tries returns what [Cache.SetTries] was told last, before a start too.
func (c *Cache) Tries() []Tries {
	c.mark.Lock()
	defer c.mark.Unlock()
	return slices.Clone(c.mark.try)
}

// SetTries stores these instead, durably, sealed and in place: one write of 4 KiB
// and one fsync. The oldest are first; beyond 32 they go.
func (c *Cache) SetTries(all []Tries) error {
	m := &c.mark
	m.Lock()
	defer m.Unlock()
	old := m.try
	if slices.Equal(old, all) {
		return nil
	}
	m.try = slices.Clone(all[max(0, len(all)-maxTries):])
	if err := m.write(); err != nil {
		m.try = old
		return fmt.Errorf("tries: %w", err)
	}
	return nil
}

// appendTries appends them: of each the ID's length in one byte, the ID, how often
// in one byte, and milliseconds in four.
func appendTries(b []byte, all []Tries) []byte {
	for _, t := range all {
		id := string(t.Who)[:min(len(t.Who), 40)] // the longest of a hub
		b = append(b, byte(len(id)))
		b = append(b, id...)
		b = append(b, byte(min(max(t.Wrong, 0), 255)))
		b = binary.BigEndian.AppendUint32(b, uint32(min(max(t.Left, 0), 24*time.Hour).Milliseconds())) // under 2^27
	}
	return b
}

func readTries(b []byte) (all []Tries, err error) {
	for len(b) > 0 {
		id, rest, ok := cutField(b)
		if !ok || len(rest) < 5 {
			return nil, errors.New("tries end early")
		}
		all = append(all, Tries{
			Who: record.PersonID(id), Wrong: int(rest[0]), Left: time.Duration(binary.BigEndian.Uint32(rest[1:])) * time.Millisecond,
		})
		b = rest[5:]
	}
	return all, nil
}

package cache

import (
	"encoding/json"
	"os"
	"strconv"

	"tavle/player/seal"
)

// An outbox that does not open is kept under another name: a card that was put
// into another device for a while, a TPM that was away, may give its secret
// back. Then what waited in it is sent after all.

// maxAside is how many are kept. The last one makes room; a screen whose secret
// is lost that often has other troubles.
const maxAside = 9

// keepAside gives the outbox another name.
func (c *Cache) keepAside() error {
	to := c.path(outboxAside)
	for n := 2; n <= maxAside; n++ {
		if _, err := os.Lstat(to); err != nil {
			break
		}
		to = c.path(outboxAside + "." + strconv.Itoa(n))
	}
	return os.Rename(c.path(outboxFile), to)
}

// takeBack moves what waits in outboxes that open again into the present one.
// The hub may have some of it already: signing up twice is signing up once.
func (c *Cache) takeBack(secret seal.Key) {
	for _, path := range c.outboxes()[1:] {
		file, _, err := readAround(path, maxOutboxFile)
		if err != nil || len(file) < headSize {
			continue
		}
		key, id, err := openHead(file, secret)
		if err != nil {
			continue
		}
		j, _ := replay(key, id, file)
		key.Destroy()
		taken, err := c.take(j)
		if err != nil {
			c.log.Warn("outbox taken back in part", "taken", taken, "error", err)
			continue
		}
		c.log.Info("outbox taken back", "taken", taken)
		if err := seal.Shred(path); err != nil {
			c.log.Warn("outbox could not be removed", "error", err)
		}
	}
}

func (c *Cache) take(j journal) (taken int, err error) {
	for _, e := range j.entries {
		if e.Result != nil {
			continue
		}
		if _, err := c.Enqueue(e.Mutation); err != nil {
			return taken, err
		}
		taken++
	}
	return taken, nil
}

// replay returns what a file says.
func replay(key seal.Key, id seal.ID, file []byte) (journal, scan) {
	s := scanFrames(key, id, file[min(headSize, len(file)):])
	j := journal{gap: s.first > 1} // with no more than the beginning lost, nothing is
	for _, p := range s.payloads {
		var n note
		if err := json.Unmarshal(p, &n); err != nil {
			j.gap = true
			continue
		}
		j.apply(n)
	}
	return j, s
}

package cache

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/session"
)

// Options say where a cache lies and what it relies on.
type Options struct {
	// Dir is the cache's own folder; it is made when it is not there.
	Dir string

	// Secret provides the device secret.
	Secret seal.Provider

	// Probe opens the file at path in a child process and returns nil when that
	// went well; see [ProbeBy]. Nil: the file is trusted not to crash bbolt.
	Probe func(path string) error

	// Log hears of what was healed, without personal data. Nil: nobody does.
	Log *slog.Logger

	// Now is the clock by which touches and answers are dated. The same one
	// drives the session, or the ages it reports are wrong. Nil: time.Now.
	Now func() time.Time

	// Rand is where keys and nonces come from. Nil: crypto/rand.
	Rand io.Reader

	// step is called at each step of a change, by name, where a test may fail it
	// or end the process.
	step func(name string) error
}

// Cache is an open cache. All methods may be called from any goroutine; what
// shows (Facts, Photo) never waits for what stores.
type Cache struct {
	opt     Options
	log     *slog.Logger
	lock    *os.File
	changed chan struct{}

	facts  atomic.Pointer[record.Facts]
	outbox outbox
	mark   mark

	// state is the board on disk. Whoever holds it may wait for the disk.
	state struct {
		sync.Mutex
		keys  *seal.Keyring // nil: closed
		db    *bolt.DB      // nil: a rebuild failed, the next Apply tries again
		board board
	}

	// photos is which pictures the board refers to, and which are here.
	photos struct {
		sync.RWMutex
		refs map[record.AssetID]photo
	}
}

// Facts returns what the board says. It is never nil; what it returns does not
// change.
func (c *Cache) Facts() *record.Facts { return c.facts.Load() }

// Changed wakes whoever waits when anything that shows may have changed: after
// Apply, Enqueue, Settle, Reopen, Reinstall, PutPhoto, SetLease, Expire and
// Wipe. One wake-up may stand for many changes.
func (c *Cache) Changed() <-chan struct{} { return c.changed }

func (c *Cache) wake() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

// Stored returns what a session has to know about this screen when it starts.
func (c *Cache) Stored() session.Stored {
	c.state.Lock()
	defer c.state.Unlock()
	inst, entries, next := c.outbox.stored()
	b := c.state.board
	return session.Stored{
		Inst: inst, Board: b.meta.Board, At: b.meta.at(), Hashes: maps.Clone(b.rows),
		Outbox: entries, Next: next, Store: b.meta.State,
	}
}

// Close closes the files and forgets the keys. Nothing is lost by not calling
// it.
func (c *Cache) Close() error {
	c.state.Lock()
	defer c.state.Unlock()
	if c.lock == nil {
		return nil
	}
	err := errors.Join(c.outbox.close(), c.mark.close(), c.closeBoard(), c.lock.Close())
	c.lock = nil
	c.facts.Store(&record.Facts{})
	return err
}

// closeBoard closes the cache file and ends the keys in memory.
func (c *Cache) closeBoard() error {
	s := &c.state
	var err error
	if s.db != nil {
		err = s.db.Close()
		s.db = nil
	}
	c.photos.Lock()
	c.photos.refs = nil
	if s.keys != nil {
		s.keys.Destroy()
		s.keys = nil
	}
	c.photos.Unlock()
	s.board = emptyBoard()
	return err
}

// path returns the path of one file of the folder.
func (c *Cache) path(name string) string { return filepath.Join(c.opt.Dir, name) }

// The files of the folder.
const (
	boardFile   = "cache.db"
	boardAside  = "cache.db.aside"
	keyringFile = "keyring"
	markFile    = "mark"
	outboxFile  = "outbox"
	outboxAside = "outbox.aside" // and outbox.aside.2 to .9
	blobDir     = "blobs"
	lockFile    = "lock"
	spareFile   = "spare"
	wipingFile  = "wiping" // there while a wipe is under way
)

// step marks a point where a test may intervene.
func (c *Cache) step(name string) error {
	if c.opt.step == nil {
		return nil
	}
	return c.opt.step(name)
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return o
}

// takeLock takes the folder for this process. The kernel lets go of it when
// the process ends, however it ends.
func takeLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrInUse
		}
		return nil, fmt.Errorf("lock: %w", err)
	}
	return f, nil
}

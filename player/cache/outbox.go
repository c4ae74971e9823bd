package cache

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"tavle/player/seal"
	"tavle/sync/session"
	"tavle/sync/wire"
)

const (
	// outboxSpace is what the file takes from the start, in bytes, written so
	// that it is really ours: on a disk that has filled up since, more than
	// MaxWaiting touches of some 320 bytes still find room.
	outboxSpace = 512 << 10

	// outboxGrow is by how much it grows when that is not enough.
	outboxGrow = 128 << 10

	// maxOutboxFile is the largest outbox that is read, in bytes: four times
	// what maxJournal entries with the longest text take.
	maxOutboxFile = 16 << 20
)

// An outbox keeps what residents touched until the hub has answered, and a
// while longer. Every change is one note at the end of the file, with one
// fsync; see frame.go for the file and journal.go for what notes mean.
//
// It has a lock of its own: a touch never waits for a board being stored.
type outbox struct {
	sync.Mutex
	path   string
	random io.Reader
	now    func() time.Time
	log    *slog.Logger
	fsync  func(*os.File) error // which a test may fail

	f     *os.File // nil: to be opened again
	head  []byte
	key   seal.Key // zero: closed
	id    seal.ID
	gen   uint64 // of the file
	index uint64 // of the next frame
	end   int64  // where it goes
	size  int64  // of the file

	j journal
}

// openOutbox opens the outbox, or begins one. Keys may be nil.
func (c *Cache) openOutbox(keys *seal.Keyring, secret seal.Key) error {
	o := &c.outbox
	o.Lock()
	defer o.Unlock()
	o.path, o.random, o.now, o.log = c.path(outboxFile), c.opt.Rand, c.opt.Now, c.log
	o.fsync = (*os.File).Sync
	file, bad, err := readAround(o.path, maxOutboxFile)
	if bad > 0 {
		c.log.Warn("outbox has unreadable blocks", "blocks", bad)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = o.begin(secret)
	case errors.Is(err, fs.ErrPermission):
	case err == nil && o.unlock(file, keys, secret):
		err = o.recover(file)
	default:
		c.log.Error("outbox does not open, kept aside", "bytes", len(file), "error", err)
		if err = c.keepAside(); err == nil {
			err = o.begin(secret)
		}
	}
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

// unlock finds the key of a file, in its head or in the keyring. That of the
// keyring must open something: a file of another screen is not ours to mend.
func (o *outbox) unlock(file []byte, keys *seal.Keyring, secret seal.Key) bool {
	key, id, err := openHead(file, secret)
	if err == nil {
		o.key, o.id, o.head = key, id, bytes.Clone(file[:headSize])
		return true
	}
	if keys == nil || keys.Outbox.IsZero() {
		return false
	}
	if _, s := replay(keys.Outbox, keys.OutboxID, file); len(s.payloads) == 0 {
		return false
	}
	o.log.Warn("outbox head damaged, using the keyring", "error", err)
	o.key, o.id = keys.Outbox.Copy(), keys.OutboxID
	o.head, err = outboxHead(secret, o.key, o.id, o.random)
	return err == nil
}

// begin makes an outbox that is new in every way.
func (o *outbox) begin(secret seal.Key) error {
	var err error
	if o.key, err = seal.NewKey(o.random); err != nil {
		return err
	}
	if o.id, err = seal.NewID(o.random); err != nil {
		return err
	}
	if o.head, err = outboxHead(secret, o.key, o.id, o.random); err != nil {
		return err
	}
	inst, err := o.newInst()
	if err != nil {
		return err
	}
	o.j = journal{inst: inst, next: 1}
	o.gen = 0
	return o.rewrite()
}

func (o *outbox) newInst() (string, error) {
	id, err := seal.NewID(o.random)
	return hex.EncodeToString(id[:]), err
}

// recover reads a file and mends what it can.
func (o *outbox) recover(file []byte) error {
	var s scan
	o.j, s = replay(o.key, o.id, file)
	o.gen, o.index, o.end, o.size = s.gen, s.index, int64(headSize+s.end), int64(len(file))
	if s.lost > 0 || s.torn {
		o.log.Warn("outbox mended", "frames_lost", s.lost, "tail_cut", s.torn, "waiting", o.j.waiting())
	}
	if o.j.inst == "" || !o.j.whole() {
		// Numbers are missing. The hub takes none after a gap, so what waits is
		// offered under a new name; what it has already, it recognises.
		inst, err := o.newInst()
		if err != nil {
			return err
		}
		o.log.Warn("outbox numbered anew", "waiting", o.j.waiting())
		o.j.renew(inst)
		o.j.gap = false
		return o.rewriteOr(noteRenew)
	}
	damaged := s.lost > 0 || s.torn || len(file) < headSize || string(file[:headSize]) != string(o.head)
	if damaged || o.size < outboxSpace || o.wasteful() {
		return o.rewriteOr("")
	}
	return o.open()
}

// rewriteOr rewrites the file. When the disk has no room for that it goes on
// with the old one, where the note, if any, says what changed.
func (o *outbox) rewriteOr(op string) error {
	err := o.rewrite()
	if err == nil {
		return nil
	}
	o.log.Warn("outbox could not be rewritten", "error", err)
	if err := o.open(); err != nil {
		return err
	}
	if op == "" {
		return nil
	}
	return o.write(note{Op: op})
}

// open opens whatever file has the name now.
func (o *outbox) open() error {
	if o.f != nil {
		_ = o.f.Close()
		o.f = nil
	}
	f, err := os.OpenFile(o.path, os.O_RDWR, 0)
	if err == nil {
		o.f = f
	}
	return err
}

func (o *outbox) closed() bool { return o.key.IsZero() }

// wasteful reports whether most of the file is past.
func (o *outbox) wasteful() bool {
	live := headSize + (int64(len(o.j.entries))+1)*512
	return o.end > outboxSpace/2 && live < o.end/2
}

// rewrite writes the journal into a new file, with space ahead, and moves it
// over the old one, which it overwrites.
func (o *outbox) rewrite() error {
	gen := o.gen + 1
	file := append([]byte(nil), o.head...)
	index := uint64(0)
	add := func(n note) error {
		payload, err := json.Marshal(n)
		if err != nil {
			return err
		}
		frame, err := sealFrame(o.key, o.id, gen, index, payload, o.random)
		file = append(file, frame...)
		index++
		return err
	}
	if err := add(note{Op: noteBegin, Inst: o.j.inst, Next: o.j.oldest(), At: o.now().UnixMilli()}); err != nil {
		return err
	}
	for _, e := range o.j.entries {
		m := e.Mutation
		n := note{Op: noteKeep, Inst: o.j.inst, Next: m.Seq + 1, Mutation: &m}
		if e.Result != nil {
			n.Results, n.At = []wire.Result{*e.Result}, e.answered.UnixMilli()
		}
		if err := add(n); err != nil {
			return err
		}
	}
	end := int64(len(file))
	file = append(file, make([]byte, max(outboxSpace-end, maxFrame))...)
	before, _ := os.Stat(o.path)
	err := seal.Replace(o.path, file)
	if now, statErr := os.Stat(o.path); err != nil && (statErr != nil || os.SameFile(before, now)) {
		return diskErr(err)
	}
	// From here on the new file is the one that has the name, and nothing may go
	// into the old one any more, whatever else went wrong.
	o.gen, o.index, o.end, o.size = gen, index, end, int64(len(file))
	return diskErr(errors.Join(err, o.open()))
}

// write adds one note to the file, durably, and makes its change. Inst, Next
// and At are filled in.
func (o *outbox) write(n note) error {
	if o.closed() {
		return ErrClosed
	}
	if o.f == nil {
		if err := o.open(); err != nil {
			return err
		}
	}
	n.At = o.now().UnixMilli()
	n.Next = o.j.after(n)
	if n.Inst == "" {
		n.Inst = o.j.inst
	}
	payload, err := json.Marshal(n)
	if err != nil {
		return err
	}
	if err := o.makeRoom(frameSize(len(payload))); err != nil {
		return err
	}
	frame, err := sealFrame(o.key, o.id, o.gen, o.index, payload, o.random)
	if err != nil {
		return err
	}
	_, err = o.f.WriteAt(frame, o.end)
	if err == nil {
		err = o.fsync(o.f)
	}
	if err != nil {
		// Whoever touched is told that it was not stored; so it must not turn up
		// after the next start.
		_, _ = o.f.WriteAt(make([]byte, len(frame)), o.end)
		_ = o.f.Sync()
		return diskErr(err)
	}
	o.end += int64(len(frame))
	o.index++
	o.j.apply(n)
	return nil
}

// makeRoom sees to it that n more bytes fit, and that what fits is on the disk.
func (o *outbox) makeRoom(frame int) error {
	n := int64(frame)
	if o.end+n <= o.size {
		return nil
	}
	if o.wasteful() {
		if err := o.rewrite(); err == nil && o.end+n <= o.size {
			return nil
		}
	}
	if o.size+outboxGrow > maxOutboxFile {
		return ErrOutboxFull
	}
	if _, err := o.f.WriteAt(make([]byte, outboxGrow), o.size); err != nil {
		_ = o.f.Truncate(o.size)
		return diskErr(err)
	}
	if err := o.f.Sync(); err != nil {
		return diskErr(err)
	}
	o.size += outboxGrow
	return nil
}

// stored returns what a session starts with.
func (o *outbox) stored() (inst string, entries []session.Entry, next uint64) {
	o.Lock()
	defer o.Unlock()
	return o.j.inst, o.j.session(), o.j.next
}

func (o *outbox) close() error {
	o.Lock()
	defer o.Unlock()
	o.key.Destroy()
	o.key, o.j, o.head = seal.Key{}, journal{}, nil
	if o.f == nil {
		return nil
	}
	err := o.f.Close()
	o.f = nil
	return err
}

// readAround reads the first limit bytes of a file. What the disk does not
// give, block by block, reads as zeros: one bad sector costs the frames on it
// and no others.
func readAround(path string, limit int64) (b []byte, bad int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("not a regular file (%s)", info.Mode().Type())
	}
	b = make([]byte, min(info.Size(), limit))
	const block = 4096
	for at := 0; at < len(b); at += block {
		part := b[at:min(at+block, len(b))]
		if _, err := f.ReadAt(part, int64(at)); err != nil {
			clear(part)
			bad++
		}
	}
	return b, bad, nil
}

package client

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// A store is what a screen keeps, on a disk that a test can fill up.
type store struct {
	sync.Mutex
	stored  session.Stored
	rows    map[record.Key]record.Row
	photos  map[record.AssetID][]byte
	wanted  []record.AssetID
	results map[uint64]wire.Result
	lease   wire.Lease
	wipes   int
	fail    func(what string) error
}

func newStore() *store {
	return &store{
		stored: session.Stored{Inst: "inst", Next: 1}, rows: map[record.Key]record.Row{},
		photos: map[record.AssetID][]byte{}, results: map[uint64]wire.Result{}, fail: func(string) error { return nil },
	}
}

var errDisk = errors.New("no space left on device")

// Stored implements [Store].
func (s *store) Stored() session.Stored {
	s.Lock()
	defer s.Unlock()
	out := s.stored
	out.Hashes = map[record.Key]uint64{}
	for k, r := range s.rows {
		out.Hashes[k] = r.Hash()
	}
	out.Outbox = slices.Clone(s.stored.Outbox)
	return out
}

// Outbox implements [Store].
func (s *store) Outbox() []session.Entry { return s.Stored().Outbox }

// Enter implements [Store].
func (s *store) Enter(board record.BoardID, wipe bool) error {
	s.Lock()
	defer s.Unlock()
	if err := s.fail("enter"); err != nil {
		return err
	}
	if wipe {
		clear(s.rows)
		s.stored.At = record.Position{}
	}
	s.stored.Board = board
	return nil
}

// Apply implements [Store].
func (s *store) Apply(ops []record.Op, at record.Position, replace bool) error {
	s.Lock()
	defer s.Unlock()
	if err := s.fail("apply"); err != nil {
		return err
	}
	if replace {
		clear(s.rows)
	}
	for _, op := range ops {
		if op.Delete {
			delete(s.rows, op.Key)
		} else {
			s.rows[op.Key] = op.Row
		}
	}
	s.stored.At = at
	return nil
}

// Settle implements [Store].
func (s *store) Settle(results []wire.Result) error {
	s.Lock()
	defer s.Unlock()
	if err := s.fail("settle"); err != nil {
		return err
	}
	for _, r := range results {
		s.results[r.Seq] = r
		for i := range s.stored.Outbox {
			if e := &s.stored.Outbox[i]; e.Seq == r.Seq {
				e.Result = &r
			}
		}
	}
	return nil
}

// Reopen implements [Store].
func (s *store) Reopen(above uint64) error {
	s.Lock()
	defer s.Unlock()
	for i := range s.stored.Outbox {
		if e := &s.stored.Outbox[i]; e.Seq > above {
			e.Result = nil
		}
	}
	return nil
}

// Reinstall implements [Store].
func (s *store) Reinstall() (string, []session.Entry, uint64, error) {
	s.Lock()
	defer s.Unlock()
	if err := s.fail("reinstall"); err != nil {
		return "", nil, 0, err
	}
	s.stored.Outbox = slices.DeleteFunc(s.stored.Outbox, func(e session.Entry) bool { return e.Result != nil })
	for i := range s.stored.Outbox {
		s.stored.Outbox[i].Seq = uint64(i) + 1
	}
	s.stored.Inst += "'"
	s.stored.Next = uint64(len(s.stored.Outbox)) + 1
	return s.stored.Inst, slices.Clone(s.stored.Outbox), s.stored.Next, nil
}

// SetLease implements [Store].
func (s *store) SetLease(l wire.Lease, _ time.Time) error {
	s.Lock()
	defer s.Unlock()
	if err := s.fail("lease"); err != nil {
		return err
	}
	s.lease = l
	return nil
}

// Wipe implements [Store].
func (s *store) Wipe() error {
	s.Lock()
	defer s.Unlock()
	s.wipes++
	if err := s.fail("wipe"); err != nil {
		return err
	}
	s.stored = session.Stored{Inst: "another", Next: 1}
	clear(s.rows)
	clear(s.photos)
	return nil
}

// MissingPhotos implements [Store].
func (s *store) MissingPhotos() (out []record.AssetID) {
	s.Lock()
	defer s.Unlock()
	for _, id := range s.wanted {
		if _, here := s.photos[id]; !here {
			out = append(out, id)
		}
	}
	return out
}

// PutPhoto implements [Store].
func (s *store) PutPhoto(id record.AssetID, content []byte) error {
	s.Lock()
	defer s.Unlock()
	s.photos[id] = content
	return nil
}

// enqueue keeps one touch.
func (s *store) enqueue() {
	s.Lock()
	defer s.Unlock()
	m := wire.Mutation{Seq: s.stored.Next, Op: wire.OpSignUp, On: wire.RowKey{Kind: record.KindActivity, ID: "a"}, Who: "p"}
	s.stored.Outbox = append(s.stored.Outbox, session.Entry{Mutation: m})
	s.stored.Next++
}

func (s *store) at() record.Position {
	s.Lock()
	defer s.Unlock()
	return s.stored.At
}

// names returns who is on the board.
func (s *store) names() (out []string) {
	s.Lock()
	defer s.Unlock()
	for k := range maps.Keys(s.rows) {
		out = append(out, k.ID)
	}
	slices.Sort(out)
	return out
}

func (s *store) result(seq uint64) wire.Outcome {
	s.Lock()
	defer s.Unlock()
	return s.results[seq].Outcome
}

// failing fails these things until the returned function is called.
func (s *store) failing(what ...string) (mend func()) {
	set := func(f func(string) error) {
		s.Lock()
		defer s.Unlock()
		s.fail = f
	}
	set(func(w string) error {
		if slices.Contains(what, w) {
			return errDisk
		}
		return nil
	})
	return func() { set(func(string) error { return nil }) }
}

package player

import (
	"sync"
	"time"

	"tavle/player/cache"
	"tavle/sync/wire"
)

// A store is the cache as the client sees it. The hub renews the lease every few
// minutes; written to a card every time, that would wear it out. So the lease in
// force is kept here and an older one stands on disk, for an hour at most: after
// a start it ends sooner than it might have, never later.
type store struct {
	*cache.Cache
	lease struct {
		sync.Mutex
		now   wire.Lease
		has   bool
		hub   time.Time // what the hub's clock read when it gave it
		saved time.Time // as issued, on disk
	}
}

// SetLease implements [client.Store].
func (s *store) SetLease(l wire.Lease, hub time.Time) error {
	s.lease.Lock()
	defer s.lease.Unlock()
	old := s.lease.now
	same := s.lease.has && old.MaskS == l.MaskS && old.WipeS == l.WipeS
	s.lease.now, s.lease.has, s.lease.hub = l, true, hub
	if same && l.Issued().Sub(s.lease.saved) < saveEvery {
		return nil
	}
	if err := s.Cache.SetLease(l, hub); err != nil {
		return err
	}
	s.lease.saved = l.Issued()
	return nil
}

// Lease returns the lease in force.
func (s *store) Lease() (wire.Lease, bool) {
	s.lease.Lock()
	defer s.lease.Unlock()
	if s.lease.has {
		return s.lease.now, true
	}
	return s.Cache.Lease()
}

// given reports whether the lease in force was given since this start, and what
// the hub's clock read then.
func (s *store) given() (hub time.Time, ok bool) {
	s.lease.Lock()
	defer s.lease.Unlock()
	return s.lease.hub, s.lease.has
}

// forget drops the lease in force, after a wipe.
func (s *store) forget() {
	s.lease.Lock()
	defer s.lease.Unlock()
	s.lease.has, s.lease.now = false, wire.Lease{}
}

// flush writes the lease in force, before the player ends.
func (s *store) flush(hub time.Time) error {
	s.lease.Lock()
	defer s.lease.Unlock()
	if !s.lease.has || s.lease.now.Issued().Equal(s.lease.saved) {
		return nil
	}
	return s.Cache.SetLease(s.lease.now, hub)
}

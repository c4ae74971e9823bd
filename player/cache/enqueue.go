package cache

// Flow, a touch on its way to the hub (the fourth hop, with player/effects.go;
// the third is player/ui/update.go, the fifth sync/client/outbox.go):
//
//	Enqueue(mutation)   numbered, sealed, at the end of the file: durable
//	  → "saved" may be shown, and the session told (Touched)
//	Settle(results)     what the hub answered: durable
//	  → the session may send rack
//	Forget(before)      answered long enough ago; a refused wish is asked again
//
// What was accepted here survives the loss of every other file of the folder,
// keyring included, as long as the device secret is there.

import (
	"fmt"
	"time"

	"tavle/sync/session"
	"tavle/sync/wire"
)

// Enqueue gives m the next number and stores it: when it returns without an
// error, m is durable and will reach the hub. Seq and AgeMS of m are not looked
// at.
//
// [ErrOutboxFull] and [ErrDiskFull] mean that the touch was not stored and
// somebody must be told; another error is the disk, or a mutation the protocol
// has no room for.
func (c *Cache) Enqueue(m wire.Mutation) (wire.Mutation, error) {
	o := &c.outbox
	o.Lock()
	defer o.Unlock()
	if o.closed() {
		return m, ErrClosed
	}
	m.Seq, m.AgeMS = o.j.next, nil
	if err := m.Check(); err != nil {
		return m, err
	}
	if len(o.j.entries) >= maxJournal {
		if err := o.forget(time.Time{}, maxJournal*3/4); err != nil {
			return m, err
		}
	}
	if o.j.waiting() >= MaxWaiting || len(o.j.entries) >= maxJournal {
		return m, ErrOutboxFull
	}
	if err := o.write(note{Op: noteAdd, Mutation: &m}); err != nil {
		return m, fmt.Errorf("mutation %d: %w", m.Seq, err)
	}
	o.j.entries[len(o.j.entries)-1].Touched = o.now()
	c.wake()
	return m, nil
}

// Outbox returns what is kept of touches, in order: all that wait for an
// answer, and those answered since [Cache.Forget]. Touched is by Options.Now
// and only known of touches since Open.
func (c *Cache) Outbox() []session.Entry {
	_, entries, _ := c.outbox.stored()
	return entries
}

// Settle stores what became of mutations, durably. Results of mutations that
// are not kept, or were answered before, change nothing.
func (c *Cache) Settle(results []wire.Result) error {
	o := &c.outbox
	o.Lock()
	defer o.Unlock()
	if o.closed() {
		return ErrClosed
	}
	var news []wire.Result
	for _, r := range results {
		if e := o.j.find(r.Seq); e != nil && e.Result == nil {
			news = append(news, r)
		}
	}
	for len(news) > 0 {
		n := min(len(news), wire.MaxMuts)
		if err := o.write(note{Op: noteSettle, Results: news[:n]}); err != nil {
			return fmt.Errorf("results: %w", err)
		}
		news = news[n:]
		c.wake()
	}
	return nil
}

// Reopen makes answered mutations with a number above above wait again,
// durably: the hub was restored from before it knew them.
func (c *Cache) Reopen(above uint64) error {
	o := &c.outbox
	o.Lock()
	defer o.Unlock()
	if err := o.write(note{Op: noteReopen, Seq: above}); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	c.wake()
	return nil
}

// Reinstall gives this installation a new name, drops what was answered and
// numbers what waits again from 1. It returns the name, what waits, and the
// number of the next mutation.
func (c *Cache) Reinstall() (inst string, entries []session.Entry, next uint64, err error) {
	o := &c.outbox
	o.Lock()
	defer o.Unlock()
	if inst, err = o.newInst(); err == nil {
		err = o.write(note{Op: noteRenew, Inst: inst})
	}
	if err != nil {
		return "", nil, 0, fmt.Errorf("outbox: %w", err)
	}
	c.wake()
	return o.j.inst, o.j.session(), o.j.next, nil
}

// Forget drops mutations that were answered before a time, oldest first, up to
// the first that was not. It returns the number of the oldest one kept, or of
// the next one when none is. The protocol wants them kept for 48 hours.
//
// A wish to be shown less that the hub refused stays: it is asked again, under a new
// number and durably before the old one goes, for as long as it is refused. What
// somebody took back would be shown again otherwise, and nobody had decided that.
func (c *Cache) Forget(before time.Time) (oldestKept uint64, err error) {
	o := &c.outbox
	o.Lock()
	defer o.Unlock()
	if o.closed() {
		return 0, ErrClosed
	}
	err = o.forget(before, maxJournal)
	return o.j.oldest(), err
}

func (o *outbox) forget(before time.Time, keep int) error {
	below := o.j.past(before, keep)
	if below == o.j.oldest() {
		return nil
	}
	for _, m := range o.j.refused(below) {
		m.Seq = o.j.next
		if err := o.write(note{Op: noteAdd, Mutation: &m}); err != nil {
			return fmt.Errorf("mutation %d: %w", m.Seq, err)
		}
		o.j.entries[len(o.j.entries)-1].Touched = o.now()
	}
	if err := o.write(note{Op: noteForget, Seq: below}); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

// Package lease decides what a screen may still do without its hub: it knows what
// time it is on a machine that may have no clock of its own, and what is left of a
// lease by then. It reads no clock itself.
package lease

import (
	"time"

	"tavle/sync/wire"
)

// How long people are shown after a start without any clock to be trusted.
const untrustedFor = 4 * time.Hour

// A Clock knows what time it is on a machine that may have no clock of its own.
//
// The hub's time, once heard, counts on from there. Before that it is whatever
// is later of the machine's clock and the last time known on disk; a machine's
// clock that goes back is not believed.
type Clock struct {
	started time.Time // by the machine, for elapsed time
	floor   time.Time // the latest time known to have been
	sure    bool      // the machine's clock is set from somewhere (NTP, RTC)

	hub   time.Time     // what the hub said
	hubAt time.Time     // when, by the machine
	late  time.Duration // by which that was longer under way than what it said before, at most

	// Leased says that the hub that was heard also gave the lease in force, since this
	// start.
	Leased bool

	// Spent is how long, at most, the machine ran without a clock before this start,
	// since it was given its lease.
	Spent time.Duration
}

// NewClock returns a clock of a machine that started now. Sure says that its own
// clock is set from somewhere; known are times that are known to have been.
func NewClock(now time.Time, sure bool, known ...time.Time) Clock {
	c := Clock{started: now, sure: sure}
	for _, t := range known {
		c.floor = later(c.floor, t)
	}
	return c
}

// Heard says what the hub's clock reads at the machine's time now.
func (c *Clock) Heard(hub, now time.Time) {
	late := time.Duration(0)
	if d := c.At(now).Add(c.late).Sub(hub); !c.hub.IsZero() && d > 0 && d <= wire.SilenceTimeout {
		late = d
	}
	// Each message was some way under way, so the latest claim is the best one;
	// a hub whose clock is set back is followed, as the house goes by it. But what
	// comes late over a line that stalled must not give a lease more time: within
	// what a connection bears of silence, the lease believes the earlier claim.
	c.hub, c.hubAt, c.late = hub, now, late
}

// At returns the time at the machine's time now. Elapsed time is monotonic.
func (c *Clock) At(now time.Time) time.Time {
	if !c.hub.IsZero() {
		return c.hub.Add(now.Sub(c.hubAt))
	}
	return later(now.Round(0), c.floor.Add(now.Sub(c.started)))
}

// Hub returns what the hub's clock read when it was heard last; zero: not since
// this start.
func (c *Clock) Hub() time.Time { return c.hub }

// strict returns the time the lease is judged by: the latest anybody claims. A
// lease the hub has just given is judged by the hub's clock alone: neither a
// wrong clock of the machine nor what the hub said when its own was wrong makes
// it old.
func (c *Clock) strict(now time.Time) time.Time {
	t := c.At(now).Add(c.late)
	if c.Leased {
		return t
	}
	t = later(t, c.floor)
	if c.sure {
		t = later(t, now.Round(0))
	}
	return t
}

// Trusted reports whether the time has been confirmed by anything.
func (c *Clock) Trusted() bool { return c.sure || !c.hub.IsZero() }

// Used returns how long, at most, the machine has run without a clock. However
// often it is switched off and on, that counts against its lease.
func (c *Clock) Used(now time.Time) time.Duration { return c.Spent + now.Sub(c.started) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

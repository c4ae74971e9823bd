package player

import (
	"time"

	"tavle/sync/wire"
)

// How long people are shown after a start without any clock to be trusted
// (PRIVACY 4.6).
const untrustedFor = 4 * time.Hour

// A clock knows what time it is on a machine that may have no clock of its own.
//
// The hub's time, once heard, counts on from there. Before that it is whatever
// is later of the machine's clock and the last time known on disk; a machine's
// clock that goes back is not believed.
type clock struct {
	started time.Time // by the machine, for elapsed time
	floor   time.Time // the latest time known to have been
	sure    bool      // the machine's clock is set from somewhere (NTP, RTC)

	hub   time.Time     // what the hub said
	hubAt time.Time     // when, by the machine
	late  time.Duration // by which that was longer under way than what it said before, at most

	leased bool // the hub that was heard also gave the lease, since this start

	spent time.Duration // powered on without a clock before this start, at most
}

// newClock returns a clock of a machine that started now.
func newClock(now, floor time.Time, sure bool) clock {
	return clock{started: now, floor: floor, sure: sure}
}

// heard says what the hub's clock reads at the machine's time now.
func (c *clock) heard(hub, now time.Time) {
	late := time.Duration(0)
	if d := c.at(now).Add(c.late).Sub(hub); !c.hub.IsZero() && d > 0 && d <= wire.SilenceTimeout {
		late = d
	}
	// Each message was some way under way, so the latest claim is the best one;
	// a hub whose clock is set back is followed, as the house goes by it. But what
	// comes late over a line that stalled must not give a lease more time: within
	// what a connection bears of silence, the lease believes the earlier claim.
	c.hub, c.hubAt, c.late = hub, now, late
}

// at returns the time at the machine's time now. Elapsed time is monotonic.
func (c *clock) at(now time.Time) time.Time {
	if !c.hub.IsZero() {
		return c.hub.Add(now.Sub(c.hubAt))
	}
	return later(now.Round(0), c.floor.Add(now.Sub(c.started)))
}

// strict returns the time the lease is judged by: the latest anybody claims. A
// lease the hub has just given is judged by the hub's clock alone: neither a
// wrong clock of the machine nor what the hub said when its own was wrong makes
// it old.
func (c *clock) strict(now time.Time) time.Time {
	t := c.at(now).Add(c.late)
	if c.leased {
		return t
	}
	t = later(t, c.floor)
	if c.sure {
		t = later(t, now.Round(0))
	}
	return t
}

// trusted reports whether the time has been confirmed by anything.
func (c *clock) trusted() bool { return c.sure || !c.hub.IsZero() }

// used returns how long, at most, the machine has run without a clock. However
// often it is switched off and on, that counts against its lease.
func (c *clock) used(now time.Time) time.Duration { return c.spent + now.Sub(c.started) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

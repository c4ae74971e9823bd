package player

import (
	"time"

	"tavle/sync/wire"
)

// A leaseState is what a screen may still do without the hub.
type leaseState uint8

const (
	fresh  leaseState = iota // people are shown
	masked                   // nobody is named or pictured (V-20)
	ended                    // keys are destroyed
)

// String returns the state in one word, for the log.
func (s leaseState) String() string { return [...]string{"fresh", "masked", "ended"}[s] }

// leaseAt returns the state of a lease, and when it changes by itself; zero:
// never. A screen without a lease has never been allowed to show anybody.
func leaseAt(l wire.Lease, has bool, c *clock, now time.Time) (leaseState, time.Time) {
	if !has {
		return masked, time.Time{}
	}
	t := c.strict(now)
	if !c.trusted() {
		t = later(t, l.Issued().Add(c.used(now)))
	}
	mask, wipe := l.Issued().Add(l.Mask()), l.Issued().Add(l.Wipe())
	switch {
	case !t.Before(wipe):
		return ended, time.Time{}
	case !t.Before(mask):
		return masked, now.Add(wipe.Sub(t))
	case c.trusted():
		return fresh, now.Add(mask.Sub(t))
	}
	// Nobody can say how long we were switched off.
	limit := c.started.Add(untrustedFor)
	if !now.Before(limit) {
		return masked, now.Add(wipe.Sub(t))
	}
	if at := now.Add(mask.Sub(t)); at.Before(limit) {
		return fresh, at
	}
	return fresh, limit
}

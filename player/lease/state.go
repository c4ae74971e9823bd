package lease

import (
	"time"

	"tavle/sync/wire"
)

// A State is what a screen may still do without the hub.
type State uint8

// The states, in the order in which they come.
const (
	Fresh  State = iota // people are shown
	Masked              // nobody is named or pictured (V-20)
	Ended               // keys are destroyed
)

// String returns the state in one word, for the log.
func (s State) String() string { return [...]string{"fresh", "masked", "ended"}[s] }

// Judge returns the state of a lease, and when it changes by itself; zero: never. A
// screen without a lease (!has) has never been allowed to show anybody.
func (c *Clock) Judge(l wire.Lease, has bool, now time.Time) (State, time.Time) {
	if !has {
		return Masked, time.Time{}
	}
	t := c.strict(now)
	if !c.Trusted() {
		t = later(t, l.Issued().Add(c.Used(now)))
	}
	mask, wipe := l.Issued().Add(l.Mask()), l.Issued().Add(l.Wipe())
	switch {
	case !t.Before(wipe):
		return Ended, time.Time{}
	case !t.Before(mask):
		return Masked, now.Add(wipe.Sub(t))
	case c.Trusted():
		return Fresh, now.Add(mask.Sub(t))
	}
	// Nobody can say how long we were switched off.
	limit := c.started.Add(untrustedFor)
	if !now.Before(limit) {
		return Masked, now.Add(wipe.Sub(t))
	}
	if at := now.Add(mask.Sub(t)); at.Before(limit) {
		return Fresh, at
	}
	return Fresh, limit
}

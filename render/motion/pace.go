package motion

import "time"

const (
	// Late is how long a frame in between may take. A panel shows a new one every
	// 17 ms; one that takes longer than this has missed its turn.
	Late = 24 * time.Millisecond

	// lates is how many late frames in one move are too many: any machine misses
	// one now and then.
	lates = 2

	// calmFor is how long a machine that was late has it easier, before what it was
	// asked for is tried again: it may have been busy with something else.
	calmFor = time.Hour
)

// A Pace is how well the machine keeps up, and what it is asked for because of
// that. The zero Pace asks for everything.
type Pace struct {
	late  int   // frames, in this move
	least Style // as little as the machine can do
	until time.Time
}

// Style returns how much moves at now, where someone wants this much.
func (p *Pace) Style(want Style, now time.Time) Style {
	if !now.Before(p.until) {
		p.least = Full
	}
	return max(want, p.least)
}

// Begun says that a move begins.
func (p *Pace) Begun() { p.late = 0 }

// Took says how long one frame of a move took, from beginning to work on it until
// it was on the glass, and reports whether from now on less moves than did, which
// was so much: what is under way is best ended.
func (p *Pace) Took(d time.Duration, did Style, now time.Time) bool {
	if d > Late {
		p.late++
	}
	if p.late < lates || did == Off {
		return false
	}
	p.late, p.least, p.until = 0, did+1, now.Add(calmFor)
	return true
}

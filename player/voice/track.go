package voice

import (
	"context"
	"time"
)

// A Track is sound that is made while it is heard, such as a film's: too long to wait
// for, or to keep. It is used by one goroutine.
type Track interface {
	// Left returns how many samples are still to come.
	Left() int
	// Read fills out with the next of them and returns how many.
	Read(out []int16) (int, error)
}

// A Tape is a track, and how it is to be heard.
type Tape struct {
	Track
	Rate int     // samples a second
	Gain float64 // dB
	// Heard is called with how much of it has been heard, once that is known and every
	// so often after.
	Heard func(time.Duration)
}

const (
	// block is how much of a track is made at once.
	block = 20 * time.Millisecond
	// settled is how long a player has to have played before it is believed.
	settled = 300 * time.Millisecond
	// stall is longer than a player ever waits between two helpings once it plays: it
	// was busy with something else, such as finding the sound card.
	stall = 250 * time.Millisecond
	// tells is how often it is said how much has been heard.
	tells = 500 * time.Millisecond
)

// A gauge says how much has been heard of what a player took. What it takes faster
// than it plays it has in hand: in a pipe, in its own memory, in the sound card's. It
// begins to be heard when no more of that fits. From then on the player takes as much
// as is heard, by the clock of the sound card and not by ours, and nothing while it
// stumbles.
type gauge struct {
	rate  int
	taken int           // samples in all
	last  time.Duration // when some were last taken
	lead  time.Duration // the most that was ever taken ahead of our clock
	hand  int           // samples in the player's hand since
	since time.Duration // when that was
	waits time.Duration // the longest it then waited between two helpings
	told  time.Duration // when it was last said how much was heard; 0: never
}

// took notes that a player took n more samples, so long after it was started. ok says
// that it is time to tell how much has been heard.
func (g *gauge) took(n int, at time.Duration) (heard time.Duration, ok bool) {
	first, before, waited := g.taken == 0, g.taken, at-g.last
	g.taken, g.last = g.taken+n, at
	ahead := g.length(g.taken) - at
	more := block * 3 / 2 // helpings and blocks are not of one size
	if at-g.since < block && waited < block/2 {
		more = 0 // it is being filled still
	}
	if first || g.told == 0 && (waited > stall || ahead > g.lead+more) {
		g.lead, g.hand, g.since, g.waits = ahead, g.taken, at, 0
		return 0, false
	}
	if g.told == 0 {
		g.waits = max(g.waits, waited)
	}
	// After the last helping its hands were full: what it had taken more than that was
	// heard. And it has played since.
	heard = g.length(before-g.hand) + min(waited, g.waits)
	switch {
	case waited < block/2: // in the middle of a helping
		return 0, false
	case g.told != 0 && at-g.told < tells:
		return 0, false
	case g.told == 0 && (at-g.since < settled || heard < (at-g.since)*7/10):
		return 0, false
	}
	g.told = at
	return heard, true
}

func (g *gauge) length(samples int) time.Duration {
	return time.Duration(samples) * time.Second / time.Duration(g.rate)
}

// roll gives a track to take, block by block, until it ends or ctx does.
func (t Tape) roll(ctx context.Context, take func([]int16) error) error {
	g, started := gauge{rate: t.Rate}, time.Now()
	out := make([]int16, int(block.Seconds()*float64(t.Rate)))
	for ctx.Err() == nil && t.Left() > 0 {
		n, err := t.Read(out)
		if n == 0 || err != nil {
			return err
		}
		if err := take(Clip{t.Rate, out[:n]}.Louder(t.Gain).Samples); err != nil {
			return err
		}
		if heard, ok := g.took(n, time.Since(started)); ok && t.Heard != nil {
			t.Heard(heard)
		}
	}
	return context.Cause(ctx)
}

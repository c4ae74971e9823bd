package hub

import (
	"context"
	"sync"
	"time"
)

const (
	crowdOf   = 500             // connections
	restAfter = time.Second     // without another one
	restEvery = 2 * time.Minute // at most
)

// crowds are many connections that come, and then no more do. What they needed
// to come is then garbage, which the runtime keeps for as long as nothing happens;
// a hub whose screens are idle for hours gives it back.
type crowds struct {
	rest func() // gives it back
	wake chan struct{}

	sync.Mutex
	came int // since the last rest
}

func newCrowds(rest func()) *crowds { return &crowds{rest: rest, wake: make(chan struct{}, 1)} }

// entered counts a connection.
func (c *crowds) entered() {
	c.Lock()
	defer c.Unlock()
	if c.came++; c.came == crowdOf {
		c.wake <- struct{}{} // whoever was woken before has set came to zero
	}
}

// keepSmall rests after crowds until ctx ends.
func (c *crowds) keepSmall(ctx context.Context) {
	for {
		select {
		case <-c.wake:
		case <-ctx.Done():
			return
		}
		for last := -1; last != c.soFar(); {
			last = c.soFar()
			if !pause(ctx, restAfter) {
				return
			}
		}
		c.Lock()
		c.came = 0
		c.Unlock()
		c.rest()
		if !pause(ctx, restEvery) {
			return
		}
	}
}

func (c *crowds) soFar() int {
	c.Lock()
	defer c.Unlock()
	return c.came
}

// pause waits and reports whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

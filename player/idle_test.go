package player

import (
	"image"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Issue 2, speed and size: between two minutes a wall that nobody touches draws
// nothing and allocates nothing; with the minute it draws once.
func TestIdleWallDrawsAndAllocatesNothing(t *testing.T) {
	alone(t, image.Pt(1920, 1080), portraits(t, 60), func(t *testing.T, l *lone) {
		for range 3 {
			l.pass(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute + time.Second)))
			frames, _ := l.screen.Drawn()
			// It runs once more, to warm up: 57 seconds in all.
			require.Zero(t, testing.AllocsPerRun(2, func() { time.Sleep(19 * time.Second); synctest.Wait() }))
			after, _ := l.screen.Drawn()
			require.Equal(t, frames, after)
			l.pass(2 * time.Second)
			after, _ = l.screen.Drawn()
			require.Equal(t, frames+1, after, "the clock")
		}
	})
}

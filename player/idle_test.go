package player

import (
	"image"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Issue 2, speed and size, and issue 4, item 6: between two minutes a wall that
// nobody touches draws nothing and allocates nothing; when the minute changes it
// draws for a quarter of a second, and only the clock.
func TestIdleWallDrawsAndAllocatesNothing(t *testing.T) {
	alone(t, image.Pt(1920, 1080), portraits(t, 60), func(t *testing.T, l *lone) {
		for range 3 {
			l.pass(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute + time.Second)))
			frames, _ := l.screen.Drawn()
			// It runs once more, to warm up: 57 seconds in all.
			require.Zero(t, testing.AllocsPerRun(2, func() { time.Sleep(19 * time.Second); synctest.Wait() }))
			after, _ := l.screen.Drawn()
			require.Equal(t, frames, after)
			_, pixels := l.screen.Drawn()
			l.pass(3 * time.Second)
			after, drawn := l.screen.Drawn()
			require.InDelta(t, 16, after-frames, 2, "60 a second for 250 ms")
			require.Less(t, (drawn-pixels)/(after-frames), 1920*1080/5, "pixels a frame: the clock and what goes with it")
		}
	}, moves)
}

package voice

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// power returns how much of a frequency there is in samples.
func power(samples []int16, rate int, hz float64) float64 {
	re, im := 0.0, 0.0
	for i, s := range samples {
		w := 2 * math.Pi * hz * float64(i) / float64(rate)
		re += float64(s) * math.Cos(w)
		im += float64(s) * math.Sin(w)
	}
	return math.Hypot(re, im) / float64(len(samples))
}

// each chime is as loud as the design has it below the master, begins
// and ends without a click, and has its notes.
func TestChimesAreTheDesigns(t *testing.T) {
	for kind, want := range map[Chime]struct {
		peak float64
		last time.Duration
		hz   []float64
	}{
		Tap:       {-32, 40 * time.Millisecond, []float64{880}},
		Opened:    {-28, 180 * time.Millisecond, []float64{523.25, 659.25}},
		WentBack:  {-30, 180 * time.Millisecond, []float64{659.25, 523.25}},
		SignedUp:  {-24, 640 * time.Millisecond, []float64{523.25, 659.25, 783.99}},
		Undone:    {-27, 370 * time.Millisecond, []float64{783.99, 587.33}},
		Attention: {-24, 760 * time.Millisecond, []float64{659.25, 880}},
		No:        {-28, 360 * time.Millisecond, []float64{311.13}},
	} {
		c := kind.Clip()
		require.InDelta(t, want.peak, c.Peak(), .05, "%d", kind)
		require.InDelta(t, want.last.Seconds(), c.Length().Seconds(), .002, "%d", kind)
		for _, hz := range want.hz {
			require.Greater(t, power(c.Samples, c.Rate, hz), 2*power(c.Samples, c.Rate, 1450), "%d: %v Hz", kind, hz)
		}
		require.Zero(t, c.Samples[0], "%d", kind)
		require.Less(t, math.Abs(float64(c.Samples[len(c.Samples)-1])), 40.0, "%d ends", kind)
	}
	require.Len(t, made, 7)
	require.InDelta(t, -30, Master+NightBy, 0, "the design's night")
}

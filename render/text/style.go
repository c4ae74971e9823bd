package text

import "math"

// A Style is how a text is set.
type Style struct {
	Size     float32 // of the em, in pixels
	Weight   int     // 400 to 800; the nearest that Tavle Sans has
	Tracking float32 // added after every letter, in em
	Tabular  bool    // all digits as wide as each other: clocks, times, counts
}

// Measures of Tavle Sans, in em.
const (
	CapHeight = 0.668
	XHeight   = 0.496
	Ascent    = 0.984
	Descent   = 0.316 // below the baseline
)

// Baseline is how far below its middle a line has its baseline, in em: half the
// height of a capital, so that capitals stand in the middle. A line box of
// height l at y has its baseline at y + l/2 + Baseline·size.
const Baseline = CapHeight / 2

// maxSize bounds the size of a text, in pixels: a clock on a screen of 8K.
const maxSize = 4000

// clean returns the style with what makes no sense made harmless.
func (s Style) clean() Style {
	if !(s.Size > 0) { // or not a number
		s.Size = 0
	}
	s.Size = min(s.Size, maxSize)
	if math.IsNaN(float64(s.Tracking)) {
		s.Tracking = 0
	}
	s.Tracking = min(max(s.Tracking, -1), 1)
	return s
}

// nearest returns the index of the weight in weights that is nearest to w; of
// two as near the bolder.
func nearest(weights []int, w int) int {
	best := 0
	for i, have := range weights {
		if abs(have-w) <= abs(weights[best]-w) {
			best = i
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

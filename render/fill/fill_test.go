package fill

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// area returns the coverage of an outline in pixels.
func area(w, h int, outline func(f *Filler)) float64 {
	var f Filler
	f.Reset(w, h)
	outline(&f)
	pix := make([]uint8, w*h)
	f.Coverage(pix)
	sum := 0
	for _, v := range pix {
		sum += int(v)
	}
	return float64(sum) / 255
}

func TestOutlinesHaveTheirArea(t *testing.T) {
	const k = 0.5522847498
	circle := func(f *Filler) {
		f.MoveTo(90, 50)
		f.CubeTo(90, 50+40*k, 50+40*k, 90, 50, 90)
		f.CubeTo(50-40*k, 90, 10, 50+40*k, 10, 50)
		f.CubeTo(10, 50-40*k, 50-40*k, 10, 50, 10)
		f.CubeTo(50+40*k, 10, 90, 50-40*k, 90, 50)
	}
	require.InEpsilon(t, math.Pi*1600, area(100, 100, circle), 0.002)
	require.InEpsilon(t, 80*60*2./3, area(100, 100, func(f *Filler) { // under a parabola
		f.MoveTo(10, 80)
		f.QuadTo(50, -40, 90, 80)
	}), 0.002)
	require.InEpsilon(t, 400, area(50, 50, func(f *Filler) {
		f.MoveTo(10, 10)
		f.LineTo(30, 10)
		f.LineTo(30, 30)
		f.LineTo(10, 30)
	}), 0.001, "closed by itself")
}

// No point of a curve is farther from its lines than promised, and the lines end
// where the curve does.
func TestCurvesAreCutFinely(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	for range 500 {
		var c [8]float64
		for i := range c {
			c[i] = 600 * r.Float64()
		}
		f := func(i int) float32 { return float32(c[i]) }
		var ends [][2]float64
		line := func(x, y float32) { ends = append(ends, [2]float64{float64(x), float64(y)}) }
		at := func(u float64, k int) float64 { // Bernstein
			v := 1 - u
			return v*v*v*c[k] + 3*v*v*u*c[2+k] + 3*v*u*u*c[4+k] + u*u*u*c[6+k]
		}
		Cube(f(0), f(1), f(2), f(3), f(4), f(5), f(6), f(7), line)
		require.Less(t, len(ends), maxSteps, "seed 1")
		check := func() {
			n := len(ends)
			from := [2]float64{c[0], c[1]}
			for i, to := range ends { // the middle of each line is where it is farthest
				u := (float64(i) + 0.5) / float64(n)
				require.InDelta(t, at(u, 0), (from[0]+to[0])/2, tolerance+0.001, "seed 1")
				require.InDelta(t, at(u, 1), (from[1]+to[1])/2, tolerance+0.001, "seed 1")
				from = to
			}
		}
		check()
		ends = nil
		at = func(u float64, k int) float64 {
			v := 1 - u
			return v*v*c[k] + 2*v*u*c[2+k] + u*u*c[4+k]
		}
		Quad(f(0), f(1), f(2), f(3), f(4), f(5), line)
		check()
		require.Equal(t, [2]float64{float64(f(4)), float64(f(5))}, ends[len(ends)-1])
	}
}

func TestSubPathsAddUpOrTakeAway(t *testing.T) {
	square := func(f *Filler, x, y, side float32) {
		f.MoveTo(x, y)
		f.LineTo(x+side, y)
		f.LineTo(x+side, y+side)
		f.LineTo(x, y+side)
	}
	require.InDelta(t, 1000, area(50, 50, func(f *Filler) { square(f, 5, 5, 30); square(f, 38, 5, 10) }), 1)
	require.InDelta(t, 800, area(50, 50, func(f *Filler) {
		square(f, 5, 5, 30)
		f.MoveTo(10, 10)
		f.LineTo(10, 20)
		f.LineTo(20, 20)
		f.LineTo(20, 10)
	}), 1, "the other way round")
}

func TestResetForgets(t *testing.T) {
	var f Filler
	pix := make([]uint8, 100)
	for range 3 {
		f.Reset(10, 10)
		f.MoveTo(0, 0)
		f.LineTo(5, 0)
		f.LineTo(5, 5)
		f.Coverage(pix)
		require.EqualValues(t, 255, pix[4])
		require.Zero(t, pix[9])
		f.Reset(10, 10)
		f.Coverage(pix)
		require.Zero(t, pix[4])
	}
}

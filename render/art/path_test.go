package art

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// ends returns where each step of a path ends.
func ends(t *testing.T, d string) []point {
	t.Helper()
	path, err := parsePath(d)
	require.NoError(t, err, d)
	var out []point
	for _, s := range path {
		switch s.op {
		case moveTo, lineTo:
			out = append(out, s.p[0])
		case quadTo:
			out = append(out, s.p[1])
		case cubeTo:
			out = append(out, s.p[2])
		}
	}
	return out
}

func TestNumbersNeedNoSeparators(t *testing.T) {
	require.Equal(t, []point{{0, 0}, {.5, .25}, {-1, 2}}, ends(t, "M0,0L.5.25-1+2"))
	require.Equal(t, []point{{0, 0}, {100, .01}}, ends(t, "M0 0L1e2 1E-2"))
}

func TestRelativeCommandsCountFromThePen(t *testing.T) {
	require.Equal(t, []point{{1, 1}, {3, 1}, {3, 4}, {5, 5}, {6, 6}, {7, 7}}, ends(t, "m1 1h2v3L5 5m1 1 1 1"))
	require.Equal(t, []point{{1, 1}, {4, 1}, {4, 2}, {1, 1}, {2, 2}}, ends(t, "M1 1H4V2zm0 0l1 1"), "z goes back to the start")
}

func TestSmoothCurvesMirrorTheLastControlPoint(t *testing.T) {
	path, err := parsePath("M0 0C0 1 2 3 4 4S8 8 9 9M0 0s1 2 3 3M0 0q1 1 2 0t2 0T9 9")
	require.NoError(t, err)
	require.Equal(t, point{6, 5}, path[2].p[0], "after a cubic")
	require.Equal(t, point{0, 0}, path[4].p[0], "after a move there is none")
	require.Equal(t, point{3, -1}, path[7].p[0], "after a quadratic")
	require.Equal(t, point{5, 1}, path[8].p[0], "and again")
}

// Every arc from (0, 0) to (6, 0) with radius 5 has its centre at (3, ±4); each
// of its points is 5 from it.
func TestArcsLieOnTheirCircle(t *testing.T) {
	for _, c := range []struct {
		flags  string
		cy     float32
		length float64
	}{
		{"0 0", -4, 2 * math.Asin(3./5) * 5},
		{"01", 4, 2 * math.Asin(3./5) * 5},
		{"1,0", 4, 2*math.Pi*5 - 2*math.Asin(3./5)*5},
		{"11", -4, 2*math.Pi*5 - 2*math.Asin(3./5)*5},
	} {
		path, err := parsePath("M0 0a5 5 0 " + c.flags + " 6 0")
		require.NoError(t, err)
		length := 0.0
		flatten(path, identity, func(a, b point) {
			require.InDelta(t, 5, math.Hypot(float64(b.x-3), float64(b.y-c.cy)), 0.01, c.flags)
			length += math.Hypot(float64(b.x-a.x), float64(b.y-a.y))
		})
		require.InDelta(t, c.length, length, 0.2, c.flags)
	}
}

func TestArcsThatCannotReachAreMadeLarger(t *testing.T) {
	require.Equal(t, []point{{0, 0}, {5, -5}, {10, 0}}, rounded(ends(t, "M0 0A1 1 0 0 1 10 0")))
	require.Equal(t, []point{{0, 0}, {10, 0}}, ends(t, "M0 0A0 1 0 0 1 10 0"), "no radius: a line")
	require.Equal(t, []point{{3, 3}}, ends(t, "M3 3A1 1 0 0 1 3 3"), "to where it is: nothing")
}

func TestTurnedEllipses(t *testing.T) {
	// Half an ellipse of radii 4 and 2 that lies along y = x.
	e := rounded(ends(t, "M0 0a4 2 45 0 1 5.65685 5.65685"))
	require.Equal(t, []point{{0, 0}, {4, 1}, {6, 6}}, e)
}

func rounded(ps []point) []point {
	for i, p := range ps {
		ps[i] = point{float32(math.Round(float64(p.x))), float32(math.Round(float64(p.y)))}
	}
	return ps
}

package render

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// Three box passes stand for a Gaussian; along the edge of a large box that is
// the error function.
func TestBlurIsNearlyGaussian(t *testing.T) {
	for _, sigma := range []float64{2, 5, 9, 12, 18, 45} {
		reach := ShadowLayer{Sigma: sigma}.reach()
		n := 8 * reach
		m := blur(n, n, 0, sigma, reach)
		mid := m.Size.Y / 2
		for x := range 2 * reach {
			d := float64(x) + 0.5 - float64(reach) // into the box
			want := 255 * 0.5 * (1 + math.Erf(d/(sigma*math.Sqrt2)))
			require.InDelta(t, want, m.Pix[mid*m.Size.X+x], 0.03*255, "sigma %v, %v inside", sigma, d)
		}
	}
}

func TestBlurKeepsTheBoxesWeight(t *testing.T) {
	m := blur(40, 30, 8, 6, 18)
	solid := roundRect(40, 30, 8)
	var a, b int
	for _, v := range m.Pix {
		a += int(v)
	}
	for _, v := range solid.Pix {
		b += int(v)
	}
	require.InEpsilon(t, b, a, 0.01)
}

func BenchmarkBlur(b *testing.B) {
	for _, c := range []struct {
		name   string
		radius int
		sigma  float64
	}{{"card e1", 36, 9}, {"rail e2", 40, 18}, {"dialog e3", 56, 45}} {
		b.Run(c.name, func(b *testing.B) {
			reach := ShadowLayer{Sigma: c.sigma}.reach()
			side := 2*(c.radius+2*reach) + 1 - 2*reach
			b.ReportAllocs()
			for b.Loop() {
				blur(side, side, c.radius, c.sigma, reach)
			}
		})
	}
}

package art

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func drawn(t *testing.T, svg string, size int) func(x, y int) uint8 {
	t.Helper()
	d, err := parseSVG([]byte(svg))
	require.NoError(t, err)
	img := d.image(size, size, color.RGBA{A: 255})
	return func(x, y int) uint8 { return img.RGBAAt(x, y).A }
}

// area is the sum of coverage, in pixels.
func area(pix []uint8) float64 {
	sum := 0
	for _, v := range pix {
		sum += int(v)
	}
	return float64(sum) / 255
}

func TestEvenOddLeavesHolesWhateverTheDirection(t *testing.T) {
	at := drawn(t, `<svg viewBox="0 0 9 9"><path fill-rule="evenodd" d="M1 1h7v7h-7zM3 3h3v3h-3z"/></svg>`, 9)
	require.EqualValues(t, 255, at(2, 2))
	require.Zero(t, at(4, 4))
	at = drawn(t, `<svg viewBox="0 0 9 9"><path d="M1 1h7v7h-7zM3 3h3v3h-3z"/></svg>`, 9)
	require.EqualValues(t, 255, at(4, 4), "by the non-zero rule both go the same way round")
	at = drawn(t, `<svg viewBox="0 0 9 9"><path d="M1 1h7v7h-7zM3 3v3h3v-3z"/></svg>`, 9)
	require.Zero(t, at(4, 4), "and now they do not")
}

func TestShapesHaveTheirArea(t *testing.T) {
	for _, c := range []struct {
		svg  string
		want float64
	}{
		{`<circle cx="50" cy="50" r="30"/>`, math.Pi * 900},
		{`<ellipse cx="50" cy="50" rx="30" ry="10"/>`, math.Pi * 300},
		{`<ellipse cx="50" cy="50" rx="30" ry="10" transform="rotate(30 50 50)"/>`, math.Pi * 300},
		{`<rect x="10" y="20" width="60" height="40"/>`, 2400},
		{`<rect x="10" y="20" width="60" height="40" rx="10"/>`, 2400 - (4-math.Pi)*100},
		{`<rect x="10" y="20" width="60" height="40" rx="10" ry="5"/>`, 2400 - (4-math.Pi)*50},
		{`<path d="M20 50a30 30 0 1 0 60 0a30 30 0 1 0-60 0"/>`, math.Pi * 900},
		{`<g transform="matrix(0 2 -1 0 60 10)"><path d="M5 5h10v20h-10z"/></g>`, 400},
		{`<path fill="none" stroke="currentColor" stroke-width="10" d="M20 50h60"/>`, 600 + math.Pi*25},
		{`<path fill="none" stroke="currentColor" stroke-width="10" d="M50 50h.01"/>`, math.Pi * 25},
		{`<circle cx="50" cy="50" r="30" fill="none" stroke="currentColor" stroke-width="6"/>`, math.Pi * (33*33 - 27*27)},
		{`<circle cx="50" cy="50" r="3" fill="none" stroke="currentColor" stroke-width="20"/>`, math.Pi * 169},
		{`<g transform="scale(2)"><path fill="none" stroke="currentColor" stroke-width="5" d="M10 25h30"/></g>`, 600 + math.Pi*25},
	} {
		d, err := parseSVG([]byte(`<svg viewBox="0 0 100 100">` + c.svg + `</svg>`))
		require.NoError(t, err, c.svg)
		img := d.image(100, 100, color.RGBA{A: 255})
		var alpha []uint8
		for i := 3; i < len(img.Pix); i += 4 {
			alpha = append(alpha, img.Pix[i])
		}
		require.InEpsilon(t, c.want, area(alpha), 0.01, c.svg)
	}
}

// A drawing that is not square stands in the middle, whole.
func TestDrawingsKeepTheirShape(t *testing.T) {
	at := drawn(t, `<svg viewBox="0 0 10 20"><rect width="10" height="20"/></svg>`, 40)
	require.Zero(t, at(9, 20))
	require.EqualValues(t, 255, at(10, 0))
	require.EqualValues(t, 255, at(29, 39))
	require.Zero(t, at(30, 20))
}

func TestOpacityAndColours(t *testing.T) {
	d, err := parseSVG([]byte(`<svg viewBox="0 0 3 1"><rect width="1" height="1" fill="#fA0"/>
		<rect x="1" width="1" height="1" fill="currentColor"/><rect x="2" width="1" height="1" fill="#FFFFFF" opacity=".5"/></svg>`))
	require.NoError(t, err)
	img := d.image(3, 1, color.RGBA{1, 2, 3, 255})
	require.Equal(t, color.RGBA{0xFF, 0xAA, 0, 255}, img.RGBAAt(0, 0))
	require.Equal(t, color.RGBA{1, 2, 3, 255}, img.RGBAAt(1, 0))
	require.Equal(t, color.RGBA{128, 128, 128, 128}, img.RGBAAt(2, 0))
}

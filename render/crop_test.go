package render

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"
)

func solid(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 200
	}
	return img
}

func TestCutLeavesTheRoundedWindow(t *testing.T) {
	for _, c := range []Crop{
		{Window: image.Rect(3, 4, 33, 24), Radius: 9},
		{Window: image.Rect(0, 0, 40, 30), Radius: 15},
		{Window: image.Rect(10, 10, 20, 20)},
		{Window: image.Rect(-8, -8, 30, 60), Radius: 12}, // reaches over two sides
		{Window: image.Rect(50, 50, 60, 60), Radius: 2},  // misses
	} {
		img := solid(40, 30)
		c.Cut(img)
		want := roundRect(c.Window.Dx(), c.Window.Dy(), c.Radius)
		for y := range 30 {
			for x := range 40 {
				k := 0
				if p := image.Pt(x, y); p.In(c.Window) {
					at := p.Sub(c.Window.Min)
					k = int(want.Pix[at.Y*want.Size.X+at.X])
				}
				got := img.RGBAAt(x, y)
				require.InDelta(t, 200*k/255, got.A, 2, "%+v at %d,%d", c, x, y)
				require.Equal(t, got.A, got.R, "still premultiplied")
			}
		}
	}
}

func TestTheZeroCropCutsNothing(t *testing.T) {
	img := solid(5, 5)
	Crop{}.Cut(img)
	require.Equal(t, solid(5, 5), img)
}

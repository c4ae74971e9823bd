package glasstest

import (
	"image"

	"tavle/render/glass"
)

// Turn returns img as it looks on a panel, turned, pixel by pixel.
func Turn(img *image.RGBA, by glass.Rotation) *image.RGBA {
	size := img.Rect.Size()
	out := image.NewRGBA(image.Rectangle{Max: by.Size(size)})
	for y := range size.Y {
		for x := range size.X {
			p := by.Turn(image.Pt(x, y), size)
			copy(out.Pix[out.PixOffset(p.X, p.Y):][:4], img.Pix[img.PixOffset(x, y):])
		}
	}
	return out
}

// Difference returns the largest difference between two pictures of one size in
// a channel of colour, where it first is, and how many pixels differ at all.
// Both start at (0, 0) and have rows without a gap. Alpha is left out: glass has
// none.
func Difference(a, b *image.RGBA) (most int, at image.Point, pixels int) {
	w := a.Rect.Dx()
	for i := range w * a.Rect.Dy() {
		p, q := a.Pix[4*i:4*i+3], b.Pix[4*i:4*i+3]
		d := max(apart(p[0], q[0]), apart(p[1], q[1]), apart(p[2], q[2]))
		if d > 0 {
			pixels++
		}
		if d > most {
			most, at = d, image.Pt(i%w, i/w)
		}
	}
	return most, at, pixels
}

func apart(a, b uint8) int {
	if a < b {
		a, b = b, a
	}
	return int(a - b)
}

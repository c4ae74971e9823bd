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
			out.SetRGBA(p.X, p.Y, img.RGBAAt(x, y))
		}
	}
	return out
}

// Difference returns the largest difference between two pictures of one size in
// a channel of colour, where it first is, and how many pixels differ at all.
// Alpha is left out: glass has none.
func Difference(a, b *image.RGBA) (most int, at image.Point, pixels int) {
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			p, q := a.RGBAAt(x, y), b.RGBAAt(x, y)
			d := max(apart(p.R, q.R), apart(p.G, q.G), apart(p.B, q.B))
			if d > 0 {
				pixels++
			}
			if d > most {
				most, at = d, image.Pt(x, y)
			}
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

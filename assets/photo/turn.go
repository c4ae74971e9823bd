package photo

import (
	"image"
	"image/color"
)

// A turnedImage is a picture seen upright. It is turned when it is small: a
// photo of a good camera takes 200 MB to turn.
type turnedImage struct {
	stored image.Image
	turn   orientation
}

// turned returns img as it is to be seen.
func turned(img image.Image, o orientation) image.Image {
	if o == upright {
		return img
	}
	return &turnedImage{img, o}
}

func (t *turnedImage) ColorModel() color.Model { return t.stored.ColorModel() }

// Bounds begins at (0, 0).
func (t *turnedImage) Bounds() image.Rectangle {
	size := t.stored.Bounds().Size()
	if t.turn.swaps() {
		size.X, size.Y = size.Y, size.X
	}
	return image.Rectangle{Max: size}
}

func (t *turnedImage) At(x, y int) color.Color {
	b := t.stored.Bounds()
	p := t.turn.source(image.Pt(x, y), b.Size()).Add(b.Min)
	return t.stored.At(p.X, p.Y)
}

// swaps reports whether width and height change places.
func (o orientation) swaps() bool { return o >= 5 }

// source returns where the pixel seen at p is stored; size is the stored one.
func (o orientation) source(p, size image.Point) image.Point {
	last := size.Sub(image.Pt(1, 1))
	switch o {
	case 2:
		return image.Pt(last.X-p.X, p.Y)
	case 3:
		return last.Sub(p)
	case 4:
		return image.Pt(p.X, last.Y-p.Y)
	case 5:
		return image.Pt(p.Y, p.X)
	case 6:
		return image.Pt(p.Y, last.Y-p.X)
	case 7:
		return image.Pt(last.X-p.Y, last.Y-p.X)
	case 8:
		return image.Pt(last.X-p.Y, p.X)
	}
	return p
}

// sourceRect returns where what is seen in r is stored.
func (o orientation) sourceRect(r image.Rectangle, size image.Point) image.Rectangle {
	if r.Empty() {
		return image.Rectangle{}
	}
	a, b := o.source(r.Min, size), o.source(r.Max.Sub(image.Pt(1, 1)), size)
	return image.Rect(min(a.X, b.X), min(a.Y, b.Y), max(a.X, b.X)+1, max(a.Y, b.Y)+1)
}

// apply returns img turned.
func (o orientation) apply(img *image.RGBA) *image.RGBA {
	if o == upright {
		return img
	}
	size := img.Rect.Size()
	out := image.NewRGBA((&turnedImage{img, o}).Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			from := o.source(image.Pt(x, y), size)
			copy(out.Pix[out.PixOffset(x, y):][:4], img.Pix[img.PixOffset(from.X, from.Y):][:4])
		}
	}
	return out
}

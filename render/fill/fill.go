// Package fill turns outlines into coverage: boxes, glyphs and drawings all go
// through it. It cuts curves into lines itself and leaves the lines to
// x/image/vector, which rounds alike on every processor; its own curves do not,
// where one multiplies and adds in one step. So a frame is the same picture on a
// Pi as in a test on a laptop.
package fill

import (
	"image"
	"image/draw"

	"golang.org/x/image/vector"
)

// A Filler fills one outline after another, inside w×h pixels. The zero Filler
// needs a [Filler.Reset]; it keeps its buffers.
type Filler struct {
	z    vector.Rasterizer
	w, h int
	x, y float32 // the pen
	open bool
}

// Reset begins a new outline.
func (f *Filler) Reset(w, h int) {
	f.z.Reset(w, h)
	f.z.DrawOp = draw.Src
	f.w, f.h, f.open = w, h, false
}

// MoveTo begins a sub-path. The one before it is closed.
func (f *Filler) MoveTo(x, y float32) {
	f.Close()
	f.z.MoveTo(x, y)
	f.x, f.y, f.open = x, y, true
}

// LineTo adds a straight line.
func (f *Filler) LineTo(x, y float32) {
	f.z.LineTo(x, y)
	f.x, f.y = x, y
}

// QuadTo adds a quadratic curve.
func (f *Filler) QuadTo(bx, by, cx, cy float32) {
	Quad(f.x, f.y, bx, by, cx, cy, f.LineTo)
}

// CubeTo adds a cubic curve.
func (f *Filler) CubeTo(bx, by, cx, cy, dx, dy float32) {
	Cube(f.x, f.y, bx, by, cx, cy, dx, dy, f.LineTo)
}

// Close goes back to where the sub-path began.
func (f *Filler) Close() {
	if f.open {
		f.z.ClosePath()
		f.open = false
	}
}

// Coverage writes what the outline covers by the non-zero rule, a byte for each
// pixel, row by row. Pix has room for w·h bytes.
func (f *Filler) Coverage(pix []uint8) {
	f.Close()
	dst := &image.Alpha{Pix: pix, Stride: f.w, Rect: image.Rect(0, 0, f.w, f.h)}
	f.z.Draw(dst, dst.Rect, image.Opaque, image.Point{})
}

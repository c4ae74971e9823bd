package art

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// A canvas turns paths into coverage. It keeps its buffers between shapes.
type canvas struct {
	w, h int
	z    vector.Rasterizer
	a, b *image.Alpha
	near []float32 // squared distance to the stroke, per pixel
}

func newCanvas(w, h int) *canvas {
	r := image.Rect(0, 0, w, h)
	return &canvas{w: w, h: h, a: image.NewAlpha(r), b: image.NewAlpha(r)}
}

// fill returns the coverage of a filled path. It is valid until the next call.
func (c *canvas) fill(path []segment, m affine, evenOdd bool) *image.Alpha {
	if !evenOdd {
		c.cover(c.a, path, m)
		return c.a
	}
	// By the even-odd rule a point is inside when an odd number of sub-paths go
	// round it: their exclusive or. (None of the drawings has a sub-path that
	// crosses itself, where this would not be enough.)
	clear(c.a.Pix)
	for len(path) > 0 {
		n := 1
		for n < len(path) && path[n].op != moveTo {
			n++
		}
		c.cover(c.b, path[:n], m)
		path = path[n:]
		for i, p := range c.a.Pix {
			x, y := int(p), int(c.b.Pix[i])
			c.a.Pix[i] = uint8(x + y - (2*x*y+127)/255)
		}
	}
	return c.a
}

// cover writes the coverage of a path, by the non-zero rule, to dst.
func (c *canvas) cover(dst *image.Alpha, path []segment, m affine) {
	z := &c.z
	z.Reset(c.w, c.h)
	z.DrawOp = draw.Src
	open := false
	for _, s := range path {
		a, b, d := m.apply(s.p[0]), m.apply(s.p[1]), m.apply(s.p[2])
		switch s.op {
		case moveTo:
			if open {
				z.ClosePath()
			}
			z.MoveTo(a.x, a.y)
			open = true
		case lineTo:
			z.LineTo(a.x, a.y)
		case quadTo:
			z.QuadTo(a.x, a.y, b.x, b.y)
		case cubeTo:
			z.CubeTo(a.x, a.y, b.x, b.y, d.x, d.y)
		case closePath:
			z.ClosePath()
			open = false
		}
	}
	if open {
		z.ClosePath()
	}
	z.Draw(dst, dst.Rect, image.Opaque, image.Point{})
}

// stroke returns the coverage of a line along the path, width wide, with round
// ends and joins: every point that is within half the width of it. It is valid
// until the next call.
func (c *canvas) stroke(path []segment, m affine, width float32) *image.Alpha {
	if c.near == nil {
		c.near = make([]float32, c.w*c.h)
	}
	const far = math.MaxFloat32
	for i := range c.near {
		c.near[i] = far
	}
	half := width * m.scale() / 2
	flatten(path, m, func(a, b point) { c.approach(a, b, half+1) })
	for i, d2 := range c.near {
		var cover float32
		if d2 != far {
			cover = half + 0.5 - float32(math.Sqrt(float64(d2)))
			cover = min(max(cover, 0), 1, 2*half) // a hairline covers no pixel whole
		}
		c.a.Pix[i] = uint8(cover*255 + 0.5)
	}
	return c.a
}

// approach notes how near the pixels within reach are to the line from a to b.
func (c *canvas) approach(a, b point, reach float32) {
	x0 := max(0, int(min(a.x, b.x)-reach))
	x1 := min(c.w, int(max(a.x, b.x)+reach)+1)
	y0 := max(0, int(min(a.y, b.y)-reach))
	y1 := min(c.h, int(max(a.y, b.y)+reach)+1)
	d := b.sub(a)
	inv := d.x*d.x + d.y*d.y
	if inv > 0 {
		inv = 1 / inv
	}
	for y := y0; y < y1; y++ {
		row := c.near[y*c.w : (y+1)*c.w]
		py := float32(y) + 0.5 - a.y
		for x := x0; x < x1; x++ {
			px := float32(x) + 0.5 - a.x
			t := min(max((px*d.x+py*d.y)*inv, 0), 1)
			ex, ey := px-t*d.x, py-t*d.y
			row[x] = min(row[x], ex*ex+ey*ey)
		}
	}
}

// flatten gives the straight lines of a path, curves cut so fine that they are
// less than a twentieth of a pixel off.
func flatten(path []segment, m affine, line func(a, b point)) {
	var start, at point
	for _, s := range path {
		p := [3]point{m.apply(s.p[0]), m.apply(s.p[1]), m.apply(s.p[2])}
		switch s.op {
		case moveTo:
			start, at = p[0], p[0]
		case lineTo:
			line(at, p[0])
			at = p[0]
		case quadTo:
			// The same curve as a cubic.
			third := func(a, b point) point { return point{a.x + (b.x-a.x)*2/3, a.y + (b.y-a.y)*2/3} }
			flattenCube(at, third(at, p[0]), third(p[1], p[0]), p[1], line)
			at = p[1]
		case cubeTo:
			flattenCube(at, p[0], p[1], p[2], line)
			at = p[2]
		case closePath:
			line(at, start)
			at = start
		}
	}
}

// flattenCube cuts a cubic into n equal steps. The error of a step is at most
// an eighth of the second difference over n² (de Boor).
func flattenCube(p0, p1, p2, p3 point, line func(a, b point)) {
	bend := func(a, b, c point) float64 {
		return math.Hypot(float64(a.x-2*b.x+c.x), float64(a.y-2*b.y+c.y))
	}
	const tolerance = 0.05
	n := int(math.Ceil(math.Sqrt(6.0 / 8 / tolerance * max(bend(p0, p1, p2), bend(p1, p2, p3)))))
	n = min(max(n, 1), 200)
	at := p0
	for i := 1; i <= n; i++ {
		t := float32(i) / float32(n)
		u := 1 - t
		k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		next := point{k0*p0.x + k1*p1.x + k2*p2.x + k3*p3.x, k0*p0.y + k1*p1.y + k2*p2.y + k3*p3.y}
		line(at, next)
		at = next
	}
}

// fit returns the map that puts the drawing into the middle of w×h pixels, as
// large as it goes.
func (d *drawing) fit(w, h int) affine {
	s := min(float32(w)/d.size.x, float32(h)/d.size.y)
	m := scaling(s)
	m.e, m.f = (float32(w)-s*d.size.x)/2, (float32(h)-s*d.size.y)/2
	return m
}

// image draws d in w×h pixels; current is what currentColor stands for.
func (d *drawing) image(w, h int, current color.RGBA) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	c := newCanvas(w, h)
	view := d.fit(w, h)
	for _, s := range d.shapes {
		m := view.after(s.toView)
		if col, ok := s.fill.of(current, s.opacity); ok {
			draw.DrawMask(out, out.Rect, image.NewUniform(col), image.Point{}, c.fill(s.path, m, s.evenOdd), image.Point{}, draw.Over)
		}
		if col, ok := s.stroke.of(current, s.opacity); ok {
			draw.DrawMask(out, out.Rect, image.NewUniform(col), image.Point{}, c.stroke(s.path, m, s.width), image.Point{}, draw.Over)
		}
	}
	return out
}

// of returns the premultiplied colour of a paint, and whether it is one.
func (p paint) of(current color.RGBA, opacity float32) (color.RGBA, bool) {
	c := p.color
	if p.kind == currentColor {
		c = current
	}
	return faded(c, opacity), p.kind != noPaint
}

// faded returns a premultiplied colour with its alpha taken down.
func faded(c color.RGBA, opacity float32) color.RGBA {
	f := func(v uint8) uint8 { return uint8(float32(v)*opacity + 0.5) }
	return color.RGBA{f(c.R), f(c.G), f(c.B), f(c.A)}
}

// mask draws d as coverage in size×size pixels; its lines are width units wide.
func (d *drawing) mask(size int, width float32) []uint8 {
	out := make([]uint8, size*size)
	c := newCanvas(size, size)
	view := d.fit(size, size)
	merge := func(m *image.Alpha) {
		for i, v := range m.Pix {
			out[i] = max(out[i], v)
		}
	}
	for _, s := range d.shapes {
		m := view.after(s.toView)
		if s.fill.kind != noPaint {
			merge(c.fill(s.path, m, s.evenOdd))
		}
		if s.stroke.kind != noPaint {
			merge(c.stroke(s.path, m, width))
		}
	}
	return out
}

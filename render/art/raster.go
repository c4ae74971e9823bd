package art

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"tavle/render/fill"
)

// A canvas turns paths into coverage, inside w×h pixels. It keeps its buffers
// between shapes: what it returns is valid until it is used again.
type canvas struct {
	w, h int
	z    fill.Filler
	a, b []uint8
	near []float32 // squared distance to the stroke, per pixel
}

// bounds returns the pixels a path can touch, grown by reach.
func (c *canvas) bounds(path []segment, m affine, reach float32) image.Rectangle {
	if len(path) == 0 {
		return image.Rectangle{}
	}
	first := m.apply(path[0].p[0])
	lo, hi := first, first
	for _, s := range path {
		for _, p := range s.points() {
			q := m.apply(p)
			lo = point{min(lo.x, q.x), min(lo.y, q.y)}
			hi = point{max(hi.x, q.x), max(hi.y, q.y)}
		}
	}
	r := image.Rect(floor(lo.x-reach), floor(lo.y-reach), floor(hi.x+reach)+1, floor(hi.y+reach)+1)
	return r.Intersect(image.Rect(0, 0, c.w, c.h))
}

func floor(x float32) int { return int(math.Floor(float64(x))) }

// over returns buf as a picture of r.
func over(buf *[]uint8, r image.Rectangle) *image.Alpha {
	n := r.Dx() * r.Dy()
	if cap(*buf) < n {
		*buf = make([]uint8, n)
	}
	*buf = (*buf)[:n]
	return &image.Alpha{Pix: *buf, Stride: r.Dx(), Rect: r}
}

// fill returns the coverage of a filled path, where there is any.
func (c *canvas) fill(path []segment, m affine, evenOdd bool) *image.Alpha {
	out := over(&c.a, c.bounds(path, m, 0))
	if !evenOdd {
		c.cover(out, path, m)
		return out
	}
	// By the even-odd rule a point is inside when an odd number of sub-paths go
	// round it: their exclusive or. (None of the drawings has a sub-path that
	// crosses itself, where this would not be enough.)
	clear(out.Pix)
	part := over(&c.b, out.Rect)
	for len(path) > 0 {
		n := 1
		for n < len(path) && path[n].op != moveTo {
			n++
		}
		c.cover(part, path[:n], m)
		path = path[n:]
		for i, p := range out.Pix {
			x, y := int(p), int(part.Pix[i])
			out.Pix[i] = uint8(x + y - (2*x*y+127)/255)
		}
	}
	return out
}

// cover writes the coverage of a path, by the non-zero rule, to dst.
func (c *canvas) cover(dst *image.Alpha, path []segment, m affine) {
	c.z.Reset(dst.Rect.Dx(), dst.Rect.Dy())
	m.e -= float32(dst.Rect.Min.X)
	m.f -= float32(dst.Rect.Min.Y)
	for _, s := range path {
		a, b, d := m.apply(s.p[0]), m.apply(s.p[1]), m.apply(s.p[2])
		switch s.op {
		case moveTo:
			c.z.MoveTo(a.x, a.y)
		case lineTo:
			c.z.LineTo(a.x, a.y)
		case quadTo:
			c.z.QuadTo(a.x, a.y, b.x, b.y)
		case cubeTo:
			c.z.CubeTo(a.x, a.y, b.x, b.y, d.x, d.y)
		case closePath:
			c.z.Close()
		}
	}
	c.z.Coverage(dst.Pix)
}

// stroke returns the coverage of a line along the path, width wide, with round
// ends and joins: every point that is within half the width of it.
func (c *canvas) stroke(path []segment, m affine, width float32) *image.Alpha {
	half := float32(width * m.scale() / 2)
	out := over(&c.a, c.bounds(path, m, half+1))
	if n := len(out.Pix); cap(c.near) < n {
		c.near = make([]float32, n)
	}
	c.near = c.near[:len(out.Pix)]
	const far = math.MaxFloat32
	for i := range c.near {
		c.near[i] = far
	}
	m.e -= float32(out.Rect.Min.X)
	m.f -= float32(out.Rect.Min.Y)
	flatten(path, m, func(a, b point) { c.approach(a, b, half+1, out.Rect.Size()) })
	for i, d2 := range c.near {
		var cover float32
		if d2 != far {
			cover = half + 0.5 - float32(math.Sqrt(float64(d2)))
			cover = min(max(cover, 0), 1, 2*half) // a hairline covers no pixel whole
		}
		out.Pix[i] = uint8(float32(cover*255) + 0.5)
	}
	return out
}

// approach notes how near the pixels within reach are to the line from a to b.
func (c *canvas) approach(a, b point, reach float32, size image.Point) {
	x0 := max(0, int(min(a.x, b.x)-reach))
	x1 := min(size.X, int(max(a.x, b.x)+reach)+1)
	y0 := max(0, int(min(a.y, b.y)-reach))
	y1 := min(size.Y, int(max(a.y, b.y)+reach)+1)
	d := b.sub(a)
	inv := float32(d.x*d.x) + float32(d.y*d.y)
	if inv > 0 {
		inv = 1 / inv
	}
	for y := y0; y < y1; y++ {
		row := c.near[y*size.X : (y+1)*size.X]
		py := float32(y) + 0.5 - a.y
		for x := x0; x < x1; x++ {
			px := float32(x) + 0.5 - a.x
			t := min(max((float32(px*d.x)+float32(py*d.y))*inv, 0), 1)
			ex, ey := px-float32(t*d.x), py-float32(t*d.y)
			row[x] = min(row[x], float32(ex*ex)+float32(ey*ey))
		}
	}
}

// flatten gives the straight lines of a path.
func flatten(path []segment, m affine, line func(a, b point)) {
	var start, at point
	to := func(x, y float32) {
		line(at, point{x, y})
		at = point{x, y}
	}
	for i := range path {
		s := &path[i]
		a, b, c := m.apply(s.p[0]), m.apply(s.p[1]), m.apply(s.p[2])
		switch s.op {
		case moveTo:
			start, at = a, a
		case lineTo:
			to(a.x, a.y)
		case quadTo:
			fill.Quad(at.x, at.y, a.x, a.y, b.x, b.y, to)
		case cubeTo:
			fill.Cube(at.x, at.y, a.x, a.y, b.x, b.y, c.x, c.y, to)
		case closePath:
			to(start.x, start.y)
		}
	}
}

// fit returns the map that puts the drawing into the middle of w×h pixels, as
// large as it goes.
func (d *drawing) fit(w, h int) affine {
	s := min(float32(w)/d.size.x, float32(h)/d.size.y)
	m := scaling(s)
	m.e, m.f = (float32(w)-float32(s*d.size.x))/2, (float32(h)-float32(s*d.size.y))/2
	return m
}

// image draws d in w×h pixels; current is what currentColor stands for.
func (d *drawing) image(w, h int, current color.RGBA) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	c := canvas{w: w, h: h}
	view := d.fit(w, h)
	for _, s := range d.shapes {
		m := view.after(s.toView)
		if s.fill.kind != noPaint {
			blend(out, s.fill.of(current), c.fill(s.path, m, s.evenOdd), s.opacity)
		}
		if s.stroke.kind != noPaint {
			blend(out, s.stroke.of(current), c.stroke(s.path, m, s.width), s.opacity)
		}
	}
	return out
}

// of returns the colour of a paint.
func (p paint) of(current color.RGBA) color.RGBA {
	if p.kind == currentColor {
		return current
	}
	return p.color
}

// blend paints an opaque colour through coverage, which it takes down first if
// opacity is less than 1.
func blend(dst *image.RGBA, c color.RGBA, coverage *image.Alpha, opacity float32) {
	if opacity < 1 {
		for i, v := range coverage.Pix {
			coverage.Pix[i] = uint8(float32(float32(v)*opacity) + 0.5)
		}
	}
	draw.DrawMask(dst, coverage.Rect, image.NewUniform(c), image.Point{}, coverage, coverage.Rect.Min, draw.Over)
}

// mask draws d as coverage in size×size pixels; its lines are width units wide.
func (d *drawing) mask(size int, width float32) []uint8 {
	out := make([]uint8, size*size)
	c := canvas{w: size, h: size}
	view := d.fit(size, size)
	merge := func(m *image.Alpha) {
		for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
			for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
				p := &out[y*size+x]
				*p = max(*p, m.Pix[m.PixOffset(x, y)])
			}
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

package render

import (
	"image"

	"tavle/render/fill"
)

// Shapes makes and keeps the masks that boxes are painted with: corners,
// corners of borders, and shadows. The zero Shapes is ready. It is not safe for
// concurrent use; every painter has its own.
type Shapes struct {
	corners map[cornerKey]*[4]Mask
	shadows map[shadowKey]*shadowMasks
	bytes   int
}

// maxShapes bounds what is kept, in bytes. The screens of one theme at 1080p
// need 2 MB; past the bound everything is let go and made again as needed.
const maxShapes = 8 << 20

// keep makes room for n more bytes.
func (s *Shapes) keep(n int) {
	if s.bytes += n; s.corners == nil || s.bytes > maxShapes {
		s.corners, s.shadows = map[cornerKey]*[4]Mask{}, map[shadowKey]*shadowMasks{}
		s.bytes = n
	}
}

// A cornerKey says how a box is rounded, and how wide its border is; 0: all of
// it is covered.
type cornerKey struct{ radius, border int }

// side is how far the corner reaches along the edges.
func (k cornerKey) side() int { return max(k.radius, k.border) }

// corner returns the four corner masks of a box, in the order top left, top
// right, bottom left, bottom right.
func (s *Shapes) corner(k cornerKey) *[4]Mask {
	if c := s.corners[k]; c != nil {
		return c
	}
	side := k.side()
	outer := roundRect(2*side, 2*side, k.radius)
	if in := 2 * (side - k.border); k.border > 0 && in > 0 {
		inner := roundRect(in, in, max(0, k.radius-k.border))
		for y := range in {
			for x := range in {
				p := &outer.Pix[(y+k.border)*outer.Size.X+x+k.border]
				*p -= min(*p, inner.Pix[y*in+x])
			}
		}
	}
	var c [4]Mask
	for i := range c {
		c[i] = outer.sub(image.Rect(0, 0, side, side).Add(image.Pt(i%2*side, i/2*side)))
	}
	s.keep(4 * side * side)
	s.corners[k] = &c
	return &c
}

// sub returns a copy of the part of m inside r.
func (m *Mask) sub(r image.Rectangle) Mask {
	out := Mask{Size: r.Size(), Pix: make([]uint8, r.Dx()*r.Dy())}
	for y := range out.Size.Y {
		copy(out.Pix[y*out.Size.X:(y+1)*out.Size.X], m.Pix[(r.Min.Y+y)*m.Size.X+r.Min.X:])
	}
	return out
}

// roundRect returns the coverage of a w×h box with circular corners.
func roundRect(w, h, radius int) *Mask {
	m := &Mask{Size: image.Pt(w, h), Pix: make([]uint8, w*h)}
	if w == 0 || h == 0 {
		return m
	}
	radius = min(radius, w/2, h/2)
	const k = 0.5522847498 // a quarter circle as one cubic
	var z fill.Filler
	z.Reset(w, h)
	x1, y1, r := float32(w), float32(h), float32(radius)
	c := float32(r * (1 - k)) // rounded before it is taken away
	z.MoveTo(r, 0)
	z.LineTo(x1-r, 0)
	z.CubeTo(x1-c, 0, x1, c, x1, r)
	z.LineTo(x1, y1-r)
	z.CubeTo(x1, y1-c, x1-c, y1, x1-r, y1)
	z.LineTo(r, y1)
	z.CubeTo(c, y1, 0, y1-c, 0, y1-r)
	z.LineTo(0, r)
	z.CubeTo(0, c, c, 0, r, 0)
	z.Coverage(m.Pix)
	return m
}

// A shadowKey says what a shadow looks like. A box that is long enough in an
// axis has the same shadow as any longer one, but for a flat middle: its length
// there is 0.
type shadowKey struct {
	radius int
	sigma  float64
	w, h   int
}

// shadowMasks is a shadow cut into columns and rows. Along a long axis there
// are three, of which the middle one is a single pixel and is repeated; along a
// short one there is the whole.
type shadowMasks struct {
	tile   int // width of the first and last column, height of such a row
	cols   int // 1 or 3
	rows   int
	pieces [9]Mask // row by row
}

// shadow returns the masks for the shadow of a w×h box.
func (s *Shapes) shadow(w, h, radius int, l ShadowLayer) *shadowMasks {
	reach := l.reach()
	tile := radius + 2*reach // beyond it no corner is felt
	long := 2*tile + 1 - 2*reach
	k := shadowKey{radius: radius, sigma: l.Sigma}
	if w < long {
		k.w = w
	}
	if h < long {
		k.h = h
	}
	if m := s.shadows[k]; m != nil {
		return m
	}
	m := &shadowMasks{tile: tile, cols: 3, rows: 3}
	if k.w > 0 {
		m.cols = 1
	}
	if k.h > 0 {
		m.rows = 1
	}
	all := blur(min(w, long), min(h, long), radius, l.Sigma, reach)
	xs, ys := m.cuts(all.Size.X, m.cols), m.cuts(all.Size.Y, m.rows)
	bytes := 0
	for r := range m.rows {
		for c := range m.cols {
			piece := all.sub(image.Rect(xs[c], ys[r], xs[c+1], ys[r+1]))
			m.pieces[r*m.cols+c] = piece
			bytes += len(piece.Pix)
		}
	}
	s.keep(bytes)
	s.shadows[k] = m
	return m
}

// cuts returns where n columns or rows of a length begin and end.
func (m *shadowMasks) cuts(length, n int) [4]int {
	if n == 1 {
		return [4]int{0, length}
	}
	return [4]int{0, m.tile, length - m.tile, length}
}

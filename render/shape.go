package render

import (
	"image"
	"image/draw"

	"golang.org/x/image/vector"
)

// Shapes makes and keeps the masks that boxes are painted with: corners,
// corners of borders, and shadows. The zero Shapes is ready. It is not safe for
// concurrent use; every painter has its own.
type Shapes struct {
	corners map[cornerKey]*[4]Mask
	shadows map[shadowKey]*shadowMasks
}

type cornerKey struct{ radius, border int }

// corner returns the four corner masks of a rounded box, in the order top left,
// top right, bottom left, bottom right. With a border, only the border's part
// of the corner is covered.
func (s *Shapes) corner(radius, border int) *[4]Mask {
	k := cornerKey{radius, border}
	if c := s.corners[k]; c != nil {
		return c
	}
	outer := roundRect(2*radius, 2*radius, radius)
	if border > 0 {
		in := roundRect(2*(radius-border), 2*(radius-border), max(0, radius-border))
		for y := range in.Size.Y {
			for x := range in.Size.X {
				p := &outer.Pix[(y+border)*outer.Size.X+x+border]
				*p -= min(*p, in.Pix[y*in.Size.X+x])
			}
		}
	}
	var c [4]Mask
	for i := range c {
		c[i] = outer.sub(image.Rect(0, 0, radius, radius).Add(image.Pt(i%2*radius, i/2*radius)))
	}
	if s.corners == nil {
		s.corners = map[cornerKey]*[4]Mask{}
	}
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
	z := vector.NewRasterizer(w, h)
	z.DrawOp = draw.Src
	x1, y1, r := float32(w), float32(h), float32(radius)
	c := r * (1 - k)
	z.MoveTo(r, 0)
	z.LineTo(x1-r, 0)
	z.CubeTo(x1-c, 0, x1, c, x1, r)
	z.LineTo(x1, y1-r)
	z.CubeTo(x1, y1-c, x1-c, y1, x1-r, y1)
	z.LineTo(r, y1)
	z.CubeTo(c, y1, 0, y1-c, 0, y1-r)
	z.LineTo(0, r)
	z.CubeTo(0, c, c, 0, r, 0)
	z.ClosePath()
	a := &image.Alpha{Pix: m.Pix, Stride: w, Rect: image.Rect(0, 0, w, h)}
	z.Draw(a, a.Rect, image.Opaque, image.Point{})
	return m
}

type shadowKey struct {
	radius int
	sigma  float64
	w, h   int // 0: large enough that its middle is flat
}

// shadowMasks is a shadow cut into corners and edges; small ones stay whole.
type shadowMasks struct {
	whole *Mask
	tile  int // side of a corner
	c     [4]Mask
	edge  [4]Mask // top, bottom: one pixel wide; left, right: one pixel high
}

// shadow returns the masks for the shadow of a w×h box.
func (s *Shapes) shadow(w, h, radius int, l ShadowLayer) *shadowMasks {
	reach := l.reach()
	tile := radius + 2*reach // beyond this, neither corner nor edge is felt
	k := shadowKey{radius: radius, sigma: l.Sigma}
	if w+2*reach < 2*tile+1 || h+2*reach < 2*tile+1 {
		k.w, k.h = w, h
	}
	if m := s.shadows[k]; m != nil {
		return m
	}
	m := &shadowMasks{tile: tile}
	if k.w > 0 {
		m.whole = blur(w, h, radius, l.Sigma, reach)
	} else {
		side := 2*tile + 1
		b := blur(side-2*reach, side-2*reach, radius, l.Sigma, reach)
		for i := range m.c {
			m.c[i] = b.sub(image.Rect(0, 0, tile, tile).Add(image.Pt(i%2*(tile+1), i/2*(tile+1))))
		}
		m.edge[0] = b.sub(image.Rect(tile, 0, tile+1, tile))
		m.edge[1] = b.sub(image.Rect(tile, tile+1, tile+1, side))
		m.edge[2] = b.sub(image.Rect(0, tile, tile, tile+1))
		m.edge[3] = b.sub(image.Rect(tile+1, tile, side, tile+1))
	}
	if s.shadows == nil {
		s.shadows = map[shadowKey]*shadowMasks{}
	}
	s.shadows[k] = m
	return m
}

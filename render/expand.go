package render

import (
	"image"
	"image/color"
)

// A Prim is one primitive every painter can do: fill a rectangle, blend one
// colour through a mask, or blend a bitmap.
type Prim struct {
	Rect  image.Rectangle // on the frame; never empty, clipped already
	Color color.RGBA      // of a fill or mask, premultiplied
	Mask  *Mask           // nil: a fill or bitmap
	Image *image.RGBA     // nil: a fill, mask or layer
	Layer *Layer          // nil: a fill, mask or bitmap of another kind
	From  image.Point     // the mask's, bitmap's or layer's pixel at Rect.Min
	Alpha uint8           // of a bitmap or layer

	// Whole is what all of the layer covers where it is scaled, and From is of no
	// use; else it is empty.
	Whole image.Rectangle
}

// Repeats reports whether the mask is one pixel wide and is repeated across, or
// one pixel high and is repeated down, the rectangle.
func (p Prim) Repeats() (across, down bool) {
	return p.Mask.Size.X == 1, p.Mask.Size.Y == 1
}

// Expand gives the primitives of op inside damage to paint, in order. Both
// painters take them from here, so that they agree.
func (s *Shapes) Expand(op *Op, damage image.Rectangle, images Images, paint func(Prim)) {
	if op.Clip != (image.Rectangle{}) {
		damage = damage.Intersect(op.Clip)
	}
	if damage.Empty() {
		return
	}
	e := expander{shapes: s, damage: damage, paint: paint}
	switch op.Kind {
	case BoxOp:
		e.boxOp(op)
	case TextOp:
		for _, g := range op.Line.Glyphs {
			e.mask(op.Dot.Add(g.At), g.Mask, op.Color)
		}
	case MaskOp:
		e.mask(op.Rect.Min, op.Mask, op.Color)
	case PictureOp:
		if r := op.Rect.Intersect(damage); !r.Empty() && images != nil {
			if img := images.Image(op.Picture); img != nil {
				paint(Prim{Rect: r, Image: img, From: r.Min.Sub(op.Rect.Min), Alpha: op.Alpha})
			}
		}
	case LayerOp:
		if r := op.Rect.Intersect(damage); !r.Empty() && op.Alpha > 0 {
			q := Prim{Rect: r, Layer: op.Layer, From: r.Min.Sub(op.Rect.Min), Alpha: op.Alpha}
			if op.Rect.Size() != op.Layer.Bounds.Size() {
				q.Whole = op.Rect
			}
			paint(q)
		}
	}
}

// radius returns the corner radius that fits the box.
func (op *Op) radius() int { return min(op.Radius, op.Rect.Dx()/2, op.Rect.Dy()/2) }

type expander struct {
	shapes *Shapes
	damage image.Rectangle
	hole   image.Rectangle // painted over anyway: leave it out
	paint  func(Prim)
}

// boxOp paints shadow, border and inside of a box.
func (e *expander) boxOp(op *Op) {
	r, radius := op.Rect, op.radius()
	if r.Empty() {
		return
	}
	border := min(op.Border, r.Dx()/2, r.Dy()/2)
	if op.Shadow != nil {
		if op.Color.A == 255 {
			e.hole = r.Inset(inside(radius))
			if border > 0 && op.Edge.A < 255 {
				e.hole = r.Inset(border + inside(max(0, radius-border)))
			}
		}
		for _, l := range op.Shadow.Layers {
			e.shadow(r, radius, l)
		}
		e.hole = image.Rectangle{}
	}
	switch {
	case border <= 0:
		e.box(r, radius, op.Color)
	case op.Color.A == 255 && op.Edge.A == 255:
		// One over the other leaves no seam between them.
		e.box(r, radius, op.Edge)
		e.box(r.Inset(border), max(0, radius-border), op.Color)
	default:
		e.box(r.Inset(border), max(0, radius-border), op.Color)
		e.ring(r, radius, border, op.Edge)
	}
}

// inside is how far a box has to be inset to lie whole inside its rounded
// corners: a square fits into a circle from 0.293 of the radius on.
func inside(radius int) int { return (radius*3 + 9) / 10 }

func (e *expander) fill(r image.Rectangle, c color.RGBA) {
	if r = r.Intersect(e.damage); !r.Empty() && c.A != 0 {
		e.emit(Prim{Rect: r, Color: c})
	}
}

// emit paints p without what lies in the hole.
func (e *expander) emit(p Prim) {
	h := e.hole.Intersect(p.Rect)
	if h.Empty() {
		e.paint(p)
		return
	}
	for _, r := range [...]image.Rectangle{
		{Min: p.Rect.Min, Max: image.Pt(p.Rect.Max.X, h.Min.Y)},
		{Min: image.Pt(p.Rect.Min.X, h.Min.Y), Max: image.Pt(h.Min.X, h.Max.Y)},
		{Min: image.Pt(h.Max.X, h.Min.Y), Max: image.Pt(p.Rect.Max.X, h.Max.Y)},
		{Min: image.Pt(p.Rect.Min.X, h.Max.Y), Max: p.Rect.Max},
	} {
		if r.Empty() {
			continue
		}
		q := p
		q.Rect = r
		if p.Mask != nil {
			off := r.Min.Sub(p.Rect.Min)
			if p.Mask.Size.X > 1 {
				q.From.X += off.X
			}
			if p.Mask.Size.Y > 1 {
				q.From.Y += off.Y
			}
		}
		e.paint(q)
	}
}

func (e *expander) mask(at image.Point, m *Mask, c color.RGBA) {
	if m == nil {
		return
	}
	e.stretch(image.Rectangle{Min: at, Max: at.Add(m.Size)}, m, c)
}

// stretch blends m across r; m has r's size, or is one pixel in an axis.
func (e *expander) stretch(r image.Rectangle, m *Mask, c color.RGBA) {
	v := r.Intersect(e.damage)
	if v.Empty() || c.A == 0 {
		return
	}
	from := v.Min.Sub(r.Min)
	if m.Size.X == 1 {
		from.X = 0
	}
	if m.Size.Y == 1 {
		from.Y = 0
	}
	e.emit(Prim{Rect: v, Color: c, Mask: m, From: from})
}

func (e *expander) box(r image.Rectangle, radius int, c color.RGBA) {
	if radius <= 0 {
		e.fill(r, c)
		return
	}
	e.fill(image.Rect(r.Min.X+radius, r.Min.Y, r.Max.X-radius, r.Min.Y+radius), c)
	e.fill(image.Rect(r.Min.X, r.Min.Y+radius, r.Max.X, r.Max.Y-radius), c)
	e.fill(image.Rect(r.Min.X+radius, r.Max.Y-radius, r.Max.X-radius, r.Max.Y), c)
	e.corners(r, cornerKey{radius: radius}, c)
}

func (e *expander) ring(r image.Rectangle, radius, w int, c color.RGBA) {
	if c.A == 0 {
		return
	}
	k := cornerKey{radius: radius, border: w}
	in := k.side()
	e.fill(image.Rect(r.Min.X+in, r.Min.Y, r.Max.X-in, r.Min.Y+w), c)
	e.fill(image.Rect(r.Min.X+in, r.Max.Y-w, r.Max.X-in, r.Max.Y), c)
	e.fill(image.Rect(r.Min.X, r.Min.Y+in, r.Min.X+w, r.Max.Y-in), c)
	e.fill(image.Rect(r.Max.X-w, r.Min.Y+in, r.Max.X, r.Max.Y-in), c)
	e.corners(r, k, c)
}

func (e *expander) corners(r image.Rectangle, k cornerKey, c color.RGBA) {
	if c.A == 0 {
		return
	}
	side, m := k.side(), e.shapes.corner(k)
	e.mask(r.Min, &m[0], c)
	e.mask(image.Pt(r.Max.X-side, r.Min.Y), &m[1], c)
	e.mask(image.Pt(r.Min.X, r.Max.Y-side), &m[2], c)
	e.mask(image.Pt(r.Max.X-side, r.Max.Y-side), &m[3], c)
}

func (e *expander) shadow(r image.Rectangle, radius int, l ShadowLayer) {
	o := r.Add(l.Offset).Inset(-l.reach())
	if !o.Overlaps(e.damage) {
		return
	}
	m := e.shapes.shadow(r.Dx(), r.Dy(), radius, l)
	xs, ys := m.cuts(o.Dx(), m.cols), m.cuts(o.Dy(), m.rows)
	for row := range m.rows {
		for col := range m.cols {
			at := image.Rect(xs[col], ys[row], xs[col+1], ys[row+1]).Add(o.Min)
			if row == 1 && col == 1 {
				e.fill(at, l.Color) // the flat middle
			} else {
				e.stretch(at, &m.pieces[row*m.cols+col], l.Color)
			}
		}
	}
}

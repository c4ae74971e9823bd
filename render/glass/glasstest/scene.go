// Package glasstest makes what presenters are tested with: random frames with
// everything an op can say, the pictures they name, and comparison of pixels.
// It belongs to tests alone.
package glasstest

import (
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"math/rand/v2"

	"tavle/render"
)

// A Maker makes frames from one source of chance. Equal seeds make equal
// frames.
type Maker struct {
	r       *rand.Rand
	masks   []*render.Mask
	shadows []*render.Shadow
}

// NewMaker returns a maker.
func NewMaker(seed uint64) *Maker {
	m := &Maker{r: rand.New(rand.NewPCG(seed, 1))}
	for i := range 24 {
		m.masks = append(m.masks, m.mask(1+i*3, 2+i*2))
	}
	for _, sigma := range []float64{1.5, 6, 14} {
		m.shadows = append(m.shadows, &render.Shadow{Layers: []render.ShadowLayer{
			{Offset: image.Pt(0, int(sigma/2)), Sigma: sigma, Color: color.RGBA{A: 30}},
			{Sigma: sigma / 3, Color: color.RGBA{R: 20, G: 10, A: 40}},
		}})
	}
	return m
}

// mask returns a disc with a soft edge and some noise: no two rows are alike.
func (m *Maker) mask(w, h int) *render.Mask {
	out := &render.Mask{Size: image.Pt(w, h), Pix: make([]uint8, w*h)}
	for i := range out.Pix {
		x, y := 2*(i%w)-w, 2*(i/w)-h
		if x*x*h*h+y*y*w*w < w*w*h*h {
			out.Pix[i] = uint8(128 + m.r.IntN(128))
		}
	}
	return out
}

// Frame returns a frame of the given size: an opaque ground, a grid of targets,
// and ops of every kind.
func (m *Maker) Frame(size image.Point) *render.Frame {
	f := &render.Frame{Size: size}
	f.Ops = append(f.Ops, render.Op{Rect: image.Rectangle{Max: size}, Color: m.opaque()})
	for range 40 {
		f.Ops = append(f.Ops, m.op(size))
	}
	for i, r := range Cells(size) {
		f.Targets = append(f.Targets, render.Target{Rect: r, Drawn: r, Label: fmt.Sprint("cell ", i), Means: Cell(i)})
	}
	return f
}

// A Cell is what touching a frame of a [Maker] means: which of [Cells] it was.
type Cell int

// Cells returns the areas of a frame that can be touched: 4 by 3.
func Cells(size image.Point) []image.Rectangle {
	var out []image.Rectangle
	for y := range 3 {
		for x := range 4 {
			out = append(out, image.Rect(size.X*x/4, size.Y*y/3, size.X*(x+1)/4, size.Y*(y+1)/3))
		}
	}
	return out
}

// Next returns a frame that differs from f in a few ops.
func (m *Maker) Next(f *render.Frame) *render.Frame {
	next := *f
	next.Ops = append([]render.Op(nil), f.Ops...)
	for range 1 + m.r.IntN(3) {
		next.Ops[1+m.r.IntN(len(next.Ops)-1)] = m.op(f.Size)
	}
	return &next
}

func (m *Maker) op(size image.Point) render.Op {
	at := image.Pt(m.r.IntN(size.X+40)-20, m.r.IntN(size.Y+40)-20)
	op := render.Op{Kind: render.OpKind(m.r.IntN(5)), Color: m.color()}
	switch op.Kind {
	case render.BoxOp:
		op.Rect = image.Rectangle{Min: at, Max: at.Add(image.Pt(4+m.r.IntN(200), 4+m.r.IntN(120)))}
		op.Radius = m.r.IntN(40)
		if m.r.IntN(2) == 0 {
			op.Border, op.Edge = 1+m.r.IntN(6), m.color()
		}
		if m.r.IntN(3) == 0 {
			op.Color = color.RGBA{} // a ring
		}
		if m.r.IntN(3) == 0 {
			op.Shadow = m.shadows[m.r.IntN(len(m.shadows))]
		}
	case render.TextOp:
		op.Dot = at
		op.Line, op.Rect = m.line()
		op.Rect = op.Rect.Add(at)
	case render.MaskOp:
		op.Mask = m.masks[m.r.IntN(len(m.masks))]
		op.Rect = image.Rectangle{Min: at, Max: at.Add(op.Mask.Size)}
	case render.PictureOp:
		s := image.Pt(10+m.r.IntN(150), 10+m.r.IntN(150))
		op.Rect = image.Rectangle{Min: at, Max: at.Add(s)}
		op.Picture = render.Picture{Source: fmt.Sprint("photo:", m.r.IntN(9)), Size: s}
		op.Alpha = 255
		if m.r.IntN(3) == 0 {
			op.Alpha = uint8(m.r.IntN(256))
		}
		if m.r.IntN(2) == 0 {
			op.Picture.Crop = render.Crop{Window: image.Rectangle{Max: s}.Inset(2), Radius: 5}
		}
	}
	if op.Kind == render.LayerOp {
		m.layer(&op, at, size)
	}
	if m.r.IntN(4) == 0 {
		op.Clip = image.Rectangle{Min: at, Max: at.Add(image.Pt(1+m.r.IntN(120), 1+m.r.IntN(90)))}
	}
	return op
}

// layer makes op a layer of a few other ops: as large as it is painted, larger or
// smaller.
func (m *Maker) layer(op *render.Op, at, size image.Point) {
	l := &render.Layer{Bounds: image.Rectangle{Min: at, Max: at.Add(image.Pt(20+m.r.IntN(200), 20+m.r.IntN(200)))}, Opaque: m.r.IntN(3) == 0}
	for range 1 + m.r.IntN(4) {
		in := m.op(size)
		for in.Kind == render.LayerOp {
			in = m.op(size)
		}
		to := l.Bounds.Min.Add(image.Pt(m.r.IntN(60)-20, m.r.IntN(60)-20))
		by := to.Sub(in.Rect.Min)
		in.Rect, in.Dot, in.Clip = in.Rect.Add(by), in.Dot.Add(by), image.Rectangle{}
		l.Ops = append(l.Ops, in)
	}
	op.Layer, op.Alpha = l, uint8(m.r.IntN(256))
	op.Rect = l.Bounds.Add(image.Pt(m.r.IntN(30)-15, m.r.IntN(30)-15))
	switch m.r.IntN(4) {
	case 0:
		op.Rect.Max = op.Rect.Min.Add(image.Pt(10+m.r.IntN(240), 10+m.r.IntN(240)))
	case 1:
		op.Alpha = 255
	}
}

// line returns a line of glyphs that touch and overlap, as letters do, and
// where its ink is.
func (m *Maker) line() (*render.Line, image.Rectangle) {
	l := &render.Line{Text: "words"}
	for i := range 3 + m.r.IntN(12) {
		g := render.Glyph{At: image.Pt(i*9, -20), Mask: m.masks[3+m.r.IntN(6)]}
		l.Glyphs = append(l.Glyphs, g)
		l.Ink = l.Ink.Union(image.Rectangle{Min: g.At, Max: g.At.Add(g.Mask.Size)})
	}
	l.Width = l.Ink.Max.X
	return l, l.Ink
}

// color returns a premultiplied colour, often opaque.
func (m *Maker) color() color.RGBA {
	c := m.opaque()
	if m.r.IntN(2) == 0 {
		return c
	}
	a := m.r.IntN(256)
	part := func(v uint8) uint8 { return uint8(int(v) * a / 255) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), uint8(a)}
}

func (m *Maker) opaque() color.RGBA {
	return color.RGBA{uint8(m.r.IntN(256)), uint8(m.r.IntN(256)), uint8(m.r.IntN(256)), 255}
}

// Pictures makes the bitmaps that frames of a [Maker] name, the same for the
// same name and size. It keeps them, as [render.Images] asks.
type Pictures struct {
	made  map[render.Picture]*image.RGBA
	Asked int // how often a bitmap was asked for
}

var _ render.Images = (*Pictures)(nil)

// Image returns the bitmap p names: opaque for even sources, else with holes.
func (s *Pictures) Image(p render.Picture) *image.RGBA {
	s.Asked++
	if img := s.made[p]; img != nil {
		return img
	}
	h := fnv.New64a()
	fmt.Fprint(h, p)
	r := rand.New(rand.NewPCG(h.Sum64(), 2))
	img := image.NewRGBA(image.Rectangle{Max: p.Size})
	for y := range p.Size.Y {
		for x := range p.Size.X {
			a := 255
			if p.Source[len(p.Source)-1]%2 == 1 && (x/7+y/5)%3 == 0 {
				a = r.IntN(256)
			}
			img.SetRGBA(x, y, color.RGBA{uint8(r.IntN(a + 1)), uint8(x * a / p.Size.X), uint8(y * a / p.Size.Y), uint8(a)})
		}
	}
	if s.made == nil {
		s.made = map[render.Picture]*image.RGBA{}
	}
	s.made[p] = img
	return img
}

// Package soft paints frames on the CPU. It is the reference the GPU painter is
// compared with, what screens without a GPU use, and what makes screenshots.
//
// The same pixels come out however a frame is cut into damage, and painting
// damage allocates nothing once the masks are made. It knows no window; it
// writes to memory it is given.
package soft

// Flow, a change on its way to the glass (the ninth and last hop, for every
// presenter but the GPU's; the eighth is player/ui/view.go):
//
//	Frame and damage → what is hidden is skipped → each op in pieces
//	(render.Shapes) → blended into the presenter's memory

import (
	"image"
	"image/color"

	"tavle/render"
)

// A Painter paints frames. It keeps the masks boxes are made of. The zero
// Painter is ready; it is for one goroutine.
type Painter struct {
	shapes render.Shapes
	dst    *image.RGBA
	prim   func(render.Prim) // paintPrim, bound once
}

// Paint makes dst show f inside the rectangles of damage, whatever it showed
// there before; see [render.Damage]. Nothing else is written. What no op covers
// is black. Images may be nil when f has no pictures.
func (p *Painter) Paint(dst *image.RGBA, f *render.Frame, damage []image.Rectangle, images render.Images) {
	if p.prim == nil {
		p.prim = p.paintPrim
	}
	p.dst = dst
	bounds := dst.Rect.Intersect(image.Rectangle{Max: f.Size})
	for _, r := range damage {
		if r = r.Intersect(bounds); !r.Empty() {
			p.paintRect(f, r, images)
		}
	}
	p.dst = nil
}

// Image returns a new picture of the whole frame.
func (p *Painter) Image(f *render.Frame, images render.Images) *image.RGBA {
	dst := image.NewRGBA(image.Rectangle{Max: f.Size})
	p.Paint(dst, f, []image.Rectangle{dst.Rect}, images)
	return dst
}

func (p *Painter) paintRect(f *render.Frame, r image.Rectangle, images render.Images) {
	first := len(f.Ops)
	for first > 0 && !hides(&f.Ops[first-1], r) {
		first--
	}
	if first == 0 {
		p.paintPrim(render.Prim{Rect: r, Color: color.RGBA{A: 255}})
	} else {
		first-- // nothing beneath this one is seen
	}
	for i := first; i < len(f.Ops); i++ {
		op := &f.Ops[i]
		if op.Bounds().Overlaps(r) {
			p.shapes.Expand(op, r, images, p.prim)
		}
	}
}

// hides reports whether op covers all of r with opaque colour.
func hides(op *render.Op, r image.Rectangle) bool {
	if op.Kind != render.BoxOp || op.Color.A != 255 || op.Border > 0 && op.Edge.A != 255 {
		return false
	}
	return r.In(op.Rect.Inset(op.Radius)) && (op.Clip == image.Rectangle{} || r.In(op.Clip))
}

func (p *Painter) paintPrim(q render.Prim) {
	switch {
	case q.Image != nil:
		p.blendImage(q)
	case q.Mask != nil:
		p.blendMask(q)
	case q.Color.A == 255:
		p.fill(q.Rect, q.Color)
	default:
		p.blendColor(q)
	}
}

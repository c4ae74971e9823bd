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

// A Painter paints frames. It keeps the masks boxes are made of, and the bitmaps
// of the layers that the last frame had. The zero Painter is ready; it is for one
// goroutine.
type Painter struct {
	shapes render.Shapes
	layers map[*render.Layer]*layer
	dst    *image.RGBA
	at     image.Point       // of the frame, at the upper left of dst
	prim   func(render.Prim) // paintPrim, bound once
}

// A layer is the bitmap of a layer.
type layer struct {
	img  *image.RGBA
	here bool // the frame that is painted has it
}

// Forget lets go of what was kept for the next frame; all of it is made again as
// needed.
func (p *Painter) Forget() { p.shapes, p.layers = render.Shapes{}, nil }

// Paint makes dst show f inside the rectangles of damage, whatever it showed
// there before; see [render.Damage]. Nothing else is written. What no op covers
// is black. Images may be nil when f has no pictures.
func (p *Painter) Paint(dst *image.RGBA, f *render.Frame, damage []image.Rectangle, images render.Images) {
	if p.prim == nil {
		p.prim = p.paintPrim
	}
	p.paintLayers(f, images)
	p.dst, p.at = dst, image.Point{}
	bounds := dst.Rect.Intersect(image.Rectangle{Max: f.Size})
	for _, r := range damage {
		if r = r.Intersect(bounds); !r.Empty() {
			p.paintRect(f.Ops, r, images)
		}
	}
	p.dst = nil
}

// paintLayers makes the bitmaps of layers that are new, and lets go of those the
// frame has not: what they show may have been withdrawn.
func (p *Painter) paintLayers(f *render.Frame, images render.Images) {
	for _, l := range p.layers {
		l.here = false
	}
	for i := range f.Ops {
		op := &f.Ops[i]
		if op.Kind != render.LayerOp {
			continue
		}
		if p.layers[op.Layer] == nil {
			if p.layers == nil {
				p.layers = map[*render.Layer]*layer{}
			}
			p.layers[op.Layer] = &layer{img: p.layerImage(op.Layer, images)}
		}
		p.layers[op.Layer].here = true
	}
	for l, kept := range p.layers {
		if !kept.here {
			delete(p.layers, l)
		}
	}
}

// layerImage returns a new bitmap of a layer.
func (p *Painter) layerImage(l *render.Layer, images render.Images) *image.RGBA {
	img := image.NewRGBA(image.Rectangle{Max: l.Bounds.Size()})
	p.dst, p.at = img, l.Bounds.Min
	if l.Opaque {
		p.paintRect(l.Ops, l.Bounds, images)
	} else {
		p.paintOps(l.Ops, l.Bounds, images)
	}
	return img
}

// Kept returns how many bytes the bitmaps of layers take.
func (p *Painter) Kept() (bytes int) {
	for _, l := range p.layers {
		bytes += len(l.img.Pix)
	}
	return bytes
}

// Image returns a new picture of the whole frame.
func (p *Painter) Image(f *render.Frame, images render.Images) *image.RGBA {
	dst := image.NewRGBA(image.Rectangle{Max: f.Size})
	p.Paint(dst, f, []image.Rectangle{dst.Rect}, images)
	return dst
}

// paintRect paints ops on black inside r.
func (p *Painter) paintRect(ops []render.Op, r image.Rectangle, images render.Images) {
	first := len(ops)
	for first > 0 && !ops[first-1].Hides(r) {
		first--
	}
	if first == 0 {
		p.paintPrim(render.Prim{Rect: r, Color: color.RGBA{A: 255}})
	} else {
		first-- // nothing beneath this one is seen
	}
	p.paintOps(ops[first:], r, images)
}

func (p *Painter) paintOps(ops []render.Op, r image.Rectangle, images render.Images) {
	for i := range ops {
		if op := &ops[i]; op.Bounds().Overlaps(r) {
			p.shapes.Expand(op, r, images, p.prim)
		}
	}
}

func (p *Painter) paintPrim(q render.Prim) {
	q.Rect = q.Rect.Sub(p.at)
	switch {
	case q.Layer != nil:
		l := p.layers[q.Layer]
		switch {
		case l == nil: // a layer in a layer
		case q.Whole.Empty():
			q.Image = l.img
			p.blendImage(q)
		default:
			p.blendScaled(q, l.img)
		}
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

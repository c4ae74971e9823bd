//go:build !nogpu

package gpu

// Flow, a change on its way to the glass (the ninth and last hop; the eighth is
// player/ui/view.go):
//
//	Frame and damage → masks and pictures to the GPU → all blended there → on the
//	glass; this frame is now the frame shown

import (
	"image"
	"image/color"

	"github.com/hajimehoshi/ebiten/v2"

	"tavle/render"
	"tavle/render/glass"
)

// maskBytes bounds the textures of masks. The masks of a whole screen of text in
// eight sizes take 0.5 MB this way; shadows and rings take the rest.
const maskBytes = 16 << 20

// pictureBytes bounds the textures of pictures: two screens full, of the largest
// panel a Raspberry Pi 3 drives. A picture for which there is no room is left out.
// Layers are bounded by what a frame may have of them: two screens full again
// (render/motion).
const pictureBytes = 32 << 20

// A painter paints frames with the GPU. It is for the goroutine that draws.
type painter struct {
	turn     glass.Rotation
	shapes   render.Shapes
	masks    textures[tileKey[*render.Mask]]
	pictures textures[tileKey[render.Picture]]
	layers   textures[*render.Layer]
	white    *ebiten.Image // one pixel

	// For one paint, kept for their memory.
	now         uint64
	images      render.Images
	placeholder image.RGBA
	picture     render.Picture // what Image was last asked for
	prims       []drawing
	collect     func(render.Prim)
	scratch     []byte
	vertices    []ebiten.Vertex
	indices     []uint16
	options     ebiten.DrawTrianglesOptions
	smooth      ebiten.DrawTrianglesOptions // for what is scaled
}

// A drawing is a primitive and its texture; nil: a fill.
type drawing struct {
	render.Prim
	texture *texture
}

// scaled reports whether it is a layer that is scaled.
func (d *drawing) scaled() bool { return d.Layer != nil && !d.Whole.Empty() }

// joins reports whether next can be drawn in one call with d.
func (d *drawing) joins(next *drawing) bool {
	return next.texture == d.texture && next.scaled() == d.scaled()
}

// paint makes dst, which has the panel's size, show f inside damage. What no op
// covers is black. With no images, only pictures the GPU has already are drawn.
func (p *painter) paint(dst *ebiten.Image, f *render.Frame, damage []image.Rectangle, images render.Images) {
	p.now++
	p.images = images
	if p.white == nil {
		p.start()
	}
	for i := range f.Ops {
		if op := &f.Ops[i]; op.Kind == render.LayerOp {
			p.layer(op.Layer).used = p.now
		}
	}
	p.layers.sweep(p.now) // what they show may have been withdrawn
	// Everything goes to the GPU first: a texture that is written between two
	// draws makes two batches of them (288 draw calls for a first frame, not 7).
	p.prims = p.prims[:0]
	for _, r := range damage {
		if r = r.Intersect(image.Rectangle{Max: f.Size}); !r.Empty() {
			p.gather(f.Ops, r)
		}
	}
	p.draw(dst, image.Point{}, p.turn, f.Size)
	p.masks.shrink(maskBytes, p.now)
	p.keepPictures(f)
	p.images = nil
}

// keepPictures gives back the pictures f does not show: how many there are is
// bounded by the screen, not by the house, and a photo that was withdrawn is gone
// from the GPU's memory too.
func (p *painter) keepPictures(f *render.Frame) {
	for k, t := range p.pictures.kept {
		if t.used < p.now && shows(f.Ops, k.of) {
			t.used = p.now
		}
	}
	p.pictures.sweep(p.now)
}

// shows reports whether ops, or layers among them, have a picture.
func shows(ops []render.Op, pic render.Picture) bool {
	for i := range ops {
		switch op := &ops[i]; op.Kind {
		case render.PictureOp:
			if op.Picture == pic {
				return true
			}
		case render.LayerOp:
			if shows(op.Layer.Ops, pic) {
				return true
			}
		}
	}
	return false
}

// start makes what every paint needs, when there is a GPU to make it on.
func (p *painter) start() {
	// Of a larger image, so that nothing of a neighbour in the atlas bleeds in.
	block := ebiten.NewImage(3, 3)
	block.Fill(color.White)
	p.white = block.SubImage(image.Rect(1, 1, 2, 2)).(*ebiten.Image)
	p.collect = p.add
	p.options.ColorScaleMode = ebiten.ColorScaleModePremultipliedAlpha
	p.smooth = p.options
	p.smooth.Filter, p.smooth.Address = ebiten.FilterLinear, ebiten.AddressClampToZero
}

// gather collects what is to be drawn of ops on black inside r, without what
// others hide.
func (p *painter) gather(ops []render.Op, r image.Rectangle) {
	first := len(ops)
	for first > 0 && !ops[first-1].Hides(r) {
		first--
	}
	if first == 0 {
		p.add(render.Prim{Rect: r, Color: color.RGBA{A: 255}})
	} else {
		first--
	}
	p.collectOps(ops[first:], r)
}

func (p *painter) collectOps(ops []render.Op, r image.Rectangle) {
	for i := range ops {
		if op := &ops[i]; op.Bounds().Overlaps(r) {
			p.shapes.Expand(op, r, p, p.collect)
		}
	}
}

func (p *painter) add(q render.Prim) {
	switch {
	case q.Mask != nil:
		if q.Mask.Size.X <= side && q.Mask.Size.Y <= side {
			p.with(q, p.mask(q.Mask, image.Point{}))
			return
		}
		across, down := q.Repeats()
		r := q.Rect
		if across {
			r.Max.X = r.Min.X + 1
		}
		if down {
			r.Max.Y = r.Min.Y + 1
		}
		tiles(r, q.From, func(part image.Rectangle, at image.Point) {
			t := q
			t.From = q.From.Add(part.Min).Sub(q.Rect.Min).Sub(at)
			if across {
				part.Min.X, part.Max.X = q.Rect.Min.X, q.Rect.Max.X
			}
			if down {
				part.Min.Y, part.Max.Y = q.Rect.Min.Y, q.Rect.Max.Y
			}
			t.Rect = part
			p.with(t, p.mask(q.Mask, at))
		})
	case q.Image != nil && p.picture.Size.X <= side && p.picture.Size.Y <= side:
		p.with(q, p.pictures.kept[tileKey[render.Picture]{of: p.picture}])
	case q.Image != nil:
		tiles(q.Rect, q.From, func(part image.Rectangle, at image.Point) {
			t := q
			t.Rect, t.From = part, q.From.Add(part.Min).Sub(q.Rect.Min).Sub(at)
			if got := p.pictures.kept[tileKey[render.Picture]{p.picture, at}]; got != nil {
				p.with(t, got)
			}
		})
	case q.Layer != nil:
		if t := p.layers.kept[q.Layer]; t != nil { // else it is a layer in a layer
			p.with(q, t)
		}
	default:
		p.prims = append(p.prims, drawing{Prim: q})
	}
}

// with notes that q is drawn with a texture.
func (p *painter) with(q render.Prim, t *texture) {
	t.used = p.now
	p.prims = append(p.prims, drawing{q, t})
}

// draw draws all that was gathered, what is at a place of the frame at dst's upper
// left corner, turned. Primitives in a row that share a texture are one call.
func (p *painter) draw(dst *ebiten.Image, at image.Point, turn glass.Rotation, size image.Point) {
	for i := range p.prims {
		d := &p.prims[i]
		d.Rect, d.Whole = d.Rect.Sub(at), d.Whole.Sub(at)
		p.quad(d, turn, size)
		if i+1 < len(p.prims) && d.joins(&p.prims[i+1]) && len(p.vertices) < maxVertices {
			continue
		}
		src, options := p.white, &p.options
		if d.texture != nil {
			src = d.texture.img
		}
		if d.scaled() {
			options = &p.smooth
		}
		dst.DrawTriangles(p.vertices, p.indices, src, options)
		p.vertices, p.indices = p.vertices[:0], p.indices[:0]
	}
}

// maxVertices keeps a call within 16-bit indices.
const maxVertices = 4 << 10

// quad adds the two triangles of a drawing.
func (p *painter) quad(d *drawing, turn glass.Rotation, size image.Point) {
	from, to := source(d)
	r, g, b, a := scale(d)
	first := uint16(len(p.vertices))
	for i := range 4 {
		x, y := d.Rect.Min.X, d.Rect.Min.Y
		sx, sy := from[0], from[1]
		if i&1 == 1 {
			x, sx = d.Rect.Max.X, to[0]
		}
		if i&2 == 2 {
			y, sy = d.Rect.Max.Y, to[1]
		}
		x, y = turned(x, y, turn, size)
		p.vertices = append(p.vertices, ebiten.Vertex{
			DstX: float32(x), DstY: float32(y), SrcX: sx, SrcY: sy,
			ColorR: r, ColorG: g, ColorB: b, ColorA: a,
		})
	}
	p.indices = append(p.indices, first, first+1, first+2, first+1, first+3, first+2)
}

// turned returns where the corner between pixels at (x, y) of the frame is on
// the panel. Pixels are one less than corners.
func turned(x, y int, turn glass.Rotation, size image.Point) (int, int) {
	switch turn & 3 {
	case 1:
		return size.Y - y, x
	case 2:
		return size.X - x, size.Y - y
	case 3:
		return y, size.X - x
	}
	return x, y
}

// source returns the part of the texture that is drawn. Where one pixel is
// stretched, only its inner half is, so that rounding never reaches a neighbour.
func source(d *drawing) (from, to [2]float32) {
	if d.texture == nil {
		return [2]float32{1.25, 1.25}, [2]float32{1.75, 1.75} // the white pixel is at (1, 1)
	}
	w, h := d.Rect.Dx(), d.Rect.Dy()
	if d.scaled() {
		size, whole := d.texture.size, d.Whole
		x, y := float32(size.X)/float32(whole.Dx()), float32(size.Y)/float32(whole.Dy())
		from = [2]float32{float32(d.Rect.Min.X-whole.Min.X) * x, float32(d.Rect.Min.Y-whole.Min.Y) * y}
		return from, [2]float32{from[0] + float32(w)*x, from[1] + float32(h)*y}
	}
	from = [2]float32{float32(d.From.X), float32(d.From.Y)}
	to = [2]float32{float32(d.From.X + w), float32(d.From.Y + h)}
	if d.Mask != nil {
		across, down := d.Repeats()
		if across {
			from[0], to[0] = 0.25, 0.75
		}
		if down {
			from[1], to[1] = 0.25, 0.75
		}
	}
	return from, to
}

// scale returns what the texture is multiplied by: a colour, or a bitmap's
// opacity.
func scale(d *drawing) (r, g, b, a float32) {
	if d.Image != nil || d.Layer != nil {
		v := float32(d.Alpha) / 255
		return v, v, v, v
	}
	c := d.Color
	return float32(c.R) / 255, float32(c.G) / 255, float32(c.B) / 255, float32(c.A) / 255
}

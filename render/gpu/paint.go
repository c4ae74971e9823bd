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

// A painter paints frames with the GPU. It is for the goroutine that draws.
type painter struct {
	turn     glass.Rotation
	shapes   render.Shapes
	masks    textures[*render.Mask]
	pictures textures[render.Picture]
	white    *ebiten.Image // one pixel

	// For one paint, kept for their memory.
	now         uint64
	images      render.Images
	placeholder image.RGBA
	picture     *texture // what Image last found
	prims       []drawing
	collect     func(render.Prim)
	scratch     []byte
	vertices    []ebiten.Vertex
	indices     []uint16
	options     ebiten.DrawTrianglesOptions
}

// A drawing is a primitive and its texture; nil: a fill.
type drawing struct {
	render.Prim
	texture *texture
}

// paint makes dst, which has the panel's size, show f inside damage. What no op
// covers is black. With no images, only pictures the GPU has already are drawn.
func (p *painter) paint(dst *ebiten.Image, f *render.Frame, damage []image.Rectangle, images render.Images) {
	p.now++
	p.images = images
	if p.white == nil {
		p.start()
	}
	// Everything goes to the GPU first: a texture that is written between two
	// draws makes two batches of them (288 draw calls for a first frame, not 7).
	p.prims = p.prims[:0]
	for _, r := range damage {
		if r = r.Intersect(image.Rectangle{Max: f.Size}); !r.Empty() {
			p.gather(f, r)
		}
	}
	p.draw(dst, f.Size)
	p.masks.shrink(maskBytes, p.now)
	p.keepPictures(f)
	p.images = nil
}

// keepPictures gives back the pictures f does not show: how many there are is
// bounded by the screen, not by the house, and a photo that was withdrawn is gone
// from the GPU's memory too.
func (p *painter) keepPictures(f *render.Frame) {
	for i := range f.Ops {
		if op := &f.Ops[i]; op.Kind == render.PictureOp {
			if t := p.pictures.kept[op.Picture]; t != nil {
				t.used = p.now
			}
		}
	}
	p.pictures.sweep(p.now)
}

// start makes what every paint needs, when there is a GPU to make it on.
func (p *painter) start() {
	// Of a larger image, so that nothing of a neighbour in the atlas bleeds in.
	block := ebiten.NewImage(3, 3)
	block.Fill(color.White)
	p.white = block.SubImage(image.Rect(1, 1, 2, 2)).(*ebiten.Image)
	p.collect = p.add
	p.options.ColorScaleMode = ebiten.ColorScaleModePremultipliedAlpha
}

// gather collects what is to be drawn of f inside r.
func (p *painter) gather(f *render.Frame, r image.Rectangle) {
	p.add(render.Prim{Rect: r, Color: color.RGBA{A: 255}})
	for i := range f.Ops {
		if op := &f.Ops[i]; op.Bounds().Overlaps(r) {
			p.shapes.Expand(op, r, p, p.collect)
		}
	}
}

func (p *painter) add(q render.Prim) {
	d := drawing{Prim: q}
	switch {
	case q.Mask != nil:
		d.texture = p.mask(q.Mask)
	case q.Image != nil:
		d.texture = p.picture
	}
	if d.texture != nil {
		d.texture.used = p.now
	}
	p.prims = append(p.prims, d)
}

// draw draws all that was gathered. Primitives in a row that share a texture
// are one call.
func (p *painter) draw(dst *ebiten.Image, size image.Point) {
	for i := range p.prims {
		d := &p.prims[i]
		p.quad(d, size)
		if i+1 < len(p.prims) && p.prims[i+1].texture == d.texture && len(p.vertices) < maxVertices {
			continue
		}
		src := p.white
		if d.texture != nil {
			src = d.texture.img
		}
		dst.DrawTriangles(p.vertices, p.indices, src, &p.options)
		p.vertices, p.indices = p.vertices[:0], p.indices[:0]
	}
}

// maxVertices keeps a call within 16-bit indices.
const maxVertices = 4 << 10

// quad adds the two triangles of a drawing.
func (p *painter) quad(d *drawing, size image.Point) {
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
		x, y = turned(x, y, p.turn, size)
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
	if d.Image != nil {
		v := float32(d.Alpha) / 255
		return v, v, v, v
	}
	c := d.Color
	return float32(c.R) / 255, float32(c.G) / 255, float32(c.B) / 255, float32(c.A) / 255
}

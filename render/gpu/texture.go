//go:build !nogpu

package gpu

import (
	"cmp"
	"image"
	"slices"

	"github.com/hajimehoshi/ebiten/v2"

	"tavle/render"
)

// A texture is a bitmap on the GPU.
type texture struct {
	img  *ebiten.Image
	size image.Point
	used uint64 // in which paint it was last drawn
}

// bytes returns what the texture takes of the GPU's memory.
func (t *texture) bytes() int { return 4 * t.size.X * t.size.Y }

// textures are bitmaps on the GPU, by what they were made from.
type textures[K comparable] struct {
	kept  map[K]*texture
	bytes int
}

// add keeps what was made from key.
func (c *textures[K]) add(key K, size image.Point, pix []byte) *texture {
	t := &texture{img: ebiten.NewImage(size.X, size.Y), size: size}
	t.img.WritePixels(pix)
	if c.kept == nil {
		c.kept = map[K]*texture{}
	}
	c.kept[key] = t
	c.bytes += t.bytes()
	return t
}

// shrink gives the textures back that were not drawn for longest, until a
// quarter of the limit is free again. It does nothing while the limit holds, and
// never gives back what was used now.
func (c *textures[K]) shrink(limit int, now uint64) {
	if c.bytes <= limit {
		return
	}
	var old []K
	for k, t := range c.kept {
		if t.used < now {
			old = append(old, k)
		}
	}
	slices.SortFunc(old, func(a, b K) int { return cmp.Compare(c.kept[a].used, c.kept[b].used) })
	for _, k := range old {
		if c.bytes <= limit/4*3 {
			return
		}
		c.drop(k)
	}
}

// sweep gives back everything that was not used now.
func (c *textures[K]) sweep(now uint64) {
	for k, t := range c.kept {
		if t.used < now {
			c.drop(k)
		}
	}
}

func (c *textures[K]) drop(k K) {
	t := c.kept[k]
	c.bytes -= t.bytes()
	t.img.Deallocate()
	delete(c.kept, k)
}

// mask returns the texture of a mask: white, as opaque as the mask covers.
func (p *painter) mask(m *render.Mask) *texture {
	if t := p.masks.kept[m]; t != nil {
		return t
	}
	p.scratch = slices.Grow(p.scratch[:0], 4*len(m.Pix))
	for _, v := range m.Pix {
		p.scratch = append(p.scratch, v, v, v, v)
	}
	return p.masks.add(m, m.Size, p.scratch)
}

// Image is what render.Shapes asks for bitmaps. One whose texture we have is not
// asked for again: it might have to be decoded.
func (p *painter) Image(pic render.Picture) *image.RGBA {
	if p.picture = p.pictures.kept[pic]; p.picture != nil {
		return &p.placeholder
	}
	if p.images == nil {
		return nil
	}
	img := p.images.Image(pic)
	if img == nil || img.Rect.Empty() {
		return nil
	}
	p.picture = p.pictures.add(pic, img.Rect.Size(), packed(img))
	return img
}

// packed returns the pixels of img without gaps between the rows.
func packed(img *image.RGBA) []byte {
	row := 4 * img.Rect.Dx()
	if img.Stride == row {
		return img.Pix[:row*img.Rect.Dy()]
	}
	var out []byte
	for y := range img.Rect.Dy() {
		out = append(out, img.Pix[y*img.Stride:y*img.Stride+row]...)
	}
	return out
}

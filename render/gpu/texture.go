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

// side is the longest side of a texture: with the border Ebitengine gives it, it
// is the 2048 pixels that the GPU of a Raspberry Pi 3 can do. What is larger is
// cut into tiles.
const side = render.MaxSide

// A tileKey names a tile of something by where it begins there: the only one of
// most things is at (0, 0).
type tileKey[K comparable] struct {
	of K
	at image.Point
}

// tiles calls each with the parts of r that lie in different tiles of something
// whose pixel from is at r's upper left corner, and with where the tile begins.
func tiles(r image.Rectangle, from image.Point, each func(part image.Rectangle, at image.Point)) {
	for y := from.Y / side * side; y < from.Y+r.Dy(); y += side {
		for x := from.X / side * side; x < from.X+r.Dx(); x += side {
			tile := image.Rect(x, y, x+side, y+side).Add(r.Min).Sub(from)
			each(tile.Intersect(r), image.Pt(x, y))
		}
	}
}

// textures are bitmaps on the GPU, by what they were made from.
type textures[K comparable] struct {
	kept  map[K]*texture
	bytes int
}

// add keeps what was made from key. Without pixels it is clear.
func (c *textures[K]) add(key K, size image.Point, pix []byte) *texture {
	t := &texture{img: ebiten.NewImage(size.X, size.Y), size: size}
	if pix != nil {
		t.img.WritePixels(pix)
	}
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

// mask returns the texture of a mask's tile at a place: white, as opaque as the
// mask covers.
func (p *painter) mask(m *render.Mask, at image.Point) *texture {
	key := tileKey[*render.Mask]{m, at}
	if t := p.masks.kept[key]; t != nil {
		return t
	}
	r := image.Rectangle{Min: at, Max: at.Add(image.Pt(side, side))}.Intersect(image.Rectangle{Max: m.Size})
	p.scratch = slices.Grow(p.scratch[:0], 4*r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range m.Pix[y*m.Size.X+r.Min.X : y*m.Size.X+r.Max.X] {
			p.scratch = append(p.scratch, v, v, v, v)
		}
	}
	return p.masks.add(key, r.Size(), p.scratch)
}

// Image is what render.Shapes asks for bitmaps. One whose textures we have is not
// asked for again: it might have to be decoded. The textures are found by the
// picture.
func (p *painter) Image(pic render.Picture) *image.RGBA {
	p.picture = pic
	if p.pictures.kept[tileKey[render.Picture]{of: pic}] != nil {
		return &p.placeholder
	}
	if p.images == nil {
		return nil
	}
	img := p.images.Image(pic)
	if img == nil || img.Rect.Empty() {
		return nil
	}
	if n := 4 * img.Rect.Dx() * img.Rect.Dy(); p.pictures.bytes+n > pictureBytes && !p.room(n) {
		return nil
	}
	for y := 0; y < img.Rect.Dy(); y += side {
		for x := 0; x < img.Rect.Dx(); x += side {
			at := image.Pt(x, y)
			tile := img.SubImage(image.Rectangle{Min: at, Max: at.Add(image.Pt(side, side))}).(*image.RGBA)
			t := p.pictures.add(tileKey[render.Picture]{pic, at}, tile.Rect.Size(), packed(tile))
			t.used = p.now
		}
	}
	return &p.placeholder
}

// room gives back pictures that were not drawn now, for n more bytes, and reports
// whether there is room for them.
func (p *painter) room(n int) bool {
	p.pictures.shrink(pictureBytes-n, p.now)
	return p.pictures.bytes+n <= pictureBytes
}

// layer returns the texture of a layer, painted if it is new.
func (p *painter) layer(l *render.Layer) *texture {
	if t := p.layers.kept[l]; t != nil {
		return t
	}
	size := l.Bounds.Size()
	t := p.layers.add(l, size, nil)
	p.prims = p.prims[:0]
	if l.Opaque {
		p.gather(l.Ops, l.Bounds)
	} else {
		p.collectOps(l.Ops, l.Bounds)
	}
	p.draw(t.img, l.Bounds.Min, 0, size)
	return t
}

// bytes returns what all textures take of the GPU's memory.
func (p *painter) bytes() int { return p.masks.bytes + p.pictures.bytes + p.layers.bytes }

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

package render

import "image"

// Cut makes everything of img outside the crop's window transparent, with a
// soft edge at its corners. Whoever makes pictures cuts them before anybody
// else sees them; img starts at (0, 0) and is changed. The zero Crop cuts
// nothing.
func (c Crop) Cut(img *image.RGBA) {
	if c == (Crop{}) {
		return
	}
	in := c.Window.Intersect(img.Rect)
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride : y*img.Stride+4*img.Rect.Dx()]
		if y < in.Min.Y || y >= in.Max.Y {
			clear(row)
			continue
		}
		clear(row[:4*in.Min.X])
		clear(row[4*in.Max.X:])
	}
	// The corners are those of the window even where the picture ends before it.
	r := min(c.Radius, c.Window.Dx()/2, c.Window.Dy()/2)
	if r <= 0 {
		return
	}
	corner := roundRect(2*r, 2*r, r)
	for i, at := range [4]image.Point{
		c.Window.Min,
		{c.Window.Max.X - r, c.Window.Min.Y},
		{c.Window.Min.X, c.Window.Max.Y - r},
		c.Window.Max.Sub(image.Pt(r, r)),
	} {
		m := corner.sub(image.Rect(0, 0, r, r).Add(image.Pt(i%2*r, i/2*r)))
		for y := range r {
			for x := range r {
				p := at.Add(image.Pt(x, y))
				if !p.In(in) {
					continue
				}
				k := uint32(m.Pix[y*r+x])
				px := img.Pix[img.PixOffset(p.X, p.Y):][:4]
				for j := range px {
					px[j] = uint8((uint32(px[j])*k + 127) / 255)
				}
			}
		}
	}
}

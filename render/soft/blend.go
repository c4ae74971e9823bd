package soft

import (
	"encoding/binary"
	"image"
	"image/color"

	"tavle/render"
)

// A pixel is four channels in one word, the order they have in memory. Two
// channels are worked on at a time: each has 16 bits of a word to itself.
const even = 0x00FF00FF

func word(c color.RGBA) uint32 {
	return uint32(c.R) | uint32(c.G)<<8 | uint32(c.B)<<16 | uint32(c.A)<<24
}

// over returns src·m/255 over dst, all premultiplied; m = 255 with an opaque src
// gives src, m = 0 gives dst. Either part is rounded by itself, because that is
// how the GPU painter's blending does it: rounded once, where several shadows
// meet the two were 4 apart, and a twelfth of all pixels differed; now it is 2,
// and a hundredth. No sum exceeds 255: its parts are at most alpha and left.
func over(dst, src, m uint32) uint32 {
	left := 255 - div255(src>>24*m)
	rb := lanes255((src&even)*m) + lanes255((dst&even)*left)
	ga := lanes255((src>>8&even)*m) + lanes255((dst>>8&even)*left)
	return rb | ga<<8
}

// div255 returns x/255, rounded, for x up to 255².
func div255(x uint32) uint32 {
	x += 128
	return (x + x>>8) >> 8
}

// lanes255 is div255 for both halves of a word, neither of which passes 255².
func lanes255(x uint32) uint32 {
	x += 0x00800080
	return (x + x>>8&even) >> 8 & even
}

// row returns the pixels of dst from x0 up to x1 in line y.
func (p *Painter) row(y, x0, x1 int) []byte {
	i := p.dst.PixOffset(x0, y)
	return p.dst.Pix[i : i+4*(x1-x0) : i+4*(x1-x0)]
}

// fill sets every pixel of r.
func (p *Painter) fill(r image.Rectangle, c color.RGBA) {
	first := p.row(r.Min.Y, r.Min.X, r.Max.X)
	first[0], first[1], first[2], first[3] = c.R, c.G, c.B, c.A
	for n := 4; n < len(first); n *= 2 {
		copy(first[n:], first[:n])
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(p.row(y, r.Min.X, r.Max.X), first)
	}
}

// blendColor blends a translucent colour over q's rectangle.
func (p *Painter) blendColor(q render.Prim) {
	for y := q.Rect.Min.Y; y < q.Rect.Max.Y; y++ {
		blendEven(p.row(y, q.Rect.Min.X, q.Rect.Max.X), word(q.Color), 255)
	}
}

// blendMask blends a colour through q's mask.
func (p *Painter) blendMask(q render.Prim) {
	across, down := q.Repeats()
	src, opaque := word(q.Color), q.Color.A == 255
	w := q.Rect.Dx()
	for y := range q.Rect.Dy() {
		row := p.row(q.Rect.Min.Y+y, q.Rect.Min.X, q.Rect.Max.X)
		line := q.From.Y + y
		if down {
			line = 0
		}
		from := line*q.Mask.Size.X + q.From.X
		if across {
			blendEven(row, src, q.Mask.Pix[from])
		} else {
			blendLine(row, src, opaque, q.Mask.Pix[from:from+w])
		}
	}
}

// blendLine blends src through one coverage for each pixel of row.
func blendLine(row []byte, src uint32, opaque bool, mask []uint8) {
	for i, m := range mask {
		if m == 0 {
			continue
		}
		px := row[4*i : 4*i+4 : 4*i+4]
		if m == 255 && opaque {
			binary.LittleEndian.PutUint32(px, src)
			continue
		}
		binary.LittleEndian.PutUint32(px, over(binary.LittleEndian.Uint32(px), src, uint32(m)))
	}
}

// blendEven blends src through the same coverage everywhere. It is [over] with
// what is the same for every pixel worked out once.
func blendEven(row []byte, src uint32, m uint8) {
	left := 255 - div255(src>>24*uint32(m))
	rb, ga := lanes255((src&even)*uint32(m)), lanes255((src>>8&even)*uint32(m))
	for ; len(row) >= 4; row = row[4:] {
		d := binary.LittleEndian.Uint32(row)
		binary.LittleEndian.PutUint32(row, rb+lanes255((d&even)*left)|(ga+lanes255((d>>8&even)*left))<<8)
	}
}

// blendImage blends q's bitmap.
func (p *Painter) blendImage(q render.Prim) {
	w, alpha := q.Rect.Dx(), uint32(q.Alpha)
	if alpha == 0 {
		return
	}
	for y := range q.Rect.Dy() {
		row := p.row(q.Rect.Min.Y+y, q.Rect.Min.X, q.Rect.Max.X)
		i := q.Image.PixOffset(q.From.X, q.From.Y+y)
		src := q.Image.Pix[i : i+4*w]
		if alpha < 255 {
			blendFaded(row, src, alpha)
			continue
		}
		for len(row) >= 4 && len(src) >= 4 {
			if len(row) >= 8 && len(src) >= 8 {
				// Two opaque pixels at a time: most of every photo and sky.
				if two := binary.LittleEndian.Uint64(src); two&opaqueTwo == opaqueTwo {
					binary.LittleEndian.PutUint64(row, two)
					row, src = row[8:], src[8:]
					continue
				}
			}
			s := binary.LittleEndian.Uint32(src)
			switch s >> 24 {
			case 0:
			case 255:
				binary.LittleEndian.PutUint32(row, s)
			default:
				binary.LittleEndian.PutUint32(row, over(binary.LittleEndian.Uint32(row), s, 255))
			}
			row, src = row[4:], src[4:]
		}
	}
}

// blendFaded blends a row at a part of its opacity: most of what moves. Of two
// opaque pixels it is [over] for both at once, with what is the same for every
// pixel worked out before.
func blendFaded(row, src []byte, alpha uint32) {
	m, left := uint64(alpha), uint64(255-alpha)
	for len(row) >= 8 && len(src) >= 8 {
		s := binary.LittleEndian.Uint64(src)
		switch {
		case s&opaqueTwo == opaqueTwo:
			d := binary.LittleEndian.Uint64(row)
			rb := both255((s&evenTwo)*m) + both255((d&evenTwo)*left)
			ga := both255((s>>8&evenTwo)*m) + both255((d>>8&evenTwo)*left)
			binary.LittleEndian.PutUint64(row, rb|ga<<8)
		case s == 0:
		default:
			binary.LittleEndian.PutUint32(row, over(binary.LittleEndian.Uint32(row), uint32(s), alpha))
			binary.LittleEndian.PutUint32(row[4:], over(binary.LittleEndian.Uint32(row[4:]), uint32(s>>32), alpha))
		}
		row, src = row[8:], src[8:]
	}
	if len(row) >= 4 && len(src) >= 4 {
		binary.LittleEndian.PutUint32(row, over(binary.LittleEndian.Uint32(row), binary.LittleEndian.Uint32(src), alpha))
	}
}

// evenTwo is [even] for two pixels in one word.
const evenTwo = 0x00FF00FF_00FF00FF

// both255 is [lanes255] for two pixels.
func both255(x uint64) uint64 {
	x += 0x00800080_00800080
	return (x + x>>8&evenTwo) >> 8 & evenTwo
}

// blendScaled blends img, scaled to q.Whole: each pixel is what lies between the
// four around it, and beyond the edges is nothing.
func (p *Painter) blendScaled(q render.Prim, img *image.RGBA) {
	whole := q.Whole.Sub(p.at)
	xs, ys := steps(img.Rect.Dx(), whole.Dx()), steps(img.Rect.Dy(), whole.Dy())
	for y := q.Rect.Min.Y; y < q.Rect.Max.Y; y++ {
		row := p.row(y, q.Rect.Min.X, q.Rect.Max.X)
		sy, fy := ys.at(y - whole.Min.Y)
		for x := q.Rect.Min.X; len(row) >= 4; x++ {
			sx, fx := xs.at(x - whole.Min.X)
			s := mix(mix(texel(img, sx, sy), texel(img, sx+1, sy), fx), mix(texel(img, sx, sy+1), texel(img, sx+1, sy+1), fx), fy)
			if s != 0 {
				binary.LittleEndian.PutUint32(row, over(binary.LittleEndian.Uint32(row), s, uint32(q.Alpha)))
			}
			row = row[4:]
		}
	}
}

// scaling is how many pixels of a bitmap a pixel of the glass is, in 65536ths.
type scaling int

func steps(from, to int) scaling { return scaling((from<<16 + to/2) / to) }

// at returns the pixel that lies before the middle of pixel i, and how far beyond
// its own middle that is, in 256ths.
func (s scaling) at(i int) (int, uint32) {
	v := int(s)*i + int(s)/2 - 1<<15
	return v >> 16, uint32(v>>8) & 0xFF
}

// texel returns a pixel of img, or nothing beyond its edges.
func texel(img *image.RGBA, x, y int) uint32 {
	if uint(x) >= uint(img.Rect.Dx()) || uint(y) >= uint(img.Rect.Dy()) {
		return 0
	}
	return binary.LittleEndian.Uint32(img.Pix[img.PixOffset(x, y):])
}

// mix returns what lies between two pixels, f 256ths of the way.
func mix(a, b, f uint32) uint32 {
	rb := ((a&even)*(256-f) + (b&even)*f + 0x00800080) >> 8 & even
	ga := ((a>>8&even)*(256-f) + (b>>8&even)*f + 0x00800080) >> 8 & even
	return rb | ga<<8
}

// opaqueTwo is the alpha of two pixels that hide what is below them.
const opaqueTwo = 0xFF000000_FF000000

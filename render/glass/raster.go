package glass

import (
	"encoding/binary"
	"fmt"
	"image"
	"math/bits"
	"unsafe"
)

// A Format is how a panel's memory holds one pixel of true colour.
type Format struct {
	bytes            int  // a pixel: 2, 3 or 4
	big              bool // most significant byte first
	red, green, blue channel
}

type channel struct{ shift, bits uint8 }

// XRGB is the format every graphics card can do: 32 bits, of which the lowest
// eight are blue, then green, then red.
var XRGB = Format{bytes: 4, red: channel{16, 8}, green: channel{8, 8}, blue: channel{0, 8}}

// NewFormat returns the format with the given bits per pixel (16, 24 or 32),
// byte order and masks of the three colours (5 to 16 adjoining bits each).
func NewFormat(bitsPerPixel int, bigEndian bool, red, green, blue uint32) (Format, error) {
	f := Format{bytes: bitsPerPixel / 8, big: bigEndian}
	switch bitsPerPixel {
	case 16, 24, 32:
	default:
		return f, fmt.Errorf("pixel format: %d bits per pixel: 16, 24 or 32 are needed", bitsPerPixel)
	}
	for _, c := range []struct {
		*channel
		mask uint32
	}{{&f.red, red}, {&f.green, green}, {&f.blue, blue}} {
		n := bits.OnesCount32(c.mask)
		shift := bits.TrailingZeros32(c.mask)
		if n < 5 || n > 16 || c.mask>>shift != 1<<n-1 || shift+n > bitsPerPixel {
			return f, fmt.Errorf("pixel format: colour mask %#x in %d bits cannot be used", c.mask, bitsPerPixel)
		}
		*c.channel = channel{uint8(shift), uint8(n)}
	}
	return f, nil
}

// Bytes returns how many bytes a pixel takes.
func (f Format) Bytes() int { return f.bytes }

// pixel returns one colour in the format.
func (f Format) pixel(r, g, b uint8) uint32 {
	return f.red.of(r) | f.green.of(g) | f.blue.of(b)
}

// of returns v scaled to the channel's width: the nearest lower value where it
// is narrower, the same fraction of full where it is wider.
func (c channel) of(v uint8) uint32 {
	wide := uint32(v) * 0x101 // 16 bits
	return wide >> (16 - c.bits) << c.shift
}

// A Raster is the memory of a panel: rows of pixels in its own format.
type Raster struct {
	Pix    []byte
	Pitch  int         // bytes from a row to the next
	Size   image.Point // in pixels, before anything is turned
	Format Format
}

// tile is the side of the square that turned pictures are copied in, so that
// both what is read (by column) and what is written (by row) stays in the
// processor's cache.
const tile = 64

// Copy writes the pixels of src inside r to the panel, turned. src has the
// frame's size and starts at (0, 0); what falls outside either is left out. It
// returns the panel's rectangle that was written. Alpha is not looked at, and bits
// that belong to no colour are anything.
func (m *Raster) Copy(src *image.RGBA, r image.Rectangle, turn Rotation) image.Rectangle {
	size := src.Rect.Size()
	r = r.Intersect(src.Rect)
	if r.Empty() {
		return image.Rectangle{}
	}
	dst := turn.Rect(r, size).Intersect(image.Rectangle{Max: m.Size})
	if dst.Empty() {
		return dst
	}
	if turn&3 == 0 {
		m.copyRows(src, dst, dst.Min, image.Pt(1, 0), image.Pt(0, 1))
		return dst
	}
	// The steps in src for one pixel right and one down on the panel.
	at := turn.Back(dst.Min, size)
	right := turn.Back(dst.Min.Add(image.Pt(1, 0)), size).Sub(at)
	down := turn.Back(dst.Min.Add(image.Pt(0, 1)), size).Sub(at)
	for y := dst.Min.Y; y < dst.Max.Y; y += tile {
		for x := dst.Min.X; x < dst.Max.X; x += tile {
			t := image.Rect(x, y, min(x+tile, dst.Max.X), min(y+tile, dst.Max.Y))
			m.copyRows(src, t, turn.Back(t.Min, size), right, down)
		}
	}
	return dst
}

// copyRows fills dst row by row with the pixels of src from at on, a step to
// the right and a step down apart.
func (m *Raster) copyRows(src *image.RGBA, dst image.Rectangle, at, right, down image.Point) {
	step := 4*right.X + src.Stride*right.Y
	for y := dst.Min.Y; y < dst.Max.Y; y++ {
		to := y*m.Pitch + dst.Min.X*m.Format.bytes
		row := m.Pix[to : to+dst.Dx()*m.Format.bytes]
		from := src.PixOffset(at.X, at.Y)
		switch {
		case m.Format != XRGB || !littleEndian:
			m.Format.row(row, src.Pix, from, step)
		case step == 4:
			swapRow(row, src.Pix[from:from+len(row)])
		default:
			swapColumn(row, src.Pix, from, step)
		}
		at = at.Add(down)
	}
}

// row writes pixels of any format.
func (f Format) row(dst, src []byte, from, step int) {
	for len(dst) >= f.bytes {
		s := src[from : from+3 : from+3]
		v := f.pixel(s[0], s[1], s[2])
		for i := range f.bytes {
			if f.big {
				dst[f.bytes-1-i] = byte(v)
			} else {
				dst[i] = byte(v)
			}
			v >>= 8
		}
		dst, from = dst[f.bytes:], from+step
	}
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// swapRow writes RGBA as XRGB, a whole row of the same length.
func swapRow(dst, src []byte) {
	d, s := words(dst), words(src)
	for i, p := range s[:len(d)] {
		d[i] = swap(p)
	}
}

// swapColumn writes RGBA as XRGB from pixels a step apart.
func swapColumn(dst, src []byte, from, step int) {
	d, s := words(dst), words(src)
	from, step = from/4, step/4
	for i := range d {
		d[i] = swap(s[from])
		from += step
	}
}

// swap exchanges red and blue.
func swap(p uint32) uint32 { return p&0xff00ff00 | p>>16&0xff | p&0xff<<16 }

// words returns b as words of four bytes. Pixels start at multiples of four
// bytes in memory that the allocator or the kernel aligned.
func words(b []byte) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
}

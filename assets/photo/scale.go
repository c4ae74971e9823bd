package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
)

// headroom is how much of what is cut off a picture that is too tall goes from
// above: faces are in the upper half of most.
const headroom = 0.35

// Cover returns the largest part of img that has the shape of w×h pixels, scaled
// to them. What is too wide loses as much on both sides, what is too tall more
// below than above. The result is premultiplied and starts at (0, 0).
func Cover(img image.Image, w, h int) *image.RGBA {
	b := img.Bounds()
	if w <= 0 || h <= 0 || b.Empty() {
		return image.NewRGBA(image.Rect(0, 0, max(0, w), max(0, h)))
	}
	part := b
	if cw := of(b.Dy(), w, h); cw < b.Dx() {
		part.Min.X += (b.Dx() - cw) / 2
		part.Max.X = part.Min.X + cw
	} else if ch := of(b.Dx(), h, w); ch < b.Dy() {
		part.Min.Y += int(float64(b.Dy()-ch) * headroom)
		part.Max.Y = part.Min.Y + ch
	}
	return scaled(img, part, w, h)
}

// of returns n·a/b, at least 1, also where an int has 32 bits.
func of(n, a, b int) int { return max(1, int(int64(n)*int64(a)/int64(b))) }

// scaled returns one part of img in w×h pixels.
func scaled(img image.Image, part image.Rectangle, w, h int) *image.RGBA {
	turn := upright
	if t, ok := img.(*turnedImage); ok {
		img, turn = t.stored, t.turn
		b := img.Bounds()
		part = turn.sourceRect(part, b.Size()).Add(b.Min)
		if turn.swaps() {
			w, h = h, w
		}
	}
	// By whole numbers first, down to no less than one and a half times the size:
	// that looks as good and takes a fraction of the time.
	if nx, ny := block(part.Dx(), w), block(part.Dy(), h); nx > 1 || ny > 1 {
		small := reduced(img, part, nx, ny)
		img, part = small, small.Rect
	}
	return turn.apply(resample(img, part, w, h))
}

// block returns how many pixels to make into one when n become w. More than 64
// are not needed for any photo, and keep sums and buffers small.
func block(n, w int) int { return min(max(1, int(int64(n)*2/(3*int64(w)))), 64) }

// reduced returns one part of img with every nx×ny pixels made into their mean.
// The few at the edges that make no whole block are left out.
func reduced(img image.Image, part image.Rectangle, nx, ny int) *image.RGBA {
	w, h := part.Dx()/nx, part.Dy()/ny
	part.Min = part.Min.Add(image.Pt(part.Dx()%nx/2, part.Dy()%ny/2))
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	strip := image.NewRGBA(image.Rect(0, 0, w*nx, ny))
	sums := make([]uint32, 4*w)
	n := uint32(nx * ny)
	for y := range h {
		draw.Draw(strip, strip.Rect, img, part.Min.Add(image.Pt(0, y*ny)), draw.Src)
		clear(sums)
		for sy := range ny {
			row := strip.Pix[sy*strip.Stride:]
			for x := range w {
				sum := sums[4*x : 4*x+4]
				for range nx {
					sum[0] += uint32(row[0])
					sum[1] += uint32(row[1])
					sum[2] += uint32(row[2])
					sum[3] += uint32(row[3])
					row = row[4:]
				}
			}
		}
		for i, s := range sums {
			out.Pix[y*out.Stride+i] = uint8((s + n/2) / n)
		}
	}
	return out
}

// What a hub keeps of a photo.
const (
	longest = 1600 // pixels: more than any place on a 1080p wall shows
	quality = 85
)

// Encode writes img as a JPEG file of at most 1600 pixels on its longer side,
// on white where it is transparent, upright and with nothing in it but pixels.
func Encode(img image.Image) ([]byte, error) {
	b := img.Bounds()
	if b.Empty() {
		return nil, fmt.Errorf("picture: it has no pixels")
	}
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > longest {
		w, h = of(w, longest, long), of(h, longest, long)
	}
	page := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(page, page.Rect, scaled(img, b, w, h), image.Point{}, draw.Over)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, page, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	return out.Bytes(), nil
}

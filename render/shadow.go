package render

import (
	"image"
	"image/color"
	"math"
)

// A Shadow is one or more soft copies of a box beneath it. Shadows are compared
// by address; make each once per scale.
type Shadow struct{ Layers []ShadowLayer }

// A ShadowLayer is one blurred copy of a box.
type ShadowLayer struct {
	Offset image.Point
	Sigma  float64    // of the Gaussian, in pixels; half a CSS blur radius
	Color  color.RGBA // premultiplied
}

// reach is how far a layer is visible outside its box, in pixels.
func (l ShadowLayer) reach() int { return int(math.Ceil(3 * l.Sigma)) }

// Bounds returns every pixel the shadow of a box at r may touch, r itself left
// out of account.
func (s *Shadow) Bounds(r image.Rectangle) image.Rectangle {
	var b image.Rectangle
	for _, l := range s.Layers {
		b = b.Union(r.Add(l.Offset).Inset(-l.reach()))
	}
	return b
}

// blur returns the coverage of a w×h box with the given corner radius, blurred
// with sigma and grown by reach on every side. Three box passes come within
// three per cent of a Gaussian (W3C, SVG filter effects, feGaussianBlur).
func blur(w, h, radius int, sigma float64, reach int) *Mask {
	size := image.Pt(w+2*reach, h+2*reach)
	src := make([]float32, size.X*size.Y)
	solid := roundRect(w, h, radius)
	for y := range h {
		for x := range w {
			src[(y+reach)*size.X+x+reach] = float32(solid.Pix[y*w+x])
		}
	}
	tmp := make([]float32, len(src))
	for _, d := range boxSizes(sigma) {
		boxPass(tmp, src, size.X, size.Y, 1, size.X, d)
		boxPass(src, tmp, size.Y, size.X, size.X, 1, d)
	}
	m := &Mask{Size: size, Pix: make([]uint8, len(src))}
	for i, v := range src {
		m.Pix[i] = uint8(v + 0.5)
	}
	return m
}

// boxSizes returns three odd widths whose variances add up to sigma's.
func boxSizes(sigma float64) [3]int {
	const n = 3
	wide := math.Sqrt(12*sigma*sigma/n + 1)
	lo := int(wide)
	if lo%2 == 0 {
		lo--
	}
	lo = max(lo, 1)
	l := float64(lo)
	m := int(math.Round((12*sigma*sigma - n*l*l - 4*n*l - 3*n) / (-4*l - 4)))
	var out [3]int
	for i := range out {
		out[i] = lo
		if i >= m {
			out[i] = lo + 2
		}
	}
	return out
}

// boxPass averages d neighbours along one axis: n values a step apart, in lines
// of which each starts one stride after the last.
func boxPass(dst, src []float32, n, lines, step, stride, d int) {
	r := d / 2
	inv := 1 / float32(d)
	for l := range lines {
		base := l * stride
		var sum float32
		for i := range min(r, n) {
			sum += src[base+i*step]
		}
		for i := range n {
			if j := i + r; j < n {
				sum += src[base+j*step]
			}
			if j := i - r - 1; j >= 0 {
				sum -= src[base+j*step]
			}
			dst[base+i*step] = sum * inv
		}
	}
}

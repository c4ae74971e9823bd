package photo

import (
	"image"
	"image/draw"
	"math"
)

// Scaling goes row by row: each row that comes in is made as wide as it is to
// be, and the few that one row of the result needs are weighed together. So it
// takes the memory of those few rows, whatever the size of the picture, and in
// whole numbers it comes out the same on every processor.
const (
	weightBits = 14 // of a weight; those of one pixel add up to 1<<weightBits
	keepBits   = 7  // below the point, of a row between the two steps
)

// taps are the pixels one pixel of the result is made of, and what each weighs.
type taps struct {
	from    int
	weights []int32
}

// kernel returns the taps for scaling n pixels to w: those of a Catmull-Rom
// spline, stretched when it gets smaller.
func kernel(n, w int) []taps {
	scale := float64(n) / float64(w)
	stretch := max(scale, 1)
	out := make([]taps, w)
	widest := int(4*stretch) + 2
	weights := make([]int32, 0, w*widest) // of all of them, end to end
	room := make([]float64, widest)
	for i := range out {
		center := (float64(i)+0.5)*scale - 0.5
		from := max(0, int(math.Ceil(center-2*stretch)))
		to := min(n, int(math.Floor(center+2*stretch))+1)
		sum := 0.0
		exact := room[:to-from]
		for k := range exact {
			exact[k] = catmullRom((float64(from+k) - center) / stretch)
			sum += exact[k]
		}
		end := len(weights) + len(exact)
		t := taps{from: from, weights: weights[len(weights):end:end]}
		weights = weights[:end]
		left, heaviest := int32(1<<weightBits), 0
		for k, e := range exact {
			t.weights[k] = int32(math.Round(e / sum * (1 << weightBits)))
			left -= t.weights[k]
			if e > exact[heaviest] {
				heaviest = k
			}
		}
		t.weights[heaviest] += left // rounding must not darken
		out[i] = t
	}
	return out
}

func catmullRom(x float64) float64 {
	x = math.Abs(x)
	switch {
	case x < 1:
		return (1.5*x-2.5)*x*x + 1
	case x < 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	}
	return 0
}

// resample returns one part of img in w×h pixels.
func resample(img image.Image, part image.Rectangle, w, h int) *image.RGBA {
	across, down := kernel(part.Dx(), w), kernel(part.Dy(), h)
	most := 0
	for _, t := range down {
		most = max(most, len(t.weights))
	}
	rows := make([][]int32, most) // row y of the part is in rows[y%most]
	for i := range rows {
		rows[i] = make([]int32, 4*w)
	}
	line := image.NewRGBA(image.Rect(0, 0, part.Dx(), 1))
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	sums := make([]int32, 4*w)
	ready := 0 // rows before this one are done
	for y, t := range down {
		for end := t.from + len(t.weights); ready < end; ready++ {
			draw.Draw(line, line.Rect, img, part.Min.Add(image.Pt(0, ready)), draw.Src)
			narrow(rows[ready%most], line.Pix, across)
		}
		clear(sums)
		for k, weight := range t.weights {
			for i, v := range rows[(t.from+k)%most] {
				sums[i] += v * weight
			}
		}
		finish(out.Pix[y*out.Stride:], sums)
	}
	return out
}

// narrow scales one row of pixels.
func narrow(dst []int32, src []uint8, across []taps) {
	for x, t := range across {
		var r, g, b, a int32
		px := src[4*t.from:]
		for _, weight := range t.weights {
			r += weight * int32(px[0])
			g += weight * int32(px[1])
			b += weight * int32(px[2])
			a += weight * int32(px[3])
			px = px[4:]
		}
		d := dst[4*x : 4*x+4]
		const round = 1 << (weightBits - keepBits - 1)
		d[0], d[1] = (r+round)>>(weightBits-keepBits), (g+round)>>(weightBits-keepBits)
		d[2], d[3] = (b+round)>>(weightBits-keepBits), (a+round)>>(weightBits-keepBits)
	}
}

// finish writes weighed sums as pixels. A spline swings over at edges; no colour
// may be brighter than its alpha.
func finish(dst []uint8, sums []int32) {
	const shift = weightBits + keepBits
	for i := 0; i < len(sums); i += 4 {
		a := min(max((sums[i+3]+1<<(shift-1))>>shift, 0), 255)
		for k := range 3 {
			dst[i+k] = uint8(min(max((sums[i+k]+1<<(shift-1))>>shift, 0), a))
		}
		dst[i+3] = uint8(a)
	}
}

package art

import "math"

// ring returns the coverage of a circular line, width pixels wide, inside
// diameter×diameter pixels. Dashes are twice as long as wide, with gaps as long
// as wide, or as near to that as goes round a whole number of times; the first
// is in the middle of the top.
func ring(diameter, width int, dashed bool) []uint8 {
	out := make([]uint8, diameter*diameter)
	outer := float64(diameter) / 2
	inner := max(0, outer-float64(width))
	mid := (outer + inner) / 2
	n := math.Round(2 * math.Pi * mid / float64(3*width))
	n = max(n, 1)
	half := float64(width) // of a dash
	edge := func(d float64) float64 { return min(max(d+0.5, 0), 1) }
	for y := range diameter {
		for x := range diameter {
			dx, dy := float64(x)+0.5-outer, float64(y)+0.5-outer
			r := math.Hypot(dx, dy)
			cover := min(edge(outer-r), edge(r-inner))
			if cover > 0 && dashed {
				turn := math.Atan2(dx, -dy) / (2 * math.Pi) * n // dashes from the top
				off := math.Abs(turn-math.Round(turn)) / n * 2 * math.Pi * mid
				cover *= edge(half - off)
			}
			out[y*diameter+x] = uint8(float64(cover*255) + 0.5)
		}
	}
	return out
}

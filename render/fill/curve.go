package fill

import "math"

// tolerance is how far a line may be from the curve it stands for, in pixels.
const tolerance = 0.05

// maxSteps bounds into how many lines one curve is cut.
const maxSteps = 400

// Quad gives the lines a quadratic curve from (ax, ay) is cut into, by where
// each ends.
func Quad(ax, ay, bx, by, cx, cy float32, line func(x, y float32)) {
	n := steps(1./4, bend(ax, bx, cx), bend(ay, by, cy))
	for i := 1; i < n; i++ {
		t := float32(i) / float32(n)
		line(between(t, between(t, ax, bx), between(t, bx, cx)), between(t, between(t, ay, by), between(t, by, cy)))
	}
	line(cx, cy)
}

// Cube gives the lines a cubic curve from (ax, ay) is cut into, by where each
// ends.
func Cube(ax, ay, bx, by, cx, cy, dx, dy float32, line func(x, y float32)) {
	n := max(
		steps(3./4, bend(ax, bx, cx), bend(ay, by, cy)),
		steps(3./4, bend(bx, cx, dx), bend(by, cy, dy)),
	)
	at := func(t, a, b, c, d float32) float32 {
		bc := between(t, b, c)
		return between(t, between(t, between(t, a, b), bc), between(t, bc, between(t, c, d)))
	}
	for i := 1; i < n; i++ {
		t := float32(i) / float32(n)
		line(at(t, ax, bx, cx, dx), at(t, ay, by, cy, dy))
	}
	line(dx, dy)
}

// between returns the number t of the way from a to b. The product is rounded
// before it is added.
func between(t, a, b float32) float32 { return a + float32(t*(b-a)) }

// bend is the second difference of three control points.
func bend(a, b, c float32) float32 { return a - 2*b + c }

// steps returns into how many lines to cut a curve whose control points bend by
// (dx, dy). A line is off by an eighth of the second derivative over n² at most;
// that is twice the bend of a quadratic and six times that of a cubic, which is
// where the factor comes from.
func steps(factor float64, dx, dy float32) int {
	far := math.Sqrt(float64(float32(dx*dx) + float32(dy*dy)))
	return min(max(1, int(math.Ceil(math.Sqrt(factor*far/tolerance)))), maxSteps)
}

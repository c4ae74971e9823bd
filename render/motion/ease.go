package motion

// An Ease is a curve from (0, 0) to (1, 1) that says how far something is on its
// way at each part of its time: a cubic Bézier curve by its two inner points, as
// in CSS.
type Ease struct{ X1, Y1, X2, Y2 float64 }

// The curves of the design.
var (
	Standard = Ease{.2, 0, 0, 1}
	Out      = Ease{0, 0, .2, 1}
	In       = Ease{.4, 0, 1, 1}
	Linear   = Ease{0, 0, 1, 1}
)

// At returns how far it is at a part t of the time: 0 before it began, 1 after it
// ended.
func (e Ease) At(t float64) float64 {
	switch {
	case t <= 0:
		return 0
	case t >= 1:
		return 1
	case e == Linear:
		return t
	}
	// Time only grows along the curve: halving finds the place where it is t, to
	// 2⁻²⁰, wherever the curve is flat. Newton's steps leave it there.
	lo, hi := 0.0, 1.0
	for range 20 {
		mid := (lo + hi) / 2
		if bezier(mid, e.X1, e.X2) < t {
			lo = mid
		} else {
			hi = mid
		}
	}
	return bezier((lo+hi)/2, e.Y1, e.Y2)
}

// bezier returns one coordinate of the curve at parameter u.
func bezier(u, a, b float64) float64 {
	v := 1 - u
	return 3*v*v*u*a + 3*v*u*u*b + u*u*u
}

package touch

import "tavle/render/glass"

// An axis is the range of values a panel gives for one direction.
type axis struct{ min, max int32 }

// part returns where v lies, in parts of the panel: the middle of its step.
func (a axis) part(v int32) float64 {
	if a.max <= a.min {
		return 0
	}
	return (float64(v) - float64(a.min) + 0.5) / (float64(a.max) - float64(a.min) + 1)
}

// A Matrix corrects where a panel says it was touched, in parts of the panel:
//
//	u' = m[0] u + m[1] v + m[2]
//	v' = m[3] u + m[4] v + m[5]
//
// That is how libinput writes its calibration. The zero Matrix changes nothing.
type Matrix [6]float64

// apply returns the corrected place.
func (m Matrix) apply(u, v float64) (float64, float64) {
	if m == (Matrix{}) {
		return u, v
	}
	return m[0]*u + m[1]*v + m[2], m[3]*u + m[4]*v + m[5]
}

// A place turns what a panel says into where on the frame that is.
type place struct {
	x, y     axis
	matrix   Matrix
	rotation glass.Rotation
}

// of returns where (x, y) lies, in parts of the frame.
func (p *place) of(x, y int32) (float64, float64) {
	return p.rotation.BackPart(p.matrix.apply(p.x.part(x), p.y.part(y)))
}

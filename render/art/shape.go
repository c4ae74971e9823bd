package art

import (
	"fmt"
	"math"
	"strings"
)

// quarter is where the control points of a quarter circle lie, from its ends.
const quarter = 0.5522847498

// ellipse returns the path of an ellipse round (cx, cy); empty if it has no size.
func ellipse(cx, cy, rx, ry float32) []segment {
	return rect(cx-rx, cy-ry, 2*rx, 2*ry, rx, ry)
}

// rect returns the path of a rectangle with elliptical corners.
func rect(x, y, w, h, rx, ry float32) []segment {
	if w <= 0 || h <= 0 {
		return []segment{}
	}
	rx, ry = min(max(rx, 0), w/2), min(max(ry, 0), h/2)
	x1, y1 := x+w, y+h
	cx, cy := float32(rx*(1-quarter)), float32(ry*(1-quarter))
	line := func(x, y float32) segment { return segment{op: lineTo, p: [3]point{{x, y}}} }
	cube := func(a, b, c, d, e, f float32) segment {
		return segment{op: cubeTo, p: [3]point{{a, b}, {c, d}, {e, f}}}
	}
	return []segment{
		{op: moveTo, p: [3]point{{x + rx, y}}},
		line(x1-rx, y), cube(x1-cx, y, x1, y+cy, x1, y+ry),
		line(x1, y1-ry), cube(x1, y1-cy, x1-cx, y1, x1-rx, y1),
		line(x+rx, y1), cube(x+cx, y1, x, y1-cy, x, y1-ry),
		line(x, y+ry), cube(x, y+cy, x+cx, y, x+rx, y),
		{op: closePath},
	}
}

// An affine maps (x, y) to (a x + c y + e, b x + d y + f).
//
// Here and elsewhere products are converted to the type they already have: that
// keeps processors that can from adding without rounding first, so that all of
// them draw the same.
type affine struct{ a, b, c, d, e, f float32 }

var identity = affine{a: 1, d: 1}

func scaling(s float32) affine { return affine{a: s, d: s} }

func (m affine) apply(p point) point { return m.turn(p).add(point{m.e, m.f}) }

// turn is apply without moving.
func (m affine) turn(p point) point {
	return point{float32(m.a*p.x) + float32(m.c*p.y), float32(m.b*p.x) + float32(m.d*p.y)}
}

// after returns the map that does n first, then m.
func (m affine) after(n affine) affine {
	x, y, o := m.turn(point{n.a, n.b}), m.turn(point{n.c, n.d}), m.apply(point{n.e, n.f})
	return affine{x.x, x.y, y.x, y.y, o.x, o.y}
}

// scale returns by how much m makes lengths longer, in the mean.
func (m affine) scale() float32 {
	return float32(math.Sqrt(math.Abs(float64(float32(m.a*m.d) - float32(m.b*m.c)))))
}

// parseTransform reads one translate, scale, rotate or matrix.
func parseTransform(v string) (affine, error) {
	name, inside, ok := strings.Cut(strings.TrimSpace(v), "(")
	inside, closed := strings.CutSuffix(inside, ")")
	if !ok || !closed {
		return affine{}, fmt.Errorf("%q is not one transform", v)
	}
	fields := strings.FieldsFunc(inside, func(r rune) bool { return r == ' ' || r == ',' })
	var n [6]float32
	if len(fields) > len(n) {
		return affine{}, fmt.Errorf("%q has too many numbers", v)
	}
	for i, f := range fields {
		x, err := coordinate(f)
		if err != nil {
			return affine{}, err
		}
		n[i] = x
	}
	switch k := len(fields); {
	case name == "translate" && (k == 1 || k == 2):
		return affine{1, 0, 0, 1, n[0], n[1]}, nil
	case name == "scale" && k == 1:
		return scaling(n[0]), nil
	case name == "scale" && k == 2:
		return affine{a: n[0], d: n[1]}, nil
	case name == "rotate" && (k == 1 || k == 3):
		sin, cos := math.Sincos(float64(n[0]) * math.Pi / 180)
		s, c := float32(sin), float32(cos)
		return affine{1, 0, 0, 1, n[1], n[2]}.after(affine{c, s, -s, c, 0, 0}).after(affine{1, 0, 0, 1, -n[1], -n[2]}), nil
	case name == "matrix" && k == 6:
		return affine{n[0], n[1], n[2], n[3], n[4], n[5]}, nil
	}
	return affine{}, fmt.Errorf("%q is not a transform that is understood", v)
}

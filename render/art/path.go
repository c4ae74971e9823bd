package art

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

type point struct{ x, y float32 }

func (p point) add(q point) point { return point{p.x + q.x, p.y + q.y} }
func (p point) sub(q point) point { return point{p.x - q.x, p.y - q.y} }

type segOp uint8

const (
	moveTo segOp = iota
	lineTo
	quadTo
	cubeTo
	closePath
)

// A segment is one step of a path. Its points are control points first, the end
// last; closePath has none.
type segment struct {
	op segOp
	p  [3]point
}

// points returns the points of a step.
func (s *segment) points() []point {
	return s.p[:[...]int{moveTo: 1, lineTo: 1, quadTo: 2, cubeTo: 3, closePath: 0}[s.op]]
}

// maxSegments bounds one drawing. TestEveryDrawingInTheBinaryIsUnderstood holds
// ours below a quarter of it.
const maxSegments = 8000

// parsePath reads the d attribute of a path.
func parsePath(d string) ([]segment, error) {
	p := pathParser{s: d}
	if err := p.run(); err != nil {
		return nil, fmt.Errorf("path data at %d: %w", p.i, err)
	}
	return p.out, nil
}

type pathParser struct {
	s   string
	i   int
	out []segment

	start, at point // of the sub-path, of the pen
	ctrl      point // last control point, for the smooth commands
	last      byte  // last command, in lower case
}

// args says how many numbers each command takes.
var args = map[byte]int{'m': 2, 'l': 2, 'h': 1, 'v': 1, 'c': 6, 's': 4, 'q': 4, 't': 2, 'a': 7, 'z': 0}

func (p *pathParser) run() error {
	for {
		p.space()
		if p.i == len(p.s) {
			return nil
		}
		cmd := p.s[p.i]
		low := cmd | 0x20
		n, ok := args[low]
		if !ok {
			return fmt.Errorf("no command %q", cmd)
		}
		if len(p.out) == 0 && low != 'm' {
			return fmt.Errorf("it begins with %q, not with a move", cmd)
		}
		p.i++
		for first := true; ; first = false {
			var a [7]float32
			for k := range n {
				var err error
				if low == 'a' && (k == 3 || k == 4) {
					a[k], err = p.flag()
				} else {
					a[k], err = p.number()
				}
				if err != nil {
					return err
				}
			}
			if low == 'm' && !first {
				p.step('l', cmd == 'm', a)
			} else {
				p.step(low, cmd == low, a)
			}
			if len(p.out) > maxSegments {
				return fmt.Errorf("more than %d steps", maxSegments)
			}
			if n == 0 || !p.more() {
				break
			}
		}
	}
}

// step adds one command; cmd is in lower case.
func (p *pathParser) step(cmd byte, relative bool, a [7]float32) {
	var o point
	if relative {
		o = p.at
	}
	pt := func(k int) point { return o.add(point{a[k], a[k+1]}) }
	end := p.at
	switch cmd {
	case 'm':
		end = pt(0)
		p.start = end
		p.emit(moveTo, end)
	case 'l':
		end = pt(0)
		p.emit(lineTo, end)
	case 'h':
		end.x = o.x + a[0]
		p.emit(lineTo, end)
	case 'v':
		end.y = o.y + a[0]
		p.emit(lineTo, end)
	case 'c':
		p.ctrl, end = pt(2), pt(4)
		p.emit(cubeTo, pt(0), p.ctrl, end)
	case 's':
		c1 := p.reflected('c', 's')
		p.ctrl, end = pt(0), pt(2)
		p.emit(cubeTo, c1, p.ctrl, end)
	case 'q':
		p.ctrl, end = pt(0), pt(2)
		p.emit(quadTo, p.ctrl, end)
	case 't':
		p.ctrl, end = p.reflected('q', 't'), pt(0)
		p.emit(quadTo, p.ctrl, end)
	case 'a':
		end = pt(5)
		p.arc(a[0], a[1], a[2], a[3] != 0, a[4] != 0, end)
	case 'z':
		end = p.start
		p.emit(closePath)
	}
	p.at, p.last = end, cmd
}

// reflected returns the mirror of the last control point, if the last command
// was one of the two that have one.
func (p *pathParser) reflected(a, b byte) point {
	if p.last != a && p.last != b {
		return p.at
	}
	return p.at.add(p.at.sub(p.ctrl))
}

func (p *pathParser) emit(op segOp, pts ...point) {
	s := segment{op: op}
	copy(s.p[:], pts)
	p.out = append(p.out, s)
}

// arc adds an elliptical arc as cubics, each a quarter turn at most (W3C,
// SVG 1.1, F.6: conversion from end points to centre).
func (p *pathParser) arc(rx, ry, turn float32, large, sweep bool, end point) {
	a, b := math.Abs(float64(rx)), math.Abs(float64(ry))
	if p.at == end {
		return
	}
	if a == 0 || b == 0 {
		p.emit(lineTo, end)
		return
	}
	sin, cos := math.Sincos(float64(turn) * math.Pi / 180)
	x1, y1, x2, y2 := float64(p.at.x), float64(p.at.y), float64(end.x), float64(end.y)
	dx, dy := (x1-x2)/2, (y1-y2)/2
	ux, uy := float64(cos*dx)+float64(sin*dy), float64(cos*dy)-float64(sin*dx)
	if over := float64(ux*ux)/(a*a) + float64(uy*uy)/(b*b); over > 1 { // too small to reach: just large enough
		a *= math.Sqrt(over)
		b *= math.Sqrt(over)
	}
	den := float64(a*a*uy*uy) + float64(b*b*ux*ux)
	k := math.Sqrt(max(0, (float64(a*a*b*b)-den)/den))
	if large == sweep {
		k = -k
	}
	cxp, cyp := k*a*uy/b, -k*b*ux/a
	cx := float64(cos*cxp) - float64(sin*cyp) + (x1+x2)/2
	cy := float64(sin*cxp) + float64(cos*cyp) + (y1+y2)/2
	from := math.Atan2((uy-cyp)/b, (ux-cxp)/a)
	to := math.Atan2((-uy-cyp)/b, (-ux-cxp)/a)
	delta := to - from
	if sweep && delta < 0 {
		delta += 2 * math.Pi
	} else if !sweep && delta > 0 {
		delta -= 2 * math.Pi
	}
	n := int(math.Ceil(math.Abs(delta)/(math.Pi/2) - 1e-6))
	step := delta / float64(n)
	h := 4.0 / 3 * math.Tan(step/4)
	on := func(t, along float64) point { // the point at angle t, moved along the tangent
		s, c := math.Sincos(t)
		ex, ey := a*(c-float64(along*s)), b*(s+float64(along*c))
		return point{float32(float64(cos*ex) - float64(sin*ey) + cx), float32(float64(sin*ex) + float64(cos*ey) + cy)}
	}
	for i := range n {
		t0 := from + float64(float64(i)*step)
		last := on(t0+step, 0)
		if i == n-1 {
			last = end
		}
		p.emit(cubeTo, on(t0, h), on(t0+step, -h), last)
	}
}

// space skips white space.
func (p *pathParser) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
}

// separator skips white space with at most one comma in it.
func (p *pathParser) separator() {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == ',' {
		p.i++
		p.space()
	}
}

// more reports whether another number follows.
func (p *pathParser) more() bool {
	p.separator()
	return p.i < len(p.s) && strings.IndexByte("+-.0123456789", p.s[p.i]) >= 0
}

// flag reads a single 0 or 1; nothing has to follow it.
func (p *pathParser) flag() (float32, error) {
	p.separator()
	if p.i < len(p.s) && (p.s[p.i] == '0' || p.s[p.i] == '1') {
		p.i++
		return float32(p.s[p.i-1] - '0'), nil
	}
	return 0, fmt.Errorf("a flag must be 0 or 1")
}

// number reads one number and no more: "1.5.5" is two, "1-2" as well.
func (p *pathParser) number() (float32, error) {
	p.separator()
	from := p.i
	digits := func() {
		for p.i < len(p.s) && p.s[p.i] >= '0' && p.s[p.i] <= '9' {
			p.i++
		}
	}
	sign := func() {
		if p.i < len(p.s) && (p.s[p.i] == '+' || p.s[p.i] == '-') {
			p.i++
		}
	}
	sign()
	digits()
	if p.i < len(p.s) && p.s[p.i] == '.' {
		p.i++
		digits()
	}
	if p.i < len(p.s) && p.s[p.i]|0x20 == 'e' {
		p.i++
		sign()
		digits()
	}
	return coordinate(p.s[from:p.i])
}

// maxCoordinate bounds every number of a drawing.
const maxCoordinate = 1e4

// coordinate reads a whole string as one number.
func coordinate(s string) (float32, error) {
	f, err := strconv.ParseFloat(s, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	if !(math.Abs(f) <= maxCoordinate) {
		return 0, fmt.Errorf("%s is beyond %v", s, float64(maxCoordinate))
	}
	return float32(f), nil
}

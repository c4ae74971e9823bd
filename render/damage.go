package render

import "image"

// maxDamage bounds how many rectangles [Damage] gives: more than this and
// painting them one by one costs more than their union.
const maxDamage = 8

// Damage returns the areas in which next differs from prev, few and not
// overlapping; nil when the pictures are the same. With no previous frame, or
// one of another size, that is everything.
//
// Ops that both frames have, in the same order, paint the same pixels; what is
// around the others has to be painted again.
func Damage(prev, next *Frame) []image.Rectangle {
	full := image.Rectangle{Max: next.Size}
	if prev == nil || prev.Size != next.Size {
		return []image.Rectangle{full}
	}
	if prev == next {
		return nil
	}
	var d damage
	a, b := prev.Ops, next.Ops
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	at := make(map[Op]int, len(b))
	for i := len(b) - 1; i >= 0; i-- {
		at[b[i]] = i
	}
	// Walk both lists, matching an op of a with the first equal op of b that
	// comes after the last match; whatever is skipped is damage.
	done := 0
	for i := range a {
		j, ok := at[a[i]]
		if !ok || j < done {
			d.add(a[i].Bounds())
			continue
		}
		for ; done < j; done++ {
			d.add(b[done].Bounds())
		}
		done = j + 1
	}
	for ; done < len(b); done++ {
		d.add(b[done].Bounds())
	}
	return d.within(full)
}

type damage struct{ rects []image.Rectangle }

// add merges r with every rectangle it touches.
func (d *damage) add(r image.Rectangle) {
	if r.Empty() {
		return
	}
	for i := 0; i < len(d.rects); {
		if o := d.rects[i]; o.Overlaps(r) || wasteful(o, r) {
			r = r.Union(o)
			d.rects[i] = d.rects[len(d.rects)-1]
			d.rects = d.rects[:len(d.rects)-1]
			i = 0
			continue
		}
		i++
	}
	d.rects = append(d.rects, r)
	if len(d.rects) > maxDamage {
		u := d.rects[0]
		for _, o := range d.rects[1:] {
			u = u.Union(o)
		}
		d.rects = append(d.rects[:0], u)
	}
}

// wasteful reports whether two rectangles are so close that one around both
// paints hardly more.
func wasteful(a, b image.Rectangle) bool {
	area := func(r image.Rectangle) int { return r.Dx() * r.Dy() }
	return area(a.Union(b)) <= (area(a)+area(b))*5/4
}

func (d *damage) within(full image.Rectangle) []image.Rectangle {
	var out []image.Rectangle
	for _, r := range d.rects {
		if r = r.Intersect(full); !r.Empty() {
			out = append(out, r)
		}
	}
	return out
}

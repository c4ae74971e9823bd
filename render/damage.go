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
	Diff(prev.Ops, next.Ops,
		func(i int) { d.add(prev.Ops[i].Bounds()) },
		func(i int) { d.add(next.Ops[i].Bounds()) })
	return d.within(full)
}

// Diff calls gone with the places in prev of ops that next has not, and come with
// the places in next of those that prev has not. An op that both have, but in
// another order, may be called with both. Places come in order, and what is gone
// from between two ops both have comes before what has come there.
func Diff(prev, next []Op, gone, come func(i int)) {
	first, na, nb := 0, len(prev), len(next)
	for first < na && first < nb && prev[first] == next[first] {
		first++
	}
	for na > first && nb > first && prev[na-1] == next[nb-1] {
		na, nb = na-1, nb-1
	}
	at := make(map[Op]int, nb-first)
	for i := nb - 1; i >= first; i-- {
		at[next[i]] = i
	}
	// Walk both lists, matching an op of prev with the first equal op of next that
	// comes after the last match.
	done := first
	for i := first; i < na; i++ {
		j, ok := at[prev[i]]
		if !ok || j < done {
			gone(i)
			continue
		}
		for ; done < j; done++ {
			come(done)
		}
		done = j + 1
	}
	for ; done < nb; done++ {
		come(done)
	}
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

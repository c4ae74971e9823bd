package ui

import (
	"cmp"
	"image"
	"slices"

	"tavle/render"
)

// Rows returns what can be pressed on a frame in the order in which it is read:
// row by row from the top, each from where the language begins. What is wholly
// covered by something else is not there. Keys, switches and the voice go by it.
func Rows(f *render.Frame) [][]*render.Target {
	list := pressable(f)
	slices.SortStableFunc(list, func(a, b *render.Target) int { return cmp.Compare(a.Drawn.Min.Y, b.Drawn.Min.Y) })
	var rows [][]*render.Target
	for len(list) > 0 {
		// A row is the uppermost, and what has its middle beside it.
		first := list[0].Drawn
		var row, rest []*render.Target
		for _, t := range list {
			if y := middleOf(t.Drawn).Y; y >= first.Min.Y && y < first.Max.Y {
				row = append(row, t)
			} else {
				rest = append(rest, t)
			}
		}
		if len(row) == 0 { // an empty rectangle has no middle
			row, rest = list[:1], list[1:]
		}
		slices.SortStableFunc(row, func(a, b *render.Target) int {
			if f.RTL {
				return cmp.Compare(b.Drawn.Max.X, a.Drawn.Max.X)
			}
			return cmp.Compare(a.Drawn.Min.X, b.Drawn.Min.X)
		})
		rows, list = append(rows, row), rest
	}
	return rows
}

// pressable returns the targets that a finger could reach and that mean
// something, as they are painted.
func pressable(f *render.Frame) []*render.Target {
	if f == nil {
		return nil
	}
	var out []*render.Target
	for i := range f.Targets {
		t := &f.Targets[i]
		if t.Means != nil && !t.Off && inSight(f, i) {
			out = append(out, t)
		}
	}
	return out
}

// inSight reports whether some of target i is not covered. The first point of it
// that is not, if there is one, has its coordinates from where it begins itself or
// where something that covers it ends.
func inSight(f *render.Frame, i int) bool {
	r := f.Targets[i].Rect
	xs, ys := []int{r.Min.X}, []int{r.Min.Y}
	for _, over := range f.Targets[i+1:] {
		if o := over.Rect.Intersect(r); !o.Empty() {
			xs, ys = append(xs, o.Max.X), append(ys, o.Max.Y)
		}
	}
	for _, x := range xs {
		for _, y := range ys {
			if p := image.Pt(x, y); p.In(r) && f.At(p) == &f.Targets[i] {
				return true
			}
		}
	}
	return false
}

func middleOf(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }

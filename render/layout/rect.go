// Package layout divides rectangles: cut a strip off, split into columns, rows
// or a grid, centre something. It is arithmetic on lengths in one unit, usually
// dp; it knows nothing of pixels, text or what stands in the rectangles.
package layout

// A Rect is a rectangle by its top left corner and size.
type Rect struct{ X, Y, W, H float32 }

// Right returns the x of the right edge.
func (r Rect) Right() float32 { return r.X + r.W }

// Bottom returns the y of the bottom edge.
func (r Rect) Bottom() float32 { return r.Y + r.H }

// MidX returns the x of the middle.
func (r Rect) MidX() float32 { return r.X + r.W/2 }

// MidY returns the y of the middle.
func (r Rect) MidY() float32 { return r.Y + r.H/2 }

// Inset returns r with every edge moved in by d, or out when d is negative.
func (r Rect) Inset(d float32) Rect { return r.Pad(d, d, d, d) }

// Pad returns r with its left, top, right and bottom edges moved in.
func (r Rect) Pad(left, top, right, bottom float32) Rect {
	return Rect{r.X + left, r.Y + top, max(0, r.W-left-right), max(0, r.H-top-bottom)}
}

// Move returns r shifted.
func (r Rect) Move(dx, dy float32) Rect { return Rect{r.X + dx, r.Y + dy, r.W, r.H} }

// Intersect returns the part of r that lies in s.
func (r Rect) Intersect(s Rect) Rect {
	x, y := max(r.X, s.X), max(r.Y, s.Y)
	return Rect{x, y, max(0, min(r.Right(), s.Right())-x), max(0, min(r.Bottom(), s.Bottom())-y)}
}

// To returns r with its bottom edge at y.
func (r Rect) To(y float32) Rect { return Rect{r.X, r.Y, r.W, max(0, y-r.Y)} }

// CutTop returns a strip of height h from the top, and the rest after a gap.
func (r Rect) CutTop(h, gap float32) (strip, rest Rect) {
	h = min(h, r.H)
	return Rect{r.X, r.Y, r.W, h}, r.Pad(0, h+gap, 0, 0)
}

// CutBottom returns a strip of height h from the bottom, and the rest.
func (r Rect) CutBottom(h, gap float32) (strip, rest Rect) {
	h = min(h, r.H)
	return Rect{r.X, r.Bottom() - h, r.W, h}, r.Pad(0, 0, 0, h+gap)
}

// CutLeft returns a strip of width w from the left, and the rest.
func (r Rect) CutLeft(w, gap float32) (strip, rest Rect) {
	w = min(w, r.W)
	return Rect{r.X, r.Y, w, r.H}, r.Pad(w+gap, 0, 0, 0)
}

// CutRight returns a strip of width w from the right, and the rest.
func (r Rect) CutRight(w, gap float32) (strip, rest Rect) {
	w = min(w, r.W)
	return Rect{r.Right() - w, r.Y, w, r.H}, r.Pad(0, 0, w+gap, 0)
}

// Columns splits r into n columns of one width.
func (r Rect) Columns(n int, gap float32) []Rect {
	out := make([]Rect, n)
	w := (r.W - gap*float32(n-1)) / float32(n)
	for i := range out {
		out[i] = Rect{r.X + float32(i)*(w+gap), r.Y, w, r.H}
	}
	return out
}

// Rows splits r into n rows of one height.
func (r Rect) Rows(n int, gap float32) []Rect {
	out := make([]Rect, n)
	h := (r.H - gap*float32(n-1)) / float32(n)
	for i := range out {
		out[i] = Rect{r.X, r.Y + float32(i)*(h+gap), r.W, h}
	}
	return out
}

// Grid splits r into cells, row by row.
func (r Rect) Grid(cols, rows int, gapX, gapY float32) []Rect {
	var out []Rect
	for _, row := range r.Rows(rows, gapY) {
		out = append(out, row.Columns(cols, gapX)...)
	}
	return out
}

// Center returns a w×h rectangle in the middle of r.
func (r Rect) Center(w, h float32) Rect {
	return Rect{r.X + (r.W-w)/2, r.Y + (r.H-h)/2, w, h}
}

// Pages returns how many pages n things make at per a page, at least one, and
// page within them.
func Pages(n, per, page int) (pages, at int) {
	pages = max(1, (n+per-1)/per)
	return pages, min(max(page, 0), pages-1)
}

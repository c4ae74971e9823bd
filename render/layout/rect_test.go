package layout

import "testing"

func TestCutsLeaveNothingOut(t *testing.T) {
	r := Rect{10, 20, 300, 200}
	for _, c := range []struct {
		name              string
		strip, rest       Rect
		wantStrip, wantRs Rect
	}{
		{"top", first(r.CutTop(50, 4)), second(r.CutTop(50, 4)), Rect{10, 20, 300, 50}, Rect{10, 74, 300, 146}},
		{"bottom", first(r.CutBottom(50, 4)), second(r.CutBottom(50, 4)), Rect{10, 170, 300, 50}, Rect{10, 20, 300, 146}},
		{"left", first(r.CutLeft(100, 4)), second(r.CutLeft(100, 4)), Rect{10, 20, 100, 200}, Rect{114, 20, 196, 200}},
		{"right", first(r.CutRight(100, 4)), second(r.CutRight(100, 4)), Rect{210, 20, 100, 200}, Rect{10, 20, 196, 200}},
		{"more than there is", first(r.CutTop(500, 4)), second(r.CutTop(500, 4)), r, Rect{10, 224, 300, 0}},
	} {
		if c.strip != c.wantStrip || c.rest != c.wantRs {
			t.Errorf("%s: %v and %v, want %v and %v", c.name, c.strip, c.rest, c.wantStrip, c.wantRs)
		}
	}
}

func first(a, _ Rect) Rect  { return a }
func second(_, b Rect) Rect { return b }

func TestGridFillsItsRectangle(t *testing.T) {
	g := Rect{0, 0, 320, 220}.Grid(3, 2, 10, 20)
	if len(g) != 6 || g[0] != (Rect{0, 0, 100, 100}) || g[5] != (Rect{220, 120, 100, 100}) {
		t.Errorf("%v", g)
	}
}

func TestPages(t *testing.T) {
	for _, c := range []struct{ n, per, page, pages, at int }{
		{0, 12, 0, 1, 0}, {12, 12, 0, 1, 0}, {13, 12, 1, 2, 1}, {13, 12, 9, 2, 1}, {13, 12, -1, 2, 0},
	} {
		if pages, at := Pages(c.n, c.per, c.page); pages != c.pages || at != c.at {
			t.Errorf("%+v: %d, %d", c, pages, at)
		}
	}
}

func TestIntersect(t *testing.T) {
	r := Rect{10, 10, 100, 50}
	if got := r.Intersect(Rect{50, 0, 100, 30}); got != (Rect{50, 10, 60, 20}) {
		t.Error(got)
	}
	if got := r.Intersect(Rect{200, 0, 10, 10}); got.W != 0 || got.H != 0 {
		t.Error(got)
	}
}

func TestCenter(t *testing.T) {
	if got := (Rect{0, 0, 100, 50}).Center(20, 10); got != (Rect{40, 20, 20, 10}) {
		t.Error(got)
	}
}

package ui

import (
	"slices"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// A wide is a card across the page: what, a line about it, and who.
type wide struct {
	picto string
	title string
	lines []string // about it
	crowd board.Crowd
	past  bool
	next  bool
	means render.Meaning
}

// cards lays wide cards out, in two columns where there is room, a page at a time.
func (c *canvas) cards(area layout.Rect, clock float32, n, at int, to func(int) Place, draw func(layout.Rect, int)) {
	cols, gap := int(c.of(2, 1, 1)), c.gap(24, 20, 8)
	least := c.hand(190, 190, 88)
	rows := func(h float32) int { return max(1, int((h+gap)/(least+gap))) }
	pages, page := layout.Pages(n, cols*rows(area.H), at)
	switch {
	case pages > 1 && c.flat(): // the title has the header
		area = c.sidePager(area, page, pages, to)
	case pages > 1:
		area = c.pageTurner(area, clock, page, pages, to)
		_, page = layout.Pages(n, cols*rows(area.H), at)
	}
	per := cols * rows(area.H)
	on, most := rows(area.H), c.hand(230, 230, 148)
	switch { // few are large rather than above an empty half
	case pages > 1:
	case c.class != look.Landscape:
		on, most = max(1, n), c.hand(0, 860, 148)
	case n <= 3:
		cols, on, most = max(2, n), 1, area.H
	}
	if c.flat() {
		most = area.H
	}
	h := min((area.H-gap*float32(on-1))/float32(on), most)
	w := (area.W - gap*float32(cols-1)) / float32(cols)
	for i := page * per; i < min(n, (page+1)*per); i++ {
		k := i - page*per
		draw(layout.Rect{X: area.X + float32(k%cols)*(w+gap), Y: area.Y + float32(k/cols)*(h+gap), W: w, H: h}, i)
	}
}

// nonempty is a list of what there is to say.
func nonempty(s ...string) []string {
	return slices.DeleteFunc(s, func(x string) bool { return x == "" })
}

// wideCard draws one.
func (c *canvas) wideCard(r layout.Rect, d wide) {
	b := box{fill: c.Surface}
	ink := c.Ink
	switch {
	case d.past:
		b, ink = box{border: 3, edge: c.Line}, c.Ink3
	case d.next:
		b.border, b.edge = c.of(5, 5, 4), c.Next
	}
	r = c.pressCard(r, d.title, d.means, b)
	pad := c.of(30, 28, 12)
	if c.class != look.Small && r.H > 300 && (r.W > 760 || r.H > 380) { // its pictogram above as on a poster, or large beside it
		card := r
		var top layout.Rect
		if r.H > 560 || r.W <= 760 {
			top, r = r.CutTop(r.H-210, 0)
		} else {
			top, r = r.CutLeft(r.W*.4, 0)
		}
		c.media("", d.picto, top.Inset(b.border), card.Inset(b.border), c.cardRadius()-b.border, c.tintOf(d.picto))
		d.picto = ""
	}
	side := min(c.of(132, 132, 60)*min(1.6, max(1, r.H/c.of(230, 230, 104))), r.H-2*pad)
	tile := layout.Rect{X: r.X + pad, Y: r.MidY() - side/2, W: side, H: side}
	text := layout.Rect{X: tile.Right() + c.of(26, 24, 14), Y: r.Y, W: r.Right() - pad - tile.Right() - c.of(26, 24, 14), H: r.H}
	if d.picto == "" {
		text = r.Pad(pad, 0, pad, 0)
	} else {
		c.tile(d.picto, tile)
	}
	faces := c.of(76, 76, 38)
	t := c.ty.Title.At(c.of(46, 44, 25))
	if c.class != look.Landscape && (d.picto == "" || side > c.of(132, 132, 60)) {
		t = t.At(c.of(46, 54, 29))
	}
	t.Line = 1.1
	if len(d.crowd.Shown) > 0 && !d.past {
		discs, title := int(c.of(4, 4, 3)), c.line(d.title, t.At(c.legible(t.Size*.82))).w
		for discs > 1 && title > text.W-c.stackWidth(d.crowd, faces, discs)-16 {
			discs-- // room for the title
		}
		text.W = c.stack(d.crowd, text.Right(), r.MidY()-faces/2, faces, discs, c.Surface) - c.of(16, 16, 12) - text.X
	}
	t, one := c.fits(d.title, t, text.W, t.Size, t.Size*.9, t.Size*.82)
	lines := 1
	if !one {
		lines = 2
	}
	title := c.wrap(d.title, t, text.W, lines)
	st := c.ty.Meta.At(c.of(36, 34, 20))
	h := float32(len(title)) * t.Size * t.Line
	for h+float32(len(d.lines))*st.Size*st.Line > r.H-8 && len(d.lines) > 1 {
		d.lines = d.lines[:len(d.lines)-1]
	}
	h += float32(len(d.lines)) * st.Size * st.Line
	y := c.paragraph(title, t, text.X, r.MidY()-h/2, start, ink)
	for _, s := range d.lines {
		lt, _ := c.fits(s, st, text.W, st.Size, st.Size*.9, st.Size*.8)
		y = c.paragraph(c.wrap(s, lt, text.W, 1), lt, text.X, y, start, c.Ink2)
	}
}

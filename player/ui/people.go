package ui

import (
	"strings"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// A grid of people, twelve to a page at most: where everybody finds
// themselves at the same place every day.
type peopleGrid struct {
	cols, rows int
	gap        float32
}

// grid returns as many tiles as there is room for in area, and where they are more
// than n people need on a tall panel, larger ones.
func (c *canvas) grid(area layout.Rect, n int) peopleGrid {
	const most = 12
	g := peopleGrid{gap: c.gap(20.8, 20, 8)}
	w, h := c.hand(270, 270, 168), c.hand(250, 250, 118)
	g.cols = min(max(1, int((area.W+g.gap)/(w+g.gap))), int(c.of(6, 3, 6)))
	g.rows = min(max(1, int((area.H+g.gap)/(h+g.gap))), most/g.cols)
	if c.class == look.Portrait && n > 0 && n <= g.cols*g.rows {
		if n <= 2*g.rows && n <= 6 {
			g.cols = min(g.cols, 2)
		}
		g.rows = (n + g.cols - 1) / g.cols
	}
	return g
}

// people draws everybody who is shown in this house.
func (c *canvas) people(p People) {
	c.page()
	clock := c.header("users", "", tone{c.People, c.PeopleTint}, c.words.T("nav.people"), "")
	area := c.content()
	people := seated(c.order, seatPeople, c.b.People, personSeat)
	switch {
	case c.b.Masked:
		c.maskedCard(area)
		c.rail(p)
		return
	case len(people) == 0:
		c.card(area)
		c.empty(area, "speech-balloon", c.PeopleTint, c.words.T("people.none_title"), c.words.T("people.none_hint"))
		c.rail(p)
		return
	}
	to := func(n int) Place { return People{n} }
	g := c.grid(area, len(people))
	pages, page := layout.Pages(len(people), g.cols*g.rows, p.Page)
	if pages > 1 {
		g = c.grid(c.underPager(area), len(people))
		pages, page = layout.Pages(len(people), g.cols*g.rows, p.Page)
		area = c.pageTurner(area, clock, page, pages, to)
	}
	per := g.cols * g.rows
	c.tiles(area, g, people[page*per:min(len(people), (page+1)*per)], func(r layout.Rect, who board.Person) {
		c.personTile(c.pressCard(r, who.Name.Reveal(), Enter{Someone{who.ID}}, box{}), who, face{})
	})
	c.rail(p)
}

// tiles lays people out in the cells of a grid.
func (c *canvas) tiles(area layout.Rect, g peopleGrid, people []*board.Person, draw func(layout.Rect, board.Person)) {
	c.gridCells(area, g, len(people), func(r layout.Rect, i int) {
		if people[i] != nil {
			draw(r, *people[i])
		}
	})
}

// gridCells calls draw for the first n cells of a grid.
func (c *canvas) gridCells(area layout.Rect, g peopleGrid, n int, draw func(layout.Rect, int)) {
	h := (area.H - g.gap*float32(g.rows-1)) / float32(g.rows)
	w := (area.W - g.gap*float32(g.cols-1)) / float32(g.cols)
	if c.class == look.Portrait {
		h = min(h, w*1.6)
	} else {
		h = min(h, c.of(334, 0, 150)*max(1, c.h/c.of(1080, 1920, 480)))
	}
	for i := range n {
		draw(layout.Rect{
			X: area.X + float32(i%g.cols)*(w+g.gap), Y: area.Y + float32(i/g.cols)*(h+g.gap), W: w, H: h,
		}, i)
	}
}

// personTile draws a face and a name to fill r.
func (c *canvas) personTile(r layout.Rect, who board.Person, f face) {
	at := c.tileFace(r)
	c.avatar(who, at.X, at.Y, at.W, f)
	t := c.ty.Title.At(c.of(44, 44, 24))
	if c.lowTile(r) {
		_, rest := r.CutLeft(r.H, 0)
		c.name(who.Name.Reveal(), t, rest.MidX()-6, rest.Y, rest.W-12, rest.H, c.Ink)
		return
	}
	c.name(who.Name.Reveal(), t, r.MidX(), at.Bottom()+c.of(1, 16, 1), r.W-c.of(24, 24, 8), c.tileName(), c.Ink)
}

// tileName returns how high the name on a tile is.
func (c *canvas) tileName() float32 { return c.of(72, 72, 34) }

// tileFace returns where the face on a tile is: with the name below it, in the
// middle of a tile that is higher than both, or at the start of a low one.
func (c *canvas) tileFace(r layout.Rect) layout.Rect {
	if c.lowTile(r) {
		side, _ := r.CutLeft(r.H, 0)
		return side.Inset(8)
	}
	top, rest := c.of(22, 30, 6), c.tileName()+c.of(20, 22, 2)
	size := min(r.H-top-rest, r.W-c.of(44, 44, 12))
	if spare := r.H - top - size - rest; c.class == look.Portrait && spare > 0 {
		top += spare * .45
	}
	return layout.Rect{X: r.MidX() - size/2, Y: r.Y + top, W: size, H: size}
}

// who asks who wants to join: one touches one's own picture.
func (c *canvas) who(p Who) {
	c.page()
	title, picto, when := c.lookUp(p.On)
	crowd, _ := c.b.Crowd(p.On)
	if _, _, likes := c.b.Proposal(p.On); when != "" && !likes { // one proposal is enough to read
		title = c.words.Line(strings.TrimSuffix(title, "."), when)
	}
	c.header("", picto, tone{c.Act, c.tintOf(picto)}, c.words.T(joining(p.On).ask), title)
	c.whoGrid(p.Page, func(n int) Place { return Who{p.On, n} }, func(r layout.Rect, who board.Person) {
		c.whoTile(r, who, crowd, Pick{p.On, who.ID})
	})
}

// whoGrid draws everybody who may touch something here, a page at a time, the way
// back and what to do.
func (c *canvas) whoGrid(at int, to func(int) Place, tile func(layout.Rect, board.Person)) {
	var may []board.Person
	for _, who := range c.b.People {
		if who.SignUp {
			may = append(may, who)
		}
	}
	people := seated(c.order, seatJoin, may, personSeat)
	area := c.content()
	g := c.grid(area, len(people))
	per := g.cols * g.rows
	pages, page := layout.Pages(len(people), per, at)
	if len(people) == 0 {
		c.card(area)
		c.empty(area, "raised-hand-light", c.BookTint, c.words.T("who.empty_title"), c.words.T("who.empty_hint"))
	} else {
		c.tiles(area, g, people[page*per:min(len(people), (page+1)*per)], tile)
	}
	rest := c.pager(c.backBar(), page, pages, to)
	if len(people) > 0 && rest.W > c.of(300, 300, 160) {
		c.hint(rest, "hand-finger", c.words.T("who.touch"))
	}
}

// hint says in the middle of r what to do.
func (c *canvas) hint(r layout.Rect, icon, s string) {
	t, size := c.ty.Body.At(c.of(40, 34, 22)), c.of(52, 48, 28)
	room := r.W - size - c.of(16, 12, 8)
	t, ok := c.fits(s, t, room, t.Size, t.Size*.9, t.Size*.8)
	if !ok {
		return // half of it helps nobody; the title says it too
	}
	for _, l := range c.wrap(s, t, room, 1) {
		x := r.MidX() - (size+c.of(16, 12, 8)+l.w)/2
		c.icon(icon, layout.Rect{X: x, Y: r.MidY() - size/2, W: size, H: size}, 2.2, c.Ink2)
		c.put(l, x+size+c.of(16, 12, 8), r.MidY()+t.Middle(), start, c.Ink2)
	}
}

func (c *canvas) whoTile(r layout.Rect, who board.Person, crowd board.Crowd, means render.Meaning) {
	part, waits, in := crowd.Has(who.ID)
	b, f := box{fill: c.Surface}, face{back: c.Surface}
	if in && !waits {
		b = box{fill: c.OkTint, border: c.of(6, 6, 4), edge: c.Ok}
		f = face{check: !part.Pending, pending: part.Pending, back: c.Surface}
	}
	name := who.Name.Reveal()
	r = c.pressCard(r, name, means, b)
	c.personTile(r, who, f)
	if waits {
		at := c.tileFace(r)
		c.waitMark(at.X, at.Y, at.W)
	}
}

// lowTile reports whether a tile of a small panel has room for a larger face beside
// its words than above them.
func (c *canvas) lowTile(r layout.Rect) bool {
	return c.class == look.Small && r.H < 100 && r.W > 1.45*r.H
}

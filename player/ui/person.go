package ui

import (
	"cmp"
	"slices"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// Someone is a person, as everybody may see them.
type Someone struct{ Who board.PersonID }

func (p Someone) there(b *board.Board) bool { return listed(b, p.Who) }
func (p Someone) draw(c *canvas, _ Model)   { c.someone(p) }

// listed reports whether the person stands in the directory.
func listed(b *board.Board, who board.PersonID) bool {
	_, ok := b.Person(who)
	return ok && !b.Masked
}

// someone draws a face, a name and what they take part in.
func (c *canvas) someone(p Someone) {
	who, _ := c.b.Person(p.Who)
	c.page()
	rest := c.portrait(who, c.of(440, 300, 150), nil)
	title := c.words.T("person.in", "name", who.Name.Reveal())
	area := c.personHead(rest, title)
	c.joined(area, c.joins(p.Who), 0, nil)
	bar := c.backBar()
	if !who.SignUp {
		return
	}
	own := button{icon: "lock", label: c.words.T("person.own"), means: OpenOwn(p)}
	r, _ := bar.CutRight(min(c.width(own), bar.W), 0)
	if c.class == look.Portrait {
		r = bar
	}
	c.button(r, own)
}

// portrait draws a face over a name on a panel and returns what is left of the
// page. Below the name under draws what it wants, in a strip of its own.
func (c *canvas) portrait(who board.Person, size float32, under func(layout.Rect)) (rest layout.Rect) {
	if c.flat() { // only the face, before the head of the page
		y := max(8, c.mm(8), c.reach())
		rest = layout.Rect{X: c.column().X, Y: y, W: c.column().W}.To(c.handZone().Y - c.gap(8, 8, 8))
		d := c.hand(0, 0, 72)
		c.avatar(who, rest.X, rest.Y, d, face{})
		return rest
	}
	col := c.column()
	col = layout.Rect{X: col.X, Y: max(c.of(40, 40, 12), c.mm(8), c.reach()), W: col.W}.To(c.handZone().Y - c.gap(24, 24, 8))
	var panel layout.Rect
	if c.class == look.Portrait {
		panel, rest = col.CutTop(min(520, col.H*.36), 28)
	} else {
		panel, rest = col.CutLeft(min(c.of(600, 0, 232), col.W*.34), c.of(48, 0, 16))
	}
	c.box(panel, box{fill: c.PeopleTint, radius: c.of(48, 48, 24)})
	strip, gap := float32(0), c.of(40, 16, 8)
	if under != nil {
		strip, gap = c.of(150, 110, 64), c.of(22, 16, 8)
	}
	nameH := c.of(130, 110, 48)
	size = min(size, panel.H-strip-nameH-c.of(72, 76, 24), panel.W-c.of(64, 64, 24))
	if c.class == look.Portrait && under != nil && size < 180 { // beside them it is larger
		size = min(panel.H-76, panel.W*.36)
		text := panel.Pad(size+64, 0, 24, 0)
		c.avatar(who, panel.X+38, panel.MidY()-size/2, size, face{ring: c.Surface, ringW: 12, back: c.PeopleTint})
		top := panel.MidY() - (nameH+strip)/2
		c.name(who.Name.Reveal(), c.ty.Display.At(88), text.MidX(), top, text.W-24, nameH, c.Ink)
		under(layout.Rect{X: text.X, Y: top + nameH, W: text.W, H: strip})
		return rest
	}
	top := panel.MidY() - (size+nameH+strip+gap)/2
	c.avatar(who, panel.MidX()-size/2, top, size, face{ring: c.Surface, ringW: c.of(14, 12, 6), back: c.PeopleTint})
	t := c.ty.Display.At(c.of(112, 88, 36))
	c.name(who.Name.Reveal(), t, panel.MidX(), top+size+gap, panel.W-c.of(48, 48, 16), nameH, c.Ink)
	if under != nil {
		under(layout.Rect{X: panel.X, Y: top + size + gap + nameH, W: panel.W, H: strip})
	}
	return rest
}

// personHead draws the title of a page with a portrait, and the clock, and
// returns what is left below.
func (c *canvas) personHead(r layout.Rect, title string) layout.Rect {
	head, rest := r.CutTop(c.hand(112, 100, 72), c.of(24, 24, 6))
	if c.flat() {
		head = head.Pad(head.H+12, 0, 0, 0)
	}
	clock := c.clock(head.Right(), head.MidY())
	room := clock - head.X - c.of(24, 24, 12)
	t := c.ty.H2.At(c.of(60, 56, 29))
	t, one := c.fits(title, t, room, t.Size, t.Size*.88, t.Size*.78)
	lines := c.wrap(title, t, room, 1)
	if !one {
		t.Line = 1.04
		lines = c.wrap(title, t, room, 2)
	}
	c.paragraph(lines, t, head.X, head.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
	return rest
}

// A join is one thing somebody takes part in, or waits for.
type join struct {
	on      board.Ref
	at      time.Time
	title   string
	picto   string
	waits   bool
	pending bool
	closed  bool           // it is too late to leave
	leads   render.Meaning // where there is more of it, on their own page; or nil
}

// joins lists what somebody takes part in from now on, as far as the wall shows
// it, the next first.
func (c *canvas) joins(who board.PersonID) []join {
	var out []join
	add := func(on board.Ref, at time.Time, title, picto string, crowd board.Crowd, door board.Door) {
		p, waits, in := crowd.Has(who)
		if !in || door == board.Over || door == board.Cancelled {
			return
		}
		out = append(out, join{on: on, at: at, title: title, picto: picto, waits: waits, pending: p.Pending, closed: door > board.ListOnly})
	}
	for _, a := range c.b.Activities {
		add(a.Ref, a.Starts, c.say(a.Title), a.Picto, a.Crowd, a.Door(c.now))
	}
	for _, m := range c.b.Meals {
		_, picto, _ := c.lookUp(m.Ref)
		add(m.Ref, m.Served, c.words.T("meal."+string(m.Kind)), picto, m.Crowd, m.Door(c.now))
	}
	slices.SortStableFunc(out, func(a, b join) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.on.ID, b.on.ID)) })
	return out
}

// leaving says what leaving one of them is called and means.
type leaving func(join) (label string, means render.Meaning)

// joined draws the rows of what somebody takes part in. On their own page, where
// leave says what touching one means, they are turned like any list; elsewhere
// as many as fit are enough.
func (c *canvas) joined(area layout.Rect, list []join, page int, leave leaving) {
	if len(list) == 0 {
		c.card(area)
		c.empty(area, "sunflower", c.PeopleTint, c.words.T("person.none_title"), c.words.T("person.none_hint"))
		return
	}
	h, gap := c.hand(164, 148, 76), c.gap(18, 16, 8)
	n := max(1, int((area.H+gap)/(h+gap)))
	if leave != nil && len(list) > n {
		area, list = c.turnedOwn(area, gap, list, page, h)
		n = max(1, int((area.H+gap)/(h+gap)))
	}
	h = (area.H - gap*float32(n-1)) / float32(n)
	h = min(h, c.hand(164, 160, 92))
	more := 0
	if len(list) > n {
		more = len(list) - (n - 1)
		list = list[:n-1]
	}
	for i, j := range list {
		r := layout.Rect{X: area.X, Y: area.Y + float32(i)*(h+gap), W: area.W, H: h}
		c.joinedRow(r, j, leave)
	}
	if more > 0 {
		r := layout.Rect{X: area.X, Y: area.Y + float32(len(list))*(h+gap), W: area.W, H: h}
		t := c.ty.Body.At(c.of(40, 38, 22)).In(600)
		c.text(c.words.T("crowd.more", "n", more), t, r.X+c.of(46, 42, 18), r.Y+c.of(60, 56, 30)+t.Middle(), start, c.Ink2)
	}
}

// joinedRow draws one of them: when, what, and whether it is certain.
func (c *canvas) joinedRow(r layout.Rect, j join, leave leaving) {
	when := c.words.T("nav.groups")
	c.card(r)
	if !j.at.IsZero() {
		when = c.words.T("time.day_at", "day", c.words.Day(j.at, c.now), "time", c.words.Clock(j.at))
		c.dayEdge(r, j.at)
	}
	tile := min(c.of(116, 108, 52), r.H-c.of(32, 28, 16))
	tr := layout.Rect{X: r.X + c.of(46, 42, 20), Y: r.MidY() - tile/2, W: tile, H: tile}
	c.tile(j.picto, tr)
	right := c.joinedState(r, j, leave)
	if j.leads != nil && leave != nil {
		c.touch(layout.Rect{X: r.X, Y: r.Y, W: right - c.gap(16, 16, 8) - r.X, H: r.H}, j.title, j.leads)
	}
	x := tr.Right() + c.of(28, 26, 12)
	w := right - x - c.of(16, 16, 8)
	meta := c.ty.Label.At(c.of(34, 34, 20)).In(600)
	meta, whole := c.fits(when, meta, w, meta.Size, meta.Size*.9)
	at := c.wrap(when, meta, w, 1)
	if !whole {
		at = c.wrap(when, meta, w, 2)
		if !j.at.IsZero() { // the clock is not taken apart
			at = append(c.wrap(c.words.Day(j.at, c.now), meta, w, 1), c.wrap(c.words.T("time.at", "time", c.words.Clock(j.at)), meta, w, 1)...)
		}
	}
	t := c.ty.Title.At(c.of(46, 44, 25))
	t.Line = 1.14
	t, one := c.fits(j.title, t, w, t.Size, t.Size*.9, t.Size*.8)
	lines := c.wrap(j.title, t, w, 1)
	if !one {
		lines = c.wrap(j.title, t, w, 2)
	}
	y := r.MidY() - (float32(len(at))*meta.Size*meta.Line+float32(len(lines))*t.Size*t.Line)/2
	y = c.paragraph(at, meta, x, y, start, c.Ink2)
	c.paragraph(lines, t, x, y, start, c.Ink)
}

// joinedState draws at the end of a row that it is certain, waits, or can be
// left, and returns where that begins.
func (c *canvas) joinedState(r layout.Rect, j join, leave leaving) float32 {
	pad, size := c.of(32, 28, 12), c.of(76, 72, 40)
	x := r.Right() - pad
	if leave != nil && !j.closed {
		label, means := leave(j)
		b := button{icon: "x", label: label, means: means, kind: secondary, size: c.of(36, 34, 22)}
		w := c.width(b)
		h := max(min(c.of(100, 96, 60), r.H-c.of(24, 20, 12)), c.least())
		c.button(layout.Rect{X: x - w, Y: r.MidY() - h/2, W: w, H: h}, b)
		return x - w
	}
	fill, ink, icon := c.OkTint, c.Ok, "check"
	if j.waits {
		fill, ink, icon = c.WaitTint, c.Wait, "clock"
	}
	d := layout.Rect{X: x - size, Y: r.MidY() - size/2, W: size, H: size}
	c.box(d, box{fill: fill, radius: size / 2})
	c.icon(icon, d.Center(size*.68, size*.68), 3, ink)
	if j.pending {
		c.ring(d.MidX(), d.MidY(), size/2+c.of(7, 7, 4), c.of(5, 5, 3), c.Wait)
	}
	if !j.waits {
		return d.X
	}
	t := c.ty.Label.At(c.of(32, 30, 20)).In(600)
	words := c.words.T("crowd.waiting")
	return d.X - c.of(16, 14, 8) - c.text(words, t, d.X-c.of(16, 14, 8), r.MidY()+t.Middle(), end, c.Ink2)
}

package ui

import (
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

type (
	// Presence is who is there today, as far as they want that to be seen.
	Presence struct{ Page int }

	// AskGone asks whether somebody has gone home.
	AskGone struct {
		On    board.Ref // the day
		Who   board.PersonID
		Since int64 // Unix milliseconds
	}

	// Arrive is somebody's own picture on the board of who is there.
	Arrive struct {
		On  board.Ref
		Who board.PersonID
	}

	// GoHome says that somebody has gone home.
	GoHome struct {
		On  board.Ref
		Who board.PersonID
	}

	// Unmark takes back where somebody was just said to be.
	Unmark struct {
		On  board.Ref
		Who board.PersonID
		To  board.Whereabouts
	}

	// Mark keeps where somebody is today.
	Mark struct {
		On  board.Ref
		Who board.PersonID
		Is  board.Whereabouts
	}
)

func (Mark) effect() {}

func (Presence) there(b *board.Board) bool  { return b.Has(board.ModulePresence) }
func (p Presence) draw(c *canvas, m Model)  { c.presence(m, p) }
func (o AskGone) opened() int64             { return o.Since }
func (o AskGone) still(b *board.Board) bool { return isHere(b, o.On, o.Who) }
func (o AskGone) draw(c *canvas, _ Model)   { c.askGone(o) }
func (a Arrive) act(m Model) (Model, []Effect) {
	switch p, ok := m.Board.Presence.Of(a.Who); {
	case !ok || m.Board.Presence.Ref != a.On:
		return m, nil
	case p.Is == board.Here:
		m.Over = AskGone{a.On, a.Who, m.Now.UnixMilli()}
		return m, nil
	default:
		return m.mark(a.On, p, board.Here)
	}
}

func (a GoHome) answer(m Model) (Model, []Effect) {
	m.Over = nil
	if m.Board == nil {
		return m, nil
	}
	if p, ok := m.Board.Presence.Of(a.Who); ok && m.Board.Presence.Ref == a.On {
		return m.mark(a.On, p, board.GoneHome)
	}
	return m, nil
}

func (a Unmark) act(m Model) (Model, []Effect) {
	m.Toast = Toast{}
	return m, []Effect{Mark{a.On, a.Who, a.To}}
}

// mark keeps where somebody is, and offers to undo it.
func (m Model) mark(on board.Ref, p board.Present, is board.Whereabouts) (Model, []Effect) {
	was := p.Is
	if was == board.Off { // it stays their day off
		was = board.NotYet
	}
	m.Toast = Toast{On: on, Who: p.ID, Until: m.Now.Add(look.Undo), Is: is, Was: was}
	return m, []Effect{Mark{on, p.ID, is}}
}

// isHere reports whether somebody is there, on the day that on names.
func isHere(b *board.Board, on board.Ref, who board.PersonID) bool {
	p, ok := b.Presence.Of(who)
	return ok && b.Presence.Ref == on && p.Is == board.Here
}

// marked keeps a toast about where somebody is true to the board: the hub may have
// said no, the day may be over, and nobody is named who is not shown.
func (t Toast) marked(b *board.Board) Toast {
	p, ok := b.Presence.Of(t.Who)
	if !ok || b.Presence.Ref != t.On {
		return Toast{}
	}
	t.Refused = p.Is != t.Is
	return t
}

// A bearing is how somebody's state is shown: in colour, by a sign and in a word.
type bearing struct {
	icon string
	word string // its key in assets/lang
	tone tone
	bare bool // the tile has no colour
}

func (c *canvas) bearing(is board.Whereabouts) bearing {
	switch is {
	case board.Here:
		return bearing{"check", "presence.here", tone{c.Ok, c.OkTint}, false}
	case board.GoneHome:
		return bearing{"home", "presence.gone", tone{c.Wait, c.WaitTint}, false}
	case board.Off:
		return bearing{"sun", "presence.off", tone{c.Ink2, c.Bg}, true}
	}
	return bearing{"clock", "presence.not_yet", tone{c.Ink2, c.Surface}, true}
}

// presence draws who is there.
func (c *canvas) presence(m Model, p Presence) {
	c.page()
	sub := ""
	if c.b.Roster == board.RosterOld {
		sub = c.words.T("roster.old", "when", c.when(m.Link.DownSince))
	}
	clock := c.header("list-check", "", tone{c.People, c.PeopleTint}, c.words.T("nav.presence"), sub)
	area := c.content()
	list := c.b.Presence
	switch {
	case c.b.Masked:
		c.maskedCard(area)
		c.rail(p)
		return
	case list == nil || len(list.People) == 0:
		c.card(area)
		c.empty(area, "waving-hand-light", c.PeopleTint, c.words.T("presence.none_title"), c.words.T("presence.none_hint"))
		c.rail(p)
		return
	}
	people := seated(c.order, seatPresence, list.People, func(x *board.Present) string { return string(x.ID) })
	area = c.headCount(area, clock, *list)
	to := func(n int) Place { return Presence{n} }
	g := c.grid(area, len(people))
	pages, page := layout.Pages(len(people), g.cols*g.rows, p.Page)
	if pages > 1 {
		g = c.grid(c.underPager(area), len(people))
		pages, page = layout.Pages(len(people), g.cols*g.rows, p.Page)
		area = c.pageTurner(area, clock, page, pages, to)
	}
	per := g.cols * g.rows
	c.gridCells(area, g, min(per, len(people)-page*per), func(r layout.Rect, i int) {
		if x := people[page*per+i]; x != nil {
			c.presentTile(r, *x, list.Ref)
		}
	})
	c.rail(p)
}

// headCount says how many have come, are awaited and have gone home, beside the
// clock or, where there is no room, above the tiles; in numbers only where
// everybody stands here. It returns what is left of the content.
func (c *canvas) headCount(area layout.Rect, clock float32, p board.Presence) layout.Rect {
	if _, whole := p.Count(board.Here); !whole || c.class == look.Small {
		return area
	}
	t, h, pad, icon := c.ty.Title.At(c.of(36, 34, 22)).Digits(), c.of(76, 72, 40), c.of(24, 22, 10), c.of(40, 38, 22)
	states := []board.Whereabouts{board.Here, board.NotYet, board.GoneHome}
	words := make([]string, len(states))
	w := c.of(16, 14, 8) * float32(len(states)-1)
	for i, is := range states {
		n, _ := p.Count(is)
		words[i] = c.words.T("presence.count_"+string(is), "n", n)
		w += c.line(words[i], t).w + icon + c.of(12, 12, 6) + 2*pad
	}
	x, y := clock-c.of(48, 0, 0)-w, c.of(96, 0, 0)-h/2
	if c.class == look.Portrait || x < c.heading.right+24 {
		if w > area.W {
			return area
		}
		var bar layout.Rect
		bar, area = area.CutTop(h, c.gap(20, 20, 8))
		x, y = bar.X, bar.Y
	}
	for i, is := range states {
		b := c.bearing(is)
		fill := b.tone.tint
		r := layout.Rect{X: x, Y: y, W: c.line(words[i], t).w + icon + c.of(12, 12, 6) + 2*pad, H: h}
		c.box(r, box{fill: fill, radius: h * .32})
		c.icon(b.icon, layout.Rect{X: r.X + pad, Y: r.MidY() - icon/2, W: icon, H: icon}, 2.4, b.tone.ink)
		c.text(words[i], t, r.X+pad+icon+c.of(12, 12, 6), r.MidY()+t.Middle(), start, b.tone.ink)
		x = r.Right() + c.of(16, 14, 8)
	}
	return area
}

// presentTile draws somebody and where they are.
func (c *canvas) presentTile(r layout.Rect, x board.Present, on board.Ref) {
	b := c.bearing(x.Is)
	word := c.words.T(b.word)
	dress := box{fill: b.tone.tint, border: c.of(5, 5, 3), edge: b.tone.ink}
	switch {
	case x.Is == board.Off:
		dress = box{fill: c.Bg, border: 3, edge: c.Line}
	case b.bare:
		dress = box{fill: c.Surface}
	}
	name := x.Name.Reveal()
	r = c.pressCard(r, name+", "+word, Arrive{on, x.ID}, dress)
	t := c.ty.Label.At(c.of(30, 30, 20)).In(700)
	line := t.Size * 1.3
	looks := face{pending: x.Pending, back: b.tone.tint, away: x.Is == board.NotYet || x.Is == board.Off}
	var foot layout.Rect
	icon, gap := c.of(30, 30, 18), c.of(10, 10, 5)
	beside := min(r.H, r.W*.4, r.W-icon-gap-c.line(word, t.At(c.ty.Min.Size)).w-c.of(24, 24, 8))
	if !c.lowTile(r) || beside < 48 {
		beside = 0 // there is more room above the words
	}
	if beside > 0 {
		var side, rest layout.Rect
		side, r = r.CutLeft(beside, 0)
		size := side.W - 16
		c.avatar(x.Person, side.MidX()-size/2, side.MidY()-size/2, size, looks)
		words := r.Center(r.W, min(r.H-16, 2.4*line))
		foot, rest = words.CutBottom(line, 0)
		c.name(name, c.ty.Title.At(24), rest.MidX()-6, rest.Y, rest.W-12, rest.H, c.Ink)
		foot = foot.Move(-6, 0)
	} else {
		var rest layout.Rect
		foot, rest = r.Pad(0, 0, 0, c.of(18, 18, 6)).CutBottom(line, 0)
		c.personTile(rest.Pad(0, c.of(0, 0, 7), 0, 0), x.Person, looks)
	}
	room := r.W - c.of(24, 24, 8) - icon - gap
	t, _ = c.fits(word, t, room, t.Size, t.Size*.93, c.ty.Min.Size)
	for _, l := range c.wrap(word, t, room, 1) {
		left := foot.MidX() - (icon+gap+l.w)/2
		c.icon(b.icon, layout.Rect{X: left, Y: foot.MidY() - icon/2, W: icon, H: icon}, 2.6, b.tone.ink)
		c.put(l, left+icon+gap, foot.MidY()+t.Middle(), start, b.tone.ink)
	}
}

// askGone asks before it says that somebody has gone home: a touch on one's own
// picture may have meant "I am here".
func (c *canvas) askGone(o AskGone) {
	who, _ := c.b.Presence.Of(o.Who)
	inner := c.dialog(c.of(1340, 1000, 780), c.of(620, 940, 400))
	buttons, rest := inner.CutBottom(c.hand(148, 148, 80), c.of(40, 40, 12))
	c.confirmHead(rest, who.Person, c.words.T("presence.question", "name", who.Name.Reveal()), face{back: c.Surface})
	pair := buttons.Columns(2, c.gap(28, 24, 12))
	c.button(pair[0], button{icon: "home", label: c.words.T("presence.yes"), means: GoHome{o.On, o.Who}, kind: secondary, size: c.of(44, 40, 24)})
	c.button(pair[1], button{icon: "check", label: c.words.T("presence.no"), means: Close{}, kind: primary, size: c.of(44, 40, 24)})
}

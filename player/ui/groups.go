package ui

import (
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

type (
	// Groups is everything people are together about.
	Groups struct{ Page int }

	// Group is one group and who is in it.
	Group struct{ On board.Ref }
)

func (Groups) there(b *board.Board) bool { return b.Has(board.ModuleGroups) }

func (p Group) there(b *board.Board) bool {
	_, ok := b.Group(p.On)
	return ok
}

func (p Groups) draw(c *canvas, _ Model) { c.groups(p) }
func (p Group) draw(c *canvas, _ Model)  { c.group(p) }

// groups draws the groups of the house, a card each.
func (c *canvas) groups(p Groups) {
	c.page()
	t := peopleTone(c.Theme)
	clock := c.header("users-group", "", t, c.words.T("nav.groups"), "")
	area := c.below()
	if len(c.b.Groups) == 0 {
		c.card(area)
		c.empty(area, "waving-hand-light", t.tint, c.words.T("group.none_title"), c.words.T("group.none_hint"))
		c.rail(p)
		return
	}
	list := seated(c.order, seatGroups, c.b.Groups, func(g *board.Group) string { return g.Ref.ID })
	c.cards(area, clock, len(list), p.Page, func(n int) Place { return Groups{n} }, func(r layout.Rect, i int) {
		g := list[i]
		if g == nil {
			return
		}
		c.wideCard(r, wide{picto: g.Picto, title: c.say(g.Title), lines: nonempty(c.crowdWords(g.Crowd)), crowd: g.Crowd, means: Enter{Group{g.Ref}}})
	})
	c.rail(p)
}

// group draws who is in one group, and the way in.
func (c *canvas) group(p Group) {
	g, _ := c.b.Group(p.On)
	c.page()
	c.header("", g.Picto, tone{c.People, c.tintOf(g.Picto)}, c.say(g.Title), "")
	if area := c.content(); area.H > c.of(240, 240, 130) {
		c.crowdCard(area, c.words.T("group.members"), g.Crowd, nil)
	} else { // no room for names
		c.card(area)
		size := min(c.of(112, 112, 60), area.H-c.of(24, 24, 16))
		n := max(1, int((area.W-size-c.of(56, 56, 24))/(size-overlap(size))))
		c.stack(g.Crowd, area.X+c.of(28, 28, 12)+c.stackWidth(g.Crowd, size, n), area.MidY()-size/2, size, n, c.Surface)
	}
	b := button{icon: "user-plus", label: c.words.T("group.join"), means: Join{g.Ref}, kind: primary, tone: c.People, size: c.of(48, 44, 27)}
	rest := c.backBar()
	switch {
	case g.Door() > board.ListOnly:
		return
	case c.b.Masked:
		b = button{icon: "shield-lock", label: c.words.T("masked.join"), reason: true}
	}
	r, _ := rest.CutRight(min(c.width(b)+c.of(32, 0, 0), rest.W), 0)
	if c.class != look.Landscape {
		r = rest
	}
	c.button(r, b)
}

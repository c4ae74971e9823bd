package ui

import (
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// AskPlate asks which dish of a meal somebody eats. It stands where confirming
// would: nobody is signed up before they have chosen.
type AskPlate struct {
	On    board.Ref
	Who   board.PersonID
	Since int64 // Unix milliseconds
}

func (o AskPlate) opened() int64 { return o.Since }

func (o AskPlate) still(b *board.Board) bool {
	m, _ := b.Meal(o.On)
	return shows(b, o.On, o.Who) && m.Alternative != nil
}

func (o AskPlate) draw(c *canvas, _ Model) { c.askPlate(o) }

type (
	// PickPlate is one of two dishes.
	PickPlate struct {
		On    board.Ref
		Who   board.PersonID
		Plate board.Plate
	}

	// ChangePlate asks whoever is signed up which dish it is to be.
	ChangePlate struct {
		On  board.Ref
		Who board.PersonID
	}
)

func (a PickPlate) answer(m Model) (Model, []Effect) {
	o, asked := m.Over.(AskPlate)
	if !asked || o.On != a.On || o.Who != a.Who {
		return m, nil
	}
	m.Over = nil
	if m.door(a.On) > board.ListOnly {
		return m, nil // it closed while they thought about it
	}
	return m.asked().signUp(a.On, a.Who, a.Plate)
}

func (a ChangePlate) answer(m Model) (Model, []Effect) {
	if m.twoDishes(a.On) && m.door(a.On) <= board.ListOnly {
		m = m.askPlate(a.On, a.Who)
	}
	return m, nil
}

// twoDishes reports whether there is a choice at a meal.
func (m Model) twoDishes(on board.Ref) bool {
	if m.Board == nil {
		return false
	}
	meal, _ := m.Board.Meal(on)
	return meal.Alternative != nil
}

func (m Model) askPlate(on board.Ref, who board.PersonID) Model {
	m.Over = AskPlate{on, who, m.Now.UnixMilli()}
	return m
}

// plateOf returns which dish somebody eats as far as it is known to whoever stands
// there: they have just said it, or they are known, and it is on their own page.
// Another who touches their picture does not learn it that way.
func (m Model) plateOf(on board.Ref, who board.PersonID) board.Plate {
	if o, ok := m.Over.(Confirm); ok && o.On == on && o.Who == who && o.Plate != "" {
		return o.Plate
	}
	if m.Board == nil || m.Self != who {
		return ""
	}
	crowd, _ := m.Board.Crowd(on)
	p, _, _ := crowd.Has(who)
	return p.Plate
}

// plateWords returns what is on a plate, and its pictogram.
func (c *canvas) plateWords(m board.Meal, is board.Plate) (title, picto string) {
	if is == board.PlateAlternative && m.Alternative != nil {
		return c.say(m.Alternative.Title), orPlate(m.Alternative.Picto)
	}
	return c.say(m.Dish.Title), orPlate(m.Picto)
}

// askPlate draws who it is, the two dishes, and the way back.
func (c *canvas) askPlate(o AskPlate) {
	who, _ := c.b.Person(o.Who)
	m, _ := c.b.Meal(o.On)
	inner := c.dialog(c.of(1460, 1000, 784), c.of(872, 1500, 464))
	foot, rest := inner.CutBottom(c.hand(128, 136, 72), c.gap(36, 36, 10))
	head, cards := rest.CutTop(c.of(148, 160, 64), c.of(32, 32, 10))
	c.asks(head, who, c.words.T("plate.ask", "name", who.Name.Reveal()))
	cards = cards.Pad(0, max(0, c.reach()-cards.Y), 0, 0)
	pair := cards.Columns(2, c.gap(28, 24, 12))
	if c.class == look.Portrait {
		pair[0], pair[1] = cards.CutTop((cards.H-c.gap(24, 24, 12))/2, c.gap(24, 24, 12))
	}
	c.plateCard(pair[0], o, m, board.PlateMain)
	c.plateCard(pair[1], o, m, board.PlateAlternative)
	back := button{icon: "arrow-left", label: c.words.T("nav.back"), means: Close{}, kind: secondary, size: c.of(44, 40, 24)}
	b, _ := foot.CutLeft(min(c.width(back), foot.W), 0)
	c.button(b, back)
}

// asks draws somebody's face and what they are asked, in one line of a dialog.
func (c *canvas) asks(r layout.Rect, who board.Person, question string) {
	c.avatar(who, r.X, r.Y, r.H, face{back: c.Surface})
	text := r.Pad(r.H+c.of(36, 32, 16), 0, 0, 0)
	lines, t := c.headline(question, c.ty.H1.At(c.of(76, 68, 32)), text.W)
	c.paragraph(lines, t, text.X, text.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
}

// plateCard draws one dish: what it looks like, and what it is.
func (c *canvas) plateCard(r layout.Rect, o AskPlate, m board.Meal, is board.Plate) {
	title, picto := c.plateWords(m, is)
	picture := m.Picture
	if is == board.PlateAlternative {
		picture = m.Alternative.Picture
	}
	r = c.pressCard(r, title, PickPlate{o.On, o.Who, is}, box{fill: c.Surface, border: c.of(4, 4, 3), edge: c.LineStrong})
	edge := c.of(8, 8, 5) // inside the border
	in := r.Inset(edge)
	t := c.ty.Title.At(c.of(52, 50, 26))
	t.Line = 1.1
	pad := c.of(32, 32, 12)
	if in.H < in.W*.65 { // beside it, not below
		pic, text := in.CutLeft(in.H, pad)
		c.media(picture, picto, pic, in, c.cardRadius()-edge, c.MealTint)
		lines, t := c.titleLines(title, t, text.W-pad/2, 3)
		c.paragraph(lines, t, text.X, text.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
		return
	}
	lines, t := c.titleLines(title, t, in.W-2*pad, 2)
	h := float32(len(lines))*t.Size*t.Line + 2*c.of(24, 24, 8)
	pic := layout.Rect{X: in.X, Y: in.Y, W: in.W, H: max(0, in.H-h)}
	c.media(picture, picto, pic, in, c.cardRadius()-edge, c.MealTint)
	c.paragraph(lines, t, r.MidX(), pic.Bottom()+(h-float32(len(lines))*t.Size*t.Line)/2, middle, c.Ink)
}

package ui

import (
	"slices"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// Own is somebody's own page: what they take part in, and what they have chosen.
// It is theirs alone, so it does not stay long when nobody touches it.
type Own struct {
	Who     board.PersonID
	Choices bool
	Page    int
}

func (p Own) there(b *board.Board) bool {
	who, ok := b.Person(p.Who)
	return ok && who.SignUp && !b.Masked
}

func (p Own) draw(c *canvas, _ Model) { c.own(p) }

// private pages are for one person only.
type private interface{ private() }

func (Own) private() {}

type (
	// TakeBack asks whether a choice is to be taken back.
	TakeBack struct{ What board.Choice }

	// TakeBackYes takes it back.
	TakeBackYes struct {
		Who  board.PersonID
		What board.Choice
	}

	// Unjoin asks whether one is to be taken off a list.
	Unjoin struct{ On board.Ref }
)

// Tighten keeps that somebody takes a choice back. Nothing at the wall gives it
// again.
type Tighten struct {
	Who  board.PersonID
	What board.Choice
}

func (Tighten) effect() {}

// AskTakeBack is the one place where the wall asks first: what it does cannot be
// undone there.
type AskTakeBack struct {
	Who   board.PersonID
	What  board.Choice
	Since int64
}

func (o AskTakeBack) opened() int64 { return o.Since }

func (o AskTakeBack) still(b *board.Board) bool {
	p, ok := b.Person(o.Who)
	return ok && slices.Contains(p.Open, o.What)
}

func (o AskTakeBack) draw(c *canvas, _ Model) { c.askTakeBack(o) }

// Vanished says that whoever stood there is not on the wall any more. It names
// nobody.
type Vanished struct{ Since int64 }

func (o Vanished) opened() int64           { return o.Since }
func (Vanished) still(*board.Board) bool   { return true }
func (o Vanished) draw(c *canvas, _ Model) { c.vanished() }

func (a TakeBack) act(m Model) (Model, []Effect) {
	o := AskTakeBack{m.Self, a.What, m.Now.UnixMilli()}
	if m.Self != "" && o.still(m.Board) {
		m.Over = o
	}
	return m, nil
}

func (a TakeBackYes) answer(m Model) (Model, []Effect) {
	o, asked := m.Over.(AskTakeBack)
	if !asked || o.Who != a.Who || o.What != a.What || m.Self != a.Who {
		return m, nil
	}
	m.Over = nil
	if a.What == board.ChoiceShown || a.What == board.ChoiceName {
		m = m.finish()
		m.Over = Vanished{m.Now.UnixMilli()}
	}
	return m, []Effect{Tighten(a)}
}

func (a Unjoin) act(m Model) (Model, []Effect) {
	crowd, ok := m.Board.Crowd(a.On)
	if _, _, in := crowd.Has(m.Self); ok && in && m.Self != "" && m.door(a.On) <= board.ListOnly {
		m.Over = AskLeave{a.On, m.Self, m.Now.UnixMilli()}
	}
	return m, nil
}

// own draws a face, and either what they take part in or what they chose.
func (c *canvas) own(p Own) {
	who, _ := c.b.Person(p.Who)
	c.page()
	rest := c.portrait(who, c.of(400, 240, 130), nil)
	bar, area := rest.CutTop(c.hand(112, 112, 72), c.gap(24, 24, 8))
	if c.flat() {
		bar = bar.Pad(bar.H+12, 0, 0, 0)
	}
	right := bar.Right()
	if c.class == look.Landscape {
		right = c.clockFace(bar.Right(), bar.MidY()) - 40
	}
	c.ownTabs(layout.Rect{X: bar.X, Y: bar.Y, W: right - bar.X, H: bar.H}, p)
	if p.Choices {
		c.choices(area, who, p)
	} else {
		c.joined(area, c.mine(p.Who), p.Page, func(j join) (string, render.Meaning) {
			if j.on.Kind == board.KindBooking {
				return c.words.T("own.return"), Return{j.on, p.Who}
			}
			return c.words.T("own.leave"), Unjoin{j.on}
		})
	}
	zone := c.backBar()
	done := button{icon: "check", label: c.words.T("self.done"), means: Finish{}, kind: primary, tone: c.People}
	b, _ := zone.CutRight(min(c.width(done), zone.W), 0)
	if c.class != look.Landscape {
		b = zone
	}
	c.button(b, done)
}

// turnedOwn draws the pager of a list on the page of whoever is known, and returns
// what is above it and what of the list stands there.
func (c *canvas) turnedOwn(area layout.Rect, gap float32, list []join, page int, h float32) (layout.Rect, []join) {
	to := func(n int) Place { return Own{Who: c.self.ID, Page: n} }
	if c.flat() {
		per := max(1, int((area.H+gap)/(h+gap)))
		pages, page := layout.Pages(len(list), per, page)
		return c.sidePager(area, page, pages, to), list[page*per : min(len(list), (page+1)*per)]
	}
	bar, rest := area.CutBottom(c.hand(112, 112, 72), gap)
	per := max(1, int((rest.H+gap)/(h+gap)))
	pages, page := layout.Pages(len(list), per, page)
	c.pager(bar, page, pages, to)
	return rest, list[page*per : min(len(list), (page+1)*per)]
}

// mine lists what somebody takes part in, what they have booked and what they are
// in, for themselves: the next first, what has no day last.
func (c *canvas) mine(who board.PersonID) []join {
	out := c.joins(who)
	for i, j := range out { // which dish, where that may be said
		out[i].leads = Open{j.on}
		if m, ok := c.b.Meal(j.on); ok {
			if p, _, _ := m.Has(who); p.Plate != "" {
				title, picto := c.plateWords(m, p.Plate)
				out[i].title, out[i].picto = c.words.Line(out[i].title, title), picto
			}
		}
	}
	add := func(j join, crowd board.Crowd) {
		if p, waits, in := crowd.Has(who); in {
			j.waits, j.pending = waits, p.Pending
			out = append(out, j)
		}
	}
	for _, m := range c.b.Meetings {
		if d := m.Door(c.now); d != board.Over {
			add(join{on: m.Ref, at: m.Starts, title: c.say(m.Title), picto: meetingPicto, closed: d > board.ListOnly, leads: Enter{Meeting{On: m.Ref}}}, m.Crowd)
		}
	}
	for _, r := range c.b.Resources {
		if !slices.ContainsFunc(r.Booked(), func(p board.Person) bool { return p.ID == who }) {
			continue
		}
		for day := range bookedDays {
			for _, s := range r.Slots(DateOf(c.now).Add(day).In(c.now.Location())) {
				if s.Door(c.now) != board.Over {
					add(join{on: s.Ref, at: s.From, title: c.say(r.Title), picto: r.Picto, leads: Enter{Booking{On: r.Ref}}}, s.Crowd)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b join) int { return a.at.Compare(b.at) })
	for _, g := range c.b.Groups {
		add(join{on: g.Ref, title: c.say(g.Title), picto: g.Picto, closed: g.Door() > board.ListOnly, leads: Enter{Group{On: g.Ref}}}, g.Crowd)
	}
	return out
}

// bookedDays is how many days ahead somebody is told of what they booked: as far as
// a board reaches.
const bookedDays = 15

// ownTabs draws the choice between the two, as wide as it needs.
func (c *canvas) ownTabs(r layout.Rect, p Own) {
	c.segmentFrom(r, c.People, []choice{
		{c.words.T("own.joins"), Turn{Own{Who: p.Who}}, !p.Choices},
		{c.words.T("own.choices"), Turn{Own{Who: p.Who, Choices: true}}, p.Choices},
	})
}

// segmentFrom draws a choice of a few that fills r.
func (c *canvas) segmentFrom(r layout.Rect, t rgba, choices []choice) {
	c.box(r, box{fill: c.Surface, radius: c.of(36, 36, 20), shade: c.shade(&look.E1)})
	for i, b := range c.columnsFor(r.Inset(c.of(8, 8, 0)), choices) {
		ch := choices[i]
		draw, pressed := c.press(b, ch.means)
		ink := c.Ink
		switch {
		case ch.on:
			c.box(draw, box{fill: t, radius: c.of(30, 30, 20)})
			ink = c.OnPrimary
		case pressed:
			c.box(draw, box{fill: c.Bg2, radius: c.of(30, 30, 20)})
		}
		ty := c.ty.Title.At(c.of(38, 36, 24))
		ty, _ = c.fits(ch.label, ty, b.W-c.of(24, 24, 12), ty.Size, ty.Size*.9, ty.Size*.82)
		c.text(ch.label, ty, b.MidX(), b.MidY()+ty.Middle(), middle, ink)
		c.touch(b, ch.label, ch.means)
	}
}

// columnsFor divides r between choices: evenly, or where a word would touch its edge,
// with the same room around each.
func (c *canvas) columnsFor(r layout.Rect, choices []choice) []layout.Rect {
	gap := c.gap(6, 6, 4)
	even := r.Columns(len(choices), gap)
	room, tight := r.W-gap*float32(len(choices)-1), false
	words := make([]float32, len(choices))
	for i, ch := range choices {
		words[i] = c.line(ch.label, c.ty.Title.At(c.of(38, 36, 24))).w
		room -= words[i]
		tight = tight || words[i]+2*c.of(24, 24, 12) > even[i].W
	}
	if !tight || room < 0 {
		return even
	}
	x := r.X
	for i := range even {
		even[i].X, even[i].W = x, words[i]+room/float32(len(choices))
		x += even[i].W + gap
	}
	return even
}

// choiceIcons stand before the choices.
var choiceIcons = map[board.Choice]string{
	board.ChoiceShown: "device-tv", board.ChoiceName: "user", board.ChoicePhoto: "camera", board.ChoiceTagged: "photo",
	board.ChoiceExternal: "world", board.ChoiceRelatives: "heart", board.ChoicePrivate: "lock",
	board.ChoiceBoard: "list-check",
}

// choices draws what somebody agreed to, and a way to take each back; and at the end
// the way to ask to see what is kept of them. An alias
// is offered where there is one that is not used, and the board of who is there
// where they stand on it.
func (c *canvas) choices(area layout.Rect, who board.Person, p Own) {
	var list []board.Choice
	for _, ch := range board.Choices {
		if ch != board.ChoiceName && ch != board.ChoiceBoard || slices.Contains(who.Open, ch) {
			list = append(list, ch)
		}
	}
	rows := len(list) + 1 // the last is what they may ask for
	h, gap := max(c.of(104, 112, 72), c.least()+c.of(8, 8, 4)), c.gap(14, 14, 8)
	per := max(1, int((area.H+gap)/(h+gap)))
	pages, page := layout.Pages(rows, per, p.Page)
	if pages > 1 {
		to := func(n int) Place { return Own{p.Who, true, n} }
		if c.flat() {
			area = c.sidePager(area, page, pages, to)
		} else {
			var bar layout.Rect
			bar, area = area.CutBottom(c.hand(112, 112, 72), gap)
			per = max(1, int((area.H+gap)/(h+gap)))
			pages, page = layout.Pages(rows, per, p.Page)
			c.pager(bar, page, pages, to)
		}
	}
	n, stop := min(per, rows), float32(0)
	for _, ch := range list { // one width for all, so that they stand under each other
		stop = max(stop, c.stopWidth(ch))
	}
	h = min((area.H-gap*float32(n-1))/float32(n), c.of(132, 132, 84))
	for i := range min(rows-page*per, per) {
		r := layout.Rect{X: area.X, Y: area.Y + float32(i)*(h+gap), W: area.W, H: h}
		if n := page*per + i; n < len(list) {
			c.choiceRow(r, list[n], slices.Contains(who.Open, list[n]), stop)
		} else {
			c.requestRow(r, who)
		}
	}
}

// stopButton is the way to end a choice.
func (c *canvas) stopButton(what board.Choice) button {
	return button{label: c.words.T("choice." + string(what) + ".stop"), means: TakeBack{what}, kind: secondary, size: c.of(34, 32, 21)}
}

func (c *canvas) stopWidth(what board.Choice) float32 {
	b := c.stopButton(what)
	return c.line(b.label, c.buttonType(b)).w + c.of(64, 56, 28)
}

// choiceRow draws one choice: what it is, whether it is so, and the way to end it,
// stop dp wide where there is room.
func (c *canvas) choiceRow(r layout.Rect, what board.Choice, open bool, stop float32) {
	c.card(r)
	pad, size := c.of(28, 26, 12), c.of(56, 56, 30)
	c.icon(choiceIcons[what], layout.Rect{X: r.X + pad, Y: r.MidY() - size/2, W: size, H: size}, 2, c.People)
	right := r.Right() - c.of(20, 18, 8)
	key := "choice." + string(what)
	words := c.words.T(key + ".no")
	if open {
		words = c.words.T(key + ".yes")
		b, w := c.stopButton(what), stop
		if w > r.W*.36 {
			w = c.stopWidth(what)
		}
		bh := max(min(c.of(96, 96, 60), r.H-8), c.least())
		c.button(layout.Rect{X: right - w, Y: r.MidY() - bh/2, W: w, H: bh}, b)
		right -= w
	} else {
		i := c.of(44, 44, 26)
		c.icon("shield-lock", layout.Rect{X: right - i - c.of(16, 16, 6), Y: r.MidY() - i/2, W: i, H: i}, 2, c.Ink2)
		right -= i + c.of(16, 16, 6)
	}
	x := r.X + pad + size + c.of(26, 24, 12)
	w := right - c.of(16, 16, 8) - x
	t := c.ty.Title.At(c.of(38, 36, 22))
	t.Line = 1.1
	ink := c.Ink
	if !open {
		ink = c.Ink2
	}
	t, one := c.fits(words, t, w, t.Size, t.Size*.9)
	lines := c.wrap(words, t, w, 1)
	if !one {
		t = t.At(c.legible(t.Size * .92))
		lines = c.wrap(words, t, w, 2)
	}
	c.paragraph(lines, t, x, r.MidY()-float32(len(lines))*t.Size*t.Line/2, start, ink)
}

// askTakeBack asks, and says who can change it back.
func (c *canvas) askTakeBack(o AskTakeBack) {
	inner := c.dialog(c.of(1340, 1000, 780), c.of(620, 900, 464))
	buttons, rest := inner.CutBottom(c.hand(148, 320, 80), c.of(40, 40, 12))
	key := "choice." + string(o.What)
	c.iconHead(rest, choiceIcons[o.What], c.People, c.PeopleTint, c.words.T(key+".ask"), c.words.T(key+".after")+" "+c.words.T("choice.staff"))
	yes := button{icon: "x", label: c.words.T("choice.do"), means: TakeBackYes{o.Who, o.What}, kind: secondary, size: c.of(44, 40, 24)}
	no := button{icon: "check", label: c.words.T("choice.keep"), means: Close{}, kind: primary, size: c.of(44, 40, 24)}
	if c.class == look.Portrait {
		top, bottom := buttons.CutTop((buttons.H-24)/2, 24)
		c.button(top, yes)
		c.button(bottom, no)
		return
	}
	pair := buttons.Columns(2, c.gap(28, 24, 12))
	c.button(pair[0], yes)
	c.button(pair[1], no)
}

// vanished says what has happened.
func (c *canvas) vanished() {
	inner := c.dialog(c.of(1200, 960, 740), c.of(500, 620, 300))
	ok, rest := inner.CutBottom(c.hand(128, 136, 76), c.of(40, 40, 12))
	c.iconHead(rest, "eye-off", c.People, c.PeopleTint, c.words.T("choice.gone"), c.words.T("choice.staff"))
	b, _ := ok.CutRight(min(ok.W, c.of(420, 420, 280)), 0)
	c.button(b, button{icon: "check", label: c.words.T("saving.ok"), means: Close{}, kind: primary})
}

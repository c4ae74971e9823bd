package ui

import (
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

type (
	// Bookings is everything that can be booked.
	Bookings struct{ Page int }

	// Booking is one day of something that can be booked.
	Booking struct {
		On   board.Ref
		Day  Date // zero: today
		Page int
	}
)

func (Bookings) there(b *board.Board) bool { return b.Has(board.ModuleBookings) }

func (p Booking) there(b *board.Board) bool {
	_, ok := b.Resource(p.On)
	return ok
}

func (p Bookings) draw(c *canvas, _ Model) { c.bookings(p) }
func (p Booking) draw(c *canvas, _ Model)  { c.booking(p) }

// act asks whether somebody gives up what they have.
func (a Return) act(m Model) (Model, []Effect) {
	crowd, _ := m.Board.Crowd(a.On)
	if _, _, in := crowd.Has(a.Who); in {
		m.Over = AskLeave{a.On, a.Who, m.Now.UnixMilli()}
	}
	return m, nil
}

// bookings draws what can be booked, a card each.
func (c *canvas) bookings(p Bookings) {
	c.page()
	t := bookTone(c.Theme)
	clock := c.header("wash-machine", "", t, c.words.T("nav.bookings"), "")
	area := c.below()
	if len(c.b.Resources) == 0 {
		c.card(area)
		c.empty(area, "key", t.tint, c.words.T("booking.nothing_title"), c.words.T("booking.nothing_hint"))
		c.rail(p)
		return
	}
	list := seated(c.order, seatResources, c.b.Resources, func(r *board.Resource) string { return r.Ref.ID })
	c.cards(area, clock, len(list), p.Page, func(n int) Place { return Bookings{n} }, func(r layout.Rect, i int) {
		x := list[i]
		if x == nil {
			return
		}
		line := ""
		if !x.SignUp {
			line = c.words.T("booking.staff")
		}
		c.wideCard(r, wide{picto: x.Picto, title: c.say(x.Title), lines: nonempty(line), means: Enter{Booking{On: x.Ref}}})
	})
	c.rail(p)
}

// booking draws one day of a resource: a strip of days, and what is left of the
// day as slots.
func (c *canvas) booking(p Booking) {
	x, _ := c.b.Resource(p.On)
	c.page()
	flat := c.flat() && !c.low
	var clock float32
	if flat { // the days have the header
		clock = c.clock(c.column().Right(), 44)
	} else {
		c.header("", x.Picto, tone{c.Book, c.tintOf(x.Picto)}, c.say(x.Title), "")
	}
	day := p.Day
	if day.Before(DateOf(c.now)) { // zero, or yesterday's since midnight
		day = DateOf(c.now)
	}
	area := c.content()
	if !c.low {
		area = area.Pad(0, -c.of(8, 0, 0), 0, 0)
	}
	strip, rest := area.CutTop(c.hand(112, 112, 72), c.gap(28, 24, 8))
	if flat {
		strip, rest = c.headStrip(clock), area
	}
	c.dayStrip(strip, day, 0, func(d Date) Place { return Booking{On: p.On, Day: d} })
	var slots []board.Slot
	waits := false
	for _, s := range x.Slots(day.In(c.now.Location())) {
		if s.Door(c.now) != board.Over {
			slots = append(slots, s)
			waits = waits || len(s.Shown) > 0 && s.Shown[0].Pending
		}
	}
	if len(slots) == 0 {
		c.card(rest)
		c.empty(rest, "crescent-moon", c.BookTint, c.words.T("booking.none_title"), c.words.T("booking.none_hint"))
	}
	gap, between := c.gap(20, 16, 8), c.gap(24, 20, 8)
	least := c.hand(168, 152, 84)
	cols := 2
	if rest.W < c.of(900, 760, 600) {
		cols = 1
	}
	rows := max(1, int((rest.H+gap)/(least+gap)))
	pages, page := layout.Pages(len(slots), cols*rows, p.Page)
	shown := slots[page*cols*rows : min(len(slots), (page+1)*cols*rows)]
	n := rows // the second column goes on where the first one ends
	if pages == 1 {
		if c.class == look.Portrait && len(slots) <= min(6, rows) { // few are wide
			cols = 1
		}
		n = max(1, (len(slots)+cols-1)/cols)
	}
	h := min((rest.H-gap*float32(rows-1))/float32(rows), 176)
	if c.class != look.Landscape {
		h = min((rest.H-gap*float32(n-1))/float32(n), c.hand(176, 250, 150))
	}
	if c.flat() {
		h = (rest.H - gap*float32(n-1)) / float32(n)
	}
	w := (rest.W - between*float32(cols-1)) / float32(cols)
	for i, s := range shown {
		c.slot(layout.Rect{X: rest.X + float32(i/n)*(w+between), Y: rest.Y + float32(i%n)*(h+gap), W: w, H: h}, s)
	}
	foot := c.pager(c.backBar(), page, pages, func(n int) Place { return Booking{p.On, p.Day, n} })
	if len(slots) > 0 {
		c.legend(foot, waits)
	}
}

// span says from when to when, in whole hours where it can.
func (c *canvas) span(from, to time.Time) string {
	if from.Minute() == 0 && to.Minute() == 0 {
		until := to.Hour()
		if until == 0 {
			until = 24
		}
		return c.words.T("time.range", "from", itoa(from.Hour()), "to", itoa(until))
	}
	return c.words.T("time.range", "from", c.words.Clock(from), "to", c.words.Clock(to))
}

// slot draws one part of the day: free, or who has it.
func (c *canvas) slot(r layout.Rect, s board.Slot) {
	span := c.span(s.From, s.To)
	open := s.Door(c.now) == board.Open && !c.b.Masked
	var who *board.Participant
	if len(s.Shown) > 0 {
		who = &s.Shown[0]
	}
	b := box{fill: c.Bg2, radius: c.cardRadius(), panel: true}
	label := span + " " + c.words.T("booking.taken")
	switch {
	case !s.Taken():
		b.fill, label = c.Surface, span+" "+c.words.T("booking.free")
		if open {
			b.border, b.edge = c.of(5, 5, 3), c.Book
		}
	case who != nil && who.Pending:
		b.fill, b.border, b.edge = c.BookTint, c.of(6, 6, 4), c.Book
		label = span + " " + who.Name.Reveal()
	case who != nil:
		label = span + " " + who.Name.Reveal()
	}
	draw := r
	switch {
	case open:
		means := Join{s.Ref}
		draw, _ = c.press(r, means)
		c.box(draw, b)
		defer c.touch(r, label, means)
	case who != nil && who.SignUp && s.SignUp && !c.b.Masked:
		means := Return{s.Ref, who.ID}
		draw, _ = c.press(r, means)
		c.box(draw, b)
		defer c.touch(r, label, means)
	default:
		c.box(draw, b)
		defer c.dead(r, label)
	}
	c.ear.card(c.rect(r))
	c.slotFace(draw, s, span, who, open)
}

// slotFace draws the time, and who has it or that it is free.
func (c *canvas) slotFace(r layout.Rect, s board.Slot, span string, who *board.Participant, open bool) {
	pad := c.of(32, 24, 14)
	t := c.ty.TitleL.At(c.of(54, 44, 26)).Digits()
	if c.class == look.Portrait && r.W > 700 {
		t = t.At(56)
	}
	t, _ = c.fits(span, t, r.W*c.of(.36, .42, .42), t.Size, t.Size*.86, t.Size*.74)
	w := c.text(span, t, r.X+pad, r.MidY()+t.Middle(), start, c.Ink)
	x := r.X + pad + max(w, c.of(200, 150, 84)) + c.of(46, 22, 14)
	word := c.ty.Title.At(c.of(44, 38, 24))
	if who == nil {
		ink, say := c.Book, c.words.T("booking.free")
		if s.Taken() {
			ink, say = c.Ink, c.words.T("booking.taken")
		}
		word, _ = c.fits(say, word, r.Right()-pad-x, word.Size, word.Size*.9, word.Size*.8)
		c.text(say, word, x, r.MidY()+word.Middle(), start, ink)
		if open {
			disc := c.of(44, 38, 20)
			mx := r.Right() - c.of(28, 22, 10) - disc
			c.disc(mx, r.MidY(), disc, c.Book)
			c.icon("plus", layout.Rect{X: mx, Y: r.MidY()}.Inset(-disc*.64), 2.8, c.Surface)
		}
		return
	}
	size := min(c.of(112, 96, 52), r.H-c.of(32, 28, 12))
	note, nt := "", c.ty.Label.At(c.of(32, 30, 20)).In(600)
	if !c.now.Before(s.From) {
		note = c.words.T("time.now")
	}
	if who.Pending {
		note = c.words.T("booking.waits")
	}
	room := r.Right() - c.of(20, 14, 8) - x - size - c.of(26, 18, 12)
	if nt, _ = c.fits(note, nt, room, nt.Size, nt.Size*.94); note != "" { // the face gives way to the word
		give := min(max(0, c.line(note, nt).w-room), size*.4)
		size, room = size-give, room+give
	}
	c.avatar(who.Person, x, r.MidY()-size/2, size, face{pending: who.Pending})
	x += size + c.of(26, 18, 12)
	name := who.Name.Reveal()
	word.Line = 1.1
	word, one := c.fits(name, word, room, word.Size, word.Size*.88, word.Size*.76)
	n := 1
	if !one {
		n = 2
	}
	lines := c.wrap(name, word, room, n)
	h := float32(len(lines)) * word.Size * word.Line
	if note != "" {
		h += nt.Size * nt.Line
	}
	y := c.paragraph(lines, word, x, r.MidY()-h/2, start, c.Ink)
	if note != "" {
		c.text(note, nt, x, y+nt.Baseline(), start, c.Ink)
	}
}

// legend says what the colours of slots mean, where there is room.
func (c *canvas) legend(r layout.Rect, waits bool) {
	type entry struct {
		word string
		box  box
	}
	list := []entry{
		{c.words.T("booking.free"), box{fill: c.Surface, border: c.of(5, 5, 3), edge: c.Book}},
		{c.words.T("booking.taken"), box{fill: c.Bg2, panel: true}},
	}
	if waits {
		list = append(list, entry{c.words.T("booking.waits"), box{fill: c.BookTint, border: c.of(5, 5, 3), edge: c.Book}})
	}
	t := c.ty.Label.At(c.of(34, 32, 20)).In(600)
	side, gap, step := c.of(44, 40, 24), c.of(14, 12, 8), c.of(40, 28, 16)
	w := -step
	for _, e := range list {
		w += side + gap + c.line(e.word, t).w + step
	}
	if w > r.W || c.class == look.Small && w > r.W-8 {
		return
	}
	x := r.Right() - min(c.of(24, 24, 12), r.W-w) - w
	for _, e := range list {
		e.box.radius = side * .3
		c.box(layout.Rect{X: x, Y: r.MidY() - side/2, W: side, H: side}, e.box)
		x += side + gap
		x += c.text(e.word, t, x, r.MidY()+t.Middle(), start, c.Ink) + step
	}
}

package ui

import (
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// activities draws one day's activities, with a strip of days to choose from.
func (c *canvas) activities(p Activities) {
	c.page()
	var clock float32
	if c.flat() {
		clock = c.clock(c.column().Right(), 44)
	} else {
		clock = c.header("calendar-event", "", tone{c.Act, c.ActTint}, c.words.T("nav.activities"), "")
	}
	day := p.Day
	if day == (Date{}) {
		day = DateOf(c.now)
	}
	area := c.content()
	if !c.low {
		area = area.Pad(0, -c.of(8, 0, 0), 0, 0)
	}
	strip, rest := area.CutTop(c.hand(112, 112, 72), c.gap(24, 24, 8))
	if c.flat() && !c.low {
		strip, rest = c.headStrip(clock), area
	}
	c.dayStrip(strip, day, 3, func(d Date) Place { return Activities{Day: d} })
	list := c.on(day)
	gap := c.gap(20, 20, 8)
	cols := max(1, min(int((rest.W+gap)/(c.of(540, 440, 340)+gap)), 3))
	if c.class == look.Portrait && len(list) <= 3 {
		cols = 1
	}
	if c.class != look.Portrait && len(list) <= cols {
		cols = min(cols, max(2, len(list)))
	}
	rows := func(h float32) int { return max(1, int((h+gap)/(c.hand(255, 262, 104)+gap))) }
	per := cols * rows(rest.H)
	pages, page := layout.Pages(len(list), per, p.Page)
	if pages > 1 {
		to := func(n int) Place { return Activities{p.Day, n} }
		under := c.underPager(rest)
		if c.flat() { // the strip of days has the header
			_, under = rest.CutRight(c.sideWidth(rest), c.gap(8, 8, 8))
		}
		per = cols * rows(under.H)
		pages, page = layout.Pages(len(list), per, p.Page)
		if c.flat() {
			rest = c.sidePager(rest, page, pages, to)
		} else {
			rest = c.pageTurner(rest, clock, page, pages, to)
		}
	}
	if len(list) == 0 {
		c.card(rest)
		c.empty(rest, "sunflower", c.ActTint, c.words.T("activity.none_title"), c.words.T("activity.none_hint"))
	}
	next, hasNext := c.firstUpcoming()
	// A day with little on it gets larger cards rather than an empty half.
	n := min(max(1, per/cols), max(1, (len(list)+cols-1)/cols))
	for i, r := range rest.Grid(cols, n, c.gap(24, 20, 8), gap) {
		if k := page*per + i; k < len(list) && list[k] != nil {
			c.activityCard(r, *list[k], hasNext && list[k].Ref == next.Ref)
		}
	}
	c.rail(p)
}

// on returns the activities of a day.
func (c *canvas) on(day Date) []*board.Activity {
	var out []board.Activity
	for _, a := range c.b.Activities {
		if DateOf(a.Starts) == day {
			out = append(out, a)
		}
	}
	return seated(c.order, seatDay(day), out, activitySeat)
}

func (c *canvas) firstUpcoming() (board.Activity, bool) {
	if next := upcoming(c.b, c.now); len(next) > 0 {
		return next[0], true
	}
	return board.Activity{}, false
}

// headStrip is where the days stand on a flat panel: in the header.
func (c *canvas) headStrip(clock float32) layout.Rect {
	col, y := c.column(), max(8, c.mm(8))
	return layout.Rect{X: col.X, Y: y, W: clock - 16 - col.X, H: c.hand(72, 72, 72)}
}

// dayStrip draws a week that began so many days ago, the chosen day filled.
// Today's place has no day: it stays today's.
func (c *canvas) dayStrip(r layout.Rect, chosen Date, ago int, place func(Date) Place) {
	today := DateOf(c.now)
	const week = 7
	gap := c.gap(14, 10, 6)
	n := min(week, max(3, int((r.W+gap)/(c.hand(96, 96, 72)+gap))-1|1))
	first := today.Add(-ago)
	last := first.Add(week - 1)
	for n < week && first.Add(n/2).Before(chosen) && first.Add(n-1).Before(last) {
		first = first.Add(1)
	}
	for i, cell := range r.Columns(n, gap) {
		day := first.Add(i)
		at := day.In(c.now.Location())
		fill, on := c.weekday(int(at.Weekday()))
		to := place(day)
		if day == today {
			to = place(Date{})
		}
		word := c.words.WeekdayShort(at.Weekday())
		if day == today {
			word = c.words.T("time.today")
		}
		c.dayCell(cell, word, at, fill, on, day == chosen, Turn{to})
	}
}

func (c *canvas) dayCell(r layout.Rect, word string, day time.Time, fill, on rgba, chosen bool, means Turn) {
	draw, pressed := c.press(r, means)
	radius := c.of(32, 30, 18)
	b, ink := box{fill: c.Surface, radius: radius, shade: c.shade(&look.E1)}, c.Ink
	switch {
	case chosen && c.Plain:
		b.fill, ink = c.Primary, c.OnPrimary
	case chosen:
		b.fill, ink = fill, on
	case pressed:
		b.fill = c.Surface2
	}
	c.box(draw, b)
	edge := c.of(14, 12, 7)
	if !chosen && !c.Plain {
		top, _ := draw.CutTop(edge, 0)
		colour := c.dayColour(day)
		c.box(draw, box{fill: colour, radius: radius, clip: top})
		if colour == c.Surface || colour == look.Weekdays[time.Wednesday].Edge {
			line, _ := draw.Pad(0, edge-2, 0, 0).CutTop(2, 0)
			c.box(draw, box{fill: c.Line, radius: radius, clip: line}) // white on white
		}
	}
	weight, shift := 600, c.of(0, 0, 0)
	wt := c.ty.Title.At(c.of(36, 32, 21))
	if chosen {
		weight, shift = 800, -c.of(5, 5, 3)
		wt = wt.In(800)
	}
	wt, _ = c.fits(word, wt, draw.W-8, wt.Size, wt.Size*.88, wt.Size*.78)
	top := draw.Y + (draw.H-c.of(112, 112, 72))/2
	c.text(word, wt, draw.MidX(), top+c.of(48, 46, 31)+shift, middle, ink)
	nt := c.ty.Title.At(c.of(44, 40, 26)).In(weight).Digits()
	c.text(itoa(day.Day()), nt, draw.MidX(), top+c.of(94.8, 92, 60)+shift, middle, ink)
	c.touch(r, word+" "+itoa(day.Day()), means)
}

// activityCard draws one activity on a card.
func (c *canvas) activityCard(r layout.Rect, a board.Activity, next bool) {
	title := c.say(a.Title)
	past := !c.now.Before(a.End())
	b := box{fill: c.Surface}
	switch {
	case past:
		b = box{border: 3, edge: c.Line}
	case next && !a.Cancelled:
		b.border, b.edge = c.of(5, 5, 4), c.Next
	}
	r = c.pressCard(r, c.words.Clock(a.Starts)+" "+title, Open{a.Ref}, b)
	ink := c.Ink
	if past || a.Cancelled {
		ink = c.Ink3
	}
	if c.class == look.Small {
		c.activityCardSmall(r, a, title, next, b.border, ink)
		return
	}
	tile := layout.Rect{X: r.X + 26, Y: r.Y + 24, W: 120, H: 120}
	x, grow := tile.Right()+22, float32(1)
	if r.H > 300 && (r.W > 700 || c.class == look.Landscape && r.H > 400) { // its pictogram above as on a poster, or large beside it
		top, low := r.CutTop(r.H-290, 0)
		if r.H < 500 && r.W > 700 {
			top, low = r.CutLeft(r.W*.36, 0)
		}
		c.media("", a.Picto, top.Inset(b.border), r.Inset(b.border), c.cardRadius()-b.border, c.tintOf(a.Picto))
		r, x, grow = low, low.X+26, 1.2
	} else {
		if c.class == look.Portrait { // as large as leaves room for who comes below it
			side := min(max(120, r.H-24-24-76-26), r.W*.34, 240)
			tile.W, tile.H = side, side
			x, grow = tile.Right()+22, min(1.3, side/120)
		}
		c.tile(a.Picto, tile)
	}
	w := r.Right() - 24 - x
	tt := c.ty.TitleL.At(52 * grow).Digits()
	c.text(c.words.Clock(a.Starts), tt, x, r.Y+74.9*grow, start, ink)
	t := c.ty.Title.At(44)
	t, one := c.fits(title, t, w, 44*grow, 44, 40, 36)
	if one {
		c.text(title, t, x, r.Y+126.4*grow, start, ink)
	} else {
		t = t.At(36)
		t.Line = 1.05
		c.paragraph(c.wrap(title, t, w, 2), t, x, r.Y+84, start, ink)
	}
	foot, _ := r.Pad(26, 0, 26, 26).CutBottom(76, 0)
	discs, beside := 4, c.line(c.say(a.Place), c.ty.Meta).w+44+12
	if word, _, _ := c.statusWord(a, next); word != "" {
		beside = c.line(word, c.ty.Meta.In(700)).w*.9 + 2*16 + 8 // the place gives way to how soon it is
	}
	for !past && discs > 2 && beside > foot.W-c.stackWidth(a.Crowd, 76, discs) {
		discs--
	}
	left := c.stack(a.Crowd, foot.Right(), foot.Y, 76, discs, c.Surface)
	if left == foot.Right() && !past && a.SignUp {
		nobody := c.ty.Min.At(30)
		left -= c.text(c.words.T("activity.nobody"), nobody, foot.Right(), foot.MidY()+nobody.Middle(), end, c.Ink2) + 8
	}
	room := layout.Rect{X: foot.X, Y: foot.MidY() - 22, W: left - 8 - foot.X, H: 44}
	if past {
		c.icon("check", layout.Rect{X: room.X, Y: room.MidY() - 18, W: 36, H: 36}, 2.2, c.Ink2)
		mt := c.ty.Meta
		c.text(c.words.T("time.over"), mt, room.X+46, room.MidY()+mt.Middle(), start, c.Ink2)
		return
	}
	c.status(room, a, next)
}

func (c *canvas) activityCardSmall(r layout.Rect, a board.Activity, title string, next bool, border float32, ink rgba) {
	grow, faces, pad := float32(1), float32(38), float32(10)
	if r.H > 150 { // the day has few
		grow, faces, pad = 1.5, 54, 14
	}
	var x float32
	if r.H > 240 { // its pictogram above as on a poster
		top, low := r.CutTop(r.H-168, 0)
		c.media("", a.Picto, top.Inset(border), r.Inset(border), c.cardRadius()-border, c.tintOf(a.Picto))
		r, x = low, low.X+pad
	} else {
		tile := layout.Rect{X: r.X + pad, Y: r.Y + pad, W: 52 * grow, H: 52 * grow}
		c.tile(a.Picto, tile)
		x = tile.Right() + pad
	}
	w := r.Right() - pad - x
	tt := c.ty.Time.At(25 * min(grow, 1.3))
	c.text(c.words.Clock(a.Starts), tt, x, r.Y+30*grow, start, ink)
	t := c.ty.Title.At(25)
	t, one := c.fits(title, t, w, 25*min(grow, 1.2), 25, 23, 21)
	if one {
		c.text(title, t, x, r.Y+58*grow, start, ink)
	} else {
		t = t.At(20)
		t.Line = 1
		c.paragraph(c.wrap(title, t, w, 2), t, x, r.Y+33*grow, start, ink)
	}
	if r.H < 100 {
		return // when and what
	}
	foot, _ := r.Pad(pad, 0, pad, pad-4).CutBottom(faces+2, 0)
	left := c.stack(a.Crowd, foot.Right(), foot.Y, faces, 3, c.Surface)
	room := layout.Rect{X: foot.X, Y: foot.MidY() - 13, W: left - 8 - foot.X, H: 26}
	if !c.now.Before(a.End()) {
		c.text(c.words.T("time.over"), c.ty.Meta, room.X, room.MidY()+c.ty.Meta.Middle(), start, c.Ink2)
		return
	}
	c.status(room, a, next)
}

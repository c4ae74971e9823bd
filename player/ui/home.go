package ui

import (
	"image/color"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavle/assets/lang"
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// home says, from three metres and without a touch, what part of which day it
// is, what happens next and who is here.
func (c *canvas) home(m Model) {
	c.page()
	bottom := c.sky(m)
	col := c.column()
	area := layout.Rect{X: col.X, Y: bottom + c.of(22, 20, 16), W: col.W}.To(c.handZone().Y - c.gap(24, 24, 8))
	area = c.lowBadge(m, area)
	duty := c.b.Has(board.ModuleRoster) || c.b.Masked
	switch c.class {
	case look.Portrait:
		c.homePortrait(m, area, duty)
	case look.Small:
		side, rest := area.CutRight(min(194, area.W*.34), c.gap(10, 10, 10))
		if !duty {
			rest = area
		}
		c.nextRows(rest, 98, 8)
		if duty {
			c.onDuty(m, side)
		}
	default:
		side, rest := area.CutRight(764, 28)
		c.nextRows(rest, 152, 13)
		c.sideCards(m, side)
	}
	c.rail(Home{})
}

// homePortrait draws who is on duty, and the next meal and the news, above what
// happens next, as far as they leave room for two activities.
func (c *canvas) homePortrait(m Model, area layout.Rect, duty bool) {
	const row, gap = 136, 16
	least := max(row, c.least())
	room := area.H - 2*least - c.gap(gap, gap, gap)
	meals := c.b.Has(board.ModuleMeals) || c.b.Has(board.ModuleNews)
	high, wide := float32(236), float32(232)
	if n := float32(max(1, len(c.next()))); n < 4 && c.b.Has(board.ModuleActivities) { // what little happens leaves is theirs
		spare := area.H - 256*2 - n*least*1.35 - (n-1)*c.gap(gap, gap, gap)
		high, wide = high+max(0, min(80, spare*.4)), wide+max(0, min(150, spare*.6))
	}
	if duty && room >= 236+20 {
		var r layout.Rect
		r, area = area.CutTop(high, c.gap(20, 20, 20))
		c.onDuty(m, r)
		room -= 236 + 20
	}
	if meals && room >= 232+24 {
		var r layout.Rect
		r, area = area.CutTop(wide, c.gap(24, 24, 24))
		c.mealAndNews(r, c.gap(20, 20, 20))
	}
	c.nextRows(area, row, gap)
}

// sideCards draws who is on duty, the next meal and the news.
func (c *canvas) sideCards(m Model, area layout.Rect) {
	duty := c.b.Has(board.ModuleRoster) || c.b.Masked
	cards := c.b.Has(board.ModuleMeals) || c.b.Has(board.ModuleNews)
	if area.H < 400 { // room for one of them
		if duty {
			c.onDuty(m, area)
		} else if cards {
			c.mealAndNews(area, c.gap(16, 16, 16))
		}
		return
	}
	switch {
	case duty && cards:
		top, rest := area.CutTop(sideTop(area), 16)
		c.onDuty(m, top)
		c.mealAndNews(rest, 16)
	case duty:
		c.onDuty(m, area)
	case c.b.Has(board.ModuleMeals) && c.b.Has(board.ModuleNews):
		top, rest := area.CutTop((area.H-16)/2, 16)
		c.nextMeal(top)
		c.newest(rest)
	case cards:
		top, _ := area.CutTop((area.H-16)/2, 16)
		c.mealAndNews(top, 16)
	}
}

// sideTop is how high the upper one of two rows of cards is.
func sideTop(area layout.Rect) float32 { return area.H * 242 / 482 }

func (c *canvas) mealAndNews(area layout.Rect, gap float32) {
	switch meal, news := c.b.Has(board.ModuleMeals), c.b.Has(board.ModuleNews); {
	case meal && news:
		left := c.of(388, (area.W-gap)/2, 0)
		a, b := area.CutLeft(left, gap)
		c.nextMeal(a)
		c.newest(b)
	case meal:
		c.nextMeal(area)
	case news:
		c.newest(area)
	}
}

// sky draws the header of home and returns where it ends.
func (c *canvas) sky(m Model) float32 {
	h := max(c.skyHeight(), c.reach()-c.of(22, 20, 16))
	ink := c.heaven(m.offline(), c.scene(), layout.Rect{W: c.w, H: h})
	col := c.column()
	_, _, day := c.today()
	c.tellNow(layout.Rect{X: col.X, Y: c.of(36, 36, 8), W: col.W, H: min(c.of(222, 400, 132), h)}, day)
	switch c.class {
	case look.Portrait:
		c.skyPortrait(m, h, ink)
	case look.Small:
		c.skySmall(m, h, ink)
	default:
		c.skyLandscape(m, ink)
	}
	return h
}

// today says which part of which day it is.
func (c *canvas) today() (weekday, part, both string) {
	weekday, part = c.words.Weekday(c.now.Weekday()), c.words.Part(lang.PartOf(c.now))
	return lang.Capital(weekday), part, lang.Capital(c.words.T("time.day_part", "weekday", weekday, "part", part))
}

// glance is the size of letters that are read from two metres, where the
// panel is large enough to be read from there.
func (c *canvas) glance() float32 {
	const distance, letters = 2000, 20
	if c.pitch == 0 || c.h*c.s*c.pitch < 10*letters {
		return 0
	}
	return c.mm(look.Legible(distance))
}

// skyHeight returns how much the header of home takes.
func (c *canvas) skyHeight() float32 {
	switch c.class {
	case look.Portrait:
		if c.skyNarrow() {
			return 268 + 104 + 36 + 68 + 28
		}
		return 604
	case look.Small:
		row := c.handZone().Y - c.gap(8, 8, 8) - max(98, c.least()) - 16
		switch {
		case row < 168:
			return row
		case c.glance() > 46:
			if _, one := c.dayOnOneLine(118); !one {
				return 44 + 2.15*c.glance()
			}
			return 168 + 1.1*(c.glance()-46)
		}
		return 168
	}
	return 392
}

// dayOnOneLine returns the type of the day in the header of a small panel, beside
// a clock of some size, and whether it fits there as large as it should be.
func (c *canvas) dayOnOneLine(clock float32) (look.Type, bool) {
	_, _, day := c.today()
	room := c.column().W - c.line(c.words.Clock(c.now), c.ty.ClockXL.At(clock)).w - 12
	return c.fits(day, c.ty.Display, room, max(46, c.glance()))
}

// skyNarrow reports whether a tall panel is too narrow for the day on one line.
func (c *canvas) skyNarrow() bool { return c.column().W < 760 }

func (c *canvas) skyLandscape(m Model, ink color.RGBA) {
	col := c.column()
	_, _, day := c.today()
	c.text(c.words.T("time.now_it_is"), c.ty.Label.At(38).In(600), col.X, 68.2, start, ink)
	t, _ := c.fits(day, c.ty.Display, 980, 104, 92, 84)
	c.text(day, t, col.X, 165.9, start, ink)
	w := c.dayChip(c.words.Date(c.now), int(c.now.Weekday()), c.ty.Title.At(40), col.X, 194, 58, 22)
	c.text(c.words.Clock(c.now), c.ty.ClockXL, col.Right(), 203.5, end, ink)
	c.badge(m, layout.Rect{X: col.X + w + 18, Y: 194, W: 680, H: 58}, start)
	c.ribbon(layout.Rect{X: col.X, Y: 280, W: col.W, H: 64}, ink)
}

func (c *canvas) skyPortrait(m Model, h float32, ink color.RGBA) {
	col := c.column()
	date, dateType := c.words.Date(c.now), c.ty.Title.At(44)
	weekday, part, day := c.today()
	fill, _ := c.weekday(int(c.now.Weekday()))
	w := c.line(date, dateType).w + 2*c.chipPad(22, fill)
	if c.skyNarrow() {
		c.text(c.words.Clock(c.now), c.ty.ClockXL.At(170), col.X-6, 158, start, ink)
		t, _ := c.fits(part, c.ty.Display, col.W, 100, 92, 84, 76)
		c.text(weekday, t, col.X, 268, start, ink)
		c.text(part, t, col.X, 268+t.Size*1.04, start, ink)
		room := layout.Rect{X: col.X, Y: 268 + t.Size*1.04 + 36, W: col.W, H: 68}
		if c.badgeFits(m, col.W-w-16) { // else the badge stands for both
			c.dayChip(date, int(c.now.Weekday()), dateType, room.X, room.Y, room.H, 22)
			room = room.Pad(w+16, 0, 0, 0)
		}
		c.badge(m, room, start)
		return
	}
	said := c.text(c.words.T("time.now_it_is"), c.ty.Label.At(46).In(600), col.X, 88.6, start, ink) + 24
	c.badge(m, layout.Rect{X: col.X + said, Y: 40, W: col.W - said - w - 16, H: 68}, end)
	c.dayChip(date, int(c.now.Weekday()), dateType, col.Right()-w, 40, 68, 22)
	t, _ := c.fits(day, c.ty.Display, col.W, 110, 96, 84, 76)
	c.text(day, t, col.X, 209.2, start, ink)
	clock, _ := c.fits(c.words.Clock(c.now), c.ty.ClockXL, col.W, 252, 230, 210)
	c.text(c.words.Clock(c.now), clock, col.X-8, 426.2, start, ink)
	c.ribbon(layout.Rect{X: col.X, Y: 482, W: col.W, H: 64}, ink)
}

// skySmall draws the header of a small panel: the day on one line, or where it is
// to be read from afar and there is no room for that, on two.
func (c *canvas) skySmall(m Model, h float32, ink color.RGBA) {
	col := c.column()
	date, dateType := c.words.Date(c.now), c.ty.Title.At(23)
	weekday, part, day := c.today()
	size := max(46, c.glance())
	clock := c.ty.ClockXL.At(min(118, (h-50)*1.2))
	chip := layout.Rect{X: col.X, Y: 100 + 1.05*(size-46), H: 36}
	left := col.Right() - c.line(c.words.Clock(c.now), clock).w
	one, fits := c.dayOnOneLine(clock.Size)
	switch {
	case h < 168: // the day, the date and the time
		c.text(c.words.Clock(c.now), clock, col.Right(), h/2+clock.Size*.334, end, ink)
		if m.offline() && !c.tiny {
			chip.H = max(chip.H, c.mm(17))
		}
		lowest := h + 16 - c.mm(8) - chip.H
		most := (min(h-chip.H, lowest) - 10) / 1.1
		for _, s := range []float32{46, 42, 38, 34, 30, 26, 23, 20} {
			if one, fits = c.fits(day, c.ty.Display, left-col.X-12, s); fits && s <= most {
				break
			}
		}
		top := max(2, min((h-one.Size*1.1-8-chip.H)/2, lowest-one.Size*1.1))
		c.text(day, one, col.X, top+one.Size*.85, start, ink)
		chip.Y = min(top+one.Size*1.1+8, lowest)
	case !fits && size > 46:
		two, _ := c.fits(part, c.ty.Display, left-col.X-12, size, size*.9, size*.8)
		y := 14 + two.Size*.75
		c.text(weekday, two, col.X, y, start, ink)
		c.text(part, two, col.X, y+two.Size*1.04, start, ink)
		c.text(c.words.Clock(c.now), clock, col.Right(), 98, end, ink)
		fill, _ := c.weekday(int(c.now.Weekday()))
		w := c.line(date, dateType).w + 2*c.chipPad(12, fill)
		if m.offline() && !c.low { // the badge stands for both
			c.badge(m, layout.Rect{X: left, Y: 112, W: col.Right() - left, H: 36}, end)
		} else {
			c.dayChip(date, int(c.now.Weekday()), dateType, col.Right()-w, 112, 36, 12)
		}
		c.ribbon(layout.Rect{X: col.X, Y: h - 22, W: col.W, H: 20}, ink)
		return
	default:
		c.text(c.words.T("time.now_it_is"), c.ty.Label.At(22).In(600), col.X, 30.8, start, ink)
		c.text(c.words.Clock(c.now), clock, col.Right(), 105.9+.5*(size-46), end, ink)
		one, _ = c.fits(day, c.ty.Display, left-col.X-12, size, 42, 38, 34, 30, 26, 23, 20)
		c.text(day, one, col.X, 75.9+.9*(size-46), start, ink)
		c.ribbon(layout.Rect{X: col.X, Y: h - 22, W: col.W, H: 20}, ink)
	}
	room := layout.Rect{X: col.X, Y: chip.Y, W: left - 12 - col.X, H: chip.H}
	fill, _ := c.weekday(int(c.now.Weekday()))
	if w := c.line(date, dateType).w + 2*c.chipPad(12, fill); c.badgeFits(m, room.W-w-8) { // else the badge stands for both
		c.dayChip(date, int(c.now.Weekday()), dateType, chip.X, chip.Y, chip.H, 12)
		room = room.Pad(w+8, 0, 0, 0)
	}
	c.badge(m, room, start)
}

// scene names the composition of the sky in the header of this class.
func (c *canvas) scene() string {
	switch c.class {
	case look.Portrait:
		return ":portrait"
	case look.Small:
		return ":small"
	}
	return ""
}

// heaven draws the sky, or where there is none the ground, and returns the ink
// that is read on it.
func (c *canvas) heaven(offline bool, scene string, r layout.Rect) color.RGBA {
	phase := c.phase(offline)
	if phase == "" {
		c.box(r, box{fill: c.Bg})
		return c.Ink
	}
	c.picture("sky:"+phase+scene, r, render.Crop{})
	if c.Dark {
		return look.Dusk
	}
	return c.Ink
}

// phase returns the light of the sky; where contrast is high and in the night
// there is no sky. On dark ground it is dusk with a network and without: a pale
// sky would be the brightest thing in the room.
func (c *canvas) phase(offline bool) string {
	switch {
	case c.Plain, c.Name == look.Night.Name:
		return ""
	case c.Dark:
		return "dusk"
	case offline:
		return "offline"
	case c.now.Hour() < 9:
		return "dawn"
	}
	return "day"
}

// The ribbon runs from six to eleven in the evening.
const (
	ribbonFrom = 6
	ribbonTo   = 23
)

// parts of the day on the ribbon, by their first hour.
var ribbonParts = [...]struct {
	from, to int
	part     lang.DayPart
}{{6, 9, lang.Morning}, {9, 12, lang.Forenoon}, {12, 18, lang.Afternoon}, {18, 23, lang.Evening}}

// ribbon draws the day as a bar: its parts, what happens when, and where we
// are in it.
func (c *canvas) ribbon(r layout.Rect, ink color.RGBA) {
	radius := r.H / 2
	at := func(hours float32) float32 {
		return r.X + r.W*min(max((hours-ribbonFrom)/(ribbonTo-ribbonFrom), 0), 1)
	}
	hours := float32(c.now.Hour()) + float32(c.now.Minute())/60
	x := at(hours)
	if c.now.Hour() < ribbonFrom {
		x = r.X
	}
	c.box(r.Inset(-c.of(5, 5, 3)), box{fill: c.Surface, radius: radius + c.of(5, 5, 3), shade: c.shade(&look.E1)})
	past := r
	if c.Plain { // of one colour with the border: it goes on under that, or its round end shows a seam
		past = r.Inset(-c.edge / 2)
	} else {
		for i, p := range ribbonParts {
			clip := layout.Rect{X: at(float32(p.from)), Y: r.Y, H: r.H}
			clip.W = at(float32(p.to)) - clip.X
			c.box(r, box{fill: c.Ribbon[i], radius: radius, clip: clip})
		}
	}
	c.box(past, box{fill: c.Elapsed, radius: past.H / 2, clip: layout.Rect{X: past.X, Y: past.Y, W: x - past.X, H: past.H}})
	if c.class != look.Small {
		c.ribbonTokens(r, at)
	}
	knob := c.of(42, 42, 19)
	c.disc(x, r.MidY(), knob+c.of(10, 10, 5), c.Surface)
	c.disc(x, r.MidY(), knob+c.of(6, 6, 3), c.Ink)
	c.disc(x, r.MidY(), knob, c.Honey)
	icon := "sun"
	if p := lang.PartOf(c.now); p == lang.Night || p == lang.Evening {
		icon = "moon"
	}
	size := c.of(54, 54, 24)
	c.icon(icon, layout.Rect{X: x - size/2, Y: r.MidY() - size/2, W: size, H: size}, 2.6, c.OnHoney)
	if c.class != look.Small {
		c.mute(func() { c.ribbonWords(r, at, ink) }) // over the rim of the knob
	}
}

// ribbonWords names the parts of the day below the ribbon: the one it is now
// always, the others where they are clear of it and of the end.
func (c *canvas) ribbonWords(r layout.Rect, at func(float32) float32, ink color.RGBA) {
	now := lang.PartOf(c.now)
	type word struct {
		text string
		ty   look.Type
		x, w float32
	}
	var words [len(ribbonParts)]word
	taken := layout.Rect{}
	for i, p := range ribbonParts {
		t := c.ty.Min.At(30)
		if p.part == now {
			t = t.In(800)
		}
		text := lang.Capital(c.words.Part(p.part))
		x := at(float32(p.from)) + 8
		if i == 0 {
			x = r.X + r.H*.4
		}
		words[i] = word{text, t, x, c.line(text, t).w}
		if p.part == now {
			taken = layout.Rect{X: x, W: words[i].w}
		}
	}
	const gap = 12
	for i, w := range words {
		isNow := ribbonParts[i].part == now
		clear := w.x > taken.Right()+gap || w.x+w.w+gap < taken.X
		if !isNow && (!clear && taken.W > 0 || w.w > at(float32(ribbonParts[i].to))-w.x) {
			continue
		}
		c.text(w.text, w.ty, w.x, r.Bottom()+39.5, start, ink)
	}
}

// A token is something that happens today.
type token struct {
	at    time.Time
	end   time.Time
	picto string
}

func (c *canvas) ribbonTokens(r layout.Rect, at func(float32) float32) {
	var tokens []token
	today := DateOf(c.now)
	for _, a := range c.b.Activities {
		if DateOf(a.Starts) == today && !a.Cancelled {
			tokens = append(tokens, token{a.Starts, a.End(), a.Picto})
		}
	}
	for _, m := range c.b.Meals {
		if DateOf(m.Served) == today {
			tokens = append(tokens, token{m.Served, m.Served.Add(time.Hour), "fork-and-knife-with-plate"})
		}
	}
	slices.SortStableFunc(tokens, func(a, b token) int { return a.at.Compare(b.at) })
	const size = 52
	last := float32(-1000)
	for _, t := range tokens {
		x := at(float32(t.at.Hour()) + float32(t.at.Minute())/60)
		if h := t.at.Hour(); h < ribbonFrom || h >= ribbonTo || x-last < size+4 {
			continue // outside the day, or it would cover another
		}
		last = x
		alpha := float32(1)
		if !c.now.Before(t.end) {
			alpha = .6
		}
		c.faded(alpha, func() {
			b := layout.Rect{X: x - size/2, Y: r.MidY() - size/2, W: size, H: size}
			c.box(b.Inset(-2), box{fill: look.Fade(c.Ink, .12), radius: size*.32 + 2})
			c.box(b, box{fill: c.Surface, radius: size * .32})
			c.picto(t.picto, b.Center(size*.74, size*.74))
		})
	}
}

// upcoming returns the activities that are not over: today's, with what has run
// on from yesterday, or when there are none left, tomorrow's.
func upcoming(b *board.Board, now time.Time) []board.Activity {
	today := DateOf(now)
	for _, day := range []Date{today, today.Add(1)} {
		var out []board.Activity
		for _, a := range b.Activities {
			on := DateOf(a.Starts)
			if day == today && on.Before(today) {
				on = today
			}
			if on == day && now.Before(a.End()) {
				out = append(out, a)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// nextRows draws what happens next, as many rows as fit.
func (c *canvas) nextRows(area layout.Rect, height, gap float32) {
	if !c.b.Has(board.ModuleActivities) {
		return
	}
	next := c.next()
	if len(next) == 0 {
		c.card(area)
		c.empty(area, "sunflower", c.ActTint, c.words.T("activity.none_title"), c.words.T("activity.none_hint"))
		return
	}
	gap, height = c.gap(gap, gap, gap), max(height, c.least())
	fit := max(1, int((area.H+gap)/(height+gap)))
	below := c.class == look.Small && fit > 1 && len(next) == 1 && c.mealBelow(area, height, gap)
	if below {
		fit, area.H = 1, (area.H-gap)/2
	}
	n := min(fit, len(next))
	h := (area.H - gap*float32(n-1)) / float32(n)
	if n < fit || below { // few rows breathe; those there is no room for one more of fill it
		h = min(h, height*c.of(1.56, 1.35, 1.2))
	}
	first, hasFirst := c.firstUpcoming()
	rows := area
	for i := range n {
		r := layout.Rect{X: area.X, Y: area.Y + float32(i)*(h+gap), W: area.W, H: h}
		if top, rest := area.CutTop(sideTop(area), 16); n == 2 && c.class == look.Landscape && h*float32(n) > area.H-2*gap {
			r = [...]layout.Rect{top, rest}[i] // as the cards beside them
		}
		if a := next[i]; a != nil {
			c.activityRow(r, *a, hasFirst && a.Ref == first.Ref)
		}
		_, rows = area.CutTop(r.Bottom()-area.Y, gap)
	}
	if c.class == look.Landscape && rows.H >= height && hasFirst && DateOf(first.Starts) == DateOf(c.now) {
		c.box(rows, box{border: 3, edge: c.Line, radius: c.cardRadius()})
		t := c.ty.Title.At(44)
		c.text(c.words.T("activity.no_more"), t, rows.MidX(), rows.MidY()+t.Middle(), middle, c.Ink2)
	}
}

// mealBelow draws the next meal as the second row of a small panel, where one
// activity would leave it empty, and reports whether there is a meal.
func (c *canvas) mealBelow(area layout.Rect, height, gap float32) bool {
	meal, ok := c.comingMeal("")
	if !ok || !c.b.Has(board.ModuleMeals) || area.W < 440 {
		return false
	}
	h := min((area.H-gap)/2, height*1.2)
	r := layout.Rect{X: area.X, Y: area.Y + h + gap, W: area.W, H: h}
	title, kind := c.say(meal.Dish.Title), c.words.T("meal."+string(meal.Kind))
	r = c.pressCard(r, kind+". "+title, Open{meal.Ref}, box{})
	tt := c.ty.Time
	c.text(c.words.Clock(meal.Served), tt, r.X+16, r.MidY()+tt.Middle(), start, c.Ink)
	c.tile(orPlate(meal.Picto), layout.Rect{X: r.X + 122, Y: r.MidY() - 34, W: 68, H: 68})
	left := c.stack(meal.Crowd, r.Right()-12, r.MidY()-25, 50, 3, c.Surface)
	text := layout.Rect{X: r.X + 200, W: left - 12 - r.X - 200, Y: r.Y, H: r.H}
	if DateOf(meal.Served) != DateOf(c.now) {
		kind = c.words.Line(c.words.Day(meal.Served, c.now), kind)
	}
	lines, t := c.titleLines(title, c.ty.Title, text.W, 1)
	m, _ := c.fits(kind, c.ty.Meta, text.W, c.ty.Meta.Size, c.ty.Meta.Size*.9)
	y := r.MidY() - (float32(len(lines))*t.Size*t.Line+m.Size*m.Line)/2
	y = c.paragraph(lines, t, text.X, y, start, c.Ink)
	c.paragraph(c.wrap(kind, m, text.W, 1), m, text.X, y, start, c.Meal)
	return true
}

// activityRow draws one activity on one row: when, what, where, who.
func (c *canvas) activityRow(r layout.Rect, a board.Activity, next bool) {
	title := c.say(a.Title)
	label := c.words.Clock(a.Starts) + " " + title
	b := box{fill: c.Surface}
	if next && !a.Cancelled {
		b.border, b.edge = c.of(5, 5, 4), c.Next
	}
	r = c.pressCard(r, label, Open{a.Ref}, b)
	if r.W < c.of(760, 760, 440) {
		c.activityRowNarrow(r, a, title)
		return
	}
	timeX, tileX, textX := c.of(32, 32, 16), c.of(208, 208, 122), c.of(340, 340, 200)
	tt := c.ty.Time
	c.text(c.words.Clock(a.Starts), tt, r.X+timeX, r.MidY()+tt.Middle(), start, c.Ink)
	tile := c.of(108, 108, 68)
	c.tile(a.Picto, layout.Rect{X: r.X + tileX, Y: r.MidY() - tile/2, W: tile, H: tile})
	size := c.of(84, 76, 50)
	left := c.stack(a.Crowd, r.Right()-c.of(28, 28, 12), r.MidY()-size/2, size, int(c.of(4, 4, 3)), c.Surface)
	c.rowText(layout.Rect{X: r.X + textX, Y: r.Y, W: left - c.of(24, 24, 12) - r.X - textX, H: r.H}, a, title, next)
}

// activityRowNarrow draws one activity where there is no room for who comes: its
// pictogram, and beside it when and what.
func (c *canvas) activityRowNarrow(r layout.Rect, a board.Activity, title string) {
	pad := c.of(24, 24, 12)
	tile := min(c.of(108, 108, 64), r.H-2*pad)
	c.tile(a.Picto, layout.Rect{X: r.X + pad, Y: r.MidY() - tile/2, W: tile, H: tile})
	text := r.Pad(pad+tile+c.of(20, 20, 10), 0, pad, 0)
	tt := c.ty.Time.At(c.of(44, 44, 26))
	when := c.words.Clock(a.Starts)
	if a.Cancelled {
		when = c.words.T("activity.cancelled")
	}
	tt, _ = c.fits(when, tt, text.W, tt.Size, tt.Size*.8)
	t := c.ty.Title
	t.Line = 1.08
	lines, t := c.titleLines(title, t, text.W, 2)
	y := text.MidY() - (tt.Size*tt.Line+float32(len(lines))*t.Size*t.Line)/2
	y = c.paragraph(c.wrap(when, tt, text.W, 1), tt, text.X, y, start, c.Ink)
	c.paragraph(lines, t, text.X, y, start, c.Ink)
}

// rowText draws title and place, or title and how soon.
func (c *canvas) rowText(r layout.Rect, a board.Activity, title string, next bool) {
	t := c.ty.Title
	t, one := c.fits(title, t, r.W, t.Size, t.Size*.92, t.Size*.84)
	lines := 1
	if !one {
		t, lines = t.At(c.legible(t.Size*.88)), 2
		t.Line = 1.08
	}
	runs := c.wrap(title, t, r.W, lines)
	h := float32(len(runs)) * t.Size * t.Line
	second := c.of(44, 44, 26)
	gap := c.of(4, 4, 2)
	word, _, _ := c.statusWord(a, next)
	both := word != "" && !a.Place.IsZero() && h+2*(gap+second)+c.of(64, 64, 20) <= r.H
	if both {
		gap = c.of(12, 12, 4)
		h += gap + second
	}
	y := r.MidY() - (h+gap+second)/2
	y = c.paragraph(runs, t, r.X, y, start, c.Ink) + gap
	c.status(layout.Rect{X: r.X, Y: y, W: r.W, H: second}, a, next)
	if both {
		c.place(layout.Rect{X: r.X, Y: y + second + gap, W: r.W, H: second}, c.say(a.Place))
	}
}

// status draws how soon, whether it runs or was cancelled, or else where it is.
func (c *canvas) status(r layout.Rect, a board.Activity, next bool) {
	t := c.ty.Meta.In(700)
	if c.class == look.Small {
		t = c.ty.Meta
	}
	pad := c.of(16, 16, 8)
	switch word, fill, ink := c.statusWord(a, next); {
	case word != "":
		t, _ = c.fits(word, t, r.W-2*pad, t.Size, t.Size*.9)
		c.chip(word, t, r.X, r.Y, r.H, pad, fill, ink)
	case !a.Place.IsZero():
		c.place(r, c.say(a.Place))
	}
}

// statusWord returns what is to be known about an activity before its place.
func (c *canvas) statusWord(a board.Activity, next bool) (word string, fill, ink color.RGBA) {
	switch {
	case a.Cancelled:
		return c.words.T("activity.cancelled"), c.DangerTint, c.Danger
	case !c.now.Before(a.End()):
		return c.words.T("time.over"), c.Bg2, c.Ink3
	case !c.now.Before(a.Starts):
		return c.words.T("time.running"), c.HoneyTint, c.Soon
	case DateOf(a.Starts) != DateOf(c.now):
		if next {
			return c.words.Day(a.Starts, c.now), c.HoneyTint, c.Soon
		}
	case next:
		return c.words.Until(a.Starts, c.now), c.HoneyTint, c.Soon
	}
	return "", color.RGBA{}, color.RGBA{}
}

// place draws a pin and where something is.
func (c *canvas) place(r layout.Rect, s string) {
	t := c.ty.Meta
	x := r.X
	if c.class != look.Small {
		c.icon("map-pin", layout.Rect{X: x, Y: r.MidY() - 17, W: 34, H: 34}, 2.2, c.Ink2)
		x += 44
	}
	t, _ = c.fits(s, t, r.Right()-x, t.Size, t.Size*.9)
	c.paragraph(c.wrap(s, t, r.Right()-x, 1), t, x, r.MidY()-t.Size*t.Line/2, start, c.Ink2)
}

// tile draws a pictogram on its tint.
func (c *canvas) tile(picto string, r layout.Rect) {
	c.box(r, box{fill: c.tintOf(picto), radius: r.W * .28})
	c.picto(picto, r.Center(r.W*.66, r.W*.66))
}

// tintOf gives every pictogram the same tint everywhere.
func (c *canvas) tintOf(picto string) color.RGBA {
	switch picto {
	case "bread", "hot-beverage", "croissant", "cookie", "birthday-cake", "cooking", "pancakes", "waffle", "popcorn":
		return c.MealTint
	case "person-swimming-light", "goggles", "sailboat", "shower", "bathtub", "fishing-pole":
		return c.BookTint
	case "artist-palette", "paintbrush", "yarn", "thread", "scissors", "speech-balloon":
		return c.MeetTint
	case "guitar", "musical-notes", "microphone", "drum", "party-popper", "newspaper":
		return c.NewsTint
	case "television", "clapper-board", "video-game", "books", "open-book", "performing-arts":
		return c.StaffTint
	case "hiking-boot", "running-shoe", "national-park", "camping", "evergreen-tree", "bicycle":
		return c.PeopleTint
	}
	return c.PrimaryTint
}

// media draws a photo, or where there is none a tint with the pictogram, in the
// part r of a rounded shape.
func (c *canvas) media(id board.AssetID, picto string, r, shape layout.Rect, radius float32, tint color.RGBA) {
	if c.edge > 0 { // of the card it lies on
		shape, radius = shape.Inset(c.edge), max(0, radius-c.edge)
		r = r.Intersect(shape)
	}
	c.box(shape, box{fill: tint, radius: radius, clip: r})
	size := min(r.W, r.H) * .62
	if picto != "" {
		c.picto(picto, r.Center(size, size))
	}
	if id != "" {
		c.photo(id, r, shape, radius)
	}
}

// An onShift is somebody at work, or a role.
type onShift struct {
	who  *board.Person
	role string
}

// working returns who works at t, each once.
func (c *canvas) working(t time.Time) []onShift {
	var out []onShift
	seen := map[board.PersonID]bool{}
	for _, s := range c.b.Shifts {
		if !s.On(t) || s.Person != nil && seen[s.Person.ID] {
			continue
		}
		if s.Person != nil {
			seen[s.Person.ID] = true
		}
		out = append(out, onShift{s.Person, c.role(s)})
	}
	return out
}

// role returns the word for what somebody does, or for who they are in general.
func (c *canvas) role(s board.Shift) string {
	if !s.Role.IsZero() {
		return c.say(s.Role)
	}
	if s.Person == nil {
		return c.words.T("roster.employee")
	}
	return ""
}

// onDuty draws who is here to help. When nobody may be named it says why.
func (c *canvas) onDuty(m Model, r layout.Rect) {
	if c.b.Masked {
		c.maskedCard(r)
		return
	}
	title := c.words.T("roster.now")
	if c.class == look.Small {
		title = c.words.T("nav.roster")
	}
	r = c.pressCard(r, title, Go{Roster{}}, box{})
	head := c.ty.Meta.At(c.of(32, 32, 21)).In(700)
	x, y := r.X+c.of(32, 32, 14), r.Y+c.of(20, 20, 10)
	if c.class != look.Small {
		c.icon("id-badge-2", layout.Rect{X: x, Y: y, W: 40, H: 40}, 2.2, c.Staff)
		x += 54
	}
	if c.b.Roster == board.RosterOld {
		title = c.words.T("roster.old", "when", c.when(m.Link.DownSince))
	}
	head, _ = c.fits(title, head, r.Right()-x-12, head.Size, head.Size*.9, head.Size*.8)
	c.text(title, head, x, y+c.of(30.2, 30.2, 20), start, c.Staff)
	people := c.working(c.now)
	if len(people) == 0 {
		_, rest := r.CutTop(c.of(64, 64, 34), 0)
		c.empty(rest.Inset(c.of(12, 12, 6)), "calendar", c.StaffTint, c.words.T("roster.none_title"), c.words.T("roster.none_hint"))
		return
	}
	alpha := float32(1)
	if c.b.Roster == board.RosterOld {
		alpha = .6
	}
	c.faded(alpha, func() {
		if c.class == look.Small {
			c.dutyList(r, people)
		} else {
			c.dutyFaces(r, people)
		}
	})
}

func (c *canvas) dutyFaces(r layout.Rect, people []onShift) {
	n, size := int(c.of(4, 5, 0)), c.of(120, 118, 0)
	if c.class == look.Portrait {
		n, size = max(3, min(n, len(people))), min(190, r.H-c.of(0, 70, 0)-48)
	}
	over := 0
	if len(people) > n {
		over = len(people) - (n - 1)
		people = people[:n-1]
	}
	cells := layout.Rect{X: r.X + 28, Y: r.Y + c.of(72, 70, 0), W: r.W - 56, H: r.H - 72}
	cols := cells.Columns(n, 0)
	switch { // few stand apart, not at one end
	case over == 0 && len(people) == 3 && n == 4: // the one between the two as wide as they are
		cols[1].X, cols[2] = (cols[0].X+cols[3].X)/2, cols[3]
	case over == 0 && len(people) < n:
		cols = cells.Columns(max(len(people), 2), 0)
	}
	for i, p := range people {
		c.dutyFace(cols[i], p, size)
	}
	if over > 0 {
		cell := cols[len(people)]
		c.disc(cell.MidX(), cell.Y+size/2, size/2, c.Bg2)
		t := c.ty.Title.At(44).In(800)
		c.text("+"+strconv.Itoa(over), t, cell.MidX(), cell.Y+size/2+t.Middle(), middle, c.Ink)
	}
}

func (c *canvas) dutyFace(cell layout.Rect, p onShift, size float32) {
	x := cell.MidX() - size/2
	t := c.ty.Label.In(700)
	if p.who == nil {
		c.nobody(x, cell.Y, size)
		c.name(p.role, t, cell.MidX(), cell.Y+size+2, cell.W-8, 42, c.Ink2)
		return
	}
	c.avatar(*p.who, x, cell.Y, size, face{})
	c.name(p.who.Name.Reveal(), t, cell.MidX(), cell.Y+size+2, cell.W-8, 42, c.Ink)
}

func (c *canvas) dutyList(r layout.Rect, people []onShift) {
	n := max(1, int((r.H-40)/54))
	for i, p := range people[:min(n, len(people))] {
		y := r.Y + 42.3 + float32(i)*54
		t, col, label := c.ty.Label, c.Ink, p.role
		if p.who == nil {
			c.nobody(r.X+14, y, 48)
			col = c.Ink2
		} else {
			c.avatar(*p.who, r.X+14, y, 48, face{})
			label = p.who.Name.Reveal()
		}
		t, _ = c.fits(label, t, r.W-88, t.Size, t.Size*.9, t.Size*.8)
		c.paragraph(c.wrap(label, t, r.W-88, 1), t, r.X+74, y+24-t.Size*t.Line/2, start, col)
	}
}

// nextMeal draws the meal that comes next.
func (c *canvas) nextMeal(r layout.Rect) {
	meal, ok := c.comingMeal("")
	if !ok {
		c.card(r)
		c.empty(r, "fork-and-knife-with-plate", c.MealTint, c.words.T("meal.none_title"), c.words.T("meal.none_hint"))
		return
	}
	head := c.words.T("meal.title_at", "meal", c.words.T("meal."+string(meal.Kind)), "time", c.words.Hour(meal.Served))
	if DateOf(meal.Served) != DateOf(c.now) {
		head = c.words.Line(c.words.Day(meal.Served, c.now), c.words.T("meal."+string(meal.Kind)))
	}
	size := c.of(58, 60, 0)
	text := c.teaser(r, head, c.say(meal.Dish.Title), c.Meal, c.MealTint, meal.Picture, orPlate(meal.Picto), Open{meal.Ref}, c.teaserSide(r, 126, 176), 2)
	c.stack(meal.Crowd, text.X+c.stackWidth(meal.Crowd, size, 3), r.Bottom()-c.of(17, 10, 0)-size, size, 3, c.Surface)
}

// orPlate gives a dish without a pictogram a plate.
func orPlate(picto string) string {
	if picto == "" {
		return "fork-and-knife-with-plate"
	}
	return picto
}

// newest draws the news.
func (c *canvas) newest(r layout.Rect) {
	if len(c.b.News) == 0 {
		c.card(r)
		c.empty(r, "newspaper", c.NewsTint, c.words.T("news.none"), "")
		return
	}
	n := c.b.News[0]
	picto, photo := orNewspaper(n.Picto), n.Picture
	if photo == "" && len(n.Photos) > 0 {
		photo = n.Photos[0].Asset
	}
	c.teaser(r, c.words.T("news.title"), c.say(n.Title), c.News, c.NewsTint, photo, picto, Enter{Article{ID: n.ID}}, c.teaserSide(r, 114, 160), 3)
}

// teaserSide returns how wide the picture of a teaser is: as given, or square on
// a card that has the room.
func (c *canvas) teaserSide(r layout.Rect, landscape, portrait float32) float32 {
	if r.W > 2.4*r.H {
		return r.H
	}
	return c.of(landscape, portrait, 0)
}

// teaser draws a card with a picture on its side, a small heading and a title,
// and returns the column of its text.
func (c *canvas) teaser(r layout.Rect, head, title string, ink, tint color.RGBA, photo board.AssetID, picto string, means render.Meaning, side float32, lines int) layout.Rect {
	if means != nil {
		r = c.pressCard(r, head+". "+title, means, box{})
	} else {
		c.card(r)
	}
	pic, rest := r.CutLeft(side, 0)
	c.media(photo, picto, pic, r, c.cardRadius(), tint)
	col := rest.Pad(c.of(22, 24, 0), c.of(22, 28, 0), 16, 0)
	ht := c.ty.Min.At(c.of(28, 30, 20)).In(700)
	ht, one := c.fits(head, ht, col.W, ht.Size, ht.Size*.92, ht.Size*.84)
	if day, _, two := strings.Cut(head, " · "); !one && two {
		head = day // the title says the rest
	}
	c.text(head, ht, col.X, col.Y+c.of(22.9, 20.5, 0), start, ink)
	t := c.ty.Title.At(c.of(38, 42, 0))
	t.Line = 1.08
	const least = .74
	for _, f := range []float32{1, .92, .84, .78, least} {
		t = t.At(c.of(38, 42, 0) * f)
		if runs := c.wrap(title, t, col.W, lines); whole(runs, title) || f == least {
			c.paragraph(runs, t, col.X, col.Y+c.of(35, 34, 0), start, c.Ink)
			break
		}
	}
	return col
}

// when says a time inside a sentence, so that it is understood: the clock today,
// with the day before it otherwise.
func (c *canvas) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(c.now.Location())
	if DateOf(t) == DateOf(c.now) {
		return c.words.T("time.at", "time", c.words.Clock(t))
	}
	return c.words.T("time.day_at", "day", c.words.DayWithin(t, c.now), "time", c.words.Clock(t))
}

package ui

import (
	"slices"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// comingMeal returns the next meal of a kind, or of any.
func (c *canvas) comingMeal(kind board.MealKind) (board.Meal, bool) {
	for _, m := range c.b.Meals {
		if (kind == "" || m.Kind == kind) && m.Door(c.now) != board.Over {
			return m, true
		}
	}
	return board.Meal{}, false
}

// kinds lists which meals this house has, in the order of the day.
func (c *canvas) kinds() []board.MealKind {
	var out []board.MealKind
	for _, k := range []board.MealKind{board.Breakfast, board.Lunch, board.Dinner} {
		if slices.ContainsFunc(c.b.Meals, func(m board.Meal) bool { return m.Kind == k }) {
			out = append(out, k)
		}
	}
	return out
}

// meals draws the next meal of a kind, large, and those of the following days.
func (c *canvas) meals(p Meals) {
	c.page()
	front, ok := c.b.Meal(p.On)
	if !ok || p.Kind != "" && front.Kind != p.Kind {
		front, ok = c.comingMeal(p.Kind)
	}
	area := c.content()
	title := c.words.T("nav.meals")
	clock := c.header("tools-kitchen-2", "", tone{c.Meal, c.MealTint}, title, "")
	if kinds := c.kinds(); len(kinds) > 0 {
		choices := make([]choice, len(kinds))
		for i, k := range kinds {
			choices[i] = choice{c.words.T("meal." + string(k)), Turn{Meals{Kind: k}}, !p.Week && ok && k == front.Kind}
		}
		week := choice{c.words.T("time.whole_week"), Turn{Meals{Week: true}}, p.Week}
		area = c.headerSegment(area, clock, c.Meal, choices, week)
	}
	if p.Week && len(c.kinds()) > 0 {
		c.mealWeek(area, clock, p)
		c.rail(p)
		return
	}
	if !ok {
		c.card(area)
		c.empty(area, "fork-and-knife-with-plate", c.MealTint, c.words.T("meal.none_title"), c.words.T("meal.none_hint"))
		c.rail(p)
		return
	}
	later := c.mealsBeside(front)
	switch c.class {
	case look.Portrait:
		hero, rest := area.CutTop(min(max(area.H*.52, 560), 760), c.gap(20, 20, 20))
		c.mealHero(hero, front)
		c.mealRows(rest, later, 4, 20)
	case look.Small:
		hero, rest := area.CutLeft(area.W*420/760, 10)
		c.mealHero(hero, front)
		c.mealRows(rest, later, 3, 8)
	default:
		hero, rest := area.CutLeft(880, 28)
		c.mealHero(hero, front)
		c.mealRows(rest, later, 4, 16)
	}
	c.rail(p)
}

// headerSegment draws a choice beside the clock, or where there is no room
// under the header, others by themselves before it, and returns what is left of the
// content.
func (c *canvas) headerSegment(area layout.Rect, clock float32, t rgba, choices []choice, before ...choice) layout.Rect {
	h := c.hand(96, 96, 72) + 2*c.of(8, 8, 0)
	if c.class == look.Portrait || c.low {
		bar, rest := area.CutTop(h, c.gap(20, 20, 8))
		c.segments(area.X, bar.Right(), bar.MidY(), t, choices, before)
		return rest
	}
	left := area.X + c.of(104, 104, 60) + c.gap(28, 28, 8)
	c.segments(left, clock-c.of(64, 0, 16), max(c.of(96, 0, 44), c.mm(8)+h/2), t, choices, before)
	return area
}

// segments draws choices that end at right and others before them; in one, and as
// wide as there is room, where they would begin before left.
func (c *canvas) segments(left, right, y float32, t rgba, choices, before []choice) {
	gap := c.gap(24, 20, 8)
	w := c.segmentWidth(choices)
	for _, b := range before {
		w += gap + c.segmentWidth([]choice{b})
	}
	if len(before) > 0 && right-w < left {
		h := c.hand(96, 96, 72) + 2*c.of(8, 8, 0)
		if y < c.content().Y {
			if w*.9 > right-left && c.class == look.Small {
				c.giveAllWay()
				left = c.column().X
			} else {
				c.giveWay(left)
			}
		}
		c.segmentFrom(layout.Rect{X: left, Y: y - h/2, W: right - left, H: h}, t, slices.Concat(before, choices))
		return
	}
	x := c.segment(right, y, t, choices)
	for _, b := range before {
		x = c.segment(x-gap, y, t, []choice{b})
	}
}

// mealsBeside returns the meals of the same kind that are still to come, other
// than the one in front.
func (c *canvas) mealsBeside(front board.Meal) []board.Meal {
	var out []board.Meal
	for _, m := range c.b.Meals {
		if m.Kind == front.Kind && m.Ref != front.Ref && m.Door(c.now) != board.Over {
			out = append(out, m)
		}
	}
	return out
}

// mealHero draws one meal large, with the way to join it.
func (c *canvas) mealHero(r layout.Rect, m board.Meal) {
	c.card(r)
	if r.H < c.of(420, 420, 230) {
		c.mealFlat(r, m)
		return
	}
	pic, text := r.CutLeft(min(c.of(360, 380, 130), r.W*.41), 0)
	c.media(m.Picture, orPlate(m.Picto), pic, r, c.cardRadius(), c.MealTint)
	if c.class != look.Small {
		c.last(func() { c.allergens(pic, m.Dish.Allergens) })
	}
	text = text.Pad(c.of(36, 36, 14), c.of(30, 34, 10), c.of(32, 36, 14), c.of(32, 36, 10))
	foot, text := text.CutBottom(c.hand(128, 128, 72), c.of(24, 24, 6))
	c.eatButton(foot, m)

	chip := c.ty.Title.At(c.of(40, 40, 22))
	h := c.of(58, 58, 32)
	day := c.words.Day(m.Served, c.now)
	x := text.X + c.dayChip(day, int(m.Served.Weekday()), chip, text.X, text.Y, h, c.of(22, 22, 10)) + c.of(16, 16, 8)
	tt := c.ty.Title.At(c.of(44, 44, 23)).Digits()
	at := c.words.T("time.at", "time", c.words.Clock(m.Served))
	if tt, _ = c.fits(at, tt, text.Right()-x, tt.Size, tt.Size*.9, tt.Size*.8); c.line(at, tt).w > text.Right()-x {
		x, text = text.X, text.Pad(0, h+c.of(8, 8, 2), 0, 0) // below the day
	}
	c.text(at, tt, x, text.Y+h/2+tt.Middle(), start, c.Ink)

	faces := c.of(84, 84, 40)
	crowdH := faces + c.of(62, 62, 24)
	crowd, dish := text.Pad(0, h+c.of(14, 14, 4), 0, 0).CutBottom(crowdH, c.of(8, 8, 2))
	c.dish(dish, m)
	c.eaters(crowd, m, faces)
}

// mealFlat draws one meal where there is too little height for all that is to be
// said of it: when it is, what it is, and the way to join it.
func (c *canvas) mealFlat(r layout.Rect, m board.Meal) {
	text := r.Inset(c.of(24, 24, 12))
	foot, above := text.CutBottom(c.hand(112, 112, 72), c.of(12, 12, 6))
	if above.H < 2*c.ty.Min.Size { // beside it, not below
		foot, above = text.CutRight(text.W*.45, 10)
	}
	text = above
	c.eatButton(foot, m)
	t := c.ty.Title.At(c.of(48, 48, 27))
	t.Line = 1.06
	title := c.say(m.Dish.Title)
	if h := c.of(54, 54, 32); text.H > 2*c.ty.Min.Size+h+2 {
		chip, rest := text.CutTop(h, c.of(8, 8, 4))
		day := c.words.Day(m.Served, c.now)
		ct := c.ty.Title.At(c.of(38, 38, 22))
		x := chip.X + c.dayChip(day, int(m.Served.Weekday()), ct, chip.X, chip.Y, chip.H, c.of(20, 20, 10)) + c.of(14, 14, 8)
		if at := c.line(c.words.T("time.at", "time", c.words.Clock(m.Served)), ct.Digits()); x+at.w <= chip.Right() {
			c.put(at, x, chip.MidY()+ct.Middle(), start, c.Ink)
		}
		text = rest
	}
	lines, t := c.titleLines(title, t, text.W, max(1, int(text.H/(c.ty.Min.Size*1.06))))
	c.recorded(m.Sound, func() {
		c.paragraph(lines, t, text.X, text.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
	})
}

// dish draws what is on the plate, the other choice, and who cooks.
func (c *canvas) dish(r layout.Rect, m board.Meal) {
	title := c.say(m.Dish.Title)
	t := c.ty.H2.At(c.of(68, 64, 27))
	t.Line = 1.06
	lines, t := c.headline(title, t, r.W)
	y := r.Y
	c.recorded(m.Sound, func() { y = c.paragraph(lines, t, r.X, r.Y, start, c.Ink) + c.of(8, 8, 2) })
	var notes []string
	if m.Cook != nil {
		notes = append(notes, c.words.T("meal.cook", "name", m.Cook.Name.Reveal()))
	}
	if m.Alternative != nil {
		notes = append(notes, c.words.T("meal.alternative", "dish", c.say(m.Alternative.Title)))
	}
	if d := m.Door(c.now); !m.Deadline.IsZero() && d <= board.ListOnly {
		notes = append(notes, c.words.T("meal.deadline", "when", c.dayTime(m.Deadline)))
	}
	b := c.ty.Body.At(c.of(36, 36, 20))
	b.Line = 1.2
	for _, n := range notes {
		lines := c.wrap(n, b, r.W, 2)
		if y+float32(len(lines))*b.Size*b.Line > r.Bottom()+2 {
			break
		}
		y = c.paragraph(lines, b, r.X, y, start, c.Ink2)
	}
}

// eaters draws how many eat and some of their faces.
func (c *canvas) eaters(r layout.Rect, m board.Meal, size float32) {
	t := c.ty.Title.At(c.of(38, 38, 20))
	words := c.crowdWords(m.Crowd)
	if n, exact := m.Total(); exact && n > 0 {
		words = c.words.N("meal.count", n)
	}
	if words == "" && len(m.Shown) == 0 {
		words = c.words.T("activity.nobody_title")
	}
	c.text(words, t, r.X, r.Bottom()-size-c.of(21, 21, 7), start, c.Ink)
	fit := int((r.W-size)/(size-overlap(size))) + 1
	w := c.stackWidth(m.Crowd, size, min(6, fit))
	c.stack(m.Crowd, r.X+w, r.Bottom()-size, size, min(6, fit), c.Surface)
}

// stackWidth returns how wide a stack will be.
func (c *canvas) stackWidth(crowd board.Crowd, size float32, n int) float32 {
	discs := len(crowd.Shown)
	if crowd.Exact && crowd.Others > 0 {
		discs++
	}
	discs = min(discs, n)
	return size + float32(max(0, discs-1))*(size-overlap(size))
}

func (c *canvas) eatButton(r layout.Rect, m board.Meal) {
	b := button{icon: "tools-kitchen-2", label: c.words.T("meal.eat"), means: Join{m.Ref}, kind: primary, tone: c.Meal, size: c.of(44, 44, 25)}
	switch d := m.Door(c.now); {
	case d == board.Shut, d == board.Over:
		b = button{icon: "ban", label: c.words.T("meal.closed"), reason: true, size: c.of(40, 40, 22)}
	case c.b.Masked:
		b = button{icon: "shield-lock", label: c.words.T("masked.join"), reason: true, size: c.of(40, 40, 22)}
	case d == board.ListOnly:
		b.label, b.icon = c.words.T("activity.waitlist"), "clock"
	}
	c.button(r, b)
}

// allergens draws picture and word of what a dish contains, on the foot of its
// photo, as many as fit.
func (c *canvas) allergens(r layout.Rect, keys []string) {
	t := c.ty.Min.At(30)
	x, y := r.X+26, r.Bottom()-32-60
	for _, k := range keys {
		word := c.words.T("allergen." + k)
		picto := allergenPicto[k]
		w := 30 + c.line(word, t).w
		if picto != "" {
			w += 52
		}
		if x+w > r.Right()-20 {
			x, y = r.X+26, y-72
			if x+w > r.Right()-8 || y < r.Y+r.H/3 {
				return
			}
		}
		chip := layout.Rect{X: x, Y: y, W: w, H: 60}
		c.box(chip, box{fill: c.Surface, radius: 20})
		tx := chip.X + 12
		if picto != "" {
			c.picto(picto, layout.Rect{X: tx, Y: chip.Y + 10, W: 40, H: 40})
			tx += 52
		}
		c.text(word, t, tx, chip.MidY()+t.Middle(), start, c.Ink)
		x += w + 12
	}
}

var allergenPicto = map[string]string{
	"gluten": "bread", "eggs": "egg", "fish": "fish", "milk": "glass-of-milk",
}

// mealRows draws the meals of other days, one row each.
func (c *canvas) mealRows(area layout.Rect, meals []board.Meal, n int, gap float32) {
	if len(meals) == 0 {
		return
	}
	gap = c.gap(gap, gap, gap)
	n = max(1, min(n, int((area.H+gap)/(c.hand(96, 96, 72)+gap))))
	h := min((area.H-gap*float32(n-1))/float32(n), c.of(220, 190, 120))
	for i, m := range meals[:min(n, len(meals))] {
		r := layout.Rect{X: area.X, Y: area.Y + float32(i)*(h+gap), W: area.W, H: h}
		c.mealRow(r, m)
	}
}

func (c *canvas) mealRow(r layout.Rect, m board.Meal) {
	day := c.mealDay(m.Served)
	title := c.say(m.Dish.Title)
	r = c.pressCard(r, day+": "+title, Turn{Meals{Kind: m.Kind, On: m.Ref}}, box{})
	c.dayEdge(r, m.Served)
	x := r.X + c.of(38, 36, 18)
	if c.class != look.Small {
		size := r.H - 36
		pic := layout.Rect{X: x, Y: r.MidY() - size/2, W: size, H: size}
		c.media(m.Picture, orPlate(m.Picto), pic, pic, 28, c.MealTint)
		x = pic.Right() + 28
	}
	faces := c.of(76, 76, 36)
	n := 3
	left := r.Right() - c.of(28, 28, 10)
	if c.class != look.Small {
		left = c.stack(m.Crowd, left, r.MidY()-faces/2, faces, n, c.Surface)
	}
	w := left - c.of(20, 20, 8) - x
	dt := c.ty.Label.At(c.of(34, 34, 20)).In(600)
	dt.Line = 1.25
	t := c.ty.Title.At(c.of(44, 42, 23))
	t.Line = 1.2
	t, one := c.fits(title, t, w, t.Size, t.Size*.9, t.Size*.82)
	rows := 1
	if !one {
		t, rows = t.At(t.Size*.95), 2
		t.Line = 1.08
	}
	lines := c.wrap(title, t, w, rows)
	h := dt.Size*dt.Line + float32(len(lines))*t.Size*t.Line
	y := r.MidY() - h/2
	y = c.paragraph(c.wrap(day, dt, w, 1), dt, x, y, start, c.Ink2)
	c.paragraph(lines, t, x, y, start, c.Ink)
}

// mealDay names the day of a meal.
func (c *canvas) mealDay(t time.Time) string { return c.words.Day(t, c.now) }

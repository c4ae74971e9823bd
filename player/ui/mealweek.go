package ui

import (
	"slices"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// weekDays is how many days the meals of a week are, from today on.
const weekDays = 7

// mealWeek draws the meals of seven days: a day beside the other's meals, as many days
// as there is room for. Touching one brings it to the front, where one can join.
func (c *canvas) mealWeek(area layout.Rect, clock float32, p Meals) {
	kinds := c.kinds()
	to := func(n int) Place { return Meals{Week: true, Page: n} }
	gap, h := c.gap(12, 12, 6), c.hand(84, 112, 72)
	fit := func(r layout.Rect) int { return min(weekDays, max(1, int((r.H+gap)/(h+gap)))) }
	heads := c.of(48, 56, 26)
	if len(kinds) < 2 || c.low || c.flat() {
		heads = 0
	}
	if heads > 0 {
		_, area = area.CutTop(heads, 0)
	}
	first, n := 0, fit(area)
	if n < weekDays {
		beside := c.flat() || c.class == look.Small
		if !beside {
			n = fit(c.underPager(area))
		}
		pages, page := layout.Pages(weekDays, n, p.Page)
		first = page * n
		if beside {
			area = c.sidePager(area, page, pages, to)
		} else {
			area = c.pageTurner(area, clock, page, pages, to)
		}
	}
	side := c.of(190, 170, 96)
	cells := area.Pad(side+gap, 0, 0, 0).Columns(len(kinds), gap)
	if heads > 0 {
		for k, r := range cells {
			t := c.ty.Title.At(c.of(36, 34, 20))
			c.text(c.words.T("meal."+string(kinds[k])), t, r.X+c.of(12, 12, 6), area.Y-heads/2-c.of(4, 4, 1)+t.Middle(), start, c.Ink2)
		}
	}
	rh := min((area.H-gap*float32(n-1))/float32(n), c.of(190, 220, 120))
	today := DateOf(c.now)
	for i := range min(n, weekDays-first) {
		day := today.Add(first + i)
		y := area.Y + float32(i)*(rh+gap)
		c.weekHead(layout.Rect{X: area.X, Y: y, W: side, H: rh}, day)
		if !slices.ContainsFunc(c.b.Meals, func(m board.Meal) bool { return DateOf(m.Served) == day }) {
			c.noMeals(layout.Rect{X: area.X + side + gap, Y: y, W: area.W - side - gap, H: rh})
			continue
		}
		for k, r := range cells {
			c.weekMeal(layout.Rect{X: r.X, Y: y, W: r.W, H: rh}, day, kinds[k])
		}
	}
}

// noMeals says of a day that nobody knows yet what there is.
func (c *canvas) noMeals(r layout.Rect) {
	c.box(r, box{fill: c.Bg2, radius: c.cardRadius()})
	words := c.words.T("meal.none_title")
	t := c.ty.Body.At(c.of(36, 34, 21))
	t, _ = c.fits(words, t, r.W-c.of(56, 52, 20), t.Size, t.Size*.9, t.Size*.8)
	c.text(words, t, r.X+c.of(28, 26, 10), r.MidY()+t.Middle(), start, c.Ink)
}

// weekMeal draws the meal of a kind on a day; one that has been is no card any more,
// and where there is none there is nothing to touch.
func (c *canvas) weekMeal(r layout.Rect, day Date, kind board.MealKind) {
	var m board.Meal
	for _, x := range c.b.Meals {
		if x.Kind == kind && DateOf(x.Served) == day {
			m = x
			break
		}
	}
	b, ink := box{fill: c.Surface}, c.Ink
	if day == DateOf(c.now) {
		b.border, b.edge = c.of(5, 5, 3), c.Meal
	}
	title := c.say(m.Dish.Title)
	switch {
	case m.Ref.ID == "" || m.Door(c.now) == board.Over:
		if m.Ref.ID == "" {
			c.box(r, box{fill: c.Bg2, radius: c.cardRadius()})
			return
		}
		ink = c.Ink2
		c.box(r, box{border: c.of(3, 3, 2), edge: c.Line, radius: c.cardRadius()})
		c.dead(r, title)
	default:
		r = c.pressCard(r, c.words.Day(m.Served, c.now)+", "+c.words.T("meal."+string(kind))+": "+title, Turn{Meals{Kind: kind, On: m.Ref}}, b)
	}
	pad := c.of(14, 14, 6)
	x := r.X + c.of(28, 26, 10)
	if size := r.H - 2*pad; r.W > c.of(520, 380, 300) {
		pic := layout.Rect{X: r.X + pad, Y: r.Y + pad, W: size, H: size}
		c.media(m.Picture, orPlate(m.Picto), pic, pic, c.of(24, 24, 12), c.MealTint)
		x = pic.Right() + c.of(24, 20, 10)
	}
	t := c.ty.Title.At(c.of(40, 38, 22))
	t.Line = 1.1
	w := r.Right() - c.of(20, 18, 8) - x
	t, one := c.fits(title, t, w, t.Size, t.Size*.9)
	lines := c.wrap(title, t, w, 1)
	if !one {
		if t, lines = c.title(title, t, w, r.H-c.of(12, 12, 6)); !whole(lines, title) {
			t = t.At(c.ty.Min.Size)
			t.Line = 1
			lines = c.wrap(title, t, w, max(1, int(r.H/t.Size)))
		}
	}
	c.paragraph(lines, t, x, r.MidY()-float32(len(lines))*t.Size*t.Line/2, start, ink)
}

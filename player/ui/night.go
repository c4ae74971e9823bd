package ui

import (
	"slices"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// The night's page says that it is night, how late, and who is here to help. It
// shows nobody else and can be touched anywhere: that wakes the wall.

// darkness is the frame of a panel whose light cannot be switched off.
func (c *canvas) darkness() {
	c.box(layout.Rect{W: c.w, H: c.h}, box{fill: rgba{A: 255}})
}

func (c *canvas) night() {
	c.page()
	head := c.ty.H1.At(c.of(72, 72, 36)).In(600)
	clock := c.ty.ClockXL.At(c.of(420, 400, 190)).In(600)
	clock.Line, clock.Tracking = 1, -.03
	clock, _ = c.fits(c.words.Clock(c.now), clock, c.w-2*c.margin(), clock.Size, clock.Size*.9, clock.Size*.8)
	sub := c.ty.Body.At(c.of(56, 54, 29)).In(500)

	// As on the picture of the design, whose middle is a little below the panel's.
	y := c.h * c.of(275.0/1080, 640.0/1920, 112.0/480)
	if c.class == look.Small && c.h < 460 {
		y, clock = c.h*.16, clock.At(min(clock.Size, c.h*.36))
	}
	c.nightHead(y, head)
	base := y + min(c.of(413.3, 420, 187), clock.Size*c.of(.984, 1.05, .984))
	c.text(c.words.Clock(c.now), clock, c.w/2, base, middle, c.Ink)
	base += c.of(128.9, 132, 54)
	until := c.now
	if c.now.Hour() >= 12 {
		until = c.now.AddDate(0, 0, 1)
	}
	c.text(c.words.T("night.until", "weekday", c.words.Weekday(until.Weekday())), sub, c.w/2, base, middle, c.Ink2)
	c.nightStaff(base + c.of(74.8, 84, 22))
}

// nightHead draws the moon and that it is night, centred on y.
func (c *canvas) nightHead(y float32, t look.Type) {
	words := c.line(c.words.T("night.is"), t)
	size, gap := c.of(92, 92, 46), c.of(36, 36, 18)
	x := (c.w - size - gap - words.w) / 2
	c.icon("moon-filled", layout.Rect{X: x, Y: y - size/2, W: size, H: size}, 2.2, c.Honey)
	c.put(words, x+size+gap, y+t.Middle(), start, c.Ink)
}

// nightStaff draws who works tonight, from y down: those who are shown by name.
// A roster that may be wrong is left out rather than believed.
func (c *canvas) nightStaff(y float32) {
	if c.b.Masked || c.b.Roster != board.RosterCurrent || !c.b.Has(board.ModuleRoster) {
		return
	}
	people := slices.DeleteFunc(c.working(c.now), func(p onShift) bool { return p.who == nil })
	if len(people) == 0 {
		return
	}
	var words string
	switch name := func(i int) string { return people[i].who.Name.Reveal() }; len(people) {
	case 1:
		words = c.words.T("night.staff_one", "name", name(0))
	case 2:
		words = c.words.T("night.staff_two", "first", name(0), "second", name(1))
	default:
		words = c.words.T("night.staff_more", "n", len(people))
	}
	t := c.ty.Body.At(c.of(44, 44, 25)).In(500)
	size, gap := c.of(104, 104, 52), c.of(28, 28, 14)
	faces := people[:min(len(people), 3)]
	step := size + c.of(12, 12, 6)
	wide := size + step*float32(len(faces)-1)
	room := c.w - 2*c.margin() - wide - gap
	t, _ = c.fits(words, t, room, t.Size, t.Size*.9, t.Size*.8)
	line := c.line(words, t)
	x := (c.w - wide - gap - line.w) / 2
	for i, p := range faces {
		c.avatar(*p.who, x+step*float32(i), y, size, face{})
	}
	c.put(line, x+wide+gap, y+size/2+t.Middle(), start, c.Ink2)
}

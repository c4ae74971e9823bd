package ui

// Flow, a change on its way to the glass (the eighth hop; the seventh is
// player/ui/update.go, the ninth the presenter's painter: render/soft/painter.go
// or render/gpu/paint.go):
//
//	Model → one file per page → Frame

import (
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
	"tavle/render/motion"
)

// View draws the model. The same model gives the same frame.
func View(m Model, k *Kit) *render.Frame {
	c := newCanvas(m, k)
	if m.Reading.On || m.byEar() {
		c.ear = newEar()
		c.ear.private = m.private()
	}
	c.draw(m)
	c.listen(m)
	c.marks(m)
	shifted(c.frame, m.shift(c.s))
	return c.frame
}

func (c *canvas) draw(m Model) {
	switch {
	case m.beaconShown():
		c.beacon(m.Beacon)
		return
	case m.PairingShown() && m.networkShown():
		c.network(m)
	case m.PairingShown():
		c.pairing(m.Pairing)
	case m.Paused:
		c.paused(m)
	case m.Board == nil:
		c.waiting(m)
	case m.Rest == Dark:
		c.darkness()
		return
	case m.Rest == Asleep:
		c.night()
		return
	default:
		c.house(m)
	}
	c.mute(func() { c.readAloud(m) })
}

// house draws the page we are on, and what lies over it.
func (c *canvas) house(m Model) {
	m.place().draw(c, m)
	switch {
	case m.Over != nil && m.leaving() > 0:
		c.over(m, stillOver{m.leaving()})
	case m.Over != nil:
		c.over(m, m.Over)
	case m.leaving() > 0:
		c.part(motion.Bar{}, c.handZone(), func() { c.stillHere(m) })
	case !m.Toast.Until.IsZero():
		c.part(motion.Bar{}, c.handZone(), func() { c.toast(m.Toast) })
	}
}

// over draws the dialog. What lies below cannot be touched: its targets go, and
// the scrim swallows what misses the dialog.
func (c *canvas) over(m Model, o interface{ draw(*canvas, Model) }) {
	c.frame.Targets = nil
	if c.ear != nil {
		c.ear = newEar()
		c.ear.private = m.private()
	}
	all := layout.Rect{W: c.w, H: c.h}
	c.part(motion.Scrim{}, all, func() { c.box(all, box{fill: look.Fade(c.Scrim, .62)}) })
	c.dead(all, "")
	c.part(motion.Dialog{}, all, func() { o.draw(c, m) })
}

// dialog draws the panel of a dialog of that size at most and returns the space
// inside its padding.
func (c *canvas) dialog(w, h float32) layout.Rect {
	room := layout.Rect{W: c.w, H: c.h}
	if c.voice { // it stays clear of the way to have it read
		block, _ := c.readAloudBlock()
		switch {
		case c.class == look.Small:
			room.W = block.X
		case room.W/2+w/2 > block.X-c.mm(4) && (c.low || room.H/2+h/2 > block.Y-c.gap(24, 24, 8)):
			room.H = block.Y
		}
	}
	side, end := max(c.of(40, 24, 8), c.mm(4)), max(c.of(40, 40, 8), c.mm(4))
	w, h = min(w, room.W-2*side), min(h, room.H-2*end)
	r := room.Center(w, h)
	if c.low {
		r.Y = room.H - end - h
	}
	c.box(r, box{fill: c.Surface, radius: c.of(56, 56, 28), shade: c.shade(&look.E3)})
	c.dead(r, "")
	return r.Pad(c.of(72, 56, 20), c.of(60, 56, 20), c.of(72, 56, 20), c.of(56, 56, 20))
}

// bar draws the dark bar above the hand zone and returns its inside.
func (c *canvas) bar() layout.Rect {
	zone, h := c.footer(), max(c.of(136, 136, 76), c.least()+2*c.of(18, 18, 2))
	r := layout.Rect{X: zone.X, Y: zone.Y - c.gap(24, 24, 8) - h, W: zone.W, H: h}
	c.ear.over(c.rect(r))
	c.box(r, box{fill: c.Ink, radius: c.of(40, 40, 22), shade: c.shade(&look.E3)})
	c.dead(r.Pad(0, -c.mm(4), 0, 0), "") // what is touched beside it would be too near
	return r.Pad(c.of(24, 20, 10), c.of(18, 18, 2), c.of(18, 18, 2), c.of(18, 18, 2))
}

// toast says that somebody was taken off a list, and offers to undo it; or that
// it was too late.
func (c *canvas) toast(t Toast) {
	rest := c.bar()
	size := c.of(92, 92, 52)
	if t.Unknown {
		icon, text := rest.CutLeft(size, c.of(24, 20, 10))
		c.icon("id-badge-2", icon.Center(size*.7, size*.7), 2, c.Surface)
		c.barText(text, c.words.T("tag.unknown")+". "+c.words.T("confirm.ask_staff"))
		return
	}
	who, _ := c.b.Person(t.Who)
	back, done := render.Meaning(Rejoin{t.On, t.Who, t.Plate}), joining(t.On).leave+"done"
	if t.Is != "" {
		p, _ := c.b.Presence.Of(t.Who)
		who, back, done = p.Person, Unmark{t.On, t.Who, t.Was}, "presence.is_"+string(t.Is)
	}
	words := c.words.T("confirm.refused", "name", who.Name.Reveal()) + ". " + c.words.T("confirm.ask_staff")
	if !t.Refused {
		undo := button{icon: "arrow-back-up", label: c.words.T("confirm.undo"), means: back, kind: honey, size: c.of(40, 38, 24)}
		var b layout.Rect
		b, rest = rest.CutRight(c.width(undo), c.of(24, 20, 10))
		c.button(b, undo)
		words = c.words.T(done, "name", who.Name.Reveal())
	}
	c.avatar(who, rest.X, rest.MidY()-size/2, size, face{})
	c.barText(rest.Pad(size+c.of(24, 20, 10), 0, 0, 0), words)
}

// stillHere warns before the wall goes home by itself: the time that is
// left runs out along the hand zone.
func (c *canvas) stillHere(m Model) {
	seconds := m.leaving()
	r := c.bar()
	zone := c.footer()
	left := layout.Rect{X: zone.X, Y: zone.Y - c.of(16, 16, 7), W: zone.W, H: c.of(8, 8, 5)}
	left.W *= float32(seconds) / max(1, float32(m.Stays.Warning/time.Second))
	c.box(left, box{fill: c.Honey, radius: left.H / 2})
	yes := button{icon: "check", label: c.words.T("idle.yes"), means: Stay{}, kind: honey, size: c.of(40, 38, 24)}
	b, rest := r.CutRight(c.width(yes), c.of(24, 20, 10))
	c.button(b, yes)
	c.barText(rest.Pad(c.of(24, 20, 10), 0, 0, 0), c.words.T("idle.closing", "n", seconds))
}

// stillOver is the warning while a dialog is open. The dialog waits behind it.
type stillOver struct{ seconds int }

func (o stillOver) draw(c *canvas, _ Model) {
	inner := c.dialog(c.of(1200, 960, 740), c.of(480, 560, 300))
	ok, rest := inner.CutBottom(c.of(148, 148, 88), c.of(40, 40, 12))
	c.iconHead(rest, "clock", c.Warn, c.WarnTint, c.words.T("idle.still"), c.words.T("idle.closing", "n", o.seconds))
	c.button(ok, button{icon: "check", label: c.words.T("idle.yes"), means: Stay{}, kind: primary, size: c.of(48, 46, 27)})
}

func (c *canvas) barText(r layout.Rect, s string) {
	lines, t := c.titleLines(s, c.ty.Title.At(c.of(40, 38, 24)), r.W, 2)
	t.Line = min(t.Line, r.H/(float32(len(lines))*t.Size))
	c.paragraph(lines, t, r.X, r.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Surface)
}

// lookUp returns what a list is about: its title, pictogram and when it is, or "".
func (c *canvas) lookUp(on board.Ref) (title, picto, when string) {
	if a, ok := c.b.Activity(on); ok {
		return c.say(a.Title), a.Picto, c.words.T("time.day_at", "day", c.words.Day(a.Starts, c.now), "time", c.words.Clock(a.Starts))
	}
	if m, ok := c.b.Meeting(on); ok {
		return c.say(m.Title), meetingPicto, c.words.T("time.day_at", "day", c.words.Day(m.Starts, c.now), "time", c.words.Clock(m.Starts))
	}
	if p, m, ok := c.b.Proposal(on); ok {
		return c.say(p.Text), orBulb(p.Picto), c.say(m.Title)
	}
	if s, r, ok := c.b.Slot(on); ok {
		return c.say(r.Title), r.Picto, c.words.Day(s.From, c.now) + " " + c.span(s.From, s.To)
	}
	if g, ok := c.b.Group(on); ok {
		return c.say(g.Title), g.Picto, ""
	}
	m, _ := c.b.Meal(on)
	when = c.words.T("time.day_at", "day", c.words.Day(m.Served, c.now), "time", c.words.Clock(m.Served))
	if m.Alternative != nil { // which of the two is their own business
		return c.words.T("meal." + string(m.Kind)), orPlate(""), when
	}
	return c.say(m.Dish.Title), orPlate(m.Picto), when
}

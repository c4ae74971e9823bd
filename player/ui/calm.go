package ui

import (
	"tavle/assets/lang"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// What the wall shows when it may not, or cannot yet, show the house: calm
// screens that say why and whom to tell.

// maskedCard stands where people would: the lease has run out.
func (c *canvas) maskedCard(r layout.Rect) {
	c.card(r)
	disc := min(c.of(132, 120, 48), r.H*.5)
	pad := c.of(32, 32, 12)
	switch {
	case c.class == look.Small && r.W < 300:
		c.maskedNarrow(r)
		return
	case r.H > c.of(400, 400, 220):
		c.calmStacked(r, "shield-lock", c.words.T("masked.title"), c.words.T("masked.text"), c.words.T("masked.tell"))
		return
	}
	d := layout.Rect{X: r.X + pad, Y: r.MidY() - disc/2, W: disc, H: disc}
	c.box(d, box{fill: c.WaitTint, radius: disc / 2})
	c.icon("shield-lock", d.Center(disc*.6, disc*.6), 1.9, c.Wait)
	x := d.Right() + c.of(32, 32, 14)
	w := r.Right() - pad - x
	t, b := c.ty.TitleL.At(c.of(46, 44, 25)), c.ty.Body.At(c.of(32, 32, 20))
	lines := c.wrap(c.words.T("masked.text"), b, w, 4)
	if t.Size*t.Line+float32(len(lines)+1)*b.Size*b.Line > r.H-c.of(40, 40, 16) { // air above and below before air between
		t.Line, b.Line = 1.1, 1.18
	}
	if t.Size*t.Line+float32(len(lines)+1)*b.Size*b.Line > r.H-c.of(24, 24, 8) {
		lines = nil // what it is, and whom to tell
	}
	last := b.In(700)
	h := t.Size*t.Line + float32(len(lines)+1)*b.Size*b.Line
	y := r.MidY() - h/2
	t, _ = c.fits(c.words.T("masked.title"), t, w, t.Size, t.Size*.85)
	y = c.paragraph(c.wrap(c.words.T("masked.title"), t, w, 1), t, x, y, start, c.Ink)
	y = c.paragraph(lines, b, x, y, start, c.Ink2)
	c.paragraph(c.wrap(c.words.T("masked.tell"), last, w, 1), last, x, y, start, c.Ink)
}

// maskedNarrow says as much of it as there is room for: that nobody is named, and
// whom to tell.
func (c *canvas) maskedNarrow(r layout.Rect) {
	t, b := c.ty.TitleL.At(22), c.ty.Body.At(20)
	titles, t := c.titleLines(c.words.T("masked.title"), t, r.W-16, 2)
	tell := c.wrap(c.words.T("masked.tell"), b, r.W-16, 3)
	disc := float32(48)
	h := float32(len(titles)) * t.Size * t.Line
	if room := r.H - 18 - h - float32(len(tell))*b.Size*b.Line; room < 0 {
		tell, disc = nil, max(0, min(disc, r.H-18-h))
	} else {
		h += float32(len(tell)) * b.Size * b.Line
		disc = min(disc, room)
	}
	if disc < 28 {
		disc = 0
	}
	y := r.MidY() - (disc+6+h)/2
	if disc > 0 {
		d := layout.Rect{X: r.MidX() - disc/2, Y: y, W: disc, H: disc}
		c.box(d, box{fill: c.WaitTint, radius: disc / 2})
		c.icon("shield-lock", d.Center(disc*.62, disc*.62), 1.9, c.Wait)
	}
	y = c.paragraph(titles, t, r.MidX(), y+disc+6, middle, c.Ink)
	c.paragraph(tell, b, r.MidX(), y, middle, c.Ink2)
}

// waiting is shown before the first sync.
func (c *canvas) waiting(m Model) {
	text := c.words.T("waiting.text")
	icon := "cloud"
	if m.offline() {
		text, icon = c.words.T("waiting.offline"), "cloud-off"
	}
	c.calm(m, icon, c.words.T("waiting.title"), text, "")
}

// paused is shown when the lease ran out so long ago that everything was
// destroyed.
func (c *canvas) paused(m Model) {
	c.calm(m, "shield-lock", c.words.T("pause.title"), c.words.T("pause.text"), c.words.T("masked.tell"))
}

// calm draws the sky, the time and one card.
func (c *canvas) calm(m Model, icon, title, text, tell string) {
	all := layout.Rect{W: c.w, H: c.h}
	scene := ":bare"
	if c.class == look.Landscape {
		scene = ":full"
	}
	ink := c.heaven(m.Paused || m.offline(), scene, all)
	col := c.column()
	y := c.h * c.of(238.8/1080, 380.0/1920, 118.0/480)
	part := float32(1) // of what stands on a panel that is as high as the design
	if c.class == look.Small {
		part = min(1, c.h/480)
	}
	clock := c.ty.ClockXL.At(c.of(200, 230, 100) * part)
	clock.Tracking = c.of(-.01, clock.Tracking, clock.Tracking)
	c.text(c.words.Clock(c.now), clock, c.w/2, y, middle, ink)
	day := lang.Capital(c.words.T("time.day_part", "weekday", c.words.Weekday(c.now.Weekday()), "part", c.words.Part(lang.PartOf(c.now))))
	c.tellNow(layout.Rect{X: c.w/2 - c.of(400, 400, 220), Y: c.of(80, 150, 20), W: c.of(800, 800, 440)}.To(y+c.of(110, 124, 56)), day)
	d := c.ty.H2.At(c.of(60, 64, 32)).In(700)
	d.Tracking = 0
	c.text(day, d, c.w/2, y+c.of(90, 100, 44)*part, middle, ink)

	top, wide := y+c.of(169, 220, 66)*part, min(c.of(1320, 984, 720), col.W)
	end := c.h - c.of(60, 80, 20)
	if block, _ := c.readAloudBlock(); c.voice && col.MidX()+wide/2 > block.X {
		end = min(end, block.Y-c.of(24, 24, 12))
	}
	r := layout.Rect{X: col.MidX() - wide/2, Y: top, W: wide, H: min(c.of(440, 760, 210), end-top)}
	c.box(r, box{fill: c.Surface, radius: c.of(56, 56, 28), shade: c.shade(&look.E2)})
	c.ear.card(c.rect(r))
	pad, disc := c.of(64, 64, 24), min(c.of(220, 220, 96), r.H-16)
	t, b := c.ty.H1.At(c.of(76, 72, 36)), c.ty.Body.At(c.of(42, 42, 23))
	if c.class == look.Portrait {
		c.calmStacked(r, icon, title, text, tell)
		return
	}
	k := layout.Rect{X: r.X + pad, Y: r.MidY() - disc/2, W: disc, H: disc}
	c.box(k, box{fill: c.WaitTint, radius: disc / 2})
	c.icon(icon, k.Center(disc*.6, disc*.6), 1.8, c.Wait)
	x := k.Right() + c.of(52, 0, 24)
	w := r.Right() - pad - x
	t, _ = c.fits(title, t, w, t.Size, t.Size*.88, t.Size*.76)
	lines := c.wrap(text, b, w, 3)
	apart := c.of(17, 0, 4)
	h := t.Size*t.Line + apart
	if tell != "" {
		h += b.Size*b.Line + c.of(12, 0, 4)
	}
	lines = lines[:min(len(lines), max(0, int((r.H-16-h)/(b.Size*b.Line))))] // whom to tell comes first
	h += float32(len(lines)) * b.Size * b.Line
	at := c.paragraph(c.wrap(title, t, w, 1), t, x, r.MidY()-h/2, start, c.Ink) + apart
	at = c.paragraph(lines, b, x, at, start, c.Ink)
	if tell != "" {
		tt := b.In(700)
		c.paragraph(c.wrap(tell, tt, w, 1), tt, x, at+c.of(12, 0, 4), start, c.Ink)
	}
}

// calmStacked draws an icon with words under it in the middle of r.
func (c *canvas) calmStacked(r layout.Rect, icon, title, text, tell string) {
	t, b := c.ty.H1, c.ty.Body.At(c.of(40, 42, 22))
	w := min(r.W-c.of(112, 112, 32), c.of(1100, 900, 600))
	t, _ = c.fits(title, t, w, t.Size, t.Size*.88, t.Size*.76)
	titles, lines := c.wrap(title, t, w, 2), c.wrap(text, b, w, 4)
	disc, gap := c.of(180, 220, 64), c.of(28, 32, 8)
	h := gap*1.5 + float32(len(titles))*t.Size*t.Line
	if tell != "" {
		h += gap/2 + b.Size*b.Line
	}
	lines = lines[:min(len(lines), max(0, int((r.H-h)/(b.Size*b.Line))))]
	h += float32(len(lines)) * b.Size * b.Line
	if disc = min(disc, r.H-h-gap); disc < c.of(80, 80, 36) {
		disc = 0 // words only
	}
	h += disc
	y := r.MidY() - h/2
	k := layout.Rect{X: r.MidX() - disc/2, Y: y, W: disc, H: disc}
	if disc > 0 {
		c.box(k, box{fill: c.WaitTint, radius: disc / 2})
		c.icon(icon, k.Center(disc*.6, disc*.6), 1.8, c.Wait)
	}
	y = c.paragraph(titles, t, r.MidX(), k.Bottom()+gap, middle, c.Ink)
	y = c.paragraph(lines, b, r.MidX(), y+gap/2, middle, c.Ink2)
	if tell != "" {
		tt := b.In(700)
		c.paragraph(c.wrap(tell, tt, w, 2), tt, r.MidX(), y+gap/2, middle, c.Ink)
	}
}

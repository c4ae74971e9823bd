package ui

import (
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// An entry is one thing on a shelf: a picture or a pictogram, what it is called,
// and a few words about it.
type entry struct {
	title board.Text
	sub   string
	photo board.AssetID
	picto string
	icon  string // instead of a pictogram
	means render.Meaning
}

// A shelf is cards to choose from: on its side the picture of each, or above.
type shelf struct {
	tone       tone
	cols, rows int
	tall       bool // the picture is above
	film       bool // pictures are as wide as films
}

// shelfPage returns how many pages n entries make, and the one that is shown.
func (s shelf) pages(n, at int) (pages, page int) { return layout.Pages(n, s.cols*s.rows, at) }

// fitted returns a shelf for n entries with as many rows and columns as there is
// room for.
func (c *canvas) fitted(s shelf, area layout.Rect, n int) shelf {
	gap, w, h := c.gap(24, 20, 8), c.hand(600, 600, 340), c.hand(150, 150, 84)
	if s.tall {
		w, h = c.hand(420, 420, 180), c.hand(300, 300, 136)
	}
	cols, rows := s.cols, s.rows
	for _, r := range []layout.Rect{area, c.underPager(area)} {
		s.cols = max(1, min(cols, int((r.W+gap)/(w+gap))))
		s.rows = max(1, min(rows, int((r.H+gap)/(h+gap))))
		if n <= s.cols*s.rows {
			break
		}
	}
	return s
}

// shelve draws the entries of one page into area.
func (c *canvas) shelve(area layout.Rect, s shelf, list []entry, page int) {
	per := s.cols * s.rows
	gap := c.gap(24, 20, 8)
	if len(list) <= per {
		s = c.roomy(s, len(list))
	}
	w := (area.W - gap*float32(s.cols-1)) / float32(s.cols)
	h := (area.H - gap*float32(s.rows-1)) / float32(s.rows)
	switch {
	case c.class == look.Landscape && s.film:
		h = min(h, w*9/16+c.footOf(s.cols))
	case c.class == look.Landscape && s.tall:
		h = min(h, w*.75+c.footOf(s.cols))
	case c.class == look.Landscape:
		h = min(h, 360*max(1, c.h/1080))
	default:
		s.tall = s.cols > 1 || h > c.of(0, 560, 340) && (!s.film || h >= w*9/16+c.footOf(s.cols))
		h = min(h, w*c.of(0, .75, .9)+c.footOf(s.cols))
		switch {
		case s.film && s.tall:
			h = min(h, w*9/16+c.footOf(s.cols))
		case s.film:
			h = min(h, w*.6*9/16)
		}
		if s.film && len(list) == 1 && c.class == look.Portrait { // in the middle of what it leaves free
			area.Y += max(0, area.H-h) / 2
		}
	}
	part := float32(.54) // of a card is its picture, unless words need more
	for _, e := range list {
		t, m := c.ty.Title.At(c.legible(c.of(44, 44, 25)*.92)), c.ty.Meta.At(c.of(32, 32, 20))
		if max(c.line(c.say(e.title), t).w, c.line(e.sub, m).w) > w*(1-part)-c.of(56, 56, 26) {
			part = .4
			break
		}
	}
	for i, e := range list[page*per : min(len(list), (page+1)*per)] {
		r := layout.Rect{X: area.X + float32(i%s.cols)*(w+gap), Y: area.Y + float32(i/s.cols)*(h+gap), W: w, H: h}
		if e.means == nil {
			continue // it was taken away
		}
		if s.tall {
			c.tallEntry(r, s, e)
		} else {
			c.entry(r, s, e, part)
		}
	}
}

// roomy returns a shelf for a list that is all of it: few cards are large rather
// than above an empty half.
func (c *canvas) roomy(s shelf, n int) shelf {
	if c.class == look.Landscape {
		if n <= 3 {
			s.cols, s.rows, s.tall = max(2, n), 1, true
		}
		return s
	}
	if n <= int(c.of(0, 3, 1)) {
		s.cols = 1
	}
	s.rows = max(1, (n+s.cols-1)/s.cols)
	return s
}

// footOf returns how much of a card with its picture above is words.
func (c *canvas) footOf(cols int) float32 {
	if cols == 1 {
		return c.of(116, 164, 72)
	}
	return c.of(116, 124, 72)
}

// entry draws one card with its picture on the side.
func (c *canvas) entry(r layout.Rect, s shelf, e entry, part float32) {
	title := c.say(e.title)
	draw := c.pressCard(r, title, e.means, box{})
	side := draw.W * .36
	switch {
	case s.film:
		side = draw.W * .6
	case c.class != look.Landscape && draw.H > draw.W*.3: // the picture has the shape of pictures
		side = draw.W * part
	}
	wide := float32(1.25)
	if s.film {
		wide = 16. / 9
	}
	pic, rest := draw.CutLeft(min(draw.H*wide, side), c.of(28, 28, 14))
	c.cover(pic, draw, s.tone, e)
	rest = rest.Pad(0, c.of(16, 16, 6), c.of(28, 28, 12), c.of(16, 16, 6))
	c.entryWords(rest, title, e.sub, start)
}

// tallEntry draws one card with its picture above.
func (c *canvas) tallEntry(r layout.Rect, s shelf, e entry) {
	title := c.say(e.title)
	draw := c.pressCard(r, title, e.means, box{})
	foot := c.footOf(s.cols)
	if t := c.ty.Title.At(c.of(44, 44, 25) * .92); c.class == look.Small && c.line(title, t).w > draw.W-24 {
		foot = min(98, draw.H/2) // the title has two lines
	}
	pic, rest := draw.CutTop(draw.H-foot, c.of(6, 6, 2))
	c.cover(pic, draw, s.tone, e)
	c.entryWords(rest.Pad(c.of(28, 28, 12), 0, c.of(28, 28, 12), c.of(10, 10, 4)), title, e.sub, start)
}

// cover draws the picture of an entry into a part of its card.
func (c *canvas) cover(r, card layout.Rect, t tone, e entry) {
	c.media(e.photo, e.picto, r, card, c.cardRadius(), t.tint)
	if e.picto == "" && e.photo == "" && e.icon != "" {
		size := min(r.W, r.H) * .5
		c.icon(e.icon, r.Center(size, size), 1.9, t.ink)
	}
}

// entryWords draws a title of two lines at most and a line below it, in the
// middle of r.
func (c *canvas) entryWords(r layout.Rect, title, sub string, a align) {
	t, m := c.ty.Title.At(c.of(44, 44, 25)), c.ty.Meta.At(c.of(32, 32, 20))
	if c.class != look.Landscape && r.H > c.of(0, 130, 110) && r.W > c.of(0, 480, 0) {
		t, m = t.At(c.of(0, 54, 30)), m.At(c.of(0, 36, 22))
	}
	t.Line = 1.1
	below := m.Size * m.Line
	if sub == "" {
		below = 0
	}
	t, lines := c.title(title, t, r.W, r.H-below)
	y := r.MidY() - (float32(len(lines))*t.Size*t.Line+below)/2
	y = c.paragraph(lines, t, r.X, y, a, c.Ink)
	if sub != "" {
		m, _ = c.fits(sub, m, r.W, m.Size, m.Size*.9, m.Size*.8)
		c.paragraph(c.wrap(sub, m, r.W, 1), m, r.X, y, a, c.Ink2)
	}
}

// title sets a title into a box: on one line while that fits, else on two or
// three, smaller where it must be, and never cut while there is a smaller size
//
func (c *canvas) title(s string, t look.Type, w, h float32) (look.Type, []run) {
	if one, ok := c.fits(s, t, w, t.Size, t.Size*.92); ok {
		return one, c.wrap(s, one, w, 1)
	}
	var lines []run
	for _, f := range []float32{.92, .84, .77, .7} {
		t := t.At(c.legible(t.Size * f))
		n := max(1, min(3, int(h/(t.Size*t.Line))))
		if lines = c.wrap(s, t, w, n); whole(lines, s) || f == .7 {
			return t, lines
		}
	}
	return t, lines
}

package ui

import (
	"image"

	"tavle/player/ui/look"
	"tavle/render"
)

// marks draws what hands have to see over everything else: what is pressed, what
// has the focus, and that a touch on nothing was noticed.
func (c *canvas) marks(m Model) {
	w := c.frameWidth(m.Panel)
	if t := c.under(m.Hand); t != nil {
		c.around(t.Drawn, 0, []stroke{{w, c.Ink}})
	}
	if m.Focus.On != nil {
		c.focus(m.Focus, w)
	}
	if !m.Ring.Until.IsZero() {
		r := c.px(48)
		c.add(render.Op{
			Kind: render.BoxOp, Rect: image.Rectangle{Min: m.Ring.At, Max: m.Ring.At}.Inset(-r),
			Border: max(1, c.px(12)), Edge: look.Fade(c.Ink, .12), Radius: r,
		})
	}
}

// frameWidth returns how wide the frame around something is, in pixels: 10 dp, and
// never less than 3 mm.
func (c *canvas) frameWidth(p Panel) int {
	w := c.px(c.of(10, 10, 16)) // 3 mm of the smallest panel
	if p.MM.X > 0 {
		w = max(w, (look.FrameMM*p.Size.X+p.MM.X-1)/p.MM.X)
	}
	return w
}

// under returns the target that is pressed, or nil.
func (c *canvas) under(h Hand) *render.Target {
	if h.Means == nil || h.Off {
		return nil
	}
	if t := c.frame.At(h.At); t != nil && t.Means == h.Means {
		return t
	}
	return c.frame.Find(h.Means)
}

// focus draws the ring around what has the focus, or around its row.
func (c *canvas) focus(f Focus, w int) {
	rows := Rows(c.frame)
	t, row, _ := f.find(rows)
	if t == nil {
		return
	}
	r := t.Drawn
	if f.Row {
		for _, t := range rows[row] {
			r = r.Union(t.Drawn)
		}
	}
	c.focusRing(r, w)
}

// focusRing draws the ring of width w around r.
func (c *canvas) focusRing(r image.Rectangle, w int) {
	ring := []stroke{{c.px(4), c.Ink}, {w, c.Honey}}
	if c.Dark {
		ring = ring[1:] // honey is bright enough on dark
	}
	c.around(r, c.px(4), ring)
}

// A stroke is one line around something: how wide, in pixels, and its colour.
type stroke struct {
	width int
	edge  rgba
}

// around draws strokes around r, from the outermost, and a gap inside of them. At
// the edge of the panel they are cut off rather than laid over words.
func (c *canvas) around(r image.Rectangle, gap int, strokes []stroke) {
	out := gap
	for _, s := range strokes {
		out += s.width
	}
	radius := c.px(c.cardRadius()) + out
	r = r.Inset(-out)
	for _, s := range strokes {
		c.add(render.Op{Kind: render.BoxOp, Rect: r, Border: max(1, s.width), Edge: s.edge, Radius: min(radius, r.Dx()/2, r.Dy()/2)})
		r, radius = r.Inset(s.width), radius-s.width
	}
}

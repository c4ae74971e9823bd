package ui

import (
	"image/color"
	"slices"
	"strings"
	"time"

	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// of chooses a number by class of screen.
func (c *canvas) of(landscape, portrait, small float32) float32 {
	switch c.class {
	case look.Portrait:
		return portrait
	case look.Small:
		return small
	}
	return landscape
}

// gap chooses the distance between things that are touched, by class of screen:
// never less than 4 mm.
func (c *canvas) gap(landscape, portrait, small float32) float32 {
	return max(c.of(landscape, portrait, small), c.mm(4))
}

// least is the least side of what is touched.
func (c *canvas) least() float32 {
	switch {
	case c.large:
		return c.mm(30)
	case c.tiny:
		return c.mm(20)
	}
	return c.mm(25)
}

// hand chooses a side of what is touched, by class of screen: never less than a
// hand needs.
func (c *canvas) hand(landscape, portrait, small float32) float32 {
	return max(c.of(landscape, portrait, small), c.least())
}

// margin is the least distance of anything from the sides.
func (c *canvas) margin() float32 { return max(c.of(56, 48, 20), c.mm(8)) }

// What is touched stands between these heights above the floor, in millimetres
//
const (
	reachTop    = 1220
	reachBottom = 380
)

// above returns what is at a height above the floor, in dp from the top.
func (c *canvas) above(mm float32) float32 { return c.h - c.mm(mm-c.hung) }

// reach returns below where everything stands that is touched: at the top of the
// panel, unless somebody who sits wants it down.
func (c *canvas) reach() float32 {
	if !c.low {
		return 0
	}
	y := c.of(380, 1130, 168)
	if c.hung > 0 && c.pitch > 0 {
		y = max(0, c.above(reachTop))
	}
	return min(y, c.footer().Y-2*c.hand(96, 96, 72)-3*c.of(24, 24, 8))
}

// high reports whether what is touched may stand higher than somebody who sits
// reaches: a panel that is low enough needs no way to bring it down.
func (c *canvas) high() bool {
	return c.hung == 0 || c.pitch == 0 || c.above(reachTop) > c.of(44, 40, 8)
}

// flat reports whether a small panel has too little height for a header and what
// is chosen from below it.
func (c *canvas) flat() bool { return c.class == look.Small && c.h < 420 }

// column is the part of the panel that holds content: centred where the panel
// is wider than the design. The small layout takes as much as a larger one would.
func (c *canvas) column() layout.Rect {
	base, _ := c.class.Base()
	if c.class == look.Small {
		base = 1371
	}
	w := min(c.w, base) - 2*c.margin()
	return layout.Rect{X: (c.w - w) / 2, Y: 0, W: w, H: c.h}
}

// handZone is where everything is pressed that moves or acts. Where there is a
// voice, its end is kept for reading aloud.
func (c *canvas) handZone() layout.Rect {
	if !c.voice {
		return c.footer()
	}
	_, rest := c.readAloudBlock()
	return rest
}

// footer is the hand zone with what is kept for reading aloud.
func (c *canvas) footer() layout.Rect {
	col, h := c.column(), max(c.of(128, 136, 76), c.least()+2*c.railPad())
	bottom := max(c.of(32, 32, 8), c.mm(8))
	if c.hung > 0 {
		bottom = max(bottom, c.mm(reachBottom-c.hung))
	}
	return layout.Rect{X: col.X, Y: c.h - bottom - h, W: col.W, H: h}
}

// content is what lies between a page's header and the hand zone.
func (c *canvas) content() layout.Rect {
	col, top := c.column(), max(c.of(184, 176, 88), c.reach())
	if c.class == look.Small { // its header may hold a pager
		top = max(top, max(8, c.mm(8))+c.hand(72, 72, 72)+c.gap(8, 8, 8))
	}
	return layout.Rect{X: col.X, Y: top, W: col.W, H: c.handZone().Y - c.gap(24, 24, 8) - top}
}

// below is what lies between a header that holds no pager and the hand zone.
func (c *canvas) below() layout.Rect {
	area := c.content()
	if c.flat() && !c.low {
		return layout.Rect{X: area.X, Y: min(area.Y, 88), W: area.W}.To(area.Bottom())
	}
	return area
}

// A tone is the colours of one part of the wall.
type tone struct{ ink, tint color.RGBA }

// page draws the background.
func (c *canvas) page() {
	c.box(layout.Rect{W: c.w, H: c.h}, box{fill: c.Bg})
}

// header draws a page's title with an icon or a pictogram before it and the
// clock at the end, and returns where the clock begins.
func (c *canvas) header(icon, picto string, t tone, title, sub string) (clock float32) {
	col := c.column()
	size := c.of(104, 104, 60)
	tile := layout.Rect{X: col.X, Y: c.of(44, 40, 14), W: size, H: size}
	if picto != "" {
		tile = tile.Move(0, c.of(-2, 0, 0))
	}
	sign := len(c.frame.Ops)
	c.box(tile, box{fill: t.tint, radius: size * .31})
	if picto != "" {
		c.picto(picto, tile.Center(size*.66, size*.66))
	} else {
		c.icon(icon, tile.Center(size*.615, size*.615), 2, t.ink)
	}
	signs := len(c.frame.Ops) - sign
	clock = c.clock(col.Right(), tile.MidY())
	head := layout.Rect{X: col.X, W: clock - col.X, H: tile.Bottom() + c.of(30, 30, 12)}
	c.ear.card(c.rect(head))
	c.lead(head)

	x := tile.Right() + c.of(28, 28, 16)
	c.heading = pageTitle{sign: sign, signs: signs, at: len(c.frame.Ops), x: x, mid: tile.MidY(), title: title, sub: sub}
	c.titled(clock - 24)
	return clock
}

// A pageTitle is the title of a page, which gives way to what else comes to stand
// in the header.
type pageTitle struct {
	sign, signs int // the operations of the picture before it, in the frame
	at, n       int // its own
	x, mid      float32
	right       float32 // where it ends
	title, sub  string
}

// titled draws the title up to right.
func (c *canvas) titled(right float32) {
	h, h1 := &c.heading, c.ty.H1
	h1, _ = c.fits(h.title, h1, right-h.x, h1.Size, h1.Size*.85, h1.Size*.72, h1.Size*.64, h1.Size*.56, c.ty.Min.Size*1.1, c.ty.Min.Size)
	lines, sb := c.wrap(h.title, h1, right-h.x, 1), c.ty.Body.At(c.of(36, 36, 22))
	if c.class == look.Portrait && (!whole(lines, h.title) || h1.Size < c.ty.H1.Size*.56) { // rather than one small line
		h1.Line = 1.08
		for _, f := range []float32{.56, .5, 0} {
			h1 = h1.At(c.legible(c.ty.H1.Size * f))
			if lines = c.wrap(h.title, h1, right-h.x, 2); c.whole(h.title, h1, right-h.x, 2) && (h.sub == "" || f == 0) {
				break
			}
		}
	}
	sb, _ = c.fits(h.sub, sb, right-h.x, sb.Size, sb.Size*.9, c.ty.Min.Size)
	subs := c.wrap(h.sub, sb, right-h.x, int(c.of(1, 2, 1)))
	switch first, second, parts := strings.Cut(h.sub, " · "); {
	case parts && !whole(subs, h.sub): // rather than half of all of it
		subs = c.wrap(first, sb, right-h.x, int(c.of(1, 2, 1)))
	case parts && len(subs) == 2 && c.line(first, sb).w <= right-h.x && c.line(second, sb).w <= right-h.x:
		subs = append(c.wrap(first, sb, right-h.x, 1), c.wrap(second, sb, right-h.x, 1)...)
	}
	up := float32(0)
	if len(lines)+len(subs) > 3 { // it stays clear of what is below it
		h1.Line, sb.Line, up = 1, 1.1, 10
	}
	both := h1.Size * h1.Line
	if h.sub != "" {
		both += float32(len(subs)) * sb.Size * sb.Line
	}
	gap := float32(0)
	if h.sub != "" && c.words.RTL() {
		gap = h1.Size * .18 // Arabic letters hang lower than the line
	}
	y := c.paragraph(lines, h1, h.x, h.mid-(both+gap)/2-up, start, c.Ink)
	if h.sub != "" {
		c.paragraph(subs, sb, h.x, y+gap, start, c.Ink2)
	}
	h.n, h.right = len(c.frame.Ops)-h.at, h.x
	for _, l := range append(lines, subs...) {
		h.right = max(h.right, h.x+l.w)
	}
}

// giveWay makes the title of the page end before x: smaller, or left out where a
// word of it would not be whole. The filled tab says where one is, too.
func (c *canvas) giveWay(x float32) {
	h := &c.heading
	if h.n == 0 || h.right <= x-12 {
		return
	}
	c.frame.Ops = slices.Delete(c.frame.Ops, h.at, h.at+h.n)
	h.at, h.n = len(c.frame.Ops), 0
	for _, sub := range []string{h.sub, ""} {
		h.sub = sub
		_, two := c.fits(sub, c.ty.Body, x-16-h.x, c.of(36, 36, 22))
		if c.titleFits(x) && (two || sub == "") {
			c.mute(func() { c.titled(x - 16) })
			return
		}
	}
}

// giveAllWay leaves out title and picture. What else comes to stand in the header
// says where one is.
func (c *canvas) giveAllWay() {
	h := &c.heading
	c.frame.Ops = slices.Delete(c.frame.Ops, h.at, h.at+h.n)
	c.frame.Ops = slices.Delete(c.frame.Ops, h.sign, h.sign+h.signs)
	*h = pageTitle{at: len(c.frame.Ops)}
}

// titleFits reports whether the title of the page is whole before x.
func (c *canvas) titleFits(x float32) bool {
	_, one := c.fits(c.heading.title, c.ty.H1, x-16-c.heading.x, c.ty.H1.Size*.72, c.ty.Min.Size)
	return one
}

// clock draws the time with its end at x and its capitals centred on y; or, while
// somebody is known, who that is, which has to be seen more than the time.
func (c *canvas) clock(x, y float32) (left float32) {
	if c.self != nil {
		return c.selfMark(x, y)
	}
	return c.clockFace(x, y)
}

func (c *canvas) clockFace(x, y float32) (left float32) {
	t := c.ty.H1.In(700).Digits()
	line := c.line(c.words.Clock(c.now), t)
	c.mute(func() { c.put(line, x, y+t.Middle(), end, c.Ink) }) // it is said at home
	return x - line.w
}

// A tab is one entry of the rail.
type tab struct {
	icon  string
	label string
	tone  color.RGBA
	to    Place
}

// railPad is what the rail shows of itself around its tabs.
func (c *canvas) railPad() float32 { return c.of(10, 10, 2) }

// tabs returns the rail of this house: home, its first modules and the way to
// the others, five at most, or as many as have room for their words.
func (c *canvas) tabs() []tab {
	for n := onRail; ; n-- {
		all := []tab{{"home", c.words.T("nav.home"), c.Act, Home{}}}
		first, _ := partsOf(c.b, n)
		for _, p := range first {
			all = append(all, tab{p.icon, c.words.T(p.word), p.tone(c.Theme).ink, p.to})
		}
		all = append(all, tab{"layout-grid", c.words.T("nav.more"), c.Ink2, More{}})
		room := c.tabWidth(len(all))
		wide := slices.ContainsFunc(all, func(t tab) bool {
			_, fits := c.tabType(t.label, room)
			return !fits
		})
		if n == 0 || !wide && room >= c.least() {
			return all
		}
	}
}

// tabWidth returns how wide each of n tabs is.
func (c *canvas) tabWidth(n int) float32 {
	return c.handZone().Inset(c.railPad()).Columns(n, c.tabGap())[0].W
}

func (c *canvas) tabGap() float32 { return c.gap(6, 4, 2) }

// tabType returns the type of a tab's word, and whether it fits.
func (c *canvas) tabType(label string, w float32) (look.Type, bool) {
	t := c.ty.Tab
	return c.fits(label, t, w-4, t.Size, t.Size*.9, t.Size*.8)
}

// rail draws the tabs, with the one that at stands in filled: More, when it is
// none of the others. At home, which has no place for it above, the first tab is
// who is known, and the way to be somebody else.
func (c *canvas) rail(at Place) {
	zone := c.handZone()
	c.box(zone, box{fill: c.Surface, radius: c.of(40, 40, 22), shade: c.shade(&look.E2)})
	tabs := c.tabs()
	in := slices.IndexFunc(tabs, func(t tab) bool { return sameTab(t.to, at) })
	if in < 0 {
		in = len(tabs) - 1
	}
	for i, r := range zone.Inset(c.railPad()).Columns(len(tabs), c.tabGap()) {
		t := tabs[i]
		means := render.Meaning(Go{t.to})
		known := c.self != nil && i == 0 && at == Home{}
		if known {
			t.label, t.tone, means = c.words.T("confirm.done"), c.People, Finish{}
		}
		draw, pressed := c.press(r, means)
		ink, label := t.tone, c.Ink
		if i == in {
			c.box(draw, box{fill: c.chosen(t.tone), radius: c.of(32, 32, 20)})
			ink, label = c.OnPrimary, c.OnPrimary
		} else if pressed {
			c.box(draw, box{fill: c.Bg2, radius: c.of(32, 32, 20)})
		}
		size := c.of(52, 52, 34)
		top := r.Y + (r.H-c.of(108, 116, 72))/2
		if known {
			c.avatar(*c.self, r.MidX()-size*.58, top+c.of(5, 10, 5), size*1.16, face{})
		} else {
			c.icon(t.icon, layout.Rect{X: r.MidX() - size/2, Y: top + c.of(9.5, 14.6, 8), W: size, H: size}, 2, ink)
		}
		ty, _ := c.tabType(t.label, r.W)
		c.text(t.label, ty, r.MidX(), top+c.of(92, 94.4, 59.7), middle, label)
		c.touch(r, t.label, means)
	}
}

// shade returns the elevation as these colours show it.
func (c *canvas) shade(s *look.Shade) *look.Shade { return s.In(c.Theme) }

// chosen returns the fill of what is chosen or pressed first, in the colour of
// its part of the wall where those have colours.
func (c *canvas) chosen(t color.RGBA) color.RGBA {
	if c.Plain {
		return c.Primary
	}
	return t
}

// A button is icon and verb on a bar.
type button struct {
	icon   string
	label  string
	means  render.Meaning
	kind   buttonKind
	tone   color.RGBA // of a primary button; zero: the primary colour
	size   float32    // of the label; zero: the title size
	drain  float32    // how much of it is filled, from the start: time left
	reason bool       // cannot be used: label says why
}

type buttonKind uint8

const (
	ghost buttonKind = iota
	primary
	secondary
	honey
)

// width returns how wide a button is that nothing else determines.
func (c *canvas) width(b button) float32 {
	t := c.buttonType(b)
	return c.line(b.label, t).w + c.of(56, 52, 30) + c.of(22, 18, 10) + 2*c.of(48, 40, 20)
}

func (c *canvas) buttonType(b button) look.Type {
	size := b.size
	if size == 0 {
		size = c.of(44, 42, 27)
	}
	return c.ty.Title.At(size)
}

// button draws b to fill r.
func (c *canvas) button(r layout.Rect, b button) {
	draw, pressed := c.press(r, b.means)
	bx := box{radius: c.of(40, 40, 22)}
	ink := c.Ink
	switch {
	case b.reason:
		bx.fill, ink = c.Bg2, c.Ink3
	case b.kind == primary:
		bx.fill, ink, bx.shade = c.Primary, c.OnPrimary, c.shade(&look.E2)
		if b.tone.A != 0 {
			bx.fill = c.chosen(b.tone)
		}
		if pressed {
			bx.fill, bx.shade = darker(bx.fill), c.shade(&look.E1)
		}
	case b.kind == honey:
		bx.fill, ink = c.Honey, c.OnHoney
	case b.kind == secondary:
		bx.fill, bx.border, bx.edge = c.Surface, 4, c.LineStrong
	default:
		bx.fill, bx.shade = c.Surface, c.shade(&look.E2)
	}
	if pressed && bx.fill == c.Surface {
		bx.fill = c.Bg2
	}
	c.box(draw, bx)
	if b.drain > 0 {
		filled, _ := draw.CutLeft(draw.W*min(1, b.drain), 0)
		c.box(draw.Inset(4), box{fill: c.Bg2, radius: bx.radius - 4, clip: filled})
	}
	c.caption(draw, b, ink)
	if b.reason {
		c.dead(r, b.label)
	} else {
		c.touch(r, b.label, b.means)
	}
}

// caption centres icon and label in r.
func (c *canvas) caption(r layout.Rect, b button, ink color.RGBA) {
	t := c.buttonType(b)
	icon, gap := t.Size*1.24, c.of(22, 18, 10)
	if b.icon == "" {
		icon, gap = 0, 0
	}
	room := r.W - icon - gap - c.of(32, 48, 24)
	t, ok := c.fits(b.label, t, room, t.Size, t.Size*.9, t.Size*.8)
	lines := c.wrap(b.label, t, room, 1)
	if !ok {
		for _, f := range []float32{.9, .8, .76} { // two lines as large as the one of what stands beside it
			t = t.At(c.legible(c.buttonType(b).Size * f))
			if lines = c.wrap(b.label, t, room, 2); c.whole(b.label, t, room, 2) && 2*t.Size*t.Line <= r.H-c.of(20, 20, 8) {
				break
			}
		}
		if b.icon != "" && (r.W < r.H*1.4 || !c.whole(b.label, t, room, 2)) {
			c.stacked(r, b.icon, b.label, ink) // as the narrow ones beside it
			return
		}
	}
	w := float32(0)
	for _, l := range lines {
		w = max(w, l.w)
	}
	x := r.MidX() - (icon+gap+w)/2
	if b.icon != "" {
		c.icon(b.icon, layout.Rect{X: x, Y: r.MidY() - icon/2, W: icon, H: icon}, 2.2, ink)
	}
	y := r.MidY() - float32(len(lines))*t.Size*t.Line/2
	c.paragraph(lines, t, x+icon+gap, y, start, ink)
}

// whole reports whether a text stands on so many lines with no word broken.
func (c *canvas) whole(s string, t look.Type, w float32, lines int) bool {
	for word := range strings.FieldsSeq(s) {
		if c.line(word, t).w > w {
			return false
		}
	}
	return len(c.wrap(s, t, w, lines+1)) <= lines
}

// square draws a small button with the word under the icon.
func (c *canvas) square(r layout.Rect, icon, label string, means render.Meaning) {
	draw, pressed := c.press(r, means)
	fill := c.Surface
	if pressed {
		fill = c.Bg2
	}
	c.box(draw, box{fill: fill, radius: c.of(40, 40, 22), shade: c.shade(&look.E2)})
	c.squareFace(draw, icon, label, c.Ink)
	c.touch(r, label, means)
}

// squareFace draws icon and word of a small button.
func (c *canvas) squareFace(r layout.Rect, icon, label string, ink color.RGBA) {
	size := c.of(52, 52, 34)
	top := r.Y + (r.H-c.of(128, 136, 76))/2
	c.icon(icon, layout.Rect{X: r.MidX() - size/2, Y: top + c.of(19.5, 23.5, 10), W: size, H: size}, 2, ink)
	t, _ := c.fits(label, c.ty.Tab, r.W-12, c.ty.Tab.Size, c.ty.Tab.Size*.9)
	c.text(label, t, r.MidX(), top+c.of(102, 106, 62), middle, ink)
}

// stacked draws icon and label of a button that is too narrow for one beside the
// other.
func (c *canvas) stacked(r layout.Rect, icon, label string, ink color.RGBA) {
	t, one := c.fits(label, c.ty.Tab, r.W-c.of(24, 24, 14), c.ty.Tab.Size, c.ty.Tab.Size*.9)
	if one {
		c.squareFace(r, icon, label, ink)
		return
	}
	lines := c.wrap(label, t, r.W-c.of(16, 16, 10), 2)
	words := float32(len(lines)) * t.Size * t.Line
	size := min(c.of(52, 52, 34), r.H-words-c.of(24, 24, 10))
	y := r.MidY() - (size+words)/2
	c.icon(icon, layout.Rect{X: r.MidX() - size/2, Y: y, W: size, H: size}, 2, ink)
	c.paragraph(lines, t, r.MidX(), y+size, middle, ink)
}

// pageTurner draws the pager of a page with tabs: under its list, or on a small
// panel in its header, unless what is touched stands low. It returns what is left
// for the list.
func (c *canvas) pageTurner(area layout.Rect, clock float32, page, pages int, to func(int) Place) layout.Rect {
	if pages < 2 {
		return area
	}
	rest := c.underPager(area)
	if rest == area {
		y, w := max(8, c.mm(8)), c.pagerWidth()
		if c.heading.n > 0 && !c.titleFits(clock-20-w) { // what page this is comes before which of how many
			w = 2*c.hand(148, 136, 80) + c.gap(24, 16, 8)
		}
		c.giveWay(clock - 20 - w)
		c.pager(layout.Rect{X: clock - 20 - w, Y: y, W: w, H: c.hand(0, 0, 72)}, page, pages, to)
		return area
	}
	c.pager(layout.Rect{X: area.X, Y: rest.Bottom() + c.gap(16, 20, 8), W: area.W}.To(area.Bottom()), page, pages, to)
	return rest
}

// sidePager draws the page buttons at the end of a list and returns what is left
// of it: above one another where they are high enough for a hand, which leaves the
// list wider.
func (c *canvas) sidePager(area layout.Rect, page, pages int, to func(int) Place) layout.Rect {
	gap := c.gap(24, 20, 8)
	side, rest := area.CutRight(c.sideWidth(area), gap)
	pair := side.Grid(1, 2, gap, gap)
	if c.sideBySide(area) {
		pair = side.Columns(2, gap)
	}
	c.turn(pair[0], "chevron-left", "nav.previous", page > 0, to(page-1))
	c.turn(pair[1], "chevron-right", "nav.next", page < pages-1, to(page+1))
	return rest
}

// sideWidth returns how wide the page buttons at the end of a list are.
func (c *canvas) sideWidth(area layout.Rect) float32 {
	if c.sideBySide(area) {
		return 2*c.hand(148, 136, 80) + c.gap(24, 20, 8)
	}
	return c.hand(148, 136, 80)
}

// sideBySide reports whether they are too low to stand above one another.
func (c *canvas) sideBySide(area layout.Rect) bool {
	return area.H < 2*c.hand(128, 128, 68)+c.gap(24, 20, 8)
}

// underPager returns what is left of a list above its pager.
func (c *canvas) underPager(area layout.Rect) layout.Rect {
	if c.class == look.Small && !c.low {
		return area
	}
	_, rest := area.CutBottom(c.hand(112, 128, 72), c.gap(16, 20, 8))
	return rest
}

// backBar draws the way home, where it is on the rail, and the way back, always
// at the same place, and returns what is left of the hand zone.
func (c *canvas) backBar() layout.Rect {
	gap := c.gap(24, 16, 8)
	home, rest := c.handZone().CutLeft(c.hand(148, 136, 88), gap)
	c.square(home, "home", c.words.T("nav.home"), Go{Home{}})
	b := button{icon: "arrow-left", label: c.words.T("nav.back"), means: Back{}}
	back, after := rest.CutLeft(c.width(b), gap)
	if after.W < c.of(460, 420, 240) { // no room for a word beside the icon
		back, after = rest.CutLeft(home.W, gap)
		c.square(back, b.icon, b.label, b.means)
		return after
	}
	c.button(back, b)
	return after
}

// pagerWidth returns how wide a pager is.
func (c *canvas) pagerWidth() float32 {
	words := c.line(c.words.T("nav.page_of", "n", 8, "total", 8), c.pagerType()).w
	return 2*c.hand(148, 136, 80) + max(c.of(190, 150, 90), words+2*c.of(16, 12, 8))
}

func (c *canvas) pagerType() look.Type { return c.ty.Title.At(c.of(40, 36, 24)).Digits() }

// pager draws the two page buttons and where one is at the end of r, and
// returns what is left of r.
func (c *canvas) pager(r layout.Rect, page, pages int, to func(int) Place) layout.Rect {
	if pages < 2 {
		return r
	}
	side := c.hand(148, 136, 80)
	if r.W < c.pagerWidth() { // no room to say where one is
		side = min(side, (r.W-c.gap(24, 16, 8))/2)
		c.turn(layout.Rect{X: r.X, Y: r.Y, W: side, H: r.H}, "chevron-left", "nav.previous", page > 0, to(page-1))
		c.turn(layout.Rect{X: r.Right() - side, Y: r.Y, W: side, H: r.H}, "chevron-right", "nav.next", page < pages-1, to(page+1))
		return layout.Rect{X: r.Right(), Y: r.Y, H: r.H}
	}
	block, rest := r.CutRight(c.pagerWidth(), c.of(24, 16, 8))
	c.turn(layout.Rect{X: block.X, Y: block.Y, W: side, H: block.H}, "chevron-left", "nav.previous", page > 0, to(page-1))
	c.turn(layout.Rect{X: block.Right() - side, Y: block.Y, W: side, H: block.H}, "chevron-right", "nav.next", page < pages-1, to(page+1))
	t := c.pagerType()
	c.text(c.words.T("nav.page_of", "n", page+1, "total", pages), t, block.MidX(), block.MidY()+t.Middle(), middle, c.Ink)
	return rest
}

func (c *canvas) turn(r layout.Rect, icon, key string, on bool, to Place) {
	label := c.words.T(key)
	if !on {
		c.faded(.45, func() {
			c.box(r, box{fill: c.Surface, radius: c.of(40, 40, 22)})
			c.icon(icon, r.Center(c.of(72, 68, 44), c.of(72, 68, 44)), 2.6, c.Ink)
		})
		c.dead(r, label)
		return
	}
	means := render.Meaning(Turn{to})
	draw, pressed := c.press(r, means)
	fill := c.Surface
	if pressed {
		fill = c.Bg2
	}
	c.box(draw, box{fill: fill, radius: c.of(40, 40, 22), border: 4, edge: c.LineStrong})
	c.icon(icon, draw.Center(c.of(72, 68, 44), c.of(72, 68, 44)), 2.6, c.Ink)
	c.touch(r, label, means)
}

// chip draws a short fact on a rounded bar with its top left corner at (x, y)
// and returns its width.
func (c *canvas) chip(s string, t look.Type, x, y, h, pad float32, fill, ink color.RGBA) float32 {
	r := c.line(s, t)
	if pad = c.chipPad(pad, fill); pad > 0 {
		c.box(layout.Rect{X: x, Y: y, W: r.w + 2*pad, H: h}, box{fill: fill, radius: h * .32})
	}
	c.put(r, x+pad, y+h/2+t.Middle(), start, ink)
	return r.w + 2*pad
}

// chipPad returns how far a chip reaches beyond its words: one of the ground's
// colour has no shape.
func (c *canvas) chipPad(pad float32, fill color.RGBA) float32 {
	if fill == c.Bg {
		return 0
	}
	return pad
}

// dayChip draws a day in its colour, as dates are everywhere.
func (c *canvas) dayChip(s string, weekday int, t look.Type, x, y, h, pad float32) float32 {
	fill, on := c.weekday(weekday)
	return c.chip(s, t, x, y, h, pad, fill, on)
}

// weekday returns a weekday's colours, or neutral ones in a house that does not
// use them.
func (c *canvas) weekday(d int) (fill, on color.RGBA) {
	switch {
	case c.Plain:
		return c.Bg, c.Ink
	case c.b == nil || !c.b.Weekdays:
		return c.Bg2, c.Ink
	}
	day := c.Weekday(d)
	return day.Fill, day.On
}

// dayColour returns the colour of a day as an edge has it, or a neutral one in a
// house that does not use them.
func (c *canvas) dayColour(day time.Time) color.RGBA {
	d := int(day.Weekday())
	if fill, _ := c.weekday(d); fill != c.Weekday(d).Fill {
		return fill
	}
	return c.Weekday(d).Edge
}

// dayEdge draws the start of a card in the colour of a day, where days have
// colours.
func (c *canvas) dayEdge(card layout.Rect, day time.Time) {
	if c.Plain || !c.b.Weekdays {
		return
	}
	in := card.Inset(c.edge)
	edge, _ := in.CutLeft(c.of(18, 18, 9)-c.edge, 0)
	c.box(in, box{fill: c.dayColour(day), radius: c.cardRadius() - c.edge, clip: edge})
}

// segmentWidth returns how wide such a choice is.
func (c *canvas) segmentWidth(choices []choice) float32 {
	ty, pad := c.ty.Title.At(c.of(38, 36, 24)), c.of(40, 36, 18)
	w := 2*c.of(8, 8, 0) + c.gap(6, 6, 4)*float32(len(choices)-1)
	for _, ch := range choices {
		w += c.line(ch.label, ty).w + 2*pad
	}
	return w
}

// segment draws a choice of a few, the chosen one filled, ending at x = right
// and centred on y. It returns where it begins.
func (c *canvas) segment(right, y float32, t color.RGBA, choices []choice) float32 {
	ty := c.ty.Title.At(c.of(38, 36, 24))
	pad, inner := c.of(40, 36, 18), c.hand(96, 96, 72)
	edge, gap := c.of(8, 8, 0), c.gap(6, 6, 4)
	w := c.segmentWidth(choices)
	r := layout.Rect{X: right - w, Y: y - inner/2 - edge, W: w, H: inner + 2*edge}
	if y < c.content().Y {
		c.giveWay(r.X)
	}
	c.box(r, box{fill: c.Surface, radius: c.of(36, 36, 20), shade: c.shade(&look.E1)})
	x := r.X + edge
	for _, ch := range choices {
		line := c.line(ch.label, ty)
		b := layout.Rect{X: x, Y: y - inner/2, W: line.w + 2*pad, H: inner}
		draw, pressed := c.press(b, ch.means)
		ink := c.Ink
		switch {
		case ch.on:
			c.box(draw, box{fill: c.chosen(t), radius: c.of(30, 30, 20)})
			ink = c.OnPrimary
		case pressed:
			c.box(draw, box{fill: c.Bg2, radius: c.of(30, 30, 20)})
		}
		c.put(line, b.MidX(), y+ty.Middle(), middle, ink)
		c.touch(b, ch.label, ch.means)
		x += b.W + gap
	}
	return r.X
}

// A choice is one part of a segment.
type choice struct {
	label string
	means render.Meaning
	on    bool
}

// empty says kindly that there is nothing.
func (c *canvas) empty(r layout.Rect, picto string, t color.RGBA, title, hint string) {
	disc, large := c.of(148, 148, 72), c.of(44, 44, 27)
	hy := c.ty.Body.At(c.of(34, 34, 21))
	if c.class == look.Portrait && r.H > 900 && r.W > 600 { // nor lost on a whole page
		disc, large, hy = 220, 60, hy.At(42)
	}
	ty := c.ty.TitleL.At(large)
	w := r.W - c.of(48, 48, 20)
	titles, hints := c.wrap(title, ty, w, 2), c.wrap(hint, hy, w, 2)
	for _, f := range []float32{.88, .78} {
		if whole(titles, title) {
			break
		}
		ty = ty.At(c.legible(large * f))
		titles = c.wrap(title, ty, w, 2)
	}
	h := disc + c.of(16, 16, 8) + float32(len(titles))*ty.Size*ty.Line + float32(len(hints))*hy.Size*hy.Line
	if h > r.H { // a flat card: words only
		disc = 0
		h = float32(len(titles))*ty.Size*ty.Line + float32(len(hints))*hy.Size*hy.Line
	}
	if h > r.H { // or even those of the title
		hints = nil
		if h = float32(len(titles)) * ty.Size * ty.Line; h > r.H {
			ty = ty.At(c.ty.Min.Size)
			titles = c.wrap(title, ty, w, 2)
			h = float32(len(titles)) * ty.Size * ty.Line
		}
	}
	y := r.MidY() - h/2
	if disc > 0 {
		d := layout.Rect{X: r.MidX() - disc/2, Y: y, W: disc, H: disc}
		c.box(d, box{fill: t, radius: disc / 2})
		c.picto(picto, d.Center(disc*.62, disc*.62))
		y += disc + c.of(16, 16, 8)
	}
	y = c.paragraph(titles, ty, r.MidX(), y, middle, c.Ink)
	c.paragraph(hints, hy, r.MidX(), y, middle, c.Ink2)
}

// card draws a card.
func (c *canvas) card(r layout.Rect) {
	c.ear.card(c.rect(r))
	c.box(r, box{fill: c.Surface, radius: c.cardRadius(), shade: c.shade(&look.E1)})
}

func (c *canvas) cardRadius() float32 { return c.of(36, 36, 20) }

// pressCard draws a card that can be touched, and returns it as it looks now.
func (c *canvas) pressCard(r layout.Rect, label string, means render.Meaning, b box) layout.Rect {
	draw, pressed := c.press(r, means)
	if b.fill.A == 0 && b.border == 0 {
		b.fill = c.Surface
	}
	b.radius = c.cardRadius()
	if b.shade == nil && b.fill.A != 0 {
		b.shade = c.shade(&look.E1)
	}
	if pressed && b.fill == c.Surface {
		b.fill = c.Surface2
	}
	c.box(draw, b)
	c.touch(r, label, means)
	return draw
}

// darker returns a colour as it looks when pressed.
func darker(col color.RGBA) color.RGBA {
	return color.RGBA{uint8(int(col.R) * 3 / 4), uint8(int(col.G) * 3 / 4), uint8(int(col.B) * 3 / 4), col.A}
}

// name draws somebody's name centred at x in the width w, its first line box
// beginning at y: on one line while that fits, else on two, never cut off while
// there is a smaller size.
func (c *canvas) name(s string, t look.Type, x, y, w, h float32, col color.RGBA) {
	if one, ok := c.fits(s, t, w, t.Size, t.Size*.91, t.Size*.82); ok {
		c.text(s, one, x, y+h/2+one.Middle(), middle, col)
		return
	}
	two := t
	var lines []run
	for _, f := range []float32{.86, .82, .77, .73} {
		two = t.At(c.legible(t.Size * f))
		two.Line = min(1.08, max(1, h/(2*two.Size))) // closer where there is little room
		lines = c.wrap(s, two, w, 2)
		if whole(lines, s) {
			break
		}
	}
	c.paragraph(lines, two, x, max(y, y+h/2-float32(len(lines))*two.Size*two.Line/2), middle, col)
}

// titleLines breaks a title into n lines at most, and where they do not hold it,
// three, smaller as it needs to be and never cut off while there is a smaller size
//
func (c *canvas) titleLines(s string, t look.Type, w float32, n int) ([]run, look.Type) {
	for _, f := range []float32{1, .92, .84, .76, .7} {
		ty := t.At(c.legible(t.Size * f))
		if lines := c.wrap(s, ty, w, n); whole(lines, s) {
			return lines, ty
		}
	}
	ty := t.At(c.ty.Min.Size)
	return c.wrap(s, ty, w, max(n, 3)), ty
}

// whole reports whether lines say all of s, and no word of it was broken.
func whole(lines []run, s string) bool {
	var said strings.Builder
	for _, l := range lines {
		for word := range strings.FieldsSeq(l.line.Text) {
			said.WriteString(word)
		}
	}
	rest := said.String()
	for word := range strings.FieldsSeq(s) {
		after, ok := strings.CutPrefix(rest, word)
		if !ok {
			return false
		}
		rest = after
	}
	return rest == ""
}

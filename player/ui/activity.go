package ui

import (
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// activity draws one activity: what, when, where, who, and the way in.
func (c *canvas) activity(p Activity) {
	a, _ := c.b.Activity(p.On)
	c.page()
	switch c.class {
	case look.Portrait:
		c.activityPortrait(a)
	case look.Small:
		c.activitySmall(a)
	default:
		c.activityLandscape(a)
	}
	c.joinBar(a)
}

func (c *canvas) activityLandscape(a board.Activity) {
	col := c.column()
	col = layout.Rect{X: col.X, Y: 40, W: col.W, H: c.handZone().Y - 24 - 40}
	left, right := col.CutLeft(704, 48)
	bring := a.Bring
	if len(bring) > 0 {
		pic, rest := left.CutTop(508+max(0, c.h-1080), 24)
		c.activityPicture(pic, a)
		c.bringCard(rest, bring)
	} else {
		c.activityPicture(left, a)
	}
	clock := c.clock(right.Right(), right.Y+38.9)
	y := c.activityTitle(layout.Rect{X: right.X, Y: right.Y - 4, W: clock - 32 - right.X, H: 118}, a)
	y = c.activityFacts(layout.Rect{X: right.X, Y: y, W: right.W, H: 0}, a)
	top := min(max(y+16, right.Y+450), right.Bottom()-300)
	c.crowdCard(layout.Rect{X: right.X, Y: top, W: right.W}.To(right.Bottom()), c.words.T("activity.who"), a.Crowd, a.Waiting)
}

func (c *canvas) activityPortrait(a board.Activity) {
	col := c.column()
	col = layout.Rect{X: col.X, Y: 40, W: col.W, H: c.handZone().Y - 24 - 40}
	pic, rest := col.CutTop(min(560, max(200, col.H-1100)), 24)
	c.activityPicture(pic, a)
	clock := c.clock(rest.Right(), rest.Y+44)
	y := c.activityTitle(layout.Rect{X: rest.X, Y: rest.Y - 8, W: clock - 32 - rest.X, H: 118}, a)
	y = c.activityFacts(layout.Rect{X: rest.X, Y: y, W: rest.W, H: 0}, a) + 16
	below := layout.Rect{X: rest.X, Y: y, W: rest.W, H: rest.Bottom() - y}
	if len(a.Bring) > 0 {
		var card layout.Rect
		if below.H > 300+24+280 {
			card, below = below.CutBottom(300, 24)
			c.bringCard(card, a.Bring)
		}
	}
	c.crowdCard(below, c.words.T("activity.who"), a.Crowd, a.Waiting)
}

func (c *canvas) activitySmall(a board.Activity) {
	col := c.column()
	col = layout.Rect{X: col.X, Y: 12, W: col.W}.To(c.handZone().Y - 8)
	left, right := col.CutLeft(min(300, col.W*.42), 16)
	clock := c.clock(col.Right(), col.Y+22)
	pic, rest := left.CutTop(min(130, max(64, col.H-178)), 10)
	c.activityPicture(pic, a)
	c.activityFacts(rest, a)
	c.activityTitle(layout.Rect{X: right.X, Y: right.Y + 2, W: clock - 12 - right.X, H: 64}, a)
	c.crowdCard(layout.Rect{X: right.X, Y: right.Y + 74, W: right.W, H: right.H - 74}, c.words.T("activity.who"), a.Crowd, a.Waiting)
}

// activityPicture draws the photo of an activity or its pictogram, large.
func (c *canvas) activityPicture(r layout.Rect, a board.Activity) {
	radius := c.of(44, 44, 22)
	c.box(r, box{fill: c.tintOf(a.Picto), radius: radius, shade: c.shade(&look.E1)})
	size := min(c.of(240, 240, 90), r.H*.7)
	if a.Picto != "" && a.Picture == "" {
		c.picto(a.Picto, r.Center(size, size))
	}
	if a.Picture != "" {
		c.photo(a.Picture, r, r, radius)
	}
}

// activityTitle draws the title in a box and returns where the facts begin.
func (c *canvas) activityTitle(r layout.Rect, a board.Activity) float32 {
	title := c.say(a.Title)
	c.lead(r)
	t := c.ty.Display.At(c.of(108, 96, 40))
	t.Line = 1.05
	t, one := c.fits(title, t, r.W, t.Size, t.Size*.88, t.Size*.78, t.Size*.68)
	n := 1
	if !one {
		t, n = t.At(c.of(66, 62, 30)), 2
	}
	lines := c.wrap(title, t, r.W, n)
	y := r.Y
	c.recorded(a.Sound, func() { y = c.paragraph(lines, t, r.X, r.Y, start, c.Ink) })
	return max(y+c.of(10, 12, 4), r.Y+c.of(133, 112, 50))
}

// A fact is one line about an activity.
type fact struct {
	icon string
	text string
	bold bool
}

// activityFacts draws when, where, how much and with whom, and returns where
// they end.
func (c *canvas) activityFacts(r layout.Rect, a board.Activity) float32 {
	when := c.words.T("time.day_at", "day", c.words.Day(a.Starts, c.now), "time", c.words.Clock(a.Starts))
	if !a.Ends.IsZero() {
		when = c.words.T("time.range", "from", when, "to", c.words.Clock(a.Ends))
	}
	facts := []fact{{"clock", when, true}}
	if !a.Place.IsZero() {
		facts = append(facts, fact{"map-pin", c.say(a.Place), false})
	}
	if a.Price > 0 {
		facts = append(facts, fact{"cash", c.words.T("activity.price", "n", a.Price), false})
	}
	icon, gap, step := c.of(52, 50, 30), c.of(20, 18, 8), c.of(68.5, 66, 33)
	y := r.Y
	room := func(h float32) bool { return r.H == 0 || y+h <= r.Bottom()+4 } // as far as they go
	for i, f := range facts {
		if !room(step) {
			return y
		}
		t := c.ty.Body.At(c.of(42, 40, 22))
		if f.bold {
			t = c.ty.Title.At(c.of(46, 44, 23)).Digits()
		}
		mid := y + c.of(28, 28, 15)
		c.icon(f.icon, layout.Rect{X: r.X, Y: mid - icon/2, W: icon, H: icon}, 2.2, c.Ink)
		x := r.X + icon + gap
		wide := r.W - icon - gap
		t, _ = c.fits(f.text, t, wide, t.Size, t.Size*.9, t.Size*.8)
		w := float32(0)
		lines := c.wrap(f.text, t, wide, 2)
		for i, l := range lines {
			c.ear.goesOn(i > 0)
			w = c.put(l, x, mid+t.Middle(), start, c.Ink)
			if i < len(lines)-1 {
				mid += t.Size * 1.15
				y += t.Size * 1.15
			}
		}
		c.ear.goesOn(false)
		if i == 0 {
			c.factChip(x+w+20, mid, r.Right(), a)
		}
		y += step
	}
	if len(a.Leaders) > 0 && room(c.of(76, 72, 40)) {
		y = c.leaders(r, y, a.Leaders)
	}
	if line := c.deadline(a); line != "" && len(facts) < 3 && c.class != look.Small {
		t := c.ty.Body.At(c.of(36, 36, 20))
		c.icon("alarm", layout.Rect{X: r.X, Y: y, W: icon, H: icon}, 2.2, c.Ink2)
		c.text(line, t, r.X+icon+gap, y+icon/2+t.Middle(), start, c.Ink2)
		y += step
	}
	return y
}

// factChip says how soon it is, where there is room.
func (c *canvas) factChip(x, mid, right float32, a board.Activity) {
	word, fill, ink := c.statusWord(a, true)
	t := c.ty.Title.At(c.of(34, 34, 20))
	h, pad := c.of(50.5, 50, 28), c.of(20, 18, 8)
	if word == "" || DateOf(a.Starts) != DateOf(c.now) && !a.Cancelled || x+c.line(word, t).w+2*pad > right {
		return
	}
	c.chip(word, t, x, mid-h/2, h, pad, fill, ink)
}

func (c *canvas) leaders(r layout.Rect, y float32, leaders []board.Person) float32 {
	size := c.of(76, 72, 40)
	x := r.X - 2
	for _, p := range leaders[:min(2, len(leaders))] {
		c.avatar(p, x, y, size, face{ring: c.Bg, ringW: c.of(4, 4, 2)})
		x += size - overlap(size)
	}
	x += overlap(size) + c.of(20, 20, 10)
	words := c.words.T("activity.leads_one", "name", leaders[0].Name.Reveal())
	if len(leaders) > 1 {
		words = c.words.T("activity.leads_two", "first", leaders[0].Name.Reveal(), "second", leaders[1].Name.Reveal())
	}
	t := c.ty.Body.At(c.of(42, 40, 22))
	t, _ = c.fits(words, t, r.Right()-x, t.Size, t.Size*.9, t.Size*.8)
	t.Line = 1.08
	lines := c.wrap(words, t, r.Right()-x, 2)
	c.paragraph(lines, t, x, y+size/2-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
	return y + size + 12
}

// deadline says until when one can sign up, while one can.
func (c *canvas) deadline(a board.Activity) string {
	if a.Deadline.IsZero() || a.Door(c.now) > board.ListOnly {
		return ""
	}
	return c.words.T("activity.deadline", "when", c.dayTime(a.Deadline))
}

// bringCard lists what to bring.
func (c *canvas) bringCard(r layout.Rect, items []board.Item) {
	c.card(r)
	icon := c.of(42, 42, 24)
	c.icon("backpack", layout.Rect{X: r.X + 32, Y: r.Y + 24, W: icon, H: icon}, 2.2, c.Ink)
	h := c.ty.Title.At(c.of(32, 32, 20))
	c.text(c.words.T("activity.bring"), h, r.X+32+icon+14, r.Y+24+icon/2+h.Middle(), start, c.Ink)
	items = items[:min(len(items), int(c.of(3, 4, 2)))]
	area := r.Pad(32, 86, 32, 24)
	tile := min(144, area.H-64)
	for i, cell := range area.Columns(max(len(items), int(c.of(3, 4, 2))), 16) {
		if i >= len(items) {
			break
		}
		it := items[i]
		picto := it.Picto
		if picto == "" {
			picto = "backpack"
		}
		b := layout.Rect{X: cell.MidX() - tile/2, Y: cell.Y, W: tile, H: tile}
		c.box(b, box{fill: c.Bg, radius: tile * .28})
		c.picto(picto, b.Center(tile*.66, tile*.66))
		c.name(c.say(it.Title), c.ty.Label.At(c.of(36, 34, 20)), cell.MidX(), b.Bottom()+3, cell.W, 50, c.Ink)
	}
}

// crowdCard shows who comes, what room there is, and who waits.
func (c *canvas) crowdCard(r layout.Rect, title string, crowd board.Crowd, waiting []board.Participant) {
	c.card(r)
	pad, icon := c.of(28, 28, 12), c.of(44, 44, 24)
	c.icon("users", layout.Rect{X: r.X + pad, Y: r.Y + c.of(22, 22, 8), W: icon, H: icon}, 2.2, c.Ink)
	h := c.ty.Title.At(c.of(32, 32, 20))
	mid := r.Y + c.of(22, 22, 8) + icon/2
	x := r.X + pad + icon + 14
	x += c.text(title, h, x, mid+h.Middle(), start, c.Ink)
	if words := c.crowdWords(crowd); words != "" {
		t := c.ty.Label.At(c.of(34, 34, 20)).In(600).Digits()
		room := r.Right() - pad - x - 24
		t, _ = c.fits(words, t, room, t.Size, t.Size*.88, t.Size*.78, t.Size*.7)
		for _, l := range c.wrap(words, t, room, 1) {
			c.put(l, r.Right()-pad, mid+t.Middle(), end, c.Ink2)
		}
	}
	area := r.Pad(pad, c.of(80, 80, 38), pad, 0)
	if len(crowd.Shown) == 0 && crowd.Others == 0 && len(waiting) == 0 && crowd.Limit == 0 {
		c.empty(area, "waving-hand-light", c.BookTint, c.words.T("activity.nobody_title"), c.words.T("activity.nobody_hint"))
		return
	}
	c.crowdGrid(area, crowd, waiting)
}

// crowdWords says how many come and how many places are left, in numbers or,
// where numbers would give somebody away, in words.
func (c *canvas) crowdWords(crowd board.Crowd) string {
	n, exact := crowd.Total()
	left := ""
	switch {
	case exact && crowd.Limit > n:
		left = c.words.N("crowd.left", crowd.Limit-n)
	case crowd.Left == board.PlacesFree:
		left = c.words.T("crowd.free")
	case crowd.Left == board.PlacesFew:
		left = c.words.T("crowd.few")
	case crowd.Left == board.PlacesNone:
		left = c.words.T("crowd.full")
	}
	switch {
	case !exact || n == 0:
		return left
	case left == "":
		return c.words.N("crowd.count", n)
	}
	return c.words.Line(c.words.N("crowd.count", n), left)
}

// A seat is one place in the grid of participants.
type seat struct {
	who   *board.Participant
	waits bool
	more  int // this many others who may only be counted
	dots  bool
}

// seats lists who sits where: participants, others, free places, and after
// them the waiting list.
func seats(crowd board.Crowd, waiting []board.Participant, n int) []seat {
	var out []seat
	for i := range crowd.Shown {
		out = append(out, seat{who: &crowd.Shown[i]})
	}
	if crowd.Exact && crowd.Others > 0 {
		out = append(out, seat{more: crowd.Others})
	}
	total, exact := crowd.Total()
	if exact && crowd.Limit > total {
		for range crowd.Limit - total {
			out = append(out, seat{})
		}
	}
	for i := range waiting {
		out = append(out, seat{who: &waiting[i], waits: true})
	}
	if len(out) <= n {
		return out
	}
	// The last seat says that there are more; free places are the first to go.
	for len(out) > n && out[len(out)-1] == (seat{}) {
		out = out[:len(out)-1]
	}
	if len(out) > n {
		hidden := 0
		for _, s := range out[n-1:] {
			if s.who != nil {
				hidden++
			}
			hidden += s.more
		}
		out = append(out[:n-1:n-1], seat{more: hidden, dots: !crowd.Exact})
	}
	return out
}

func (c *canvas) crowdGrid(r layout.Rect, crowd board.Crowd, waiting []board.Participant) {
	size, rowH := c.of(112, 112, 54), c.of(168, 172, 82)
	cols := max(1, min(int(c.of(6, 5, 4)), int(r.W/c.of(150, 140, 78))))
	if r.H < size+c.of(46, 46, 24) {
		return // the heading says how many
	}
	t := c.ty.Label.At(c.of(32, 32, 20)).In(600)
	rows := 1 + max(0, int((r.H-size-c.of(46, 46, 26))/rowH))
	for _, k := range []float32{3, 2.4, 2, 1.7, 1.4} { // as large as has room for all
		big, high, name := size*k, size*k+c.of(64, 68, 34), t.At(t.Size*min(k, 1.3))
		n := max(1, min(cols, int(r.W/(big+c.of(44, 36, 16)))))
		all := len(seats(crowd, waiting, len(crowd.Shown)+crowd.Limit+len(waiting)+1))
		if m := int((r.H + c.of(8, 8, 4)) / high); m > 0 && all > 0 && all <= n*m {
			inRows := (all + n - 1) / n
			size, rowH, rows, t = big, high, m, name
			if cols = n; inRows > 1 { // as many in each
				cols = (all + inRows - 1) / inRows
			}
			if c.class == look.Landscape { // in the middle of what they leave free
				r.Y += max(0, r.H-float32(inRows)*rowH) / 2
			}
			break
		}
	}
	list := seats(crowd, waiting, cols*rows)
	if c.class == look.Small { // as large as the room lets them be
		foot := max(rowH-size, c.legible(t.Size)*1.34+6)
		used := float32((len(list) + cols - 1) / cols)
		if large := min(r.H/max(1, used)-foot, r.W/float32(cols)-12, 100); large > size {
			size, rowH = large, large+foot
		}
	}
	if used := float32((len(list) + cols - 1) / cols); c.class != look.Landscape { // the room that is left is around them
		high := rowH
		if used > 1 {
			rowH = min(max(rowH, r.H/used), rowH*1.25)
		}
		r.Y += max(0, (r.H-used*rowH+rowH-high)/2)
	}
	for i, s := range list {
		cell := layout.Rect{X: r.X + float32(i%cols)*r.W/float32(cols), Y: r.Y + float32(i/cols)*rowH, W: r.W / float32(cols), H: rowH}
		x, y := cell.MidX()-size/2, cell.Y
		switch {
		case s.who != nil:
			draw := func() {
				c.avatar(s.who.Person, x, y, size, face{pending: s.who.Pending})
				c.name(s.who.Name.Reveal(), t, cell.MidX(), y+size+c.of(2, 2, 0), cell.W-c.of(8, 8, 2), t.Size*1.34, c.Ink)
			}
			if s.waits {
				c.faded(.55, draw)
				c.waitMark(x, y, size)
			} else {
				draw()
			}
		case s.dots:
			c.disc(cell.MidX(), y+size/2, size/2, c.Bg2)
			c.icon("dots", layout.Rect{X: x, Y: y, W: size, H: size}.Center(size*.5, size*.5), 2.6, c.Ink)
		case s.more > 0:
			c.disc(cell.MidX(), y+size/2, size/2, c.Bg2)
			mt := c.ty.Title.At(size * .38).In(800).Digits()
			c.text("+"+itoa(s.more), mt, cell.MidX(), y+size/2+mt.Middle(), middle, c.Ink)
		default:
			c.free(x, y, size)
		}
	}
}

// waitMark puts a clock on somebody who waits for a place.
func (c *canvas) waitMark(x, y, size float32) {
	bx, by, br := x+size*.88, y+size*.88, size*.19
	c.disc(bx, by, br+4, c.Surface)
	c.disc(bx, by, br, c.Wait)
	c.icon("clock", layout.Rect{X: bx, Y: by}.Inset(-br*.66), 2.6, c.Surface)
}

// joinBar draws the way back and the way in, or why there is none.
func (c *canvas) joinBar(a board.Activity) {
	rest := c.backBar()
	b := button{icon: "user-plus", label: c.words.T("activity.join"), means: Join{a.Ref}, kind: primary, size: c.of(52, 46, 27)}
	switch door := a.Door(c.now); {
	case door == board.Over:
		return
	case door == board.Cancelled:
		b = button{icon: "ban", label: c.words.T("activity.cancelled"), reason: true}
	case door == board.Shut:
		b = button{icon: "ban", label: c.words.T("activity.closed"), reason: true}
	case c.b.Masked:
		b = button{icon: "shield-lock", label: c.words.T("masked.join"), reason: true}
	case door == board.ListOnly:
		b.label, b.icon = c.words.T("activity.waitlist"), "clock"
	}
	r, _ := rest.CutRight(min(c.width(b)+c.of(32, 0, 0), rest.W), 0)
	if c.class != look.Landscape {
		r = rest
	}
	c.button(r, b)
}

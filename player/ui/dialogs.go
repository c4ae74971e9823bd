package ui

import (
	"slices"
	"time"

	"tavle/assets/lang"
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// confirm says what became of a touch, and offers to undo it for as long as the
// button's bar lasts.
func (c *canvas) confirm(m Model, o Confirm) {
	who, _ := c.b.Person(o.Who)
	crowd, _ := c.b.Crowd(o.On)
	head, note, ok := c.outcome(m, o, crowd, who)
	inner := c.dialog(c.of(1340, 1000, 780), c.of(872, 1180, 464))
	title, picto, when := c.lookUp(o.On)
	said := title
	if m, there := c.b.Meal(o.On); there && o.Plate != "" && ok != refused {
		title, picto = c.plateWords(m, o.Plate)
	}
	buttons, rest := inner.CutBottom(c.hand(148, 148, 80), c.of(40, 40, 12))
	facts, top := rest.CutBottom(c.of(180, 180, 84), c.of(40, 40, 12))

	c.confirmHead(top, who, head, face{check: ok == settled, pending: ok == onItsWay, back: c.Surface})
	if note != "" {
		when = note
	}
	c.factsCard(facts, title, picto, when)
	if o.Plate != "" && !m.Headphones { // which dish it is, others do not hear
		c.tell(facts, func() []render.Phrase { return []render.Phrase{c.phrase(said), c.phrase(when)} })
	}

	undo := button{icon: "arrow-back-up", label: c.words.T("confirm.undo"), means: Undo{o.On, o.Who}, kind: secondary, size: c.of(48, 46, 27)}
	if o.Again { // what it was before is not known here
		undo.label, undo.means = c.words.T("plate.again"), ChangePlate{o.On, o.Who}
	}
	undo.drain = c.drain(o.Since)
	done := button{icon: "check", label: c.words.T("confirm.done"), means: Close{}, kind: primary, size: c.of(48, 46, 27)}
	pair := buttons.Columns(2, c.gap(28, 24, 12))
	if ok != refused { // the other button stands where it stood when the hub says no
		c.button(pair[0], undo)
	}
	c.button(pair[1], done)
}

// drain returns how much of the time to undo is left, of a dialog that opened at
// since, in Unix milliseconds.
func (c *canvas) drain(since int64) float32 {
	return min(1, 1-float32(c.now.Sub(time.UnixMilli(since)))/float32(look.IdleConfirm))
}

type outcome uint8

const (
	settled outcome = iota
	onItsWay
	waitlisted
	refused
)

// outcome words what became of a sign-up. While the hub can be reached it is
// worded as done: its answer comes within the blink of an eye, and if it is no,
// the words change.
func (c *canvas) outcome(m Model, o Confirm, crowd board.Crowd, who board.Person) (head, note string, is outcome) {
	name := who.Name.Reveal()
	p, waits, in := crowd.Has(o.Who)
	switch {
	case p.Refused && o.Plate != "":
		return c.words.T("confirm.refused", "name", name), c.words.T("confirm.ask_staff"), refused
	case !in:
		note = c.words.T("confirm.ask_staff")
		if crowd.Left == board.PlacesNone {
			note = c.words.T(joining(o.On).full)
		}
		return c.words.T("confirm.refused", "name", name), note, refused
	case waits:
		return c.words.T("confirm.waiting", "name", name), "", waitlisted
	case p.Pending && !m.Link.Live:
		return c.words.T("confirm.noted", "name", name), c.words.T("confirm.offline"), onItsWay
	}
	return c.words.T(joining(o.On).in, "name", name), "", settled
}

// confirmHead draws the face and the words beside or below it.
func (c *canvas) confirmHead(r layout.Rect, who board.Person, head string, f face) {
	t := c.ty.Display.At(c.of(112, 92, 42))
	t.Line = 1.04
	if c.class == look.Portrait {
		size := min(340, r.H-240)
		c.avatar(who, r.MidX()-size/2, r.Y, size, f)
		text := r.Pad(0, size+24, 0, 0)
		lines, t := c.headline(head, t, text.W)
		c.paragraph(lines, t, text.MidX(), text.MidY()-float32(len(lines))*t.Size*t.Line/2, middle, c.Ink)
		return
	}
	size := min(c.of(340, 0, 150), r.H)
	c.avatar(who, r.X, r.MidY()-size/2, size, f)
	text := r.Pad(size+c.of(64, 0, 24), 0, 0, 0)
	lines, t := c.headline(head, t, text.W)
	c.paragraph(lines, t, text.X, text.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
}

// headline breaks words into two lines, three at most, smaller where it must
// be, so that no name is cut off.
func (c *canvas) headline(s string, t look.Type, w float32) ([]run, look.Type) {
	for _, f := range []float32{1, .86, .74, .64} {
		ty := t.At(c.legible(t.Size * f))
		if lines := c.wrap(s, ty, w, 2); whole(lines, s) && c.narrow(lines, w) {
			return lines, ty
		}
	}
	ty := t.At(c.legible(t.Size * .56))
	return c.wrap(s, ty, w, 3), ty
}

// narrow reports whether every line fits: a single long word does not break.
func (c *canvas) narrow(lines []run, w float32) bool {
	for _, l := range lines {
		if l.w > w+1 {
			return false
		}
	}
	return true
}

// factsCard draws what somebody signed up for.
func (c *canvas) factsCard(r layout.Rect, title, picto, when string) {
	c.box(r, box{fill: c.Bg, radius: c.cardRadius(), panel: true})
	tile := c.of(128, 124, 60)
	t := layout.Rect{X: r.X + c.of(32, 28, 12), Y: r.MidY() - tile/2, W: tile, H: tile}
	c.tile(picto, t)
	x := t.Right() + c.of(30, 28, 14)
	room := r.Right() - c.of(32, 28, 12) - x
	ty := c.ty.Title.At(c.of(60, 50, 27))
	ty.Line = 1.1
	ty, _ = c.fits(title, ty, room, ty.Size, ty.Size*.86, ty.Size*.74, ty.Size*.64)
	sub := c.ty.Body.At(c.of(44, 38, 21)).Digits()
	sub.Line = 1.2
	sub, _ = c.fits(when, sub, room, sub.Size, sub.Size*.9, sub.Size*.8)
	subs := c.wrap(when, sub, room, 2)
	h := ty.Size*ty.Line + float32(len(subs))*sub.Size*sub.Line
	y := c.paragraph(c.wrap(title, ty, room, 1), ty, x, r.MidY()-h/2, start, c.Ink)
	c.paragraph(subs, sub, x, y, start, c.Ink2)
}

// askLeave asks before it takes somebody off a list: a touch on one's own
// picture may have meant "am I on it?".
func (c *canvas) askLeave(o AskLeave) {
	who, _ := c.b.Person(o.Who)
	meal, _ := c.b.Meal(o.On)
	two, h := meal.Alternative != nil, c.of(760, 1100, 464)
	if two {
		h += c.of(160, 176, 0)
	}
	change := button{icon: "arrows-exchange", label: c.words.T("plate.change"), means: ChangePlate{o.On, o.Who}, kind: secondary, size: c.of(44, 40, 24)}
	inner := c.dialog(c.of(1340, 1000, 780), h)
	title, picto, when := c.lookUp(o.On)
	crowd, _ := c.b.Crowd(o.On)
	if p, _, _ := crowd.Has(o.Who); p.Auto { // they did not touch anything, and wonder
		when += " · " + c.words.T("meal.auto")
	}
	gap := c.of(40, 40, 12)
	if two && c.class != look.Small {
		gap = c.gap(40, 40, 12)
	}
	buttons, rest := inner.CutBottom(c.hand(148, 148, 80), gap)
	if two && c.class != look.Small {
		var other layout.Rect
		other, rest = rest.CutBottom(c.hand(128, 136, 72), c.gap(32, 40, 10))
		c.button(other, change)
	}
	facts, top := rest.CutBottom(c.of(180, 180, 84), c.of(40, 40, 12))
	c.confirmHead(top, who, c.words.T(joining(o.On).leave+"question", "name", who.Name.Reveal()), face{back: c.Surface})
	c.factsCard(facts, title, picto, when)
	if two && c.class == look.Small {
		three := buttons.Columns(3, c.gap(28, 24, 12))
		c.button(three[1], change)
		c.leaveButtons(three[0], three[2], o)
		return
	}
	pair := buttons.Columns(2, c.gap(28, 24, 12))
	c.leaveButtons(pair[0], pair[1], o)
}

// leaveButtons draws the two answers.
func (c *canvas) leaveButtons(yes, no layout.Rect, o AskLeave) {
	c.button(yes, button{icon: "x", label: c.words.T(joining(o.On).leave + "yes"), means: Leave{o.On, o.Who}, kind: secondary, size: c.of(44, 40, 24)})
	c.button(no, button{icon: "check", label: c.words.T(joining(o.On).leave + "no"), means: Close{}, kind: primary, size: c.of(44, 40, 24)})
}

// failed says that a touch could not be kept, and whom to tell.
func (c *canvas) failed() {
	inner := c.dialog(c.of(1200, 960, 700), c.of(456, 580, 240))
	ok, rest := inner.CutBottom(c.hand(128, 136, 76), c.of(40, 40, 12))
	c.iconHead(rest, "alert-triangle", c.Warn, c.WarnTint, c.words.T("saving.failed"), c.words.T("saving.staff"))
	b, _ := ok.CutRight(min(ok.W, c.of(420, 420, 280)), 0)
	c.button(b, button{icon: "check", label: c.words.T("saving.ok"), means: Close{}, kind: primary})
}

// iconHead draws an icon on a tint with a title and a sentence, side by side.
func (c *canvas) iconHead(r layout.Rect, icon string, ink, tint rgba, title, text string) {
	disc := min(c.of(148, 148, 76), r.H)
	x := r.X + disc + c.of(36, 32, 16)
	t := c.ty.H1.At(c.of(80, 68, 32))
	t, one := c.fits(title, t, r.Right()-x, t.Size, t.Size*.9, t.Size*.8, t.Size*.72)
	lines := c.wrap(title, t, r.Right()-x, 1)
	if !one {
		lines, t = c.headline(title, c.ty.H1.At(c.of(80, 68, 32)), r.Right()-x)
	}
	bt := c.ty.Body.At(c.of(42, 40, 22))
	texts := c.wrap(text, bt, r.Right()-x, max(3, int((r.H-float32(len(lines))*t.Size*t.Line)/(bt.Size*bt.Line))))
	words := float32(len(lines))*t.Size*t.Line + c.of(8, 8, 4) + float32(len(texts))*bt.Size*bt.Line
	top := r.Y + max(0, (r.H-max(disc, words))/2)
	d := layout.Rect{X: r.X, Y: top, W: disc, H: disc}
	c.box(d, box{fill: tint, radius: disc / 2})
	c.icon(icon, d.Center(disc*.62, disc*.62), 1.9, ink)
	y := c.paragraph(lines, t, x, top, start, c.Ink) + c.of(8, 8, 4)
	c.paragraph(texts, bt, x, y, start, c.Ink2)
}

// offlineInfo explains what works without network and what waits.
func (c *canvas) offlineInfo(m Model) {
	inner := c.dialog(c.of(1476, 1000, 784), c.of(800, 1300, 464))
	ok, rest := inner.CutBottom(c.hand(128, 136, 72), c.of(40, 40, 10))
	high := c.of(148, 240, 84)
	tight := c.class == look.Small && rest.H-high-10 < 106 // then the lists come first
	if tight {
		high = 48
	}
	head, rest := rest.CutTop(high, c.of(40, 32, 10))
	since := m.Link.DownSince
	text := ""
	if !since.IsZero() && !tight {
		text = c.words.T("offline.since", "when", c.since(since))
	}
	if m.stale() >= warnAfter {
		text += " " + c.words.T("masked.tell")
	}
	c.iconHead(head, "cloud-off", c.Wait, c.WaitTint, c.words.T("offline.title"), text)
	var works, waits layout.Rect
	waiting := c.waits(int(c.of(3, 5, 2)))
	if c.class == look.Portrait {
		// By what stands on each: its title, and its lines.
		works, waits = rest.CutTop((rest.H-24)*4.6/(6.2+float32(len(waiting))), 24)
	} else {
		pair := rest.Columns(2, c.of(28, 0, 10))
		works, waits = pair[0], pair[1]
	}
	c.listPanel(works, "circle-check", c.words.T("offline.works"), c.Ok, c.OkTint, c.brief(works, []listLine{
		{icon: "calendar-event", text: c.words.T("offline.works_see")},
		{icon: "user-plus", text: c.words.T("offline.works_join")},
		{icon: "id-badge-2", text: c.words.T("offline.works_roster")},
	}, []listLine{
		{icon: "calendar-event", text: c.words.T("nav.activities")},
		{icon: "tools-kitchen-2", text: c.words.T("nav.meals")},
		{icon: "id-badge-2", text: c.words.T("nav.roster")},
	}))
	if last := len(waiting) - 1; waiting[last].icon == "news" {
		waiting = c.brief(waits, waiting, append(slices.Clone(waiting[:last]), listLine{icon: "news", text: c.words.T("nav.news")}))
	}
	c.listPanel(waits, "clock", c.words.T("offline.waits"), c.Wait, c.WaitTint, waiting)
	b, _ := ok.CutRight(min(ok.W, c.of(420, 420, 260)), 0)
	c.button(b, button{icon: "check", label: c.words.T("offline.ok"), means: Close{}, kind: primary})
}

// brief returns lines, or where one of them would be cut off as many shorter ones.
func (c *canvas) brief(r layout.Rect, lines, short []listLine) []listLine {
	w := r.W - 2*c.of(34, 34, 12) - c.of(84, 88, 36) - c.of(24, 24, 10)
	t := c.ty.Label.In(600).At(c.legible(c.of(38, 38, 21) * .7))
	for _, l := range lines {
		if c.line(l.text, t).w > w {
			return short
		}
	}
	return lines
}

// since says a moment and, when it is today, that it is.
func (c *canvas) since(t time.Time) string {
	t = t.In(c.now.Location())
	return c.words.T("time.day_at", "day", c.words.DayWithin(t, c.now), "time", c.words.Clock(t))
}

// waits lists what waits for the network: people's sign-ups first.
func (c *canvas) waits(n int) []listLine {
	var out []listLine
	for _, w := range c.b.Waiting {
		if w.Is != "" {
			out = append(out, listLine{who: &w.Who, text: w.Who.Name.Reveal() + ": " + lang.Small(c.words.T(c.bearing(w.Is).word))})
			continue
		}
		title, _, _ := c.lookUp(w.On)
		key := "offline.waits_join"
		switch {
		case w.Says:
			key = "offline.waits_propose"
		case w.Leave:
			key = "offline.waits_leave"
		}
		out = append(out, listLine{who: &w.Who, text: c.words.T(key, "name", w.Who.Name.Reveal(), "what", lang.Small(title))})
	}
	if len(out) > n-1 {
		more := len(out) - (n - 1)
		out = append(out[:n-1], listLine{icon: "dots", text: c.words.T("offline.waits_more", "n", more)})
		return out
	}
	return append(out, listLine{icon: "news", text: c.words.T("offline.waits_news")})
}

// A listLine is one line of a panel, with an icon or a face.
type listLine struct {
	icon string
	who  *board.Person
	text string
}

func (c *canvas) listPanel(r layout.Rect, icon, title string, ink, tint rgba, lines []listLine) {
	c.box(r, box{fill: tint, radius: c.cardRadius(), panel: true})
	pad, size := c.of(34, 34, 12), c.of(52, 52, 26)
	top := r.Y + c.of(26, 30, 10)
	text := c.ty.Label.At(c.of(38, 38, 21)).In(600)
	i := c.of(46, 46, 24)
	col, step, gap := i, c.of(63.5, 80, 36), c.of(18, 20, 10) // all words begin at one x
	for _, l := range lines {
		if l.who != nil {
			col, step, gap = c.of(84, 88, 36), c.of(84, 100, 42), c.of(24, 24, 10)
		}
	}
	y := r.Y + c.of(93.5, 104, 42)
	if col > i {
		y += c.of(8, 0, 0)
	}
	room := r.Bottom() - c.of(12, 16, 4) - y
	lines = lines[:min(len(lines), max(1, int(room/(c.ty.Min.Size*1.15))))]
	step = min(step, room/float32(max(1, len(lines))))
	col, i = min(col, step-4), min(i, step-4)
	at, words := r.X+pad, r.X+pad+size+16
	if c.class != look.Landscape { // below its title
		at, words = at+(col-size)/2, r.X+pad+col+gap
	}
	c.icon(icon, layout.Rect{X: at, Y: top, W: size, H: size}, 2.2, ink)
	t := c.ty.TitleL.At(c.of(42, 42, 24))
	c.text(title, t, words, top+size/2+t.Middle(), start, ink)
	text = text.At(c.legible(min(text.Size, step/1.15)))
	for _, l := range lines {
		x, mid := r.X+pad, y+step/2
		if l.who != nil {
			c.avatar(*l.who, x, mid-col/2, col, face{pending: true})
		} else {
			c.icon(l.icon, layout.Rect{X: x + (col-i)/2, Y: mid - i/2, W: i, H: i}, 2.2, c.Ink)
		}
		x += col + gap
		room := r.Right() - pad - x
		ty, _ := c.fits(l.text, text, room, text.Size, text.Size*.9, text.Size*.8, text.Size*.7)
		c.paragraph(c.wrap(l.text, ty, room, 1), ty, x, mid-ty.Size*ty.Line/2, start, c.Ink)
		y += step
	}
}

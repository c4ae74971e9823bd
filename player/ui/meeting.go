package ui

import (
	"slices"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

type (
	// Meetings is everything people meet about.
	Meetings struct{ Page int }

	// Meeting is one meeting: what it talks about, what is proposed, who comes.
	Meeting struct {
		On        board.Ref
		Agenda    int // page of it
		Proposals int // page of them
	}

	// Proposer asks who has something to propose.
	Proposer struct {
		On   board.Ref
		Page int
	}

	// Phrases asks what somebody proposes: they touch a picture.
	Phrases struct {
		On   board.Ref
		Who  board.PersonID
		Page int
	}

	// Proposed says that a proposal was noted, and offers to undo it.
	Proposed struct {
		On    board.Ref
		Who   board.PersonID
		Says  board.Said
		Since int64 // Unix milliseconds
	}
)

func (Meetings) there(b *board.Board) bool { return b.Has(board.ModuleMeetings) }

func (p Meeting) there(b *board.Board) bool {
	_, ok := b.Meeting(p.On)
	return ok
}

func (p Proposer) there(b *board.Board) bool {
	_, ok := b.Meeting(p.On)
	return ok && !b.Masked
}

func (p Phrases) there(b *board.Board) bool { return shows(b, p.On, p.Who) && !b.Masked }

func (o Proposed) opened() int64             { return o.Since }
func (o Proposed) still(b *board.Board) bool { return shows(b, o.On, o.Who) }

func (p Meetings) draw(c *canvas, _ Model) { c.meetings(p) }
func (p Meeting) draw(c *canvas, _ Model)  { c.meeting(p) }
func (p Proposer) draw(c *canvas, _ Model) { c.proposer(p) }
func (p Phrases) draw(c *canvas, _ Model)  { c.phrases(p) }
func (o Proposed) draw(c *canvas, m Model) { c.proposed(m, o) }

// proposing reports whether one can propose something to the meeting on now.
func (m Model) proposing(on board.Ref) bool {
	x, ok := m.Board.Meeting(on)
	return ok && x.Proposing(m.Now) == board.Open && !m.Board.Masked
}

func (a Suggest) act(m Model) (Model, []Effect) {
	if m.proposing(a.On) {
		m = m.push(Proposer{On: a.On})
	}
	return m, nil
}

// act notes what somebody proposes and goes back to the meeting.
func (a Propose) act(m Model) (Model, []Effect) {
	if p, ok := m.Board.Person(a.Who); !ok || !p.SignUp || !m.proposing(a.On) || a.Says.Text == "" {
		return m, nil
	}
	m.Stack = slices.Clone(m.Stack)
	for len(m.Stack) > 1 {
		switch m.place().(type) {
		case Phrases, Proposer:
			m.Stack = m.Stack[:len(m.Stack)-1]
			continue
		}
		break
	}
	m.Over, m.Toast = Proposed{a.On, a.Who, a.Says, m.Now.UnixMilli()}, Toast{}
	return m, []Effect{Say(a)}
}

func (a Retract) answer(m Model) (Model, []Effect) {
	m.Over = nil
	return m, []Effect{Unsay(a)}
}

// meetingPicto stands for a meeting wherever a pictogram does.
const meetingPicto = "speech-balloon"

// orBulb returns the pictogram of a proposal, or one for any.
func orBulb(picto string) string {
	if picto == "" {
		return "light-bulb"
	}
	return picto
}

// meetings draws the meetings, a card each: the next first, and those that were.
func (c *canvas) meetings(p Meetings) {
	c.page()
	t := meetTone(c.Theme)
	clock := c.header("message-2", "", t, c.words.T("nav.meetings"), "")
	area := c.below()
	list := seated(c.order, seatMeetings, meetingsAt(c.b, c.now), func(m *board.Meeting) string { return m.Ref.ID })
	next := slices.IndexFunc(list, func(m *board.Meeting) bool { return m != nil && m.Door(c.now) != board.Over })
	if len(list) == 0 {
		c.card(area)
		c.empty(area, meetingPicto, t.tint, c.words.T("meeting.none_title"), c.words.T("meeting.none_hint"))
		c.rail(p)
		return
	}
	c.cards(area, clock, len(list), p.Page, func(n int) Place { return Meetings{n} }, func(r layout.Rect, i int) {
		m := list[i]
		if m == nil {
			return
		}
		over := m.Door(c.now) == board.Over
		line := c.words.T("time.day_at", "day", c.words.Day(m.Starts, c.now), "time", c.words.Clock(m.Starts))
		if over {
			line = c.words.Line(c.words.T("time.over"), line)
		}
		c.wideCard(r, wide{
			picto: meetingPicto, title: c.say(m.Title), lines: nonempty(line, c.say(m.Place)), crowd: m.Crowd, past: over, next: i == next, means: Enter{Meeting{On: m.Ref}},
		})
	})
	c.rail(p)
}

// meetingsAt returns the meetings, the next first, and then those that were.
func meetingsAt(b *board.Board, now time.Time) []board.Meeting {
	list := slices.Clone(b.Meetings)
	slices.SortStableFunc(list, func(x, y board.Meeting) int {
		return order(x.Door(now) == board.Over, y.Door(now) == board.Over)
	})
	return list
}

// meeting draws one meeting: when and where, who comes, what it talks about and
// what is proposed.
func (c *canvas) meeting(p Meeting) {
	m, _ := c.b.Meeting(p.On)
	c.page()
	sub := ""
	if c.flat() {
		_, _, sub = c.lookUp(p.On)
	}
	c.header("message-2", "", meetTone(c.Theme), c.say(m.Title), sub)
	area := c.content()
	if !c.low && !c.flat() {
		area = area.Pad(0, -c.of(8, 0, 4), 0, 0)
	}
	if c.class == look.Portrait && c.proposable(m) {
		var bar layout.Rect
		bar, area = area.CutBottom(c.hand(136, 136, 136), c.gap(24, 24, 24))
		c.meetingButtons(bar, m)
	}
	rest := area
	if !c.flat() {
		var facts layout.Rect
		high := c.of(76, 172, 34)
		if c.class == look.Portrait && len(m.Shown) == 0 && (!m.Exact || m.Others == 0) {
			high = 76 // a second row is for who comes
		}
		facts, rest = area.CutTop(high, c.of(28, 24, 8))
		c.meetingFacts(facts, m)
	}
	each := rest.H
	if c.class == look.Portrait {
		each = (rest.H - 24) / 2
	}
	if each < c.of(122, 116, 44)+c.hand(150, 150, 74)+c.gap(18, 16, 6)+c.hand(100, 104, 72) {
		c.oneList(rest, m, p)
		back := c.backBar()
		if c.class != look.Portrait && c.proposable(m) {
			c.meetingButtons(back, m)
		}
		return
	}
	var agenda, proposals layout.Rect
	if c.class == look.Portrait {
		agenda, proposals = rest.CutTop(c.agendaShare(rest.H-24, len(m.Agenda), len(c.proposalsOf(m))), 24)
	} else {
		gap := c.of(28, 0, 10)
		agenda, proposals = rest.CutLeft((rest.W-gap)*c.of(880./1780, 0, .5), gap)
	}
	c.agenda(agenda, m, p)
	c.proposals(proposals, m, p)
	back := c.backBar()
	if c.class != look.Portrait && c.proposable(m) {
		c.meetingButtons(back, m)
	}
}

// agendaShare returns how much of h the agenda takes, of so many items, above so
// many proposals: where not all of both has room, the agenda turns no pages.
func (c *canvas) agendaShare(h float32, items, proposals int) float32 {
	card, gap := c.of(122, 116, 44), c.gap(18, 16, 6)
	need := func(n int, row float32) float32 { return card + float32(n)*(row+gap) - gap }
	item, proposal := max(c.of(110, 112, 58), c.least()), c.hand(150, 150, 74)
	say, propose := float32(max(2, items))*130, float32(max(2, proposals))*170
	share := h * min(.62, max(.36, say/(say+propose)))
	least, most := need(items, item), h-need(proposals, tight(c, proposal))
	if least > most { // the proposals have pages
		most = h - need(1, proposal) - gap - c.hand(100, 104, 72)
	}
	if least > most {
		return share
	}
	return min(most, max(least, share))
}

// tight is how high a row is at least that has to give way for another.
func tight(c *canvas, row float32) float32 { return max(row*.86, c.least()) }

// oneList draws what there is to talk about and what is proposed as one list, where
// there is no room for two.
func (c *canvas) oneList(r layout.Rect, m board.Meeting, p Meeting) {
	proposals := c.proposalsOf(m)
	n := len(m.Agenda) + len(proposals)
	if n == 0 {
		c.card(r)
		c.empty(r, "light-bulb", c.MeetTint, c.words.T("meeting.proposals_none"), c.words.T("meeting.proposals_hint"))
		return
	}
	gap, least := c.gap(18, 16, 8), c.hand(150, 150, 74)
	per := max(1, int((r.H+gap)/(least+gap)))
	pages, page := layout.Pages(n, per, p.Agenda)
	to := func(n int) Place { p.Agenda = n; return p }
	switch {
	case pages > 1 && c.class == look.Portrait:
		bar, above := r.CutBottom(c.hand(112, 128, 72), gap)
		per = max(1, int((above.H+gap)/(least+gap)))
		pages, page = layout.Pages(n, per, p.Agenda)
		c.pager(bar, page, pages, to)
		r = above
	case pages > 1:
		r = c.sidePager(r, page, pages, to)
	}
	h := min((r.H-gap*float32(per-1))/float32(per), least*1.35)
	for i := page * per; i < min(n, (page+1)*per); i++ {
		row := layout.Rect{X: r.X, Y: r.Y + float32(i-page*per)*(h+gap), W: r.W, H: h}
		if i < len(m.Agenda) {
			c.agendaRow(row, m.Agenda[i], c.Surface)
		} else if x := proposals[i-len(m.Agenda)]; x != nil {
			c.proposalRow(row, m, *x, c.Surface)
		}
	}
}

// proposable reports whether there is a button for m.
func (c *canvas) proposable(m board.Meeting) bool { return m.Proposing(c.now) == board.Open }

// meetingButtons draws the ways to take part, or why there are none.
func (c *canvas) meetingButtons(r layout.Rect, m board.Meeting) {
	size := c.of(46, 44, 24)
	join := button{icon: "user-plus", label: c.words.T("meeting.join"), means: Join{m.Ref}, size: size}
	propose := button{icon: "bulb", label: c.words.T("meeting.propose"), means: Suggest{m.Ref}, kind: primary, tone: c.Meet, size: size}
	if m.Door(c.now) != board.Open {
		join = button{icon: "clock", label: c.words.T("meeting.closed"), reason: true, size: size}
	}
	if c.b.Masked {
		why := button{icon: "shield-lock", label: c.words.T("masked.join"), reason: true, size: size}
		b, _ := r.CutRight(min(c.width(why)+c.of(32, 0, 0), r.W), 0)
		c.button(b, why)
		return
	}
	gap := c.gap(24, 20, 8)
	if c.class == look.Landscape && c.width(join)+c.width(propose)+gap < r.W {
		b, rest := r.CutRight(c.width(propose), gap)
		c.button(b, propose)
		b, _ = rest.CutRight(c.width(join), 0)
		c.button(b, join)
		return
	}
	pair := r.Columns(2, gap)
	short := []string{c.words.T("meeting.join_short"), c.words.T("meeting.propose_short")}
	for i, b := range []button{join, propose} {
		switch {
		case b.reason || pair[i].W >= c.line(b.label, c.buttonType(b)).w*.82+size*1.24+c.of(54, 42, 26):
			c.button(pair[i], b)
		default:
			c.square(pair[i], b.icon, short[i], b.means)
		}
	}
}

// meetingFacts draws the day, the time, the place, and who comes.
func (c *canvas) meetingFacts(r layout.Rect, m board.Meeting) {
	c.ear.card(c.rect(r))
	first, second := r, r
	if c.class == look.Portrait {
		first, second = r.CutTop(76, 20)
	}
	t := c.ty.Title.At(c.of(42, 40, 21)).Digits()
	h, icon, gap := first.H, c.of(50, 48, 24), c.of(14, 14, 6)
	x := first.X + c.dayChip(c.words.Day(m.Starts, c.now), int(m.Starts.Weekday()), t, first.X, first.Y, h, c.of(22, 22, 8)) + c.of(34, 30, 10)
	c.icon("clock", layout.Rect{X: x, Y: first.MidY() - icon/2, W: icon, H: icon}, 2.2, c.Ink)
	x += icon + gap
	when := c.words.T("time.at", "time", c.words.Clock(m.Starts))
	if m.Door(c.now) == board.Over {
		when = c.words.T("meeting.over")
	}
	x += c.text(when, t, x, first.MidY()+t.Middle(), start, c.Ink) + c.of(34, 30, 10)

	faces := min(second.H, c.of(76, 76, 34))
	right := second.Right()
	fit := int(c.of(5, 6, 4))
	bt := c.ty.Body.At(c.of(42, 40, 20))
	if len(m.Shown) > 0 || m.Exact && m.Others > 0 {
		w := c.stackWidth(m.Crowd, faces, fit)
		if c.class == look.Portrait {
			c.stack(m.Crowd, second.X+w, second.MidY()-faces/2, faces, fit, c.Bg)
		} else {
			c.stack(m.Crowd, right, second.MidY()-faces/2, faces, fit, c.Bg)
		}
		right -= w + c.of(16, 16, 8)
		say := c.crowdWords(m.Crowd)
		if say == "" && m.Door(c.now) != board.Over {
			say = c.words.T("who.meeting")
		}
		lt := c.ty.Label.At(c.of(34, 34, 20)).In(600)
		switch {
		case c.class == look.Portrait:
			c.text(say, lt, second.X+w+16, second.MidY()+lt.Middle(), start, c.Ink2)
		case c.class == look.Landscape && right-c.line(say, lt).w > x+420:
			right -= c.text(say, lt, right, second.MidY()+lt.Middle(), end, c.Ink2) + 24
		}
	}
	if place := c.say(m.Place); place != "" && first.Right() > x+c.of(120, 120, 60) {
		room := right - x - icon - gap
		if c.class == look.Portrait {
			room = first.Right() - x - icon - gap
		}
		bt, ok := c.fits(place, bt, room, bt.Size, bt.Size*.9, bt.Size*.8)
		if ok || c.class == look.Landscape {
			c.icon("map-pin", layout.Rect{X: x, Y: first.MidY() - icon/2, W: icon, H: icon}, 2.2, c.Ink)
			for _, l := range c.wrap(place, bt, room, 1) {
				c.put(l, x+icon+gap, first.MidY()+bt.Middle(), start, c.Ink)
			}
		}
	}
}

// listCard draws a card with a title and the rows of a page of a list, and the
// pager where there are more.
func (c *canvas) listCard(r layout.Rect, icon, title string, n, at int, least float32, to func(int) Place, draw func(layout.Rect, int)) layout.Rect {
	c.card(r)
	pad, size := c.of(36, 32, 10), c.of(44, 44, 22)
	flat := r.H < c.of(200, 200, 130) // the rows say what they are
	head := layout.Rect{X: r.X + pad, Y: r.Y + c.of(30, 26, 8), W: size, H: size}
	if t := c.ty.Title.At(c.of(32, 32, 20)); !flat {
		c.icon(icon, head, 2.2, c.Meet)
		c.text(title, t, head.Right()+c.of(14, 14, 8), head.MidY()+t.Middle(), start, c.Meet)
	}
	area := layout.Rect{X: r.X + pad, Y: head.Bottom() + c.of(22, 20, 6), W: r.W - 2*pad}.To(r.Bottom() - c.of(26, 26, 8))
	if flat {
		area = r.Inset(c.of(12, 12, 4))
	}
	gap, least := c.gap(18, 16, 6), max(least, c.least())
	if close := tight(c, least); float32(n)*(close+gap)-gap <= area.H {
		least = min(least, max(close, (area.H+gap)/float32(max(1, n))-gap))
	}
	rows := func(h float32) int { return max(1, int((h+gap)/(least+gap)+.001)) }
	per := rows(area.H)
	pages, _ := layout.Pages(n, per, at)
	list := area
	switch {
	case pages > 1 && area.H < least+gap+c.hand(100, 104, 72): // no room for a pager below
		pages, at = layout.Pages(n, per, at)
		list = c.sidePager(area, at, pages, to)
	case pages > 1:
		var bar layout.Rect
		bar, list = area.CutBottom(c.hand(100, 104, 72), gap)
		per = rows(list.H)
		var page int
		pages, page = layout.Pages(n, per, at)
		at = page
		c.pager(bar, page, pages, to)
	}
	h := min((list.H-gap*float32(per-1))/float32(per), least*1.35)
	if h < least+4 { // so little more would only put the rows out of step
		h = min(h, least)
	}
	for i := at * per; i < min(n, (at+1)*per); i++ {
		draw(layout.Rect{X: list.X, Y: list.Y + float32(i-at*per)*(h+gap), W: list.W, H: h}, i)
	}
	return area
}

// agenda draws what the meeting talks about, numbered.
func (c *canvas) agenda(r layout.Rect, m board.Meeting, p Meeting) {
	to := func(n int) Place { p.Agenda = n; return p }
	area := c.listCard(r, "list-check", c.words.T("meeting.agenda"), len(m.Agenda), p.Agenda, c.of(110, 112, 58), to, func(r layout.Rect, i int) {
		c.agendaRow(r, m.Agenda[i], c.Bg)
	})
	if len(m.Agenda) == 0 {
		c.empty(area, "memo", c.MeetTint, c.words.T("meeting.agenda_none"), c.words.T("meeting.agenda_hint"))
	}
}

func (c *canvas) agendaRow(r layout.Rect, it board.AgendaItem, fill rgba) {
	c.ear.card(c.rect(r))
	c.box(r, box{fill: fill, radius: c.of(30, 30, 14), panel: true})
	pad, disc := c.of(24, 22, 8), c.of(32, 32, 16)
	x := r.X + pad
	c.disc(x+disc, r.MidY(), disc, c.Meet)
	nt := c.ty.Title.At(c.of(38, 38, 20)).In(800).Digits()
	c.text(itoa(it.Number), nt, x+disc, r.MidY()+nt.Middle(), middle, c.Surface)
	x += 2*disc + c.of(24, 22, 10)
	right := r.Right() - pad
	if side := min(c.of(72, 72, 36), r.H-c.of(20, 20, 8)); it.Picto != "" {
		c.picto(it.Picto, layout.Rect{X: right - side, Y: r.MidY() - side/2, W: side, H: side})
		right -= side + c.of(18, 18, 8)
	}
	c.twoLines(layout.Rect{X: x, Y: r.Y, W: right - x, H: r.H}, c.author(it.By, it.Proposed), c.say(it.Title), 600)
}

// author says who proposed something, "" when nobody did. Somebody who is not
// named is a resident (V-19).
func (c *canvas) author(by *board.Person, proposed bool) string {
	switch {
	case by != nil:
		return by.Name.Reveal()
	case proposed:
		return c.words.T("meeting.resident")
	}
	return ""
}

// holds reports whether twoLines has room for all of a title.
func (c *canvas) holds(title string, w float32, weight int) bool {
	t := c.ty.Title.At(c.of(42, 40, 22)).In(weight)
	t = t.At(c.legible(t.Size * .9))
	lines := c.wrap(title, t, w, 2)
	return whole(lines, title) && c.narrow(lines, w)
}

// twoLines draws a title of a line or two, with a word above where there is room.
func (c *canvas) twoLines(r layout.Rect, over, title string, weight int) {
	t := c.ty.Title.At(c.of(42, 40, 22)).In(weight)
	t.Line = 1.12
	t, one := c.fits(title, t, r.W, t.Size, t.Size*.9)
	n := 1
	if !one {
		n = 2
		if !c.holds(title, r.W, weight) {
			n, t = 3, t.At(c.legible(t.Size*.86))
		}
	}
	lines := c.wrap(title, t, r.W, n)
	ot := c.ty.Label.At(c.of(30, 30, 20)).In(600)
	ot.Line = 1.15
	ot, _ = c.fits(over, ot, r.W, ot.Size, ot.Size*.94)
	h := float32(len(lines)) * t.Size * t.Line
	if over != "" && h+ot.Size*ot.Line <= r.H-4 {
		h += ot.Size * ot.Line
	} else {
		over = ""
	}
	y := r.MidY() - h/2
	if over != "" {
		y = c.paragraph(c.wrap(over, ot, r.W, 1), ot, r.X, y, start, c.Ink2)
	}
	c.paragraph(lines, t, r.X, y, start, c.Ink)
}

// proposals draws what is proposed, by whom, and who thinks well of it.
func (c *canvas) proposals(r layout.Rect, m board.Meeting, p Meeting) {
	to := func(n int) Place { p.Proposals = n; return p }
	list := c.proposalsOf(m)
	area := c.listCard(r, "bulb", c.words.T("meeting.proposals"), len(list), p.Proposals, c.hand(150, 150, 74), to, func(r layout.Rect, i int) {
		if list[i] != nil {
			c.proposalRow(r, m, *list[i], c.Bg)
		}
	})
	if len(m.Proposals) == 0 {
		hint := c.words.T("meeting.proposals_hint")
		if !c.proposable(m) {
			hint = ""
		}
		c.empty(area, "light-bulb", c.MeetTint, c.words.T("meeting.proposals_none"), hint)
	}
}

func (c *canvas) proposalRow(r layout.Rect, m board.Meeting, x board.Proposal, fill rgba) {
	title, by := c.say(x.Text), c.author(x.By, true)
	open := !x.Pending && c.proposable(m) && !c.b.Masked
	b := box{fill: fill, radius: c.of(30, 30, 14), panel: true}
	draw := r
	if open {
		means := Join{x.Ref}
		draw, _ = c.press(r, means)
		defer c.touch(r, by+": "+title, means)
	}
	c.ear.card(c.rect(r))
	c.box(draw, b)
	pad := c.of(24, 22, 8)
	size := min(c.of(112, 108, 52), draw.H-c.of(24, 24, 12))
	at := draw.X + pad
	if x.By != nil {
		c.avatar(*x.By, at, draw.MidY()-size/2, size, face{pending: x.Pending})
	} else {
		c.coin(at+size/2, draw.MidY(), size/2, 0, c.MeetTint)
		c.picto(orBulb(x.Picto), layout.Rect{X: at, Y: draw.MidY() - size/2, W: size, H: size}.Center(size*.62, size*.62))
	}
	at += size + c.of(24, 22, 10)
	right := c.thumb(draw, x, open) - c.of(0, 0, 6)
	if side := min(72, draw.H*.5); x.By != nil && x.Picto != "" && c.class != look.Small && c.holds(title, right-side-32-at, 700) {
		right -= side + 16
		c.picto(x.Picto, layout.Rect{X: right, Y: draw.MidY() - side/2, W: side, H: side})
		right -= 16
	}
	c.twoLines(layout.Rect{X: at, Y: draw.Y, W: right - at, H: draw.H}, by, title, 700)
}

// thumb draws who thinks well of a proposal at the end of its row: how many, or
// where a number would give somebody away, their faces. It returns where it
// begins.
func (c *canvas) thumb(r layout.Rect, x board.Proposal, open bool) float32 {
	right := r.Right() - c.of(24, 22, 8)
	if x.Pending {
		t := c.ty.Label.At(c.of(30, 30, 20)).In(600)
		w := c.text(c.words.T("booking.waits"), t, right, r.MidY()+t.Middle(), end, c.Wait)
		return right - w - c.of(16, 16, 8)
	}
	n, exact := x.Total()
	side := min(c.of(116, 116, 60), r.H-c.of(24, 24, 8))
	b := layout.Rect{X: right - side, Y: r.MidY() - side/2, W: side, H: side}
	plate := box{fill: c.Surface, radius: side * .28, shade: c.shade(&look.E1)}
	if !open {
		plate = box{radius: side * .28}
	}
	c.box(b, plate)
	icon := side * .45
	nt := c.ty.Title.At(c.of(34, 34, 20)).In(800).Digits()
	if exact && n > 0 && side >= icon+nt.Size {
		c.icon("thumb-up", layout.Rect{X: b.MidX() - icon/2, Y: b.MidY() - icon/2 - nt.Size*.44, W: icon, H: icon}, 2.2, c.Meet)
		c.text(itoa(n), nt, b.MidX(), b.Bottom()-side*.17, middle, c.Meet)
	} else {
		c.icon("thumb-up", b.Center(icon*1.15, icon*1.15), 2.2, c.Meet)
	}
	right = b.X - c.of(14, 14, 6)
	faces := min(60, r.H*.45)
	if !exact && len(x.Shown) > 0 && c.class != look.Small && c.holds(c.say(x.Text), right-c.stackWidth(x.Crowd, faces, 3)-r.X-r.H-100, 700) {
		right = c.stack(x.Crowd, right, r.MidY()-faces/2, faces, 3, c.Bg) - 14
	}
	return right
}

// proposer asks who has something to propose: one touches one's own picture.
func (c *canvas) proposer(p Proposer) {
	c.page()
	title, _, when := c.lookUp(p.On)
	c.header("bulb", "", meetTone(c.Theme), c.words.T("who.propose"), c.words.Line(title, when))
	c.whoGrid(p.Page, func(n int) Place { return Proposer{p.On, n} }, func(r layout.Rect, who board.Person) {
		draw := c.pressCard(r, who.Name.Reveal(), Enter{Phrases{On: p.On, Who: who.ID}}, box{fill: c.Surface})
		c.personTile(draw, who, face{back: c.Surface})
	})
}

// phraseList is what can be proposed without writing: a pictogram, and words in
// assets/lang.
var phraseList = []struct{ key, picto string }{
	{"music", "musical-notes"},
	{"film", "clapper-board"},
	{"trip", "bus"},
	{"swim", "person-swimming-light"},
	{"bake", "shortcake"},
	{"pizza", "pizza"},
	{"garden", "potted-plant"},
	{"game", "game-die"},
	{"party", "balloon"},
	{"coffee", "hot-beverage"},
	{"walk", "hiking-boot"},
	{"talk", meetingPicto},
}

// phrases asks what somebody proposes.
func (c *canvas) phrases(p Phrases) {
	c.page()
	who, _ := c.b.Person(p.Who)
	title, _, _ := c.lookUp(p.On)
	c.header("bulb", "", meetTone(c.Theme), c.words.T("phrases.title"), c.words.Line(who.Name.Reveal(), title))
	area := c.content()
	gap := c.gap(20, 20, 8)
	cols := max(1, min(int(c.of(4, 3, 3)), int((area.W+gap)/(c.hand(380, 280, 170)+gap))))
	rows := max(1, min(int(c.of(3, 4, 2)), int((area.H+gap)/(c.hand(210, 250, 112)+gap))))
	pages, page := layout.Pages(len(phraseList), cols*rows, p.Page)
	for i, r := range area.Grid(cols, rows, gap, gap) {
		if k := page*cols*rows + i; k < len(phraseList) {
			f := phraseList[k]
			says := board.Said{Text: c.words.T("phrase." + f.key), Lang: board.Lang(c.words.Tag), Picto: f.picto}
			c.phraseTile(r, says, Propose{p.On, p.Who, says})
		}
	}
	rest := c.pager(c.backBar(), page, pages, func(n int) Place { return Phrases{p.On, p.Who, n} })
	if rest.W > c.of(300, 300, 160) {
		c.hint(rest, "hand-finger", c.words.T("phrases.touch"))
	}
}

func (c *canvas) phraseTile(r layout.Rect, says board.Said, means Propose) {
	draw := c.pressCard(r, says.Text, means, box{fill: c.Surface})
	t := c.ty.Title.At(c.of(38, 36, 22))
	t.Line = 1.1
	foot := 2 * t.Size * t.Line
	side := min(c.of(116, 150, 56), draw.H-foot-c.of(34, 34, 10))
	if side < c.of(72, 72, 40) { // beside the words
		side = min(c.of(116, 150, 56), draw.H-c.of(24, 24, 8), draw.W*.3)
		c.picto(says.Picto, layout.Rect{X: draw.X + c.of(20, 20, 10), Y: draw.MidY() - side/2, W: side, H: side})
		text := draw.Pad(side+c.of(36, 36, 18), 0, c.of(16, 16, 8), 0)
		lines, t := c.headline(says.Text, t, text.W)
		c.paragraph(lines, t, text.X, text.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
		return
	}
	top := draw.MidY() - (side+foot+c.of(10, 10, 2))/2
	c.picto(says.Picto, layout.Rect{X: draw.MidX() - side/2, Y: top, W: side, H: side})
	lines, t := c.headline(says.Text, t, draw.W-c.of(32, 32, 12))
	y := top + side + c.of(10, 10, 2) + (foot-float32(len(lines))*t.Size*t.Line)/2
	c.paragraph(lines, t, draw.MidX(), y, middle, c.Ink)
}

// proposed says that a proposal was noted, and offers to undo it.
func (c *canvas) proposed(m Model, o Proposed) {
	who, _ := c.b.Person(o.Who)
	inner := c.dialog(c.of(1340, 1000, 780), c.of(872, 1180, 464))
	title, _, when := c.lookUp(o.On)
	buttons, rest := inner.CutBottom(c.hand(148, 148, 80), c.of(40, 40, 12))
	facts, top := rest.CutBottom(c.of(180, 180, 84), c.of(40, 40, 12))
	f, head := face{check: true, back: c.Surface}, "confirm.proposed"
	sub, stands := c.words.Line(title, when), c.b.Proposed(o.On, o.Who, o.Says)
	switch {
	case !stands: // the hub said no
		f, head, sub = face{}, "confirm.refused", c.words.T("confirm.ask_staff")
	case !m.Link.Live:
		f, sub = face{pending: true}, c.words.T("confirm.offline")
	}
	c.confirmHead(top, who, c.words.T(head, "name", who.Name.Reveal()), f)
	c.factsCard(facts, o.Says.Text, o.Says.Picto, sub)
	undo := button{icon: "arrow-back-up", label: c.words.T("confirm.undo"), means: Retract{o.On, o.Who, o.Says}, kind: secondary, size: c.of(48, 46, 27)}
	undo.drain = c.drain(o.Since)
	pair := buttons.Columns(2, c.gap(28, 24, 12))
	if stands { // the other button stands where it stood when the hub says no
		c.button(pair[0], undo)
	}
	c.button(pair[1], button{icon: "check", label: c.words.T("confirm.done"), means: Close{}, kind: primary, size: c.of(48, 46, 27)})
}

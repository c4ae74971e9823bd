package ui

import (
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

type (
	// Polls are the questions to everybody who passes, one a page.
	Polls struct{ Page int }

	// Answer is the picture of an answer. Whose finger it was is not known.
	Answer struct {
		On    board.Ref
		Picto string
	}

	// TakeAnswerBack takes back the answer just given.
	TakeAnswerBack struct{ On board.Ref }

	// Vote keeps that somebody answered.
	Vote struct {
		On    board.Ref
		Picto string
	}

	// Unvote keeps that they did not.
	Unvote struct {
		On    board.Ref
		Picto string
	}
)

func (Vote) effect()   {}
func (Unvote) effect() {}

// Given is the answer that was given to a poll here a moment ago.
type Given struct {
	On    board.Ref // zero: none was
	Picto string    // "": whoever gave it has turned away, and nobody takes it back
	At    time.Time
}

// pollPause is how long after an answer the wall takes no other to the same
// question: one playful finger does not answer for a whole house, and what can be
// taken back is still there.
const pollPause = 20 * time.Second

// pausing reports whether an answer was given to a question here a moment ago.
func (m Model) pausing(on board.Ref) bool {
	return on != (board.Ref{}) && m.Given.On == on && m.Now.Sub(m.Given.At) < pollPause
}

// turnedAway forgets what was answered when the page is left: whoever comes next
// sees nothing of it, and cannot take it back. The pause goes on.
func (m Model) turnedAway() Model {
	if _, ok := m.place().(Polls); !ok {
		m.Given.Picto = ""
	}
	return m
}

func (Polls) there(b *board.Board) bool { return b.Has(board.ModulePolls) }
func (p Polls) draw(c *canvas, m Model) { c.polls(m, p) }

func (a Answer) act(m Model) (Model, []Effect) {
	p, ok := m.Board.Poll(a.On)
	if !ok || !p.Open(m.Now) || !p.Has(a.Picto) || m.pausing(a.On) {
		return m, nil
	}
	m.Given = Given{a.On, a.Picto, m.Now}
	return m, []Effect{Vote(a)}
}

func (a TakeAnswerBack) act(m Model) (Model, []Effect) {
	if !m.pausing(a.On) || m.Given.Picto == "" {
		return m, nil
	}
	undone := Unvote{a.On, m.Given.Picto}
	m.Given = Given{}
	return m, []Effect{undone}
}

// answerIcons are the icons of answers that are faces, by their pictograms. Others are
// pictograms as everywhere.
var answerIcons = map[string]string{"face-good": "mood-smile", "face-fair": "mood-empty", "face-bad": "mood-sad"}

// polls draws one question and what became of it.
func (c *canvas) polls(m Model, p Polls) {
	c.page()
	t := meetTone(c.Theme)
	list := seated(c.order, seatPolls, c.b.Polls, func(x *board.Poll) string { return x.Ref.ID })
	pages, page := layout.Pages(len(list), 1, p.Page)
	var q *board.Poll
	if len(list) > 0 {
		q = list[page]
	}
	sub := ""
	switch {
	case c.b.Roster != board.RosterCurrent: // the numbers are from then
		if !m.Link.DownSince.IsZero() {
			sub = c.words.T("roster.old", "when", c.dayTime(m.Link.DownSince))
		}
	case q != nil && q.Open(c.now):
		sub = c.words.T("poll.until", "when", c.dayTime(q.Until))
	}
	clock := c.header("mood-smile", "", t, c.words.T("nav.polls"), sub)
	area := c.pageTurner(c.content(), clock, page, pages, func(n int) Place { return Polls{n} })
	switch {
	case q == nil:
		c.card(area)
		c.empty(area, "speech-balloon", t.tint, c.words.T("poll.none_title"), c.words.T("poll.none_hint"))
	case m.pausing(q.Ref):
		c.pollGiven(area, m, *q)
	case q.Open(c.now):
		c.pollOpen(area, *q)
	default:
		c.pollClosed(area, *q)
	}
	c.rail(p)
}

// pollHead draws a card with a question, or what is said instead, and a sentence
// under it. It returns what is left below.
func (c *canvas) pollHead(area layout.Rect, title, text string) layout.Rect {
	w := area.W - 2*c.of(44, 40, 16)
	h, lines := c.pollTitle(title, w)
	b, says := c.pollText(text, w)
	high := float32(len(lines))*h.Size*h.Line + c.of(10, 12, 2) + float32(len(says))*b.Size*b.Line + 2*c.of(28, 32, 8)
	card, rest := area.CutTop(high, c.gap(24, 24, 8))
	c.card(card)
	y := c.paragraph(lines, h, card.MidX(), card.Y+c.of(28, 32, 8), middle, c.Ink)
	c.paragraph(says, b, card.MidX(), y+c.of(10, 12, 2), middle, c.Ink2)
	return rest
}

func (c *canvas) pollTitle(s string, w float32) (look.Type, []run) {
	t := c.ty.H2
	t.Line = 1.1
	lines, t := c.titleLines(s, t, w, int(c.of(1, 2, 1)))
	return t, lines
}

func (c *canvas) pollText(s string, w float32) (look.Type, []run) {
	t := c.ty.Body.At(c.of(36, 38, 20))
	t.Line = 1.3
	if one, ok := c.fits(s, t, w, t.Size, t.Size*.92); ok {
		t = one
	}
	return t, c.wrap(s, t, w, 3)
}

// pollOpen draws the question, what is kept of an answer, the answers, and the
// numbers so far.
func (c *canvas) pollOpen(area layout.Rect, q board.Poll) {
	rest := c.pollHead(area, c.say(q.Question), c.words.T("poll.consent"))
	t := c.ty.Title.At(c.of(36, 36, 20))
	foot, tiles := rest.CutBottom(t.Size*1.3, c.of(16, 20, 4))
	at := tiles.Columns(len(q.Options), c.gap(24, 20, 8))
	if room := tiles.W / float32(len(q.Options)); c.class == look.Portrait || room < c.of(260, 0, 130) {
		at = c.pollRows(tiles, len(q.Options))
	}
	high := 1 // in lines, of the words: the pictures stand at one height
	for i, o := range q.Options {
		lines, _ := c.pollWords(at[i], c.say(o.Title))
		high = max(high, len(lines))
	}
	for i, o := range q.Options {
		c.pollTile(at[i], q.Ref, o, high)
		if q.Counted > 0 && at[0].Y == at[len(at)-1].Y {
			c.text(c.words.N("poll.count", o.N), t.Digits(), at[i].MidX(), foot.MidY()+t.Middle(), middle, c.Ink2)
		}
	}
	switch {
	case q.Counted == 0:
		line := c.words.T("poll.few_title") + ". " + c.words.T("poll.few_hint")
		t, _ = c.fits(line, t.In(500), foot.W, t.Size, t.Size*.9, t.Size*.8)
		c.text(line, t, foot.MidX(), foot.MidY()+t.Middle(), middle, c.Ink2)
	case at[0].Y != at[len(at)-1].Y:
		c.text(c.words.T("poll.counted", "n", q.Counted), t, foot.MidX(), foot.MidY()+t.Middle(), middle, c.Ink2)
	}
}

// pollRows divides an area into n rows.
func (c *canvas) pollRows(area layout.Rect, n int) (at []layout.Rect) {
	gap := c.gap(16, 16, 6)
	h := (area.H - gap*float32(n-1)) / float32(n)
	for i := range n {
		at = append(at, layout.Rect{X: area.X, Y: area.Y + float32(i)*(h+gap), W: area.W, H: h})
	}
	return at
}

func (c *canvas) pollType() look.Type {
	t := c.ty.Title.At(c.of(46, 54, 24))
	t.Line = 1.1
	return t
}

// pollWords sets the words of an answer under its picture.
func (c *canvas) pollWords(r layout.Rect, s string) ([]run, look.Type) {
	return c.titleLines(s, c.pollType(), r.W-c.of(40, 32, 12), 2)
}

// pollTile draws an answer: its picture over its words, which have so many lines at
// most, or in a low row beside them.
func (c *canvas) pollTile(r layout.Rect, on board.Ref, o board.PollOption, high int) {
	label := c.say(o.Title)
	draw := c.pressCard(r, label, Answer{on, o.Picto}, box{})
	if c.class == look.Portrait || r.H < r.W*.4 {
		side := min(draw.H-c.of(24, 36, 10), c.of(160, 260, 72))
		d := layout.Rect{X: draw.X + c.of(28, 28, 12), Y: draw.MidY() - side/2, W: side, H: side}
		c.pollFace(d, o.Picto)
		x := d.Right() + c.of(28, 28, 12)
		lines, t := c.titleLines(label, c.pollType(), draw.Right()-c.of(24, 24, 10)-x, 2)
		c.paragraph(lines, t, x, draw.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
		return
	}
	lines, t := c.pollWords(r, label)
	words, gap := float32(high)*t.Size*t.Line, c.of(20, 20, 6)
	side := min(c.of(300, 260, 120), draw.H-words-gap-c.of(40, 40, 12), draw.W*.7)
	y := draw.MidY() - (side+gap+words)/2
	c.pollFace(layout.Rect{X: draw.MidX() - side/2, Y: y, W: side, H: side}, o.Picto)
	c.paragraph(lines, t, draw.MidX(), y+side+gap, middle, c.Ink)
}

// pollFace draws the picture of an answer. All have one colour: it is the picture
// that tells them apart.
func (c *canvas) pollFace(r layout.Rect, picto string) {
	t := meetTone(c.Theme)
	if icon, ok := answerIcons[picto]; ok {
		c.box(r, box{fill: t.tint, radius: r.W / 2})
		c.icon(icon, r.Center(r.W*.86, r.W*.86), 1.5, t.ink)
		return
	}
	c.box(r, box{fill: t.tint, radius: r.W * .28})
	c.picto(picto, r.Center(r.W*.66, r.W*.66))
}

// pollGiven says thank you, and for as long as whoever answered stands there how to
// take it back. What the answer was is not said: others see the glass, too.
func (c *canvas) pollGiven(area layout.Rect, m Model, q board.Poll) {
	title, text, icon, tn := c.words.T("poll.thanks"), c.words.T("poll.next"), "check", tone{c.Ok, c.OkTint}
	switch {
	case q.Late:
		title, text, icon = c.words.T("poll.late_title"), c.words.T("poll.late"), "clock"
		tn = waitTone(c.Theme)
	case q.Waits && m.offline():
		text = c.words.T("poll.waits")
	}
	h := max(c.of(240, 420, 112), c.least()+2*c.of(28, 28, 10))
	card, rest := area.CutTop(min(h, area.H), c.gap(24, 24, 8))
	c.card(card)
	in := card.Pad(c.of(40, 40, 16), c.of(28, 36, 10), c.of(40, 40, 16), c.of(28, 36, 10))
	if m.Given.Picto != "" && !q.Late {
		undo := button{icon: "arrow-back-up", label: c.words.T("confirm.undo"), means: TakeAnswerBack{q.Ref}, kind: honey}
		var b layout.Rect
		if c.class == look.Portrait {
			b, in = in.CutBottom(c.hand(128, 136, 72), 24)
		} else {
			b, in = in.CutRight(c.width(undo), c.of(32, 0, 12))
			b = b.Center(b.W, c.hand(128, 136, 72))
		}
		c.button(b, undo)
	}
	size := min(c.of(148, 148, 72), in.H)
	d := layout.Rect{X: in.X, Y: in.MidY() - size/2, W: size, H: size}
	c.box(d, box{fill: tn.tint, radius: size / 2})
	c.icon(icon, d.Center(size*.6, size*.6), 2.4, tn.ink)
	x := d.Right() + c.of(32, 32, 14)
	lines, t := c.titleLines(title, c.ty.H2, in.Right()-x, 2)
	b, says := c.pollText(text, in.Right()-x)
	y := in.MidY() - (float32(len(lines))*t.Size*t.Line+float32(len(says))*b.Size*b.Line)/2
	y = c.paragraph(lines, t, x, y, start, c.Ink)
	c.paragraph(says, b, x, y, start, c.Ink2)
	c.pollResult(rest, q, "poll.few_title", "poll.few_hint")
}

// pollClosed draws a question that is over, and its numbers.
func (c *canvas) pollClosed(area layout.Rect, q board.Poll) {
	c.pollResult(c.pollHead(area, c.say(q.Question), c.words.T("poll.closed")), q, "poll.never_title", "poll.never_hint")
}

// pollResult draws the numbers, each with its picture, its word and a bar; or why
// there are none.
func (c *canvas) pollResult(r layout.Rect, q board.Poll, title, hint string) {
	c.card(r)
	if q.Counted == 0 {
		c.empty(r, "hourglass-not-done", c.MeetTint, c.words.T(title), c.words.T(hint))
		return
	}
	in := r.Pad(c.of(40, 36, 16), c.of(24, 28, 8), c.of(40, 36, 16), c.of(24, 28, 8))
	if head := c.ty.Body.At(c.of(34, 36, 20)); in.H > float32(len(q.Options))*c.of(90, 160, 34)+head.Size*1.4 {
		y := c.paragraph(c.wrap(c.words.T("poll.counted", "n", q.Counted), head, in.W, 1), head, in.X, in.Y, start, c.Ink2)
		in.Y, in.H = y, in.Bottom()-y
	}
	gap := c.of(12, 16, 4)
	h := min((in.H-gap*float32(len(q.Options)-1))/float32(len(q.Options)), c.of(150, 260, 60))
	for i, o := range q.Options {
		c.pollCount(layout.Rect{X: in.X, Y: in.Y + float32(i)*(h+gap), W: in.W, H: h}, o, q.Counted)
	}
}

// pollCount draws how often one answer was given.
func (c *canvas) pollCount(r layout.Rect, o board.PollOption, of int) {
	side := min(r.H, c.of(120, 130, 56))
	d := layout.Rect{X: r.X, Y: r.MidY() - side/2, W: side, H: side}
	c.pollFace(d, o.Picto)
	n := c.ty.Title.At(c.of(42, 40, 23)).Digits()
	count := c.line(c.words.N("poll.count", o.N), n)
	room := max(count.w, c.line(c.words.N("poll.count", 88), n).w)
	words, _ := r.CutLeft(d.Right()+c.of(588, 0, 242)-r.X, 0)
	words = words.Pad(side+c.of(28, 28, 12), 0, 0, 0)
	bar := layout.Rect{X: words.Right() + c.of(24, 0, 10), Y: r.MidY() - c.of(18, 18, 8), H: c.of(36, 36, 16)}
	bar.W = r.Right() - room - c.of(28, 0, 12) - bar.X
	if c.class == look.Portrait { // the bar under the words
		words = layout.Rect{X: d.Right() + 28, Y: d.Y - 12, W: r.Right() - room - 24 - d.Right() - 28, H: side - 36}
		bar = layout.Rect{X: words.X, Y: d.Bottom() - 36, W: r.Right() - words.X, H: 36}
	}
	t := c.ty.Title.At(c.of(42, 40, 23))
	t.Line = 1.08
	lines, t := c.titleLines(c.say(o.Title), t, words.W, 2)
	c.paragraph(lines, t, words.X, words.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
	c.put(count, r.Right()-room, words.MidY()+n.Middle(), start, c.Ink)
	c.box(bar, box{fill: c.MeetTint, radius: bar.H / 2})
	if o.N > 0 {
		full := bar
		full.W = max(bar.H, bar.W*float32(o.N)/float32(of))
		c.box(full, box{fill: c.Meet, radius: bar.H / 2})
	}
}

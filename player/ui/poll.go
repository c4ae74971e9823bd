package ui

import (
	"slices"
	"strconv"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

type (
	// Polls are the questions to everybody who passes, one a page.
	Polls struct {
		Page  int
		Ready bool // what is kept of an answer was read, where it has a page of its own
	}

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

// Given is an answer that was given to a poll here a moment ago.
type Given struct {
	On    board.Ref
	Picto string // "": whoever gave it has turned away, and nobody takes it back
	At    time.Time
}

// pollPause is how long after an answer the wall takes no other to the same
// question: one playful finger does not answer for a whole house, and what can be
// taken back is still there.
const pollPause = 20 * time.Second

// given returns the answer that was given to a question here a moment ago.
func (m Model) given(on board.Ref) (Given, bool) {
	i := slices.IndexFunc(m.Given, func(g Given) bool { return g.On == on && m.Now.Sub(g.At) < pollPause })
	if i < 0 {
		return Given{}, false
	}
	return m.Given[i], true
}

// pausing reports whether one was.
func (m Model) pausing(on board.Ref) bool {
	_, ok := m.given(on)
	return ok
}

// without returns those to other questions.
func (m Model) without(on board.Ref) []Given {
	return slices.DeleteFunc(slices.Clone(m.Given), func(g Given) bool { return g.On == on })
}

// turnedAway forgets what was answered when the page is left: whoever comes next
// sees nothing of it, and cannot take it back. The pause goes on.
func (m Model) turnedAway() Model {
	if _, ok := m.place().(Polls); ok || len(m.Given) == 0 {
		return m
	}
	m.Given = slices.Clone(m.Given)
	for i := range m.Given {
		m.Given[i].Picto = ""
	}
	return m
}

// pausedOver forgets answers whose pause is over.
func (m Model) pausedOver() Model {
	if slices.ContainsFunc(m.Given, func(g Given) bool { return m.Now.Sub(g.At) >= pollPause }) {
		m.Given = slices.DeleteFunc(slices.Clone(m.Given), func(g Given) bool { return m.Now.Sub(g.At) >= pollPause })
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
	m.Given = append(m.without(a.On), Given{a.On, a.Picto, m.Now})
	return m, []Effect{Vote(a)}
}

func (a TakeAnswerBack) act(m Model) (Model, []Effect) {
	given, ok := m.given(a.On)
	if !ok || given.Picto == "" {
		return m, nil
	}
	m.Given = m.without(a.On)
	return m, []Effect{Unvote{a.On, given.Picto}}
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
	title, sub := c.words.T("nav.polls"), c.pollAge(m, q)
	area := c.below()
	if pages > 1 {
		area = c.underPager(c.content())
	}
	apart := q != nil && !m.pausing(q.Ref) && c.pollApart(area, *q)
	asks := apart && c.class == look.Portrait && q.Open(c.now) && !p.Ready // the card below has room for it
	if apart && !asks {
		title, sub = c.say(q.Question), ""
	}
	clock := c.header("mood-smile", "", t, title, sub)
	if area = c.content(); pages < 2 {
		area = c.below()
	}
	area = c.pageTurner(area, clock, page, pages, func(n int) Place { return Polls{Page: n} })
	switch {
	case q == nil:
		c.card(area)
		c.empty(area, "speech-balloon", t.tint, c.words.T("poll.none_title"), c.words.T("poll.none_hint"))
	case m.pausing(q.Ref):
		c.pollGiven(area, m, *q)
	case !q.Open(c.now):
		c.pollClosed(area, *q, apart)
	case !apart:
		rest := c.pollHead(area, c.say(q.Question), c.words.T("poll.consent"))
		c.pollTiles(rest, *q)
	case p.Ready:
		c.pollTiles(area, *q)
	default:
		ask := ""
		if asks {
			ask = c.say(q.Question)
		}
		c.pollConsent(area, ask, Turn{Polls{page, true}})
	}
	c.rail(p)
}

// pollAge says how long a question can be answered; or, where that may have
// changed, how old it is.
func (c *canvas) pollAge(m Model, q *board.Poll) string {
	switch {
	case c.b.Roster != board.RosterCurrent:
		if m.Link.DownSince.IsZero() {
			return ""
		}
		return c.words.T("roster.old", "when", c.dayTime(m.Link.DownSince))
	case q != nil && q.Open(c.now):
		return c.words.T("poll.until", "when", c.dayTime(q.Until))
	}
	return ""
}

// pollApart reports whether a panel has too little height for a question and its
// answers, or its numbers, on one page: then what is kept of an answer is said
// first, and the question stands in the header.
func (c *canvas) pollApart(area layout.Rect, q board.Poll) bool {
	says := c.words.T("poll.consent")
	if !q.Open(c.now) {
		says = c.words.T("poll.closed")
	}
	rest := area.H - c.pollHeadHeight(area, c.say(q.Question), says) - c.gap(24, 24, 8)
	if !q.Open(c.now) {
		return rest < c.pollRowHeight()*float32(len(q.Options))+2*c.of(24, 28, 8)
	}
	at := c.pollTilesAt(layout.Rect{X: area.X, W: area.W, H: rest}, q)
	return at[0].H < c.pollTileHeight(at, q)
}

// pollHead draws a card with a question, or what is said instead, and a sentence
// under it. It returns what is left below.
func (c *canvas) pollHead(area layout.Rect, title, text string) layout.Rect {
	w := area.W - 2*c.of(44, 40, 16)
	h, lines := c.pollTitle(title, w)
	b, says := c.pollText(text, w)
	card, rest := area.CutTop(c.pollHeadHeight(area, title, text), c.gap(24, 24, 8))
	c.card(card)
	y := c.paragraph(lines, h, card.MidX(), card.Y+c.of(28, 32, 8), middle, c.Ink)
	c.paragraph(says, b, card.MidX(), y+c.of(10, 12, 2), middle, c.Ink2)
	return rest
}

func (c *canvas) pollHeadHeight(area layout.Rect, title, text string) float32 {
	w := area.W - 2*c.of(44, 40, 16)
	h, lines := c.pollTitle(title, w)
	b, says := c.pollText(text, w)
	return float32(len(lines))*h.Size*h.Line + c.of(10, 12, 2) + float32(len(says))*b.Size*b.Line + 2*c.of(28, 32, 8)
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
	return t, c.wrap(s, t, w, 4)
}

// pollConsent draws what is asked, where the header does not say it, what is kept of
// an answer, and the way to the answers.
func (c *canvas) pollConsent(area layout.Rect, ask string, on Turn) {
	b, rest := area.CutBottom(c.hand(148, 148, 80), c.gap(24, 24, 8))
	t, says := c.pollText(c.words.T("poll.consent"), rest.W-2*c.of(44, 40, 16))
	if float32(len(says))*t.Size*t.Line > rest.H { // a flat panel: beside each other
		b, rest = area.CutRight(area.W*.36, c.gap(24, 24, 8))
		t = t.At(c.ty.Min.Size)
		t.Line = 1.15
		says = c.wrap(c.words.T("poll.consent"), t, rest.W-2*c.of(20, 20, 8), 4)
	}
	c.card(rest)
	y := rest.MidY() - float32(len(says))*t.Size*t.Line/2
	if ask != "" {
		h, asked := c.pollTitle(ask, rest.W-2*c.of(44, 40, 16))
		y -= (float32(len(asked))*h.Size*h.Line + c.of(24, 32, 8)) / 2
		y = c.paragraph(asked, h, rest.MidX(), y, middle, c.Ink) + c.of(24, 32, 8)
	}
	c.paragraph(says, t, rest.MidX(), y, middle, c.Ink)
	c.button(b, button{icon: "hand-finger", label: c.words.T("poll.answer"), means: on, kind: primary, tone: c.Meet})
}

// pollTilesAt returns where the answers stand: beside each other, or, upright,
// below each other.
func (c *canvas) pollTilesAt(area layout.Rect, q board.Poll) []layout.Rect {
	at := area.Columns(len(q.Options), c.gap(24, 20, 8))
	if c.class != look.Portrait {
		return at
	}
	at, gap := nil, c.gap(16, 16, 6)
	h := (area.H - gap*float32(len(q.Options)-1)) / float32(len(q.Options))
	for i := range q.Options {
		at = append(at, layout.Rect{X: area.X, Y: area.Y + float32(i)*(h+gap), W: area.W, H: h})
	}
	return at
}

// pollTileHeight returns how high the answers are at least, for their pictures and
// words.
func (c *canvas) pollTileHeight(at []layout.Rect, q board.Poll) float32 {
	words := c.pollWordsHeight(at, q)
	if c.class == look.Portrait {
		return max(c.least(), words+24)
	}
	return max(c.least(), words+c.hand(120, 0, 60)+c.of(60, 0, 18))
}

// pollWordsHeight returns how high the words of the highest answer are.
func (c *canvas) pollWordsHeight(at []layout.Rect, q board.Poll) (high float32) {
	for i, o := range q.Options {
		lines, t := c.pollWords(at[i], c.say(o.Title))
		high = max(high, float32(len(lines))*t.Size*t.Line)
	}
	return high
}

// pollTiles draws the answers, and where there is room the numbers so far.
func (c *canvas) pollTiles(rest layout.Rect, q board.Poll) {
	t := c.ty.Title.At(c.of(36, 36, 20))
	foot, tiles := rest.CutBottom(t.Size*1.3, c.of(16, 20, 4))
	at := c.pollTilesAt(tiles, q)
	room := at[0].H >= c.pollTileHeight(at, q)
	if !room {
		at = c.pollTilesAt(rest, q)
	}
	high := c.pollWordsHeight(at, q) // the pictures stand at one height
	for i, o := range q.Options {
		c.pollTile(at[i], q.Ref, o, high)
		if room && q.Counted > 0 && c.class != look.Portrait {
			c.text(c.words.N("poll.count", o.N), t.Digits(), at[i].MidX(), foot.MidY()+t.Middle(), middle, c.Ink)
		}
	}
	line := c.words.T("poll.few_title") + ". " + c.words.T("poll.few_hint")
	switch {
	case !room, q.Counted > 0 && c.class != look.Portrait:
		return
	case q.Counted > 0:
		line = c.words.T("poll.counted", "n", q.Counted)
	}
	t, ok := c.fits(line, t.In(500), foot.W, t.Size, t.Size*.9, t.Size*.8)
	if !ok {
		line = c.words.T("poll.few_title")
	}
	c.text(line, t, foot.MidX(), foot.MidY()+t.Middle(), middle, c.Ink)
}

func (c *canvas) pollType() look.Type {
	t := c.ty.Title.At(c.of(46, 54, 24))
	t.Line = 1.1
	return t
}

// pollWords sets the words of an answer under its picture, or beside it.
func (c *canvas) pollWords(r layout.Rect, s string) ([]run, look.Type) {
	w := r.W - c.of(40, 32, 12)
	if c.class == look.Portrait {
		w = r.W - 28 - c.pollSide(r) - 28 - 24
	}
	return c.titleLines(s, c.pollType(), w, 2)
}

// pollSide returns how large the picture beside the words is.
func (c *canvas) pollSide(r layout.Rect) float32 { return min(max(r.H-36, 96), 260, r.W*.3) }

// pollTile draws an answer: its picture over its words, which are so high at most;
// or, upright, beside them.
func (c *canvas) pollTile(r layout.Rect, on board.Ref, o board.PollOption, high float32) {
	label := c.say(o.Title)
	draw := c.pressCard(r, label, Answer{on, o.Picto}, box{})
	lines, t := c.pollWords(r, label)
	gap := c.of(20, 20, 6)
	side := min(c.of(300, 260, 120), draw.H-high-gap-c.of(40, 40, 12), draw.W*.7)
	if flat := side < c.of(90, 0, 40); flat || c.class == look.Portrait {
		side = min(c.pollSide(r), draw.H-12)
		if flat {
			side = min(draw.H-12, draw.W*.34)
			lines, t = c.titleLines(label, c.pollType(), draw.W-side-c.of(56, 84, 28), 2)
		}
		d := layout.Rect{X: draw.X + c.of(20, 28, 10), Y: draw.MidY() - side/2, W: side, H: side}
		c.pollFace(d, o.Picto)
		c.paragraph(lines, t, d.Right()+c.of(16, 28, 8), draw.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
		return
	}
	y := draw.MidY() - (side+gap+high)/2
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
		title, text, icon, tn = c.words.T("poll.late_title"), c.words.T("poll.late"), "clock", waitTone(c.Theme)
	case q.Waits && m.offline():
		text = c.words.T("poll.waits")
	}
	high := max(c.of(240, 420, 112), c.hand(128, 136, 72)+2*c.of(28, 36, 10))
	card, rest := area.CutTop(high, c.gap(24, 24, 8))
	if rest.H < c.pollRowHeight()*float32(len(q.Options))+2*c.of(24, 28, 8) {
		card, rest = area, layout.Rect{}
	}
	c.card(card)
	in := card.Pad(c.of(40, 40, 16), c.of(28, 36, 10), c.of(40, 40, 16), c.of(28, 36, 10))
	if given, _ := m.given(q.Ref); given.Picto != "" && !q.Late {
		undo := button{icon: "arrow-back-up", label: c.words.T("confirm.undo"), means: TakeAnswerBack{q.Ref}, kind: honey}
		var b layout.Rect
		if c.class == look.Portrait {
			b, in = in.CutBottom(c.hand(128, 136, 72), 24)
		} else {
			b, in = in.CutRight(max(c.width(undo), c.least()), c.of(32, 0, 12))
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
	if float32(len(lines))*t.Size*t.Line+float32(len(says))*b.Size*b.Line > in.H+c.of(28, 36, 10) { // a flat panel
		says = nil
	}
	y := in.MidY() - (float32(len(lines))*t.Size*t.Line+float32(len(says))*b.Size*b.Line)/2
	y = c.paragraph(lines, t, x, y, start, c.Ink)
	c.paragraph(says, b, x, y, start, c.Ink2)
	if rest.H > 0 {
		c.pollResult(rest, q, "poll.few_title", "poll.few_hint")
	}
}

// pollClosed draws a question that is over, and its numbers.
func (c *canvas) pollClosed(area layout.Rect, q board.Poll, apart bool) {
	if !apart {
		area = c.pollHead(area, c.say(q.Question), c.words.T("poll.closed"))
	}
	c.pollResult(area, q, "poll.never_title", "poll.never_hint")
}

// pollRowHeight returns how high the number of an answer is at least.
func (c *canvas) pollRowHeight() float32 {
	return c.ty.Title.At(c.of(42, 40, 23)).Size*1.25 + c.of(12, 16, 4)
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
	cols := 1
	if float32(len(q.Options))*c.pollRowHeight() > in.H {
		cols = 2
	}
	rows := (len(q.Options) + cols - 1) / cols
	if head := c.ty.Body.At(c.of(34, 36, 20)); in.H > float32(rows)*max(c.of(90, 160, 34), c.pollRowHeight())+head.Size*1.4 {
		y := c.paragraph(c.wrap(c.words.T("poll.counted", "n", q.Counted), head, in.W, 1), head, in.X, in.Y, start, c.Ink2)
		in.Y, in.H = y, in.Bottom()-y
	}
	gap := c.of(12, 16, 4)
	h := min((in.H-gap*float32(rows-1))/float32(rows), c.of(150, 400, 60))
	at := make([]layout.Rect, len(q.Options))
	bars := true
	for i, o := range q.Options {
		col := in.Columns(cols, c.of(48, 40, 20))[i%cols]
		at[i] = layout.Rect{X: col.X, Y: col.Y + float32(i/cols)*(h+gap), W: col.W, H: h}
		bars = bars && c.pollCountAt(at[i], o, cols > 1, true).whole
	}
	for i, o := range q.Options {
		c.pollCount(at[i], c.pollCountAt(at[i], o, cols > 1, bars), o, q.Counted)
	}
}

// A pollRow is how the number of an answer stands in its row.
type pollRow struct {
	face, words, bar layout.Rect
	lines            []run
	t, n             look.Type // of the words, and of the number
	count            run
	room             float32 // of the number
	whole            bool    // no word is left out
}

// pollCountAt lays such a row out: with a bar, where bars are wanted and there is
// room, and bare where the number has to do.
func (c *canvas) pollCountAt(r layout.Rect, o board.PollOption, bare, bars bool) pollRow {
	side := min(r.H, c.of(120, max(130, min(200, r.H*.6)), 56))
	d := layout.Rect{X: r.X, Y: r.MidY() - side/2, W: side, H: side}
	t := c.ty.Title.At(c.of(42, 40, 23))
	t.Line = 1.08
	row := pollRow{face: d, n: t.Digits()}
	row.count = c.line(c.words.N("poll.count", o.N), row.n)
	row.room = max(row.count.w, c.line(c.words.N("poll.count", 88), row.n).w)
	if bare {
		row.count = c.line(strconv.Itoa(o.N), row.n)
		row.room = row.count.w
	}
	x := d.Right() + c.of(28, 28, 12)
	row.words = layout.Rect{X: x, Y: r.Y, W: r.Right() - row.room - c.of(28, 24, 12) - x, H: r.H}
	title := c.say(o.Title)
	_, t = c.titleLines(title, t, row.words.W, 2)
	switch wide := c.of(560, 0, 230) * max(1, t.Size/c.of(42, 40, 23)); {
	case c.class == look.Portrait && side >= 3*t.Size: // the bar under the words
		row.words = layout.Rect{X: x, Y: d.Y - 12, W: row.words.W, H: side - 36}
		row.bar = layout.Rect{X: x, Y: d.Bottom() - 36, W: r.Right() - x, H: 36}
	case bars && c.class != look.Portrait && row.words.W > wide+c.of(200, 0, 100):
		row.bar, row.words = row.words.CutRight(row.words.W-wide, c.of(24, 0, 10))
		row.bar = row.bar.Center(row.bar.W, c.of(36, 0, 16))
	}
	most := 2
	if float32(most)*t.Size*t.Line > row.words.H {
		most = 1
	}
	row.lines, row.t = c.titleLines(title, t, row.words.W, most)
	if float32(len(row.lines))*row.t.Size*row.t.Line > row.words.H+8 {
		row.lines = row.lines[:1]
	}
	row.whole = whole(row.lines, title)
	return row
}

// pollCount draws how often one answer was given.
func (c *canvas) pollCount(r layout.Rect, row pollRow, o board.PollOption, of int) {
	c.pollFace(row.face, o.Picto)
	t, n := row.t, row.n
	c.paragraph(row.lines, t, row.words.X, row.words.MidY()-float32(len(row.lines))*t.Size*t.Line/2, start, c.Ink)
	c.put(row.count, r.Right()-row.room, row.words.MidY()+n.Middle(), start, c.Ink)
	if row.bar.W <= 0 {
		return
	}
	c.box(row.bar, box{fill: c.MeetTint, radius: row.bar.H / 2})
	if o.N > 0 {
		full := row.bar
		full.W = max(full.H, full.W*float32(o.N)/float32(of))
		c.box(full, box{fill: c.Meet, radius: full.H / 2})
	}
}

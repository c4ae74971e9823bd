package ui

import (
	"strings"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// What somebody may ask of whoever is responsible for what is kept of them, on their
// own page.

type (
	// AskFor asks whether somebody wants to ask for something.
	AskFor struct{ By board.Right }

	// AskForYes asks for it.
	AskForYes struct {
		Who board.PersonID
		By  board.Right
	}

	// AskForUndo takes back what was asked for just now.
	AskForUndo struct {
		Who board.PersonID
		By  board.Right
	}

	// Ask keeps that somebody asks for something.
	Ask struct {
		Who board.PersonID
		By  board.Right
	}

	// Unask keeps that they do not, after all.
	Unask struct {
		Who board.PersonID
		By  board.Right
	}

	// Asking says who answers and within how long, and asks whether it is meant.
	Asking struct {
		Who   board.PersonID
		By    board.Right
		Since int64
	}

	// Asked says that it was noted, and offers to undo it.
	Asked struct {
		Who   board.PersonID
		By    board.Right
		Since int64
	}
)

func (Ask) effect()   {}
func (Unask) effect() {}

func (o Asking) opened() int64             { return o.Since }
func (o Asking) still(b *board.Board) bool { return mayAsk(b, o.Who, o.By) }
func (o Asking) draw(c *canvas, _ Model)   { c.asking(o) }

func (o Asked) opened() int64             { return o.Since }
func (o Asked) still(b *board.Board) bool { return listed(b, o.Who) }
func (o Asked) draw(c *canvas, m Model)   { c.asked(m, o) }

// mayAsk reports whether nothing of that kind is open already.
func mayAsk(b *board.Board, who board.PersonID, by board.Right) bool {
	p, ok := b.Person(who)
	r, has := p.Request(by)
	return ok && p.SignUp && (!has || !r.Answered.IsZero())
}

func (a AskFor) act(m Model) (Model, []Effect) {
	if m.Self != "" && mayAsk(m.Board, m.Self, a.By) {
		m.Over = Asking{m.Self, a.By, m.Now.UnixMilli()}
	}
	return m, nil
}

func (a AskForYes) answer(m Model) (Model, []Effect) {
	o, asked := m.Over.(Asking)
	if !asked || o.Who != a.Who || o.By != a.By || m.Self != a.Who {
		return m, nil
	}
	m.Over, m.Toast = Asked{a.Who, a.By, m.Now.UnixMilli()}, Toast{}
	return m, []Effect{Ask(a)}
}

func (a AskForUndo) answer(m Model) (Model, []Effect) {
	m.Over = nil
	return m, []Effect{Unask(a)}
}

// date returns a date that stands on one line.
func (c *canvas) date(t time.Time) string {
	return strings.ReplaceAll(c.words.Date(t), " ", "\u00a0")
}

// requestRow draws the way to ask to see what is kept of who, or what became of it.
func (c *canvas) requestRow(r layout.Rect, who board.Person) {
	by := board.RightAccess
	title, text, icon, ink := c.words.T("request.ask"), c.words.T("request.within"), "file-text", c.People
	req, asked := who.Request(by)
	if asked && req.Answered.IsZero() {
		title, icon, ink = c.words.T("request.open"), "check", c.Ok
		text = c.words.T("request.due", "day", c.date(req.Due))
		if both := c.words.T("request.asked", "day", c.date(req.Asked)) + " " + text; c.requestWords(r, title, both).two {
			text = both
		}
		c.card(r)
	} else {
		if asked {
			text = c.words.T("request.answered", "day", c.date(req.Answered))
		}
		r = c.pressCard(r, title+". "+text, AskFor{by}, box{})
		i := c.of(44, 44, 26)
		c.icon("arrow-right", layout.Rect{X: r.Right() - c.of(36, 34, 14) - i, Y: r.MidY() - i/2, W: i, H: i}, 2, c.Ink2)
	}
	pad, size := c.of(28, 26, 12), c.of(56, 56, 30)
	c.icon(icon, layout.Rect{X: r.X + pad, Y: r.MidY() - size/2, W: size, H: size}, 2, ink)
	w := c.requestWords(r, title, text)
	x := r.X + pad + size + c.of(26, 24, 12)
	high := float32(len(w.title)) * w.t.Size * w.t.Line
	if w.two {
		high += float32(len(w.text)) * w.b.Size * w.b.Line
	}
	y := c.paragraph(w.title, w.t, x, r.MidY()-high/2, start, c.Ink)
	if w.two {
		c.paragraph(w.text, w.b, x, y, start, c.Ink2)
	}
}

// A requestLines is the words of a row as they are set; two: there is room for the
// second line.
type requestLines struct {
	title, text []run
	t, b        look.Type
	two         bool
}

func (c *canvas) requestWords(r layout.Rect, title, text string) requestLines {
	w := r.W - c.of(28, 26, 12) - c.of(56, 56, 30) - c.of(26, 24, 12) - c.of(96, 94, 48)
	t := c.ty.Title.At(c.of(38, 36, 22))
	t.Line = 1.1
	t, one := c.fits(title, t, w, t.Size, t.Size*.9, t.Size*.82)
	most := 1
	if !one {
		most = 2
	}
	b := c.ty.Body.At(c.of(32, 32, 20))
	b.Line = 1.2
	b, _ = c.fits(text, b, w, b.Size, b.Size*.92)
	out := requestLines{title: c.wrap(title, t, w, most), text: c.wrap(text, b, w, 1), t: t, b: b}
	out.two = whole(out.text, text) && c.narrow(out.text, w) &&
		float32(len(out.title))*t.Size*t.Line+b.Size*b.Line <= r.H-c.of(8, 8, 4)
	return out
}

// asking says who answers and within how long.
func (c *canvas) asking(o Asking) {
	inner := c.dialog(c.of(1340, 1000, 780), c.of(620, 900, 464))
	buttons, rest := inner.CutBottom(c.hand(148, 320, 80), c.of(40, 40, 12))
	text := c.words.T("request.staff")
	if keeper := c.say(c.b.Keeper); keeper != "" {
		text = c.words.T("request.keeper", "keeper", keeper)
	}
	c.iconHead(rest, "file-text", c.People, c.PeopleTint, c.words.T("request.title"), text+" "+c.words.T("request.within")+" "+c.words.T("request.free"))
	yes := button{icon: "check", label: c.words.T("request.yes"), means: AskForYes{o.Who, o.By}, kind: primary, tone: c.People, size: c.of(44, 40, 24)}
	no := button{icon: "x", label: c.words.T("request.no"), means: Close{}, kind: secondary, size: c.of(44, 40, 24)}
	if c.class == look.Portrait {
		top, bottom := buttons.CutTop((buttons.H-24)/2, 24)
		c.button(top, yes)
		c.button(bottom, no)
		return
	}
	pair := buttons.Columns(2, c.gap(28, 24, 12))
	c.button(pair[0], no)
	c.button(pair[1], yes)
}

// asked says by when an answer comes, or that the hub knows nothing of it yet.
func (c *canvas) asked(m Model, o Asked) {
	inner := c.dialog(c.of(1340, 1000, 780), c.of(620, 900, 464))
	buttons, rest := inner.CutBottom(c.hand(148, 148, 80), c.of(40, 40, 12))
	who, _ := c.b.Person(o.Who)
	req, stands := who.Request(o.By)
	title, text := c.words.T("request.noted"), c.words.T("request.due", "day", c.date(req.Due))
	icon, ink, tint := "check", c.Ok, c.OkTint
	switch {
	case !stands: // the hub said no
		title, text, icon, ink, tint = c.words.T("request.not_noted"), c.words.T("confirm.ask_staff"), "info-circle", c.Wait, c.WaitTint
	case !m.Link.Live:
		text = c.words.T("confirm.offline") + " " + text
		icon, ink, tint = "clock", c.Wait, c.WaitTint
	}
	c.iconHead(rest, icon, ink, tint, title, text)
	pair := buttons.Columns(2, c.gap(28, 24, 12))
	if stands {
		undo := button{icon: "arrow-back-up", label: c.words.T("confirm.undo"), means: AskForUndo{o.Who, o.By}, kind: secondary, size: c.of(48, 46, 27)}
		undo.drain = c.drain(o.Since)
		c.button(pair[0], undo)
	}
	c.button(pair[1], button{icon: "check", label: c.words.T("confirm.done"), means: Close{}, kind: primary, size: c.of(48, 46, 27)})
}

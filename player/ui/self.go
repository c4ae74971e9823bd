package ui

import (
	"cmp"
	"slices"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// Somebody can show the wall who they are: by their own picture, by a picture
// code where they want one, by a tag. It proves nothing, so that nobody gets by
// it at more than conveniences; it needs no memory and no face.

type (
	// Identified says who stands there. Whoever may not sign up on this wall is not
	// believed.
	Identified struct{ Who board.PersonID }

	// CodeWrong says that three pictures are not somebody's code.
	CodeWrong struct{ Who board.PersonID }
)

func (Identified) msg() {}
func (CodeWrong) msg()  {}

type (
	// OpenOwn asks for somebody's own page.
	OpenOwn struct{ Who board.PersonID }

	// Finish says that whoever was known has gone.
	Finish struct{}
)

// Done by the finger: a code is asked for where there is one.
func (a OpenOwn) act(m Model) (Model, []Effect) {
	p, ok := m.Board.Person(a.Who)
	switch {
	case !ok || !p.SignUp:
		return m, nil
	case p.Coded && m.Self != a.Who:
		return m.push(Code{Who: a.Who}), nil
	}
	return m.identified(a.Who)
}

func (Finish) act(m Model) (Model, []Effect)    { return m.finish(), nil }
func (Finish) answer(m Model) (Model, []Effect) { return m.finish(), nil }

// identified lets the wall be as somebody wants it, and opens their page; or,
// while it asks who wants to join, takes that for the answer.
func (m Model) identified(who board.PersonID) (Model, []Effect) {
	if m.Board == nil || m.Board.Masked || m.PairingShown() {
		return m, nil
	}
	p, ok := m.Board.Person(who)
	if !ok || !p.SignUp {
		return m, nil
	}
	if m.Self != "" && m.Self != who {
		m = m.finish() // another stands there now
	}
	m.Self, m.Manner, m.Last = who, mannerOf(p.Preset, m.Manner), m.Now
	m.Locks = slices.DeleteFunc(slices.Clone(m.Locks), func(l Lock) bool { return l.Who == who })
	switch at := m.place().(type) {
	case Who:
		m.Over = nil
		return Pick{at.On, who}.act(m)
	case Code:
		m.Stack = slices.Clip(m.Stack[:len(m.Stack)-1])
	}
	if at, ok := m.place().(Own); !ok || at.Who != who {
		m.Over = nil
		m = m.push(Own{Who: who})
	}
	m = m.resume()
	if p.Preset.Read {
		return m.read()
	}
	return m, nil
}

// finish forgets who was there and everything that was theirs: how the wall was
// for them, what they had begun, what could still be undone.
func (m Model) finish() Model {
	m.Self, m.Manner, m.Draft = "", Manner{}, Draft{}
	m.Stack, m.Over, m.Toast, m.Hand, m.Acts = []Place{Home{}}, nil, Toast{}, Hand{}, Acted{}
	m.Focus, m.Scan, m.order = Focus{}, Scan{}, nil
	return m
}

// A Draft is what somebody had begun when time ran out. It waits for them, and
// for nobody else, for five minutes.
type Draft struct {
	Who   board.PersonID
	Place Place
	Until time.Time
}

// draftFor is how long.
const draftFor = 5 * time.Minute

// A beginning is a page on which somebody has begun something that is not done. A
// picture code is none: what was touched of it is for nobody to find.
type beginning interface {
	Place
	// by returns who, or "" where that is whoever the wall knows.
	by() board.PersonID
}

// by: they have said who they are and which meeting, and not yet what.
func (p Phrases) by() board.PersonID { return p.Who }

// by: they have chosen the activity, the meal or the time to book, and the wall asks
// who joins.
func (p Who) by() board.PersonID { return "" }

// leave is [Model.finish] when nobody has said that they are done: what was begun
// is kept, unless nobody knows by whom.
func (m Model) leave() Model {
	var kept Draft
	if p, ok := m.place().(beginning); ok {
		if who := cmp.Or(p.by(), m.Self); who != "" {
			kept = Draft{who, p, m.Now.Add(draftFor)}
		}
	}
	m = m.finish()
	m.Draft = kept
	return m
}

// resume goes on with what the one who stands there had begun.
func (m Model) resume() Model {
	d := m.Draft
	if d.Place == nil || d.Who != m.Self {
		return m
	}
	m.Draft = Draft{}
	if m.Now.Before(d.Until) && d.Place.there(m.Board) {
		m = m.push(d.Place)
	}
	return m
}

// mannerOf returns how the wall is for somebody: as they want it, and for the
// rest as it was made to be before.
func mannerOf(p board.Preset, now Manner) Manner {
	if p.Lang != "" {
		now.Lang = string(p.Lang)
	}
	switch p.Text {
	case "large":
		now.Text = max(now.Text, look.TextLarge)
	case "extra_large":
		now.Text = max(now.Text, look.TextLargest)
	}
	if p.Contrast != "" {
		now.Contrast = p.Contrast
	}
	now.Hold, now.Switches = p.Hold, map[string]Switches{"one_switch": OneSwitch, "two_switch": TwoSwitches}[p.Scanning]
	now.Still, now.Spoken = p.Still, p.Read
	return now
}

// selfMark draws who the wall takes to be there, and the way to be somebody else:
// in place of the clock, with its end at x and its middle at y. It returns where
// it begins.
func (c *canvas) selfMark(x, y float32) (left float32) {
	words := c.words.T("self.done")
	h, size := c.hand(96, 96, 72), c.of(72, 72, 48)
	t := c.ty.Title.At(c.of(36, 34, 22))
	pad := (h - size) / 2
	w := pad + size + c.of(18, 16, 8) + c.line(words, t).w + c.of(36, 32, 16)
	y = max(y, c.mm(8)+h/2)
	r := layout.Rect{X: x - w, Y: y - h/2, W: w, H: h}
	draw, pressed := c.press(r, Finish{})
	fill := c.Surface
	if pressed {
		fill = c.Bg2
	}
	c.box(draw, box{fill: fill, radius: h / 2, border: c.of(4, 4, 3), edge: c.People, shade: c.shade(&look.E2)})
	c.avatar(*c.self, draw.X+pad, y-size/2, size, face{})
	c.text(words, t, draw.X+pad+size+c.of(18, 16, 8), y+t.Middle(), start, c.Ink)
	if !c.low { // it stands too high; their own page has another
		c.touch(r, words, Finish{})
	}
	return r.X
}

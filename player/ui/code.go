package ui

import (
	"slices"
	"strconv"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// Code asks for the three pictures of somebody's code. There is no time limit but
// the page's own.
type Code struct {
	Who     board.PersonID
	Touched [board.CodeLen]int8 // pictures so far
	N       int8                // how many
	Wrong   bool                // three were not the code
}

func (p Code) there(b *board.Board) bool { return listed(b, p.Who) }
func (p Code) draw(c *canvas, m Model)   { c.code(p, m) }

// After five wrong tries the wall takes no code of that person for five minutes.
const (
	triesMost = 5
	lockFor   = 5 * time.Minute
)

// A Lock counts how often the pictures were wrong.
type Lock struct {
	Who   board.PersonID
	Wrong int
	Until time.Time // no code is taken; or, before the last try, when it is forgotten
}

// locked returns until when no code of somebody is taken; zero: it is.
func (m Model) locked(who board.PersonID) time.Time {
	for _, l := range m.Locks {
		if l.Who == who && l.Wrong >= triesMost && m.Now.Before(l.Until) {
			return l.Until
		}
	}
	return time.Time{}
}

type (
	// CodePicture is one picture of the code.
	CodePicture struct{ N int8 }

	// Unpick takes the last one back.
	Unpick struct{}
)

// CheckCode wants to know whether the pictures are somebody's code; the answer is
// [Identified] or [CodeWrong].
type CheckCode struct {
	Who     board.PersonID
	Touched [board.CodeLen]int8
}

func (CheckCode) effect() {}

func (a CodePicture) act(m Model) (Model, []Effect) {
	p, ok := m.place().(Code)
	if !ok || p.N == board.CodeLen || a.N < 0 || int(a.N) >= len(board.CodePictures) || !m.locked(p.Who).IsZero() {
		return m, nil
	}
	p.Touched[p.N] = a.N
	p.N++
	p.Wrong = false
	if p.N < board.CodeLen {
		return m.replace(p), nil
	}
	m.Acts = Acted{} // nor does that say which
	return m.replace(Code{Who: p.Who, N: board.CodeLen}), []Effect{CheckCode{p.Who, p.Touched}}
}

func (Unpick) act(m Model) (Model, []Effect) {
	if p, ok := m.place().(Code); ok && p.N > 0 && p.N < board.CodeLen {
		p.N--
		p.Touched[p.N] = 0
		m = m.replace(p)
	}
	return m, nil
}

// replace puts another page in the place of the one in front.
func (m Model) replace(p Place) Model {
	m.Stack = append(slices.Clone(m.Stack[:len(m.Stack)-1]), p)
	return m
}

// codeWrong counts it.
func (m Model) codeWrong(who board.PersonID) Model {
	locks := slices.DeleteFunc(slices.Clone(m.Locks), func(l Lock) bool { return !m.Now.Before(l.Until) })
	i := slices.IndexFunc(locks, func(l Lock) bool { return l.Who == who })
	if i < 0 {
		i, locks = len(locks), append(locks, Lock{Who: who})
	}
	locks[i].Wrong++
	locks[i].Until = m.Now.Add(lockFor)
	m.Locks = locks
	if p, ok := m.place().(Code); ok && p.Who == who {
		m = m.replace(Code{Who: who, Wrong: true})
	}
	return m
}

// code draws who it is, how far they have come, and the pictures.
func (c *canvas) code(p Code, m Model) {
	who, _ := c.b.Person(p.Who)
	c.page()
	locked := !m.locked(p.Who).IsZero()
	var rest layout.Rect
	if !c.tiny {
		dots := func(r layout.Rect) { c.codeDots(r, int(p.N)) }
		if locked {
			dots = nil
		}
		rest = c.portrait(who, c.of(400, 240, 110), dots)
	}
	title := c.words.T("code.touch")
	switch {
	case locked:
		title = c.words.T("code.wait_title")
	case p.Wrong:
		title = c.words.T("code.wrong")
	}
	var area layout.Rect
	if c.tiny { // the pictures take all there is
		area = c.content()
		area = layout.Rect{X: area.X, Y: max(8, c.mm(8)), W: area.W}.To(area.Bottom())
	} else {
		area = c.personHead(rest, title)
	}
	if locked {
		c.card(area)
		c.calmStacked(area, "lock", c.words.T("code.staff"), c.words.T("code.wait"), "")
	} else {
		c.codePictures(area)
	}
	bar := c.backBar()
	if c.tiny && !locked && p.N == 0 {
		c.hint(bar, "hand-finger", title)
	}
	if p.N > 0 && p.N < board.CodeLen {
		b := button{icon: "backspace", label: c.words.T("code.undo"), means: Unpick{}}
		r, _ := bar.CutRight(min(c.width(b), bar.W), 0)
		c.button(r, b)
	}
}

// codeDots says how many pictures were touched, and not which.
func (c *canvas) codeDots(r layout.Rect, n int) {
	size, gap := min(c.of(112, 92, 44), r.H-c.of(24, 12, 8)), c.of(24, 22, 12)
	x := r.MidX() - (board.CodeLen*size+(board.CodeLen-1)*gap)/2
	for i := range board.CodeLen {
		d := layout.Rect{X: x + float32(i)*(size+gap), Y: r.MidY() - size/2, W: size, H: size}
		if i < n {
			c.box(d, box{fill: c.People, radius: size / 2})
			c.icon("check", d.Center(size*.6, size*.6), 3, c.PeopleTint)
			continue
		}
		c.ring(d.MidX(), d.MidY(), size/2, c.of(5, 5, 3), c.People)
	}
	c.dead(r, c.words.T("code.so_far", "n", strconv.Itoa(n)))
}

// codePictures draws the pictures, for everybody and always at the same places.
func (c *canvas) codePictures(area layout.Rect) {
	cols, rows := 4, 3
	switch {
	case c.class == look.Portrait:
		cols, rows = 3, 4
	case c.flat():
		cols, rows = 6, 2
	}
	for i, r := range area.Grid(cols, rows, c.gap(22, 20, 8), c.gap(22, 20, 8)) {
		if i >= len(board.CodePictures) {
			break
		}
		name := board.CodePictures[i]
		draw := c.pressCard(r, c.words.T("code.picture."+name), CodePicture{int8(i)}, box{})
		size := min(c.of(148, 148, 72), draw.H-c.of(24, 24, 8), draw.W-c.of(24, 24, 8))
		c.picto(name, draw.Center(size, size))
	}
}

package ui

import (
	"image"

	"tavle/render"
)

// A Key is a key of a keyboard, a remote control or a switch.
type Key uint8

// The keys the wall hears. What else there is on a keyboard it leaves alone.
const (
	KeyEnter Key = iota + 1
	KeySpace
	KeyEscape
	KeyTab
	KeyBackTab
	KeyLeft
	KeyRight
	KeyUp
	KeyDown
	KeyHome
)

// Focus is where the keys are: on what, by its meaning, so that it stays on that
// and nothing else whatever becomes of the page. A frame that does not have it
// shows no focus.
type Focus struct {
	On  render.Meaning // nil: nowhere
	Nth int            // of the targets that mean it, in reading order
	Row bool           // on the whole row it is in, which a switch chooses first
}

type (
	// Focused moves the focus.
	Focused struct {
		To   Focus
		Scan Scan
		Self bool // by time, without anybody
	}

	// Pressed is the key or switch that presses what has the focus, as seen on the
	// frame that was shown. Ready is as for [TouchDown].
	Pressed struct {
		Means render.Meaning
		Ready bool
		At    image.Point // the middle of it
	}
)

func (Focused) msg() {}
func (Pressed) msg() {}

// Hear returns what a key means on the frame that was shown: a message, or nil
// where it means nothing.
func Hear(m Model, f *render.Frame, k Key) Msg {
	switch {
	case k == KeyEscape:
		return BackPressed{}
	case m.ease().Switches != NoSwitch && (k == KeyEnter || k == KeySpace):
		return switched(m, f, k)
	}
	rows := Rows(f)
	if len(rows) == 0 {
		return nil
	}
	at, row, i := m.Focus.find(rows)
	switch {
	case k == KeyHome:
		return pressed(f.Find(Go{Home{}}))
	case at == nil:
		return Focused{To: focusOn(rows, rows[0][0])}
	case k == KeyEnter, k == KeySpace:
		return pressed(at)
	}
	return Focused{To: focusOn(rows, step(rows, row, i, k, f.RTL))}
}

// pressed returns the message that presses t, or nil.
func pressed(t *render.Target) Msg {
	if t == nil {
		return nil
	}
	return Pressed{Means: t.Means, At: middleOf(t.Drawn)}
}

// find returns the target that has the focus, and where it is in rows; nil: none
// has.
func (a Focus) find(rows [][]*render.Target) (t *render.Target, row, i int) {
	if a.On == nil {
		return nil, 0, 0
	}
	nth := 0
	for row := range rows {
		for i, t := range rows[row] {
			switch {
			case t.Means != a.On:
			case nth == a.Nth:
				return t, row, i
			default:
				nth++
			}
		}
	}
	return nil, 0, 0
}

// focusOn returns the focus on t, which is in rows.
func focusOn(rows [][]*render.Target, t *render.Target) Focus {
	nth := 0
	for _, row := range rows {
		for _, other := range row {
			if other == t {
				return Focus{On: t.Means, Nth: nth}
			}
			if other.Means == t.Means {
				nth++
			}
		}
	}
	return Focus{}
}

// step returns what a key leads to. Tab goes on in reading order and begins again
// at the end. An arrow goes to the nearest that way; where there is nothing, it
// goes on in reading order as well, so that a remote control without Tab gets
// everywhere.
func step(rows [][]*render.Target, row, i int, k Key, rtl bool) *render.Target {
	var list []*render.Target
	at := 0
	for n, r := range rows {
		if n == row {
			at = len(list) + i
		}
		list = append(list, r...)
	}
	forward := k == KeyTab || k == KeyDown || k == KeyRight && !rtl || k == KeyLeft && rtl
	if k != KeyTab && k != KeyBackTab {
		if t := beside(list, list[at], k); t != nil {
			return t
		}
	}
	if forward {
		return list[(at+1)%len(list)]
	}
	return list[(at+len(list)-1)%len(list)]
}

// beside returns what lies from one target in the direction of an arrow and
// beside it, the nearest of it, or nil.
func beside(list []*render.Target, from *render.Target, k Key) *render.Target {
	var best *render.Target
	var bestAhead, bestAside int
	a := turned(from, k)
	for _, t := range list {
		b := turned(t, k)
		// In the turned plane the arrow points down.
		if t == from || middleOf(b).Y < a.Max.Y || min(a.Max.X, b.Max.X) <= max(a.Min.X, b.Min.X) {
			continue
		}
		ahead, aside := b.Min.Y-a.Max.Y, middleOf(b).X-middleOf(a).X
		if aside < 0 {
			aside = -aside
		}
		if best == nil || ahead < bestAhead || ahead == bestAhead && aside < bestAside {
			best, bestAhead, bestAside = t, ahead, aside
		}
	}
	return best
}

// turned returns where t is drawn when the plane is turned so that the arrow
// points down.
func turned(t *render.Target, k Key) (r image.Rectangle) {
	d := t.Drawn
	switch k {
	case KeyUp:
		return image.Rect(d.Min.X, -d.Max.Y, d.Max.X, -d.Min.Y)
	case KeyLeft:
		return image.Rect(d.Min.Y, -d.Max.X, d.Max.Y, -d.Min.X)
	case KeyRight:
		return image.Rect(d.Min.Y, d.Min.X, d.Max.Y, d.Max.X)
	}
	return d
}

// landing is the focus while a page is on its way to the glass that was opened by
// a key: [Land] finds where to begin on it.
type landing struct {
	turned bool        // a page of a list
	at     image.Point // of what was pressed
}

// Land returns the message that puts the focus on a page that a key has opened,
// once it is shown, or nil. It begins at the first thing to press; who turns pages
// stays on the button that turns them.
func Land(m Model, f *render.Frame) Msg {
	l, ok := m.Focus.On.(landing)
	if !ok {
		return nil
	}
	rows := Rows(f)
	if len(rows) == 0 {
		return Focused{Self: true}
	}
	to := focusOn(rows, rows[0][0])
	if l.turned {
		var best *render.Target
		for _, row := range rows {
			for _, t := range row {
				if _, ok := t.Means.(Turn); ok && (best == nil || distance(t, l.at) < distance(best, l.at)) {
					best = t
				}
			}
		}
		if best != nil {
			to = focusOn(rows, best)
		}
	}
	scan := m.Scan
	if scan.on() {
		to = focusOn(rows, rows[0][0])
		to.Row, scan = true, Scan{Since: m.Now, Pressed: scan.Pressed}
	}
	return Focused{To: to, Scan: scan, Self: true}
}

// distance returns how far t is from p, squared.
func distance(t *render.Target, p image.Point) int {
	d := middleOf(t.Drawn).Sub(p)
	return d.X*d.X + d.Y*d.Y
}

// focused moves the focus. A finger on the glass keeps it away.
func (m Model) focused(to Focused) Model {
	if !to.Self {
		m = m.arrived()
		m.Last = m.Now
	}
	if m.Hand.Means == nil {
		m.Focus, m.Scan = to.To, to.Scan
	}
	return m
}

// press does what has the focus means, under the same rules as a finger: it has
// stood there for a moment, no dialog has only just opened, and it was not done a
// moment ago.
func (m Model) press(p Pressed) (Model, []Effect) {
	m = m.arrived()
	m.Last = m.Now
	_, home := p.Means.(Go)
	switch {
	case m.Hand.Means != nil, !p.Ready, m.deaf(), p.Means != m.Focus.On && !home:
		return m, nil
	case m.Acts.Means == p.Means && m.Now.Sub(m.Acts.At) < m.Ease.Repeat:
		m.Acts.At = m.Now
		return m, nil
	}
	m.Acts = Acted{p.Means, m.Now}
	before := m
	m, effects := m.act(p.Means)
	return m.land(before, p), effects
}

// back leaves the dialog or the page. The focus of whoever uses keys comes along.
func (m Model) back() (Model, []Effect) {
	m = m.arrived()
	m.Last = m.Now
	before := m
	m, effects := m.act(Back{})
	if before.Focus.On != nil {
		m = m.land(before, Pressed{})
	}
	return m, effects
}

// land has the focus begin anew on a page that a key has opened.
func (m Model) land(before Model, p Pressed) Model {
	if m.Over != before.Over || len(m.Stack) != len(before.Stack) || m.place() != before.place() {
		_, turned := p.Means.(Turn)
		m.Focus = Focus{On: landing{turned, p.At}}
	}
	return m
}

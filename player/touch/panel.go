package touch

// Flow, a touch on its way to the hub (the first hop, before
// render/glass/input.go; the second is player/run.go):
//
//	events of one report → finger at (x, y) of the panel → corrected, turned back
//	→ the target on the frame shown there → Touch{Meaning}

import "tavle/render/glass"

// A slot is one finger of a panel, by the kernel's multi-touch protocol B: the
// events name a slot and what changed in it, and a report ends with all of them
// true at once.
type slot struct {
	id   int32 // of the contact that is in the slot; -1: none
	x, y int32
	palm bool

	down    bool    // we have said that it is down
	u, v    float64 // and where it was last
	ignored bool    // it was there before we looked: nobody can say where it came down
	changed bool    // in this report
	another bool    // in this report, another contact came into the slot
}

// A panel follows the fingers on a multi-touch panel.
type panel struct {
	place place
	to    *glass.Source
	slots []slot
	cur   int // the slot that events are about; beyond the slots: nobody's
}

func newPanel(p place, slots int, to *glass.Source) *panel {
	m := &panel{place: p, to: to, slots: make([]slot, max(1, min(slots, maxSlots)))}
	for i := range m.slots {
		m.slots[i].id = -1
	}
	return m
}

// event takes one event in.
func (m *panel) event(e event) {
	switch {
	case e.kind == evSyn && e.code == synReport:
		m.report()
		return
	case e.kind != evAbs:
		return
	case e.code == absSlot:
		m.cur = int(e.value)
		return
	case m.cur < 0 || m.cur >= len(m.slots):
		return
	}
	s := &m.slots[m.cur]
	switch e.code {
	case absTracking:
		if e.value != s.id {
			s.another = true
			s.palm = false
		}
		s.id = max(-1, e.value)
	case absMTX:
		s.x = e.value
	case absMTY:
		s.y = e.value
	case absToolType:
		s.palm = e.value == toolPalm
	default:
		return
	}
	s.changed = true
}

// report says what has happened since the last. Fingers are lifted before others
// are put down.
func (m *panel) report() {
	for i := range m.slots {
		s := &m.slots[i]
		if !s.changed {
			continue
		}
		switch {
		case s.down && s.palm && !s.another:
			m.say(i, glass.Gone)
		case s.down && s.another:
			m.say(i, glass.Up)
		}
		if s.another {
			s.ignored = false
		}
	}
	for i := range m.slots {
		s := &m.slots[i]
		if !s.changed {
			continue
		}
		s.changed, s.another = false, false
		switch {
		case s.palm:
			s.ignored = true // what was a palm once stays one
		case s.id < 0 || s.ignored:
		case s.down:
			m.say(i, glass.Move)
		default:
			m.say(i, glass.Down)
		}
	}
}

// say tells of the contact in slot i. It ends where it was last: by then the
// slot may hold another.
func (m *panel) say(i int, phase glass.Phase) {
	s := &m.slots[i]
	s.down = phase == glass.Down || phase == glass.Move
	if s.down {
		s.u, s.v = m.place.of(s.x, s.y)
	}
	s.ignored = s.ignored || phase == glass.Gone
	m.to.Part(i, phase, s.u, s.v)
}

// sync takes in what is on the panel after events were lost, or before the
// first: the contact in each slot and where it is. Contacts that go on, go on;
// what ended is gone, and what began is left alone until it is lifted.
func (m *panel) sync(now []slot, cur int) {
	for i := range m.slots {
		s, n := &m.slots[i], slot{id: -1}
		if i < len(now) {
			n = now[i]
		}
		if s.down && n.id != s.id {
			m.say(i, glass.Gone)
		}
		begun := n.id >= 0 && n.id != s.id
		s.id, s.x, s.y, s.changed, s.another = n.id, n.x, n.y, false, false
		s.ignored = begun || s.ignored && n.id >= 0
		if s.down {
			m.say(i, glass.Move)
		}
	}
	m.cur = cur
}

// A pointer follows what has one position: a panel for one finger, a tablet, a
// mouse. The finger is down while a button is.
type pointer struct {
	place  place
	to     *glass.Source
	in     *glass.Input // a mouse goes by pixels of the frame shown
	button uint16       // btnTouch or btnLeft

	x, y       int32   // of the panel
	u, v       float64 // of a mouse: in parts of the panel
	mouse      bool
	pressed    bool
	down       bool
	was        bool // pressed before we looked: left alone until it is let go
	moved, now bool // in this report
}

// event takes one event in.
func (p *pointer) event(e event) {
	switch {
	case e.kind == evSyn && e.code == synReport:
		p.report()
	case e.kind == evKey && e.code == p.button && e.value != 2:
		p.pressed, p.now = e.value != 0, true
	case e.kind == evAbs && e.code == absX && !p.mouse:
		p.x, p.moved = e.value, true
	case e.kind == evAbs && e.code == absY && !p.mouse:
		p.y, p.moved = e.value, true
	case e.kind == evRel && p.mouse:
		p.move(e)
	}
}

// move moves a mouse by pixels of the panel.
func (p *pointer) move(e event) {
	f := p.in.Shown()
	if f == nil {
		return
	}
	size := p.place.rotation.Size(f.Size)
	switch e.code {
	case relX:
		p.u = clamp(p.u + float64(e.value)/float64(max(1, size.X)))
	case relY:
		p.v = clamp(p.v + float64(e.value)/float64(max(1, size.Y)))
	}
	p.moved = true
}

func clamp(part float64) float64 { return max(0, min(part, 1)) }

func (p *pointer) report() {
	switch {
	case p.now && !p.pressed:
		if p.down {
			p.say(glass.Up)
		}
		p.was = false
	case p.was:
	case p.now && !p.down:
		p.say(glass.Down)
	case p.moved && p.down:
		p.say(glass.Move)
	}
	p.now, p.moved = false, false
}

func (p *pointer) say(phase glass.Phase) {
	p.down = phase == glass.Down || phase == glass.Move
	u, v := p.u, p.v
	if p.mouse {
		u, v = p.place.rotation.BackPart(u, v)
	} else {
		u, v = p.place.of(p.x, p.y)
	}
	p.to.Part(0, phase, u, v)
}

// sync takes in where the pointer is after events were lost, or before the
// first.
func (p *pointer) sync(pressed bool, x, y int32) {
	if p.down {
		p.say(glass.Gone)
	}
	p.x, p.y, p.pressed, p.was = x, y, pressed, pressed
	p.moved, p.now = false, false
}

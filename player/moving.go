package player

import (
	"time"

	"tavle/player/ui"
	"tavle/render"
	"tavle/render/motion"
)

// moving is what is on its way to what the wall says. While nothing is, nothing
// wakes the loop for it.
type moving struct {
	move  *motion.Move // nil: nothing is
	style motion.Style // of it
	began time.Time    // machine's time
	next  time.Time    // machine's time of the next frame in between; zero: there is none
	pace  motion.Pace
}

// due reports whether it is time for a frame in between.
func (m *moving) due(now time.Time) bool { return !m.next.IsZero() && !now.Before(m.next) }

// stop ends what moves. What it was made of is let go of.
func (m *moving) stop() { m.move, m.next = nil, time.Time{} }

// frame returns what to show now on the way to the frame after, and whether the
// move has come to its end by that.
func (m *moving) frame(to *render.Frame, now time.Time) (f *render.Frame, over bool) {
	if m.next.IsZero() && m.move == nil {
		return to, false
	}
	if m.move != nil {
		f, again := m.move.Frame(now.Sub(m.began))
		if f != nil {
			m.next = now.Add(again)
			return f, false
		}
	}
	m.stop()
	return to, true
}

// again makes the frames in between anew: a picture of the frame after has come.
func (m *moving) again(to *render.Frame) {
	if m.move != nil {
		m.move = m.move.Toward(to)
		m.next = m.began // now
	}
}

// turn begins to move from what was drawn last toward a new frame, or goes on
// toward it. What somebody withdrew stays for no frame more: then nothing of what
// was shown before is kept, and whatever moves ends.
func (p *Player) turn(to *render.Frame, now time.Time) {
	m := &p.moving
	kind, keep := ui.Moved(p.screen.model, p.model)
	from := p.screen.to
	if !keep {
		m.cut(now)
		if kind != motion.Change {
			from = nil
		}
	}
	if m.move != nil {
		switch kind {
		case motion.None, motion.Press, motion.Release, motion.Minute, motion.Change:
			m.again(to)
			return
		}
	}
	style := m.pace.Style(p.model.Style(kind), now)
	move := motion.Begin(kind, from, to, motion.Options{
		Style: style, Scale: p.model.Panel.Fit(p.model.Text).Scale, Ring: p.model.Colours().Honey,
	})
	if move == nil {
		m.cut(now)
		return
	}
	m.move, m.style, m.began, m.next = move, style, now, now
	m.pace.Begun()
}

// cut ends what moves with the frame that is drawn now.
func (m *moving) cut(now time.Time) {
	if m.move != nil {
		m.move, m.next = nil, now
	}
}

// moved says how long the frame took that was begun at start, if it was one in
// between. A machine that does not keep up is asked for less from now on.
func (p *Player) moved(start time.Time, f *render.Frame) {
	m := &p.moving
	if m.move == nil || f == p.screen.to {
		return
	}
	now := p.cfg.Now()
	if now.Sub(start) > motion.Late {
		p.health.late++
	}
	if m.pace.Took(now.Sub(start), m.style, now) {
		m.cut(now)
	}
}

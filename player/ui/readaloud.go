package ui

import (
	"time"

	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// Reading is the page being read aloud, item by item.
type Reading struct {
	On bool
	At int // which item of the page, in the order they are read

	Aloud bool // what is private, too, though others hear it
	Held  bool // until the finger is up

	Since time.Time // when the item began
}

// longestItem is longer than anything takes that is read in one piece. A voice that has
// not come to its end by then is stuck, and nobody listens.
const longestItem = 5 * time.Minute

// readAloudBlock is where reading begins and ends, at the same place on every
// page and beside every dialog: the end of the hand zone.
func (c *canvas) readAloudBlock() (block, rest layout.Rect) {
	return c.footer().CutRight(c.hand(148, 148, 88), c.gap(24, 18, 8))
}

// readAloud draws the way to have the page read, or to be left in peace by it or by a
// film. A wall without a voice has neither.
func (c *canvas) readAloud(m Model) {
	if !c.voice {
		return
	}
	r, _ := c.readAloudBlock()
	word, means := c.words.T("voice.stop"), render.Meaning(Hush{})
	switch {
	case m.Reading.On:
	case m.hearsFilm():
		means = Halt{m.Film.ID}
	case m.Sound.Voice:
		c.square(r, "volume", c.words.T("voice.read"), ReadAloud{})
		return
	default:
		return
	}
	bar := c.listening(m)
	c.box(bar, box{fill: c.Ink, radius: c.of(40, 40, 22), shade: c.shade(&look.E2)})
	// What stands beside the bar would be too near to what is on it.
	c.dead(bar.Pad(-min(c.mm(4), c.gap(24, 16, 8)-1), -c.mm(4), 0, 0), "")
	c.squareFace(r, "player-stop-filled", word, c.Surface)
	c.touch(r, word, means)
	c.volume(m, bar)
}

// readsAlong reports whether what is pressed while it is read lies along the hand
// zone: on a small panel it would cover the names that are read, if it stood above
// it. A dialog has that room beside it, and buttons where the hand zone is.
func (c *canvas) readsAlong(m Model) bool {
	return c.class == look.Small && m.Over == nil && m.Board != nil && !m.Paused
}

// alongFrom returns where it begins beside the way to stop: no tab is half below it.
func (c *canvas) alongFrom(stop layout.Rect) float32 {
	x := stop.X - 2*(stop.W+c.gap(16, 16, 8))
	for _, t := range c.frame.Targets {
		from, to := float32(t.Drawn.Min.X)/c.s, float32(t.Drawn.Max.X)/c.s
		if c.rtl {
			from, to = c.w-to, c.w-from
		}
		if t.Drawn.Min.Y >= c.px(stop.Y)-1 && from < x && x < to && to-from < 2*stop.W {
			return from
		}
	}
	return x
}

// listening is the bar that has the ways to hear better, and to hear no more.
func (c *canvas) listening(m Model) layout.Rect {
	stop, _ := c.readAloudBlock()
	bar := stop
	if c.readsAlong(m) {
		bar.X = c.alongFrom(stop)
		bar.W = stop.Right() - bar.X
		return bar
	}
	bar.H += 2 * (c.volumeHeight(stop) + c.gap(16, 16, 8))
	bar.Y = stop.Bottom() - bar.H
	return bar
}

// listen says what was heard, and draws the focus ring around what is being read.
func (c *canvas) listen(m Model) {
	if m.byEar() {
		c.names()
	}
	if !m.Reading.On {
		return
	}
	c.frame.Spoken = c.spoken()
	if m.Reading.At < len(c.frame.Spoken) {
		c.focusRing(c.frame.Spoken[m.Reading.At].Rect, c.frameWidth(m.Panel))
	}
}

// do begins to read the page. The player knows what stands on it.
func (ReadAloud) do(m Model) (Model, []Effect) { return m.read() }

func (m Model) read() (Model, []Effect) {
	switch {
	case !m.Sound.Voice:
		return m, nil
	case m.private() && !m.Headphones:
		m.Over = AskAloud{m.Now.UnixMilli(), m.Over}
		return m, nil
	}
	m.Reading = Reading{On: true, Since: m.Now}
	return m, []Effect{Read{0}}
}

// do does nothing more: the finger that went down has stopped the reading.
func (Hush) do(m Model) (Model, []Effect) { return m, nil }

// hushed returns the model with nobody speaking.
func (m Model) hushed() (Model, []Effect) {
	if !m.Reading.On {
		return m, nil
	}
	return m.heard(), []Effect{Silence{}}
}

// heard returns the model after reading: the switch is shown its choice anew.
func (m Model) heard() Model {
	m.Reading = Reading{}
	if m.Scan.on() {
		m.Scan.Since = m.Now
	}
	return m
}

// interrupted stops whoever is speaking, at once, when somebody does anything at all
// . A touch on the volume holds the reading until the finger is up.
func (m Model) interrupted(msg Msg) (Model, []Effect) {
	var means render.Meaning
	switch msg := msg.(type) {
	case TouchDown:
		means = msg.Means
	case Pressed:
		means = msg.Means
	case Focused:
		if msg.Self {
			return m, nil
		}
	case BackPressed, PairingChanged, Emptied:
	default:
		return m, nil
	}
	if m.Reading.On && holds(means) {
		m.Reading.Held = true
		return m, []Effect{Silence{}}
	}
	return m.hushed()
}

// goesOn lets the reading go on that was held, and stops one of what is no longer
// there.
func (m Model) goesOn(was Model, msg Msg) (Model, []Effect) {
	if !m.Reading.On {
		return m, nil
	}
	if m.place() != was.place() || m.Over != was.Over {
		if !was.Reading.On {
			return m, nil // it has just begun
		}
		return m.hushed()
	}
	switch msg.(type) {
	case TouchUp, TouchGone, Pressed:
		if m.Reading.Held {
			m.Reading.Held, m.Reading.Since = false, m.Now
			return m, []Effect{Read{m.Reading.At}}
		}
	}
	return m, nil
}

// plugged takes that headphones are in, which has the page read to whoever put them
// on, or out: what is private is not for the room.
func (m Model) plugged(msg Plugged) (Model, []Effect) {
	m.Headphones = msg.In
	switch {
	case !msg.Now:
	case !msg.In:
		return m.hushed()
	case m.hearsFilm():
		m.Last = m.Now // the film is heard in them
	case !m.Reading.On:
		m.Last = m.Now
		return m.read()
	}
	return m, nil
}

// listens reports whether somebody is taken to listen, who is there then, however
// long what they listen to. What is private may be read to nobody any more, and so may
// what never ends.
func (m Model) listens() bool {
	return m.Reading.On && (!m.private() || m.Headphones) && m.Now.Sub(m.Reading.Since) < longestItem
}

// readOn goes on with the next item, or ends.
func (m Model) readOn(msg ItemRead) (Model, []Effect) {
	if !m.Reading.On || m.Reading.Held || msg.At != m.Reading.At {
		return m, nil
	}
	if m.listens() {
		m.Last = m.Now
	}
	if msg.Last {
		return m.heard(), nil
	}
	m.Reading.At, m.Reading.Since = m.Reading.At+1, m.Now
	return m, []Effect{Read{m.Reading.At}}
}

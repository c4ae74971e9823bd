package ui

import (
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// Reading is the page being read aloud, item by item.
type Reading struct {
	On bool
	At int // which item of the page, in the order they are read
}

// readAloudBlock is where reading begins and ends, at the same place on every
// page and beside every dialog: the end of the hand zone.
func (c *canvas) readAloudBlock() (block, rest layout.Rect) {
	return c.footer().CutRight(c.hand(148, 148, 88), c.gap(24, 18, 8))
}

// readAloud draws the way to have the page read, or to be left in peace. A wall
// without a voice has neither.
func (c *canvas) readAloud(m Model) {
	if !c.voice {
		return
	}
	r, _ := c.readAloudBlock()
	if !m.Reading.On {
		c.square(r, "volume", c.words.T("voice.read"), ReadAloud{})
		return
	}
	c.box(r, box{fill: c.Ink, radius: c.of(40, 40, 22), shade: c.shade(&look.E2)})
	c.squareFace(r, "player-stop-filled", c.words.T("voice.stop"), c.Surface)
	c.touch(r, c.words.T("voice.stop"), Hush{})
}

// listen says what was heard, and draws the focus ring around what is being read.
func (c *canvas) listen(m Model) {
	if c.ear == nil {
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
	if !m.Voice {
		return m, nil
	}
	m.Reading = Reading{On: true}
	return m, []Effect{Read{0}}
}

// do does nothing more: the finger that went down has stopped the reading.
func (Hush) do(m Model) (Model, []Effect) { return m, nil }

// hushed returns the model with nobody speaking.
func (m Model) hushed() (Model, []Effect) {
	if !m.Reading.On {
		return m, nil
	}
	m.Reading = Reading{}
	return m, []Effect{Silence{}}
}

// interrupts reports whether what happened stops whoever is speaking at once
//
func interrupts(msg Msg) bool {
	switch msg := msg.(type) {
	case TouchDown, Pressed, BackPressed, PairingChanged, Emptied:
		return true
	case Focused:
		return !msg.Self
	}
	return false
}

// readOn goes on with the next item, or ends.
func (m Model) readOn(msg ItemRead) (Model, []Effect) {
	if !m.Reading.On || msg.At != m.Reading.At {
		return m, nil
	}
	m.Last = m.Now // whoever listens is there
	if msg.Last {
		m.Reading = Reading{}
		return m, nil
	}
	m.Reading.At++
	return m, []Effect{Read{m.Reading.At}}
}

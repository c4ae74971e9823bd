package ui

import (
	"time"

	"tavle/render"
)

// Ease is what is set for hands that need it.
type Ease struct {
	Hold     time.Duration // a finger has to rest so long before lifting counts
	Repeat   time.Duration // the same again within it is a tremor
	Switches Switches
	Step     time.Duration // how long a switch is shown each choice
	Spoken   bool          // what the focus is on is said
}

// Switches says how many switches somebody has.
type Switches uint8

// One switch presses, and time moves on; of two, Space moves on and Enter presses.
const (
	NoSwitch Switches = iota
	OneSwitch
	TwoSwitches
)

// Scan is where the switches are. While it is on, the focus is on a row or on
// something in it.
type Scan struct {
	Since   time.Time // of the choice that is shown; zero: off
	Loops   int       // how often all rows were shown without a press
	Pressed time.Time // when a switch was pressed last
}

// ease returns what is set for the hands of whoever stands there: what the screen
// has, and what they want where it is more.
func (m Model) ease() Ease {
	e := m.Ease
	e.Hold = max(e.Hold, m.Manner.Hold)
	e.Switches = max(e.Switches, m.Manner.Switches)
	e.Spoken = e.Spoken || m.Manner.Spoken
	return e
}

// maxLoops is how often all rows are shown before scanning stops.
const maxLoops = 3

func (s Scan) on() bool { return !s.Since.IsZero() }

// Scanned returns the message that moves the switch on to the next choice, when
// it is time, or nil. While the page is read aloud it is not.
func Scanned(m Model, f *render.Frame) Msg {
	if m.ease().Switches != OneSwitch || !m.Scan.on() || m.Reading.On || m.Now.Sub(m.Scan.Since) < m.Ease.Step {
		return nil
	}
	if msg := m.scanOn(Rows(f)); msg.To.On != nil || m.Focus.On != nil {
		// Somebody who waits for their row is there; somebody who never presses
		// is not.
		msg.Self = msg.Scan.Loops > 0 || !msg.Scan.on()
		return msg
	}
	return nil
}

// switched returns what a switch means: the first press begins, the next choose a
// row and then something in it.
func switched(m Model, f *render.Frame, k Key) Msg {
	rows := Rows(f)
	if len(rows) == 0 {
		return nil
	}
	at, row, _ := m.Focus.find(rows)
	begin := Scan{Since: m.Now, Pressed: m.Now}
	moves := m.ease().Switches == TwoSwitches && k == KeySpace
	switch {
	case m.Now.Sub(m.Scan.Pressed) < m.Ease.Repeat && !moves:
		return nil // a tremor
	case !m.Scan.on() || at == nil:
		to := focusOn(rows, rows[0][0])
		to.Row = true
		return Focused{To: to, Scan: begin}
	case moves:
		return m.scanOn(rows)
	case m.Focus.Row && len(rows[row]) > 1:
		return Focused{To: focusOn(rows, rows[row][0]), Scan: begin}
	}
	return pressed(at)
}

// scanOn returns the message that moves on: over the rows, or over a row and out
// of it again, so that nobody is caught in one.
func (m Model) scanOn(rows [][]*render.Target) Focused {
	if len(rows) == 0 {
		return Focused{}
	}
	at, row, i := m.Focus.find(rows)
	switch {
	case at == nil: // it is gone: from the start
		row = -1
	case !m.Focus.Row && i+1 < len(rows[row]):
		return Focused{To: focusOn(rows, rows[row][i+1]), Scan: Scan{m.Now, m.Scan.Loops, m.Scan.Pressed}}
	case !m.Focus.Row: // out, to its row
		row--
	}
	scan := Scan{m.Now, m.Scan.Loops, m.Scan.Pressed}
	if row++; row == len(rows) {
		row = 0
		if scan.Loops++; scan.Loops == maxLoops {
			return Focused{}
		}
	}
	to := focusOn(rows, rows[row][0])
	to.Row = true
	return Focused{To: to, Scan: scan}
}

package ui

import (
	"image/color"
	"strconv"
	"time"

	"tavle/player/ui/look"
	"tavle/render/layout"
)

// A Beacon is what a screen shows for a while so that staff who look for it find it:
// the number they were told, and where it hangs. Nothing of anybody is on it. A touch
// or a key ends it, and means nothing else; so does the time.
type Beacon struct {
	Number int
	Place  string    // where it hangs, as staff call it; "": not known
	Name   string    // of the screen at its hub
	Until  time.Time // zero: it is not lit
}

// BeaconLit has the screen show which it is.
type BeaconLit struct{ Beacon Beacon }

func (BeaconLit) msg() {}

// beaconShown reports whether the glass is the beacon's.
func (m Model) beaconShown() bool { return !m.Beacon.Until.IsZero() }

// lit shows the beacon, also by night. Whoever stands there finds the page as they
// left it, if they come back to it in time.
func (m Model) lit(b Beacon) Model {
	if m.Rest != Awake {
		m = m.woken()
	}
	m.Beacon, m.Hand, m.Ring, m.Focus, m.Scan = b, Hand{}, Ring{}, Focus{}, Scan{}
	return m
}

// unlit goes back to what was shown before.
func (m Model) unlit() Model {
	m.Beacon, m.Hand, m.Last = Beacon{}, Hand{}, m.Now
	return m
}

// beacon fills the panel with the colour of the house, for whoever looks from the
// other end of the corridor.
func (c *canvas) beacon(b Beacon) {
	all := layout.Rect{W: c.w, H: c.h}
	c.box(all, box{fill: c.Primary})
	w := c.w - 2*c.margin()
	line := func(words string, t look.Type, share, y float32, ink color.RGBA) {
		if words == "" {
			return
		}
		t = t.At(c.h * share)
		for t.Size > 12 && c.line(words, t).w > w {
			t = t.At(t.Size * .94)
		}
		c.text(words, t, c.w/2, c.h*y+t.Middle(), middle, ink)
	}
	tall := c.class == look.Portrait
	of := func(wide, high float32) float32 {
		if tall {
			return high
		}
		return wide
	}
	number := c.ty.ClockXL.In(800)
	number.Line, number.Tracking = 1, 0
	line(c.words.T("beacon.is"), c.ty.H1.In(700), of(.068, .034), of(.13, .2), c.OnPrimary)
	line(strconv.Itoa(b.Number), number, of(.46, .24), of(.42, .41), c.OnPrimary)
	line(b.Place, c.ty.H1.In(700), of(.085, .042), of(.715, .58), c.OnPrimary)
	line(b.Name, c.ty.Body.In(500).Digits(), of(.045, .022), of(.81, .63), c.OnPrimary)
	line(c.words.T("beacon.end"), c.ty.Body.In(500), of(.042, .02), of(.925, .9), c.OnPrimary)
	c.dead(all, c.words.T("beacon.is"))
}

package ui

import (
	"image"
	"math"
	"time"

	"tavle/player/ui/look"
	"tavle/render"
)

// Hours are when a screen changes with the day, in minutes after midnight by the
// clock of the house. They are times on the clock, not lengths: where the clock is
// put on or back, the night is an hour shorter or longer. Two that are equal leave
// out what would lie between them.
type Hours struct {
	Evening int // dark colours from here
	Night   int // the night's page from here
	Day     int // bright colours from here

	Off, On int // no light at all between these
}

// UsualHours are those of a screen that nobody gave any: evening at eight, night
// from ten to six, never without light.
var UsualHours = Hours{Evening: 20 * 60, Night: 22 * 60, Day: 6 * 60}

// A Phase is what part of the day it is for the screen.
type Phase uint8

// The phases of a day.
const (
	Daylight Phase = iota
	Evenfall
	Nighttime
	Lightless
)

// Phase returns the phase at a local time.
func (h Hours) Phase(t time.Time) Phase {
	now := t.Hour()*60 + t.Minute()
	in := func(from, to int) bool {
		if from <= to {
			return from <= now && now < to
		}
		return from <= now || now < to
	}
	dark := h.Night
	if h.Night == h.Day {
		dark = h.Day
	}
	switch {
	case in(h.Off, h.On):
		return Lightless
	case in(h.Night, h.Day):
		return Nighttime
	case in(h.Evening, dark):
		return Evenfall
	}
	return Daylight
}

// Rest is what the screen does when nobody is there.
type Rest uint8

// The ways to rest.
const (
	Awake  Rest = iota
	Asleep      // the night's page
	Dark        // nothing at all, not even light
)

// How long the wall waits for somebody before it rests: after the last touch of
// an evening, and after the touch that woke it.
const (
	restAfter = 2 * time.Minute
	wakesFor  = time.Minute
)

// rested rests when the hour wants it and nobody is there, and wakes in the
// morning.
func (m Model) rested() Model {
	want := m.wantsRest()
	switch {
	case want == Awake:
		m.Rest, m.Woken = Awake, false
	case m.Rest != Awake, !m.inUse() && m.Now.Sub(m.Last) >= m.patience():
		m.Rest, m.Focus, m.Scan, m.Hand = want, Focus{}, Scan{}, Hand{}
	}
	return m
}

// wantsRest returns how the screen rests at this hour. One that belongs to no
// hub, or has nothing to show, says so at night, too.
func (m Model) wantsRest() Rest {
	if m.Board == nil || m.PairingShown() {
		return Awake
	}
	switch m.Hours.Phase(m.Now) {
	case Nighttime:
		return Asleep
	case Lightless:
		return Dark
	}
	return Awake
}

// inUse reports whether somebody is at the wall, or it has something to say yet.
func (m Model) inUse() bool {
	return m.away() || m.beaconShown() || !m.Toast.Until.IsZero() || m.Reading.On || m.Hand.Means != nil
}

// patience is how long it waits for the next touch.
func (m Model) patience() time.Duration {
	if m.Woken {
		return wakesFor
	}
	return restAfter
}

// woken wakes the wall. What woke it does nothing else: nobody meant what they
// could not see.
func (m Model) woken() Model {
	m.Rest, m.Woken, m.Last, m.Hand = Awake, true, m.Now, Hand{}
	return m
}

// wakes reports whether a message is somebody's: a touch, a key, a switch.
func wakes(msg Msg) bool {
	switch msg := msg.(type) {
	case TouchDown, Pressed, BackPressed, ReadPressed:
		return true
	case Focused:
		return !msg.Self
	}
	return false
}

// Colours returns the theme the wall is drawn in now: the one that was chosen, or
// the hour's. The night's page is dark whatever was chosen for the day.
func (m Model) Colours() *look.Theme {
	switch {
	case m.Rest != Awake && m.Theme != nil && m.Theme.Plain:
		return &look.ContrastDark
	case m.Rest != Awake:
		return &look.Night
	case m.Manner.Contrast == "dark":
		return &look.ContrastDark
	case m.Manner.Contrast == "light":
		return &look.ContrastLight
	case m.Theme != nil:
		return m.Theme
	case m.Hours.Phase(m.Now) == Daylight:
		return &look.Day
	}
	return &look.Evening
}

// turned has the picture stand elsewhere from midnight on, if nobody is there
//
func (m Model) turned(before time.Time) Model {
	if DateOf(before) != DateOf(m.Now) && !m.inUse() {
		m.Shift++
	}
	return m
}

// shift returns how far the picture is moved so that no line of it stays on the
// same points of the panel for months: by night up to 12 dp, a little every
// minute, so that an hour makes one figure of Lissajous; by day up to two pixels,
// another way every day.
func (m Model) shift(scale float32) image.Point {
	if m.Rest == Asleep {
		turn := 2 * math.Pi * float64(m.Now.Minute()) / 60
		reach := float64(look.NightShift * scale)
		return image.Pt(int(math.Round(reach*math.Sin(3*turn))), int(math.Round(reach*math.Sin(2*turn))))
	}
	steps := [...]int{0, 1, 2, 1, 0, -1, -2, -1}
	return image.Pt(steps[m.Shift%8], steps[(m.Shift+m.Shift/8)%8])
}

// shifted moves a frame, with what is touched on it. What covers the panel from
// side to side stays where it is, or its edge would show.
func shifted(f *render.Frame, d image.Point) {
	if d == (image.Point{}) {
		return
	}
	for i := range f.Ops {
		op := &f.Ops[i]
		if op.Rect.Min.X <= 0 && op.Rect.Max.X >= f.Size.X {
			continue
		}
		op.Rect, op.Dot = op.Rect.Add(d), op.Dot.Add(d)
		if op.Clip != (image.Rectangle{}) {
			op.Clip = op.Clip.Add(d)
		}
	}
	for i := range f.Parts {
		f.Parts[i].Rect = f.Parts[i].Rect.Add(d)
	}
	for i := range f.Targets {
		t := &f.Targets[i]
		if t.Rect.Min.X <= 0 && t.Rect.Max.X >= f.Size.X {
			continue
		}
		t.Rect, t.Drawn = t.Rect.Add(d), t.Drawn.Add(d)
	}
}

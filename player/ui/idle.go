package ui

import (
	"time"

	"tavle/player/ui/look"
)

// Stays is how long the wall waits for somebody who does not touch it, before it
// says that it is going home, and how long it says so.
type Stays struct {
	Browsing, Identified, Private time.Duration
	Warning                       time.Duration
}

// DefaultStays are the times of a wall on which nobody chose.
var DefaultStays = Stays{Browsing: 60 * time.Second, Identified: 30 * time.Second, Private: 20 * time.Second, Warning: 20 * time.Second}

// stay returns when the wall says that it is going, and when it goes, after the
// last touch: sooner where somebody is known, and soonest on what is theirs alone.
func (m Model) stay() (warn, end time.Duration) {
	s := m.Stays
	warn = s.Browsing
	if m.Self != "" {
		warn = s.Identified
	}
	if _, ok := m.place().(private); ok {
		warn = s.Private
	}
	return warn, warn + s.Warning
}

// idle does what time alone does: closes what nobody answers, and goes home.
func (m Model) idle() Model {
	if !m.Toast.Until.IsZero() && !m.Now.Before(m.Toast.Until) {
		m.Toast = Toast{}
	}
	if m.undoable() && m.Now.UnixMilli()-m.Over.opened() >= look.IdleConfirm.Milliseconds() {
		m.Over = nil // nobody undid it
	}
	if _, end := m.stay(); m.away() && m.Now.Sub(m.Last) >= end {
		m = m.leave()
	}
	m = m.pausedOver()
	if m.Draft.Place != nil && !m.Now.Before(m.Draft.Until) {
		m.Draft = Draft{}
	}
	if m.beaconShown() && !m.Now.Before(m.Beacon.Until) {
		m.Beacon = Beacon{}
	}
	if !m.Ring.Until.IsZero() && !m.Now.Before(m.Ring.Until) {
		m.Ring = Ring{}
	}
	return m.left().rested()
}

// undoable reports whether a dialog offers to undo what was just done.
func (m Model) undoable() bool {
	switch m.Over.(type) {
	case Confirm, Proposed, Asked:
		return true
	}
	return false
}

// away reports whether the wall shows something it would leave by itself.
func (m Model) away() bool {
	return len(m.Stack) > 1 || m.Over != nil || m.Self != "" || m.Manner != (Manner{})
}

// leaving returns how many seconds are left before the wall goes home, or 0
// when it does not say so yet.
func (m Model) leaving() int {
	warn, end := m.stay()
	rest := end - m.Now.Sub(m.Last)
	if !m.away() || rest > end-warn || rest <= 0 {
		return 0
	}
	return int((rest + time.Second - 1) / time.Second)
}

// nextAt returns when the picture changes by itself.
func (m Model) nextAt() time.Time {
	next := m.Now.Truncate(time.Minute).Add(time.Minute)
	at := func(t time.Time) {
		if t.After(m.Now) && t.Before(next) {
			next = t
		}
	}
	if !m.Toast.Until.IsZero() {
		at(m.Toast.Until)
	}
	at(m.Ring.Until)
	at(m.Beacon.Until)
	if m.order != nil && !m.away() {
		at(m.Last.Add(leftHome))
	}
	if m.Rest == Awake && !m.inUse() && m.wantsRest() != Awake {
		at(m.Last.Add(m.patience()))
	}
	if m.Scan.on() && m.ease().Switches == OneSwitch {
		at(m.Scan.Since.Add(m.Ease.Step))
	}
	if m.undoable() {
		// The bar of the undo button empties in half seconds.
		since := time.UnixMilli(m.Over.opened())
		at(m.Now.Add(500 * time.Millisecond))
		at(since.Add(look.IdleConfirm))
	}
	if m.away() {
		warn, _ := m.stay()
		at(m.Last.Add(warn))
		if m.leaving() > 0 {
			at(m.Last.Add(m.Now.Sub(m.Last).Truncate(time.Second) + time.Second))
		}
	}
	if m.networkShown() && !m.Net.Next.IsZero() { // it counts down
		at(m.Now.Add(m.Net.Next.Sub(m.Now) % time.Second))
		at(m.Now.Add(time.Second))
	} else if m.wantsNetwork() {
		at(m.Net.Next)
	}
	for _, g := range m.Given {
		at(g.At.Add(pollPause))
	}
	at(m.Draft.Until)
	at(m.nextPicture())
	for _, l := range m.Locks {
		at(l.Until)
	}
	if m.PairingShown() && m.Pairing.Code != "" {
		rest := m.Pairing.Until.Sub(m.Now)
		at(m.Now.Add(rest - (rest - 1).Truncate(codeStep)))
	}
	if !m.Link.Live && !m.Link.DownSince.IsZero() {
		at(m.Link.DownSince.Add(offlineAfter))
	}
	return next
}

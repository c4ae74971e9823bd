package ui

import (
	"time"

	"tavle/player/ui/look"
)

// How long a page stays when nobody touches it (PRIVACY 4.7: warn at 60 s, home
// at 80 s; A-20: at least 20 s of warning).
const (
	idleWarn = 60 * time.Second
	idleHome = 80 * time.Second
)

// idle does what time alone does: closes what nobody answers, and goes home.
func (m Model) idle() Model {
	if !m.Toast.Until.IsZero() && !m.Now.Before(m.Toast.Until) {
		m.Toast = Toast{}
	}
	if o, ok := m.Over.(Confirm); ok && m.Now.UnixMilli()-o.Since >= look.IdleConfirm.Milliseconds() {
		m.Over = nil // nobody undid it
	}
	if m.away() && m.Now.Sub(m.Last) >= idleHome {
		m.Stack, m.Over, m.Toast, m.Hand, m.Manner = []Place{Home{}}, nil, Toast{}, Hand{}, Manner{}
		m.Focus, m.Scan = Focus{}, Scan{}
	}
	if !m.Ring.Until.IsZero() && !m.Now.Before(m.Ring.Until) {
		m.Ring = Ring{}
	}
	return m.left().rested()
}

// away reports whether the wall shows something it would leave by itself.
func (m Model) away() bool { return len(m.Stack) > 1 || m.Over != nil || m.Manner != (Manner{}) }

// leaving returns how many seconds are left before the wall goes home, or 0
// when it does not say so yet.
func (m Model) leaving() int {
	rest := idleHome - m.Now.Sub(m.Last)
	if !m.away() || rest > idleHome-idleWarn || rest <= 0 {
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
	if m.order != nil && !m.away() {
		at(m.Last.Add(leftHome))
	}
	if m.Rest == Awake && !m.inUse() && m.wantsRest() != Awake {
		at(m.Last.Add(m.patience()))
	}
	if m.Scan.on() && m.Ease.Switches == OneSwitch {
		at(m.Scan.Since.Add(m.Ease.Step))
	}
	if o, ok := m.Over.(Confirm); ok {
		// The bar of the undo button empties in half seconds.
		since := time.UnixMilli(o.Since)
		at(m.Now.Add(500 * time.Millisecond))
		at(since.Add(look.IdleConfirm))
	}
	if m.away() {
		at(m.Last.Add(idleWarn))
		if m.leaving() > 0 {
			at(m.Last.Add(m.Now.Sub(m.Last).Truncate(time.Second) + time.Second))
		}
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

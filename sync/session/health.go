package session

import (
	"math"
	"time"

	"tavle/sync/wire"
)

// How often a screen says how it is: with every connection, and then as often as
// this; sooner, where it has changed much.
const (
	statEvery = 5 * time.Minute
	statSoon  = time.Minute
)

// health is what a screen has to say of itself.
type health struct {
	is   *wire.Stat // nil: nobody has looked
	told wire.Stat
	at   time.Time // when that was told on this connection; zero: it was not
}

// Reported says how the screen is now. It is told when its time has come.
func (d *Device) Reported(now time.Time, s wire.Stat) []Action {
	d.health.is = &s
	return d.report(now)
}

func (d *Device) report(now time.Time) []Action {
	h := &d.health
	if h.is == nil || d.phase != catchingUp && d.phase != live {
		return nil
	}
	if !h.at.IsZero() {
		since := now.Sub(h.at)
		if since < statSoon || since < statEvery && !changedMuch(h.told, *h.is) {
			return nil
		}
	}
	h.told, h.at = *h.is, now
	return []Action{Send{h.told}}
}

// changedMuch reports whether somebody should hear of it before long.
func changedMuch(a, b wire.Stat) bool {
	far := func(x, y, by float64) bool { return math.Abs(x-y) >= by }
	return a.Outbox != b.Outbox || (a.AssetsMissing == 0) != (b.AssetsMissing == 0) || far(a.TempC, b.TempC, 5) ||
		far(float64(a.DiskFreeMB), float64(b.DiskFreeMB), float64(a.DiskFreeMB)/10+1) || far(float64(a.ClockOffS), float64(b.ClockOffS), 30) || a.Secret != b.Secret
}

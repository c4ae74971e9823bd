package session

import (
	"time"

	"tavle/sync/wire"
)

// How long a screen stays away, and when it starts counting afresh.
const (
	backoffFirst = time.Second
	backoffCap   = time.Minute
	backoffReset = 30 * time.Second // live this long: the next failure is the first again

	byeCap = time.Hour // no hub sends a screen away for longer

	// A resync is a fault; asking for one over and over would hide it.
	resyncFirst = 30 * time.Second
	resyncCap   = time.Hour
)

// Backoff returns how long to wait before dial n after a failure (the first is
// 0): anything from nothing to one second doubled n times, at most a minute, so
// that screens on one circuit breaker do not return in step. Chance is in
// [0, 1).
func Backoff(n int, chance float64) time.Duration {
	d := backoffCap
	if n < 6 {
		d = min(backoffCap, backoffFirst<<n)
	}
	return time.Duration(chance * float64(d))
}

// millis returns n milliseconds, within [0, byeCap].
func millis(n int64) time.Duration {
	return time.Duration(min(max(n, 0), byeCap.Milliseconds())) * time.Millisecond
}

// away returns how long to stay away after a connection ended with code, the
// n-th time in a row. A hub that said goodbye chooses itself.
func away(n int, code wire.CloseCode, bye *wire.Bye, chance float64) time.Duration {
	if bye != nil {
		wait := millis(bye.RetryMS) + time.Duration(chance*float64(millis(bye.SpreadMS)))
		return min(max(wait, bye.Code.RetryFloor()), byeCap)
	}
	// The floor is spread by up to a quarter as well: a class of screens that
	// was refused together should not come back together.
	floor := code.RetryFloor()
	return max(Backoff(n, chance), floor+time.Duration(chance*float64(floor)/4))
}

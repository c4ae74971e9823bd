package hub

import (
	"strings"
	"sync"
	"time"
	"unicode"

	"tavle/sync/wire"
)

// A Health is what a screen has said of itself to this hub since that was started.
type Health struct {
	Build string    // which program it runs; "": it has not been here
	Stat  wire.Stat // how it is
	At    time.Time // when it said how it is; zero: not yet
}

// healths are those of all screens. They are of use to whoever looks now, and are
// said again when a hub starts: nothing of them is stored.
type healths struct {
	sync.Mutex
	all map[string]Health
}

// maxBuild is how much a screen may say of its program, in bytes.
const maxBuild = 120

// greeted notes which program a screen runs that has proved who it is.
func (hs *healths) greeted(device, build string) {
	build = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, build[:min(len(build), maxBuild)])
	hs.change(device, func(h *Health) { h.Build = build })
}

// reported notes how a screen is.
func (hs *healths) reported(device string, s wire.Stat, now time.Time) {
	hs.change(device, func(h *Health) { h.Stat, h.At = s.Bounded(), now })
}

func (hs *healths) change(device string, f func(*Health)) {
	hs.Lock()
	defer hs.Unlock()
	if hs.all == nil {
		hs.all = map[string]Health{}
	}
	h := hs.all[device]
	f(&h)
	hs.all[device] = h
}

func (hs *healths) of(device string) Health {
	hs.Lock()
	defer hs.Unlock()
	return hs.all[device]
}

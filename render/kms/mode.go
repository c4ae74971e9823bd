package kms

import (
	"fmt"
	"image"
	"strings"
)

// size returns a mode's size in pixels.
func (m *modeInfo) size() image.Point { return image.Pt(int(m.hdisplay), int(m.vdisplay)) }

// String returns the mode as an installer would write it: 1920x1080@60.
func (m *modeInfo) String() string {
	return fmt.Sprintf("%dx%d@%d", m.hdisplay, m.vdisplay, m.refresh)
}

// enoughPixels is what a panel is driven with at most unless it is told
// otherwise: the painters are made for 1920x1080, and a small machine copies
// four times as much on a 4K television that stands three metres away.
const enoughPixels = 1920 * 1200

// choose returns the mode to use. With want ("1280x720" or "1280x720@50") it is
// that one, if the panel has it; asked says whether it was. Otherwise it is the
// one the panel prefers, or where that has more than enough pixels, the largest
// of the same shape that has not. Interlaced modes are left out as long as there
// is another.
func choose(modes []modeInfo, want string) (m modeInfo, asked bool) {
	var whole []modeInfo
	for _, m := range modes {
		if m.flags&modeInterlaced == 0 {
			whole = append(whole, m)
		}
	}
	if len(whole) == 0 {
		whole = modes
	}
	for _, m := range whole {
		if want != "" && (m.String() == want || strings.HasPrefix(m.String(), want+"@")) {
			return m, true
		}
	}
	best := whole[0]
	for _, m := range whole {
		if m.kind&modePreferred != 0 {
			best = m
			break
		}
	}
	if pixels(best) <= enoughPixels {
		return best, false
	}
	small := best
	for _, m := range whole {
		fits := pixels(m) <= enoughPixels && alike(m.size(), best.size())
		if fits && (pixels(small) > enoughPixels || pixels(m) > pixels(small)) {
			small = m
		}
	}
	return small, false
}

func pixels(m modeInfo) int { return int(m.hdisplay) * int(m.vdisplay) }

// alike reports whether two sizes have the same shape within 1 %: 1366x768 is
// 16:9 to whoever sells it.
func alike(a, b image.Point) bool {
	x, y := a.X*b.Y, a.Y*b.X
	return 100*max(x, y) <= 101*min(x, y)
}

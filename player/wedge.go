package player

import (
	"time"

	"tavle/render/glass"
)

// A wedge tells the tags that a reader types from the keys that somebody presses. A
// reader of cards and key rings is a keyboard to the machine: it types the number,
// faster than any hand, and then Enter. What it has heard is forgotten at once; it
// is never logged.
type wedge struct {
	typed []byte
	last  time.Time // of the last of them
	slow  bool      // some of it was typed by hand
}

const (
	wedgeGap   = 100 * time.Millisecond // between two keys of a reader
	wedgeEnter = time.Second            // an Enter so soon after a figure is no answer to a page
	wedgeLeast = 4                      // letters and figures in a number
	wedgeMost  = 40
)

// key takes a key that was pressed at now. It returns the number when the key has
// ended one, and whether the key was the reader's and so nobody's answer.
func (w *wedge) key(name string, now time.Time) (number string, taken bool) {
	gap := now.Sub(w.last)
	switch {
	case len(name) == 1 && isFigure(name[0]):
		if gap > wedgeEnter {
			w.clear()
		}
		w.slow = w.slow || len(w.typed) > 0 && gap > wedgeGap
		if len(w.typed) <= wedgeMost {
			w.typed = append(w.typed, name[0])
		}
		w.last = now
		return "", true
	case name == glass.KeyEnter && len(w.typed) > 0 && gap <= wedgeEnter:
		if !w.slow && gap <= wedgeGap && len(w.typed) >= wedgeLeast && len(w.typed) <= wedgeMost {
			number = string(w.typed)
		}
		taken = true
	}
	w.clear()
	return number, taken
}

func (w *wedge) clear() {
	clear(w.typed)
	w.typed, w.slow = w.typed[:0], false
}

func isFigure(b byte) bool { return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' }

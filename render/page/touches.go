package page

// Flow, a touch on its way to the hub (the first hop, before
// render/glass/input.go; the second is player/run.go):
//
//	pointer at (x, y) of the canvas, on frame n → the target on that frame →
//	Touch{Meaning}

import (
	"encoding/json"
	"fmt"
	"image"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tavle/render/glass"
)

// maxTouches bounds what one request may hold, in bytes: some hundred contacts.
const maxTouches = 16 << 10

// touches is what a viewer did, in order.
type touches struct {
	Viewer int `json:"viewer"`
	Events []struct {
		Do      string `json:"do"`      // "down", "move", "up", "gone" or "key"
		Contact int    `json:"contact"` // the browser's number for the pointer
		X       int    `json:"x"`       // in pixels of the canvas
		Y       int    `json:"y"`
		Frame   int    `json:"frame"` // the number of the frame that was seen
		Key     string `json:"key"`   // the browser's name for it
	} `json:"events"`
}

var phases = map[string]glass.Phase{
	"down": glass.Down, "move": glass.Move, "up": glass.Up, "gone": glass.Gone,
}

// serveTouches takes what a viewer did. A request that is not understood is
// refused as a whole.
func (c *Screen) serveTouches(w http.ResponseWriter, r *http.Request) {
	// A foreign site cannot send this type without asking first, and is refused.
	if r.Header.Get("Content-Type") != "application/json" {
		http.Error(w, "want application/json", http.StatusUnsupportedMediaType)
		return
	}
	var t touches
	in := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxTouches))
	in.DisallowUnknownFields()
	if err := in.Decode(&t); err != nil {
		http.Error(w, "not understood", http.StatusBadRequest)
		return
	}
	for _, e := range t.Events {
		if _, ok := phases[e.Do]; !ok && e.Do != "key" {
			http.Error(w, "not understood", http.StatusBadRequest)
			return
		}
	}
	v := c.viewer(t.Viewer)
	if v == nil {
		http.Error(w, "you have left", http.StatusGone)
		return
	}
	c.do(v, t)
	w.WriteHeader(http.StatusNoContent)
}

func (c *Screen) do(v *viewer, t touches) {
	v.touch.Lock()
	defer v.touch.Unlock()
	for _, e := range t.Events {
		if e.Do == "key" {
			if name := keyName(e.Key); name != "" {
				c.Input().Put(glass.Key{Name: name})
			}
			continue
		}
		c.state.Lock()
		f := c.frame(e.Frame)
		c.state.Unlock()
		phase := phases[e.Do]
		if f == nil && phase == glass.Down {
			continue // nobody can say what that was
		}
		v.touch.On(f, e.Contact, phase, image.Pt(e.X, e.Y))
	}
}

// keys are the browser's names (UI Events, KeyboardEvent key values) of keys
// that are no character. Tab is left to the browser: a page must let go of the
// keyboard.
var keys = map[string]string{
	"Enter": glass.KeyEnter, " ": glass.KeySpace,
	"Escape": glass.KeyEscape, "GoBack": glass.KeyEscape, "BrowserBack": glass.KeyEscape,
	"ArrowLeft": glass.KeyLeft, "ArrowRight": glass.KeyRight, "ArrowUp": glass.KeyUp, "ArrowDown": glass.KeyDown,
	"Home": glass.KeyHome, "End": glass.KeyEnd, "PageUp": glass.KeyPageUp, "PageDown": glass.KeyPageDown,
	"Backspace": glass.KeyBackspace, "Delete": glass.KeyDelete,
}

// keyName returns our name for a key of the browser, or nothing.
func keyName(key string) string {
	if name := keys[key]; name != "" {
		return name
	}
	if c, n := utf8.DecodeRuneInString(key); n == len(key) && c > ' ' && c != utf8.RuneError && unicode.IsPrint(c) {
		return string(unicode.ToLower(c))
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(key, "F")); err == nil && n >= 1 && n <= 12 && key == fmt.Sprint("F", n) {
		return fmt.Sprint("f", n)
	}
	return ""
}

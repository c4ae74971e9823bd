package ui

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"tavle/player/board"
	"tavle/render/motion"
)

// Style returns how much moves with a change: what the screen and whoever stands
// in front of it allow. Nothing moves by itself under a finger that is on
// something: it only fades.
func (m Model) Style(kind motion.Kind) motion.Style {
	style := m.Motion
	if m.Manner.Still {
		style = max(style, motion.Reduced)
	}
	if m.Hand.Means != nil && kind != motion.Press {
		return max(style, motion.Reduced)
	}
	return style
}

// Moved returns what changed from one model to the next, both of which were drawn,
// for the frames in between; and whether those may show anything of the frame
// before: everybody and everything on it may still be shown.
func Moved(a, b Model) (kind motion.Kind, keep bool) {
	switch {
	case a.Panel != b.Panel, a.beaconShown() || b.beaconShown(), a.Lang != b.Lang, a.Text != b.Text, a.PairingShown() || b.PairingShown(), a.Paused || b.Paused, a.Board == nil || b.Board == nil:
		return motion.None, false
	}
	keep = keeps(a.Board, b.Board) && !a.parts(b)
	samePlace := slices.Equal(a.Stack, b.Stack)
	switch {
	case !keep && samePlace && a.Over == b.Over && a.Toast == b.Toast:
		return motion.Change, false
	case a.Rest == Dark || b.Rest == Dark:
		return motion.None, false
	case a.Rest != Awake && b.Rest == Awake:
		return motion.Tab, keep // whoever touched it sees it wake
	case a.Colours() != b.Colours():
		return motion.Theme, keep
	case a.Manner != b.Manner:
		return motion.Tab, keep
	case (a.Over == nil) != (b.Over == nil):
		return overs(a, b), keep
	case !samePlace:
		return wayOf(a, b), keep
	case a.bar() != b.bar():
		return motion.Over, keep
	case a.Hand.Means != b.Hand.Means || a.Hand.Off != b.Hand.Off:
		if b.Hand.Means != nil && !b.Hand.Off {
			return motion.Press, keep
		}
		return motion.Release, keep
	case !a.Now.Truncate(time.Minute).Equal(b.Now.Truncate(time.Minute)):
		return motion.Minute, keep
	case a.Board != b.Board:
		return motion.Change, keep
	}
	return motion.None, keep
}

// overs returns how a dialog comes or goes: with the face of whoever signed up,
// or by itself. Where the wall went home by itself the dialog fades with the page.
func overs(a, b Model) motion.Kind {
	_, opened := b.Over.(Confirm)
	_, closed := a.Over.(Confirm)
	switch {
	case b.wentHome():
		return motion.Home
	case opened, closed && b.Toast == (Toast{}):
		return motion.Fly
	}
	return motion.Over
}

// wayOf returns how one page follows another.
func wayOf(a, b Model) motion.Kind {
	if b.wentHome() {
		return motion.Home
	}
	switch b.Acts.Means.(type) {
	case Go, Turn:
		return motion.Tab
	}
	switch d := len(b.Stack) - len(a.Stack); {
	case d > 0:
		return motion.Forward
	case d < 0:
		return motion.Back
	}
	return motion.Tab
}

// wentHome reports whether the wall is at home because nobody touched it.
func (m Model) wentHome() bool {
	soonest := min(m.Stays.Browsing, m.Stays.Identified, m.Stays.Private) + m.Stays.Warning
	return len(m.Stack) == 1 && m.Now.Sub(m.Last) >= soonest
}

// parts reports whether, from m to b, somebody who was known has gone, or what is
// theirs alone is left: that is to be seen no longer than they stand there.
func (m Model) parts(b Model) bool {
	_, alone := m.place().(private)
	return m.Self != "" && m.Self != b.Self || alone && !slices.Equal(m.Stack, b.Stack)
}

// bar reports whether there is a bar above the hand zone.
func (m Model) bar() bool {
	return m.Over == nil && (m.leaving() > 0 || !m.Toast.Until.IsZero())
}

// keeps reports whether what the board a shows may all be shown still, when b is
// the board: it is the same, or differs from it by nothing that the hub said and
// nobody whom time hid, but only by what was done here.
func keeps(a, b *board.Board) bool {
	if a == b {
		return true
	}
	if a.At != b.At || a.Masked != b.Masked || a.Roster != b.Roster {
		return false
	}
	still := faces(b)
	for f, n := range faces(a) {
		if still[f] < n {
			return false
		}
	}
	now := b.Assets()
	for id := range a.Assets() {
		if !now[id] {
			return false
		}
	}
	return true
}

// A shownAs is somebody as they are shown, and in what.
type shownAs struct {
	in    string
	id    board.PersonID
	name  board.Name
	photo board.AssetID
	mark  string
}

// faces counts everybody a board shows, in each list by itself, whatever it is a
// list of: who is off one may have wished not to be on it.
func faces(b *board.Board) map[shownAs]int {
	all := map[shownAs]int{}
	people(reflect.ValueOf(b).Elem(), "", all)
	return all
}

// people counts everybody in v. In names what v is a part of.
func people(v reflect.Value, in string, all map[shownAs]int) {
	switch v.Kind() {
	case reflect.Struct:
		switch x := v.Interface().(type) {
		case board.Person:
			all[shownAs{in, x.ID, x.Name, x.Photo, x.Mark}]++
			return
		case board.Resource:
			for _, p := range x.Booked() {
				all[shownAs{x.Ref.ID, p.ID, p.Name, p.Photo, p.Mark}]++
			}
			return
		}
		for _, key := range []string{"Ref", "ID"} {
			if id := v.FieldByName(key); id.IsValid() {
				in += fmt.Sprint("/", id.Interface())
			}
		}
		for f, x := range v.Fields() {
			if f.IsExported() {
				people(x, in+"."+f.Name, all)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			people(v.Index(i), in, all)
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Type() != reflect.TypeFor[*time.Location]() {
			people(v.Elem(), in, all)
		}
	}
}

package touch

import (
	"fmt"

	"tavle/render/glass"
)

// A keyboard names the keys that are pressed. A key that repeats while it is
// held counts once.
type keyboard struct {
	to    *glass.Input
	shift [2]bool
}

const leftShift, rightShift = 42, 54

// event takes one event in.
func (k *keyboard) event(e event) {
	if e.kind != evKey || e.value == 2 {
		return
	}
	switch {
	case e.code == leftShift:
		k.shift[0] = e.value == 1
	case e.code == rightShift:
		k.shift[1] = e.value == 1
	case e.value == 1 && keyNames[e.code] != "":
		name := keyNames[e.code]
		if name == glass.KeyTab && k.shift != [2]bool{} {
			name = glass.KeyBackTab
		}
		k.to.Put(glass.Key{Name: name})
	}
}

// keyNames are the names of the kernel's keys. The kernel knows places on a
// keyboard, not letters; the letters here are where most of Europe has them, and
// those that move between countries are left out.
var keyNames = names()

func names() map[uint16]string {
	out := map[uint16]string{
		1: glass.KeyEscape, 158: glass.KeyEscape, 174: glass.KeyEscape, // a remote's Back and Exit
		28: glass.KeyEnter, 96: glass.KeyEnter, 0x160: glass.KeyEnter, 0x161: glass.KeyEnter, // a remote's OK and Select
		57: glass.KeySpace, 15: glass.KeyTab, 14: glass.KeyBackspace, 111: glass.KeyDelete,
		102: glass.KeyHome, 107: glass.KeyEnd, 104: glass.KeyPageUp, 109: glass.KeyPageDown,
		103: glass.KeyUp, 108: glass.KeyDown, 105: glass.KeyLeft, 106: glass.KeyRight,
		87: "f11", 88: "f12",
		172: glass.KeyHome, 0x192: glass.KeyPageUp, 0x193: glass.KeyPageDown, // a remote's Home, and its channels up and down
		71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0", // number pads, and readers
	}
	for i := range uint16(10) {
		out[0x200+i] = fmt.Sprint(i) // a remote's figures
	}
	row := func(first uint16, names string) {
		for i, c := range names {
			out[first+uint16(i)] = string(c)
		}
	}
	row(2, "1234567890")
	row(16, "qwertyuiop")
	row(30, "asdfghjkl")
	row(44, "zxcvbnm")
	for i := range uint16(10) {
		out[59+i] = fmt.Sprintf("f%d", i+1)
	}
	return out
}

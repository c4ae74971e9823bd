//go:build !nogpu

package gpu

// Flow, a touch on its way to the hub (the first hop, before
// render/glass/input.go; the second is player/run.go):
//
//	the mouse's button and where it is → a point of the frame, turned back → the
//	target on the frame shown there → Touch{Meaning}
//
// The position is where the mouse is when the loop turns, not where it was when
// the button went down: Ebitengine tells no more. On a wall player/touch reads
// the panel itself, and nothing arrives here.

import (
	"image"
	"unicode"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"

	"tavle/render/glass"
)

// A pointer follows the mouse.
type pointer struct {
	source *glass.Source
	at     image.Point
}

// finger is the number of the one contact a mouse has.
const finger = 0

// hear puts what has happened since the last turn, and reports whether anything
// has, or a button is down.
func (l *loop) hear() (busy bool) {
	if ebiten.IsWindowBeingClosed() {
		l.s.input.Put(glass.Closed{})
	}
	p := &l.pointer
	x, y := ebiten.CursorPosition()
	at := l.s.opt.Rotation.Back(image.Pt(x, y), l.s.opt.Rotation.Size(l.size))
	if inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonLeft) {
		p.source.Contact(finger, glass.Down, at)
	}
	moved := at != p.at
	if moved {
		p.source.Contact(finger, glass.Move, at)
	}
	if inpututil.IsMouseButtonJustReleased(ebiten.MouseButtonLeft) {
		p.source.Contact(finger, glass.Up, at)
	}
	p.at = at
	l.keys = inpututil.AppendJustPressedKeys(l.keys[:0])
	// Characters come in the order in which they were typed: a reader of cards
	// types several in one turn, and Enter after them.
	l.chars = ebiten.AppendInputChars(l.chars[:0])
	for _, c := range l.chars {
		if c > ' ' {
			l.s.input.Put(glass.Key{Name: string(unicode.ToLower(c))})
		}
	}
	for _, k := range l.keys {
		if name := keyName(k, ebiten.IsKeyPressed(ebiten.KeyShift)); name != "" {
			l.s.input.Put(glass.Key{Name: name})
		}
	}
	return moved || len(l.keys) > 0 || len(l.chars) > 0 || ebiten.IsMouseButtonPressed(ebiten.MouseButtonLeft)
}

package x11

// Flow, a touch on its way to the hub (the first hop, before
// render/glass/input.go; the second is player/run.go):
//
//	button 1 at (x, y) of the window → a point of the frame, turned back → the
//	target on the frame shown there → Touch{Meaning}

import (
	"image"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"tavle/render/glass"
)

// finger is the number of the one contact a mouse has.
const finger = 0

// touch makes contacts of what the mouse does, or the finger that X takes for
// one. The event's own position counts, not where the mouse is by now.
func (w *Window) touch(e xgb.Event) {
	switch e := e.(type) {
	case xproto.ButtonPressEvent:
		if e.Detail == xproto.ButtonIndex1 {
			w.contact(glass.Down, e.EventX, e.EventY)
		}
	case xproto.ButtonReleaseEvent:
		if e.Detail == xproto.ButtonIndex1 {
			w.contact(glass.Up, e.EventX, e.EventY)
		}
	case xproto.MotionNotifyEvent:
		w.contact(glass.Move, e.EventX, e.EventY)
	case xproto.LeaveNotifyEvent:
		if e.Mode == xproto.NotifyModeGrab { // somebody took the mouse away
			w.mouse.Release()
		}
	}
}

// contact puts a contact that X saw at (x, y) of the window.
func (w *Window) contact(phase glass.Phase, x, y int16) {
	at := image.Pt(int(x), int(y))
	w.mouse.Contact(finger, phase, w.opt.Rotation.Back(at, w.Panel().Size))
}

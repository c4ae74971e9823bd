package glass

import (
	"image"
	"sync"

	"tavle/render"
)

// Flow, a finger on its way to the hub (the first hop; the second is
// player/ui/update.go):
//
//	Contact at (x, y) → the target on the frame shown there → Touch{Meaning}

// An Event is something that happened on the panel: [Touch], [Key], [Resized]
// or [Closed].
type Event any

// Phase is where a contact is in its life.
type Phase uint8

// The phases of a contact.
const (
	Down Phase = iota
	Move
	Up
	Gone // lifted by the system: a palm, a grab, an unplugged panel
)

// Touch is one contact, resolved against the frame shown.
type Touch struct {
	Contact int // the same from Down to Up
	Phase   Phase
	At      image.Point
	Target  *render.Target // nil: nothing there
}

// Key is a key of a keyboard, remote or switch.
type Key struct{ Name string }

// Resized says that the panel has another size now.
type Resized struct{ Panel Panel }

// Closed says that the window was closed.
type Closed struct{}

// Input turns contacts into events. It may be used by several goroutines.
type Input struct {
	events chan Event
	closed chan struct{}
	once   sync.Once
	shown  struct {
		sync.Mutex
		frame *render.Frame
	}
}

// NewInput returns an input. Events that nobody takes wait, up to a bound; a
// move is dropped before a touch is.
func NewInput() *Input {
	return &Input{events: make(chan Event, 256), closed: make(chan struct{})}
}

// Close lets go of everybody who waits to put an event.
func (in *Input) Close() { in.once.Do(func() { close(in.closed) }) }

// Show says which frame is on the glass from now on.
func (in *Input) Show(f *render.Frame) {
	in.shown.Lock()
	defer in.shown.Unlock()
	in.shown.frame = f
}

// Shown returns the frame on the glass, or nil.
func (in *Input) Shown() *render.Frame {
	in.shown.Lock()
	defer in.shown.Unlock()
	return in.shown.frame
}

// Contact puts one contact at p, in pixels of the frame.
func (in *Input) Contact(id int, phase Phase, p image.Point) {
	t := Touch{Contact: id, Phase: phase, At: p, Target: in.Shown().At(p)}
	if phase == Move {
		select {
		case in.events <- t:
		default: // the next one says where the finger is
		}
		return
	}
	in.Put(t)
}

// Put adds any other event.
func (in *Input) Put(e Event) {
	select {
	case in.events <- e:
	case <-in.closed:
	}
}

// Events returns the events in order.
func (in *Input) Events() <-chan Event { return in.events }

package glass

// Flow, a touch on its way to the hub (the first hop; the second is
// player/run.go):
//
//	Contact at (x, y) → the target on the frame shown there → Touch{Meaning}

import (
	"image"
	"sync"

	"tavle/render"
)

// An Event is something that happened on the panel: [Touch], [Key], [Headphones],
// [Resized] or [Closed].
type Event any

// Headphones says whether headphones are plugged in. Now says that somebody has just
// done it, or pulled them out.
type Headphones struct{ In, Now bool }

// Phase is where a contact is in its life.
type Phase uint8

// The phases of a contact.
const (
	Down Phase = iota
	Move
	Up
	Gone // lifted by the system: a palm, a grab, an unplugged panel
)

// String returns the phase in one word.
func (p Phase) String() string {
	return [...]string{"down", "move", "up", "gone"}[p&3]
}

// Touch is one contact, resolved against the frame shown.
type Touch struct {
	Contact int // the same from Down to Up
	Phase   Phase
	At      image.Point
	Target  *render.Target // nil: nothing there
}

// Resized says that the panel has another size now. Nothing of what was shown
// counts any more.
type Resized struct{ Panel Panel }

// Closed says that somebody asked for the window to be closed.
type Closed struct{}

const (
	// maxEvents bounds the events that wait. Nobody taps 120 times while one
	// frame is made.
	maxEvents = 256

	// maxContacts bounds the contacts at once: two people's hands, and a palm.
	maxContacts = 32
)

// Input turns contacts into events. It may be used by several goroutines, and
// none of them ever waits: a presenter's loop must turn even when the player is
// busy, or the player that waits for the presenter would wait for ever.
//
// So when events are not taken, some are dropped, by this rule: moves and keys,
// and contacts as a whole. A contact whose Down was taken always ends with an
// Up or a Gone; one whose Down was not is never heard of. The last Resized and
// Closed always come through.
type Input struct {
	events chan Event
	state  struct {
		sync.Mutex
		frame   *render.Frame
		down    map[int]struct{} // contacts whose Down was put
		late    []Event          // a Resized and a Closed that found no room
		sources int              // contacts numbered by sources so far
		closed  bool
	}
}

// NewInput returns an input.
func NewInput() *Input {
	in := &Input{events: make(chan Event, maxEvents)}
	in.state.down = map[int]struct{}{}
	return in
}

// Close ends the events: what is put from now on is dropped.
func (in *Input) Close() {
	in.state.Lock()
	defer in.state.Unlock()
	in.state.closed = true
}

// Show says which frame is on the glass from now on.
func (in *Input) Show(f *render.Frame) {
	in.state.Lock()
	defer in.state.Unlock()
	in.state.frame = f
	in.putLate()
}

// Shown returns the frame on the glass, or nil.
func (in *Input) Shown() *render.Frame {
	in.state.Lock()
	defer in.state.Unlock()
	return in.state.frame
}

// Events returns the events in order. It is never closed.
func (in *Input) Events() <-chan Event { return in.events }

// Contact puts one contact at p, in pixels of the frame. Whoever chooses the ID
// sees to it that it is nobody else's; a [Source] does that.
//
// What does not fit the contact's life is dropped: a second Down, or a Move, Up
// or Gone without a Down. A mouse may thus report all its movements.
func (in *Input) Contact(id int, phase Phase, p image.Point) {
	in.state.Lock()
	defer in.state.Unlock()
	in.contact(in.state.frame, id, phase, p)
}

// contact puts a contact on frame f, under the lock.
func (in *Input) contact(f *render.Frame, id int, phase Phase, p image.Point) {
	_, isDown := in.state.down[id]
	if in.state.closed || isDown == (phase == Down) {
		return
	}
	t := Touch{Contact: id, Phase: phase, At: p, Target: f.At(p)}
	switch phase {
	case Down:
		if in.room() < 2 || len(in.state.down) == maxContacts {
			return
		}
		in.state.down[id] = struct{}{}
	case Move:
		if in.room() < 1 {
			return // the next one says where the finger is
		}
	case Up, Gone:
		delete(in.state.down, id) // room was kept for this
	}
	in.events <- t
}

// Put adds any other event.
func (in *Input) Put(e Event) {
	in.state.Lock()
	defer in.state.Unlock()
	if in.state.closed {
		return
	}
	switch e.(type) {
	case Resized, Closed:
		in.putLater(e)
		in.putLate()
	default:
		if in.room() >= 1 {
			in.events <- e
		}
	}
}

// room returns how many events can be put so that every contact that is down
// can still end. Nobody else puts while the lock is held, so there is never
// less.
func (in *Input) room() int {
	return cap(in.events) - len(in.events) - len(in.state.down)
}

// putLater keeps e, in place of an older one of its kind.
func (in *Input) putLater(e Event) {
	_, resized := e.(Resized)
	for i, old := range in.state.late {
		if _, r := old.(Resized); r == resized {
			in.state.late[i] = e
			return
		}
	}
	in.state.late = append(in.state.late, e)
}

func (in *Input) putLate() {
	for len(in.state.late) > 0 && in.room() >= 1 {
		in.events <- in.state.late[0]
		in.state.late = in.state.late[1:]
	}
}

// Package glass is what every presenter shares: what a presenter is, and how a
// contact on the panel becomes an event. A contact is resolved at once against
// the frame that was on the glass when it happened, so what it means is what
// the eye saw.
package glass

import (
	"image"

	"tavle/render"
)

// A Presenter puts frames on a panel and hears what happens to it. It is used
// by one goroutine, except for what Input hears.
type Presenter interface {
	// Panel returns the size of what can be drawn on, now.
	Panel() Panel

	// Present shows f. Only the damaged areas differ from the frame shown
	// before; after a [Resized] everything does. When it returns nil the frame
	// has reached the glass, as far as the system tells.
	Present(f *render.Frame, damage []image.Rectangle) error

	// Input returns where events come from, and where other sources of contacts
	// (a touch panel read directly) put theirs.
	Input() *Input

	// Blank switches the panel's light off or on, if it can.
	Blank(off bool) error

	// Close gives the panel back. It ends the events.
	Close() error
}

// A Panel is what a presenter draws on.
type Panel struct {
	Size image.Point // in pixels, after rotation
	MM   image.Point // physical size in millimetres, after rotation; zero: not known
}

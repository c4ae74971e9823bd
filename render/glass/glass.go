// Package glass is what every presenter shares: what a presenter is, how a
// contact on the panel becomes an event, how a picture is turned and written
// into a panel's own memory. A contact is resolved at once against the frame
// that was on the glass when it happened, so what it means is what the eye saw.
//
// It opens no device and starts no goroutine; the presenters (render/x11,
// render/kms, render/gpu, render/page) do.
package glass

import (
	"context"
	"errors"
	"image"

	"tavle/render"
)

// A Presenter puts frames on a panel and hears what happens to it.
//
// Run has to be running for events to come; the GPU's Run has to be called on
// main's goroutine, and nothing is shown before it runs. The other methods are
// for one goroutine, which also owns the [render.Images] the presenter was
// given: a presenter asks for images only while Present runs. Close may be
// called by anybody.
type Presenter interface {
	// Run serves the panel until ctx ends (nil), the presenter is closed (nil)
	// or the panel is lost for good (an error).
	Run(ctx context.Context) error

	// Panel returns the size of what can be drawn on, now.
	Panel() Panel

	// Present shows f, which has the panel's size. Only the damaged areas
	// differ from the frame shown before; after a [Resized] everything does.
	// When it returns nil the frame has reached the glass, as far as the system
	// tells. With no damage the same picture is put up again where that costs
	// little: a sign of life, and a repair where the system lost it.
	//
	// [ErrUnplugged] is not the end: a [Resized] comes with the next panel.
	Present(f *render.Frame, damage []image.Rectangle) error

	// Input returns where events come from, and where other sources of contacts
	// (a touch panel read directly) put theirs.
	Input() *Input

	// Blank switches the panel's light off or on, and that of a panel that is
	// plugged in later. Where the light cannot be switched it returns
	// [ErrNoLight]; show a dark frame instead.
	Blank(off bool) error

	// Close gives the panel back. It ends Run and the events; closing twice is
	// harmless.
	Close() error
}

// ErrNoLight says that the light of the panel cannot be switched.
var ErrNoLight = errors.New("the panel's light cannot be switched")

// ErrUnplugged says that no panel is connected at the moment.
var ErrUnplugged = errors.New("no panel is connected")

// A Panel is what a presenter draws on.
type Panel struct {
	Size image.Point // in pixels, after rotation
	MM   image.Point // physical size in millimetres, after rotation; zero: not known
}

// PlausibleMM returns mm if a panel of px pixels can have that physical size,
// else the zero point: many televisions tell nonsense. Pixels are taken as
// square within 15 %, the longer side as 150 to 2500 mm (a 7 inch panel to one
// of 110 inches).
func PlausibleMM(px, mm image.Point) image.Point {
	long := max(mm.X, mm.Y)
	if px.X <= 0 || px.Y <= 0 || min(mm.X, mm.Y) <= 0 || long < 150 || long > 2500 {
		return image.Point{}
	}
	// px.X/px.Y against mm.X/mm.Y, without a division.
	a, b := px.X*mm.Y, px.Y*mm.X
	if 100*max(a, b) > 115*min(a, b) {
		return image.Point{}
	}
	return mm
}

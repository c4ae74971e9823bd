// Package look is the visual design as numbers: colours, type, space, strokes
// and shadows, for each class of screen. It decides nothing about what is
// shown.
//
// Lengths are in dp, the design's unit: one dp is one pixel on the base panel
// of the class, and scales with the panel.
package look

import (
	"image"
	"time"
)

// A Class is a family of screens that share a layout.
type Class uint8

// The classes and their base panels.
const (
	Landscape Class = iota // 1920 × 1080
	Portrait               // 1080 × 1920
	Small                  // 800 × 480
)

// Base returns the size of the base panel in dp.
func (c Class) Base() (w, h float32) {
	switch c {
	case Portrait:
		return 1080, 1920
	case Small:
		return 800, 480
	}
	return 1920, 1080
}

// Scale returns how many pixels a dp is on a panel of that class.
func (c Class) Scale(size image.Point) float32 {
	w, h := c.Base()
	return min(float32(size.X)/w, float32(size.Y)/h)
}

// A Type is one style of text.
type Type struct {
	Size     float32 // dp
	Weight   int
	Line     float32 // line height, in sizes
	Tracking float32 // em
	Tabular  bool    // digits of one width
}

// A TypeScale is every style of one class.
type TypeScale struct {
	ClockXL, Display, H1, H2, TitleL, Time, Title, Body, Label, Meta, Tab, Min Type
}

// Types returns the type scale of a class.
func (c Class) Types() TypeScale {
	switch c {
	case Portrait:
		return TypeScale{
			ClockXL: Type{252, 700, .86, -.035, true},
			Display: Type{110, 800, 1.1, -.02, false},
			H1:      Type{72, 800, 1.05, -.01, false},
			H2:      Type{60, 800, 1.06, -.01, false},
			TitleL:  Type{52, 800, 1.1, -.01, false},
			Time:    Type{54, 800, 1.25, -.01, true},
			Title:   Type{48, 700, 1.14, 0, false},
			Body:    Type{38, 500, 1.3, 0, false},
			Label:   Type{34, 600, 1.2, 0, false},
			Meta:    Type{32, 500, 1.25, 0, false},
			Tab:     Type{28, 700, 1.1, 0, false},
			Min:     Type{28, 600, 1.25, 0, false},
		}
	case Small:
		return TypeScale{
			ClockXL: Type{118, 700, .9, -.035, true},
			Display: Type{46, 800, 1.04, -.02, false},
			H1:      Type{38, 800, 1.05, -.01, false},
			H2:      Type{34, 800, 1.06, -.01, false},
			TitleL:  Type{32, 800, 1.1, 0, false},
			Time:    Type{32, 800, 1.25, -.01, true},
			Title:   Type{29, 700, 1.14, 0, false},
			Body:    Type{25, 500, 1.3, 0, false},
			Label:   Type{25, 700, 1.2, 0, false},
			Meta:    Type{21, 600, 1.25, 0, false},
			Tab:     Type{20, 700, 1.1, 0, false},
			Min:     Type{20, 600, 1.25, 0, false},
		}
	}
	return TypeScale{
		ClockXL: Type{220, 700, .88, -.035, true},
		Display: Type{104, 800, 1.04, -.02, false},
		H1:      Type{72, 800, 1.05, -.01, false},
		H2:      Type{60, 800, 1.1, -.01, false},
		TitleL:  Type{52, 800, 1.1, -.01, false},
		Time:    Type{54, 800, 1.25, -.01, true},
		Title:   Type{48, 700, 1.14, 0, false},
		Body:    Type{38, 500, 1.3, 0, false},
		Label:   Type{34, 600, 1.2, 0, false},
		Meta:    Type{32, 500, 1.25, 0, false},
		Tab:     Type{30, 700, 1.1, 0, false},
		Min:     Type{28, 600, 1.25, 0, false},
	}
}

// capHalf is half of (cap height + what the line box hangs below it), in sizes:
// with it capitals stand optically in the middle of their line box.
const capHalf = 0.334

// Baseline returns how far below the top of its line box the baseline is.
func (t Type) Baseline() float32 { return t.Size * (t.Line/2 + capHalf) }

// Middle returns how far below the middle of something the baseline is when
// capitals are centred on it.
func (t Type) Middle() float32 { return t.Size * capHalf }

// At returns the style in another size.
func (t Type) At(size float32) Type {
	t.Size = size
	return t
}

// In returns the style in another weight.
func (t Type) In(weight int) Type {
	t.Weight = weight
	return t
}

// Digits returns the style with digits of one width.
func (t Type) Digits() Type {
	t.Tabular = true
	return t
}

// A Shade is one level of elevation: copies of a box, each [dy, blur, colour,
// opacity], blur in CSS's sense.
type Shade []struct {
	Y, Blur float32
	RGB     uint32
	Alpha   float32
}

// The levels of elevation by day: cards, rail and buttons, dialogs.
var (
	E1 = Shade{{2, 4, 0x4A381E, .05}, {6, 18, 0x4A381E, .07}}
	E2 = Shade{{4, 10, 0x4A381E, .07}, {14, 36, 0x4A381E, .12}}
	E3 = Shade{{10, 24, 0x281E10, .14}, {36, 90, 0x281E10, .26}}
)

// The same on dark ground, where cards cast none.
var (
	Flat  = Shade{}
	Dark2 = Shade{{14, 36, 0x000000, .35}}
	Dark3 = Shade{{36, 90, 0x000000, .5}}
)

// In returns the elevation as a theme shows it: with no shadow at all where
// contrast is high.
func (s *Shade) In(t *Theme) *Shade {
	switch {
	case t.Plain:
		return &Flat
	case !t.Dark:
		return s
	case s == &E2:
		return &Dark2
	case s == &E3:
		return &Dark3
	}
	return &Flat
}

// Edges of what is lifted off the ground, in dp: where contrast is high, and
// where somebody wants to see them in any colours.
const (
	EdgePlain = 5
	EdgeClear = 3
	EdgeNext  = 10 // of what is next, where contrast is high
)

// How long things take and last.
const (
	RepeatGuard = 500 * time.Millisecond // the same target again is a tremor, where nothing else is set
	DialogGuard = 600 * time.Millisecond // a dialog is deaf at first
	Settle      = 250 * time.Millisecond // what appears under a finger is not touched
	HoldMax     = 4 * time.Second        // longer than this is leaning, not touching
	Undo        = 10 * time.Second
	RingLasts   = 240 * time.Millisecond
	ScanStep    = 2 * time.Second // of a switch, where nothing else is set

	IdleConfirm = 12 * time.Second
)

// NightShift is how far the night's page wanders, in dp.
const NightShift = 12

// Slop is how far outside its target a finger may wander, in dp, and still be on
// it; Stray how far from where it went down, and still mean it.
const (
	Slop  = 24
	Stray = 48
)

// FrameMM is how wide a frame around what has the focus, or is pressed, is at least.
const FrameMM = 3

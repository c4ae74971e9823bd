package look

import (
	"image"
	"math"
)

// A Panel is what the picture is drawn on, and how it hangs.
type Panel struct {
	Size     image.Point // pixels
	MM       image.Point // millimetres, as it hangs; zero: not known
	Distance int         // of the eyes, in millimetres; 0: as one stands before a panel of this size
	Bottom   int         // of its lower edge above the floor, in millimetres; 0: not known
}

// A TextMode is how large letters are, and with them everything else.
type TextMode uint8

// The modes, each with its factor.
const (
	TextNormal  TextMode = iota // 1.0
	TextLarge                   // 1.3
	TextLargest                 // 1.6
)

// TextModes are all modes, the smallest letters first.
var TextModes = []TextMode{TextNormal, TextLarge, TextLargest}

// Factor returns how many times as large as normal letters are.
func (t TextMode) Factor() float64 { return [...]float64{1, 1.3, 1.6}[t] }

// TextModeOf returns the mode with a factor, or normal letters.
func TextModeOf(factor float64) TextMode {
	for _, t := range TextModes {
		if t.Factor() == factor {
			return t
		}
	}
	return TextNormal
}

// A millimetre has this many pixels on any panel there is: less would be a
// screen to be seen from across the street, more one to be held to the eye.
const (
	leastPerMM = 1.5
	mostPerMM  = 12
)

// Plausible reports whether the panel can have the size it claims. Where it
// cannot, the size counts as not known.
func (p Panel) Plausible() bool {
	if p.MM == (image.Point{}) {
		return true
	}
	if p.MM.X <= 0 || p.MM.Y <= 0 {
		return false
	}
	x, y := float64(p.Size.X)/float64(p.MM.X), float64(p.Size.Y)/float64(p.MM.Y)
	return min(x, y) >= leastPerMM && max(x, y) <= mostPerMM
}

// Pitch returns how wide a pixel is in millimetres, or 0 when that is not known.
func (p Panel) Pitch() float32 {
	if p.MM == (image.Point{}) || !p.Plausible() {
		return 0
	}
	return (float32(p.MM.X)/float32(p.Size.X) + float32(p.MM.Y)/float32(p.Size.Y)) / 2
}

// Eyes returns how far away the eyes are in millimetres: as it was said, or as
// one stands before a panel of this size and touches it.
func (p Panel) Eyes() int {
	if p.Distance > 0 {
		return p.Distance
	}
	diagonal := math.Hypot(float64(p.Size.X), float64(p.Size.Y)) * float64(p.Pitch())
	switch {
	case diagonal == 0, diagonal >= 1000: // 40 inches
		return 700
	case diagonal >= 500:
		return 550
	case diagonal >= 330:
		return 450
	}
	return 400
}

const (
	// capHeight is the height of a capital, in sizes.
	capHeight = 0.668
	// legible is the angle under which capitals are read, in radians: 0.7°
	//
	legible = 0.7 * math.Pi / 180
)

// Legible returns the size in millimetres of the smallest letters that are read
// from so far away.
func Legible(distance int) float32 { return float32(distance) * legible / capHeight }

// What the layouts have room for at least, in dp. A panel that is too small for
// letters of the size asked for gets the largest it has room for.
const (
	leastSmallW, leastSmallH       = 592, 333
	leastPortraitW, leastPortraitH = 744, 1240
)

// A Fit is how a panel is laid out.
type Fit struct {
	Class Class
	Scale float32 // pixels per dp
	Short bool    // the panel has no room for letters of the size they should have
}

// Fit chooses layout and scale: letters are never smaller than can be read from
// where one stands, nor than the design has them, times the mode's factor.
// A wide panel on which they need more room gets the layout that has less on a
// page. Without a size in millimetres it is the design's own scale that counts:
// 0.496 mm to a dp on the panels it was made for.
func (p Panel) Fit(t TextMode) Fit {
	f := Fit{Class: classOf(p.Size, p.Pitch() > 0)}
	f.Scale = f.Class.Scale(p.Size)
	smallest := f.Class.Types().Min.Size
	want := f.Scale * smallest // the smallest letters, in pixels
	if mm := p.Pitch(); mm > 0 {
		want = max(want, Legible(p.Eyes())/mm)
	}
	want *= float32(t.Factor())
	if want <= f.Scale*smallest {
		return f
	}
	if f.Class == Landscape {
		f.Class = Small
		smallest = Small.Types().Min.Size
	}
	w, h := float32(leastSmallW), float32(leastSmallH)
	if f.Class == Portrait {
		w, h = leastPortraitW, leastPortraitH
	}
	most := min(float32(p.Size.X)/w, float32(p.Size.Y)/h)
	f.Scale, f.Short = min(want/smallest, most), want/smallest > most
	return f
}

// Whole returns how the panel is laid out when all of a page is to be on it,
// however small its letters become.
func (p Panel) Whole() Fit {
	c := classOf(p.Size, p.Pitch() > 0)
	if c == Landscape && p.Fit(TextNormal).Class == Small {
		c = Small
	}
	return Fit{Class: c, Scale: c.Scale(p.Size)}
}

// classOf returns the class of a panel by its pixels: portrait below an aspect
// of 0.85, else small when nothing is known of it but that it has few.
func classOf(size image.Point, known bool) Class {
	switch {
	case float32(size.X) < 0.85*float32(size.Y):
		return Portrait
	case !known && size.X < 1024:
		return Small
	}
	return Landscape
}

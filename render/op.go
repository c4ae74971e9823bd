package render

import (
	"image"
	"image/color"
)

// OpKind says how an [Op] is painted.
type OpKind uint8

// The kinds of operations.
const (
	BoxOp     OpKind = iota // a filled rounded rectangle, with border and shadow
	TextOp                  // one shaped line of text
	MaskOp                  // a coverage mask in one colour: an icon, a dashed ring
	PictureOp               // a photo, a pictogram, the sky
)

// An Op paints one thing. It is comparable: equal ops paint equal pixels, which
// is how damage is found. Only the fields its kind names are set.
type Op struct {
	Kind OpKind

	// Rect is where it paints: the box; the mask or picture, whose size it has.
	// For text it is the ink, and Dot the origin of the line.
	Rect image.Rectangle

	// Clip bounds the painting; the zero rectangle does not.
	Clip image.Rectangle

	Color color.RGBA // fill, text or mask colour, premultiplied

	// Box only.
	Radius int        // of the corners, in pixels; half the shorter side at most
	Border int        // width of an inset border, in pixels
	Edge   color.RGBA // colour of the border
	Shadow *Shadow    // underneath; nil: none

	Dot  image.Point // text: where the baseline starts
	Line *Line       // text

	Mask *Mask // mask

	Picture Picture // picture
	Alpha   uint8   // picture: 255 is opaque
}

// A Mask is an immutable 8-bit coverage bitmap. Painters keep resources for it
// by its address; whoever makes masks caches them.
type Mask struct {
	Size image.Point
	Pix  []uint8 // Size.X*Size.Y bytes, row by row
}

// A Line is one immutable shaped line of text.
type Line struct {
	Text   string
	Width  int             // advance, in pixels
	Ink    image.Rectangle // what the glyphs cover, relative to the dot
	Glyphs []Glyph
	RTL    bool
}

// A Glyph is one glyph of a line: its mask and where its top left corner goes,
// relative to the dot.
type Glyph struct {
	At   image.Point
	Mask *Mask
}

// A Picture names a bitmap of exactly the size it is painted at. Painters ask
// [Images] for it.
type Picture struct {
	Source string      // "photo:sha256-…", or one of those render/art knows
	Size   image.Point // in pixels
	Crop   Crop        // which part is painted where its shape is smaller
}

// Crop is a rounded window a picture is seen through, relative to the
// picture's top left corner. The zero Crop shows all of it.
type Crop struct {
	Window image.Rectangle
	Radius int
}

// Images is where painters get bitmaps from. Image returns nil when the bitmap
// is not there (yet); the painter leaves the place as it is, and whoever owns
// Images asks for a new frame when that changes. The result is premultiplied,
// has the size asked for and bounds that start at (0, 0), and is never written
// to again.
type Images interface {
	Image(p Picture) *image.RGBA
}

// Bounds returns every pixel op may touch, shadow included.
func (op Op) Bounds() image.Rectangle {
	r := op.Rect
	if op.Kind == BoxOp && op.Shadow != nil {
		r = r.Union(op.Shadow.Bounds(op.Rect))
	}
	if op.Clip != (image.Rectangle{}) {
		r = r.Intersect(op.Clip)
	}
	return r
}

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
	LayerOp                 // other ops, painted apart and blended as one picture
)

// MaxSide bounds the sides of a [Layer]: the GPU of a Raspberry Pi 3 has
// textures of up to 2048 pixels, of which one may be a border.
const MaxSide = 2047

// An Op paints one thing. It is comparable: equal ops paint equal pixels, which
// is how damage is found. Only the fields its kind names are set.
type Op struct {
	Kind OpKind

	// Rect is where it paints: the box; the mask or picture, whose size it has; the
	// layer, which is scaled to it. For text it is the ink, and Dot the origin of
	// the line.
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
	Alpha   uint8   // picture, layer: 255 is opaque

	Layer *Layer // layer
}

// A Layer is a part of a frame that is painted apart, to be moved and faded as a
// whole. It is immutable, has no layers in it, and no side longer than [MaxSide].
// Painters keep a bitmap of it by its address for as long as frames have it.
type Layer struct {
	Bounds image.Rectangle // which part of the frame its ops were for
	Ops    []Op
	Opaque bool // on black: the ops need not cover all of it; else on nothing
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

// Hides reports whether op covers all of r with opaque colour, so that nothing
// beneath it is seen.
func (op *Op) Hides(r image.Rectangle) bool {
	if (op.Clip != image.Rectangle{}) && !r.In(op.Clip) {
		return false
	}
	switch op.Kind {
	case BoxOp:
		return op.Color.A == 255 && (op.Border <= 0 || op.Edge.A == 255) && r.In(op.Rect.Inset(op.Radius))
	case LayerOp:
		return op.Layer.Opaque && op.Alpha == 255 && r.In(op.Rect)
	}
	return false
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

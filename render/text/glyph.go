package text

import (
	"image"
	"math"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"

	"tavle/render"
)

// Positions and widths inside a line are counted in 64ths of a pixel: integers
// add up to the same on every processor.
const subpixels = 64

// crisp is the size from which on glyphs move by half pixels, in pixels; below,
// by quarters, where a shift shows.
const crisp = 48

// em returns how many 64ths of a pixel n em are.
func (s Style) em(n float64) int { return int(math.Round(n * float64(s.Size) * subpixels)) }

func toPixels(n int) int { return (n + subpixels/2) >> 6 }

// width returns the advance of the whole line, in 64ths of a pixel.
func (sh *shaped) width(st Style) int {
	w, track := 0, st.em(float64(st.Tracking))
	for i := range sh.glyphs {
		w += st.em(sh.glyphs[i].advance)
		if sh.glyphs[i].tracked {
			w += track
		}
	}
	return w
}

// set makes a line out of shaped glyphs. It also returns what the line costs,
// in bytes, as if its masks were its own.
func (e *Engine) set(s string, st Style, sh *shaped) (*render.Line, int) {
	l := &render.Line{Text: s, RTL: sh.rtl, Glyphs: make([]render.Glyph, 0, len(sh.glyphs))}
	cost := len(s) + 150 + 32*len(sh.glyphs)
	pen, track := 0, st.em(float64(st.Tracking))
	for i := range sh.glyphs {
		g := &sh.glyphs[i]
		x := pen + st.em(g.x)
		step := subpixels / 4
		if st.Size >= crisp {
			step = subpixels / 2
		}
		shift := x & (subpixels - 1) / step * step
		m := e.glyph(g.face, g.id, st.Size*g.face.scale, shift)
		if m.mask != nil {
			at := image.Pt(x>>6, -toPixels(st.em(g.y))).Add(m.at)
			l.Glyphs = append(l.Glyphs, render.Glyph{At: at, Mask: m.mask})
			l.Ink = l.Ink.Union(image.Rectangle{Min: at, Max: at.Add(m.mask.Size)})
			cost += len(m.mask.Pix)
		}
		pen += st.em(g.advance)
		if g.tracked {
			pen += track
		}
	}
	l.Width = toPixels(pen)
	return l, cost
}

type glyphKey struct {
	face  uint8
	id    font.GID
	size  int32 // in 64ths of a pixel
	shift uint8 // to the right, in 64ths of a pixel
}

// A glyphMask is a rasterised glyph; the mask is nil if there is nothing to see.
type glyphMask struct {
	mask *render.Mask
	at   image.Point // of its top left corner, from the pen
}

// glyph returns one glyph, made or kept.
func (e *Engine) glyph(f *face, id font.GID, size float32, shift int) glyphMask {
	k := glyphKey{f.id, id, int32(math.Round(float64(size) * subpixels)), uint8(shift)}
	if g, ok := e.glyphs.Get(k); ok {
		return g
	}
	var g glyphMask
	cost := 120
	if outline, ok := f.GlyphData(id).(font.GlyphOutline); ok {
		g = e.rasterise(outline.Segments, float32(k.size)/subpixels/float32(f.Upem()), float32(shift)/subpixels)
	}
	if g.mask != nil {
		cost += len(g.mask.Pix)
	}
	e.glyphs.Add(k, g, cost)
	return g
}

// rasterise fills an outline, scaled and moved to the right by shift pixels.
func (e *Engine) rasterise(outline []opentype.Segment, scale, shift float32) glyphMask {
	const huge = math.MaxFloat32
	minX, minY, maxX, maxY := float32(huge), float32(huge), float32(-huge), float32(-huge)
	at := func(p opentype.SegmentPoint) (x, y float32) { return float32(p.X*scale) + shift, float32(-p.Y * scale) } // rounded first on every processor
	for i := range outline {
		for _, p := range outline[i].ArgsSlice() { // control points bound the curve
			x, y := at(p)
			minX, maxX = min(minX, x), max(maxX, x)
			minY, maxY = min(minY, y), max(maxY, y)
		}
	}
	if !(minX < maxX && minY < maxY) {
		return glyphMask{}
	}
	left, top := floor(minX), floor(minY)
	w, h := floor(maxX)-left+1, floor(maxY)-top+1
	to := func(p opentype.SegmentPoint) (x, y float32) {
		x, y = at(p)
		return x - float32(left), y - float32(top)
	}
	e.filler.Reset(w, h)
	for i := range outline {
		s := &outline[i]
		a, b := to(s.Args[0])
		c, d := to(s.Args[1])
		x, y := to(s.Args[2])
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			e.filler.MoveTo(a, b)
		case opentype.SegmentOpLineTo:
			e.filler.LineTo(a, b)
		case opentype.SegmentOpQuadTo:
			e.filler.QuadTo(a, b, c, d)
		case opentype.SegmentOpCubeTo:
			e.filler.CubeTo(a, b, c, d, x, y)
		}
	}
	m := &render.Mask{Size: image.Pt(w, h), Pix: make([]uint8, w*h)}
	e.filler.Coverage(m.Pix)
	return glyphMask{mask: m, at: image.Pt(left, top)}
}

func floor(x float32) int { return int(math.Floor(float64(x))) }

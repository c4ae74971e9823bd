package text

import (
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"

	"tavle/render"
	"tavle/render/fill"
	"tavle/render/lru"
)

// How many bytes an engine keeps. A demo house in every screen and size at
// 1920×1080 needs a quarter of each; beyond that the oldest is made again.
const (
	glyphBytes = 6 << 20
	lineBytes  = 6 << 20
	shapeBytes = 2 << 20
)

// An Engine sets text. It is for one goroutine.
//
// What it keeps includes the words it was given, names among them: see
// [Engine.Forget].
type Engine struct {
	faces  *faces
	shaper shaping.HarfbuzzShaper
	breaks segmenter.Segmenter
	filler fill.Filler

	shapes *lru.Cache[shapeKey, *shaped]
	lines  *lru.Cache[lineKey, *render.Line]
	wraps  *lru.Cache[wrapKey, wrapped]
	glyphs *lru.Cache[glyphKey, glyphMask]
}

// New returns an engine. The error, if any, is about the fonts inside the
// program.
func New() (*Engine, error) {
	fs, err := newFaces()
	if err != nil {
		return nil, err
	}
	e := &Engine{faces: fs}
	e.Forget()
	return e, nil
}

// Forget lets go of every word the engine was given, and of the letters they were
// set in. A screen that may no longer show anybody calls it, so that no name stays
// in memory.
func (e *Engine) Forget() {
	e.glyphs = lru.New[glyphKey, glyphMask](glyphBytes)
	e.shapes = lru.New[shapeKey, *shaped](shapeBytes)
	e.lines = lru.New[lineKey, *render.Line](lineBytes)
	e.wraps = lru.New[wrapKey, wrapped](shapeBytes)
	// These hold the text they worked on last.
	e.breaks, e.shaper = segmenter.Segmenter{}, shaping.HarfbuzzShaper{}
	e.shaper.SetFontCacheSize(maxFaces)
}

// Size returns how many bytes the engine keeps.
func (e *Engine) Size() int {
	return e.shapes.Bytes() + e.lines.Bytes() + e.wraps.Bytes() + e.glyphs.Bytes()
}

// A direction is that of a paragraph.
type direction uint8

const (
	byContent direction = iota // of its first letter
	leftToRight
	rightToLeft
)

// Line sets s on one line, in the language lang (a BCP 47 tag; "" if it has
// none); line breaks in it become spaces. While it is kept, the same arguments
// give the same line.
//
// Characters no font has are shown as empty boxes if they are letters and left
// out if not: an emoji in a title is not worth a box.
func (e *Engine) Line(s string, st Style, lang string) *render.Line {
	return e.line(s, st.clean(), lang, byContent)
}

// Measure returns the width that [Engine.Line] would give, in pixels, without
// making glyphs.
func (e *Engine) Measure(s string, st Style, lang string) int {
	st = st.clean()
	return toPixels(e.shape(s, st, lang, byContent).width(st))
}

type lineKey struct {
	text  string
	style Style
	lang  string
	dir   direction
}

func (e *Engine) line(s string, st Style, lang string, dir direction) *render.Line {
	k := lineKey{s, st, lang, dir}
	if l, ok := e.lines.Get(k); ok {
		return l
	}
	l, size := e.set(s, st, e.shape(s, st, lang, dir))
	e.lines.Add(k, l, size)
	return l
}

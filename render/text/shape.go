package text

import (
	"unsafe"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"tavle/assets/fonts"
)

// A shaped text is what a text is at every size: glyphs from left to right, in
// em. It is never changed.
type shaped struct {
	prepared
	glyphs []shapedGlyph
	rtl    bool
}

type shapedGlyph struct {
	face    *face
	id      font.GID
	rune    int     // where its cluster begins
	advance float64 // to the next glyph, without tracking
	x, y    float64 // from the pen; y is up
	tracked bool    // tracking follows: it ends a cluster that is not joined to the next
}

type shapeKey struct {
	text    string
	weight  int // as an index of fonts.Weights
	tabular bool
	tracked bool
	lang    string
	dir     direction
}

// shape returns s shaped.
func (e *Engine) shape(s string, st Style, lang string, dir direction) *shaped {
	k := shapeKey{s, nearestMain(st.Weight), st.Tabular, st.Tracking != 0, lang, dir}
	if sh, ok := e.shapes.Get(k); ok {
		return sh
	}
	p := e.prepare(s, fonts.Weights[k.weight])
	sh := &shaped{prepared: p, rtl: dir == rightToLeft || dir == byContent && startsRTL(p.runes)}
	for _, r := range visual(runs(sh)) {
		e.shapeRun(sh, r, k)
	}
	e.shapes.Add(k, sh, len(s)+20*cap(p.runes)+int(unsafe.Sizeof(shapedGlyph{}))*cap(sh.glyphs)+200)
	return sh
}

// joinedScript reports whether the letters of a script hang together, so that
// nothing may be put between them.
func joinedScript(s language.Script) bool {
	switch s {
	case language.Arabic, language.Syriac, language.Mongolian, language.Nko, language.Mandaic, language.Adlam, language.Hanifi_Rohingya:
		return true
	}
	return false
}

// Features of fonts.
var (
	tabular     = shaping.FontFeature{Tag: opentype.MustNewTag("tnum"), Value: 1}
	noLigatures = []shaping.FontFeature{{Tag: opentype.MustNewTag("liga")}, {Tag: opentype.MustNewTag("clig")}}
)

// shapeRun adds the glyphs of one run.
func (e *Engine) shapeRun(sh *shaped, r run, k shapeKey) {
	in := shaping.Input{
		Text:     sh.shown,
		RunStart: r.from,
		RunEnd:   r.to,
		Face:     r.face.Face,
		// Shaped in units of the font: the shaper rounds sizes to whole pixels.
		Size:     fixed.I(int(r.face.Upem())),
		Script:   r.script,
		Language: language.NewLanguage(k.lang),
	}
	if r.level%2 == 1 {
		in.Direction = di.DirectionRTL
	}
	spaced := k.tracked && !joinedScript(r.script)
	if k.tabular {
		in.FontFeatures = append(in.FontFeatures, tabular)
	}
	if spaced { // letters that are moved apart cannot be one glyph
		in.FontFeatures = append(in.FontFeatures, noLigatures...)
	}
	em := float64(r.face.scale) / (64 * float64(r.face.Upem()))
	out := e.shaper.Shape(in)
	for i, g := range out.Glyphs {
		sh.glyphs = append(sh.glyphs, shapedGlyph{
			face:    r.face,
			id:      g.GlyphID,
			rune:    g.TextIndex(),
			advance: float64(g.Advance) * em,
			x:       float64(g.XOffset) * em,
			y:       float64(g.YOffset) * em,
			tracked: spaced && !invisible(sh.runes[g.TextIndex()]) &&
				(i+1 == len(out.Glyphs) || out.Glyphs[i+1].TextIndex() != g.TextIndex()),
		})
	}
}

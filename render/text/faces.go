package text

import (
	"bytes"
	"fmt"

	"github.com/go-text/typesetting/font"

	"tavle/assets/fonts"
)

// A face is one font at one weight, as one engine uses it.
type face struct {
	*font.Face
	id    uint8   // for keys
	scale float32 // of the size it is asked for
}

// parse opens a font file: TrueType or WOFF.
//
// go-text stays at v0.3.3: v0.3.4 and v0.3.5 leave out what a font says about
// some letters (go-text/typesetting issue 278), so that Arabic does not join and
// Latin loses kerns. TestArabicLettersJoin tells whether a later one is right.
func parse(name string, file []byte, err error) (*font.Face, error) {
	if err != nil {
		return nil, err
	}
	f, err := font.ParseTTF(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	return f, nil
}

// maxFaces is more than there are.
const maxFaces = 64

// nearestMain returns which of the weights of Tavle Sans a weight is set in.
func nearestMain(weight int) int { return nearest(fonts.Weights[:], weight) }

// faces are the fonts of one engine.
type faces struct {
	main     [len(fonts.Weights)]*face
	fallback [][len(fonts.FallbackWeights)]*face // opened when first needed
}

// newFaces opens Tavle Sans.
func newFaces() (*faces, error) {
	fs := &faces{fallback: make([][len(fonts.FallbackWeights)]*face, len(fonts.Fallbacks()))}
	for i, w := range fonts.Weights {
		file, err := fonts.Main(w)
		f, err := parse("Tavle Sans", file, err)
		if err != nil {
			return nil, err
		}
		fs.main[i] = &face{Face: f, id: uint8(i), scale: 1}
	}
	return fs, nil
}

// open returns fallback i at one of the fallback weights, or nil if its file is
// broken. The files are part of the program, and a test opens every one.
func (fs *faces) open(i, weight int) *face {
	if f := fs.fallback[i][weight]; f != nil {
		return f
	}
	from := fonts.Fallbacks()[i]
	file, err := from.File(fonts.FallbackWeights[weight])
	f, err := parse(from.Name, file, err)
	if err != nil {
		return nil
	}
	out := &face{Face: f, id: uint8(len(fs.main) + i*len(fonts.FallbackWeights) + weight), scale: from.Scale}
	fs.fallback[i][weight] = out
	return out
}

// spells reports whether f has a glyph for every rune of a cluster that is
// seen.
func (f *face) spells(cluster []rune) bool {
	for _, r := range cluster {
		if _, ok := f.NominalGlyph(r); !ok && !invisible(r) {
			return false
		}
	}
	return true
}

// find returns the first face that spells the cluster, from Tavle Sans on
// unless otherThanMain, or nil.
func (fs *faces) find(cluster []rune, weight int, otherThanMain bool) *face {
	if m := fs.main[nearestMain(weight)]; !otherThanMain && m.spells(cluster) {
		return m
	}
	w := nearest(fonts.FallbackWeights[:], weight)
	for i, f := range fonts.Fallbacks() {
		if !f.Covers(cluster[0]) {
			continue
		}
		if open := fs.open(i, w); open != nil && open.spells(cluster) {
			return open
		}
	}
	return nil
}

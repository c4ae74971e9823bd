// Package fonts holds the letters Tavle is set in: Tavle Sans, and pieces of
// Noto Sans for the names Tavle Sans cannot spell. It opens no font; render/text
// does. README.md says where the files come from and under which licences.
package fonts

import (
	"embed"
	"fmt"
)

//go:embed *.ttf *.woff
var files embed.FS

// Weights are the weights of Tavle Sans, lightest first.
var Weights = [...]int{400, 500, 600, 700, 800}

// FallbackWeights are the weights of every [Fallback], lightest first.
var FallbackWeights = [...]int{500, 700}

// Main returns the TrueType file of Tavle Sans in one of [Weights].
func Main(weight int) ([]byte, error) {
	name := map[int]string{400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold", 800: "ExtraBold"}[weight]
	return read(fmt.Sprintf("TavleSans-%s.ttf", name))
}

// A Fallback is a font for characters that Tavle Sans does not have.
type Fallback struct {
	Name   string
	Scale  float32 // of the size, so that it stands beside Tavle Sans as tall
	ranges []span
}

// A span is a range of characters, both ends included.
type span struct{ first, last rune }

// Fallbacks returns the fallback fonts in the order to ask them in.
func Fallbacks() []Fallback { return fallbacks }

// Covers reports whether the font is meant for r. It may still lack a
// character here and there.
func (f Fallback) Covers(r rune) bool {
	for _, s := range f.ranges {
		if s.first <= r && r <= s.last {
			return true
		}
	}
	return false
}

// File returns the WOFF file of the font in one of [FallbackWeights].
func (f Fallback) File(weight int) ([]byte, error) {
	return read(fmt.Sprintf("%s-%d.woff", f.Name, weight))
}

func read(name string) ([]byte, error) {
	b, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	return b, nil
}

package text

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// seen returns the letters of s from left to right; letters that run from right
// to left are written as capitals.
func seen(e *Engine, s string) (string, bool) {
	arabic := map[rune]rune{'A': 'د', 'B': 'ر', 'C': 'و', 'D': 'ذ', 'E': 'ز', 'F': 'ا'} // none joins to the next
	back := map[rune]rune{}
	for k, v := range arabic {
		back[v] = k
	}
	in := strings.Map(func(r rune) rune {
		if a, ok := arabic[r]; ok {
			return a
		}
		return r
	}, s)
	sh := e.shape(in, Style{Size: 20, Weight: 500}, "da", byContent)
	var out strings.Builder
	for i, g := range sh.glyphs {
		if i > 0 && sh.glyphs[i-1].rune == g.rune {
			continue // the dot of a letter
		}
		r := sh.runes[g.rune]
		if b, ok := back[r]; ok {
			r = b
		}
		out.WriteRune(r)
	}
	return out.String(), sh.rtl
}

// worked out by hand from the Unicode bidirectional algorithm.
func TestRunsStandInTheOrderTheyAreRead(t *testing.T) {
	e := engine(t)
	for _, c := range []struct {
		in, out string
		rtl     bool
	}{
		{"abc", "abc", false},
		{"ABC", "CBA", true},
		{"a BC d", "a CB d", false},
		{"A bc D", "D bc A", true},
		{"a BC DE f", "a ED CB f", false},
		{"a BC 12 DE f", "a ED 12 CB f", false},
		{"a BC 12 d", "a 12 CB d", false},
		{"a BC 12 d 34", "a 12 CB d 34", false},
		{"a BC 10.24 kl", "a 10.24 CB kl", false},
		{"a BC, d", "a CB, d", false},
		{"ABC 10.24", "10.24 CBA", true},
		{"A b 12 C", "C b 12 A", true},
		{"A 12-13 B", "B 13-12 A", true}, // so the standard has it, after Arabic letters
		{"a BC 12-13 d", "a 13-12 CB d", false},
		{"a BC 12.13, d", "a 12.13 CB, d", false},
		{"10.24", "10.24", false},
		{"+3", "+3", false},
		{"12 AB", "BA 12", true},
		{"a (BC) d", "a (CB) d", false},
		{"A (bc) D", "D )bc( A", true}, // seen mirrored: TestBracketsAreMirrored
		{"a B", "a B", false},
		{"\u200Fbc D", "D bc\u200F", true}, // a mark says which way it runs
		{"\u200EA b", "\u200EA b", false},
		// What is isolated runs by itself, and does not say which way the rest does.
		{"A \u2068b 1\u2069 2", "2 \u2069b 1\u2068 A", true},
		{"A \u2066-3\u2069 B", "B \u2069-3\u2066 A", true},
		{"A \u206612-13\u2069 B", "B \u206912-13\u2066 A", true},
		{"\u2068A B\u2069 10.24", "\u2068B A\u2069 10.24", false},
		{"a \u2068A\u2069 3 b", "a \u2068A\u2069 3 b", false},
		{"\u2068a\u2069 B C", "C B \u2069a\u2068", true},
		{"A \u2068b \u2067C D\u2069 e\u2069 B", "B \u2069b \u2067D C\u2069 e\u2068 A", true},
		{"a\u2069 B", "a\u2069 B", false},    // nothing is open
		{"A \u2066b C", "b C\u2066 A", true}, // it stays open
	} {
		out, rtl := seen(e, c.in)
		require.Equal(t, c.out, out, c.in)
		require.Equal(t, c.rtl, rtl, c.in)
	}
}

// the shaper's tables are read in full: letters of Noto Sans Arabic are put
// together from a body and dots, and only a body has forms that join.
func TestArabicLettersJoin(t *testing.T) {
	e := engine(t)
	for _, letter := range []string{"ي", "ن", "ب", "ئ", "ت", "س", "م", "ه", "ق", "ف", "ك", "ل", "ع"} {
		three := e.shape(letter+letter+letter, Style{Size: 100, Weight: 700}, "ar", byContent)
		bodies := map[int]bool{} // the widest glyph of each letter
		for cluster := range 3 {
			widest, id := -1.0, 0
			for _, g := range three.glyphs {
				if g.rune == cluster && g.advance > widest {
					widest, id = g.advance, int(g.id)
				}
			}
			bodies[id] = true
		}
		require.Len(t, bodies, 3, "%s has a form for the start, the middle and the end", letter)
	}
}

func TestBracketsAreMirrored(t *testing.T) {
	e := engine(t)
	glyph := func(s string, i int) int {
		return int(e.shape(s, Style{Size: 20, Weight: 500}, "ar", byContent).glyphs[i].id)
	}
	require.Equal(t, glyph("(a)", 0), glyph("د(د)د", 1), "what opens looks as if it opened")
}

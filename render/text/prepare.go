package text

import (
	"strings"
	"unicode"

	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

const softHyphen = '\u00AD'

// prepared is a text ready to be cut into runs: its runes, and for each the
// face it is set in.
type prepared struct {
	runes []rune
	shown []rune // the same, as the fonts spell it
	faces []*face
	start []bool // of a grapheme
	hard  []bool // a line break, shown as a space where it does not break
}

// prepare cleans s up and chooses faces.
func (e *Engine) prepare(s string, weight int) prepared {
	in := tidy(s)
	p := prepared{
		runes: make([]rune, 0, len(in)),
		shown: make([]rune, 0, len(in)),
		faces: make([]*face, 0, len(in)),
		start: make([]bool, 0, len(in)),
		hard:  make([]bool, 0, len(in)),
	}
	e.breaks.Init(in)
	for it := e.breaks.GraphemeIterator(); it.Next(); {
		cluster := it.Grapheme().Text
		hard := cluster[0] == '\n'
		if n := len(p.runes); hard || len(cluster) == 1 && cluster[0] == ' ' {
			if n == 0 {
				continue
			}
			if p.runes[n-1] == ' ' { // one space is enough
				p.hard[n-1] = p.hard[n-1] || hard
				continue
			}
			cluster = []rune{' '}
		}
		from := len(p.shown)
		for _, r := range cluster {
			p.shown = append(p.shown, shown(r))
		}
		f := e.faceFor(p.shown[from:], weight)
		if f == nil {
			p.shown = p.shown[:from]
			continue
		}
		for i, r := range cluster {
			p.runes = append(p.runes, r)
			p.faces = append(p.faces, f)
			p.start = append(p.start, i == 0)
			p.hard = append(p.hard, hard)
		}
	}
	if n := len(p.runes); n > 0 && p.runes[n-1] == ' ' {
		p.runes, p.shown, p.faces, p.start, p.hard = p.runes[:n-1], p.shown[:n-1], p.faces[:n-1], p.start[:n-1], p.hard[:n-1]
	}
	e.unify(&p, weight)
	return p
}

// faceFor returns the face to set a cluster in, or nil if it is left out.
func (e *Engine) faceFor(cluster []rune, weight int) *face {
	if f := e.faces.find(cluster, weight, false); f != nil {
		return f
	}
	if !readable(cluster) {
		return nil
	}
	if f := e.faces.find(cluster[:1], weight, false); f != nil {
		return f // the letter without its marks
	}
	return e.faces.main[nearestMain(weight)] // an empty box
}

// unify sets every word that has a Latin letter Tavle Sans lacks in the other
// face from end to end, so that no letter stands out inside a name.
func (e *Engine) unify(p *prepared, weight int) {
	main := e.faces.main[nearestMain(weight)]
	for from := 0; from < len(p.runes); {
		to, mixed := from, false
		for ; to < len(p.runes) && !unicode.IsSpace(p.runes[to]); to++ {
			mixed = mixed || p.faces[to] != main && latin(p.runes[to])
		}
		for i := from; mixed && i < to; i++ {
			if !p.start[i] || !latin(p.runes[i]) {
				continue
			}
			end := i + 1
			for end < to && !p.start[end] {
				end++
			}
			if f := e.faces.find(p.runes[i:end], weight, true); f != nil {
				for k := i; k < end; k++ {
					p.faces[k] = f
				}
			}
		}
		from = to + 1
	}
}

func latin(r rune) bool { return language.LookupScript(r) == language.Latin }

// shown returns the character whose glyph stands for r: the fonts have no
// hyphen and few spaces that do not break.
func shown(r rune) rune {
	switch r {
	case '\u2011':
		return '-'
	case '\u202F', '\u2007':
		return '\u00A0'
	}
	return r
}

// tidy returns the runes of s composed (NFC) and of ordinary width, without
// control characters; all line breaks are '\n'.
func tidy(s string) []rune {
	s = strings.ReplaceAll(norm.NFC.String(width.Fold.String(s)), "\r\n", "\n")
	out := make([]rune, 0, len(s))
	for _, r := range s {
		switch r {
		case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
			out = append(out, '\n')
		case '\t':
			out = append(out, ' ')
		default:
			if !unicode.IsControl(r) && !embedding(r) {
				out = append(out, r)
			}
		}
	}
	return out
}

// embedding reports whether r is one of the characters that set the direction
// of what follows by force. Names and titles need none; isolates do no harm to
// what stands after them, and stay.
func embedding(r rune) bool { return '\u202A' <= r && r <= '\u202E' }

// readable reports whether a cluster is part of a word or a number.
func readable(cluster []rune) bool {
	return unicode.IsLetter(cluster[0]) || unicode.IsNumber(cluster[0]) || unicode.IsMark(cluster[0])
}

// invisible reports whether r has no glyph of its own: joiners, direction marks,
// variation selectors, soft hyphens.
func invisible(r rune) bool { return harfbuzz.IsDefaultIgnorable(r) }

package text

import (
	"slices"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/language"
	xbidi "golang.org/x/text/unicode/bidi"
)

// startsRTL reports whether the first letter is one that runs right to left.
func startsRTL(runes []rune) bool {
	for _, r := range runes {
		if s := language.LookupScript(r); s.Strong() && s != language.Unknown {
			return rightToLeftScript(s)
		}
	}
	return false
}

func rightToLeftScript(s language.Script) bool {
	switch s {
	case language.Arabic, language.Hebrew, language.Syriac, language.Thaana, language.Nko, language.Adlam, language.Hanifi_Rohingya:
		return true
	}
	return false
}

// A run is a stretch of text with one direction, one script and one face.
type run struct {
	from, to int
	level    bidi.Level
	script   language.Script
	face     *face
}

// runs cuts a text into runs, in the order it is read.
func (e *Engine) runs(sh *shaped) []run {
	var out []run
	for _, l := range e.levels(sh) {
		script := firstScript(sh.runes[l.Start:l.End])
		at := run{from: l.Start, level: l.Level, script: script, face: sh.faces[l.Start]}
		for k := l.Start; k < l.End; k++ {
			if s := language.LookupScript(sh.runes[k]); s.Strong() {
				script = s
			}
			if script != at.script || sh.faces[k] != at.face {
				at.to = k
				out = append(out, at)
				at.from, at.script, at.face = k, script, sh.faces[k]
			}
		}
		at.to = l.End
		out = append(out, at)
	}
	return out
}

// levels returns the stretches of equal embedding level.
//
// go-text joins neighbours that run the same way although their levels differ:
// in a text that runs left to right, a number that belongs to the Arabic before
// it (level 2) and the words after it (level 0). Without explicit embeddings,
// which [tidy] takes out, that is the only case; it is undone here.
func (e *Engine) levels(sh *shaped) []bidi.Run {
	if len(sh.runes) == 0 {
		return nil
	}
	base := bidi.LeftToRight
	if sh.rtl {
		base = bidi.RightToLeft
	}
	runs := e.bidi.Segment(sh.runes, base)
	var out []bidi.Run
	for i := range runs.NumRuns() {
		r := runs.Run(i)
		if r.Level == 2 && !sh.rtl {
			if n := r.Start + number(sh.runes[r.Start:r.End]); n < r.End {
				out = append(out, bidi.Run{Start: r.Start, End: n, Level: 2})
				r = bidi.Run{Start: n, End: r.End}
			}
		}
		out = append(out, r)
	}
	return out
}

// number returns how many runes at the start of a text belong to a number, as
// rules W4 and W5 see it: digits, one separator between two, signs beside them.
func number(runes []rune) int {
	end, separated := 0, false
	for i, r := range runes {
		p, _ := xbidi.LookupRune(r)
		switch p.Class() {
		case xbidi.EN, xbidi.AN:
			end, separated = i+1, false
		case xbidi.ET:
			if end == i {
				end = i + 1
			}
		case xbidi.ES, xbidi.CS:
			if separated || end != i {
				return end
			}
			separated = true
		case xbidi.NSM, xbidi.BN:
		default:
			return end
		}
	}
	return end
}

// firstScript returns the script of the first letter; what stands before it
// belongs with it.
func firstScript(runes []rune) language.Script {
	for _, r := range runes {
		if s := language.LookupScript(r); s.Strong() {
			return s
		}
	}
	return language.Common
}

// visual puts runs into the order they stand in from left to right (Unicode
// bidirectional algorithm, L2).
func visual(runs []run) []run {
	var top bidi.Level
	for _, r := range runs {
		top = max(top, r.level)
	}
	for level := top; level > 0; level-- {
		for i := 0; i < len(runs); i++ {
			from := i
			for i < len(runs) && runs[i].level >= level {
				i++
			}
			slices.Reverse(runs[from:i])
		}
	}
	return runs
}

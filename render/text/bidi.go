package text

import (
	"slices"

	"github.com/go-text/typesetting/language"
	"golang.org/x/text/unicode/bidi"
)

// The marks by which a text says which way it runs, whatever its first letter.
const (
	leftToRightMark = '\u200E'
	rightToLeftMark = '\u200F'
)

// startsRTL reports whether the first letter, or a mark before it, is one that
// runs right to left.
func startsRTL(runes []rune) bool {
	for _, r := range runes {
		if r == leftToRightMark || r == rightToLeftMark {
			return r == rightToLeftMark
		}
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
	level    int // odd: from right to left
	script   language.Script
	face     *face
}

// runs cuts a text into runs, in the order it is read.
func runs(sh *shaped) []run {
	var out []run
	for _, l := range levels(sh.runes, sh.rtl) {
		script := firstScript(sh.runes[l.from:l.to])
		at := run{from: l.from, level: l.level, script: script, face: sh.faces[l.from]}
		for k := l.from; k < l.to; k++ {
			if s := language.LookupScript(sh.runes[k]); s.Strong() {
				script = s
			}
			if script != at.script || sh.faces[k] != at.face {
				at.to = k
				out = append(out, at)
				at.from, at.script, at.face = k, script, sh.faces[k]
			}
		}
		at.to = l.to
		out = append(out, at)
	}
	return out
}

// levels cuts a text into stretches of one embedding level. x/text tells only
// which way a stretch runs, and joins neighbours that run the same way; without
// explicit embeddings, which [tidy] takes out, the levels follow from that.
func levels(runes []rune, rtl bool) []run {
	if len(runes) == 0 {
		return nil
	}
	// What the paragraph as a whole runs like is said by a mark before it.
	mark := string(leftToRightMark)
	if rtl {
		mark = string(rightToLeftMark)
	}
	var p bidi.Paragraph
	_, err := p.SetString(mark + string(runes))
	order, err2 := p.Order()
	if err != nil || err2 != nil {
		return []run{{to: len(runes)}}
	}
	var out []run
	for i := range order.NumRuns() {
		o := order.Run(i)
		from, last := o.Pos() // with the mark at 0
		r := run{from: max(0, from-1), to: last}
		switch {
		case o.Direction() == bidi.RightToLeft:
			r.level = 1
		case rtl:
			r.level = 2
		case i > 0:
			// A number after Arabic is a part of it, at level 2; the words after
			// it are not.
			if n := r.from + number(runes[r.from:r.to]); n > r.from {
				out = append(out, run{from: r.from, to: n, level: 2})
				r.from = n
			}
		}
		if r.from < r.to {
			out = append(out, r)
		}
	}
	return out
}

// number returns how many runes at the start of a text belong to a number, as
// rules W4 and W5 see it: digits, one separator between two, signs beside them.
func number(runes []rune) int {
	end, separated := 0, false
	for i, r := range runes {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.EN, bidi.AN:
			end, separated = i+1, false
		case bidi.ET:
			if end == i {
				end = i + 1
			}
		case bidi.ES, bidi.CS:
			if separated || end != i {
				return end
			}
			separated = true
		case bidi.NSM, bidi.BN:
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
	top := 0
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

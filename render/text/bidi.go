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

// What stands between one of the first three and the last runs by itself,
// whatever stands around it: a name of another script, a number with its sign.
const (
	leftToRightIsolate = '\u2066'
	rightToLeftIsolate = '\u2067'
	firstStrongIsolate = '\u2068'
	popIsolate         = '\u2069'
)

func opensIsolate(r rune) bool { return leftToRightIsolate <= r && r <= firstStrongIsolate }

// isolateEnd returns where the isolate that opens at i closes, or the end of
// the text if it does not.
func isolateEnd(runes []rune, i int) int {
	depth := 0
	for ; i < len(runes); i++ {
		switch {
		case opensIsolate(runes[i]):
			depth++
		case runes[i] == popIsolate:
			depth--
		}
		if depth == 0 {
			return i
		}
	}
	return i
}

// startsRTL reports whether the first letter outside isolates, or a mark before
// it, is one that runs right to left.
func startsRTL(runes []rune) bool {
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if opensIsolate(r) {
			i = isolateEnd(runes, i)
			continue
		}
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

// levels cuts a text into stretches of one embedding level. What is isolated is
// nothing but a sign to what stands around it, and a text of its own inside.
func levels(runes []rune, rtl bool) []run {
	around := runes
	type span struct{ from, to int } // between the two marks
	var inside []span
	for i := 0; i < len(runes); i++ {
		if !opensIsolate(runes[i]) && runes[i] != popIsolate {
			continue
		}
		if &around[0] == &runes[0] {
			around = slices.Clone(runes)
		}
		end := i
		if opensIsolate(runes[i]) {
			end = isolateEnd(runes, i)
			inside = append(inside, span{i + 1, end})
		}
		for k := i; k <= end && k < len(runes); k++ {
			around[k] = neutral
		}
		i = end
	}
	out := flat(around, rtl)
	for _, s := range inside {
		if s.from >= s.to {
			continue
		}
		within := runes[s.from:s.to]
		mark := runes[s.from-1]
		right := mark == rightToLeftIsolate || mark == firstStrongIsolate && startsRTL(within)
		// The next level that runs this way and is higher than the paragraph's: 2
		// or 1 on 0, 2 or 3 on 1. The inner text counts from 0 or 1 itself.
		up := 2
		if right && !rtl {
			up = 0
		}
		in := levels(within, right)
		for i := range in {
			in[i].from, in[i].to, in[i].level = in[i].from+s.from, in[i].to+s.from, in[i].level+up
		}
		out = insert(out, in, s.from, s.to)
	}
	return out
}

// neutral is a sign without a direction of its own.
const neutral = '\uFFFC'

// insert puts the runs of what stands between from and to in place of what out
// has there.
func insert(out, in []run, from, to int) []run {
	var all []run
	for _, r := range out {
		if r.from < from {
			all = append(all, run{from: r.from, to: min(r.to, from), level: r.level})
		}
		if r.from <= from && from < r.to {
			all = append(all, in...)
		}
		if r.to > to {
			all = append(all, run{from: max(r.from, to), to: r.to, level: r.level})
		}
	}
	return all
}

// flat is [levels] of a text without isolates. x/text tells only which way a
// stretch runs, and joins neighbours that run the same way; without explicit
// embeddings, which [tidy] takes out, the levels follow from that.
func flat(runes []rune, rtl bool) []run {
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

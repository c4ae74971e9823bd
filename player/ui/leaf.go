package ui

import (
	"strings"
	"unicode/utf8"

	"tavle/player/ui/look"
	"tavle/render/layout"
)

// How much of a text stands on one page, and how long a line is.
const (
	leafWords = 60
	lineRunes = 45
)

// A leaf is as much of a text as is read at once: its paragraphs, each in lines.
type leafText [][]run

// reading is the type of text that is read from beginning to end.
func (c *canvas) reading() look.Type {
	t := c.ty.Body.At(c.of(42, 40, 24))
	t.Line = 1.4
	return t
}

// paragraphGap is what lies between two paragraphs, of the size of the letters.
const paragraphGap = .75

// leaves breaks a text into leaves of at most [leafWords] words that fit into
// w × h. A leaf ends where a sentence does, unless one sentence alone is too
// much.
func (c *canvas) leaves(s string, t look.Type, w, h float32) []leafText {
	w = c.measure(s, t, w)
	var out []leafText
	var on []string // paragraphs of the leaf that is being filled
	words := 0
	set := func(paragraphs []string) (leafText, float32) {
		var leaf leafText
		high := float32(0)
		for i, p := range paragraphs {
			lines := c.wrap(p, t, w, 40)
			leaf = append(leaf, lines)
			high += float32(len(lines)) * t.Size * t.Line
			if i > 0 {
				high += paragraphGap * t.Size
			}
		}
		return leaf, high
	}
	turn := func() {
		if len(on) > 0 {
			leaf, _ := set(on)
			out = append(out, leaf)
		}
		on, words = nil, 0
	}
	for paragraph := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(paragraph) == "" {
			continue
		}
		begun := false
		for _, sentence := range sentences(paragraph) {
			n := len(strings.Fields(sentence))
			next := append(append([]string{}, on...), sentence)
			if begun {
				next = append(append([]string{}, on[:len(on)-1]...), on[len(on)-1]+" "+sentence)
			}
			if _, high := set(next); len(on) > 0 && (words+n > leafWords || high > h) {
				turn()
				next = []string{sentence}
			}
			on, words, begun = next, words+n, true
		}
	}
	turn()
	return out
}

// sentences breaks a paragraph after every full stop.
func sentences(s string) (out []string) {
	begin := 0
	for i, r := range s {
		next := i + utf8.RuneLen(r)
		if strings.ContainsRune(".!?؟።", r) && (next >= len(s) || s[next] == ' ') {
			out = append(out, strings.TrimSpace(s[begin:next]))
			begin = next
		}
	}
	if rest := strings.TrimSpace(s[begin:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

// measure returns how wide lines may be: w, or less, so that none has more than
// [lineRunes] letters.
func (c *canvas) measure(s string, t look.Type, w float32) float32 {
	for range 20 {
		longest := 0
		for paragraph := range strings.SplitSeq(s, "\n") {
			for _, l := range c.wrap(paragraph, t, w, 200) {
				longest = max(longest, utf8.RuneCountInString(strings.TrimSpace(l.line.Text)))
			}
		}
		if longest <= lineRunes {
			return w
		}
		w *= .95
	}
	return w
}

// leaf draws one leaf from the top of r on.
func (c *canvas) leaf(r layout.Rect, leaves []leafText, at int) {
	if len(leaves) == 0 {
		return
	}
	t := c.reading()
	y := r.Y
	for _, lines := range leaves[max(0, min(at, len(leaves)-1))] {
		y = c.paragraph(lines, t, r.X, y, start, c.Ink) + paragraphGap*t.Size
	}
}

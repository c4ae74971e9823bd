package text

import (
	"strings"
	"unsafe"

	"github.com/go-text/typesetting/language"

	"tavle/render"
)

const ellipsis = "…"

type wrapKey struct {
	lineKey
	width, maxLines int
}

type wrapped struct {
	lines []*render.Line
	cut   bool
}

// Wrap sets s on lines at most width pixels wide, broken where Unicode allows
// it (UAX 14), at soft hyphens, or, hyphenated, inside a word that is longer
// than a line.
// With more than maxLines lines the last one ends in an ellipsis, and cut is
// true; 0 or less is as many as it takes. Only a single letter wider than width
// makes a line wider than that. The lines are not to be changed.
func (e *Engine) Wrap(s string, st Style, lang string, width, maxLines int) (lines []*render.Line, cut bool) {
	st = st.clean()
	k := wrapKey{lineKey{s, st, lang, byContent}, width, max(0, maxLines)}
	if w, ok := e.wraps.Get(k); ok {
		return w.lines, w.cut
	}
	w := e.wrap(k)
	cost := len(s) + 100
	for _, l := range w.lines {
		cost += 8 + int(unsafe.Sizeof(*l)) + 32*len(l.Glyphs)
	}
	e.wraps.Add(k, w, cost)
	return w.lines, w.cut
}

// A breaker knows where a text can be broken and how wide its parts are.
type breaker struct {
	e     *Engine
	k     wrapKey
	runes []rune
	start []bool // of a grapheme
	upTo  []int  // width of everything before a rune, in 64ths of a pixel
	may   []bool // a line may end before a rune
	must  []bool
	dir   direction
}

func (e *Engine) wrap(k wrapKey) wrapped {
	sh := e.shape(k.text, k.style, k.lang, byContent)
	b := breaker{
		e: e, k: k, runes: sh.runes, start: sh.start, dir: leftToRight,
		upTo: make([]int, len(sh.runes)+1),
		may:  make([]bool, len(sh.runes)+1),
		must: make([]bool, len(sh.runes)+1),
	}
	if sh.rtl {
		b.dir = rightToLeft
	}
	track := k.style.em(float64(k.style.Tracking))
	for i := range sh.glyphs {
		g := &sh.glyphs[i]
		b.upTo[g.rune+1] += k.style.em(g.advance)
		if g.tracked {
			b.upTo[g.rune+1] += track
		}
	}
	for i := range sh.runes {
		b.upTo[i+1] += b.upTo[i]
		b.must[i+1] = sh.hard[i]
	}
	e.breaks.Init(sh.runes)
	for it := e.breaks.LineIterator(); it.Next(); {
		l := it.Line()
		b.may[l.Offset+len(l.Text)] = true
	}
	return b.all()
}

// all breaks the whole text.
func (b *breaker) all() wrapped {
	var w wrapped
	for from := 0; from < len(b.runes); {
		if b.k.maxLines > 0 && len(w.lines) == b.k.maxLines-1 {
			l, cut := b.last(from)
			w.lines, w.cut = append(w.lines, l), cut
			return w
		}
		l, to := b.next(from)
		w.lines = append(w.lines, l)
		from = to
	}
	if len(w.lines) == 0 {
		w.lines = append(w.lines, b.line(""))
	}
	return w
}

// next returns the line that begins at from, and where the one after it does.
func (b *breaker) next(from int) (*render.Line, int) {
	best := from
	for to := from + 1; to <= len(b.runes); to++ {
		if b.may[to] || b.must[to] {
			if toPixels(b.widthOf(from, to)) > b.k.width {
				break
			}
			best = to
			if b.must[to] {
				break
			}
		}
	}
	// What was added up and what is shaped by itself can differ by a kern.
	for to := best; to > from; to-- {
		if s := b.text(from, to); (b.may[to] || b.must[to]) && b.fits(s) {
			return b.line(s), b.skipSpace(to)
		}
	}
	return b.split(from)
}

// few letters on either side of a break inside a word are too few to read.
const few = 3

// split returns as much of a word as goes on a line by itself, with a hyphen
// where hyphens are used; at least one grapheme.
func (b *breaker) split(from int) (*render.Line, int) {
	word := from + 1
	for word < len(b.runes) && !b.may[word] && !b.must[word] {
		word++
	}
	first := b.graphemeEnd(from)
	to := first
	for end := first; end < word && toPixels(b.widthOf(from, end)) <= b.k.width; end = b.graphemeEnd(end) {
		to = end
	}
	if to-from >= 2*few {
		to = min(to, word-few)
	}
	for ; to > first; to-- {
		if s := b.hyphenated(from, to); b.start[to] && b.fits(s) {
			return b.line(s), to
		}
	}
	return b.line(b.text(from, first)), b.skipSpace(first)
}

// hyphenated returns the runes from up to to with a hyphen if a word goes on
// after them that hyphens are put into.
func (b *breaker) hyphenated(from, to int) string {
	s := b.text(from, to)
	if hyphens(b.runes[to-1]) && hyphens(b.runes[to]) {
		return s + "-"
	}
	return s
}

// hyphens reports whether r is a letter of a script that has hyphens.
func hyphens(r rune) bool {
	switch language.LookupScript(r) {
	case language.Latin, language.Cyrillic, language.Greek:
		return true
	}
	return false
}

// graphemeEnd returns where the grapheme that begins at i ends.
func (b *breaker) graphemeEnd(i int) int {
	for i++; i < len(b.runes) && !b.start[i]; i++ {
	}
	return i
}

// last returns the line for all that is left: whole if it fits, or as much of
// it as fits before an ellipsis.
func (b *breaker) last(from int) (l *render.Line, cut bool) {
	end := from + 1
	for end < len(b.runes) && !b.must[end] {
		end++
	}
	if end == len(b.runes) {
		if s := b.text(from, end); b.fits(s) {
			return b.line(s), false
		}
	}
	dots := b.shape(ellipsis).width(b.k.style)
	to := end
	for to > from && toPixels(b.widthOf(from, to)+dots) > b.k.width {
		to--
	}
	for ; to > from; to-- {
		if to < len(b.runes) && !b.start[to] {
			continue
		}
		if s := b.cutText(from, to); b.fits(s) {
			return b.line(s), true
		}
	}
	return b.line(ellipsis), true
}

// widthOf returns the width of the runes from up to to, spaces at the end left
// out, in 64ths of a pixel; a soft hyphen at the end counts as a hyphen.
func (b *breaker) widthOf(from, to int) int {
	for to > from && b.runes[to-1] == ' ' {
		to--
	}
	w := b.upTo[to] - b.upTo[from]
	if to > from && b.runes[to-1] == softHyphen {
		w += b.shape("-").width(b.k.style)
	}
	return w
}

// text returns the runes from up to to as a line shows them.
func (b *breaker) text(from, to int) string {
	s := opened(b.runes[:from]) + strings.TrimRight(string(b.runes[from:to]), " ")
	if head, ok := strings.CutSuffix(s, string(softHyphen)); ok && to < len(b.runes) {
		return head + "-"
	}
	return s
}

// cutText returns the runes from up to to with an ellipsis in place of what
// leads on.
func (b *breaker) cutText(from, to int) string {
	return opened(b.runes[:from]) + strings.TrimRight(string(b.runes[from:to]), " ,;:-–"+string(softHyphen)) + ellipsis
}

// opened returns the marks of the isolates that are still open after a text:
// they go on on the next line.
func opened(before []rune) string {
	var open []rune
	for _, r := range before {
		switch {
		case opensIsolate(r):
			open = append(open, r)
		case r == popIsolate && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	return string(open)
}

// skipSpace returns where the next line begins.
func (b *breaker) skipSpace(at int) int {
	for at < len(b.runes) && b.runes[at] == ' ' {
		at++
	}
	return at
}

// fits reports whether s is narrow enough for one line.
func (b *breaker) fits(s string) bool { return toPixels(b.shape(s).width(b.k.style)) <= b.k.width }

func (b *breaker) shape(s string) *shaped { return b.e.shape(s, b.k.style, b.k.lang, b.direction(s)) }

func (b *breaker) line(s string) *render.Line {
	return b.e.line(s, b.k.style, b.k.lang, b.direction(s))
}

// direction returns that of the whole text, for one line of it.
func (b *breaker) direction(s string) direction {
	if (b.dir == rightToLeft) == startsRTL([]rune(s)) {
		return byContent // is the same, and shares the line with [Engine.Line]
	}
	return b.dir
}

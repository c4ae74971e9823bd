package text

import (
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/segmenter"
)

// Initial returns the first letter or digit of s with every mark that belongs to
// it: the first grapheme cluster, as people see it, that can be read. Of a name
// that is all emoji nothing is left.
func Initial(s string) string {
	if r, n := utf8.DecodeRuneInString(s); r < 0x300 && unicode.IsLetter(r) {
		if next, _ := utf8.DecodeRuneInString(s[n:]); next < 0x300 {
			return s[:n] // most names
		}
	}
	var seg segmenter.Segmenter
	seg.Init(tidy(s))
	for it := seg.GraphemeIterator(); it.Next(); {
		if g := it.Grapheme().Text; readable(g) {
			return string(g)
		}
	}
	return ""
}

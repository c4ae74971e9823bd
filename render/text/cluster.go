package text

import "github.com/go-text/typesetting/segmenter"

// Initial returns the first letter of s with every mark that belongs to it: the
// first grapheme cluster, as people see it.
func Initial(s string) string {
	if s == "" {
		return ""
	}
	var seg segmenter.Segmenter
	seg.Init([]rune(s))
	it := seg.GraphemeIterator()
	if !it.Next() {
		return ""
	}
	return string(it.Grapheme().Text)
}

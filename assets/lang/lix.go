package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// LIX is how hard sentences are to read: words a sentence, and of a hundred words
// those of more than six letters. Below 30 is what children's books have; Arabic has
// no such measure. What stands in braces is no long word.
func LIX(sentences []string) float64 {
	words, long := 0, 0
	for _, s := range sentences {
		for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '{' && r != '}' }) {
			words++
			if utf8.RuneCountInString(w) > 6 && w[0] != '{' {
				long++
			}
		}
	}
	if words == 0 {
		return 0
	}
	return float64(words)/float64(len(sentences)) + 100*float64(long)/float64(words)
}

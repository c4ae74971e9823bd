package lang

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Word is a word or a name as it is written, and as it sounds to those who speak a
// language.
type Word struct {
	Lang            string // "": any whose letters Spoken is in
	Written, Spoken string
}

// scripts are the letters of languages that are not written in Latin ones.
var scripts = map[string]*unicode.RangeTable{
	"am": unicode.Ethiopic, "ar": unicode.Arabic, "bg": unicode.Cyrillic, "el": unicode.Greek, "fa": unicode.Arabic,
	"he": unicode.Hebrew, "hi": unicode.Devanagari, "ps": unicode.Arabic, "ru": unicode.Cyrillic, "ta": unicode.Tamil,
	"th": unicode.Thai, "ti": unicode.Ethiopic, "uk": unicode.Cyrillic, "ur": unicode.Arabic,
}

// Respell returns a text as a voice of a language gets it right: with these words as
// they sound. A sound in letters that the voice does not read is of no use to it, and
// the word is left as it is written. Capitals count where the language is not given,
// as it is not of a name: what somebody is called may be the word for a thing, too.
func Respell(s, tag string, words []Word) string {
	letters := cmp.Or(scripts[tag], unicode.Latin)
	words = slices.DeleteFunc(slices.Clone(words), func(w Word) bool {
		return w.Written == "" || w.Lang != "" && w.Lang != tag || !strings.ContainsFunc(w.Spoken, func(r rune) bool { return unicode.Is(letters, r) })
	})
	if len(words) == 0 {
		return s
	}
	slices.SortStableFunc(words, func(a, b Word) int { return len(b.Written) - len(a.Written) })
	var out strings.Builder
	before := rune(' ')
	for s != "" {
		if w, ok := wordAt(s, words); ok && !inWord(before) {
			out.WriteString(w.Spoken)
			s = s[len(w.Written):]
			before, _ = utf8.DecodeLastRuneInString(w.Written)
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		out.WriteString(s[:n])
		s, before = s[n:], r
	}
	return out.String()
}

// wordAt returns the longest word that s begins with. It may have the s of a genitive.
func wordAt(s string, words []Word) (Word, bool) {
	for _, w := range words {
		n := len(w.Written)
		if len(s) < n || s[:n] != w.Written && (w.Lang == "" || !strings.EqualFold(s[:n], w.Written)) {
			continue
		}
		if rest := s[n:]; ends(rest) || strings.HasPrefix(rest, "s") && ends(rest[1:]) {
			return w, true
		}
	}
	return Word{}, false
}

// ends reports whether a word ends where rest begins.
func ends(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !inWord(r)
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) }

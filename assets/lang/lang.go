// Package lang is the words of the wall in every language it speaks, and how
// each language writes times, dates and days. It is pure; the words are
// embedded. A word that is missing in one language is a test failure, not a
// surprise on a wall.
package lang

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed *.json
var files embed.FS

// Tags lists the languages there are words for. Those of "ar" show what a wall is
// like that is read from the right; they wait for a reader who grew up with them.
var Tags = []string{"da", "nb", "nn", "sv", "en", "ar"}

// Words is one language.
type Words struct {
	Tag   string
	words map[string]string
}

// Load returns the words of the language with that tag.
func Load(tag string) (*Words, error) {
	b, err := files.ReadFile(tag + ".json")
	if err != nil {
		return nil, fmt.Errorf("language %q: there are words for %s", tag, strings.Join(Tags, ", "))
	}
	w := &Words{Tag: tag}
	if err := json.Unmarshal(b, &w.words); err != nil {
		return nil, fmt.Errorf("language %q: %w", tag, err)
	}
	return w, nil
}

// Must returns the words of a language of [Tags].
func Must(tag string) *Words {
	w, err := Load(tag)
	if err != nil {
		panic("lang: " + err.Error())
	}
	return w
}

// RTL reports whether the language is written from right to left; the whole wall
// is mirrored then.
func (w *Words) RTL() bool { return w.Tag == "ar" }

// T returns the words for key, with each {placeholder} replaced by the value
// that follows its name in args. A key nobody wrote words for is returned as it
// is: ugly, but the wall goes on; a test finds it first.
func (w *Words) T(key string, args ...any) string {
	s, ok := w.words[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return s
	}
	if w.RTL() {
		s = rightToLeftMark + s // it may begin with a name that runs the other way
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), w.apart(fmt.Sprint(args[i+1])))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// N returns the words for n things: key with "_one" when n is 1 and there are
// such words, else key, with {n} replaced.
func (w *Words) N(key string, n int) string {
	if n == 1 {
		if s, ok := w.words[key+"_one"]; ok {
			return s
		}
	}
	return w.T(key, "n", n)
}

// Line returns facts one after the other with a dot between two, in the order
// the language is read in: "Banko · I dag".
func (w *Words) Line(facts ...string) string {
	if w.RTL() && len(facts) > 0 {
		facts = slices.Clone(facts)
		for i, f := range facts {
			facts[i] = w.apart(f)
		}
		facts[0] = rightToLeftMark + facts[0]
	}
	return strings.Join(facts, " · ")
}

// apart isolates a value that runs another way than the words around it, so that
// it stays in one piece and does not turn what stands beside it: a name in other
// letters, and among Arabic ones a number with a sign.
func (w *Words) apart(s string) string {
	other := rightToLeft
	if w.RTL() {
		other = func(r rune) bool {
			return unicode.IsLetter(r) && !rightToLeft(r) || strings.ContainsRune("+-−–", r)
		}
	}
	if !strings.ContainsFunc(s, other) {
		return s
	}
	return isolate + s + endOfIsolate
}

func rightToLeft(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Hebrew) }

// Has reports whether there are words for key.
func (w *Words) Has(key string) bool { return w.words[key] != "" }

// rightToLeftMark says which way a sentence runs, whatever its first letter.
const rightToLeftMark = "\u200F"

// What stands between these runs by itself, the way its first letter says.
const isolate, endOfIsolate = "\u2068", "\u2069"

// Small returns s with its first letter in lower case.
func Small(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

// Capital returns s with its first letter in upper case.
func Capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

package config

import (
	"fmt"
	"slices"
)

// A spot is where a value was chosen.
type spot struct {
	where string
	line  int
}

// findings collects what is wrong, and where each key was chosen.
type findings struct {
	mistakes Mistakes
	places   map[string]spot
	wrong    map[string]bool // keys whose value cannot be relied upon
	partial  bool            // there may be keys in the file that were not seen
}

// settle notes that a key was chosen, and what is wrong with the choice.
func (f *findings) settle(k Key, at spot, bad problem) {
	f.places[k.Path] = at
	if bad.what != "" {
		f.add(Mistake{Kind: bad.kind, Where: at.where, Line: at.line, Key: k.Path, What: bad.what, Allowed: k.Allowed})
	}
}

// together notes that the first of these keys does not go with the others,
// unless one of them is wrong already.
func (f *findings) together(what string, keys ...string) {
	for _, k := range keys {
		if f.wrong[k] {
			return
		}
	}
	at := spot{where: "configuration"}
	for _, k := range keys {
		if p, chosen := f.places[k]; chosen {
			at = p
			break
		}
	}
	f.add(Mistake{Kind: Together, Where: at.where, Line: at.line, Key: keys[0], What: what})
}

// pair notes that one of two keys that go together is missing.
func (f *findings) pair(a string, chosenA bool, b string, chosenB bool) {
	switch {
	case chosenA && !chosenB:
		f.together("is missing; it goes together with "+a, b, a)
	case chosenB && !chosenA:
		f.together("is missing; it goes together with "+b, a, b)
	}
}

// MaxMistakes is how many mistakes are listed; one more line says that there are
// more.
const MaxMistakes = 50

func (f *findings) add(m Mistake) {
	f.wrong[m.Key] = true
	switch m.Kind {
	case Unreadable, Syntax, Duplicate:
		f.partial = true
	}
	f.mistakes = append(f.mistakes, m)
}

// sorted returns the mistakes in the order somebody mends them: the file's from
// top to bottom, then the others.
func (f *findings) sorted() Mistakes {
	slices.SortStableFunc(f.mistakes, func(a, b Mistake) int { return order(a) - order(b) })
	if n := len(f.mistakes); n > MaxMistakes {
		m := f.mistakes[MaxMistakes-1]
		return append(f.mistakes[:MaxMistakes], Mistake{Kind: m.Kind, Where: m.Where, What: fmt.Sprintf("and %d more mistakes", n-MaxMistakes)})
	}
	return f.mistakes
}

func order(m Mistake) int {
	switch {
	case m.Kind == Unreadable:
		return 0
	case m.Line == 0:
		return MaxFile
	}
	return m.Line
}

package config

import (
	"fmt"
	"strings"
)

// A Kind says what sort of mistake it is, for a screen that explains mistakes in
// its own language.
type Kind int

// The kinds of mistakes.
const (
	Unreadable Kind = iota // the file cannot be read, or is no text
	Syntax                 // the line is not TOML
	Unknown                // no such key
	Duplicate              // the key, or an item of a list, stands twice
	WrongType              // a text where a number belongs, and so on
	NotAllowed             // the right type, out of bounds
	NoFile                 // it names a file that is not there, or not fit
	Together               // it does not go with another key
)

// A Mistake is one thing that is wrong with a configuration.
type Mistake struct {
	Kind    Kind
	Where   string // the file; for the others "environment" or "flags"
	Line    int    // in the file, from 1; 0: all of it, or no file
	Key     string // such as "lease.mask_hours"; "" when it is no single key
	What    string // what is wrong
	Allowed string // what is allowed; "" when What says it
	Meant   string // the key that was probably meant; "" when there is none
}

// Error returns "player.toml:12: rotation: 45 is not allowed; allowed: …".
func (m Mistake) Error() string {
	var b strings.Builder
	b.WriteString(m.Where)
	if m.Line > 0 {
		fmt.Fprintf(&b, ":%d", m.Line)
	}
	if m.Key != "" {
		b.WriteString(": " + m.Key)
	}
	b.WriteString(": " + m.What)
	switch {
	case m.Meant == "":
	case strings.Contains(m.Key, ".") && !strings.Contains(m.Meant, "."):
		fmt.Fprintf(&b, "; did you mean %s, which stands above all tables?", m.Meant)
	default:
		fmt.Fprintf(&b, "; did you mean %s?", m.Meant)
	}
	if m.Allowed != "" {
		b.WriteString("; allowed: " + m.Allowed)
	}
	return b.String()
}

// Mistakes is everything that is wrong with a configuration: the file's by line,
// then the environment's and the flags'. It is never empty when it is an error.
type Mistakes []Mistake

// Error returns one line for each mistake.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the mistakes one by one.
func (ms Mistakes) Unwrap() []error {
	errs := make([]error, len(ms))
	for i, m := range ms {
		errs[i] = m
	}
	return errs
}

// short is a path that fits into a message.
func short(path string) string {
	if r := []rune(path); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return path
}

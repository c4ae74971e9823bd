package config

import (
	"errors"
	"fmt"

	"github.com/pelletier/go-toml/v2"
)

// A document is what a file says: a value for each key that stands in it and
// that we know, by path, and the line of everything.
type document struct {
	values map[string]any
	lines  map[string]int
}

// maxBroken is how many broken lines are looked past. Each costs another reading
// of the file, and after so many it is something else than a configuration.
const maxBroken = 20

// parse reads a file and notes what is wrong with its form: lines that are no
// TOML, tables and keys nobody knows. A broken line does not hide the mistakes
// in the others: it is left out, and what remains is read again.
func parse(name string, data []byte, tables []table, found *findings) document {
	known := index(tables)
	fail := func(kind Kind, line int, format string, args ...any) document {
		found.add(Mistake{Kind: kind, Where: name, Line: line, What: fmt.Sprintf(format, args...)})
		return document{}
	}
	if len(data) > MaxFile {
		return fail(Unreadable, 0, "is larger than %d KiB", MaxFile>>10)
	}
	text, bad := plainText(data)
	if bad > 0 {
		return fail(Unreadable, bad, "is no text; save the file as UTF-8")
	}
	for range maxBroken {
		var root map[string]any
		err := toml.Unmarshal(text, &root)
		outline := outlineOf(text)
		if err == nil {
			doc := document{values: map[string]any{}, lines: outline.lines}
			known.sort(name, root, doc, found)
			return doc
		}
		var at *toml.DecodeError
		if !errors.As(err, &at) {
			return fail(Syntax, 0, "%v", err)
		}
		line, _ := at.Position()
		first, last := outline.broken(text, line)
		found.add(known.explain(name, text, line, outline, at))
		text = without(text, first, last)
	}
	return fail(Syntax, 0, "and perhaps more mistakes; the rest was not read")
}

package config

import (
	"fmt"
	"image"
	"log/slog"
	"math"
	"strconv"
	"strings"
)

// A kind is how a value is written, in a file and in one line of text.
type kind[T any] struct {
	is    string                      // such as "a whole number"
	take  func(v any) (T, bool)       // from what TOML made of it
	parse func(text string) (T, bool) // from the environment or a flag
	write func(T) string              // as TOML
}

// as is the simplest way to take a value from a file.
func as[T any](v any) (T, bool) {
	t, ok := v.(T)
	return t, ok
}

var texts = kind[string]{
	is:    "a text in quotes",
	take:  as[string],
	parse: func(text string) (string, bool) { return text, true },
	write: quote,
}

// quote writes a text as TOML does: Go's \x and \a are not known there.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7F:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

var truths = kind[bool]{
	is:   "true or false",
	take: as[bool],
	parse: func(text string) (bool, bool) {
		return text == "true", text == "true" || text == "false"
	},
	write: strconv.FormatBool,
}

var wholes = kind[int]{
	is: "a whole number",
	take: func(v any) (int, bool) {
		n, ok := v.(int64)
		return int(n), ok && int64(int(n)) == n
	},
	parse: func(text string) (int, bool) {
		n, err := strconv.Atoi(text)
		return n, err == nil
	},
	write: strconv.Itoa,
}

var decimals = kind[float64]{
	is: "a number",
	take: func(v any) (float64, bool) {
		if n, ok := v.(int64); ok {
			return float64(n), true
		}
		return as[float64](v)
	},
	parse: func(text string) (float64, bool) {
		f, err := strconv.ParseFloat(text, 64)
		return f, err == nil
	},
	write: writeFloat,
}

// writeFloat writes whole numbers without a fraction: they are taken, too.
func writeFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return strings.ToLower(fmt.Sprint(f)) // +inf, -inf
	case f == math.Trunc(f) && math.Abs(f) < 1<<53:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// lists is a list of items of another kind. In one line its items are separated
// by commas.
func lists[T any](item kind[T], is string) kind[[]T] {
	return kind[[]T]{
		is: is,
		take: func(v any) ([]T, bool) {
			in, ok := v.([]any)
			if !ok {
				return nil, false
			}
			out := make([]T, len(in))
			for i := range in {
				if out[i], ok = item.take(in[i]); !ok {
					return nil, false
				}
			}
			return out, true
		},
		parse: func(text string) ([]T, bool) {
			out := []T{}
			if strings.TrimSpace(text) == "" {
				return out, true
			}
			for part := range strings.SplitSeq(text, ",") {
				t, ok := item.parse(strings.TrimSpace(part))
				if !ok {
					return nil, false
				}
				out = append(out, t)
			}
			return out, true
		},
		write: func(items []T) string {
			words := make([]string, len(items))
			for i, t := range items {
				words[i] = item.write(t)
			}
			return "[" + strings.Join(words, ", ") + "]"
		},
	}
}

// spelled is a kind that stands in the file as a text.
func spelled[T any](is string, parse func(text string) (T, bool), spell func(T) string) kind[T] {
	return kind[T]{
		is: is,
		take: func(v any) (T, bool) {
			s, ok := v.(string)
			if !ok {
				var zero T
				return zero, false
			}
			return parse(s)
		},
		parse: parse,
		write: func(v T) string { return quote(spell(v)) },
	}
}

// sizes are pixels, such as "1280x720"; the zero size is "".
var sizes = spelled("a size in quotes", func(text string) (p image.Point, ok bool) {
	if text == "" {
		return p, true
	}
	w, h, _ := strings.Cut(text, "x")
	if p.X, ok = wholes.parse(w); !ok {
		return p, false
	}
	p.Y, ok = wholes.parse(h)
	return p, ok && p != image.Point{}
}, func(p image.Point) string {
	if p == (image.Point{}) {
		return ""
	}
	return fmt.Sprintf("%dx%d", p.X, p.Y)
})

// levels are what is worth a line in the log.
var levels = spelled("a level in quotes", func(text string) (slog.Level, bool) {
	for _, l := range logLevels {
		if text == spellLevel(l) {
			return l, true
		}
	}
	return 0, false
}, spellLevel)

var logLevels = []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}

func spellLevel(l slog.Level) string { return strings.ToLower(l.String()) }

// describe says in plain words what stands in a file.
func describe(v any) string {
	switch v := v.(type) {
	case string:
		return "a text"
	case bool:
		return "true or false"
	case int64:
		return "a whole number"
	case float64:
		return "a number with a fraction"
	case []any:
		for _, item := range v {
			switch item.(type) {
			case []any, map[string]any:
				return "a list of lists or tables"
			}
		}
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or time"
}

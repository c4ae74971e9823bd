package config

import (
	"fmt"
	"strings"
)

// Example returns a file of which every key has its default, as comments: to be
// printed, changed and kept.
func Example[T Program]() string { return writeFile(of(Default[T]()).tables(), "#") }

// Format returns the file that says c, every key of it.
func Format[T Program](c *T) string { return writeFile(of(c).tables(), "") }

// writeFile writes tables with their values, each key after mark.
func writeFile(tables []table, mark string) string {
	var b strings.Builder
	b.WriteString("# Every key may be left out. A key that nobody knows is a mistake. A change is\n# taken up while the program runs, if it works.\n")
	for _, t := range tables {
		b.WriteByte('\n')
		if t.name != "" {
			comment(&b, t.about)
			fmt.Fprintf(&b, "[%s]\n\n", t.name)
		}
		for i, k := range t.keys {
			if i > 0 {
				b.WriteByte('\n')
			}
			comment(&b, k.About)
			comment(&b, "Allowed: "+k.Allowed+".")
			name := k.Path[strings.LastIndexByte(k.Path, '.')+1:]
			fmt.Fprintf(&b, "%s%s = %s\n", mark, name, k.written())
		}
	}
	return b.String()
}

// comment writes text as comments of at most 80 columns.
func comment(b *strings.Builder, text string) {
	width := 0
	for word := range strings.FieldsSeq(text) {
		switch n := len([]rune(word)); {
		case width == 0:
			b.WriteString("# " + word)
			width = 2 + n
		case width+1+n > 80:
			b.WriteString("\n# " + word)
			width = 2 + n
		default:
			b.WriteString(" " + word)
			width += 1 + n
		}
	}
	b.WriteByte('\n')
}

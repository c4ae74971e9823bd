package config

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// An outline is where things stand in a file, as far as it can be read.
type outline struct {
	lines   map[string]int // of each key and table, where it stands first
	spans   [][2]int       // first and last line of each expression
	tables  []heading
	reached int   // the line after the last expression
	breaks  []int // where each line but the first begins, as offsets
}

type heading struct {
	path string
	line int
}

// outlineOf reads text up to the first line that is no TOML.
func outlineOf(text []byte) outline {
	o := outline{lines: map[string]int{}, reached: 1}
	for i, c := range text {
		if c == '\n' {
			o.breaks = append(o.breaks, i+1)
		}
	}
	var p unstable.Parser
	p.Reset(text)
	under := ""
	for p.NextExpression() {
		e := p.Expression()
		path, first, last := o.key(e.Key())
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			under = path
			o.tables = append(o.tables, heading{path, first})
			o.note(path, first)
		case unstable.KeyValue:
			last = o.lineAt(e.Raw.Offset + e.Raw.Length)
			o.noteValue(e, join(under, path), first)
		}
		o.spans = append(o.spans, [2]int{first, last})
		o.reached = last + 1
	}
	return o
}

func (o *outline) note(path string, line int) {
	if _, ok := o.lines[path]; !ok {
		o.lines[path] = line
	}
}

// noteValue notes a key, and the keys inside when its value is a table.
func (o *outline) noteValue(e *unstable.Node, path string, line int) {
	o.note(path, line)
	if e.Value().Kind != unstable.InlineTable {
		return
	}
	for it := e.Value().Children(); it.Next(); {
		inner, first, _ := o.key(it.Node().Key())
		o.noteValue(it.Node(), join(path, inner), first)
	}
}

// key spells a key, and returns the first and last line it stands in.
func (o *outline) key(parts unstable.Iterator) (path string, first, last int) {
	var words []string
	for parts.Next() {
		n := parts.Node()
		words = append(words, spell(string(n.Data)))
		last = o.lineAt(n.Raw.Offset)
		if first == 0 {
			first = last
		}
	}
	return strings.Join(words, "."), first, last
}

// lineAt returns the line of an offset. (The parser's own answer counts from the
// beginning of the file each time.)
func (o *outline) lineAt(offset uint32) int {
	n, _ := slices.BinarySearch(o.breaks, int(offset)+1)
	return n + 1
}

// broken returns the lines to leave out so that the rest can be read, when
// reading stopped in the given one.
func (o *outline) broken(text []byte, line int) (first, last int) {
	lines := bytes.Split(text, []byte("\n"))
	first, last = line, line
	for _, s := range o.spans { // it was read, and yet is wrong: it stands twice
		if s[0] <= line && line <= s[1] {
			first, last = s[0], s[1]
		}
	}
	if line >= o.reached { // it began after what could be read
		for first = o.reached; first < line && blank(lines[first-1]); first++ {
		}
		if first < line && begins.Match(lines[line-1]) {
			last = line - 1 // something was not closed; this line is not to blame
		}
	}
	// Keys under a heading that is left out would seem to stand under another.
	if header.Match(lines[first-1]) {
		for last < len(lines) && !header.Match(lines[last]) {
			last++
		}
	}
	return first, last
}

var (
	header = regexp.MustCompile(`^[ \t]*\[`)
	begins = regexp.MustCompile(`^[ \t]*(\[|[A-Za-z0-9_.-]+[ \t]*=)`)
)

func blank(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || line[0] == '#'
}

// without returns text with these lines emptied, so that the others keep their
// numbers.
func without(text []byte, first, last int) []byte {
	lines := bytes.Split(text, []byte("\n"))
	for i := first - 1; i < last && i < len(lines); i++ {
		lines[i] = nil
	}
	return bytes.Join(lines, []byte("\n"))
}

// join returns the path of a key in a table.
func join(under, name string) string {
	if under == "" {
		return name
	}
	return under + "." + name
}

var bare = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// spell writes a part of a path so that it cannot be taken for several.
func spell(part string) string {
	if bare.MatchString(part) {
		return part
	}
	return strconv.Quote(part)
}

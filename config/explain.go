package config

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// explain says in plain words why a line cannot be read. Where the line is about
// a key we know, it also says what is allowed there.
func (c catalogue) explain(name string, text []byte, line int, o outline, err *toml.DecodeError) Mistake {
	stopped := string(bytes.Split(text, []byte("\n"))[line-1])
	first, _ := o.broken(text, line)
	begun := string(bytes.Split(text, []byte("\n"))[first-1])
	m := Mistake{Kind: Syntax, Where: name, Line: line}
	said := strings.TrimPrefix(err.Error(), "toml: ")

	if strings.Contains(said, "already") {
		return c.twice(m, o, err)
	}
	if k, ok := c.keys[o.keyIn(begun, line)]; ok {
		m.Key, m.Allowed = k.Path, k.Allowed
	}
	m.What = plainly(said, stopped)
	if first != line {
		m.Line = first
		m.What += fmt.Sprintf("; it was noticed in line %d", line)
	}
	return m
}

// twice explains that something stands in the file for the second time.
func (c catalogue) twice(m Mistake, o outline, err *toml.DecodeError) Mistake {
	m.Kind = Duplicate
	under := ""
	for _, h := range o.tables {
		if h.line < m.Line {
			under = h.path
		}
	}
	path := ""
	for _, part := range err.Key() {
		path = join(path, spell(part))
	}
	isTable := slices.ContainsFunc(o.tables, func(h heading) bool { return h.line == m.Line })
	if !isTable {
		path = join(under, path)
	}
	m.Key = short(path)
	m.What = "stands twice"
	if at, ok := o.lines[path]; ok && at != m.Line {
		m.What = fmt.Sprintf("stands twice; it was first in line %d", at)
	}
	if isTable {
		m.What += "; all keys of a table stand under one heading"
	}
	return m
}

// keyIn returns the path of the key that a line begins, or "".
func (o outline) keyIn(text string, line int) string {
	name, _, ok := strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	if !ok || strings.ContainsAny(name, " \t\"'[") {
		return ""
	}
	under := ""
	for _, h := range o.tables {
		if h.line < line {
			under = h.path
		}
	}
	return join(under, name)
}

var (
	noValue    = regexp.MustCompile(`=[ \t]*(#.*)?$`)
	curly      = regexp.MustCompile("[“”„«»‘’´`]")
	truthSpelt = regexp.MustCompile(`(?i)=[ \t]*(true|false|yes|no|on|off|ja|nej|nei)[ \t]*(#.*)?$`)
	bareWord   = regexp.MustCompile(`=[ \t]*[^ \t"'\[{]+$`)
	colon      = regexp.MustCompile(`^[ \t]*[A-Za-z0-9_.-]+[ \t]*:`)
)

// plainly puts what the TOML library says about a line into words for whoever
// installs a screen. What it does not know it passes on.
func plainly(said, line string) string {
	switch {
	case curly.MatchString(line):
		return `quotes have to be straight: "`
	case strings.Contains(said, "value") && noValue.MatchString(line):
		return "there is no value after ="
	case strings.HasPrefix(said, "unexpected character") && truthSpelt.MatchString(line):
		return "yes and no are written true and false"
	case strings.HasPrefix(said, "unexpected character"), strings.HasPrefix(said, "expected newline") && bareWord.MatchString(line):
		return `the value cannot be read; a text stands in quotes, as in "text"`
	case strings.Contains(said, "cannot have new lines"), strings.Contains(said, "terminated"):
		return "a closing quote is missing"
	case strings.HasPrefix(said, "invalid escape"):
		return `a \ in a text is written \\`
	case strings.HasPrefix(said, "expected '='") && colon.MatchString(line):
		return "a key is followed by =, not by :"
	case strings.HasPrefix(said, "expected '='"):
		return "there is no = after the key"
	case strings.HasPrefix(said, "expected ',' or ']'"):
		return "a list is not closed: there is no ]"
	case strings.HasPrefix(said, "expected newline"):
		return "something stands after the value"
	}
	return said
}

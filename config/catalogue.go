package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A catalogue is what is known.
type catalogue struct {
	keys   map[string]Key
	tables map[string]bool
	paths  []string // of the keys, in order
}

func index(tables []table) catalogue {
	c := catalogue{keys: map[string]Key{}, tables: map[string]bool{}}
	for _, t := range tables {
		c.tables[t.name] = true
		for _, k := range t.keys {
			c.keys[k.Path] = k
			c.paths = append(c.paths, k.Path)
		}
	}
	return c
}

// maxDepth is how deep unknown tables are looked into; ours are one deep.
const maxDepth = 8

// sort puts the values of known keys into doc, and notes the others.
func (c catalogue) sort(name string, root map[string]any, doc document, found *findings) {
	wrong := func(kind Kind, path, what string) {
		found.add(Mistake{Kind: kind, Where: name, Line: doc.lines[path], Key: path, What: what})
	}
	var walk func(under string, m map[string]any, depth int)
	walk = func(under string, m map[string]any, depth int) {
		for _, part := range slices.Sorted(maps.Keys(m)) {
			path := join(under, spell(part))
			inner, isTable := m[part].(map[string]any)
			_, isKey := c.keys[path]
			switch {
			case isKey:
				doc.values[path] = m[part]
			case isTable && c.tables[path]:
				walk(path, inner, depth+1)
			case c.tables[path]:
				wrong(WrongType, path, fmt.Sprintf("is %s, not a table; write [%s] in a line, and its keys below", describe(m[part]), path))
			case isTable && len(inner) > 0 && depth < maxDepth:
				walk(path, inner, depth+1)
			default:
				c.unknown(name, path, doc.lines[path], isTable, found)
			}
		}
	}
	walk("", root, 0)
}

// unknown notes a key or a table that we do not know.
func (c catalogue) unknown(name, path string, line int, isTable bool, found *findings) {
	m := Mistake{Kind: Unknown, Where: name, Line: line, Key: short(path), What: "there is no such key"}
	candidates := c.paths
	if isTable {
		m.What = "there is no such table"
		candidates = slices.Sorted(maps.Keys(c.tables))
	}
	if m.Meant = meant(path, candidates); m.Meant == "" {
		m.Allowed = c.beside(path, isTable)
	}
	found.add(m)
}

// beside lists what could stand where an unknown key stands.
func (c catalogue) beside(path string, isTable bool) string {
	under := ""
	for t := range c.tables {
		if strings.HasPrefix(path, t+".") {
			under = t
		}
	}
	var words []string
	if !isTable {
		for _, p := range c.paths {
			if i := strings.LastIndexByte(p, '.'); p[:max(i, 0)] == under {
				words = append(words, p[i+1:])
			}
		}
	}
	if under == "" {
		for _, t := range slices.Sorted(maps.Keys(c.tables)) {
			if t != "" {
				words = append(words, "["+t+"]")
			}
		}
	}
	return list(words)
}

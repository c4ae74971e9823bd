package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Bounds of a file. A municipality of 1,000 people with a year of content is
// about 20 MB.
const (
	MaxFile  = 64 << 20 // bytes
	maxNodes = 8 << 20  // values
	maxDepth = 16
)

// A node is one JSON value and the line it stands on.
type node struct {
	kind byte // '{' '[' '"' '0' 't' 'f' 'n'
	line int
	text string   // of a string or number
	keys []string // of an object: one per item, not always different
	list []node   // of an object or array
}

// child returns the item of an object under key, or nil.
func (n *node) child(key string) *node {
	for i, k := range n.keys {
		if k == key {
			return &n.list[i]
		}
	}
	return nil
}

// parseNodes reads one JSON value and nothing after it. It is written by hand
// because a store reads its documents with it on every change: encoding/json's
// tokens took five times as long. Errors say where, and never what stood there:
// it may be a name.
func parseNodes(b []byte) (*node, error) {
	if !utf8.Valid(b) {
		return nil, errors.New("not UTF-8")
	}
	r := nodeReader{rest: b, line: 1}
	n, err := r.value(0)
	if r.next(); err == nil && len(r.rest) > 0 {
		err = errors.New("something follows the end")
	}
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", r.line, err)
	}
	return &n, nil
}

var (
	errNotJSON = errors.New("not JSON")
	errCut     = errors.New("the end is missing")
)

type nodeReader struct {
	rest []byte
	line int
	n    int
}

// next skips white space and returns the byte after it; at the end it returns 0,
// which no JSON begins with.
func (r *nodeReader) next() byte {
	for i, c := range r.rest {
		switch c {
		case '\n':
			r.line++
		case ' ', '\t', '\r':
		default:
			r.rest = r.rest[i:]
			return c
		}
	}
	r.rest = nil
	return 0
}

func (r *nodeReader) value(depth int) (node, error) {
	if r.n++; r.n > maxNodes {
		return node{}, fmt.Errorf("over %d values", maxNodes)
	}
	if depth > maxDepth {
		return node{}, fmt.Errorf("over %d levels deep", maxDepth)
	}
	c := r.next()
	n := node{kind: c, line: r.line}
	var err error
	switch c {
	case 0:
		err = errCut
	case '"':
		n.text, err = r.text()
	case '{', '[':
		err = r.items(&n, depth)
	default:
		err = r.bare(&n)
	}
	return n, err
}

// bare reads a number, true, false or null.
func (r *nodeReader) bare(n *node) error {
	end := bytes.IndexAny(r.rest, " \t\r\n,]}")
	if end < 0 {
		end = len(r.rest)
	}
	word := r.rest[:end]
	if !json.Valid(word) {
		return errNotJSON
	}
	r.rest = r.rest[end:]
	if c := word[0]; c == '-' || c >= '0' && c <= '9' {
		n.kind, n.text = '0', string(word)
	}
	return nil
}

// text reads a string. One without escapes, as most are, is taken as it stands.
func (r *nodeReader) text() (string, error) {
	plain := true
	for i := 1; i < len(r.rest); i++ {
		switch c := r.rest[i]; {
		case c == '\\':
			plain = false
			i++
		case c < ' ':
			return "", errNotJSON
		case c == '"' && plain:
			s := string(r.rest[1:i])
			r.rest = r.rest[i+1:]
			return s, nil
		case c == '"':
			var s string
			if json.Unmarshal(r.rest[:i+1], &s) != nil {
				return "", errNotJSON
			}
			r.rest = r.rest[i+1:]
			return s, nil
		}
	}
	return "", errCut
}

// items reads from the opening bracket of n to the closing one.
func (r *nodeReader) items(n *node, depth int) error {
	closing := n.kind + 2 // '[' and ']', '{' and '}' stand two apart
	r.rest = r.rest[1:]
	if r.next() == closing {
		r.rest = r.rest[1:]
		return nil
	}
	for {
		if n.kind == '{' {
			if err := r.key(n); err != nil {
				return err
			}
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.list = append(n.list, item)
		switch r.next() {
		case ',':
			r.rest = r.rest[1:]
		case closing:
			r.rest = r.rest[1:]
			return nil
		case 0:
			return errCut
		default:
			return errNotJSON
		}
	}
}

// key reads a member's name and the colon after it.
func (r *nodeReader) key(n *node) error {
	switch r.next() {
	case '"':
	case 0:
		return errCut
	default:
		return errNotJSON
	}
	key, err := r.text()
	if err != nil {
		return err
	}
	n.keys = append(n.keys, key)
	switch r.next() {
	case ':':
		r.rest = r.rest[1:]
		return nil
	case 0:
		return errCut
	}
	return errNotJSON
}

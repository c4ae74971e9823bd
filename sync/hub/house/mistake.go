package house

import (
	"fmt"
	"strings"
)

// A Mistake is one thing wrong with a file. It says where and what is allowed
// there, and never what stood there when that could be somebody's name.
type Mistake struct {
	Line int    // from 1; 0: the whole file
	Path string // such as "activities[3].signups[1].person"; "" when there is none
	Text string
}

// String returns "line 12: activities[3].starts: …".
func (m Mistake) String() string {
	var b strings.Builder
	if m.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", m.Line)
	}
	if m.Path != "" {
		b.WriteString(m.Path)
		b.WriteString(": ")
	}
	b.WriteString(m.Text)
	return b.String()
}

// MaxMistakes is how many mistakes are listed; one more line says that there
// are more.
const MaxMistakes = 200

// A place is a value's way from the root of a file. It lives on the stack and
// is spelled only when something is wrong there.
type place struct {
	up    *place
	key   string
	index int // of an item, when key is ""
	node  *node
}

func (p *place) String() string {
	if p == nil || p.up == nil {
		return ""
	}
	above := p.up.String()
	switch {
	case p.key == "":
		return fmt.Sprintf("%s[%d]", above, p.index)
	case above == "":
		return p.key
	}
	return above + "." + p.key
}

// mistakes collects what is wrong.
type mistakes struct {
	list []Mistake
	more bool
}

// add notes that something is wrong at p.
func (m *mistakes) add(p *place, format string, args ...any) {
	line := 0
	if p.node != nil {
		line = p.node.line
	}
	m.fault(line, p.String(), format, args...)
}

// fault notes that something is wrong at a place that is already spelled.
func (m *mistakes) fault(line int, path, format string, args ...any) {
	if len(m.list) == MaxMistakes {
		m.more = true
		return
	}
	m.list = append(m.list, Mistake{line, path, fmt.Sprintf(format, args...)})
}

// all returns what is wrong, in the order it was found.
func (m *mistakes) all() []Mistake {
	if m.more {
		return append(m.list, Mistake{Text: fmt.Sprintf("more than %d mistakes; the rest is not listed", MaxMistakes)})
	}
	return m.list
}

package ui

import (
	"cmp"
	"strings"

	"tavle/render"
)

// Whoever cannot see the focus hears it: what it comes to is said, until it goes on
// or somebody does anything else. Of a row the first in it is said, which is
// where the switch begins in it.

// byEar reports whether what the focus is on is said.
func (m Model) byEar() bool { return m.ease().Spoken && m.Sound.Voice }

// naming says what the focus has come to, and ends what was being said where it has
// gone.
func (m Model) naming(was Model, msg Msg) []Effect {
	if !m.byEar() && !was.byEar() || m.Reading.On {
		return nil
	}
	_, coming := m.Focus.On.(landing)
	switch msg.(type) {
	case Focused:
		if m.byEar() && m.Focus.On != nil && !coming && !m.hushes() {
			return []Effect{Name{m.Focus.On}}
		}
	case TouchDown, Pressed, BackPressed:
	default:
		if m.Focus.On != nil {
			return nil
		}
	}
	if was.Focus.On == nil || was.Reading.On {
		return nil
	}
	return []Effect{Silence{}}
}

// names says of what can be pressed in which language its word is, and whether that
// is for everybody's ears.
func (c *canvas) names() {
	for i := range c.frame.Targets {
		t := &c.frame.Targets[i]
		t.Lang = c.ear.langOfLabel(t.Label, c.words.Tag)
		t.Private = c.ear.private && !everyones(t.Means)
	}
}

// langOfLabel returns the language of a label: that of the longest content in it, which
// may have a time beside it, or else the wall's.
func (e *ear) langOfLabel(label, wall string) string {
	var most string
	for content := range e.langs {
		if strings.Contains(label, content) && (len(content) > len(most) || len(content) == len(most) && content < most) {
			most = content
		}
	}
	return cmp.Or(e.langs[most], wall)
}

// everyones reports whether a touch says nothing of the page it is on.
func everyones(m render.Meaning) bool {
	switch m.(type) {
	case Stay, Close, Finish:
		return true
	}
	return leads(m)
}

// MayName reports whether the word for a target may be said, as [Model.MaySay] does.
func (m Model) MayName(t *render.Target) bool {
	return !t.Private || m.Headphones || m.Manner.Aloud
}

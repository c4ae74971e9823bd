package stage

import (
	"image"

	"tavle/player/ui"
	"tavle/sync/record"
)

// A State is how much a wall knows, and of when.
type State struct {
	Name string
	make func(s *Stage, size image.Point) ui.Model
}

// States lists them, from the wall that knows everything to the one that knows
// nothing yet.
var States = []State{
	{"fresh", func(s *Stage, size image.Point) ui.Model { return s.at(size) }},
	{"offline", (*Stage).offline},
	{"stale", (*Stage).stale},
	{"expired", (*Stage).masked},
	{"loading", (*Stage).waiting},
}

// In returns the page of a module in a state, in a house that uses every module.
func (s *Stage) In(st State, module record.Module, size image.Point) ui.Model {
	other := *s
	if module == record.ModulePresence {
		other = *s.nursery()
	}
	facts := *other.facts
	facts.House.Modules = nil
	for _, p := range ui.Pages() {
		facts.House.Modules = append(facts.House.Modules, p.Module)
	}
	other.facts = &facts
	m := st.make(&other, size)
	for _, p := range ui.Pages() {
		if p.Module == module {
			m.Stack = append(m.Stack, p.Place)
		}
	}
	m.Panel, m.Text, m.Manner.Low = s.Hangs, s.Text, s.Low
	m.Panel.Size = size
	return m
}

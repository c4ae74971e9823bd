package house

import (
	"time"

	"tavle/sync/record"
)

// House is everything one file holds: one system, its departments, and all
// that goes on there.
type House struct {
	_           struct{}     `ignore:"pictograms allergens ui_strings kindergarten_example expected_*"` // beside the house, for whoever reads a demonstration
	Meta        Meta         `key:"meta"`
	System      System       `key:"system"`
	Departments []Department `key:"departments" min:"1" max:"2000"`
	Externals   []External   `key:"external_systems,opt" max:"200"`
	Screens     []Screen     `key:"screens,opt" max:"20000"`
	Residents   []Resident   `key:"residents,opt" max:"20000"`
	Former      []Former     `key:"former_persons,opt" max:"20000"`
	Staff       []Staff      `key:"staff,opt" max:"20000"`
	Relatives   []Relative   `key:"relatives,opt" max:"50000"`
	Activities  []Activity   `key:"activities,opt" max:"50000"`
	Meals       []Meal       `key:"meals,opt" max:"50000"`
	Roster      Roster       `key:"roster,opt"`
	News        []News       `key:"news,opt" max:"20000"`
	Meetings    []Meeting    `key:"meetings,opt" max:"20000"`
	Resources   []Resource   `key:"resources,opt" max:"2000"`
	Bookings    []Booking    `key:"bookings,opt" max:"50000"`
	Groups      []Group      `key:"groups,opt" max:"2000"`
	Albums      []Album      `key:"albums,opt" max:"2000"`
	Documents   []Document   `key:"documents,opt" max:"5000"`
	Videos      []Video      `key:"videos,opt" max:"2000"`
	Weather     []Weather    `key:"weather,opt" max:"2000"`
	Presence    []Presence   `key:"presence,opt" max:"2000"`
	Polls       []Poll       `key:"polls,opt" max:"2000"`
	Requests    []Request    `key:"requests,opt" max:"20000"`
	Entries     []Entry      `key:"register_entries,opt" max:"20000"`
}

// ZoneOf returns the zone where the wall clocks of d hang: its own, or else
// the one of the first language of the content.
func (m Meta) ZoneOf(d Department) *time.Location {
	name := d.Zone
	if name == "" && len(m.Languages) > 0 {
		name = m.Zones[m.Languages[0]]
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// LanguagesOf returns what is offered on the screens of d, the first language
// first.
func (m Meta) LanguagesOf(d Department) []record.Lang {
	switch {
	case len(d.Languages) > 0:
		return d.Languages
	case len(m.Screens) > 0:
		return m.Screens
	}
	return m.Languages
}

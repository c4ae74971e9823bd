package project

import (
	"fmt"
	"slices"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// A Source is what one board draws on. It may hold more than the board shows:
// people who chose not to be shown are counted, and things of other days are
// left out.
type Source struct {
	Meta        house.Meta
	System      house.System
	Departments map[house.ID]house.Department // the board's own, and those it shares lists with
	Residents   []house.Resident              // of all these departments
	Former      []house.Former
	Staff       []house.Staff
	Activities  []house.Activity // with their people; the board's own and those shared with it
	Meals       []house.Meal     // likewise
	Plan        house.Plan
	Shifts      []house.Shift
	News        []house.News
	Meetings    []house.Meeting
	Resources   []house.Resource // the board's own and those shared with it
	Bookings    []house.Booking  // of these
	Groups      []house.Group    // the board's own and those shared with it
	Albums      []house.Album
	Documents   []house.Document
	Videos      []house.Video
	Weather     []house.Weather
	Presence    []house.Presence
	Polls       []house.Poll
	Requests    []house.Request
	Tallies     map[house.ID]house.Tally // of the polls

	// Pictures says what the pictures of the house look like; one that is not
	// in it is not there.
	Pictures map[house.Picture]record.AssetID
}

// A Board says which board is made.
type Board struct {
	Department house.ID // whose it is
	// External: the department is another system's, and sees what is shared
	// with that system.
	External *house.External
	Modules  []record.Module
	Secret   Secret // makes the board's IDs; the same on all of a department's
}

// A Secret is bytes that leave the hub nowhere. It prints as [secret].
type Secret []byte

// String returns [secret].
func (Secret) String() string { return "[secret]" }

// GoString returns [secret].
func (Secret) GoString() string { return "[secret]" }

// FromHouse returns the source of a board of department dept of h.
func FromHouse(h *house.House, pictures map[house.Picture]record.AssetID) *Source {
	s := &Source{
		Meta: h.Meta, System: h.System, Departments: map[house.ID]house.Department{},
		Residents: h.Residents, Former: h.Former, Staff: h.Staff, Activities: h.Activities, Meals: h.Meals,
		Plan: h.Roster.Plan, Shifts: h.Roster.Shifts, News: h.News, Meetings: h.Meetings,
		Resources: h.Resources, Bookings: h.Bookings, Groups: h.Groups,
		Albums: h.Albums, Documents: h.Documents, Videos: h.Videos, Weather: h.Weather, Presence: h.Presence,
		Polls: h.Polls, Requests: h.Requests,
		Pictures: pictures,
	}
	for _, d := range h.Departments {
		s.Departments[d.ID] = d
	}
	return s
}

// BoardOf returns the board that screen id of h shows.
func BoardOf(h *house.House, id house.ID, secret Secret) (Board, error) {
	i := slices.IndexFunc(h.Screens, func(s house.Screen) bool { return s.ID == id })
	if i < 0 {
		return Board{}, fmt.Errorf("screen %q: not in this house", id)
	}
	s := h.Screens[i]
	for _, d := range h.Departments {
		if d.ID == s.Department {
			return Board{Department: d.ID, Modules: Modules(d, s.Modules), Secret: secret}, nil
		}
	}
	return Board{}, fmt.Errorf("screen %q: no department", id)
}

// Modules returns what a screen of d shows: what was chosen for it, else for
// its department, else [house.DefaultModules].
func Modules(d house.Department, chosen []record.Module) []record.Module {
	switch {
	case len(chosen) > 0:
		return chosen
	case len(d.Modules) > 0:
		return d.Modules
	}
	return house.DefaultModules
}

package project

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/policy"
	"tavle/sync/record"
)

// activity makes the row of a, if this board shows it.
func (m *maker) activity(a *house.Activity) {
	if !m.mine(a.Department, a.SharedWith) || !m.current(a.Starts.Day(), a.Ends.Day()) {
		return
	}
	zone := m.zone(a.Department)
	f := record.Activity{
		ID:    record.ActivityID(m.board.id(record.KindActivity, a.ID)),
		Title: a.Title, Text: a.Text, Place: a.Place, Picto: a.Pictogram, Picture: m.asset(a.Picture), Sound: m.asset(a.Sound),
		Starts: a.Starts.In(zone), Ends: a.Ends.In(zone), Deadline: a.Deadline.In(zone), Price: a.Price,
		Leaders: m.refs(a.Led(), policy.Activity), Status: record.Planned, SignUp: m.board.External == nil,
		Participants: m.participants(policy.Activity, a.Department, a.SharedWith, a.Places(), a.Capacity),
	}
	if a.Status == "cancelled" {
		f.Status = record.Cancelled
	}
	for _, it := range a.Bring {
		f.Bring = append(f.Bring, record.Item{Title: it.Title, Picto: it.Pictogram})
	}
	m.add(a.ID, f, f.Picture, f.Sound)
}

// meal makes the row of x, if this board shows it.
func (m *maker) meal(x *house.Meal) {
	if !m.mine(x.Department, x.SharedWith) || !m.current(x.Served.Day(), x.Served.Day()) {
		return
	}
	zone := m.zone(x.Department)
	f := record.Meal{
		ID:     record.MealID(m.board.id(record.KindMeal, x.ID)),
		Kind:   record.MealKind(x.Kind),
		Served: x.Served.In(zone), Deadline: x.Deadline.In(zone),
		Dish:  record.Dish{Title: x.Title, Allergens: x.Allergens, Diet: x.Diet},
		Picto: x.Pictogram, Picture: m.asset(x.Picture), Sound: m.asset(x.Sound), Cook: m.ref(x.Cook, policy.Meal),
		Participants: m.participants(policy.Meal, x.Department, x.SharedWith, x.Places(), 0),
	}
	var other record.AssetID
	if alt := x.Alternative; alt != nil {
		other = m.asset(alt.Picture)
		f.Alternative = &record.Alternative{
			Dish: record.Dish{Title: alt.Title, Allergens: alt.Allergens, Diet: alt.Diet}, Picto: alt.Pictogram, Picture: other,
		}
	}
	for _, s := range x.SignUps {
		ref := m.ref(s.Person, policy.Meal)
		if ref == "" {
			continue
		}
		if s.Via == "auto" {
			f.Auto = append(f.Auto, ref)
		}
		if f.Alternative != nil && s.Dish == string(record.PlateAlternative) && m.private(s.Person) {
			f.Other = append(f.Other, ref)
		}
	}
	m.add(x.ID, f, f.Picture, f.Sound, other)
}

// private reports whether somebody's private things may be on this board, for
// themselves (V-08, V-09). Which dish they eat is such a thing: it may say what they
// believe, or how they are.
func (m *maker) private(id house.ID) bool {
	p := m.people[id]
	return p.viewer == policy.WallOwn && policy.Decide(p.choices, true, policy.SelfAtWall, policy.PrivateItem).Named()
}

// participants says who is on a list: those whom the board shows as themselves,
// and the others as a number where that gives nobody away. The word for the
// places left is made of the true numbers, because somebody who comes to a full
// list must know; it is the one thing a hidden sign-up can change.
func (m *maker) participants(c policy.Context, dept house.ID, shared []house.ID, list []house.Place, limit int) record.Participants {
	out := record.Participants{Exact: m.exact(dept, shared, c), Limit: limit}
	taken := 0
	for _, place := range list {
		p := m.people[place.Person]
		switch ref := m.ref(place.Person, c); {
		case place.State == house.Waits:
			if ref != "" {
				out.Waiting = append(out.Waiting, ref)
			}
			continue
		case place.State != house.TakesPart:
			continue
		case ref != "":
			out.Who = append(out.Who, ref)
		case p != nil && p.staff == nil && p.decide(c).Entry == policy.Counted && out.Exact:
			out.More++
		}
		taken++
	}
	switch policy.PlacesLeft(taken, limit) {
	case policy.PlacesFree:
		out.Left = record.PlacesFree
	case policy.PlacesFew:
		out.Left = record.PlacesFew
	case policy.PlacesNone:
		out.Left = record.PlacesNone
	case policy.PlacesUnlimited:
	}
	return out
}

// exact reports whether numbers may be shown on the lists of dept that are
// shared with these others. It follows from the choices of everybody who could
// be on such a list, never from who is.
func (m *maker) exact(dept house.ID, shared []house.ID, c policy.Context) bool {
	population := append([]house.ID{dept}, shared...)
	var rule policy.CountRule
	for _, d := range population { // the strictest of them
		if known, ok := m.Departments[d]; ok {
			rule.K = max(rule.K, cmp.Or(known.CountK, policy.DefaultK))
		}
	}
	slices.Sort(population)
	key := strings.Join(strs(population), " ")
	hidden, ok := m.hidden[key]
	if !ok {
		for i := range m.Residents {
			r := &m.Residents[i]
			if slices.Contains(population, r.Department) && m.people[r.ID].decide(c).Entry == policy.Counted {
				hidden++
			}
		}
		m.hidden[key] = hidden
	}
	rule.Hidden = hidden
	return rule.Exact()
}

func strs(ids []house.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// Exact reports whether numbers may be shown on a list of this board.
func Exact(s *Source, b Board, l house.Lister, now time.Time) bool {
	home := house.HomeOf(l)
	return newMaker(s, b, now).exact(home.Departments[0], home.Shared, policy.Activity)
}

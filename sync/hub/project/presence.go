package project

import (
	"cmp"
	"slices"

	"tavle/sync/hub/house"
	"tavle/sync/policy"
	"tavle/sync/record"
)

// presence makes the row of who is there, of the department's own people who want
// to stand on the board (V-15, V-18). Of the others it says nothing, not even how
// many there are (V-16).
func (m *maker) presence() {
	if m.board.External != nil {
		return
	}
	p := house.Presence{}
	for i := range m.Presence {
		if m.Presence[i].Department == m.board.Department {
			p = m.Presence[i]
			break
		}
	}
	f := record.Presence{ID: record.PresenceID(m.board.PresenceKey().ID), Day: record.Day(m.today), Whole: true}
	for i := range m.Residents {
		r := &m.Residents[i]
		if r.Department != m.board.Department {
			continue
		}
		ref := m.ref(r.ID, policy.Presence)
		if ref == "" {
			f.Whole = f.Whole && m.people[r.ID].decide(policy.Activity).Entry == policy.NoEntry
			continue
		}
		f.Who = append(f.Who, ref)
		switch p.Of(r.ID, m.today) {
		case record.Here:
			f.Here = append(f.Here, ref)
		case record.GoneHome:
			f.Gone = append(f.Gone, ref)
		}
		for _, d := range p.DaysOff {
			if d.Person == r.ID && d.Day >= m.today && d.Day <= m.until {
				f.Off = append(f.Off, record.DayOff{Who: ref, Day: record.Day(d.Day)})
			}
		}
	}
	for _, list := range [][]record.PersonID{f.Who, f.Here, f.Gone} {
		slices.Sort(list) // whoever came first is nobody's business
	}
	slices.SortFunc(f.Off, func(a, b record.DayOff) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Who, b.Who)) })
	m.add(m.board.Department, f)
}

// PresenceKey returns the row that says who of the department is there.
func (b Board) PresenceKey() record.Key { return b.RowKey(record.KindPresence, b.Department) }

// OnBoard reports whether a board of r's own department says of r on day whether
// they are there.
func OnBoard(r *house.Resident, day house.Day) bool {
	p := person{choices: r.Policy(day), viewer: policy.WallOwn, first: r.FirstName, alias: r.Alias, resident: r}
	return p.decide(policy.Presence).Named()
}

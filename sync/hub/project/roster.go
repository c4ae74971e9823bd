package project

import (
	"tavle/sync/policy"
	"tavle/sync/record"
)

// roster makes the rows of the shifts. A shift is there whoever works it; who
// it is depends on them.
func (m *maker) roster() {
	zone := m.zone(m.board.Department)
	for i := range m.Shifts {
		s := &m.Shifts[i]
		if !m.mine(s.Department, nil) || !m.current(s.From.Day(), s.To.Day()) {
			continue
		}
		f := record.Shift{
			ID:   record.ShiftID(m.board.id(record.KindShift, s.ID)),
			Type: s.Type, Label: m.Plan.Types[s.Type].Label, From: s.From.In(zone), To: s.To.In(zone),
		}
		// Whoever did not accept leaves no trace: the shift is one of its type
		// and no more.
		if p := m.people[s.Person]; p != nil && p.staff != nil && p.decide(policy.Roster).Entry == policy.Listed {
			f.Person, f.Role = m.ref(s.Person, policy.Roster), p.staff.Role
		}
		m.add(s.ID, f)
	}
}

// news makes the rows of the news. What is published later is sent ahead: the
// screen shows it in time, with or without a hub.
func (m *maker) news() {
	zone := m.zone(m.board.Department)
	for i := range m.News {
		n := &m.News[i]
		if !m.mine(n.Department, nil) || !m.current(n.Published.Day(), n.Expires.Day()) {
			continue
		}
		f := record.News{
			ID:    record.NewsID(m.board.id(record.KindNews, n.ID)),
			Title: n.Title, Text: n.Text, Picto: n.Pictogram, Picture: m.asset(n.Picture),
			Published: n.Published.In(zone), Expires: n.Expires.In(zone), Pinned: n.Pinned,
		}
		m.add(n.ID, f, f.Picture)
	}
}

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

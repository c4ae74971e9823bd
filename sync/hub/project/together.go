package project

import (
	"tavle/sync/hub/house"
	"tavle/sync/policy"
	"tavle/sync/record"
)

// together makes the rows of meetings, of what can be booked, and of groups.
func (m *maker) together() {
	if m.has(record.ModuleMeetings) {
		for i := range m.Meetings {
			m.meeting(&m.Meetings[i])
		}
	}
	if m.has(record.ModuleBookings) {
		for i := range m.Resources {
			m.resource(&m.Resources[i])
		}
	}
	if m.has(record.ModuleGroups) {
		for i := range m.Groups {
			m.group(&m.Groups[i])
		}
	}
}

// meeting makes the rows of x and of what was proposed for it, if this board
// shows it.
func (m *maker) meeting(x *house.Meeting) {
	if !m.mine(x.Department, nil) || !m.current(x.Starts.Day(), x.Ends.Day()) {
		return
	}
	zone := m.zone(x.Department)
	f := record.Meeting{
		ID:    record.MeetingID(m.board.id(record.KindMeeting, x.ID)),
		Title: x.Title, Place: x.Place, Starts: x.Starts.In(zone), Ends: x.Ends.In(zone),
		Chair: m.ref(x.Chair, policy.Meeting), Secretary: m.ref(x.Secretary, policy.Meeting), SignUp: m.board.External == nil,
		Participants: m.participants(policy.Meeting, x.Department, nil, partakers(x.SignUps), 0),
	}
	ids := map[house.ID]record.ProposalID{}
	for _, p := range x.Proposals {
		if p.Open() {
			ids[p.ID] = record.ProposalID(m.board.ProposalKey(x.ID, p.ID).ID)
		}
	}
	for _, it := range x.Agenda {
		f.Agenda = append(f.Agenda, record.AgendaItem{
			Number: it.Number, Title: it.Title, Picto: it.Pictogram, By: m.ref(it.By, policy.Proposal), Proposal: ids[it.Proposal],
		})
	}
	m.add(x.ID, f)
	for i, p := range x.Proposals {
		if p.Open() {
			m.proposal(x, i+1, p)
		}
	}
}

// proposal makes the row of something proposed for x. Its words stand whoever said
// them; who it was, only where they are named (V-19). Who thinks well of it takes
// part in the meeting, and is counted as such.
func (m *maker) proposal(x *house.Meeting, number int, p house.Proposal) {
	m.add(x.ID, record.Proposal{
		ID:      record.ProposalID(m.board.ProposalKey(x.ID, p.ID).ID),
		Meeting: record.MeetingID(m.board.id(record.KindMeeting, x.ID)), Number: number,
		Text: p.Text, Picto: p.Pictogram, By: m.ref(p.By, policy.Proposal),
		Participants: m.participants(policy.Meeting, x.Department, nil, partakers(p.Likes), 0),
	})
}

// ProposalKey returns the row that stands for a proposal of a meeting on this
// board, if the board shows it. Its source is the meeting.
func (b Board) ProposalKey(meeting, proposal house.ID) record.Key {
	return b.RowKey(record.KindProposal, meeting+"/"+proposal)
}

// resource makes the rows of r and of who has it when, if this board shows it.
// That it is taken says the row; by whom, only where they are named.
func (m *maker) resource(r *house.Resource) {
	if !m.mine(r.Department, r.SharedWith) {
		return
	}
	zone := m.zone(r.Department)
	f := record.Resource{
		ID:    record.ResourceID(m.board.id(record.KindResource, r.ID)),
		Title: r.Title, Picto: r.Pictogram, SignUp: m.board.External == nil && r.Who != "staff_only",
	}
	for _, s := range r.Daily() {
		from, to := s.Span()
		f.Slots = append(f.Slots, record.Slot{From: from.Minutes(), To: to.Minutes()})
	}
	m.add(r.ID, f)
	for _, b := range m.Bookings {
		if b.Resource != r.ID || !m.current(b.From.Day(), b.To.Day()) {
			continue
		}
		m.add(b.ID, record.Booking{
			ID: record.BookingID(m.board.id(record.KindBooking, b.ID)), Resource: f.ID,
			From: b.From.In(zone), To: b.To.In(zone), Who: m.ref(b.Person, policy.Booking),
		})
	}
}

// group makes the row of x, if this board shows it. What its members write is
// for them alone, and a wall knows no member (R-IBG-21).
func (m *maker) group(x *house.Group) {
	if !m.mine(x.Department, x.SharedWith) {
		return
	}
	m.add(x.ID, record.Group{
		ID:    record.GroupID(m.board.id(record.KindGroup, x.ID)),
		Title: x.Title, Picto: x.Pictogram, SignUp: m.board.External == nil,
		Participants: m.participants(policy.Group, x.Department, x.SharedWith, partakers(x.Members), 0),
	})
}

// partakers is a list of people who all take part.
func partakers(ids []house.ID) []house.Place {
	out := make([]house.Place, len(ids))
	for i, id := range ids {
		out[i] = house.Place{SignUp: house.SignUp{Person: id}, State: house.TakesPart}
	}
	return out
}

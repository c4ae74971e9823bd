package project

import (
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// polls makes the rows of the questions: those that will be asked, are asked, and
// were. Numbers are those that were told last, of five answers or more.
func (m *maker) polls() {
	if m.board.External != nil {
		return
	}
	for i := range m.Polls {
		p := &m.Polls[i]
		if !m.mine(p.Department, nil) || !m.current(p.From.Day(), p.Until.Day().Add(PollDays)) {
			continue
		}
		m.add(p.ID, m.poll(p))
	}
}

// PollDays is how many days after its end a poll is on a board.
const PollDays = int(record.PollShown / (24 * time.Hour))

func (m *maker) poll(p *house.Poll) record.Poll {
	zone := m.zone(m.board.Department)
	f := record.Poll{
		ID: record.PollID(m.board.id(record.KindPoll, p.ID)), Question: p.Question,
		From: p.From.In(zone), Until: p.Until.In(zone),
	}
	told := m.Tallies[p.ID].Told
	for _, o := range p.Options {
		n := told[o.Pictogram]
		f.Options = append(f.Options, record.PollOption{Picto: o.Pictogram, Title: o.Title, N: n})
		f.Counted += n
	}
	if f.Counted < record.PollStep { // staff took an answer away that others had given
		f.Counted = 0
		for i := range f.Options {
			f.Options[i].N = 0
		}
	}
	return f
}

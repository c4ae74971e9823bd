package project

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/policy"
	"tavle/sync/record"
)

func meetingOf(f *record.Facts, b Board, id house.ID) record.Meeting {
	return f.Meetings[record.MeetingID(b.RowKey(record.KindMeeting, id).ID)]
}

// R-IBG-14, V-17: who comes to a meeting, what it talks about and who proposed
// that stand on the board, as each of them chose.
func TestMeetingOfTheDemoHouse(t *testing.T) {
	f, b := demoFacts(t, demoHouse(t), "scr-1", thursday)
	m := meetingOf(f, b, "mt2")
	require.Equal(t, "Møde i beboerrådet", m.Title["da"])
	require.Equal(t, time.Date(2026, 12, 4, 10, 0, 0, 0, copenhagen), m.Starts.In(copenhagen))
	require.Equal(t, []string{"Anna", "Åse", "Thảo"}, names(f, m.Who))
	require.Equal(t, "Åse", f.People[m.Chair].Name.Reveal())
	require.True(t, m.SignUp)
	require.Len(t, m.Agenda, 3)
	p := f.Proposals[m.Agenda[1].Proposal]
	require.Equal(t, m.ID, p.Meeting)
	require.Equal(t, "Jeg kan ikke nå de øverste knapper.", p.Text["da"])
	require.Equal(t, "Jens-Peter", f.People[p.By].Name.Reveal())
	require.Equal(t, []string{"Jens-Peter", "Anna", "Thảo"}, names(f, p.Who))
	require.Contains(t, f.Meetings, record.MeetingID(b.RowKey(record.KindMeeting, "mt1").ID), "yesterday's")
}

// V-19: what somebody hidden proposed is there, and nothing says who it was; nor
// does the agenda.
func TestProposalOfSomebodyHiddenKeepsItsWords(t *testing.T) {
	h := demoHouse(t)
	f, b := demoFacts(t, h, "scr-1", thursday)
	cake := f.Proposals[record.ProposalID(b.ProposalKey("mt2", "p4").ID)]
	require.Equal(t, "Kan vi få kage hver søndag?", cake.Text["da"])
	require.Empty(t, cake.By, "Søren is hidden")
	for _, it := range meetingOf(f, b, "mt1").Agenda {
		require.NotEqual(t, record.PersonID(b.PersonKey("r06").ID), it.By)
	}
	h.Residents[9].Acceptance = house.Acceptance{State: house.Declined} // Jens-Peter
	f, _ = demoFacts(t, h, "scr-1", thursday)
	lower := f.Proposals[record.ProposalID(b.ProposalKey("mt2", "p3").ID)]
	require.NotEmpty(t, lower.Text)
	require.Empty(t, lower.By)
	require.Equal(t, []string{"Anna", "Thảo"}, names(f, lower.Who))
}

// What was dealt with is not proposed any more.
func TestProposalThatIsDoneIsNotSent(t *testing.T) {
	h := demoHouse(t)
	h.Meetings[1].Proposals[0].Status = "done"
	h.Meetings[1].Proposals[1].Status = "declined"
	f, b := demoFacts(t, h, "scr-1", thursday)
	var left []record.ProposalID
	for id, p := range f.Proposals {
		if p.Meeting == record.MeetingID(b.RowKey(record.KindMeeting, "mt2").ID) {
			left = append(left, id)
		}
	}
	require.Equal(t, []record.ProposalID{record.ProposalID(b.ProposalKey("mt2", "p5").ID)}, left)
	require.Empty(t, meetingOf(f, b, "mt2").Agenda[1].Proposal)
}

// V-16, V-17: a time that somebody hidden has is taken, and nothing says by whom.
func TestBookingSaysThatNotAlwaysWhose(t *testing.T) {
	f, b := demoFacts(t, demoHouse(t), "scr-1", thursday)
	washing := f.Resources[record.ResourceID(b.RowKey(record.KindResource, "b1").ID)]
	require.Equal(t, record.Slot{From: 8 * 60, To: 10 * 60}, washing.Slots[0])
	require.True(t, washing.SignUp)
	of := func(id house.ID) record.Booking {
		return f.Bookings[record.BookingID(b.RowKey(record.KindBooking, id).ID)]
	}
	require.Equal(t, "Åse", f.People[of("k8").Who].Name.Reveal())
	require.Equal(t, washing.ID, of("k9").Resource)
	require.Empty(t, of("k9").Who, "Søren is hidden")
	bus := f.Resources[of("k4").Resource]
	require.False(t, bus.SignUp, "staff drive it")
	require.Len(t, f.Resources[of("k6").Resource].Slots, 12, "what has no slots is had by the hour")
	require.NotContains(t, f.Bookings, record.BookingID(b.RowKey(record.KindBooking, "k1").ID), "Monday's")
}

// R-IBG-21, V-12: a board says who is in a group, and nothing of what they write.
// Another system sees, of those in a group shared with it, who chose that.
func TestGroupShowsItsMembersAndNotWhatTheyWrite(t *testing.T) {
	h := demoHouse(t)
	b := board(t, h, "scr-1")
	rows, err := Rows(FromHouse(h, pictures(h)), b, thursday)
	require.NoError(t, err)
	for _, row := range rows {
		require.NotContains(t, string(row.Body), "tørklæde")
		require.NotContains(t, string(row.Body), "Hvor er det flot")
	}
	f := facts(t, rows)
	film := record.GroupID(b.RowKey(record.KindGroup, "g2").ID)
	require.Equal(t, []string{"Mik", "கவிதா", "Sasha"}, names(f, f.Groups[film].Who)[:3])

	ext := Board{Department: "ext-strandhuset", External: &h.Externals[0], Modules: everything, Secret: secret}
	rows, err = Rows(FromHouse(h, pictures(h)), ext, thursday)
	require.NoError(t, err)
	f = facts(t, rows)
	require.Len(t, f.Groups, 1)
	require.Empty(t, f.Meetings, "no proposals cross systems (R-IBG-20)")
	require.Empty(t, f.Proposals)
	for _, g := range f.Groups {
		require.False(t, g.SignUp)
		for _, id := range g.Who {
			i := slices.IndexFunc(h.Residents, func(r house.Resident) bool { return ext.PersonKey(r.ID).ID == string(id) })
			require.True(t, h.Residents[i].Choices.External)
		}
	}
}

// R-IBG-15, R-IBG-33: a house that has not switched them on sends none of it.
func TestTogetherIsOffUntilSwitchedOn(t *testing.T) {
	h := demoHouse(t)
	h.Departments[0].Modules = nil
	f, _ := demoFacts(t, h, "scr-1", thursday)
	require.Empty(t, f.Meetings)
	require.Empty(t, f.Proposals)
	require.Empty(t, f.Resources)
	require.Empty(t, f.Bookings)
	require.Empty(t, f.Groups)
}

// Non-interference: that somebody hidden comes to a meeting, thinks
// well of something or is in a group changes no byte where few are hidden.
func TestHiddenPartInAMeetingChangesNoByte(t *testing.T) {
	compared := 0
	seeds(t, 300, func(t *testing.T, r *rand.Rand) {
		h := randomHouse(r)
		var hidden []house.ID
		for _, p := range h.Residents {
			if c := p.Policy("2026-12-03"); p.Department == "dep-1" && c.Hidden && c.Acceptance == policy.Accepted && c.Lifecycle == policy.Active {
				hidden = append(hidden, p.ID)
			}
		}
		if len(hidden) == 0 || len(hidden) >= policy.DefaultK {
			return
		}
		who := pick(r, hidden...)
		m, g := &h.Meetings[0], &h.Groups[0]
		m.Department, m.Starts, m.Ends = "dep-1", "2026-12-04T13:00", "2026-12-04T14:00"
		g.Department, g.SharedWith = "dep-1", nil
		b := board(t, h, "scr-1")
		rows := func() []Row {
			rows, err := Rows(FromHouse(h, nil), b, thursday)
			require.NoError(t, err)
			return rows
		}
		list := pick(r, &m.SignUps, &m.Proposals[0].Likes, &g.Members)
		*list = slices.DeleteFunc(*list, func(id house.ID) bool { return id == who })
		without := rows()
		*list = slices.Insert(*list, r.IntN(len(*list)+1), who)
		with := rows()
		require.Len(t, with, len(without))
		for i := range with {
			require.Equal(t, with[i].Key, without[i].Key)
			require.True(t, bytes.Equal(with[i].Body, without[i].Body), "%s", with[i].Kind)
		}
		compared++
	})
	require.Greater(t, compared, 50)
}

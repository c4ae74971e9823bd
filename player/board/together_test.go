package board

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

var copenhagen = func() *time.Location {
	z, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return z
}()

var (
	talkRef  = Ref{record.KindMeeting, "g1"}
	cakeRef  = Ref{record.KindProposal, "q1"}
	washRef  = Ref{record.KindResource, "r1"}
	choirRef = Ref{record.KindGroup, "h1"}
)

// meeting is the house with a meeting, something to book and a group in it.
func meeting(edit ...func(*record.Facts)) *record.Facts {
	return house(append([]func(*record.Facts){func(f *record.Facts) {
		day := time.Date(2026, 12, 3, 0, 0, 0, 0, copenhagen)
		f.Meetings = map[record.MeetingID]record.Meeting{"g1": {
			ID: "g1", Title: Text{"da": "Husmøde"}, Starts: day.Add(15 * time.Hour), Ends: day.Add(16 * time.Hour), Chair: "p1", SignUp: true,
			Agenda:       []record.AgendaItem{{Number: 1, Title: Text{"da": "Kage"}, Proposal: "q1"}, {Number: 2, Title: Text{"da": "Andet"}}},
			Participants: record.Participants{Who: []record.PersonID{"p1"}, Exact: true},
		}}
		f.Proposals = map[record.ProposalID]record.Proposal{
			"q1": {ID: "q1", Meeting: "g1", Number: 2, Text: Text{"da": "Kage hver søndag"}, By: "p1", Participants: record.Participants{Who: []record.PersonID{"p1", "p2"}, Exact: true}},
			"q2": {ID: "q2", Meeting: "g1", Number: 1, Text: Text{"da": "En tur"}},
		}
		f.Resources = map[record.ResourceID]record.Resource{"r1": {
			ID: "r1", Title: Text{"da": "Vaskemaskine"}, SignUp: true, Slots: []record.Slot{{From: 480, To: 600}, {From: 600, To: 720}, {From: 720, To: 840}},
		}}
		f.Bookings = map[record.BookingID]record.Booking{
			"b1": {ID: "b1", Resource: "r1", From: day.Add(8 * time.Hour), To: day.Add(10 * time.Hour), Who: "p1"},
			"b2": {ID: "b2", Resource: "r1", From: day.Add(10*time.Hour + 30*time.Minute), To: day.Add(11 * time.Hour)},
		}
		f.Groups = map[record.GroupID]record.Group{"h1": {ID: "h1", Title: Text{"da": "Kor"}, SignUp: true, Participants: record.Participants{Who: []record.PersonID{"p1"}, Exact: true}}}
	}}, edit...)...)
}

var noon = time.Date(2026, 12, 3, 12, 0, 0, 0, copenhagen)

// slotAt names the part of that day that begins at an hour.
func slotAt(hour int) Ref {
	return Ref(record.SlotKey("r1", time.Date(2026, 12, 3, hour, 0, 0, 0, copenhagen)))
}

func slots(t *testing.T, b *Board) []Slot {
	t.Helper()
	r, ok := b.Resource(washRef)
	require.True(t, ok)
	return r.Slots(noon)
}

// V-17: what people join beside activities is shown as they chose.
func TestMeetingBookingAndGroupAreShown(t *testing.T) {
	b := project(meeting())
	m, ok := b.Meeting(talkRef)
	require.True(t, ok)
	require.Equal(t, PersonID("p1"), m.Shown[0].ID)
	require.Equal(t, PersonID("p1"), m.Chair.ID)
	require.Equal(t, PersonID("p1"), m.Agenda[0].By.ID, "whose proposal it is")
	require.True(t, m.Agenda[0].Proposed)
	require.False(t, m.Agenda[1].Proposed)
	s := slots(t, b)
	require.Len(t, s, 3)
	require.Equal(t, PersonID("p1"), s[0].Shown[0].ID)
	require.True(t, s[1].Taken(), "part of it is")
	require.Empty(t, s[1].Shown, "by somebody who is not named")
	require.False(t, s[2].Taken())
	for _, r := range []Ref{talkRef, cakeRef, choirRef, slotAt(8)} {
		c, ok := b.Crowd(r)
		require.True(t, ok, r)
		_, _, in := c.Has("p1")
		require.True(t, in, r)
	}
	_, ok = b.Crowd(slotAt(9))
	require.False(t, ok, "no slot begins then")
}

// R-IBG-51: proposals stand as they came, whoever thinks well of them.
func TestProposalsStandAsTheyCame(t *testing.T) {
	m, _ := project(meeting()).Meeting(talkRef)
	require.Equal(t, []string{"En tur", "Kage hver søndag"}, []string{m.Proposals[0].Text["da"], m.Proposals[1].Text["da"]})
}

// V-19, V-20: when the lease has run out nobody is named in any of it. Words, times
// and that something is taken stay.
func TestMaskedMeetingKeepsItsWords(t *testing.T) {
	b := project(meeting(), func(in *Input) { in.Fresh = false })
	m, _ := b.Meeting(talkRef)
	require.Empty(t, m.Shown)
	require.Nil(t, m.Chair)
	require.Nil(t, m.Agenda[0].By)
	require.True(t, m.Agenda[0].Proposed)
	require.Len(t, m.Proposals, 2)
	for _, p := range m.Proposals {
		require.NotEmpty(t, p.Text)
		require.Nil(t, p.By)
		require.Empty(t, p.Shown)
	}
	s := slots(t, b)
	require.True(t, s[0].Taken())
	require.Empty(t, s[0].Shown)
	g, _ := b.Group(choirRef)
	require.Empty(t, g.Shown)
}

// Goal 2: what was done here shows at once, as on its way.
func TestBookingDoneHereShowsAtOnce(t *testing.T) {
	mine := Done{On: slotAt(12), Who: "p2"}
	s := slots(t, project(meeting(), withDone(mine)))
	require.Equal(t, PersonID("p2"), s[2].Shown[0].ID)
	require.True(t, s[2].Shown[0].Pending)
	require.Equal(t, Shut, s[2].Door(noon), "nobody else books it")

	s = slots(t, project(meeting(), withDone(mine, Done{On: slotAt(12), Who: "p2", Leave: true})))
	require.False(t, s[2].Taken())
	s = slots(t, project(meeting(), withDone(Done{On: slotAt(8), Who: "p1", Leave: true})))
	require.False(t, s[0].Taken(), "given up")
	s = slots(t, project(meeting(), withDone(Done{On: slotAt(10), Who: "p2"})))
	require.Empty(t, s[1].Shown, "somebody was faster")

	mine.Answered, mine.Refused = true, true
	require.False(t, slots(t, project(meeting(), withDone(mine)))[2].Taken(), "the hub said no")
}

// Goal 2: so does a proposal, and taking it back.
func TestProposalMadeHereShowsAtOnce(t *testing.T) {
	film := Done{On: talkRef, Who: "p2", Says: Said{Text: "Vi ser en film", Lang: "da", Picto: "clapper-board"}}
	m, _ := project(meeting(), withDone(film)).Meeting(talkRef)
	require.Len(t, m.Proposals, 3)
	require.Equal(t, "Vi ser en film", m.Proposals[2].Text["da"])
	require.True(t, m.Proposals[2].Pending)
	require.Equal(t, PersonID("p2"), m.Proposals[2].By.ID)
	require.Len(t, m.Shown, 1, "who proposes something does not come for that")

	back := film
	back.Leave = true
	m, _ = project(meeting(), withDone(film, back)).Meeting(talkRef)
	require.Len(t, m.Proposals, 2)
	known := Done{On: talkRef, Who: "p1", Leave: true, Says: Said{Text: "Kage hver søndag", Lang: "da"}}
	m, _ = project(meeting(), withDone(known)).Meeting(talkRef)
	require.Len(t, m.Proposals, 1)

	film.Answered, film.Epoch, film.Rev = true, "00000000000000a1", 7
	m, _ = project(meeting(), withDone(film)).Meeting(talkRef)
	require.Len(t, m.Proposals, 2, "the facts have it, under another name for it")
}

// The doors: a meeting until it starts, its proposals until it ends, a time until
// it is over, a group always.
func TestDoorsOfWhatPeopleAreTogetherAbout(t *testing.T) {
	b := project(meeting())
	at := func(h, m int) time.Time { return time.Date(2026, 12, 3, h, m, 0, 0, copenhagen) }
	for _, c := range []struct {
		on   Ref
		at   time.Time
		want Door
	}{
		{talkRef, at(14, 59), Open},
		{talkRef, at(15, 0), Shut},
		{talkRef, at(16, 0), Over},
		{cakeRef, at(15, 30), Open},
		{cakeRef, at(16, 0), Over},
		{slotAt(12), at(13, 59), Open},
		{slotAt(12), at(14, 0), Over},
		{slotAt(8), at(9, 0), Shut},
		{choirRef, at(23, 0), Open},
		{Ref{record.KindGroup, "gone"}, at(9, 0), Over},
	} {
		require.Equal(t, c.want, b.Door(c.on, c.at), "%s %s", c.on.Kind, c.at)
	}
}

// A slot is by the clock on the wall, on the day it is set back too.
func TestSlotsGoByTheClockOnTheWall(t *testing.T) {
	r, _ := project(meeting()).Resource(washRef)
	for _, s := range r.Slots(time.Date(2026, 10, 25, 12, 0, 0, 0, copenhagen)) {
		require.Zero(t, s.From.Minute())
		require.Equal(t, 2, s.To.Hour()-s.From.Hour())
	}
	id, from, ok := record.ParseSlot(record.Key(slotAt(10)), copenhagen)
	require.True(t, ok)
	require.Equal(t, record.ResourceID("r1"), id)
	require.Equal(t, 10, from.Hour())
	for _, k := range []record.Key{{Kind: "booking", ID: "b1"}, {Kind: "booking", ID: "r1@noon"}, {Kind: "meal", ID: "r1@2026-12-03T10:00"}} {
		_, _, ok = record.ParseSlot(k, copenhagen)
		require.False(t, ok)
	}
}

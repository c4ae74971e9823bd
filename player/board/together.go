package board

import (
	"cmp"
	"slices"
	"time"

	"tavle/sync/policy"
	"tavle/sync/record"
)

// A Meeting is people who talk about what stands on an agenda.
type Meeting struct {
	Ref       Ref
	Title     Text
	Place     Text
	Starts    time.Time
	Ends      time.Time
	Chair     *Person // or nil
	Secretary *Person // or nil
	Agenda    []AgendaItem
	Proposals []Proposal // as they came
	SignUp    bool       // people can say that they come, and propose something, here
	Crowd
}

// An AgendaItem is something to talk about.
type AgendaItem struct {
	Number   int
	Title    Text
	Picto    string
	By       *Person // who put it there, or nil
	Proposed bool    // it was proposed; By nil: by somebody who is not shown
}

// A Proposal is what somebody wants a meeting to talk about.
type Proposal struct {
	Ref     Ref
	Meeting Ref
	Text    Text
	Picto   string
	By      *Person // nil: somebody who is not shown
	Here    bool    // made at this wall, not long ago
	Pending bool    // and the hub has not confirmed it yet
	Crowd           // who thinks well of it
}

// Said is words somebody chose at this wall; without Text there are none.
type Said struct {
	Text  string
	Lang  Lang
	Picto string
}

// A Resource is something people can have for a while.
type Resource struct {
	Ref    Ref
	Title  Text
	Picto  string
	SignUp bool // people can book it here

	slots  []record.Slot
	booked []booked
}

// booked is when somebody has a resource.
type booked struct {
	from, to time.Time
	who      *Participant // nil: somebody who is not shown
}

// A Slot is a part of a day in which one person can have a resource.
type Slot struct {
	Ref    Ref
	From   time.Time
	To     time.Time
	SignUp bool
	Crowd  // one at most
}

// A Group is people with something in common.
type Group struct {
	Ref    Ref
	Title  Text
	Picto  string
	SignUp bool
	Crowd
}

// End returns when the meeting is over; one without an end lasts an hour.
func (m Meeting) End() time.Time {
	if m.Ends.IsZero() {
		return m.Starts.Add(time.Hour)
	}
	return m.Ends
}

// Door returns whether one can say at t that one comes.
func (m Meeting) Door(t time.Time) Door {
	switch {
	case !t.Before(m.End()):
		return Over
	case !m.SignUp, !t.Before(m.Starts):
		return Shut
	}
	return Open
}

// Proposing returns whether one can propose something, or think well of what was
// proposed, at t.
func (m Meeting) Proposing(t time.Time) Door {
	switch {
	case !t.Before(m.End()):
		return Over
	case !m.SignUp:
		return Shut
	}
	return Open
}

// Booked returns everybody who is shown to have r at some time, as often as they do.
func (r Resource) Booked() []Person {
	var out []Person
	for _, b := range r.booked {
		if b.who != nil {
			out = append(out, b.who.Person)
		}
	}
	return out
}

// Taken reports whether somebody has it.
func (s Slot) Taken() bool { return s.full() }

// Door returns whether one can book it at t.
func (s Slot) Door(t time.Time) Door {
	switch {
	case !t.Before(s.To):
		return Over
	case !s.SignUp, s.Taken():
		return Shut
	}
	return Open
}

// Door returns whether one can join.
func (g Group) Door() Door {
	if !g.SignUp {
		return Shut
	}
	return Open
}

// Slots returns the parts of the day of t in which r can be had, in order.
func (r Resource) Slots(t time.Time) []Slot {
	out := make([]Slot, 0, len(r.slots))
	for _, s := range r.slots {
		from, to := s.On(t)
		slot := Slot{
			Ref: Ref(record.SlotKey(record.ResourceID(r.Ref.ID), from)), From: from, To: to, SignUp: r.SignUp,
			Crowd: Crowd{Exact: true, Limit: 1, Left: PlacesFree},
		}
		for _, b := range r.booked {
			if !b.from.Before(to) || !from.Before(b.to) {
				continue
			}
			slot.Left = PlacesNone
			if b.who == nil {
				slot.Exact = false
			} else if len(slot.Shown) == 0 {
				slot.Shown = []Participant{*b.who}
			}
		}
		out = append(out, slot)
	}
	return out
}

// Meeting returns the meeting r names.
func (b *Board) Meeting(r Ref) (Meeting, bool) {
	return find(b.Meetings, func(m Meeting) bool { return m.Ref == r })
}

// Proposal returns the proposal r names, and the meeting it was made for.
func (b *Board) Proposal(r Ref) (Proposal, Meeting, bool) {
	for _, m := range b.Meetings {
		if p, ok := find(m.Proposals, func(p Proposal) bool { return p.Ref == r && r.ID != "" }); ok {
			return p, m, true
		}
	}
	return Proposal{}, Meeting{}, false
}

// Proposed reports whether what somebody said stands among the proposals of the
// meeting on, as theirs.
func (b *Board) Proposed(on Ref, who PersonID, s Said) bool {
	m, _ := b.Meeting(on)
	return slices.ContainsFunc(m.Proposals, func(p Proposal) bool { return p.is(who, s) })
}

// is reports whether p is what somebody said.
func (p Proposal) is(who PersonID, s Said) bool {
	return p.By != nil && p.By.ID == who && slices.Contains(words(p.Text), s.Text)
}

// Resource returns the resource r names.
func (b *Board) Resource(r Ref) (Resource, bool) {
	return find(b.Resources, func(x Resource) bool { return x.Ref == r })
}

// Slot returns the part of a day r names, and what can be had then.
func (b *Board) Slot(r Ref) (Slot, Resource, bool) {
	id, from, ok := record.ParseSlot(r.Key(), b.Zone)
	if !ok {
		return Slot{}, Resource{}, false
	}
	x, ok := b.Resource(Ref{record.KindResource, string(id)})
	if !ok {
		return Slot{}, Resource{}, false
	}
	s, ok := find(x.Slots(from), func(s Slot) bool { return s.Ref == r })
	return s, x, ok
}

// Group returns the group r names.
func (b *Board) Group(r Ref) (Group, bool) {
	return find(b.Groups, func(g Group) bool { return g.Ref == r })
}

// person returns somebody as they may appear in c, or nil.
func (p *projector) person(id PersonID, c policy.Context) *Person {
	if s, ok := p.show(id, c); ok {
		return &s
	}
	return nil
}

func (p *projector) meetings() []Meeting {
	out := make([]Meeting, 0, len(p.in.Facts.Meetings))
	for _, r := range p.in.Facts.Meetings {
		m := Meeting{
			Ref: Ref{record.KindMeeting, string(r.ID)}, Title: r.Title, Place: r.Place, Starts: r.Starts.In(p.zone), Ends: p.local(r.Ends),
			Chair: p.person(r.Chair, policy.Meeting), Secretary: p.person(r.Secretary, policy.Meeting), SignUp: r.SignUp,
		}
		m.Crowd = p.crowd(m.Ref, r.Participants, policy.Meeting)
		m.Proposals = p.proposals(m.Ref)
		for _, it := range r.Agenda {
			a := AgendaItem{Number: it.Number, Title: it.Title, Picto: it.Picto, By: p.person(it.By, policy.Proposal)}
			if from, ok := p.in.Facts.Proposals[it.Proposal]; ok {
				a.Proposed, a.By = true, p.person(from.By, policy.Proposal)
			}
			m.Agenda = append(m.Agenda, a)
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b Meeting) int {
		return cmp.Or(a.Starts.Compare(b.Starts), cmp.Compare(a.Ref.ID, b.Ref.ID))
	})
	return out
}

// proposals lists what was proposed for a meeting, and what was here since. The
// words stand whoever said them; who it was, only where they are named (V-19).
func (p *projector) proposals(meeting Ref) []Proposal {
	var out []Proposal
	number := map[Ref]int{}
	for _, r := range p.in.Facts.Proposals {
		if string(r.Meeting) != meeting.ID {
			continue
		}
		x := Proposal{
			Ref: Ref{record.KindProposal, string(r.ID)}, Meeting: meeting, Text: r.Text, Picto: r.Picto, By: p.person(r.By, policy.Proposal),
		}
		x.Crowd = p.crowd(x.Ref, r.Participants, policy.Meeting)
		number[x.Ref] = r.Number
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(number[a.Ref], number[b.Ref]), cmp.Compare(a.Ref.ID, b.Ref.ID))
	})
	for _, d := range p.in.Done {
		if d.On != meeting || d.Says.Text == "" {
			continue
		}
		theirs := func(x Proposal) bool { return x.is(d.Who, d.Says) }
		switch {
		case p.settled(d):
			for i := range out {
				out[i].Here = out[i].Here || theirs(out[i])
			}
		case d.Leave:
			out = slices.DeleteFunc(out, theirs)
		default:
			out = append(out, Proposal{
				Meeting: meeting, Text: Text{d.Says.Lang: d.Says.Text}, Picto: d.Says.Picto, By: p.person(d.Who, policy.Proposal),
				Here: true, Pending: !d.Answered, Crowd: Crowd{Exact: true},
			})
		}
	}
	return out
}

// words returns a text in every language it has.
func words(t Text) []string {
	out := make([]string, 0, len(t))
	for _, s := range t {
		out = append(out, s)
	}
	return out
}

func (p *projector) resources() []Resource {
	out := make([]Resource, 0, len(p.in.Facts.Resources))
	for _, r := range p.in.Facts.Resources {
		out = append(out, Resource{
			Ref: Ref{record.KindResource, string(r.ID)}, Title: r.Title, Picto: r.Picto, SignUp: r.SignUp,
			slots: r.Slots, booked: p.booked(r),
		})
	}
	// What one can book comes first; then by title, as everybody finds it again.
	slices.SortFunc(out, func(a, b Resource) int {
		return cmp.Or(cmp.Compare(b2i(!a.SignUp), b2i(!b.SignUp)), cmp.Compare(p.title(a.Title), p.title(b.Title)), cmp.Compare(a.Ref.ID, b.Ref.ID))
	})
	return out
}

// title returns a title in the house's first language.
func (p *projector) title(t Text) string {
	s, _ := t.In(p.in.Facts.House.Langs...)
	return s
}

// booked lists who has r when, and what was done here since.
func (p *projector) booked(r record.Resource) []booked {
	var out []booked
	for _, b := range p.in.Facts.Bookings {
		if b.Resource != r.ID {
			continue
		}
		x := booked{from: b.From.In(p.zone), to: b.To.In(p.zone)}
		if who := p.person(b.Who, policy.Booking); who != nil {
			x.who = &Participant{Person: *who}
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b booked) int { return a.from.Compare(b.from) })
	for _, d := range p.in.Done {
		id, from, ok := record.ParseSlot(d.On.Key(), p.zone)
		if !ok || id != r.ID || d.Takes != "" || p.settled(d) {
			continue
		}
		for _, s := range r.Slots {
			if begins, to := s.On(from); begins.Equal(from) {
				out = p.overbook(out, d, from, to)
			}
		}
	}
	return out
}

// overbook shows d as if the hub had said yes, where nobody else was before.
func (p *projector) overbook(list []booked, d Done, from, to time.Time) []booked {
	meets := func(b booked) bool { return b.from.Before(to) && from.Before(b.to) }
	if d.Leave {
		return slices.DeleteFunc(list, func(b booked) bool { return meets(b) && b.who != nil && b.who.ID == d.Who })
	}
	who := p.person(d.Who, policy.Booking)
	if who == nil || slices.ContainsFunc(list, meets) {
		return list
	}
	return append(list, booked{from, to, &Participant{Person: *who, Pending: !d.Answered}})
}

func (p *projector) groups() []Group {
	out := make([]Group, 0, len(p.in.Facts.Groups))
	for _, r := range p.in.Facts.Groups {
		g := Group{Ref: Ref{record.KindGroup, string(r.ID)}, Title: r.Title, Picto: r.Picto, SignUp: r.SignUp}
		g.Crowd = p.crowd(g.Ref, r.Participants, policy.Group)
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Group) int {
		return cmp.Or(cmp.Compare(p.title(a.Title), p.title(b.Title)), cmp.Compare(a.Ref.ID, b.Ref.ID))
	})
	return out
}

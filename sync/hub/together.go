package hub

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Besides the lists of activities and meals, people join what a record says
// itself: a meeting, a group, those who think well of a proposal. They have a
// resource for a while, which is a record of its own, and they propose things.
// All of it is an edit, as staff make them, under the rules of touches.

// Bounds of what a wall can add.
const (
	maxCircle    = 10_000 // people in one meeting or group: what a house can keep
	maxProposals = 50     // open ones of one meeting
	maxOwn       = 5      // of them by one person
)

// understood reports whether there is such a touch.
func (t *touch) understood() bool {
	kind := t.mut.On.Kind
	switch t.mut.Op {
	case wire.OpSignUp, wire.OpCancel:
		if kind == record.KindMeal && t.mut.Text != "" && !slices.Contains(record.Plates, record.Plate(t.mut.Text)) {
			return false
		}
		return slices.Contains([]record.Kind{
			record.KindActivity, record.KindMeal, record.KindMeeting, record.KindProposal, record.KindBooking, record.KindGroup,
		}, kind)
	case wire.OpPropose, wire.OpRetract:
		return kind == record.KindMeeting && t.mut.Text != ""
	}
	return false
}

// stands returns the row that a touch is about, and of which kind the record is
// that the row stands for.
func (t *touch) stands() (record.Key, house.Kind) {
	k := t.mut.On.Key()
	switch k.Kind {
	case record.KindProposal:
		return k, house.KindMeeting
	case record.KindBooking:
		r, _, _ := record.ParseSlot(k, time.UTC)
		return record.Key{Kind: record.KindResource, ID: string(r)}, house.KindResource
	}
	return k, house.Kind(k.Kind)
}

// called reports whether a board calls what r says by the name of row k.
func called(on project.Board, k record.Key, r house.Record) bool {
	if m, ok := r.(*house.Meeting); ok && k.Kind == record.KindProposal {
		return slices.ContainsFunc(m.Proposals, func(p house.Proposal) bool { return on.ProposalKey(m.ID, p.ID) == k })
	}
	return on.RowKey(k.Kind, house.KeyOf(r)) == k
}

// proposal returns the proposal of m that the touch is about, or nil.
func (t *touch) proposal(m *house.Meeting) *house.Proposal {
	on := project.Board{Secret: t.board.Secret}
	for i := range m.Proposals {
		if on.ProposalKey(m.ID, m.Proposals[i].ID) == t.mut.On.Key() {
			return &m.Proposals[i]
		}
	}
	return nil
}

// circle returns the people whom the touch joins or leaves, nil when it is about
// none.
func (t *touch) circle() *[]house.ID {
	switch r := t.record.(type) {
	case *house.Group:
		return &r.Members
	case *house.Meeting:
		if t.mut.On.Kind != record.KindProposal {
			return &r.SignUps
		}
		if p := t.proposal(r); p != nil && p.Open() {
			return &p.Likes
		}
	}
	return nil
}

// slot returns the part of a day that the touch is about; ok is false when r
// cannot be had then.
func (t *touch) slot(r *house.Resource) (from, to house.Wall, ok bool) {
	_, at, ok := record.ParseSlot(t.mut.On.Key(), time.UTC)
	if !ok {
		return "", "", false
	}
	from = house.WallOf(at)
	for _, s := range r.Daily() {
		begins, ends := s.Span()
		if house.Wall(string(from.Day())+"T"+string(begins)) == from {
			return from, house.Wall(string(from.Day()) + "T" + string(ends)), true
		}
	}
	return "", "", false
}

// together does what a touch on something else than a list does.
func (t *touch) together(ctx context.Context, tx store.Tx) (wire.Result, error) {
	e := newEdit(tx, t.by)
	reason, err := t.alter(ctx, e)
	switch {
	case err != nil:
		return wire.Result{}, err
	case reason != "":
		return t.rejected(ctx, tx, reason)
	}
	if len(e.touched) > 0 {
		if err := e.finish(ctx); err != nil {
			return wire.Result{}, err
		}
	}
	t.moved = e.moved
	return t.shown(ctx, tx, wire.Result{Outcome: wire.Accepted})
}

func (t *touch) alter(ctx context.Context, e *Edit) (wire.Reason, error) {
	if r, ok := t.record.(*house.Resource); ok {
		return t.book(ctx, e, r)
	}
	if m, ok := t.record.(*house.Meeting); ok && (t.mut.Op == wire.OpPropose || t.mut.Op == wire.OpRetract) {
		return t.propose(ctx, e, m)
	}
	list := t.circle()
	if list == nil {
		return wire.ReasonGone, nil
	}
	i := slices.Index(*list, t.person.ID)
	switch joins := t.mut.Op == wire.OpSignUp; {
	case joins == (i >= 0):
		return "", nil // it is so already
	case !joins:
		*list = slices.Delete(*list, i, i+1)
	case len(*list) >= maxCircle:
		return wire.ReasonFull, nil
	default:
		*list = append(*list, t.person.ID)
	}
	return "", e.Put(ctx, t.record)
}

// own returns those of m's proposals that the person made in the words of the
// touch.
func (t *touch) own(m *house.Meeting) (at []int) {
	for i, p := range m.Proposals {
		for _, s := range p.Text {
			if p.By == t.person.ID && p.Open() && s == t.mut.Text {
				at = append(at, i)
				break
			}
		}
	}
	return at
}

// propose adds what the person wants to talk about, or takes it away again. What
// staff have put on the agenda stays.
func (t *touch) propose(ctx context.Context, e *Edit, m *house.Meeting) (wire.Reason, error) {
	own, action := t.own(m), t.mut.Op
	if action == wire.OpRetract {
		if len(own) == 0 {
			return "", nil
		}
		i := own[len(own)-1]
		if s := m.Proposals[i].Status; s != "" && s != "received" {
			return wire.ReasonClosed, nil
		}
		m.Proposals = slices.Delete(m.Proposals, i, i+1)
	} else {
		if len(own) > 0 {
			return "", nil
		}
		open, mine := 0, 0
		for _, p := range m.Proposals {
			if p.Open() {
				open++
			}
			if p.Open() && p.By == t.person.ID {
				mine++
			}
		}
		if open >= maxProposals || mine >= maxOwn {
			return wire.ReasonFull, nil
		}
		lang := t.mut.Lang
		if lang == "" {
			lang = record.Danish
		}
		m.Proposals = append(m.Proposals, house.Proposal{
			ID: house.ID("w" + hex.EncodeToString(e.random(8))), By: t.person.ID, Status: "received",
			Text: record.Text{lang: t.mut.Text}, Pictogram: t.mut.Picto,
		})
	}
	if house.Check(m) != nil {
		return wire.ReasonInvalid, nil //nolint:nilerr // words no house can keep
	}
	if err := e.Put(ctx, m); err != nil {
		return "", err
	}
	return "", e.tx.NoteOf(ctx, action, house.KindMeeting, m.ID)
}

// book gives the person the resource for a while, or takes it back. Who was first
// has it.
func (t *touch) book(ctx context.Context, e *Edit, r *house.Resource) (wire.Reason, error) {
	from, to, ok := t.slot(r)
	switch {
	case !ok:
		return wire.ReasonGone, nil
	case r.Who == "staff_only":
		return wire.ReasonNotAllowed, nil
	}
	meets, err := t.booked(ctx, e.tx, r, from, to)
	if err != nil {
		return "", err
	}
	mine := slices.IndexFunc(meets, func(b house.Booking) bool { return b.Person == t.person.ID })
	switch joins := t.mut.Op == wire.OpSignUp; {
	case joins == (mine >= 0):
		return "", nil // it is so already
	case !joins:
		return "", e.Delete(ctx, house.KindBooking, meets[mine].ID)
	case len(meets) > 0:
		return wire.ReasonFull, nil
	}
	if r.PerWeek > 0 {
		monday := from.Day().Add(-(int(from.In(time.UTC).Weekday()) + 6) % 7)
		week, err := t.booked(ctx, e.tx, r, house.Wall(string(monday)+"T00:00"), house.Wall(string(monday.Add(7))+"T00:00"))
		if err != nil {
			return "", err
		}
		week = slices.DeleteFunc(week, func(b house.Booking) bool { return b.Person != t.person.ID })
		if len(week) >= r.PerWeek {
			return wire.ReasonNotAllowed, nil
		}
	}
	return "", e.Put(ctx, &house.Booking{
		ID: house.ID("w" + hex.EncodeToString(e.random(8))), Department: r.Department, Resource: r.ID, Person: t.person.ID, From: from, To: to,
	})
}

// booked returns when r is had between from and to.
func (t *touch) booked(ctx context.Context, v store.View, r *house.Resource, from, to house.Wall) ([]house.Booking, error) {
	all, err := store.On[house.Booking](ctx, v, r.Department, from.Day().Add(-1), to.Day().Add(1))
	return slices.DeleteFunc(all, func(b house.Booking) bool { return b.Resource != r.ID || b.To <= from || b.From >= to }), err
}

// joined reports whether the person is in it now, or their words stand.
func (t *touch) joined(ctx context.Context, v store.View) (bool, error) {
	switch r := t.record.(type) {
	case *house.Resource:
		from, to, ok := t.slot(r)
		if !ok {
			return false, nil
		}
		meets, err := t.booked(ctx, v, r, from, to)
		return slices.ContainsFunc(meets, func(b house.Booking) bool { return b.Person == t.person.ID }), err
	case *house.Meeting:
		if t.mut.Op == wire.OpPropose || t.mut.Op == wire.OpRetract {
			return len(t.own(r)) > 0, nil
		}
	}
	list := t.circle()
	return list != nil && slices.Contains(*list, t.person.ID), nil
}

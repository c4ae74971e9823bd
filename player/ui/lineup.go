package ui

import (
	"maps"
	"slices"
	"strings"
	"time"

	"tavle/player/board"
)

// A lineup is the order of every list as it was when somebody came to the wall: by
// the list's name, what stands in it, by ID. While they are there nothing moves
// under their finger: what changes, changes where it stands; what is taken
// away leaves its place empty; what is new waits until they have left. Nil: nobody
// is there.
type lineup map[string][]string

// leftHome is how long somebody who is back on the first page is taken to stand
// there still.
const leftHome = 20 * time.Second

// The names of lists that are not a day's.
const (
	seatPeople = "people" // everybody who is shown
	seatJoin   = "join"   // who may sign up
	seatNext   = "next"   // what happens next

	seatMeetings  = "meetings"
	seatGroups    = "groups"
	seatResources = "resources"
	seatNews      = "news"
	seatAlbums    = "albums"
	seatDocuments = "documents"
	seatVideos    = "videos"
	seatPresence  = "presence"
	seatPolls     = "polls"
)

func seatProposals(meeting board.Ref) string { return "proposals " + meeting.ID }

func seatDay(d Date) string { return "day " + d.In(time.UTC).Format(time.DateOnly) }

// lineupOf returns the order of every list on the board now.
func lineupOf(b *board.Board, now time.Time) lineup {
	s := lineup{}
	if b == nil {
		return s
	}
	// An ID may lie in memory together with the name it came with, which must be
	// let go.
	put := func(list, id string) { s[list] = append(s[list], strings.Clone(id)) }
	for _, p := range b.People {
		put(seatPeople, string(p.ID))
		if p.SignUp {
			put(seatJoin, string(p.ID))
		}
	}
	for _, a := range b.Activities {
		put(seatDay(DateOf(a.Starts)), a.Ref.ID)
	}
	for _, a := range upcoming(b, now) {
		put(seatNext, a.Ref.ID)
	}
	for _, m := range meetingsAt(b, now) {
		put(seatMeetings, m.Ref.ID)
		for _, p := range m.Proposals {
			if p.Ref.ID != "" { // the hub has named it
				put(seatProposals(m.Ref), p.Ref.ID)
			}
		}
	}
	for _, g := range b.Groups {
		put(seatGroups, g.Ref.ID)
	}
	for _, n := range b.News {
		put(seatNews, string(n.ID))
	}
	for _, a := range b.Albums {
		put(seatAlbums, string(a.ID))
	}
	for _, d := range b.Documents {
		put(seatDocuments, string(d.ID))
	}
	for _, v := range b.Videos {
		put(seatVideos, string(v.ID))
	}
	for _, r := range b.Resources {
		put(seatResources, r.Ref.ID)
	}
	for _, p := range b.Polls {
		put(seatPolls, p.Ref.ID)
	}
	if b.Presence != nil {
		for _, p := range b.Presence.People {
			put(seatPresence, string(p.ID))
		}
	}
	return s
}

// with returns the order with what has come to lists that were empty.
func (s lineup) with(b *board.Board, now time.Time) lineup {
	if s == nil {
		return nil
	}
	out := lineupOf(b, now)
	maps.Copy(out, s)
	return out
}

// seated returns a list as it stands: in its own order, or while somebody is there
// in the order they found, with nil where something was taken away. A list that
// was empty then has nothing that could move.
func seated[T any](s lineup, list string, now []T, id func(*T) string) []*T {
	out := make([]*T, 0, len(now))
	kept := s[list]
	if len(kept) == 0 {
		for i := range now {
			out = append(out, &now[i])
		}
		return out
	}
	for _, k := range kept {
		var is *T
		for i := range now {
			if id(&now[i]) == k {
				is = &now[i]
			}
		}
		out = append(out, is)
	}
	return out
}

// next returns what happens next, as rows.
func (c *canvas) next() []*board.Activity {
	if len(c.order[seatNext]) > 0 {
		return seated(c.order, seatNext, c.b.Activities, activitySeat)
	}
	return seated(nil, "", upcoming(c.b, c.now), activitySeat)
}

// proposalsOf returns a meeting's proposals as they stand; what somebody has just
// proposed here comes last, before the hub has named it and after.
func (c *canvas) proposalsOf(m board.Meeting) []*board.Proposal {
	id := func(p *board.Proposal) string { return p.Ref.ID }
	kept := c.order[seatProposals(m.Ref)]
	out := seated(c.order, seatProposals(m.Ref), m.Proposals, id)
	for i := range m.Proposals {
		if p := &m.Proposals[i]; p.Here && len(kept) > 0 && !slices.Contains(kept, p.Ref.ID) {
			out = append(out, p)
		}
	}
	return out
}

func personSeat(p *board.Person) string     { return string(p.ID) }
func activitySeat(a *board.Activity) string { return a.Ref.ID }

// arrived keeps the order of all lists for somebody who has come.
func (m Model) arrived() Model {
	if m.order == nil {
		m.order = lineupOf(m.Board, m.Now)
	}
	return m
}

// left lets the lists be as they are, once nobody is there.
func (m Model) left() Model {
	if !m.away() && m.Hand.Means == nil && m.Now.Sub(m.Last) >= leftHome {
		m.order = nil
	}
	return m
}

package access

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// An Answer is everything that is kept of one person.
type Answer struct {
	Schema     string          `json:"schema"`
	Made       time.Time       `json:"made"`
	Controller record.Text     `json:"controller"`
	Contact    string          `json:"contact,omitempty"`
	Kind       house.Kind      `json:"kind"`
	ID         house.ID        `json:"id"`
	Lives      []record.Text   `json:"departments,omitempty"`
	Profile    json.RawMessage `json:"profile"` // the record as it is kept: names, choices, acceptance

	SignUps   []SignUp      `json:"sign_ups,omitempty"`
	Bookings  []Event       `json:"bookings,omitempty"`
	Meetings  []Event       `json:"meetings,omitempty"`
	Groups    []Group       `json:"groups,omitempty"`
	Presence  []Presence    `json:"presence,omitempty"`
	Proposals []Words       `json:"proposals,omitempty"`
	News      []Words       `json:"news,omitempty"`
	Duties    []Event       `json:"duties,omitempty"`
	Personal  []Words       `json:"documents,omitempty"` // that are for them alone
	Pictures  []Picture     `json:"pictures,omitempty"`
	Relatives []string      `json:"relatives,omitempty"` // who is linked to them
	Linked    []house.ID    `json:"linked_to,omitempty"` // of a relative
	Requests  []Request     `json:"requests,omitempty"`
	Screens   []Screen      `json:"screens,omitempty"`
	Systems   []record.Text `json:"other_systems,omitempty"` // that may be told
	Done      []Entry       `json:"audit,omitempty"`

	Retention string `json:"retention"`
	Source    string `json:"source"`
	// Review is for staff, before it is handed over; the pages do not show it.
	Review string `json:"staff_review,omitempty"`

	person house.Record
}

// A SignUp is a place on a list.
type SignUp struct {
	What  record.Text `json:"what"`
	When  house.Wall  `json:"when"`
	State house.State `json:"state"`
	Via   string      `json:"via,omitempty"`
	Dish  string      `json:"dish,omitempty"`
}

// An Event is something at a time.
type Event struct {
	What  record.Text `json:"what"`
	Role  string      `json:"role,omitempty"` // lead, cook, chair, secretary, like, contact, shift
	From  house.Wall  `json:"from"`
	Until house.Wall  `json:"until,omitempty"`
}

// A Presence is whether they were there on a day.
type Presence struct {
	Day house.Day          `json:"day"`
	At  record.Whereabouts `json:"at"` // here, gone or off
}

// A Group is one they are in, and what they said there.
type Group struct {
	Title record.Text `json:"title"`
	Said  []Words     `json:"said,omitempty"`
}

// Words are something written, by them or for them.
type Words struct {
	Where record.Text `json:"where,omitempty"`
	Text  record.Text `json:"text"`
	At    house.Wall  `json:"at,omitempty"`
}

// A Picture is one of them.
type Picture struct {
	Title  record.Text   `json:"title,omitempty"` // of the album; none: their portrait
	Alt    record.Text   `json:"alt,omitempty"`
	Others int           `json:"others"` // who else is marked in it
	File   string        `json:"file,omitempty"`
	Name   house.Picture `json:"-"`
	JPEG   []byte        `json:"-"`
}

// A Request is something they asked for.
type Request struct {
	Right    record.Right `json:"right"`
	Asked    house.Wall   `json:"asked"`
	Via      string       `json:"via"`
	Due      house.Day    `json:"due"`
	Extended string       `json:"extended_for,omitempty"`
	State    string       `json:"state"`
	Answered house.Day    `json:"answered,omitempty"`
	Note     string       `json:"note,omitempty"`
}

// A Screen is a place where they may be shown.
type Screen struct {
	Place      record.Text `json:"place"`
	Department record.Text `json:"department"`
}

// An Entry is something that was done with what is kept of them.
type Entry struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"` // staff, screen, hub, import
	Action string    `json:"action"`
	Kind   string    `json:"kind"`
}

// Schema is which form an answer has.
const schema = "tavle-person/1"

// review is what staff look at before an answer is handed over.
const review = "Before you hand this over: other people's faces may be in the pictures, and others may be named in what was written. Take out what they would not want given away, and note that you looked."

// Of returns what h keeps of a person, but for what was done with it. The house
// comes with its lists.
func Of(h *house.House, p house.Record, now time.Time) *Answer {
	a := &Answer{
		Schema: schema, Made: now.UTC().Truncate(time.Second), Controller: h.System.Controller.Name, Contact: h.System.Controller.Contact,
		Kind: house.KindOf(p), ID: house.KeyOf(p), Profile: house.Encode(p), person: p,
		Retention: "until the house erases it; backups for their time",
		Source:    "staff of the house, the person at a wall screen, or a file that was taken in",
	}
	g := gatherer{a, h, map[house.ID]record.Text{}}
	for _, d := range h.Departments {
		g.departments[d.ID] = d.Name
	}
	g.home()
	g.lists()
	g.together()
	g.duties()
	g.pictures()
	g.recipients()
	if len(a.Pictures) > 0 || len(a.Groups) > 0 {
		a.Review = review
	}
	return a
}

// A gatherer collects an answer.
type gatherer struct {
	*Answer
	h           *house.House
	departments map[house.ID]record.Text
}

func (g *gatherer) home() {
	for _, d := range house.HomeOf(g.person).Departments {
		g.Lives = append(g.Lives, g.departments[d])
	}
	if r, ok := g.person.(*house.Relative); ok {
		g.Linked = r.LinkedTo
	}
}

func (g *gatherer) lists() {
	add := func(what record.Text, when house.Wall, places []house.Place) {
		for _, p := range places {
			if p.Person == g.ID {
				g.SignUps = append(g.SignUps, SignUp{what, when, p.State, p.Via, p.Dish})
			}
		}
	}
	for _, x := range g.h.Activities {
		add(x.Title, x.Starts, x.Places())
		if slices.Contains(x.Led(), g.ID) {
			g.Duties = append(g.Duties, Event{x.Title, "lead", x.Starts, x.Ends})
		}
	}
	for _, m := range g.h.Meals {
		add(m.Title, m.Served, m.Places())
		if m.Cook == g.ID {
			g.Duties = append(g.Duties, Event{m.Title, "cook", m.Served, ""})
		}
	}
}

func (g *gatherer) together() {
	things := map[house.ID]record.Text{}
	for _, r := range g.h.Resources {
		things[r.ID] = r.Title
	}
	for _, b := range g.h.Bookings {
		if b.Person == g.ID {
			g.Bookings = append(g.Bookings, Event{things[b.Resource], "", b.From, b.To})
		}
	}
	for _, m := range g.h.Meetings {
		g.meeting(m)
	}
	for _, x := range g.h.Groups {
		g.group(x)
	}
	for _, n := range g.h.News {
		if n.Author == g.ID {
			g.News = append(g.News, Words{Text: n.Title, At: n.Published})
		}
	}
	for _, p := range g.h.Presence {
		g.presence(p)
	}
	for _, r := range g.h.Requests {
		if r.Person == g.ID {
			g.Requests = append(g.Requests, Request{r.Right, r.Asked, r.Via, r.Due, r.Extended, r.State, r.Answered, r.Note})
		}
	}
	own := house.Scope("person:" + string(g.ID))
	for _, d := range g.h.Documents {
		if d.SharedTo == own {
			g.Personal = append(g.Personal, Words{Text: d.Title})
		}
	}
	for _, v := range g.h.Videos {
		if v.SharedTo == own {
			g.Personal = append(g.Personal, Words{Text: v.Title})
		}
	}
}

func (g *gatherer) meeting(m house.Meeting) {
	event := func(role string) { g.Meetings = append(g.Meetings, Event{m.Title, role, m.Starts, m.Ends}) }
	if slices.Contains(m.SignUps, g.ID) {
		event("")
	}
	if m.Chair == g.ID {
		event("chair")
	}
	if m.Secretary == g.ID {
		event("secretary")
	}
	for _, x := range m.Agenda {
		if x.By == g.ID {
			g.Proposals = append(g.Proposals, Words{Where: m.Title, Text: x.Title})
		}
	}
	for _, p := range m.Proposals {
		if p.By == g.ID {
			g.Proposals = append(g.Proposals, Words{Where: m.Title, Text: p.Text})
		}
		if slices.Contains(p.Likes, g.ID) {
			g.Meetings = append(g.Meetings, Event{p.Text, "like", m.Starts, m.Ends})
		}
	}
}

func (g *gatherer) presence(p house.Presence) {
	if at := p.Of(g.ID, p.Day); at == record.Here || at == record.GoneHome {
		g.Presence = append(g.Presence, Presence{p.Day, at})
	}
	for _, d := range p.DaysOff {
		if d.Person == g.ID {
			g.Presence = append(g.Presence, Presence{d.Day, record.Off})
		}
	}
}

func (g *gatherer) group(x house.Group) {
	out := Group{Title: x.Title}
	for _, p := range x.Posts {
		if p.By == g.ID {
			out.Said = append(out.Said, Words{Text: p.Text, At: p.At})
		}
		for _, c := range p.Comments {
			if c.By == g.ID {
				out.Said = append(out.Said, Words{Text: c.Text})
			}
		}
	}
	if slices.Contains(x.Members, g.ID) || len(out.Said) > 0 {
		g.Groups = append(g.Groups, out)
	}
}

func (g *gatherer) duties() {
	for _, s := range g.h.Roster.Shifts {
		what := g.h.Roster.Types[s.Type].Label
		if s.Person == g.ID {
			g.Duties = append(g.Duties, Event{what, "shift", s.From, s.To})
		}
		if slices.Contains(s.ContactFor, g.ID) {
			g.Duties = append(g.Duties, Event{what, "contact", s.From, s.To})
		}
	}
}

func (g *gatherer) pictures() {
	for _, name := range house.PicturesOf(g.person) {
		g.Pictures = append(g.Pictures, Picture{Name: name})
	}
	in := func(title, alt record.Text, tagged []house.ID, name house.Picture) {
		if slices.Contains(tagged, g.ID) {
			g.Pictures = append(g.Pictures, Picture{Title: title, Alt: alt, Others: len(tagged) - 1, Name: name})
		}
	}
	for _, x := range g.h.Albums {
		for _, p := range x.Photos {
			in(x.Title, p.Alt, p.Tagged, p.Asset)
		}
	}
	for _, x := range g.h.News {
		for _, p := range x.Photos {
			in(x.Title, p.Alt, p.Tagged, p.Asset)
		}
	}
	for _, x := range g.h.Videos {
		in(x.Title, nil, x.Tagged, x.Film)
	}
}

func (g *gatherer) recipients() {
	home := house.HomeOf(g.person).Departments
	for _, s := range g.h.Screens {
		if slices.Contains(home, s.Department) {
			g.Screens = append(g.Screens, Screen{s.Place, g.departments[s.Department]})
		}
	}
	for _, r := range g.h.Relatives {
		if slices.Contains(r.LinkedTo, g.ID) {
			g.Relatives = append(g.Relatives, r.Display.Reveal())
		}
	}
	if g.shares() {
		for _, x := range g.h.Externals {
			g.Systems = append(g.Systems, x.Name)
		}
	}
}

func (g *gatherer) shares() bool {
	switch p := g.person.(type) {
	case *house.Resident:
		return p.Choices.External
	case *house.Staff:
		return p.Choices.External
	}
	return false
}

// name returns what they are called.
func (a *Answer) name() string {
	switch p := a.person.(type) {
	case *house.Resident:
		return strings.TrimSpace(p.FirstName.Reveal() + " " + p.LastName.Reveal())
	case *house.Staff:
		return strings.TrimSpace(p.FirstName.Reveal() + " " + p.LastName.Reveal())
	case *house.Relative:
		return p.Display.Reveal()
	}
	return ""
}

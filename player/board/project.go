package board

// Flow, a change on its way to the glass (the sixth hop; the fifth is
// player/run.go, the seventh player/ui/update.go):
//
//	facts + outbox + time + lease → Board
//
// Every person is asked about again: sync/policy decides with what is known
// here and now.

import (
	"bytes"
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"tavle/sync/policy"
	"tavle/sync/record"
)

// When the roster stops being believed.
const (
	rosterOldAfter  = 12 * time.Hour
	rosterGoneAfter = 24 * time.Hour
)

// Input is what a board is made of.
type Input struct {
	Facts   *record.Facts
	Done    []Done    // what residents did here, in order
	Now     time.Time // trusted
	Fresh   bool      // the lease is valid
	Contact time.Time // when the hub was last heard; zero: never
}

// Done is one thing a resident did here, and what became of it.
type Done struct {
	On       Ref
	Who      PersonID
	Leave    bool
	Takes    Choice      // not a list: a choice that they took back; On means nothing
	Says     Said        // not a list: what they propose to the meeting On, or, with Leave, no longer do
	Is       Whereabouts // not a list: where they are, on the day On
	Plate    Plate       // of a meal: which dish; "": they did not say
	Asks     Right       // not a list: what they ask for, or, with Leave, no longer do; On means nothing
	Answers  string      // not a list: the answer to the poll On that was given, or, with Leave, taken back
	Answered bool
	Refused  bool
	Waitlist bool
	// With Answered: the facts show it from Rev of Epoch on, or, when they are
	// of another epoch, anyway. Epoch "": not known.
	Rev   uint64
	Epoch record.Epoch
}

// Project makes the board. It returns nil when there are no facts yet.
func Project(in Input) *Board {
	f := in.Facts
	if f == nil || f.At.IsZero() {
		return nil
	}
	zone, err := time.LoadLocation(f.House.Zone)
	if err != nil {
		zone = time.UTC // the hub checks zones; a wall with a clock an hour off beats none
	}
	in.Facts = Tighten(f, in.Done)
	f = in.Facts
	p := projector{in: in, zone: zone, vague: vanished(in.Done, f.At), named: map[PersonID]record.Person{}}
	b := &Board{
		At: f.At, Name: f.House.Name, Zone: zone, Langs: f.House.Langs, Modules: f.House.Modules,
		Weekdays: f.House.Weekdays, Keeper: f.House.Keeper, Contact: f.House.Contact, Masked: !in.Fresh, NextAt: p.nextAt(),
	}
	b.Roster = p.rosterState(&b.NextAt)
	b.People = p.directory()
	b.Activities = p.activities()
	b.Meals = p.meals()
	if b.Roster != RosterGone {
		b.Shifts = p.shifts()
	}
	b.News = p.news()
	b.Albums, b.Documents, b.Videos, b.Weather = p.albums(), p.documents(), p.videos(), p.weather()
	b.Meetings = p.meetings()
	b.Resources = p.resources()
	b.Groups = p.groups()
	if b.Roster != RosterGone {
		b.Presence = p.presence(&b.NextAt)
	}
	b.Polls = p.polls(&b.NextAt)
	b.Waiting = p.waits()
	b.Lexicon = Lexicon{p.pronunciations(), f.House.Lexicon}
	return b
}

type projector struct {
	in    Input
	zone  *time.Location
	vague bool // no totals

	named map[PersonID]record.Person // who is shown under their name, somewhere
}

// decide asks the policy about somebody the hub sent. What it needs to know of
// their choices is what the hub left in the row; what was not sent, they do not
// have.
func (p *projector) decide(r record.Person, c policy.Context) policy.Verdict {
	return p.decideFor(r, policy.WallOwn, c)
}

// identifies reports whether somebody who says at this wall who they are is shown
// what is theirs, and may act there (V-08).
func (p *projector) identifies(r record.Person) bool {
	return r.SignUp && p.decideFor(r, policy.SelfAtWall, policy.Directory).Named()
}

func (p *projector) decideFor(r record.Person, v policy.Viewer, c policy.Context) policy.Verdict {
	subject := policy.Person{Photo: r.Photo != "", Roster: true, PrivateOnWall: slices.Contains(r.Open, record.ChoicePrivate)}
	if c == policy.PhotoTag {
		// The hub sent the picture: they let others see their photo and be told who
		// is in it.
		subject.Photo, subject.Tagged = true, true
	}
	if r.Kind == record.Staff {
		subject.Kind = policy.Staff
	}
	if !r.Until.IsZero() && !p.in.Now.Before(r.Until) {
		subject.Acceptance = policy.Declined
	}
	return policy.Decide(subject, p.in.Fresh, v, c)
}

// show returns the person as they may appear in c; ok is false when they may
// not appear under a name.
func (p *projector) show(id PersonID, c policy.Context) (Person, bool) {
	r, known := p.in.Facts.People[id]
	if !known {
		return Person{}, false
	}
	v := p.decide(r, c)
	if !v.Named() {
		return Person{}, false
	}
	p.named[id] = r
	s := Person{
		ID: r.ID, Name: r.Name, Mark: r.Mark, Role: r.Role, SignUp: p.identifies(r),
		Coded: r.Code != "", Open: r.Open, Preset: r.Preset, Requests: p.requests(r),
	}
	if v.Photo == policy.FullPhoto {
		s.Photo = r.Photo
	}
	return s, true
}

// pronunciations returns how the names are spoken that are shown. A name of two
// people who say it differently is said as it is written.
func (p *projector) pronunciations() (out []Pronunciation) {
	said := map[Name]Name{}
	for _, r := range p.named {
		if other, ok := said[r.Name]; ok && other != r.Spoken {
			r.Spoken = Name{}
		}
		said[r.Name] = r.Spoken
	}
	for name, spoken := range said {
		if !spoken.IsZero() {
			out = append(out, Pronunciation{name, spoken})
		}
	}
	slices.SortFunc(out, func(a, b Pronunciation) int { return strings.Compare(a.Name.Reveal(), b.Name.Reveal()) })
	return out
}

func (p *projector) directory() []Person {
	var out []Person
	for id, r := range p.in.Facts.People {
		if !r.Listed {
			continue
		}
		if s, ok := p.show(id, policy.Directory); ok {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, p.nameOrder(slices.Values(out)))
	return out
}

// nameOrder compares people as the house's language does: in Danish and
// Norwegian æ, ø and å come last. The same person is in the same place every
// day; only the ID breaks a tie.
func (p *projector) nameOrder(people iter.Seq[Person]) func(a, b Person) int {
	tag := language.Danish
	if l := p.in.Facts.House.Langs; len(l) > 0 {
		if t, err := language.Parse(string(l[0])); err == nil {
			tag = t
		}
	}
	c := collate.New(tag, collate.IgnoreCase)
	var buf collate.Buffer
	keys := map[PersonID][]byte{}
	for s := range people {
		if keys[s.ID] == nil {
			keys[s.ID] = c.KeyFromString(&buf, s.Name.Reveal())
		}
	}
	return func(a, b Person) int {
		return cmp.Or(bytes.Compare(keys[a.ID], keys[b.ID]), cmp.Compare(a.ID, b.ID))
	}
}

func (p *projector) activities() []Activity {
	out := make([]Activity, 0, len(p.in.Facts.Activities))
	for _, r := range p.in.Facts.Activities {
		a := Activity{
			Ref: Ref{record.KindActivity, string(r.ID)}, Title: r.Title, Text: r.Text, Place: r.Place,
			Picto: r.Picto, Picture: r.Picture, Sound: r.Sound, Starts: r.Starts.In(p.zone), Ends: p.local(r.Ends),
			Deadline: p.local(r.Deadline), Bring: r.Bring, Price: r.Price, SignUp: r.SignUp,
			Cancelled: r.Status == record.Cancelled,
		}
		for _, id := range r.Leaders {
			if s, ok := p.show(id, policy.Roster); ok {
				a.Leaders = append(a.Leaders, s)
			}
		}
		a.Crowd = p.crowd(a.Ref, r.Participants, policy.Activity)
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Activity) int {
		return cmp.Or(a.Starts.Compare(b.Starts), cmp.Compare(a.Ref.ID, b.Ref.ID))
	})
	return out
}

func (p *projector) local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(p.zone)
}

func (p *projector) meals() []Meal {
	out := make([]Meal, 0, len(p.in.Facts.Meals))
	for _, r := range p.in.Facts.Meals {
		m := Meal{
			Ref: Ref{record.KindMeal, string(r.ID)}, Kind: r.Kind, Served: r.Served.In(p.zone),
			Deadline: p.local(r.Deadline), Dish: r.Dish, Alternative: r.Alternative, Picto: r.Picto, Picture: r.Picture, Sound: r.Sound,
		}
		if s, ok := p.show(r.Cook, policy.Meal); ok {
			m.Cook = &s
		}
		m.Crowd = p.crowd(m.Ref, r.Participants, policy.Meal)
		for i := range m.Shown {
			who := &m.Shown[i]
			who.Auto = !who.Pending && slices.Contains(r.Auto, who.ID)
			who.Plate = p.plate(m, r.Other, who.ID)
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b Meal) int {
		return cmp.Or(a.Served.Compare(b.Served), cmp.Compare(a.Ref.ID, b.Ref.ID))
	})
	return out
}

// plate says which dish somebody eats, where their private things may be on a wall
// (V-08): as they said here last, or as the hub knows it.
func (p *projector) plate(m Meal, other []record.PersonID, who PersonID) Plate {
	if m.Alternative == nil || !p.private(p.in.Facts.People[who]) {
		return ""
	}
	is := PlateMain
	if slices.Contains(other, who) {
		is = PlateAlternative
	}
	for _, d := range p.in.Done {
		if d.On != m.Ref || d.Who != who || p.settled(d) {
			continue
		}
		if d.Plate != "" {
			is = d.Plate
		} else if d.Leave {
			is = PlateMain
		}
	}
	return is
}

// private reports whether somebody who says at this wall who they are is shown
// their private things there.
func (p *projector) private(r record.Person) bool {
	return p.identifies(r) && p.decideFor(r, policy.SelfAtWall, policy.PrivateItem).Named()
}

// crowd shows who may be shown, counts who may be counted, and adds what was
// done here since.
func (p *projector) crowd(on Ref, r record.Participants, c policy.Context) Crowd {
	out := Crowd{Others: r.More, Exact: r.Exact, Limit: r.Limit, Left: r.Left}
	if p.vague {
		out.Exact = false
	}
	list := func(ids []record.PersonID) []Participant {
		var shown []Participant
		for _, id := range ids {
			if s, ok := p.show(id, c); ok {
				shown = append(shown, Participant{Person: s})
			} else if r, known := p.in.Facts.People[id]; known && p.decide(r, c).Entry == policy.Counted {
				out.Others++
			}
		}
		return shown
	}
	out.Shown = list(r.Who)
	others := out.Others
	out.Waiting = list(r.Waiting)
	out.Others = others // who waits does not take part
	if p.vague {
		out.Others = 0
	}
	for _, d := range p.in.Done {
		if d.Takes == "" && d.Says.Text == "" && d.On == on && !p.settled(d) {
			p.overlay(&out, d, c)
		}
	}
	for _, d := range p.in.Done {
		if d.On == on && d.Plate != "" && !d.Leave {
			out.refuse(d.Who, d.Answered && d.Refused)
		}
	}
	return out
}

// settled reports whether the facts already say what became of d.
func (p *projector) settled(d Done) bool {
	at := p.in.Facts.At
	return d.Answered && (d.Refused || d.Rev <= at.Rev || d.Epoch != "" && d.Epoch != at.Epoch)
}

// overlay shows d as if the hub had said yes. On a full list that is a place on
// the waiting list.
func (p *projector) overlay(c *Crowd, d Done, ctx policy.Context) {
	s, ok := p.show(d.Who, ctx)
	if !ok {
		return
	}
	was, waiting, in := c.Has(d.Who)
	same := func(x Participant) bool { return x.ID == d.Who }
	switch {
	case d.Leave && in:
		c.Shown = slices.DeleteFunc(c.Shown, same)
		c.Waiting = slices.DeleteFunc(c.Waiting, same)
		if !waiting && !was.Pending {
			c.Left = p.left(*c)
		}
	case d.Leave, in:
		return
	default:
		mark := Participant{Person: s, Pending: !d.Answered}
		if d.Waitlist || c.full() {
			c.Waiting = append(c.Waiting, mark)
			return
		}
		c.Shown = append(c.Shown, mark)
		c.Left = p.left(*c)
	}
}

// left says how many places are left after a change here. Without exact numbers
// only the hub can say, so its word stands.
func (p *projector) left(c Crowd) Places {
	n, exact := c.Total()
	if !exact {
		return c.Left
	}
	switch policy.PlacesLeft(n, c.Limit) {
	case policy.PlacesFree:
		return PlacesFree
	case policy.PlacesFew:
		return PlacesFew
	case policy.PlacesNone:
		return PlacesNone
	}
	return PlacesUnlimited
}

func (p *projector) shifts() []Shift {
	out := make([]Shift, 0, len(p.in.Facts.Shifts))
	for _, r := range p.in.Facts.Shifts {
		s := Shift{Type: r.Type, Label: r.Label, From: r.From.In(p.zone), To: r.To.In(p.zone), Role: r.Role}
		if who, ok := p.show(r.Person, policy.Roster); ok {
			s.Person = &who
		}
		out = append(out, s)
	}
	order := p.nameOrder(func(yield func(Person) bool) {
		for _, s := range out {
			if s.Person != nil && !yield(*s.Person) {
				return
			}
		}
	})
	slices.SortFunc(out, func(a, b Shift) int {
		byName := cmp.Compare(b2i(a.Person == nil), b2i(b.Person == nil)) // roles last
		if a.Person != nil && b.Person != nil {
			byName = order(*a.Person, *b.Person)
		}
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), cmp.Compare(a.Type, b.Type), byName)
	})
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// rosterState says how old the roster is, and when that changes.
func (p *projector) rosterState(next *time.Time) RosterState {
	if p.in.Contact.IsZero() {
		return RosterGone
	}
	for _, limit := range []struct {
		after time.Duration
		until RosterState
	}{{rosterOldAfter, RosterCurrent}, {rosterGoneAfter, RosterOld}} {
		if at := p.in.Contact.Add(limit.after); p.in.Now.Before(at) {
			*next = sooner(*next, at)
			return limit.until
		}
	}
	return RosterGone
}

// waits lists what the hub has not answered, of people who may be shown.
func (p *projector) waits() []Wait {
	var out []Wait
	for _, d := range p.in.Done {
		if d.Answered || d.Takes != "" || d.Asks != "" {
			continue
		}
		if s, ok := p.show(d.Who, policy.Directory); ok {
			out = append(out, Wait{On: d.On, Who: s, Leave: d.Leave, Says: d.Says.Text != "", Is: d.Is})
		}
	}
	return out
}

// nextAt returns when time alone changes the board: news and weather come or go,
// an acceptance ends.
func (p *projector) nextAt() time.Time {
	var next time.Time
	at := func(t time.Time) {
		if t.After(p.in.Now) {
			next = sooner(next, t)
		}
	}
	p.mediaTimes(at)
	for _, r := range p.in.Facts.People {
		at(r.Until)
	}
	return next
}

// sooner returns the earlier of two times, of which zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

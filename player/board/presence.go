package board

import (
	"slices"
	"time"

	"tavle/sync/policy"
	"tavle/sync/record"
)

// A Presence is who is there today, of those who want that to be seen.
type Presence struct {
	Ref    Ref       // this day's
	People []Present // in the order of the language
	Whole  bool      // they are everybody, and may be counted
}

// A Present is somebody and where they are.
type Present struct {
	Person
	Is      Whereabouts
	Pending bool // said here, and the hub has not confirmed it yet
}

// Of returns somebody on the board of who is there.
func (p *Presence) Of(id PersonID) (Present, bool) {
	if p == nil {
		return Present{}, false
	}
	return find(p.People, func(x Present) bool { return x.ID == id })
}

// Count returns how many are in one state; ok is false where that may not be said:
// somebody of the department does not stand here, and a number would be wrong.
func (p *Presence) Count(is Whereabouts) (n int, ok bool) {
	for _, x := range p.People {
		if x.Is == is {
			n++
		}
	}
	return n, p.Whole
}

// presence makes the board of who is there today. A day begins with nobody,
// whatever the hub knows of it yet, and ends at midnight by the calendar of the
// house: next is then at the latest. It is believed no longer than the roster.
func (p *projector) presence(next *time.Time) *Presence {
	for _, r := range p.in.Facts.Presence {
		now := p.in.Now.In(p.zone)
		today := record.DayOf(now)
		y, m, d := now.Date()
		*next = sooner(*next, time.Date(y, m, d+1, 0, 0, 0, 0, p.zone))
		out := &Presence{Ref: Ref(record.DayKey(r.ID, today)), Whole: r.Whole && !p.vague}
		for _, id := range r.Who {
			who, ok := p.show(id, policy.Presence)
			if !ok {
				out.Whole = false
				continue
			}
			out.People = append(out.People, p.present(r, out.Ref, who, today))
		}
		order := p.nameOrder(func(yield func(Person) bool) {
			for _, x := range out.People {
				if !yield(x.Person) {
					return
				}
			}
		})
		slices.SortFunc(out.People, func(a, b Present) int { return order(a.Person, b.Person) })
		return out
	}
	return nil
}

// present says where somebody is: as the hub knows, and as was said here since.
func (p *projector) present(r record.Presence, on Ref, who Person, today record.Day) Present {
	rest := NotYet // where they are when nothing is said
	if slices.Contains(r.Off, record.DayOff{Who: who.ID, Day: today}) {
		rest = Off
	}
	x := Present{Person: who, Is: rest}
	switch {
	case r.Day != today:
	case slices.Contains(r.Gone, who.ID):
		x.Is = GoneHome
	case slices.Contains(r.Here, who.ID):
		x.Is = Here
	}
	for _, d := range p.in.Done {
		if d.Is == "" || d.On != on || d.Who != who.ID || p.settled(d) {
			continue
		}
		x.Is, x.Pending = d.Is, !d.Answered
		if d.Is == NotYet {
			x.Is = rest
		}
	}
	return x
}

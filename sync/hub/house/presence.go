package house

import (
	"slices"

	"tavle/sync/record"
)

// A Presence is who of a department is there on one day, and who will not come on
// which. A department has one, about the last day that something was said of: the
// days before are forgotten, and when, by whom and why somebody came or went is
// kept nowhere (R-KID-06).
type Presence struct {
	ID         ID       `key:"id"`
	Department ID       `key:"department,opt" ref:"department"`
	Day        Day      `key:"day"`
	Here       []ID     `key:"here,opt" ref:"resident" max:"10000" data:"presence"`
	Gone       []ID     `key:"gone_home,opt" ref:"resident" max:"10000" data:"presence"`
	DaysOff    []DayOff `key:"days_off,opt" max:"10000"`
}

// A DayOff is a day on which somebody does not come.
type DayOff struct {
	Person ID  `key:"person" ref:"resident" data:"presence"`
	Day    Day `key:"day"`
}

// On makes p about day, when that is a later one: nobody has come yet, and days
// that are over are forgotten. It reports whether p is about that day now.
func (p *Presence) On(day Day) bool {
	if p.Day < day {
		p.Day, p.Here, p.Gone = day, nil, nil
		p.DaysOff = slices.DeleteFunc(p.DaysOff, func(d DayOff) bool { return d.Day < day })
	}
	return p.Day == day
}

// Of returns where somebody is on day. Who comes on a day off is there.
func (p *Presence) Of(id ID, day Day) record.Whereabouts {
	switch {
	case p.Day == day && slices.Contains(p.Gone, id):
		return record.GoneHome
	case p.Day == day && slices.Contains(p.Here, id):
		return record.Here
	case slices.Contains(p.DaysOff, DayOff{id, day}):
		return record.Off
	}
	return record.NotYet
}

// Mark says where somebody is, on the day p is about.
func (p *Presence) Mark(id ID, at record.Whereabouts) {
	is := func(x ID) bool { return x == id }
	p.Here, p.Gone = slices.DeleteFunc(p.Here, is), slices.DeleteFunc(p.Gone, is)
	switch at {
	case record.Here:
		p.Here = append(p.Here, id)
	case record.GoneHome:
		p.Gone = append(p.Gone, id)
	}
}

package board

import (
	"slices"
	"time"

	"tavle/sync/record"
)

// A Request is something that somebody asked of whoever is responsible for what is
// kept of them.
type Request struct {
	Right      Right
	Asked, Due time.Time // days; of what was asked for here just now, today and when an answer comes at the latest
	Answered   time.Time // zero: not yet
	Pending    bool      // asked for here, and the hub has not confirmed it yet
}

// Request returns what somebody asked for last by one right.
func (p Person) Request(by Right) (Request, bool) {
	i := slices.IndexFunc(p.Requests, func(r Request) bool { return r.Right == by })
	if i < 0 {
		return Request{}, false
	}
	return p.Requests[i], true
}

// requests returns what somebody asked for, as the hub knows it and as they did here
// since. One that is open is not asked for again.
func (p *projector) requests(of record.Person) (out []Request) {
	if !of.SignUp {
		return nil
	}
	for _, r := range of.Requests {
		out = append(out, Request{Right: r.Right, Asked: r.Asked.In(p.zone), Due: r.Due.In(p.zone), Answered: r.Answered.In(p.zone)})
	}
	for _, d := range p.in.Done {
		if d.Asks == "" || d.Who != of.ID || p.settled(d) {
			continue
		}
		i := slices.IndexFunc(out, func(r Request) bool { return r.Right == d.Asks })
		switch {
		case d.Leave && i >= 0 && out[i].Answered.IsZero():
			out = slices.Delete(out, i, i+1)
			continue
		case d.Leave, i >= 0 && out[i].Answered.IsZero():
			continue
		case i >= 0:
			out = slices.Delete(out, i, i+1)
		}
		now := p.in.Now.In(p.zone)
		out = append(out, Request{Right: d.Asks, Asked: now, Due: now.AddDate(0, 0, record.RequestDays), Pending: !d.Answered})
	}
	return out
}

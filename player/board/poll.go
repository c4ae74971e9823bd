package board

import (
	"cmp"
	"slices"
	"time"

	"tavle/sync/record"
)

// A Poll is a question to everybody who passes. Nobody knows who answered.
type Poll struct {
	Ref      Ref
	Question Text
	Options  []PollOption
	From     time.Time
	Until    time.Time
	Counted  int  // how many answers the numbers are of; 0: there are none yet
	Waits    bool // an answer given here is not with the hub yet
	Late     bool // the hub did not take the last one given here
}

// Open reports whether it can be answered at t.
func (p Poll) Open(t time.Time) bool { return !t.Before(p.From) && t.Before(p.Until) }

// Has reports whether an answer can be given.
func (p Poll) Has(picto string) bool {
	return slices.ContainsFunc(p.Options, func(o PollOption) bool { return o.Picto == picto })
}

// Poll returns the question that r names.
func (b *Board) Poll(r Ref) (Poll, bool) {
	return find(b.Polls, func(p Poll) bool { return p.Ref == r })
}

// polls makes the questions that are asked now, and after them those that were,
// the last first. They hold nobody, so they are shown whatever became of the lease.
func (p *projector) polls(next *time.Time) []Poll {
	var out []Poll
	now := p.in.Now
	for _, r := range p.in.Facts.Polls {
		gone := r.Until.Add(record.PollShown)
		for _, at := range []time.Time{r.From, r.Until, gone} {
			if at.After(now) {
				*next = sooner(*next, at)
			}
		}
		if now.Before(r.From) || !now.Before(gone) {
			continue
		}
		x := Poll{
			Ref: Ref{record.KindPoll, string(r.ID)}, Question: r.Question, Options: r.Options,
			From: r.From.In(p.zone), Until: r.Until.In(p.zone), Counted: r.Counted,
		}
		for _, d := range p.in.Done {
			if d.Answers != "" && d.On == x.Ref {
				x.Waits = x.Waits || !d.Answered
				x.Late = d.Refused
			}
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b Poll) int {
		byTime := a.Until.Compare(b.Until)
		if !a.Open(now) && !b.Open(now) {
			byTime = -byTime
		}
		return cmp.Or(cmp.Compare(b2i(!a.Open(now)), b2i(!b.Open(now))), byTime, cmp.Compare(a.Ref.ID, b.Ref.ID))
	})
	return out
}

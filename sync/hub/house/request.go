package house

import (
	"cmp"
	"slices"

	"tavle/sync/record"
)

// A Request is something that somebody asked of whoever is responsible for what is
// kept of them, and what became of it (R-DPA-05, R-ACT-15). It goes with them: of who
// was erased there is the certificate.
type Request struct {
	ID         ID           `key:"id"`
	Person     ID           `key:"person" ref:"resident staff relative" data:"request"`
	Department ID           `key:"department,opt" ref:"department"` // where they live
	Right      record.Right `key:"right" oneof:"access correction erasure restriction objection"`
	Via        string       `key:"via" oneof:"wall staff letter phone mail relative"`
	Asked      Wall         `key:"asked"`
	Due        Day          `key:"due"`                        // [record.RequestDays] after it, or as it was extended
	Extended   string       `key:"extended_for,opt" max:"500"` // why it takes longer
	State      string       `key:"state" oneof:"open answered refused"`
	Answered   Day          `key:"answered,opt"`                // with a state that is not open
	By         ID           `key:"answered_by,opt" ref:"staff"` // who answered
	Note       string       `key:"note,opt" max:"1000"`         // what was done, or why not
}

// The states of a request.
const (
	RequestOpen     = "open"
	RequestAnswered = "answered"
	RequestRefused  = "refused"
)

// Open reports whether it waits for an answer.
func (r *Request) Open() bool { return r.State == RequestOpen }

// Late reports whether an answer should have come before day.
func (r *Request) Late(day Day) bool { return r.Open() && r.Due < day }

// RequestsOf returns what somebody asked for that their own page says on day: what is
// open, and what was answered a month before at most; of each right the last.
func RequestsOf(all []Request, who ID, day Day) (out []record.Request) {
	last := map[record.Right]Request{}
	for _, r := range all {
		told := r.Open() || r.Answered >= day.Add(-record.RequestDays)
		if was, ok := last[r.Right]; r.Person == who && told && (!ok || r.Open() || !was.Open() && was.Asked < r.Asked) {
			last[r.Right] = r
		}
	}
	for _, r := range last {
		x := record.Request{Right: r.Right, Asked: record.Day(r.Asked.Day()), Due: record.Day(r.Due)}
		if !r.Open() {
			x.Answered = record.Day(r.Answered)
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b record.Request) int { return cmp.Compare(a.Right, b.Right) })
	return out
}

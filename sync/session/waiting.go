package session

import (
	"cmp"
	"slices"
	"time"

	"tavle/sync/wire"
)

// An Entry is one mutation this installation made, as the outbox holds it.
type Entry struct {
	wire.Mutation
	Touched time.Time    // zero: before this start of the screen, nobody knows when
	Result  *wire.Result // nil: not answered yet
}

// waiting mirrors the outbox in memory: entries in order of their numbers,
// without gaps from the oldest kept to the newest.
type waiting struct {
	entries []Entry
	next    uint64 // number the next mutation gets
	sent    uint64 // highest number sent on this connection
}

// unanswered returns what is to be sent: entries not answered and not yet sent
// on this connection, in order, each with its age at now.
func (w *waiting) unanswered(now time.Time) []wire.Mutation {
	var out []wire.Mutation
	for _, e := range w.entries {
		if e.Result != nil || e.Seq <= w.sent {
			continue
		}
		m := e.Mutation
		m.AgeMS = nil
		if !e.Touched.IsZero() {
			age := now.Sub(e.Touched).Milliseconds()
			m.AgeMS = &age
		}
		out = append(out, m)
	}
	return out
}

// settle records results and returns those that were news.
func (w *waiting) settle(results []wire.Result) []wire.Result {
	var fresh []wire.Result
	for _, r := range results {
		if e := w.find(r.Seq); e != nil && e.Result == nil {
			e.Result = &r
			fresh = append(fresh, r)
		}
	}
	return fresh
}

// find returns the entry of that number, or nil.
func (w *waiting) find(seq uint64) *Entry {
	i, ok := slices.BinarySearchFunc(w.entries, seq, func(e Entry, seq uint64) int { return cmp.Compare(e.Seq, seq) })
	if !ok {
		return nil
	}
	return &w.entries[i]
}

// rememberTouches takes from old when the same entries were touched: that is
// kept in memory only, because no clock outlives a start of the screen.
func (w *waiting) rememberTouches(old []Entry) {
	for _, o := range old {
		if e := w.find(o.Seq); e != nil && e.Touched.IsZero() {
			e.Touched = o.Touched
		}
	}
}

// answered returns the highest number up to which everything is answered.
func (w *waiting) answered() uint64 {
	for _, e := range w.entries {
		if e.Result == nil {
			return e.Seq - 1
		}
	}
	return w.next - 1
}

// reopen makes everything above last wait again and reports whether anything
// did; ok is false when the hub has lost more than is still kept here.
func (w *waiting) reopen(last uint64) (reopened, ok bool) {
	for i := range w.entries {
		if e := &w.entries[i]; e.Seq > last && e.Result != nil {
			e.Result = nil
			reopened = true
		}
	}
	oldest := w.next
	if len(w.entries) > 0 {
		oldest = w.entries[0].Seq
	}
	return reopened, oldest <= last+1
}

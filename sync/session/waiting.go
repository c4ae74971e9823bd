package session

import (
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

// pending reports whether anything waits for an answer.
func (w *waiting) pending() bool {
	return slices.ContainsFunc(w.entries, func(e Entry) bool { return e.Result == nil })
}

// settle records results and returns those that were news.
func (w *waiting) settle(results []wire.Result) []wire.Result {
	var fresh []wire.Result
	for _, r := range results {
		i, ok := slices.BinarySearchFunc(w.entries, r.Seq, func(e Entry, seq uint64) int {
			return int(int64(e.Seq) - int64(seq))
		})
		if ok && w.entries[i].Result == nil {
			w.entries[i].Result = &r
			fresh = append(fresh, r)
		}
	}
	return fresh
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

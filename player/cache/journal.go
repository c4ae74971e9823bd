package cache

import (
	"cmp"
	"slices"
	"time"

	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// Bounds of what is kept of touches.
const (
	// MaxWaiting is the most touches that wait for an answer. A house of 60 that
	// signs up for three meals a day makes 540 in the three days a lease lasts,
	// after which nobody can be shown, or touched. They are sent in 32 messages,
	// which the hub takes at once.
	MaxWaiting = 1000

	// maxJournal is the most entries kept in all, answered ones included. Beyond
	// it the oldest answered ones go before their 48 hours are over: they matter
	// only to a hub that is restored from a backup.
	maxJournal = 4 * MaxWaiting
)

// A journal is what the outbox file says: the touches of this installation from
// the oldest kept to the newest, numbered without gaps. It is pure; every
// change is a [note], which is also what the file holds.
type journal struct {
	inst    string
	next    uint64
	entries []kept
	gap     bool // notes were lost: numbers are missing
}

// A kept entry. The pointer in Entry.Result is never written through.
type kept struct {
	session.Entry
	answered time.Time // zero: not
}

// refusedWish reports whether somebody wished to be shown less, and the hub refused.
// One of somebody who is gone for good shows nobody.
func (e kept) refusedWish() bool {
	return e.Op == wire.OpTighten && e.Result != nil && e.Result.Outcome == wire.Rejected && e.Result.Code != wire.ReasonGone
}

// A note is one change, as JSON in one frame of the file. Inst and Next are in
// every note, so that a note that is lost shows, and what comes after it is not
// misread.
type note struct {
	Op   string `json:"op"`
	Inst string `json:"inst"` // after the change
	Next uint64 `json:"next"` // after the change
	At   int64  `json:"at"`   // Unix ms

	Mutation *wire.Mutation `json:"mut,omitempty"`     // add, keep
	Results  []wire.Result  `json:"results,omitempty"` // settle; keep: one or none
	Seq      uint64         `json:"seq,omitempty"`     // reopen: above; forget: below
}

// The ops.
const (
	noteBegin  = "begin"  // nothing was touched yet; later numbers start at Next
	noteAdd    = "add"    // somebody touched
	noteKeep   = "keep"   // an entry carried over when the file was rewritten
	noteSettle = "settle" // the hub answered
	noteReopen = "reopen" // the hub has lost what it answered
	noteForget = "forget" // entries too old to matter
	noteRenew  = "renew"  // a new installation name; waiting entries count from 1
)

// apply makes the change n. It trusts nothing: a note that does not follow from
// what went before sets gap and is taken as far as it makes sense, so that no
// touch is dropped for it.
func (j *journal) apply(n note) {
	if j.inst == "" { // the beginning was lost
		j.inst, j.next = n.Inst, n.Next
		if n.Mutation != nil {
			j.next = n.Mutation.Seq
		}
	}
	if j.inst != n.Inst && n.Op != noteBegin {
		// This note renews the installation, which closes every gap, or the one
		// that did was lost. What it does follows from what was there.
		j.renew(n.Inst)
		j.gap = n.Op != noteRenew
	}
	switch n.Op {
	case noteBegin:
		*j = journal{inst: n.Inst, next: max(n.Next, 1)}
	case noteAdd, noteKeep:
		j.add(n)
	case noteSettle:
		for _, r := range n.Results {
			j.settle(r, time.UnixMilli(n.At))
		}
	case noteReopen:
		for i := range j.entries {
			if e := &j.entries[i]; e.Seq > n.Seq {
				e.Result, e.answered = nil, time.Time{}
			}
		}
	case noteForget:
		j.entries = slices.DeleteFunc(j.entries, func(e kept) bool { return e.Seq < n.Seq && e.Result != nil })
	}
	if n.Next > j.next { // notes about numbers up to there are lost
		j.gap, j.next = true, n.Next
	}
}

func (j *journal) add(n note) {
	if n.Mutation == nil {
		j.gap = true
		return
	}
	e := kept{Entry: session.Entry{Mutation: *n.Mutation}}
	if e.Seq != j.next {
		j.gap = true
		e.Seq = max(e.Seq, j.next)
	}
	if n.Op == noteKeep && len(n.Results) == 1 {
		e.Result, e.answered = &n.Results[0], time.UnixMilli(n.At)
	}
	j.entries = append(j.entries, e)
	j.next = e.Seq + 1
}

func (j *journal) settle(r wire.Result, at time.Time) {
	if e := j.find(r.Seq); e != nil && e.Result == nil {
		e.Result, e.answered = &r, at
	}
}

// renew drops what was answered and numbers the rest from 1. Wishes that were
// refused are asked again.
func (j *journal) renew(inst string) {
	for i := range j.entries {
		if e := &j.entries[i]; e.refusedWish() {
			e.Result, e.answered = nil, time.Time{}
		}
	}
	j.entries = slices.DeleteFunc(j.entries, func(e kept) bool { return e.Result != nil })
	for i := range j.entries {
		j.entries[i].Seq = uint64(i) + 1
	}
	j.inst, j.next = inst, uint64(len(j.entries))+1
}

// find returns the entry of that number, or nil.
func (j *journal) find(seq uint64) *kept {
	i, ok := slices.BinarySearchFunc(j.entries, seq, func(e kept, seq uint64) int { return cmp.Compare(e.Seq, seq) })
	if !ok {
		return nil
	}
	return &j.entries[i]
}

// waiting returns how many entries are not answered.
func (j *journal) waiting() int {
	n := 0
	for _, e := range j.entries {
		if e.Result == nil {
			n++
		}
	}
	return n
}

// oldest returns the number of the oldest entry kept, or of the next one.
func (j *journal) oldest() uint64 {
	if len(j.entries) > 0 {
		return j.entries[0].Seq
	}
	return j.next
}

// whole reports whether the numbers have no gap.
func (j *journal) whole() bool {
	return !j.gap && j.next == j.oldest()+uint64(len(j.entries))
}

// past returns the number below which entries can go: those at the front that
// were answered before t, and as many more answered ones as there are beyond
// the newest keep.
func (j *journal) past(t time.Time, keep int) uint64 {
	over := len(j.entries) - keep
	for i, e := range j.entries {
		if e.Result == nil || i >= over && !e.answered.Before(t) {
			return e.Seq
		}
	}
	return j.next
}

// refused returns the wishes to be shown less, among the entries below that number,
// that the hub refused and that are not asked again already. There are no more of
// them than people times choices.
func (j *journal) refused(below uint64) []wire.Mutation {
	type wish struct {
		who  record.PersonID
		what string
	}
	again := map[wish]bool{}
	var out []wire.Mutation
	for _, e := range slices.Backward(j.entries) {
		w := wish{e.Who, e.Text}
		if e.Op != wire.OpTighten || again[w] {
			continue
		}
		again[w] = true // whatever became of the last time it was wished
		if e.Seq < below && e.refusedWish() {
			out = append(out, e.Mutation)
		}
	}
	slices.Reverse(out)
	return out
}

// after returns the number of the next mutation once n is applied.
func (j *journal) after(n note) uint64 {
	switch n.Op {
	case noteAdd:
		return j.next + 1
	case noteRenew:
		return uint64(j.waiting()) + 1
	}
	return j.next
}

// session returns the entries as a session knows them.
func (j *journal) session() []session.Entry {
	out := make([]session.Entry, len(j.entries))
	for i, e := range j.entries {
		out[i] = e.Entry
	}
	return out
}

package sim

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"tavle/player/board"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// The invariants of the channel, by the names violations have:
//
//	1  nothing is lost     every touch that was noted took effect once, and the
//	                       screen has the result that is stored; no result is
//	                       told that was not committed; what was accepted is so
//	2  hidden is gone      from the commit on, whoever may not be shown is in no
//	                       row, no frame made, no disk and no photo that follows;
//	   lease               and on no glass seconds after the lease ended
//	   restrictions first  after a reconnect the board comes before any result
//	   taken back is gone  what somebody took back at a screen is on its glass no
//	                       more, whatever the hub knows, and in the end with the
//	                       hub, too, unless staff gave it again
//	3  committed states    what a screen has at a revision is what was committed
//	4  convergence         a while after the last fault all screens agree
//	   no ghosts           and show what the facts say, whatever was touched
//	5  places              no list is fuller than its limit, nobody waits where
//	                       there is a place, and who waited longest moves up
//	6  honest receipts     what is confirmed is on disk and on the glass; and in
//	                       the end everything is confirmed
//	7  revisions           have no gaps and do not go back
//	   shut out            who was revoked or moved changes nothing from then on,
//	                       is served nothing once every replica has looked, and
//	                       keeps nothing of where it was
//	8  bounded             one frame of a board in flight; an outbox has a limit
//	9  no resync           no screen asks for a board because what it got did
//	   thrift              not fit, and none gets all of it for nothing
//	10 minimisation        nothing that stays in the hub is in any message
type check struct {
	history map[feedRev]state
	heads   map[record.BoardID]record.Position
	feeds   map[record.Epoch]record.BoardID // whose each epoch ever was
	places  map[house.List][]store.Place
	told    map[string][]wire.Result // every result ever committed
	forbid  []string                 // whom no board may show now: names and pictures
}

// A state is what was committed at a revision.
type state struct {
	sum    record.Sum
	rows   int
	forbid []string
}

// canary is in everything of a house that stays in the hub: surnames, numbers,
// and the IDs of its records.
const canary = "Canary"

// committed looks at a transaction that has just become true.
func (w *world) committed(t *tx) {
	if len(t.undo) == 0 {
		return
	}
	c := &w.check
	if t.people || c.forbid == nil {
		c.forbid = w.forbidden()
	}
	for _, id := range slices.Sorted(maps.Keys(w.base.heads)) {
		c.committedBoard(w, id, t.people)
	}
	c.committedLists(w)
	c.receipts(w)
	for text, r := range w.base.outcome {
		if !slices.Contains(c.told[text], r) {
			c.told[text] = append(c.told[text], r)
			w.stands(text)
		}
	}
}

// receipts looks at what staff are told: which screens show nothing any more of what
// somebody withdrew. A screen that is said to has it on no disk and no glass.
func (c *check) receipts(w *world) {
	for i := len(w.base.withdrawn) - 1; i >= max(0, len(w.base.withdrawn)-recent); i-- {
		x := w.base.withdrawn[int64(i)]
		for _, due := range x.Screens {
			d, there := w.device(due.Device), w.base.devices[due.Device]
			if !due.Met(there.Acked, there.AckedAt, x.At) || d.disk.at.IsZero() {
				continue
			}
			at := wire.Ack{Epoch: d.disk.at.Epoch, Rev: d.disk.at.Rev}
			if at.Epoch == due.From.Epoch && at.Rev < due.From.Rev {
				w.fail("honest receipts", "%s is said to show nothing of what was withdrawn, and has %s", d.id, d.disk.at)
			}
			if c.feeds[at.Epoch] != there.Board && at.Epoch != there.Acked.Epoch && !d.disk.taken.After(x.At) {
				w.fail("honest receipts", "%s is said to show nothing of what was withdrawn, and has its board from before", d.id)
			}
		}
	}
}

// recent is how many withdrawals are looked at after each commit.
const recent = 8

func (c *check) committedBoard(w *world, id record.BoardID, people bool) {
	head, was := w.base.heads[id], c.heads[id]
	moved := head.Position != was
	if moved {
		c.heads[id] = head.Position
		c.feeds[head.Epoch] = id
		if was.Epoch == head.Epoch && head.Rev != was.Rev+1 {
			w.fail("revisions", "board went from %s to %s", was, head)
		}
	}
	if !moved && !people {
		return
	}
	s := state{forbid: c.forbid}
	for _, r := range w.base.rows[id] {
		if r.hash != 0 {
			s.sum = s.sum.Add(r.hash)
			s.rows++
			c.clean(w, "hidden is gone", "a row after the commit", r.body)
		}
	}
	if s.sum != head.Sum {
		w.fail("committed states", "board at %s does not add up", head)
	}
	at := feedRev{head.Epoch, head.Rev}
	if old, ok := c.history[at]; ok && old.sum != s.sum {
		w.fail("revisions", "%s means two things", head)
	}
	c.history[at] = s
}

// clean looks for whoever may not be shown now.
func (c *check) clean(w *world, invariant, where string, b []byte) {
	found(w, invariant, where, b, c.forbid)
}

func found(w *world, invariant, where string, b []byte, forbid []string) {
	for _, s := range forbid {
		if bytes.Contains(b, []byte(s)) {
			w.fail(invariant, "%s holds something of somebody who may not be shown", where)
		}
	}
}

// forbidden is who may be shown by no board, said again from their choices: what
// has to be nowhere.
func (w *world) forbidden() (out []string) {
	for _, id := range w.staff.everybody {
		n := nameOf(id)
		e, there := w.base.records[house.KindResident][id]
		switch {
		case slices.Contains(w.ledger, id):
			out = append(out, n.first, n.alias, string(n.photo))
			continue
		case !there:
			continue // a backup from before they came
		}
		r := e.record.(*house.Resident)
		switch {
		case r.Choices.Hidden || r.Acceptance.State != house.Accepted:
			out = append(out, n.first, n.alias, string(n.photo))
			continue
		case r.Choices.NameMode == "alias":
			out = append(out, n.first)
		default:
			out = append(out, n.alias)
		}
		if !r.Choices.Photo {
			out = append(out, string(n.photo))
		}
	}
	if out == nil {
		out = []string{}
	}
	return out
}

func (c *check) committedLists(w *world) {
	ids := slices.Sorted(maps.Keys(w.base.records[house.KindActivity]))
	for _, id := range ids {
		l := house.List{Kind: house.KindActivity, ID: id}
		list, was := w.base.places[l], c.places[l]
		limit := w.base.records[house.KindActivity][id].record.(*house.Activity).Capacity
		taken, waiting := 0, 0
		for _, p := range list {
			switch p.State {
			case house.TakesPart:
				taken++
			case house.Waits:
				waiting++
			case house.OptedOut: // neither
			}
		}
		if limit > 0 && taken > limit {
			w.fail("places", "%d take part where %d can", taken, limit)
		}
		if waiting > 0 && (limit == 0 || taken < limit) {
			w.fail("places", "%d wait where %d of %d places are taken", waiting, taken, limit)
		}
		for _, p := range list {
			if p.State == house.TakesPart && stateOf(was, p.Person) == house.Waits {
				for _, q := range list {
					if q.State == house.Waits && stateOf(was, q.Person) == house.Waits && q.Order < p.Order {
						w.fail("places", "somebody moved up past somebody who has waited longer")
					}
				}
			}
		}
		c.places[l] = list
	}
}

func stateOf(list []store.Place, id house.ID) house.State {
	for _, p := range list {
		if p.Person == id {
			return p.State
		}
	}
	return ""
}

// stands looks whether what was answered is so: it is called when the answer has
// been committed.
func (w *world) stands(text string) {
	if n := w.base.applied[text]; n != 1 {
		w.fail("nothing is lost", "%s took effect %d times", text, n)
	}
}

// effect looks whether what a screen is about to be told is so, and whether it may
// have said it.
func (c *check) effect(w *world, t *tx, d store.Device, m wire.Mutation, r wire.Result) {
	if now := t.devices[d.ID]; now.Revoked || now.Board != d.Board {
		w.fail("shut out", "%s of %s takes effect, which was revoked or moved", nameOfTouch(m), d.ID)
	}
	list, ok1 := t.rows[d.Board][m.On.Key()]
	who, ok2 := t.rows[d.Board][record.Key{Kind: record.KindPerson, ID: string(m.Who)}]
	if !ok1 || !ok2 || r.Outcome == wire.Rejected {
		return
	}
	if m.On.Kind != record.KindActivity {
		c.together(w, t, m, list.src, who.src)
		return
	}
	want := house.State("")
	switch {
	case m.Op == wire.OpSignUp && r.Outcome == wire.Accepted:
		want = house.TakesPart
	case m.Op == wire.OpSignUp:
		want = house.Waits
	}
	if is := stateOf(t.places[house.List{Kind: house.KindActivity, ID: list.src}], who.src); is != want {
		w.fail("nothing is lost", "%s is told %s, and stands on the list as %q", nameOfTouch(m), r.Outcome, is)
	}
}

// together looks whether what was accepted is so where people are in a record
// itself.
func (c *check) together(w *world, t *tx, m wire.Mutation, on, who house.ID) {
	is, want := false, m.Op == wire.OpSignUp
	switch m.On.Kind {
	case record.KindGroup:
		is = slices.Contains(t.records[house.KindGroup][on].record.(*house.Group).Members, who)
	case record.KindMeeting:
		x := t.records[house.KindMeeting][on].record.(*house.Meeting)
		is = slices.Contains(x.SignUps, who)
		if m.Op == wire.OpPropose {
			want, is = true, slices.ContainsFunc(x.Proposals, func(p house.Proposal) bool { return p.By == who && p.Text["da"] == m.Text })
		}
	case record.KindPerson:
		r := *t.records[house.KindResident][who].record.(*house.Resident)
		want = false
		is = r.Tighten(record.Choice(m.Text))
	}
	if is != want {
		w.fail("nothing is lost", "%s is accepted, and it is not so", nameOfTouch(m))
	}
}

// answered looks at a result a screen is about to store.
func (c *check) answered(d *device, text string, r wire.Result) {
	w := d.w
	if !slices.ContainsFunc(c.told[text], func(x wire.Result) bool { return same(x, r) }) {
		w.fail("nothing is lost", "%s is told %s %s of %s, which was never committed", d.id, r.Outcome, r.Code, text)
	}
	if d.disk.at.Epoch != d.goal.Epoch || d.disk.at.Rev < d.goal.Rev {
		w.fail("restrictions first", "%s has a result at %s, and the board stood at %d when it came back", d.id, d.disk.at, d.goal.Rev)
	}
}

// same compares what residents are told. The number in a line may have grown
// smaller since, and a revision is a matter of the feed.
func same(a, b wire.Result) bool { return a.Outcome == b.Outcome && a.Code == b.Code }

// confirmed looks at a receipt.
func (w *world) confirmed(d store.Device, a wire.Ack) {
	x := w.device(d.ID)
	if x.disk.at.Epoch == a.Epoch && a.Rev > x.disk.at.Rev {
		w.fail("honest receipts", "%s confirmed %d and has %s on disk", d.ID, a.Rev, x.disk.at)
	}
	if f := x.glass.facts; x.on && f != nil && f.At.Epoch == a.Epoch && a.Rev > f.At.Rev {
		w.fail("honest receipts", "%s confirmed %d and shows %s", d.ID, a.Rev, f.At)
	}
}

// applied looks at the disk of a screen that has stored something.
func (c *check) applied(d *device, was record.Position) {
	w, at := d.w, d.disk.at
	if was.Epoch == at.Epoch && at.Rev < was.Rev {
		w.fail("revisions", "%s went back from %s to %s", d.id, was, at)
	}
	var s record.Sum
	for _, h := range d.disk.hashes {
		s = s.Add(h)
	}
	state, ok := c.history[feedRev{at.Epoch, at.Rev}]
	switch {
	case !ok:
		w.fail("committed states", "%s is at %s, which never was", d.id, at)
	case state.sum != s || state.rows != len(d.disk.hashes):
		w.fail("committed states", "%s has at %s what was never committed", d.id, at)
	}
	for _, b := range d.disk.bodies {
		found(w, "hidden is gone", "the disk of "+d.id, b, state.forbid)
	}
	for photo := range d.disk.photos {
		if slices.Contains(state.forbid, string(photo)) {
			w.fail("hidden is gone", "%s keeps a photo that was withdrawn", d.id)
		}
	}
}

// moved looks at a screen that was just welcomed: it has its own board, or none.
func (c *check) moved(d *device) {
	if at := d.disk.at; d.on && !at.IsZero() && c.feeds[at.Epoch] != d.disk.board {
		d.w.fail("shut out", "%s keeps the board of where it was", d.id)
	}
}

// shown looks at the glass, now and then: it costs more than the rest.
func (c *check) shown(d *device) {
	if d.w.once(16) {
		c.glass(d)
	}
}

// glass looks for names where there may be none.
func (c *check) glass(d *device) {
	if d.glass.masked {
		c.nobody(d, "lease")
	}
	c.wishes(d)
}

// wishes looks whether what somebody took back at a screen is gone from its glass,
// whatever the hub knows, until staff have given it again.
func (c *check) wishes(d *device) {
	b := d.board(true)
	if b == nil {
		return
	}
	for _, t := range d.w.touches {
		if t.device != d || t.void || t.takes == "" || d.w.given(t) {
			continue
		}
		p, shown := b.Person(t.who)
		if shown && (t.takes == record.ChoiceShown || t.takes == record.ChoicePhoto && p.Photo != "") {
			d.w.fail("taken back is gone", "%s shows what %s took back there", d.id, t.text)
		}
	}
}

// masked is called when people had to be gone from a glass.
func (c *check) masked(d *device) {
	if !d.glass.masked {
		d.w.fail("lease", "%s shows people %s after its lease was given", d.id, d.w.now.Sub(d.disk.lease.Issued()))
	}
	c.nobody(d, "lease")
}

func (c *check) nobody(d *device, invariant string) {
	b := d.board(true)
	if b == nil {
		return
	}
	people := slices.Clone(b.People)
	crowd := func(c board.Crowd) {
		for _, p := range slices.Concat(c.Shown, c.Waiting) {
			people = append(people, p.Person)
		}
	}
	for _, a := range b.Activities {
		crowd(a.Crowd)
	}
	for _, g := range b.Groups {
		crowd(g.Crowd)
	}
	for _, m := range b.Meetings {
		crowd(m.Crowd)
		for _, p := range m.Proposals {
			crowd(p.Crowd)
			if p.By != nil {
				people = append(people, *p.By)
			}
		}
	}
	for _, x := range b.Waiting {
		people = append(people, x.Who)
	}
	for _, p := range people {
		if !p.Name.IsZero() || p.Photo != "" {
			d.w.fail(invariant, "%s names or pictures people whom it may not", d.id)
		}
	}
}

// expired is called when the keys had to be gone.
func (c *check) expired(d *device) {
	if !d.disk.at.IsZero() || len(d.disk.bodies)+len(d.disk.photos) > 0 {
		d.w.fail("lease", "%s keeps its board after its lease ended", d.id)
	}
}

// settled looks at everything once the faults are over for long enough.
func (c *check) settled(w *world) {
	for _, d := range w.devices {
		if d.disk.wiped {
			continue
		}
		c.converged(w, d)
	}
	for _, t := range w.touches {
		if t.void {
			continue
		}
		if r, there := w.base.records[house.KindResident][t.person]; there && t.takes != "" && !w.given(t) && w.base.outcome[t.text].Outcome == wire.Accepted {
			if now := *r.record.(*house.Resident); now.Tighten(t.takes) {
				w.fail("taken back is gone", "%s took something back, and the hub has it as it was", t.text)
			}
		}
		n := w.base.applied[t.text]
		if n != 1 {
			w.fail("nothing is lost", "%s of %s took effect %d times", t.text, t.device.id, n)
		}
		for _, e := range t.device.disk.outbox {
			if nameOfTouch(e.Mutation) == t.text && (e.Result == nil || !same(*e.Result, w.base.outcome[t.text])) {
				w.fail("nothing is lost", "%s has not the result of %s that is stored", t.device.id, t.text)
			}
		}
	}
}

func (c *check) converged(w *world, d *device) {
	there := w.base.devices[d.id]
	head := w.base.heads[there.Board].Position
	switch {
	case there.Revoked:
		w.fail("convergence", "%s was revoked and is not wiped", d.id)
	case !d.on || !d.session.Live():
		w.fail("convergence", "%s is not live", d.id)
	case d.disk.at != head:
		w.fail("convergence", "%s has %s, and its board stands at %s", d.id, d.disk.at, head)
	case d.glass.facts == nil || d.glass.facts.At != head:
		w.fail("convergence", "the glass of %s is behind", d.id)
	case d.glass.masked:
		w.fail("convergence", "%s masks people, and its lease holds", d.id)
	case there.Acked.Epoch != head.Epoch || there.Acked.Rev != head.Rev:
		w.fail("honest receipts", "%s shows %s, and the hub knows of %d", d.id, head, there.Acked.Rev)
	case d.session.Resyncs() > 0:
		w.fail("no resync", "%s had to ask for its board", d.id)
	}
	for id := range d.disk.facts.Assets() {
		if ok, _ := (&tx{base: w.base}).Shows(context.Background(), there.Board, id); !ok {
			w.fail("convergence", "%s refers to a picture the board does not show", d.id)
		}
	}
	for _, e := range d.disk.outbox {
		if e.Result == nil {
			w.fail("nothing is lost", "%s has no answer to %s", d.id, nameOfTouch(e.Mutation))
		}
	}
	c.wishes(d)
	with, without := d.board(true), d.board(false)
	ghosts := func(with, without board.Crowd) {
		if crowd(with) != crowd(without) {
			w.fail("no ghosts", "%s shows people on a list who are not on it", d.id)
		}
	}
	for i, a := range with.Activities {
		ghosts(a.Crowd, without.Activities[i].Crowd)
	}
	for i, g := range with.Groups {
		ghosts(g.Crowd, without.Groups[i].Crowd)
	}
	for i, m := range with.Meetings {
		ghosts(m.Crowd, without.Meetings[i].Crowd)
		if len(m.Proposals) != len(without.Meetings[i].Proposals) {
			w.fail("no ghosts", "%s shows proposals that are none", d.id)
		}
	}
}

// crowd is who is on a list, as one word.
func crowd(a board.Crowd) string {
	var b strings.Builder
	for _, p := range a.Shown {
		b.WriteString(string(p.ID) + " ")
	}
	b.WriteString("| ")
	for _, p := range a.Waiting {
		b.WriteString(string(p.ID) + " ")
	}
	return b.String()
}

// afterwards is how long all screens may take to agree: twice the liveness and
// the longest backoff, and what a drain adds.
const afterwards = 2*(wire.SilenceTimeout+time.Minute) + 30*time.Second

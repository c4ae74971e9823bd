package hub

// Flow, a touch on its way to the hub (the seventh hop; the sixth is
// sync/wire/op.go, the eighth sync/hub/store/append.go):
//
//	Mut{seq, op, on, who, age} from a screen that has proved who it is
//	  per mutation, in one transaction, under the lock of the list's departments:
//	    store.Append         once; a missing number stops everything after it
//	    rule                 may this be done, by what holds now and the time of the touch?
//	    store.Join or Leave  capacity, waiting list, moving up
//	    remakeList           every board that shows the list, new revisions
//	  → Res{seq, st, epoch, rev} to the screen, and publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// oldestTouch bounds the age a screen may claim for a touch: longer than any
// screen keeps what it could not send.
const oldestTouch = 60 * 24 * time.Hour

// undoWithin is how long after a sign-up its screen may take it back whatever the
// deadline: longer than any wall offers that.
const undoWithin = time.Minute

// receive applies mutations of an installation of screen d in order, each once,
// and returns their results. gap: one is missing before the first that is not
// answered. Results of what was applied are valid beside an error.
func (h *Hub) receive(ctx context.Context, d store.Device, inst string, muts []wire.Mutation) (results []wire.Result, gap bool, err error) {
	for _, m := range muts {
		now := h.now()
		by := store.Actor{Org: d.Org, Kind: store.ByScreen, ID: d.ID, At: now}
		if wire.Anonymous(m.Op) {
			by = counting(d.Org, now)
		}
		t := touch{device: d, by: by, inst: store.Inst{Device: d.ID, Inst: inst}, mut: m, now: now}
		var r wire.Result
		apply := func(tx store.Tx) (err error) {
			r, err = t.apply(ctx, tx)
			return err
		}
		err := h.store.Update(ctx, by, apply)
		if errors.Is(err, store.ErrUnknown) { // it is applied once, however often it comes
			err = h.store.Update(ctx, by, apply)
			h.lookAgain()
		}
		switch {
		case errors.Is(err, store.ErrGap):
			return results, true, nil
		case err != nil:
			return results, false, err
		}
		if r.Outcome == wire.Rejected && t.fresh && !wire.Anonymous(m.Op) {
			h.log.InfoContext(ctx, "mutation refused", "device", d.ID, "seq", m.Seq, "reason", r.Code)
		}
		h.publish(t.moved)
		results = append(results, r)
	}
	return results, false, nil
}

// A touch is one mutation on its way through one transaction. Running it again
// after a transaction that did not commit starts over.
type touch struct {
	device store.Device
	by     store.Actor
	inst   store.Inst
	mut    wire.Mutation
	now    time.Time

	board  store.Board
	list   house.List     // what the row stands for
	record house.Record   // its record
	person house.Resident // who it is about
	zone   *time.Location

	fresh bool // applied now
	moved []move
}

// apply does it, once, and returns the result.
func (t *touch) apply(ctx context.Context, tx store.Tx) (r wire.Result, err error) {
	t.moved = nil
	if t.board, err = tx.Board(ctx, t.device.Board); err != nil {
		return r, err
	}
	reason, err := t.find(ctx, tx)
	if err != nil {
		return r, err
	}
	r, t.fresh, err = store.Append(ctx, tx, t.inst, t.mut, func() (wire.Result, error) {
		if err := t.still(ctx, tx); err != nil {
			return wire.Result{}, err
		}
		if reason == "" && t.ruled() {
			var err error
			if reason, err = t.rule(ctx, tx); err != nil {
				return wire.Result{}, err
			}
		}
		if reason != "" {
			return t.rejected(ctx, tx, reason)
		}
		switch t.mut.Op {
		case wire.OpTighten:
			return t.tighten(ctx, tx)
		case wire.OpRequest, wire.OpUnrequest:
			return t.request(ctx, tx)
		case wire.OpPresent:
			return t.present(ctx, tx)
		case wire.OpAnswer, wire.OpUnanswer:
			return t.answer(ctx, tx)
		}
		return t.perform(ctx, tx)
	})
	if errors.Is(err, store.ErrReleased) {
		return t.standing(ctx, tx, reason)
	}
	return r, err
}

// ruled reports whether the rules of lists are for the mutation: others have their
// own, which find asks.
func (t *touch) ruled() bool {
	return !slices.Contains([]string{wire.OpTighten, wire.OpRequest, wire.OpUnrequest, wire.OpPresent, wire.OpAnswer, wire.OpUnanswer}, t.mut.Op)
}

// errShutOut is returned for a mutation of a screen that was revoked or moved, or
// lost its name to another, while it was connected. Another replica may have done that, and nobody here knows
// yet.
var errShutOut = errors.New("screen was revoked, moved or replaced")

// still reports whether the screen is what it was when it proved to be it.
func (t *touch) still(ctx context.Context, tx store.Tx) error {
	d, err := tx.Device(ctx, t.device.ID)
	if err != nil || d.Revoked || d.Board != t.device.Board || !d.Key.Equal(t.device.Key) {
		return errors.Join(errShutOut, absent(err))
	}
	return nil
}

// find looks up what the mutation is about and takes the locks. It returns the
// reason when the department's screens do not show that.
func (t *touch) find(ctx context.Context, tx store.Tx) (wire.Reason, error) {
	switch t.mut.Op {
	case wire.OpTighten:
		return t.findSelf(ctx, tx, slices.Contains(record.Choices, record.Choice(t.mut.Text)))
	case wire.OpRequest, wire.OpUnrequest:
		return t.findSelf(ctx, tx, slices.Contains(record.Rights, record.Right(t.mut.Text)))
	case wire.OpPresent:
		return t.findPresent(ctx, tx)
	case wire.OpAnswer, wire.OpUnanswer:
		return t.findPoll(ctx, tx)
	}
	if !t.understood() {
		return wire.ReasonInvalid, nil
	}
	row, kind := t.stands()
	src, shown, err := t.source(ctx, tx, row, kind)
	if err != nil || !shown {
		return wire.ReasonGone, absent(err)
	}
	t.list = house.List{Kind: kind, ID: src}
	if err := t.lock(ctx, tx); err != nil {
		return wire.ReasonGone, absent(err)
	}
	// While the locks were waited for, the list may have gone from the board.
	if now, shown, err := t.source(ctx, tx, row, kind); err != nil || !shown || now != src {
		return wire.ReasonGone, absent(err)
	}
	return t.findWho(ctx, tx)
}

// findWho looks up who touched: a resident whom the board shows. It returns the
// reason when it does not.
func (t *touch) findWho(ctx context.Context, tx store.Tx) (wire.Reason, error) {
	who, shown, err := t.source(ctx, tx, record.Key{Kind: record.KindPerson, ID: string(t.mut.Who)}, house.KindResident)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return wire.ReasonNotAllowed, nil // never was on this board
	case err != nil:
		return "", err
	case !shown:
		return wire.ReasonHidden, nil
	}
	t.person, err = store.Get[house.Resident](ctx, tx, who)
	if err != nil {
		return wire.ReasonNotAllowed, absent(err) // staff
	}
	return "", nil
}

// ownZone reads where the clocks of the board's own department hang.
func (t *touch) ownZone(ctx context.Context, tx store.Tx) error {
	meta, err := store.Get[house.Meta](ctx, tx, house.OnlyID)
	if err != nil {
		return err
	}
	own, err := store.Get[house.Department](ctx, tx, t.board.Department)
	if err != nil {
		return err
	}
	t.zone = meta.ZoneOf(own)
	return nil
}

// source returns which record of a kind a row stands for, and whether the board
// shows it. A row the board never had may be from before staff switched a module
// on or off, when the screen had another board of the same department: then it is
// whatever of the department's that other board would have called so. Nobody makes
// such a name up, it hangs on a secret. A screen that hangs in another department
// now is not understood, though what it sends may have been touched in the old one:
// by when, there is only its own word, and a screen writes for the people around
// it (R-IBG-39).
func (t *touch) source(ctx context.Context, tx store.Tx, k record.Key, kind house.Kind) (src house.ID, shown bool, err error) {
	src, shown, err = tx.Source(ctx, t.board.ID, k)
	if !errors.Is(err, store.ErrNotFound) {
		return src, shown, err
	}
	from, until := project.Window(t.now, time.UTC)
	records, err := tx.On(ctx, t.board.Department, kind, from.Add(-1), until.Add(1)) // in whatever zone
	if err != nil {
		return "", false, err
	}
	on := project.Board{Secret: t.board.Secret}
	for _, r := range records {
		if p, ok := r.(*house.Resident); ok && !t.shows(p) {
			continue
		}
		if called(on, k, r) {
			return house.KeyOf(r), true, nil
		}
	}
	return "", false, store.ErrNotFound
}

// shows reports whether the department's boards show p as themselves.
func (t *touch) shows(p *house.Resident) bool {
	return project.Shown(p, house.DayOf(t.now.In(t.zone)))
}

// lock takes the locks of the departments the list belongs to or is shared with,
// and reads its record under them.
func (t *touch) lock(ctx context.Context, tx store.Tx) error {
	r, err := tx.Get(ctx, t.list.Kind, t.list.ID)
	if err != nil {
		return err
	}
	held := departments(r)
	if err := tx.Lock(ctx, held...); err != nil {
		return err
	}
	if r, err = tx.Get(ctx, t.list.Kind, t.list.ID); err != nil {
		return err
	}
	if !slices.Equal(held, departments(r)) {
		return store.ErrAgain
	}
	t.record = r
	meta, err := store.Get[house.Meta](ctx, tx, house.OnlyID)
	if err != nil {
		return err
	}
	owner, err := store.Get[house.Department](ctx, tx, house.HomeOf(r).Departments[0])
	if err != nil {
		return err
	}
	t.zone = meta.ZoneOf(owner)
	return nil
}

// departments returns whose a record is and whom it is shared with.
func departments(r house.Record) []house.ID {
	home := house.HomeOf(r)
	return slices.Concat(home.Departments, home.Shared)
}

// rule returns why it may not be done, by what holds now; "" when it may.
func (t *touch) rule(ctx context.Context, tx store.Tx) (wire.Reason, error) {
	switch {
	case t.person.Department != t.board.Department:
		return wire.ReasonNotAllowed, nil // R-IBG-39: a screen writes for its own people
	case !t.shows(&t.person):
		return wire.ReasonHidden, nil
	case cancelled(t.record), !t.now.Before(t.ends()):
		return wire.ReasonClosed, nil
	case t.at().Before(t.closes()):
		return "", nil
	}
	if undo, err := t.undoes(ctx, tx); err != nil || undo {
		return "", err
	}
	return wire.ReasonClosed, nil
}

// undoes reports whether it takes back a sign-up made on this screen a moment
// before, as the wall offers it: the deadline may have passed between.
func (t *touch) undoes(ctx context.Context, tx store.Tx) (bool, error) {
	if t.mut.Op != wire.OpCancel {
		return false, nil
	}
	list, err := tx.Places(ctx, t.list) // of what has none, there are none
	return slices.ContainsFunc(list, func(p store.Place) bool {
		return p.Person == t.person.ID && p.State != house.OptedOut && p.Device == t.device.ID && t.at().Sub(p.At) <= undoWithin
	}), err
}

// at returns when the finger touched, as far as anybody knows. Where a restart
// of the screen lies between, it may have been as early as the hub last heard
// of the screen, and nobody loses a place for not knowing.
func (t *touch) at() time.Time {
	switch age := t.mut.AgeMS; {
	case age != nil:
		d := time.Duration(min(max(*age, 0), oldestTouch.Milliseconds())) * time.Millisecond
		return t.now.Add(-d)
	case t.device.Before.IsZero() || t.device.Before.After(t.now):
		return t.now
	default:
		return t.device.Before
	}
}

func cancelled(r house.Record) bool {
	a, ok := r.(*house.Activity)
	return ok && a.Status == "cancelled"
}

// farOff is after every touch.
var farOff = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// closes returns when it is too late for the touch. Who comes to a meeting says so
// before it starts; what they say otherwise, and that they do not come after all,
// they can say until it ends.
func (t *touch) closes() time.Time {
	switch r := t.record.(type) {
	case *house.Meeting:
		if t.mut.On.Kind == record.KindMeeting && t.mut.Op == wire.OpSignUp {
			return r.Starts.In(t.zone)
		}
		return r.Ends.In(t.zone)
	case house.Lister:
		return closes(r, t.zone)
	}
	return t.ends()
}

// ends returns when what the touch is about is over.
func (t *touch) ends() time.Time {
	switch r := t.record.(type) {
	case *house.Meeting:
		return r.Ends.In(t.zone)
	case *house.Resource:
		if _, to, ok := t.slot(r); ok {
			return to.In(t.zone)
		}
	case house.Lister:
		return ends(r, t.zone)
	}
	return farOff
}

// closes returns when sign-up ends.
func closes(l house.Lister, zone *time.Location) time.Time {
	switch l := l.(type) {
	case *house.Activity:
		if l.Deadline == "" {
			return l.Starts.In(zone)
		}
		return l.Deadline.In(zone)
	case *house.Meal:
		if l.Deadline == "" {
			return l.Served.In(zone)
		}
		return l.Deadline.In(zone)
	}
	panic(fmt.Sprintf("hub: %T has no list", l))
}

// ends returns when it is over, and nobody signs up however early they touched.
func ends(l house.Lister, zone *time.Location) time.Time {
	switch l := l.(type) {
	case *house.Activity:
		return l.Ends.In(zone)
	case *house.Meal:
		return l.Served.In(zone)
	}
	panic(fmt.Sprintf("hub: %T has no list", l))
}

// perform changes the list and the boards that show it.
func (t *touch) perform(ctx context.Context, tx store.Tx) (wire.Result, error) {
	l, ok := t.record.(house.Lister)
	if !ok {
		return t.together(ctx, tx)
	}
	r := wire.Result{Outcome: wire.Accepted}
	p := store.Place{
		Place:  house.Place{SignUp: house.SignUp{Person: t.person.ID, Via: "wall"}},
		Device: t.device.ID, At: t.at(),
	}
	if m, ok := l.(*house.Meal); ok && t.mut.Op == wire.OpSignUp {
		p.Dish = plate(m, t.mut.Text)
	}
	var waiting int
	var err error
	if t.mut.Op == wire.OpSignUp {
		var state house.State
		state, waiting, err = store.Join(ctx, tx, t.list, capacity(l), p)
		if state == house.Waits {
			r.Outcome = wire.Waitlisted
		}
	} else {
		_, err = store.Leave(ctx, tx, t.list, capacity(l), p)
	}
	if err != nil {
		return r, err
	}
	if t.moved, err = remakeList(ctx, tx, t.list, departments(t.record), t.person.Department, t.now); err != nil {
		return r, err
	}
	if r.Outcome == wire.Waitlisted {
		if r.Place, err = t.place(ctx, tx, l, waiting); err != nil {
			return r, err
		}
	}
	return t.shown(ctx, tx, r)
}

// plate returns which dish of a meal somebody eats who chose one at a wall; "" when
// there is no choice, or none any more: a dish that was taken off the menu costs
// nobody their place at the table.
func plate(m *house.Meal, chosen string) string {
	if m.Alternative == nil {
		return ""
	}
	return chosen
}

// place returns somebody's place in the line, or 0 where the number could tell
// of somebody hidden before them.
func (t *touch) place(ctx context.Context, tx store.Tx, on house.Lister, waiting int) (int, error) {
	l, ok, err := load(ctx, tx, t.board, t.now)
	if err != nil || !ok || !project.Exact(&l.src, l.on, on, t.now) {
		return 0, err
	}
	return waiting, nil
}

// rejected returns a result that changes nothing.
func (t *touch) rejected(ctx context.Context, tx store.Tx, why wire.Reason) (wire.Result, error) {
	unheard := map[string]string{wire.OpTighten: UnheardWish, wire.OpRequest: UnheardRequest}
	if note := unheard[t.mut.Op]; note != "" {
		if err := tx.Note(ctx, note); err != nil {
			return wire.Result{}, err
		}
	}
	return t.shown(ctx, tx, wire.Result{Outcome: wire.Rejected, Code: why})
}

// shown notes at which revision the screen's own board shows it.
func (t *touch) shown(ctx context.Context, tx store.Tx, r wire.Result) (wire.Result, error) {
	head, err := tx.Head(ctx, t.board.ID)
	r.Epoch, r.Rev = head.Epoch, head.Rev
	return r, err
}

// standing answers a mutation whose result the screen had confirmed and has
// lost since: how things stand now.
func (t *touch) standing(ctx context.Context, tx store.Tx, reason wire.Reason) (wire.Result, error) {
	r := wire.Result{Seq: t.mut.Seq, Outcome: wire.Rejected, Code: wire.ReasonInvalid}
	switch {
	case reason != "":
		r.Code = reason
		return t.shown(ctx, tx, r)
	case t.mut.Op == wire.OpTighten, wire.Anonymous(t.mut.Op), t.mut.Op == wire.OpRequest, t.mut.Op == wire.OpUnrequest: // done; or changed by staff since
		r.Outcome, r.Code = wire.Accepted, ""
		return t.shown(ctx, tx, r)
	case t.mut.Op == wire.OpPresent:
		p, err := t.presence(ctx, tx)
		if err != nil {
			return r, err
		}
		if p.Day != t.day() || p.Of(t.person.ID, p.Day) == record.Whereabouts(t.mut.Text) {
			r.Outcome, r.Code = wire.Accepted, ""
		}
		return t.shown(ctx, tx, r)
	}
	if _, ok := t.record.(house.Lister); !ok {
		in, err := t.joined(ctx, tx)
		if in == (t.mut.Op == wire.OpSignUp || t.mut.Op == wire.OpPropose) {
			r.Outcome, r.Code = wire.Accepted, ""
		}
		if err != nil {
			return r, err
		}
		return t.shown(ctx, tx, r)
	}
	list, err := tx.Places(ctx, t.list)
	if err != nil {
		return r, err
	}
	on := slices.IndexFunc(list, func(p store.Place) bool { return p.Person == t.person.ID && p.State != house.OptedOut })
	switch {
	case t.mut.Op == wire.OpCancel && on < 0, t.mut.Op == wire.OpSignUp && on >= 0 && list[on].State == house.TakesPart:
		r.Outcome, r.Code = wire.Accepted, ""
	case t.mut.Op == wire.OpSignUp && on >= 0:
		r.Outcome, r.Code = wire.Waitlisted, ""
	}
	return t.shown(ctx, tx, r)
}

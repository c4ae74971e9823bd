package hub

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

// Change edits a house: whatever f does through the edit, and every board it
// changes, is one transaction. When Change returns nil, no board shows what f
// took away, and the screens are being told. When it returns [store.ErrUnknown],
// either that is so or nothing has changed; whoever asked looks which before
// asking again. Like what [store.Store.Update] runs, f may run more than once.
func (h *Hub) Change(ctx context.Context, by store.Actor, f func(context.Context, *Edit) error) error {
	by.At = h.now()
	var e *Edit
	err := h.store.Update(ctx, by, func(tx store.Tx) error {
		e = newEdit(tx, by)
		return e.change(ctx, f)
	})
	if err != nil {
		if errors.Is(err, store.ErrUnknown) {
			h.lookAgain()
		}
		return err
	}
	h.announce(e)
	return nil
}

// change does what f does, and makes the boards again that it touches.
func (e *Edit) change(ctx context.Context, f func(context.Context, *Edit) error) error {
	if err := e.tx.Lock(ctx); err != nil {
		return err
	}
	if err := f(ctx, e); err != nil {
		return err
	}
	return e.finish(ctx)
}

// announce tells the screens what a committed edit changed.
func (h *Hub) announce(e *Edit) {
	h.publish(e.moved)
	for _, id := range e.rehung {
		if c := h.clients.seek(id); c != nil {
			c.close(wire.CloseMoved, "moved")
		}
		h.tell(store.Hint{Device: id})
	}
}

// Alter changes one record in place, as in Alter(ctx, e, "r01", func(r
// *house.Resident) { r.Choices.Hidden = true }).
func Alter[T any, P interface {
	*T
	house.Record
}](ctx context.Context, e *Edit, id house.ID, f func(P)) error {
	r, err := store.Get[T, P](ctx, e.actors, id)
	if err != nil {
		return err
	}
	f(&r)
	return e.Put(ctx, P(&r))
}

// An Edit is a change of a house in the making. It notes which departments'
// boards must be made again.
type Edit struct {
	tx      store.Tx // the hub's own: what it reads to make boards is shown to nobody
	actors  store.Tx
	org     house.ID
	now     time.Time
	touched map[house.ID]bool
	all     bool // every board of the system
	screens bool // which board a screen shows may have changed
	random  func(n int) []byte

	withdrawn map[house.ID]string // who takes something back, and what is done

	moved  []move   // boards that show something else now
	rehung []string // screens that show another board now
}

func newEdit(tx store.Tx, by store.Actor) *Edit {
	return &Edit{tx: tx.Own(), actors: tx, org: by.Org, now: by.At, touched: map[house.ID]bool{}, random: random}
}

// Get returns a record as it is in this edit, or [store.ErrNotFound].
func (e *Edit) Get(ctx context.Context, k house.Kind, id house.ID) (house.Record, error) {
	return e.actors.Get(ctx, k, id)
}

// All returns every record of a kind as they are in this edit.
func (e *Edit) All(ctx context.Context, k house.Kind) ([]house.Record, error) {
	return e.actors.All(ctx, k)
}

// Saying returns those of a kind in whose documents this ID stands, or one of these
// texts as words of their own, and perhaps some more.
func (e *Edit) Saying(ctx context.Context, k house.Kind, id house.ID, texts ...string) ([]house.Record, error) {
	return e.actors.Saying(ctx, k, id, texts...)
}

// Put stores a record in place of the one with its kind and ID. The list of an
// activity or a meal is not part of it: people are put there by [Edit.SignUp].
func (e *Edit) Put(ctx context.Context, r house.Record) error {
	if err := e.own(ctx, r); err != nil {
		return err
	}
	k, id := house.KindOf(r), house.KeyOf(r)
	old, err := e.tx.Get(ctx, k, id)
	switch {
	case err == nil && k == house.KindEntry:
		return ErrWritten
	case err == nil:
		if err := e.touch(ctx, old); err != nil {
			return err
		}
		if house.Withdraws(old, r) {
			e.withdraw(id, "change")
		}
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	isNew := err != nil
	if isNew && slices.Contains(people, k) {
		if err := refuseErased(ctx, e.tx, id); err != nil {
			return err
		}
	}
	if err := e.tx.Put(ctx, r); err != nil {
		return err
	}
	if err := e.touch(ctx, r); err != nil {
		return err
	}
	switch r := r.(type) {
	case *house.Staff:
		if r.Lifecycle == house.Left {
			return e.shutAccounts(ctx, r.ID)
		}
	case *house.Activity: // there may be more places now
		_, err = store.Settle(ctx, e.tx, house.List{Kind: k, ID: id}, r.Capacity)
		return err
	case *house.Meal:
		if isNew {
			return e.signUpByRule(ctx, r)
		}
		return e.oneDish(ctx, r)
	}
	return nil
}

// PutPicture stores what a picture is like, as [Hub.Small] returns it, for a record that
// refers to it; else it goes when the edit ends.
func (e *Edit) PutPicture(ctx context.Context, name house.Picture, small []byte) error {
	_, err := e.tx.PutPicture(ctx, name, small)
	return err
}

// own gives a booking without a department its resource's.
func (e *Edit) own(ctx context.Context, r house.Record) error {
	b, ok := r.(*house.Booking)
	if !ok || b.Department != "" {
		return nil
	}
	x, err := store.Get[house.Resource](ctx, e.tx, b.Resource)
	b.Department = x.Department
	return absent(err)
}

// ErrWritten is returned for an entry of the registers that would be changed or taken
// away: what is written there stays, and is corrected by a new one.
var ErrWritten = errors.New("entries of the registers are neither changed nor deleted; add another")

// Delete removes a record, and whoever it is from every list.
func (e *Edit) Delete(ctx context.Context, k house.Kind, id house.ID) error {
	if k == house.KindEntry {
		return ErrWritten
	}
	r, err := e.tx.Get(ctx, k, id)
	if err != nil {
		return err
	}
	if err := e.touch(ctx, r); err != nil {
		return err
	}
	if person(r) {
		e.withdraw(id, "delete")
		lists, err := e.tx.ListsOf(ctx, id)
		if err != nil {
			return err
		}
		for _, l := range lists {
			if err := e.strike(ctx, l, id); err != nil {
				return err
			}
		}
	}
	if k == house.KindStaff {
		if err := e.dropAccounts(ctx, id); err != nil {
			return err
		}
	}
	return e.tx.Delete(ctx, k, id)
}

// strike takes somebody off a list without a trace and lets others move up.
func (e *Edit) strike(ctx context.Context, l house.List, id house.ID) error {
	list, err := e.list(ctx, l)
	if err != nil {
		return err
	}
	if err := e.tx.DeletePlace(ctx, l, id); err != nil {
		return err
	}
	_, err = store.Settle(ctx, e.tx, l, capacity(list))
	return err
}

// SignUp puts somebody on a list, or on its waiting list. Staff may do so after
// the deadline.
func (e *Edit) SignUp(ctx context.Context, l house.List, s house.SignUp) (house.State, error) {
	list, err := e.list(ctx, l)
	if err != nil {
		return "", err
	}
	state, _, err := store.Join(ctx, e.tx, l, capacity(list), store.Place{Place: house.Place{SignUp: s}, At: e.now})
	return state, err
}

// Cancel takes somebody off a list.
func (e *Edit) Cancel(ctx context.Context, l house.List, s house.SignUp) error {
	list, err := e.list(ctx, l)
	if err != nil {
		return err
	}
	_, err = store.Leave(ctx, e.tx, l, capacity(list), store.Place{Place: house.Place{SignUp: s}, At: e.now})
	return err
}

// list returns the record a list hangs on, and notes that it changes.
func (e *Edit) list(ctx context.Context, l house.List) (house.Lister, error) {
	r, err := e.tx.Get(ctx, l.Kind, l.ID)
	if err != nil {
		return nil, err
	}
	list, ok := r.(house.Lister)
	if !ok {
		return nil, fmt.Errorf("%s %s: has no list", l.Kind, l.ID)
	}
	return list, e.touch(ctx, r)
}

// capacity returns how many can take part; 0: any number.
func capacity(l house.Lister) int {
	if a, ok := l.(*house.Activity); ok {
		return a.Capacity
	}
	return 0
}

// signUpByRule signs up everybody who accepted to be, for every meal of this
// kind on this weekday, once: when the meal is made. A meal made after its own
// deadline is too late for that.
func (e *Edit) signUpByRule(ctx context.Context, m *house.Meal) error {
	meta, err := store.Get[house.Meta](ctx, e.tx, house.OnlyID)
	if err != nil {
		return absent(err)
	}
	dept, err := store.Get[house.Department](ctx, e.tx, m.Department)
	if err != nil {
		return absent(err)
	}
	zone := meta.ZoneOf(dept)
	if !e.now.Before(closes(m, zone)) {
		return nil
	}
	residents, err := store.On[house.Resident](ctx, e.tx, m.Department, "", "")
	if err != nil {
		return err
	}
	today := house.DayOf(e.now.In(zone))
	for i := range residents {
		if r := &residents[i]; r.WantsMeal(m, today) {
			p := store.Place{Place: house.Place{SignUp: house.SignUp{Person: r.ID, Via: "auto"}}, At: e.now}
			if _, _, err := store.Join(ctx, e.tx, house.List{Kind: house.KindMeal, ID: m.ID}, 0, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// oneDish has everybody eat the main dish of a meal that has no other any more.
func (e *Edit) oneDish(ctx context.Context, m *house.Meal) error {
	if m.Alternative != nil {
		return nil
	}
	l := house.List{Kind: house.KindMeal, ID: m.ID}
	list, err := e.tx.Places(ctx, l)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Dish != string(record.PlateAlternative) {
			continue
		}
		p.Dish = ""
		if err := e.tx.PutPlace(ctx, l, p); err != nil {
			return err
		}
	}
	return nil
}

// person reports whether r is somebody.
func person(r house.Record) bool {
	switch r.(type) {
	case *house.Resident, *house.Former, *house.Staff:
		return true
	}
	return false
}

// touch notes which boards show something of r. Somebody's choices concern
// every department that has a list in common with theirs: whether its numbers
// may be shown depends on everybody who could be on it.
func (e *Edit) touch(ctx context.Context, r house.Record) error {
	switch r := r.(type) {
	case *house.Meta, *house.System, *house.Plan:
		e.all = true
		return nil
	case *house.Entry:
		e.all = e.all || r.Instruction != nil // which modules are sent
		return nil
	case *house.Department:
		e.screens = true
		e.touched[r.ID] = true
		return e.touchSharing(ctx, r.ID)
	case *house.Screen:
		e.screens = true
		return nil
	case *house.External:
		e.touched[r.ID] = true
		return nil
	}
	home := house.HomeOf(r)
	if b, ok := r.(*house.Booking); ok { // it concerns whoever can see what is booked
		x, err := e.tx.Get(ctx, house.KindResource, b.Resource)
		if err != nil {
			return absent(err)
		}
		home = house.HomeOf(x)
	}
	for _, d := range slices.Concat(home.Departments, home.Shared) {
		e.touched[d] = true
		if person(r) {
			if err := e.touchSharing(ctx, d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Edit) touchSharing(ctx context.Context, dept house.ID) error {
	// A day earlier than any board holds, in whatever zone.
	sharing, err := e.tx.Sharing(ctx, dept, house.DayOf(e.now).Add(-3))
	for _, d := range sharing {
		e.touched[d] = true
	}
	return err
}

// finish hangs screens where they belong now, makes the boards again that show
// what was touched, says what screens have to confirm, and deletes the pictures nobody refers to any more.
func (e *Edit) finish(ctx context.Context) error {
	if e.screens {
		if err := e.rehang(ctx); err != nil {
			return err
		}
	}
	boards, err := e.tx.Boards(ctx)
	if err != nil {
		return err
	}
	for _, b := range boards {
		if !e.all && !e.touched[b.Department] {
			continue
		}
		m, changed, err := remake(ctx, e.tx, b, e.now)
		if err != nil {
			return err
		}
		if changed {
			e.moved = append(e.moved, m)
		}
	}
	if err := e.putWithdrawals(ctx); err != nil {
		return err
	}
	_, err = e.tx.DropPictures(ctx)
	return err
}

// A move says where a board stands after a transaction.
type move struct {
	board record.BoardID
	head  record.Position
	zone  *time.Location // of its department
}

// remake makes a whole board again and reports whether anything on it changed.
// The caller holds its department's lock.
func remake(ctx context.Context, tx store.Tx, b store.Board, now time.Time) (move, bool, error) {
	l, ok, err := load(ctx, tx, b, now)
	if err != nil {
		return move{}, false, err
	}
	var rows []project.Row
	m := move{board: b.ID, zone: time.UTC}
	if ok {
		m.zone = l.zone
		if err := l.content(ctx); err != nil {
			return move{}, false, fmt.Errorf("board %s: %w", b.ID, err)
		}
		if rows, err = project.Rows(&l.src, l.on, now); err != nil {
			return move{}, false, fmt.Errorf("board %s: %w", b.ID, err)
		}
	}
	var changed bool
	m.head, changed, err = store.WriteBoard(ctx, tx, b.ID, rows, now)
	return m, changed, err
}

// remakeList makes the row of one list again on every board that shows it,
// after the place of somebody of department dept has changed.
func remakeList(ctx context.Context, tx store.Tx, at house.List, on []house.ID, dept house.ID, now time.Time) ([]move, error) {
	boards, err := tx.Boards(ctx, on...)
	if err != nil {
		return nil, err
	}
	var moved []move
	for _, b := range boards {
		m, ok, err := remakeOne(ctx, tx, at, b, dept, now)
		if err != nil {
			return nil, err
		}
		if ok {
			moved = append(moved, m)
		}
	}
	return moved, nil
}

func remakeOne(ctx context.Context, tx store.Tx, at house.List, b store.Board, dept house.ID, now time.Time) (move, bool, error) {
	l, ok, err := load(ctx, tx, b, now)
	if err != nil || !ok {
		return move{}, false, err
	}
	if !l.on.Covers(dept) {
		return remake(ctx, tx, b, now)
	}
	if err := l.list(ctx, at); err != nil {
		return move{}, false, fmt.Errorf("board %s: %w", b.ID, err)
	}
	row, ok, err := project.List(&l.src, l.on, at, now)
	if err != nil || !ok {
		return move{}, false, err
	}
	head, changed, err := store.WriteRows(ctx, tx, b.ID, []project.Row{row}, now)
	return move{b.ID, head, l.zone}, changed, err
}

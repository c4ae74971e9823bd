package hub

import (
	"context"
	"encoding/hex"
	"maps"
	"slices"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// A change that takes somebody off a board says, in the same transaction, which
// screens showed that board and where it stands since. A screen that confirms that
// position, or a later one, shows nothing of it any more ([store.Due.Met]).

// withdraw notes that something of somebody is taken back by this edit.
func (e *Edit) withdraw(id house.ID, action string) {
	if e.withdrawn == nil {
		e.withdrawn = map[house.ID]string{}
	}
	if _, ok := e.withdrawn[id]; !ok || action != "change" {
		e.withdrawn[id] = action
	}
}

// putWithdrawals stores what the screens of the boards that moved have to confirm.
// A wish that moved no board, since they showed nothing of it, waits for nobody.
func (e *Edit) putWithdrawals(ctx context.Context) error {
	if len(e.withdrawn) == 0 {
		return nil
	}
	devices, err := e.tx.Devices(ctx)
	if err != nil {
		return err
	}
	var due []store.Due
	for _, d := range devices {
		for _, m := range e.moved {
			if m.board == d.Board {
				due = append(due, store.Due{Device: d.ID, Board: m.board, From: m.head})
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(e.withdrawn)) {
		w := store.Withdrawal{ID: hex.EncodeToString(random(8)), Person: id, Action: e.withdrawn[id], At: e.now, Screens: due}
		if err := e.tx.PutWithdrawal(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// A Withdrawal is something that was taken off boards, and what is known of the
// screens that showed it.
type Withdrawal struct {
	ID      string
	Person  house.ID // a pseudonym once they are erased
	Action  string   // "change", "delete", "anonymise", "erase"
	At      time.Time
	Screens []Confirmation // in the order of their IDs
}

// Confirmed returns how many of its screens show nothing of it any more.
func (w Withdrawal) Confirmed() (n int) {
	for _, c := range w.Screens {
		if c.State.Done() {
			n++
		}
	}
	return n
}

// A Confirmation is what is known of one screen that had to take something off.
type Confirmation struct {
	Device string
	Place  house.ID // the record of where it hangs, or ""
	State  ConfirmState
	Heard  time.Time // when it was last heard
	Masks  time.Time // when it stops showing anybody by itself, if it stays away
	Wipes  time.Time // when it destroys what it holds of anybody
}

// A ConfirmState is how far a screen is with taking something off.
type ConfirmState string

// The states. All but the first two mean that it shows nothing of it any more.
const (
	Waiting   ConfirmState = "waiting"   // it has not said so
	ShutOut   ConfirmState = "shut out"  // it is revoked, and wipes itself when it comes back
	Masked    ConfirmState = "masked"    // it has been away for longer than it may show people
	Wiped     ConfirmState = "wiped"     // for longer than it may keep anything, or it has said so
	Empty     ConfirmState = "empty"     // it has never been there
	Gone      ConfirmState = "gone"      // the hub knows no such screen any more
	Confirmed ConfirmState = "confirmed" // it has said so
)

// Done reports whether the screen shows nothing of it any more.
func (s ConfirmState) Done() bool { return s != Waiting && s != ShutOut }

// Withdrawals returns what was taken off boards at somebody's wish, or at anybody's
// in the actor's system, newest first, and which screens have confirmed it.
func (h *Hub) Withdrawals(ctx context.Context, by store.Actor, person house.ID) (out []Withdrawal, err error) {
	by.At = h.now()
	h.flush(ctx)
	err = h.store.View(ctx, by, func(v store.View) error {
		list, err := v.Withdrawals(ctx, person)
		if err != nil {
			return err
		}
		out, err = h.confirmations(ctx, v, list, by.At)
		return err
	})
	return out, err
}

func (h *Hub) confirmations(ctx context.Context, v store.View, list []store.Withdrawal, now time.Time) ([]Withdrawal, error) {
	devices, err := v.Devices(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]store.Device{}
	for _, d := range devices {
		known[d.ID] = d
	}
	out := make([]Withdrawal, len(list))
	for i, w := range list {
		out[i] = Withdrawal{ID: w.ID, Person: w.Person, Action: w.Action, At: w.At}
		for _, due := range w.Screens {
			c := Confirmation{Device: due.Device, State: Gone}
			if d, ok := known[due.Device]; ok {
				c = h.confirmation(d, due, w.At, now)
			}
			out[i].Screens = append(out[i].Screens, c)
		}
	}
	return out, nil
}

// unseen is more than a lease can be younger than when the store says that its
// screen was heard: one that was given is noted within [flushAfter].
const unseen = time.Minute

func (h *Hub) confirmation(d store.Device, due store.Due, at, now time.Time) Confirmation {
	c := Confirmation{Device: d.ID, Place: d.Screen, State: Waiting, Heard: d.Seen}
	if !d.Seen.IsZero() {
		c.Masks, c.Wipes = d.Seen.Add(d.Terms.Mask+unseen), d.Seen.Add(d.Terms.Wipe+unseen)
	}
	online := h.clients.of(d.ID) != nil
	switch {
	case !d.Wiped.IsZero():
		c.State = Wiped
	case due.Met(d.Acked, d.AckedAt, at):
		c.State = Confirmed
	case d.Seen.IsZero() && !online:
		c.State = Empty
	case online:
	case !now.Before(c.Wipes):
		c.State = Wiped
	case !now.Before(c.Masks):
		c.State = Masked
	case d.Revoked:
		c.State = ShutOut
	}
	return c
}

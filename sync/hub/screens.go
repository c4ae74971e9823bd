package hub

import (
	"context"
	"crypto/ed25519"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// A Screen is a wall screen to be let in.
type Screen struct {
	ID         string            // its name at the hub: 1 to 64 bytes
	Record     house.ID          // the house's record of where it hangs, or ""
	Department house.ID          // where it hangs when there is no record, or another system it belongs to
	Key        ed25519.PublicKey // by which it proves who it is
	Replace    bool              // the name may be that of one with another key, which loses it
}

// ErrTaken says that another screen has this name.
var ErrTaken = errors.New("another screen has this name")

// AddScreen lets a screen in, or changes one that is. It shows the board of its
// department and modules, which is made if there is none; one that shows
// another board than before starts over with it. A revoked screen is let in
// again. One with another key is another screen: it has confirmed nothing, and
// gets the name of the first only if that is meant.
func (h *Hub) AddScreen(ctx context.Context, by store.Actor, s Screen) (record.BoardID, error) {
	by.At = h.now()
	if err := s.check(); err != nil {
		return "", err
	}
	var e *Edit
	var on store.Board
	err := h.store.Update(ctx, by, func(tx store.Tx) (err error) {
		e = newEdit(tx, by)
		if err = e.tx.Lock(ctx); err == nil {
			on, err = e.letIn(ctx, s)
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("screen %s: %w", s.ID, err)
	}
	h.announce(e)
	return on.ID, nil
}

// check names what is wrong with s, or returns nil.
func (s Screen) check() error {
	if s.ID == "" || len(s.ID) > maxName || len(s.Key) != ed25519.PublicKeySize {
		return fmt.Errorf("screen %q: want an ID of 1 to %d bytes and an Ed25519 key", s.ID, maxName)
	}
	return nil
}

// letIn lets a screen in that was checked; the caller has taken the lock, and announces
// it once that is committed.
func (e *Edit) letIn(ctx context.Context, s Screen) (on store.Board, err error) {
	was, err := e.tx.Device(ctx, s.ID)
	if absent(err) != nil {
		return on, err
	}
	d := was
	d.ID, d.Screen, d.Key, d.Revoked, d.Wiped = s.ID, s.Record, s.Key, false, time.Time{}
	if was.ID != "" && !was.Key.Equal(s.Key) {
		if !s.Replace {
			return on, ErrTaken
		}
		d.Acked, d.AckedAt, d.Glass = wire.Ack{}, time.Time{}, was.Glass+1
		e.rehung = append(e.rehung, s.ID)
	}
	if on, err = e.boardOf(ctx, s.Record, s.Department); err != nil {
		return on, err
	}
	return on, e.hang(ctx, d, on)
}

// hang stores screen d with the board it shows.
func (e *Edit) hang(ctx context.Context, d store.Device, on store.Board) error {
	if d.Board != on.ID {
		if d.Board != "" {
			e.rehung = append(e.rehung, d.ID)
		}
		d.Board, d.Acked, d.AckedAt = on.ID, wire.Ack{}, time.Time{}
	}
	if err := e.tx.PutDevice(ctx, d); err != nil {
		return err
	}
	return e.tx.DropBoards(ctx)
}

// rehang hangs every screen where it belongs now. One whose department is gone
// stays with its board, which is empty.
func (e *Edit) rehang(ctx context.Context) error {
	devices, err := e.tx.Devices(ctx)
	if err != nil {
		return err
	}
	for _, d := range devices {
		was, err := e.tx.Board(ctx, d.Board)
		if err != nil {
			return err
		}
		now, err := e.boardOf(ctx, d.Screen, was.Department)
		if err == nil && now.ID != was.ID {
			err = e.hang(ctx, d, now)
		}
		if absent(err) != nil {
			return err
		}
	}
	return nil
}

// boardOf returns the board of a screen: of the department and with the modules
// its record says, or else of dept.
func (e *Edit) boardOf(ctx context.Context, screen, dept house.ID) (store.Board, error) {
	var modules []record.Module
	if screen != "" {
		r, err := store.Get[house.Screen](ctx, e.tx, screen)
		if err != nil {
			return store.Board{}, err
		}
		dept, modules = r.Department, r.Modules
	}
	return e.boardFor(ctx, dept, modules)
}

// boardFor returns the board that shows these modules of a department (none:
// those the department chose). Screens with the same share it.
func (e *Edit) boardFor(ctx context.Context, id house.ID, chosen []record.Module) (store.Board, error) {
	external := false
	dept, err := store.Get[house.Department](ctx, e.tx, id)
	if errors.Is(err, store.ErrNotFound) {
		external = true
		_, err = store.Get[house.External](ctx, e.tx, id)
	}
	if err != nil {
		return store.Board{}, err
	}
	modules := project.Modules(dept, chosen)
	boards, err := e.tx.Boards(ctx, id)
	if err != nil {
		return store.Board{}, err
	}
	for _, b := range boards {
		if slices.Equal(b.Modules, modules) {
			return b, nil
		}
	}
	// A new board calls things what the department's boards before it did: what
	// waits on a screen is still understood when staff switch a module.
	secret, err := e.tx.Secret(ctx, boardSecret(e.org, id), e.random(32))
	if err != nil {
		return store.Board{}, err
	}
	b := store.Board{
		ID:  record.BoardID(strings.ToLower(base32.HexEncoding.EncodeToString(e.random(10)))),
		Org: e.org, Department: id, External: external, Modules: modules, Secret: secret,
	}
	if err := e.tx.PutBoard(ctx, b, epochOf(e.random(8))); err != nil {
		return b, err
	}
	_, _, err = remake(ctx, e.tx, b, e.now)
	return b, err
}

// boardSecret is by what a department's boards call things, among the store's
// secrets.
func boardSecret(org, dept house.ID) string { return "board " + string(org) + " " + string(dept) }

// newEpoch returns the identity of a new feed.
func newEpoch() record.Epoch { return epochOf(random(8)) }

func epochOf(b []byte) record.Epoch { return record.Epoch(hex.EncodeToString(b)) }

// RevokeScreen shuts a screen out: it is told to wipe itself, now or when it
// comes back, and gets nothing else.
func (h *Hub) RevokeScreen(ctx context.Context, by store.Actor, id string) error {
	by.At = h.now()
	err := h.store.Update(ctx, by, func(tx store.Tx) error {
		d, err := tx.Device(ctx, id)
		if err != nil {
			return err
		}
		d.Revoked = true
		return tx.PutDevice(ctx, d)
	})
	if err != nil {
		return fmt.Errorf("screen %s: %w", id, err)
	}
	if c := h.clients.seek(id); c != nil {
		c.close(wire.CloseRevoked, "revoked")
	}
	h.tell(store.Hint{Device: id})
	return nil
}

// emptied notes the receipt of a wipe.
func (h *Hub) emptied(ctx context.Context, e session.Emptied) error {
	d, err := h.device(ctx, e.Device)
	if err != nil {
		return err
	}
	by := store.Actor{Org: d.Org, Kind: store.ByScreen, ID: d.ID, At: h.now()}
	err = h.store.Update(ctx, by, func(tx store.Tx) error { return tx.Wiped(ctx, e.Device, e.Key) })
	if err == nil {
		h.log.InfoContext(ctx, "screen has destroyed everything", "device", e.Device)
	}
	return err
}

// recheck sends away the screens that somebody else shut out or moved.
func (h *Hub) recheck(ctx context.Context) error {
	var devices []store.Device
	err := h.store.View(ctx, h.itself(), func(v store.View) (err error) {
		devices, err = v.Devices(ctx)
		return err
	})
	for _, d := range devices {
		if c := h.clients.seek(d.ID); c != nil {
			c.recheck(d)
		}
	}
	return err
}

// A ScreenState is what is known about a screen at a moment.
type ScreenState struct {
	store.Device
	Department house.ID
	Online     bool
	Head       record.Position // where its board stands
	Health     Health
}

// Confirmed reports whether the glass shows what the board holds: everything
// that was taken away is gone there.
func (s ScreenState) Confirmed() bool {
	return s.Acked.Epoch == s.Head.Epoch && s.Acked.Rev >= s.Head.Rev
}

// A Holding is whether a screen holds personal data.
type Holding string

// The holdings.
const (
	Holds      Holding = "yes"
	HoldsNone  Holding = "no"
	HoldsMaybe Holding = "unknown" // nobody can say where it is, or what became of it
)

// Holds says whether the screen holds personal data, and since when that is so; zero:
// since ever. One that is away holds what it had until it says that it has destroyed
// it, or has to have done so by itself.
func (s ScreenState) Holds(now time.Time) (Holding, time.Time) {
	ends := s.Seen.Add(s.Terms.Wipe + unseen)
	switch {
	case !s.Wiped.IsZero():
		return HoldsNone, s.Wiped
	case s.Online && !s.Revoked:
		return Holds, time.Time{}
	case s.Seen.IsZero():
		return HoldsNone, time.Time{}
	case !now.Before(ends):
		return HoldsNone, ends
	}
	return HoldsMaybe, s.Seen
}

// Screens returns the screens of the actor's system, in the order of their IDs.
func (h *Hub) Screens(ctx context.Context, by store.Actor) (out []ScreenState, err error) {
	by.At = h.now()
	h.flush(ctx)
	err = h.store.View(ctx, by, func(v store.View) error {
		out = nil
		devices, err := v.Devices(ctx)
		if err != nil {
			return err
		}
		for _, d := range devices {
			b, err := v.Board(ctx, d.Board)
			if err != nil {
				return err
			}
			head, err := v.Head(ctx, d.Board)
			if err != nil {
				return err
			}
			out = append(out, ScreenState{d, b.Department, h.clients.of(d.ID) != nil, head.Position, h.healths.of(d.ID)})
		}
		return nil
	})
	return out, err
}

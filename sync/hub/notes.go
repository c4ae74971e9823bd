package hub

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// flushAfter is how long what screens confirm is collected before it is stored.
// A thousand screens confirm one change in one transaction; what a crash loses
// they say again when they come back.
const flushAfter = time.Second

// notes are what screens have confirmed and is not stored yet.
type notes struct {
	sync.Mutex
	noted
	wake chan struct{} // of capacity one
}

// noted is one second of it.
type noted struct {
	acks     map[string]ack
	seen     map[string]int64 // Unix milliseconds
	boots    map[string]boot
	releases map[store.Inst]uint64
}

type ack struct {
	at    wire.Ack
	when  int64 // Unix milliseconds, which is how exactly it is stored
	glass int   // see [store.Device]
}

type boot struct {
	boot   string
	before time.Time // when the screen was heard before it started
}

// acked notes what a screen has on the glass.
func (n *notes) acked(d store.Device, at wire.Ack, when time.Time) {
	n.Lock()
	defer n.Unlock()
	if n.acks == nil {
		n.acks = map[string]ack{}
	}
	n.acks[d.ID] = ack{at, when.UnixMilli(), d.Glass}
	n.later()
}

// seen notes when a screen was heard.
func (n *notes) seen(device string, when time.Time) {
	n.Lock()
	defer n.Unlock()
	if n.noted.seen == nil {
		n.noted.seen = map[string]int64{}
	}
	n.noted.seen[device] = when.UnixMilli()
	n.later()
}

// booted notes that a screen has started. Should this be lost, so is what was
// noted of its being seen, and the next time it comes the same is noted again.
func (n *notes) booted(device string, b boot) {
	n.Lock()
	defer n.Unlock()
	if n.boots == nil {
		n.boots = map[string]boot{}
	}
	n.boots[device] = b
	n.later()
}

// release notes up to where an installation has its results.
func (n *notes) release(i store.Inst, seq uint64) {
	n.Lock()
	defer n.Unlock()
	if n.releases == nil {
		n.releases = map[store.Inst]uint64{}
	}
	n.releases[i] = max(n.releases[i], seq)
	n.later()
}

func (n *notes) later() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// take returns what is not stored yet.
func (n *notes) take() noted {
	n.Lock()
	defer n.Unlock()
	taken := n.noted
	n.noted = noted{}
	return taken
}

// putBack notes again what could not be stored, unless something newer has been
// noted since.
func (n *notes) putBack(old noted) {
	n.Lock()
	defer n.Unlock()
	n.acks = newest(old.acks, n.acks)
	n.noted.seen = newest(old.seen, n.noted.seen)
	n.boots = newest(old.boots, n.boots)
	n.releases = newest(old.releases, n.releases) // numbers only grow
	n.later()
}

// newest returns what is in either, and of what is in both that which came later.
func newest[K comparable, V any](earlier, later map[K]V) map[K]V {
	if earlier == nil {
		return later
	}
	maps.Copy(earlier, later)
	return earlier
}

// keepNotes stores what screens confirm until ctx ends and the last of them has
// gone.
func (h *Hub) keepNotes(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-h.notes.wake:
		case <-ctx.Done():
		}
		select {
		case <-time.After(flushAfter):
			h.flush(ctx)
		case <-ctx.Done():
		}
	}
	h.work.Wait()
	h.flush(ctx)
}

// flush stores what was noted, in one transaction. It does so to the end: what
// was taken out of the notes would be lost.
func (h *Hub) flush(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	n := h.notes.take()
	if len(n.acks)+len(n.seen)+len(n.boots)+len(n.releases) == 0 {
		return
	}
	if err := h.store.Update(ctx, h.itself(), func(tx store.Tx) error { return n.store(ctx, tx, h.terms()) }); err != nil {
		h.log.ErrorContext(ctx, "confirmations not stored", "error", err)
		h.notes.putBack(n) // a screen that lives on does not say it again
	}
}

// store stores it all: what many screens say alike in one statement.
func (n noted) store(ctx context.Context, tx store.Tx, on store.Terms) error {
	for id, b := range n.boots {
		if err := tx.Booted(ctx, id, b.boot, b.before); err != nil {
			return err
		}
	}
	for a, devices := range alike(n.acks) {
		if err := tx.Acked(ctx, store.Ack{At: a.at, When: time.UnixMilli(a.when), Terms: on, Glass: a.glass}, devices...); err != nil {
			return err
		}
	}
	for when, devices := range alike(n.seen) {
		if err := tx.Seen(ctx, time.UnixMilli(when), on, devices...); err != nil {
			return err
		}
	}
	for i, seq := range n.releases {
		if err := tx.Release(ctx, i, seq); err != nil {
			return err
		}
	}
	return nil
}

// alike returns of which screens the same was noted.
func alike[T comparable](noted map[string]T) map[T][]string {
	out := map[T][]string{}
	for _, id := range slices.Sorted(maps.Keys(noted)) {
		out[noted[id]] = append(out[noted[id]], id)
	}
	return out
}

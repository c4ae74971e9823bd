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
	acks     map[string]ack
	seenAt   map[string]time.Time
	releases map[store.Inst]uint64
	wake     chan struct{} // of capacity one
}

type ack struct {
	at   wire.Ack
	when time.Time
}

// acked notes what a screen has on the glass.
func (n *notes) acked(device string, at wire.Ack, when time.Time) {
	n.Lock()
	defer n.Unlock()
	if n.acks == nil {
		n.acks = map[string]ack{}
	}
	n.acks[device] = ack{at, when}
	n.later()
}

// seen notes when a screen was heard.
func (n *notes) seen(device string, when time.Time) {
	n.Lock()
	defer n.Unlock()
	if n.seenAt == nil {
		n.seenAt = map[string]time.Time{}
	}
	n.seenAt[device] = when
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
func (n *notes) take() (acks map[string]ack, seen map[string]time.Time, releases map[store.Inst]uint64) {
	n.Lock()
	defer n.Unlock()
	acks, seen, releases = n.acks, n.seenAt, n.releases
	n.acks, n.seenAt, n.releases = nil, nil, nil
	return acks, seen, releases
}

// putBack notes again what could not be stored, unless something newer has been
// noted since.
func (n *notes) putBack(acks map[string]ack, seen map[string]time.Time, releases map[store.Inst]uint64) {
	n.Lock()
	defer n.Unlock()
	n.acks = newest(acks, n.acks)
	n.seenAt = newest(seen, n.seenAt)
	n.releases = newest(releases, n.releases) // numbers only grow
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

// heardOf returns the screens that said anything, in the order of their IDs.
func heardOf(acks map[string]ack, seen map[string]time.Time) []string {
	ids := slices.AppendSeq(slices.Collect(maps.Keys(acks)), maps.Keys(seen))
	slices.Sort(ids)
	return slices.Compact(ids)
}

// flush stores what was noted, in one transaction. It does so to the end: what
// was taken out of the notes would be lost.
func (h *Hub) flush(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	acks, seen, releases := h.notes.take()
	if len(acks)+len(seen)+len(releases) == 0 {
		return
	}
	err := h.store.Update(ctx, h.itself(), func(tx store.Tx) error {
		// In one order: another hub may be storing what the same screens told it.
		for _, id := range heardOf(acks, seen) {
			if a, ok := acks[id]; ok {
				if err := tx.Acked(ctx, id, a.at, a.when); err != nil {
					return err
				}
			}
			if when, ok := seen[id]; ok {
				if err := tx.Seen(ctx, id, when); err != nil {
					return err
				}
			}
		}
		for i, seq := range releases {
			if err := tx.Release(ctx, i, seq); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.log.ErrorContext(ctx, "confirmations not stored", "error", err)
		h.notes.putBack(acks, seen, releases) // a screen that lives on does not say it again
	}
}

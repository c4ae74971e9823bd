package hub

import (
	"context"
	"errors"
	"hash/fnv"
	"sync"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// A board changes by itself when a day ends: its window moves on, and an
// acceptance may end. It is made again then, and every hour besides, in case
// anything was missed. Boards take turns, so that a thousand of them do not
// meet at midnight: screens have tomorrow already, and know when an acceptance
// ends. A board nobody looks at waits until somebody does.
const (
	midnightSpread = 10 * time.Minute
	sweepEvery     = time.Hour
	tombstones     = 30 * 24 * time.Hour // how long deletions are told
	purgeEvery     = 24 * time.Hour
	lookEvery      = 30 * time.Second // how often all this is looked after
)

// clock says when each board is made again.
type clock struct {
	sync.Mutex
	due map[record.BoardID]time.Time
}

// dueAt returns when a board is made again; zero: it has not been since the
// hub started.
func (c *clock) dueAt(id record.BoardID) time.Time {
	c.Lock()
	defer c.Unlock()
	return c.due[id]
}

func (c *clock) set(id record.BoardID, at time.Time) {
	c.Lock()
	defer c.Unlock()
	if c.due == nil {
		c.due = map[record.BoardID]time.Time{}
	}
	c.due[id] = at
}

// after returns when a board made at now is made again.
func after(id record.BoardID, now time.Time, zone *time.Location) time.Time {
	f := fnv.New64a()
	_, _ = f.Write([]byte(id))
	turn := time.Duration(f.Sum64() % uint64(sweepEvery))
	hourly := now.Truncate(sweepEvery).Add(turn)
	if !hourly.After(now) {
		hourly = hourly.Add(sweepEvery)
	}
	midnight := project.Next(now, zone).Add(turn % midnightSpread)
	if midnight.Before(hourly) {
		return midnight
	}
	return hourly
}

// freshen makes a board again if it is due: a hub that was off for a night must
// not serve yesterday.
func (h *Hub) freshen(ctx context.Context, id record.BoardID) error {
	if !h.due(id) {
		return nil
	}
	return h.refresh(ctx, id)
}

// due reports whether a board has to be made again before it is shown.
func (h *Hub) due(id record.BoardID) bool {
	at := h.clock.dueAt(id)
	return at.IsZero() || !h.now().Before(at)
}

// refresh makes a board again for the present day.
func (h *Hub) refresh(ctx context.Context, id record.BoardID) error {
	now := h.now()
	var b store.Board
	err := h.store.View(ctx, h.itself(), func(v store.View) (err error) {
		b, err = v.Board(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	var m move
	var moved bool
	by := store.Actor{Org: b.Org, Kind: store.ByHub, At: now}
	err = h.store.Update(ctx, by, func(tx store.Tx) (err error) {
		if err = tx.Lock(ctx, b.Department); err == nil {
			m, moved, err = remake(ctx, tx, b, now)
		}
		return err
	})
	if err != nil {
		return err
	}
	h.clock.set(id, after(id, now, m.zone))
	if moved {
		h.publish([]move{m})
	}
	return nil
}

// A tidier keeps something for a while that it has to be told to forget.
type tidier interface {
	Tidy(ctx context.Context)
}

// keepTime looks after the boards that somebody looks at, and forgets old
// deletions, until ctx ends.
func (h *Hub) keepTime(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var purged time.Time
	var sealed house.Day
	for ctx.Err() == nil {
		if now := h.now(); now.Sub(purged) >= purgeEvery {
			h.purge(ctx, now)
			purged = now
		}
		if day := house.DayOf(h.now().UTC()); day != sealed {
			if err := errors.Join(h.seal(ctx), h.keepLedger(ctx), h.keepPolls(ctx), h.keepRequests(ctx)); err == nil {
				sealed = day
			} else if ctx.Err() == nil {
				h.log.ErrorContext(ctx, "audit not signed, ledger not kept or answers not forgotten", "error", err)
			}
		}
		h.lookAround(ctx)
		h.sumUp(ctx)
		if t, ok := h.manager.(tidier); ok {
			t.Tidy(ctx)
		}
		select {
		case <-look.C:
		case <-ctx.Done():
		}
	}
}

// lookAround looks after what somebody looks at; without screens that is
// nothing.
func (h *Hub) lookAround(ctx context.Context) {
	feeds := h.feeds.list()
	if len(feeds) == 0 {
		return
	}
	for _, f := range feeds {
		if err := h.look(ctx, f); err != nil && ctx.Err() == nil {
			h.log.ErrorContext(ctx, "board not looked after", "board", f.id, "error", err)
		}
	}
	if err := h.recheck(ctx); err != nil && ctx.Err() == nil {
		h.log.ErrorContext(ctx, "screens not looked after", "error", err)
	}
}

// look drops frames that nobody may want any more and makes a board again if it
// is due.
func (h *Hub) look(ctx context.Context, f *feed) error {
	f.forget()
	return absent(h.freshen(ctx, f.id))
}

// purge forgets deletions that every screen has heard of, or will learn of from
// a whole board.
func (h *Hub) purge(ctx context.Context, now time.Time) {
	err := h.store.Update(ctx, h.itself(), func(tx store.Tx) error {
		_, err := tx.Purge(ctx, now.Add(-tombstones))
		return err
	})
	if err != nil && ctx.Err() == nil {
		h.log.ErrorContext(ctx, "old deletions not forgotten", "error", err)
	}
}

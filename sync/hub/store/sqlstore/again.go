package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"tavle/sync/hub/store"
)

const (
	// tries is how often an update runs at most. Two staff changes between a
	// reading and its lock are already a rare thing.
	tries = 5
	// patience is for how long it is run again because there is no connection: a
	// server that restarts is back by then.
	patience = 5 * time.Second
	// lull is the longest wait before the next try.
	lull = 500 * time.Millisecond
)

// update runs f in one transaction, and again where that is safe: when nothing
// of it has happened. Where that is not known it says so.
func (db *DB) update(ctx context.Context, by store.Actor, f func(*tx) error) error {
	began, conflicts := time.Now(), 0
	for try := 1; ; try++ {
		t := tx{view: view{pool: db.write, by: by}, dialect: db.dialect, notes: new([]noteLine)}
		err := db.in(ctx, db.write, nil, &t.view, func() error {
			if err := f(&t); err != nil {
				return err
			}
			return t.writeNotes(ctx)
		})
		switch {
		case err == nil, errors.Is(err, store.ErrUnknown), ctx.Err() != nil:
			return err
		case errors.Is(err, store.ErrAgain) || db.dialect.failure(err) == Conflict:
			if conflicts++; conflicts == tries {
				return err
			}
			if errors.Is(err, store.ErrAgain) {
				continue
			}
		case db.dialect.failure(err) == Lost:
			if time.Since(began) > patience {
				return err
			}
		default:
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// pause waits before the next try, longer each time, and not as long as others
// do.
func pause(ctx context.Context, try int) error {
	d := min(lull, 10*time.Millisecond<<min(try, 10))
	select {
	case <-time.After(d/2 + rand.N(d/2)): //nolint:gosec // it only spreads
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// in runs f inside a transaction of the pool.
func (db *DB) in(ctx context.Context, p *pool, o *sql.TxOptions, v *view, f func() error) error {
	t, err := db.begin(ctx, p, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	v.tx = t
	defer func() { _ = t.Rollback() }() // after a commit it does nothing
	if err := f(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		if what := db.dialect.failure(err); what == Lost || what == Other {
			err = fmt.Errorf("%w: %w", store.ErrUnknown, err)
		}
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// begin begins a transaction, if need be when there is a connection again.
func (db *DB) begin(ctx context.Context, p *pool, o *sql.TxOptions) (*sql.Tx, error) {
	began := time.Now()
	for try := 1; ; try++ {
		t, err := p.db.BeginTx(ctx, o)
		if err == nil || db.dialect.failure(err) != Lost || time.Since(began) > patience {
			return t, err
		}
		if err := pause(ctx, try); err != nil {
			return nil, err
		}
	}
}

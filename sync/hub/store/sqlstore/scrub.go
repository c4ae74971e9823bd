package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
)

// Scrub implements [store.Scrubber]. SQLite overwrites what is deleted
// (secure_delete), but rows that moved from one page to another may leave their
// old bytes in the space between, so the file is written anew and its log cut to
// nothing. PostgreSQL leaves old rows in its files until it needs the room, so its
// tables are, and with them what its planner has noted of the values in them.
func (db *DB) Scrub(ctx context.Context) error {
	var err error
	if db.dialect.Goose == goose.DialectSQLite3 {
		err = db.scrubFile(ctx)
	} else {
		err = db.scrubTables(ctx)
	}
	if err != nil {
		return fmt.Errorf("scrub: %w", err)
	}
	return nil
}

// scrubWait is how long a reader may keep the log of the file from being cut.
const scrubWait = 30 * time.Second

func (db *DB) scrubFile(ctx context.Context) error {
	if _, err := db.write.db.ExecContext(ctx, `vacuum`); err != nil {
		return err
	}
	for began := time.Now(); ; {
		var busy, frames, moved int
		err := db.write.db.QueryRowContext(ctx, `pragma wal_checkpoint(truncate)`).Scan(&busy, &frames, &moved)
		switch {
		case err != nil || busy == 0:
			return err
		case time.Since(began) > scrubWait:
			return errors.New("somebody reads the store, so its log could not be cut")
		}
		if err := pause(ctx, 10); err != nil {
			return err
		}
	}
}

func (db *DB) scrubTables(ctx context.Context) error {
	one, err := db.write.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = one.Close() }()
	tables, err := tablesOf(ctx, one, db.dialect)
	if err != nil {
		return err
	}
	if _, err := one.ExecContext(ctx, `set statement_timeout = '15min'`); err != nil {
		return err
	}
	for _, t := range tables {
		if _, err = one.ExecContext(ctx, `vacuum (full, analyze) `+quote(t.Name)); err != nil {
			break
		}
	}
	if err == nil {
		err = scrubStatistics(ctx, one)
	}
	_, reset := one.ExecContext(context.WithoutCancel(ctx), `reset statement_timeout`)
	return errors.Join(err, reset)
}

// scrubStatistics writes the planner's statistics anew: samples of the values in all
// columns, whose old rows stay in their file like any. Whoever does not own the
// database is only warned by PostgreSQL, and nothing happens.
func scrubStatistics(ctx context.Context, one *sql.Conn) error {
	var owner bool
	err := one.QueryRowContext(ctx, `select pg_has_role(datdba, 'usage') from pg_database where datname = current_database()`).Scan(&owner)
	switch {
	case err != nil:
		return err
	case !owner:
		return errors.New("statistics of the database may hold samples of what was deleted, and only its owner can write them anew: alter database NAME owner to the hub's role")
	}
	_, err = one.ExecContext(ctx, `vacuum full pg_statistic`)
	return err
}

// quote makes a name of a table or column safe to stand in a statement.
func quote(name string) string { return `"` + name + `"` }

// A querier is a connection or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

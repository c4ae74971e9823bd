// Package sqlstore keeps a hub's store in a SQL database. The statements are
// written once, in what SQLite and PostgreSQL have in common; what differs is a
// [Dialect]. It opens no database: sqlitestore and pgstore do, with the settings
// that make it durable.
package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/pressly/goose/v3"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// A Dialect is what differs between databases.
type Dialect struct {
	Goose goose.Dialect
	// Moment is how a transaction reads that sees nothing of what is committed
	// meanwhile.
	Moment sql.IsolationLevel
	// Elements reads the texts in a JSON array, $1, one a row.
	Elements string
	// Lock waits until a transaction has these locks, in this order: the first
	// together with others, the rest for itself. Nil: there is one writer.
	Lock func(ctx context.Context, tx *sql.Tx, shared, own []int64) error
	// Failure says what an error means. Nil: every failure is [Refused].
	Failure func(error) Failure
}

// A Failure is what an error says about the transaction it came from.
type Failure int

// What an error may say.
const (
	Refused  Failure = iota // the database said no: nothing has happened
	Conflict                // and the next time it may say yes
	Lost                    // the connection is gone: nothing has happened that was not being committed
	Other                   // it is no word of the database
)

// failure says what an error means.
func (d *Dialect) failure(err error) Failure {
	if d.Failure == nil {
		return Refused
	}
	return d.Failure(err)
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the database to the newest schema.
func Migrate(ctx context.Context, db *sql.DB, d Dialect) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(d.Goose, db, files, goose.WithDisableGlobalRegistry(true))
	if err == nil {
		_, err = p.Up(ctx)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Schema returns which schema a database has, and which [Migrate] would bring it
// to. It changes nothing.
func Schema(ctx context.Context, db *sql.DB) (has, newest int64, err error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, 0, err
	}
	for _, f := range files {
		n, err := goose.NumericComponent(f)
		if err != nil {
			return 0, 0, err
		}
		newest = max(newest, n)
	}
	err = db.QueryRowContext(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&has)
	return has, newest, err
}

// DB is a store in a SQL database. It implements [store.Store].
type DB struct {
	dialect *Dialect
	read    *pool
	write   *pool
}

// New returns the store in a migrated database, read through one pool of
// connections and written through another; they may be the same.
func New(ctx context.Context, read, write *sql.DB, d Dialect) (*DB, error) {
	r, err := prepare(ctx, read, d)
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	w, err := prepare(ctx, write, d)
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	db := &DB{&d, r, w}
	if err := errors.Join(db.chainOld(ctx), db.homeOld(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Close closes both pools.
func (db *DB) Close() error { return errors.Join(db.read.close(), db.write.close()) }

// View implements [store.Store].
func (db *DB) View(ctx context.Context, by store.Actor, f func(store.View) error) error {
	if err := by.Check(); err != nil {
		return err
	}
	v := view{pool: db.read, by: by}
	err := db.in(ctx, db.read, &sql.TxOptions{ReadOnly: true, Isolation: db.dialect.Moment}, &v, func() error { return f(&v) })
	if err != nil || len(v.reads) == 0 {
		return err
	}
	// What staff read is in the audit before they see it.
	return db.update(ctx, by, func(t *tx) error {
		t.reads = v.reads
		return nil
	})
}

// Update implements [store.Store].
func (db *DB) Update(ctx context.Context, by store.Actor, f func(store.Tx) error) error {
	if err := by.Check(); err != nil {
		return err
	}
	return db.update(ctx, by, func(t *tx) error { return f(t) })
}

// A view is one transaction that reads. It implements [store.View].
type view struct {
	pool   *pool
	tx     *sql.Tx
	by     store.Actor
	boards map[record.BoardID]bool // that belong to the actor's system
	reads  []readRow
	quiet  bool // the hub reads, whoever acts
}

// A tx is one transaction that writes. It implements [store.Tx].
type tx struct {
	view
	dialect *Dialect
	locked  bool        // has called Lock
	notes   *[]noteLine // what it has written
}

// Own implements [store.Tx].
func (t *tx) Own() store.Tx {
	own := *t
	own.quiet = true
	return &own
}

// A readRow is a read that goes into the audit.
type readRow struct{ kind, id string }

// saw notes a read by staff, once each.
func (v *view) saw(kind house.Kind, id string) {
	if v.by.Kind != store.ByStaff || v.quiet || house.New(kind) != nil && !house.Personal(kind) {
		return
	}
	r := readRow{string(kind), id}
	if !slices.Contains(v.reads, r) {
		v.reads = append(v.reads, r)
	}
}

// millis is a moment as it is stored: 0 is none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Package pgstore keeps a hub's store in PostgreSQL, for a house that has one or
// wants several hubs on the same data. What was committed survives a crash of
// the server; that of its disk is for the server's own backups.
package pgstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"tavle/sync/hub/store/sqlstore"
)

const (
	// oldest is the first version of PostgreSQL that this is tested with.
	oldest = 15
	// readers and writers are how many connections there are at most for each,
	// so that screens are told of changes while writers wait for each other. A
	// server has 100 unless told otherwise: enough for five hubs.
	readers, writers = 8, 8
	// Connections are exchanged now and then, so that a server that was added
	// or whose address changed gets its share.
	connectionLife, idleLife = time.Hour, 10 * time.Minute
	// migrating is the lock of whoever changes the schema.
	migrating = 0x7461766c65 // "tavle"
)

// settings of every connection but that which migrates. What takes longer than
// this has gone wrong.
var settings = map[string]string{
	"application_name":                    "tavle-hub",
	"statement_timeout":                   "30s",
	"idle_in_transaction_session_timeout": "60s",
	"timezone":                            "UTC",
}

// A DB is a store in PostgreSQL. It implements [store.Notifier].
type DB struct {
	*sqlstore.DB
	at     *address
	notify *sql.DB
}

// Close implements [store.Store].
func (db *DB) Close() error { return errors.Join(db.notify.Close(), db.DB.Close()) }

// Open opens the store in the database at a URL, such as
// postgres://tavle@db.example.org/tavle, and brings it to the newest schema.
// What the URL leaves out is taken from where libpq takes it: PGPASSWORD,
// PGPASSFILE, ~/.pgpass and the rest. No error shows the password.
func Open(ctx context.Context, url string) (*DB, error) {
	at, err := parse(url)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	db, err := at.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", at.explain(err))
	}
	return db, nil
}

func (at *address) open(ctx context.Context) (*DB, error) {
	if err := at.migrate(ctx); err != nil {
		return nil, err
	}
	read, write := at.pool(readers), at.pool(writers)
	db, err := sqlstore.New(ctx, read, write, dialect)
	if err != nil {
		return nil, err
	}
	return &DB{db, at, at.pool(1)}, nil
}

// pool returns up to n connections.
func (at *address) pool(n int) *sql.DB {
	c := at.config.Copy()
	maps.Copy(c.RuntimeParams, settings)
	db := stdlib.OpenDB(*c, stdlib.OptionAfterConnect(prepare))
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	db.SetConnMaxLifetime(connectionLife)
	db.SetConnMaxIdleTime(idleLife)
	return db
}

// prepare makes a new connection what the store needs. A commit returns when it
// is on the disk of the server, and where its administrator wants that of
// another one, too.
func prepare(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local')`)
	if err != nil {
		return err
	}
	t, err := c.LoadType(ctx, "blob")
	if err != nil {
		return err
	}
	c.TypeMap().RegisterType(t)
	return nil
}

// migrate brings the database to the newest schema. Several hubs may start at
// once: one does it, the others wait.
func (at *address) migrate(ctx context.Context) (err error) {
	c := at.config.Copy()
	c.RuntimeParams["application_name"] = "tavle-hub migrations"
	db := stdlib.OpenDB(*c)
	defer func() { err = errors.Join(err, db.Close()) }()
	one, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, one.Close()) }()
	if err := suits(ctx, one); err != nil {
		return err
	}
	if _, err := one.ExecContext(ctx, `select pg_advisory_lock($1)`, int64(migrating)); err != nil {
		return err
	}
	// The end of the connection gives it back, too.
	defer func() {
		_, unlock := one.ExecContext(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, int64(migrating))
		err = errors.Join(err, unlock)
	}()
	if _, err := one.ExecContext(ctx, `do $$ begin
		if to_regtype('blob') is null then create domain blob as bytea; end if;
	end $$`); err != nil {
		return err
	}
	return sqlstore.Migrate(ctx, db, dialect)
}

// suits makes sure that the server and the database are fit for a store.
func suits(ctx context.Context, c *sql.Conn) error {
	var version, encoding string
	err := c.QueryRowContext(ctx, `select current_setting('server_version_num'), current_setting('server_encoding')`).Scan(&version, &encoding)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(version)
	switch {
	case err != nil:
		return fmt.Errorf("version %q of PostgreSQL: %w", version, err)
	case n/10000 < oldest:
		return fmt.Errorf("it is PostgreSQL %d; want %d or newer", n/10000, oldest)
	case encoding != "UTF8":
		return fmt.Errorf("the database is encoded in %s, which cannot hold every name; make one with: createdb --encoding UTF8 --template template0 NAME", encoding)
	}
	return nil
}

// dialect is what PostgreSQL has for itself.
var dialect = sqlstore.Dialect{
	Goose:    goose.DialectPostgres,
	Moment:   sql.LevelRepeatableRead,
	Elements: "select json_array_elements_text($1::json)",
	Lock:     lock,
	Failure:  failure,
}

// lock takes advisory locks, which end with the transaction. Unlike those of
// rows they are given out in turn: who writes to a whole system, to hide
// somebody, is not kept waiting by ever more who sign up.
func lock(ctx context.Context, tx *sql.Tx, shared, own []int64) error {
	for _, k := range shared {
		if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock_shared($1)`, k); err != nil {
			return err
		}
	}
	for _, k := range own {
		if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock($1)`, k); err != nil {
			return err
		}
	}
	return nil
}

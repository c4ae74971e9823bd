package pgstore

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"tavle/sync/hub/store/sqlstore"
)

// A Report is what is known of a store's database.
type Report struct {
	Version        string // of the server
	Bytes          int64  // of the database
	Schema, Newest int64  // which schema it has (0: none yet), and which this program would give it
	Durable        bool   // what is committed survives a power cut, as far as the server sees to it
	Hubs           int    // that listen
}

// undefinedTable is said of a database without a schema.
const undefinedTable = "42P01"

// Examine looks at the database at a URL and changes nothing, not even its schema.
func Examine(ctx context.Context, url string) (r Report, err error) {
	at, err := parse(url)
	if err != nil {
		return r, fmt.Errorf("store: %w", err)
	}
	if r, err = at.examine(ctx); err != nil {
		return r, fmt.Errorf("store: %w", at.explain(err))
	}
	return r, nil
}

func (at *address) examine(ctx context.Context) (r Report, err error) {
	c := at.config.Copy()
	maps.Copy(c.RuntimeParams, settings)
	db := stdlib.OpenDB(*c)
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	one, err := db.Conn(ctx)
	if err != nil {
		return r, err
	}
	if err := errors.Join(suits(ctx, one), one.Close()); err != nil {
		return r, err
	}
	err = db.QueryRowContext(ctx, `select current_setting('server_version'), pg_database_size(current_database()),
		current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on',
		(select count(*) from pg_stat_activity where datname = current_database() and application_name = $1)`, listenerName).
		Scan(&r.Version, &r.Bytes, &r.Durable, &r.Hubs)
	if err != nil {
		return r, err
	}
	r.Schema, r.Newest, err = sqlstore.Schema(ctx, db)
	var said *pgconn.PgError
	if errors.As(err, &said) && said.Code == undefinedTable {
		return r, nil
	}
	return r, err
}

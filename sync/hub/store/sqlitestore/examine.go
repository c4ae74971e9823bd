package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"tavle/sync/hub/store/sqlstore"
)

// A Report is what is known of a store's file.
type Report struct {
	Bytes          int64 // its size, with what is not yet in the file itself
	Schema, Newest int64 // which schema it has, and which this program would give it
	Faults         []string
}

// Examine looks at the file of a store, whole, and changes nothing, not even its
// schema. Faults are in the words of the database: tables and pages, no content.
func Examine(ctx context.Context, path string) (r Report, err error) {
	for _, part := range []string{path, path + "-wal"} {
		if s, err := os.Stat(part); err == nil {
			r.Bytes += s.Size()
		} else if part == path {
			return r, fmt.Errorf("store: %w", err)
		}
	}
	db, err := sql.Open("sqlite", source(path, "mode=rw&_pragma=query_only(on)"))
	if err != nil {
		return r, fmt.Errorf("store: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if r.Schema, r.Newest, err = sqlstore.Schema(ctx, db); err != nil {
		return r, fmt.Errorf("store: %w", err)
	}
	r.Faults, err = faults(ctx, db)
	if err != nil {
		return r, fmt.Errorf("store: %w", err)
	}
	return r, nil
}

// faults returns what the database finds wrong with itself.
func faults(ctx context.Context, db *sql.DB) (out []string, err error) {
	rows, err := db.QueryContext(ctx, `pragma integrity_check(20)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // only read
	for rows.Next() {
		var says string
		if err := rows.Scan(&says); err != nil {
			return nil, err
		}
		if says != "ok" {
			out = append(out, says)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	broken := 0
	err = db.QueryRowContext(ctx, `select count(*) from pragma_foreign_key_check`).Scan(&broken)
	if broken > 0 {
		out = append(out, fmt.Sprintf("rows that refer to what is not there: %d", broken))
	}
	return out, err
}

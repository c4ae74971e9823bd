// Package sqlitestore keeps a hub's store in one SQLite file: the default, with
// nothing to set up. It is durable: what was committed survives a power cut.
package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver, pure Go

	"tavle/sync/hub/store/sqlstore"
)

// settings of every connection. FULL: a commit returns when it is on the disk.
// secure_delete: what is deleted is overwritten. temp_store: nothing personal
// in temporary files.
var settings = []string{
	"journal_mode(wal)", "synchronous(full)", "foreign_keys(on)", "secure_delete(on)",
	"temp_store(memory)", "busy_timeout(10000)",
}

// readers is how many connections read at the same time, beside the one that
// writes.
const readers = 4

// dialect is what SQLite has for itself. A transaction sees one moment whatever
// it asks for, and there is one writer.
var dialect = sqlstore.Dialect{
	Goose: goose.DialectSQLite3, Moment: sql.LevelSerializable, Elements: "select value from json_each($1)",
}

// Open opens the store in the file at path and brings it to the newest schema;
// it makes the file, readable by nobody else, where there is none.
func Open(ctx context.Context, path string) (*sqlstore.DB, error) {
	if err := prepare(path); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	write, err := sql.Open("sqlite", source(path, "_txlock=immediate"))
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	write.SetMaxOpenConns(1)
	if err := sqlstore.Migrate(ctx, write, dialect); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), write.Close())
	}
	read, err := sql.Open("sqlite", source(path, "_pragma=query_only(on)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	db, err := sqlstore.New(ctx, read, write, dialect)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return db, nil
}

// prepare makes the file before SQLite does, so that nobody else may read it.
func prepare(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// source returns the data source name of the file.
func source(path, extra string) string {
	query := []string{extra}
	for _, s := range settings {
		query = append(query, "_pragma="+url.QueryEscape(s))
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(query, "&")
}

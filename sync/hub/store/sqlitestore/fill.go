package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tavle/sync/hub/store"
	"tavle/sync/hub/store/sqlstore"
)

// Fill makes a store in a new file at path and puts into it what from gives, in
// whatever schema that is; [Open] brings it to the newest. On an error the file
// may be there and is of no use.
func Fill(ctx context.Context, path string, from func(store.Sink) error) error {
	if err := prepare(path); err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	db, err := sql.Open("sqlite", source(path, "_txlock=immediate"))
	if err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	db.SetMaxOpenConns(1)
	if err := errors.Join(sqlstore.Fill(ctx, db, dialect, from), db.Close()); err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	return nil
}

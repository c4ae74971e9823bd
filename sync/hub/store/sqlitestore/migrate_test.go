package sqlitestore

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store"
)

// R-DPA-19: the audit of a database from before it was a chain becomes one when
// it is opened, lines and all.
func TestOldAuditBecomesAChain(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "hub.db")
	at := time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)
	by := store.Actor{Org: "sys", Kind: store.ByHub, At: at}
	s, err := Open(ctx, path)
	require.NoError(t, err)
	require.NoError(t, s.Update(ctx, by, func(tx store.Tx) error { return tx.Note(ctx, "export") }))
	by.At = at.Add(24 * time.Hour)
	require.NoError(t, s.Update(ctx, by, func(tx store.Tx) error {
		require.NoError(t, tx.Note(ctx, "export"))
		return tx.Note(ctx, "import")
	}))
	want := chainOf(ctx, t, s)
	require.NoError(t, s.Close())

	// As 00002_rights.sql leaves the lines of 00001_house.sql.
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	for _, q := range []string{"update audit set hash = ''", "update audit_head set day = '', seq = 0, lines = -1, hash = ''"} {
		_, err = db.ExecContext(ctx, q)
		require.NoError(t, err)
	}
	require.NoError(t, db.Close())

	s, err = Open(ctx, path)
	require.NoError(t, err)
	require.Equal(t, want, chainOf(ctx, t, s))
	require.EqualValues(t, 3, want.Lines)
	require.NoError(t, s.Close())
}

func chainOf(ctx context.Context, t *testing.T, s store.Store) (c store.Chain) {
	t.Helper()
	require.NoError(t, s.View(ctx, store.Actor{Org: "sys", Kind: store.ByHub, At: time.Now()}, func(v store.View) (err error) {
		c, err = v.Chain(ctx)
		return err
	}))
	return c
}

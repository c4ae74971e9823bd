package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
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

// A booking from before bookings had a department has its resource's from the next
// start on, and shows where that does; one of a thing that is gone stays as it is.
func TestOldBookingsGetADepartment(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "hub.db")
	by := store.Actor{Org: "sys", Kind: store.ByHub, At: time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)}
	s, err := Open(ctx, path)
	require.NoError(t, err)
	old := func(id, of house.ID) *house.Booking {
		return &house.Booking{ID: id, Resource: of, Person: "res-1", From: "2026-12-03T14:00", To: "2026-12-03T15:00"}
	}
	require.NoError(t, s.Update(ctx, by, func(tx store.Tx) error {
		return errors.Join(
			tx.Put(ctx, &house.Resource{ID: "sauna", Department: "avd-2", Title: record.Text{"da": "Sauna"}, Mode: "free"}),
			tx.Put(ctx, old("b1", "sauna")), tx.Put(ctx, old("b2", "gone")),
		)
	}))
	in := func() (bookings []house.Booking) {
		require.NoError(t, s.View(ctx, by, func(v store.View) (err error) {
			bookings, err = store.On[house.Booking](ctx, v, "avd-2", "2026-12-03", "2026-12-03")
			return err
		}))
		return bookings
	}
	require.Empty(t, in())
	for range 2 {
		require.NoError(t, s.Close())
		s, err = Open(ctx, path)
		require.NoError(t, err)
		want := *old("b1", "sauna")
		want.Department = "avd-2"
		require.Equal(t, []house.Booking{want}, in())
	}
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

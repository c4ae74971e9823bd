package pgstore

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store"
	"tavle/sync/hub/store/pgstore/pgtest"
	"tavle/sync/record"
)

var _ store.Notifier = (*DB)(nil)

// A listener is a hub that hears.
type listener struct {
	heard chan heard
	stop  func() error
}

type heard struct {
	from  string
	hints []store.Hint
}

func listen(t *testing.T, db *DB) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l := &listener{heard: make(chan heard, 100)}
	var wg sync.WaitGroup
	var err error
	wg.Go(func() { err = db.Listen(ctx, func(from string, hints []store.Hint) { l.heard <- heard{from, hints} }) })
	l.stop = func() error {
		cancel()
		wg.Wait()
		return err
	}
	t.Cleanup(func() { _ = l.stop() })
	require.Equal(t, heard{}, <-l.heard, "it says that it has begun")
	return l
}

// What is told reaches every hub on the store, in the same order, and none on
// another; long lists arrive in pieces.
func TestHintsReachEveryHub(t *testing.T) {
	url := pgtest.Database(t)
	one, two, other := opened(t, url), opened(t, url), opened(t, pgtest.Database(t))
	ears := []*listener{listen(t, one), listen(t, two)}
	elsewhere := listen(t, other)

	require.NoError(t, one.Notify(t.Context(), "one", store.Hint{Board: "b1"}, store.Hint{Device: "hall"}))
	require.NoError(t, two.Notify(t.Context(), "two", store.Hint{Device: "hall", Session: "s"}))
	for _, l := range ears {
		require.Equal(t, heard{"one", []store.Hint{{Board: "b1"}, {Device: "hall"}}}, <-l.heard)
		require.Equal(t, heard{"two", []store.Hint{{Device: "hall", Session: "s"}}}, <-l.heard)
	}

	var many []store.Hint
	for i := range 500 {
		many = append(many, store.Hint{Board: record.BoardID(fmt.Sprintf("%016d", i))}, store.Hint{Device: strings.Repeat("\x01", 64)})
	}
	require.NoError(t, one.Notify(t.Context(), "one", many...))
	for _, l := range ears {
		var got []store.Hint
		for len(got) < len(many) {
			got = append(got, (<-l.heard).hints...)
		}
		require.Equal(t, many, got)
	}
	require.Empty(t, elsewhere.heard)
	require.ErrorIs(t, elsewhere.stop(), context.Canceled)
}

// Whoever's connection is killed learns it, and can listen again.
func TestListenerThatIsKilledSaysSo(t *testing.T) {
	url := pgtest.Database(t)
	db := opened(t, url)
	ctx, began, ended := t.Context(), make(chan bool, 1), make(chan error, 1)
	go func() { ended <- db.Listen(ctx, func(string, []store.Hint) { began <- true }) }()
	<-began
	pgtest.Get(t).Exec(t, name(url), `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tavle-hub listener' and datname = current_database()`)
	require.ErrorContains(t, <-ended, "listen: ")
	l := listen(t, db)
	require.NoError(t, db.Notify(ctx, "x", store.Hint{Board: "b1"}))
	require.Equal(t, heard{"x", []store.Hint{{Board: "b1"}}}, <-l.heard)
}

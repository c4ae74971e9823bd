package pgstore

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/pgstore/pgtest"
	"tavle/sync/hub/store/sqlstore"
	"tavle/sync/record"
)

var by = store.Actor{Org: "sys", Kind: store.ByHub, At: time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)}

// opened opens a store on a server and closes it at the end.
func opened(t *testing.T, url string) *DB {
	t.Helper()
	db, err := Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// put stores a department.
func put(ctx context.Context, tx store.Tx, id house.ID) error {
	return tx.Put(ctx, &house.Department{ID: id, Name: record.Text{"da": "Et"}})
}

// departments returns how many there are.
func departments(t *testing.T, s store.Store) (n int) {
	t.Helper()
	require.NoError(t, s.View(t.Context(), by, func(v store.View) error {
		all, err := v.All(t.Context(), house.KindDepartment)
		n = len(all)
		return err
	}))
	return n
}

// Two transactions that wait for each other: one is undone and runs again.
func TestDeadlockRunsAgain(t *testing.T) {
	db, ctx := opened(t, pgtest.Database(t)), t.Context()
	for _, id := range []string{"scr-1", "scr-2"} {
		require.NoError(t, db.Update(ctx, by, func(tx store.Tx) error {
			if id == "scr-1" {
				require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, "00000000000000e1"))
			}
			return tx.PutDevice(ctx, store.Device{ID: id, Board: "b1", Key: make([]byte, 32)})
		}))
	}
	var meet, wg sync.WaitGroup
	meet.Add(2)
	var runs atomic.Int64
	for i, order := range [][2]string{{"scr-1", "scr-2"}, {"scr-2", "scr-1"}} {
		wg.Go(func() {
			met := false
			err := db.Update(ctx, by, func(tx store.Tx) error {
				runs.Add(1)
				if err := tx.Seen(ctx, by.At.Add(time.Duration(i+1)*time.Second), store.Terms{}, order[0]); err != nil {
					return err
				}
				if !met {
					met = true
					meet.Done()
					meet.Wait()
				}
				return tx.Seen(ctx, by.At.Add(time.Duration(i+1)*time.Second), store.Terms{}, order[1])
			})
			if err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	require.GreaterOrEqual(t, runs.Load(), int64(3), "one of two was run again, and may have been more than once")
}

// A connection that is lost before the commit: nothing has happened, and it
// happens over another.
func TestLostConnectionRunsAgain(t *testing.T) {
	url := pgtest.Database(t)
	db, ctx, runs := opened(t, url), t.Context(), 0
	require.NoError(t, db.Update(ctx, by, func(tx store.Tx) error {
		if err := put(ctx, tx, house.ID(fmt.Sprint("dep-", runs))); err != nil {
			return err
		}
		if runs++; runs == 1 {
			pgtest.Get(t).Exec(t, name(url), `select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`)
		}
		return put(ctx, tx, house.ID(fmt.Sprint("dep-", runs, "-too")))
	}))
	require.Equal(t, 2, runs)
	require.Equal(t, 2, departments(t, db))
}

// A server that is killed and comes back in a moment is waited for, by whoever
// writes and by whoever reads; one that stays away is not waited for for ever.
func TestServerThatRestartsIsWaitedFor(t *testing.T) {
	s := pgtest.New(t)
	db, ctx := opened(t, s.Database(t, "UTF8")), t.Context()
	require.NoError(t, db.Update(ctx, by, func(tx store.Tx) error { return put(ctx, tx, "dep-1") }))
	var wg sync.WaitGroup
	for runs := range 2 {
		s.Crash(t)
		wg.Go(func() {
			time.Sleep(300 * time.Millisecond)
			s.Start(t)
		})
		if runs == 0 {
			require.NoError(t, db.Update(ctx, by, func(tx store.Tx) error { return put(ctx, tx, "dep-2") }))
		}
		require.Equal(t, 2, departments(t, db))
		wg.Wait()
	}
	s.Crash(t)
	began := time.Now()
	err := db.Update(ctx, by, func(tx store.Tx) error { return put(ctx, tx, "dep-3") })
	require.Error(t, err)
	require.NotErrorIs(t, err, store.ErrUnknown, "it was not even begun")
	require.NotContains(t, err.Error(), s.Password())
	require.Less(t, time.Since(began), 20*time.Second, "a screen asks again after that")
}

// A commit that is cut off may have happened or not, and nobody claims to know.
// In the first case the server got it; in the second it did not.
func TestCommitCutOffIsSaidToBeUnknown(t *testing.T) {
	for _, arrives := range []bool{true, false} {
		at, err := parse(pgtest.Database(t))
		require.NoError(t, err)
		var cut atomic.Bool
		at.config.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, addr)
			return &cutter{c, &cut, arrives}, err
		}
		db, err := at.open(t.Context())
		require.NoError(t, err)
		cut.Store(true)
		runs := 0
		err = db.Update(t.Context(), by, func(tx store.Tx) error {
			runs++
			return put(t.Context(), tx, "dep-1")
		})
		require.ErrorIs(t, err, store.ErrUnknown)
		require.ErrorContains(t, err, "commit: it is not known whether this was stored: ")
		require.Equal(t, 1, runs, "it might happen twice")
		cut.Store(false)
		want := 0
		if arrives {
			want = 1
		}
		require.Eventually(t, func() bool { return departments(t, db) == want }, time.Minute, 10*time.Millisecond)
		require.NoError(t, db.Close())
	}
}

// A cutter is a connection that ends when something is to be committed.
type cutter struct {
	net.Conn
	cut     *atomic.Bool
	arrives bool
}

func (c *cutter) Write(b []byte) (int, error) {
	if !c.cut.Load() || !bytes.Contains(bytes.ToLower(b), []byte("commit")) {
		return c.Conn.Write(b)
	}
	n := len(b)
	var err error
	if c.arrives {
		if n, err = c.Conn.Write(b); err != nil {
			return n, err
		}
	}
	return n, c.Close()
}

// What is said by somebody else than the database is not tried again.
func TestFailures(t *testing.T) {
	for err, want := range map[error]sqlstore.Failure{
		context.Canceled:                      sqlstore.Other,
		context.DeadlineExceeded:              sqlstore.Other,
		store.ErrNotFound:                     sqlstore.Other,
		net.ErrClosed:                         sqlstore.Lost,
		&net.OpError{Op: "read"}:              sqlstore.Lost,
		store.ErrGap:                          sqlstore.Other,
		fmt.Errorf("some: %w", net.ErrClosed): sqlstore.Lost,
	} {
		require.Equal(t, want, failure(err), "%v", err)
	}
}

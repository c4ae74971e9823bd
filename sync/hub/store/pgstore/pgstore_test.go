package pgstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store"
	"tavle/sync/hub/store/pgstore/pgtest"
	"tavle/sync/hub/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// open opens the store whose address stands in a folder, and makes one.
func open(t testing.TB, dir string) store.Store {
	path := filepath.Join(dir, "url")
	url, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		url = []byte(pgtest.Database(t))
		require.NoError(t, os.WriteFile(path, url, 0o600))
	}
	s, err := Open(t.Context(), string(url))
	require.NoError(t, err)
	return s
}

// Locks are taken in one order, so nothing of it is a deadlock that was undone.
func TestStoreKeepsItsContract(t *testing.T) {
	before := deadlocks(t)
	storetest.Run(t, open)
	require.Equal(t, before, deadlocks(t))
}

// deadlocks returns how many the server of this process has undone.
func deadlocks(t *testing.T) (n int) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), pgtest.Get(t).URL("postgres"))
	require.NoError(t, err)
	require.NoError(t, c.QueryRow(t.Context(), `select sum(deadlocks)::int from pg_stat_database`).Scan(&n))
	require.NoError(t, c.Close(t.Context()))
	return n
}

// Whoever sets a hub up learns what to do, and no error holds a password.
func TestWhatKeepsAStoreFromOpeningIsSaid(t *testing.T) {
	s := pgtest.Get(t)
	url, latin := s.Database(t, "UTF8"), s.Database(t, "LATIN1")
	s.Exec(t, "postgres", `create role guest login password 'guest'`)
	wrong := strings.Replace(url, s.Password(), "canary", 1)
	for _, c := range []struct{ url, want string }{
		{wrong, "is not let in: wrong or no password"},
		{strings.Replace(url, "tavle:"+s.Password(), "nobody:canary", 1), "user nobody is not let in"},
		{strings.Replace(url, "tavle:"+s.Password(), "guest:guest", 1), "user guest may not make tables there; make them its owner: alter database test_"},
		{s.URL("nowhere"), "there is no such database; make it with: createdb --encoding UTF8 --template template0 --owner tavle nowhere"},
		{latin, "is encoded in LATIN1, which cannot hold every name"},
		{"postgres://tavle:canary@127.0.0.1:1/tavle?sslmode=disable", "PostgreSQL at 127.0.0.1:1, database tavle: cannot be reached: dial tcp 127.0.0.1:1: connect: connection refused"},
		{"postgres://tavle:canary@/tavle?host=/nowhere", "PostgreSQL at /nowhere, database tavle: cannot be reached: dial unix"},
		{"postgres://tavle:canary@db:x/tavle", errAddress.Error()},
		{"postgres://tavle:canary@db/tavle?sslmode=canary", errAddress.Error()},
		{"postgres://tavle:canary@db/tavle?sslrootcert=/nowhere.pem", "unable to read CA file: open /nowhere.pem"},
		{"mysql://tavle:canary@db/tavle", errAddress.Error()},
		{"host=db password=canary", errAddress.Error()},
		{"", errAddress.Error()},
	} {
		_, err := Open(t.Context(), c.url)
		require.ErrorContains(t, err, c.want)
		require.ErrorContains(t, err, "open store: ")
		require.NotContains(t, err.Error(), "canary")
		require.NotContains(t, err.Error(), s.Password())
	}
}

// Personal data goes over a network to nobody who has not proved who they are,
// unless somebody says so; a socket and this machine's own addresses are none.
func TestServerElsewhereHasToProveWhoItIs(t *testing.T) {
	t.Setenv("PGSSLMODE", "")
	for url, verified := range map[string]bool{
		"postgres://db.example.org/tavle":                 true,
		"postgres://192.0.2.7:5433/tavle":                 true,
		"postgres://db.example.org/tavle?sslmode=require": false,
		"postgres://db.example.org/tavle?sslmode=disable": false,
		"postgres://localhost/tavle":                      false,
		"postgres://127.0.0.1/tavle":                      false,
		"postgres:///tavle?host=/run/postgresql":          false,
	} {
		at, err := parse(url)
		require.NoError(t, err)
		c := at.config.TLSConfig
		require.Equal(t, verified, c != nil && !c.InsecureSkipVerify && c.ServerName != "", url)
		require.True(t, !verified || len(at.config.Fallbacks) == 0, "no second try in the clear")
	}
}

// A standby lags behind: whoever was hidden would be shown again.
func TestReadOnlyServerIsRefused(t *testing.T) {
	s := pgtest.Get(t)
	url := s.Database(t, "UTF8")
	s.Exec(t, "postgres", `alter database `+name(url)+` set default_transaction_read_only = on`)
	_, err := Open(t.Context(), url)
	require.ErrorContains(t, err, "it only lets read, as a standby does; want the primary")
}

// Two hubs that are started at once make one schema.
func TestManyOpenAnEmptyDatabaseAtOnce(t *testing.T) {
	url := pgtest.Database(t)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			s, err := Open(t.Context(), url)
			if assert.NoError(t, err) {
				assert.NoError(t, s.Close())
			}
		})
	}
	wg.Wait()
}

// A commit returns when it is on the disk, whatever is the default here.
func TestCommitsWaitForTheDisk(t *testing.T) {
	for was, want := range map[string]string{"off": "on", "local": "on", "remote_apply": "remote_apply"} {
		s := pgtest.Get(t)
		url := s.Database(t, "UTF8")
		s.Exec(t, "postgres", `alter database `+name(url)+` set synchronous_commit = `+was)
		db, err := Open(t.Context(), url)
		require.NoError(t, err)
		pool := db.at.pool(1)
		var got string
		require.NoError(t, pool.QueryRowContext(t.Context(), `show synchronous_commit`).Scan(&got))
		require.Equal(t, want, got)
		require.NoError(t, errors.Join(pool.Close(), db.Close()))
	}
}

// name returns the name of the database at a URL.
func name(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path[strings.LastIndex(path, "/")+1:]
}

// Looking at a database changes nothing in it.
func TestExamineSaysHowTheDatabaseIs(t *testing.T) {
	url := pgtest.Database(t)
	r, err := Examine(t.Context(), url)
	require.NoError(t, err)
	require.Zero(t, r.Schema, "it is empty still")
	require.False(t, r.Durable, "that of tests does not wait for the disk")
	db := opened(t, url)
	listen(t, db)
	r, err = Examine(t.Context(), url)
	require.NoError(t, err)
	require.Equal(t, r.Newest, r.Schema)
	require.NotZero(t, r.Newest)
	require.Equal(t, 1, r.Hubs)
	require.Positive(t, r.Bytes)
	_, err = Examine(t.Context(), strings.Replace(url, pgtest.Get(t).Password(), "canary", 1))
	require.ErrorContains(t, err, "is not let in")
	require.NotContains(t, err.Error(), "canary")
}

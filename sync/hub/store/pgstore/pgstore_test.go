package pgstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/pgstore/pgtest"
	"tavle/sync/hub/store/storetest"
	"tavle/sync/record"
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

// What was deleted or changed is in no file of the database after a scrub: no row of
// it, and nothing that the planner of queries had noted of one.
//
// R-DPA-23.
func TestScrubLeavesNothingOfWhatWasDeleted(t *testing.T) {
	address := pgtest.Database(t)
	s := opened(t, address)
	c, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close(context.WithoutCancel(t.Context()))) }()
	// files returns in which files of the database a text stands.
	files := func(text string) (names []string) {
		_, err := c.Exec(t.Context(), "checkpoint")
		require.NoError(t, err)
		rows, err := c.Query(t.Context(), `select coalesce(relname, file) from pg_database d, pg_ls_dir('base/' || d.oid) file
			left join pg_class on pg_relation_filenode(pg_class.oid)::text = file
			where datname = current_database()
			  and position($1::bytea in pg_read_binary_file('base/' || d.oid || '/' || file, 0, 1 << 28, true)) > 0
			order by 1`, []byte(text))
		require.NoError(t, err)
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return names
	}
	write := func(word string, n int) {
		require.NoError(t, s.Update(t.Context(), by, func(tx store.Tx) error {
			for i := range n {
				d := &house.Department{ID: house.ID(fmt.Sprintf("dep-%d", i)), Name: record.Text{"da": fmt.Sprint(word, i)}}
				if err := tx.Put(t.Context(), d); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	write("noted canary ", 5) // so few that they are not compressed
	_, err = c.Exec(t.Context(), "analyze")
	require.NoError(t, err)
	write("old canary ", 200)
	write("new canary ", 200)
	require.Contains(t, files("noted canary "), "pg_statistic")
	require.Contains(t, files("old canary "), "entity")
	require.NoError(t, s.Scrub(t.Context()))
	require.Empty(t, files("noted canary "))
	require.Empty(t, files("old canary "))
	require.Contains(t, files("new canary "), "entity")
}

// Who may not do all of it does not claim to have.
func TestScrubByWhoDoesNotOwnTheDatabaseIsNone(t *testing.T) {
	server := pgtest.Get(t)
	address := server.Database(t, "UTF8")
	server.Exec(t, "postgres", `create role lodger login password 'lodger'`)
	server.Exec(t, name(address), `grant create on schema public to lodger`)
	address = strings.Replace(address, "tavle:"+server.Password(), "lodger:lodger", 1)
	require.ErrorContains(t, opened(t, address).Scrub(t.Context()), "alter database NAME owner to")
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

package pgtest

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// Two tests never see each other's database, and what was committed outlives a
// server that is killed.
func TestServerIsKilledAndStartedAgain(t *testing.T) {
	s := New(t)
	one, two := s.Database(t, "UTF8"), s.Database(t, "UTF8")
	require.NotEqual(t, one, two)
	c, err := pgx.Connect(t.Context(), one)
	require.NoError(t, err)
	_, err = c.Exec(t.Context(), `create table kept as select 7 as n`)
	require.NoError(t, err)
	s.Crash(t)
	require.Error(t, c.Ping(t.Context()))
	s.Start(t)
	c, err = pgx.Connect(t.Context(), one)
	require.NoError(t, err)
	n := 0
	require.NoError(t, c.QueryRow(t.Context(), `select n from kept`).Scan(&n))
	require.Equal(t, 7, n)
	require.NoError(t, c.Close(t.Context()))
	c, err = pgx.Connect(t.Context(), two)
	require.NoError(t, err)
	require.Error(t, c.QueryRow(t.Context(), `select n from kept`).Scan(&n))
	require.NoError(t, c.Close(t.Context()))
}

func TestFilesAreGoneAfterwards(t *testing.T) {
	var dir string
	t.Run("a server of its own", func(t *testing.T) {
		s := New(t)
		dir = s.dir
		require.DirExists(t, dir)
	})
	require.NoDirExists(t, dir)
}

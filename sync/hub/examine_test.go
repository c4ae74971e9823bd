package hub

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store/sqlitestore"
)

// Issue 3, item 10: a board whose rows are not what its head says is found, by
// its ID; so is a file in which something refers to nothing.
func TestBoardThatDoesNotAddUpIsFound(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.live("scr-1").leave()
		boards, rows, faults, err := w.hub.CheckBoards(t.Context())
		require.NoError(t, err)
		require.Equal(t, 2, boards)
		require.Greater(t, rows, 50)
		require.Empty(t, faults)

		path := filepath.Join(w.dir, "hub.db")
		report, err := sqlitestore.Examine(t.Context(), path)
		require.NoError(t, err)
		require.Empty(t, report.Faults)
		require.Equal(t, report.Newest, report.Schema)
		require.Positive(t, report.Schema)
		require.Greater(t, report.Bytes, int64(100<<10))

		db, err := sql.Open("sqlite", path)
		require.NoError(t, err)
		db.SetMaxOpenConns(1)
		board := string(w.add("scr-1"))
		_, err = db.ExecContext(t.Context(), `update board_row set body = '{}' where board = ? and kind = 'house'`, board)
		require.NoError(t, err)
		_, _, faults, err = w.hub.CheckBoards(t.Context())
		require.NoError(t, err)
		require.Len(t, faults, 1)
		require.Equal(t, board, string(faults[0].Board))
		require.Regexp(t, `^its \d+ rows add up to [0-9a-f]{16}, not to [0-9a-f]{16}$`, faults[0].Why)

		for _, harm := range []string{
			`pragma foreign_keys = off`,
			`update board_row set board = 'gone' where kind = 'house' and board = '` + board + `'`,
			`update goose_db_version set is_applied = 0 where version_id > 1`,
		} {
			_, err = db.ExecContext(t.Context(), harm)
			require.NoError(t, err)
		}
		require.NoError(t, db.Close())
		report, err = sqlitestore.Examine(t.Context(), path)
		require.NoError(t, err)
		require.Equal(t, []string{"rows that refer to what is not there: 1"}, report.Faults)
		require.EqualValues(t, 1, report.Schema)
		require.Greater(t, report.Newest, report.Schema, "and it is not brought up to date")
	})
}

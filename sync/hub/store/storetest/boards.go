package storetest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

const board record.BoardID = "b1"

func row(id, body string, assets ...record.AssetID) project.Row {
	return project.Row{
		Row: record.Row{Key: record.Key{Kind: "activity", ID: id}, Body: []byte(body)},
		Src: house.ID("src-" + id), Assets: assets,
	}
}

func write(t *testing.T, s store.Store, rows ...project.Row) (at record.Position, moved bool) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		require.NoError(t, tx.Lock(t.Context(), "dep-1"))
		at, moved, err = store.WriteBoard(t.Context(), tx, board, rows, now)
		return err
	})
	return at, moved
}

// since applies what changed to rows and returns where the board stands.
func since(t *testing.T, s store.Store, rows map[record.Key]string, rev uint64) (head store.Head, ops []record.Op) {
	t.Helper()
	view(t, s, func(v store.View) (err error) {
		head, ops, err = v.Since(t.Context(), board, rev)
		return err
	})
	for _, op := range ops {
		if op.Delete {
			delete(rows, op.Key)
		} else {
			rows[op.Key] = string(op.Body)
		}
	}
	return head, ops
}

// sum returns the checksum of rows.
func sum(rows map[record.Key]string) (s record.Sum) {
	for k, body := range rows {
		s = s.Add(record.Row{Key: k, Body: []byte(body)}.Hash())
	}
	return s
}

func boardHasWhatWasWritten(t *testing.T, open Open) {
	s, ctx := withList(t, open), t.Context()
	at, moved := write(t, s, row("x", `{"n":1}`), row("y", `{"n":1}`))
	require.True(t, moved)
	require.Equal(t, uint64(1), at.Rev)
	same, moved := write(t, s, row("y", `{"n":1}`), row("x", `{"n":1}`))
	require.False(t, moved, "nothing differs: no revision")
	require.Equal(t, at, same)
	at, _ = write(t, s, row("x", `{"n":2}`), row("z", `{"n":1}`))
	require.Equal(t, uint64(2), at.Rev)

	rows := map[record.Key]string{}
	head, ops := since(t, s, rows, 0)
	require.Equal(t, at, head.Position)
	require.Equal(t, sum(rows), at.Sum)
	require.Len(t, ops, 2, "a whole board says nothing of what was deleted")
	_, ops = since(t, s, rows, 1)
	require.Len(t, ops, 3)
	require.True(t, ops[0].Delete, "what is taken away comes first")
	require.Equal(t, record.Op{Row: record.Row{Key: record.Key{Kind: "activity", ID: "y"}}, Delete: true}, ops[0])
	_, ops = since(t, s, rows, 2)
	require.Empty(t, ops)

	update(t, s, func(tx store.Tx) error {
		at, moved, err := store.WriteRows(ctx, tx, board, []project.Row{row("z", `{"n":2}`)}, now)
		require.True(t, moved)
		require.Equal(t, uint64(3), at.Rev)
		return err
	})
	head, ops = since(t, s, rows, 2)
	require.Len(t, ops, 1)
	require.Equal(t, sum(rows), head.Sum)
	view(t, s, func(v store.View) error {
		src, shown, err := v.Source(ctx, board, record.Key{Kind: "activity", ID: "z"})
		require.NoError(t, err)
		require.Equal(t, house.ID("src-z"), src)
		require.True(t, shown)
		src, shown, err = v.Source(ctx, board, record.Key{Kind: "activity", ID: "y"})
		require.NoError(t, err)
		require.Equal(t, house.ID("src-y"), src, "of a deleted row it is still known")
		require.False(t, shown)
		_, _, err = v.Source(ctx, board, record.Key{Kind: "activity", ID: "q"})
		require.ErrorIs(t, err, store.ErrNotFound)
		return nil
	})
}

// Eight writers at once; a reader that follows sees
// every revision, and at each the rows hash to the sum it was told.
func revisionsHaveNoGaps(t *testing.T, open Open) {
	s := withList(t, open)
	const writers, each = 8, 12
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 5))
			for i := range each {
				update(t, s, func(tx store.Tx) error {
					require.NoError(t, tx.Lock(t.Context(), "dep-1"))
					_, moved, err := store.WriteRows(t.Context(), tx, board, []project.Row{
						row(fmt.Sprint(r.IntN(5)), fmt.Sprintf(`{"w":%d,"i":%d}`, w, i)),
					}, now)
					require.True(t, moved)
					return err
				})
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	rows, at := map[record.Key]string{}, uint64(0)
	for finished := false; !finished; {
		select {
		case <-done:
			finished = true
		default:
		}
		head, ops := since(t, s, rows, at)
		require.GreaterOrEqual(t, head.Rev, at)
		require.LessOrEqual(t, len(ops), int(head.Rev-at), "no more rows than revisions")
		require.Equal(t, sum(rows), head.Sum)
		at = head.Rev
	}
	require.Equal(t, uint64(writers*each), at)
}

func deletedRowsAreToldUntilPurged(t *testing.T, open Open) {
	s, ctx := withList(t, open), t.Context()
	write(t, s, row("x", `{}`), row("y", `{}`)) // 1
	write(t, s, row("x", `{}`))                 // 2: y is gone
	write(t, s, row("x", `{"n":1}`))            // 3
	purge := func(before int) (n int) {
		update(t, s, func(tx store.Tx) (err error) {
			n, err = tx.Purge(ctx, now.AddDate(0, 0, before))
			return err
		})
		return n
	}
	require.Zero(t, purge(0), "not before its time")
	head, ops := since(t, s, map[record.Key]string{}, 1)
	require.Zero(t, head.Floor)
	require.Len(t, ops, 2)
	require.Equal(t, 1, purge(1))
	head, ops = since(t, s, map[record.Key]string{}, 1)
	require.Equal(t, uint64(2), head.Floor, "whoever is behind 2 may have missed a deletion")
	require.Len(t, ops, 1)
	require.Zero(t, purge(1))
	at, _ := write(t, s, row("x", `{"n":1}`), row("y", `{"n":2}`))
	require.Equal(t, uint64(4), at.Rev, "it may come back")
}

func boardsWithoutScreenAreDropped(t *testing.T, open Open) {
	s, ctx := withList(t, open), t.Context()
	write(t, s, row("x", `{}`, "one"))
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b2", Department: "dep-1", Secret: []byte("s")}, "00000000000000e2"))
		_, _, err := store.WriteBoard(ctx, tx, "b2", []project.Row{row("x", `{}`, "one")}, now)
		require.NoError(t, err)
		return tx.DropBoards(ctx)
	})
	view(t, s, func(v store.View) error {
		boards, err := v.Boards(ctx)
		require.NoError(t, err)
		require.Len(t, boards, 1)
		_, err = v.Head(ctx, "b2")
		require.ErrorIs(t, err, store.ErrNotFound)
		_, _, err = v.Since(ctx, "b2", 0)
		require.ErrorIs(t, err, store.ErrNotFound)
		return nil
	})
}

func pictureShownWhileReferred(t *testing.T, open Open) {
	s, ctx := withList(t, open), t.Context()
	shows := func(a record.AssetID) (ok bool) {
		view(t, s, func(v store.View) (err error) {
			ok, err = v.Shows(ctx, board, a)
			return err
		})
		return ok
	}
	write(t, s, row("x", `{"p":1}`, "one"), row("y", `{"p":1}`, "one", "two"))
	require.True(t, shows("one") && shows("two"))
	write(t, s, row("x", `{"p":1}`, "one"))
	require.True(t, shows("one"))
	require.False(t, shows("two"), "its row is gone")
	write(t, s, row("x", `{"p":2}`))
	require.False(t, shows("one"), "its row refers to it no more")
}

package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/project"
	"tavle/sync/record"
)

// WriteBoard makes want the whole content of a board: rows that differ get the
// next revision, rows that are not wanted any more become deletions of the same
// one. It returns where the board stands and whether that moved. The caller
// holds the department's lock, so revisions have no gaps and no two
// transactions share one.
func WriteBoard(ctx context.Context, tx Tx, id record.BoardID, want []project.Row, at time.Time) (record.Position, bool, error) {
	have, err := tx.Hashes(ctx, id)
	if err != nil {
		return record.Position{}, false, fmt.Errorf("board %s: %w", id, err)
	}
	w := boardWriter{have: have}
	for _, row := range want {
		w.put(row, at)
		delete(have, row.Key)
	}
	for key, h := range have {
		if h != 0 {
			w.changes = append(w.changes, Change{Op: record.Op{Row: record.Row{Key: key}, Delete: true}, At: at})
			w.sub += h
		}
	}
	return w.store(ctx, tx, id)
}

// WriteRows makes these rows part of a board and leaves the others alone.
func WriteRows(ctx context.Context, tx Tx, id record.BoardID, rows []project.Row, at time.Time) (record.Position, bool, error) {
	have, err := tx.Hashes(ctx, id, keys(rows)...)
	if err != nil {
		return record.Position{}, false, fmt.Errorf("board %s: %w", id, err)
	}
	w := boardWriter{have: have}
	for _, row := range rows {
		w.put(row, at)
	}
	return w.store(ctx, tx, id)
}

func keys(rows []project.Row) []record.Key {
	out := make([]record.Key, len(rows))
	for i, r := range rows {
		out[i] = r.Key
	}
	return out
}

// A boardWriter collects what differs.
type boardWriter struct {
	have     map[record.Key]uint64
	changes  []Change
	add, sub uint64
}

func (w *boardWriter) put(row project.Row, at time.Time) {
	h := row.Hash()
	if was := w.have[row.Key]; was != h {
		w.changes = append(w.changes, Change{Op: record.Op{Row: row.Row}, Src: row.Src, Assets: row.Assets, At: at})
		w.add += h
		w.sub += was
	}
}

func (w *boardWriter) store(ctx context.Context, tx Tx, id record.BoardID) (record.Position, bool, error) {
	head, err := tx.Head(ctx, id)
	if err != nil || len(w.changes) == 0 {
		return head.Position, false, err
	}
	pos := record.Position{Epoch: head.Epoch, Rev: head.Rev + 1, Sum: head.Sum.Sub(w.sub).Add(w.add)}
	slices.SortFunc(w.changes, func(a, b Change) int { return byKey(a.Key, b.Key) })
	if err := tx.PutRows(ctx, id, pos, w.changes); err != nil {
		return head.Position, false, fmt.Errorf("board %s: %w", id, err)
	}
	return pos, true, nil
}

func byKey(a, b record.Key) int {
	return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.ID, b.ID))
}

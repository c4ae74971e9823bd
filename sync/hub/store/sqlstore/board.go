package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

const boardColumns = `id, org, dept, external, modules, secret`

var (
	qBoard      = q(`select ` + boardColumns + ` from board where id = $1 and ($2 = '' or org = $2)`)
	qBoards     = q(`select ` + boardColumns + ` from board where $1 = '' or org = $1 order by id`)
	qBoardsOf   = q(`select ` + boardColumns + ` from board where ($1 = '' or org = $1) and dept = $2 order by id`)
	qPutBoard   = q(`insert into board (` + boardColumns + `) values ($1, $2, $3, $4, $5, $6)`)
	qDropBoards = q(`delete from board where org = $1 and not exists (select 1 from device d where d.board = board.id)`)
	qRenumber   = q(`update board_head set epoch = $2 where board = $1`)
	qUnack      = q(`update device set acked_epoch = '', acked_rev = 0, acked_at = 0 where board = $1`)
	qPutHead    = q(`insert into board_head (board, epoch, rev, sum, floor_rev) values ($1, $2, 0, 0, 0)`)

	qHead  = q(`select epoch, rev, sum, floor_rev from board_head where board = $1`)
	qHeads = q(`select h.board, h.epoch, h.rev, h.sum, h.floor_rev from board_head h join board b on b.id = h.board
		where h.board in (` + elements + `) and ($2 = '' or b.org = $2)`)
	// One statement is one moment: rows and head agree. What is taken away
	// comes first.
	qSince = q(`select h.epoch, h.rev, h.sum, h.floor_rev, coalesce(r.kind, ''), coalesce(r.id, ''), coalesce(r.del, 0), coalesce(r.body, '')
		from board_head h left join board_row r on r.board = h.board and r.rev > $2 and ($2 > 0 or r.del = 0)
		where h.board = $1 order by r.del desc, r.kind, r.id`)
	qHashes = q(`select kind, id, hash from board_row where board = $1`)
	qHash   = q(`select hash from board_row where board = $1 and kind = $2 and id = $3`)
	qSource = q(`select src, del from board_row where board = $1 and kind = $2 and id = $3`)
	qShows  = q(`select count(*) from board_asset where board = $1 and asset = $2`)
	qMove   = q(`update board_head set epoch = $2, rev = $3, sum = $4 where board = $1`)
	qPutRow = q(`insert into board_row (board, kind, id, src, rev, del, hash, at, body) values ($1, $2, $3, $4, $5, 0, $6, $7, $8)
		on conflict (board, kind, id) do update set src = excluded.src, rev = excluded.rev, del = 0,
			hash = excluded.hash, at = excluded.at, body = excluded.body`)
	qForgetSource = q(`update board_row set src = '' where del = 1 and src = $2 and board in (select id from board where org = $1)`)

	qDropRow = q(`update board_row set rev = $4, del = 1, hash = 0, at = $5, body = '' where board = $1 and kind = $2 and id = $3`)

	qDropAssets = q(`delete from board_asset where board = $1 and kind = $2 and id = $3`)
	qPutAsset   = q(`insert into board_asset (board, kind, id, asset) values ($1, $2, $3, $4) on conflict (board, asset, kind, id) do nothing`)

	qRaiseFloor = q(`update board_head set floor_rev = (select max(r.rev) from board_row r where r.board = board_head.board and r.del = 1 and r.at < $1)
		where exists (select 1 from board_row r where r.board = board_head.board and r.del = 1 and r.at < $1 and r.rev > board_head.floor_rev)`)
	qOwners = q(`select distinct org from board`)
	qPurge  = q(`delete from board_row where del = 1 and at < $1`)
)

// Board implements [store.View].
func (v *view) Board(ctx context.Context, id record.BoardID) (store.Board, error) {
	var b boardRow
	if err := v.one(ctx, qBoard, []any{id, v.by.Org}, b.dest()...); err != nil {
		return store.Board{}, fmt.Errorf("board %s: %w", id, err)
	}
	return b.board(), nil
}

// Boards implements [store.View].
func (v *view) Boards(ctx context.Context, depts ...house.ID) (out []store.Board, err error) {
	var b boardRow
	add := func() error {
		out = append(out, b.board())
		return nil
	}
	if len(depts) == 0 {
		err = v.each(ctx, qBoards, []any{v.by.Org}, b.dest(), add)
	}
	for _, d := range depts {
		err = errors.Join(err, v.each(ctx, qBoardsOf, []any{v.by.Org, d}, b.dest(), add))
	}
	if err != nil {
		return nil, fmt.Errorf("boards: %w", err)
	}
	return out, nil
}

// A boardRow is what a row of the table is read into.
type boardRow struct {
	b        store.Board
	external int
	modules  string
	secret   []byte
}

func (r *boardRow) dest() []any {
	return []any{&r.b.ID, &r.b.Org, &r.b.Department, &r.external, &r.modules, &r.secret}
}

func (r *boardRow) board() store.Board {
	b := r.b
	b.External, b.Secret, b.Modules = r.external == 1, project.Secret(r.secret), nil
	r.secret = nil // the next row gets its own
	for m := range strings.FieldsSeq(r.modules) {
		b.Modules = append(b.Modules, record.Module(m))
	}
	return b
}

// PutBoard implements [store.Tx].
func (t *tx) PutBoard(ctx context.Context, b store.Board, e record.Epoch) error {
	modules := make([]string, len(b.Modules))
	for i, m := range b.Modules {
		modules[i] = string(m)
	}
	_, err := t.exec(ctx, qPutBoard, b.ID, t.by.Org, b.Department, flag(b.External), strings.Join(modules, " "), []byte(b.Secret))
	if err == nil {
		_, err = t.exec(ctx, qPutHead, b.ID, e)
	}
	if err == nil {
		t.note("create", "board", string(b.ID), "")
	}
	if err != nil {
		return fmt.Errorf("board %s: %w", b.ID, err)
	}
	return nil
}

// DropBoards implements [store.Tx].
func (t *tx) DropBoards(ctx context.Context) error {
	t.boards = nil
	if _, err := t.exec(ctx, qDropBoards, t.by.Org); err != nil {
		return fmt.Errorf("boards: %w", err)
	}
	return nil
}

// Renumber implements [store.Tx].
func (t *tx) Renumber(ctx context.Context, id record.BoardID, e record.Epoch) error {
	if err := t.mine(ctx, id); err != nil {
		return err
	}
	n, err := t.exec(ctx, qRenumber, id, e)
	if err == nil && n != 1 {
		err = store.ErrNotFound
	}
	if err == nil {
		_, err = t.exec(ctx, qUnack, id)
	}
	if err != nil {
		return fmt.Errorf("board %s: %w", id, err)
	}
	return nil
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// mine makes sure that a board belongs to the actor's system.
func (v *view) mine(ctx context.Context, id record.BoardID) error {
	if v.by.Org == "" || v.boards[id] {
		return nil
	}
	if _, err := v.Board(ctx, id); err != nil {
		return err
	}
	if v.boards == nil {
		v.boards = map[record.BoardID]bool{}
	}
	v.boards[id] = true
	return nil
}

// Head implements [store.View].
func (v *view) Head(ctx context.Context, id record.BoardID) (store.Head, error) {
	var h headRow
	err := v.mine(ctx, id)
	if err == nil {
		err = v.one(ctx, qHead, []any{id}, h.dest()...)
	}
	if err != nil {
		return store.Head{}, fmt.Errorf("head of board %s: %w", id, err)
	}
	return h.head(), nil
}

// Heads implements [store.View].
func (v *view) Heads(ctx context.Context, ids ...record.BoardID) (map[record.BoardID]store.Head, error) {
	out := make(map[record.BoardID]store.Head, len(ids))
	var id record.BoardID
	var h headRow
	err := v.each(ctx, qHeads, []any{list(ids), v.by.Org}, append([]any{&id}, h.dest()...), func() error {
		out[id] = h.head()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("heads of boards: %w", err)
	}
	return out, nil
}

// A headRow is what a row of the table is read into.
type headRow struct {
	epoch           record.Epoch
	rev, sum, floor int64
}

func (r *headRow) dest() []any { return []any{&r.epoch, &r.rev, &r.sum, &r.floor} }

func (r *headRow) head() store.Head {
	return store.Head{
		Position: record.Position{Epoch: r.epoch, Rev: uint64(r.rev), Sum: record.Sum(r.sum)},
		Floor:    uint64(r.floor),
	}
}

// Since implements [store.View].
func (v *view) Since(ctx context.Context, id record.BoardID, rev uint64) (store.Head, []record.Op, error) {
	var (
		h    headRow
		op   record.Op
		del  int
		ops  []record.Op
		seen bool
	)
	v.saw("board", string(id))
	if err := v.mine(ctx, id); err != nil {
		return store.Head{}, nil, err
	}
	err := v.each(ctx, qSince, []any{id, int64(rev)}, append(h.dest(), &op.Kind, &op.ID, &del, &op.Body), func() error {
		seen = true
		if op.Kind != "" {
			o := op
			if o.Delete = del == 1; o.Delete {
				o.Body = nil
			}
			ops = append(ops, o)
			op.Body = nil // the next row gets its own
		}
		return nil
	})
	if err == nil && !seen {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Head{}, nil, fmt.Errorf("board %s: %w", id, err)
	}
	return h.head(), ops, nil
}

// Hashes implements [store.View].
func (v *view) Hashes(ctx context.Context, id record.BoardID, keys ...record.Key) (map[record.Key]uint64, error) {
	if err := v.mine(ctx, id); err != nil {
		return nil, err
	}
	out := map[record.Key]uint64{}
	var k record.Key
	var h int64
	if len(keys) == 0 {
		return out, v.each(ctx, qHashes, []any{id}, []any{&k.Kind, &k.ID, &h}, func() error {
			out[k] = uint64(h)
			return nil
		})
	}
	for _, k := range keys {
		switch err := v.one(ctx, qHash, []any{id, k.Kind, k.ID}, &h); {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			out[k] = uint64(h)
		}
	}
	return out, nil
}

// Source implements [store.View].
func (v *view) Source(ctx context.Context, id record.BoardID, k record.Key) (src house.ID, shown bool, err error) {
	v.saw("board", string(id))
	var del int
	if err = v.mine(ctx, id); err == nil {
		err = v.one(ctx, qSource, []any{id, k.Kind, k.ID}, &src, &del)
	}
	return src, err == nil && del == 0, err
}

// Shows implements [store.View].
func (v *view) Shows(ctx context.Context, id record.BoardID, a record.AssetID) (bool, error) {
	n := 0
	err := v.mine(ctx, id)
	if err == nil {
		err = v.one(ctx, qShows, []any{id, a}, &n)
	}
	return n > 0, err
}

// PutRows implements [store.Tx].
func (t *tx) PutRows(ctx context.Context, id record.BoardID, at record.Position, changes []store.Change) error {
	if err := t.mine(ctx, id); err != nil {
		return err
	}
	for _, c := range changes {
		if err := t.putRow(ctx, id, at.Rev, c); err != nil {
			return fmt.Errorf("row %s %s: %w", c.Kind, c.ID, err)
		}
	}
	n, err := t.exec(ctx, qMove, id, at.Epoch, int64(at.Rev), int64(at.Sum))
	if err == nil && n != 1 {
		err = store.ErrNotFound
	}
	return err
}

func (t *tx) putRow(ctx context.Context, id record.BoardID, rev uint64, c store.Change) error {
	if c.Delete {
		if _, err := t.exec(ctx, qDropRow, id, c.Kind, c.ID, int64(rev), millis(c.At)); err != nil {
			return err
		}
	} else {
		_, err := t.exec(ctx, qPutRow, id, c.Kind, c.ID, c.Src, int64(rev), int64(c.Hash()), millis(c.At), string(c.Body))
		if err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, qDropAssets, id, c.Kind, c.ID); err != nil {
		return err
	}
	for _, a := range c.Assets {
		if _, err := t.exec(ctx, qPutAsset, id, c.Kind, c.ID, a); err != nil {
			return err
		}
	}
	return nil
}

// Purge implements [store.Tx].
func (t *tx) Purge(ctx context.Context, before time.Time) (int, error) {
	if err := t.lockSystems(ctx); err != nil {
		return 0, fmt.Errorf("tombstones: %w", err)
	}
	if _, err := t.exec(ctx, qRaiseFloor, millis(before)); err != nil {
		return 0, fmt.Errorf("tombstones: %w", err)
	}
	n, err := t.exec(ctx, qPurge, millis(before))
	if err != nil {
		return 0, fmt.Errorf("tombstones: %w", err)
	}
	return n, nil
}

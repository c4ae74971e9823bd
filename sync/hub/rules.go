package hub

import (
	"context"

	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Rules is what a hub does within one transaction, for whoever brings the
// transactions: the simulation in sync/netsim/sim lives thousands of days by
// them. It does what [Hub.Change], [Hub.AddScreen] and a touch do, and tells
// nobody.
type Rules struct {
	Random func(n int) []byte // names boards and feeds
}

// A Move says where a board stands after a transaction that changed it.
type Move struct {
	Board record.BoardID
	Head  record.Position
}

// Change is [Hub.Change]. It returns the boards that moved, and the screens that
// show another one now.
func (r Rules) Change(ctx context.Context, tx store.Tx, by store.Actor, f func(context.Context, *Edit) error) (moved []Move, rehung []string, err error) {
	e := r.edit(tx, by)
	err = e.change(ctx, f)
	return moves(e.moved), e.rehung, err
}

// AddScreen is [Hub.AddScreen].
func (r Rules) AddScreen(ctx context.Context, tx store.Tx, by store.Actor, s Screen) (store.Board, error) {
	e := r.edit(tx, by)
	if err := e.tx.Lock(ctx); err != nil {
		return store.Board{}, err
	}
	return e.letIn(ctx, s)
}

func (r Rules) edit(tx store.Tx, by store.Actor) *Edit {
	e := newEdit(tx, by)
	e.random = r.Random
	return e
}

// Mutate applies one mutation of installation i of screen d, once, as the hub
// does at the time of the actor. Fresh: it was applied now.
func (r Rules) Mutate(ctx context.Context, tx store.Tx, by store.Actor, d store.Device, inst string, m wire.Mutation) (res wire.Result, fresh bool, moved []Move, err error) {
	t := touch{device: d, inst: store.Inst{Device: d.ID, Inst: inst}, mut: m, now: by.At}
	res, err = t.apply(ctx, tx)
	return res, t.fresh, moves(t.moved), err
}

func moves(list []move) []Move {
	out := make([]Move, len(list))
	for i, m := range list {
		out[i] = Move{m.board, m.head}
	}
	return out
}

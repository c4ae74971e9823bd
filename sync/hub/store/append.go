package store

// Flow, a touch on its way to the hub (the eighth hop; the seventh is
// sync/hub/receive.go, the ninth sync/hub/publish.go):
//
//	a mutation of one installation, numbered
//	  seq ≤ last       it has been applied: the stored result, unchanged
//	  seq = last + 1   apply, and store the result in the same transaction
//	  seq > last + 1   one is missing: ErrGap, nothing happens

import (
	"context"
	"errors"
	"fmt"

	"tavle/sync/wire"
)

// ErrGap is returned for a mutation whose predecessor has not been seen.
var ErrGap = errors.New("a mutation is missing before this one")

// ErrReleased is returned for a mutation that was applied and whose result the
// screen had confirmed, and that comes again all the same: its storage was set
// back.
var ErrReleased = errors.New("the result was confirmed and is forgotten")

// Append applies mutation m of installation i exactly once and returns its
// result, which is in the same transaction. Fresh says that it was applied now.
func Append(ctx context.Context, tx Tx, i Inst, m wire.Mutation, apply func() (wire.Result, error)) (r wire.Result, fresh bool, err error) {
	last, err := tx.LastSeq(ctx, i)
	switch {
	case err != nil:
		return r, false, fmt.Errorf("mutation %d: %w", m.Seq, err)
	case m.Seq > last+1:
		return r, false, ErrGap
	case m.Seq <= last:
		r, err = tx.Result(ctx, i, m.Seq)
		if errors.Is(err, ErrNotFound) {
			err = ErrReleased
		}
		return r, false, err
	}
	if r, err = apply(); err != nil {
		return r, false, fmt.Errorf("mutation %d: %w", m.Seq, err)
	}
	r.Seq = m.Seq
	if err := tx.PutResult(ctx, i, r); err != nil {
		return r, false, fmt.Errorf("mutation %d: %w", m.Seq, err)
	}
	return r, true, nil
}

package sqlstore

// Where writers run side by side they take locks, always in this order, so that
// no two wait for each other:
//
//	the system        together with others, or, to write any of it, alone
//	its departments   alone, in the order of their keys
//	rows              as they are written
//	its audit         alone, at the end, while its lines are added
//
// All are held until the transaction has ended. What is read under them is what
// holds; what was read before is read again ([store.ErrAgain]). So a board's next
// revision is given out while nobody else can, and revisions are committed in
// their order.

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"tavle/sync/hub/house"
)

// Lock implements [store.Tx].
func (t *tx) Lock(ctx context.Context, depts ...house.ID) error {
	switch {
	case t.locked:
		return errors.New("lock: a transaction takes its locks at once")
	case len(*t.notes) > 0:
		return errors.New("lock: a transaction takes its locks before it writes")
	}
	t.locked = true
	system := lockKey("system", t.by.Org)
	if len(depts) == 0 {
		return t.hold(ctx, nil, []int64{system})
	}
	own := make([]int64, len(depts))
	for i, d := range depts {
		own[i] = lockKey("department", t.by.Org, d)
	}
	slices.Sort(own)
	return t.hold(ctx, []int64{system}, slices.Compact(own))
}

// lockSystems is Lock for the hub's own work on the boards of all systems.
func (t *tx) lockSystems(ctx context.Context) error {
	var org house.ID
	var own []int64
	err := t.each(ctx, qOwners, nil, []any{&org}, func() error {
		own = append(own, lockKey("system", org))
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(own)
	return t.hold(ctx, nil, own)
}

// holdAudit makes sure that nobody else adds to the audit of the system: its
// lines are numbered.
func (t *tx) holdAudit(ctx context.Context) error {
	return t.hold(ctx, nil, []int64{lockKey("audit", t.by.Org)})
}

func (t *tx) hold(ctx context.Context, shared, own []int64) error {
	if t.dialect.Lock == nil {
		return nil // there is one writer
	}
	if err := t.dialect.Lock(ctx, t.tx, shared, own); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// lockKey is the number of a lock. Should two ever have the same, a transaction
// waits that need not.
func lockKey(kind string, of ...house.ID) int64 {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%q %q", kind, of)
	return int64(binary.BigEndian.Uint64(h.Sum(nil)))
}

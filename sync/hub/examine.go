package hub

import (
	"context"
	"fmt"

	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// A BoardFault is a board whose rows are not what its head says, so that every
// screen that has it asks for all of it, again and again.
type BoardFault struct {
	Board record.BoardID
	Why   string
}

// CheckBoards adds up every board from the bytes of its rows and compares that
// with what screens are told. Boards and rows count what was looked at.
func (h *Hub) CheckBoards(ctx context.Context) (boards, rows int, faults []BoardFault, err error) {
	var all []store.Board
	err = h.store.View(ctx, h.itself(), func(v store.View) (err error) {
		all, err = v.Boards(ctx)
		return err
	})
	for _, b := range all {
		if err != nil {
			break
		}
		err = h.store.View(ctx, h.itself(), func(v store.View) error {
			head, ops, err := v.Since(ctx, b.ID, 0)
			if err != nil {
				return err
			}
			boards, rows = boards+1, rows+len(ops)
			var sum record.Sum
			for _, op := range ops {
				sum = sum.Add(op.Hash())
			}
			switch {
			case sum != head.Sum:
				faults = append(faults, BoardFault{b.ID, fmt.Sprintf("its %d rows add up to %s, not to %s", len(ops), sum, head.Sum)})
			case head.Floor > head.Rev:
				faults = append(faults, BoardFault{b.ID, fmt.Sprintf("it has forgotten deletions up to %d and stands at %d", head.Floor, head.Rev)})
			}
			return nil
		})
	}
	if err != nil {
		return boards, rows, faults, fmt.Errorf("boards: %w", err)
	}
	return boards, rows, faults, nil
}

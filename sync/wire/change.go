package wire

// Flow, a change on its way to the glass (the second hop; the first is
// sync/hub/publish.go, the third sync/client/loop.go):
//
//	hub: board rows newer than what the screen has
//	  → Delta{from, rev, sum, ops}    one op per row, whole values
//	  → or Snap parts                 when the screen's position means nothing here
//	screen: ops → record.Change       DecodeRow, fact.go
//
// Row bodies pass through untouched: the bytes the hub hashed are the bytes
// the screen stores.

import (
	"encoding/json"
	"fmt"

	"tavle/sync/record"
)

// Delta is what changed between two revisions.
type Delta struct {
	Epoch record.Epoch `json:"epoch"`
	From  uint64       `json:"from"`
	Rev   uint64       `json:"rev"`
	Sum   string       `json:"sum"`
	Ops   []RowOp      `json:"ops"`
}

// Snap is one part of a whole board at one revision.
type Snap struct {
	Epoch record.Epoch `json:"epoch"`
	Rev   uint64       `json:"rev"`
	Part  int          `json:"part"`          // counts from 0
	Last  bool         `json:"last"`          // absent: more parts follow
	Sum   string       `json:"sum,omitempty"` // with the last part
	Rows  []RowOp      `json:"rows"`
}

// RowOp is one row as it travels.
type RowOp struct {
	Kind   record.Kind     `json:"k"`
	ID     string          `json:"i"`
	Value  json.RawMessage `json:"v,omitempty"`
	Delete bool            `json:"del,omitempty"` // the row, and what only it refers to, must be erased
}

// OpOf returns op as it travels.
func OpOf(op record.Op) RowOp {
	o := RowOp{Kind: op.Kind, ID: op.ID, Delete: op.Delete}
	if !op.Delete {
		o.Value = json.RawMessage(op.Body)
	}
	return o
}

// Op returns the row operation o travelled as, or an error that names the row.
func (o RowOp) Op() (record.Op, error) {
	op := record.Op{Row: record.Row{Key: record.Key{Kind: o.Kind, ID: o.ID}}, Delete: o.Delete}
	switch {
	case o.Kind == "" || len(o.Kind) > 16 || o.ID == "" || len(o.ID) > 40:
		return op, fmt.Errorf("row key of %d and %d bytes, want 1 to 16 and 1 to 40", len(o.Kind), len(o.ID))
	case o.Delete && len(o.Value) > 0:
		return op, fmt.Errorf("row %s %s: both a value and del", o.Kind, o.ID)
	case !o.Delete && (len(o.Value) == 0 || o.Value[0] != '{'):
		return op, fmt.Errorf("row %s %s: no value", o.Kind, o.ID)
	}
	op.Body = []byte(o.Value)
	return op, nil
}

// Ops decodes a list of row operations, or names the first bad one.
func Ops(list []RowOp) ([]record.Op, error) {
	ops := make([]record.Op, len(list))
	for i, o := range list {
		var err error
		if ops[i], err = o.Op(); err != nil {
			return nil, fmt.Errorf("op %d: %w", i, err)
		}
	}
	return ops, nil
}

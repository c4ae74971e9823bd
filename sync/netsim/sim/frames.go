package sim

import (
	"context"
	"slices"

	"tavle/sync/record"
	"tavle/sync/wire"
)

// snapPart is what the parts of a snapshot aim at here: so little that boards of
// this size have several.
const snapPart = 1500

// frames makes what takes a screen from a position to where its board stands, as
// sync/hub's feed does, and looks into it.
func (w *world) frames(id record.BoardID, from record.Position, zip bool) (record.Position, []parcel) {
	v := &tx{base: w.base}
	head, ops, err := v.Since(context.Background(), id, from.Rev)
	if err != nil {
		return from, nil // the board is gone, and the screen is about to be told
	}
	floor := head.Floor
	if w.does(FloorIgnored) {
		floor = 0
	}
	if from.Epoch == head.Epoch && from.Rev <= head.Rev && from.Rev >= floor {
		if w.does(NoTombstone) {
			ops = slices.DeleteFunc(ops, func(op record.Op) bool { return op.Delete })
		}
		if len(ops) == 0 {
			return head.Position, nil
		}
		d := wire.Delta{Epoch: head.Epoch, From: from.Rev, Rev: head.Rev, Sum: head.Sum.String()}
		for _, op := range ops {
			d.Ops = append(d.Ops, wire.OpOf(op))
		}
		return head.Position, []parcel{w.data(d, false)}
	}
	if from.Epoch == head.Epoch && from.Rev <= head.Rev && from.Rev >= head.Floor {
		w.fail("thrift", "a whole board where a delta would do")
	}
	_, ops, _ = v.Since(context.Background(), id, 0)
	var out []parcel
	part := wire.Snap{Epoch: head.Epoch, Rev: head.Rev, Rows: []wire.RowOp{}}
	size := 0
	for _, op := range ops {
		if size > 0 && size+len(op.Body) > snapPart {
			out = append(out, w.data(part, zip))
			part.Part, part.Rows, size = part.Part+1, []wire.RowOp{}, 0
		}
		part.Rows = append(part.Rows, wire.OpOf(op))
		size += len(op.Body)
	}
	part.Last, part.Sum = true, head.Sum.String()
	return head.Position, append(out, w.data(part, zip))
}

// data encodes a frame of a board. What nobody may show any more is in none that
// is made now.
func (w *world) data(m wire.Message, zip bool) parcel {
	b := w.encode(down, m)
	w.check.clean(w, "hidden is gone", "a frame made after it", b)
	if zip && m.Type() == "snap" && w.r.IntN(4) == 0 { // it costs, and is the same every time
		return parcel{bytes: wire.Compress(b), zip: true}
	}
	return parcel{bytes: b}
}

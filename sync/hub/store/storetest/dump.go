package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A memory keeps a dump. It implements [store.Sink].
type memory struct {
	schema int64
	tables []store.Table
	rows   map[string][][]any
}

func (m *memory) Schema(v int64) error {
	m.schema, m.rows = v, map[string][][]any{}
	return nil
}

func (m *memory) Table(t store.Table) error {
	m.tables = append(m.tables, t)
	return nil
}

func (m *memory) Row(values []any) error {
	t := m.tables[len(m.tables)-1].Name
	row := slices.Clone(values)
	for i, v := range row {
		if b, ok := v.([]byte); ok {
			row[i] = bytes.Clone(b)
		}
	}
	m.rows[t] = append(m.rows[t], row)
	return nil
}

func (m *memory) give(to store.Sink) error {
	err := to.Schema(m.schema)
	for _, t := range m.tables {
		if err == nil {
			err = to.Table(t)
		}
		for _, r := range m.rows[t.Name] {
			if err == nil {
				err = to.Row(r)
			}
		}
	}
	return err
}

func dump(t *testing.T, s store.Store) *memory {
	t.Helper()
	m := new(memory)
	require.NoError(t, s.(store.Dumper).Dump(t.Context(), m))
	return m
}

// what returns the rows of a dump in an order that does not depend on where they
// lie.
func (m *memory) what() map[string][]string {
	out := map[string][]string{}
	for t, rows := range m.rows {
		for _, r := range rows {
			out[t] = append(out[t], fmt.Sprintf("%q", r))
		}
		slices.Sort(out[t])
	}
	return out
}

// fill puts something of everything into a store.
func fill(t *testing.T, s store.Store) {
	t.Helper()
	ctx := t.Context()
	update(t, s, func(tx store.Tx) error {
		_, err := tx.PutPicture(ctx, "asset:anna", []byte{0xff, 0xd8, 0x00, 0x80, '\'', '"'})
		return errors.Join(err, tx.Put(ctx, &house.Department{ID: "dep-2", Name: record.Text{"da": "Æblegården “2”\n"}}))
	})
	_, _, err := touch(t, s, inst, 1, "r01", 0)
	require.NoError(t, err)
	update(t, s, func(tx store.Tx) error { _, err := tx.Secret(ctx, "s", bytes.Repeat([]byte{0, 255}, 16)); return err })
}

// What one store dumps another takes in, in place of what it had, and is then the
// same; tables come after those they refer to.
func dumpIsEverything(t *testing.T, open Open) {
	a, b := withList(t, open), withList(t, open)
	fill(t, a)
	update(t, b, func(tx store.Tx) error {
		return tx.Put(t.Context(), &house.Department{ID: "dep-other", Name: record.Text{"da": "Andet"}})
	})
	was := dump(t, a)
	for _, table := range []string{"entity", "place", "board", "board_head", "picture", "asset", "device", "inst", "result", "audit", "secret"} {
		require.NotEmpty(t, was.rows[table], table)
	}
	require.NoError(t, b.(store.Loader).Load(t.Context(), was.give))
	require.Equal(t, was.what(), dump(t, b).what())
	_, _, err := touch(t, b, inst, 2, "r02", 0)
	require.NoError(t, err, "it goes on from there")
	require.Equal(t, was.what(), dump(t, a).what())
}

// A load that fails, wherever, leaves what was there.
func failedLoadLeavesEverything(t *testing.T, open Open) {
	a, b := withList(t, open), withList(t, open)
	fill(t, a)
	m, before := dump(t, a), dump(t, b).what()
	load := b.(store.Loader).Load
	broken := errors.New("broken")
	require.ErrorIs(t, load(t.Context(), func(to store.Sink) error { return errors.Join(m.give(to), broken) }), broken)
	newer := *m
	newer.schema++
	require.ErrorContains(t, load(t.Context(), newer.give), "newer tavle-hub")
	older := *m
	older.schema--
	require.Error(t, load(t.Context(), older.give))
	short := *m
	short.tables = m.tables[:len(m.tables)-1]
	require.ErrorContains(t, load(t.Context(), short.give), "missing")
	twice := *m
	twice.tables = append(slices.Clone(m.tables), m.tables[0])
	require.ErrorContains(t, load(t.Context(), twice.give), "twice")
	narrow := *m
	narrow.tables = slices.Clone(m.tables)
	narrow.tables[0].Columns = narrow.tables[0].Columns[1:]
	require.ErrorContains(t, load(t.Context(), narrow.give), "columns")
	require.ErrorContains(t, load(t.Context(), func(store.Sink) error { return nil }), "missing")
	require.Equal(t, before, dump(t, b).what())
}

// A dump is of one moment, though others write.
func dumpIsOfOneMoment(t *testing.T, open Open) {
	s := withList(t, open)
	fill(t, s)
	seq := uint64(1)
	m := &nosy{memory: new(memory), each: func() {
		seq++
		_, _, err := touch(t, s, inst, seq, person(int(seq)), 0)
		require.NoError(t, err)
	}}
	before := dump(t, s).what()
	require.NoError(t, s.(store.Dumper).Dump(t.Context(), m))
	require.Greater(t, seq, uint64(3))
	require.Equal(t, before, m.what())
}

// A nosy sink does something before every table.
type nosy struct {
	*memory
	each func()
}

func (n *nosy) Table(t store.Table) error {
	n.each()
	return n.memory.Table(t)
}

// A scrub takes nothing that is there, and the store goes on.
func scrubKeepsWhatIsThere(t *testing.T, open Open) {
	s := withList(t, open)
	fill(t, s)
	update(t, s, func(tx store.Tx) error { return tx.Delete(t.Context(), house.KindDepartment, "dep-2") })
	before := dump(t, s).what()
	require.NoError(t, s.(store.Scrubber).Scrub(t.Context()))
	require.Equal(t, before, dump(t, s).what())
	_, _, err := touch(t, s, inst, 2, "r02", 0)
	require.NoError(t, err)
}

// A board that begins a new epoch has the rows it had, and nobody has confirmed
// it.
func boardBeginsANewEpoch(t *testing.T, open Open) {
	s := withList(t, open)
	ctx := t.Context()
	var b store.Board
	var head store.Head
	view(t, s, func(v store.View) error {
		all, err := v.Boards(ctx)
		require.NotEmpty(t, all)
		b = all[0]
		if err == nil {
			head, err = v.Head(ctx, b.ID)
		}
		return err
	})
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.Acked(ctx, store.Ack{At: wire.Ack{Epoch: head.Epoch, Rev: head.Rev}, When: now}, inst.Device), tx.Renumber(ctx, b.ID, "00000000000000ff"))
	})
	view(t, s, func(v store.View) error {
		h, err := v.Head(ctx, b.ID)
		head.Epoch = "00000000000000ff"
		require.Equal(t, head, h)
		require.NoError(t, err)
		d, err := v.Device(ctx, inst.Device)
		require.Zero(t, d.Acked)
		require.Zero(t, d.AckedAt)
		return err
	})
	require.ErrorIs(t, s.Update(ctx, bare, func(tx store.Tx) error { return tx.Renumber(ctx, "none", "00000000000000ff") }), store.ErrNotFound)
	require.ErrorIs(t, s.Update(ctx, other, func(tx store.Tx) error { return tx.Renumber(ctx, b.ID, "00000000000000ff") }), store.ErrNotFound)
}

package sqlstore

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"time"

	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

const deviceColumns = `id, org, screen, board, pubkey, revoked, acked_epoch, acked_rev, acked_at, seen, boot, before, mask_s, wipe_s, glass, wiped`

var (
	qDevice  = q(`select ` + deviceColumns + ` from device where id = $1 and ($2 = '' or org = $2)`)
	qDevices = q(`select ` + deviceColumns + ` from device where $1 = '' or org = $1 order by id`)
	qComing  = q(`select d.` + strings.ReplaceAll(deviceColumns, ", ", ", d.") + `, h.epoch, h.rev, h.sum, h.floor_rev
		from device d join board_head h on h.board = d.board where d.id in (` + elements + `) and ($2 = '' or d.org = $2)`)
	qPutDevice = q(`insert into device (` + deviceColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		on conflict (id) do update set screen = excluded.screen, board = excluded.board, pubkey = excluded.pubkey,
			revoked = excluded.revoked, acked_epoch = excluded.acked_epoch, acked_rev = excluded.acked_rev,
			acked_at = excluded.acked_at, seen = excluded.seen, boot = excluded.boot, before = excluded.before,
			mask_s = excluded.mask_s, wipe_s = excluded.wipe_s, glass = excluded.glass, wiped = excluded.wiped where device.org = excluded.org`)
	qSeen = q(`update device set seen = case when seen < $2 then $2 else seen end,
			mask_s = case when mask_s < $3 then $3 else mask_s end, wipe_s = case when wipe_s < $4 then $4 else wipe_s end
		where id in (` + elements + `) and (seen < $2 or mask_s < $3 or wipe_s < $4)`)
	qBooted = q(`update device set boot = $2, before = $3 where id = $1`)
	// What a screen told one hub after what it told another may be stored before,
	// and what it told of a board may be stored when it shows another. One that was
	// heard elsewhere since may have been lent more there.
	qAcked = q(`update device set acked_epoch = $2, acked_rev = $3, acked_at = $4,
			mask_s = case when seen <= $4 or mask_s < $5 then $5 else mask_s end,
			wipe_s = case when seen <= $4 or wipe_s < $6 then $6 else wipe_s end
		where id in (` + elements + `) and glass = $7 and (acked_epoch <> $2 or acked_rev <= $3)
		and exists (select 1 from board_head h where h.board = device.board and h.epoch = $2)`)
	qWiped = q(`update device set wiped = $3 where id = $1 and pubkey = $2 and org = $4 and revoked = 1 and wiped = 0`)

	qLastSeq = q(`select last_seq from inst where device = $1 and inst = $2`)
	qSeqs    = q(`select device, inst, last_seq from inst where device in (` + elements + `)`)
	qPutSeq  = q(`insert into inst (device, inst, last_seq) values ($1, $2, $3)
		on conflict (device, inst) do update set last_seq = excluded.last_seq where inst.last_seq = excluded.last_seq - 1`)
	qResults    = q(`select seq, outcome, code, place, epoch, rev from result where device = $1 and inst = $2 order by seq`)
	qAllResults = q(`select device, inst, seq, outcome, code, place, epoch, rev from result where device in (` + elements + `) order by device, inst, seq`)
	qResult     = q(`select seq, outcome, code, place, epoch, rev from result where device = $1 and inst = $2 and seq = $3`)
	qPutResult  = q(`insert into result (device, inst, seq, outcome, code, place, epoch, rev) values ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qRelease    = q(`delete from result where device = $1 and inst = $2 and seq <= $3`)

	qSecret    = q(`select value from secret where name = $1`)
	qPutSecret = q(`insert into secret (name, value) values ($1, $2) on conflict (name) do nothing`)
)

// Device implements [store.View].
func (v *view) Device(ctx context.Context, id string) (store.Device, error) {
	var d deviceRow
	if err := v.one(ctx, qDevice, []any{id, v.by.Org}, d.dest()...); err != nil {
		return store.Device{}, fmt.Errorf("device: %w", err) // the ID may be anything somebody claims to be
	}
	return d.device(), nil
}

// Devices implements [store.View].
func (v *view) Devices(ctx context.Context) (out []store.Device, err error) {
	var d deviceRow
	err = v.each(ctx, qDevices, []any{v.by.Org}, d.dest(), func() error {
		out = append(out, d.device())
		return nil
	})
	return out, err
}

// A deviceRow is what a row of the table is read into.
type deviceRow struct {
	d                          store.Device
	key                        []byte
	revoked                    int
	rev, ackedAt, seen, before int64
	mask, wipe, wiped          int64
}

func (r *deviceRow) dest() []any {
	return []any{&r.d.ID, &r.d.Org, &r.d.Screen, &r.d.Board, &r.key, &r.revoked, &r.d.Acked.Epoch, &r.rev, &r.ackedAt, &r.seen, &r.d.Boot, &r.before, &r.mask, &r.wipe, &r.d.Glass, &r.wiped}
}

func (r *deviceRow) device() store.Device {
	d := r.d
	d.Key, d.Revoked, d.Acked.Rev = ed25519.PublicKey(r.key), r.revoked == 1, uint64(r.rev)
	d.AckedAt, d.Seen, d.Before, d.Wiped = moment(r.ackedAt), moment(r.seen), moment(r.before), moment(r.wiped)
	d.Terms = store.Terms{Mask: time.Duration(r.mask) * time.Second, Wipe: time.Duration(r.wipe) * time.Second}
	r.key = nil // the next row gets its own
	return d
}

// PutDevice implements [store.Tx].
func (t *tx) PutDevice(ctx context.Context, d store.Device) error {
	n, err := t.exec(ctx, qPutDevice, d.ID, t.by.Org, d.Screen, d.Board, []byte(d.Key), flag(d.Revoked),
		d.Acked.Epoch, int64(d.Acked.Rev), millis(d.AckedAt), millis(d.Seen), d.Boot, millis(d.Before),
		int64(d.Terms.Mask/time.Second), int64(d.Terms.Wipe/time.Second), d.Glass, millis(d.Wiped))
	if err == nil && n != 1 {
		err = store.ErrNotFound // it is another system's
	}
	if err == nil {
		t.note("change", "device", d.ID, "")
	}
	if err != nil {
		return fmt.Errorf("device %s: %w", d.ID, err)
	}
	return nil
}

// Seen implements [store.Tx].
func (t *tx) Seen(ctx context.Context, at time.Time, on store.Terms, ids ...string) error {
	_, err := t.exec(ctx, qSeen, list(ids), millis(at), int64(on.Mask/time.Second), int64(on.Wipe/time.Second))
	return err
}

// Booted implements [store.Tx].
func (t *tx) Booted(ctx context.Context, id, boot string, before time.Time) error {
	_, err := t.exec(ctx, qBooted, id, boot, millis(before))
	return err
}

// Acked implements [store.Tx].
func (t *tx) Acked(ctx context.Context, a store.Ack, ids ...string) error {
	_, err := t.exec(ctx, qAcked, list(ids), a.At.Epoch, int64(a.At.Rev), millis(a.When),
		int64(a.Terms.Mask/time.Second), int64(a.Terms.Wipe/time.Second), a.Glass)
	return err
}

// Wiped implements [store.Tx].
func (t *tx) Wiped(ctx context.Context, id string, key ed25519.PublicKey) error {
	n, err := t.exec(ctx, qWiped, id, []byte(key), millis(t.by.At), t.by.Org)
	if err != nil {
		return fmt.Errorf("device %s: %w", id, err)
	}
	if n > 0 {
		t.note("wipe", "device", id, "")
	}
	return nil
}

// Known implements [store.View].
func (v *view) Known(ctx context.Context, of ...store.Inst) (map[store.Inst]store.Known, error) {
	ids := make([]string, len(of))
	for i, inst := range of {
		ids[i] = inst.Device
	}
	asked := list(ids)
	devices := make(map[string]store.Known, len(of))
	var d deviceRow
	var h headRow
	err := v.each(ctx, qComing, []any{asked, v.by.Org}, append(d.dest(), h.dest()...), func() error {
		devices[d.d.ID] = store.Known{Device: d.device(), Head: h.head()}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("devices: %w", err)
	}
	out := make(map[store.Inst]store.Known, len(of))
	for _, i := range of {
		if k, ok := devices[i.Device]; ok {
			out[i] = k
		}
	}
	add := func(i store.Inst, f func(*store.Known)) {
		if k, ok := out[i]; ok { // and not another installation of the same screen
			f(&k)
			out[i] = k
		}
	}
	var i store.Inst
	var last int64
	err = v.each(ctx, qSeqs, []any{asked}, []any{&i.Device, &i.Inst, &last}, func() error {
		add(i, func(k *store.Known) { k.LastSeq = uint64(last) })
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("installations: %w", err)
	}
	var r resultRow
	err = v.each(ctx, qAllResults, []any{asked}, append([]any{&i.Device, &i.Inst}, r.dest()...), func() error {
		add(i, func(k *store.Known) { k.Results = append(k.Results, r.result()) })
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("results: %w", err)
	}
	return out, nil
}

// LastSeq implements [store.View].
func (v *view) LastSeq(ctx context.Context, i store.Inst) (uint64, error) {
	var n int64
	err := v.one(ctx, qLastSeq, []any{i.Device, i.Inst}, &n)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return uint64(n), err
}

// Results implements [store.View].
func (v *view) Results(ctx context.Context, i store.Inst) (out []wire.Result, err error) {
	var r resultRow
	err = v.each(ctx, qResults, []any{i.Device, i.Inst}, r.dest(), func() error {
		out = append(out, r.result())
		return nil
	})
	return out, err
}

// Result implements [store.View].
func (v *view) Result(ctx context.Context, i store.Inst, seq uint64) (wire.Result, error) {
	var r resultRow
	if err := v.one(ctx, qResult, []any{i.Device, i.Inst, int64(seq)}, r.dest()...); err != nil {
		return wire.Result{}, fmt.Errorf("result %d: %w", seq, err)
	}
	return r.result(), nil
}

// A resultRow is what a row of the table is read into.
type resultRow struct {
	r        wire.Result
	seq, rev int64
}

func (r *resultRow) dest() []any {
	return []any{&r.seq, &r.r.Outcome, &r.r.Code, &r.r.Place, &r.r.Epoch, &r.rev}
}

func (r *resultRow) result() wire.Result {
	out := r.r
	out.Seq, out.Rev = uint64(r.seq), uint64(r.rev)
	return out
}

// PutResult implements [store.Tx].
func (t *tx) PutResult(ctx context.Context, i store.Inst, r wire.Result) error {
	n, err := t.exec(ctx, qPutSeq, i.Device, i.Inst, int64(r.Seq))
	if err == nil && n == 0 {
		err = store.ErrAgain // it came over another connection, too, and has its result from there
	}
	if err != nil {
		return fmt.Errorf("result %d: %w", r.Seq, err)
	}
	_, err = t.exec(ctx, qPutResult, i.Device, i.Inst, int64(r.Seq), r.Outcome, r.Code, r.Place, r.Epoch, int64(r.Rev))
	if err != nil {
		return fmt.Errorf("result %d: %w", r.Seq, err)
	}
	return nil
}

// Release implements [store.Tx].
func (t *tx) Release(ctx context.Context, i store.Inst, seq uint64) error {
	_, err := t.exec(ctx, qRelease, i.Device, i.Inst, int64(min(seq, 1<<62)))
	return err
}

// Secret implements [store.Tx].
func (t *tx) Secret(ctx context.Context, name string, fresh []byte) ([]byte, error) {
	if _, err := t.exec(ctx, qPutSecret, name, fresh); err != nil {
		return nil, fmt.Errorf("secret %s: %w", name, err)
	}
	var b []byte
	if err := t.one(ctx, qSecret, []any{name}, &b); err != nil {
		return nil, fmt.Errorf("secret %s: %w", name, err)
	}
	return b, nil
}

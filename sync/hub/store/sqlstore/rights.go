package sqlstore

import (
	"context"
	"fmt"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

const erasureColumns = `id, pseudonym, level, at, certificate`

var (
	qErasures   = q(`select ` + erasureColumns + ` from erasure where org = $1 order by at, id`)
	qErasure    = q(`select ` + erasureColumns + ` from erasure where org = $1 and id = $2`)
	qPutErasure = q(`insert into erasure (org, ` + erasureColumns + `) values ($1, $2, $3, $4, $5, $6)
		on conflict (id) do update set certificate = excluded.certificate where erasure.org = excluded.org`)

	qWithdrawals = q(`select w.id, w.person, w.action, w.at, coalesce(s.device, ''), coalesce(s.board, ''), coalesce(s.epoch, ''), coalesce(s.rev, 0)
		from withdrawal w left join withdrawal_screen s on s.withdrawal = w.id
		where w.org = $1 and ($2 = '' or w.person = $2) order by w.at desc, w.id, s.device`)
	qPutWithdrawal = q(`insert into withdrawal (id, org, person, action, at) values ($1, $2, $3, $4, $5)`)
	qPutDue        = q(`insert into withdrawal_screen (withdrawal, device, board, epoch, rev) values ($1, $2, $3, $4, $5)`)
	qHideWithdrawn = q(`update withdrawal set person = $3 where org = $1 and person = $2`)
)

// Erasures implements [store.View].
func (v *view) Erasures(ctx context.Context) (out []store.Erasure, err error) {
	var e erasureRow
	err = v.each(ctx, qErasures, []any{v.by.Org}, e.dest(), func() error {
		out = append(out, e.erasure())
		return nil
	})
	return out, err
}

// Erasure implements [store.View].
func (v *view) Erasure(ctx context.Context, id string) (store.Erasure, error) {
	var e erasureRow
	if err := v.one(ctx, qErasure, []any{v.by.Org, id}, e.dest()...); err != nil {
		return store.Erasure{}, fmt.Errorf("erasure: %w", err) // the ID may be anything
	}
	return e.erasure(), nil
}

// An erasureRow is what a row of the table is read into.
type erasureRow struct {
	e  store.Erasure
	at int64
}

func (r *erasureRow) dest() []any {
	return []any{&r.e.ID, &r.e.Pseudonym, &r.e.Level, &r.at, &r.e.Certificate}
}

func (r *erasureRow) erasure() store.Erasure {
	e := r.e
	e.At = moment(r.at)
	return e
}

// PutErasure implements [store.Tx].
func (t *tx) PutErasure(ctx context.Context, e store.Erasure) error {
	n, err := t.exec(ctx, qPutErasure, t.by.Org, e.ID, e.Pseudonym, e.Level, millis(e.At), e.Certificate)
	if err == nil && n != 1 {
		err = store.ErrNotFound // it is another system's
	}
	if err != nil {
		return fmt.Errorf("erasure %s: %w", e.ID, err)
	}
	action := "create"
	if e.Certificate != "" {
		action = "certify"
	}
	t.note(action, "erasure", e.ID, "")
	return nil
}

// Withdrawals implements [store.View].
func (v *view) Withdrawals(ctx context.Context, person house.ID) (out []store.Withdrawal, err error) {
	v.saw("withdrawal", string(person))
	var w store.Withdrawal
	var d store.Due
	var at, rev int64
	dest := []any{&w.ID, &w.Person, &w.Action, &at, &d.Device, &d.Board, &d.From.Epoch, &rev}
	err = v.each(ctx, qWithdrawals, []any{v.by.Org, person}, dest, func() error {
		if len(out) == 0 || out[len(out)-1].ID != w.ID {
			w.At = moment(at)
			out = append(out, w)
		}
		if d.Device != "" {
			d.From.Rev = uint64(rev)
			last := &out[len(out)-1]
			last.Screens = append(last.Screens, d)
		}
		return nil
	})
	return out, err
}

// PutWithdrawal implements [store.Tx].
func (t *tx) PutWithdrawal(ctx context.Context, w store.Withdrawal) error {
	_, err := t.exec(ctx, qPutWithdrawal, w.ID, t.by.Org, w.Person, w.Action, millis(w.At))
	for _, d := range w.Screens {
		if err == nil {
			_, err = t.exec(ctx, qPutDue, w.ID, d.Device, d.Board, d.From.Epoch, int64(d.From.Rev))
		}
	}
	if err != nil {
		return fmt.Errorf("withdrawal: %w", err)
	}
	return nil
}

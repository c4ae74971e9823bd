package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

var (
	qNote = q(`insert into audit (org, day, seq, at, actor_kind, actor, action, kind, id, person)
		values ($1, $2, (select coalesce(max(seq), 0) + 1 from audit where org = $1 and day = $2), $3, $4, $5, $6, $7, $8, $9)`)
	qAudit = q(`select at, actor_kind, actor, action, kind, id, person from audit where org = $1 order by day, seq`)
	qHold  = q(`insert into department_lock (org, dept) values ($1, $2) on conflict (org, dept) do nothing`)
)

// note adds one line to the audit.
func (t *tx) note(ctx context.Context, action, kind, id string, person house.ID) error {
	at := t.by.At.UTC()
	_, err := t.exec(ctx, qNote, t.by.Org, house.DayOf(at), millis(at), t.by.Kind, t.by.ID, action, kind, id, person)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// Note implements [store.Tx].
func (t *tx) Note(ctx context.Context, action string) error {
	return t.note(ctx, action, string(house.KindSystem), string(t.by.Org), "")
}

// Audit implements [store.View].
func (v *view) Audit(ctx context.Context) (out []store.Audit, err error) {
	var a store.Audit
	var at int64
	err = v.each(ctx, qAudit, []any{v.by.Org}, []any{&at, &a.By, &a.Actor, &a.Action, &a.Kind, &a.ID, &a.Person}, func() error {
		a.At = moment(at)
		out = append(out, a)
		return nil
	})
	return out, err
}

// Lock implements [store.Tx]. Rows are taken hold of in the order of their IDs,
// so that two transactions never wait for each other.
func (t *tx) Lock(ctx context.Context, depts ...house.ID) error {
	if !t.dialect.RowLocks {
		return nil // there is one writer
	}
	if len(depts) == 0 {
		all, err := t.All(ctx, house.KindDepartment)
		if err != nil {
			return err
		}
		for _, d := range all {
			depts = append(depts, house.KeyOf(d))
		}
	}
	depts = slices.Sorted(slices.Values(depts))
	for _, d := range depts {
		if _, err := t.exec(ctx, qHold, t.by.Org, d); err != nil {
			return fmt.Errorf("lock %s: %w", d, err)
		}
		if _, err := t.tx.ExecContext(ctx, `select 1 from department_lock where org = $1 and dept = $2 for update`, t.by.Org, d); err != nil {
			return fmt.Errorf("lock %s: %w", d, err)
		}
	}
	return nil
}

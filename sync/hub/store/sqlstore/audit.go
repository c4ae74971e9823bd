package sqlstore

import (
	"context"
	"fmt"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

var (
	qNote = q(`insert into audit (org, day, seq, at, actor_kind, actor, action, kind, id, person)
		values ($1, $2, (select coalesce(max(seq), 0) + 1 from audit where org = $1 and day = $2), $3, $4, $5, $6, $7, $8, $9)`)
	qAudit = q(`select at, actor_kind, actor, action, kind, id, person from audit where org = $1 order by day, seq`)
)

// note adds one line to the audit.
func (t *tx) note(ctx context.Context, action, kind, id string, person house.ID) error {
	if err := t.holdAudit(ctx); err != nil {
		return err
	}
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

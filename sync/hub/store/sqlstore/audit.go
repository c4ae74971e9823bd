package sqlstore

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

const lineColumns = `org, day, seq, at, actor_kind, actor, action, kind, id, person, hash`

var (
	qNote  = q(`insert into audit (` + lineColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qAudit = q(`select ` + lineColumns + ` from audit where org = $1 and day >= $2 order by day, seq`)
	qChain = q(`select day, seq, lines, hash from audit_head where org = $1`)

	qNewChain = q(`insert into audit_head (org, day, seq, lines, hash) values ($1, '', 0, 0, $2) on conflict (org) do nothing`)
	// It takes hold of the row and says what is in it.
	qHoldChain = q(`update audit_head set lines = lines where org = $1 returning day, seq, lines, hash`)
	qMoveChain = q(`update audit_head set day = $2, seq = $3, lines = $4, hash = $5 where org = $1`)
	qUnchained = q(`select org from audit_head where lines < 0`)
	qLinkOld   = q(`update audit set hash = $4 where org = $1 and day = $2 and seq = $3`)

	qSeals   = q(`select day, seq, hash, signature from audit_seal where org = $1 order by day`)
	qPutSeal = q(`insert into audit_seal (org, day, seq, hash, signature) values ($1, $2, $3, $4, $5) on conflict (org, day) do nothing`)

	qHideActor  = q(`update audit set actor = $3 where org = $1 and actor = $2`)
	qHideID     = q(`update audit set id = $3 where org = $1 and id = $2`)
	qHidePerson = q(`update audit set person = $3 where org = $1 and person = $2`)
)

// A noteLine is a line of the audit before it has its place there.
type noteLine struct {
	by               store.ActorKind
	actor            string
	action, kind, id string
	person           house.ID
}

// note adds one line to the audit. Lines get their places when the transaction
// ends, so that it does not keep others waiting who write elsewhere.
func (t *tx) note(action, kind, id string, person house.ID) {
	*t.notes = append(*t.notes, noteLine{t.by.Kind, t.by.ID, action, kind, id, person})
}

// Note implements [store.Tx].
func (t *tx) Note(_ context.Context, action string) error {
	t.note(action, string(house.KindSystem), string(t.by.Org), "")
	return nil
}

// NoteOf implements [store.Tx].
func (t *tx) NoteOf(_ context.Context, action string, k house.Kind, id house.ID) error {
	t.note(action, string(k), string(id), "")
	return nil
}

// writeNotes puts the lines of a transaction at the end of the chain: what was
// done, and what staff read beyond that.
func (t *tx) writeNotes(ctx context.Context) error {
	for _, r := range t.reads {
		if !slices.ContainsFunc(*t.notes, func(n noteLine) bool { return n.kind == r.kind && n.id == r.id }) {
			t.note("read", r.kind, r.id, "")
		}
	}
	if len(*t.notes) == 0 {
		return nil
	}
	if err := t.link(ctx); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// link numbers the lines and chains them to those before.
func (t *tx) link(ctx context.Context) error {
	key, err := t.pseudonymKey(ctx)
	if err != nil {
		return err
	}
	c, err := t.holdChain(ctx)
	if err != nil {
		return err
	}
	at := t.by.At.UTC()
	if today := house.DayOf(at); today > c.Day { // a clock set back begins no day again
		c.Day, c.Number = today, 0
	}
	for _, n := range *t.notes {
		l := store.Line{Org: t.by.Org, Day: c.Day, Number: c.Number + 1, Audit: store.Audit{
			At: at, By: n.by, Actor: n.actor, Action: n.action, Kind: n.kind, ID: n.id, Person: n.person,
		}}
		l.Hash = l.Link(c.Hash, key)
		if _, err := t.exec(ctx, qNote, l.Org, l.Day, l.Number, millis(at), l.By, l.Actor, l.Action, l.Kind, l.ID, l.Person, l.Hash); err != nil {
			return err
		}
		c.Number, c.Lines, c.Hash = l.Number, c.Lines+1, l.Hash
	}
	return t.moveChain(ctx, c)
}

// holdChain returns where the chain ends, and keeps others from adding to it
// until the transaction ends.
func (t *tx) holdChain(ctx context.Context) (c store.Chain, err error) {
	if err := t.holdAudit(ctx); err != nil {
		return c, err
	}
	if _, err := t.exec(ctx, qNewChain, t.by.Org, store.Genesis(t.by.Org)); err != nil {
		return c, err
	}
	err = t.one(ctx, qHoldChain, []any{t.by.Org}, &c.Day, &c.Number, &c.Lines, &c.Hash)
	return c, err
}

func (t *tx) moveChain(ctx context.Context, c store.Chain) error {
	_, err := t.exec(ctx, qMoveChain, t.by.Org, c.Day, c.Number, c.Lines, c.Hash)
	return err
}

// pseudonymSecret names the key of a system's pseudonyms among the secrets.
func pseudonymSecret(org house.ID) string { return "pseudonym " + string(org) }

// pseudonymKey returns it, and makes it when there is none.
func (t *tx) pseudonymKey(ctx context.Context) (store.PseudonymKey, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // it never fails
	return t.Secret(ctx, pseudonymSecret(t.by.Org), fresh)
}

// Pseudonyms implements [store.View].
func (v *view) Pseudonyms(ctx context.Context) (store.PseudonymKey, error) {
	var key []byte
	if err := v.one(ctx, qSecret, []any{pseudonymSecret(v.by.Org)}, &key); err != nil {
		return nil, fmt.Errorf("key of pseudonyms: %w", err)
	}
	return key, nil
}

// chainOld gives hashes to the lines of a database from before they had any.
func (db *DB) chainOld(ctx context.Context) error {
	return db.update(ctx, store.Actor{Kind: store.ByHub}, func(t *tx) error {
		var orgs []house.ID
		var org house.ID
		err := t.each(ctx, qUnchained, nil, []any{&org}, func() error {
			orgs = append(orgs, org)
			return nil
		})
		for _, org := range orgs {
			if err == nil {
				err = t.chainSystem(ctx, org)
			}
		}
		if err != nil {
			return fmt.Errorf("audit from before: %w", err)
		}
		return nil
	})
}

func (t *tx) chainSystem(ctx context.Context, org house.ID) error {
	t.by.Org = org
	key, err := t.pseudonymKey(ctx)
	if err != nil {
		return err
	}
	if c, err := t.holdChain(ctx); err != nil || c.Lines >= 0 {
		return err // another hub was faster
	}
	var old []store.Line
	if err := t.lines(ctx, "", func(l store.Line) error {
		old = append(old, l)
		return nil
	}); err != nil {
		return err
	}
	c := store.Chain{Hash: store.Genesis(org)}
	for _, l := range old {
		c = store.Chain{Day: l.Day, Number: l.Number, Lines: c.Lines + 1, Hash: l.Link(c.Hash, key)}
		if _, err := t.exec(ctx, qLinkOld, org, l.Day, l.Number, c.Hash); err != nil {
			return err
		}
	}
	return t.moveChain(ctx, c)
}

// Audit implements [store.View].
func (v *view) Audit(ctx context.Context) (out []store.Audit, err error) {
	err = v.Lines(ctx, "", func(l store.Line) error {
		out = append(out, l.Audit)
		return nil
	})
	return out, err
}

// Lines implements [store.View].
func (v *view) Lines(ctx context.Context, from house.Day, f func(store.Line) error) error {
	v.saw("audit", string(from))
	return v.lines(ctx, from, f)
}

func (v *view) lines(ctx context.Context, from house.Day, f func(store.Line) error) error {
	var l store.Line
	var at int64
	dest := []any{&l.Org, &l.Day, &l.Number, &at, &l.By, &l.Actor, &l.Action, &l.Kind, &l.ID, &l.Person, &l.Hash}
	return v.each(ctx, qAudit, []any{v.by.Org, from}, dest, func() error {
		l.At = moment(at)
		return f(l)
	})
}

// Chain implements [store.View].
func (v *view) Chain(ctx context.Context) (c store.Chain, err error) {
	if err = v.one(ctx, qChain, []any{v.by.Org}, &c.Day, &c.Number, &c.Lines, &c.Hash); err != nil {
		err = fmt.Errorf("audit: %w", err)
	}
	return c, err
}

// Seals implements [store.View].
func (v *view) Seals(ctx context.Context) (out []store.Seal, err error) {
	var s store.Seal
	var signature string
	err = v.each(ctx, qSeals, []any{v.by.Org}, []any{&s.Day, &s.Number, &s.Hash, &signature}, func() error {
		s.Signature, _ = base64.StdEncoding.DecodeString(signature) // what is none does not verify
		out = append(out, s)
		return nil
	})
	return out, err
}

// PutSeal implements [store.Tx].
func (t *tx) PutSeal(ctx context.Context, s store.Seal) error {
	_, err := t.exec(ctx, qPutSeal, t.by.Org, s.Day, s.Number, s.Hash, base64.StdEncoding.EncodeToString(s.Signature))
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// Pseudonymise implements [store.Tx].
func (t *tx) Pseudonymise(ctx context.Context, ids ...string) error {
	key, err := t.pseudonymKey(ctx)
	for _, id := range ids {
		for _, s := range []statement{qHideActor, qHideID, qHidePerson, qHideWithdrawn} {
			if err == nil {
				_, err = t.exec(ctx, s, t.by.Org, id, key.Of(id))
			}
		}
		if err == nil {
			_, err = t.exec(ctx, qForgetSource, t.by.Org, id)
		}
		for i := range *t.notes {
			n := &(*t.notes)[i]
			for _, at := range []*string{&n.actor, &n.id, (*string)(&n.person)} {
				if *at == id {
					*at = key.Of(id)
				}
			}
		}
	}
	if err != nil {
		return errors.Join(errors.New("pseudonyms"), err)
	}
	return nil
}

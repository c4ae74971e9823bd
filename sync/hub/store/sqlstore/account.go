package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

const (
	accountColumns = `id, org, login, code, identity, wrong, locked, step, body`
	sessionColumns = `id, account, began, seen, ends, proved, partial`
)

var (
	qAccount     = q(`select ` + accountColumns + ` from account where id = $1 and ($2 = '' or org = $2)`)
	qAccountOf   = q(`select ` + accountColumns + ` from account where login = $1 and login <> ''`)
	qAccountWith = q(`select ` + accountColumns + ` from account where code = $1 and code <> ''`)
	qAccountBy   = q(`select ` + accountColumns + ` from account where identity = $1 and identity <> ''`)
	qAccounts    = q(`select ` + accountColumns + ` from account where org = $1 order by id`)
	qPutAccount  = q(`insert into account (` + accountColumns + `) values ($1, $2, $3, $4, $5, 0, 0, 0, $6)
		on conflict (id) do update set org = excluded.org, login = excluded.login, code = excluded.code, identity = excluded.identity, body = excluded.body`)
	qTried       = q(`update account set wrong = $2, locked = $3, step = $4 where id = $1`)
	qDropAccount = q(`delete from account where id = $1 and org = $2`)

	qSession    = q(`select ` + sessionColumns + ` from session where id = $1`)
	qPutSession = q(`insert into session (` + sessionColumns + `) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (id) do update set seen = excluded.seen, proved = excluded.proved, partial = excluded.partial`)
	qDropSession    = q(`delete from session where id = $1`)
	qDropSessionsOf = q(`delete from session where account = $1`)
	qDropSessions   = q(`delete from session where ends <= $1`)
)

// An accountDoc is what is kept of an account as a document.
type accountDoc struct {
	Name        string          `json:"name,omitempty"`
	Staff       house.ID        `json:"staff,omitempty"`
	Role        string          `json:"role"`
	Departments []house.ID      `json:"departments,omitempty"`
	Language    record.Lang     `json:"language,omitempty"`
	Off         bool            `json:"off,omitempty"`
	Password    string          `json:"password,omitempty"`
	TOTP        string          `json:"totp,omitempty"`
	Alone       bool            `json:"alone,omitempty"`
	Passkeys    []store.Passkey `json:"passkeys,omitempty"`
	CodeUntil   int64           `json:"code_until,omitempty"`
}

// An accountRow is what a row of the table is read into.
type accountRow struct {
	a      store.Account
	login  string
	locked int64
	body   []byte
}

func (r *accountRow) dest() []any {
	return []any{&r.a.ID, &r.a.Org, &r.login, &r.a.Code, &r.a.Identity, &r.a.Tries.Wrong, &r.locked, &r.a.Tries.Step, &r.body}
}

func (r *accountRow) account() (store.Account, error) {
	var d accountDoc
	if err := json.Unmarshal(r.body, &d); err != nil {
		return store.Account{}, fmt.Errorf("account %s: stored document: %w", r.a.ID, err)
	}
	a := r.a
	a.Login, a.Name, a.Tries.Locked = record.NameOf(r.login), record.NameOf(d.Name), moment(r.locked)
	a.Staff, a.Role, a.Departments, a.Language, a.Off = d.Staff, d.Role, d.Departments, d.Language, d.Off
	a.Password, a.TOTP, a.Alone, a.Passkeys, a.CodeUntil = d.Password, d.TOTP, d.Alone, d.Passkeys, moment(d.CodeUntil)
	return a, nil
}

// Account implements [store.View].
func (v *view) Account(ctx context.Context, id string) (store.Account, error) {
	return v.account(ctx, qAccount, id, v.by.Org)
}

// AccountOf implements [store.View].
func (v *view) AccountOf(ctx context.Context, login string) (store.Account, error) {
	return v.account(ctx, qAccountOf, login)
}

// AccountWith implements [store.View].
func (v *view) AccountWith(ctx context.Context, code string) (store.Account, error) {
	return v.account(ctx, qAccountWith, code)
}

// AccountBy implements [store.View].
func (v *view) AccountBy(ctx context.Context, identity string) (store.Account, error) {
	return v.account(ctx, qAccountBy, identity)
}

func (v *view) account(ctx context.Context, s statement, args ...any) (store.Account, error) {
	var r accountRow
	if err := v.one(ctx, s, args, r.dest()...); err != nil {
		return store.Account{}, fmt.Errorf("account: %w", err) // what was asked for may be anything
	}
	v.saw("account", r.a.ID)
	return r.account()
}

// Accounts implements [store.View].
func (v *view) Accounts(ctx context.Context) (out []store.Account, err error) {
	v.saw("account", "*")
	var r accountRow
	err = v.each(ctx, qAccounts, []any{v.by.Org}, r.dest(), func() error {
		a, err := r.account()
		out = append(out, a)
		return err
	})
	return out, err
}

// PutAccount implements [store.Tx].
func (t *tx) PutAccount(ctx context.Context, a store.Account) error {
	if a.ID == "" || t.by.Org != "" && a.Org != t.by.Org {
		return errors.New("account: without an ID, or of another system")
	}
	body, err := json.Marshal(accountDoc{ //nolint:gosec // the password's hash, for the store
		a.Name.Reveal(), a.Staff, a.Role, a.Departments, a.Language, a.Off,
		a.Password, a.TOTP, a.Alone, a.Passkeys, millis(a.CodeUntil),
	})
	if err != nil {
		return fmt.Errorf("account %s: %w", a.ID, err)
	}
	var r accountRow
	for _, known := range []struct {
		by statement
		as string
	}{{qAccountOf, a.Login.Reveal()}, {qAccountBy, a.Identity}} {
		switch err := t.one(ctx, known.by, []any{known.as}, r.dest()...); {
		case err == nil && r.a.ID != a.ID:
			return fmt.Errorf("account %s: %w", a.ID, store.ErrTaken)
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return err
		}
	}
	action := "change"
	switch err := t.one(ctx, qAccount, []any{a.ID, ""}, r.dest()...); {
	case errors.Is(err, store.ErrNotFound):
		action = "create"
	case err != nil:
		return err
	case t.by.Org != "" && r.a.Org != "" && r.a.Org != t.by.Org:
		return fmt.Errorf("account: %w", store.ErrNotFound)
	}
	if _, err := t.exec(ctx, qPutAccount, a.ID, a.Org, a.Login.Reveal(), a.Code, a.Identity, string(body)); err != nil {
		return fmt.Errorf("account %s: %w", a.ID, err)
	}
	t.note(action, "account", a.ID, "")
	return nil
}

// Tried implements [store.Tx].
func (t *tx) Tried(ctx context.Context, id string, n store.Tries) error {
	_, err := t.exec(ctx, qTried, id, n.Wrong, millis(n.Locked), n.Step)
	return err
}

// DropAccount implements [store.Tx].
func (t *tx) DropAccount(ctx context.Context, id string) error {
	n, err := t.exec(ctx, qDropAccount, id, t.by.Org)
	if err == nil && n > 0 {
		t.note("delete", "account", id, "")
	}
	return err
}

// Session implements [store.View].
func (v *view) Session(ctx context.Context, id string) (s store.Session, err error) {
	var began, seen, ends, proved int64
	var partial int
	err = v.one(ctx, qSession, []any{id}, &s.ID, &s.Account, &began, &seen, &ends, &proved, &partial)
	if err != nil {
		return store.Session{}, fmt.Errorf("session: %w", err)
	}
	s.Began, s.Seen, s.Until, s.Proved, s.Partial = moment(began), moment(seen), moment(ends), moment(proved), partial != 0
	return s, nil
}

// PutSession implements [store.Tx].
func (t *tx) PutSession(ctx context.Context, s store.Session) error {
	partial := 0
	if s.Partial {
		partial = 1
	}
	_, err := t.exec(ctx, qPutSession, s.ID, s.Account, millis(s.Began), millis(s.Seen), millis(s.Until), millis(s.Proved), partial)
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// DropSession implements [store.Tx].
func (t *tx) DropSession(ctx context.Context, id string) error {
	_, err := t.exec(ctx, qDropSession, id)
	return err
}

// DropSessionsOf implements [store.Tx].
func (t *tx) DropSessionsOf(ctx context.Context, account string) error {
	_, err := t.exec(ctx, qDropSessionsOf, account)
	return err
}

// DropSessions implements [store.Tx].
func (t *tx) DropSessions(ctx context.Context, until time.Time) error {
	_, err := t.exec(ctx, qDropSessions, millis(until))
	return err
}

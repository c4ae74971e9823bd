package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

func account(id, login string) store.Account {
	return store.Account{
		ID: id, Org: "sys", Login: record.NameOf(login), Name: record.NameOf("Mette"), Staff: "s01", Role: "employee",
		Departments: []house.ID{"dep-1"}, Language: record.Danish, Password: "hash", TOTP: "SECRET", Alone: true,
		Passkeys: []store.Passkey{{ID: []byte{1, 0, 255}, Doc: []byte(`{}`), Made: now}}, Code: "code of " + id, CodeUntil: now,
		Identity: "identity of " + id,
	}
}

// Accounts are what was put, found by what they are known by, and of one system;
// no login and no identity is of two.
func accountsAreRemembered(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	a, b := account("a", "mette"), account("b", "")
	update(t, s, func(tx store.Tx) error { return errors.Join(tx.PutAccount(ctx, a), tx.PutAccount(ctx, b)) })
	c := account("c", "mette")
	require.ErrorIs(t, s.Update(ctx, hub, func(tx store.Tx) error { return tx.PutAccount(ctx, c) }), store.ErrTaken)
	d := account("d", "")
	d.Identity = a.Identity
	require.ErrorIs(t, s.Update(ctx, hub, func(tx store.Tx) error { return tx.PutAccount(ctx, d) }), store.ErrTaken)
	require.Error(t, s.Update(ctx, other, func(tx store.Tx) error { return tx.PutAccount(ctx, a) }), "another system's")

	a.Tries = store.Tries{Wrong: 3, Locked: now, Step: 7}
	update(t, s, func(tx store.Tx) error { return tx.Tried(ctx, "a", a.Tries) })
	a.Role, a.Code = "superuser", ""
	update(t, s, func(tx store.Tx) error { return tx.PutAccount(ctx, a) })
	require.NoError(t, s.View(ctx, bare, func(v store.View) error {
		got, err := v.AccountOf(ctx, "mette")
		require.NoError(t, err)
		require.Equal(t, a, got)
		got, err = v.AccountWith(ctx, "code of b")
		require.NoError(t, err)
		require.Equal(t, b, got)
		got, err = v.AccountBy(ctx, "identity of a")
		require.NoError(t, err)
		require.Equal(t, a, got)
		for _, empty := range []func() (store.Account, error){
			func() (store.Account, error) { return v.AccountOf(ctx, "") },
			func() (store.Account, error) { return v.AccountWith(ctx, "") },
			func() (store.Account, error) { return v.AccountBy(ctx, "") },
			func() (store.Account, error) { return v.Account(ctx, "c") },
		} {
			_, err = empty()
			require.ErrorIs(t, err, store.ErrNotFound)
		}
		return nil
	}))
	view(t, s, func(v store.View) error {
		all, err := v.Accounts(ctx)
		require.Equal(t, []store.Account{a, b}, all)
		return err
	})
	require.NoError(t, s.View(ctx, other, func(v store.View) error {
		all, err := v.Accounts(ctx)
		require.Empty(t, all)
		_, missing := v.Account(ctx, "a")
		require.ErrorIs(t, missing, store.ErrNotFound)
		return err
	}))
	require.NoError(t, s.Update(ctx, other, func(tx store.Tx) error { return tx.DropAccount(ctx, "a") }))
	view(t, s, func(v store.View) error { _, err := v.Account(ctx, "a"); return err })
}

// A session lasts until it is ended, its time is over, or its account is gone.
func sessionsEnd(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	session := func(id, account string, until time.Time) store.Session {
		return store.Session{ID: id, Account: account, Began: now, Seen: now, Until: until, Proved: now, Partial: true}
	}
	left := func() (out []string) {
		for _, id := range []string{"1", "2", "3", "4"} {
			view(t, s, func(v store.View) error {
				if _, err := v.Session(ctx, id); err == nil {
					out = append(out, id)
				}
				return nil
			})
		}
		return out
	}
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.PutAccount(ctx, account("a", "a")), tx.PutAccount(ctx, account("b", "b")),
			tx.PutSession(ctx, session("1", "a", now.Add(time.Hour))), tx.PutSession(ctx, session("2", "a", now.Add(2*time.Hour))),
			tx.PutSession(ctx, session("3", "b", now.Add(time.Hour))), tx.PutSession(ctx, session("4", "b", now.Add(2*time.Hour))),
		)
	})
	was := session("1", "a", now.Add(time.Hour))
	was.Seen, was.Proved, was.Partial = now.Add(time.Minute), now.Add(time.Minute), false
	update(t, s, func(tx store.Tx) error { return tx.PutSession(ctx, was) })
	view(t, s, func(v store.View) error {
		got, err := v.Session(ctx, "1")
		require.Equal(t, was, got)
		return err
	})
	update(t, s, func(tx store.Tx) error { return tx.DropSessions(ctx, now.Add(time.Hour)) })
	require.Equal(t, []string{"2", "4"}, left())
	update(t, s, func(tx store.Tx) error { return tx.DropSession(ctx, "2") })
	require.Equal(t, []string{"4"}, left())
	update(t, s, func(tx store.Tx) error { return tx.PutSession(ctx, session("1", "a", now.Add(time.Hour))) })
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.DropSessionsOf(ctx, "a"), tx.DropAccount(ctx, "b"))
	})
	require.Empty(t, left())
}

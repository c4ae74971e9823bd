package hub

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// letIn gives a member of staff an account, and a session.
func (w *world) letIn(staff house.ID) {
	w.t.Helper()
	by := store.Actor{Org: "sys-demo", Kind: store.ByHub, At: w.hub.now()}
	require.NoError(w.t, w.hub.store.Update(w.t.Context(), by, func(tx store.Tx) error {
		a := store.Account{ID: "acc-" + string(staff), Org: "sys-demo", Login: record.NameOf("mette.holm.login"), Name: record.NameOf("Mette Holmgaard"), Staff: staff, Role: "employee"}
		if err := tx.PutAccount(w.t.Context(), a); err != nil {
			return err
		}
		return tx.PutSession(w.t.Context(), store.Session{ID: "session", Account: a.ID, Began: w.hub.now(), Seen: w.hub.now(), Until: w.hub.now().Add(time.Hour)})
	}))
}

// inside reports whether a member of staff has an account, may use it, and is logged in.
func (w *world) inside(staff house.ID) (has, may, in bool) {
	w.t.Helper()
	w.view(func(v store.View) error {
		a, err := v.Account(w.t.Context(), "acc-"+string(staff))
		has, may = err == nil, err == nil && !a.Off
		_, err = v.Session(w.t.Context(), "session")
		in = err == nil
		return nil
	})
	return has, may, in
}

// R-ACT-09, R-IBG-25: whoever leaves is out from that moment, and whose record is deleted
// has no account any more.
func TestWhoeverLeavesIsOut(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.letIn("s03")
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "s03", func(s *house.Staff) { s.Alias = record.NameOf("Mette") })
		})
		has, may, in := w.inside("s03")
		require.True(t, has && may && in)
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "s03", func(s *house.Staff) { s.Lifecycle = house.Left })
		})
		has, may, in = w.inside("s03")
		require.True(t, has)
		require.False(t, may || in)
		w.change(func(ctx context.Context, e *Edit) error { return e.Delete(ctx, house.KindStaff, "s03") })
		has, _, _ = w.inside("s03")
		require.False(t, has)
	})
}

// R-IBG-26: with somebody who is erased go the login and the name that their account
// had; it is looked for, not believed.
func TestErasingTakesTheAccount(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.letIn("s03")
		x, err := w.hub.Erase(t.Context(), byStaff, Erasing{Person: "s03", Level: store.Erased})
		require.NoError(t, err)
		require.Zero(t, x.Left)
		has, _, in := w.inside("s03")
		require.False(t, has || in)
	})
}

// Whoever logged out since a backup is not in again after it was restored.
func TestRestoringEndsSessions(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.letIn("s03")
		require.NoError(t, w.hub.Renew(t.Context()))
		has, may, in := w.inside("s03")
		require.True(t, has && may)
		require.False(t, in)
	})
}

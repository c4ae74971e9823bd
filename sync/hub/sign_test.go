package hub

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// Every hub on one store signs alike, and goes on to after a start.
func TestHubsOnOneStoreSignAlike(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		was := w.hub.SigningKey()
		beside, err := New(t.Context(), w.hub.store, Options{Hosts: hosts})
		require.NoError(t, err)
		require.Equal(t, was, beside.SigningKey())
		require.True(t, wire.VerifySigned(was, beside.sign("domain", "a", "b"), "domain", "a", "b"))
		require.False(t, wire.VerifySigned(was, beside.sign("domain", "a", "b"), "domain", "ab", ""))
		w.restart()
		require.Equal(t, was, w.hub.SigningKey())
	})
}

// A signing key that is not what it should be is said, and no other is made: the
// screens that believe it would believe nothing any more.
func TestBrokenSigningKeyIsSaid(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		_, err := New(t.Context(), shortSecrets{w.hub.store}, Options{Hosts: hosts})
		require.ErrorContains(t, err, "secret signing-key of 3 bytes, want 32")
	})
}

// shortSecrets is a store whose secrets somebody has cut short.
type shortSecrets struct{ store.Store }

func (s shortSecrets) Update(ctx context.Context, by store.Actor, f func(store.Tx) error) error {
	return s.Store.Update(ctx, by, func(tx store.Tx) error { return f(shortTx{tx}) })
}

type shortTx struct{ store.Tx }

func (shortTx) Secret(context.Context, string, []byte) ([]byte, error) { return []byte("abc"), nil }

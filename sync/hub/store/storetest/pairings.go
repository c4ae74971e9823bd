package storetest

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

func pairing(id string, began time.Time) store.Pairing {
	return store.Pairing{
		ID: id, Key: bytes.Repeat([]byte(id[:1]), ed25519.PublicKeySize), Commit: "commit", HubNonce: "hub nonce", Build: "test",
		State: store.PairBegun, Began: began, Expires: began.Add(wire.PairHaste),
	}
}

func pairingsGoOn(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	a, b := pairing("a", now), pairing("b", now.Add(time.Second))
	require.NoError(t, s.Update(ctx, bare, func(tx store.Tx) error {
		require.NoError(t, tx.AddPairing(ctx, b))
		return tx.AddPairing(ctx, a)
	}))
	require.Error(t, s.Update(ctx, bare, func(tx store.Tx) error { return tx.AddPairing(ctx, a) }), "there is one of a name")

	a.Nonce, a.Pin, a.State, a.Expires = "nonce", "pin", wire.PairWaiting, now.Add(wire.PairLife)
	require.NoError(t, s.Update(ctx, bare, func(tx store.Tx) error { return tx.PutPairing(ctx, a, store.PairBegun) }))
	require.ErrorIs(t, s.Update(ctx, bare, func(tx store.Tx) error { return tx.PutPairing(ctx, a, store.PairBegun) }), store.ErrAgain,
		"it is not where it was")
	view(t, s, func(v store.View) error {
		all, err := v.Pairings(ctx)
		require.NoError(t, err)
		require.Equal(t, []store.Pairing{a, b}, all, "in the order they came")
		require.Equal(t, wire.PairCode(wire.B64.EncodeToString(a.Key), "pin", "hub nonce", "nonce"), a.Code())
		one, err := v.Pairing(ctx, "a")
		require.NoError(t, err)
		require.Equal(t, a, one)
		_, err = v.Pairing(ctx, "c")
		require.ErrorIs(t, err, store.ErrNotFound)
		return nil
	})

	a.State, a.Org, a.Device = wire.PairApproved, "sys", "hall"
	update(t, s, func(tx store.Tx) error { return tx.PutPairing(ctx, a, wire.PairWaiting) })
	b.State, b.Why = wire.PairRefused, wire.WhyPin
	update(t, s, func(tx store.Tx) error { return tx.PutPairing(ctx, b, store.PairBegun) })
	update(t, s, func(tx store.Tx) error { return tx.DropPairings(ctx, b.Expires.Add(-time.Millisecond)) })
	view(t, s, func(v store.View) error {
		all, err := v.Pairings(ctx)
		require.Equal(t, []store.Pairing{a, b}, all)
		return err
	})
	update(t, s, func(tx store.Tx) error { return tx.DropPairings(ctx, b.Expires) })
	view(t, s, func(v store.View) error {
		all, err := v.Pairings(ctx)
		require.Equal(t, []store.Pairing{a}, all)
		return err
	})
	update(t, s, func(tx store.Tx) error { return tx.DropPairing(ctx, "a") })
	view(t, s, func(v store.View) error {
		all, err := v.Pairings(ctx)
		require.Empty(t, all)
		return err
	})
}

func wrongCodesLock(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	update(t, s, func(tx store.Tx) error {
		for i, state := range []wire.PairState{store.PairBegun, wire.PairWaiting, wire.PairWaiting, wire.PairApproved, wire.PairRefused} {
			p := pairing(string(rune('a'+i)), now)
			p.State = state
			require.NoError(t, tx.AddPairing(ctx, p))
		}
		return nil
	})
	miss := func(id string) (states []wire.PairState, wrong []int) {
		update(t, s, func(tx store.Tx) error { return tx.MissPairings(ctx, id) })
		view(t, s, func(v store.View) error {
			all, err := v.Pairings(ctx)
			for _, p := range all {
				states, wrong = append(states, p.State), append(wrong, p.Wrong)
			}
			return err
		})
		return states, wrong
	}
	for range wire.MaxCodeTries - 2 {
		miss("")
	}
	states, wrong := miss("b")
	require.Equal(t, []int{0, 4, 3, 0, 0}, wrong)
	require.Equal(t, wire.PairWaiting, states[1])
	states, wrong = miss("")
	require.Equal(t, []int{0, 5, 4, 0, 0}, wrong, "only those that wait are tried")
	require.Equal(t, []wire.PairState{store.PairBegun, wire.PairLocked, wire.PairWaiting, wire.PairApproved, wire.PairRefused}, states)
	states, wrong = miss("b")
	require.Equal(t, []int{0, 5, 4, 0, 0}, wrong)
	require.Equal(t, wire.PairLocked, states[1])
}

func deviceIsFoundByKey(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	key := pairing("k", now).Key
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, "00000000000000e1"))
		return tx.PutDevice(ctx, store.Device{ID: "hall", Board: "b1", Key: key})
	})
	require.NoError(t, s.View(ctx, bare, func(v store.View) error {
		d, err := v.DeviceOf(ctx, key)
		require.NoError(t, err)
		require.Equal(t, "hall", d.ID)
		_, err = v.DeviceOf(ctx, pairing("x", now).Key)
		require.ErrorIs(t, err, store.ErrNotFound)
		return nil
	}))
	update(t, s, func(tx store.Tx) error {
		return tx.PutDevice(ctx, store.Device{ID: "hall", Board: "b1", Key: key, Revoked: true})
	})
	require.NoError(t, s.View(ctx, bare, func(v store.View) error {
		_, err := v.DeviceOf(ctx, key)
		require.ErrorIs(t, err, store.ErrNotFound, "revoked")
		return nil
	}))
}

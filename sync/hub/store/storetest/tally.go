package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// R-ACT-13: how often each answer of a poll was given is kept with it and goes
// with it, and counting leaves no line in the audit: with a screen and a moment it
// would lead back to somebody. Nobody but the hub counts, and no other system sees
// it.
func answersAreCounted(t *testing.T, open Open) {
	dir, ctx := t.TempDir(), t.Context()
	s := open(t, dir)
	update(t, s, func(tx store.Tx) error { return tx.Put(ctx, poll()) })
	tally := func() (n house.Tally) {
		view(t, s, func(v store.View) (err error) {
			n, err = v.Tally(ctx, "p1")
			return err
		})
		return n
	}
	require.True(t, tally().Zero())
	want := house.Tally{}.Count("face-good", false).Count("face-bad", false)
	require.Empty(t, done(t, s, func() {
		update(t, s, func(tx store.Tx) error { return tx.PutTally(ctx, "p1", want) })
	}))
	require.Equal(t, want, tally())
	for _, by := range []store.Actor{staff, {Org: "sys", Kind: store.ByScreen, ID: "scr-1", At: now}} {
		require.Error(t, s.Update(ctx, by, func(tx store.Tx) error { return tx.PutTally(ctx, "p1", house.Tally{}) }))
	}
	require.NoError(t, s.View(ctx, other, func(v store.View) error {
		n, err := v.Tally(ctx, "p1")
		require.True(t, n.Zero())
		return err
	}))
	require.NoError(t, s.Close())
	s = open(t, dir)
	require.Equal(t, want, tally(), "it is durable")
	update(t, s, func(tx store.Tx) error { return tx.Put(ctx, poll()) })
	require.Equal(t, want, tally(), "and outlives a change of the question")
	update(t, s, func(tx store.Tx) error { return tx.Delete(ctx, house.KindPoll, "p1") })
	require.True(t, tally().Zero())
	update(t, s, func(tx store.Tx) error { return tx.Put(ctx, poll()) })
	update(t, s, func(tx store.Tx) error { return tx.PutTally(ctx, "p1", want) })
	update(t, s, func(tx store.Tx) error { return tx.PutTally(ctx, "p1", house.Tally{}) })
	require.True(t, tally().Zero())
	require.NoError(t, s.Close())
}

func poll() *house.Poll {
	return &house.Poll{
		ID: "p1", Department: "dep-1", Question: record.Text{"da": "Hvordan var maden?"}, From: "2026-12-03T08:00", Until: "2026-12-03T21:00",
		Options: []house.PollOption{{Pictogram: "face-good", Title: record.Text{"da": "God"}}, {Pictogram: "face-bad", Title: record.Text{"da": "Ikke god"}}},
	}
}

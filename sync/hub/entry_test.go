package hub

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// R-DPA-03: what is written into the registers stays as it is: it is neither changed nor
// deleted, nor by a file that takes the place of the house; and it is in every export.
func TestEntriesStay(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		e := house.Entry{ID: "e1", Written: "2026-12-03T09:00", Incident: &house.Incident{Kind: "breach", Facts: "En skærm er væk", Known: "2026-12-03T08:00"}}
		w.change(func(ctx context.Context, edit *Edit) error { return edit.Put(ctx, &e) })
		other := e
		other.Incident = &house.Incident{Kind: "breach", Facts: "Intet er sket", Known: "2026-12-03T08:00"}
		for _, f := range []func(context.Context, *Edit) error{
			func(ctx context.Context, edit *Edit) error { return edit.Put(ctx, &other) },
			func(ctx context.Context, edit *Edit) error { return edit.Delete(ctx, house.KindEntry, "e1") },
			func(ctx context.Context, edit *Edit) error { return edit.Retract(ctx, Ref{house.KindEntry, "e1"}) },
		} {
			require.ErrorIs(t, w.hub.Change(t.Context(), byStaff, f), ErrWritten)
		}
		in := demoHouse(t)
		in.Entries = []house.Entry{other, {ID: "e2", Written: "2026-12-03T10:00", Replaces: "e1", Incident: other.Incident}}
		require.NoError(t, w.hub.Import(t.Context(), byImport, in, Import{Replace: true, Picture: drawn}))
		var all []house.Entry
		w.view(func(v store.View) (err error) {
			all, err = store.All[house.Entry](t.Context(), v)
			return err
		})
		require.Equal(t, []house.Entry{e, in.Entries[1]}, all)
	})
}

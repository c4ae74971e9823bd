package hub

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
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

// R-DPA-01, R-STA-10: what is not as instructed is not done: a module that the
// instruction in force does not have is sent to no screen, from its day on and not
// before; without an instruction the house's own choice holds.
func TestInstructionSaysWhatIsSent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		require.NotEmpty(t, s.facts().Shifts)
		require.NotEmpty(t, s.facts().Activities)
		instruct := func(id house.ID, on house.Day, modules ...record.Module) {
			w.change(func(ctx context.Context, e *Edit) error {
				return e.Put(ctx, &house.Entry{ID: id, Written: "2000-01-01T01:00", Instruction: &house.Instruction{
					Effective: on, Change: "agreed", Purposes: "Hverdagen", Modules: modules, Retention: "Et år", Transfers: "none",
				}})
			})
			synctest.Wait()
		}
		instruct("i1", "2000-01-01", record.ModuleActivities, record.ModuleMeals, record.ModulePeople)
		require.Empty(t, s.facts().Shifts)
		require.Empty(t, s.facts().News)
		require.NotEmpty(t, s.facts().Activities)
		require.NotContains(t, s.facts().House.Modules, record.ModuleRoster)
		instruct("i2", "2000-01-02", record.ModuleActivities, record.ModuleRoster)
		require.Empty(t, s.facts().Shifts, "its day is tomorrow")
		for range 25 * 12 {
			if s.gone() {
				s.connect()
			}
			time.Sleep(5 * time.Minute)
			synctest.Wait()
		}
		require.NotEmpty(t, s.facts().Shifts)
		require.Empty(t, s.facts().Meals)
		p, err := w.hub.Preview(t.Context(), byStaff, Previewing{Screen: "scr-1"})
		require.NoError(t, err)
		require.Empty(t, p.Facts.Meals, "nor is it in the preview")
		s.leave()
	})
}

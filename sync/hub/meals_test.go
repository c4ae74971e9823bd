package hub

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// R-IBG-34: who is signed up for a meal every week stands on the board as that;
// when they say no to one day at the wall, the house keeps that they did, and they
// are signed up for the other days as before.
func TestNoToAnAutomaticMealIsKept(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		h := &hand{w, s, "hand-scr-1", 1}
		dinner := list(house.KindMeal, "m10") // tomorrow's
		row := record.MealID(s.board().Key(dinner).ID)
		anna := record.PersonID(s.board().PersonKey("r01").ID)
		require.Contains(t, s.facts().Meals[row].Auto, anna)
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, dinner, "r01").Outcome)
		synctest.Wait()
		require.NotContains(t, s.facts().Meals[row].Who, anna)
		require.NotContains(t, s.facts().Meals[row].Auto, anna)
		kept := false
		for _, p := range placesOn(w, dinner) {
			kept = kept || p.Person == "r01" && p.State == house.OptedOut
		}
		require.True(t, kept)
		require.Equal(t, wire.Accepted, h.does(wire.OpSignUp, dinner, "r01").Outcome)
		synctest.Wait()
		require.Contains(t, s.facts().Meals[row].Who, anna)
		require.NotContains(t, s.facts().Meals[row].Auto, anna, "now by a touch")
	})
}

func placesOn(w *world, l house.List) (out []house.Place) {
	w.view(func(v store.View) error {
		all, err := v.Places(w.t.Context(), l)
		for _, p := range all {
			out = append(out, p.Place)
		}
		return err
	})
	return out
}

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

// eats signs somebody up for a meal with a dish and returns the result.
func (h *hand) eats(l house.List, who house.ID, dish record.Plate, edit ...func(*wire.Mutation)) wire.Result {
	h.w.t.Helper()
	return h.does(wire.OpSignUp, l, who, append([]func(*wire.Mutation){func(m *wire.Mutation) { m.Text = string(dish) }}, edit...)...)
}

// plateAt returns which dish the house keeps of somebody.
func plateAt(w *world, l house.List, who house.ID) (dish string) {
	for _, p := range placesOn(w, l) {
		if p.Person == who && p.State == house.TakesPart {
			dish = p.Dish
		}
	}
	return dish
}

// Issue 4, item 1: which dish somebody chose at the wall is kept, and can be changed
// there until the deadline; a touch that says nothing of it, as an older screen makes
// them, changes nothing; one that comes again is applied once.
func TestChosenDishIsKept(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h, dinner := w.hand("scr-1"), list(house.KindMeal, "m10") // tomorrow's
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, dinner, "r04").Outcome)
		require.Equal(t, wire.Accepted, h.eats(dinner, "r04", record.PlateAlternative).Outcome)
		require.Equal(t, "alternative", plateAt(w, dinner, "r04"))
		require.Equal(t, wire.Accepted, h.eats(dinner, "r04", "").Outcome, "as an older screen says it")
		require.Equal(t, "alternative", plateAt(w, dinner, "r04"))

		h.next-- // sent again
		require.Equal(t, wire.Accepted, h.eats(dinner, "r04", record.PlateMain).Outcome)
		require.Equal(t, "alternative", plateAt(w, dinner, "r04"), "applied once, whatever it says now")

		require.Equal(t, wire.Accepted, h.eats(dinner, "r04", record.PlateMain).Outcome)
		require.Equal(t, "main", plateAt(w, dinner, "r04"))
		closed(t, wire.ReasonInvalid, h.eats(dinner, "r04", "dessert"))

		// Whom a rule has signed up chooses too, and stays signed up by the rule.
		require.Equal(t, wire.Accepted, h.eats(dinner, "r01", record.PlateAlternative).Outcome)
		for _, p := range placesOn(w, dinner) {
			if p.Person == "r01" {
				require.Equal(t, house.SignUp{Person: "r01", Via: "auto", Dish: "alternative"}, p.SignUp)
			}
		}
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, dinner, "r04").Outcome)
		require.Equal(t, wire.Accepted, h.does(wire.OpSignUp, dinner, "r04").Outcome)
		require.Empty(t, plateAt(w, dinner, "r04"), "a new sign-up is a new choice")
	})
}

// Issue 4, item 1: a dish may be changed as long as one may sign up: by when the
// finger touched.
func TestDishIsChangedUntilTheDeadline(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h, dinner := w.hand("scr-1"), list(house.KindMeal, "m10")
		require.Equal(t, wire.Accepted, h.eats(dinner, "r04", record.PlateAlternative).Outcome)
		var meal house.Meal
		w.view(func(v store.View) (err error) {
			meal, err = store.Get[house.Meal](t.Context(), v, "m10")
			return err
		})
		time.Sleep(time.Until(meal.Deadline.In(copenhagen)) + time.Minute)
		require.Equal(t, wire.Accepted, h.eats(dinner, "r04", record.PlateMain, old(2*time.Minute)).Outcome, "in time, and sent late")
		require.Equal(t, "main", plateAt(w, dinner, "r04"))
		closed(t, wire.ReasonClosed, h.eats(dinner, "r04", record.PlateAlternative))
		require.Equal(t, "main", plateAt(w, dinner, "r04"))
	})
}

// Issue 4, item 1: a dish that is taken off the menu costs nobody their place: whoever
// had chosen it, and whoever chooses it at a screen that does not know yet, eats what
// there is.
func TestDishTakenOffTheMenuCostsNobodyTheirPlace(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h, dinner := w.hand("scr-1"), list(house.KindMeal, "m10")
		require.Equal(t, wire.Accepted, h.eats(dinner, "r04", record.PlateAlternative).Outcome)
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "m10", func(m *house.Meal) { m.Alternative = nil })
		})
		require.Empty(t, plateAt(w, dinner, "r04"))
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, dinner, "r05").Outcome)
		require.Equal(t, wire.Accepted, h.eats(dinner, "r05", record.PlateAlternative).Outcome)
		in, _ := w.who(dinner)
		require.Subset(t, in, []house.ID{"r04", "r05"})
		require.Empty(t, plateAt(w, dinner, "r05"))
	})
}

// V-08, V-09, docs/decisions/0034: a screen is told which dish somebody eats only
// where their private things may be on a wall; of everybody else no byte says it.
func TestDishOnTheBoardIsPrivate(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		one, dinner := w.live("scr-1"), list(house.KindMeal, "m10")
		h := &hand{w, one, "hand-scr-1", 1}
		row := record.MealID(one.board().Key(dinner).ID)
		require.Equal(t, wire.Accepted, h.eats(dinner, "r01", record.PlateMain).Outcome)
		synctest.Wait()
		before := one.all()
		require.Equal(t, wire.Accepted, h.eats(dinner, "r01", record.PlateAlternative).Outcome)
		synctest.Wait()
		require.Equal(t, before, one.all())

		open := record.PersonID(one.board().PersonKey("r10").ID) // private things may be shown
		require.Equal(t, wire.Accepted, h.eats(dinner, "r10", record.PlateAlternative).Outcome)
		synctest.Wait()
		require.Equal(t, []record.PersonID{open}, one.facts().Meals[row].Other)
		require.Equal(t, wire.Accepted, h.tightens("r10", record.ChoicePrivate).Outcome)
		synctest.Wait()
		require.Empty(t, one.facts().Meals[row].Other)
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

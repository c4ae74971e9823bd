package board

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// R-IBG-34: who is signed up for a meal every week by their own wish is marked so;
// they can say no to one day, without network too, and whoever then signs up
// themselves is not marked.
func TestMealSaysWhoIsSignedUpEveryWeek(t *testing.T) {
	dinner := Ref{record.KindMeal, "m9"}
	f := house(func(f *record.Facts) {
		f.Meals = map[record.MealID]record.Meal{"m9": {
			ID: "m9", Kind: record.Dinner, Served: noon.Add(6 * 3600e9), Auto: []record.PersonID{"p1"},
			Participants: record.Participants{Who: []record.PersonID{"p1", "p2"}, Exact: true},
		}}
	})
	meal := func(done ...Done) Crowd {
		m, ok := Project(Input{Facts: f, Now: noon, Fresh: true, Contact: noon, Done: done}).Meal(dinner)
		require.True(t, ok)
		return m.Crowd
	}
	require.True(t, meal().Shown[0].Auto)
	require.False(t, meal().Shown[1].Auto)
	off := Done{On: dinner, Who: "p1", Leave: true}
	_, _, in := meal(off).Has("p1")
	require.False(t, in)
	p, _, _ := meal(off, Done{On: dinner, Who: "p1"}).Has("p1")
	require.False(t, p.Auto)
}

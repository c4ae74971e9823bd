package board

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// V-08: which dish somebody eats is on the board only where they let their private
// things be on a wall: as they said here last, before the hub has answered too. It is
// gone with their lease, and when they take that choice back.
func TestPlateIsOnTheBoardOfWhomItConcerns(t *testing.T) {
	dinner := Ref{record.KindMeal, "m9"}
	f := house(func(f *record.Facts) {
		f.Meals = map[record.MealID]record.Meal{"m9": {
			ID: "m9", Kind: record.Dinner, Served: noon.Add(6 * 3600e9), Alternative: &record.Alternative{}, Other: []record.PersonID{"p1", "p2"},
			Participants: record.Participants{Who: []record.PersonID{"p1", "p2"}, Exact: true},
		}}
		for _, id := range []record.PersonID{"p1", "p2"} {
			p := f.People[id]
			p.SignUp = true
			if id == "p1" {
				p.Open = []record.Choice{record.ChoicePrivate}
			}
			f.People[id] = p
		}
	})
	plate := func(who PersonID, done ...Done) Plate {
		m, ok := Project(Input{Facts: f, Now: noon, Fresh: true, Contact: noon, Done: done}).Meal(dinner)
		require.True(t, ok)
		p, _, _ := m.Has(who)
		return p.Plate
	}
	require.Equal(t, PlateAlternative, plate("p1"))
	require.Equal(t, PlateMain, plate("p1", Done{On: dinner, Who: "p1", Plate: PlateMain}))
	require.Equal(t, PlateMain, plate("p1", Done{On: dinner, Who: "p1", Leave: true}, Done{On: dinner, Who: "p1"}))
	require.Equal(t, PlateAlternative, plate("p1", Done{On: dinner, Who: "p1", Plate: PlateMain, Answered: true, Refused: true}))
	require.Empty(t, plate("p1", Done{Who: "p1", Takes: ChoicePrivate}))
	require.Empty(t, plate("p2"), "though the row says so")
	require.Empty(t, plate("p2", Done{On: dinner, Who: "p2", Plate: PlateAlternative}))
	m, _ := Project(Input{Facts: f, Now: noon, Contact: noon}).Meal(dinner)
	require.Empty(t, m.Shown)
}

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

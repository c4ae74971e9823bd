package manager

import (
	"context"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// Who cooks sees how many eat each dish, of their own departments, and no name: neither
// on the page nor in what the audit says was read.
func TestKitchenSeesHowManyEatEachDish(t *testing.T) {
	w := furnished(t)
	meal := house.Meal{
		ID: "m-count", Department: "dep-maane", Kind: "dinner", Served: house.WallOf(w.now().AddDate(0, 0, 2)),
		Title: record.Text{record.Danish: "Kålpudding"}, Alternative: &house.Dish{Title: record.Text{record.Danish: "Linsegryde"}},
	}
	require.NoError(t, w.hub.Change(t.Context(), store.Actor{Org: org, Kind: store.ByHub, ID: "test"}, func(ctx context.Context, e *hub.Edit) error {
		return e.Put(ctx, &meal)
	}))
	list := house.List{Kind: house.KindMeal, ID: meal.ID}
	require.NoError(t, w.store.Update(t.Context(), store.Actor{Org: org, Kind: store.ByHub, ID: "test", At: w.now()}, func(tx store.Tx) error {
		for i, id := range []house.ID{"r01", "r02", "r03", "r04", "r05"} {
			p := store.Place{Place: house.Place{SignUp: house.SignUp{Person: id, Via: "wall"}, State: house.TakesPart}}
			if i >= 3 {
				p.Dish = "alternative"
			}
			if i == 4 {
				p.State = house.OptedOut
			}
			if err := tx.PutPlace(t.Context(), list, p); err != nil {
				return err
			}
		}
		return nil
	}))
	before := len(w.audit())
	page := w.as(account.Employee, "dep-maane").get(countsPath)
	counts := map[string]string{}
	for _, m := range regexp.MustCompile(`<dt>([^<]*)</dt><dd>(\d+)</dd>`).FindAllStringSubmatch(page.body, -1) {
		if m[1] == "Kålpudding" || m[1] == "Linsegryde" {
			counts[m[1]] = m[2]
		}
	}
	require.Equal(t, map[string]string{"Kålpudding": "3", "Linsegryde": "1"}, counts)
	for _, line := range w.audit()[before:] {
		require.NotContains(t, line, " read ")
	}
	for _, id := range []house.ID{"r01", "r02"} {
		r := stored[house.Resident](w, id)
		require.NotContains(t, page.body, ">"+r.FirstName.Reveal()+"<")
	}
	require.NotContains(t, w.as(account.Employee, "dep-nabo").get(countsPath).body, "Kålpudding")
}

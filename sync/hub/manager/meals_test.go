package manager

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

const (
	mealsNow  = "/meals?department=dep-maane&week=2026-11-30"
	mealsNext = "/meals?department=dep-maane&week=2026-12-07"
)

// mealsOf returns the department's meals from one day until another.
func (w *world) mealsOf(dept house.ID, from, until house.Day) (out []house.Meal) {
	w.t.Helper()
	w.view(func(v viewer) (err error) {
		out, err = store.On[house.Meal](w.t.Context(), v, dept, from, until)
		return err
	})
	return out
}

// The form of a week, sent back as it is, changes nothing and is in no audit.
func TestTheMealsLoseNothing(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get(mealsNow)
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, page.body, "Rugbrød med pålæg")
	before := w.mealsOf("dep-maane", "2026-11-30", "2026-12-06")
	at := len(w.audit())
	require.Equal(t, http.StatusSeeOther, b.post("/meals", filled(t, page.body)...).status)
	require.Equal(t, before, w.mealsOf("dep-maane", "2026-11-30", "2026-12-06"))
	for _, line := range w.audit()[at:] {
		require.NotContains(t, line, "change meal")
	}
}

// A week is written into one form and saved at once: when each is served is known, who
// wants to be signed up is, and a dish there was before has its allergens.
func TestAWeekOfMeals(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get(mealsNext).body
	require.Contains(t, page, "tilmeldes af sig selv")
	form := with(filled(t, page),
		"2026-12-07.lunch.title", "Suppe", "2026-12-07.dinner.title", "rugbrød med pålæg", "2026-12-13.dinner.title", "And", "2026-12-13.dinner.other", "Nøddesteg")
	form = append(form, "2026-12-13.dinner.allergens", "milk", "2026-12-13.dinner.other_allergens", "nuts")
	require.Equal(t, http.StatusSeeOther, b.post("/meals", form...).status)
	made := w.mealsOf("dep-maane", "2026-12-07", "2026-12-13")
	require.Len(t, made, 3)
	at := map[house.Wall]house.Meal{}
	signedUp := 0
	for _, m := range made {
		at[m.Served] = m
		w.view(func(v viewer) error {
			places, err := v.Places(t.Context(), house.List{Kind: house.KindMeal, ID: m.ID})
			for _, p := range places {
				require.Equal(t, "auto", p.Via)
			}
			signedUp += len(places)
			return err
		})
	}
	require.Positive(t, signedUp)
	require.Equal(t, "Suppe", at["2026-12-07T12:00"].Title["da"])
	require.Equal(t, house.Wall("2026-12-07T10:00"), at["2026-12-07T12:00"].Deadline, "two hours before, as it was")
	rye, before := at["2026-12-07T18:00"], stored[house.Meal](w, "m01")
	require.Equal(t, before.Title, rye.Title)
	require.Equal(t, before.Allergens, rye.Allergens)
	require.Equal(t, before.Picture, rye.Picture)
	duck := at["2026-12-13T18:00"]
	require.Equal(t, []string{"milk"}, duck.Allergens)
	require.Equal(t, []string{"nuts"}, duck.Alternative.Allergens)
	require.Equal(t, "Nøddesteg", duck.Alternative.Title["da"])

	t.Log("another dish has neither the picture nor the translation of the old one")
	page = b.get(mealsNow).body
	require.Equal(t, http.StatusSeeOther, b.post("/meals", with(filled(t, page), "m01.title", "Fiskesuppe")...).status)
	m := stored[house.Meal](w, "m01")
	require.Len(t, m.Title, 1)
	require.Empty(t, m.Picture)
	require.Equal(t, before.Allergens, m.Allergens, "those are in the form, for everybody to see")
}

// What does not fit is said beside the meal, and all that was typed is still there;
// nothing is kept until all of it can be.
func TestTheMealsKeepWhatWasTyped(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	form := filled(t, b.get(mealsNow).body)
	for _, wrong := range []struct{ key, value, says string }{
		{"m01.title", "", "Skriv en ret."},
		{"m01.at", "", "Skriv, hvornår der spises."},
		{"m01.deadline", "2026-11-30T23:00", "Tilmeldingen skal slutte, før der spises."},
		{"m01.deadline", "soon", "Tilmeldingen skal slutte, før der spises."},
		{"m01.title", strings.Repeat("å", 101), "Der er plads til 200 tegn."},
	} {
		got := b.post("/meals", with(form, wrong.key, wrong.value, "m02.title", "Noget nyt")...)
		require.Equal(t, http.StatusUnprocessableEntity, got.status, wrong.key)
		require.Contains(t, got.body, wrong.says)
		require.Contains(t, got.body, `value="Noget nyt"`)
		require.NotEqual(t, "Noget nyt", stored[house.Meal](w, "m02").Title["da"])
	}
	got := b.post("/meals", append(form, "m01.other_allergens", "nuts")...)
	require.Contains(t, got.body, "Skriv den anden ret, eller fjern dens allergener.")
	require.Equal(t, http.StatusForbidden, w.as(account.Employee, "dep-trold").post("/meals", with(form, "m01.title", "Kage")...).status)
	require.Equal(t, http.StatusForbidden, w.as(account.Employee, "dep-trold").get(mealsNow).status)
}

// Two people at the same week: different meals are both kept; of the same, the later is
// told what the other wrote, keeps what they typed, and may save again.
func TestTwoCooks(t *testing.T) {
	w := furnished(t)
	one, two := w.as(account.Employee, "dep-maane"), w.as(account.Superuser)
	first, second := filled(t, one.get(mealsNext).body), filled(t, two.get(mealsNext).body)
	require.Equal(t, http.StatusSeeOther, one.post("/meals", with(first, "2026-12-08.dinner.title", "Sild")...).status)
	require.Equal(t, http.StatusSeeOther, two.post("/meals", with(second, "2026-12-09.dinner.title", "Torsk")...).status)
	require.Len(t, w.mealsOf("dep-maane", "2026-12-07", "2026-12-13"), 2)

	got := two.post("/meals", with(second, "2026-12-08.dinner.title", "Laks", "2026-12-10.dinner.title", "Ørred")...)
	require.Equal(t, http.StatusConflict, got.status)
	require.Contains(t, got.body, "En anden har imens skrevet: Sild")
	require.Contains(t, got.body, `value="Laks"`)
	require.Contains(t, got.body, `value="Ørred"`)
	require.Len(t, w.mealsOf("dep-maane", "2026-12-07", "2026-12-13"), 2, "nothing is kept yet")
	require.Equal(t, http.StatusSeeOther, two.post("/meals", filled(t, got.body)...).status)
	var titles []string
	for _, m := range w.mealsOf("dep-maane", "2026-12-07", "2026-12-13") {
		titles = append(titles, m.Title["da"])
	}
	require.ElementsMatch(t, []string{"Laks", "Torsk", "Ørred"}, titles)

	form := filled(t, one.get(mealsNow).body)
	require.Equal(t, http.StatusSeeOther, two.post("/meals", with(form, "m01.title", "Suppe")...).status)
	got = one.post("/meals", with(form, "m01.title", "Salat")...)
	require.Equal(t, http.StatusConflict, got.status)
	require.Equal(t, "Suppe", stored[house.Meal](w, "m01").Title["da"])
	require.Equal(t, http.StatusSeeOther, one.post("/meals", filled(t, got.body)...).status)
	require.Equal(t, "Salat", stored[house.Meal](w, "m01").Title["da"])
}

package manager

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

var takes = regexp.MustCompile(`name="take" value="([^"]*)"`)

// copying returns what a browser would send of the page that copies a week.
func copying(page, week, from string) (pairs []string) {
	pairs = []string{"department", "dep-maane", "week", week, "from", from}
	for _, m := range takes.FindAllStringSubmatch(page, -1) {
		pairs = append(pairs, "take", m[1])
	}
	return pairs
}

// A week is copied: first it is said what would be made, then it is made, as it was,
// without whoever signed up; and done twice, nothing is there twice.
func TestCopyingAWeek(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get("/activities/copy?department=dep-maane&week=2026-12-07")
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, page.body, "10 bliver lavet.")
	require.Contains(t, page.body, "Banko")
	require.Empty(t, w.activities("dep-maane", "2026-12-07", "2026-12-13"), "it is only said so far")

	form := copying(page.body, "2026-12-07", "2026-11-30")
	require.Equal(t, http.StatusUnprocessableEntity, b.post("/activities/copy", form[:6]...).status, "nothing is ticked")
	require.Equal(t, http.StatusSeeOther, b.post("/activities/copy", form[:len(form)-2]...).status, "all but one")
	made := w.activities("dep-maane", "2026-12-07", "2026-12-13")
	require.Len(t, made, 9)
	was := w.activities("dep-maane", "2026-11-30", "2026-12-06")
	for _, a := range made {
		require.Empty(t, a.SignUps)
		w.view(func(v viewer) error {
			places, err := v.Places(t.Context(), house.List{Kind: house.KindActivity, ID: a.ID})
			require.Empty(t, places)
			return err
		})
	}
	require.Equal(t, was[0].Starts.Add(7), made[0].Starts)
	require.Equal(t, was[0].Title, made[0].Title)

	page = b.get("/activities/copy?department=dep-maane&week=2026-12-07")
	require.Contains(t, page.body, "1 bliver lavet.")
	require.Contains(t, page.body, "9 er der i forvejen.")
	for range 2 {
		require.Equal(t, http.StatusSeeOther, b.post("/activities/copy", form...).status)
		require.Len(t, w.activities("dep-maane", "2026-12-07", "2026-12-13"), 10)
	}
	require.Contains(t, b.get("/activities/copy?department=dep-maane&week=2026-12-21").body, "Der er ikke noget i den uge.")
	require.Equal(t, http.StatusForbidden, w.as(account.Employee, "dep-trold").post("/activities/copy", form...).status)
}

// Two who copy the same week at the same moment make it once.
func TestTwoCopyTheSameWeek(t *testing.T) {
	w := furnished(t)
	one, two := w.as(account.Employee, "dep-maane"), w.as(account.Superuser)
	form := copying(one.get("/activities/copy?department=dep-maane&week=2026-12-07").body, "2026-12-07", "2026-11-30")
	var both sync.WaitGroup
	for _, b := range []*browser{one, two} {
		both.Go(func() { _ = b.post("/activities/copy", form...) })
	}
	both.Wait()
	require.Len(t, w.activities("dep-maane", "2026-12-07", "2026-12-13"), 10)
}

// Over the night when clocks go back, a copied week is at the same times by the clock on
// the wall; what that clock never says is left out, and said.
func TestCopyingOverTheChangeOfClocks(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	make := func(title, at string) {
		form := filled(t, b.get("/activities?department=dep-maane&week="+at[:10]+"&new="+at).body)
		require.Equal(t, http.StatusSeeOther, b.post("/activities/new", with(form, "title.da", title)...).status)
	}
	make("Morgenkaffe", "2027-10-25T09:00")
	make("Natmad", "2027-10-31T02:30") // said twice that night, and not wrong
	page := b.get("/activities/copy?department=dep-maane&week=2027-11-01").body
	require.Equal(t, http.StatusSeeOther, b.post("/activities/copy", copying(page, "2027-11-01", "2027-10-25")...).status)
	got := w.activities("dep-maane", "2027-11-01", "2027-11-07")
	require.Len(t, got, 2)
	require.Equal(t, house.Wall("2027-11-01T09:00"), got[0].Starts)
	require.Equal(t, house.Wall("2027-11-07T02:30"), got[1].Starts)

	make("Natmad", "2027-03-21T02:30")
	page = b.get("/activities/copy?department=dep-maane&week=2027-03-22").body
	require.Contains(t, page, "0 bliver lavet.")
	require.Contains(t, page, "Timen springes over den dag")
}

// Meals and shifts are copied the same way: the dishes with what they are made of, and
// whoever wants to be signed up is.
func TestCopyingMealsAndShifts(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get("/meals/copy?department=dep-maane&week=2026-12-07").body
	require.Contains(t, page, "14 bliver lavet.")
	require.Equal(t, http.StatusSeeOther, b.post("/meals/copy", copying(page, "2026-12-07", "2026-11-30")...).status)
	was, made := w.mealsOf("dep-maane", "2026-11-30", "2026-12-06"), w.mealsOf("dep-maane", "2026-12-07", "2026-12-13")
	require.Len(t, made, len(was))
	for i := range made {
		require.Equal(t, was[i].Allergens, made[i].Allergens)
		require.Equal(t, was[i].Served.Add(7), made[i].Served)
		require.Equal(t, was[i].Picture, made[i].Picture)
	}
	require.Contains(t, b.get("/meals/copy?department=dep-maane&week=2026-12-07").body, "14 er der i forvejen.")

	page = b.get("/roster/copy?department=dep-maane&week=2026-12-07").body
	n := len(takes.FindAllString(page, -1))
	require.Equal(t, 37, n)
	require.Equal(t, http.StatusSeeOther, b.post("/roster/copy", copying(page, "2026-12-07", "2026-11-30")...).status)
	require.Len(t, w.shiftsOf("dep-maane", "2026-12-08", "2026-12-12"), len(w.shiftsOf("dep-maane", "2026-12-01", "2026-12-05")))
	require.Equal(t, http.StatusSeeOther, b.post("/roster/copy", copying(page, "2026-12-07", "2026-11-30")...).status)
	require.Zero(t, strings.Count(b.get("/roster/copy?department=dep-maane&week=2026-12-07").body, `name="take"`))
}

package manager

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// places returns who is on a list, each with how they came and how they stand.
func (w *world) places(k house.Kind, id house.ID) (out []string) {
	w.t.Helper()
	w.view(func(v viewer) error {
		out = nil
		all, err := v.Places(w.t.Context(), house.List{Kind: k, ID: id})
		for _, p := range all {
			out = append(out, strings.Join([]string{string(p.Person), p.Via, string(p.State)}, " "))
		}
		return err
	})
	return out
}

// emptied returns an activity of the demo house's department without anybody on its list.
func (w *world) emptied(capacity int) house.ID {
	w.t.Helper()
	w.change(func(ctx context.Context, e *hub.Edit) error {
		return e.Put(ctx, &house.Activity{ID: "a-new", Department: "dep-maane", Title: record.Text{"da": "Bål"}, Starts: "2026-12-05T17:00", Ends: "2026-12-05T19:00", Capacity: capacity})
	})
	return "a-new"
}

// Staff sign people up and off; a full list has a waiting list, whose first moves up by
// itself. Two people who do so at once lose nothing of each other.
func TestStaffSignPeopleUp(t *testing.T) {
	w := furnished(t)
	id := w.emptied(1)
	b, c := w.as(account.Employee, "dep-maane"), w.as(account.Superuser)
	path := "/signups/activity/" + string(id)
	page := b.get(path)
	require.Equal(t, http.StatusOK, page.status, page.body)
	require.Contains(t, page.body, "Ingen er tilmeldt endnu.")
	require.Contains(t, page.body, "Tilmeldte: 0 af 1")
	require.Equal(t, path+"?done=signed_up", b.post(path+"/add", "person", "r01").to)
	require.Equal(t, path+"?done=waits", c.post(path+"/add", "person", "r02").to)
	require.Equal(t, http.StatusUnprocessableEntity, b.post(path+"/add", "person", "").status)
	require.Equal(t, []string{"r01 manager in", "r02 manager wait"}, w.places(house.KindActivity, id))
	said := b.get(path).body
	require.Contains(t, said, "Anna Holm")
	require.Contains(t, said, "af personalet")
	require.Contains(t, said, "På venteliste: 1")
	require.Equal(t, path+"?done=signed_off", b.post(path+"/drop", "person", "r01").to)
	require.Equal(t, []string{"r02 manager in"}, w.places(house.KindActivity, id))
	require.Contains(t, w.audit(), "staff sign up activity "+string(id))
	require.Contains(t, w.audit(), "staff sign off activity "+string(id))

	w.pass(72 * 60 * 60 * 1e9)
	b = w.as(account.Employee, "dep-maane")
	require.Contains(t, b.get(path).body, "Lukket for tilmelding på skærmen")
	require.Equal(t, path+"?done=waits", b.post(path+"/add", "person", "r03").to, "staff may, after the deadline too")
}

// R-IBG-34: the page of a meal says who is on its list by a rule; whoever is taken off it
// is not signed up again by one; and whom the rules are about.
func TestMealSaysWhoCameByARule(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	w.change(func(ctx context.Context, e *hub.Edit) error {
		err := hub.Alter(ctx, e, "r01", func(r *house.Resident) { r.Choices.AutoMeals = []house.AutoMeal{"dinner:fri"} })
		if err != nil {
			return err
		}
		return e.Put(ctx, &house.Meal{ID: "m-new", Department: "dep-maane", Kind: "dinner", Served: "2027-01-08T18:00", Title: record.Text{"da": "Suppe"}, Alternative: &house.Dish{Title: record.Text{"da": "Linsegryde"}}})
	})
	path := "/signups/meal/m-new"
	said := b.get(path).body
	require.Contains(t, said, "af sig selv, efter en regel")
	require.Contains(t, said, `<a href="/people/r01">Anna Holm</a>`)
	require.Equal(t, http.StatusSeeOther, b.post(path+"/add", "person", "r02", "dish", "alternative").status)
	require.Contains(t, b.get(path).body, "spiser den anden ret")
	require.Equal(t, http.StatusSeeOther, b.post(path+"/drop", "person", "r01").status)
	require.Contains(t, w.places(house.KindMeal, "m-new"), "r01 manager out")
	require.Contains(t, b.get(path).body, "De tilmeldes ikke igen af sig selv.")
	// What another changes of the meal meanwhile does not touch its list.
	form := filled(t, b.get("/records/meal/m-new/edit").body)
	require.Equal(t, http.StatusSeeOther, b.post(path+"/add", "person", "r03").status)
	require.Equal(t, http.StatusSeeOther, b.post("/records/meal/m-new/edit", with(form, "title.da", "Grødsuppe")...).status)
	require.Contains(t, w.places(house.KindMeal, "m-new"), "r03 manager in")
}

// R-ACT-11: a list on paper is asked for, and the audit says by whom, and whether for
// somebody outside the house.
func TestListOnPaperIsInTheAudit(t *testing.T) {
	w := furnished(t)
	id := w.emptied(0)
	b := w.as(account.Employee, "dep-maane")
	path := "/signups/activity/" + string(id)
	require.Equal(t, http.StatusSeeOther, b.post(path+"/add", "person", "r01").status)
	got := b.post(path+"/print", "for", "inside")
	require.Equal(t, http.StatusOK, got.status)
	require.Contains(t, got.body, "Anna Holm")
	require.Contains(t, got.body, "Lavet af")
	require.Contains(t, w.audit(), "staff print list activity "+string(id))
	require.NotContains(t, w.audit(), "staff share list activity "+string(id))
	require.Contains(t, b.post(path+"/print", "for", "outside").body, "Nogen uden for huset")
	require.Contains(t, w.audit(), "staff share list activity "+string(id))
}

// Whoever looks after another department sees nobody's sign-ups and changes none; nobody
// is signed up for what is not shared with their department.
func TestSignUpsOfOthersAreNobodys(t *testing.T) {
	w := furnished(t)
	id := w.emptied(0)
	path := "/signups/activity/" + string(id)
	other := w.as(account.Employee, "dep-nabo")
	for _, got := range []answer{other.get(path), other.post(path+"/add", "person", "r01"), other.post(path+"/drop", "person", "r01"), other.post(path + "/print")} {
		require.Equal(t, http.StatusForbidden, got.status)
		require.NotContains(t, got.body, "Anna")
	}
	require.Equal(t, http.StatusForbidden, w.as(account.Superuser).post(path+"/add", "person", "k1").status, "of another department")
	require.Empty(t, w.places(house.KindActivity, id))
}

// The panel of an activity says who comes and which screens show it (mockup 20).
func TestPanelSaysWhoComesAndWhere(t *testing.T) {
	w := furnished(t)
	id := w.emptied(4)
	b := w.as(account.Employee, "dep-maane")
	require.Equal(t, http.StatusSeeOther, b.post("/signups/activity/"+string(id)+"/add", "person", "r01").status)
	page := b.get("/activities?week=2026-11-30&open=" + string(id)).body
	require.Contains(t, page, `<li class="tag">Anna Holm</li>`)
	require.Contains(t, page, "Tilmeldte: 1 af 4")
	require.Contains(t, page, "Gangen ved hoveddøren")
	require.Contains(t, page, `href="/signups/activity/`+string(id)+`"`)
}

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

const rosterNow = "/roster?department=dep-maane&week=2026-11-30"

// shiftsOf returns the department's shifts from one day until another.
func (w *world) shiftsOf(dept house.ID, from, until house.Day) (out []house.Shift) {
	w.t.Helper()
	w.view(func(v viewer) (err error) {
		out, err = store.On[house.Shift](w.t.Context(), v, dept, from, until)
		return err
	})
	return out
}

// The table has everybody who works there; a shift is chosen, changed, and taken away
// once it is said which; sent back as it is, it changes nothing.
func TestTheRoster(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get(rosterNow)
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, page.body, "Ledige vagter")
	before := w.shiftsOf("dep-maane", "2026-11-29", "2026-12-07")
	form := filled(t, page.body)
	require.Equal(t, http.StatusSeeOther, b.post("/roster", form...).status)
	require.Equal(t, before, w.shiftsOf("dep-maane", "2026-11-29", "2026-12-07"))

	t.Log("an open one and somebody's, of which the night ends on the next day")
	var free string // somebody without a shift on Sunday
	for i := 0; i < len(form); i += 2 {
		if strings.HasSuffix(form[i], "/2026-12-06") && !strings.HasPrefix(form[i], nobody) {
			free = form[i]
		}
	}
	require.NotEmpty(t, free)
	got := b.post("/roster", with(form, free, "night", "-/2026-12-05", "day", "v01", "evening")...)
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	require.Len(t, w.shiftsOf("dep-maane", "2026-11-29", "2026-12-07"), len(before)+2)
	require.Equal(t, house.Wall("2026-11-30T22:45"), stored[house.Shift](w, "v01").To)
	who, _, _ := strings.Cut(free, "/")
	for _, s := range w.shiftsOf("dep-maane", "2026-12-06", "2026-12-06") {
		if string(s.Person) == who {
			require.Equal(t, house.Wall("2026-12-07T07:15"), s.To)
		}
	}

	t.Log("what is taken away is asked about")
	form = with(filled(t, b.get(rosterNow).body), "v01", "")
	got = b.post("/roster", form...)
	require.Equal(t, http.StatusOK, got.status)
	require.Contains(t, got.body, "Disse vagter bliver taget væk")
	require.Equal(t, "evening", stored[house.Shift](w, "v01").Type)
	require.Equal(t, http.StatusSeeOther, b.post("/roster", append(filled(t, got.body), "sure", "yes")...).status)
	require.Equal(t, http.StatusNotFound, b.get("/records/shift/v01").status)
	require.Contains(t, strings.Join(w.audit(), "\n"), "staff delete shift v01")
}

// Two planners: different fields are both kept; of the same, the later is told.
func TestTwoAtTheRoster(t *testing.T) {
	w := furnished(t)
	one, two := w.as(account.Employee, "dep-maane"), w.as(account.Superuser)
	form := filled(t, one.get(rosterNow).body)
	require.Equal(t, http.StatusSeeOther, one.post("/roster", with(form, "v01", "evening")...).status)
	require.Equal(t, http.StatusSeeOther, two.post("/roster", with(form, "v03", "day")...).status)
	got := two.post("/roster", with(form, "v01", "night", "v07", "evening")...)
	require.Equal(t, http.StatusConflict, got.status)
	require.Contains(t, got.body, "Nu: ")
	require.Equal(t, "evening", stored[house.Shift](w, "v01").Type)
	require.Equal(t, "day", stored[house.Shift](w, "v07").Type)
	require.Equal(t, http.StatusSeeOther, two.post("/roster", filled(t, got.body)...).status, "whoever has seen it may")
	require.Equal(t, "night", stored[house.Shift](w, "v01").Type)
	require.Equal(t, "evening", stored[house.Shift](w, "v07").Type)
	require.Equal(t, "day", stored[house.Shift](w, "v03").Type)
}

// R-IBG-12: nobody plans the shifts of a department that is not theirs, or of somebody
// who does not work there.
func TestTheRosterIsTheDepartments(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-trold")
	require.Equal(t, http.StatusForbidden, b.get(rosterNow).status)
	at := len(w.shiftsOf("dep-trold", "2026-11-30", "2026-12-06"))
	elsewhere := "s01"
	require.NotContains(t, b.get("/roster").body, `value="s01/`)
	got := b.post("/roster", "department", "dep-trold", "week", "2026-11-30", "cell", elsewhere+"/2026-12-03", elsewhere+"/2026-12-03", "day")
	require.Equal(t, http.StatusForbidden, got.status)
	require.Len(t, w.shiftsOf("dep-trold", "2026-11-30", "2026-12-06"), at)
	require.Equal(t, http.StatusUnprocessableEntity, w.as(account.Superuser).post("/roster", "department", "dep-maane", "week", "2026-11-30", "cell", "v01", "v01", "no-such").status)
}

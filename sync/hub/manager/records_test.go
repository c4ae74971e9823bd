package manager

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

var (
	fieldsIn = regexp.MustCompile(`<(input|textarea|select)([^>]*)>`)
	attrs    = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
	chosenIn = regexp.MustCompile(`<option value="([^"]*)"[^>]* selected`)
)

// filled returns what a browser would send of the form on a page, as pairs.
func filled(t testing.TB, page string) (pairs []string) {
	t.Helper()
	form := page[strings.Index(page, `<form class="card fields"`):]
	form = form[:strings.Index(form, "</form>")]
	for _, at := range fieldsIn.FindAllStringSubmatchIndex(form, -1) {
		a := map[string]string{}
		for _, m := range attrs.FindAllStringSubmatch(form[at[4]:at[5]], -1) {
			a[m[1]] = unescape.Replace(m[2])
		}
		_, checked := a["checked"]
		switch tag := form[at[2]:at[3]]; {
		case a["name"] == "" || a["type"] == "file" || (a["type"] == "checkbox" || a["type"] == "radio") && !checked:
		case tag == "textarea":
			rest := form[at[1]:]
			pairs = append(pairs, a["name"], unescape.Replace(rest[:strings.Index(rest, "</textarea>")]))
		case tag == "select":
			rest := form[at[1]:]
			value := ""
			if m := chosenIn.FindStringSubmatch(rest[:strings.Index(rest, "</select>")]); m != nil {
				value = m[1]
			}
			pairs = append(pairs, a["name"], value)
		default:
			pairs = append(pairs, a["name"], a["value"])
		}
	}
	return pairs
}

var unescape = strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&#43;", "+", "&amp;", "&")

// with returns pairs with other values for some keys.
func with(pairs []string, other ...string) (out []string) {
	for i := 0; i < len(pairs); i += 2 {
		value := pairs[i+1]
		for j := 0; j < len(other); j += 2 {
			if other[j] == pairs[i] {
				value = other[j+1]
			}
		}
		out = append(out, pairs[i], value)
	}
	return out
}

// R-IBG-23: the form of every kind of record says all of it: sent back as it is, it
// changes nothing.
func TestFormsLoseNothing(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	for _, e := range entities {
		if e.Book {
			continue // it is not changed
		}
		id := house.ID(examples[e.Kind])
		was := string(house.Encode(w.of(e.Kind, id)))
		page := b.get(e.at(id) + "/edit")
		require.Equal(t, http.StatusOK, page.status, e.Kind)
		got := b.post(e.at(id)+"/edit", filled(t, page.body)...)
		if got.status != http.StatusSeeOther {
			for _, m := range regexp.MustCompile(`id="w-[^<]*<svg.*?</svg>[^<]*|class="problem".*?</p>`).FindAllString(got.body, -1) {
				t.Log(m)
			}
		}
		require.Equal(t, http.StatusSeeOther, got.status, e.Kind)
		require.Equal(t, was, string(house.Encode(w.of(e.Kind, id))), e.Kind)
	}
}

// of returns a record of the house.
func (w *world) of(k house.Kind, id house.ID) (r house.Record) {
	w.t.Helper()
	w.view(func(v viewer) (err error) {
		r, err = v.Get(w.t.Context(), k, id)
		return err
	})
	return r
}

// An activity is made, seen, changed and deleted; what is wrong is said beside it, and
// what was typed is still there.
func TestAnActivityFromFirstToLast(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get("/records/activity/new")
	require.Equal(t, http.StatusOK, page.status)
	form := with(filled(t, page.body), "title.da", "Gåtur", "starts", "2026-12-04T10:00", "capacity", "12000")
	got := b.post("/records/activity/new", form...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Skriv et tal fra 0 til 10000.")
	require.Contains(t, got.body, "Udfyld feltet.", "the end is missing")
	require.Contains(t, got.body, `value="Gåtur"`)

	got = b.post("/records/activity/new", with(form, "ends", "2026-12-04T09:00", "capacity", "8")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Det slutter, før det begynder.")

	form = with(form, "ends", "2026-12-04T11:00", "capacity", "8")
	got = b.post("/records/activity/new", form...)
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	path := strings.TrimSuffix(got.to, "?done=saved")
	id := house.ID(strings.TrimPrefix(path, "/records/activity/"))
	require.Equal(t, "Gåtur", stored[house.Activity](w, id).Title["da"])
	require.Equal(t, 8, stored[house.Activity](w, id).Capacity)
	require.Contains(t, b.get(path).body, "Gåtur")
	require.Contains(t, b.get("/records/activity").body, "Gåtur")

	form = filled(t, b.get(path+"/edit").body)
	require.Equal(t, http.StatusSeeOther, b.post(path+"/edit", with(form, "title.da", "Lang gåtur")...).status)
	got = b.post(path+"/edit", with(form, "title.da", "Kort gåtur")...)
	require.Equal(t, http.StatusConflict, got.status, "somebody else was faster")
	require.Contains(t, got.body, "Kort gåtur")
	require.Equal(t, "Lang gåtur", stored[house.Activity](w, id).Title["da"])

	require.Equal(t, http.StatusOK, b.get(path+"/delete").status)
	require.Equal(t, http.StatusSeeOther, b.post(path+"/delete").status)
	require.Equal(t, http.StatusNotFound, b.get(path).status)
	audit := strings.Join(w.audit(), "\n")
	for _, line := range []string{"staff create activity " + string(id), "staff change activity " + string(id), "staff delete activity " + string(id)} {
		require.Contains(t, audit, line)
	}
}

// Rows of a list are added and taken away without a script.
func TestItemsAreAddedAndDropped(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	form := filled(t, b.get("/records/meeting/mt1/edit").body)
	was := len(stored[house.Meeting](w, "mt1").Agenda)
	got := b.post("/records/meeting/mt1/edit", append(form, "add", "agenda")...)
	require.Equal(t, http.StatusOK, got.status)
	form = filled(t, got.body)
	last := "agenda." + string(rune('0'+was))
	form = with(form, last+".no", "9", last+".title.da", "Nyt punkt")
	require.Equal(t, http.StatusSeeOther, b.post("/records/meeting/mt1/edit", form...).status)
	require.Len(t, stored[house.Meeting](w, "mt1").Agenda, was+1)
	require.Equal(t, "Nyt punkt", stored[house.Meeting](w, "mt1").Agenda[was].Title["da"])
	form = filled(t, b.get("/records/meeting/mt1/edit").body)
	form = filled(t, b.post("/records/meeting/mt1/edit", append(form, "drop", last)...).body)
	require.Equal(t, http.StatusSeeOther, b.post("/records/meeting/mt1/edit", form...).status)
	require.Len(t, stored[house.Meeting](w, "mt1").Agenda, was)
}

// R-IBG-12: whoever works in one department neither sees nor changes another's.
func TestDepartmentsAreApart(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-trold")
	require.Equal(t, http.StatusForbidden, b.get("/records/activity/a01").status)
	require.Equal(t, http.StatusForbidden, b.get("/records/resident/r01").status)
	require.Equal(t, http.StatusForbidden, b.post("/records/activity/a01/delete").status)
	require.NotContains(t, b.get("/records/resident").body, "/records/resident/r01")
	require.NotContains(t, b.get("/records/booking/new").body, `value="r01"`)
	form := with(filled(t, b.get("/records/activity/new").body), "title.da", "Tur", "starts", "2026-12-04T10:00", "ends", "2026-12-04T11:00", "department", "dep-maane")
	require.Equal(t, http.StatusUnprocessableEntity, b.post("/records/activity/new", form...).status, "it is not among what can be chosen")
	require.Equal(t, http.StatusOK, w.as(account.Superuser).get("/records/activity/a01").status)
}

// Deleting says what goes with it, and does that: bookings of what is booked.
func TestDeletingSaysWhatGoesWithIt(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	require.Contains(t, b.get("/records/resource/b1/delete").body, "/records/booking/k1")
	require.Equal(t, http.StatusSeeOther, b.post("/records/resource/b1/delete").status)
	require.Equal(t, http.StatusNotFound, b.get("/records/booking/k1").status)

	_, page, stops := strings.Cut(b.get("/records/department/dep-maane/delete").body, "Det kan ikke slettes")
	require.True(t, stops)
	require.Contains(t, page, "Og der er flere.", "a house is not listed whole")
	require.Equal(t, mostNamed, strings.Count(page, "<li>"))
	require.Equal(t, http.StatusOK, b.post("/records/department/dep-maane/delete").status)
	require.Equal(t, http.StatusOK, b.get("/records/department/dep-maane").status, "people live there")

	w.pass(account.ProofLife)
	// Somebody is erased, and only by who has just proved who they are.
	require.Equal(t, "/proof?then=/records/resident/r01/delete", b.get("/records/resident/r01/delete").to)
	require.Equal(t, http.StatusForbidden, b.post("/records/resident/r01/delete").status)
	b.proved()
	require.Contains(t, b.get("/records/resident/r01/delete").body, "Personen slettes alle steder")
	require.Equal(t, http.StatusSeeOther, b.post("/records/resident/r01/delete").status)
	require.Equal(t, http.StatusNotFound, b.get("/records/resident/r01").status)
}

// R-ACT-16: what staff look for is not in any address.
func TestWhatIsSoughtIsNotInTheAddress(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	name := stored[house.Resident](w, "r01").FirstName.Reveal()
	got := b.post("/records/resident", "sought", name)
	require.Contains(t, got.body, "/records/resident/r01")
	require.NotContains(t, got.body, "/records/resident/r03\"")
	require.NotContains(t, w.log.String(), name)
}

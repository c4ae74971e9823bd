package manager

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

// R-DPA-05, R-ACT-15: the queue says who asks for what and how many days are left; an
// answer needs words, is kept with whoever gave it and when, and happens once; more time
// needs a reason, and there is none after 90 days in all.
func TestRequestsAreAnsweredInTime(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	r := stored[house.Request](w, "req-1")
	who := stored[house.Resident](w, r.Person)
	page := b.get("/requests")
	require.Contains(t, page.body, who.FirstName.Reveal())
	require.Contains(t, page.body, "dage tilbage")
	require.NotContains(t, w.as(account.Employee, "dep-nabo").get("/requests").body, who.FirstName.Reveal())
	require.Equal(t, http.StatusForbidden, w.as(account.Auditor).get("/requests").status)
	b = w.as(account.Employee, "dep-maane")

	at := "/requests/req-1"
	require.Equal(t, http.StatusUnprocessableEntity, b.post(at+"/extend", "until", string(r.Due.Add(61)), "note", "Mange billeder").status)
	got := b.post(at+"/extend", "until", string(r.Due.Add(20)), "note", "")
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Equal(t, http.StatusSeeOther, b.post(at+"/extend", "until", string(r.Due.Add(20)), "note", "Mange billeder").status)
	now := stored[house.Request](w, "req-1")
	require.Equal(t, r.Due.Add(20), now.Due)
	require.Equal(t, "Mange billeder", now.Extended)

	got = b.post(at+"/answer", "state", "answered", "note", "")
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Skriv, hvad der blev gjort.")
	require.Contains(t, b.post(at+"/answer", "note", "Kopien er givet").body, "Kopien er givet", "what was typed stays")
	require.Equal(t, http.StatusSeeOther, b.post(at+"/answer", "state", "answered", "note", "Kopien er givet").status)
	now = stored[house.Request](w, "req-1")
	require.Equal(t, house.RequestAnswered, now.State)
	require.Equal(t, house.DayOf(w.now()), now.Answered)
	require.Equal(t, http.StatusConflict, b.post(at+"/answer", "state", "refused", "note", "Nej").status, "somebody else was first")
	require.Equal(t, now, stored[house.Request](w, "req-1"))
}

// R-DPA-05, R-DPA-30, R-ACT-16: whoever may gets the copy of who asked, and no other's;
// what it is called says nothing, and the audit has it.
func TestCopyOfWhatIsKept(t *testing.T) {
	w := furnished(t)
	require.Equal(t, http.StatusForbidden, w.as(account.Employee, "dep-maane").get("/requests/req-1/copy").status)
	b := w.as(account.Superuser)
	require.Equal(t, http.StatusOK, b.get("/requests/req-1/copy").status)
	who := stored[house.Resident](w, stored[house.Request](w, "req-1").Person)
	other := stored[house.Resident](w, "r01")
	for form, name := range map[string]string{"da": "copy.html", "json": "copy.json"} {
		got := b.post("/requests/req-1/copy", "form", form)
		require.Equal(t, http.StatusOK, got.status)
		require.Equal(t, `attachment; filename="`+name+`"`, got.header.Get("Content-Disposition"))
		require.Contains(t, got.body, who.LastName.Reveal())
		require.NotContains(t, got.body, other.LastName.Reveal())
	}
	require.Contains(t, w.audit(), "staff export resident "+string(who.ID))
}

// R-DPA-19, R-STA-04: an auditor sees what was done, narrowed as they like, page by page
// and without a name, and that no line was changed.
func TestAuditIsReadAndChecked(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Auditor)
	page := b.get("/audit?by=import&action=create&check=1")
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, page.body, "følger efter hinanden")
	require.Contains(t, page.body, "<td>Oprettet</td>")
	require.Contains(t, page.body, "Side 1 af ")
	require.Contains(t, page.body, "page=2")
	require.NotEqual(t, page.body, b.get("/audit?by=import&action=create&page=2").body)
	require.NotContains(t, b.get("/audit?by=staff").body, "<td>Oprettet</td>")
	require.Contains(t, b.get("/audit?from=2000-01-01&until=2000-01-02").body, "Ingen linjer passer.")
	require.Equal(t, http.StatusOK, b.get("/audit?page=99999&by=x&from=x&action=x").status)
	for _, id := range []house.ID{"r01", "r02", "r03"} {
		r := stored[house.Resident](w, id)
		require.NotContains(t, page.body, r.LastName.Reveal())
	}
	require.Equal(t, http.StatusForbidden, w.as(account.Employee, "dep-maane").get("/audit").status)
}

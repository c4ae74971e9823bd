package manager

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

// reports has somebody report a breach, known as the clock of the house said, and returns
// how it is kept.
func (b *browser) reports(known house.Wall, more ...string) house.Entry {
	b.t.Helper()
	form := with(filled(b.t, b.get("/report").body), "incident.facts", "Et billede hang forkert", "incident.known", string(known))
	got := b.post("/report", append(form, more...)...)
	require.Equal(b.t, http.StatusSeeOther, got.status, got.body)
	all := b.entries()
	return all[len(all)-1]
}

// entries returns every entry of the registers.
func (w *world) entries() (out []house.Entry) {
	w.t.Helper()
	for _, r := range w.all(house.KindEntry) {
		out = append(out, *r.(*house.Entry))
	}
	return out
}

// R-DPA-35: everybody who logs in can report an incident from the start page, and says
// no more than they know. Who may not read the register does not see what others
// reported, and nothing of what was written is in the log.
func TestEverybodyReportsAnIncident(t *testing.T) {
	w := furnished(t)
	for _, role := range account.Roles() {
		b := w.as(role, "dep-maane")
		require.Contains(t, b.get("/").body, `href="/report"`, role)
		e := b.reports("2026-12-03T09:50")
		require.Equal(t, "Et billede hang forkert", e.Incident.Facts)
		require.Equal(t, "breach", e.Incident.Kind)
		require.Empty(t, e.Replaces)
		if !role.May(account.Registers) {
			require.Equal(t, http.StatusForbidden, b.get(incidentPath(e.ID)).status, role)
			require.NotContains(t, b.get("/").body, "Et billede", role)
		}
	}
	require.NotContains(t, w.log.String(), "billede")
	require.NotContains(t, strings.Join(w.audit(), "\n"), "billede")

	b := w.as(account.Employee, "dep-maane")
	form := filled(t, b.get("/report").body)
	for _, row := range [][3]string{
		{"incident.facts", "", "Udfyld feltet."},
		{"incident.known", "2026-12-03T23:50", "I kan ikke have vidst det"},
		{"incident.happened", "2026-12-04T08:00", "Det kan ikke være sket senere end nu."},
		{"incident.facts", "Det handler om 010203-4567", "Det ligner et CPR- eller fødselsnummer"},
	} {
		got := b.post("/report", with(with(form, "incident.facts", "En skærm er væk"), row[0], row[1])...)
		require.Equal(t, http.StatusUnprocessableEntity, got.status, row[0])
		require.Contains(t, got.body, row[2])
	}
}

// R-DPA-37, R-DPA-03: whoever answers for the house sees on the start page who has to
// be told: the controller 24 hours after the house knew, the authority after 72, though
// the clocks change meanwhile; and what is late.
func TestTheClockOfAnIncident(t *testing.T) {
	w := furnished(t)
	w.at = time.Date(2027, 3, 26, 11, 0, 0, 0, time.UTC) // noon; on the 28th the clocks go forward
	w.as(account.Employee, "dep-maane").reports("2027-03-26T12:00")
	says := func(words ...string) {
		t.Helper()
		page := w.as(account.Superuser).get("/").body
		for _, s := range words {
			require.Contains(t, page, s)
		}
	}
	says("Dataansvarlig: 24 timer tilbage", "due-soon")
	w.pass(13 * time.Hour)
	says("Dataansvarlig: 11 timer tilbage", "due-now")
	w.pass(13 * time.Hour)
	says("Dataansvarlig: 2 timer for sent", "due-late")
	require.NotContains(t, w.as(account.Employee, "dep-maane").get("/").body, "Dataansvarlig:")

	b := w.as(account.Superuser)
	e := w.entries()[0]
	path := incidentPath(e.ID)
	page := b.get(path).body
	require.Contains(t, page, "46 timer tilbage")
	require.Contains(t, page, "mandag 29. marts 2027 13.00", "72 hours later, by a clock that was put forward")
	add := func(pairs ...string) answer {
		t.Helper()
		return b.post(path+"/add", with(filled(t, b.get(path+"/add").body), pairs...)...)
	}
	require.Equal(t, http.StatusSeeOther, add("incident.controller_told", "2027-03-27T14:00").status)
	says("Datatilsynet: 46 timer tilbage")
	require.Contains(t, add("incident.authority_told", "2027-03-26T11:00").body, "Det er efter nu, eller før I vidste det.")
	require.Contains(t, add("incident.risk", "none").body, "Skriv, hvorfor der ingen risiko er.")
	require.Equal(t, http.StatusSeeOther, add("incident.risk", "high", "incident.authority_told", "2027-03-27T13:30").status)
	says("De berørte: 46 timer tilbage")
	w.pass(47 * time.Hour)
	says("De berørte: 1 timer for sent")
	b = w.as(account.Superuser)
	require.Equal(t, http.StatusSeeOther, add("incident.people_told", "2027-03-28T14:00").status)
	require.NotContains(t, b.get("/").body, "De berørte:")
	require.Contains(t, b.get("/registers/incidents").body, "Alle er underrettet")

	b.reports("2027-03-28T15:00", "incident.kind", "other")
	require.NotContains(t, b.get(incidentPath(w.entries()[len(w.entries())-1].ID)).body, "Datatilsynet:", "the authority is told of breaches")
}

// R-DPA-03: the register is only added to: a correction is a new entry that names the
// old one, which stays; of two at once the second is told; the export has every one.
func TestIncidentsAreOnlyAddedTo(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	first := b.reports("2026-12-03T09:50")
	was := string(house.Encode(&first))
	path := incidentPath(first.ID)
	form := filled(t, b.get(path+"/add").body)
	require.Equal(t, http.StatusSeeOther, b.post(path+"/add", with(form, "incident.facts", "To billeder hang forkert")...).status)
	got := b.post(path+"/add", with(form, "incident.facts", "Tre billeder")...)
	require.Equal(t, http.StatusConflict, got.status)
	require.Contains(t, got.body, "Tre billeder", "what was typed is still there")
	all := w.entries()
	require.Len(t, all, 2)
	require.Equal(t, was, string(house.Encode(&all[0])), "the old one is as it was")
	require.Equal(t, first.ID, all[1].Replaces)
	page := b.get(incidentPath(all[1].ID)).body
	require.Contains(t, page, "Et billede hang forkert")
	require.Contains(t, page, "To billeder hang forkert")
	for _, r := range w.man.routes {
		require.False(t, strings.HasPrefix(r.path(), "/records/entry") && r.method() != http.MethodGet && !strings.HasSuffix(r.path(), "/entry"), r.Pattern)
	}

	auditor := w.as(account.Auditor)
	file := auditor.post("/registers/incidents/all")
	require.Equal(t, `attachment; filename="incidents.json"`, file.header.Get("Content-Disposition"))
	var out struct {
		Entries []struct{ ID, Replaces string }
	}
	require.NoError(t, json.Unmarshal([]byte(file.body), &out))
	require.Len(t, out.Entries, 2)
	require.Equal(t, string(first.ID), out.Entries[1].Replaces)
	require.Contains(t, strings.Join(w.audit(), "\n"), "staff export entry -")
	require.Equal(t, http.StatusForbidden, auditor.post(path+"/add", form...).status)
}

// R-DPA-06, R-DPA-07, R-DPA-37: an incident names the departments and screens it may
// concern and the people there, to whoever may see them; the drafts have what article
// 33(3) and 34 ask for, and say what is missing.
func TestAnIncidentSaysWhomItConcernsAndWhatToTell(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	e := b.reports("2026-12-03T09:50", "incident.screens", "scr-1")
	path := incidentPath(e.ID)
	who := stored[house.Resident](w, "r01")
	require.Equal(t, []house.ID{"scr-1"}, e.Incident.Screens)
	page := b.get(path).body
	require.Contains(t, page, who.LastName.Reveal())
	require.Contains(t, page, stored[house.Screen](w, "scr-1").Place["da"])
	require.Contains(t, page, `href="/audit?from=2026-12-03&amp;until=2026-12-03"`)
	require.Contains(t, page, "[mangler endnu: skriv det her]")
	got := b.post(path+"/add", append(with(filled(t, b.get(path+"/add").body), "incident.risk", "high", "incident.effects", "Fremmede så, hvem der bor her",
		"incident.remedy", "Billedet er taget ned", "incident.people", "12", "incident.data_records", "30"), "incident.data", "picture")...)
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	page = b.get(path).body
	sys := stored[house.System](w, org)
	authority := page[strings.Index(page, "artikel 33"):]
	authority = authority[:strings.Index(authority, "</p>")]
	for _, s := range []string{ // (a) to (d)
		"Et billede hang forkert", "Billeder", "Omkring 12", "Omkring 30", sys.Controller.Contact, "Fremmede så, hvem der bor her", "Billedet er taget ned",
	} {
		require.Contains(t, authority, s)
	}
	require.NotContains(t, authority, who.LastName.Reveal())
	people := page[strings.Index(page, "Det her er sket med oplysninger om dig"):]
	for _, s := range []string{"Hvad det kan betyde for dig", "Hvad du kan gøre", sys.Controller.Contact} {
		require.Contains(t, people, s)
	}
	w.pass(80 * time.Hour)
	require.Contains(t, w.as(account.Superuser).get(path).body, "Hvorfor det sker senere end 72 timer")
	auditor := w.as(account.Auditor).get(path).body
	require.NotContains(t, auditor, who.LastName.Reveal())
	require.Contains(t, auditor, "højst 2", "they see how many")
}

// R-ACT-15: whoever looks after somebody sees 20 days after they asked that an answer is
// due, and louder after 27.
func TestRequestsAreOnTheStartPage(t *testing.T) {
	w := furnished(t)
	r := stored[house.Request](w, "req-1")
	who := stored[house.Resident](w, r.Person).FirstName.Reveal()
	begin := func(days int) string {
		w.at = r.Asked.Day().Add(days).Start(time.UTC).Add(10 * time.Hour)
		return w.as(account.Employee, "dep-maane").get("/").body
	}
	due := `href="/requests/req-1"`
	require.NotContains(t, begin(19), due)
	for days, clock := range map[int]string{20: "due-soon", 26: "due-soon", 27: "due-now", 30: "due-now", 31: "due-late"} {
		page := begin(days)
		require.Contains(t, page, due, days)
		require.Contains(t, page, who)
		require.Contains(t, page, `class="chip `+clock+`"`, days)
	}
	require.NotContains(t, w.as(account.Employee, "dep-nabo").get("/").body, due)
	require.NotContains(t, w.as(account.Auditor).get("/").body, who)
}

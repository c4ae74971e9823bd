package manager

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

// R-IBG-02, R-IBG-28: a notice is published in three languages, each version under its
// own name with its hash and what is new; that hash is in every answer from then on.
// Whoever accepted an older one is on the list of whom to ask again, and nothing that
// anybody chose has changed.
func TestNoticesArePublished(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	chose := func() (out string) {
		for _, k := range []house.Kind{house.KindResident, house.KindStaff} {
			for _, r := range w.all(k) {
				out += string(house.Encode(r))
			}
		}
		return out
	}
	before := chose()
	publish := func(version string, pairs ...string) answer {
		return b.adds("/registers/notices/new", append(pairs, "notice.version", version, "notice.text.da", "Vi gemmer dit navn", "notice.text.nb", "Vi lagrer navnet ditt")...)
	}
	got := publish("2026-12")
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Skriv teksten på dansk, norsk og engelsk.")
	require.Contains(t, got.body, "Vi gemmer dit navn", "it is still there")
	require.Equal(t, http.StatusSeeOther, publish("2026-12", "notice.text.en", "We keep your name").status)
	require.NotContains(t, b.get("/").body, "/people/again", "nobody has to be asked")
	require.Contains(t, publish("2026-12", "notice.text.en", "Other").body, "Den udgave er der allerede.")
	require.Contains(t, publish("2027-01", "notice.text.en", "Other").body, "Skriv, hvad der er nyt.")
	require.Equal(t, http.StatusSeeOther, publish("2027-01", "notice.text.en", "Other", "notice.changes.da", "Også billeder", "notice.ask_again", "yes").status)
	require.Equal(t, before, chose(), "nothing of anybody has changed")

	last := w.entries()[1].Notice
	page := w.as(account.Auditor).get("/registers/notices").body
	require.Contains(t, page, last.Hash())
	require.Contains(t, page, w.entries()[0].Notice.Hash())
	require.Contains(t, page, "Også billeder")

	b = w.as(account.Employee, "dep-maane")
	require.Contains(t, b.get("/").body, "Spørg igen om samtykke")
	list := b.get("/people/again").body
	require.Contains(t, list, `href="/people/r01/consent"`)
	require.NotContains(t, list, "/people/r12/consent", "never asked, so not again")
	require.Equal(t, http.StatusForbidden, b.get("/registers/notices").status)
	require.NotContains(t, w.as(account.Employee, "dep-trold").get("/people/again").body, "/people/r01/consent")

	b = w.as(account.Employee, "dep-maane")
	form := b.get("/people/r01/consent").body
	require.Contains(t, form, `value="2027-01"`, "the newest is told")
	var said []string
	for _, p := range house.Purposes {
		said = append(said, "answer."+string(p), "yes")
	}
	answers := with(filled(t, form), "method", "Talt sammen")
	for i := 0; i < len(answers); i += 2 {
		if len(answers[i]) < 7 || answers[i][:7] != "answer." {
			said = append(said, answers[i], answers[i+1])
		}
	}
	require.Equal(t, http.StatusSeeOther, b.post("/people/r01/consent", said...).status)
	r := stored[house.Resident](w, "r01")
	for _, c := range house.Consents(&r)[len(house.Consents(&r))-4:] {
		require.Equal(t, last.Hash(), c.Hash)
		require.Equal(t, "2027-01", c.Notice)
	}
	require.NotContains(t, b.get("/people/again").body, "/people/r01/consent")
}

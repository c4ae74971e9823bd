package manager

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

// R-DPA-12, R-DPA-20, R-DPA-29: who was refused is looked at every week, the rules and
// that all is as agreed every year, the first time so long after the house began; each
// with a sign-off, and what is overdue is on the start page.
func TestReviewsComeRoundAgain(t *testing.T) {
	w := furnished(t)
	start := func(days int) string {
		w.at = thursday.AddDate(0, 0, days)
		return w.as(account.Superuser).get("/").body
	}
	require.NotContains(t, start(3), "Afviste forsøg")
	require.Contains(t, start(4), "Afviste forsøg")
	late := start(8)
	require.Contains(t, late, "due-late")
	require.NotContains(t, late, "Sikkerhedsregler")
	w.as(account.Employee, "dep-maane").get("/audit")
	b := w.as(account.Superuser)
	page := b.get("/registers/reviews").body
	require.Contains(t, page, "<dt>Afvist i loggen</dt><dd>1</dd>")
	require.Equal(t, http.StatusUnprocessableEntity, b.adds("/registers/reviews/denials/add").status)
	require.Equal(t, http.StatusSeeOther, b.adds("/registers/reviews/denials/add", "review.note", "En kollega gik forkert").status)
	require.NotContains(t, b.get("/").body, "Afviste forsøg")
	require.Contains(t, start(15), "Afviste forsøg", "a week later")
	page = start(363)
	require.Contains(t, page, "Sikkerhedsregler")
	require.Contains(t, page, "Erklæring")
	require.Equal(t, http.StatusNotFound, w.as(account.Superuser).get("/registers/reviews/none/add").status)
	auditor := w.as(account.Auditor)
	require.Contains(t, auditor.get("/registers/reviews").body, "En kollega gik forkert")
	require.Equal(t, http.StatusForbidden, auditor.get("/registers/reviews/denials/add").status)

	began := house.Day("2026-12-03")
	all := []house.Entry{{Written: "2027-01-01T10:00", Review: &house.Review{What: "rules"}}, {Written: "2027-02-01T10:00", Incident: &house.Incident{}}}
	require.Equal(t, house.Day("2028-01-01"), house.ReviewDue(all, "rules", began))
	require.Equal(t, house.Day("2026-12-10"), house.ReviewDue(all, "denials", began))
	require.Equal(t, house.DayOf(time.Date(2027, 12, 3, 0, 0, 0, 0, time.UTC)), house.ReviewDue(nil, "declaration", began))
}

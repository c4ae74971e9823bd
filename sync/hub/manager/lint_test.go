package manager

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/lint"
	"tavle/sync/record"
)

// R-DPA-34: the number of a person is kept by no form of anything; a word of health is,
// once somebody stands by it. What was typed stays there to be mended, and no log has it.
func TestNoFormKeepsTheNumberOfAPerson(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	const number = "010203-4567"
	for _, row := range []struct{ path, field string }{
		{"/records/activity/a01/edit", "title.da"},
		{"/records/news/n01/edit", "text.da"},
		{"/records/resident/r01/edit", "last_name"},
		{"/records/relative/c01/edit", "display"},
		{"/records/meeting/mt1/edit", "agenda.0.title.da"},
		{"/records/album/al1/edit", "title.da"},
		{"/records/department/dep-maane/edit", "name.da"},
		{"/screens/place/scr-1", "place.da"},
		{"/activities/a01/edit", "title.da"},
	} {
		var form []string
		if strings.HasPrefix(row.path, "/activities") {
			form = planned("a01")
		} else {
			form = filled(t, b.get(row.path).body)
		}
		require.Contains(t, form, row.field, row.path)
		got := b.post(row.path, with(form, row.field, "Vi ses "+number)...)
		require.Equal(t, http.StatusUnprocessableEntity, got.status, row.path)
		require.Contains(t, got.body, "Det ligner et CPR- eller fødselsnummer", row.path)
		require.Contains(t, got.body, number, "%s: it is there to be mended", row.path)
	}
	require.NotContains(t, w.log.String(), number)
	for _, k := range house.Kinds() {
		for _, r := range w.all(k) {
			require.NotContains(t, string(house.Encode(r)), number, k)
		}
	}

	form := with(filled(t, b.get("/records/activity/a01/edit").body), "title.da", "Snak om demens")
	got := b.post("/records/activity/a01/edit", form...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Ordet “demens” kan fortælle om nogens helbred.")
	require.Contains(t, got.body, `name="heed"`)
	require.Equal(t, http.StatusSeeOther, b.post("/records/activity/a01/edit", append(form, "heed", "yes")...).status)
	form = filled(t, b.get("/records/activity/a01/edit").body)
	require.Equal(t, http.StatusSeeOther, b.post("/records/activity/a01/edit", form...).status, "it is asked about once")
}

// planned is the form of the planner for an activity, as much as it needs.
func planned(string) []string {
	return []string{"title.da", "Gåtur", "day", "2026-12-03", "from", "10:00", "until", "11:00"}
}

// whoever looks at something sees what could be easier.
func TestWhatCouldBeEasierIsSaid(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	form := with(filled(t, b.get("/records/news/n01/edit").body),
		"text.da", "Vi går en tur og ser på alle de fine huse som ligger ned ad den lange vej ved søen", "pictogram", "")
	got := b.post("/records/news/n01/edit", form...)
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	body := b.get("/records/news/n01").body
	require.Contains(t, body, "en sætning har 20 ord")
	require.Contains(t, body, "Der er intet piktogram.")
	for _, rule := range []lint.Rule{lint.Number, lint.Health, lint.Long, lint.Hard, lint.Alt, lint.Pictogram} {
		require.True(t, w.man.views.words("da").has("lint."+string(rule)), rule)
	}
	require.NotEmpty(t, lint.Text("010203-4567", record.Danish))
}

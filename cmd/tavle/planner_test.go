package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is planned in the Manager is on every wall of the department within the second,
// without anybody touching it: an activity that is made, one that is moved, and the
// dish of today.
func TestWhatIsPlannedIsOnTheWall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		c := w.clerk()
		week := url.Values{"department": {"dep-maane"}, "week": {"2026-11-30"}}
		with := func(pairs ...string) url.Values {
			form := url.Values{"department": week["department"], "week": week["week"]}
			for i := 0; i < len(pairs); i += 2 {
				form.Add(pairs[i], pairs[i+1])
			}
			return form
		}
		require.Zero(t, w.shown("Vi pynter op"))
		got := c.ask(http.MethodPost, "/activities/new", with("title.da", "Vi pynter op", "day", "2026-12-03", "from", "10:45", "to", "11:45"))
		require.Equal(t, http.StatusSeeOther, got.Code, got.Body)
		require.Equal(t, len(w.walls), w.shown("Vi pynter op"))
		require.Equal(t, len(w.walls), w.shown("10.45"))

		_, id, _ := strings.Cut(got.Header().Get("Location"), "#a-")
		page := c.ask(http.MethodGet, "/activities?"+week.Encode(), nil).Body.String()
		was := regexp.MustCompile(`data-id="` + id + `" data-was="([^"]*)"`).FindStringSubmatch(page)
		require.NotNil(t, was)
		got = c.ask(http.MethodPost, "/activities/"+id+"/move", with("was", was[1], "starts", "2026-12-03T12:15", "ends", "2026-12-03T13:00"))
		require.Equal(t, http.StatusSeeOther, got.Code, got.Body)
		require.Equal(t, len(w.walls), w.shown("12.15"))
		require.Zero(t, w.shown("10.45"))

		for _, lw := range w.walls {
			w.visit(lw, "Måltider")
		}
		require.Zero(t, w.shown("Brunkål"))
		page = c.ask(http.MethodGet, "/meals?"+week.Encode(), nil).Body.String()
		hidden := func(key string) string {
			m := regexp.MustCompile(`name="` + regexp.QuoteMeta(key) + `" value="([^"]*)"`).FindStringSubmatch(page)
			require.NotNil(t, m, key)
			return m[1]
		}
		got = c.ask(http.MethodPost, "/meals", with("cell", "m07", "m07.said", hidden("m07.said"), "m07.was", hidden("m07.was"),
			"m07.title", "Brunkål", "m07.at", "12:00", "m07.allergens", "milk"))
		require.Equal(t, http.StatusSeeOther, got.Code, got.Body)
		require.Equal(t, len(w.walls), w.shown("Brunkål"))
	})
}

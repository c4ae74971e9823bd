package manager

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// The start page names what is old or could be easier, and one tap leads to it.
func TestTheStartPageSaysWhatIsOld(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	by := store.Actor{Org: org, Kind: store.ByStaff, ID: "staff"}
	require.NoError(t, w.hub.Change(t.Context(), by, func(ctx context.Context, e *hub.Edit) error {
		return e.Put(ctx, &house.Meeting{
			ID: "mt9", Department: "dep-maane", Title: record.Text{"da": "Husmøde"}, Starts: "2026-12-05T10:00", Ends: "2026-12-05T11:00",
		})
	}))
	body := b.get("/").body
	require.Contains(t, body, "Møder uden dagsorden")
	require.Contains(t, body, `href="/records/meeting/mt9"`)
	require.NotContains(t, body, "Vejret er gammelt")
	w.pass(20 * 24 * time.Hour)
	b = w.as(account.Employee, "dep-maane")
	body = b.get("/").body
	require.Contains(t, body, "Vejret er gammelt")
	require.Contains(t, body, "/records/weather/w7/edit")
	require.Contains(t, body, "department=dep-maane&amp;week=2026-12-23", "the first day that is empty")
	require.NotContains(t, w.as(account.Employee, "dep-trold").get("/").body, "/records/weather/w7/edit")
}

// Days that follow one another are said as two.
func TestDaysOfAGapAreSaidTogether(t *testing.T) {
	require.Equal(t, []run{{"2026-12-03", "2026-12-04"}, {"2026-12-06", "2026-12-06"}, {"2026-12-08", "2026-12-10"}},
		gap{Days: []house.Day{"2026-12-03", "2026-12-04", "2026-12-06", "2026-12-08", "2026-12-09", "2026-12-10"}}.Runs())
	require.Empty(t, gap{}.Runs())
}

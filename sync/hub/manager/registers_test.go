package manager

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// R-DPA-02, R-DPA-08, R-DPA-09, R-DPA-25, R-IBG-49: the registers are made of what the
// hub keeps: who is responsible, every kind of data on the register, where each screen
// hangs, and of each erasure its certificate, which names nobody. Auditors read them,
// employees do not.
func TestRegistersSayWhatIsKept(t *testing.T) {
	w := furnished(t)
	who := stored[house.Resident](w, "r04")
	staff := store.Actor{Org: org, Kind: store.ByStaff, ID: "s01"}
	gone, err := w.hub.Erase(t.Context(), staff, hub.Erasing{Person: "r04", Level: store.Erased})
	require.NoError(t, err)
	b := w.as(account.Auditor)
	page := b.get("/registers")
	require.Equal(t, http.StatusOK, page.status)
	require.NotContains(t, page.body, "⟦", "there are words for every kind of data")
	require.Equal(t, len(house.Register()), strings.Count(page.body, "<li><strong>")-strings.Count(page.body[strings.Index(page.body, `id="used"`):], "<li><strong>"))
	sys := stored[house.System](w, "sys-demo")
	require.Contains(t, page.body, sys.Controller.Name["da"])
	require.Contains(t, page.body, stored[house.Screen](w, "scr-1").Place["da"])
	require.Contains(t, page.body, gone.ID)
	got := b.get("/registers/erasures/" + gone.ID)
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, `attachment; filename="certificate.json"`, got.header.Get("Content-Disposition"))
	for _, s := range []string{who.FirstName.Reveal(), who.LastName.Reveal(), "r04"} {
		require.NotContains(t, got.body, s)
	}
	require.NotContains(t, page.body, who.LastName.Reveal())
	require.Equal(t, http.StatusNotFound, b.get("/registers/erasures/none").status)
	require.Equal(t, http.StatusForbidden, w.as(account.Employee, "dep-maane").get("/registers").status)
}

package manager

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// R-STA-06: who belongs to somebody is linked on their own page, with whether they may
// answer for them; each link goes by itself, and no screen is sent any of it.
func TestRepresentativesAreLinked(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	require.Contains(t, b.get("/people/r02").body, `href="/people/r02/kin"`)
	require.Equal(t, http.StatusUnprocessableEntity, b.post("/people/r02/kin/add").status)
	require.Equal(t, "/people/r02/kin?done=saved", b.post("/people/r02/kin/add", "display", "Vibeke (værge)", "speaks", "yes").to)
	find := func() (out house.Relative) {
		for _, r := range w.every(house.KindRelative) {
			if x := r.(*house.Relative); x.Display.Reveal() == "Vibeke (værge)" {
				out = *x
			}
		}
		return out
	}
	x := find()
	require.Equal(t, []house.ID{"r02"}, x.LinkedTo)
	require.Equal(t, []house.ID{"r02"}, x.SpeaksFor)
	require.Equal(t, house.NotAsked, x.Acceptance.State)
	require.Contains(t, b.get("/people/r02/kin").body, "Kan svare for personen")
	require.Contains(t, b.get("/people/r02/consent").body, "Vibeke (værge)", "who said so")

	id := string(x.ID)
	require.Equal(t, http.StatusSeeOther, b.post("/people/r01/kin/add", "relative", id).status)
	require.Equal(t, []house.ID{"r02", "r01"}, find().LinkedTo)
	require.NotContains(t, b.get("/people/r01/consent").body, "Vibeke (værge)", "who does not answer for them")
	require.Equal(t, http.StatusSeeOther, b.post("/people/r02/kin/set", "relative", id, "what", "silent").status)
	require.Empty(t, find().SpeaksFor)
	require.Equal(t, http.StatusSeeOther, b.post("/people/r02/kin/set", "relative", id, "what", "unlink").status)
	require.Equal(t, []house.ID{"r01"}, find().LinkedTo)
	require.Equal(t, http.StatusNotFound, b.post("/people/r02/kin/set", "relative", id, "what", "speaks").status)

	other := w.as(account.Employee, "dep-nabo")
	for _, got := range []answer{other.get("/people/r01/kin"), other.post("/people/r01/kin/add", "display", "X"), other.post("/people/r01/kin/set", "relative", id, "what", "unlink")} {
		require.Equal(t, http.StatusForbidden, got.status)
		require.NotContains(t, got.body, "Vibeke")
	}
	p, err := w.hub.Preview(t.Context(), store.Actor{Org: org}, hub.Previewing{Screen: "scr-2"})
	require.NoError(t, err)
	for _, f := range p.Facts.People {
		require.NotContains(t, f.Name.Reveal(), "Vibeke")
	}
}

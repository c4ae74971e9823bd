package manager

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

// R-DPA-22, R-DPA-23, R-DPA-25, R-STA-03, R-IBG-24: only a superuser who proved just now who
// they are ends the contract; 30 days before at least, with the days counted on the start
// page, what goes and what stays said, and a way back; what is given back is one file
// that a hub takes in again; then everything is erased, and the certificate is there.
func TestTheContractEnds(t *testing.T) {
	w := furnished(t)
	for _, role := range []account.Role{account.Employee, account.Auditor, account.Support} {
		b := w.as(role, "dep-maane")
		require.Equal(t, http.StatusForbidden, b.get("/registers/ending").status, role)
		require.Equal(t, http.StatusForbidden, b.post("/registers/ending/do", "sure", "erase").status, role)
	}
	b := w.as(account.Superuser)
	w.pass(account.ProofLife)
	require.Equal(t, "/proof?then=/registers/ending", b.get("/registers/ending").to)
	require.Equal(t, http.StatusForbidden, b.post("/registers/ending", "choice", "delete", "on", "2027-01-02").status)
	b.proved()

	got := b.post("/registers/ending", "choice", "return", "on", "2027-01-01")
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "mindst 30 dage frem")
	require.Contains(t, b.post("/registers/ending", "on", "2027-01-02").body, "Vælg, om alt skal leveres tilbage")
	require.Equal(t, http.StatusSeeOther, b.post("/registers/ending", "choice", "return", "on", "2027-01-02").status)
	plan := func() house.Entry { all := w.entries(); return all[len(all)-1] }
	require.Contains(t, b.get("/").body, "30 dage tilbage")
	require.NotContains(t, w.as(account.Employee, "dep-maane").get("/").body, "30 dage tilbage")
	b = w.as(account.Superuser)
	b.proved()
	page := b.get("/registers/ending").body
	for _, s := range []string{"Det her slettes", "Beboere", "Det her bliver", "Sikkerhedskopier udløber", "Det kan gøres, når dagen er kommet"} {
		require.Contains(t, page, s)
	}
	require.NotContains(t, page, "Slet alt nu")
	require.Equal(t, http.StatusUnprocessableEntity, b.post("/registers/ending/do", "was", string(plan().ID), "sure", "erase").status, "not yet")

	require.Equal(t, http.StatusSeeOther, b.post("/registers/ending/cancel", "was", string(plan().ID)).status)
	require.NotContains(t, b.get("/").body, "Aftalen ophører: ")
	require.Equal(t, "cancelled", plan().Ending.State)
	require.Equal(t, http.StatusConflict, b.post("/registers/ending/cancel", "was", string(plan().ID)).status)
	require.Equal(t, http.StatusSeeOther, b.post("/registers/ending", "choice", "return", "on", "2027-01-05").status)
	first := plan()
	require.Equal(t, http.StatusConflict, b.post("/registers/ending", "choice", "delete", "on", "2027-01-05").status, "there is one already")

	w.at = time.Date(2027, 1, 5, 10, 0, 0, 0, time.UTC)
	b = w.as(account.Superuser)
	b.proved()
	require.Contains(t, b.get("/").body, "Dagen er kommet")
	require.NotContains(t, b.get("/registers/ending").body, "Slet alt nu", "nothing was given back")
	file := b.post("/registers/ending/copy", "was", string(first.ID))
	require.Equal(t, "application/zip", file.header.Get("Content-Type"))
	opened(t, file.body)
	require.Equal(t, first.ID, plan().Replaces)
	require.Contains(t, b.get("/registers/ending").body, "Slet alt nu")
	require.Equal(t, http.StatusConflict, b.post("/registers/ending/do", "was", string(first.ID), "sure", "erase").status, "the plan is another")
	require.Equal(t, http.StatusUnprocessableEntity, b.post("/registers/ending/do", "was", string(plan().ID)).status, "nobody was sure")

	who := stored[house.Resident](w, "r01")
	got = b.post("/registers/ending/do", "was", string(plan().ID), "sure", "erase")
	require.Equal(t, http.StatusOK, got.status, got.body)
	require.Contains(t, got.body, "Alt er slettet. Hent beviset.")
	for _, k := range house.Kinds() {
		for _, r := range w.all(k) {
			require.NotContains(t, string(house.Encode(r)), who.LastName.Reveal(), k)
		}
	}
	require.Empty(t, w.all(house.KindResident))
	require.Empty(t, w.all(house.KindActivity))
	file = b.get("/registers/ending/" + string(plan().ID))
	c, err := hub.VerifyEndCertificate(strings.NewReader(file.body), w.hub.SigningKey())
	require.NoError(t, err, "it can be verified without the hub")
	require.Equal(t, "nothing was found", c.Verified.Result)
	require.NotContains(t, file.body, "the-superuser")
	require.Equal(t, http.StatusNotFound, b.get("/registers/ending/"+string(first.ID)).status)
	for _, path := range []string{"/", "/registers", "/registers/incidents", "/registers/ending", "/audit", "/people", "/activities", "/meals", "/roster", "/screens"} {
		require.Less(t, b.get(path).status, http.StatusInternalServerError, "%s: of an empty house", path)
	}
	others := w.browser().post("/login", "login", "the-employee", "password", password)
	require.NotEqual(t, http.StatusSeeOther, others.status, "nobody else has an account")
}

// opened makes sure that a copy has what its manifest says, and that a hub takes it in.
func opened(t testing.TB, body string) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		files[f.Name], err = io.ReadAll(r)
		require.NoError(t, err)
	}
	var manifest struct {
		Sums map[string]string `json:"sha256"`
	}
	require.NoError(t, json.Unmarshal(files["manifest.json"], &manifest))
	require.Len(t, manifest.Sums, len(files)-1)
	for name, sum := range manifest.Sums {
		got := sha256.Sum256(files[name])
		require.Equal(t, sum, hex.EncodeToString(got[:]), name)
	}
	h, mistakes := house.Parse(bytes.NewReader(files["house.json"]))
	require.Empty(t, mistakes)
	again := bare(t)
	require.NoError(t, again.hub.Import(t.Context(), by(again), h, hub.Import{}))
}

package manager

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
)

var secretIn = regexp.MustCompile(`name="secret" value="([A-Z2-7]+)"`)

// The first start of a hub without a house: a code, a login, a code on the telephone,
// a house, and the overview of its first department. R-IBG-01: without somebody who is
// responsible there is no house.
func TestFromTheFirstStartToAHouse(t *testing.T) {
	w := bare(t)
	codes, err := w.desk.Bootstrap(t.Context())
	require.NoError(t, err)
	b := w.browser()
	require.Equal(t, "/login", b.get("/").to)
	got := b.post("/welcome", "code", "AAAA-AAAA-AAAA-AAAA", "login", "mette", "name", "Mette", "password", password)
	require.Equal(t, http.StatusForbidden, got.status)
	require.NotContains(t, got.body, password)
	got = b.post("/welcome", "code", codes[""], "login", "mette", "name", "Mette", "password", password)
	require.Equal(t, "/enrol", got.to)
	require.Equal(t, "/login", b.get("/house").to, "half of the way is no way in")
	require.Equal(t, "/enrol", b.get("/login").to)

	page := b.get("/enrol")
	secret := secretIn.FindStringSubmatch(page.body)
	require.NotNil(t, secret)
	require.Contains(t, page.body, `<svg class="qr"`)
	require.Equal(t, http.StatusUnprocessableEntity, b.post("/enrol", "secret", secret[1], "code", "123").status)
	code, err := account.TOTPCode(secret[1], w.now())
	require.NoError(t, err)
	require.Equal(t, "/house", b.post("/enrol", "secret", secret[1], "code", code).to)
	require.Equal(t, "/house", b.get("/records/activity").to)

	got = b.post("/house", "name", "Solgården", "controller", "", "contact", "x", "department", "Hus 2", "type", "care_home")
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	got = b.post("/house", "name", "Solgården", "controller", "Valby Kommune", "contact", "dpo@example.org", "department", "Hus 2", "type", "care_home")
	require.Equal(t, "/?done=house", got.to)
	start := b.get("/?done=house")
	require.Contains(t, start.body, "Hus 2")
	require.Contains(t, start.body, "Huset er oprettet.")
	require.Contains(t, start.body, "Ingen aktiviteter")

	// And in again, with both proofs.
	require.Equal(t, "/login", b.post("/logout").to)
	require.Equal(t, "/login", b.get("/").to)
	w.pass(time.Minute)
	require.Equal(t, "/second", b.post("/login", "login", "mette", "password", password).to)
	require.Equal(t, http.StatusForbidden, b.post("/second", "code", "000000").status)
	code, err = account.TOTPCode(secret[1], w.now())
	require.NoError(t, err)
	require.Equal(t, "/", b.post("/second", "code", code).to)
	require.Equal(t, http.StatusOK, b.get("/").status)
	require.NotContains(t, w.log.String(), "mette")
}

// R-DPA-29: each refusal at the door is 403, and the log or the audit has it without
// what was typed.
func TestRefusalsAtTheDoor(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee)
	require.NotEmpty(t, b)
	nobody := w.browser()
	got := nobody.post("/login", "login", "karen.hansen", "password", "hemmelighed")
	require.Equal(t, http.StatusForbidden, got.status)
	require.Contains(t, got.body, `value="karen.hansen"`, "what was typed is kept, but the password")
	require.NotContains(t, got.body, "hemmelighed")
	require.Equal(t, http.StatusForbidden, nobody.post("/login", "login", "the-employee", "password", "hemmelighed").status)
	require.Contains(t, w.audit(), "hub login refused account "+w.accountOf("the-employee"))
	require.Contains(t, w.log.String(), `"reason":"login"`)
	for _, word := range []string{"karen", "hemmelighed", "the-employee"} {
		require.NotContains(t, w.log.String(), word)
		require.NotContains(t, strings.Join(w.audit(), "\n"), word)
	}
	for range 30 {
		got = nobody.post("/login", "login", "nobody", "password", "x")
	}
	require.Equal(t, http.StatusForbidden, got.status)
	require.Contains(t, got.body, "for mange gange herfra")
}

// accountOf returns the ID of the account with a login.
func (w *world) accountOf(login string) (id string) {
	w.t.Helper()
	w.view(func(v viewer) error {
		a, err := v.AccountOf(w.t.Context(), login)
		id = a.ID
		return err
	})
	return id
}

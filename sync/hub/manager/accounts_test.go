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

var codeIn = regexp.MustCompile(`class="big code">([A-Z2-9-]{19})<`)

// R-IBG-37, R-IBG-48: a superuser lets somebody in, changes what they may do, and has
// them choose anew; who it is chooses login and password, and nobody else sees them.
func TestSuperusersLetOthersIn(t *testing.T) {
	w := furnished(t)
	su := w.as(account.Superuser)
	require.Equal(t, http.StatusUnprocessableEntity, su.post("/accounts/new", "role", "employee").status)
	require.Equal(t, http.StatusUnprocessableEntity, su.post("/accounts/new", "name", "Ida", "role", "king").status)
	page := su.post("/accounts/new", "name", "Ida", "role", "employee", "departments", "dep-maane", "staff", "s03")
	require.Equal(t, http.StatusOK, page.status)
	code := codeIn.FindStringSubmatch(page.body)
	require.NotNil(t, code)

	ida := w.browser()
	require.Equal(t, "/enrol", ida.post("/welcome", "code", code[1], "name", "Ida", "login", "ida", "password", password).to)
	id := w.accountOf("ida")
	secret := secretIn.FindStringSubmatch(ida.get("/enrol").body)
	totp, err := account.TOTPCode(secret[1], w.now())
	require.NoError(t, err)
	require.Equal(t, "/", ida.post("/enrol", "secret", secret[1], "code", totp).to)
	require.Equal(t, http.StatusOK, ida.get("/records/activity/a01").status)
	require.Equal(t, http.StatusForbidden, ida.get("/accounts").status)
	require.NotContains(t, su.get("/accounts/"+id).body, code[1], "it is shown once")

	// Another role: what was open is closed, and the next login has the other.
	require.Equal(t, "/accounts?done=account", su.post("/accounts/"+id, "name", "Ida", "role", "auditor", "on", "yes").to)
	require.Equal(t, "/login", ida.get("/").to)
	page = su.post("/accounts/" + id + "/again")
	again := codeIn.FindStringSubmatch(page.body)
	require.NotNil(t, again)
	require.Equal(t, http.StatusForbidden, ida.post("/login", "login", "ida", "password", password).status)
	require.Equal(t, "/enrol", ida.post("/welcome", "code", again[1], "name", "Ida", "login", "ida", "password", password+"2").to)

	// Closed, and gone.
	require.Equal(t, http.StatusSeeOther, su.post("/accounts/"+id, "name", "Ida", "role", "auditor").status)
	require.Equal(t, http.StatusForbidden, ida.post("/login", "login", "ida", "password", password+"2").status)
	require.Equal(t, http.StatusSeeOther, su.post("/accounts/"+id+"/delete").status)
	require.Equal(t, http.StatusNotFound, su.get("/accounts/"+id).status)

	// Somebody has to be left, and only who proved just now who they are does any of it.
	own := w.accountOf("the-superuser")
	require.Equal(t, http.StatusUnprocessableEntity, su.post("/accounts/"+own, "name", "x", "role", "employee", "on", "yes").status)
	require.Equal(t, http.StatusUnprocessableEntity, su.post("/accounts/"+own+"/delete").status)
	require.Equal(t, http.StatusUnprocessableEntity, su.post("/accounts/"+own+"/again").status)
	require.Equal(t, http.StatusOK, su.get("/accounts").status)
	w.pass(account.ProofLife + time.Second)
	require.Equal(t, "/proof?then=/accounts", su.get("/accounts").to)
	require.Equal(t, http.StatusForbidden, su.post("/accounts/new", "name", "Eve", "role", "superuser").status)
	audit := strings.Join(w.audit(), "\n")
	for _, line := range []string{"staff create account " + id, "staff change account " + id, "staff delete account " + id} {
		require.Contains(t, audit, line)
	}
	require.NotContains(t, audit, "ida")
}

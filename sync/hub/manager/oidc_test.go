package manager

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
)

// A login provider that does not answer keeps nobody out who comes in otherwise: the
// page comes at once and says so, also before it is asked.
func TestLoginPageWithoutItsProvider(t *testing.T) {
	w := furnished(t)
	b := w.browser()
	require.NotContains(t, b.get("/login").body, "/oidc/login")
	require.Equal(t, http.StatusNotFound, b.get("/oidc/login").status)
	require.Equal(t, http.StatusNotFound, b.get("/oidc/return?code=x").status)

	gone := httptest.NewTLSServer(http.NotFoundHandler())
	gone.Close()
	w.desk.Trust(account.NewProvider(account.ProviderOptions{Name: "kommunens konto", Issuer: gone.URL, ClientID: "tavle", ACR: []string{"high"}}))
	page := b.get("/login").body
	require.Contains(t, page, "Log ind med kommunens konto")
	require.NotContains(t, page, "svarer ikke")
	require.Equal(t, "/login?why=away", b.get("/oidc/login").to)
	for _, path := range []string{"/login?why=away", "/login"} {
		page = b.get(path).body
		require.Contains(t, page, "svarer ikke lige nu")
		require.Contains(t, page, `data-passkey="login"`)
		require.Contains(t, page, `name="password"`)
		require.Equal(t, 1, strings.Count(page, "svarer ikke"))
	}
	require.Contains(t, w.log.String(), "login provider does not answer")
	require.NotContains(t, b.get("/login?why=nothing").body, "⟦")
	require.Equal(t, "/", w.as(account.Employee).get("/login").to)
}

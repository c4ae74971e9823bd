package manager

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
)

// authenticator gives the tab a device that makes passkeys and whose owner says yes.
func (t *tab) authenticator() {
	t.t.Helper()
	t.run(chromedp.Func(func(ctx context.Context, to *chromedp.Target) error {
		if _, err := cdp.Call(ctx, to, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, to, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
			Options: &webauthn.VirtualAuthenticatorOptions{
				Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
				HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
			},
		})
		return err
	}))
}

// R-STA-03: from a code on paper to a passkey, without a code on the telephone; then in
// again with the passkey alone, and once more to prove who it is.
func TestPasskeysLetIn(t *testing.T) {
	w := bare(t)
	codes, err := w.desk.Bootstrap(t.Context())
	require.NoError(t, err)
	b := w.tab()
	b.authenticator()
	b.open("/welcome")
	b.check("passkey welcome")
	b.typeIn("#code", codes[""])
	b.typeIn("#name", "Mette")
	b.typeIn("#login", "mette")
	b.typeIn("#password", password)
	b.submit("form.stack button")
	require.Equal(t, "/enrol", b.path())
	b.check("passkey enrol")
	b.click(".passkey button")
	b.waitFor("/house")
	b.typeIn("#name", "Solgården")
	b.typeIn("#controller", "Valby Kommune")
	b.typeIn("#contact", "dpo@example.org")
	b.typeIn("#department", "Hus 2")
	b.submit("form.stack button")
	require.Contains(t, b.says(), "Hus 2")

	b.submit(".me form[action='/logout'] button")
	require.Equal(t, "/login", b.path())
	b.click(".passkey button")
	b.waitFor("/")
	w.pass(account.ProofLife)
	b.open("/me")
	require.Equal(t, http.StatusForbidden, eval[int](b, `fetch("/me/passkeys/x/drop", {method: "POST"}).then(r => r.status)`, chromedp.EvalAwaitPromise))
	b.submit("a[href='/proof?then=/me']")
	b.click(".passkey button")
	b.waitFor("/me")
	b.check("me")
	b.submit("form[action^='/me/passkeys/'] button")
	require.Contains(t, b.says(), "Den sidste kan ikke fjernes")

	// A passkey is no way around the second proof of somebody else's password.
	require.NoError(t, w.desk.Demonstrate(t.Context(), "", "demo", password, account.Superuser))
	x := w.browser()
	require.NotEmpty(t, x.post("/login", "login", "mette", "password", password).to)
	got := x.do(http.MethodPost, "/passkey/add/begin", strings.NewReader("{}"))
	require.Equal(t, http.StatusForbidden, got.status)
	require.Equal(t, http.StatusForbidden, x.do(http.MethodPost, "/passkey/login", strings.NewReader(`{"sealed":"AAAA","answer":{}}`)).status)
}

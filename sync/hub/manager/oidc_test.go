package manager

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
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

// travel goes by the address of a page of the Manager to the provider, logs in there as
// somebody if it asks, and returns with which address it sends the browser back.
func (b *browser) travel(path, who string) string {
	b.t.Helper()
	at := b.get(path).to
	for range 20 {
		if back, ok := strings.CutPrefix(at, b.srv.URL); ok {
			return back
		}
		r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, at, nil)
		require.NoError(b.t, err)
		resp, err := b.client.Do(r)
		require.NoError(b.t, err)
		page, err := io.ReadAll(resp.Body)
		require.NoError(b.t, err)
		require.NoError(b.t, resp.Body.Close())
		if resp.StatusCode == http.StatusOK {
			challenge := challengeIn.FindSubmatch(page)
			require.NotNil(b.t, challenge, "%s: %s", at, page)
			resp, err = b.client.PostForm(at, url.Values{"challenge": {html.UnescapeString(string(challenge[1]))}, "who": {who}})
			require.NoError(b.t, err)
			require.NoError(b.t, resp.Body.Close())
			b.asked++
		}
		next, err := resp.Location()
		require.NoError(b.t, err, "%s: %d %s", at, resp.StatusCode, page)
		at = next.String()
	}
	b.t.Fatalf("no way back from %s", at)
	return ""
}

var challengeIn = regexp.MustCompile(`name="challenge" value="([^"]*)"`)

// come logs in by the provider, and returns where that leads to.
func (b *browser) come(who string) string {
	b.t.Helper()
	b.mu.Lock()
	b.at = time.Now()
	b.mu.Unlock()
	return b.get(b.travel("/oidc/login", who), "Sec-Fetch-Site", "cross-site").to
}

// R-STA-03, R-STA-07, R-IBG-12: staff log in at a real provider: each has the role that
// it says, none lets nobody in, and a login that is not sure enough is refused with a
// sentence. Whoever is in there already is not asked again, but to prove who they are.
func TestStaffLogInAtTheirWork(t *testing.T) {
	w := furnished(t)
	h := startHydra(w)
	for role, path := range map[string]string{"tavle-super": "/accounts/new", "tavle-staff": "/records/activity", "tavle-audit": "/audit", "tavle-it": "/screens"} {
		h.hire(role, colleague{"Ida Holm", "urn:work:high", []string{"other", role}})
		b := w.browser()
		require.Equal(t, "/", b.come(role))
		got := b.get(path)
		require.Equal(t, http.StatusOK, got.status, role)
		require.Contains(t, got.body, "Ida Holm")
	}
	for who, c := range map[string]struct {
		colleague
		why, says, reason string
	}{
		"guest":   {colleague{"Ida Holm", "urn:work:high", []string{"guest"}}, "no_role", "giver ikke adgang til Tavle", "role"},
		"nothing": {colleague{"Ida Holm", "urn:work:high", nil}, "no_role", "giver ikke adgang til Tavle", "role"},
		"unsure":  {colleague{"Ida Holm", "", []string{"tavle-super"}}, "assurance", "ikke sikker nok", "assurance"},
		"weak":    {colleague{"Ida Holm", "urn:work:low", []string{"tavle-super"}}, "assurance", "ikke sikker nok", "assurance"},
		"":        {colleague{}, "declined", "blev ikke logget ind", "login"},
	} {
		h.hire(who, c.colleague)
		b := w.browser()
		require.Equal(t, "/login?why="+c.why, b.come(who), who)
		page := b.get("/login?why=" + c.why)
		require.Equal(t, http.StatusForbidden, page.status)
		require.Contains(t, page.body, c.says)
		require.Equal(t, "/login", b.get("/").to)
		require.Contains(t, w.log.String(), `"reason":"`+c.reason+`"`, who)
	}

	b := w.browser()
	require.Equal(t, "/", b.come("tavle-super"))
	require.Equal(t, "/login?out=yes", b.post("/logout").to)
	require.Equal(t, "/login", b.get("/").to)
	require.Contains(t, b.get("/login?out=yes").body, `href="/oidc/login?anew=yes"`)
	require.Equal(t, 1, b.asked)
	require.Equal(t, "/", b.get(b.travel("/oidc/login?anew=yes", "tavle-super")).to, "it may be somebody else who sits there now")
	require.Equal(t, 2, b.asked)
	require.Equal(t, "/login?out=yes", b.post("/logout").to)
	require.Equal(t, "/", b.come("tavle-super"), "in there still")
	require.Equal(t, 2, b.asked)

	w.pass(account.ProofLife) // before what cannot be undone they are asked
	require.Equal(t, "/proof?then=/accounts", b.get("/accounts").to)
	page := b.get("/proof?then=/accounts").body
	require.Contains(t, page, `href="/oidc/prove?then=/accounts"`)
	require.NotContains(t, page, `name="proof"`, "they have nothing to type")
	require.NotContains(t, page, `data-passkey`)
	w.pass(-account.ProofLife)
	back := b.travel("/oidc/prove?then=/accounts", "tavle-super")
	require.Equal(t, 3, b.asked)
	require.Equal(t, "/accounts", b.get(back).to)
	list := b.get("/accounts")
	require.Equal(t, http.StatusOK, list.status)
	require.Equal(t, 4, strings.Count(list.body, "Arbejdskonto"))
	require.NotContains(t, list.body, "Har ikke valgt login")
	back = b.travel("/oidc/prove?then=/accounts", "tavle-staff")
	require.Equal(t, "/proof?then=/accounts&why=unproven", b.get(back).to, "somebody else")

	for _, word := range []string{"Ida", "Holm", "tavle-super", "code=", "state="} {
		require.NotContains(t, w.log.String(), word)
		require.NotContains(t, strings.Join(w.audit(), "\n"), word)
	}
}

// R-STA-03: what a provider gave one browser, once, is of no use in another, nor again,
// nor at another hub of the same house; and a hub that the provider does not know gets
// nothing.
func TestCodesOfAProviderAreUsedOnce(t *testing.T) {
	w := furnished(t)
	h := startHydra(w)
	h.hire("ida", colleague{"Ida Holm", "urn:work:high", "tavle-staff"})
	w.at = time.Now()
	b := w.browser()
	back := b.travel("/oidc/login", "ida")
	u, err := url.Parse(b.srv.URL)
	require.NoError(t, err)
	journey := ""
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == cookieJourney {
			journey = c.Name + "=" + c.Value
		}
	}
	require.NotEmpty(t, journey)

	thief := w.browser()
	require.Equal(t, "/login?why=journey", thief.get(back).to, "without what the browser keeps")
	other := w.browser()
	cookies := other.get("/oidc/login").header.Values("Set-Cookie")
	require.Len(t, cookies, 1)
	require.Regexp(t, `^__Host-journey=[\w-]+; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$`, cookies[0])
	require.Equal(t, "/login?why=journey", other.get(back).to, "with what another keeps")
	require.Equal(t, "/login?why=journey", w.browser().get(strings.Replace(back, "state=", "state=x", 1), "Cookie", journey).to)
	got := b.get(back)
	require.Equal(t, "/", got.to)
	require.Contains(t, strings.Join(got.header.Values("Set-Cookie"), "\n"), cookieJourney+"=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax")
	require.Equal(t, http.StatusOK, b.get("/").status)
	require.Equal(t, "/login?why=journey", w.browser().get(back, "Cookie", journey).to, "again")

	second, err := New(w.hub, w.store, Options{Build: "test", Now: w.now, Provider: account.NewProvider(h.trusted())})
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, w.srv.URL+back, nil)
	r.Header.Set("Cookie", journey)
	rec := httptest.NewRecorder()
	second.ServeHTTP(rec, r)
	require.Equal(t, "/login?why=unproven", rec.Header().Get("Location"), "the provider refuses it")

	o := h.trusted()
	o.Secret = "another"
	w.desk.Trust(account.NewProvider(o))
	require.Equal(t, "/login?why=unproven", w.browser().come("ida"))
	require.Contains(t, w.log.String(), "invalid_client")
}

// Whoever is shut out here stays out; whose role is taken away at work is out with the
// next login, and with what they had open; and while the provider is down its page is the
// only one that is missed.
func TestWhoeverLeftWork(t *testing.T) {
	w := furnished(t)
	h := startHydra(w)
	su := w.as(account.Superuser)
	h.hire("ida", colleague{"Ida Holm", "urn:work:high", "tavle-staff"})
	b := w.browser()
	require.Equal(t, "/", b.come("ida"))
	id := ""
	w.view(func(v viewer) error {
		all, err := v.Accounts(t.Context())
		for _, a := range all {
			if a.Identity != "" {
				id = a.ID
			}
		}
		return err
	})
	su.proved()
	require.Contains(t, su.get("/accounts/"+id).body, "Rollen kommer derfra")
	require.Equal(t, "/accounts?done=account", su.post("/accounts/"+id, "name", "Ida Holm", "role", "employee").to) // not "on"
	require.Equal(t, "/login", b.get("/").to)
	require.Equal(t, "/login?why=off", b.come("ida"))
	require.Contains(t, b.get("/login?why=off").body, "Din konto er lukket")
	require.Contains(t, w.audit(), "hub login refused account "+id)
	su.proved()
	require.Equal(t, "/accounts?done=account", su.post("/accounts/"+id, "name", "Ida Holm", "role", "employee", "on", "yes").to)
	require.Equal(t, "/", b.come("ida"))

	h.hire("ida", colleague{"Ida Holm", "urn:work:high", nil})
	again := w.browser()
	require.Equal(t, "/login?why=no_role", again.come("ida"))
	require.Equal(t, "/login", b.get("/").to, "what they had open is closed")
	su.proved()
	page := su.get("/accounts/" + id).body
	require.Contains(t, page, `<option value="" selected>Ingen rolle`)
	require.NotContains(t, page, "⟦")

	h.hire("ida", colleague{"Ida Holm", "urn:work:high", "tavle-audit"})
	require.Equal(t, "/", b.come("ida"))
	require.Equal(t, http.StatusForbidden, b.get("/records/activity").status)
	h.down.Store(true)
	require.Equal(t, http.StatusOK, b.get("/audit").status)
	w.desk.Trust(account.NewProvider(h.trusted())) // the hub was started meanwhile
	require.Equal(t, "/login?why=away", w.browser().get("/oidc/login").to)
	require.Equal(t, http.StatusOK, w.as(account.Employee).get("/").status)
}

// A-41, R-STA-03: the same in a real browser, to whose eyes the provider is another site:
// in by the button, out, and before what cannot be undone once more; then whoever has a
// login of their own lets themselves in by their work, too.
func TestWorkAccountInABrowser(t *testing.T) {
	w := furnished(t)
	w.at = time.Now()
	h := startHydra(w)
	h.hire("ida", colleague{"Ida Holm", "urn:work:high", "tavle-super"})
	h.hire("mette", colleague{"Mette Holm", "urn:work:high", "tavle-super"})
	b := w.tab()
	b.open("/login")
	b.check("oidc login")
	b.size(390, 844)
	b.check("oidc login 390")
	b.open("/login?why=assurance")
	b.check("oidc login refused 390")
	b.size(1440, 900)
	work := func(link, who string) {
		t.Helper()
		b.submit("a[href^='" + link + "']")
		b.typeIn("#who", who)
		b.click("button")
	}
	b.submit("a[href='/oidc/login']")
	require.Contains(t, ask(b, chromedp.Location()), h.srv.URL, "the provider's own page")
	b.typeIn("#who", "ida")
	b.click("button")
	b.waitFor("/")
	require.Contains(t, b.says(), "Ida Holm")
	require.Empty(t, eval[string](b, `document.cookie`), "no script reads any of it")
	w.pass(account.ProofLife)
	b.open("/accounts")
	require.Equal(t, "/proof?then=/accounts", b.path())
	b.forget()
	b.check("oidc proof")
	w.pass(-account.ProofLife)
	work("/oidc/prove", "ida")
	b.waitFor("/accounts")
	b.forget()
	b.check("oidc accounts")
	b.submit("a[href^='/accounts/']:not([href$=new])")
	b.check("oidc account")
	b.open("/me")
	b.check("oidc me")
	b.submit(".me form[action='/logout'] button")
	require.Equal(t, "/login?out=yes", b.path())
	b.check("oidc login out")

	b.logIn(account.Superuser)
	b.open("/me")
	b.check("oidc me before")
	work("/oidc/link", "mette")
	b.waitFor("/me")
	require.Contains(t, b.says(), "Din arbejdskonto er forbundet.")
	b.forget()
	b.check("oidc me after")
	b.submit("form[action='/me/oidc/drop'] button")
	require.Contains(t, b.says(), "Forbindelsen er fjernet.")
}

// forget forgets what was asked for at the login provider.
func (t *tab) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests = nil
}

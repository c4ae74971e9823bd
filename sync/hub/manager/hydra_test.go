package manager

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
)

// A hydra is a real login provider, Ory Hydra, in a process of its own; it is spoken to
// over TLS, at an address of this test's, which also has what Hydra leaves to others:
// the pages on which somebody logs in and agrees.
type hydra struct {
	t     *testing.T
	srv   *httptest.Server
	admin *http.Client
	down  atomic.Bool

	mu     sync.Mutex
	people map[string]colleague // by what they are called at work
}

// A colleague is what a provider knows of somebody.
type colleague struct {
	Name, ACR string
	Roles     any
}

const hydraSecret = "geheim geheim geheim"

// socket returns a client that finds everything at a socket.
func socket(path string) *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}}
}

// startHydra starts a provider that knows the hub.
func startHydra(w *world) *hydra {
	t, ok := w.t.(*testing.T)
	require.True(w.t, ok)
	build, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(build, "../../../packaging/hydra.sh").Output()
	require.NoError(t, err, "packaging/hydra.sh builds the provider")
	h := &hydra{t: t, people: map[string]colleague{}}

	dir, err := os.MkdirTemp("", "hydra") // sockets have short names
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	public, admin := filepath.Join(dir, "public"), filepath.Join(dir, "admin")
	h.admin = &http.Client{Transport: socket(admin)}
	proxy := &httputil.ReverseProxy{Transport: socket(public), Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: r.In.Host})
		r.Out.Header.Set("X-Forwarded-Proto", "https")
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /app/login", h.login)
	mux.HandleFunc("POST /app/login", h.loggedIn)
	mux.HandleFunc("GET /app/consent", h.consent)
	mux.Handle("/", proxy)
	h.srv = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.down.Load() {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(h.srv.Close)

	file := filepath.Join(dir, "hydra.yaml")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `dsn: memory
log: {level: error}
serve:
  public: {host: "unix:%s"}
  admin: {host: "unix:%s"}
  tls: {allow_termination_from: ["0.0.0.0/0"]}
urls:
  self: {issuer: "%[3]s", public: "%[3]s"}
  login: "%[3]s/app/login"
  consent: "%[3]s/app/consent"
secrets: {system: ["0123456789abcdef0123456789abcdef"]}
`, public, admin, h.srv.URL), 0o600))
	ctx, end := context.WithCancel(context.Background())
	var said bytes.Buffer
	c := exec.CommandContext(ctx, strings.TrimSpace(string(out)), "serve", "all", "--sqa-opt-out", "--config", file)
	c.Stdout, c.Stderr = &said, &said
	require.NoError(t, c.Start())
	t.Cleanup(func() { end(); _ = c.Wait() })
	for until := time.Now().Add(slow); ; time.Sleep(50 * time.Millisecond) {
		if resp, err := h.admin.Get("http://hydra/health/ready"); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Now().After(until) {
			end()
			_ = c.Wait()
			t.Fatalf("hydra does not serve:\n%s", said.String())
		}
	}
	h.ask(http.MethodPost, "/admin/clients", map[string]any{
		"client_id": "tavle", "client_secret": hydraSecret, "scope": "openid profile",
		"redirect_uris":  []string{w.srv.URL + oidcReturn, strings.Replace(w.srv.URL, "127.0.0.1", "localhost", 1) + oidcReturn},
		"response_types": []string{"code"}, "grant_types": []string{"authorization_code"}, "skip_consent": true,
	})
	w.desk.Trust(account.NewProvider(h.trusted()))
	return h
}

// trusted is how a hub is set up to trust it.
func (h *hydra) trusted() account.ProviderOptions {
	roots := x509.NewCertPool()
	roots.AddCert(h.srv.Certificate())
	return account.ProviderOptions{
		Name: "kommunens konto", Issuer: h.srv.URL, ClientID: "tavle", Secret: hydraSecret, Scopes: []string{"profile"},
		ACR: []string{"urn:work:high"}, Claim: "work.roles", Roots: roots, Patience: slow,
		Roles: map[account.Role][]string{
			account.Superuser: {"tavle-super"}, account.Employee: {"tavle-staff"}, account.Auditor: {"tavle-audit"}, account.Support: {"tavle-it"},
		},
	}
}

// ask asks what only its keepers may.
func (h *hydra) ask(method, path string, body any) (said map[string]any) {
	h.t.Helper()
	b, err := json.Marshal(body)
	require.NoError(h.t, err)
	r, err := http.NewRequestWithContext(context.Background(), method, "http://hydra"+path, bytes.NewReader(b))
	require.NoError(h.t, err)
	r.Header.Set("X-Forwarded-Proto", "https")
	resp, err := h.admin.Do(r)
	require.NoError(h.t, err)
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	require.NoError(h.t, err)
	require.Less(h.t, resp.StatusCode, 300, "%s: %s", path, all)
	require.NoError(h.t, json.Unmarshal(all, &said))
	return said
}

// hire has the provider know somebody, or something else of them.
func (h *hydra) hire(who string, c colleague) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.people[who] = c
}

func (h *hydra) colleague(who string) colleague {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.people[who]
}

// onward sends the browser where Hydra says.
func onward(w http.ResponseWriter, r *http.Request, said map[string]any) {
	to, _ := said["redirect_to"].(string)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

var loginPage = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><title>Work</title><main><form method="post" action="/app/login">
<input type="hidden" name="challenge" value="{{.}}"><input id="who" name="who"><button>In</button></form></main></html>`))

// login is the page on which somebody logs in; whoever is in already does not see it,
// unless the hub wants them to.
func (h *hydra) login(w http.ResponseWriter, r *http.Request) {
	challenge := r.URL.Query().Get("login_challenge")
	asked := h.ask(http.MethodGet, "/admin/oauth2/auth/requests/login?login_challenge="+url.QueryEscape(challenge), nil)
	if asked["skip"] == true {
		h.accept(w, r, challenge, fmt.Sprint(asked["subject"]))
		return
	}
	_ = loginPage.Execute(w, challenge)
}

func (h *hydra) loggedIn(w http.ResponseWriter, r *http.Request) {
	h.accept(w, r, r.PostFormValue("challenge"), r.PostFormValue("who"))
}

func (h *hydra) accept(w http.ResponseWriter, r *http.Request, challenge, who string) {
	path := "/admin/oauth2/auth/requests/login/"
	c := h.colleague(who)
	if who == "" {
		onward(w, r, h.ask(http.MethodPut, path+"reject?login_challenge="+url.QueryEscape(challenge), map[string]any{"error": "access_denied"}))
		return
	}
	onward(w, r, h.ask(http.MethodPut, path+"accept?login_challenge="+url.QueryEscape(challenge),
		map[string]any{"subject": who, "acr": c.ACR, "remember": true, "remember_for": 3600}))
}

// consent is where Hydra asks what it may tell the hub.
func (h *hydra) consent(w http.ResponseWriter, r *http.Request) {
	at := "consent_challenge=" + url.QueryEscape(r.URL.Query().Get("consent_challenge"))
	asked := h.ask(http.MethodGet, "/admin/oauth2/auth/requests/consent?"+at, nil)
	c := h.colleague(fmt.Sprint(asked["subject"]))
	onward(w, r, h.ask(http.MethodPut, "/admin/oauth2/auth/requests/consent/accept?"+at, map[string]any{
		"grant_scope": asked["requested_scope"],
		"session":     map[string]any{"id_token": map[string]any{"name": c.Name, "work": map[string]any{"roles": c.Roles}}},
	}))
}

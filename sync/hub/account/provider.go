package account

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tavle/sync/hub/house"
)

// A login provider is where staff log in for everything at their work: the hub sends
// the browser there, and it comes back with a code, for which the provider tells the
// hub who it is (OpenID Connect, authorization code flow with PKCE).
//
// Nothing is asked of it before somebody wants in by it, and a hub serves whether it
// answers or not.

// Why a provider lets nobody in. None says more than these words and, behind them, one
// of a few: what the provider said is nobody's to read.
var (
	ErrAway      = errors.New("the login provider does not answer")
	ErrDeclined  = errors.New("the login provider let nobody in")
	ErrJourney   = errors.New("not begun in this browser, or too long ago")
	ErrUnproven  = errors.New("the login provider's answer does not hold")
	ErrAssurance = errors.New("not logged in as surely as is asked for")
	ErrStale     = errors.New("not logged in just now")
	ErrNoRole    = errors.New("no role at the login provider")
	ErrOff       = errors.New("the account is shut")
	ErrNoSystem  = errors.New("no house, or not said which")
)

// Whatever a provider says is no longer than this, and comes as soon.
const (
	maxAnswer = 1 << 20
	patience  = 5 * time.Second
	awayFor   = 15 * time.Second // then it is asked again
	foundFor  = 24 * time.Hour
)

// ProviderOptions say which provider is trusted, and for what.
type ProviderOptions struct {
	Name     string // what staff call it; ""
	Issuer   string // https://…
	ClientID string
	Secret   string   // "": the hub has none there
	Scopes   []string // besides openid
	// ACR are what the provider may call the way in which somebody logged in
	// ("acr"). Any other is not sure enough.
	ACR []string
	// Claim is where it says what somebody is at work; dots lead into objects.
	Claim string
	// Roles are what it says there of whoever has a role here. Who has several
	// gets the first of [Roles].
	Roles map[Role][]string
	// Departments are what it says there of whoever works in a department; nil:
	// superusers say who does.
	Departments map[string][]house.ID
	System      house.ID       // whose accounts are made; "": the only one's
	Roots       *x509.CertPool // nil: those of the machine
	Patience    time.Duration  // for each answer; 0: 5 seconds
}

// A Provider is a login provider that is trusted.
type Provider struct {
	opt    ProviderOptions
	client *http.Client

	mu    sync.Mutex
	found *discovered
	again time.Time // when it is looked for again
	away  bool
}

// discovered is what a provider says of itself.
type discovered struct {
	*oidc.Provider
	auth oauth2.AuthStyle
}

// NewProvider returns a provider, which it does not ask for anything.
func NewProvider(o ProviderOptions) *Provider {
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // it is one
	t.TLSClientConfig = &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12}
	return &Provider{opt: o, client: &http.Client{
		Transport: bounded{t}, Timeout: cmp.Or(o.Patience, patience),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // secrets go where they were meant to
	}}
}

// bounded cuts off answers that are too long.
type bounded struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = http.MaxBytesReader(nil, resp.Body, maxAnswer)
	}
	return resp, err
}

// Name returns what staff call the provider; "": nothing is known.
func (p *Provider) Name() string { return p.opt.Name }

// Away reports whether the provider did not answer when it was asked last. It does not
// ask.
func (p *Provider) Away() bool {
	if !p.mu.TryLock() { // somebody asks it now
		return false
	}
	defer p.mu.Unlock()
	return p.away
}

// find returns what the provider says of itself. Whoever comes meanwhile waits for the
// same answer, and for a while after none nobody waits.
func (p *Provider) find(ctx context.Context, now time.Time) (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Before(p.again) {
		if p.found == nil {
			return nil, ErrAway
		}
		return p.found, nil
	}
	found, err := p.discover(context.WithoutCancel(ctx)) // it is for those who come after, too
	if p.away = err != nil; p.away {
		p.again = now.Add(awayFor)
		if p.found != nil {
			return p.found, nil
		}
		return nil, errors.Join(ErrAway, err)
	}
	p.found, p.again = found, now.Add(foundFor)
	return found, nil
}

func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.opt.Issuer)
	if err != nil {
		return nil, shortened{err}
	}
	var says struct {
		Keys string   `json:"jwks_uri"`
		Auth []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := found.Claims(&says); err != nil {
		return nil, shortened{err}
	}
	for what, url := range map[string]string{"authorization_endpoint": found.Endpoint().AuthURL, "token_endpoint": found.Endpoint().TokenURL, "jwks_uri": says.Keys} {
		if !strings.HasPrefix(url, "https://") {
			return nil, fmt.Errorf("its %s is not https", what)
		}
	}
	d := &discovered{found, oauth2.AuthStyleInHeader}
	if p.opt.Secret == "" || len(says.Auth) > 0 && !slices.Contains(says.Auth, "client_secret_basic") {
		d.auth = oauth2.AuthStyleInParams
	}
	return d, nil
}

// shortened is an error whose text may be as long as what the provider said.
type shortened struct{ error }

// Error implements error.
func (s shortened) Error() string {
	text := strings.Join(strings.Fields(s.error.Error()), " ")
	if r := []rune(text); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return text
}

// config returns how the hub, at an address, is known to the provider.
func (p *Provider) config(d *discovered, back string) *oauth2.Config {
	at := d.Endpoint()
	at.AuthStyle = d.auth
	return &oauth2.Config{
		ClientID: p.opt.ClientID, ClientSecret: p.opt.Secret, Endpoint: at, RedirectURL: back,
		Scopes: slices.Concat([]string{oidc.ScopeOpenID}, p.opt.Scopes),
	}
}

// redeem has the provider say for a code who came with it, and believes nothing of it
// that it did not sign for this hub and this journey.
func (p *Provider) redeem(ctx context.Context, j journey, code string, now func() time.Time) (c claims, err error) {
	found, err := p.find(ctx, now())
	if err != nil {
		return c, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.config(found, j.Back).Exchange(ctx, code, oauth2.VerifierOption(j.Verifier))
	if refused := new(oauth2.RetrieveError); errors.As(err, &refused) {
		return c, fmt.Errorf("%w: %s", ErrUnproven, known(refused.ErrorCode))
	} else if err != nil {
		return c, fmt.Errorf("%w: no token", ErrAway)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: p.opt.ClientID, Now: now}).Verify(ctx, raw)
	switch expired := new(oidc.TokenExpiredError); {
	case errors.As(err, &expired):
		return c, fmt.Errorf("%w: expired", ErrUnproven)
	case err != nil && strings.Contains(err.Error(), "fetching keys"): // the library has no better word for it
		return c, fmt.Errorf("%w: no keys", ErrAway)
	case err != nil:
		return c, fmt.Errorf("%w: token", ErrUnproven)
	case id.Nonce != j.Nonce:
		return c, fmt.Errorf("%w: nonce", ErrUnproven)
	case id.Subject == "" || len(id.Subject) > 255:
		return c, fmt.Errorf("%w: subject", ErrUnproven)
	case id.Claims(&c.all) != nil:
		return c, fmt.Errorf("%w: claims", ErrUnproven)
	}
	if azp := c.text("azp"); azp != p.opt.ClientID && (azp != "" || len(id.Audience) > 1) {
		return c, fmt.Errorf("%w: authorized party", ErrUnproven)
	}
	if !slices.Contains(p.opt.ACR, c.text("acr")) {
		return c, ErrAssurance
	}
	c.identity = digest(id.Issuer + "\n" + id.Subject)
	return c, nil
}

// refusals are the words by which a provider refuses a code (RFC 6749, 5.2). Others
// are none of ours.
var refusals = []string{"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}

func known(code string) string {
	if slices.Contains(refusals, code) {
		return code
	}
	return "code"
}

// claims are what a provider says of somebody.
type claims struct {
	identity string // what is kept of who they are there
	all      map[string]any
}

// text returns a claim that is a text; "": it is none.
func (c claims) text(name string) string {
	s, _ := c.all[name].(string)
	return s
}

// at returns the moment that a claim says, or the zero time.
func (c claims) at(name string) time.Time {
	if s, ok := c.all[name].(float64); ok && s > 0 && s < 1<<40 {
		return time.Unix(int64(s), 0)
	}
	return time.Time{}
}

// values returns the texts of a claim: it is one, or a list of them. A name with dots
// that is no claim leads into objects.
func (c claims) values(name string) (out []string) {
	var in any = c.all
	if v, ok := c.all[name]; ok {
		in = v
	} else {
		for part := range strings.SplitSeq(name, ".") {
			object, _ := in.(map[string]any)
			in = object[part]
		}
	}
	switch v := in.(type) {
	case string:
		return []string{v}
	case []any:
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

// name returns what somebody is called, as a form takes it.
func (c claims) name() string {
	s := c.text("name")
	if s == "" {
		s = c.text("given_name") + " " + c.text("family_name")
	}
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80])
	}
	return s
}

// role returns what somebody may be here; "": nothing.
func (p *Provider) role(c claims) Role {
	is := c.values(p.opt.Claim)
	for _, r := range Roles() {
		if slices.ContainsFunc(p.opt.Roles[r], func(v string) bool { return slices.Contains(is, v) }) {
			return r
		}
	}
	return ""
}

// departments returns where somebody works; false: superusers say so.
func (p *Provider) departments(c claims) (out []house.ID, said bool) {
	for _, v := range c.values(p.opt.Claim) {
		for _, id := range p.opt.Departments[v] {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	slices.Sort(out)
	return out, len(p.opt.Departments) > 0
}

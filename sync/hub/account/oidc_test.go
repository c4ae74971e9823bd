package account

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// A liar is a login provider that says whatever a test wants, which a real one never
// would. What a real one says is tested in sync/hub/manager.
type liar struct {
	*lobby
	srv    *httptest.Server
	key    *ecdsa.PrivateKey
	says   map[string]any    // what it signs, over what is right
	signs  *ecdsa.PrivateKey // nil: key
	codes  map[string]string // of each the challenge
	down   bool
	long   bool
	noKeys bool
	asked  int
}

// back is where the hub has the browser sent back to.
const back = "https://hub.example.org/oidc/return"

const client = "tavle"

// lied opens a lobby that trusts a provider.
func lied(t *testing.T, edit ...func(*ProviderOptions)) *liar {
	l := &liar{lobby: open(t), says: map[string]any{}, codes: map[string]string{}}
	var err error
	l.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	about := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: l.key.Public(), KeyID: "k", Algorithm: oidc.ES256}}, Algorithms: []string{oidc.ES256}}
	l.srv = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.asked++
		switch {
		case l.down:
			http.Error(w, "down for maintenance "+strings.Repeat("x", 1000), http.StatusServiceUnavailable)
		case l.long:
			_, _ = w.Write([]byte(strings.Repeat(" ", maxAnswer+1)))
		case l.noKeys && r.URL.Path == "/keys":
			http.Error(w, "no", http.StatusBadGateway)
		case r.URL.Path == "/token":
			l.token(w, r)
		default:
			about.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(l.srv.Close)
	about.SetIssuer(l.srv.URL)
	roots := x509.NewCertPool()
	roots.AddCert(l.srv.Certificate())
	o := ProviderOptions{
		Issuer: l.srv.URL, ClientID: client, Secret: "geheim", ACR: []string{"high", "higher"}, Claim: "work.roles", Roots: roots, Patience: time.Minute,
		Roles: map[Role][]string{Superuser: {"boss"}, Employee: {"nurse", "cook"}, Auditor: {"auditor"}, Support: {"it"}},
	}
	for _, e := range edit {
		e(&o)
	}
	l.Trust(NewProvider(o))
	return l
}

// token answers for a code, once, to whoever knows secret and verifier.
func (l *liar) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	challenge, ok := l.codes[r.PostFormValue("code")]
	delete(l.codes, r.PostFormValue("code"))
	w.Header().Set("Content-Type", "application/json")
	switch {
	case id != client || secret != "geheim":
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"error": "invalid_client", "error_description": "Karen Hansen"}`))
	case !ok || challenge != base64.RawURLEncoding.EncodeToString(sum[:]) || r.PostFormValue("redirect_uri") != back:
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error": "invalid_grant"}`))
	default:
		key := l.key
		if l.signs != nil {
			key = l.signs
		}
		claims, _ := json.Marshal(l.says)
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": oidctest.SignIDToken(key, "k", oidc.ES256, string(claims))})
	}
}

// A trip is a browser on its way.
type trip struct {
	Departure
	sent url.Values // what the provider is asked
}

func (l *liar) depart(v *Visitor, why Purpose) trip {
	l.t.Helper()
	dep, err := l.Depart(l.t.Context(), v, why, false, back, "/people", record.Danish)
	require.NoError(l.t, err)
	u, err := url.Parse(dep.Address)
	require.NoError(l.t, err)
	return trip{dep, u.Query()}
}

// login has the provider say what is right, but for what over says instead, and
// returns what the browser brings back.
func (l *liar) login(t trip, over map[string]any) url.Values {
	l.says = map[string]any{
		"iss": l.srv.URL, "aud": client, "sub": "6f0c", "exp": l.at.Add(time.Minute).Unix(), "iat": l.at.Unix(), "auth_time": l.at.Unix(),
		"nonce": t.sent.Get("nonce"), "acr": "high", "name": "Karen Hansen", "work": map[string]any{"roles": []string{"nurse"}},
	}
	maps.Copy(l.says, over)
	code := NewID()
	l.codes[code] = t.sent.Get("code_challenge")
	return url.Values{"code": {code}, "state": {t.sent.Get("state")}, "iss": {l.srv.URL}}
}

// come goes the whole way to log in.
func (l *liar) come(over map[string]any) (Arrival, error) {
	l.t.Helper()
	t := l.depart(nil, ToLogin)
	return l.Return(l.t.Context(), nil, t.Sealed, l.login(t, over), here)
}

func is(roles ...string) map[string]any {
	return map[string]any{"work": map[string]any{"roles": roles}}
}

// R-STA-03, R-IBG-12: whoever the provider lets in has an account of their own, known
// by issuer and subject: the same each time, whatever they are called there. What is
// kept of the subject is a hash.
func TestProviderLetsStaffIn(t *testing.T) {
	l := lied(t)
	trip := l.depart(nil, ToLogin)
	require.True(t, strings.HasPrefix(trip.Address, l.srv.URL+"/"))
	require.Equal(t, "S256", trip.sent.Get("code_challenge_method"))
	require.Equal(t, "code", trip.sent.Get("response_type"))
	require.Equal(t, "high higher", trip.sent.Get("acr_values"))
	require.Equal(t, back, trip.sent.Get("redirect_uri"))
	require.NotContains(t, trip.Address, "prompt")
	for _, secret := range []string{"state", "nonce", "code_challenge"} {
		require.GreaterOrEqual(t, len(trip.sent.Get(secret)), 43, secret)
		require.NotContains(t, trip.Sealed, trip.sent.Get(secret))
	}
	a, err := l.Return(t.Context(), nil, trip.Sealed, l.login(trip, nil), here)
	require.NoError(t, err)
	require.Equal(t, Employee, a.Who.Is())
	require.Equal(t, "Karen Hansen", a.Who.Name.Reveal())
	require.True(t, a.Who.Login.IsZero())
	require.False(t, a.Who.Session.Partial)
	require.True(t, l.Fresh(a.Who))
	require.Len(t, a.Who.Identity, 64)
	_, err = l.Ask(t.Context(), a.Who, ToAdd, "hub.example.org")
	require.ErrorIs(t, err, ErrWrong, "a passkey would let them in after they left")
	who, err := l.Who(t.Context(), a.Token)
	require.NoError(t, err)
	require.Equal(t, a.Who.ID, who.ID)
	require.NoError(t, l.Logout(t.Context(), who))
	_, err = l.Who(t.Context(), a.Token)
	require.ErrorIs(t, err, ErrGone)

	again, err := l.come(map[string]any{"name": "Karen Holm", "email": "other@example.org"})
	require.NoError(t, err)
	require.Equal(t, a.Who.ID, again.Who.ID)
	other, err := l.come(map[string]any{"sub": "7a1d"})
	require.NoError(t, err)
	require.NotEqual(t, a.Who.ID, other.Who.ID, "the same name is not the same person")
	require.Contains(t, l.audit(), "login account")
}

// R-STA-03: nothing is believed that the provider did not sign, for this hub, this
// browser and this once, of a login as sure as is asked for.
func TestWhatAProviderSaysIsNotBelieved(t *testing.T) {
	l := lied(t)
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	for what, c := range map[string]struct {
		over map[string]any
		edit func(url.Values)
		want error
		says string
	}{
		"another nonce":         {over: map[string]any{"nonce": "x"}, want: ErrUnproven, says: "nonce"},
		"no nonce":              {over: map[string]any{"nonce": nil}, want: ErrUnproven, says: "nonce"},
		"another audience":      {over: map[string]any{"aud": "other"}, want: ErrUnproven, says: "token"},
		"for another party":     {over: map[string]any{"aud": []string{client, "other"}, "azp": "other"}, want: ErrUnproven, says: "authorized party"},
		"two without a party":   {over: map[string]any{"aud": []string{client, "other"}}, want: ErrUnproven, says: "authorized party"},
		"another issuer":        {over: map[string]any{"iss": "https://evil.example.org"}, want: ErrUnproven, says: "token"},
		"expired":               {over: map[string]any{"exp": l.at.Add(-time.Second).Unix()}, want: ErrUnproven, says: "expired"},
		"nobody":                {over: map[string]any{"sub": ""}, want: ErrUnproven, says: "subject"},
		"no acr":                {over: map[string]any{"acr": nil}, want: ErrAssurance},
		"a weaker acr":          {over: map[string]any{"acr": "low"}, want: ErrAssurance},
		"an acr that is a list": {over: map[string]any{"acr": []string{"high"}}, want: ErrAssurance},
		"no role":               {over: map[string]any{"work": nil}, want: ErrNoRole},
		"a role of none":        {over: is("guest"), want: ErrNoRole},
		"a role by its e-mail":  {over: map[string]any{"work": nil, "email": "boss"}, want: ErrNoRole},
		"another state":         {edit: func(q url.Values) { q.Set("state", "x") }, want: ErrJourney, says: "state"},
		"no state":              {edit: func(q url.Values) { q.Del("state") }, want: ErrJourney, says: "state"},
		"another code":          {edit: func(q url.Values) { q.Set("code", "x") }, want: ErrUnproven, says: "invalid_grant"},
		"no code":               {edit: func(q url.Values) { q.Del("code") }, want: ErrDeclined},
		"a no":                  {edit: func(q url.Values) { q.Set("error", "access_denied") }, want: ErrDeclined},
		"from another issuer":   {edit: func(q url.Values) { q.Set("iss", "https://evil.example.org") }, want: ErrUnproven, says: "issuer"},
	} {
		trip := l.depart(nil, ToLogin)
		said := l.login(trip, c.over)
		if c.edit != nil {
			c.edit(said)
		}
		_, err := l.Return(t.Context(), nil, trip.Sealed, said, here)
		require.ErrorIs(t, err, c.want, what)
		require.Contains(t, err.Error(), c.says, what)
		require.NotContains(t, err.Error(), "Karen", what)
		l.at = l.at.Add(triesEvery)
	}
	signed := func(by *ecdsa.PrivateKey) error {
		l.signs = by
		_, err := l.come(nil)
		l.signs = nil
		return err
	}
	require.ErrorIs(t, signed(stranger), ErrUnproven)
	require.NoError(t, signed(l.key))

	// Once, in the browser that set out, and soon.
	trip := l.depart(nil, ToLogin)
	said := l.login(trip, nil)
	for _, cookie := range []string{"", "AAAA", l.depart(nil, ToLogin).Sealed} {
		_, err = l.Return(t.Context(), nil, cookie, said, here)
		require.ErrorIs(t, err, ErrJourney)
	}
	_, err = l.Return(t.Context(), nil, trip.Sealed, said, here)
	require.NoError(t, err)
	_, err = l.Return(t.Context(), nil, trip.Sealed, said, here)
	require.ErrorIs(t, err, ErrJourney)
	require.Contains(t, err.Error(), "again")
	trip = l.depart(nil, ToLogin)
	l.at = l.at.Add(JourneyLife)
	_, err = l.Return(t.Context(), nil, trip.Sealed, l.login(trip, nil), here)
	require.ErrorIs(t, err, ErrJourney)
	require.Contains(t, err.Error(), "late")

	// What was sealed as a question to a passkey is no journey, and the other way round.
	q, err := l.Ask(t.Context(), nil, ToLogin, "hub.example.org")
	require.NoError(t, err)
	_, err = l.Return(t.Context(), nil, q.Sealed, said, here)
	require.ErrorIs(t, err, ErrJourney)
	_, err = l.question(t.Context(), trip.Sealed, ToLogin)
	require.ErrorIs(t, err, ErrWrong)
}

// R-STA-07: what the provider says somebody is gives them their role, each time: none
// takes it away, and their sessions with it.
func TestClaimsGiveTheRole(t *testing.T) {
	l := lied(t)
	l.first()
	for says, want := range map[string]Role{"boss": Superuser, "nurse": Employee, "cook": Employee, "auditor": Auditor, "it": Support} {
		a, err := l.come(is("x", says))
		require.NoError(t, err)
		require.Equal(t, want, a.Who.Is(), says)
		l.at = l.at.Add(triesEvery)
	}
	a, err := l.come(is("nurse", "boss"))
	require.NoError(t, err)
	require.Equal(t, Superuser, a.Who.Is(), "the first there is")
	require.True(t, a.Who.May(Accounts))
	a, err = l.come(map[string]any{"work.roles": "nurse"})
	require.NoError(t, err)
	require.Equal(t, Employee, a.Who.Is(), "a claim of that very name goes first, and may be one text")

	_, err = l.come(is())
	require.ErrorIs(t, err, ErrNoRole)
	_, err = l.Who(t.Context(), a.Token)
	require.ErrorIs(t, err, ErrGone, "what they had open is closed")
	now := l.account(a.Who.ID)
	require.Empty(t, now.Role)
	require.False(t, Role(now.Role).May(Content))
	a, err = l.come(is("nurse"))
	require.NoError(t, err)
	require.Equal(t, now.ID, a.Who.ID)
	require.Contains(t, l.audit(), "role of login provider account")
	require.Contains(t, l.audit(), "login refused account")
}

// account returns an account as it is.
func (l *lobby) account(id string) (a store.Account) {
	l.t.Helper()
	require.NoError(l.t, l.store.View(l.t.Context(), l.itself(org), func(v store.View) (err error) {
		a, err = v.Account(l.t.Context(), id)
		return err
	}))
	return a
}

// Departments come from the claims where the hub's configuration says which; elsewhere
// superusers say who works where, and a login leaves that as it is.
func TestClaimsGiveTheDepartments(t *testing.T) {
	l := lied(t, func(o *ProviderOptions) {
		o.Departments = map[string][]house.ID{"house 2": {"dep-2"}, "all": {"dep-2", "dep-1"}}
	})
	for says, want := range map[string][]house.ID{"house 2": {"dep-2"}, "all": {"dep-1", "dep-2"}, "none": nil} {
		a, err := l.come(is("nurse", says))
		require.NoError(t, err)
		require.Equal(t, want, a.Who.Departments, says)
	}
	l = lied(t)
	l.first()
	a, err := l.come(nil)
	require.NoError(t, err)
	boss := store.Actor{Org: org, Kind: store.ByStaff, ID: "boss"}
	require.NoError(t, l.Set(t.Context(), boss, a.Who.ID, func(a *store.Account) { a.Departments = []house.ID{"dep-1"} }))
	a, err = l.come(nil)
	require.NoError(t, err)
	require.Equal(t, []house.ID{"dep-1"}, a.Who.Departments)
}

// R-IBG-37: whoever staff have shut out stays out, though the provider lets them in.
func TestWhoeverLeftStaysOut(t *testing.T) {
	l := lied(t)
	l.first()
	a, err := l.come(nil)
	require.NoError(t, err)
	boss := store.Actor{Org: org, Kind: store.ByStaff, ID: "boss"}
	require.NoError(t, l.Set(t.Context(), boss, a.Who.ID, func(a *store.Account) { a.Off = true }))
	_, err = l.Who(t.Context(), a.Token)
	require.ErrorIs(t, err, ErrGone)
	_, err = l.come(is("boss"))
	require.ErrorIs(t, err, ErrOff)
	require.Equal(t, string(Employee), l.account(a.Who.ID).Role)
	require.Contains(t, l.audit(), "login refused account")
}

// The last superuser who can log in without the provider is one whatever it says, and
// one whom it lets in does not count as that.
func TestLastSuperuserIsNotLockedOut(t *testing.T) {
	l := lied(t)
	secret := l.first()
	_, v, err := l.Login(t.Context(), "mette", words, here)
	require.NoError(t, err)
	code, err := TOTPCode(secret, l.at)
	require.NoError(t, err)
	_, v, err = l.Second(t.Context(), v, code)
	require.NoError(t, err)

	trip := l.depart(v, ToLink)
	require.Equal(t, "login", trip.sent.Get("prompt"))
	require.Equal(t, "0", trip.sent.Get("max_age"))
	_, err = l.Return(t.Context(), v, trip.Sealed, l.login(trip, map[string]any{"auth_time": l.at.Add(-time.Hour).Unix()}), here)
	require.ErrorIs(t, err, ErrStale)
	trip = l.depart(v, ToLink)
	_, err = l.Return(t.Context(), nil, trip.Sealed, l.login(trip, nil), here)
	require.ErrorIs(t, err, ErrJourney, "whoever set out has to come back")
	trip = l.depart(v, ToLink)
	a, err := l.Return(t.Context(), v, trip.Sealed, l.login(trip, is()), here)
	require.NoError(t, err)
	require.Equal(t, ToLink, a.Purpose)

	boss, err := l.come(map[string]any{"sub": "boss", "work": map[string]any{"roles": "boss"}})
	require.NoError(t, err)
	require.Equal(t, Superuser, boss.Who.Is())
	a, err = l.come(is())
	require.NoError(t, err)
	require.Equal(t, v.ID, a.Who.ID)
	require.Equal(t, Superuser, a.Who.Is())
	require.ErrorIs(t, l.Set(t.Context(), boss.Who.Actor(), v.ID, func(a *store.Account) { a.Role = string(Employee) }), ErrLast)
	require.ErrorIs(t, l.Drop(t.Context(), boss.Who.Actor(), v.ID), ErrLast)
	codes, err := l.Bootstrap(t.Context())
	require.NoError(t, err)
	require.Empty(t, codes)

	require.ErrorIs(t, l.Unlink(t.Context(), boss.Who), ErrWrong, "it is their only way in")
	require.NoError(t, l.Unlink(t.Context(), a.Who))
	_, err = l.come(is())
	require.ErrorIs(t, err, ErrNoRole)
	require.Contains(t, l.audit(), "link login account")
	require.Contains(t, l.audit(), "unlink login account")
}

// An account that the provider made is none for the first superuser to come in by.
func TestFirstSuperuserIsNotTheProviders(t *testing.T) {
	l := lied(t)
	a, err := l.come(is("boss"))
	require.NoError(t, err)
	codes, err := l.Bootstrap(t.Context())
	require.NoError(t, err)
	who, err := l.Invited(t.Context(), codes[org], here)
	require.NoError(t, err)
	require.NotEqual(t, a.Who.ID, who.ID)
}

// R-STA-03: before what cannot be undone the provider lets somebody in once more, just
// now, and them alone; a login of this morning is none.
func TestProviderProvesWhoSomebodyIs(t *testing.T) {
	l := lied(t)
	a, err := l.come(map[string]any{"auth_time": l.at.Add(-time.Hour).Unix()})
	require.NoError(t, err)
	require.False(t, l.Fresh(a.Who), "they were let in without being asked anything")
	a, err = l.come(map[string]any{"auth_time": nil})
	require.NoError(t, err)
	require.False(t, l.Fresh(a.Who))
	prove := func(over map[string]any) error {
		trip := l.depart(a.Who, ToProve)
		require.Equal(t, "login", trip.sent.Get("prompt"))
		got, err := l.Return(t.Context(), a.Who, trip.Sealed, l.login(trip, over), here)
		if err == nil {
			require.Equal(t, "/people", got.Then)
			require.Empty(t, got.Token)
		}
		return err
	}
	for what, c := range map[string]struct {
		over map[string]any
		want error
	}{
		"before they were asked": {map[string]any{"auth_time": l.at.Add(-2 * time.Minute).Unix()}, ErrStale},
		"it is not said when":    {map[string]any{"auth_time": nil}, ErrStale},
		"somebody else":          {map[string]any{"sub": "7a1d"}, ErrUnproven},
		"not sure enough":        {map[string]any{"acr": "low"}, ErrAssurance},
	} {
		require.ErrorIs(t, prove(c.over), c.want, what)
		require.False(t, l.Fresh(a.Who))
	}
	require.NoError(t, prove(nil))
	who, err := l.Who(t.Context(), a.Token)
	require.NoError(t, err)
	require.True(t, l.Fresh(who))
	l.at = l.at.Add(ProofLife)
	require.ErrorIs(t, prove(is("auditor")), ErrGone, "they are something else now")
	_, err = l.Who(t.Context(), a.Token)
	require.ErrorIs(t, err, ErrGone)
	_, err = l.Depart(t.Context(), &Visitor{}, ToProve, false, back, "/", record.Danish)
	require.ErrorIs(t, err, ErrWrong, "who is nobody there")
}

// A provider that is down, or says too much, is asked no more for a while, and keeps
// nobody waiting; a hub that nobody wants into by it asks nothing.
func TestProviderMayBeDown(t *testing.T) {
	l := lied(t)
	require.Zero(t, l.asked)
	l.down = true
	for range 3 {
		_, err := l.Depart(t.Context(), nil, ToLogin, false, back, "/", record.Danish)
		require.ErrorIs(t, err, ErrAway)
		require.Less(t, len(err.Error()), 300)
	}
	require.Equal(t, 1, l.asked)
	require.True(t, l.Provider().Away())
	l.down, l.long = false, true
	l.at = l.at.Add(awayFor)
	_, err := l.Depart(t.Context(), nil, ToLogin, false, back, "/", record.Danish)
	require.ErrorIs(t, err, ErrAway)
	l.long = false
	l.at = l.at.Add(awayFor)
	l.noKeys = true
	_, err = l.come(nil)
	require.ErrorIs(t, err, ErrAway)
	l.noKeys = false
	_, err = l.come(nil)
	require.NoError(t, err)
	require.False(t, l.Provider().Away())

	trip := l.depart(nil, ToLogin)
	said := l.login(trip, nil)
	l.srv.Close()
	_, err = l.Return(t.Context(), nil, trip.Sealed, said, here)
	require.ErrorIs(t, err, ErrAway, "while somebody was there")
	_, err = l.Depart(t.Context(), nil, ToLogin, false, back, "/", record.Danish)
	require.NoError(t, err, "what it says of itself is known for a day")

	none := open(t)
	_, err = none.Depart(t.Context(), nil, ToLogin, false, back, "/", record.Danish)
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = none.Return(t.Context(), nil, "", nil, here)
	require.ErrorIs(t, err, store.ErrNotFound)
}

// Whoever the hub has no house for, or does not know which, is not let in.
func TestProviderOfSeveralHouses(t *testing.T) {
	l := lied(t)
	require.NoError(t, l.store.Update(t.Context(), store.Actor{Org: "other", Kind: store.ByHub, At: l.at}, func(tx store.Tx) error {
		return tx.Put(t.Context(), &house.System{ID: "other", Name: record.Text{"da": "Det andet"}, Controller: house.Party{Name: record.Text{"da": "Kommunen"}}})
	}))
	_, err := l.come(nil)
	require.ErrorIs(t, err, ErrNoSystem)
	for system, want := range map[house.ID]error{"other": nil, "none": ErrNoSystem} {
		l.Provider().opt.System = system
		a, err := l.come(map[string]any{"sub": string(system)})
		require.ErrorIs(t, err, want)
		if want == nil {
			require.Equal(t, system, a.Who.Org)
		}
	}
}

package manager

import (
	"errors"
	"net/http"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/record"
)

// Staff come in by the login provider of their work (OIDC):
//
//	/oidc/login    sends the browser there; with ?anew, to be asked who it is
//	/oidc/prove    does so once more, before what cannot be undone
//	/oidc/link     does so for somebody who came in otherwise, and will by this
//	/oidc/return   is where it comes back to
//
// These are links and no forms: a form may lead to the hub alone.
var _ = add(page{Name: "oidc", Routes: []route{
	{"GET /oidc/login", account.Public, func(v *visit) error { return v.depart(account.ToLogin) }},
	{"GET /oidc/prove", account.Self, func(v *visit) error { return v.depart(account.ToProve) }},
	{"GET /oidc/link", account.Self, func(v *visit) error { return v.depart(account.ToLink) }},
	{"GET " + oidcReturn, account.Public, (*visit).returned},
	{"POST /me/oidc/drop", account.Self, (*visit).unlink},
}})

// oidcReturn is the path that the provider has to know.
const oidcReturn = "/oidc/return"

// cookieJourney is what a browser keeps while it is at the login provider.
const cookieJourney = "__Host-journey"

// A providerSheet is what pages say of the login provider.
type providerSheet struct {
	Name string // ""
	Away bool   // it did not answer last time
}

// Provider returns the login provider, or nil.
func (s *sheet) Provider() *providerSheet {
	p := s.desk.Provider()
	if p == nil {
		return nil
	}
	return &providerSheet{p.Name(), p.Away()}
}

// turnedAway are the words, under "oidc.", for why nobody came in, and what it is to
// whoever reads the log.
var turnedAway = []struct {
	err    error
	word   string
	denial hub.Denial
}{
	{account.ErrAway, "away", hub.DeniedProvider},
	{account.ErrDeclined, "declined", hub.DeniedLogin},
	{account.ErrJourney, "journey", hub.DeniedProvider},
	{account.ErrUnproven, "unproven", hub.DeniedProvider},
	{account.ErrAssurance, "assurance", hub.DeniedAssurance},
	{account.ErrStale, "stale", hub.DeniedAssurance},
	{account.ErrNoRole, "no_role", hub.DeniedRole},
	{account.ErrOff, "off", hub.DeniedLogin},
	{account.ErrNoSystem, "no_system", hub.DeniedRole},
	{account.ErrRate, "rate", hub.DeniedRate},
	{account.ErrWrong, "declined", hub.DeniedLogin},
}

// why returns the words for why nobody came in, which the address has, or "".
func (v *visit) why() string {
	said := v.r.URL.Query().Get("why")
	for _, n := range turnedAway {
		if said == n.word {
			return "oidc." + said
		}
	}
	return ""
}

// problemStatus is the status of a page that says a problem, or none.
func problemStatus(problem string) int {
	if problem != "" {
		return http.StatusForbidden
	}
	return http.StatusOK
}

// turnedBack says on the page somebody came from why it did not go on.
func (v *visit) turnedBack(why account.Purpose, then string, err error) error {
	for _, n := range turnedAway {
		if !errors.Is(err, n.err) {
			continue
		}
		v.hub.DenyFor(v.ctx(), n.denial, err)
		switch why {
		case account.ToProve:
			return v.to("/proof?then=" + then + "&why=" + n.word)
		case account.ToLink:
			return v.to("/me?why=" + n.word)
		}
		return v.to("/login?why=" + n.word)
	}
	return err
}

// journey has the browser keep what it needs at the login provider; "" takes it away.
func (v *visit) journey(sealed string) {
	c := &http.Cookie{
		Name: cookieJourney, Value: sealed, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		MaxAge: int(account.JourneyLife.Seconds()),
	}
	if sealed == "" {
		c.MaxAge = -1
	}
	http.SetCookie(v.w, c)
}

func (v *visit) depart(why account.Purpose) error {
	if v.who != nil && why == account.ToLogin {
		return v.inside()
	}
	then := v.r.URL.Query().Get("then")
	if !local(then) {
		then = "/"
	}
	d, err := v.desk.Depart(v.ctx(), v.who, why, v.r.URL.Query().Has("anew"), "https://"+v.r.Host+oidcReturn, then, record.Lang(v.lang))
	if err != nil {
		return v.turnedBack(why, then, err)
	}
	v.journey(d.Sealed)
	http.Redirect(v.w, v.r, d.Address, http.StatusSeeOther)
	return nil
}

func (v *visit) returned() error {
	sealed := ""
	if c, err := v.r.Cookie(cookieJourney); err == nil {
		sealed = c.Value
	}
	v.journey("")
	a, err := v.desk.Return(v.ctx(), v.who, sealed, v.r.URL.Query(), v.from())
	switch {
	case err != nil:
		return v.turnedBack(a.Purpose, a.Then, err)
	case a.Purpose == account.ToLink:
		return v.done("/me", "linked")
	case a.Purpose == account.ToProve:
		return v.to(a.Then)
	}
	return v.entered(a.Token, a.Who)
}

func (v *visit) unlink() error {
	if !v.desk.Fresh(v.who) {
		return errProof
	}
	err := v.desk.Unlink(v.ctx(), v.who)
	if errors.Is(err, account.ErrWrong) {
		return v.showMe(http.StatusUnprocessableEntity, "oidc.only")
	}
	if err != nil {
		return err
	}
	return v.done("/me", "unlinked")
}

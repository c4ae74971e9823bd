package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// ToLink is what a login provider is asked for by somebody who can log in already: to
// let them in from now on.
const ToLink Purpose = "link"

// JourneyLife is how long somebody may take at the login provider.
const JourneyLife = 10 * time.Minute

// clockSlack is how far the provider's clock may be off.
const clockSlack = time.Minute

// A journey is somebody on their way to the login provider and back. It travels in a
// cookie, sealed: what is not in the same browser is no answer to it.
type journey struct {
	Purpose  Purpose
	Account  string // whose it is; "": whoever comes back
	State    string // in the address, there and back
	Nonce    string // in what the provider signs
	Verifier string // shown with the code (PKCE)
	Back     string // where the browser is sent back to
	Then     string // where somebody wants to go
	Lang     record.Lang
	Began    time.Time
}

// A Departure is how a journey begins.
type Departure struct {
	Address string // where the browser is sent
	Sealed  string // what it keeps meanwhile
}

// An Arrival is how a journey ends well.
type Arrival struct {
	Purpose Purpose
	Token   string   // of a new session; "": the one there was goes on
	Who     *Visitor // nil: as before
	Then    string
}

// Trust has staff let in by a login provider; nil: by none.
func (d *Desk) Trust(p *Provider) { d.provider = p }

// Provider returns the login provider that is trusted, or nil.
func (d *Desk) Provider() *Provider { return d.provider }

// Depart begins a journey, of v, or, to log in, of whoever it is. Back is the address
// in the hub to which the provider sends the browser. Anew has somebody log in there
// who is in already: it may be somebody else who sits there now. Whoever proves who they
// are always does.
func (d *Desk) Depart(ctx context.Context, v *Visitor, why Purpose, anew bool, back, then string, lang record.Lang) (dep Departure, err error) {
	p := d.provider
	switch {
	case p == nil:
		return dep, store.ErrNotFound
	case why == ToProve && v.Identity == "":
		return dep, ErrWrong
	case why == ToLink && (v.Session.Partial || v.Identity != "" || !d.Fresh(v)):
		return dep, ErrWrong
	}
	now := d.now()
	found, err := p.find(ctx, now)
	if err != nil {
		return dep, err
	}
	j := journey{why, "", token(), token(), oauth2.GenerateVerifier(), back, then, lang, now}
	with := []oauth2.AuthCodeOption{
		oidc.Nonce(j.Nonce), oauth2.S256ChallengeOption(j.Verifier),
		oauth2.SetAuthURLParam("acr_values", strings.Join(p.opt.ACR, " ")), oauth2.SetAuthURLParam("ui_locales", string(lang)),
	}
	if why != ToLogin {
		j.Account = v.ID
		with = append(with, oauth2.SetAuthURLParam("max_age", "0"))
	}
	if anew || why != ToLogin {
		with = append(with, oauth2.SetAuthURLParam("prompt", "login"))
	}
	dep.Address = p.config(found, back).AuthCodeURL(j.State, with...)
	dep.Sealed, err = d.seal(ctx, sealsJourneys, j)
	return dep, err
}

// Return ends a journey: sealed is what the browser kept, said what the provider had it
// bring.
func (d *Desk) Return(ctx context.Context, v *Visitor, sealed string, said url.Values, from string) (a Arrival, err error) {
	p := d.provider
	if p == nil {
		return a, store.ErrNotFound
	}
	if !d.Spare(from) {
		return a, ErrRate
	}
	var j journey
	if err := d.unseal(ctx, sealsJourneys, sealed, &j); err != nil {
		return a, fmt.Errorf("%w: cookie", ErrJourney)
	}
	a = Arrival{Purpose: j.Purpose, Then: j.Then}
	now := d.now()
	switch {
	case subtle.ConstantTimeCompare([]byte(j.State), []byte(said.Get("state"))) != 1:
		return a, fmt.Errorf("%w: state", ErrJourney)
	case now.Sub(j.Began) >= JourneyLife:
		return a, fmt.Errorf("%w: late", ErrJourney)
	case j.Account != "" && (v == nil || v.ID != j.Account):
		return a, fmt.Errorf("%w: another account", ErrJourney)
	case !d.once(j.Nonce, j.Began.Add(JourneyLife)):
		return a, fmt.Errorf("%w: again", ErrJourney)
	case said.Get("iss") != "" && said.Get("iss") != p.opt.Issuer:
		return a, fmt.Errorf("%w: issuer", ErrUnproven)
	case said.Get("error") != "", said.Get("code") == "":
		return a, ErrDeclined
	}
	c, err := p.redeem(ctx, j, said.Get("code"), d.now)
	if err != nil {
		return a, err
	}
	// Whoever proves who they are does so now, and not by a login of this morning.
	fresh := c.at("auth_time").After(j.Began.Add(-clockSlack))
	switch {
	case j.Purpose != ToLogin && !fresh:
		return a, ErrStale
	case j.Purpose == ToLink:
		return a, d.link(ctx, v, c)
	case j.Purpose == ToProve && c.identity != v.Identity:
		return a, fmt.Errorf("%w: another identity", ErrUnproven)
	}
	who, changed, err := d.arrived(ctx, p, c, j.Lang)
	switch {
	case err != nil:
		return a, err
	case j.Purpose == ToLogin:
		proved := c.at("auth_time")
		if proved.After(now) {
			proved = now
		}
		a.Token, a.Who, err = d.start(ctx, who, store.Session{Until: now.Add(Day), Proved: proved}, anybody)
		return a, err
	case changed:
		return a, ErrGone // as what they were logged in, they are not any more
	}
	return a, d.proved(ctx, v)
}

// link has a provider let somebody in who can log in without.
func (d *Desk) link(ctx context.Context, v *Visitor, c claims) error {
	if !d.Fresh(v) {
		return ErrStale
	}
	return d.store.Update(ctx, d.of(v.Account), func(tx store.Tx) error {
		own := tx.Own()
		a, err := own.Account(ctx, v.ID)
		if err != nil {
			return err
		}
		a.Identity = c.identity
		if err := own.PutAccount(ctx, a); err != nil {
			return err
		}
		return own.NoteOf(ctx, "link login", kindAccount, house.ID(v.ID))
	})
}

// Unlink has the provider let somebody in no more. Who has no other way in keeps it.
func (d *Desk) Unlink(ctx context.Context, v *Visitor) error {
	return d.store.Update(ctx, d.of(v.Account), func(tx store.Tx) error {
		own := tx.Own()
		a, err := own.Account(ctx, v.ID)
		switch {
		case err != nil:
			return err
		case a.Identity == "":
			return store.ErrNotFound
		case a.Login.IsZero():
			return ErrWrong
		}
		a.Identity = ""
		if err := own.PutAccount(ctx, a); err != nil {
			return err
		}
		return own.NoteOf(ctx, "unlink login", kindAccount, house.ID(v.ID))
	})
}

// arrived returns the account of whom the provider let in, as what it says they are: a
// new one, or what was theirs with the role that they have now. Changed: their sessions
// ended, because it is another.
func (d *Desk) arrived(ctx context.Context, p *Provider, c claims, lang record.Lang) (a store.Account, changed bool, err error) {
	var systems []house.ID
	err = d.store.View(ctx, d.itself(""), func(v store.View) (err error) {
		if systems, err = v.Systems(ctx); err == nil {
			a, err = v.AccountBy(ctx, c.identity)
		}
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		a, err = d.join(ctx, p, c, systems, lang)
	case err == nil:
		changed, err = d.settle(ctx, p, c, &a)
	}
	return a, changed, err
}

// join makes the account of somebody who comes for the first time.
func (d *Desk) join(ctx context.Context, p *Provider, c claims, systems []house.ID, lang record.Lang) (a store.Account, err error) {
	role, org := p.role(c), p.opt.System
	if org == "" && len(systems) == 1 {
		org = systems[0]
	}
	switch {
	case role == "":
		return a, ErrNoRole
	case !slices.Contains(systems, org):
		return a, ErrNoSystem
	}
	a = store.Account{ID: NewID(), Org: org, Identity: c.identity, Role: string(role), Language: lang}
	if n := c.name(); n != "" {
		a.Name = record.NameOf(n)
	}
	a.Departments, _ = p.departments(c)
	return a, d.store.Update(ctx, d.itself(org), func(tx store.Tx) error { return tx.PutAccount(ctx, a) })
}

// settle gives an account the role that the provider says, or takes it away. What staff
// here have shut stays shut; and the last who looks after accounts without the provider
// goes on to, whatever it says.
func (d *Desk) settle(ctx context.Context, p *Provider, c claims, a *store.Account) (changed bool, err error) {
	role := p.role(c)
	depts, said := p.departments(c)
	var refused error
	err = d.store.Update(ctx, d.itself(a.Org), func(tx store.Tx) error {
		changed, refused = false, nil
		if err := tx.Lock(ctx); err != nil {
			return err
		}
		now, err := tx.Account(ctx, a.ID)
		if err != nil {
			return err
		}
		all, err := tx.Accounts(ctx)
		if err != nil {
			return err
		}
		*a = now
		switch {
		case now.Off:
			refused = ErrOff
			return tx.NoteOf(ctx, "login refused", kindAccount, house.ID(a.ID))
		case role != Superuser && isKeeper(now) && !slices.ContainsFunc(all, func(o store.Account) bool { return o.ID != a.ID && isKeeper(o) }):
			return nil
		}
		if !said {
			depts = now.Departments
		}
		if changed = a.Role != string(role) || !slices.Equal(a.Departments, depts); changed {
			a.Role, a.Departments = string(role), depts
			err = tx.PutAccount(ctx, *a)
			if err == nil {
				err = tx.NoteOf(ctx, "role of login provider", kindAccount, house.ID(a.ID))
			}
			if err == nil {
				err = tx.DropSessionsOf(ctx, a.ID)
			}
		}
		if err == nil && role == "" {
			refused = ErrNoRole
			err = tx.NoteOf(ctx, "login refused", kindAccount, house.ID(a.ID))
		}
		return err
	})
	if err == nil {
		err = refused
	}
	return changed, err
}

// isKeeper reports whether somebody looks after accounts, and can log in without a
// provider.
func isKeeper(a store.Account) bool {
	return a.Role == string(Superuser) && !a.Off && !a.Login.IsZero()
}

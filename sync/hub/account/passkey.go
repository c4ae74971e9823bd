package account

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// A passkey proves who somebody is by itself: it is on something they have, and asks
// them for a finger, a face or a PIN before it says anything. What the hub asks and
// what it is answered go through the browser. The question comes back sealed, so any
// hub on the same store can take the answer, and once.

// A Purpose says what a passkey is asked for. What was asked for one is good for no
// other.
type Purpose string

// The purposes.
const (
	ToLogin Purpose = "login"
	ToAdd   Purpose = "add"   // a new one
	ToProve Purpose = "prove" // once more, before what cannot be undone
)

// A Question is what the browser asks the passkey.
type Question struct {
	Options json.RawMessage `json:"options"` // for navigator.credentials
	Sealed  string          `json:"sealed"`  // comes back with the answer
}

// ErrNoName is returned where there can be no passkey: a browser that knows the hub
// by a number, and not by a name.
var ErrNoName = errors.New("passkeys need the hub's name, not its number")

// questionLife is how long an answer may take.
const questionLife = 5 * time.Minute

// maxPasskeys is how many an account may have.
const maxPasskeys = 10

// A sealed question is what the hub has to remember of it.
type sealed struct {
	Purpose Purpose
	Account string // "": whoever's passkey it is
	Session webauthn.SessionData
	Until   time.Time
}

// party returns who asks, at the address in the browser: HOST or HOST:PORT.
func party(at string) (*webauthn.WebAuthn, error) {
	host, _, err := net.SplitHostPort(at)
	if err != nil {
		host = at
	}
	if host == "" || net.ParseIP(host) != nil {
		return nil, ErrNoName
	}
	return webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Tavle", RPOrigins: []string{"https://" + at},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
		AttestationPreference: protocol.PreferNoAttestation,
	})
}

// An owner is an account as the library sees it. It implements [webauthn.User].
type owner struct{ store.Account }

// WebAuthnID implements [webauthn.User].
func (o owner) WebAuthnID() []byte { return []byte(o.ID) }

// WebAuthnName implements [webauthn.User]: what the device shows its owner.
func (o owner) WebAuthnName() string { return o.Login.Reveal() }

// WebAuthnDisplayName implements [webauthn.User].
func (o owner) WebAuthnDisplayName() string { return o.Login.Reveal() }

// WebAuthnCredentials implements [webauthn.User].
func (o owner) WebAuthnCredentials() (out []webauthn.Credential) {
	for _, p := range o.Passkeys {
		var c webauthn.Credential
		if json.Unmarshal(p.Doc, &c) == nil {
			out = append(out, c)
		}
	}
	return out
}

// Ask returns what a browser at an address is to ask a passkey: of v, or, to log in,
// of whoever has one.
func (d *Desk) Ask(ctx context.Context, v *Visitor, why Purpose, at string) (q Question, err error) {
	p, err := party(at)
	if err != nil {
		return q, err
	}
	s := sealed{Purpose: why, Until: d.now().Add(questionLife)}
	var options any
	var session *webauthn.SessionData
	switch why {
	case ToLogin:
		options, session, err = p.BeginDiscoverableLogin()
	case ToProve:
		s.Account = v.ID
		options, session, err = p.BeginLogin(owner{v.Account})
	case ToAdd:
		if err := d.mayAdd(v); err != nil {
			return q, err
		}
		var has []protocol.CredentialDescriptor
		for _, c := range (owner{v.Account}).WebAuthnCredentials() {
			has = append(has, c.Descriptor())
		}
		s.Account = v.ID
		options, session, err = p.BeginRegistration(owner{v.Account}, webauthn.WithExclusions(has))
	}
	if err != nil {
		return q, errors.Join(ErrWrong, err)
	}
	s.Session = *session
	s.Session.Expires = time.Time{} // the hub's own clock says when it is over
	if q.Options, err = json.Marshal(options); err != nil {
		return q, err
	}
	q.Sealed, err = d.seal(ctx, sealsQuestions, s)
	return q, err
}

// mayAdd says whether somebody may add a passkey: with half a session, only who has no
// second proof yet; with a whole one, only who proved just now who they are. Whoever
// comes in by the login provider alone has none: it would let them in after they left.
func (d *Desk) mayAdd(v *Visitor) error {
	switch {
	case len(v.Passkeys) >= maxPasskeys, v.Login.IsZero():
		return ErrWrong
	case v.Session.Partial && (v.TOTP != "" || len(v.Passkeys) > 0), !v.Session.Partial && !d.Fresh(v):
		return ErrWrong
	}
	return nil
}

// question returns a sealed question that was asked for a purpose, and not answered yet.
func (d *Desk) question(ctx context.Context, text string, why Purpose) (s sealed, err error) {
	if err := d.unseal(ctx, sealsQuestions, text, &s); err != nil {
		return s, err
	}
	if s.Purpose != why || !d.now().Before(s.Until) || !d.once(s.Session.Challenge, s.Until) {
		return sealed{}, ErrWrong
	}
	return s, nil
}

// PasskeyLogin takes a passkey's answer and begins the whole session of its owner.
func (d *Desk) PasskeyLogin(ctx context.Context, at, question string, answer []byte, from string) (string, *Visitor, error) {
	if !d.Spare(from) {
		return "", nil, ErrRate
	}
	a, err := d.answer(ctx, nil, ToLogin, at, question, answer)
	if err != nil {
		return "", nil, err
	}
	return d.begin(ctx, a, false, anybody)
}

// ProvePasskey proves once more who somebody is.
func (d *Desk) ProvePasskey(ctx context.Context, v *Visitor, at, question string, answer []byte) error {
	if _, err := d.answer(ctx, v, ToProve, at, question, answer); err != nil {
		return err
	}
	return d.proved(ctx, v)
}

// answer checks the answer of a passkey: of v's, or of whoever's.
func (d *Desk) answer(ctx context.Context, v *Visitor, why Purpose, at, question string, answer []byte) (a store.Account, err error) {
	p, err := party(at)
	if err != nil {
		return a, err
	}
	s, err := d.question(ctx, question, why)
	if err != nil {
		return a, err
	}
	said, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return a, ErrWrong
	}
	var used *webauthn.Credential
	if v != nil {
		if a = v.Account; s.Account != a.ID {
			return a, ErrWrong
		}
		used, err = p.ValidateLogin(owner{a}, s.Session, said)
	} else {
		used, err = p.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
			err := d.store.View(ctx, d.itself(""), func(v store.View) (err error) {
				a, err = v.Account(ctx, string(handle))
				return err
			})
			return owner{a}, err
		}, s.Session, said)
	}
	if err != nil || a.Off || used.Authenticator.CloneWarning {
		if a.ID != "" {
			return a, d.missed(ctx, a)
		}
		return a, ErrWrong
	}
	return a, d.keepPasskey(ctx, a.ID, used)
}

// keepPasskey stores what the library knows of a passkey now: how often it was used.
func (d *Desk) keepPasskey(ctx context.Context, id string, used *webauthn.Credential) error {
	doc, err := json.Marshal(used)
	if err != nil {
		return err
	}
	return d.store.Update(ctx, d.itself(""), func(tx store.Tx) error {
		a, err := tx.Account(ctx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(a.Passkeys, func(p store.Passkey) bool { return slices.Equal(p.ID, used.ID) })
		if i < 0 {
			return ErrWrong // taken away meanwhile
		}
		if string(a.Passkeys[i].Doc) == string(doc) {
			return nil
		}
		a.Passkeys[i].Doc = doc
		return tx.PutAccount(ctx, a)
	})
}

// AddPasskey takes a new passkey. Whoever had half a session has a whole one then:
// the token is "" for the others.
func (d *Desk) AddPasskey(ctx context.Context, v *Visitor, at, question string, answer []byte) (string, *Visitor, error) {
	if err := d.mayAdd(v); err != nil {
		return "", nil, err
	}
	p, err := party(at)
	if err != nil {
		return "", nil, err
	}
	s, err := d.question(ctx, question, ToAdd)
	if err != nil || s.Account != v.ID {
		return "", nil, ErrWrong
	}
	said, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return "", nil, ErrWrong
	}
	made, err := p.CreateCredential(owner{v.Account}, s.Session, said)
	if err != nil {
		return "", nil, errors.Join(ErrWrong, err)
	}
	doc, err := json.Marshal(made)
	if err != nil {
		return "", nil, err
	}
	err = d.store.Update(ctx, d.of(v.Account), func(tx store.Tx) error {
		own := tx.Own()
		a, err := own.Account(ctx, v.ID)
		if err != nil {
			return err
		}
		a.Passkeys = append(a.Passkeys, store.Passkey{ID: made.ID, Doc: doc, Made: d.now()})
		v.Account = a
		if err := own.PutAccount(ctx, a); err != nil {
			return err
		}
		return own.NoteOf(ctx, "add passkey", kindAccount, house.ID(v.ID))
	})
	if err != nil || !v.Session.Partial {
		return "", v, err
	}
	return d.whole(ctx, v)
}

// PasskeyName returns what a passkey is called in an address: nothing that it is.
func PasskeyName(p store.Passkey) string { return digest(string(p.ID))[:16] }

// DropPasskey takes a passkey away. The last proof beside the password stays.
func (d *Desk) DropPasskey(ctx context.Context, v *Visitor, name string) error {
	return d.store.Update(ctx, d.of(v.Account), func(tx store.Tx) error {
		own := tx.Own()
		a, err := own.Account(ctx, v.ID)
		if err != nil {
			return err
		}
		was := len(a.Passkeys)
		a.Passkeys = slices.DeleteFunc(a.Passkeys, func(p store.Passkey) bool { return PasskeyName(p) == name })
		switch {
		case len(a.Passkeys) == was:
			return store.ErrNotFound
		case len(a.Passkeys) == 0 && a.TOTP == "" && !a.Alone:
			return ErrWrong
		}
		if err := own.PutAccount(ctx, a); err != nil {
			return err
		}
		return own.NoteOf(ctx, "drop passkey", kindAccount, house.ID(v.ID))
	})
}

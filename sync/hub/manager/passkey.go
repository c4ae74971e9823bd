package manager

import (
	"encoding/json"
	"errors"
	"net/http"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
)

// Passkeys are asked by static/manager.js: it fetches the question, has the browser ask
// the passkey, and sends the answer.
var _ = add(page{Name: "passkey", Routes: []route{
	{"POST /passkey/login/begin", account.Public, func(v *visit) error { return v.askPasskey(account.ToLogin) }},
	{"POST /passkey/login", account.Public, (*visit).passkeyLogin},
	{"POST /passkey/add/begin", account.Half, func(v *visit) error { return v.askPasskey(account.ToAdd) }},
	{"POST /passkey/add", account.Half, (*visit).addPasskey},
	{"POST /passkey/prove/begin", account.Self, func(v *visit) error { return v.askPasskey(account.ToProve) }},
	{"POST /passkey/prove", account.Self, (*visit).provePasskey},
}})

// A reply is what the script sends.
type reply struct {
	Sealed string          `json:"sealed"`
	Answer json.RawMessage `json:"answer"`
	Then   string          `json:"then"` // where to go
}

// say answers a script.
func (v *visit) say(status int, with any) error {
	v.w.Header().Set("Content-Type", "application/json")
	v.w.WriteHeader(status)
	return json.NewEncoder(v.w).Encode(with)
}

// passkeyProblem answers with why not.
func (v *visit) passkeyProblem(err error) error {
	word, denial := "passkey.wrong", hub.DeniedLogin
	switch {
	case errors.Is(err, account.ErrNoName):
		word = "passkey.no_name"
	case errors.Is(err, account.ErrRate):
		word, denial = "login.rate", hub.DeniedRate
	case errors.Is(err, account.ErrLocked):
		word = "login.locked"
	case !errors.Is(err, account.ErrWrong):
		return err
	}
	v.hub.Deny(v.ctx(), denial)
	return v.say(http.StatusForbidden, map[string]string{"problem": v.t(word)})
}

func (v *visit) askPasskey(why account.Purpose) error {
	q, err := v.desk.Ask(v.ctx(), v.who, why, v.r.Host)
	if err != nil {
		return v.passkeyProblem(err)
	}
	return v.say(http.StatusOK, q)
}

// answered reads what the script sends.
func (v *visit) answered() (a reply, err error) {
	if json.NewDecoder(v.r.Body).Decode(&a) != nil {
		return a, account.ErrWrong
	}
	return a, nil
}

func (v *visit) passkeyLogin() error {
	a, err := v.answered()
	if err != nil {
		return v.passkeyProblem(err)
	}
	token, _, err := v.desk.PasskeyLogin(v.ctx(), v.r.Host, a.Sealed, a.Answer, v.from())
	if err != nil {
		return v.passkeyProblem(err)
	}
	v.keep(token)
	return v.say(http.StatusOK, map[string]string{"to": "/"})
}

func (v *visit) addPasskey() error {
	a, err := v.answered()
	if err != nil {
		return v.passkeyProblem(err)
	}
	token, _, err := v.desk.AddPasskey(v.ctx(), v.who, v.r.Host, a.Sealed, a.Answer)
	switch {
	case err != nil:
		return v.passkeyProblem(err)
	case token != "":
		v.keep(token)
		return v.say(http.StatusOK, map[string]string{"to": "/"})
	}
	return v.say(http.StatusOK, map[string]string{"to": "/me?done=passkey"})
}

func (v *visit) provePasskey() error {
	a, err := v.answered()
	if err == nil {
		err = v.desk.ProvePasskey(v.ctx(), v.who, v.r.Host, a.Sealed, a.Answer)
	}
	if err != nil {
		return v.passkeyProblem(err)
	}
	if !local(a.Then) {
		a.Then = "/"
	}
	return v.say(http.StatusOK, map[string]string{"to": a.Then})
}

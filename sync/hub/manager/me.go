package manager

import (
	"errors"
	"net/http"
	"time"

	"tavle/sync/hub/account"
)

// Each has a page of their own account: who they are to the hub, and how they log in.
var _ = add(page{Name: "me", Routes: []route{
	{"GET /me", account.Self, (*visit).me},
	{"POST /me/passkeys/{id}/drop", account.Self, (*visit).dropPasskey},
}})

// A meSheet is what the page shows.
type meSheet struct {
	Passkeys []passkeyLine
	TOTP     bool
	Fresh    bool // they proved just now who they are
	Problem  string
}

// A passkeyLine is one passkey.
type passkeyLine struct {
	Name string
	Made time.Time
}

func (v *visit) me() error {
	problem := v.why()
	return v.showMe(problemStatus(problem), problem)
}

func (v *visit) showMe(status int, problem string) error {
	d := meSheet{TOTP: v.who.TOTP != "", Fresh: v.desk.Fresh(v.who), Problem: problem}
	for _, p := range v.who.Passkeys {
		d.Passkeys = append(d.Passkeys, passkeyLine{account.PasskeyName(p), p.Made})
	}
	return v.showAs(status, "me", d)
}

func (v *visit) dropPasskey() error {
	if !v.desk.Fresh(v.who) {
		return errProof
	}
	err := v.desk.DropPasskey(v.ctx(), v.who, v.r.PathValue("id"))
	if errors.Is(err, account.ErrWrong) {
		return v.showMe(http.StatusUnprocessableEntity, "me.last")
	}
	if err != nil {
		return err
	}
	return v.done("/me", "dropped")
}

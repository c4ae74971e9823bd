package manager

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// Superusers say who may log in, as what and for which departments (R-IBG-37,
// R-IBG-48). They never see or choose how somebody else logs in: a code that is given
// once lets its owner choose.
var _ = add(page{Name: "accounts", Nav: &nav{Order: 105, Icon: "lock", Path: "/accounts"}, Routes: []route{
	{"GET /accounts", account.Accounts, (*visit).accounts},
	{"GET /accounts/new", account.Accounts, (*visit).newAccount},
	{"POST /accounts/new", account.Accounts, (*visit).invite},
	{"GET /accounts/{id}", account.Accounts, (*visit).anAccount},
	{"POST /accounts/{id}", account.Accounts, (*visit).setAccount},
	{"POST /accounts/{id}/again", account.Accounts, (*visit).inviteAgain},
	{"POST /accounts/{id}/delete", account.Accounts, (*visit).dropAccount},
}})

// An accountSheet is what the page of one account shows.
type accountSheet struct {
	ID, Name, Login string
	Role            string
	Roles           []option
	Departments     []option
	Staff           []option
	On              bool
	Own             bool // it is that of whoever looks
	Waits           bool // its owner has not chosen how to log in
	Alone           bool // a password is enough: a demonstration's
	Elsewhere       bool // the login provider lets them in, and says their role
	Until           time.Time
	Code            string // that was just made; it is shown once
	Problem         string // in words of "accounts."
}

// An accountLine is one account of the list.
type accountLine struct {
	ID, Name, Login, Role string
	Off, Waits, Elsewhere bool
	Where                 string
}

func (v *visit) accounts() error {
	var lines []accountLine
	err := v.see(func(s store.View) error {
		lines = nil
		all, err := s.Accounts(v.ctx())
		if err != nil {
			return err
		}
		depts, err := store.All[house.Department](v.ctx(), s)
		for _, a := range all {
			l := accountLine{ID: a.ID, Name: a.Name.Reveal(), Login: a.Login.Reveal(), Role: a.Role, Off: a.Off, Waits: waits(a), Elsewhere: a.Identity != ""}
			var where []string
			for _, d := range depts {
				if slices.Contains(a.Departments, d.ID) {
					where = append(where, v.text(d.Name))
				}
			}
			l.Where = strings.Join(where, ", ")
			lines = append(lines, l)
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(lines, func(a, b accountLine) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return v.show("accounts", lines)
}

// waits reports whether its owner has yet to choose how to log in.
func waits(a store.Account) bool { return a.Login.IsZero() && a.Identity == "" || a.Code != "" }

// sheetOf fills in the page of an account.
func (v *visit) sheetOf(a store.Account) (d accountSheet, err error) {
	d = accountSheet{
		ID: a.ID, Name: a.Name.Reveal(), Login: a.Login.Reveal(), Role: a.Role, On: !a.Off, Own: a.ID == v.who.ID,
		Waits: waits(a), Alone: a.Alone, Until: a.CodeUntil, Elsewhere: a.Identity != "",
	}
	if a.Role == "" {
		d.Roles = append(d.Roles, option{"", v.t("role."), true})
	}
	for _, r := range account.Roles() {
		d.Roles = append(d.Roles, option{string(r), v.t("role." + string(r)), string(r) == a.Role})
	}
	err = v.see(func(s store.View) error {
		d.Departments, d.Staff = nil, nil
		depts, err := store.All[house.Department](v.ctx(), s)
		if err != nil {
			return err
		}
		for _, x := range depts {
			d.Departments = append(d.Departments, option{string(x.ID), v.text(x.Name), slices.Contains(a.Departments, x.ID)})
		}
		staff, err := store.All[house.Staff](v.ctx(), s)
		for i := range staff {
			if x := &staff[i]; x.Lifecycle != house.Left || x.ID == a.Staff {
				d.Staff = append(d.Staff, option{string(x.ID), v.label(x), x.ID == a.Staff})
			}
		}
		return err
	})
	return d, err
}

func (v *visit) showAccount(status int, a store.Account, code, problem string) error {
	d, err := v.sheetOf(a)
	if err != nil {
		return err
	}
	d.Code, d.Problem = code, problem
	return v.showAs(status, "account", d)
}

func (v *visit) newAccount() error {
	return v.showAccount(http.StatusOK, store.Account{Org: v.who.Org, Role: string(account.Employee)}, "", "")
}

// typed puts what was typed into an account.
func (v *visit) typed(a *store.Account) error {
	role := account.Role(v.value("role"))
	// The login provider may have taken the role that somebody had; that can be left so.
	if !slices.Contains(account.Roles(), role) && (role != "" || a.Role != "" || a.Identity == "") {
		return errWrong
	}
	a.Role, a.Staff, a.Off = string(role), idOf(v.value("staff")), v.value("on") == ""
	if n := strings.TrimSpace(v.value("name")); n != "" {
		a.Name = record.NameOf(n)
	}
	a.Departments = nil
	for _, d := range v.r.PostForm["departments"] {
		a.Departments = append(a.Departments, idOf(d))
	}
	return nil
}

func (v *visit) invite() error {
	if err := v.form(); err != nil {
		return err
	}
	a := store.Account{ID: account.NewID(), Org: v.who.Org}
	err := v.typed(&a)
	a.Off = false
	if err != nil || a.Name.IsZero() {
		a.ID = ""
		return v.showAccount(http.StatusUnprocessableEntity, a, "", "accounts.missing")
	}
	return v.invited(a)
}

// invited stores an account with a fresh code, and shows the code, this once.
func (v *visit) invited(a store.Account) error {
	code, err := v.desk.Invite(v.ctx(), v.who.Actor(), a)
	if err != nil {
		return err
	}
	if a, err = v.oneAccount(a.ID); err != nil {
		return err
	}
	return v.showAccount(http.StatusOK, a, code, "")
}

// oneAccount returns an account of the house.
func (v *visit) oneAccount(id string) (a store.Account, err error) {
	err = v.see(func(s store.View) (err error) {
		a, err = s.Account(v.ctx(), id)
		return err
	})
	return a, err
}

func (v *visit) anAccount() error {
	a, err := v.oneAccount(string(v.id()))
	if err != nil {
		return err
	}
	return v.showAccount(http.StatusOK, a, "", "")
}

func (v *visit) setAccount() error {
	if err := v.form(); err != nil {
		return err
	}
	a, err := v.oneAccount(string(v.id()))
	if err == nil {
		err = v.typed(&a)
	}
	if err == nil {
		err = v.desk.Set(v.ctx(), v.who.Actor(), a.ID, func(now *store.Account) { err = v.typed(now) })
	}
	switch {
	case errors.Is(err, account.ErrLast):
		return v.showAccount(http.StatusUnprocessableEntity, a, "", "accounts.last")
	case errors.Is(err, errWrong):
		return v.showAccount(http.StatusUnprocessableEntity, a, "", "accounts.missing")
	case err != nil:
		return err
	case a.ID == v.who.ID:
		return v.to("/login")
	}
	return v.done("/accounts", "account")
}

// inviteAgain takes from somebody how they log in, and gives them a code to choose anew:
// their telephone is lost, or they forgot.
func (v *visit) inviteAgain() error {
	a, err := v.oneAccount(string(v.id()))
	if err != nil {
		return err
	}
	if a.ID == v.who.ID {
		return v.showAccount(http.StatusUnprocessableEntity, a, "", "accounts.own")
	}
	return v.invited(a)
}

func (v *visit) dropAccount() error {
	a, err := v.oneAccount(string(v.id()))
	if err == nil {
		err = v.desk.Drop(v.ctx(), v.who.Actor(), a.ID)
	}
	switch {
	case errors.Is(err, account.ErrLast):
		return v.showAccount(http.StatusUnprocessableEntity, a, "", "accounts.last")
	case err != nil:
		return err
	}
	return v.done("/accounts", "deleted")
}

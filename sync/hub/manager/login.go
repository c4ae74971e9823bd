package manager

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"rsc.io/qr"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// Flow, somebody comes in:
//
//	/welcome   a code from the hub's own output, or from a superuser → login and password
//	/login     login and password → a partial session
//	/enrol     … who has no second proof chooses one → the whole session
//	/second    … who has one gives it → the whole session
//	/proof     the second proof once more, before what cannot be undone
var _ = add(page{Name: "login", Routes: []route{
	{"GET /login", account.Public, (*visit).login},
	{"POST /login", account.Public, (*visit).logIn},
	{"GET /welcome", account.Public, (*visit).welcome},
	{"POST /welcome", account.Public, (*visit).choose},
	{"GET /enrol", account.Half, (*visit).enrol},
	{"POST /enrol", account.Half, (*visit).enrolled},
	{"GET /second", account.Half, (*visit).second},
	{"POST /second", account.Half, (*visit).secondGiven},
	{"GET /proof", account.Self, (*visit).proof},
	{"POST /proof", account.Self, (*visit).prove},
	{"POST /logout", account.Half, (*visit).logOut},
	{"POST /language", account.Public, (*visit).chooseLanguage},
}})

// A doorSheet is what a page before the Manager shows: what was typed, but for
// secrets, and what was wrong with it.
type doorSheet struct {
	Login, Name, Code string
	Problem           string // in words of "login."
	Secret            string // of codes that change
	QR                template.HTML
	Then              string
	Password          bool // the proof is the password
	TOTP              bool // … a code that changes
	Out               bool // they logged out here, and maybe not at their work
}

// problems are the words for why nobody was let in.
var problems = []struct {
	err  error
	word string
}{
	{account.ErrWrong, "wrong"},
	{account.ErrLocked, "locked"},
	{account.ErrRate, "rate"},
	{account.ErrCode, "code"},
	{account.ErrWeak, "weak"},
	{account.ErrLogin, "bad_login"},
	{store.ErrTaken, "taken"},
}

// again shows a page of the door with what was wrong, or returns err when it is not
// about what was typed.
func (v *visit) again(name string, d doorSheet, err error) error {
	for _, p := range problems {
		if !errors.Is(err, p.err) {
			continue
		}
		status := http.StatusForbidden
		switch p.word {
		case "weak", "bad_login", "taken":
			status = http.StatusUnprocessableEntity
		default:
			v.hub.Deny(v.ctx(), map[bool]hub.Denial{true: hub.DeniedRate, false: hub.DeniedLogin}[p.word == "rate"])
		}
		d.Problem = "login." + p.word
		return v.showAs(status, name, d)
	}
	return err
}

// inside sends whoever is logged in on to where they belong.
func (v *visit) inside() error {
	switch {
	case v.who.Session.Partial && v.who.TOTP == "" && len(v.who.Passkeys) == 0:
		return v.to("/enrol")
	case v.who.Session.Partial:
		return v.to("/second")
	case v.who.Org == "":
		return v.to("/house")
	}
	return v.to("/")
}

// entered gives the browser a new session.
func (v *visit) entered(token string, who *account.Visitor) error {
	v.keep(token)
	v.who = who
	return v.inside()
}

func (v *visit) login() error {
	if v.who != nil {
		return v.inside()
	}
	problem := v.why()
	return v.showAs(problemStatus(problem), "login", doorSheet{Problem: problem, Out: v.r.URL.Query().Has("out")})
}

func (v *visit) logIn() error {
	if err := v.form(); err != nil {
		return err
	}
	token, who, err := v.desk.Login(v.ctx(), v.value("login"), v.value("password"), v.from())
	if err != nil {
		return v.again("login", doorSheet{Login: v.value("login")}, err)
	}
	return v.entered(token, who)
}

func (v *visit) logOut() error {
	v.keep("")
	if err := v.desk.Logout(v.ctx(), v.who); err != nil {
		return err
	}
	if v.who.Identity != "" && v.desk.Provider() != nil {
		return v.to("/login?out=yes")
	}
	return v.to("/login")
}

func (v *visit) welcome() error { return v.show("welcome", doorSheet{}) }

func (v *visit) choose() error {
	if err := v.form(); err != nil {
		return err
	}
	c := account.Choice{Login: v.value("login"), Name: v.value("name"), Password: v.value("password"), Language: record.Lang(v.lang)}
	token, who, err := v.desk.Choose(v.ctx(), v.value("code"), c, v.from())
	if err != nil {
		return v.again("welcome", doorSheet{Login: c.Login, Name: c.Name, Code: v.value("code")}, err)
	}
	return v.entered(token, who)
}

func (v *visit) enrol() error {
	if !v.who.Session.Partial || v.who.TOTP != "" || len(v.who.Passkeys) > 0 {
		return v.inside()
	}
	return v.showSecret(http.StatusOK, account.NewTOTP(), "")
}

func (v *visit) showSecret(status int, secret, problem string) error {
	code, err := qr.Encode(account.TOTPURL(secret, v.who.Login.Reveal()), qr.M)
	if err != nil {
		return err
	}
	return v.showAs(status, "enrol", doorSheet{Secret: secret, QR: drawQR(code), Problem: problem})
}

// drawQR draws a code as one path.
func drawQR(code *qr.Code) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" viewBox="-4 -4 %[1]d %[1]d" aria-hidden="true" focusable="false"><path fill="#fff" d="M-4-4h%[1]dv%[1]dh-%[1]dz"/><path d="`, code.Size+8)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()) //nolint:gosec // numbers
}

func (v *visit) enrolled() error {
	if err := v.form(); err != nil {
		return err
	}
	if !v.who.Session.Partial || v.who.TOTP != "" || len(v.who.Passkeys) > 0 {
		return v.inside()
	}
	token, who, err := v.desk.Enrol(v.ctx(), v.who, v.value("secret"), v.value("code"))
	if errors.Is(err, account.ErrWrong) {
		return v.showSecret(http.StatusUnprocessableEntity, v.value("secret"), "login.code_wrong")
	}
	if err != nil {
		return err
	}
	return v.entered(token, who)
}

func (v *visit) second() error {
	if !v.who.Session.Partial || v.who.TOTP == "" && len(v.who.Passkeys) == 0 {
		return v.inside()
	}
	return v.show("second", doorSheet{})
}

func (v *visit) secondGiven() error {
	if err := v.form(); err != nil {
		return err
	}
	if !v.who.Session.Partial {
		return v.inside()
	}
	token, who, err := v.desk.Second(v.ctx(), v.who, v.value("code"))
	if err != nil {
		return v.again("second", doorSheet{}, err)
	}
	return v.entered(token, who)
}

func (v *visit) proof() error {
	d := v.proofSheet(v.r.URL.Query().Get("then"))
	d.Problem = v.why()
	return v.showAs(problemStatus(d.Problem), "proof", d)
}

// proofSheet says by what somebody can prove who they are.
func (v *visit) proofSheet(then string) doorSheet {
	return doorSheet{Then: then, Password: v.who.Alone && v.who.TOTP == "", TOTP: v.who.TOTP != ""}
}

func (v *visit) prove() error {
	if err := v.form(); err != nil {
		return err
	}
	then := v.value("then")
	if err := v.desk.Prove(v.ctx(), v.who, v.value("proof"), v.from()); err != nil {
		return v.again("proof", v.proofSheet(then), err)
	}
	if !local(then) {
		then = "/"
	}
	return v.to(then)
}

func (v *visit) chooseLanguage() error {
	if err := v.form(); err != nil {
		return err
	}
	if l := v.value("language"); slices.Contains(languages, l) {
		http.SetCookie(v.w, &http.Cookie{
			Name: cookieLang, Value: l, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 90 * 24 * 3600,
		})
	}
	then := v.value("then")
	if !local(then) {
		then = "/"
	}
	return v.to(then)
}

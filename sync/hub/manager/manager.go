package manager

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/store"
)

// Options say how a Manager behaves.
type Options struct {
	Build string           // which build this is, for the foot of the page
	Now   func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: nothing is logged

	Provider *account.Provider // by whom staff log in, too; nil: nobody
}

// A Manager serves the staff of the houses of one hub.
type Manager struct {
	hub    *hub.Hub
	store  store.Store
	desk   *account.Desk
	opt    Options
	mux    *http.ServeMux
	routes []route
	views  *views
	static *static
	easel  *easel // paints what screens show
	cross  *http.CrossOriginProtection
	lobby  *lobby // tables that are brought
}

// New returns the Manager of a hub and the store it is on.
func New(h *hub.Hub, s store.Store, o Options) (*Manager, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	m := &Manager{
		hub: h, store: s, desk: account.NewDesk(s, o.Now), opt: o, mux: http.NewServeMux(), routes: table(),
		cross: http.NewCrossOriginProtection(), lobby: newLobby(),
	}
	m.desk.Trust(o.Provider)
	m.easel = newEasel()
	var err error
	if m.static, err = newStatic(); err != nil {
		return nil, err
	}
	if m.views, err = newViews(m.static); err != nil {
		return nil, err
	}
	for _, r := range m.routes {
		m.mux.HandleFunc(r.Pattern, func(w http.ResponseWriter, req *http.Request) { m.serve(w, req, r) })
	}
	m.mux.HandleFunc("/", func(w http.ResponseWriter, req *http.Request) { m.serve(w, req, nowhere) })
	return m, nil
}

// Desk returns who lets people in.
func (m *Manager) Desk() *account.Desk { return m.desk }

// maxBody is the longest form: a picture as a camera takes it, and some words.
const maxBody int64 = 32 << 20

// roomy are the routes that take more at once, by pattern.
var roomy = map[string]int64{"POST " + albumsPath + "/{id}/photos": maxUpload}

// ServeHTTP implements [http.Handler].
func (m *Manager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	// Nothing but what this hub serves, and nobody may put it into a frame.
	head.Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "same-origin")
	head.Set("Cross-Origin-Opener-Policy", "same-origin")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self)")
	head.Set("Cache-Control", "no-store")
	m.mux.ServeHTTP(w, r)
}

// nowhere is the route of all that is not in the table.
var nowhere = route{Right: account.Public, Do: func(*visit) error { return store.ErrNotFound }}

// What goes wrong with a request, besides what the store says.
var (
	errMayNot  = errors.New("may not")
	errForeign = errors.New("another site asks")
)

// serve answers a request by a route.
func (m *Manager) serve(w http.ResponseWriter, r *http.Request, by route) {
	v := &visit{Manager: m, w: w, r: r, route: by}
	r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(roomy[by.Pattern], maxBody))
	err := v.enter()
	if err == nil {
		err = by.Do(v)
	}
	if err != nil {
		v.fail(err)
	}
}

// enter finds out who comes, and whether they may.
func (v *visit) enter() error {
	cookie, _ := v.r.Cookie(cookieName)
	token := ""
	if cookie != nil {
		token = cookie.Value
	}
	who, err := v.desk.Who(v.r.Context(), token)
	if err != nil && !errors.Is(err, account.ErrGone) {
		return err
	}
	v.who = who
	v.lang = v.language()
	right := v.route.Right
	switch {
	case v.cross.Check(v.r) != nil:
		return errForeign
	case right == account.Public:
		return nil
	case v.who == nil:
		return account.ErrGone
	case right == account.Half:
		return nil
	case v.who.Session.Partial:
		return account.ErrGone
	case !v.who.May(right):
		return errMayNot
	case v.route.proved() && !v.desk.Fresh(v.who):
		return errProof
	case v.who.Org == "" && right != account.Self:
		return errNoHouse
	}
	return nil
}

var (
	errProof   = errors.New("who they are is to be proved once more")
	errNoHouse = errors.New("the house is still to be made")
)

// fail answers with what went wrong.
func (v *visit) fail(err error) {
	switch {
	case errors.Is(err, account.ErrGone):
		if v.r.Method != http.MethodGet {
			v.hub.Deny(v.r.Context(), hub.DeniedLogin)
			v.sorry(http.StatusForbidden, "gone")
			return
		}
		_ = v.to("/login")
	case errors.Is(err, errProof):
		if v.r.Method != http.MethodGet {
			v.refused("proof")
			v.sorry(http.StatusForbidden, "proof")
			return
		}
		_ = v.to("/proof?then=" + v.r.URL.Path)
	case errors.Is(err, errNoHouse):
		_ = v.to("/house")
	case errors.Is(err, errForeign):
		v.hub.Deny(v.r.Context(), hub.DeniedForgery)
		v.sorry(http.StatusForbidden, "foreign")
	case errors.Is(err, errMayNot):
		v.hub.Deny(v.r.Context(), hub.DeniedRole)
		v.refused(string(v.route.Right))
		v.sorry(http.StatusForbidden, "may_not")
	case errors.Is(err, store.ErrNotFound):
		v.sorry(http.StatusNotFound, "not_found")
	case errors.As(err, new(*http.MaxBytesError)):
		v.sorry(http.StatusRequestEntityTooLarge, "too_big")
	case errors.Is(err, context.Canceled):
	default:
		v.opt.Log.ErrorContext(v.r.Context(), "page not made", "error", err)
		v.sorry(http.StatusInternalServerError, "broken")
	}
}

// refused puts into the audit that somebody may not do what they asked for.
func (v *visit) refused(right string) {
	by := v.who.Actor()
	by.At = v.opt.Now()
	err := v.store.Update(v.r.Context(), by, func(tx store.Tx) error { return tx.NoteOf(v.r.Context(), "refused", "right", idOf(right)) })
	if err != nil {
		v.opt.Log.ErrorContext(v.r.Context(), "refusal not in the audit", "error", err)
	}
}

// from returns where a request comes from, as far as tries are counted: of newer
// addresses, the network.
func (v *visit) from() string {
	host, _, err := net.SplitHostPort(v.r.RemoteAddr)
	if err != nil {
		host = v.r.RemoteAddr
	}
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() && !a.Is4In6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return host
}

// The cookies: one says which session, the other which language. Browsers send
// them only over TLS, which the hub always speaks, and to nobody else.
const (
	cookieName = "__Host-tavle"
	cookieLang = "__Host-lang"
)

// keep gives the browser a session, or takes it away with "".
func (v *visit) keep(token string) {
	c := &http.Cookie{Name: cookieName, Value: token, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(v.w, c)
}

// local reports whether a path is one of ours, without anything behind it.
func local(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !strings.ContainsAny(path, `\?#:`)
}

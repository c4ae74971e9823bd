package manager

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A world is a hub with the demo house and its Manager, served over TLS. Its clock
// stands until it is set.
type world struct {
	t     testing.TB
	store store.Store
	hub   *hub.Hub
	desk  *account.Desk
	man   *Manager
	srv   *httptest.Server
	log   *lockedLog

	mu sync.Mutex
	at time.Time
}

type lockedLog struct {
	sync.Mutex
	strings.Builder
}

func (l *lockedLog) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Builder.Write(b)
}

// org is the demo house's system.
const org house.ID = "sys-demo"

// thursday is the demo house's, at 10:24.
var thursday = time.Date(2026, 12, 3, 9, 24, 0, 0, time.UTC)

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

// bare returns a world without a house.
func bare(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, at: thursday, log: new(lockedLog)}
	db, err := sqlitestore.Open(context.Background(), filepath.Join(t.TempDir(), "hub.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	w.store = db
	log := slog.New(slog.NewJSONHandler(w.log, nil))
	w.hub, err = hub.New(t.Context(), db, hub.Options{Hosts: []string{"localhost"}, Now: w.now, Log: log, Pins: w.pins})
	require.NoError(t, err)
	w.man, err = New(w.hub, db, Options{Build: "test", Now: w.now, Log: log})
	require.NoError(t, err)
	w.desk = w.man.Desk()
	w.hub.Staffed(w.man)
	w.srv = httptest.NewTLSServer(w.hub.Handler())
	t.Cleanup(w.srv.Close)
	return w
}

// pins are by which key the hub is known: that of the certificate it is served with.
func (w *world) pins() []string {
	return []string{wire.Pin(w.srv.Certificate().RawSubjectPublicKeyInfo)}
}

// furnished returns a world with the demo house, without its pictures.
func furnished(t testing.TB) *world {
	t.Helper()
	return furnishedWith(t, hub.Import{})
}

// pictured returns a world with the demo house in which every picture is there: where
// somebody looks at the pages, as it is, and else as a small one.
func pictured(t testing.TB) *world {
	t.Helper()
	small := camera(t, "")
	return furnishedWith(t, hub.Import{Picture: func(p house.Picture) ([]byte, error) {
		b, err := demo.Asset(string(p))
		if os.Getenv("TAVLE_SHOTS")+os.Getenv(picturesIn) != "" || err != nil || !bytes.HasPrefix(b, []byte("\xff\xd8")) {
			return b, err
		}
		return small, nil
	}})
}

func furnishedWith(t testing.TB, x hub.Import) *world {
	t.Helper()
	w := bare(t)
	h, mistakes := house.Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	by := store.Actor{Org: org, Kind: store.ByImport, ID: "demo"}
	require.NoError(t, w.hub.Import(t.Context(), by, h, x))
	return w
}

// registered returns a world with the demo house in which something is in each of the
// registers that are only added to.
func registered(t testing.TB) *world {
	t.Helper()
	w := pictured(t)
	w.entered(
		house.Entry{ID: "e-incident", Incident: &house.Incident{Kind: "breach", Facts: "En skærm er væk", Known: "2026-12-03T08:50", Screens: []house.ID{"scr-1"}}},
		house.Entry{ID: "e-instruction", Instruction: instruction("2026-12-01", record.ModuleActivities, record.ModuleMeals, record.ModulePeople)},
		house.Entry{ID: "e-challenge", Challenge: &house.Challenge{Of: "e-instruction", Reason: "Der mangler et formål"}},
		house.Entry{ID: "e-notice", Notice: &house.Notice{Version: "2026-12", Ask: true, Text: record.Text{"da": "Det gemmer vi", "nb": "Dette lagrer vi", "en": "This we keep"}, Changes: record.Text{"da": "Mere"}}},
	)
	return w
}

// entered adds entries to the registers.
func (w *world) entered(all ...house.Entry) {
	w.t.Helper()
	by := store.Actor{Org: org, Kind: store.ByStaff, ID: "s01"}
	require.NoError(w.t, w.hub.Change(w.t.Context(), by, func(ctx context.Context, e *hub.Edit) error {
		for _, x := range all {
			x.Written = house.WallOf(w.now())
			if err := e.Put(ctx, &x); err != nil {
				return err
			}
		}
		return nil
	}))
}

// instruction is one in force from a day, with these modules.
func instruction(from house.Day, modules ...record.Module) *house.Instruction {
	return &house.Instruction{Effective: from, Change: "agreed", Purposes: "Hverdagen", Modules: modules, Retention: "Et år", Transfers: "none"}
}

// A browser is somebody at the Manager.
type browser struct {
	*world
	client *http.Client
	asked  int // how often a login provider asked who they are
}

func (w *world) browser() *browser {
	c := *w.srv.Client()
	var err error
	c.Jar, err = cookiejar.New(nil)
	require.NoError(w.t, err)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{world: w, client: &c}
}

const password = "fire heste i haven"

// as returns somebody of a role who is logged in.
func (w *world) as(role account.Role, departments ...house.ID) *browser {
	w.t.Helper()
	login := "the " + string(role)
	login = strings.ReplaceAll(login, " ", "-")
	require.NoError(w.t, w.desk.Demonstrate(w.t.Context(), org, login, password, role, departments...))
	b := w.browser()
	a := b.post("/login", "login", login, "password", password)
	require.Equal(w.t, http.StatusSeeOther, a.status, a.body)
	return b
}

// An answer is what a browser got.
type answer struct {
	status int
	to     string // where it is sent on
	body   string
	header http.Header
}

func (b *browser) do(method, path string, body io.Reader, header ...string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.srv.URL+path, body)
	require.NoError(b.t, err)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := b.client.Do(r)
	require.NoError(b.t, err)
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	require.NoError(b.t, err)
	return answer{resp.StatusCode, resp.Header.Get("Location"), string(all), resp.Header}
}

func (b *browser) get(path string, header ...string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil, header...)
}

// post sends a form of keys and values.
func (b *browser) post(path string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, strings.NewReader(form.Encode()))
}

// audit returns what was done, in short.
func (w *world) audit() (out []string) {
	w.t.Helper()
	by := store.Actor{Org: org, Kind: store.ByHub, At: w.now()}
	require.NoError(w.t, w.store.View(w.t.Context(), by, func(v store.View) error {
		all, err := v.Audit(w.t.Context())
		for _, a := range all {
			out = append(out, strings.Join([]string{string(a.By), a.Action, a.Kind, a.ID}, " "))
		}
		return err
	}))
	return out
}

// stored returns one record of the house.
func stored[T any, P interface {
	*T
	house.Record
}](w *world, id house.ID) (r T) {
	w.t.Helper()
	by := store.Actor{Org: org, Kind: store.ByHub, At: w.now()}
	require.NoError(w.t, w.store.View(w.t.Context(), by, func(v store.View) (err error) {
		r, err = store.Get[T, P](w.t.Context(), v, id)
		return err
	}))
	return r
}

// A viewer reads.
type viewer = store.View

// view reads as the hub.
func (w *world) view(f func(viewer) error) {
	w.t.Helper()
	require.NoError(w.t, w.store.View(w.t.Context(), store.Actor{Org: org, Kind: store.ByHub, At: w.now()}, f))
}

// by is the hub, to the hub.
func by(w *world) store.Actor { return store.Actor{Org: org, Kind: store.ByHub, At: w.now()} }

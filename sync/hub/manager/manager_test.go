package manager

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

// examples are IDs that stand for {id} in the addresses of the demo house.
var examples = map[house.Kind]string{
	house.KindMeta: "-", house.KindPlan: "-", house.KindSystem: "sys-demo", house.KindDepartment: "dep-maane", house.KindExternal: "ext-strandhuset",
	house.KindScreen: "scr-1", house.KindResident: "r01", house.KindFormer: "r00", house.KindStaff: "s01", house.KindRelative: "c01",
	house.KindActivity: "a01", house.KindMeal: "m01", house.KindShift: "v00", house.KindNews: "n01", house.KindMeeting: "mt1", house.KindResource: "b1",
	house.KindBooking: "k1", house.KindGroup: "g1", house.KindAlbum: "al1", house.KindDocument: "d1", house.KindVideo: "vd1", house.KindWeather: "w1",
	house.KindPresence: "pre-1", house.KindPoll: "poll-1", house.KindRequest: "req-1",
	house.KindEntry: "e-incident",
}

// example returns a path of a route with something in place of what varies.
func example(r route) string {
	path := strings.TrimSuffix(r.path(), "{$}")
	kind, _, _ := strings.Cut(strings.TrimPrefix(path, recordsPath), "/")
	id := examples[house.Kind(kind)]
	if strings.HasPrefix(path, "/requests/") {
		id = examples[house.KindRequest]
	}
	if strings.HasPrefix(path, "/registers/incidents/") {
		id = examples[house.KindEntry]
	}
	if strings.HasPrefix(path, "/registers/instructions/") {
		id = "e-instruction"
	}
	if rest, ok := strings.CutPrefix(path, signUpsPath); ok {
		kind, _, _ := strings.Cut(rest, "/")
		id = examples[house.Kind(kind)]
	}
	if strings.HasPrefix(path, albumsPath+"/") {
		id = examples[house.KindAlbum]
	}
	if strings.HasPrefix(path, peoplePath+"/") {
		id = examples[house.KindResident]
	}
	if id == "" {
		id = "none"
	}
	return strings.NewReplacer("{what}", "rules", "{id}", id, "{version}", "x", "{photo}", "f1", "{name}", "none.css").Replace(path)
}

// asksForProof are addresses that say 403 to whoever proves nothing, whatever their
// role.
var asksForProof = []string{"/proof", "/passkey/prove", "/passkey/prove/begin", "/me/passkeys/{id}/drop"}

// R-IBG-36, R-STA-07: what a role may not do is answered with 403 and is in the
// audit; what it may is not. Every route is asked by everybody.
func TestEveryRouteAsksForARole(t *testing.T) {
	w := registered(t)
	require.NotEmpty(t, w.man.routes)
	for _, r := range w.man.routes {
		require.NotEmpty(t, r.Right, r.Pattern)
		require.Contains(t, append([]account.Right{account.Public, account.Half, account.Self}, account.Rights()...), r.Right, r.Pattern)
		require.NotEmpty(t, r.method(), "%s: it is for every method", r.Pattern)
	}
	for _, role := range account.Roles() {
		b := w.as(role, "dep-maane", "dep-nabo", "dep-trold")
		for _, r := range w.man.routes {
			if strings.HasSuffix(r.path(), "logout") || r.method() == http.MethodPost && strings.HasSuffix(r.path(), "/delete") {
				continue // it would end
			}
			before := len(w.audit())
			got := b.do(r.method(), example(r), strings.NewReader(""))
			what := string(role) + ": " + r.Pattern
			if r.method() == http.MethodGet && got.status >= http.StatusInternalServerError {
				t.Errorf("%s: %d", what, got.status)
			}
			refused := slices.Contains(w.audit()[before:], "staff refused right "+string(r.Right))
			switch {
			case !role.May(r.Right):
				require.Equal(t, http.StatusForbidden, got.status, what)
				require.True(t, refused, what)
			case r.proved(), slices.Contains([]account.Right{account.Public, account.Half}, r.Right), slices.Contains(asksForProof, r.path()):
			default:
				require.NotEqual(t, http.StatusForbidden, got.status, what)
				require.False(t, refused, what)
			}
		}
	}
	nobody := w.browser()
	for _, r := range w.man.routes {
		if r.Right == account.Public {
			continue
		}
		got := nobody.do(r.method(), example(r), strings.NewReader(""))
		if r.method() == http.MethodGet {
			require.Equal(t, "/login", got.to, r.Pattern)
			continue
		}
		require.Equal(t, http.StatusForbidden, got.status, r.Pattern)
	}
}

// The matrix of MISSION 1.2, as it is written there.
func TestRolesAreTheMatrix(t *testing.T) {
	want := map[account.Role]string{
		account.Superuser: "content people accounts screens settings export erase audit registers health",
		account.Employee:  "content people",
		account.Auditor:   "audit registers",
		account.Support:   "health",
	}
	for role, may := range want {
		var got []string
		for _, right := range account.Rights() {
			if role.May(right) {
				got = append(got, string(right))
			}
		}
		require.Equal(t, may, strings.Join(got, " "), role)
	}
	require.Len(t, want, len(account.Roles()))
}

// uncovered are kinds of records that the Manager cannot list, show, edit or delete
// yet, and why. There are none; who adds a kind adds it to entities.
var uncovered = map[house.Kind]string{}

// alone are kinds a house has one of: they are not made or deleted by themselves, but
// with the house.
var alone = []house.Kind{house.KindMeta, house.KindSystem, house.KindPlan}

// R-IBG-23, R-IBG-35: every kind of record a hub keeps has a list, a view, a form and
// a way to delete it, made of the same format that files are read by; and every member
// of it is filled in there, or it is said who looks after it instead.
func TestEveryKindIsLookedAfter(t *testing.T) {
	w := registered(t)
	patterns := map[string]bool{}
	for _, r := range w.man.routes {
		patterns[r.Pattern] = true
	}
	for _, k := range house.Kinds() {
		if uncovered[k] != "" {
			continue
		}
		e := entityOf(k)
		require.NotNil(t, e, "%s: it is in no list of entities; see entity.go", k)
		want := []string{"GET " + e.path(), "GET " + e.path() + "/{id}"}
		require.Equal(t, slices.Contains(alone, k), e.Only, k)
		require.Equal(t, k == house.KindEntry, e.Book, "%s: all but the registers can be changed and deleted", k)
		if !e.Book {
			want = append(want, "GET "+e.path()+"/{id}/edit", "POST "+e.path()+"/{id}/edit")
		}
		if !e.Only && !e.Book {
			want = append(want, "GET "+e.path()+"/new", "POST "+e.path()+"/new", "GET "+e.path()+"/{id}/delete", "POST "+e.path()+"/{id}/delete")
		}
		for _, p := range want {
			require.True(t, patterns[p], "%s: no route %s", k, p)
		}
		shown := map[string]bool{}
		for _, f := range e.fields() {
			shown[f.Key] = true
		}
		for _, f := range house.Fields(k) {
			require.True(t, shown[f.Key] || slices.Contains(hidden, f.Key) || slices.Contains(e.Hide, f.Key), "%s.%s", k, f.Key)
		}
	}
	require.Len(t, entities, len(house.Kinds())-len(uncovered))
}

// Every word is there in every language, and every page uses only words there are.
func TestEveryWordIsThere(t *testing.T) {
	files, err := fs.Glob(wordFiles, "words/*.json")
	require.NoError(t, err)
	for _, file := range files {
		b, err := wordFiles.ReadFile(file)
		require.NoError(t, err)
		var said map[string]map[string]string
		require.NoError(t, json.Unmarshal(b, &said), file)
		for key, in := range said {
			require.Len(t, in, len(languages), "%s: %s", file, key)
			for _, l := range languages {
				require.NotEmpty(t, in[l], "%s: %s in %s", file, key, l)
				require.NotContains(t, in[l], "!", "%s: %s in %s", file, key, l)
			}
		}
	}
	w := registered(t)
	su := w.as(account.Superuser)
	su.proved()
	for _, l := range languages {
		su.post("/language", "language", l, "then", "/")
		for _, r := range w.man.routes {
			if r.method() == http.MethodGet && r.path() != "/static/{version}/{name}" {
				got := su.get(example(r))
				require.Empty(t, wordless.FindAllString(got.body, -1), "%s in %s", r.Pattern, l)
				require.NotContains(t, got.body, "[name]", r.Pattern)
			}
		}
	}
}

// Every member of every kind has a label, however deep it lies, and every choice.
func TestEveryMemberHasALabel(t *testing.T) {
	var see func(k house.Kind, fields []house.Field)
	w, err := loadWords("da")
	require.NoError(t, err)
	see = func(k house.Kind, fields []house.Field) {
		for _, f := range fields {
			if f.Key == "id" {
				continue
			}
			if !w.has("field."+f.Key) && !w.has("field."+string(k)+"."+f.Key) {
				t.Errorf("%s: no words for field.%s", k, f.Key)
			}
			one := f
			if f.Item != nil {
				one = *f.Item
			}
			for _, c := range one.OneOf {
				if key := f.Key + "." + c; one.Form == house.FormChoice && !w.has("choice."+key) && !w.has("choice."+string(k)+"."+key) {
					t.Errorf("%s: no words for choice.%s", k, key)
				}
			}
			see(k, f.Fields)
			see(k, one.Fields)
		}
	}
	for _, e := range entities {
		see(e.Kind, e.fields())
	}
}

// proved proves once more who somebody is.
func (b *browser) proved() {
	b.t.Helper()
	require.Equal(b.t, http.StatusSeeOther, b.post("/proof", "proof", password, "then", "/").status)
}

var (
	wordless = regexp.MustCompile(`⟦[^⟧]*⟧`)
	inlined  = regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script[^>]*>[^<]`)
	linked   = regexp.MustCompile(`(?:href|src|action|hx-post|hx-get)="([^"]*)"`)
	followed = regexp.MustCompile(`<a\s[^>]*href="([^"]*)"`)
)

// R-IBG-30, R-STA-05: nothing of a page comes from elsewhere or is said inside it, and
// the only cookies are ours: that somebody is logged in, and which language.
func TestPagesKeepToThemselves(t *testing.T) {
	w := registered(t)
	b := w.as(account.Superuser)
	b.proved()
	for _, r := range w.man.routes {
		if r.method() != http.MethodGet {
			continue
		}
		got := b.get(example(r))
		require.Equal(t, "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'", got.header.Get("Content-Security-Policy"))
		require.Equal(t, "nosniff", got.header.Get("X-Content-Type-Options"))
		require.Empty(t, inlined.FindString(got.body), r.Pattern)
		for _, m := range linked.FindAllStringSubmatch(got.body, -1) {
			require.True(t, strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "//") || strings.HasPrefix(m[1], "#"), "%s: %s", r.Pattern, m[1])
		}
	}
	got := w.browser().post("/login", "login", "the-superuser", "password", password)
	cookies := got.header.Values("Set-Cookie")
	require.Len(t, cookies, 1)
	require.Regexp(t, `^__Host-tavle=[\w-]{43}; Path=/; HttpOnly; Secure; SameSite=Lax$`, cookies[0])
}

// Another site cannot have somebody's browser do anything.
func TestAnotherSiteIsRefused(t *testing.T) {
	w := registered(t)
	b := w.as(account.Superuser)
	for _, site := range []string{"cross-site", "same-site"} {
		got := b.do(http.MethodPost, "/logout", strings.NewReader(""), "Sec-Fetch-Site", site)
		require.Equal(t, http.StatusForbidden, got.status)
	}
	require.Equal(t, http.StatusOK, b.get("/").status, "still logged in")
	require.Contains(t, w.log.String(), "forgery")
}

// What is not in the table is nowhere, for anybody.
func TestWhatIsNotInTheTableIsNowhere(t *testing.T) {
	w := registered(t)
	for _, b := range []*browser{w.browser(), w.as(account.Superuser)} {
		for _, path := range []string{"/nothing", "/records/", "/records/activity/a01/other", "/static/", "/login/x"} {
			require.Equal(t, http.StatusNotFound, b.get(path).status, path)
		}
	}
}

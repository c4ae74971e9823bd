package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// A clerk is somebody at the Manager of a show.
type clerk struct {
	t      *testing.T
	to     http.Handler
	cookie string
}

// clerk logs in as the demo's superuser.
func (w *world) clerk() *clerk {
	c := &clerk{t: w.t, to: w.show.hub.Handler()}
	got := c.ask(http.MethodPost, "/login", url.Values{"login": {demoLogin}, "password": {demoPassword}})
	require.Equal(w.t, http.StatusSeeOther, got.Code)
	c.cookie, _, _ = strings.Cut(got.Header().Get("Set-Cookie"), ";")
	return c
}

func (c *clerk) ask(method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(c.t.Context(), method, "https://hub.test"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Cookie", c.cookie)
	w := httptest.NewRecorder()
	c.to.ServeHTTP(w, r)
	return w
}

var wasIn = regexp.MustCompile(`name="was" value="([^"]*)"`)

// What staff save in the Manager is on every wall of the department within the second,
// without anybody touching it; what they delete is gone.
func TestWhatStaffSaveIsOnTheWall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		c := w.clerk()
		require.Zero(t, w.shown("Vi pynter op"))
		got := c.ask(http.MethodPost, "/records/activity/new", url.Values{
			"department": {"dep-maane"}, "title.da": {"Vi pynter op"}, "starts": {"2026-12-03T10:45"}, "ends": {"2026-12-03T11:45"},
		})
		require.Equal(t, http.StatusSeeOther, got.Code, got.Body)
		require.Equal(t, len(w.walls), w.shown("Vi pynter op"))

		path, _, _ := strings.Cut(got.Header().Get("Location"), "?")
		was := wasIn.FindStringSubmatch(c.ask(http.MethodGet, path+"/edit", nil).Body.String())
		require.NotNil(t, was)
		got = c.ask(http.MethodPost, path+"/edit", url.Values{
			"was": {was[1]}, "department": {"dep-maane"}, "title.da": {"Vi pynter træet"}, "starts": {"2026-12-03T10:45"}, "ends": {"2026-12-03T11:45"},
		})
		require.Equal(t, http.StatusSeeOther, got.Code, got.Body)
		require.Equal(t, len(w.walls), w.shown("Vi pynter træet"))
		require.Zero(t, w.shown("Vi pynter op"))

		require.Equal(t, http.StatusSeeOther, c.ask(http.MethodPost, path+"/delete", nil).Code)
		require.Zero(t, w.shown("Vi pynter træet"))

		id := house.ID(path[strings.LastIndex(path, "/")+1:])
		hubs := store.Actor{Org: demoOrg, Kind: store.ByHub, At: time.Now()}
		require.NoError(t, w.show.store.View(t.Context(), hubs, func(v store.View) error {
			var done []string
			err := v.Lines(t.Context(), "", func(l store.Line) error {
				if l.ID == string(id) && l.By == store.ByStaff {
					done = append(done, l.Action)
				}
				return nil
			})
			require.Subset(t, done, []string{"create", "change", "delete"})
			return err
		}))
	})
}

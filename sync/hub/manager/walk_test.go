package manager

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
)

// A walk is what somebody finds who follows every link from the start page on.
type walk struct {
	to    map[string]int    // how many addresses of each route there are, by its pattern
	pages map[string]string // of each route that answers with a page, the first
}

// enoughAlike is how many addresses of one route a walk goes to: a week leads to the next,
// without end.
const enoughAlike = 12

// walk follows every link there is, and fails for one that leads elsewhere or nowhere.
func (b *browser) walk(name string) walk {
	b.t.Helper()
	w := walk{map[string]int{}, map[string]string{}}
	seen, due := map[string]bool{"/": true}, []string{"/"}
	for len(due) > 0 {
		path := due[0]
		due = due[1:]
		pattern := b.patternOf(path)
		if pattern == "" || w.to[pattern] >= enoughAlike {
			continue
		}
		got := b.get(path)
		switch {
		case got.status >= http.StatusMultipleChoices && got.status < http.StatusBadRequest:
			require.True(b.t, own(got.to), "%s: %s sends elsewhere: %s", name, path, got.to)
			continue
		case got.status != http.StatusOK:
			b.t.Errorf("%s: a link leads to %s, which is %d", name, path, got.status)
			continue
		}
		w.to[pattern]++
		if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			continue
		}
		if w.pages[pattern] == "" {
			w.pages[pattern] = path
		}
		for _, m := range linked.FindAllStringSubmatch(got.body, -1) {
			next := html.UnescapeString(m[1])
			if !own(next) && !strings.HasPrefix(next, "#") {
				b.t.Errorf("%s: %s leads elsewhere: %s", name, path, next)
			}
		}
		for _, m := range followed.FindAllStringSubmatch(got.body, -1) {
			next, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
			if next != "" && !seen[next] {
				seen[next] = true
				due = append(due, next)
			}
		}
	}
	return w
}

// own reports whether an address is one of the Manager's.
func own(address string) bool {
	return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//")
}

// patternOf returns which route of the table answers at an address, or "".
func (w *world) patternOf(address string) string {
	at, err := url.Parse(address)
	require.NoError(w.t, err, address)
	_, pattern := w.man.mux.Handler(&http.Request{Method: http.MethodGet, URL: at, Host: "localhost"})
	if pattern == "/" {
		return "" // nowhere: who asks is told so
	}
	return pattern
}

// R-IBG-30, R-IBG-36: whatever somebody's role is, every link leads to a page that is
// there and that they may see, and none leads to another house.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	w := registered(t)
	for _, role := range account.Roles() {
		b := w.as(role, "dep-maane", "dep-nabo", "dep-trold")
		b.proved()
		found := b.walk(string(role))
		require.NotEmpty(t, found.to)
		for pattern := range found.to {
			i := slices.IndexFunc(w.man.routes, func(r route) bool { return r.Pattern == pattern })
			require.GreaterOrEqual(t, i, 0, pattern)
			require.True(t, slices.Contains([]account.Right{account.Public, account.Half}, w.man.routes[i].Right) || role.May(w.man.routes[i].Right), "%s: %s", role, pattern)
		}
	}
}

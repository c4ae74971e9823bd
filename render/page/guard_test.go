package page

import (
	"bytes"
	"context"
	"image"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type answer struct {
	status int
	body   string
	header http.Header
}

// get asks for url; change may make the request a worse one.
func get(t testing.TB, url string, change func(*http.Request)) answer {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	require.NoError(t, err)
	if change != nil {
		change(r)
	}
	a, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	require.NoError(t, err)
	return answer{a.StatusCode, string(b), a.Header}
}

func TestPageIsServedToThisMachineOnly(t *testing.T) {
	for addr, ok := range map[string]bool{
		"127.0.0.1:0": true, "localhost:0": true, "[::1]:0": true, "127.0.0.9:0": true,
		":0": false, "0.0.0.0:0": false, "[::]:0": false, "192.168.1.7:8080": false,
		"example.org:80": false, "127.0.0.1": false, "": false,
	} {
		l, err := Listen(context.Background(), addr)
		if ok {
			require.NoError(t, err, addr)
			l.Close()
		} else {
			require.ErrorContains(t, err, "127.0.0.1:", addr)
		}
	}
	// Nor does it help to bring a listener.
	l, err := net.Listen("tcp", ":0")
	require.NoError(t, err)
	require.ErrorContains(t, NewServer(Words{}).Run(context.Background(), l), "elsewhere")
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
}

// P1: nobody sees people who was not meant to. A page that was made to talk to
// this address, under a foreign name or from a foreign site, gets nothing.
func TestForeignRequestsAreRefused(t *testing.T) {
	s := NewServer(Words{})
	s.Add(Options{Size: image.Pt(40, 30)})
	l := serve(t, s)
	url := s.URL(l, 1)
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	set := func(k, v string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(k, v) }
	}
	host := func(h string) func(*http.Request) {
		return func(r *http.Request) { r.Host = h }
	}
	for name, c := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"as the browser asks":       {nil, http.StatusOK},
		"by the name localhost":     {host("localhost:" + port), http.StatusOK},
		"typed into the address":    {set("Sec-Fetch-Site", "none"), http.StatusOK},
		"from our own page":         {set("Origin", "http://"+l.Addr().String()), http.StatusOK},
		"a name made to point here": {host("evil.example:" + port), http.StatusForbidden},
		"a name like ours":          {host("127.0.0.1.evil.example:" + port), http.StatusForbidden},
		"no port":                   {host("127.0.0.1"), http.StatusForbidden},
		"another port":              {host("127.0.0.1:1"), http.StatusForbidden},
		"another machine":           {host("192.168.1.7:" + port), http.StatusForbidden},
		"a foreign page":            {set("Origin", "http://evil.example"), http.StatusForbidden},
		"a page of nowhere":         {set("Origin", "null"), http.StatusForbidden},
		"our address, encrypted":    {set("Origin", "https://"+l.Addr().String()), http.StatusForbidden},
		"a link on a foreign page":  {set("Sec-Fetch-Site", "cross-site"), http.StatusForbidden},
		"a sister of ours":          {set("Sec-Fetch-Site", "same-site"), http.StatusForbidden},
	} {
		require.Equal(t, c.status, get(t, url, c.change).status, name)
	}
}

func TestPathCannotBeGuessed(t *testing.T) {
	s, other := NewServer(Words{}), NewServer(Words{})
	s.Add(Options{Size: image.Pt(40, 30)})
	l := serve(t, s)
	base := "http://" + l.Addr().String()
	require.GreaterOrEqual(t, len(s.token), 26)
	require.NotEqual(t, s.token, other.token)
	for _, path := range []string{
		"/", "/1/", "/page.js", "/" + other.token + "/", "/" + other.token + "/1/", "/" + other.token + "/1/frames",
		"/" + other.token + "/page.js", "/" + s.token[:25] + "/1/", "/" + s.token + "x/1/", "//1/", "/favicon.ico",
		"/" + strings.ToLower(s.token) + "/1/",
	} {
		require.Equal(t, http.StatusNotFound, get(t, base+path, nil).status, path)
	}
}

func TestBrowserKeepsNothingAndTellsNobody(t *testing.T) {
	s := NewServer(Words{})
	s.Add(Options{Size: image.Pt(40, 30)})
	l := serve(t, s)
	for _, path := range []string{"", "1/", "page.js", "page.css", "9/"} {
		h := get(t, s.URL(l, 0)+path, nil).header
		require.Equal(t, "no-store", h.Get("Cache-Control"), path)
		require.Equal(t, "no-referrer", h.Get("Referrer-Policy"), path)
		require.Contains(t, h.Get("Content-Security-Policy"), "default-src 'none'", path)
		require.Contains(t, h.Get("Content-Security-Policy"), "frame-ancestors 'none'", path)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
	}
	foreign := regexp.MustCompile(`(?i)https?:|["'(]//`)
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, path)
		require.Empty(t, foreign.FindAllString(string(b), -1), path)
		return err
	})
	require.NoError(t, err)
}

// The page can be found and left with a keyboard and says what it is.
func TestPageSaysWhatItIs(t *testing.T) {
	s := NewServer(Words{Lang: "nb", Title: "Tavle", Note: "Denne siden viser <veggen>.", Screen: "Skjerm", Lost: "Borte."})
	s.Add(Options{Size: image.Pt(40, 30)})
	l := serve(t, s)
	got := get(t, s.URL(l, 1), nil)
	require.Equal(t, "text/html; charset=utf-8", got.header.Get("Content-Type"))
	for _, want := range []string{
		`<html lang="nb">`, "<title>Tavle – Skjerm 1</title>", "Denne siden viser &lt;veggen&gt;.", `data-words="Borte."`,
		`role="application"`, `tabindex="0"`, `aria-label="Tavle – Skjerm 1"`, `aria-describedby="note"`, `role="status"`,
	} {
		require.Contains(t, got.body, want)
	}
}

func TestWhatIsNotUnderstoodIsRefusedAsAWhole(t *testing.T) {
	s := NewServer(Words{})
	c := s.Add(Options{Size: image.Pt(40, 30)})
	l := serve(t, s)
	url := s.URL(l, 1)
	b := browse(t, url)
	require.Equal(t, 1, b.viewer)
	post := func(kind, body string) int {
		r, err := http.Post(url+"touches", kind, strings.NewReader(body))
		require.NoError(t, err)
		r.Body.Close()
		return r.StatusCode
	}
	const good = `{"viewer":1,"events":[{"do":"key","key":"a"}]}`
	for name, c := range map[string]struct {
		kind, body string
		status     int
	}{
		"a form of a foreign page": {"text/plain", good, http.StatusUnsupportedMediaType},
		"no JSON":                  {"application/json", "down 1", http.StatusBadRequest},
		"an unknown word":          {"application/json", `{"viewer":1,"events":[{"do":"key","key":"a"},{"do":"fly"}]}`, http.StatusBadRequest},
		"an unknown field":         {"application/json", `{"viewer":1,"swipe":true}`, http.StatusBadRequest},
		"more than anybody does":   {"application/json", `{"viewer":1,"events":[` + strings.Repeat(`{"do":"key","key":"a"},`, 2000), http.StatusBadRequest},
		"a viewer who never was":   {"application/json", `{"viewer":7}`, http.StatusGone},
	} {
		require.Equal(t, c.status, post(c.kind, c.body), name)
	}
	require.Empty(t, c.Input().Events())
	require.Equal(t, http.StatusNoContent, post("application/json", good))
	require.Len(t, c.Input().Events(), 1)
}

func FuzzTouches(f *testing.F) {
	f.Add([]byte(`{"viewer":1,"events":[{"do":"down","contact":1,"x":3,"y":4,"frame":1},{"do":"up","contact":1}]}`))
	f.Add([]byte(`{"viewer":1,"events":[{"do":"key","key":"F12"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		c := newScreen(Options{Size: image.Pt(40, 30)})
		v := c.join()
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		c.serveTouches(httptest.NewRecorder(), r)
		c.leave(v)
	})
}

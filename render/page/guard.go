package page

import (
	"crypto/subtle"
	"embed"
	"fmt"
	"html"
	"net"
	"net/http"
	"strconv"
	"strings"
)

//go:embed page.css page.js
var files embed.FS

//go:embed page.html
var shell string

// Handler answers requests to the server's pages, guarded as the package says,
// for a listener at the given port of a loopback address.
func (s *Server) Handler(port int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{token}/{$}", s.list)
	mux.HandleFunc("GET /{token}/{screen}/{$}", s.page)
	mux.HandleFunc("GET /{token}/{screen}/frames", s.withScreen((*Screen).serveFrames))
	mux.HandleFunc("POST /{token}/{screen}/touches", s.withScreen((*Screen).serveTouches))
	for _, name := range []string{"page.css", "page.js"} {
		mux.HandleFunc("GET /{token}/"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, files, name)
		})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "+
			"img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer") // the address is a key
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if !here(r, port) {
			http.Error(w, "This page is for this machine only.", http.StatusForbidden)
			return
		}
		_, pattern := mux.Handler(r)
		if pattern == "" || !s.knows(r.URL.Path) {
			http.NotFound(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// knows reports whether a path starts with the server's token, in the same time
// for every wrong one.
func (s *Server) knows(path string) bool {
	n := len(s.token)
	return len(path) > n+1 && path[n+1] == '/' &&
		subtle.ConstantTimeCompare([]byte(path[1:n+1]), []byte(s.token)) == 1
}

// here reports whether r was meant for us: a browser says which host it thinks
// it talks to, and on whose behalf. A foreign name that resolves to this machine
// (DNS rebinding) and a foreign page are both refused.
func here(r *http.Request, port int) bool {
	host, p, err := net.SplitHostPort(r.Host)
	if err != nil || p != strconv.Itoa(port) {
		return false
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return false
	}
	if o := r.Header.Get("Origin"); o != "" && o != "http://"+r.Host {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	return false
}

// withScreen finds the screen a path names.
func (s *Server) withScreen(serve func(*Screen, http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := s.screen(r.PathValue("screen"))
		if c == nil {
			http.NotFound(w, r)
			return
		}
		serve(c, w, r)
	}
}

// list links to every screen.
func (s *Server) list(w http.ResponseWriter, _ *http.Request) {
	var links strings.Builder
	links.WriteString("<ul>\n")
	for i := range s.count() {
		fmt.Fprintf(&links, "<li><a href=\"%d/\">%s %[1]d</a></li>\n", i+1, html.EscapeString(s.words.Screen))
	}
	links.WriteString("</ul>")
	s.html(w, s.words.Title, "", "", links.String())
}

// page shows one screen.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	n := r.PathValue("screen")
	if s.screen(n) == nil {
		http.NotFound(w, r)
		return
	}
	title := s.words.Title + " – " + s.words.Screen + " " + n
	s.html(w, title, "../", `<script src="../page.js" defer></script>`,
		`<canvas id="glass" role="application" aria-label="`+html.EscapeString(title)+
			`" aria-describedby="note" tabindex="0" width="16" height="9"></canvas>`)
}

// html answers with page.html filled in; script and content are HTML, the rest
// is not. With a template of the standard library the linker keeps every
// exported method there is, and the wall screen has 2.8 MB more.
func (s *Server) html(w http.ResponseWriter, title, base, script, content string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = strings.NewReplacer(
		"{lang}", html.EscapeString(s.words.Lang), "{title}", html.EscapeString(title),
		"{note}", html.EscapeString(s.words.Note), "{lost}", html.EscapeString(s.words.Lost),
		"{base}", base, "{script}", script, "{content}", content,
	).WriteString(w, shell)
}

package page

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Words are what the page says around the picture.
type Words struct {
	Lang   string // of the words: "da", "nb", "en"
	Title  string // of the page
	Note   string // what this is, in a sentence
	Screen string // the word before a screen's number
	Lost   string // shown while the connection is down
}

// English are the words of a [Server] that was given none.
var English = Words{
	Lang:   "en",
	Title:  "Tavle",
	Note:   "This page shows what the wall shows. A click is a touch.",
	Screen: "Screen",
	Lost:   "The screen has stopped answering. Trying again.",
}

// A Server serves the pages of one or more screens.
type Server struct {
	words   Words
	token   string
	screens struct {
		sync.Mutex
		list []*Screen
	}
}

// NewServer returns a server without screens. The path of its pages is new
// each time.
func NewServer(words Words) *Server {
	if words == (Words{}) {
		words = English
	}
	return &Server{words: words, token: rand.Text()} // 130 bits
}

// Add makes a screen; the first has number 1.
func (s *Server) Add(opt Options) *Screen {
	s.screens.Lock()
	defer s.screens.Unlock()
	c := newScreen(opt)
	s.screens.list = append(s.screens.list, c)
	return c
}

// screen returns a screen by its number as it stands in a path, or nil.
func (s *Server) screen(number string) *Screen {
	n, err := strconv.Atoi(number)
	s.screens.Lock()
	defer s.screens.Unlock()
	if err != nil || n < 1 || n > len(s.screens.list) || strconv.Itoa(n) != number {
		return nil
	}
	return s.screens.list[n-1]
}

func (s *Server) count() int {
	s.screens.Lock()
	defer s.screens.Unlock()
	return len(s.screens.list)
}

// URL returns the address of screen n's page, or of the list of all screens for
// 0, when s is served on l. It is a key: whoever has it sees the people.
func (s *Server) URL(l net.Listener, n int) string {
	u := "http://" + l.Addr().String() + "/" + s.token + "/"
	if n > 0 {
		u += strconv.Itoa(n) + "/"
	}
	return u
}

// Listen listens at addr, which has to be of this machine alone, as in
// "127.0.0.1:0" or "localhost:8080".
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("page address %q: want host:port, such as 127.0.0.1:8080", addr)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("page address %q: others could see the people on the page; use 127.0.0.1:%s", addr, port)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("page address %q: %w", addr, err)
	}
	return l, nil
}

// Run serves the pages on l until ctx ends, and closes l. It refuses a listener
// that can be reached from elsewhere.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	at, ok := l.Addr().(*net.TCPAddr)
	if !ok || !at.IP.IsLoopback() {
		_ = l.Close()
		return fmt.Errorf("page: %v can be reached from elsewhere", l.Addr())
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	srv := &http.Server{
		Handler:           s.Handler(at.Port),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx }, // ends the streams
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		// The streams end with ctx; this waits for their last words.
		soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_ = srv.Shutdown(soon)
		_ = srv.Close()
	})
	err := srv.Serve(l)
	if stop() { // ctx has not ended: the listener failed
		_ = srv.Close()
		return fmt.Errorf("page: %w", err)
	}
	<-ended
	return nil
}

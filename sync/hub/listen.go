package hub

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"tavle/sync/wire"
)

// Serve runs the hub for whoever connects to l, over TLS 1.3, until ctx ends. It
// closes l. What changes of t meanwhile is taken up, and screens are told.
func (h *Hub) Serve(ctx context.Context, l net.Listener, t *TLS) error {
	srv := NewServer(h.Handler(), h.log, t)
	door := newDoor(l)
	srv.ConnState = door.knocked
	srv.ErrorLog = slog.NewLogLogger(knocks{h.log.Handler(), h}, slog.LevelDebug)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var failed error
	var wg sync.WaitGroup
	wg.Go(func() {
		defer cancel()
		if err := srv.ServeTLS(door, "", ""); !errors.Is(err, http.ErrServerClosed) {
			failed = err
		}
	})
	wg.Go(func() { t.keep(ctx, h.log, h.tellKeys) })
	err := h.Run(ctx)
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), wire.WriteTimeout)
	defer done()
	if srv.Shutdown(stop) != nil { // somebody still fetches a picture, and comes back for it
		_ = srv.Close()
	}
	wg.Wait()
	return errors.Join(err, failed)
}

// NewServer returns a server for handler that speaks TLS 1.3 and nothing
// older, HTTP/1.1 because a websocket needs it, and waits for nobody.
func NewServer(handler http.Handler, log *slog.Logger, t *TLS) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Server{
		Handler:           handler,
		Protocols:         protocols,
		TLSConfig:         t.Config(),
		ReadHeaderTimeout: wire.HandshakeTimeout,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute, // a picture over a thin line
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    8 << 10,
		// Addresses of whoever knocks are not kept.
		ErrorLog: slog.NewLogLogger(quiet{log.Handler()}, slog.LevelDebug),
	}
}

// quiet passes on that something happened, and not what: the standard library
// writes addresses into these messages.
type quiet struct{ slog.Handler }

// Handle implements [slog.Handler].
func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	return q.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, "connection refused or broken", r.PC))
}

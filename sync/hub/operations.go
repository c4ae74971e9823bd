package hub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// healthTimeout is how long the store has to answer.
const healthTimeout = 2 * time.Second

// Operations serves what whoever runs the hub asks of it: /healthz, whether it
// does its work, and /metrics, how much of it. Neither names anybody or
// anything, but how busy a house is may be read from them, so they belong on an
// address of their own that screens and guests do not reach.
func (h *Hub) Operations() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.healthz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(h.meters.registry, promhttp.HandlerOpts{}))
	return mux
}

// ServeOperations serves [Hub.Operations] to whoever connects to l until ctx
// ends. It closes l.
func (h *Hub) ServeOperations(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler: h.Operations(), ReadTimeout: wire.HandshakeTimeout, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 8 << 10, ErrorLog: slog.NewLogLogger(quiet{h.log.Handler()}, slog.LevelDebug),
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		<-ctx.Done()
		_ = srv.Close()
	})
	err := srv.Serve(l)
	cancel()
	wg.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// healthz answers 200 "ok", or 503 and what is wrong: "stopped" or "store".
func (h *Hub) healthz(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	word := h.health(r.Context())
	if word != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = fmt.Fprintln(w, word)
}

// health says in one word how the hub is: "stopped" while it starts or ends.
func (h *Hub) health(ctx context.Context) string {
	if !h.clients.isOpen() {
		return "stopped"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	err := h.store.View(ctx, h.itself(), func(v store.View) error {
		_, err := v.Systems(ctx)
		return err
	})
	if err != nil {
		h.log.ErrorContext(ctx, "store does not answer", "error", err)
		return "store"
	}
	return "ok"
}

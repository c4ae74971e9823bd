package client

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/websocket"

	"tavle/sync/wire"
)

// incoming is one message, a sign of life (no message), or the end.
type incoming struct {
	message wire.Message
	err     error
}

// connection is one websocket. Its reader is a goroutine; its only writer is
// the loop, except for the pongs the reader answers with.
type connection struct {
	ws   *websocket.Conn
	in   chan incoming
	stop chan struct{}
	done chan struct{} // the reader has ended
}

func newConnection(ws *websocket.Conn) *connection {
	c := &connection{ws: ws, in: make(chan incoming), stop: make(chan struct{}), done: make(chan struct{})}
	ws.SetReadLimit(wire.MaxFromHub)
	ws.SetPingHandler(func(data string) error {
		err := ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(wire.WriteTimeout))
		c.tell(incoming{})
		return err
	})
	go c.read()
	return c
}

// incoming returns what arrives; on a nil connection, nothing ever.
func (c *connection) incoming() <-chan incoming {
	if c == nil {
		return nil
	}
	return c.in
}

func (c *connection) tell(in incoming) {
	select {
	case c.in <- in:
	case <-c.stop:
	}
}

func (c *connection) read() {
	defer close(c.done)
	for {
		kind, b, err := c.ws.ReadMessage()
		if err == nil && kind == websocket.BinaryMessage {
			b, err = wire.Inflate(b)
		}
		var m wire.Message
		if err == nil {
			m, err = wire.DecodeFromHub(b)
		}
		c.tell(incoming{m, err})
		if err != nil {
			return
		}
	}
}

func (c *connection) write(m wire.Message) error {
	b, err := wire.Encode(m)
	if err != nil {
		return err
	}
	_ = c.ws.SetWriteDeadline(time.Now().Add(wire.WriteTimeout))
	return c.ws.WriteMessage(websocket.TextMessage, b)
}

// close says why, closes, and waits for the reader.
func (c *connection) close(code wire.CloseCode, why string) {
	msg := websocket.FormatCloseMessage(int(code), why)
	_ = c.ws.WriteControl(websocket.CloseMessage, msg, time.Now().Add(time.Second))
	close(c.stop)
	_ = c.ws.Close()
	<-c.done
}

// ended returns how a connection ended: with the hub's code, or with ours for
// what the hub sent, which it does not know yet; both 0 when it just broke.
func ended(err error) (theirs, ours wire.CloseCode) {
	e, closed := errors.AsType[*websocket.CloseError](err)
	switch {
	case closed && e.Code != websocket.CloseAbnormalClosure:
		return wire.CloseCode(e.Code), 0
	case errors.Is(err, websocket.ErrReadLimit):
		return 0, wire.CloseTooBig
	case errors.Is(err, wire.ErrNotText), errors.Is(err, wire.ErrTooBig), errors.Is(err, wire.ErrProtocol):
		return 0, wire.CodeOf(err)
	}
	return 0, 0
}

// dial opens a connection in the background; the loop gets the result.
func (l *loop) dial() {
	l.dials++
	n := l.dials
	d := websocket.Dialer{
		NetDialContext:   l.cfg.Dial,
		TLSClientConfig:  l.cfg.TLS,
		HandshakeTimeout: wire.HandshakeTimeout,
		Subprotocols:     []string{wire.Subprotocol},
	}
	l.wg.Go(func() {
		ctx, cancel := context.WithTimeout(l.ctx, wire.HandshakeTimeout)
		defer cancel()
		ws, resp, err := d.DialContext(ctx, l.cfg.URL, nil)
		r := dialResult{n: n, conn: ws, err: err}
		if err != nil && resp != nil {
			r.status, r.code = resp.StatusCode, refused(resp.StatusCode)
			_ = resp.Body.Close()
		}
		select {
		case l.dialed <- r:
		case <-l.ctx.Done():
			if ws != nil {
				_ = ws.Close()
			}
		}
	})
}

// refused maps an HTTP status that came instead of an upgrade to a close code.
func refused(status int) wire.CloseCode {
	switch status {
	case http.StatusGone:
		return wire.CloseRevoked
	case http.StatusUpgradeRequired:
		return wire.CloseVersion
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return wire.CloseTryLater
	}
	return 0
}

func (l *loop) opened(r dialResult) {
	if r.err != nil {
		l.unreachable(r)
		l.lost(r.code)
		return
	}
	l.trouble = ""
	l.conn = newConnection(r.conn)
	l.device.Connected(l.now())
}

// unreachable says why there is no connection: once for each kind of reason in a
// row, and the rest for whoever looks closely.
func (l *loop) unreachable(r dialResult) {
	reason := "network"
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.Is(r.err, ErrPin):
		reason = "pin"
	case errors.As(r.err, &untrusted):
		reason = "certificate"
	case r.status != 0:
		reason = strconv.Itoa(r.status)
	}
	level := slog.LevelDebug
	if reason != l.trouble {
		level, l.trouble = slog.LevelWarn, reason
	}
	l.cfg.Log.Log(l.ctx, level, "hub not reached", "reason", reason, "attempt", r.n, "error", r.err)
}

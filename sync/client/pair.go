package client

// Flow, a screen becoming its hub's (the hub's end is sync/hub/pair.go):
//
//	session.Pairing decides → post: one request over a TLS connection whose key
//	is noted → Opened, Answered … Keep: stored by the owner → Pair returns

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"tavle/sync/session"
	"tavle/sync/wire"
)

// PairConfig says who wants to be paired, and with which hub.
type PairConfig struct {
	URL    string // of the hub's channel: wss://host[:port]/sync
	Key    ed25519.PublicKey
	Sign   func(proof []byte) []byte // by that key
	Pins   []string                  // the hub's keys, where they are known beforehand; else the code tells
	Signer ed25519.PublicKey         // by which the hub signs, where that is known; else nil
	Build  string
	Chance func() float64 // in [0, 1); spreads retries

	// Dial opens a TCP connection; nil is the network.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	Log *slog.Logger
}

// PairEvents is what pairing tells its owner. They are called one at a time and
// must not block, except for Keep.
type PairEvents struct {
	// Status says what stands on the glass, and from where the screen speaks: an
	// address of this machine, or "".
	Status func(s session.PairStatus, from string)
	// Keep stores what was agreed; it is durable when Keep returns nil.
	Keep func(t session.Terms) error
}

// Pair asks the hub to be let in until it is, or ctx ends; then it returns whether
// it was.
func Pair(ctx context.Context, cfg PairConfig, events PairEvents) (bool, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return false, fmt.Errorf("hub address: %w", err)
	}
	p := pairer{cfg: cfg, events: events, base: url.URL{Scheme: "https", Host: u.Host}}
	p.session = session.NewPairing(session.PairingConfig{
		Key: cfg.Key, Host: u.Hostname(), Sign: cfg.Sign, Signer: cfg.Signer, Build: cfg.Build, Nonce: nonce, Chance: cfg.Chance,
	})
	transport := &http.Transport{
		DialContext: cfg.Dial, TLSClientConfig: p.tls(), TLSHandshakeTimeout: wire.HandshakeTimeout, IdleConnTimeout: 30 * time.Second,
	}
	defer transport.CloseIdleConnections()
	p.http = &http.Client{
		Transport: transport, Timeout: wire.HandshakeTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // it has one hub
	}
	return p.run(ctx), nil
}

func nonce() []byte {
	b := make([]byte, wire.NonceSize)
	_, _ = rand.Read(b) // it never fails
	return b
}

// pairer drives a session.Pairing.
type pairer struct {
	cfg     PairConfig
	events  PairEvents
	session *session.Pairing
	base    url.URL
	http    *http.Client
	want    atomic.Pointer[string] // the pin of this pairing, once there is one
	from    string
	said    session.PairStatus
	told    bool
}

// tls returns a configuration that speaks with a hub whose key is known
// beforehand, or is the one this pairing began with, or is none so far: then
// whoever types the code finds out.
func (p *pairer) tls() *tls.Config {
	cfg := Pinned(p.cfg.Pins...)
	known := cfg.VerifyConnection
	cfg.InsecureSkipVerify = true // the key itself is checked, here and by the code
	cfg.VerifyConnection = func(s tls.ConnectionState) error {
		if want := p.want.Load(); want != nil && pinOf(&s) != *want {
			return ErrPin
		}
		if known != nil {
			return known(s)
		}
		return nil
	}
	return cfg
}

// pinOf returns the pin of the key at the other end, or "".
func pinOf(s *tls.ConnectionState) string {
	if s == nil || len(s.PeerCertificates) == 0 {
		return ""
	}
	return wire.Pin(s.PeerCertificates[0].RawSubjectPublicKeyInfo)
}

func (p *pairer) run(ctx context.Context) bool {
	timer := time.NewTimer(0)
	defer timer.Stop()
	todo := p.session.Start(time.Now())
	for {
		p.tell(ctx)
		for len(todo) > 0 && ctx.Err() == nil {
			todo = append(todo[1:], p.execute(ctx, todo[0])...)
			p.tell(ctx)
		}
		if p.session.Over() || ctx.Err() != nil {
			return p.session.Over()
		}
		timer.Reset(max(0, time.Until(p.session.Next())))
		select {
		case <-ctx.Done():
		case <-timer.C:
			todo = p.session.Tick(time.Now())
		}
	}
}

// tell reports what changed.
func (p *pairer) tell(ctx context.Context) {
	s := p.session.Status()
	if p.told && s == p.said {
		return
	}
	if s.Trouble != p.said.Trouble && s.Trouble != session.PairFine {
		p.cfg.Log.WarnContext(ctx, "not paired", "reason", s.Trouble.String())
	}
	p.said, p.told = s, true
	p.events.Status(s, p.from)
}

func (p *pairer) execute(ctx context.Context, a session.Action) []session.Action {
	switch a := a.(type) {
	case session.Post:
		return p.post(ctx, a)
	case session.Keep:
		err := p.events.Keep(a.Terms)
		if err != nil {
			p.cfg.Log.ErrorContext(ctx, "pairing not stored", "error", err)
		}
		p.session.Kept(time.Now(), err == nil)
	}
	return nil
}

// post sends one request and has the session go on from its answer.
func (p *pairer) post(ctx context.Context, a session.Post) []session.Action {
	p.want.Store(nil)
	if a.Pin != "" {
		p.want.Store(&a.Pin)
	}
	pin, body, err := p.ask(ctx, a)
	now := time.Now()
	if err == nil && a.Pin != "" && pin != a.Pin { // on a connection from before
		err = ErrPin
	}
	if err == nil {
		if _, opening := a.Body.(*wire.PairOpen); opening {
			var m wire.PairOpened
			if err = wire.DecodePair(body, &m); err == nil {
				return p.session.Opened(now, pin, m)
			}
		} else {
			var m wire.PairAnswer
			if err = wire.DecodePair(body, &m); err == nil {
				return p.session.Answered(now, m)
			}
		}
	}
	trouble, lost := troubleOf(err)
	p.cfg.Log.DebugContext(ctx, "pairing", "error", err)
	p.session.Failed(now, trouble, lost)
	return nil
}

// errStatus is an answer other than 200.
type errStatus int

func (e errStatus) Error() string { return fmt.Sprintf("hub answers %d", int(e)) }

// ask sends one request and returns the answer, and the pin of who answered.
func (p *pairer) ask(ctx context.Context, a session.Post) (pin string, body []byte, err error) {
	b, err := json.Marshal(a.Body)
	if err != nil {
		return "", nil, err
	}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		p.from, _, _ = net.SplitHostPort(c.Conn.LocalAddr().String())
	}})
	at := p.base
	at.Path = a.Path
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at.String(), bytes.NewReader(b))
	if err != nil {
		return "", nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := p.http.Do(req)
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, wire.MaxPair+1))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errStatus(resp.StatusCode)
	}
	return pinOf(resp.TLS), body, err
}

// troubleOf says what a request that failed means; lost, that the hub does not
// know the pairing any more.
func troubleOf(err error) (t session.PairTrouble, lost bool) {
	status, answered := errors.AsType[errStatus](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, ErrPin), untrusted:
		return session.PairUntrusted, false
	case !answered && (errors.Is(err, wire.ErrProtocol) || errors.Is(err, wire.ErrTooBig) || errors.Is(err, wire.ErrNotText)):
		return session.PairUnable, false
	case !answered:
		return session.PairUnreachable, false
	case status == http.StatusServiceUnavailable, status == http.StatusTooManyRequests, status == http.StatusBadGateway, status == http.StatusGatewayTimeout:
		return session.PairBusy, false
	}
	return session.PairUnable, status == http.StatusNotFound || status == http.StatusForbidden
}

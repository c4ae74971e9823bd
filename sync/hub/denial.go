package hub

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tavle/sync/wire"
)

// A denial is the class of why somebody was not let in, or not let go on. It is all
// that the log says of them, beside the name of a screen that is known: no address,
// and nothing they said (R-DPA-29).
type denial string

// The classes; there are no others.
const (
	deniedTLS       denial = "tls"         // no TLS 1.3, or the other end did not want this hub
	deniedOrigin    denial = "origin"      // a browser
	deniedProtocol  denial = "subprotocol" // no websocket, or of no version there is
	deniedHandshake denial = "handshake"   // a websocket's opening that is none
	deniedBusy      denial = "busy"        // the hub is full, or not serving
	deniedUnknown   denial = "unknown"     // no screen of that name
	deniedProof     denial = "proof"       // not that screen's key
	deniedRevoked   denial = "revoked"     // a screen that was shut out
	deniedSchema    denial = "schema"      // rows of another age
	deniedRate      denial = "rate"        // too many messages
	deniedMessage   denial = "message"     // one that is none
	deniedToken     denial = "token"       // no token for pictures, or an old one
	deniedDevice    denial = "device"      // a token of a screen that may not have it any more
	deniedPairing   denial = "pairing"     // nothing that can be paired
	deniedLogin     denial = "login"       // not somebody's login, or too many tries
	deniedProvider  denial = "provider"    // what a browser brings from the login provider does not hold, or it does not answer
	deniedAssurance denial = "assurance"   // logged in there, and not as surely as is asked for
	deniedRole      denial = "role"        // somebody logged in, who may not do that
	deniedForgery   denial = "forgery"     // another site has their browser ask
)

// Of each class so many lines come at once, and then one every so often: whoever
// wants to fill a disk does not do it with refusals. What is left out is counted.
const (
	denialBurst = 30
	denialEvery = 10 * time.Second
)

// denials is what a hub keeps in memory of its log of denials.
type denials struct {
	sync.Mutex
	lines   map[denial]*bucket
	leftOut map[denial]int
}

// line reports whether one more line may be written, and how many were left out
// before it.
func (d *denials) line(why denial, now time.Time) (before int, ok bool) {
	d.Lock()
	defer d.Unlock()
	if d.lines == nil {
		d.lines, d.leftOut = map[denial]*bucket{}, map[denial]int{}
	}
	if d.lines[why] == nil {
		d.lines[why] = new(bucket)
	}
	if !d.lines[why].take(now, denialEvery, denialBurst) {
		d.leftOut[why]++
		return 0, false
	}
	before = d.leftOut[why]
	delete(d.leftOut, why)
	return before, true
}

// take returns what was left out since the last line of its class.
func (d *denials) take() map[denial]int {
	d.Lock()
	defer d.Unlock()
	left := maps.Clone(d.leftOut)
	clear(d.leftOut)
	return left
}

// deny counts a denial and returns where its line is to be written: nowhere, when
// there are too many of its class.
func (h *Hub) deny(why denial) *slog.Logger {
	count(h.meters.refused, string(why))
	before, ok := h.denials.line(why, h.now())
	if !ok {
		return slog.New(slog.DiscardHandler)
	}
	log := h.log.With("reason", string(why))
	if before > 0 {
		log = log.With("left_out", before)
	}
	return log
}

// A Denial is the class of why staff were not let in, or not let do something.
type Denial = denial

// The classes a Manager has; see the list of all.
const (
	DeniedLogin     = deniedLogin
	DeniedProvider  = deniedProvider
	DeniedAssurance = deniedAssurance
	DeniedRole      = deniedRole
	DeniedForgery   = deniedForgery
	DeniedRate      = deniedRate
)

// Deny notes that staff were not let in, or not let do something: what the audit
// cannot say, because nobody knows who it was.
func (h *Hub) Deny(ctx context.Context, why Denial) {
	log := h.deny(why)
	log.WarnContext(ctx, "request of staff refused")
}

// DenyFor is Deny with more of why, to whoever sets up a login provider: an error of
// words that are the hub's own.
func (h *Hub) DenyFor(ctx context.Context, why Denial, because error) {
	log := h.deny(why)
	log.WarnContext(ctx, "request of staff refused", "error", because)
}

// sumUp says how many denials had no line of their own, so that the last of a flood
// do not go unsaid.
func (h *Hub) sumUp(ctx context.Context) {
	left := h.denials.take()
	for _, why := range slices.Sorted(maps.Keys(left)) {
		h.log.WarnContext(ctx, "refusals left out of the log", "reason", string(why), "left_out", left[why])
	}
}

// denialOf returns the class of a close code by which the hub ends a connection
// for what the other end is or does; "" for any other.
func denialOf(code wire.CloseCode, known bool) denial {
	switch code {
	case wire.CloseUnknown:
		if known {
			return deniedProof
		}
		return deniedUnknown
	case wire.CloseRevoked:
		return deniedRevoked
	case wire.CloseVersion:
		return deniedSchema
	case wire.CloseRate:
		return deniedRate
	case wire.CloseProtocol, wire.CloseBadText, wire.CloseTooBig:
		return deniedMessage
	}
	return ""
}

// knocks hears what the standard library says of connections. It writes addresses
// into these messages, which are not kept.
type knocks struct {
	slog.Handler
	hub *Hub
}

// Handle implements [slog.Handler].
func (k knocks) Handle(ctx context.Context, r slog.Record) error {
	if strings.HasPrefix(r.Message, "http: TLS handshake error") {
		log := k.hub.deny(deniedTLS)
		log.WarnContext(ctx, "connection refused")
		return nil
	}
	return quiet{k.Handler}.Handle(ctx, r)
}

// Enabled implements [slog.Handler]: what is refused is said whatever the level.
func (knocks) Enabled(context.Context, slog.Level) bool { return true }

package wire

import (
	"strconv"
	"time"
)

// A CloseCode says why a connection ended, and with it when to come back.
type CloseCode int

// The close codes. Below 4000 they are RFC 6455's.
const (
	CloseGoingAway CloseCode = 1001
	CloseFraming   CloseCode = 1002 // not a websocket's framing
	CloseBadText   CloseCode = 1007 // not UTF-8
	CloseTooBig    CloseCode = 1009
	CloseRestart   CloseCode = 1012 // the hub drains, or wants a fresh proof
	CloseTryLater  CloseCode = 1013

	CloseProtocol CloseCode = 4000 // something that is not this protocol
	CloseUnknown  CloseCode = 4001 // unknown device or bad proof
	CloseRevoked  CloseCode = 4002 // wipe and unpair
	CloseReplaced CloseCode = 4003 // the same device connected again
	CloseVersion  CloseCode = 4004 // no common row schema
	CloseTooSlow  CloseCode = 4005 // did not take a frame in time
	CloseMoved    CloseCode = 4006 // the feed changed; come back at once
	CloseRate     CloseCode = 4008 // too many messages
)

// String returns the number and a word, for logs.
func (c CloseCode) String() string {
	words := map[CloseCode]string{
		CloseGoingAway: "going away", CloseFraming: "framing", CloseBadText: "bad text", CloseTooBig: "too big",
		CloseRestart: "restart", CloseTryLater: "try later", CloseProtocol: "protocol",
		CloseUnknown: "unknown device", CloseRevoked: "revoked", CloseReplaced: "replaced",
		CloseVersion: "version", CloseTooSlow: "too slow", CloseMoved: "moved", CloseRate: "rate",
	}
	if w := words[c]; w != "" {
		return strconv.Itoa(int(c)) + " " + w
	}
	return strconv.Itoa(int(c))
}

// RetryFloor returns the least time a screen stays away after this code. An
// unknown code is treated like [CloseTryLater].
func (c CloseCode) RetryFloor() time.Duration {
	switch c {
	case CloseProtocol:
		return 5 * time.Minute
	case CloseUnknown:
		return 15 * time.Minute
	case CloseReplaced:
		return 30 * time.Second
	case CloseVersion:
		return time.Hour
	case CloseRate:
		return time.Minute
	default:
		return 0
	}
}

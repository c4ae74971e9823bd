// Package wire is the language of the sync channel: its messages, their
// encoding, their limits and the history of what a build can understand. It is
// pure: bytes in, values out.
//
// A text message is one JSON object whose member "t" names its kind. A binary
// message is the gzip of one such object and travels only from hub to screen.
// Unknown members are ignored by both ends; an unknown kind is ignored by the
// screen and closes the connection at the hub ([CloseProtocol]).
//
// Every type here says what the absence of a member means. What is published of
// all this, schemas and limits, stands in docs/sync.asyncapi.yaml;
// TestContractHasTheFieldsOfTheCode and its neighbours keep it so. Whoever
// changes a message changes it there, adds the member to a golden frame and runs
// "make golden".
package wire

// Subprotocol is what both ends ask for in Sec-WebSocket-Protocol.
const Subprotocol = "tavle.sync.v1"

// Capability is the row schema this build writes, and the newest it reads.
//
//	1 (2026-11): house, person, activity, meal, shift, news
const Capability = 1

// MinCapability is the oldest row schema this build still reads.
const MinCapability = 1

package wire

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"tavle/sync/record"
)

// A Message is one thing said on the channel.
type Message interface {
	// Type returns the value of the member "t".
	Type() string
}

// Challenge is the hub's first word.
type Challenge struct {
	Nonce string `json:"nonce"`  // 16 random bytes, base64url without padding
	HubMS int64  `json:"hub_ms"` // the hub's clock, Unix milliseconds
}

// Hello says who the screen is, what it has and what it can do.
type Hello struct {
	Device  string   `json:"device"`
	Inst    string   `json:"inst"`           // random per installation; mutation numbers start again with it
	Sig     string   `json:"sig"`            // Ed25519 over [HelloProof], base64url without padding
	Have    *At      `json:"have,omitempty"` // absent: nothing, send a snapshot
	NextSeq uint64   `json:"next_seq"`
	Build   string   `json:"build"`
	Schema  [2]int   `json:"schema"`        // lowest and highest row schema it reads
	Enc     []string `json:"enc,omitempty"` // "gzip"; absent: none
	Boot    string   `json:"boot,omitempty"`
	Uptime  int64    `json:"uptime_ms,omitempty"`
	Store   string   `json:"store,omitempty"` // "ok", "empty", "rebuilt" or [StoreWiped]; absent: ok
}

// StoreWiped is what a screen says of its store that was shut out and has destroyed
// everything: with the key it was known by, which it has only in memory by then. That
// is the receipt of a wipe.
const StoreWiped = "wiped"

// At is a position as it travels.
type At struct {
	Epoch record.Epoch `json:"epoch"`
	Rev   uint64       `json:"rev"`
	Sum   string       `json:"sum,omitempty"` // absent: not said
}

// Welcome is the terms of the session.
type Welcome struct {
	Session string  `json:"session"`
	Board   BoardAt `json:"board"`
	Schema  int     `json:"schema"`
	LastSeq uint64  `json:"last_seq"` // highest mutation durably applied for this inst
	Lease   Lease   `json:"lease"`
	PingS   int     `json:"ping_s"`
	Keys    *Keys   `json:"keys,omitempty"`  // absent: as the screen knows them
	Asset   *Assets `json:"asset,omitempty"` // absent: no pictures on this hub
	Limits  *Limits `json:"limits,omitempty"`
}

// BoardAt is a board and where its feed stands.
type BoardAt struct {
	ID    record.BoardID `json:"id"`
	Epoch record.Epoch   `json:"epoch"`
	Rev   uint64         `json:"rev"`
}

// Lease is the right to show personal data while offline. It is for one screen
// and one board, and signed by the hub: see [Lease.Signed].
type Lease struct {
	IssuedMS int64  `json:"issued_ms"` // by the hub's clock
	MaskS    int64  `json:"mask_s"`    // after this long without renewal nobody is named or pictured
	WipeS    int64  `json:"wipe_s"`    // after this long the cache's keys are destroyed
	Sig      string `json:"sig"`       // Ed25519, base64url without padding
}

// Issued returns when the lease was given, by the hub's clock.
func (l Lease) Issued() time.Time { return time.UnixMilli(l.IssuedMS) }

// Mask returns how long the lease lets people be shown.
func (l Lease) Mask() time.Duration { return time.Duration(l.MaskS) * time.Second }

// Wipe returns how long the lease lets data be kept.
func (l Lease) Wipe() time.Duration { return time.Duration(l.WipeS) * time.Second }

// Check reports terms that no hub gives.
func (l Lease) Check() error {
	const least, most, longest = int64(MinMask / time.Second), int64(MaxMask / time.Second), int64(MaxWipe / time.Second)
	switch {
	case l.MaskS < least || l.MaskS > most:
		return fmt.Errorf("lease masks after %d s, want %d to %d", l.MaskS, least, most)
	case l.WipeS < l.MaskS || l.WipeS > longest:
		return fmt.Errorf("lease wipes after %d s, want %d, when it masks, to %d", l.WipeS, l.MaskS, longest)
	}
	return nil
}

// Assets says where pictures are and how to ask for them.
type Assets struct {
	Base  string `json:"base"` // path on the same host, ends in "/"
	Token string `json:"token"`
	ExpS  int64  `json:"exp_s"`
}

// Limits is what the hub accepts; absent: the constants of this package.
type Limits struct {
	Frame int `json:"frame"`
	Muts  int `json:"muts"`
}

// Ack says that the screen has (Epoch, Rev) durably and that the frame shown
// since reflects it.
type Ack struct {
	Epoch record.Epoch `json:"epoch"`
	Rev   uint64       `json:"rev"`
}

// Resync says that the screen cannot go on from what it got.
type Resync struct {
	Why  string `json:"why"` // "gap", "sum", "corrupt" or "operator"
	Have *At    `json:"have,omitempty"`
}

// Time is the hub's clock, beside each ping.
type Time struct {
	HubMS int64 `json:"hub_ms"`
}

// LeaseRenewal renews the lease and, when present, the asset token.
type LeaseRenewal struct {
	Lease Lease   `json:"lease"`
	Keys  *Keys   `json:"keys,omitempty"` // absent: as the screen knows them
	Asset *Assets `json:"asset,omitempty"`
}

// Cmd is something the screen must do.
type Cmd struct {
	ID    string `json:"id"`
	Op    string `json:"op"`               // "wipe", "unpair", "reload", [OpIdentify], "report"
	ExpMS int64  `json:"exp_ms,omitempty"` // absent: never expires

	// With identify: what staff look for on the glass, and where the screen hangs.
	Number int         `json:"n,omitempty"`
	Place  record.Text `json:"place,omitempty"`
}

// OpIdentify has a screen show which it is, for [IdentifyFor] or until it is touched.
const OpIdentify = "identify"

// Done is what became of a command.
type Done struct {
	ID     string `json:"id"`
	Status string `json:"st"` // "ok", "failed" or "refused"
	Info   string `json:"info,omitempty"`
}

// Stat is the health of the screen. It holds no personal data. What is absent is
// nothing, or not known.
type Stat struct {
	Outbox        int     `json:"outbox,omitempty"` // touches that wait for an answer
	AssetsMissing int     `json:"assets_missing,omitempty"`
	TempC         float64 `json:"temp_c,omitempty"`       // of its warmest part
	DiskFreeMB    int64   `json:"disk_free_mb,omitempty"` // where it keeps its data; at least 1 where that is known
	MemoryMB      int64   `json:"memory_mb,omitempty"`    // that the program takes
	UptimeS       int64   `json:"uptime_s,omitempty"`     // of the program
	Late          int64   `json:"late,omitempty"`         // frames that were, since the program began
	ClockOffS     int64   `json:"clock_off_s,omitempty"`  // the machine's clock less the hub's, by which the screen goes
	Secret        string  `json:"secret,omitempty"`       // where its device secret comes from; one of [Secrets]
}

// Secrets are where a screen's device secret may come from.
var Secrets = []string{"host-file", "memory", "rpi-otp", "tpm2"}

// The most that a [Stat] may say of each.
const (
	maxCount   = 1 << 20
	maxTempC   = 200
	maxMB      = 1 << 30
	maxSeconds = 1 << 32
)

// Bounded returns s without what no screen is. It is health: a sensor that is wrong
// is no reason to lose the screen.
func (s Stat) Bounded() Stat {
	if !(s.TempC > -maxTempC && s.TempC < maxTempC) {
		s.TempC = 0
	}
	if !slices.Contains(Secrets, s.Secret) {
		s.Secret = ""
	}
	s.Outbox, s.AssetsMissing = min(max(s.Outbox, 0), maxCount), min(max(s.AssetsMissing, 0), maxCount)
	s.DiskFreeMB, s.MemoryMB = min(max(s.DiskFreeMB, 0), maxMB), min(max(s.MemoryMB, 0), maxMB)
	s.UptimeS, s.Late = min(max(s.UptimeS, 0), maxSeconds), min(max(s.Late, 0), maxSeconds)
	s.ClockOffS = min(max(s.ClockOffS, -maxSeconds), maxSeconds)
	return s
}

// Bye says why the hub is about to close, and when to come back.
type Bye struct {
	Code     CloseCode `json:"code"`
	Why      string    `json:"why,omitempty"`
	RetryMS  int64     `json:"retry_ms,omitempty"`
	SpreadMS int64     `json:"spread_ms,omitempty"`
}

// Unknown is a kind of message this build does not know.
type Unknown struct{ Kind string }

// Type implements [Message].
func (Challenge) Type() string { return "challenge" }

// Type implements [Message].
func (Hello) Type() string { return "hello" }

// Type implements [Message].
func (Welcome) Type() string { return "welcome" }

// Type implements [Message].
func (Snap) Type() string { return "snap" }

// Type implements [Message].
func (Delta) Type() string { return "delta" }

// Type implements [Message].
func (Ack) Type() string { return "ack" }

// Type implements [Message].
func (Resync) Type() string { return "resync" }

// Type implements [Message].
func (Mut) Type() string { return "mut" }

// Type implements [Message].
func (Res) Type() string { return "res" }

// Type implements [Message].
func (Rack) Type() string { return "rack" }

// Type implements [Message].
func (Time) Type() string { return "time" }

// Type implements [Message].
func (LeaseRenewal) Type() string { return "lease" }

// Type implements [Message].
func (Cmd) Type() string { return "cmd" }

// Type implements [Message].
func (Done) Type() string { return "done" }

// Type implements [Message].
func (Stat) Type() string { return "stat" }

// Type implements [Message].
func (Bye) Type() string { return "bye" }

// Type implements [Message].
func (u Unknown) Type() string { return u.Kind }

// NonceSize is the length of a challenge's nonce before encoding, in bytes.
const NonceSize = 16

// B64 is how nonces, keys and signatures are written.
var B64 = base64.RawURLEncoding

// HelloProof returns the bytes a screen signs to prove who it is: the nonce of
// this connection, the host it believes it speaks to (in lower case, without a
// port), its name and its installation; see [SignedBytes].
func HelloProof(nonce, host, device, inst string) []byte {
	return SignedBytes("tavle-hello-1", nonce, strings.ToLower(host), device, inst)
}

// AtOf returns p as it travels.
func AtOf(p record.Position) At { return At{Epoch: p.Epoch, Rev: p.Rev, Sum: p.Sum.String()} }

// Position returns the position a travelled as. A missing sum reads as 0.
func (a At) Position() (record.Position, error) {
	p := record.Position{Epoch: a.Epoch, Rev: a.Rev}
	if a.Sum == "" {
		return p, nil
	}
	var err error
	p.Sum, err = record.ParseSum(a.Sum)
	return p, err
}

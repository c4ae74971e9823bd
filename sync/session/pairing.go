package session

// A screen that belongs to no hub yet (the messages are in sync/wire/pair.go):
//
//	         ┌─────────────── pause ◄───────────────┐
//	         ▼                                      │ refused, locked, unreachable
//	away ─► opening ─► revealing ─► waiting ⇄ asking ─► keeping ─► paired
//	           ▲                       │
//	           └────── code expired ───┘
//
// While a code stands on the glass a hub that cannot be reached for a moment
// changes nothing. Every begin has a new nonce, so a new code.

import (
	"crypto/ed25519"
	"slices"
	"time"

	"tavle/sync/wire"
)

// PairingConfig is what a screen is that wants to be paired.
type PairingConfig struct {
	Key    ed25519.PublicKey
	Host   string // name or address of the hub as it is dialled, part of the proof
	Sign   func(proof []byte) []byte
	Signer ed25519.PublicKey // by which the hub signs, where that is known; else nil
	Build  string
	Nonce  func() []byte  // [wire.NonceSize] fresh random bytes
	Chance func() float64 // in [0, 1): spreads retries
}

type pairPhase uint8

const (
	apart pairPhase = iota // until at
	opening
	revealing
	waitingForStaff // asks at
	asking
	keeping
	paired
)

// A PairTrouble is why there is no code yet, or what is wrong while there is.
type PairTrouble uint8

// The troubles.
const (
	PairFine        PairTrouble = iota
	PairUnreachable             // no answer
	PairUntrusted               // the hub's key or certificate is not one to be believed
	PairBusy                    // too many want to be paired, or the hub is about to end
	PairUnable                  // what answers does not pair screens
	PairBetween                 // the hub has another TLS key than the screen sees
	PairMisnamed                // the hub does not go by the name the screen dials
	PairDenied                  // staff said no
	PairGuessed                 // too many wrong codes
	PairFull                    // what was agreed could not be stored
)

// Troubles lists every trouble but none, for tests that range over them.
var Troubles = []PairTrouble{
	PairUnreachable, PairUntrusted, PairBusy, PairUnable, PairBetween, PairMisnamed, PairDenied, PairGuessed, PairFull,
}

// String returns the trouble in a word, for the log.
func (t PairTrouble) String() string {
	return [...]string{"none", "unreachable", "untrusted", "busy", "unable", "between", "misnamed", "denied", "guessed", "full"}[t]
}

// How pairing goes on.
const (
	askFirst = 2 * time.Second // staff stand before it
	askLater = 5 * time.Second
	askSoon  = 2 * time.Minute // so long it asks often

	pauseFirst = time.Minute // after a no
	pauseCap   = 10 * time.Minute
)

type (
	// Post sends a request to a path of the hub; then Opened, Answered or Failed
	// is called. With a pin, the hub must have that TLS key.
	Post struct {
		Path string
		Body any
		Pin  string
	}

	// Keep stores what was agreed, durably; then Kept is called.
	Keep struct{ Terms Terms }
)

func (Post) action() {}
func (Keep) action() {}

// Terms are what a screen belongs to its hub by.
type Terms struct {
	Device string
	Pins   []string
	Signer ed25519.PublicKey
}

// Pairing is the screen's end of pairing.
type Pairing struct {
	cfg   PairingConfig
	key   string
	phase pairPhase
	at    time.Time // when away or waiting: what is next

	nonce   string
	opened  wire.PairOpened
	pin     string // of the hub, as the first answer showed it
	code    wire.Code
	from    time.Time // when the code began, until when it is good
	until   time.Time
	asked   uint64
	terms   Terms
	trouble PairTrouble

	failures int // without an answer, in a row
	noes     int // in a row
}

// NewPairing returns a screen that has not asked yet.
func NewPairing(c PairingConfig) *Pairing {
	return &Pairing{cfg: c, key: wire.B64.EncodeToString(c.Key)}
}

// Start begins.
func (p *Pairing) Start(time.Time) []Action { return p.begin() }

// begin asks for a new code.
func (p *Pairing) begin() []Action {
	p.phase, p.code, p.pin, p.asked = opening, "", "", 0
	p.nonce = wire.B64.EncodeToString(p.cfg.Nonce())
	return []Action{Post{Path: wire.PairPath, Body: &wire.PairOpen{Key: p.key, Commit: wire.Commitment(p.nonce), Build: p.cfg.Build}}}
}

// Next returns when Tick has something to do; zero: never.
func (p *Pairing) Next() time.Time {
	switch p.phase {
	case apart:
		return p.at
	case waitingForStaff:
		return earlier(p.at, p.until)
	}
	return time.Time{}
}

// Tick does what is due.
func (p *Pairing) Tick(now time.Time) []Action {
	at := p.Next()
	if at.IsZero() || now.Before(at) {
		return nil
	}
	switch {
	case p.phase == apart && p.terms.Device != "":
		p.phase = keeping
		return []Action{Keep{p.terms}}
	case p.phase == apart, !now.Before(p.until):
		return p.begin()
	}
	p.phase = asking
	p.asked++
	return []Action{Post{
		Path: wire.PairPath + "/" + p.opened.ID + "/ask", Pin: p.pin,
		Body: &wire.PairAsk{N: p.asked, Sig: p.sign(wire.PairAskProof(p.opened, p.asked))},
	}}
}

func (p *Pairing) sign(proof []byte) string { return wire.B64.EncodeToString(p.cfg.Sign(proof)) }

// Opened takes the hub's answer to the first request, and the pin of the TLS key
// it came with.
func (p *Pairing) Opened(now time.Time, pin string, m wire.PairOpened) []Action {
	if p.phase != opening {
		return nil
	}
	p.phase, p.opened, p.pin = revealing, m, pin
	p.from, p.until = now, now.Add(time.Duration(m.ExpiresS)*time.Second)
	r := wire.PairReveal{Nonce: p.nonce, Host: p.cfg.Host, Pin: pin}
	r.Sig = p.sign(wire.PairProof(p.key, m, r))
	return []Action{Post{Path: wire.PairPath + "/" + m.ID, Body: &r, Pin: pin}}
}

// Answered takes what the hub says of the pairing.
func (p *Pairing) Answered(now time.Time, m wire.PairAnswer) []Action {
	if p.phase != revealing && p.phase != asking {
		return nil
	}
	p.failures = 0
	switch m.State {
	case wire.PairWaiting:
		if p.code == "" {
			p.code = wire.PairCode(p.key, p.pin, p.opened.Nonce, p.nonce)
		}
		p.trouble, p.noes = PairFine, 0
		p.wait(now, 0)
		return nil
	case wire.PairApproved:
		if !slices.Contains(m.Pins, p.pin) {
			p.no(now, PairBetween) // no hub forgets the key it is speaking with
			return nil
		}
		signer, _ := wire.B64.DecodeString(m.Signer)
		if p.cfg.Signer != nil && !p.cfg.Signer.Equal(ed25519.PublicKey(signer)) {
			p.no(now, PairUntrusted)
			return nil
		}
		p.terms = Terms{Device: m.Device, Pins: m.Pins, Signer: signer}
		p.phase = keeping
		return []Action{Keep{p.terms}}
	case wire.PairRefused:
		p.denied(now, m.Why)
	case wire.PairLocked:
		p.no(now, PairGuessed)
	default: // expired
		p.retreat(now, PairFine)
	}
	return nil
}

// denied takes a refusal.
func (p *Pairing) denied(now time.Time, why string) {
	switch why {
	case wire.WhyPin:
		p.no(now, PairBetween)
	case wire.WhyHost:
		p.no(now, PairMisnamed)
	case wire.WhyStaff:
		p.no(now, PairDenied)
	default: // what we say does not fit together; somebody changed it on its way
		p.no(now, PairBetween)
	}
}

// wait asks again after a while.
func (p *Pairing) wait(now time.Time, more time.Duration) {
	every := askLater
	if now.Sub(p.from) < askSoon {
		every = askFirst
	}
	p.phase, p.at = waitingForStaff, now.Add(every+more)
}

// no begins again after a pause, longer every time.
func (p *Pairing) no(now time.Time, t PairTrouble) {
	pause := min(pauseCap, pauseFirst<<min(p.noes, 4))
	p.noes++
	p.phase, p.code, p.trouble, p.at = apart, "", t, now.Add(pause)
}

// retreat begins again soon.
func (p *Pairing) retreat(now time.Time, t PairTrouble) {
	p.phase, p.code, p.trouble = apart, "", t
	p.at = now.Add(time.Second + Backoff(p.failures, p.cfg.Chance()))
	p.failures++
}

// Failed says that a request got no answer that counts. Lost is true for a
// pairing that the hub does not know any more.
func (p *Pairing) Failed(now time.Time, t PairTrouble, lost bool) {
	switch p.phase {
	case opening, revealing:
		p.retreat(now, t)
	case asking:
		if lost || t == PairUntrusted {
			p.retreat(now, t)
			return
		}
		p.trouble = t
		p.wait(now, Backoff(p.failures, p.cfg.Chance()))
		p.failures++
	}
}

// Kept says whether what was agreed is stored. What is not is tried again.
func (p *Pairing) Kept(now time.Time, stored bool) {
	switch {
	case p.phase != keeping:
	case stored:
		p.phase, p.trouble, p.code = paired, PairFine, ""
	default:
		p.phase, p.trouble, p.at = apart, PairFull, now.Add(pauseFirst)
	}
}

// Over reports whether the screen is paired.
func (p *Pairing) Over() bool { return p.phase == paired }

// A PairStatus is what the glass says of pairing.
type PairStatus struct {
	Code        wire.Code // "": none
	ID          string    // of the pairing the code is for
	From, Until time.Time // the code is good
	Trouble     PairTrouble
}

// Status returns what the glass says.
func (p *Pairing) Status() PairStatus {
	s := PairStatus{Trouble: p.trouble}
	if p.code != "" {
		s.Code, s.ID, s.From, s.Until = p.code, p.opened.ID, p.from, p.until
	}
	return s
}

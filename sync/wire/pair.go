package wire

// Pairing: how a screen that knows nothing but its hub's address becomes one of
// the hub's. Three requests over TLS 1.3, each with a JSON object of at most
// [MaxPair] bytes:
//
//	screen                                      hub
//	POST /sync/pair       {key, commit, build}  →  remembers them, draws its nonce
//	                           {id, nonce, …}   ←
//	POST /sync/pair/ID    {nonce, host, pin, sig} → commit was to this nonce? sig is
//	                                               key's? pin is one of my TLS keys?
//	                           {st: waiting}    ←
//	shows the code                                 staff type what the glass shows
//	POST /sync/pair/ID/ask  {n, sig}            →
//	                           {st: approved …} ←
//
// Neither end sends the code. Both compute it, of the screen's key, the TLS key
// as the screen saw it, and both nonces: a short authentication string. Whoever
// sits between has another TLS key, so glass and hub differ. They cannot make
// them alike, either: the screen is committed to its nonce before it hears the
// hub's, and shows its own only after that, so nobody can choose what the code
// will be, and a wrong guess costs a try (see [MaxCodeTries]).

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// PairPath is where screens ask to be paired, [PairPage] where whoever scans the
// code on their glass is told what to do.
const (
	PairPath = "/sync/pair"
	PairPage = "/pair"
)

// What pairing is bound by.
const (
	MaxPair      = 4 << 10          // bytes of one request or answer
	PairLife     = 10 * time.Minute // how long a code is good
	PairHaste    = time.Minute      // how long a screen may take to its second request
	MaxCodeTries = 5                // wrong codes that lock a pairing
	maxBuild     = 200
)

// PairOpen asks to be paired.
type PairOpen struct {
	Key    string `json:"key"`    // Ed25519, base64url without padding
	Commit string `json:"commit"` // [Commitment] to the screen's nonce
	Build  string `json:"build"`
}

// PairOpened is the answer to it.
type PairOpened struct {
	ID       string `json:"id"`        // of this pairing, 16 random bytes, base64url without padding
	Nonce    string `json:"nonce"`     // the hub's, likewise
	ExpiresS int64  `json:"expires_s"` // the code is good for so many seconds
}

// PairReveal says what was committed to, and proves the key.
type PairReveal struct {
	Nonce string `json:"nonce"` // the screen's, 16 random bytes, base64url without padding
	Host  string `json:"host"`  // by which the screen dials the hub
	Pin   string `json:"pin"`   // of the TLS key it sees; see [Pin]
	Sig   string `json:"sig"`   // over [PairProof], base64url without padding
}

// PairAsk asks what became of a pairing.
type PairAsk struct {
	N   uint64 `json:"n"`   // counts up
	Sig string `json:"sig"` // over [PairAskProof], base64url without padding
}

// PairState says how far a pairing is.
type PairState string

// The states.
const (
	PairWaiting  PairState = "waiting"  // for staff
	PairApproved PairState = "approved" // the screen belongs to the hub
	PairRefused  PairState = "refused"  // by staff, or for what the screen said: see Why
	PairLocked   PairState = "locked"   // too many wrong codes
	PairExpired  PairState = "expired"
)

// Why a pairing is refused.
const (
	WhyStaff  = "staff"  // somebody said no
	WhyCommit = "commit" // the nonce is not the one that was committed to
	WhyProof  = "proof"  // the signature is not the key's
	WhyPin    = "pin"    // the TLS key the screen sees is not the hub's: somebody is between
	WhyHost   = "host"   // the hub does not go by the name it was dialled by
)

// PairAnswer says what became of a pairing.
type PairAnswer struct {
	State PairState `json:"st"`
	Why   string    `json:"why,omitempty"` // with refused

	// With approved: the screen's name at the hub, the hub's TLS keys, the one in
	// use and the next, and the key by which it signs, base64url without padding.
	Device string   `json:"device,omitempty"`
	Pins   []string `json:"pins,omitempty"`
	Signer string   `json:"signer,omitempty"`
}

// DecodePair reads one request or answer of pairing into m and checks it.
func DecodePair(b []byte, m interface{ Check() error }) error {
	if len(b) > MaxPair {
		return fmt.Errorf("%w: %d bytes, want at most %d", ErrTooBig, len(b), MaxPair)
	}
	if !utf8.Valid(b) {
		return ErrNotText
	}
	if err := noNull(b); err != nil {
		return err
	}
	if err := json.Unmarshal(b, m); err != nil {
		return fmt.Errorf("%w: %w", ErrProtocol, redact(err))
	}
	if err := m.Check(); err != nil {
		return fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	return nil
}

// Check names what is wrong with m, or returns nil.
func (m *PairOpen) Check() error {
	if len(m.Build) > maxBuild || strings.ContainsFunc(m.Build, unicode.IsControl) {
		return fmt.Errorf("build of %d bytes, want at most %d that can be printed", len(m.Build), maxBuild)
	}
	return errors.Join(sized("key", m.Key, ed25519.PublicKeySize), sized("commit", m.Commit, sha256.Size))
}

// Check names what is wrong with m, or returns nil.
func (m *PairOpened) Check() error {
	if m.ExpiresS < 1 || m.ExpiresS > int64(PairLife/time.Second) {
		return fmt.Errorf("good for %d s, want 1 to %d", m.ExpiresS, int64(PairLife/time.Second))
	}
	return errors.Join(sized("id", m.ID, NonceSize), sized("nonce", m.Nonce, NonceSize))
}

// Check names what is wrong with m, or returns nil.
func (m *PairReveal) Check() error {
	switch {
	case m.Host == "" || len(m.Host) > 253:
		return fmt.Errorf("host of %d bytes, want 1 to 253", len(m.Host))
	case !IsPin(m.Pin):
		return errors.New("pin that is none")
	}
	return errors.Join(sized("nonce", m.Nonce, NonceSize), sized("sig", m.Sig, ed25519.SignatureSize))
}

// Check names what is wrong with m, or returns nil.
func (m *PairAsk) Check() error { return sized("sig", m.Sig, ed25519.SignatureSize) }

// Check names what is wrong with m, or returns nil.
func (m *PairAnswer) Check() error {
	switch m.State {
	case PairWaiting, PairRefused, PairLocked, PairExpired:
		return nil
	case PairApproved:
	default:
		return fmt.Errorf("state of %d bytes that there is not", len(m.State))
	}
	if m.Device == "" || len(m.Device) > 64 {
		return fmt.Errorf("device of %d bytes, want 1 to 64", len(m.Device))
	}
	if len(m.Pins) == 0 || len(m.Pins) > 4 {
		return fmt.Errorf("%d pins, want 1 to 4", len(m.Pins))
	}
	for _, p := range m.Pins {
		if !IsPin(p) {
			return errors.New("pin that is none")
		}
	}
	return sized("signer", m.Signer, ed25519.PublicKeySize)
}

// sized reports what is not the base64url of n bytes, in its one spelling.
func sized(name, s string, n int) error {
	b, err := B64.Strict().DecodeString(s)
	if err != nil || len(b) != n || B64.EncodeToString(b) != s {
		return fmt.Errorf("%s is not %d bytes in base64url", name, n)
	}
	return nil
}

// Commitment returns what binds a screen to its nonce, as both travel: the
// SHA-256 of the nonce's bytes.
func Commitment(nonce string) string {
	b, _ := B64.DecodeString(nonce)
	sum := sha256.Sum256(b)
	return B64.EncodeToString(sum[:])
}

// Committed reports whether commit binds to nonce.
func Committed(commit, nonce string) bool {
	return subtle.ConstantTimeCompare([]byte(commit), []byte(Commitment(nonce))) == 1
}

// PairProof returns the bytes a screen signs with its second request: everything
// the two have said, and how the screen sees the hub.
func PairProof(key string, opened PairOpened, r PairReveal) []byte {
	return SignedBytes("tavle-pair-1", key, opened.ID, opened.Nonce, r.Nonce, strings.ToLower(r.Host), r.Pin)
}

// PairAskProof returns the bytes a screen signs when it asks for the n-th time.
func PairAskProof(opened PairOpened, n uint64) []byte {
	return SignedBytes("tavle-pair-ask-1", opened.ID, opened.Nonce, strconv.FormatUint(n, 10))
}

// A Code is what staff compare: six letters of [CodeAlphabet].
type Code string

// CodeAlphabet has no 0 O 1 I L, which look alike on a wall.
const CodeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// CodeSize is how many letters a code has: one of 887 million, about 30 bits.
const CodeSize = 6

// PairCode returns the code of a pairing.
func PairCode(key, pin, hubNonce, nonce string) Code {
	sum := sha256.Sum256(SignedBytes("tavle-pair-code-1", key, pin, hubNonce, nonce))
	n := binary.BigEndian.Uint64(sum[:]) // of which every code has its share, to 1 in 2^34
	var b [CodeSize]byte
	for i := range b {
		b[i] = CodeAlphabet[n%uint64(len(CodeAlphabet))]
		n /= uint64(len(CodeAlphabet))
	}
	return Code(b[:])
}

// ParseCode reads a code as people type it: in small letters, with a dash or
// spaces.
func ParseCode(s string) (Code, error) {
	var b strings.Builder
	for _, r := range s {
		switch r = unicode.ToUpper(r); {
		case r == '-' || r == '–' || unicode.IsSpace(r):
		case strings.ContainsRune("0O1IL", r):
			return "", fmt.Errorf("no code has %c in it", r)
		case r > unicode.MaxASCII || !strings.ContainsRune(CodeAlphabet, r):
			return "", errors.New("a code has letters and digits only")
		default:
			b.WriteRune(r)
		}
	}
	if b.Len() != CodeSize {
		return "", fmt.Errorf("a code has %d letters and digits, not %d", CodeSize, b.Len())
	}
	return Code(b.String()), nil
}

// Equal compares in a time that does not depend on where codes differ.
func (c Code) Equal(d Code) bool { return subtle.ConstantTimeCompare([]byte(c), []byte(d)) == 1 }

// Fingerprint names a screen's key for people who compare: the first 4 bytes of
// its SHA-256, such as "9C41 E07B". It tells screens apart; the code proves.
func Fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	s := strings.ToUpper(hex.EncodeToString(sum[:4]))
	return s[:4] + " " + s[4:]
}

// Nickname is what a screen is called before it has a name, such as
// "tavle-9c41": the beginning of its fingerprint.
func Nickname(key ed25519.PublicKey) string {
	return "tavle-" + strings.ToLower(Fingerprint(key)[:4])
}

package wire

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tavle/sync/record"
)

// SignedBytes returns what a signature is over: the domain, which says what kind
// of thing is signed, and its parts, each ended by a zero byte, so that no two
// sets of parts read the same. A part that may hold a zero byte, such as a hash,
// is written as text first.
func SignedBytes(domain string, parts ...string) []byte {
	n := len(domain) + 1
	for _, part := range parts {
		n += len(part) + 1
	}
	b := append(make([]byte, 0, n), domain...)
	b = append(b, 0)
	for _, part := range parts {
		b = append(b, part...)
		b = append(b, 0)
	}
	return b
}

// VerifySigned reports whether sig is key's signature over [SignedBytes] of domain
// and parts. No key has signed anything.
func VerifySigned(key ed25519.PublicKey, sig []byte, domain string, parts ...string) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, SignedBytes(domain, parts...), sig)
}

// A Signer signs parts as a thing of a domain; see [SignedBytes].
type Signer func(domain string, parts ...string) []byte

// SignerOf returns the signer that has key.
func SignerOf(key ed25519.PrivateKey) Signer {
	return func(domain string, parts ...string) []byte { return ed25519.Sign(key, SignedBytes(domain, parts...)) }
}

const leaseDomain = "tavle-lease-1"

// Signed returns l for one screen that shows one board, signed.
func (l Lease) Signed(by Signer, device string, board record.BoardID) Lease {
	l.Sig = B64.EncodeToString(by(leaseDomain, l.parts(device, board)...))
	return l
}

// SignedBy reports whether the hub with that key gave l to this screen for this
// board.
func (l Lease) SignedBy(hub ed25519.PublicKey, device string, board record.BoardID) bool {
	sig, err := B64.DecodeString(l.Sig)
	return err == nil && VerifySigned(hub, sig, leaseDomain, l.parts(device, board)...)
}

func (l Lease) parts(device string, board record.BoardID) []string {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	return []string{device, string(board), number(l.IssuedMS), number(l.MaskS), number(l.WipeS)}
}

// Keys are by what a screen knows its hub from now on. The hub says them with
// every welcome, so that its TLS key can be changed without anybody going to the
// screens: first it says the next one beside the one in use, later that one alone.
type Keys struct {
	Signing string   `json:"signing"`       // see [SigningPin]
	TLS     []string `json:"tls,omitempty"` // see [Pin]; absent: those the screen has stand
	Sig     string   `json:"sig"`           // by the signing key, base64url without padding
}

// MaxPins is how many TLS keys a hub may say it has.
const MaxPins = 4

const keysDomain = "tavle-keys-1"

// Signed returns k for one screen, signed.
func (k Keys) Signed(by Signer, device string) Keys {
	k.Sig = B64.EncodeToString(by(keysDomain, k.parts(device)...))
	return k
}

// SignedFor returns the signing key that k names, if k is signed by it for this
// screen.
func (k Keys) SignedFor(device string) (ed25519.PublicKey, error) {
	key, err := ParseSigningPin(k.Signing)
	if err != nil {
		return nil, err
	}
	if len(k.TLS) > MaxPins || slices.ContainsFunc(k.TLS, func(p string) bool { return !IsPin(p) }) {
		return nil, fmt.Errorf("keys of TLS: want at most %d, as Pin writes them", MaxPins)
	}
	sig, err := B64.DecodeString(k.Sig)
	if err != nil || !VerifySigned(key, sig, keysDomain, k.parts(device)...) {
		return nil, errors.New("keys not signed by the key they name")
	}
	return key, nil
}

func (k Keys) parts(device string) []string { return append([]string{device, k.Signing}, k.TLS...) }

const signingPrefix = "ed25519-"

// SigningPin names a hub's signing key, as a screen is told to know its hub by:
// "ed25519-" and the base64url of the public key.
func SigningPin(key ed25519.PublicKey) string { return signingPrefix + B64.EncodeToString(key) }

// ParseSigningPin reads what [SigningPin] wrote.
func ParseSigningPin(s string) (ed25519.PublicKey, error) {
	code, ok := strings.CutPrefix(s, signingPrefix)
	b, err := B64.DecodeString(code)
	if !ok || err != nil || len(b) != ed25519.PublicKeySize {
		return nil, errors.New(`signing key is not "ed25519-" and 43 characters`)
	}
	return b, nil
}

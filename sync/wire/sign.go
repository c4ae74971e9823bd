package wire

import "crypto/ed25519"

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

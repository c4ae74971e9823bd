package wire

import "crypto/sha256"

// Pin names a public key, as a screen is told to know its hub by: "sha256-" and
// the base64url of the SHA-256 of its SubjectPublicKeyInfo. It stays the same
// when a certificate is renewed for the same key.
func Pin(spki []byte) string {
	sum := sha256.Sum256(spki)
	return "sha256-" + B64.EncodeToString(sum[:])
}

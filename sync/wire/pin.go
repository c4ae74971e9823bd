package wire

import (
	"crypto/sha256"
	"strings"
)

// Pin names a public key, as a screen is told to know its hub by: "sha256-" and
// the base64url of the SHA-256 of its SubjectPublicKeyInfo. It stays the same
// when a certificate is renewed for the same key.
func Pin(spki []byte) string {
	sum := sha256.Sum256(spki)
	return pinPrefix + B64.EncodeToString(sum[:])
}

const pinPrefix = "sha256-"

// IsPin reports whether s is spelled as [Pin] spells.
func IsPin(s string) bool {
	code, ok := strings.CutPrefix(s, pinPrefix)
	sum, err := B64.Strict().DecodeString(code)
	return ok && err == nil && len(sum) == sha256.Size && B64.EncodeToString(sum) == code
}

package seal

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
)

// Identity returns the key by which a screen with this device secret proves who
// it is: Ed25519 from the seed HKDF-SHA256(secret, no salt, "tavle/identity/v1").
// Nothing of it is stored, and a screen whose secret was renewed is another.
func Identity(secret Key) (ed25519.PrivateKey, error) {
	if secret.IsZero() {
		return nil, fmt.Errorf("identity: device secret: %w", errNoKey)
	}
	seed, err := hkdf.Key(sha256.New, secret.raw(), nil, "tavle/identity/v1", ed25519.SeedSize)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	defer clear(seed)
	return ed25519.NewKeyFromSeed(seed), nil
}

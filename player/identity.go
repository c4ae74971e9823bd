package player

import (
	"crypto/ed25519"
	"fmt"

	"tavle/player/seal"
	"tavle/sync/wire"
)

// An Identity is by what a screen proves to a hub who it is.
type Identity struct{ key ed25519.PrivateKey }

// IdentityOf returns the identity of this machine.
func IdentityOf(p seal.Provider) (Identity, error) {
	secret, err := p.Secret()
	if err != nil {
		return Identity{}, fmt.Errorf("identity: %w", err)
	}
	defer secret.Destroy()
	key, err := seal.Identity(secret)
	return Identity{key}, err
}

// Public returns what a hub knows the screen by.
func (i Identity) Public() ed25519.PublicKey { return i.key.Public().(ed25519.PublicKey) }

// String returns the public key as the hub is told it.
func (i Identity) String() string { return wire.B64.EncodeToString(i.Public()) }

// Sign signs what the hub asks to be proved.
func (i Identity) Sign(proof []byte) []byte { return ed25519.Sign(i.key, proof) }

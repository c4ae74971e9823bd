package hub

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// signingSecret names the seed of the signing key among the store's secrets, so
// that all hubs on one store sign alike, and a hub restored from a backup is
// believed.
const signingSecret = "signing-key"

// signingKey returns the key by which the hub signs what has to be believed away
// from its connections, and makes it when there is none.
func signingKey(ctx context.Context, tx store.Tx) (ed25519.PrivateKey, error) {
	seed, err := tx.Secret(ctx, signingSecret, random(ed25519.SeedSize))
	if err != nil {
		return nil, err
	}
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("secret %s of %d bytes, want %d", signingSecret, len(seed), ed25519.SeedSize)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// SigningKey returns the public half of the key by which the hub signs what has to
// be believed away from its connections: leases, certificates, and which TLS keys
// are its own. It is not the key of its TLS certificate, which is a house's to
// change.
func (h *Hub) SigningKey() ed25519.PublicKey { return h.signer.Public().(ed25519.PublicKey) }

// keys says to a screen by what it knows the hub from now on.
func (h *Hub) keys(device string) *wire.Keys {
	k := wire.Keys{Signing: wire.SigningPin(h.SigningKey()), TLS: h.opt.Pins()}.Signed(h.sign, device)
	return &k
}

// sign signs parts as a thing of this domain; see [wire.SignedBytes].
func (h *Hub) sign(domain string, parts ...string) []byte {
	return ed25519.Sign(h.signer, wire.SignedBytes(domain, parts...))
}

// SignReceipt signs the sum of what somebody said yes and no to, so that a receipt they
// kept can be told from one the house never gave.
func (h *Hub) SignReceipt(sum string) []byte { return h.sign("tavle-receipt-1", sum) }

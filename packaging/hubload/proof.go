package main

import (
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/binary"
	"math/big"
	"slices"

	"tavle/sync/wire"
)

// A signer makes Ed25519 signatures that any hub verifies at the full price,
// and that cost next to nothing to make: the random point in them is always the
// same one, so only the last line of RFC 8032, 5.1.6 is left to do. Two
// signatures give such a key away. These keys live as long as a measurement, on
// loopback.
type signer struct {
	public ed25519.PublicKey
	point  []byte   // R
	r, s   *big.Int // its discrete logarithm; the secret scalar
}

// order is that of the group, RFC 8032, 5.1.
var order, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)

// newSigner returns the signer number n.
func newSigner(n int) *signer {
	seed := make([]byte, ed25519.SeedSize)
	binary.BigEndian.PutUint64(seed, uint64(n)+1)
	key := ed25519.NewKeyFromSeed(seed)
	h := sha512.Sum512(seed)
	h[0] &= 248
	h[31] = h[31]&127 | 64
	sig := ed25519.Sign(key, nil)
	g := &signer{public: key.Public().(ed25519.PublicKey), point: sig[:32], s: little(h[:32])}
	g.r = new(big.Int).Mul(g.challenge(nil), g.s) // S = r + k·s
	g.r.Sub(little(sig[32:]), g.r).Mod(g.r, order)
	return g
}

// challenge returns k.
func (g *signer) challenge(message []byte) *big.Int {
	h := sha512.New()
	h.Write(g.point)
	h.Write(g.public)
	h.Write(message)
	k := little(h.Sum(nil))
	return k.Mod(k, order)
}

// sign signs a message, as it stands in a hello.
func (g *signer) sign(message []byte) string {
	k := g.challenge(message)
	k.Mul(k, g.s).Add(k, g.r).Mod(k, order)
	sig := make([]byte, ed25519.SignatureSize)
	copy(sig, g.point)
	k.FillBytes(sig[32:])
	slices.Reverse(sig[32:])
	return wire.B64.EncodeToString(sig)
}

// little reads a number whose lowest byte comes first.
func little(b []byte) *big.Int {
	b = slices.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

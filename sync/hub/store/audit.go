package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"tavle/sync/hub/house"
)

// The audit of a system is a chain: the hash of a line covers the line and the
// hash before it, so nobody can change, remove or put in a line without every
// hash after it being another.
//
// What names somebody or something goes into the hash as its pseudonym. Erasing
// somebody puts the pseudonym into the lines in place of the ID: the audit says
// no longer who it was, and its hashes are what they were.

// An Audit is one thing that was done: who, what, to which object, when. There
// is no more, and nobody's name.
type Audit struct {
	At     time.Time
	By     ActorKind
	Actor  string // which screen or member of staff
	Action string // "create", "change", "delete", "read", or what Note said
	Kind   string // of the object
	ID     string
	Person house.ID // whose place on a list
}

// A Line is an Audit at its place in the chain.
type Line struct {
	Audit
	Org    house.ID
	Day    house.Day // in UTC; never before the line before
	Number int64     // from 1, every day
	Hash   string    // SHA-256, in hexadecimal digits
}

// A Chain is where the audit of a system ends.
type Chain struct {
	Day    house.Day // of the last line, and its number of that day
	Number int64
	Lines  int64 // of all days
	Hash   string
}

// A Seal is the last line of a day, signed by the hub: whoever writes the chain
// anew needs its key.
type Seal struct {
	Day       house.Day
	Number    int64
	Hash      string
	Signature []byte
}

// Genesis is the hash before the first line of a system.
func Genesis(org house.ID) string {
	sum := sha256.Sum256([]byte("tavle audit 1\x00" + string(org)))
	return hex.EncodeToString(sum[:])
}

// Link returns the hash of a line after one with hash before, given how the
// system makes pseudonyms.
func (l Line) Link(before string, key PseudonymKey) string {
	h := sha256.New()
	part := func(s string) {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(s)))
		_, _ = h.Write(n[:])
		_, _ = h.Write([]byte(s))
	}
	number := func(n int64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(n))
		_, _ = h.Write(b[:])
	}
	part(before)
	part(string(l.Org))
	part(string(l.Day))
	number(l.Number)
	number(l.At.UnixMilli())
	part(string(l.By))
	part(key.Of(l.Actor))
	part(l.Action)
	part(l.Kind)
	part(key.Of(l.ID))
	part(key.Of(string(l.Person)))
	return hex.EncodeToString(h.Sum(nil))
}

// A PseudonymKey makes pseudonyms: the secret of one system, 32 bytes.
type PseudonymKey []byte

// pseudonym is how one begins; no ID of a house does.
const pseudonym = "~"

// Of returns the pseudonym of an ID: what it was before cannot be told without
// the key. The pseudonym of a pseudonym is itself, that of nothing is nothing.
func (k PseudonymKey) Of(id string) string {
	if id == "" || IsPseudonym(id) {
		return id
	}
	h := hmac.New(sha256.New, k)
	_, _ = h.Write([]byte("tavle pseudonym 1\x00" + id))
	return pseudonym + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// Name tells one key from another: of two houses with the same ID, or of one that
// was taken in twice. Nothing can be made with it.
func (k PseudonymKey) Name() string {
	h := hmac.New(sha256.New, k)
	_, _ = h.Write([]byte("tavle pseudonym key 1"))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// IsPseudonym reports whether something is no ID but what an erasure left of one.
func IsPseudonym(id string) bool {
	return len(id) == len(pseudonym)+43 && strings.HasPrefix(id, pseudonym)
}

// String keeps the key out of what is printed.
func (PseudonymKey) String() string { return "(key)" }

// GoString keeps the key out of what is printed.
func (PseudonymKey) GoString() string { return "(key)" }

package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func nonceOf(fill byte) string { return B64.EncodeToString(bytes.Repeat([]byte{fill}, NonceSize)) }

// The code is what README, glass and hub go by; a change of it parts screens
// from hubs that are older.
func TestCodeOfAPairingStaysWhatItIs(t *testing.T) {
	key := B64.EncodeToString(bytes.Repeat([]byte{1}, ed25519.PublicKeySize))
	pin := Pin([]byte("spki"))
	require.Equal(t, Code("96YNPQ"), PairCode(key, pin, nonceOf(2), nonceOf(3)))
	require.Equal(t, "72CD 6E84", Fingerprint(bytes.Repeat([]byte{1}, ed25519.PublicKeySize)))
	require.Equal(t, "tavle-72cd", Nickname(bytes.Repeat([]byte{1}, ed25519.PublicKeySize)))
}

// Issue 3, item 4: every part of what the two have said changes the code, so that
// glass and hub agree only when they have heard the same.
func TestCodeIsOfEverythingSaid(t *testing.T) {
	base := [...]string{"key", "pin", "hub nonce", "nonce"}
	code := PairCode(base[0], base[1], base[2], base[3])
	for i := range base {
		other := base
		other[i] += "x"
		require.NotEqual(t, code, PairCode(other[0], other[1], other[2], other[3]), base[i])
	}
}

// Six of an alphabet in which nothing looks like another,
// each as likely as the next.
func TestCodesAreEvenAndLegible(t *testing.T) {
	require.NotRegexp(t, "[01OIL]", CodeAlphabet)
	seen := map[rune]int{}
	const n = 20_000
	for i := range n {
		code := PairCode("key", "pin", fmt.Sprint(i), "nonce")
		require.Len(t, code, CodeSize)
		for _, r := range code {
			require.Contains(t, CodeAlphabet, string(r))
			seen[r]++
		}
	}
	want := float64(n*CodeSize) / float64(len(CodeAlphabet))
	require.Len(t, seen, len(CodeAlphabet))
	for r, got := range seen {
		require.InDelta(t, want, got, want/10, string(r))
	}
}

func TestCodeIsReadAsPeopleType(t *testing.T) {
	for _, s := range []string{"7KX94P", "7KX-94P", "7kx 94p", " 7kx–94p\n", "7 K X 9 4 P"} {
		code, err := ParseCode(s)
		require.NoError(t, err, s)
		require.True(t, code.Equal("7KX94P"), s)
	}
	for s, want := range map[string]string{
		"7KX94":   "has 6 letters and digits, not 5",
		"7KX94PP": "not 7",
		"":        "not 0",
		"7KX94O":  "no code has O",
		"7KX94l":  "no code has L",
		"7KX94.":  "letters and digits only",
		"7KX94Æ":  "letters and digits only",
	} {
		_, err := ParseCode(s)
		require.ErrorContains(t, err, want, s)
	}
	require.False(t, Code("7KX94P").Equal("7KX94Q"))
	require.False(t, Code("").Equal("7KX94Q"))
}

func TestCommitmentBindsToOneNonce(t *testing.T) {
	c := Commitment(nonceOf(1))
	require.True(t, Committed(c, nonceOf(1)))
	require.False(t, Committed(c, nonceOf(2)))
	require.False(t, Committed("", nonceOf(1)))
}

// messagesOfPairing has one good message of each kind.
func messagesOfPairing() map[string]interface{ Check() error } {
	key, sig := B64.EncodeToString(make([]byte, 32)), B64.EncodeToString(make([]byte, 64))
	return map[string]interface{ Check() error }{
		"open":   &PairOpen{key, Commitment(nonceOf(1)), "tavle-player 1.0"},
		"opened": &PairOpened{nonceOf(1), nonceOf(2), 600},
		"reveal": &PairReveal{nonceOf(1), "hub.example", Pin([]byte("x")), sig},
		"ask":    &PairAsk{1, sig},
		"answer": &PairAnswer{State: PairApproved, Device: "hall", Pins: []string{Pin([]byte("x"))}, Signer: key},
	}
}

func TestMessagesOfPairingAreChecked(t *testing.T) {
	for kind, m := range messagesOfPairing() {
		good, err := json.Marshal(m)
		require.NoError(t, err)
		require.NoError(t, DecodePair(good, fresh(kind)), kind)
		require.NoError(t, DecodePair(bytes.Replace(good, []byte("{"), []byte(`{"later":1,`), 1), fresh(kind)), "what later versions say is passed over")
		require.ErrorIs(t, DecodePair(good[:len(good)-1], fresh(kind)), ErrProtocol)
		require.ErrorIs(t, DecodePair([]byte(`{}`), fresh(kind)), ErrProtocol, kind)
		require.ErrorIs(t, DecodePair([]byte(`[]`), fresh(kind)), ErrProtocol)
		require.ErrorIs(t, DecodePair([]byte("{\"x\":\"\xff\"}"), fresh(kind)), ErrNotText)
		require.ErrorIs(t, DecodePair(append(good, bytes.Repeat([]byte{' '}, MaxPair)...), fresh(kind)), ErrTooBig)
	}
	for name, bad := range map[string]interface{ Check() error }{
		"key":       &PairOpen{"short", Commitment(nonceOf(1)), ""},
		"commit":    &PairOpen{B64.EncodeToString(make([]byte, 32)), nonceOf(1), ""},
		"build":     &PairOpen{B64.EncodeToString(make([]byte, 32)), Commitment(nonceOf(1)), "a\nb"},
		"long life": &PairOpened{nonceOf(1), nonceOf(1), 601},
		"no life":   &PairOpened{nonceOf(1), nonceOf(1), 0},
		"state":     &PairAnswer{State: "maybe"},
		"no pins":   &PairAnswer{State: PairApproved, Device: "hall", Signer: B64.EncodeToString(make([]byte, 32))},
		"bad pin":   &PairAnswer{State: PairApproved, Device: "hall", Pins: []string{"sha256-"}, Signer: B64.EncodeToString(make([]byte, 32))},
		"long name": &PairAnswer{State: PairApproved, Device: strings.Repeat("x", 65)},
	} {
		require.Error(t, bad.Check(), name)
	}
}

func fresh(kind string) interface{ Check() error } {
	return map[string]interface{ Check() error }{
		"open": new(PairOpen), "opened": new(PairOpened), "reveal": new(PairReveal), "ask": new(PairAsk), "answer": new(PairAnswer),
	}[kind]
}

// A host that is written in another way is the same host; every other part of the
// proof counts.
func TestProofIsOfEverythingSaid(t *testing.T) {
	opened, reveal := PairOpened{ID: "id", Nonce: "hub"}, PairReveal{Nonce: "n", Host: "Hub.Example", Pin: "pin"}
	proof := PairProof("key", opened, reveal)
	same := reveal
	same.Host = "hub.example"
	require.Equal(t, proof, PairProof("key", opened, same))
	for i, other := range [][]byte{
		PairProof("other", opened, reveal),
		PairProof("key", PairOpened{ID: "x", Nonce: "hub"}, reveal),
		PairProof("key", PairOpened{ID: "id", Nonce: "x"}, reveal),
		PairProof("key", opened, PairReveal{Nonce: "x", Host: "hub.example", Pin: "pin"}),
		PairProof("key", opened, PairReveal{Nonce: "n", Host: "x", Pin: "pin"}),
		PairProof("key", opened, PairReveal{Nonce: "n", Host: "hub.example", Pin: "x"}),
		PairAskProof(opened, 1),
	} {
		require.NotEqual(t, proof, other, i)
	}
	require.NotEqual(t, PairAskProof(opened, 1), PairAskProof(opened, 2))
}

func FuzzDecodePair(f *testing.F) {
	for _, m := range messagesOfPairing() {
		b, _ := json.Marshal(m)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for kind := range messagesOfPairing() {
			m := fresh(kind)
			if err := DecodePair(b, m); err == nil {
				again, err := json.Marshal(m)
				require.NoError(t, err)
				require.NoError(t, DecodePair(again, fresh(kind)), kind)
			} else {
				require.NotContains(t, err.Error(), "hemmelig")
			}
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add("7KX-94P")
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCode(s); err == nil {
			again, err := ParseCode(string(c))
			require.NoError(t, err)
			require.Equal(t, c, again)
			require.Len(t, c, CodeSize)
		}
	})
}

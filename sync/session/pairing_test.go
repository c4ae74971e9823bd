package session

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/wire"
)

var (
	pairKey    = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	pairPin    = wire.Pin([]byte("the hub's"))
	pairNonce  = wire.B64.EncodeToString(bytes.Repeat([]byte{9}, wire.NonceSize))
	pairStart  = time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)
	pairOpened = wire.PairOpened{ID: pairNonce, Nonce: pairNonce, ExpiresS: 600}
	waitingM   = wire.PairAnswer{State: wire.PairWaiting}
)

func newPairing() *Pairing {
	n := byte(0)
	return NewPairing(PairingConfig{
		Key: pairKey.Public().(ed25519.PublicKey), Host: "hub.test", Build: "test",
		Sign:   func(proof []byte) []byte { return ed25519.Sign(pairKey, proof) },
		Nonce:  func() []byte { n++; return bytes.Repeat([]byte{n}, wire.NonceSize) },
		Chance: func() float64 { return 0.5 },
	})
}

// shown returns a pairing whose code is on the glass.
func shown(t *testing.T) *Pairing {
	t.Helper()
	p := newPairing()
	require.Equal(t, wire.PairPath, only[Post](t, p.Start(pairStart)).Path)
	require.Len(t, p.Opened(pairStart, pairPin, pairOpened), 1)
	require.Empty(t, p.Answered(pairStart, waitingM))
	require.NotEmpty(t, p.Status().Code)
	return p
}

// The screen commits itself before the hub says anything, and what it signs is
// everything both have said.
func TestScreenCommitsThenReveals(t *testing.T) {
	p := newPairing()
	open := only[Post](t, p.Start(pairStart)).Body.(*wire.PairOpen)
	require.NoError(t, open.Check())
	post := only[Post](t, p.Opened(pairStart, pairPin, pairOpened))
	require.Equal(t, wire.PairPath+"/"+pairOpened.ID, post.Path)
	require.Equal(t, pairPin, post.Pin, "what follows is for the same hub")
	reveal := post.Body.(*wire.PairReveal)
	require.NoError(t, reveal.Check())
	require.True(t, wire.Committed(open.Commit, reveal.Nonce))
	sig, err := wire.B64.DecodeString(reveal.Sig)
	require.NoError(t, err)
	require.True(t, ed25519.Verify(pairKey.Public().(ed25519.PublicKey), wire.PairProof(open.Key, pairOpened, *reveal), sig))
	require.Empty(t, p.Status().Code, "no code before the hub waits for it")
	p.Answered(pairStart, waitingM)
	require.Equal(t, PairStatus{
		Code: wire.PairCode(open.Key, pairPin, pairOpened.Nonce, reveal.Nonce),
		ID:   pairOpened.ID, From: pairStart, Until: pairStart.Add(10 * time.Minute),
	}, p.Status())
}

func TestScreenAsksUntilItIsPaired(t *testing.T) {
	p := shown(t)
	code, now := p.Status().Code, pairStart
	for n := uint64(1); n < 20; n++ {
		now = p.Next()
		ask := only[Post](t, p.Tick(now))
		require.Equal(t, wire.PairPath+"/"+pairOpened.ID+"/ask", ask.Path)
		require.Equal(t, n, ask.Body.(*wire.PairAsk).N)
		require.Empty(t, p.Answered(now, waitingM))
		require.Equal(t, code, p.Status().Code)
	}
	require.Less(t, now, pairStart.Add(2*time.Minute), "often, at first")

	now = p.Next()
	p.Tick(now)
	signer := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	approved := wire.PairAnswer{
		State: wire.PairApproved, Device: "hall", Pins: []string{pairPin, wire.Pin([]byte("next"))}, Signer: wire.B64.EncodeToString(signer),
	}
	keep := only[Keep](t, p.Answered(now, approved))
	require.Equal(t, Terms{"hall", approved.Pins, signer}, keep.Terms)
	require.False(t, p.Over(), "not before it is on disk")

	p.Kept(now, false)
	require.Equal(t, PairFull, p.Status().Trouble)
	require.Equal(t, keep, only[Keep](t, p.Tick(p.Next())), "it is tried again")
	p.Kept(now, true)
	require.True(t, p.Over())
}

// A new code comes by itself, and is another.
func TestCodeRunsOut(t *testing.T) {
	p := shown(t)
	old, now := p.Status(), pairStart
	for {
		require.False(t, p.Next().IsZero())
		require.Greater(t, p.Next(), now)
		now = p.Next()
		post := only[Post](t, p.Tick(now))
		if post.Path == wire.PairPath {
			break
		}
		p.Answered(now, waitingM)
	}
	require.Equal(t, old.Until, now)
	p.Opened(now, pairPin, pairOpened)
	p.Answered(now, waitingM)
	require.NotEqual(t, old.Code, p.Status().Code)
	require.Equal(t, now.Add(10*time.Minute), p.Status().Until)
}

// Goal 3: a hub that is away for a moment takes no code off the glass, and one
// that has forgotten the pairing gets another.
func TestHubThatIsAwayAndOneThatForgot(t *testing.T) {
	p := shown(t)
	code := p.Status().Code
	now := p.Next()
	p.Tick(now)
	p.Failed(now, PairUnreachable, false)
	require.Equal(t, code, p.Status().Code)
	require.Equal(t, PairUnreachable, p.Status().Trouble)
	now = p.Next()
	p.Tick(now)
	p.Answered(now, waitingM)
	require.Equal(t, PairFine, p.Status().Trouble)
	require.Equal(t, code, p.Status().Code)

	now = p.Next()
	p.Tick(now)
	p.Failed(now, PairFine, true)
	require.Empty(t, p.Status().Code)
	require.Equal(t, wire.PairPath, only[Post](t, p.Tick(p.Next())).Path)
}

func TestWithoutHubItKeepsTrying(t *testing.T) {
	p, now := newPairing(), pairStart
	p.Start(now)
	for range 100 {
		p.Failed(now, PairUnreachable, false)
		require.Equal(t, PairUnreachable, p.Status().Trouble)
		require.Greater(t, p.Next(), now)
		require.LessOrEqual(t, p.Next().Sub(now), backoffCap+time.Second)
		require.Empty(t, p.Tick(p.Next().Add(-1)))
		now = p.Next()
		require.Equal(t, wire.PairPath, only[Post](t, p.Tick(now)).Path)
	}
}

// A no takes the code away, and the next comes later every time.
func TestNoIsFollowedByAPause(t *testing.T) {
	for _, row := range []struct {
		says wire.PairAnswer
		want PairTrouble
	}{
		{wire.PairAnswer{State: wire.PairRefused, Why: wire.WhyStaff}, PairDenied},
		{wire.PairAnswer{State: wire.PairRefused, Why: wire.WhyPin}, PairBetween},
		{wire.PairAnswer{State: wire.PairRefused, Why: wire.WhyHost}, PairMisnamed},
		{wire.PairAnswer{State: wire.PairRefused, Why: wire.WhyProof}, PairBetween},
		{wire.PairAnswer{State: wire.PairLocked}, PairGuessed},
		// approved, by something that leaves out the key it speaks with
		{wire.PairAnswer{State: wire.PairApproved, Device: "hall", Pins: []string{wire.Pin([]byte("other"))}}, PairBetween},
	} {
		p := shown(t)
		now := p.Next()
		for _, pause := range []int{1, 2, 4, 8, 10, 10} {
			p.Tick(now)
			if p.phase == opening {
				p.Opened(now, pairPin, pairOpened)
			}
			require.Empty(t, p.Answered(now, row.says))
			require.Empty(t, p.Status().Code)
			require.Equal(t, row.want, p.Status().Trouble)
			require.Equal(t, now.Add(time.Duration(pause)*time.Minute), p.Next())
			now = p.Next()
		}
	}
}

// Whatever comes when, the screen is never stuck: it waits for an answer, for a
// moment, or is paired.
func TestAnswersAtTheWrongTime(t *testing.T) {
	for i := range 6 {
		p := newPairing()
		p.Start(pairStart)
		steps := []func(){
			func() { p.Opened(pairStart, pairPin, pairOpened) },
			func() { p.Answered(pairStart, waitingM) },
			func() { p.Kept(pairStart, true) },
			func() { p.Answered(pairStart, wire.PairAnswer{State: wire.PairLocked}) },
			func() { p.Failed(pairStart, PairBusy, false) },
			func() { p.Opened(pairStart, pairPin, pairOpened) },
		}
		for j := range steps {
			steps[(i+j)%len(steps)]()
			require.False(t, p.Over())
			if p.phase == apart || p.phase == waitingForStaff {
				require.False(t, p.Next().IsZero())
			}
		}
	}
}

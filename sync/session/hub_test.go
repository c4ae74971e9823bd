package session

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
	"tavle/sync/wire"
)

var testKey = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

func newTestHub() *Hub {
	h := NewHub([]string{"hub", "192.0.2.7"}, "s1", "nonce", func() float64 { return 0.5 })
	h.Open(t0)
	return h
}

func hello(have *wire.At) *wire.Hello {
	return &wire.Hello{
		Device: "d1", Inst: "i1", Have: have, Schema: [2]int{1, 1}, Enc: []string{"gzip"},
		Sig: proof("nonce", "hub", "d1", "i1"),
	}
}

func identity() Identity {
	return Identity{
		Known: true, Key: testKey.Public().(ed25519.PublicKey), Board: "b",
		Head:  record.Position{Epoch: epoch, Rev: 5, Sum: 50},
		Grant: func() Grant { return Grant{Lease: lent(t0)} },
	}
}

func TestHubWelcomesWhoProvesWhoTheyAre(t *testing.T) {
	h := newTestHub()
	require.Equal(t, "d1", only[Identify](t, h.Received(t0, hello(nil))).Hello.Device)
	require.False(t, h.Serving())
	acts := h.Identified(t0, identity())
	require.Equal(t, record.BoardID("b"), sent[wire.Welcome](t, acts).Board.ID)
	require.Equal(t, Push{Gzip: true}, only[Push](t, acts))
	require.True(t, h.Serving())
}

// A hub is reached under several names, and a proof holds the one that was
// dialled: what was signed for another hub is worth nothing here.
func TestProofIsForOneOfTheHubsNames(t *testing.T) {
	for host, want := range map[string]bool{
		"hub": true, "HUB": true, "192.0.2.7": true,
		"": false, "hu": false, "hub.example": false, "192.0.2.70": false, "hub:8443": false,
	} {
		h := newTestHub()
		m := hello(nil)
		m.Sig = proof("nonce", host, "d1", "i1")
		h.Received(t0, m)
		acts := h.Identified(t0, identity())
		require.Equal(t, want, h.Serving(), host)
		if !want {
			require.Equal(t, wire.CloseUnknown, only[Close](t, acts).Code, host)
		}
	}
}

func proof(nonce, host, device, inst string) string {
	return wire.B64.EncodeToString(ed25519.Sign(testKey, wire.HelloProof(nonce, host, device, inst)))
}

func TestHubRefusesWhoDoesNot(t *testing.T) {
	with := func(edit func(*wire.Hello)) *wire.Hello {
		h := hello(nil)
		edit(h)
		return h
	}
	other := with(func(h *wire.Hello) { h.Sig = proof("another nonce", "hub", "d1", "i1") })
	inst := with(func(h *wire.Hello) { h.Inst = "i2" })
	garbage := with(func(h *wire.Hello) { h.Sig = "no base64!" })
	old := with(func(h *wire.Hello) { h.Schema = [2]int{7, 9} })
	revoked, unknown, keyless := identity(), identity(), identity()
	revoked.Revoked, unknown.Known, keyless.Key = true, false, nil
	for name, c := range map[string]struct {
		hello *wire.Hello
		id    Identity
		code  wire.CloseCode
	}{
		"unknown device":          {hello(nil), unknown, wire.CloseUnknown},
		"no key":                  {hello(nil), keyless, wire.CloseUnknown},
		"proof of another moment": {other, identity(), wire.CloseUnknown},
		"another's installation":  {inst, identity(), wire.CloseUnknown},
		"no proof":                {garbage, identity(), wire.CloseUnknown},
		"revoked":                 {hello(nil), revoked, wire.CloseRevoked},
		"too new":                 {old, identity(), wire.CloseVersion},
	} {
		c.id.Grant = func() Grant {
			t.Error("signed for whoever it was: " + name)
			return Grant{}
		}
		h := newTestHub()
		h.Received(t0, c.hello)
		require.Equal(t, c.code, only[Close](t, h.Identified(t0, c.id)).Code, name)
		require.False(t, h.Serving(), name)
	}
	h := newTestHub()
	require.Equal(t, wire.CloseProtocol, only[Close](t, h.Received(t0, &wire.Ack{})).Code)
	h = newTestHub()
	h.Received(t0, hello(nil))
	require.Equal(t, wire.CloseProtocol, only[Close](t, h.Received(t0, hello(nil))).Code)
	h = newTestHub()
	require.Equal(t, wire.CloseTryLater, only[Close](t, h.Tick(t0.Add(10*time.Second))).Code)
}

// R-DPA-27: only a screen that is shut out, and proves to be that one, can say that it
// has destroyed everything. What could not be noted is said again.
func TestReceiptOfAWipeIsNoted(t *testing.T) {
	wiped := hello(nil)
	wiped.Store = wire.StoreWiped
	revoked := identity()
	revoked.Revoked = true
	for noted, code := range map[bool]wire.CloseCode{true: wire.CloseRevoked, false: wire.CloseTryLater} {
		h := newTestHub()
		h.Received(t0, wiped)
		acts := h.Identified(t0, revoked)
		require.Equal(t, Emptied{"d1", revoked.Key}, only[Emptied](t, acts))
		none[Close](t, acts)
		require.Equal(t, code, only[Close](t, h.Noted(noted)).Code)
		require.False(t, h.Serving())
	}
	stranger := *wiped
	stranger.Sig = proof("another nonce", "hub", "d1", "i1")
	h := newTestHub()
	h.Received(t0, &stranger)
	require.Equal(t, wire.CloseUnknown, only[Close](t, h.Identified(t0, revoked)).Code)
	h = newTestHub()
	h.Received(t0, wiped)
	none[Emptied](t, h.Identified(t0, identity()))
}

func servingHub(t *testing.T, have *wire.At) *Hub {
	t.Helper()
	h := newTestHub()
	h.Received(t0, hello(have))
	h.Identified(t0, identity())
	return h
}

func TestHubResumesWhereThePositionMeansSomething(t *testing.T) {
	for name, c := range map[string]struct {
		have *wire.At
		from record.Position
		push bool
	}{
		"same place":      {&wire.At{Epoch: epoch, Rev: 5, Sum: record.Sum(50).String()}, record.Position{}, false},
		"behind":          {&wire.At{Epoch: epoch, Rev: 3, Sum: record.Sum(30).String()}, record.Position{Epoch: epoch, Rev: 3, Sum: 30}, true},
		"another epoch":   {&wire.At{Epoch: "ffffffffffffffff", Rev: 3}, record.Position{}, true},
		"ahead":           {&wire.At{Epoch: epoch, Rev: 9}, record.Position{}, true},
		"same, other sum": {&wire.At{Epoch: epoch, Rev: 5, Sum: record.Sum(51).String()}, record.Position{}, true},
		"nothing":         {nil, record.Position{}, true},
	} {
		h := newTestHub()
		h.Received(t0, hello(c.have))
		acts := h.Identified(t0, identity())
		if !c.push {
			none[Push](t, acts)
			continue
		}
		require.Equal(t, c.from, only[Push](t, acts).From, name)
	}
}

// Nothing queues for a slow screen: one frame flies, then one compacted delta.
func TestOneFrameOfTheBoardIsOnItsWay(t *testing.T) {
	h := servingHub(t, nil)
	at := func(rev uint64) record.Position {
		return record.Position{Epoch: epoch, Rev: rev, Sum: record.Sum(rev * 10)}
	}
	for rev := uint64(6); rev < 20; rev++ {
		require.Empty(t, h.Moved(at(rev)))
	}
	require.Equal(t, at(5), only[Push](t, h.Pushed(at(5))).From)
	require.Empty(t, h.Pushed(at(19)))
	require.Empty(t, h.Moved(at(19)))
	require.Equal(t, at(19), only[Push](t, h.Moved(at(20))).From)
	require.Empty(t, h.Pushed(at(22)), "the writer read further than we were told")
	require.Empty(t, h.Moved(at(21)), "an old word")
}

func TestHubAsksForWhatTheScreenSays(t *testing.T) {
	h := servingHub(t, nil)
	h.Pushed(identity().Head)
	require.Equal(t, "i1", only[Mutate](t, h.Received(t0, &wire.Mut{Muts: []wire.Mutation{mutation(1)}})).Inst)
	require.EqualValues(t, 5, only[Confirmed](t, h.Received(t0, &wire.Ack{Epoch: epoch, Rev: 5})).At.Rev)
	require.EqualValues(t, 1, only[Release](t, h.Received(t0, &wire.Rack{Seq: 1})).Seq)
	acts := h.Received(t0, &wire.Resync{Why: "sum"})
	require.Equal(t, "sum", only[Alarm](t, acts).Why)
	require.True(t, only[Push](t, acts).From.IsZero())
	only[Close](t, h.Received(t0, wire.Unknown{Kind: "x"}))
}

func TestHubBoundsHowMuchAScreenSays(t *testing.T) {
	h := servingHub(t, nil)
	for i := range 200 {
		acts := h.Received(t0, &wire.Stat{})
		if i >= rateBurst {
			require.Equal(t, wire.CloseRate, only[Close](t, acts).Code)
			return
		}
	}
	t.Fatal("never")
}

func TestHubKeepsTheLinkAlive(t *testing.T) {
	h := servingHub(t, nil)
	now := t0
	pings, leases := 0, 0
	for now.Before(t0.Add(time.Hour)) {
		now = h.Next()
		h.Heard(now)
		for _, a := range h.Tick(now) {
			switch a.(type) {
			case Ping:
				pings++
			case Lend:
				leases++
			}
		}
	}
	require.InDelta(t, 144, pings, 3)
	require.Equal(t, 12, leases)

	h = servingHub(t, nil)
	require.Equal(t, "silence", only[Close](t, h.Tick(t0.Add(time.Minute))).Why)
	h = servingHub(t, nil)
	h.Heard(t0.Add(12 * time.Hour))
	acts := h.Tick(t0.Add(12 * time.Hour))
	require.EqualValues(t, 30000, sent[wire.Bye](t, acts).SpreadMS, "a connection is proved again")
	require.Equal(t, wire.CloseRestart, only[Close](t, acts).Code)
}

// Twenty messages a second are fine for ever; more are not.
func TestHubAllowsTwentyMessagesASecond(t *testing.T) {
	h := servingHub(t, nil)
	now := t0
	for range 10_000 {
		now = now.Add(rateEvery)
		none[Close](t, h.Received(now, &wire.Stat{}))
	}
	for n := 1; ; n++ {
		now = now.Add(rateEvery * 9 / 10)
		for _, a := range h.Received(now, &wire.Stat{}) {
			if c, ok := a.(Close); ok {
				require.Equal(t, wire.CloseRate, c.Code)
				require.InDelta(t, 10*rateBurst, n, rateBurst/4, "a tenth too many uses up what may come at once")
				return
			}
		}
	}
}

// A hub says nothing of a house before it knows who listens, and nothing at all
// after the end.
// A lively house moves its board faster than a screen may speak. A
// screen that confirms everything it is sent is not shut out for it; one that
// confirms what it was not sent is.
func TestConfirmingIsNoOffence(t *testing.T) {
	h := servingHub(t, nil)
	at := record.Position{Epoch: "e1", Rev: 7}
	for range 10 * rateBurst {
		at.Rev++
		h.Moved(at)
		h.Pushed(at)
		require.IsType(t, Confirmed{}, h.Received(t0, &wire.Ack{Epoch: at.Epoch, Rev: at.Rev})[0])
	}
	var code wire.CloseCode
	for range rateBurst + 1 {
		if c, ok := h.Received(t0, &wire.Ack{Epoch: at.Epoch, Rev: at.Rev})[0].(Close); ok {
			code = c.Code
		}
	}
	require.Equal(t, wire.CloseRate, code)
}

func TestHubSpeaksOnlyWhileItServes(t *testing.T) {
	head := record.Position{Epoch: epoch, Rev: 9, Sum: 90}
	quiet := func(h *Hub) {
		t.Helper()
		require.Empty(t, h.Moved(head))
		require.Empty(t, h.Pushed(head))
		require.Empty(t, h.Answered([]wire.Result{{Seq: 1}}))
		require.Empty(t, h.Command(wire.Cmd{ID: "c"}))
	}
	h := newTestHub()
	quiet(h)
	require.Empty(t, h.Identified(t0, identity()), "nobody has said hello")
	h.Received(t0, hello(nil))
	quiet(h)

	h = servingHub(t, nil)
	require.Empty(t, h.Answered(nil))
	require.Equal(t, "c", sent[wire.Cmd](t, h.Command(wire.Cmd{ID: "c"})).ID)
	require.Equal(t, wire.CloseTryLater, only[Close](t, h.Gap()).Code)
	quiet(h)
	require.Empty(t, h.Tick(t0.Add(24*time.Hour)))
	none[Mutate](t, h.Received(t0, &wire.Mut{Muts: []wire.Mutation{mutation(1)}}))
}

// Another feed is another board: it is taken up from the beginning, whatever its
// number.
func TestHubFollowsTheFeed(t *testing.T) {
	h := servingHub(t, nil)
	require.Empty(t, h.Pushed(identity().Head))
	next := record.Position{Epoch: "00000000000000a2", Rev: 1, Sum: 1}
	require.Equal(t, identity().Head, only[Push](t, h.Moved(next)).From, "whose epoch no longer means anything")
	require.Empty(t, h.Pushed(next))
	require.Equal(t, record.BoardID("b"), h.Board())
	require.Equal(t, "d1", h.Device())
}

// A word of the feed from before a restore that comes late is found out by the next
// read, whenever it comes: the hub does not push for ever towards where the board
// will never be.
func TestLateWordOfAnOldFeedIsFoundOut(t *testing.T) {
	now, old := record.Position{Epoch: "00000000000000a2", Rev: 1, Sum: 1}, identity().Head
	old.Rev++

	h := servingHub(t, nil)
	h.Moved(now)
	h.Pushed(now)
	require.Equal(t, now, only[Push](t, h.Moved(old)).From)
	require.Empty(t, h.Pushed(now), "nobody asks again")
	next := now
	next.Rev++
	require.Equal(t, now, only[Push](t, h.Moved(next)).From, "and the board moves on")

	require.Empty(t, h.Moved(old), "while a frame is written")
	require.Equal(t, next, only[Push](t, h.Pushed(next)).From, "it may be the newer one")
	require.Empty(t, h.Pushed(next))
}

// A screen that asks for all of it while something is written gets it afterwards:
// until then a difference means nothing to it.
func TestResyncWhileAFrameIsWritten(t *testing.T) {
	h := servingHub(t, nil)
	h.Pushed(identity().Head)
	next := identity().Head
	next.Rev++
	only[Push](t, h.Moved(next))
	none[Push](t, h.Received(t0, &wire.Resync{Why: "sum"}))
	require.True(t, only[Push](t, h.Pushed(next)).From.IsZero())
	require.Empty(t, h.Pushed(next), "once")
}

// Restrictions first. Results that the screen has not confirmed come
// once, after the board that may hide somebody; at once when it has that already.
func TestHubRepeatsResultsAfterTheBoard(t *testing.T) {
	id := identity()
	id.Results = []wire.Result{{Seq: 3, Outcome: wire.Accepted}}
	open := []Action{Send{wire.Res{Results: id.Results}}}

	h := newTestHub()
	h.Received(t0, hello(nil))
	acts := h.Identified(t0, id)
	require.Len(t, acts, 2)
	require.IsType(t, wire.Welcome{}, acts[0].(Send).Message)
	require.IsType(t, Push{}, acts[1])
	behind := id.Head
	behind.Rev++
	require.Empty(t, h.Moved(behind))
	acts = h.Pushed(id.Head)
	require.Equal(t, open, acts[:1])
	require.IsType(t, Push{}, acts[1])
	require.Empty(t, h.Pushed(behind), "once")

	h = newTestHub()
	at := wire.AtOf(id.Head)
	h.Received(t0, hello(&at))
	require.Equal(t, open, h.Identified(t0, id)[1:])
}

// A position that cannot be read is none.
func TestHubSendsTheWholeBoardForAPositionThatIsNone(t *testing.T) {
	h := newTestHub()
	h.Received(t0, hello(&wire.At{Epoch: epoch, Rev: 5, Sum: "xyz"}))
	require.True(t, only[Push](t, h.Identified(t0, identity())).From.IsZero())
}

// Whatever a screen says, the hub does not panic, serves nobody without a proof,
// does what a screen wants only while it serves it, keeps at most one frame of
// the board on its way, and says nothing after it has closed.
func FuzzHub(f *testing.F) {
	say := func(ms ...wire.Message) {
		var lines [][]byte
		for _, m := range ms {
			b, err := wire.Encode(m)
			require.NoError(f, err)
			lines = append(lines, b)
		}
		f.Add(bytes.Join(lines, []byte("\n")), uint8(0))
	}
	mut := wire.Mut{Muts: []wire.Mutation{{Seq: 1, Op: wire.OpSignUp, On: wire.RowKey{Kind: "activity", ID: "a"}, Who: "p"}}}
	say(hello(nil), mut, wire.Ack{Epoch: epoch, Rev: 5}, wire.Rack{Seq: 1}, wire.Resync{Why: "sum"}, wire.Stat{}, wire.Done{ID: "c"})
	say(hello(&wire.At{Epoch: epoch, Rev: 4, Sum: "x"}), hello(nil))
	say(hello(&wire.At{Epoch: epoch, Rev: 1 << 63}), wire.Resync{}, wire.Resync{})
	say(mut, hello(nil))
	forged := hello(nil)
	forged.Sig = proof("another nonce", "hub", "d1", "i1")
	say(forged, wire.Stat{})
	forged.Schema = [2]int{-1 << 62, 1 << 62}
	say(forged)
	f.Fuzz(func(t *testing.T, in []byte, moves uint8) {
		h := newTestHub()
		now, flying, over := t0, 0, false
		var told wire.Hello
		see := func(acts []Action) {
			for _, a := range acts {
				if over {
					t.Fatalf("%T after the end", a)
				}
				switch a := a.(type) {
				case Close:
					over = true
				case Identify:
					told = a.Hello
				case Push:
					if flying++; flying > 1 {
						t.Fatal("a second frame on its way")
					}
				case Send:
				default:
					if !h.Serving() {
						t.Fatalf("%T before it serves", a)
					}
				}
			}
		}
		for line := range bytes.SplitSeq(in, []byte("\n")) {
			m, err := wire.DecodeFromDevice(line)
			if err != nil || over {
				return
			}
			now = now.Add(time.Duration(moves) * time.Millisecond)
			see(h.Received(now, m))
			if _, ok := m.(*wire.Hello); ok && !over {
				see(h.Identified(now, identity()))
			}
			if h.Serving() {
				sig, err := wire.B64.DecodeString(told.Sig)
				proves := func(host string) bool {
					return ed25519.Verify(identity().Key, wire.HelloProof("nonce", host, told.Device, told.Inst), sig)
				}
				if err != nil || !proves("hub") && !proves("192.0.2.7") {
					t.Fatalf("serves %q without a proof", told.Device)
				}
				see(h.Moved(record.Position{Epoch: epoch, Rev: 5 + uint64(moves)}))
			}
			for flying > 0 && moves%2 == 0 {
				flying--
				see(h.Pushed(record.Position{Epoch: epoch, Rev: 5 + uint64(moves)}))
			}
			see(h.Tick(now))
		}
	})
}

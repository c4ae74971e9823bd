package session

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
	"tavle/sync/wire"
)

var t0 = time.Date(2026, 12, 3, 10, 0, 0, 0, time.UTC)

var challenge = &wire.Challenge{Nonce: "n", HubMS: t0.UnixMilli()}

const epoch = record.Epoch("00000000000000a1")

func newTestDevice(s Stored) *Device {
	if s.Inst == "" {
		s.Inst = "inst1"
	}
	if s.Next == 0 {
		s.Next = uint64(len(s.Outbox)) + 1
	}
	return NewDevice(DeviceConfig{
		Device: "d1", Host: "hub", Build: "test", Chance: func() float64 { return 0.5 },
		Sign: func(proof []byte) []byte { return proof[:8] }, Hub: hubKey.Public().(ed25519.PublicKey),
	}, s)
}

func row(id, body string) record.Row {
	return record.Row{Key: record.Key{Kind: record.KindPerson, ID: id}, Body: []byte(body)}
}

func sumOf(rows ...record.Row) record.Sum {
	var s record.Sum
	for _, r := range rows {
		s = s.Add(r.Hash())
	}
	return s
}

func put(r record.Row) wire.RowOp { return wire.OpOf(record.Op{Row: r}) }

func welcome(rev, last uint64) *wire.Welcome {
	return &wire.Welcome{
		Session: "s", Board: wire.BoardAt{ID: "b", Epoch: epoch, Rev: rev}, Schema: 1, LastSeq: last,
		Lease: lent(t0), PingS: 25,
	}
}

// hubKey is by what the hub signs.
var hubKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

// lent is a lease that the hub gave to d1 for board b.
func lent(at time.Time) wire.Lease {
	l := wire.Lease{IssuedMS: at.UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}
	return l.Signed(wire.SignerOf(hubKey), "d1", "b")
}

// greetDevice brings a device to the point where the hub has welcomed it.
func greetDevice(d *Device, w *wire.Welcome) []Action {
	d.Start(t0)
	d.Connected(t0)
	d.Received(t0, challenge)
	return d.Received(t0, w)
}

// only returns the one action of that type.
func only[A Action](t *testing.T, acts []Action) A {
	t.Helper()
	var out []A
	for _, a := range acts {
		if x, ok := a.(A); ok {
			out = append(out, x)
		}
	}
	require.Len(t, out, 1, "%#v", acts)
	return out[0]
}

func none[A Action](t *testing.T, acts []Action) {
	t.Helper()
	for _, a := range acts {
		_, ok := a.(A)
		require.False(t, ok, "%#v", acts)
	}
}

func sent[M wire.Message](t *testing.T, acts []Action) M {
	t.Helper()
	for _, a := range acts {
		if s, ok := a.(Send); ok {
			if m, ok := s.Message.(M); ok {
				return m
			}
		}
	}
	var zero M
	t.Fatalf("no %T in %#v", zero, acts)
	return zero
}

func TestHelloSaysWhatIsHere(t *testing.T) {
	r := row("p1", `{}`)
	at := record.Position{Epoch: epoch, Rev: 7, Sum: sumOf(r)}
	d := newTestDevice(Stored{At: at, Hashes: map[record.Key]uint64{r.Key: r.Hash()}})
	require.Equal(t, []Action{Dial{}}, d.Start(t0))
	d.Connected(t0)
	acts := d.Received(t0, challenge)
	h := sent[wire.Hello](t, acts)
	require.Equal(t, wire.AtOf(at), *h.Have)
	require.Equal(t, t0.UnixMilli(), only[Clock](t, acts).HubTime.UnixMilli())
	d = newTestDevice(Stored{})
	d.Start(t0)
	d.Connected(t0)
	require.Nil(t, sent[wire.Hello](t, d.Received(t0, challenge)).Have)
}

func TestSnapshotIsAppliedWhenItsLastPartIsIn(t *testing.T) {
	a, b := row("p1", `{"name":"A"}`), row("p2", `{"name":"B"}`)
	d := newTestDevice(Stored{})
	greetDevice(d, welcome(5, 0))
	require.Empty(t, d.Received(t0, &wire.Snap{Epoch: epoch, Rev: 5, Part: 0, Rows: []wire.RowOp{put(a)}}))
	require.False(t, d.Live())
	acts := d.Received(t0, &wire.Snap{Epoch: epoch, Rev: 5, Part: 1, Last: true, Sum: sumOf(a, b).String(), Rows: []wire.RowOp{put(b)}})
	ap := only[Apply](t, acts)
	require.True(t, ap.Replace)
	require.Len(t, ap.Ops, 2)
	require.Equal(t, record.Position{Epoch: epoch, Rev: 5, Sum: sumOf(a, b)}, d.At())
	require.True(t, d.Live())
	require.Equal(t, wire.Ack{Epoch: epoch, Rev: 5}, sent[wire.Ack](t, d.Shown(t0, d.At())))
	require.Empty(t, d.Shown(t0, d.At()), "said once")
}

func liveDevice(t *testing.T, rows ...record.Row) *Device {
	t.Helper()
	hashes := map[record.Key]uint64{}
	for _, r := range rows {
		hashes[r.Key] = r.Hash()
	}
	d := newTestDevice(Stored{At: record.Position{Epoch: epoch, Rev: 5, Sum: sumOf(rows...)}, Hashes: hashes})
	greetDevice(d, welcome(5, 0))
	require.True(t, d.Live())
	return d
}

func TestDeltaIsAppliedOnlyWhereItFits(t *testing.T) {
	a, a2, b := row("p1", `{"v":1}`), row("p1", `{"v":2}`), row("p2", `{}`)
	delta := func(from, rev uint64, sum record.Sum, ops ...wire.RowOp) *wire.Delta {
		return &wire.Delta{Epoch: epoch, From: from, Rev: rev, Sum: sum.String(), Ops: ops}
	}
	del := wire.RowOp{Kind: a.Kind, ID: "p1", Delete: true}

	d := liveDevice(t, a)
	acts := d.Received(t0, delta(5, 6, sumOf(a2, b), put(a2), put(b)))
	require.False(t, only[Apply](t, acts).Replace)
	require.EqualValues(t, 6, d.At().Rev)
	acts = d.Received(t0, delta(6, 7, sumOf(b), del))
	require.True(t, only[Apply](t, acts).Ops[0].Delete)

	d = liveDevice(t, a)
	require.Empty(t, d.Received(t0, delta(3, 5, 0)), "already have it")
	require.Equal(t, "gap", sent[wire.Resync](t, d.Received(t0, delta(6, 7, 0))).Why)
	require.Empty(t, d.Received(t0, delta(5, 8, sumOf(b), del, put(b))), "nothing counts before the snapshot")

	d = liveDevice(t, a)
	require.Equal(t, "sum", sent[wire.Resync](t, d.Received(t0, delta(5, 6, 12345, put(a2)))).Why)
	require.Equal(t, 1, d.Resyncs())
	require.EqualValues(t, 5, d.At().Rev, "nothing was applied")

	d = liveDevice(t, a) // one delta may say a row twice: the last word counts
	require.NotEmpty(t, only[Apply](t, d.Received(t0, delta(5, 6, sumOf(a2), del, put(a2)))))
}

func TestResyncIsNotAskedForOverAndOver(t *testing.T) {
	d := liveDevice(t)
	bad := &wire.Delta{Epoch: epoch, From: 9, Rev: 10, Sum: "0000000000000000"}
	snap := &wire.Snap{Epoch: epoch, Rev: 9, Last: true, Sum: "0000000000000000"}
	sent[wire.Resync](t, d.Received(t0, bad))
	d.Received(t0, snap)
	bad.From = 19
	bad.Rev = 20
	require.Empty(t, d.Received(t0.Add(5*time.Second), bad), "not within half a minute")
	require.Equal(t, t0.Add(30*time.Second), d.Next())
	d.Heard(t0.Add(29 * time.Second))
	sent[wire.Resync](t, d.Tick(t0.Add(30*time.Second)))
	require.Equal(t, 2, d.Resyncs())
}

func TestBrokenSnapshotsAreRefused(t *testing.T) {
	a := row("p1", `{}`)
	for name, parts := range map[string][]*wire.Snap{
		"part out of turn": {{Epoch: epoch, Rev: 5, Part: 1, Rows: []wire.RowOp{put(a)}}},
		"other revision":   {{Epoch: epoch, Rev: 5, Part: 0}, {Epoch: epoch, Rev: 6, Part: 1}},
		"row twice":        {{Epoch: epoch, Rev: 5, Last: true, Sum: sumOf(a, a).String(), Rows: []wire.RowOp{put(a), put(a)}}},
		"deletes":          {{Epoch: epoch, Rev: 5, Last: true, Sum: "0000000000000000", Rows: []wire.RowOp{{Kind: "person", ID: "x", Delete: true}}}},
		"no sum":           {{Epoch: epoch, Rev: 5, Last: true}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTestDevice(Stored{})
			greetDevice(d, welcome(5, 0))
			var acts []Action
			for _, p := range parts {
				acts = d.Received(t0, p)
			}
			require.Equal(t, wire.CloseProtocol, only[Close](t, acts).Code)
		})
	}
	d := newTestDevice(Stored{})
	greetDevice(d, welcome(5, 0))
	big := make([]wire.RowOp, wire.MaxRows+1)
	for i := range big {
		big[i] = put(row(fmt.Sprint(i), `{}`))
	}
	require.Equal(t, wire.CloseTooBig, only[Close](t, d.Received(t0, &wire.Snap{Epoch: epoch, Rev: 5, Rows: big})).Code)
}

func mutation(seq uint64) wire.Mutation {
	return wire.Mutation{Seq: seq, Op: wire.OpSignUp, On: wire.RowKey{Kind: record.KindActivity, ID: "a"}, Who: "p"}
}

// waitingFor is an outbox of mutations that are not answered.
func waitingFor(seqs ...uint64) (out []Entry) {
	for _, seq := range seqs {
		out = append(out, Entry{Mutation: mutation(seq)})
	}
	return out
}

func TestTouchIsSentNowOrAfterWelcome(t *testing.T) {
	d := liveDevice(t)
	m := sent[wire.Mut](t, d.Touched(t0, waitingFor(1)))
	require.EqualValues(t, 0, *m.Muts[0].AgeMS)
	d.Lost(t0, 0)
	require.Empty(t, d.Touched(t0.Add(time.Second), waitingFor(1, 2)), "no connection")
	d.Tick(d.Next())
	now := t0.Add(9 * time.Hour)
	d.Connected(now)
	d.Received(now, challenge)
	m = sent[wire.Mut](t, d.Received(now, welcome(5, 0)))
	require.Len(t, m.Muts, 2, "everything unanswered, in order")
	require.EqualValues(t, 9*time.Hour/time.Millisecond, *m.Muts[0].AgeMS)

	acts := d.Received(now, &wire.Res{Results: []wire.Result{{Seq: 1, Outcome: wire.Accepted, Rev: 6}}})
	require.Len(t, only[Settle](t, acts).Results, 1)
	require.EqualValues(t, 1, sent[wire.Rack](t, acts).Seq)
	acts = d.Received(now, &wire.Res{Results: []wire.Result{{Seq: 1, Outcome: wire.Accepted, Rev: 6}}})
	none[Settle](t, acts)
	require.EqualValues(t, 1, sent[wire.Rack](t, acts).Seq, "confirmed again")
}

// A touch before this start has no age: nobody knows how long it was off.
func TestAgeIsUnknownAfterARestart(t *testing.T) {
	d := newTestDevice(Stored{Outbox: []Entry{{Mutation: mutation(1)}}})
	m := sent[wire.Mut](t, greetDevice(d, welcome(5, 0)))
	require.Nil(t, m.Muts[0].AgeMS)
}

func TestManyTouchesTravelInManyMessages(t *testing.T) {
	var out []Entry
	for i := range 70 {
		out = append(out, Entry{Mutation: mutation(uint64(i + 1))})
	}
	d := newTestDevice(Stored{Outbox: out})
	sizes := []int{}
	for _, a := range greetDevice(d, welcome(5, 0)) {
		if s, ok := a.(Send); ok {
			if m, ok := s.Message.(wire.Mut); ok {
				sizes = append(sizes, len(m.Muts))
			}
		}
	}
	require.Equal(t, []int{32, 32, 6}, sizes)
}

// The hub was restored from a backup: what it has lost is offered again.
func TestJournalIsOfferedAgain(t *testing.T) {
	res := &wire.Result{Seq: 1, Outcome: wire.Accepted}
	out := []Entry{{Mutation: mutation(1), Result: res}, {Mutation: mutation(2), Result: res}, {Mutation: mutation(3)}}
	d := newTestDevice(Stored{Outbox: out})
	acts := greetDevice(d, welcome(5, 1))
	require.EqualValues(t, 1, only[Reopen](t, acts).Above)
	require.Len(t, sent[wire.Mut](t, acts).Muts, 2)

	// What it lost is no longer kept here, or it knows numbers we never gave:
	// start again under another name.
	for name, d := range map[string]*Device{
		"lost more than kept":  newTestDevice(Stored{Outbox: []Entry{{Mutation: mutation(5)}}, Next: 6}),
		"outbox was lost here": newTestDevice(Stored{Next: 1}),
	} {
		last := uint64(2)
		acts := greetDevice(d, welcome(5, last))
		only[Reinstall](t, acts)
		only[Close](t, acts)
		none[Send](t, acts)
		d.Reinstalled("inst2", []Entry{{Mutation: mutation(1)}}, 2)
		d.Lost(t0, 0)
		d.Connected(t0)
		h := sent[wire.Hello](t, d.Received(t0, challenge))
		require.Equal(t, "inst2", h.Inst, name)
	}
}

// A hub restored from before what is kept here: everything kept goes with the
// new name, answered or not.
func TestJournalGoesWithANewInstallation(t *testing.T) {
	res := &wire.Result{Seq: 5, Outcome: wire.Accepted}
	d := newTestDevice(Stored{Outbox: []Entry{{Mutation: mutation(5), Result: res}, {Mutation: mutation(6)}}})
	acts := greetDevice(d, welcome(5, 2))
	reopen := slices.IndexFunc(acts, func(a Action) bool { r, ok := a.(Reopen); return ok && r.Above == 2 })
	reinstall := slices.IndexFunc(acts, func(a Action) bool { _, ok := a.(Reinstall); return ok })
	require.GreaterOrEqual(t, reopen, 0)
	require.Greater(t, reinstall, reopen, "what is still answered when the numbers start again is not sent")
}

func TestDeadLinksAreNoticed(t *testing.T) {
	d := liveDevice(t)
	require.Equal(t, t0.Add(60*time.Second), d.Next())
	require.Empty(t, d.Tick(t0.Add(59*time.Second)))
	only[Close](t, d.Tick(t0.Add(60*time.Second)))

	d = liveDevice(t) // the hub hears us, we hear its pings, but no results come
	d.Touched(t0, waitingFor(1))
	d.Heard(t0.Add(15 * time.Second))
	require.Equal(t, "no result", only[Close](t, d.Tick(t0.Add(20*time.Second))).Why)

	d = newTestDevice(Stored{}) // the hub never says anything
	d.Start(t0)
	d.Connected(t0)
	only[Close](t, d.Tick(t0.Add(10*time.Second)))
}

func TestBackoffGrowsAndIsForgottenWhenLive(t *testing.T) {
	require.Equal(t, time.Duration(0), Backoff(0, 0))
	for n, want := range []float64{1, 2, 4, 8, 16, 32, 60, 60} {
		require.InDelta(t, want/2, Backoff(n, 0.5).Seconds(), 0)
	}
	d := newTestDevice(Stored{})
	d.Start(t0)
	now := t0
	for n := range 5 {
		d.Lost(now, 0)
		require.Equal(t, Backoff(n, 0.5), d.Next().Sub(now))
		now = d.Next()
		require.Equal(t, []Action{Dial{}}, d.Tick(now))
	}
	d = liveDevice(t)
	d.Lost(t0.Add(time.Second), 0)
	require.Equal(t, Backoff(0, 0.5), d.Next().Sub(t0.Add(time.Second)))
	require.Equal(t, t0.Add(time.Second), d.DownSince())
}

func TestGoodbyeAndCloseCodesSayWhenToComeBack(t *testing.T) {
	d := liveDevice(t)
	d.Received(t0, &wire.Bye{Code: wire.CloseRestart, RetryMS: 1000, SpreadMS: 20000})
	d.Lost(t0, wire.CloseRestart)
	require.Equal(t, 11*time.Second, d.Next().Sub(t0))
	d = liveDevice(t)
	d.Lost(t0, wire.CloseUnknown)
	require.GreaterOrEqual(t, d.Next().Sub(t0), 15*time.Minute)
}

// A revoked screen knows one answer only.
func TestRevokedScreenWipes(t *testing.T) {
	d := liveDevice(t)
	only[Wipe](t, d.Lost(t0, wire.CloseRevoked))
	require.True(t, d.Over())
	require.Empty(t, d.Tick(t0.Add(time.Hour)))
	require.True(t, d.Next().IsZero())

	d = liveDevice(t)
	acts := d.Received(t0, &wire.Cmd{ID: "c1", Op: "wipe"})
	only[Wipe](t, acts)
	require.Equal(t, "ok", sent[wire.Done](t, acts).Status)
	require.True(t, d.Over())
	require.Empty(t, d.Wiped(t0), "it has been said")
}

// R-DPA-27: a screen that was shut out says that it has destroyed everything, by the
// key it was known by, until the hub has taken that or does not know it. It says
// nothing else any more, whatever it hears.
func TestWipeIsSaid(t *testing.T) {
	wiped := func() *Device {
		d := liveDevice(t, row("p1", `{}`))
		require.Empty(t, d.Wiped(t0), "it is not")
		only[Wipe](t, d.Lost(t0, wire.CloseRevoked))
		only[Dial](t, d.Wiped(t0))
		require.False(t, d.Over())
		require.False(t, d.Live())
		return d
	}
	says := func(d *Device, now time.Time) {
		d.Connected(now)
		h := sent[wire.Hello](t, d.Received(now, challenge))
		require.Equal(t, wire.StoreWiped, h.Store)
		require.Equal(t, "d1", h.Device)
		require.Nil(t, h.Have)
		require.NotEmpty(t, h.Sig)
	}
	d := wiped()
	says(d, t0)
	require.Empty(t, d.Lost(t0, wire.CloseRevoked))
	require.True(t, d.Over())
	require.Empty(t, d.Wiped(t0), "once")

	d = wiped()
	says(d, t0)
	only[Close](t, d.Received(t0, welcome(5, 0)))
	require.Empty(t, d.Lost(t0, wire.CloseGoingAway))
	require.True(t, d.Over(), "it was let in again, with a key that is gone")

	d = wiped()
	require.Empty(t, d.Lost(t0, wire.CloseUnknown))
	require.True(t, d.Over())

	d = wiped()
	now := t0
	for range receiptTries - 1 {
		require.Empty(t, d.Lost(now, 0))
		require.False(t, d.Over())
		now = d.Next()
		only[Dial](t, d.Tick(now))
	}
	require.Less(t, now.Sub(t0), time.Minute)
	require.Empty(t, d.Lost(now, 0))
	require.True(t, d.Over(), "nobody is there to hear it")
}

func TestWordsOutOfTurnAreRefused(t *testing.T) {
	d := newTestDevice(Stored{})
	d.Start(t0)
	d.Connected(t0)
	only[Close](t, d.Received(t0, welcome(1, 0)))
	only[Close](t, d.Received(t0, &wire.Delta{}))
	require.Empty(t, liveDevice(t).Received(t0, wire.Unknown{Kind: "future"}))
}

// A second resync has to wait longer than the first, up to an hour: a fault that
// stays must not load the line, nor hide.
func TestResyncsGetRarer(t *testing.T) {
	d := liveDevice(t)
	now := t0
	var waits []time.Duration
	for rev := uint64(10); len(waits) < 9; rev += 10 {
		asked := now
		d.Received(now, &wire.Snap{Epoch: epoch, Rev: rev, Last: true, Sum: "0000000000000000"}) // mended
		acts := d.Received(now, &wire.Delta{Epoch: epoch, From: rev + 5, Rev: rev + 6, Sum: "0000000000000000"})
		for len(acts) == 0 {
			now = now.Add(time.Second)
			d.Heard(now)
			acts = d.Tick(now)
		}
		sent[wire.Resync](t, acts)
		if rev > 10 {
			waits = append(waits, now.Sub(asked))
		}
	}
	minutes := func(n ...float64) (out []time.Duration) {
		for _, m := range n {
			out = append(out, time.Duration(m*float64(time.Minute)))
		}
		return out
	}
	require.Equal(t, minutes(0.5, 1, 2, 4, 8, 16, 32, 60, 60), waits)
}

// A snapshot that replaces one whose sum was wrong is taken though the first was
// not; one half received before the line broke is begun again.
func TestSnapshotIsBegunAgain(t *testing.T) {
	a, b := row("p1", `{}`), row("p2", `{}`)
	d := newTestDevice(Stored{})
	greetDevice(d, welcome(5, 0))
	acts := d.Received(t0, &wire.Snap{Epoch: epoch, Rev: 5, Last: true, Sum: sumOf(b).String(), Rows: []wire.RowOp{put(a)}})
	require.Equal(t, "sum", sent[wire.Resync](t, acts).Why)
	require.True(t, d.At().IsZero())
	only[Apply](t, d.Received(t0, &wire.Snap{Epoch: epoch, Rev: 5, Last: true, Sum: sumOf(b).String(), Rows: []wire.RowOp{put(b)}}))

	d = newTestDevice(Stored{})
	greetDevice(d, welcome(5, 0))
	require.Empty(t, d.Received(t0, &wire.Snap{Epoch: epoch, Rev: 5, Rows: []wire.RowOp{put(a)}}))
	d.Lost(t0, 0)
	d.Connected(t0)
	d.Received(t0, challenge)
	d.Received(t0, welcome(5, 0))
	only[Close](t, d.Received(t0, &wire.Snap{Epoch: epoch, Rev: 5, Part: 1, Last: true, Sum: sumOf(a, b).String(), Rows: []wire.RowOp{put(b)}}))
	d.Lost(t0, 0)
	d.Connected(t0)
	d.Received(t0, challenge)
	d.Received(t0, welcome(5, 0))
	d.Received(t0, &wire.Snap{Epoch: epoch, Rev: 5, Rows: []wire.RowOp{put(a)}})
	acts = d.Received(t0, &wire.Snap{Epoch: epoch, Rev: 5, Rows: []wire.RowOp{put(b)}, Last: true, Sum: sumOf(b).String()})
	require.Len(t, only[Apply](t, acts).Ops, 1, "part 0 begins anew")
}

// A board is bounded in bytes as in rows.
func TestBoardOfTooManyBytesIsRefused(t *testing.T) {
	d := newTestDevice(Stored{})
	greetDevice(d, welcome(5, 0))
	body := `{"x":"` + strings.Repeat("x", 1<<20) + `"}`
	for part := range 9 {
		acts := d.Received(t0, &wire.Snap{Epoch: epoch, Rev: 5, Part: part, Rows: []wire.RowOp{put(row(fmt.Sprint(part), body))}})
		if (part+1)*len(body) <= wire.MaxBoard {
			require.Empty(t, acts)
			continue
		}
		require.Equal(t, wire.CloseTooBig, only[Close](t, acts).Code)
		require.Equal(t, 7, part)
		return
	}
	t.Fatal("never")
}

// An ack says that the glass shows it: never more than is on disk, never of
// another feed, never twice, and never before the hub has welcomed the screen.
func TestAcksAreHonest(t *testing.T) {
	a := row("p1", `{}`)
	at := record.Position{Epoch: epoch, Rev: 5, Sum: sumOf(a)}
	d := newTestDevice(Stored{At: at, Hashes: map[record.Key]uint64{a.Key: a.Hash()}})
	greetDevice(d, welcome(5, 0))
	require.Empty(t, d.Shown(t0, record.Position{Epoch: epoch, Rev: 6}))
	require.Empty(t, d.Shown(t0, record.Position{Epoch: "00000000000000a2", Rev: 5}))
	require.Equal(t, wire.Ack{Epoch: epoch, Rev: 5}, sent[wire.Ack](t, d.Shown(t0, at)))
	require.Empty(t, d.Shown(t0, at))
	require.Empty(t, d.Shown(t0, record.Position{Epoch: epoch, Rev: 4}), "not back")

	d.Lost(t0, 0)
	again := greetDevice(d, welcome(5, 0))
	require.Equal(t, wire.Ack{Epoch: epoch, Rev: 5}, sent[wire.Ack](t, again), "said again on a new connection: the hub may not have heard it")
	require.Empty(t, d.Shown(t0, at))
}

// A screen confirms at once, and then not more often than once a second: always
// the newest that is on the glass, and in the end that.
func TestConfirmationsArePaced(t *testing.T) {
	a := row("p1", `{}`)
	d := liveDevice(t, a)
	began := d.At().Rev
	change := func(now time.Time) record.Position {
		at := d.At()
		only[Apply](t, d.Received(now, &wire.Delta{
			Epoch: epoch, From: at.Rev, Rev: at.Rev + 1, Sum: at.Sum.String(), Ops: []wire.RowOp{},
		}))
		return d.At()
	}
	ms := func(n int) time.Time { return t0.Add(time.Duration(n) * time.Millisecond) }
	ack := func(n uint64) wire.Ack { return wire.Ack{Epoch: epoch, Rev: began + n} }

	require.Equal(t, ack(1), sent[wire.Ack](t, d.Shown(ms(0), change(ms(0)))))
	require.Empty(t, d.Shown(ms(10), change(ms(10))))
	require.Equal(t, ms(1000), d.Next())
	shown := change(ms(500))
	change(ms(600)) // not on the glass
	require.Empty(t, d.Shown(ms(700), shown))
	require.Empty(t, d.Tick(ms(999)))
	require.Equal(t, ack(3), sent[wire.Ack](t, d.Tick(ms(1000))))
	require.Greater(t, d.Next(), ms(2000), "nothing is left to say")

	require.Empty(t, d.Shown(ms(1999), d.At()))
	require.Equal(t, ack(5), sent[wire.Ack](t, d.Shown(ms(2000), change(ms(2000)))), "before the tick")
	require.Empty(t, d.Tick(ms(3000)))
	require.Equal(t, ack(6), sent[wire.Ack](t, d.Shown(ms(3001), change(ms(3001)))))

	// What was to be said when the connection ended is said on the next, at once.
	require.Empty(t, d.Shown(ms(3100), change(ms(3100))))
	d.Lost(ms(3200), 0)
	require.Equal(t, ack(7), sent[wire.Ack](t, greetDevice(d, welcome(began+7, 0))))
	require.Greater(t, d.Next(), ms(4100))

	// And not of a board that the screen no longer has.
	require.Empty(t, d.Shown(t0, change(t0)))
	d.Received(t0, &wire.Snap{Epoch: "00000000000000a2", Rev: 1, Last: true, Sum: sumOf(a).String(), Rows: []wire.RowOp{put(a)}})
	require.Empty(t, d.Tick(ms(1000)))
	require.Greater(t, d.Next(), ms(1000))
}

// What the glass showed before there was a connection is confirmed on the first.
func TestWhatWasShownBeforeIsConfirmed(t *testing.T) {
	a := row("p1", `{}`)
	at := record.Position{Epoch: epoch, Rev: 5, Sum: sumOf(a)}
	d := newTestDevice(Stored{At: at, Hashes: map[record.Key]uint64{a.Key: a.Hash()}})
	require.Empty(t, d.Shown(t0, at))
	require.Equal(t, wire.Ack{Epoch: epoch, Rev: 5}, sent[wire.Ack](t, greetDevice(d, welcome(5, 0))))
}

// Each touch travels once per connection, however many follow it.
func TestTouchTravelsOncePerConnection(t *testing.T) {
	d := liveDevice(t)
	for n := uint64(1); n <= 3; n++ {
		var all []uint64
		for seq := range n {
			all = append(all, seq+1)
		}
		m := sent[wire.Mut](t, d.Touched(t0, waitingFor(all...)))
		require.Len(t, m.Muts, 1)
		require.Equal(t, n, m.Muts[0].Seq)
		require.Empty(t, d.Touched(t0, waitingFor(all...)), "nothing new")
	}
}

// What is told of late, after the outbox was read anew, is not entered twice:
// neither under its old number nor under the one it has now.
func TestOutboxReadAnewHoldsEachTouchOnce(t *testing.T) {
	d := liveDevice(t)
	d.Restore(Stored{Inst: "inst1", Outbox: waitingFor(1), Next: 2}) // the touch is on disk, and not told yet
	d.Lost(t0, 0)
	require.Empty(t, d.Touched(t0, waitingFor(1)))
	d.Connected(t0)
	d.Received(t0, challenge)
	require.Len(t, sent[wire.Mut](t, d.Received(t0, welcome(0, 0))).Muts, 1)

	d.Reinstalled("inst2", waitingFor(1), 2) // it was number 3 before
	d.Lost(t0, 0)
	require.Empty(t, d.Touched(t0, waitingFor(1)))
	d.Connected(t0)
	require.EqualValues(t, 2, sent[wire.Hello](t, d.Received(t0, challenge)).NextSeq)
}

// A restart of the numbers forgets when something was touched; a fault does not.
func TestFaultDoesNotForgetWhenSomethingWasTouched(t *testing.T) {
	d := liveDevice(t)
	d.Touched(t0, waitingFor(1))
	d.Restore(Stored{Inst: "inst1", Outbox: waitingFor(1, 2), Next: 3})
	d.Lost(t0, 0)
	now := t0.Add(time.Minute)
	d.Connected(now)
	d.Received(now, challenge)
	m := sent[wire.Mut](t, d.Received(now, welcome(0, 0)))
	require.EqualValues(t, 60_000, *m.Muts[0].AgeMS)
	require.Nil(t, m.Muts[1].AgeMS)
}

// Answered touches are let go of from the oldest on, those that wait never.
func TestOnlyAnsweredTouchesAreForgotten(t *testing.T) {
	res := &wire.Result{Outcome: wire.Accepted}
	d := newTestDevice(Stored{Outbox: []Entry{{Mutation: mutation(1), Result: res}, {Mutation: mutation(2)}, {Mutation: mutation(3), Result: res}}})
	d.Forgot(4)
	acts := greetDevice(d, welcome(5, 1))
	none[Reinstall](t, acts) // the oldest kept is the one after the hub's last
	require.Len(t, sent[wire.Mut](t, acts).Muts, 2)
}

// A hub that says goodbye chooses when, within reason: not before what its code
// asks for, and within the hour.
func TestGoodbyeIsKeptWithinReason(t *testing.T) {
	for _, c := range []struct {
		bye  wire.Bye
		want time.Duration
	}{
		{wire.Bye{Code: wire.CloseRestart}, 0},
		{wire.Bye{Code: wire.CloseRestart, RetryMS: 1000, SpreadMS: 10_000}, 6 * time.Second},
		{wire.Bye{Code: wire.CloseProtocol, RetryMS: 1000}, 5 * time.Minute},
		{wire.Bye{Code: wire.CloseRestart, RetryMS: math.MaxInt64}, time.Hour},
		{wire.Bye{Code: wire.CloseRestart, RetryMS: 3600_000, SpreadMS: math.MaxInt64}, time.Hour},
		{wire.Bye{Code: wire.CloseVersion, RetryMS: math.MinInt64}, time.Hour},
		{wire.Bye{Code: wire.CloseRestart, RetryMS: -1000, SpreadMS: -1000}, 0},
	} {
		d := liveDevice(t)
		d.Received(t0, &c.bye)
		d.Lost(t0, wire.CloseRestart)
		require.Equal(t, c.want, d.Next().Sub(t0), "%+v", c.bye)

		// It holds for this connection only.
		d.Connected(t0)
		d.Lost(t0, 0)
		require.LessOrEqual(t, d.Next().Sub(t0), time.Second)
	}
}

// Commands are answered while there is somebody to answer; the hub repeats them.
func TestCommandsAreAnsweredWhileConnected(t *testing.T) {
	d := liveDevice(t)
	require.Equal(t, "identify", only[Obey](t, d.Received(t0, &wire.Cmd{ID: "c1", Op: "identify"})).Cmd.Op)
	require.Equal(t, wire.Done{ID: "c1", Status: "ok", Info: "blinked"}, sent[wire.Done](t, d.Obeyed("c1", "ok", "blinked")))
	d.Lost(t0, 0)
	require.Empty(t, d.Obeyed("c1", "ok", ""))
}

// A lease counts from when it was issued, so one that begins in time
// to come would keep people on the glass for longer than any may. It is judged by
// the hub's own clock, as last heard; the one before stays, and the screen comes
// back after five minutes, not at once.
func TestLeaseFromTimeToComeIsRefused(t *testing.T) {
	at := func(ahead time.Duration) wire.Lease { return lent(t0.Add(ahead)) }
	for _, c := range []struct {
		name   string
		now    time.Duration // since the hub said what its clock reads
		issued time.Duration
		taken  bool
	}{
		{"as it should be", 0, 0, true},
		{"of yesterday", 0, -24 * time.Hour, true},
		{"the clock was put right", 0, 5 * time.Minute, true},
		{"too early", 0, 5*time.Minute + time.Millisecond, false},
		{"time has passed", time.Hour, 65 * time.Minute, true},
		{"less time has passed", 59 * time.Minute, 65 * time.Minute, false},
		{"a century", 0, 876_000 * time.Hour, false},
		{"the end of time", 0, math.MaxInt64, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := t0.Add(c.now)
			greet := func() *Device {
				d := newTestDevice(Stored{})
				d.Start(t0)
				d.Connected(t0)
				d.Received(t0, challenge)
				return d
			}
			renewed, greeted := liveDevice(t), greet()
			w := welcome(5, 0)
			w.Lease = at(c.issued)
			for _, x := range []struct {
				d    *Device
				acts []Action
			}{
				{renewed, renewed.Received(now, &wire.LeaseRenewal{Lease: w.Lease, Asset: &wire.Assets{}})},
				{greeted, greeted.Received(now, w)},
			} {
				if c.taken {
					require.Equal(t, w.Lease, only[Renew](t, x.acts).Lease)
					continue
				}
				require.Equal(t, []Action{Close{wire.CloseProtocol, earlyLease}}, x.acts)
				require.Empty(t, x.d.Lost(now, wire.CloseProtocol))
				require.GreaterOrEqual(t, x.d.Next().Sub(now), 5*time.Minute)
			}
		})
	}
	d := liveDevice(t)
	d.Received(t0, &wire.Time{HubMS: t0.Add(time.Hour).UnixMilli()})
	only[Renew](t, d.Received(t0, &wire.LeaseRenewal{Lease: at(time.Hour)}))
}

// The lease is signed by the hub, for this screen and this board.
// Without its signature nobody is shown for longer: the lease before it stays in
// force, and the screen comes back after five minutes.
func TestLeaseThatTheHubDidNotSignIsRefused(t *testing.T) {
	by, other := wire.SignerOf(hubKey), wire.SignerOf(testKey)
	good := lent(t0)
	edit := func(f func(*wire.Lease)) wire.Lease {
		l := good
		f(&l)
		return l
	}
	for name, l := range map[string]wire.Lease{
		"no signature":      edit(func(l *wire.Lease) { l.Sig = "" }),
		"not base64":        edit(func(l *wire.Lease) { l.Sig = "?" + l.Sig[1:] }),
		"cut short":         edit(func(l *wire.Lease) { l.Sig = l.Sig[:20] }),
		"another hub's":     good.Signed(other, "d1", "b"),
		"another screen's":  good.Signed(by, "d2", "b"),
		"another board's":   good.Signed(by, "d1", "c"),
		"parts shifted":     good.Signed(by, "d1b", ""),
		"issued later":      edit(func(l *wire.Lease) { l.IssuedMS++ }),
		"masks later":       edit(func(l *wire.Lease) { l.MaskS++ }),
		"wipes later":       edit(func(l *wire.Lease) { l.WipeS++ }),
		"of another domain": edit(func(l *wire.Lease) { l.Sig = wire.B64.EncodeToString(by("tavle-keys-1", "d1", "b")) }),
	} {
		t.Run(name, func(t *testing.T) {
			refused := []Action{Close{wire.CloseProtocol, unsignedLease}}
			d := liveDevice(t)
			only[Renew](t, d.Received(t0, &wire.LeaseRenewal{Lease: good}))
			require.Equal(t, refused, d.Received(t0, &wire.LeaseRenewal{Lease: l}))
			require.Empty(t, d.Lost(t0, wire.CloseProtocol))
			require.GreaterOrEqual(t, d.Next().Sub(t0), 5*time.Minute)

			w := welcome(5, 0)
			w.Lease = l
			d = newTestDevice(Stored{})
			require.Equal(t, refused, greetDevice(d, w))
		})
	}
}

// A screen that was not told its hub's signing key takes it from the first welcome,
// inside a connection that is its hub's, and from then on believes no other. Which
// keys the hub's TLS may have is believed when it is signed.
func TestSigningKeyIsBelievedOnce(t *testing.T) {
	keys := func(key ed25519.PrivateKey, device string, pins ...string) *wire.Keys {
		k := wire.Keys{Signing: wire.SigningPin(key.Public().(ed25519.PublicKey)), TLS: pins}.Signed(wire.SignerOf(key), device)
		return &k
	}
	said := func(k *wire.Keys) *wire.Welcome {
		w := welcome(5, 0)
		w.Keys = k
		return w
	}
	fresh := func() *Device {
		d := newTestDevice(Stored{})
		d.cfg.Hub = nil
		return d
	}
	again := func(d *Device, w *wire.Welcome) []Action {
		d.Lost(t0, 0)
		return greetDevice(d, w)
	}
	now, next := wire.Pin([]byte("now")), wire.Pin([]byte("next"))

	require.Equal(t, []Action{Close{wire.CloseProtocol, unsignedLease}}, greetDevice(fresh(), said(nil)), "nobody to believe")
	d := fresh()
	acts := greetDevice(d, said(keys(hubKey, "d1", now)))
	require.Equal(t, []string{now}, only[Trust](t, acts).Keys.TLS)
	require.IsType(t, Trust{}, acts[0], "before anything else")
	require.Equal(t, []string{now, next}, only[Trust](t, again(d, said(keys(hubKey, "d1", now, next)))).Keys.TLS)
	none[Trust](t, again(d, said(nil)))

	for name, k := range map[string]*wire.Keys{
		"the hub's signing key is not the one this screen was given": keys(testKey, "d1", now),
		"keys not signed by the key they name":                       keys(hubKey, "d2", now),
		"keys of TLS: want at most 4, as Pin writes them":            keys(hubKey, "d1", "sha256-short"),
		`signing key is not "ed25519-" and 43 characters`:            {Signing: "ed25519-x"},
	} {
		require.Equal(t, []Action{Close{wire.CloseProtocol, name}}, again(d, said(k)))
	}
	k := keys(hubKey, "d1", now)
	k.TLS = append(k.TLS, next)
	require.Equal(t, []Action{Close{wire.CloseProtocol, "keys not signed by the key they name"}}, again(d, said(k)))
}

// After a reconnect whoever was hidden meanwhile
// is off the glass before the results of what was touched are settled, whichever
// of them the hub sends first.
func TestResultsWaitForTheGlass(t *testing.T) {
	a, b := row("p1", `{"name":"A"}`), row("p2", `{"name":"B"}`)
	back := func(rev uint64) (*Device, []Action) {
		d := newTestDevice(Stored{
			At: record.Position{Epoch: epoch, Rev: 5, Sum: sumOf(a, b)}, Outbox: waitingFor(1),
			Hashes: map[record.Key]uint64{a.Key: a.Hash(), b.Key: b.Hash()},
		})
		return d, greetDevice(d, welcome(rev, 0))
	}
	res := &wire.Res{Results: []wire.Result{{Seq: 1, Outcome: wire.Accepted, Rev: 6}}}
	hide := &wire.Delta{Epoch: epoch, From: 5, Rev: 6, Sum: sumOf(a).String(), Ops: []wire.RowOp{{Kind: b.Kind, ID: b.ID, Delete: true}}}

	d, acts := back(6)
	require.Len(t, sent[wire.Mut](t, acts).Muts, 1, "what was touched is sent at once")
	require.Empty(t, d.Received(t0, res))
	only[Apply](t, d.Received(t0, hide))
	none[Settle](t, d.Shown(t0, record.Position{Epoch: epoch, Rev: 5})) // of before
	require.Equal(t, []Action{Settle{res.Results}, Send{wire.Rack{Seq: 1}}}, d.Shown(t0, d.At()), "whether or not that is confirmed yet")
	require.Equal(t, wire.Ack{Epoch: epoch, Rev: 6}, sent[wire.Ack](t, d.Tick(d.Next())))
	d.Touched(t0, append(waitingFor(1), waitingFor(2)...))
	only[Settle](t, d.Received(t0, &wire.Res{Results: []wire.Result{{Seq: 2}}}))

	// The board is as it was: nobody was hidden.
	d, _ = back(5)
	only[Settle](t, d.Received(t0, res))

	// A glass that shows nothing, or a board that never comes, does not hold a
	// result back for ever.
	d, _ = back(6)
	d.Received(t0, hide)
	d.Received(t0.Add(time.Second), res)
	require.Equal(t, t0.Add(holdBack), d.Next())
	require.Empty(t, d.Tick(t0.Add(holdBack-1)))
	only[Settle](t, d.Tick(t0.Add(holdBack)))

	// A connection that is lost takes what it held back with it: the hub repeats it.
	d, _ = back(6)
	d.Received(t0, res)
	d.Lost(t0, 0)
	require.NotEmpty(t, sent[wire.Mut](t, greetDevice(d, welcome(5, 0))).Muts)
}

// R-IBG-38: what is stored belongs to one board. On a welcome for another it is
// destroyed before anything else, and what people touched is kept; a hub that was
// restored has another feed of the same board, and nothing is destroyed.
func TestAnotherBoardIsEnteredEmpty(t *testing.T) {
	a := row("p1", `{"name":"A"}`)
	stored := Stored{
		Board: "b", At: record.Position{Epoch: epoch, Rev: 5, Sum: sumOf(a)}, Hashes: map[record.Key]uint64{a.Key: a.Hash()}, Outbox: waitingFor(1),
	}
	said := func(id record.BoardID, e record.Epoch) *wire.Welcome {
		w := welcome(5, 0)
		w.Board = wire.BoardAt{ID: id, Epoch: e, Rev: 5}
		w.Lease = w.Lease.Signed(wire.SignerOf(hubKey), "d1", id)
		return w
	}
	const other = record.Epoch("00000000000000a2")

	d := newTestDevice(stored)
	acts := greetDevice(d, said("c", other))
	require.Equal(t, Enter{Board: "c", Wipe: true}, acts[0])
	require.Len(t, sent[wire.Mut](t, acts).Muts, 1)
	require.Zero(t, d.At())
	b := row("p2", `{"name":"B"}`)
	ap := only[Apply](t, d.Received(t0, &wire.Snap{Epoch: other, Rev: 5, Last: true, Sum: sumOf(b).String(), Rows: []wire.RowOp{put(b)}}))
	require.True(t, ap.Replace)
	d.Lost(t0, 0)
	none[Enter](t, greetDevice(d, said("c", other)))
	d.Lost(t0, 0)
	require.Equal(t, Enter{Board: "b", Wipe: true}, greetDevice(d, said("b", epoch))[0], "and back")

	none[Enter](t, greetDevice(newTestDevice(stored), said("b", epoch)))
	none[Enter](t, greetDevice(newTestDevice(stored), said("b", other)))

	// Of before boards were noted: the feed tells, and when it does not, the doubt is
	// in favour of those who may have moved out.
	old := stored
	old.Board = ""
	require.Equal(t, Enter{Board: "b"}, only[Enter](t, greetDevice(newTestDevice(old), said("b", epoch))))
	require.Equal(t, Enter{Board: "b", Wipe: true}, only[Enter](t, greetDevice(newTestDevice(old), said("b", other))))
	require.Equal(t, Enter{Board: "b"}, only[Enter](t, greetDevice(newTestDevice(Stored{}), said("b", epoch))))
}

// Whatever a hub says, the screen does not panic, applies only what fits its
// sum, and never goes back within a feed.
func FuzzDevice(f *testing.F) {
	say := func(ms ...wire.Message) {
		var lines [][]byte
		for _, m := range ms {
			b, err := wire.Encode(m)
			require.NoError(f, err)
			lines = append(lines, b)
		}
		f.Add(bytes.Join(lines, []byte("\n")))
	}
	a, b := row("p1", `{"v":1}`), row("p2", `{"v":2}`)
	snap := wire.Snap{Epoch: epoch, Rev: 5, Last: true, Sum: sumOf(a).String(), Rows: []wire.RowOp{put(a)}}
	say(snap, wire.Delta{Epoch: epoch, From: 5, Rev: 6, Sum: sumOf(a, b).String(), Ops: []wire.RowOp{put(b)}})
	say(snap, wire.Delta{Epoch: epoch, From: 9, Rev: 10, Sum: sumOf(b).String()}, snap)
	say(wire.Snap{Epoch: epoch, Rev: 5, Rows: []wire.RowOp{put(a)}}, wire.Snap{Epoch: epoch, Rev: 5, Part: 1, Last: true, Sum: sumOf(a, b).String(), Rows: []wire.RowOp{put(b)}})
	say(wire.Res{Results: []wire.Result{{Seq: 1, Outcome: wire.Accepted}}}, wire.Time{HubMS: 1}, wire.Cmd{ID: "c", Op: "report"}, wire.Bye{RetryMS: -1})
	say(*welcome(5, 1<<63), wire.Challenge{}, wire.LeaseRenewal{})
	lease := welcome(5, 0).Lease
	say(wire.LeaseRenewal{Lease: lease}, wire.Time{HubMS: math.MinInt64}, wire.LeaseRenewal{Lease: lease})
	lease = lent(time.UnixMilli(math.MaxInt64))
	say(wire.Time{HubMS: math.MaxInt64}, wire.LeaseRenewal{Lease: lease}, wire.Time{HubMS: 0}, wire.LeaseRenewal{Lease: lease})
	f.Fuzz(func(t *testing.T, in []byte) {
		d := newTestDevice(Stored{Outbox: waitingFor(1)})
		greetDevice(d, welcome(5, 0))
		rows, at := map[record.Key]record.Row{}, record.Position{}
		for line := range bytes.SplitSeq(in, []byte("\n")) {
			m, err := wire.DecodeFromHub(line)
			if err != nil {
				return
			}
			for _, act := range d.Received(t0, m) {
				switch act := act.(type) {
				case Close, Wipe:
					return
				case Renew:
					if ahead := act.Lease.Issued().Sub(d.hub.said); ahead > leaseAhead || act.Lease.Check() != nil {
						t.Fatalf("took a lease issued in %v: %+v", ahead, act.Lease)
					}
				case Apply:
					if act.At.Epoch == at.Epoch && act.At.Rev < at.Rev && !act.Replace {
						t.Fatalf("from %s back to %s", at, act.At)
					}
					if act.Replace {
						clear(rows)
					}
					for _, op := range act.Ops {
						if delete(rows, op.Key); !op.Delete {
							rows[op.Key] = op.Row
						}
					}
					at = act.At
					var sum record.Sum
					for _, r := range rows {
						sum = sum.Add(r.Hash())
					}
					if sum != at.Sum {
						t.Fatalf("the rows at %s have the sum %s, not %s", at, sum, at.Sum)
					}
				}
			}
			if d.At() != at {
				t.Fatalf("it says it is at %s, and was brought to %s", d.At(), at)
			}
		}
	})
}

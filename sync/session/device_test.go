package session

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
	"tavle/sync/wire"
)

var t0 = time.Date(2026, 12, 3, 10, 0, 0, 0, time.UTC)

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
		Sign: func(proof []byte) []byte { return proof[:8] },
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
		Lease: wire.Lease{IssuedMS: t0.UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}, PingS: 25,
	}
}

// greetDevice brings a device to the point where the hub has welcomed it.
func greetDevice(d *Device, w *wire.Welcome) []Action {
	d.Start(t0)
	d.Connected(t0)
	d.Received(t0, &wire.Challenge{Nonce: "n", HubMS: t0.UnixMilli()})
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
	acts := d.Received(t0, &wire.Challenge{Nonce: "n", HubMS: t0.UnixMilli()})
	h := sent[wire.Hello](t, acts)
	require.Equal(t, wire.AtOf(at), *h.Have)
	require.Equal(t, t0.UnixMilli(), only[Clock](t, acts).HubTime.UnixMilli())
	d = newTestDevice(Stored{})
	d.Start(t0)
	d.Connected(t0)
	require.Nil(t, sent[wire.Hello](t, d.Received(t0, &wire.Challenge{})).Have)
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
	require.Equal(t, wire.Ack{Epoch: epoch, Rev: 5}, sent[wire.Ack](t, d.Shown(d.At())))
	require.Empty(t, d.Shown(d.At()), "said once")
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
	d.Received(now, &wire.Challenge{})
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
		h := sent[wire.Hello](t, d.Received(t0, &wire.Challenge{}))
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
	for n, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		require.Equal(t, want*time.Second/2, Backoff(n, 0.5))
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
}

func TestWordsOutOfTurnAreRefused(t *testing.T) {
	d := newTestDevice(Stored{})
	d.Start(t0)
	d.Connected(t0)
	only[Close](t, d.Received(t0, welcome(1, 0)))
	only[Close](t, d.Received(t0, &wire.Delta{}))
	require.Empty(t, liveDevice(t).Received(t0, wire.Unknown{Kind: "future"}))
}

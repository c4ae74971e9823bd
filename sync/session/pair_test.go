package session

import (
	"crypto/ed25519"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
	"tavle/sync/wire"
)

var pairSeeds = flag.Int("session.seeds", 200, "how many random histories of a screen and its hub")

// A pair is one screen, one hub and a bad cable between them, in virtual time.
type pair struct {
	t   *testing.T
	r   *rand.Rand
	now time.Time

	// The hub's database.
	rows    map[record.Key]record.Row
	history map[uint64]map[record.Key]record.Row
	at      record.Position
	last    map[string]uint64
	results map[string]map[uint64]wire.Result
	applied map[string]int // how often each touch took effect

	// The screen's disk.
	disk  Stored
	local map[record.Key]record.Row
	done  map[uint64]wire.Result
	next  int

	device *Device
	hub    *Hub // nil: no connection
	wires  [2][]parcel
	stall  [2]time.Time // a direction that carries nothing until then
	down   time.Time    // no connection can be opened until then
}

type parcel struct {
	at time.Time
	m  wire.Message
}

func newPair(t *testing.T, seed uint64) *pair {
	p := &pair{
		t: t, r: rand.New(rand.NewPCG(seed, 0)), now: t0, rows: map[record.Key]record.Row{}, history: map[uint64]map[record.Key]record.Row{},
		at: record.Position{Epoch: epoch, Rev: 1}, last: map[string]uint64{}, results: map[string]map[uint64]wire.Result{}, applied: map[string]int{},
		disk: Stored{Inst: "i1", Next: 1}, local: map[record.Key]record.Row{}, done: map[uint64]wire.Result{},
	}
	p.history[1] = map[record.Key]record.Row{}
	p.start()
	return p
}

func (p *pair) start() {
	s := p.disk
	s.Hashes = map[record.Key]uint64{}
	for k, r := range p.local {
		s.Hashes[k] = r.Hash()
	}
	s.Outbox = slices.Clone(p.disk.Outbox)
	for i := range s.Outbox {
		s.Outbox[i].Touched = time.Time{}
	}
	p.device = NewDevice(DeviceConfig{
		Device: "d1", Host: "hub", Chance: p.r.Float64,
		Sign: func(b []byte) []byte { return ed25519.Sign(testKey, b) }, Hub: hubKey.Public().(ed25519.PublicKey),
	}, s)
	p.run(p.device.Start(p.now))
}

// change is a write at the hub: a row put or deleted.
func (p *pair) change() {
	k := record.Key{Kind: record.KindPerson, ID: fmt.Sprint("p", p.r.IntN(6))}
	sum := p.at.Sum
	if old, ok := p.rows[k]; ok {
		sum = sum.Sub(old.Hash())
		delete(p.rows, k)
	}
	if p.r.IntN(3) > 0 {
		row := record.Row{Key: k, Body: fmt.Appendf(nil, `{"v":%d}`, p.r.IntN(100))}
		p.rows[k] = row
		sum = sum.Add(row.Hash())
	}
	p.at = record.Position{Epoch: epoch, Rev: p.at.Rev + 1, Sum: sum}
	p.history[p.at.Rev] = maps.Clone(p.rows)
	if p.hub != nil {
		p.runHub(p.hub.Moved(p.at))
	}
}

func (p *pair) touch() {
	m := wire.Mutation{Seq: p.disk.Next, Op: wire.OpSignUp, On: wire.RowKey{Kind: record.KindActivity, ID: "a"}, Who: "p", Text: fmt.Sprint("touch", p.next)}
	p.next++
	p.disk.Next++
	p.disk.Outbox = append(p.disk.Outbox, Entry{Mutation: m})
	p.run(p.device.Touched(p.now, p.disk.Outbox))
}

// run performs what the screen wants.
func (p *pair) run(acts []Action) {
	for _, a := range acts {
		switch a := a.(type) {
		case Dial:
			if p.now.Before(p.down) {
				p.run(p.device.Lost(p.now, 0))
				continue
			}
			p.hub = NewHub([]string{"hub"}, "s", "n", p.r.Float64)
			p.wires = [2][]parcel{}
			p.device.Connected(p.now)
			p.runHub(p.hub.Open(p.now))
		case Send:
			p.post(0, a.Message)
		case Close:
			p.cut(a.Code, 0)
		case Apply:
			if a.Replace {
				clear(p.local)
			}
			for _, op := range a.Ops {
				if op.Delete {
					delete(p.local, op.Key)
				} else {
					p.local[op.Key] = op.Row
				}
			}
			require.Equal(p.t, p.history[a.At.Rev], p.local, "invariant 3: only committed states are shown")
			require.GreaterOrEqual(p.t, a.At.Rev, p.disk.At.Rev, "invariant 7: never back")
			p.disk.At = a.At
			p.run(p.device.Shown(p.now, a.At))
		case Settle:
			for _, r := range a.Results {
				p.done[r.Seq] = r
				for i := range p.disk.Outbox {
					if p.disk.Outbox[i].Seq == r.Seq {
						p.disk.Outbox[i].Result = &r
					}
				}
			}
		}
	}
}

// cut ends the connection for both ends; each learns its code.
func (p *pair) cut(_, device wire.CloseCode) {
	if p.hub == nil {
		return
	}
	p.hub, p.wires = nil, [2][]parcel{}
	p.run(p.device.Lost(p.now, device))
}

// runHub performs what the hub wants.
func (p *pair) runHub(acts []Action) {
	for _, a := range acts {
		if p.hub == nil {
			return
		}
		switch a := a.(type) {
		case Send:
			p.post(1, a.Message)
		case Close:
			p.cut(0, a.Code)
		case Identify:
			var open []wire.Result
			for _, r := range p.results[a.Hello.Inst] {
				open = append(open, r)
			}
			p.runHub(p.hub.Identified(p.now, Identity{
				Known: true, Key: testKey.Public().(ed25519.PublicKey), Board: "b", Head: p.at, LastSeq: p.last[a.Hello.Inst], Results: open,
				Grant: func() Grant { return Grant{Lease: lent(p.now)} },
			}))
		case Mutate:
			p.mutate(a)
		case Release:
			for seq := range p.results[a.Inst] {
				if seq <= a.Seq {
					delete(p.results[a.Inst], seq)
				}
			}
		case Push:
			p.push(a.From)
		case Confirmed:
			require.LessOrEqual(p.t, a.At.Rev, p.disk.At.Rev, "invariant 6: receipts are honest")
		case Ping:
			p.post(1, nil)
		case Alarm:
			p.t.Fatal("a resync: invariant 9")
		}
	}
}

func (p *pair) mutate(a Mutate) {
	var out []wire.Result
	for _, m := range a.Muts {
		if m.Seq > p.last[a.Inst]+1 {
			p.runHub(p.hub.Gap())
			return
		}
		if m.Seq == p.last[a.Inst]+1 {
			p.last[a.Inst] = m.Seq
			p.applied[m.Text]++
			if p.results[a.Inst] == nil {
				p.results[a.Inst] = map[uint64]wire.Result{}
			}
			p.results[a.Inst][m.Seq] = wire.Result{Seq: m.Seq, Outcome: wire.Accepted, Rev: p.at.Rev}
		}
		if r, ok := p.results[a.Inst][m.Seq]; ok {
			out = append(out, r)
		}
	}
	p.runHub(p.hub.Answered(out))
}

func (p *pair) push(from record.Position) {
	if from.IsZero() {
		var rows []wire.RowOp
		for _, k := range slices.SortedFunc(maps.Keys(p.rows), func(a, b record.Key) int { return compare(a.ID, b.ID) }) {
			rows = append(rows, put(p.rows[k]))
		}
		for i := 0; ; i++ {
			n := min(2, len(rows))
			s := wire.Snap{Epoch: epoch, Rev: p.at.Rev, Part: i, Rows: rows[:n], Last: n == len(rows)}
			if s.Last {
				s.Sum = p.at.Sum.String()
			}
			rows = rows[n:]
			p.post(1, s)
			if s.Last {
				break
			}
		}
	} else {
		d := wire.Delta{Epoch: epoch, From: from.Rev, Rev: p.at.Rev, Sum: p.at.Sum.String()}
		old := p.history[from.Rev]
		for k := range old {
			if _, ok := p.rows[k]; !ok {
				d.Ops = append(d.Ops, wire.RowOp{Kind: k.Kind, ID: k.ID, Delete: true})
			}
		}
		for k, r := range p.rows {
			if o, ok := old[k]; !ok || o.Hash() != r.Hash() {
				d.Ops = append(d.Ops, put(r))
			}
		}
		p.post(1, d)
	}
	p.runHub(p.hub.Pushed(p.at))
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// post puts a message on the wire; it arrives in order, later.
func (p *pair) post(dir int, m wire.Message) {
	at := p.now.Add(time.Duration(1+p.r.IntN(80)) * time.Millisecond)
	if n := len(p.wires[dir]); n > 0 && p.wires[dir][n-1].at.After(at) {
		at = p.wires[dir][n-1].at
	}
	if m == nil { // a ping, or the pong to it
		p.wires[dir] = append(p.wires[dir], parcel{at, nil})
		return
	}
	// Through the codec, so that what travels is what can travel.
	b, err := wire.Encode(m)
	require.NoError(p.t, err)
	decode := wire.DecodeFromDevice
	if dir == 1 {
		decode = wire.DecodeFromHub
	}
	m, err = decode(b)
	require.NoError(p.t, err)
	p.wires[dir] = append(p.wires[dir], parcel{at, m})
}

// advance runs everything that is due until then.
func (p *pair) advance(until time.Time) {
	for range 1_000_000 {
		next, what := until, -1
		consider := func(at time.Time, w int) {
			if !at.IsZero() && !at.After(next) {
				next, what = at, w
			}
		}
		consider(p.device.Next(), 2)
		if p.hub != nil {
			consider(p.hub.Next(), 3)
			for dir := range 2 {
				if len(p.wires[dir]) > 0 {
					at := p.wires[dir][0].at
					if p.stall[dir].After(at) {
						at = p.stall[dir]
					}
					consider(at, dir)
				}
			}
		}
		if what < 0 {
			p.now = until
			return
		}
		if next.After(p.now) {
			p.now = next
		}
		switch what {
		case 0:
			m := p.wires[0][0].m
			p.wires[0] = p.wires[0][1:]
			if m == nil {
				p.hub.Heard(p.now)
			} else {
				p.runHub(p.hub.Received(p.now, m))
			}
		case 1:
			m := p.wires[1][0].m
			p.wires[1] = p.wires[1][1:]
			if m == nil {
				p.device.Heard(p.now)
				p.post(0, nil)
			} else {
				p.run(p.device.Received(p.now, m))
			}
		case 2:
			p.run(p.device.Tick(p.now))
		case 3:
			p.runHub(p.hub.Tick(p.now))
		}
	}
	p.t.Fatal("no end to it")
}

// Screens and hubs that meet again agree; every touch took effect exactly once;
// nothing is shown that was never committed; nobody ever had to start over.
func TestPairOverABadCable(t *testing.T) {
	first := uint64(time.Now().UnixNano())
	t.Logf("seeds %d and the following", first)
	for i := range uint64(*pairSeeds) {
		seed := first + i
		p := newPair(t, seed)
		for range 60 {
			switch p.r.IntN(10) {
			case 0:
				p.cut(0, 0)
				p.down = p.now.Add(time.Duration(p.r.IntN(300)) * time.Second)
			case 1:
				p.stall[p.r.IntN(2)] = p.now.Add(time.Duration(p.r.IntN(90)) * time.Second)
			case 2: // the screen loses power
				p.hub, p.wires = nil, [2][]parcel{}
				p.start()
			case 3, 4:
				p.touch()
			case 5: // an hour passes
				p.advance(p.now.Add(time.Hour))
			default:
				p.change()
			}
			p.advance(p.now.Add(time.Duration(p.r.IntN(5000)) * time.Millisecond))
		}
		p.stall, p.down = [2]time.Time{}, time.Time{}
		p.advance(p.now.Add(5 * time.Minute)) // 2 × (liveness + longest backoff) and some

		require.Equal(t, p.rows, p.local, "seed %d: invariant 4, converged", seed)
		require.Equal(t, p.at, p.disk.At, "seed %d", seed)
		require.True(t, p.device.Live(), "seed %d: phase %d, next in %v", seed, p.device.phase, p.device.Next().Sub(p.now))
		for n := range p.next {
			require.Equal(t, 1, p.applied[fmt.Sprint("touch", n)], "seed %d: invariant 1, touch %d", seed, n)
		}
		require.Len(t, p.done, p.next, "seed %d: every touch was answered", seed)
	}
}

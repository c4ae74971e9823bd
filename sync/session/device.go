package session

// Flow, a change on its way to the glass (the third hop, with
// sync/client/loop.go; the second is sync/wire/change.go, the fourth
// player/cache/apply.go):
//
//	Received(Delta)  next position? else resync
//	  → Apply        the caller stores rows and position in one transaction
//	  … Shown        the caller has a frame on the glass that reflects it
//	  → Send(Ack)    at most one a second
//
// A screen moves one way:
//
//	idle ─► dialing ─► challenged ─► greeted ─► catching up ─► live
//	 ▲         │            │           │            │           │
//	 └─────────┴────────────┴───────────┴────────────┴───────────┘  lost; see Backoff
//
// and from anywhere to over, when the hub revokes it.

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tavle/sync/record"
	"tavle/sync/wire"
)

type phase uint8

const (
	idle phase = iota
	dialing
	challenged // connected, waiting for the hub's challenge
	greeted    // hello sent, waiting for welcome
	catchingUp
	live
	over
)

// DeviceConfig is what a screen is.
type DeviceConfig struct {
	Device string                    // its name at the hub
	Host   string                    // name or address of the hub as it is dialled, part of the proof
	Sign   func(proof []byte) []byte // by the screen's Ed25519 key
	Hub    ed25519.PublicKey         // by which the hub signs; nil: what its first welcome says, which the connection vouches for
	Build  string
	Boot   string         // random per start
	Chance func() float64 // in [0, 1): spreads reconnects
}

// Stored is what a screen has on disk when it starts.
type Stored struct {
	Inst   string
	Board  record.BoardID // that the rest belongs to; "": nobody has said
	At     record.Position
	Hashes map[record.Key]uint64 // of every row, for the checksum
	Outbox []Entry               // in order
	Next   uint64                // number of the next mutation
	Store  string                // "ok", "empty" or "rebuilt"
}

// Device is the screen's end of the channel.
type Device struct {
	cfg    DeviceConfig
	inst   string
	store  string
	board  record.BoardID
	at     record.Position
	hashes map[record.Key]uint64
	out    waiting

	phase    phase
	shown    record.Position // what the glass was last said to reflect
	lastAck  record.Position // confirmed on this connection
	ackAt    time.Time       // when that was; zero: nothing was
	unsaid   record.Position // on the glass, to be confirmed a while after that; zero: nothing is
	goal     wire.BoardAt    // where welcome said the board stands
	held     []wire.Result   // not settled before the glass shows the board up to goal
	heldTill time.Time       // nor, on a glass that shows nothing, before then; zero: nothing is held back
	snap     *assembly       // snapshot being collected
	bye      *wire.Bye
	failures int // connections lost in a row

	heard     time.Time // anything at all
	opened    time.Time // this connection
	liveSince time.Time
	sentAt    time.Time // oldest mutation sent and not answered on this connection
	retryAt   time.Time // when idle
	downSince time.Time // not live since

	awaiting  bool // a snapshot was asked for; deltas mean nothing until it comes
	resyncs   int
	resyncAt  time.Time // the next one may be asked for then
	resyncWhy string    // reason of one that has to wait, or ""

	hub struct{ said, at time.Time } // what the hub's clock read last, and when that was by ours

	health health

	owes  bool // it was shut out, and is to say that it has destroyed everything
	gone  bool // it has, and is saying so
	tries int  // to say so
}

// NewDevice returns the screen's end, not connected.
func NewDevice(c DeviceConfig, s Stored) *Device {
	d := &Device{cfg: c}
	d.Restore(s)
	return d
}

// Restore sets what is on disk: at the start, and after something was to be
// stored and perhaps was not.
func (d *Device) Restore(s Stored) {
	out := waiting{entries: slices.Clone(s.Outbox), next: s.Next}
	if s.Inst == d.inst {
		out.rememberTouches(d.out.entries)
	}
	d.inst, d.store, d.board, d.at, d.out = s.Inst, s.Store, s.Board, s.At, out
	d.hashes = maps.Clone(s.Hashes)
	if d.hashes == nil {
		d.hashes = map[record.Key]uint64{}
	}
	d.snap, d.unsaid = nil, record.Position{}
}

// Start begins to connect.
func (d *Device) Start(now time.Time) []Action {
	d.downSince = now
	return d.dial()
}

func (d *Device) dial() []Action {
	d.phase = dialing
	return []Action{Dial{}}
}

// Connected says that the connection is open.
func (d *Device) Connected(now time.Time) {
	d.phase, d.heard, d.opened = challenged, now, now
	d.bye, d.snap, d.awaiting, d.sentAt = nil, nil, false, time.Time{}
	d.held, d.heldTill = nil, time.Time{}
	d.ackAt, d.unsaid = time.Time{}, record.Position{}
	d.out.sent = 0
	d.health.at = time.Time{}
}

// Heard says that the other end gave a sign of life, such as a ping.
func (d *Device) Heard(now time.Time) { d.heard = now }

// Lost says that the connection ended, or could not be opened (code 0).
func (d *Device) Lost(now time.Time, code wire.CloseCode) []Action {
	if d.phase == over {
		return nil
	}
	if d.gone {
		d.tries++
		if code == wire.CloseRevoked || code == wire.CloseUnknown || d.tries >= receiptTries {
			d.phase = over
			return nil
		}
	} else if code == wire.CloseRevoked {
		d.phase, d.owes = over, true
		return []Action{Wipe{}}
	}
	if d.phase == live {
		d.downSince = now
		if now.Sub(d.liveSince) >= backoffReset {
			d.failures = 0
		}
	}
	d.retryAt = now.Add(away(d.failures, code, d.bye, d.cfg.Chance()))
	d.failures++
	d.phase = idle
	return nil
}

// receiptTries is how often a screen that was shut out tries to say that it has
// destroyed everything. What it could prove that by ends with the program.
const receiptTries = 5

// Wiped says that a [Wipe] has been done. A screen that was shut out says so to the
// hub, by the key it was known by; nothing, when there is nobody to tell.
func (d *Device) Wiped(now time.Time) []Action {
	if d.phase != over || !d.owes {
		return nil
	}
	d.owes, d.gone, d.failures, d.downSince = false, true, 0, now
	return d.dial()
}

// Next returns when Tick has something to do; the zero time: not before
// something else happens.
func (d *Device) Next() time.Time {
	switch d.phase {
	case idle:
		return d.retryAt
	case dialing, over:
		return time.Time{}
	}
	t := d.heard.Add(wire.SilenceTimeout)
	if d.phase < catchingUp {
		t = earlier(t, d.opened.Add(wire.HandshakeTimeout))
	}
	if !d.sentAt.IsZero() {
		t = earlier(t, d.sentAt.Add(wire.ResultTimeout))
	}
	if d.resyncWhy != "" {
		t = earlier(t, d.resyncAt)
	}
	if !d.heldTill.IsZero() {
		t = earlier(t, d.heldTill)
	}
	if !d.unsaid.IsZero() {
		t = earlier(t, d.ackAt.Add(ackEvery))
	}
	return t
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Tick does what is due at now.
func (d *Device) Tick(now time.Time) []Action {
	switch {
	case d.phase == idle && !now.Before(d.retryAt):
		return d.dial()
	case d.phase < challenged || d.phase == over:
		return nil
	case now.Sub(d.heard) >= wire.SilenceTimeout:
		return []Action{Close{wire.CloseGoingAway, "silence"}}
	case d.phase < catchingUp && now.Sub(d.opened) >= wire.HandshakeTimeout:
		return []Action{Close{wire.CloseGoingAway, "handshake took too long"}}
	case !d.sentAt.IsZero() && now.Sub(d.sentAt) >= wire.ResultTimeout:
		return []Action{Close{wire.CloseGoingAway, "no result"}}
	case d.resyncWhy != "" && !now.Before(d.resyncAt):
		return d.resync(now, d.resyncWhy)
	case !d.heldTill.IsZero() && !now.Before(d.heldTill):
		return d.letGo()
	case !d.unsaid.IsZero() && now.Sub(d.ackAt) >= ackEvery:
		p := d.unsaid
		d.unsaid = record.Position{} // whether or not it can still be said
		return d.confirm(now, p)
	}
	return nil
}

// Received takes one message from the hub.
func (d *Device) Received(now time.Time, m wire.Message) []Action {
	d.heard = now
	switch m := m.(type) {
	case *wire.Challenge:
		if d.phase != challenged {
			return refuse("challenge out of turn")
		}
		return d.greet(now, m)
	case *wire.Welcome:
		if d.phase != greeted {
			return refuse("welcome out of turn")
		}
		if d.gone {
			d.tries = receiptTries // it was let in again meanwhile, which comes too late for this key
			return []Action{Close{wire.CloseGoingAway, "wiped"}}
		}
		return d.welcomed(now, m)
	case *wire.Bye:
		d.bye = m
		return nil
	}
	if d.phase != catchingUp && d.phase != live {
		return refuse(m.Type() + " before welcome")
	}
	switch m := m.(type) {
	case *wire.Snap:
		return d.snapshot(now, m)
	case *wire.Delta:
		return d.delta(now, m)
	case *wire.Res:
		return d.results(now, m)
	case *wire.Time:
		return []Action{d.clock(now, m.HubMS)}
	case *wire.LeaseRenewal:
		acts, err := d.trust(m.Keys)
		if err != nil {
			return refuse(err.Error())
		}
		if why := d.mistrusts(now, m.Lease); why != "" {
			return refuse(why)
		}
		return append(acts, d.renew(m.Lease, m.Lease.Issued(), m.Asset)...)
	case *wire.Cmd:
		if m.Op == "wipe" || m.Op == "unpair" {
			d.phase = over
			return []Action{Wipe{}, Send{wire.Done{ID: m.ID, Status: "ok"}}, Close{wire.CloseGoingAway, "wiped"}}
		}
		return []Action{Obey{*m}}
	}
	return nil // a newer hub says more than we understand
}

func refuse(why string) []Action { return []Action{Close{wire.CloseProtocol, why}} }

func (d *Device) greet(now time.Time, m *wire.Challenge) []Action {
	d.phase = greeted
	h := wire.Hello{
		Device: d.cfg.Device, Inst: d.inst, NextSeq: d.out.next, Build: d.cfg.Build,
		Sig:    wire.B64.EncodeToString(d.cfg.Sign(wire.HelloProof(m.Nonce, d.cfg.Host, d.cfg.Device, d.inst))),
		Schema: [2]int{wire.MinCapability, wire.Capability}, Enc: []string{"gzip"}, Boot: d.cfg.Boot, Store: d.store,
	}
	if d.gone {
		h.Store = wire.StoreWiped
	} else if !d.at.IsZero() {
		at := wire.AtOf(d.at)
		h.Have = &at
	}
	return []Action{d.clock(now, m.HubMS), Send{h}}
}

// clock notes what the hub's clock reads.
func (d *Device) clock(now time.Time, ms int64) Action {
	d.hub.said, d.hub.at = time.UnixMilli(ms), now
	return Clock{d.hub.said}
}

// leaseAhead is how far a lease may be issued ahead of the hub's own clock, as
// this end knows it: what a slow line and a clock that is put right can do.
const leaseAhead = 5 * time.Minute

// Why a lease is refused. The one before it stays in force, and the screen comes
// back after a while; what people touched waits.
const (
	earlyLease    = "lease issued ahead of the hub's clock"
	unsignedLease = "lease not signed by this screen's hub"
)

// mistrusts says why a lease is refused, or nothing. One issued at a time that the
// hub's own clock has yet to reach would keep people on the glass for longer than a
// lease may; one that is not signed for this screen and the board it shows is not
// the hub's, whoever passed it on.
func (d *Device) mistrusts(now time.Time, l wire.Lease) string {
	switch {
	case l.Issued().After(d.hub.said.Add(now.Sub(d.hub.at) + leaseAhead)):
		return earlyLease
	case !l.SignedBy(d.cfg.Hub, d.cfg.Device, d.goal.ID):
		return unsignedLease
	}
	return ""
}

// trust takes up what the hub says it is known by. The signing key is believed
// once, the first time; after that it vouches for the rest.
func (d *Device) trust(k *wire.Keys) ([]Action, error) {
	if k == nil {
		return nil, nil
	}
	key, err := k.SignedFor(d.cfg.Device)
	switch {
	case err != nil:
		return nil, err
	case d.cfg.Hub == nil:
		d.cfg.Hub = key
	case !key.Equal(d.cfg.Hub):
		return nil, errors.New("the hub's signing key is not the one this screen was given")
	}
	return []Action{Trust{*k}}, nil
}

func (d *Device) welcomed(now time.Time, m *wire.Welcome) []Action {
	acts, err := d.trust(m.Keys)
	if err != nil {
		return refuse(err.Error())
	}
	d.goal = m.Board
	if why := d.mistrusts(now, m.Lease); why != "" {
		return refuse(why)
	}
	acts = append(acts, d.enter(m.Board)...)
	d.phase = catchingUp
	d.lastAck = record.Position{}
	acts = append(acts, d.renew(m.Lease, m.Lease.Issued(), m.Asset)...)
	reopened, ok := d.out.reopen(m.LastSeq)
	if reopened {
		acts = append(acts, Reopen{Above: m.LastSeq})
	}
	if !ok || m.LastSeq >= d.out.next {
		// The hub knows less than we have kept, or more than we ever sent (our
		// outbox was lost): our numbers mean nothing to it any more. A new
		// installation name starts them afresh, with what has just been reopened.
		return append(acts, Reinstall{}, Close{wire.CloseGoingAway, "numbers start again"})
	}
	acts = append(acts, d.flush(now)...)
	acts = append(acts, d.confirm(now, d.shown)...)
	d.caughtUp(now)
	if d.phase != live {
		d.heldTill = now.Add(holdBack)
	}
	return append(acts, d.report(now)...)
}

// enter sees to it that what is stored belongs to the board this screen shows: one
// that was moved to another department keeps nothing of the one before. What an
// older build stored says of no board; then it must be the same feed. A hub that was
// restored has another feed for the same board, and that is no move.
func (d *Device) enter(b wire.BoardAt) []Action {
	if b.ID == d.board {
		return nil
	}
	wipe := d.board != "" || !d.at.IsZero() && d.at.Epoch != b.Epoch
	if wipe {
		d.at, d.hashes = record.Position{}, map[record.Key]uint64{}
	}
	d.board = b.ID
	return []Action{Enter{Board: b.ID, Wipe: wipe}}
}

// Reinstalled says under which name and numbers the waiting mutations stand
// after a [Reinstall].
func (d *Device) Reinstalled(inst string, outbox []Entry, next uint64) {
	d.inst = inst
	d.out = waiting{entries: slices.Clone(outbox), next: next}
}

func (d *Device) renew(l wire.Lease, hubTime time.Time, a *wire.Assets) []Action {
	acts := []Action{Renew{l, hubTime}}
	if a != nil {
		acts = append(acts, Pictures{*a})
	}
	return acts
}

// caughtUp moves to live once the board is where welcome said it stands.
func (d *Device) caughtUp(now time.Time) {
	if d.phase == catchingUp && d.at.Epoch == d.goal.Epoch && d.at.Rev >= d.goal.Rev {
		d.phase, d.liveSince, d.downSince = live, now, time.Time{}
	}
}

func (d *Device) delta(now time.Time, m *wire.Delta) []Action {
	switch {
	case d.awaiting:
		return nil
	case m.Epoch == d.at.Epoch && m.Rev <= d.at.Rev:
		return nil // already have it
	case m.Epoch != d.at.Epoch || m.From > d.at.Rev:
		return d.resync(now, "gap")
	}
	ops, err := wire.Ops(m.Ops)
	if err != nil {
		return refuse(err.Error())
	}
	want, err := record.ParseSum(m.Sum)
	if err != nil {
		return refuse(err.Error())
	}
	sum, next := d.at.Sum, make(map[record.Key]uint64, len(ops))
	for _, op := range ops {
		old, seen := next[op.Key]
		if !seen {
			old = d.hashes[op.Key]
		}
		h := uint64(0)
		if !op.Delete {
			h = op.Hash()
		}
		sum = sum.Sub(old).Add(h)
		next[op.Key] = h
	}
	if sum != want {
		return d.resync(now, "sum")
	}
	for k, h := range next {
		if h == 0 {
			delete(d.hashes, k)
		} else {
			d.hashes[k] = h
		}
	}
	d.at = record.Position{Epoch: m.Epoch, Rev: m.Rev, Sum: want}
	d.caughtUp(now)
	return []Action{Apply{Ops: ops, At: d.at}}
}

// Assembly limits are the wire's: what does not fit is not a board.
type assembly struct {
	epoch record.Epoch
	rev   uint64
	part  int
	ops   []record.Op
	bytes int
}

func (d *Device) snapshot(now time.Time, m *wire.Snap) []Action {
	if m.Part == 0 {
		d.snap = &assembly{epoch: m.Epoch, rev: m.Rev}
	}
	s := d.snap
	if s == nil || m.Part != s.part || m.Epoch != s.epoch || m.Rev != s.rev {
		return refuse("snapshot part out of turn")
	}
	ops, err := wire.Ops(m.Rows)
	if err != nil {
		return refuse(err.Error())
	}
	for _, op := range ops {
		if op.Delete {
			return refuse("snapshot deletes a row")
		}
		s.bytes += len(op.Body)
	}
	s.part++
	s.ops = append(s.ops, ops...)
	if len(s.ops) > wire.MaxRows || s.bytes > wire.MaxBoard {
		d.snap = nil
		return []Action{Close{wire.CloseTooBig, fmt.Sprintf("board of over %d rows or %d bytes", wire.MaxRows, wire.MaxBoard)}}
	}
	if !m.Last {
		return nil
	}
	d.snap, d.awaiting, d.resyncWhy = nil, false, ""
	want, err := record.ParseSum(m.Sum)
	if err != nil {
		return refuse(err.Error())
	}
	hashes := make(map[record.Key]uint64, len(s.ops))
	var sum record.Sum
	for _, op := range s.ops {
		if _, twice := hashes[op.Key]; twice {
			return refuse("snapshot says a row twice")
		}
		h := op.Hash()
		hashes[op.Key] = h
		sum = sum.Add(h)
	}
	if sum != want {
		return d.resync(now, "sum")
	}
	d.hashes = hashes
	d.at = record.Position{Epoch: m.Epoch, Rev: m.Rev, Sum: want}
	d.caughtUp(now)
	return []Action{Apply{Ops: s.ops, At: d.at, Replace: true}}
}

// resync asks for a snapshot, or remembers to when that is allowed again.
func (d *Device) resync(now time.Time, why string) []Action {
	d.awaiting = true
	if now.Before(d.resyncAt) {
		d.resyncWhy = why
		return nil
	}
	d.resyncWhy = ""
	wait := resyncCap
	if d.resyncs < 7 {
		wait = min(resyncCap, resyncFirst<<d.resyncs)
	}
	d.resyncs++
	d.resyncAt = now.Add(wait)
	at := wire.AtOf(d.at)
	return []Action{Send{wire.Resync{Why: why, Have: &at}}}
}

// Resyncs returns how often this end had to ask for a snapshot because what it
// got did not fit. In a healthy system it is 0.
func (d *Device) Resyncs() int { return d.resyncs }

// holdBack is how long results wait for a glass that shows nothing: it is dark, or
// the board never comes.
const holdBack = 10 * time.Second

// results takes up what became of mutations. After a reconnect they wait until
// whoever was hidden meanwhile is off the glass: restrictions come before anything else.
func (d *Device) results(now time.Time, m *wire.Res) []Action {
	if !d.sentAt.IsZero() {
		d.sentAt = now // it answers; the next is due as late again
	}
	if !d.heldTill.IsZero() {
		d.held = append(d.held, m.Results...)
		return nil
	}
	return d.settle(m.Results)
}

// letGo settles what was held back.
func (d *Device) letGo() []Action {
	held := d.held
	d.held, d.heldTill = nil, time.Time{}
	if held == nil {
		return nil
	}
	return d.settle(held)
}

func (d *Device) settle(results []wire.Result) []Action {
	var acts []Action
	if fresh := d.out.settle(results); len(fresh) > 0 {
		acts = append(acts, Settle{fresh})
	}
	if d.out.sent <= d.out.answered() {
		d.sentAt = time.Time{}
	}
	return append(acts, Send{wire.Rack{Seq: d.out.answered()}})
}

// Touched says that somebody touched: what is new in the outbox, as it is on disk
// now, was touched at this moment. It is given whole and not as one mutation,
// because it may have been numbered anew since that was stored.
func (d *Device) Touched(now time.Time, outbox []Entry) []Action {
	for _, e := range outbox {
		if e.Seq >= d.out.next {
			e.Touched = now
			d.out.entries = append(d.out.entries, e)
			d.out.next = e.Seq + 1
		}
	}
	return d.flush(now)
}

// Forgot says that answered mutations below number seq are no longer kept.
func (d *Device) Forgot(seq uint64) {
	for len(d.out.entries) > 0 && d.out.entries[0].Seq < seq && d.out.entries[0].Result != nil {
		d.out.entries = d.out.entries[1:]
	}
}

// flush sends what waits, once per connection.
func (d *Device) flush(now time.Time) []Action {
	if d.phase != catchingUp && d.phase != live {
		return nil
	}
	var acts []Action
	for todo := d.out.unanswered(now); len(todo) > 0; {
		n := min(len(todo), wire.MaxMuts)
		acts = append(acts, Send{wire.Mut{Muts: todo[:n]}})
		d.out.sent = todo[n-1].Seq
		todo = todo[n:]
		if d.sentAt.IsZero() {
			d.sentAt = now
		}
	}
	return acts
}

// ackEvery is how often a screen confirms what its glass shows. A hub tells
// thousands of a change at once, and what they answer costs it as much.
const ackEvery = time.Second

// Shown says that a frame on the glass reflects the board at p. That is confirmed
// at once, or, when something has just been, together with what comes meanwhile.
// One that is said while there is no connection, or that is lost with it, is
// confirmed on the next.
func (d *Device) Shown(now time.Time, p record.Position) []Action {
	if p.Epoch == d.at.Epoch && p.Rev <= d.at.Rev && (p.Epoch != d.shown.Epoch || p.Rev > d.shown.Rev) {
		d.shown = p
	}
	acts := d.confirm(now, p)
	if !d.heldTill.IsZero() && p.Epoch == d.goal.Epoch && p.Rev >= d.goal.Rev {
		acts = append(acts, d.letGo()...)
	}
	return acts
}

// confirm says that the glass shows p, or notes that it is to be said in its time.
func (d *Device) confirm(now time.Time, p record.Position) []Action {
	if d.phase != catchingUp && d.phase != live || p.Epoch != d.at.Epoch || p.Rev > d.at.Rev {
		return nil
	}
	if p.Epoch == d.unsaid.Epoch && p.Rev < d.unsaid.Rev {
		p = d.unsaid
	}
	if p.Epoch == d.lastAck.Epoch && p.Rev <= d.lastAck.Rev {
		return nil
	}
	if !d.ackAt.IsZero() && now.Sub(d.ackAt) < ackEvery {
		d.unsaid = p
		return nil
	}
	d.lastAck, d.ackAt, d.unsaid = p, now, record.Position{}
	return []Action{Send{wire.Ack{Epoch: p.Epoch, Rev: p.Rev}}}
}

// Obeyed says what became of a command.
func (d *Device) Obeyed(id, status, info string) []Action {
	if d.phase != catchingUp && d.phase != live {
		return nil // it is repeated
	}
	return []Action{Send{wire.Done{ID: id, Status: status, Info: info}}}
}

// At returns the position this end has.
func (d *Device) At() record.Position { return d.at }

// Live reports whether the screen shows what the hub has.
func (d *Device) Live() bool { return d.phase == live }

// Over reports whether the hub has revoked this screen.
func (d *Device) Over() bool { return d.phase == over }

// DownSince returns since when the screen is not live; zero when it is.
func (d *Device) DownSince() time.Time { return d.downSince }

package session

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"time"

	"tavle/sync/record"
	"tavle/sync/wire"
)

// Timing of the hub's end.
const (
	leaseEvery = 5 * time.Minute // a lease is renewed at least this often
	proofAfter = 12 * time.Hour  // a connection is proved again, give or take a tenth

	rateBurst = 60 // messages a screen may send at once
	rateEvery = time.Second / 20
)

// MaxHosts is under how many names a hub may be known. A proof is tried with
// each, and a stranger who knows a screen's name can have that done.
const MaxHosts = 8

// What only the hub's end wants done.
type (
	// Identify looks up who says hello; then Identified is called.
	Identify struct{ Hello wire.Hello }

	// Mutate applies mutations, each once; then Answered is called.
	Mutate struct {
		Inst string
		Muts []wire.Mutation
	}

	// Push writes the board from From (zero: all of it) to where it stands
	// when the writing begins; then Pushed is called.
	Push struct {
		From record.Position
		Gzip bool // the screen reads compressed snapshots
	}

	// Lend sends a fresh lease and asset token.
	Lend struct{}

	// Ping writes a ping, and the time beside it.
	Ping struct{}

	// Confirmed records that the glass shows the board at At.
	Confirmed struct{ At wire.Ack }

	// Release forgets results up to Seq.
	Release struct {
		Inst string
		Seq  uint64
	}

	// Alarm counts a resync, which should never be needed.
	Alarm struct{ Why string }

	// Report notes the screen's health.
	Report struct{ Stat wire.Stat }

	// Emptied records that a screen which is shut out has destroyed everything; then
	// Noted is called.
	Emptied struct {
		Device string
		Key    ed25519.PublicKey // by which it has proved to be that
	}

	// Finish records what became of a command.
	Finish struct{ Done wire.Done }
)

func (Identify) action()  {}
func (Mutate) action()    {}
func (Push) action()      {}
func (Lend) action()      {}
func (Ping) action()      {}
func (Confirmed) action() {}
func (Release) action()   {}
func (Alarm) action()     {}
func (Report) action()    {}
func (Emptied) action()   {}
func (Finish) action()    {}

// Identity is what the hub knows about a screen that says hello.
type Identity struct {
	Known   bool
	Revoked bool
	Key     ed25519.PublicKey
	Board   record.BoardID
	Head    record.Position
	LastSeq uint64        // highest mutation applied for this installation
	Results []wire.Result // not confirmed by the screen yet

	// Grant signs what a welcome grants. It is called once the screen has proved who
	// it is: no stranger has the hub sign anything.
	Grant func() Grant
}

// Grant is what a screen is given that has proved who it is.
type Grant struct {
	Lease  wire.Lease // signed for this screen and its board
	Keys   *wire.Keys // likewise
	Assets *wire.Assets
}

type hubPhase uint8

const (
	opened hubPhase = iota
	identifying
	serving
	closed
)

// Hub is the hub's end of one connection.
type Hub struct {
	hosts   []string
	nonce   string
	session string
	chance  func() float64

	phase  hubPhase
	hello  *wire.Hello // until it has been answered
	device string      // that the screen says it is
	inst   string
	gzip   bool // it reads compressed snapshots
	board  record.BoardID
	head   record.Position // where the board stands
	sent   record.Position // what the screen was last sent
	flying bool            // a frame of the board is being written
	news   bool            // head was heard of since that began
	lost   bool            // and the screen has asked for all of it since
	open   []wire.Result   // from before this connection; they follow the board

	heard   time.Time
	opened  time.Time
	pingAt  time.Time
	lendAt  time.Time
	proofAt time.Time
	tokens  int       // messages the screen may still send
	refill  time.Time // when tokens was last counted
}

// NewHub returns the hub's end of a connection that just opened. The nonce is
// [wire.NonceSize] random bytes in [wire.B64]; hosts are the names and addresses
// under which screens reach the hub, at most [MaxHosts] of them. A screen proves
// who it is to the one it dialled.
func NewHub(hosts []string, session, nonce string, chance func() float64) *Hub {
	return &Hub{hosts: hosts, session: session, nonce: nonce, chance: chance, tokens: rateBurst}
}

// Open says the hub's first word.
func (h *Hub) Open(now time.Time) []Action {
	h.heard, h.opened, h.refill = now, now, now
	return []Action{Send{wire.Challenge{Nonce: h.nonce, HubMS: now.UnixMilli()}}}
}

// Heard says that the screen gave a sign of life, such as a pong.
func (h *Hub) Heard(now time.Time) { h.heard = now }

// Received takes one message from the screen.
func (h *Hub) Received(now time.Time, m wire.Message) []Action {
	h.heard = now
	if !h.allow(now) {
		return h.end(wire.CloseRate, "too many messages")
	}
	if hello, ok := m.(*wire.Hello); ok {
		if h.phase != opened {
			return h.end(wire.CloseProtocol, "hello out of turn")
		}
		h.phase, h.hello = identifying, hello
		h.device, h.inst, h.gzip = hello.Device, hello.Inst, slices.Contains(hello.Enc, "gzip")
		return []Action{Identify{*hello}}
	}
	if h.phase != serving {
		return h.end(wire.CloseProtocol, m.Type()+" before welcome")
	}
	switch m := m.(type) {
	case *wire.Mut:
		return []Action{Mutate{h.inst, m.Muts}}
	case *wire.Ack:
		return []Action{Confirmed{*m}}
	case *wire.Rack:
		return []Action{Release{h.inst, m.Seq}}
	case *wire.Resync:
		h.sent, h.lost = record.Position{}, h.flying
		return append([]Action{Alarm{m.Why}}, h.push()...)
	case *wire.Stat:
		return []Action{Report{*m}}
	case *wire.Done:
		return []Action{Finish{*m}}
	}
	return h.end(wire.CloseProtocol, "unknown kind of message")
}

func (h *Hub) end(code wire.CloseCode, why string) []Action {
	h.phase = closed
	return []Action{Close{code, why}}
}

// expect puts one token into the bucket: the screen will confirm what it is being
// sent, and must not be shut out because there is much to confirm.
func (h *Hub) expect() { h.tokens = min(rateBurst, h.tokens+1) }

// allow takes one token from the bucket.
func (h *Hub) allow(now time.Time) bool {
	n := int(now.Sub(h.refill) / rateEvery)
	h.refill = h.refill.Add(time.Duration(n) * rateEvery)
	h.tokens = min(rateBurst, h.tokens+n) - 1
	return h.tokens >= 0
}

// Identified answers an [Identify].
func (h *Hub) Identified(now time.Time, id Identity) []Action {
	if h.phase != identifying {
		return nil
	}
	schema := min(h.hello.Schema[1], wire.Capability)
	switch {
	case !id.Known || !h.proves(id.Key):
		return h.end(wire.CloseUnknown, "unknown device or bad proof")
	case id.Revoked && h.hello.Store == wire.StoreWiped:
		return []Action{Emptied{h.device, id.Key}}
	case id.Revoked:
		return h.end(wire.CloseRevoked, "revoked")
	case schema < max(h.hello.Schema[0], wire.MinCapability):
		return h.end(wire.CloseVersion, fmt.Sprintf("rows %d to %d, want %d to %d",
			h.hello.Schema[0], h.hello.Schema[1], wire.MinCapability, wire.Capability))
	}
	h.phase, h.board, h.head = serving, id.Board, id.Head
	h.pingAt = now.Add(h.nextPing())
	h.lendAt = now.Add(leaseEvery)
	h.proofAt = now.Add(proofAfter + time.Duration((h.chance()-0.5)*0.2*float64(proofAfter)))
	h.sent = h.resume(id.Head)
	h.hello, h.nonce = nil, "" // a connection lasts for days
	g := id.Grant()
	acts := []Action{Send{wire.Welcome{
		Session: h.session, Board: wire.BoardAt{ID: id.Board, Epoch: id.Head.Epoch, Rev: id.Head.Rev},
		Schema: schema, LastSeq: id.LastSeq, Lease: g.Lease, PingS: int(wire.PingInterval / time.Second),
		Keys: g.Keys, Asset: g.Assets, Limits: &wire.Limits{Frame: wire.MaxFromDevice, Muts: wire.MaxMuts},
	}}}
	// Whoever was hidden meanwhile goes before anything else.
	h.open = id.Results
	acts = append(acts, h.push()...)
	if !h.flying {
		acts = append(acts, h.repeat()...)
	}
	return acts
}

// Noted says that an [Emptied] is recorded, or could not be: then the screen says it
// again.
func (h *Hub) Noted(ok bool) []Action {
	if !ok {
		return h.end(wire.CloseTryLater, "try later")
	}
	return h.end(wire.CloseRevoked, "revoked")
}

// repeat sends, once, the results that the screen has not confirmed.
func (h *Hub) repeat() []Action {
	results := h.open
	h.open = nil
	return h.Answered(results)
}

// proves reports whether hello was signed by key, on this connection, for one of
// the hub's hosts.
func (h *Hub) proves(key ed25519.PublicKey) bool {
	sig, err := wire.B64.DecodeString(h.hello.Sig)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return false
	}
	return slices.ContainsFunc(h.hosts, func(host string) bool {
		return ed25519.Verify(key, wire.HelloProof(h.nonce, host, h.device, h.inst), sig)
	})
}

// resume returns where to go on from: the position the screen has, or zero for
// a snapshot when that position means nothing to this feed.
func (h *Hub) resume(head record.Position) record.Position {
	if h.hello.Have == nil {
		return record.Position{}
	}
	have, err := h.hello.Have.Position()
	switch {
	case err != nil, have.Epoch != head.Epoch, have.Rev > head.Rev:
		return record.Position{}
	case have.Rev == head.Rev && have.Sum != head.Sum:
		return record.Position{}
	}
	return have
}

// Moved says where the board stands now.
func (h *Hub) Moved(head record.Position) []Action {
	if h.phase != serving || head.Epoch == h.head.Epoch && head.Rev <= h.head.Rev {
		return nil // words of other goroutines may overtake each other
	}
	h.head, h.news = head, true
	return h.push()
}

// push is the whole rule: at most one frame of the board is on its way, and it
// takes the screen from what it was last sent to where the board stands.
// Nothing queues for a slow screen; it gets one compacted delta afterwards.
func (h *Hub) push() []Action {
	if h.flying || h.sent.Epoch == h.head.Epoch && h.sent.Rev == h.head.Rev {
		return nil
	}
	h.flying, h.news = true, false
	return []Action{Push{From: h.sent, Gzip: h.gzip}}
}

// Pushed says that the board up to at was written.
func (h *Hub) Pushed(at record.Position) []Action {
	h.flying = false
	if h.phase != serving {
		return nil
	}
	if h.sent = at; h.lost {
		h.sent, h.lost = record.Position{}, false // what was on its way is nothing to it
	}
	h.expect()
	if !h.news || h.head.Epoch == at.Epoch && h.head.Rev < at.Rev {
		// It was read after we were last told, or ahead of it. Of two epochs nobody
		// can say which is newer: a late word of an old one must not have us push
		// for ever towards where the board will never be.
		h.head = at
	}
	return append(h.repeat(), h.push()...)
}

// Answered sends the results of a [Mutate].
func (h *Hub) Answered(results []wire.Result) []Action {
	if h.phase != serving || len(results) == 0 {
		return nil
	}
	h.expect()
	return []Action{Send{wire.Res{Results: results}}}
}

// Gap says that a [Mutate] began above the next number: the screen counts
// differently, and starts over.
func (h *Hub) Gap() []Action { return h.end(wire.CloseTryLater, "mutation numbers have a gap") }

// Command sends a command.
func (h *Hub) Command(c wire.Cmd) []Action {
	if h.phase != serving {
		return nil
	}
	return []Action{Send{c}}
}

// Drain tells the screen to come back in retry, spread over spread.
func (h *Hub) Drain(retry, spread time.Duration) []Action {
	bye := wire.Bye{Code: wire.CloseRestart, Why: "restart", RetryMS: retry.Milliseconds(), SpreadMS: spread.Milliseconds()}
	return append([]Action{Send{bye}}, h.end(wire.CloseRestart, "restart")...)
}

// Next returns when Tick has something to do.
func (h *Hub) Next() time.Time {
	if h.phase != serving {
		return h.opened.Add(wire.HandshakeTimeout)
	}
	return earlier(earlier(h.heard.Add(wire.SilenceTimeout), h.proofAt), earlier(h.pingAt, h.lendAt))
}

// Tick does what is due at now.
func (h *Hub) Tick(now time.Time) []Action {
	switch {
	case h.phase == closed:
		return nil
	case h.phase != serving:
		if now.Sub(h.opened) >= wire.HandshakeTimeout {
			return h.end(wire.CloseTryLater, "handshake took too long") // a bad line is no offence
		}
		return nil
	case now.Sub(h.heard) >= wire.SilenceTimeout:
		return h.end(wire.CloseGoingAway, "silence")
	case !now.Before(h.proofAt):
		return h.Drain(0, 30*time.Second)
	}
	var acts []Action
	if !now.Before(h.pingAt) {
		h.pingAt = now.Add(h.nextPing())
		acts = append(acts, Ping{}, Send{wire.Time{HubMS: now.UnixMilli()}})
	}
	if !now.Before(h.lendAt) {
		h.lendAt = now.Add(leaseEvery)
		acts = append(acts, Lend{})
	}
	return acts
}

// nextPing spreads pings by a fifth either way.
func (h *Hub) nextPing() time.Duration {
	return wire.PingInterval + time.Duration((h.chance()-0.5)*0.4*float64(wire.PingInterval))
}

// Device returns who the screen says it is; before [Hub.Identified] a claim.
func (h *Hub) Device() string { return h.device }

// Board returns the board served, once identified.
func (h *Hub) Board() record.BoardID { return h.board }

// Serving reports whether the screen is identified.
func (h *Hub) Serving() bool { return h.phase == serving }

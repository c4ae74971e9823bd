package sim

import (
	"context"
	"crypto/ed25519"
	"maps"
	"slices"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// How a replica is run; but for the polling as sync/hub is.
const (
	pollEvery  = 2 * time.Second
	flushAfter = time.Second
	maxQueue   = 128
)

// A death is what becomes of a replica at its next transaction.
type death uint8

const (
	lives        death = iota
	beforeCommit       // it is killed, and nothing has happened
	afterCommit        // it is killed, and told nobody
)

// A replica is one process of the hub.
type replica struct {
	w       *world
	id      int
	up      bool
	run     int // how often it was started
	death   death
	ends    []*hubEnd
	told    map[record.BoardID]record.Position // where boards stand, as far as it knows
	clients map[string]*hubEnd                 // by screen

	// What screens confirmed and is not stored yet: it dies with the process.
	acks     map[string]receipt
	releases map[store.Inst]uint64
	seen     map[string]time.Time
	flushing bool
}

// A receipt is what a screen confirmed, and when.
type receipt struct {
	at   wire.Ack
	when time.Time
}

func (p *replica) start() {
	p.up, p.run, p.death, p.ends = true, p.run+1, lives, nil
	p.told, p.clients = map[record.BoardID]record.Position{}, map[string]*hubEnd{}
	p.acks, p.releases, p.seen, p.flushing = map[string]receipt{}, map[store.Inst]uint64{}, map[string]time.Time{}, false
	p.w.trace("replica %d starts", p.id)
	run := p.run
	var poll func()
	poll = func() {
		if p.run != run || !p.up {
			return
		}
		p.poll()
		p.w.after(pollEvery, poll)
	}
	p.w.after(p.w.between(0, pollEvery), poll)
}

// kill ends the process. Its kernel says so to the other ends, or the machine is
// gone and nobody does.
func (p *replica) kill(gone bool) {
	if !p.up {
		return
	}
	p.w.trace("replica %d is killed, machine gone %t", p.id, gone)
	p.up = false
	for _, h := range p.ends {
		h.dead = true
		h.cable.hub = nil
		if gone {
			h.cable.hole = [2]bool{true, true}
		} else {
			h.cable.send(down, parcel{kind: reset})
		}
	}
	p.ends, p.clients = nil, nil
	if !p.w.quiet {
		p.w.after(p.w.between(time.Second, 30*time.Second), p.restart)
	}
}

func (p *replica) restart() {
	if !p.up && !p.w.restoring() {
		p.start()
	}
}

// update runs one transaction, and reports whether it was committed and the
// replica has outlived it.
func (p *replica) update(f func(*tx) error) bool {
	ok, err := p.try(f)
	if err != nil {
		p.w.fail("rules", "%v", err)
	}
	return ok
}

// try is update for what may fail; then nothing has happened.
func (p *replica) try(f func(*tx) error) (bool, error) {
	t := &tx{base: p.w.base}
	if err := f(t); err != nil {
		t.rollback()
		return false, err
	}
	switch p.death {
	case beforeCommit:
		t.rollback()
		p.kill(p.w.once(2))
		return false, nil
	case afterCommit:
		p.w.committed(t)
		p.kill(p.w.once(2))
		return false, nil
	}
	p.w.committed(t)
	return true, nil
}

// actor is who does something here and now.
func (p *replica) actor(kind store.ActorKind, id string) store.Actor {
	return store.Actor{Org: theOrg, Kind: kind, ID: id, At: p.w.now}
}

// change is [hub.Hub.Change] on this replica.
func (p *replica) change(f func(context.Context, *hub.Edit) error) bool {
	var moved []hub.Move
	var rehung []string
	ok := p.update(func(t *tx) (err error) {
		moved, rehung, err = p.w.rules.Change(context.Background(), t, p.actor(store.ByStaff, "staff"), f)
		return err
	})
	if !ok {
		return false
	}
	p.publish(moved)
	for _, id := range rehung {
		if h := p.clients[id]; h != nil {
			h.close(wire.CloseMoved)
		}
	}
	return true
}

// publish tells the screens here, and wakes the other replicas, which may not
// hear it.
func (p *replica) publish(moved []hub.Move) {
	for _, m := range moved {
		p.advance(m.Board, m.Head)
		for _, o := range p.w.replicas {
			if o == p || p.w.once(5) {
				continue
			}
			p.w.after(p.w.between(time.Millisecond, 300*time.Millisecond), func() {
				if !o.up {
					return
				}
				if at, ok := p.w.base.heads[m.Board]; ok {
					o.advance(m.Board, at.Position)
				}
			})
		}
	}
}

func (p *replica) advance(id record.BoardID, head record.Position) {
	was := p.told[id]
	if was.Epoch == head.Epoch && head.Rev <= was.Rev {
		return
	}
	p.told[id] = head
	for _, h := range slices.Clone(p.ends) {
		if h.serving && h.device.Board == id {
			h.step(func(s *session.Hub) []session.Action { return s.Moved(head) })
		}
	}
}

// poll looks whether a wake-up was lost: at the boards that somebody here looks
// at, and at whether they still may.
func (p *replica) poll() {
	if p.w.does(NoPoll) {
		return
	}
	for _, h := range slices.Clone(p.ends) {
		if !h.serving || h.dead {
			continue
		}
		if head, ok := p.w.base.heads[h.device.Board]; ok {
			p.advance(h.device.Board, head.Position)
		}
		if !p.w.does(RevokedServed) {
			h.recheck()
		}
	}
}

// flush stores what was noted.
func (p *replica) flush() {
	acks, releases, seen := p.acks, p.releases, p.seen
	p.acks, p.releases, p.seen, p.flushing = map[string]receipt{}, map[store.Inst]uint64{}, map[string]time.Time{}, false
	p.update(func(t *tx) error {
		ctx := context.Background()
		for id, a := range acks {
			_ = t.Acked(ctx, store.Ack{At: a.at, When: a.when}, id)
		}
		for id, at := range seen {
			_ = t.Seen(ctx, at, store.Terms{}, id)
		}
		for i, seq := range releases {
			_ = t.Release(ctx, i, seq)
		}
		return nil
	})
}

func (p *replica) later() {
	if p.flushing {
		return
	}
	p.flushing = true
	run := p.run
	p.w.after(flushAfter, func() {
		if p.up && p.run == run {
			p.flush()
		}
	})
}

// drain sends every screen away and ends.
func (p *replica) drain() {
	p.w.trace("replica %d drains", p.id)
	for _, h := range slices.Clone(p.ends) {
		h.step(func(s *session.Hub) []session.Action { return s.Drain(time.Second, 5*time.Second) })
	}
	run := p.run
	p.w.after(3*time.Second, func() {
		if p.up && p.run == run {
			p.flush()
			p.kill(false)
		}
	})
}

// A hubEnd is the hub's end of one connection: what sync/hub's conn is.
type hubEnd struct {
	w       *world
	replica *replica
	cable   *cable
	session *session.Hub
	device  store.Device
	serving bool
	dead    bool
	closing bool
	queue   []outgoing
	writing bool // the writer will come
	waits   bool // for the screen to take what was written
	since   time.Time
	pushing bool // between Push and Pushed
	pushed  *record.Position
	timer   time.Time
	early   []wire.Result // sent right after the welcome: a mistake
}

type outgoing struct {
	message wire.Message
	push    *session.Push
	ping    bool
	code    wire.CloseCode
}

// accept begins the hub's end of a connection.
func (p *replica) accept(c *cable) {
	nonce := wire.B64.EncodeToString(p.w.random(wire.NonceSize))
	h := &hubEnd{w: p.w, replica: p, cable: c, session: session.NewHub([]string{"hub"}, "s", nonce, p.w.r.Float64)}
	c.hub = h
	p.ends = append(p.ends, h)
	h.step(func(s *session.Hub) []session.Action { return s.Open(p.w.now) })
}

// end takes the connection out of everything.
func (h *hubEnd) end() {
	if h.dead {
		return
	}
	h.dead = true
	h.cable.hub = nil
	p := h.replica
	p.ends = slices.DeleteFunc(p.ends, func(x *hubEnd) bool { return x == h })
	if p.clients[h.device.ID] == h {
		delete(p.clients, h.device.ID)
	}
	if h.serving {
		p.seen[h.device.ID] = h.w.now
		p.later()
	}
}

// step lets the session decide something, and does it.
func (h *hubEnd) step(f func(*session.Hub) []session.Action) {
	if h.dead || h.closing {
		return
	}
	var rest []session.Action
	for _, a := range f(h.session) {
		if h.closing {
			break
		}
		switch a := a.(type) {
		case session.Send:
			h.write(outgoing{message: a.Message})
			if len(h.early) > 0 {
				h.write(outgoing{message: wire.Res{Results: h.early}})
				h.early = nil
			}
		case session.Push:
			if h.pushing {
				h.w.fail("bounded", "two frames of a board in flight to %s", h.device.ID)
			}
			h.pushing = true
			h.write(outgoing{push: &a})
		case session.Ping:
			h.write(outgoing{ping: true})
		case session.Lend:
			h.write(outgoing{message: wire.LeaseRenewal{Lease: h.w.lease(h.device), Asset: assets()}})
		case session.Close:
			if a.Code == wire.CloseRevoked || a.Code == wire.CloseMoved {
				h.queue = nil
			}
			h.write(outgoing{code: a.Code})
			h.closing = true
		default:
			rest = append(rest, a)
		}
	}
	h.arm()
	for _, a := range rest {
		h.do(a)
	}
}

func (h *hubEnd) close(code wire.CloseCode) {
	h.step(func(*session.Hub) []session.Action { return []session.Action{session.Close{Code: code}} })
}

// arm plans the next tick. A planned one is left alone unless it is too late.
func (h *hubEnd) arm() {
	at := h.session.Next()
	if h.dead || h.closing || at.IsZero() || !h.timer.IsZero() && !h.timer.After(at) {
		return
	}
	h.timer = at
	h.w.at(at, func() {
		if h.dead || !h.timer.Equal(at) {
			return
		}
		h.timer = time.Time{}
		if h.w.does(NoLiveness) {
			h.session.Heard(h.w.now)
		}
		h.step(func(s *session.Hub) []session.Action { return s.Tick(h.w.now) })
	})
}

// write queues something for the writer, which comes a little later.
func (h *hubEnd) write(o outgoing) {
	if h.queue = append(h.queue, o); len(h.queue) > maxQueue {
		h.w.fail("bounded", "%d messages wait for %s", len(h.queue), h.device.ID)
	}
	if h.writing || h.waits {
		return
	}
	h.writing = true
	h.w.after(h.w.between(0, 3*time.Millisecond), func() {
		h.writing = false
		h.drainQueue()
	})
}

// drainQueue writes what is queued until the screen has to take something first.
func (h *hubEnd) drainQueue() {
	for len(h.queue) > 0 && !h.dead && !h.waits {
		o := h.queue[0]
		h.queue = h.queue[1:]
		switch {
		case o.message != nil:
			h.cable.send(down, parcel{bytes: h.w.encode(down, o.message)})
			if res, ok := o.message.(wire.Res); ok && h.w.does(ResForget) {
				h.forget(res)
			}
		case o.push != nil:
			h.push(*o.push)
		case o.ping:
			h.cable.send(down, parcel{kind: ping})
		default:
			h.cable.send(down, parcel{kind: closing, code: o.code})
			h.w.trace("hub closes %s: %s", h.device.ID, o.code)
			h.end()
			return
		}
		h.block()
	}
}

// block makes the writer wait for a slow screen, for so long.
func (h *hubEnd) block() {
	if !h.cable.link.slow {
		h.finishPush()
		return
	}
	h.waits, h.since = true, h.w.now
	since := h.since
	h.w.after(wire.WriteTimeout, func() {
		if h.waits && h.since.Equal(since) && !h.dead {
			h.w.trace("%s takes nothing", h.device.ID)
			h.cable.send(down, parcel{kind: reset})
			h.end()
		}
	})
}

// taken says that the screen took something.
func (h *hubEnd) taken() {
	if h.waits && h.cable.inFlight() == 0 && !h.dead {
		h.waits = false
		h.finishPush()
		h.drainQueue()
	}
}

func (h *hubEnd) finishPush() {
	if h.pushed == nil {
		return
	}
	at := *h.pushed
	h.pushed, h.pushing = nil, false
	h.step(func(s *session.Hub) []session.Action { return s.Pushed(at) })
}

// push writes the board from where the screen is to where it stands now.
func (h *hubEnd) push(p session.Push) {
	from := p.From
	if at, ok := h.w.staff.revoked[h.device.ID]; ok && h.w.now.Sub(at) > pollEvery+time.Second {
		h.w.fail("shut out", "%s was revoked %s ago and is sent its board", h.device.ID, h.w.now.Sub(at))
	}
	if h.w.does(CursorFromNotify) && !from.IsZero() {
		if told := h.replica.told[h.device.Board]; told.Epoch == from.Epoch && told.Rev > from.Rev {
			from.Rev = told.Rev - 1
		}
	}
	if h.w.does(TwoInFlight) {
		head := h.w.base.heads[h.device.Board].Position
		h.step(func(s *session.Hub) []session.Action { return append(s.Pushed(from), s.Moved(head)...) })
	}
	at, frames := h.w.frames(h.device.Board, from, p.Gzip)
	for _, f := range frames {
		h.cable.send(down, f)
	}
	h.pushed = &at
}

func (h *hubEnd) forget(res wire.Res) {
	i := store.Inst{Device: h.device.ID, Inst: h.w.instOf(h.device.ID)}
	h.w.base.results[i] = slices.DeleteFunc(slices.Clone(h.w.base.results[i]), func(r wire.Result) bool {
		return slices.ContainsFunc(res.Results, func(x wire.Result) bool { return x.Seq == r.Seq })
	})
}

// arrived takes what came from the screen.
func (h *hubEnd) arrived(p parcel) {
	switch p.kind {
	case pong:
		h.session.Heard(h.w.now)
	case reset, closing:
		h.end()
	case message:
		m := h.w.decode(up, p)
		h.w.trace("hub %d ← %s %s", h.replica.id, h.device.ID, m.Type())
		h.step(func(s *session.Hub) []session.Action { return s.Received(h.w.now, m) })
	case ping:
	}
}

// do carries out what the session wants of the store.
func (h *hubEnd) do(a session.Action) {
	p := h.replica
	switch a := a.(type) {
	case session.Identify:
		h.identify(a.Hello)
	case session.Mutate:
		h.mutate(a)
	case session.Confirmed:
		h.w.confirmed(h.device, a.At)
		p.acks[h.device.ID] = receipt{a.At, h.w.now}
		p.later()
	case session.Release:
		i := store.Inst{Device: h.device.ID, Inst: a.Inst}
		p.releases[i] = max(p.releases[i], a.Seq)
		p.later()
	case session.Alarm:
		h.w.out.Resyncs++
		h.w.fail("no resync", "%s asks for the whole board: %s", h.device.ID, a.Why)
	}
}

func (h *hubEnd) identify(hello wire.Hello) {
	w, p := h.w, h.replica
	d, known := w.base.devices[hello.Device]
	id := session.Identity{Known: known, Revoked: d.Revoked, Key: d.Key, Board: d.Board}
	id.Grant = func() session.Grant { return session.Grant{Lease: w.lease(d), Assets: assets()} }
	if known && !d.Revoked {
		i := store.Inst{Device: d.ID, Inst: hello.Inst}
		id.Head, id.LastSeq, id.Results = w.base.heads[d.Board].Position, w.base.last[i], slices.Clone(w.base.results[i])
		p.advance(d.Board, id.Head)
	}
	h.device = d
	if w.does(ResultsFirst) {
		h.early = id.Results
	}
	h.step(func(s *session.Hub) []session.Action { return s.Identified(w.now, id) })
	if !h.session.Serving() || h.dead || h.closing {
		return
	}
	h.serving = true
	w.trace("hub %d serves %s at %s", p.id, d.ID, id.Head)
	if old := p.clients[d.ID]; old != nil && old != h {
		old.close(wire.CloseReplaced)
	}
	p.clients[d.ID] = h
	if hello.Boot != d.Boot {
		h.device.Boot, h.device.Before = hello.Boot, d.Seen
		if !p.update(func(t *tx) error { return t.Booted(context.Background(), d.ID, hello.Boot, d.Seen) }) {
			return
		}
	}
	p.seen[d.ID] = w.now
	p.later()
	if told := p.told[d.Board]; !told.IsZero() {
		h.step(func(s *session.Hub) []session.Action { return s.Moved(told) })
	}
}

// recheck sends away a screen that was revoked or moved elsewhere.
func (h *hubEnd) recheck() {
	switch d := h.w.base.devices[h.device.ID]; {
	case d.Revoked:
		h.close(wire.CloseRevoked)
	case d.Board != h.device.Board:
		h.close(wire.CloseMoved)
	}
}

// mutate is what [hub.Hub] does with mutations.
func (h *hubEnd) mutate(a session.Mutate) {
	w, p := h.w, h.replica
	var results []wire.Result
	for _, m := range a.Muts {
		i := store.Inst{Device: h.device.ID, Inst: a.Inst}
		if m.Seq > w.base.last[i]+1 {
			h.step(func(s *session.Hub) []session.Action { return s.Answered(results) })
			h.step(func(s *session.Hub) []session.Action { return s.Gap() })
			return
		}
		var r wire.Result
		var moved []hub.Move
		if w.does(ResBeforeCommit) && p.death == beforeCommit {
			t := &tx{base: w.base}
			r, _, _, _ = w.rules.Mutate(context.Background(), t, p.actor(store.ByScreen, h.device.ID), h.device, a.Inst, m)
			t.rollback()
			h.cable.send(down, parcel{bytes: w.encode(down, wire.Res{Results: []wire.Result{r}})})
		}
		ok, err := p.try(func(t *tx) (err error) {
			if w.does(NoIdempotency) {
				t.last[i] = m.Seq - 1
				t.results[i] = slices.DeleteFunc(slices.Clone(t.results[i]), func(r wire.Result) bool { return r.Seq >= m.Seq })
			}
			if w.does(UnlimitedPlaces) {
				defer w.unlimited(t)()
			}
			var fresh bool
			r, fresh, moved, err = w.rules.Mutate(context.Background(), t, p.actor(store.ByScreen, h.device.ID), h.device, a.Inst, m)
			if err == nil && fresh {
				w.check.effect(w, t, h.device, m, r)
				set(t, t.applied, nameOfTouch(m), t.applied[nameOfTouch(m)]+1)
				set(t, t.outcome, nameOfTouch(m), r)
			}
			return err
		})
		if err != nil { // it was revoked or moved elsewhere, perhaps its board is gone
			if now := w.base.devices[h.device.ID]; !now.Revoked && now.Board == h.device.Board {
				w.fail("rules", "%v", err)
			}
			h.recheck()
			return
		}
		if !ok {
			return
		}
		w.trace("hub %d applies %s of %s: %s %s", p.id, nameOfTouch(m), h.device.ID, r.Outcome, r.Code)
		p.publish(moved)
		results = append(results, r)
	}
	h.step(func(s *session.Hub) []session.Action { return s.Answered(results) })
}

// unlimited lifts every limit until what it returns is called.
func (w *world) unlimited(t *tx) func() {
	was := map[house.ID]kept{}
	for id, e := range t.records[house.KindActivity] {
		was[id] = e
		a := copied(e.record).(*house.Activity)
		a.Capacity = 0
		e.record = a
		t.records[house.KindActivity][id] = e
	}
	return func() {
		maps.Copy(t.records[house.KindActivity], was)
	}
}

// lease is what the hub grants a screen at this moment: the shortest there may be.
func (w *world) lease(d store.Device) wire.Lease {
	l := wire.Lease{IssuedMS: w.now.UnixMilli(), MaskS: int64(wire.MinMask / time.Second), WipeS: int64(9 * time.Hour / time.Second)}
	return l.Signed(wire.SignerOf(hubKey), d.ID, d.Board)
}

// hubKey is what all replicas sign with.
var hubKey = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

func assets() *wire.Assets { return &wire.Assets{Base: "/sync/asset/", Token: "t", ExpS: 3600} }

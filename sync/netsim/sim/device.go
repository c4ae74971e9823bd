package sim

import (
	"crypto/ed25519"
	"fmt"
	"maps"
	"slices"
	"time"

	"tavle/player/board"
	"tavle/player/lease"
	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// outboxLimit is how many touches may wait on a screen: few, so that it is met.
const outboxLimit = 6

// untrusted is how long people may be shown after a start without the hub.
const untrusted = 4 * time.Hour

// leaseSlack is how late people may be gone: a second by the clock of the screen,
// which is behind the hub's by what a welcome may be under way.
const leaseSlack = wire.HandshakeTimeout + time.Second

// A disk is what survives. It is never written through, so that a power cut
// leaves what was there before an operation or after it.
type disk struct {
	inst   string
	board  record.BoardID // whose copy it is
	at     record.Position
	hashes map[record.Key]uint64
	bodies map[record.Key][]byte
	facts  *record.Facts
	photos map[record.AssetID]bool
	outbox []session.Entry // in order
	next   uint64
	store  string
	lease  wire.Lease
	floor  time.Time // the latest time the hub was heard to say
	wiped  bool
	taken  time.Time // when the board was stored last
}

// A device is a screen: the machine, what drives its session, and its glass.
type device struct {
	w     *world
	id    string
	key   ed25519.PrivateKey
	link  *link
	disk  disk
	insts int

	on      bool
	boot    int
	skew    time.Duration // of its clock, which is not the hub's
	rtc     time.Duration // by which that is wrong from the next start on, besides
	fuse    int           // disk operations until the power goes; 0: it stays
	session *session.Device
	cable   *cable
	goal    wire.BoardAt
	timer   time.Time
	dials   int
	clock   lease.Clock
	leased  int // lease renewals since the start
	judged  int // how often the lease was judged: only the last says when to look again

	welcoming bool // what it does now is because of a welcome

	glass struct {
		facts  *record.Facts
		masked bool
	}
}

// now is what the device's clock reads. It never jumps while it runs.
func (d *device) now() time.Time { return d.w.now.Add(d.skew) }

// start switches the screen on.
func (d *device) start() {
	if d.on || d.disk.wiped {
		return
	}
	d.on, d.boot, d.fuse = true, d.boot+1, 0
	d.skew = d.rtc + d.w.between(-time.Hour, time.Hour)
	d.cable, d.timer, d.leased = nil, time.Time{}, 0
	d.clock = lease.NewClock(d.now(), false, d.disk.floor)
	d.glass.facts, d.glass.masked = nil, true
	for i := range d.disk.outbox {
		d.disk.outbox[i].Touched = time.Time{}
	}
	d.w.trace("%s starts", d.id)
	d.session = session.NewDevice(session.DeviceConfig{
		Device: d.id, Host: "hub", Chance: d.w.r.Float64, Boot: fmt.Sprint(d.id, "-", d.boot), Build: "sim", Hub: hubKey.Public().(ed25519.PublicKey),
		Sign: func(b []byte) []byte { return ed25519.Sign(d.key, b) },
	}, d.stored())
	d.lightUp()
	d.run(d.session.Start(d.now()))
	boot := d.boot
	d.w.after(untrusted+time.Second, func() {
		if d.on && d.boot == boot && !d.clock.Trusted() {
			d.w.check.masked(d)
		}
	})
	d.arm()
}

// powerLoss switches it off. Nobody at the other end is told.
func (d *device) powerLoss() {
	if !d.on {
		return
	}
	d.w.trace("%s loses power", d.id)
	d.on = false
	if d.cable != nil {
		d.cable.device = nil
		d.cable = nil
	}
	d.glass.facts = nil
	if !d.w.quiet {
		d.w.after(d.w.between(2*time.Second, 2*time.Minute), d.start)
	}
}

func (d *device) stored() session.Stored {
	return session.Stored{
		Inst: d.disk.inst, Board: d.disk.board, At: d.disk.at, Hashes: d.disk.hashes, Outbox: slices.Clone(d.disk.outbox), Next: d.disk.next, Store: d.disk.store,
	}
}

// write does one operation of the disk, whole or not at all, and reports whether
// the screen still has power.
func (d *device) write(f func()) bool {
	if d.fuse > 0 {
		if d.fuse--; d.fuse == 0 {
			if d.w.once(2) {
				f()
			}
			d.powerLoss()
			return false
		}
	}
	f()
	return true
}

// step lets the session decide something, and does it.
func (d *device) step(f func(*session.Device) []session.Action) {
	if d.on {
		d.run(f(d.session))
		d.arm()
	}
}

func (d *device) arm() {
	if !d.on {
		return
	}
	at := d.session.Next()
	if at.IsZero() {
		return
	}
	at = at.Add(-d.skew)
	if !d.timer.IsZero() && !d.timer.After(at) && d.timer.After(d.w.now) {
		return
	}
	d.timer = at
	boot := d.boot
	d.w.at(at, func() {
		if !d.on || d.boot != boot || !d.timer.Equal(at) {
			return
		}
		d.timer = time.Time{}
		if d.w.does(NoLiveness) && d.cable != nil {
			d.session.Heard(d.now())
		}
		d.step(func(s *session.Device) []session.Action { return s.Tick(d.now()) })
	})
}

// run does what the session wants, in order, as sync/client does.
func (d *device) run(acts []session.Action) {
	boot := d.boot
	for _, a := range acts {
		if !d.on || d.boot != boot {
			return
		}
		d.do(a)
	}
}

func (d *device) do(a session.Action) {
	switch a := a.(type) {
	case session.Dial:
		d.dial()
	case session.Send:
		if _, ok := a.Message.(wire.Ack); ok && d.welcoming && d.w.does(AckForgotten) {
			return
		}
		d.send(a.Message)
	case session.Close:
		d.w.trace("%s closes: %s", d.id, a.Why)
		d.hangUp(true)
		d.lost(a.Code)
	case session.Apply:
		d.apply(a)
	case session.Enter:
		d.enter(a)
	case session.Settle:
		d.settle(a.Results)
	case session.Reopen:
		d.write(func() {
			d.disk.outbox = slices.Clone(d.disk.outbox)
			for i := range d.disk.outbox {
				if e := &d.disk.outbox[i]; e.Seq > a.Above {
					e.Result = nil
				}
			}
		})
	case session.Reinstall:
		d.reinstall()
	case session.Renew:
		d.renew(a)
	case session.Clock:
		d.hears(a.HubTime)
	case session.Wipe:
		d.wipe()
	case session.Pictures, session.Trust, session.Obey:
	}
}

func (d *device) send(m wire.Message) {
	if d.cable == nil {
		return
	}
	d.w.trace("%s → %s", d.id, m.Type())
	d.cable.send(up, parcel{bytes: d.w.encode(up, m)})
	if mut, ok := m.(wire.Mut); ok && d.w.does(DropOnSend) {
		d.disk.outbox = slices.DeleteFunc(slices.Clone(d.disk.outbox), func(e session.Entry) bool { return e.Seq <= mut.Muts[len(mut.Muts)-1].Seq })
	}
}

// dial looks for a replica. Which one it is, the screen has no say in.
func (d *device) dial() {
	d.dials++
	n, boot, w := d.dials, d.boot, d.w
	if d.link.cut {
		w.after(wire.HandshakeTimeout, func() { d.failed(n, boot) })
		return
	}
	at := w.now.Add(w.between(5*time.Millisecond, 80*time.Millisecond))
	for dir := range d.link.stall {
		if s := d.link.stall[dir]; s.After(at) {
			at = s
		}
	}
	if at.Sub(w.now) >= wire.HandshakeTimeout {
		w.after(wire.HandshakeTimeout, func() { d.failed(n, boot) })
		return
	}
	w.at(at, func() {
		var there []*replica
		for _, p := range w.replicas {
			if p.up {
				there = append(there, p)
			}
		}
		if !d.on || d.boot != boot || d.dials != n {
			return
		}
		if len(there) == 0 || d.link.cut {
			d.failed(n, boot)
			return
		}
		c := &cable{w: w, device: d, boot: boot, link: d.link}
		d.cable = c
		d.session.Connected(d.now())
		d.arm()
		pick(w, there).accept(c)
	})
}

func (d *device) failed(n, boot int) {
	if d.on && d.boot == boot && d.dials == n && d.cable == nil {
		d.step(func(s *session.Device) []session.Action { return s.Lost(d.now(), 0) })
	}
}

// hangUp ends the connection at this end.
func (d *device) hangUp(say bool) {
	if c := d.cable; c != nil {
		c.device, d.cable = nil, nil
		if say && c.hub != nil {
			c.send(up, parcel{kind: closing})
		}
	}
}

func (d *device) lost(code wire.CloseCode) {
	d.hangUp(false)
	if d.w.does(DropOnSend) {
		d.session.Restore(d.stored())
	}
	d.step(func(s *session.Device) []session.Action { return s.Lost(d.now(), code) })
}

// arrived takes what came from the hub.
func (d *device) arrived(c *cable, p parcel) {
	switch p.kind {
	case ping:
		d.session.Heard(d.now())
		c.send(up, parcel{kind: pong})
	case reset, closing:
		d.lost(p.code)
	case message:
		m := d.w.decode(down, p)
		wel, ok := m.(*wire.Welcome)
		if d.welcoming = ok; ok {
			d.goal = wel.Board
		}
		d.w.trace("%s ← %s", d.id, m.Type())
		if d.w.does(AckBeforeCommit) {
			d.confirmEarly(m)
		}
		if res, ok := m.(*wire.Res); ok && d.w.does(ResultsFirst) {
			d.settle(res.Results)
		}
		d.step(func(s *session.Device) []session.Action { return s.Received(d.now(), m) })
		if d.welcoming {
			d.w.check.moved(d)
		}
	case pong:
	}
}

// confirmEarly is a mistake.
func (d *device) confirmEarly(m wire.Message) {
	if delta, ok := m.(*wire.Delta); ok {
		d.send(wire.Ack{Epoch: delta.Epoch, Rev: delta.Rev})
	}
}

// apply stores rows and position in one operation.
func (d *device) apply(a session.Apply) {
	if d.w.does(AckBeforeCommit) && d.w.once(8) {
		d.powerLoss()
		return
	}
	next := d.disk
	next.bodies, next.hashes, next.photos = map[record.Key][]byte{}, map[record.Key]uint64{}, maps.Clone(d.disk.photos)
	facts := (*record.Facts)(nil)
	if !a.Replace || d.w.does(SnapMerge) {
		maps.Copy(next.bodies, d.disk.bodies)
		maps.Copy(next.hashes, d.disk.hashes)
		facts = d.disk.facts
	}
	var changes []record.Change
	for _, op := range a.Ops {
		c, err := wire.DecodeChange(op)
		if err != nil {
			d.w.fail("codec", "row does not decode: %v", err)
		}
		changes = append(changes, c)
		if op.Delete {
			delete(next.bodies, op.Key)
			delete(next.hashes, op.Key)
		} else {
			next.bodies[op.Key], next.hashes[op.Key] = op.Body, op.Hash()
		}
	}
	next.taken = d.w.now
	next.at, next.facts, next.store = a.At, facts.With(a.At, changes), "ok"
	if !d.w.does(PhotoKept) {
		shown := next.facts.Assets()
		maps.DeleteFunc(next.photos, func(id record.AssetID, _ bool) bool { return !shown[id] })
	}
	was := d.disk.at
	alive := d.write(func() { d.disk = next })
	if d.disk.at == next.at {
		d.w.check.applied(d, was)
	}
	if !alive {
		return
	}
	d.w.trace("%s stores %s, %d ops, whole %t", d.id, a.At, len(a.Ops), a.Replace)
	d.lightUp()
	d.fetch()
}

// enter takes up another board, with nothing left of the one before.
func (d *device) enter(a session.Enter) {
	next := d.disk
	next.board = a.Board
	if a.Wipe && !d.w.does(BoardKept) {
		d.w.trace("%s destroys the board of where it was", d.id)
		next.at, next.hashes, next.bodies, next.facts, next.photos = record.Position{}, nil, nil, nil, map[record.AssetID]bool{}
	}
	if d.write(func() { d.disk = next }) && next.facts == nil {
		d.glass.facts = nil
	}
}

// lightUp paints a frame in a moment; then the session hears of it.
func (d *device) lightUp() {
	boot := d.boot
	d.w.after(d.w.between(10*time.Millisecond, 90*time.Millisecond), func() {
		if !d.on || d.boot != boot || d.disk.facts == nil || d.glass.facts == d.disk.facts {
			return
		}
		d.glass.facts = d.disk.facts
		d.judgeLease()
		d.w.check.shown(d)
		at := d.disk.at
		d.step(func(s *session.Device) []session.Action { return s.Shown(d.now(), at) })
	})
}

// fetch gets the pictures that are missing, as long as the board shows them.
func (d *device) fetch() {
	boot := d.boot
	d.w.after(d.w.between(50*time.Millisecond, 800*time.Millisecond), func() {
		if !d.on || d.boot != boot || d.cable == nil || d.disk.facts == nil {
			return
		}
		v := &tx{base: d.w.base}
		for _, id := range slices.Sorted(maps.Keys(d.disk.facts.Assets())) {
			if ok, _ := v.Shows(nil, v.devices[d.id].Board, id); ok && !d.disk.photos[id] { //nolint:staticcheck // nothing there waits
				photos := maps.Clone(d.disk.photos)
				photos[id] = true
				if !d.write(func() { d.disk.photos = photos }) {
					return
				}
			}
		}
	})
}

// settle stores results.
func (d *device) settle(results []wire.Result) {
	if d.w.does(RackBeforeStore) && d.w.once(3) {
		d.send(wire.Rack{Seq: results[len(results)-1].Seq})
		d.powerLoss()
		return
	}
	next := slices.Clone(d.disk.outbox)
	for _, r := range results {
		for i := range next {
			if next[i].Seq == r.Seq {
				d.w.check.answered(d, nameOfTouch(next[i].Mutation), r)
				next[i].Result = &r
			}
		}
	}
	if d.w.does(NoJournal) {
		next = slices.DeleteFunc(next, func(e session.Entry) bool { return e.Result != nil })
	}
	alive := d.write(func() { d.disk.outbox = next })
	if alive && d.w.does(NoJournal) {
		d.session.Forgot(results[len(results)-1].Seq + 1)
	}
}

// reinstall begins a new installation.
func (d *device) reinstall() {
	next := slices.DeleteFunc(slices.Clone(d.disk.outbox), func(e session.Entry) bool { return e.Result != nil })
	for i := range next {
		next[i].Seq = uint64(i) + 1
	}
	d.insts++
	d.w.trace("%s numbers its touches anew", d.id)
	if d.write(func() {
		d.disk.inst, d.disk.outbox, d.disk.next = fmt.Sprint(d.id, "-i", d.insts), next, uint64(len(next))+1
	}) {
		s := d.stored()
		d.session.Reinstalled(s.Inst, s.Outbox, s.Next)
	}
}

// wipe destroys everything.
func (d *device) wipe() {
	d.w.trace("%s wipes itself", d.id)
	d.disk = disk{wiped: true}
	d.glass.facts = nil
	for _, t := range d.w.touches {
		if t.device == d {
			t.void = true
		}
	}
	d.hangUp(true)
	d.on = false
}

// touch is a finger on somebody and something. It is noted once it is on disk.
func (d *device) touch(m wire.Mutation) {
	waiting := 0
	for _, e := range d.disk.outbox {
		if e.Result == nil {
			waiting++
		}
	}
	next := slices.Clone(d.disk.outbox)
	if waiting >= outboxLimit {
		if !d.w.does(DropOldest) {
			return // the wall says so
		}
		i := slices.IndexFunc(next, func(e session.Entry) bool { return e.Result == nil })
		next[i].Result = &wire.Result{Seq: next[i].Seq, Outcome: wire.Rejected}
		d.disk.outbox = next
		d.session.Restore(d.stored())
	}
	m.Seq, m.Picto, m.Saw = d.disk.next, fmt.Sprint("t", d.w.out.Touches), d.disk.at.Rev
	if m.Op == wire.OpPropose {
		m.Text, m.Lang = m.Picto, record.Danish
	}
	next = append(next, session.Entry{Mutation: m, Touched: d.now()})
	if !d.write(func() { d.disk.outbox, d.disk.next = next, d.disk.next+1 }) {
		if d.disk.next > m.Seq {
			d.noted(m) // nobody was told, and it counts all the same
		}
		return
	}
	d.noted(m)
	d.w.trace("%s notes %s: %s", d.id, nameOfTouch(m), m.Op)
	d.step(func(s *session.Device) []session.Action { return s.Touched(d.now(), d.stored().Outbox) })
}

// nameOfTouch returns by what a touch is known everywhere.
func nameOfTouch(m wire.Mutation) string { return m.Picto }

func (d *device) noted(m wire.Mutation) {
	d.w.out.Touches++
	t := &touch{text: nameOfTouch(m), device: d}
	if m.Op == wire.OpTighten {
		// Of a board that is gone at the hub already nobody knows here who it was, nor
		// what staff give them again.
		if src := d.w.base.rows[d.disk.board][m.On.Key()].src; src != "" {
			t.who, t.person, t.takes, t.at = m.Who, src, record.Choice(m.Text), d.w.now
		}
	}
	d.w.touches = append(d.w.touches, t)
}

// renew stores the lease.
func (d *device) renew(a session.Renew) {
	if !d.write(func() { d.disk.lease, d.disk.floor = a.Lease, a.HubTime }) {
		return
	}
	d.hears(a.HubTime)
	d.leased++
	d.judgeLease()
	boot, n, issued := d.boot, d.leased, a.Lease.Issued()
	d.w.at(issued.Add(a.Lease.Mask()+leaseSlack), func() {
		if d.on && d.boot == boot && d.leased == n {
			d.w.check.masked(d)
		}
	})
	d.w.at(issued.Add(a.Lease.Wipe()+leaseSlack), func() {
		if d.on && d.boot == boot && d.leased == n {
			d.w.check.expired(d)
		}
	})
}

// hears takes what the hub's clock reads, as player/run.go does.
func (d *device) hears(hub time.Time) {
	first, before := !d.clock.Trusted(), d.clock.At(d.now())
	d.clock.Heard(hub, d.now())
	if off := d.clock.At(d.now()).Sub(before).Abs(); first || off >= time.Second {
		d.judgeLease()
	}
}

// judgeLease masks and wipes as the lease says, and plans when to look again.
func (d *device) judgeLease() {
	l := d.disk.lease
	switch has := l.IssuedMS != 0; {
	case has && d.w.does(LeaseIgnored):
		d.glass.masked = false
		return
	case has && d.w.does(MaskLate):
		l.MaskS += 10 * 60
	}
	d.clock.Leased = d.leased > 0
	state, changes := d.clock.Judge(l, l.IssuedMS != 0, d.now())
	d.glass.masked = state != lease.Fresh
	d.judged++
	if state == lease.Ended {
		d.expire()
		return
	}
	if changes.IsZero() {
		return
	}
	boot, n := d.boot, d.judged
	d.w.after(changes.Sub(d.now()), func() {
		if d.on && d.boot == boot && d.judged == n {
			d.judgeLease()
		}
	})
}

// expire destroys the keys of the board. Touches stay.
func (d *device) expire() {
	d.glass.masked, d.glass.facts = true, nil
	if d.disk.at.IsZero() {
		return
	}
	d.w.trace("%s destroys its keys", d.id)
	d.disk.at, d.disk.hashes, d.disk.bodies, d.disk.facts, d.disk.photos = record.Position{}, nil, nil, nil, map[record.AssetID]bool{}
	d.disk.lease = wire.Lease{}
	d.session.Restore(d.stored())
	if d.cable != nil {
		d.hangUp(true)
		d.lost(0)
	}
}

// board is what the glass says, by the rules of the wall: with what was touched
// here, or but with what was taken back.
func (d *device) board(done bool) *board.Board {
	in := board.Input{Facts: d.glass.facts, Now: d.clock.At(d.now()), Fresh: !d.glass.masked, Contact: d.clock.Hub(), Done: d.done()}
	if !done {
		in.Done = slices.DeleteFunc(in.Done, func(x board.Done) bool { return x.Takes == "" })
	}
	return board.Project(in)
}

// done is what was touched here, as player/run.go tells the board.
func (d *device) done() []board.Done {
	out := make([]board.Done, len(d.disk.outbox))
	for i, e := range d.disk.outbox {
		x := board.Done{On: board.Ref{Kind: e.On.Kind, ID: e.On.ID}, Who: e.Who, Leave: e.Op == wire.OpCancel}
		switch e.Op {
		case wire.OpTighten:
			if !d.w.does(WishWaits) || e.Result != nil {
				x.Takes = record.Choice(e.Text)
			}
		case wire.OpPropose:
			x.Says = board.Said{Text: e.Text, Lang: e.Lang, Picto: e.Picto}
		}
		if r := e.Result; r != nil {
			x.Answered, x.Refused, x.Waitlist = true, r.Outcome == wire.Rejected, r.Outcome == wire.Waitlisted
			x.Rev, x.Epoch = r.Rev, r.Epoch
			if d.w.does(EpochBlind) {
				x.Epoch = ""
			}
		}
		out[i] = x
	}
	return out
}

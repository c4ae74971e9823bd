package sim

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

const theOrg house.ID = canary + "-org"

// The house: two departments, people in both, and things to do that are shared
// or not.
var departments = [...]house.ID{canary + "-dep-1", canary + "-dep-2"}

const (
	residents  = 4 // of each department
	screens    = 3
	hubs       = 2
	activities = 3
)

// staff is what the people in the office know: who ever lived here.
type staff struct {
	everybody []house.ID
	made      int // residents and activities, for their IDs

	revoked      map[string]time.Time // screens; a restore must not let them in again
	restoreUntil time.Time
	given        map[given]time.Time
}

// given is a choice that staff gave somebody again.
type given struct {
	person house.ID
	what   record.Choice
}

// given reports whether staff gave again, since, what t took back.
func (w *world) given(t *touch) bool {
	at, ok := w.staff.given[given{t.person, t.takes}]
	return ok && !at.Before(t.at)
}

// A name is what somebody is called, where it may be said.
type name struct {
	first, alias string
	photo        record.AssetID
}

// nameOf returns what somebody is called. No two names hold each other.
func nameOf(id house.ID) name {
	n := id[len(canary+"-res-"):]
	return name{"Given" + string(n) + "x", "Other" + string(n) + "x", assetOf(picture(id))}
}

func picture(id house.ID) house.Picture { return house.Picture(id) + ".jpg" }

func resident(id, dept house.ID) *house.Resident {
	n := nameOf(id)
	return &house.Resident{
		ID: id, Department: dept, FirstName: record.NameOf(n.first), Alias: record.NameOf(n.alias),
		LastName: record.NameOf(canary), Flat: record.NameOf(canary), Photo: picture(id),
		Acceptance: house.Acceptance{State: house.Accepted}, Choices: house.Choices{NameMode: "first_name", Photo: true},
	}
}

func (w *world) newResident(ctx context.Context, e *hub.Edit, dept house.ID) error {
	w.staff.made++
	id := house.ID(fmt.Sprintf("%s-res-%d", canary, w.staff.made))
	w.staff.everybody = append(w.staff.everybody, id)
	return e.Put(ctx, resident(id, dept))
}

func (w *world) newActivity(ctx context.Context, e *hub.Edit, dept house.ID) error {
	w.staff.made++
	a := &house.Activity{
		ID: house.ID(fmt.Sprintf("%s-act-%d", canary, w.staff.made)), Department: dept, Title: record.Text{"da": "Tur"},
		Starts: "2026-06-26T10:00", Ends: "2026-06-26T11:00", Capacity: w.r.IntN(4),
	}
	if w.once(2) {
		a.SharedWith = []house.ID{departments[0], departments[1]}
		a.SharedWith = slices.DeleteFunc(a.SharedWith, func(d house.ID) bool { return d == dept })
	}
	return e.Put(ctx, a)
}

// build makes the house, its hub and its screens.
func (w *world) build() {
	w.check = check{
		history: map[feedRev]state{}, heads: map[record.BoardID]record.Position{}, places: map[house.List][]store.Place{},
		feeds: map[record.Epoch]record.BoardID{}, told: map[string][]wire.Result{},
	}
	w.staff.revoked, w.staff.given = map[string]time.Time{}, map[given]time.Time{}
	for i := range hubs {
		w.replicas = append(w.replicas, &replica{w: w, id: i})
	}
	for i := range screens {
		seed := make([]byte, ed25519.SeedSize)
		seed[0] = byte(i + 1)
		id := fmt.Sprint("screen-", i)
		w.devices = append(w.devices, &device{
			w: w, id: id, key: ed25519.NewKeyFromSeed(seed), link: &link{},
			disk: disk{inst: id + "-i0", next: 1, store: "empty", photos: map[record.AssetID]bool{}},
		})
	}
	w.replicas[0].start()
	w.replicas[0].change(w.furnish)
	for i, d := range w.devices {
		w.replicas[0].update(func(t *tx) error {
			s := hub.Screen{ID: d.id, Record: screenID(i), Key: d.key.Public().(ed25519.PublicKey)}
			_, err := w.rules.AddScreen(context.Background(), t, w.replicas[0].actor(store.ByStaff, "staff"), s)
			return err
		})
	}
	for _, p := range w.replicas[1:] {
		p.start()
	}
	for _, d := range w.devices {
		d.start()
	}
	w.saved = w.base.backup()
}

func screenID(i int) house.ID { return house.ID(fmt.Sprint(canary, "-scr-", i)) }

func (w *world) furnish(ctx context.Context, e *hub.Edit) error {
	records := []house.Record{
		&house.Meta{Schema: "tavle-house/1", Zones: map[record.Lang]string{"da": "UTC"}, Languages: []record.Lang{"da"}},
		&house.System{ID: theOrg, Name: record.Text{"da": "Kommune"}, Controller: house.Party{Name: record.Text{"da": "Kommune"}}},
	}
	for _, d := range departments {
		records = append(records, &house.Department{ID: d, Name: record.Text{"da": "Afdeling"}})
	}
	for i := range screens {
		records = append(records, &house.Screen{ID: screenID(i), Department: departments[i%len(departments)]})
	}
	for _, r := range records {
		if err := e.Put(ctx, r); err != nil {
			return err
		}
	}
	for _, d := range departments {
		for range residents {
			if err := w.newResident(ctx, e, d); err != nil {
				return err
			}
		}
		for range activities {
			if err := w.newActivity(ctx, e, d); err != nil {
				return err
			}
		}
		together := []house.Record{
			&house.Group{ID: canary + "-group-" + d, Department: d, Title: record.Text{"da": "Kor"}},
			&house.Meeting{
				ID: canary + "-meeting-" + d, Department: d, Title: record.Text{"da": "Møde"},
				Starts: "2026-06-26T12:00", Ends: "2026-06-26T13:00",
			},
		}
		for _, r := range together {
			if err := e.Put(ctx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *world) device(id string) *device {
	i := slices.IndexFunc(w.devices, func(d *device) bool { return d.id == id })
	return w.devices[i]
}

func (w *world) instOf(id string) string { return w.device(id).disk.inst }

// live is the run: people and faults for as long as it is busy, a night in some
// seeds, and the quiet end.
func (w *world) live() {
	w.until(w.now.Add(10 * time.Second))
	end := w.now.Add(w.cfg.Busy)
	night := w.r.Float64() < 0.08
	for w.now.Before(end) {
		w.until(w.now.Add(w.between(200*time.Millisecond, 14*time.Second)))
		w.something()
		if night && w.once(20) {
			night = false
			length := w.night()
			end = end.Add(length)
		}
	}
	w.calm()
	w.until(w.now.Add(afterwards))
	w.check.settled(w)
}

// night is hours in which little happens and some screens hear nothing of it.
func (w *world) night() time.Duration {
	length := w.between(4*time.Hour+10*time.Minute, 10*time.Hour)
	w.trace("a night of %s", length)
	cut := pick(w, w.devices)
	cut.link.cut = true
	until := w.now.Add(length)
	for range 6 {
		w.until(w.now.Add(length / 7))
		if w.once(2) {
			w.office()
		} else {
			w.finger(cut)
		}
	}
	w.until(until)
	w.mend(cut.link)
	return length
}

// calm ends every fault.
func (w *world) calm() {
	w.trace("the faults are over")
	w.quiet = true
	for _, d := range w.devices {
		d.fuse, d.link.slow, d.link.stall = 0, false, [2]time.Time{}
		w.mend(d.link)
		d.start()
	}
	for _, p := range w.replicas {
		p.death = lives
		if !p.up {
			p.start()
		}
	}
}

// mend lets a link carry again.
func (w *world) mend(l *link) {
	l.cut = false
	w.eachCable(func(c *cable) {
		if c.link == l {
			c.carry(up)
			c.carry(down)
		}
	})
}

// eachCable visits the connections that either end still has.
func (w *world) eachCable(f func(*cable)) {
	var seen []*cable
	for _, d := range w.devices {
		if d.cable != nil {
			seen = append(seen, d.cable)
		}
	}
	for _, p := range w.replicas {
		for _, h := range p.ends {
			if !slices.Contains(seen, h.cable) {
				seen = append(seen, h.cable)
			}
		}
	}
	for _, c := range seen {
		f(c)
	}
}

// something happens: somebody touches, the office changes something, or
// something breaks.
func (w *world) something() {
	switch n := w.r.IntN(20); {
	case n < 8:
		d := pick(w, w.devices)
		w.finger(d)
		for w.once(3) { // they stand in line for it
			w.finger(d)
		}
	case n < 13:
		w.office()
	default:
		w.fault()
	}
}

// finger signs somebody up whom the glass shows, or off again.
func (w *world) finger(d *device) {
	if !d.on || d.glass.facts == nil || d.glass.masked || d.disk.at.IsZero() {
		return
	}
	b := d.board(true)
	if b == nil || len(b.People) == 0 || len(b.Activities) == 0 {
		return
	}
	a := pick(w, b.Activities)
	p := pick(w, b.People)
	m := wire.Mutation{Op: wire.OpSignUp, On: wire.RowKey{Kind: record.KindActivity, ID: a.Ref.ID}, Who: p.ID}
	if w.once(3) {
		m.Op = wire.OpCancel
	}
	switch w.r.IntN(12) {
	case 0, 1:
		if len(b.Groups) > 0 {
			m.On = wire.RowKey(pick(w, b.Groups).Ref)
		}
	case 2, 3:
		if len(b.Meetings) > 0 {
			m.On = wire.RowKey(pick(w, b.Meetings).Ref)
			if w.once(2) {
				m.Op = wire.OpPropose
			}
		}
	case 4:
		if len(p.Open) > 0 {
			m.Op, m.On = wire.OpTighten, wire.RowKey{Kind: record.KindPerson, ID: string(p.ID)}
			m.Text = string(pick(w, p.Open))
		}
	}
	d.touch(m)
}

// office is staff at work, on whatever replica answers.
func (w *world) office() {
	var there []*replica
	for _, p := range w.replicas {
		if p.up {
			there = append(there, p)
		}
	}
	if len(there) == 0 {
		return
	}
	p := pick(w, there)
	who := pick(w, w.staff.everybody)
	switch n := w.r.IntN(24); {
	case n < 6:
		w.alter(p, who, "hides or shows", func(r *house.Resident) { r.Choices.Hidden = !r.Choices.Hidden })
	case n < 9:
		w.alter(p, who, "alias", func(r *house.Resident) {
			if r.Choices.NameMode == "alias" {
				r.Choices.NameMode = "first_name"
			} else {
				r.Choices.NameMode = "alias"
			}
		})
	case n < 12:
		w.alter(p, who, "photo", func(r *house.Resident) { r.Choices.Photo = !r.Choices.Photo })
	case n < 13:
		w.alter(p, who, "acceptance", func(r *house.Resident) {
			if r.Acceptance.State == house.Accepted {
				r.Acceptance.State = house.Declined
			} else {
				r.Acceptance.State = house.Accepted
			}
		})
	case n < 17:
		w.places(p, who)
	case n < 19:
		w.edit(p, "an activity has more places", func(ctx context.Context, e *hub.Edit) error {
			id, ok := w.anActivity()
			if !ok {
				return nil
			}
			return hub.Alter(ctx, e, id, func(a *house.Activity) {
				if a.Capacity > 0 {
					a.Capacity++
				}
			})
		})
	case n < 20:
		w.edit(p, "a new activity", func(ctx context.Context, e *hub.Edit) error { return w.newActivity(ctx, e, pick(w, departments[:])) })
	case n < 21:
		w.edit(p, "an activity is gone", func(ctx context.Context, e *hub.Edit) error {
			id, ok := w.anActivity()
			if !ok {
				return nil
			}
			return e.Delete(ctx, house.KindActivity, id)
		})
	case n < 22:
		w.erase(p, who)
	case n < 23 && w.once(2):
		w.edit(p, "a screen moves", func(ctx context.Context, e *hub.Edit) error {
			return hub.Alter(ctx, e, screenID(w.r.IntN(screens)), func(s *house.Screen) { s.Department = pick(w, departments[:]) })
		})
	case n < 24 && w.once(2):
		w.edit(p, "a screen gets other modules", func(ctx context.Context, e *hub.Edit) error {
			return hub.Alter(ctx, e, screenID(w.r.IntN(screens)), func(s *house.Screen) {
				s.Modules = nil
				if w.once(2) {
					s.Modules = []record.Module{record.ModuleActivities, record.ModulePeople}
				}
			})
		})
	default:
		if w.once(12) {
			w.revoke(p, pick(w, w.devices))
		}
	}
}

func (w *world) edit(p *replica, what string, f func(context.Context, *hub.Edit) error) {
	w.trace("office, at replica %d: %s", p.id, what)
	p.change(f)
}

// alter changes what somebody chose.
func (w *world) alter(p *replica, id house.ID, what string, f func(*house.Resident)) {
	if _, there := w.base.records[house.KindResident][id]; !there {
		return
	}
	if w.does(HideAfterCommit) {
		p.update(func(t *tx) error {
			r, err := store.Get[house.Resident](context.Background(), t, id)
			if err == nil {
				f(&r)
				err = t.Put(context.Background(), &r)
			}
			return err
		})
	}
	change := f
	f = func(r *house.Resident) {
		open := r.Open()
		change(r)
		for _, c := range r.Open() {
			if !slices.Contains(open, c) {
				w.staff.given[given{id, c}] = w.now
			}
		}
	}
	w.edit(p, what+" "+string(id[len(canary):]), func(ctx context.Context, e *hub.Edit) error { return hub.Alter(ctx, e, id, f) })
}

// places is staff signing somebody up or off.
func (w *world) places(p *replica, who house.ID) {
	id, ok := w.anActivity()
	if _, there := w.base.records[house.KindResident][who]; !there || !ok {
		return
	}
	l, s := house.List{Kind: house.KindActivity, ID: id}, house.SignUp{Person: who, Via: "manager"}
	off := w.once(2)
	w.edit(p, fmt.Sprintf("somebody is signed up, or off: %t", off), func(ctx context.Context, e *hub.Edit) error {
		if off {
			return e.Cancel(ctx, l, s)
		}
		_, err := e.SignUp(ctx, l, s)
		return err
	})
}

func (w *world) anActivity() (house.ID, bool) {
	list := (&tx{base: w.base}).where(house.KindActivity, func(kept) bool { return true })
	if len(list) == 0 {
		return "", false
	}
	return house.KeyOf(pick(w, list)), true
}

// erase deletes somebody for good. The ledger says so first: it is what a
// restore is made to follow.
func (w *world) erase(p *replica, id house.ID) {
	if _, there := w.base.records[house.KindResident][id]; !there {
		return
	}
	w.ledger = append(w.ledger, id)
	w.trace("office: somebody is erased")
	if !p.change(func(ctx context.Context, e *hub.Edit) error { return e.Delete(ctx, house.KindResident, id) }) {
		if _, there := w.base.records[house.KindResident][id]; there {
			w.ledger = w.ledger[:len(w.ledger)-1]
			return
		}
	}
	p = w.replicas[0]
	if p.up {
		p.change(func(ctx context.Context, e *hub.Edit) error { return w.newResident(ctx, e, departments[0]) })
	}
}

func (w *world) revoke(p *replica, d *device) {
	w.trace("office: %s is revoked", d.id)
	p.update(func(t *tx) error {
		x := t.devices[d.id]
		x.Revoked = true
		return t.PutDevice(context.Background(), x)
	})
	if w.base.devices[d.id].Revoked {
		w.staff.revoked[d.id] = w.now
	}
	if h := p.clients[d.id]; h != nil {
		h.close(wire.CloseRevoked)
	}
}

// fault breaks something.
func (w *world) fault() {
	d := pick(w, w.devices)
	p := pick(w, w.replicas)
	switch n := w.r.IntN(26); {
	case n < 4:
		dir := w.r.IntN(2)
		d.link.stall[dir] = w.now.Add(w.between(time.Second, 100*time.Second))
		w.trace("%s carries nothing in direction %d", d.id, dir)
	case n < 6: // half-open, for ever
		if c := d.cable; c != nil {
			dir := w.r.IntN(2)
			w.trace("%s is half-open in direction %d", d.id, dir)
			c.hole[dir] = true
		}
	case n < 9: // cut, and mended
		w.trace("%s is cut off", d.id)
		d.link.cut = true
		w.after(w.between(time.Second, 3*time.Minute), func() { w.mend(d.link) })
	case n < 11: // reset
		if c := d.cable; c != nil {
			w.trace("%s is reset", d.id)
			c.send(up, parcel{kind: reset})
			c.send(down, parcel{kind: reset})
		}
	case n < 15: // power, at one of the next operations of its disk
		if w.once(3) {
			d.powerLoss()
		} else {
			d.fuse = 1 + w.r.IntN(4)
		}
	case n < 16:
		d.rtc = w.between(-48*time.Hour, 48*time.Hour)
		w.trace("the clock of %s is wrong by %s", d.id, d.rtc)
	case n < 18:
		d.link.slow = !d.link.slow
		w.trace("%s is slow: %t", d.id, d.link.slow)
	case n < 20:
		p.death = beforeCommit
	case n < 22:
		p.death = afterCommit
	case n < 23:
		p.kill(w.once(2))
	case n < 24:
		if p.up {
			p.drain()
		}
	case n < 25:
		w.trace("old deletions are forgotten")
		if p.up {
			p.update(func(t *tx) error {
				_, err := t.Purge(context.Background(), w.now.Add(-w.between(0, 2*time.Minute)))
				return err
			})
		}
	default:
		if w.once(2) {
			w.trace("a backup is made")
			w.saved = w.base.backup()
		} else {
			w.restore()
		}
	}
}

// restoring reports whether the hub is down for a restore.
func (w *world) restoring() bool { return w.now.Before(w.staff.restoreUntil) }

// restore stops the hub, puts the last backup in place of its database, begins
// new feeds, and erases again who was erased since.
func (w *world) restore() {
	w.trace("the hub is restored from its backup")
	for _, p := range w.replicas {
		p.kill(w.once(2))
	}
	b := w.saved.backup()
	for id := range w.staff.revoked {
		x := b.devices[id]
		x.Revoked = true
		b.devices[id] = x
	}
	w.base = b
	w.check.forbid = nil
	t := &tx{base: b}
	if !w.does(RestoreKeepsEpoch) {
		for _, board := range w.boardIDs() {
			_ = t.Renumber(context.Background(), board, record.Epoch(fmt.Sprintf("%016x", w.r.Uint64())))
		}
	}
	w.check.heads = map[record.BoardID]record.Position{}
	w.check.places = map[house.List][]store.Place{}
	for _, id := range w.ledger {
		if _, there := b.records[house.KindResident][id]; !there || w.does(NoErasureReplay) {
			continue
		}
		by := store.Actor{Org: theOrg, Kind: store.ByHub, At: w.now}
		_, _, err := w.rules.Change(context.Background(), t, by, func(ctx context.Context, e *hub.Edit) error {
			return e.Delete(ctx, house.KindResident, id)
		})
		if err != nil {
			w.fail("rules", "%v", err)
		}
	}
	t.people = true
	t.undo = append(t.undo, func() {})
	w.committed(t)
	w.staff.restoreUntil = w.now.Add(w.between(time.Second, 20*time.Second))
	w.at(w.staff.restoreUntil, func() {
		for _, p := range w.replicas {
			if !p.up {
				p.start()
			}
		}
	})
}

func (w *world) boardIDs() []record.BoardID {
	var out []record.BoardID
	list, _ := (&tx{base: w.base}).Boards(context.Background())
	for _, b := range list {
		out = append(out, b.ID)
	}
	return out
}

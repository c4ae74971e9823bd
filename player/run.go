package player

// Flow, a change on its way to the glass (the fifth hop; the fourth is
// player/cache/apply.go, the sixth player/board/project.go):
//
//	cache.Changed → refresh: facts, lease and time → board.Project
//	  → step: ui.Update → draw: ui.View → Present → client.Shown
//
// Flow, a touch on its way to the hub (the second hop; the first is
// render/glass/input.go, the third player/ui/update.go):
//
//	Presenter.Input → event → touch: what the finger is on, and whether that has
//	been there long enough (settle.go) → step: ui.Update → perform

import (
	"context"
	"errors"
	"image"
	"slices"
	"sync"
	"time"

	"tavle/assets/lang"
	"tavle/player/board"
	"tavle/player/lease"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/glass"
	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// shown is what is on the glass.
type shown struct {
	frame *render.Frame
	model ui.Model        // that was drawn last, and
	to    *render.Frame   // its picture: another than on the glass while something moves
	at    record.Position // the board it shows
	whole bool            // everything has to be painted again
	off   bool            // the panel's light is

	failed int       // how often in a row it could not be shown
	retry  time.Time // machine's time before which that is not tried again
	reason string    // what was said of it in the log
}

// A panel that takes no picture is tried again after a second, and then less and
// less often.
const (
	retryFirst = time.Second
	retryLast  = time.Minute
)

// dark reports whether nobody can see what the frame says.
func (s *shown) dark() bool { return s.failed > 0 }

// Run shows the wall until ctx ends or the window is closed. A screen that the hub
// revokes is wiped and goes on as a new one, with a key of its own that the hub
// can let in. The presenter's own Run is the caller's business. When Run returns,
// everything it started has ended.
func (p *Player) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	p.begin(ctx)
	p.draw(ctx)
	wg.Go(func() { p.cfg.Pictures.work(ctx) })
	wg.Go(func() { p.cfg.Pictures.showFilms(ctx) })
	wg.Go(func() { p.renew(ctx) })
	wg.Go(func() { p.lookAtNetwork(ctx) })
	wg.Go(func() { p.lookAtMachine(ctx) })
	if p.cfg.Voice != nil {
		wg.Go(func() { p.cfg.Voice.Run(ctx) })
	}
	connect := func() {
		switch c, as := p.client, p.known; {
		case c != nil:
			p.log.InfoContext(ctx, "channel begins", "device", c.Device(), "key", as.String())
			wg.Go(func() {
				if err := c.Run(ctx); err != nil {
					p.log.ErrorContext(ctx, "channel ended", "error", err)
				}
			})
		case p.unpaired():
			p.pairingChanged(session.PairStatus{}, "")
			wg.Go(func() { p.pair(ctx, as) })
		}
	}
	connect()
	defer p.end()

	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		p.sleepUntil(timer, p.nextAt())
		select {
		case <-ctx.Done():
			return nil
		case <-p.inbox.ready:
			p.listen()
		case <-p.cfg.Cache.Changed():
			p.listen() // what the hub said before it sent this
			p.cfg.Pictures.retry(p.screen.to)
			p.refresh(ctx)
		case e := <-p.cfg.Presenter.Input().Events():
			if !p.event(ctx, e) {
				return nil
			}
		case d := <-p.cfg.Pictures.done:
			p.photo(ctx, d)
		case <-timer.C:
			if !p.cfg.Now().Before(p.wakeAt()) {
				p.tick(ctx)
			} // else something moves
		}
		p.draw(ctx)
		if msg := ui.Land(p.model, p.screen.frame); msg != nil && !p.screen.dark() {
			p.step(ctx, msg)
			p.draw(ctx)
		}
		p.speak(ctx)
		switch {
		case p.revoked:
			if err := p.beginAgain(ctx); err != nil {
				return err
			}
			connect()
			p.draw(ctx)
		case p.rejoin:
			p.rejoin = false
			p.join()
			p.named()
			connect()
		}
	}
}

// listen does what the client and others want of the loop.
func (p *Player) listen() {
	for _, f := range p.inbox.take() {
		f()
	}
}

// begin makes the first picture from what is on disk, before anything else.
func (p *Player) begin(ctx context.Context) {
	now := p.cfg.Now()
	saved := p.cfg.Cache.Clock()
	p.clock = lease.NewClock(now, p.cfg.TimeSet, saved.Hub, saved.Seen)
	if !p.clock.Trusted() {
		// The last start may have lasted this much longer than was written down.
		p.clock.Spent = saved.Spent + saveEvery
		p.save(now)
	}
	if l, ok := p.store.Lease(); ok {
		p.contact = l.Issued()
	}
	panel := p.panel(p.cfg.Presenter.Panel())
	p.told, p.toldAt, p.health.began = p.clock.At(now), now, now
	p.model = ui.New(panel, lang.Tags[0], p.told)
	p.model.Locks = locks(p.cfg.Cache.Tries(), p.told)
	p.model.Link = ui.Link{DownSince: p.model.Now}
	p.dress()
	p.named()
	p.screen.whole = true
	p.refresh(ctx)
}

// panel returns what the wall is laid out for.
func (p *Player) panel(g glass.Panel) ui.Panel {
	p.cfg.Pictures.bound(g.Size)
	if mm := p.cfg.MM(g.Size); mm != (image.Point{}) {
		g.MM = mm
	}
	panel := ui.Panel{Size: g.Size, MM: g.MM, Distance: p.cfg.Look.Distance, Bottom: p.cfg.Look.Bottom}
	if panel != p.model.Panel {
		p.judge(panel)
	}
	return panel
}

// judge says what is wrong with a panel that letters and buttons cannot be made
// right for.
func (p *Player) judge(panel ui.Panel) {
	switch {
	case !panel.Plausible():
		p.log.Warn("the panel's size cannot be right; it is taken for an ordinary one", "mode", panel.Size, "mm", panel.MM)
	case panel.Fit(look.TextNormal).Short:
		p.log.Warn("the panel is too small for letters that can be read from where one stands", "mode", panel.Size, "mm", panel.MM)
	}
}

// end keeps what is only in memory, and leaves a panel that can be seen.
func (p *Player) end() {
	now := p.cfg.Now()
	if p.screen.off {
		if err := p.cfg.Presenter.Blank(false); err != nil && !errors.Is(err, glass.ErrNoLight) {
			p.log.Warn("light not switched", "error", err)
		}
	}
	if err := p.store.flush(p.clock.Hub()); err != nil {
		p.log.Warn("lease could not be stored", "error", err)
	}
	p.save(now)
}

// save stores the floor of the clock, and how long the machine has run without
// one. It is done once an hour, not once a minute, to spare the card; begin
// counts the hour that may be missing.
func (p *Player) save(now time.Time) {
	p.saved = now
	c := p.cfg.Cache.Clock()
	c.Seen = p.clock.At(now)
	if !p.clock.Trusted() {
		c.Spent = p.clock.Used(now)
	}
	if p.clock.Hub().After(c.Hub) {
		c.Hub = p.clock.Hub()
	}
	if err := p.cfg.Cache.SetClock(c); err != nil {
		p.log.Warn("clock could not be stored", "error", err)
	}
}

// nextAt returns when, by the machine's clock, the loop has something to do by
// itself.
func (p *Player) nextAt() time.Time { return sooner(p.wakeAt(), p.moving.next) }

// wakeAt is nextAt less what moves.
func (p *Player) wakeAt() time.Time {
	now := p.cfg.Now()
	next := now.Add(saveEvery - now.Sub(p.saved))
	switch {
	case p.screen.dark():
		next = sooner(next, p.screen.retry)
	case p.screen.to != nil && !p.screen.to.NextAt.IsZero():
		next = sooner(next, now.Add(p.screen.to.NextAt.Sub(p.clock.At(now))))
	}
	return sooner(next, p.reproj)
}

// sooner returns the earlier of two times, of which zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (p *Player) sleepUntil(timer *time.Timer, at time.Time) {
	timer.Reset(max(0, at.Sub(p.cfg.Now())))
}

func (p *Player) tick(ctx context.Context) {
	now := p.cfg.Now()
	if now.Sub(p.saved) >= saveEvery {
		p.save(now)
		p.remember(ctx)
		p.forget(ctx, now)
	}
	if !p.reproj.IsZero() && !now.Before(p.reproj) {
		p.refresh(ctx)
	}
	p.showPairing()
	p.tell(ctx, now)
	if msg := ui.Scanned(p.model, p.screen.frame); msg != nil && !p.screen.dark() {
		p.step(ctx, msg)
	}
	p.dress()
}

// forget lets go of answered touches that are old enough.
func (p *Player) forget(ctx context.Context, now time.Time) {
	kept, err := p.cfg.Cache.Forget(now.Add(-journalFor))
	if err != nil {
		p.log.WarnContext(ctx, "journal could not be pruned", "error", err)
		return
	}
	if p.client != nil {
		p.client.Touched(ctx) // a wish that was refused is asked again
		p.client.Forgot(ctx, kept)
	}
}

// journalFor is how long answered touches are kept, for a hub that was restored
// from a backup.
const journalFor = 48 * time.Hour

// refresh makes the board again from what the cache has, the lease and the time.
func (p *Player) refresh(ctx context.Context) {
	now := p.cfg.Now()
	l, has := p.store.Lease()
	hub, given := p.store.given()
	if given && p.clock.Hub().IsZero() {
		p.clock.Heard(hub, now) // the word of it is still on its way here
	}
	p.clock.Leased = given
	state, changes := p.clock.Judge(l, has, now)
	if state == lease.Ended && has && !p.cfg.Cache.Facts().Empty() {
		if err := p.cfg.Cache.Expire(); err != nil {
			p.log.ErrorContext(ctx, "lease ended and the cache could not be destroyed", "error", err)
		}
		if p.client != nil {
			p.client.Reload(ctx)
		}
	}
	if state != p.lease {
		p.log.InfoContext(ctx, "lease", "state", state.String(), "known", has, "issued_s", l.IssuedMS/1000)
	}
	p.lease = state
	touched := done(p.cfg.Cache.Outbox())
	facts := board.Tighten(p.cfg.Cache.Facts(), touched) // nor is kept in memory what is not to be shown
	if facts != p.facts {
		if renamed(p.facts, facts) {
			p.kit.Text.Forget()
		}
		p.facts = facts
	}
	t := p.clock.At(now)
	b := board.Project(board.Input{Facts: facts, Done: touched, Now: t, Fresh: state == lease.Fresh, Contact: p.contact})
	p.cfg.Pictures.keep(b)
	if b != nil || p.board != nil {
		p.board = b
		p.step(ctx, ui.BoardChanged{Board: b})
		p.speech.doubtful = true
		p.dress()
	}
	if paused := b == nil && has && state == lease.Ended; paused != p.model.Paused {
		p.step(ctx, ui.Emptied{Paused: paused})
	}
	p.reproj = changes
	if b != nil && !b.NextAt.IsZero() {
		p.reproj = sooner(p.reproj, now.Add(b.NextAt.Sub(t)))
	}
}

// renamed reports whether a name that was known is not known any more, or not
// as that person's: it is not to stay in memory among the words set in type.
func renamed(before, after *record.Facts) bool {
	if before == nil {
		return false
	}
	for id, p := range before.People {
		if after == nil || after.People[id].Name != p.Name {
			return true
		}
	}
	return false
}

// done is the outbox as the board sees it.
func done(entries []session.Entry) []board.Done {
	out := make([]board.Done, 0, len(entries))
	for _, e := range entries {
		d := board.Done{On: board.Ref{Kind: e.On.Kind, ID: e.On.ID}, Who: e.Who, Leave: e.Op == wire.OpCancel}
		switch e.Op {
		case wire.OpSignUp:
			if e.On.Kind == record.KindMeal {
				d.Plate = board.Plate(e.Text)
			}
		case wire.OpTighten:
			d.Takes = board.Choice(e.Text)
		case wire.OpRequest, wire.OpUnrequest:
			d.Asks, d.Leave = board.Right(e.Text), e.Op == wire.OpUnrequest
		case wire.OpPresent:
			d.Is = board.Whereabouts(e.Text)
		case wire.OpAnswer, wire.OpUnanswer:
			d.Answers, d.Leave = e.Picto, e.Op == wire.OpUnanswer
		case wire.OpPropose, wire.OpRetract:
			d.Says, d.Leave = board.Said{Text: e.Text, Lang: e.Lang, Picto: e.Picto}, e.Op == wire.OpRetract
		}
		if e.Result != nil {
			d.Answered, d.Epoch, d.Rev = true, e.Result.Epoch, e.Result.Rev
			d.Refused, d.Waitlist = e.Result.Outcome == wire.Rejected, e.Result.Outcome == wire.Waitlisted
		}
		out = append(out, d)
	}
	return out
}

// step takes one message to the next model and performs what it asks for.
func (p *Player) step(ctx context.Context, msg ui.Msg) {
	p.dirty = true
	var effects []ui.Effect
	p.model, effects = ui.Update(p.model, msg)
	for _, e := range effects {
		p.perform(ctx, e)
	}
}

// event takes one event of the panel; it returns false when the window closes.
func (p *Player) event(ctx context.Context, e glass.Event) bool {
	now := p.cfg.Now()
	p.tell(ctx, now)
	switch e := e.(type) {
	case glass.Touch:
		p.touch(ctx, e, now)
	case glass.Key:
		p.key(ctx, e, now)
	case glass.Headphones:
		p.step(ctx, ui.Plugged{In: e.In, Now: e.Now})
	case glass.Resized:
		p.screen.whole, p.screen.retry = true, now
		p.step(ctx, ui.Resized{Panel: p.panel(e.Panel)})
	case glass.Closed:
		return false
	}
	return true
}

func (p *Player) touch(ctx context.Context, t glass.Touch, now time.Time) {
	if p.screen.dark() {
		return // nobody meant what they did not see
	}
	scale := p.model.Panel.Fit(p.model.Text).Scale
	slop := int(look.Slop * scale)
	means := on(p.screen.frame, t.At, t.Target, p.model.Hand.Means, slop)
	switch t.Phase {
	case glass.Down:
		means = on(p.screen.frame, t.At, t.Target, nil, 0)
		p.step(ctx, ui.TouchDown{Contact: t.Contact, Means: means, At: t.At, Ready: p.settled.settled(means, now)})
	case glass.Move:
		p.step(ctx, ui.TouchMove{Contact: t.Contact, Means: means, Far: far(t.At, p.model.Hand.At, int(look.Stray*scale))})
	case glass.Up:
		p.step(ctx, ui.TouchUp{Contact: t.Contact, Means: means})
	case glass.Gone:
		p.step(ctx, ui.TouchGone{Contact: t.Contact})
	}
}

// key presses a key on what is shown.
func (p *Player) key(ctx context.Context, e glass.Key, now time.Time) {
	number, taken := p.wedge.key(e.Name, now)
	switch {
	case p.screen.dark():
		return
	case number != "":
		p.step(ctx, p.whose(number))
		return
	case taken:
		return
	}
	if e.Name != "" && e.Name == p.cfg.Look.ReadKey {
		p.step(ctx, ui.ReadPressed{})
		return
	}
	msg := ui.Hear(p.model, p.screen.frame, keys[e.Name])
	if press, ok := msg.(ui.Pressed); ok {
		press.Ready = p.settled.settled(press.Means, now)
		msg = press
	}
	if msg != nil {
		p.step(ctx, msg)
	}
}

// whose returns who has the tag of that number here. It is nobody where two have.
func (p *Player) whose(number string) ui.Msg {
	if p.board == nil || p.facts == nil {
		return ui.TagUnknown{}
	}
	tag, who := p.facts.House.TagKey.Tag(number), record.PersonID("")
	for id, r := range p.facts.People {
		if tag == "" || r.Tag != tag {
			continue
		}
		if who != "" {
			return ui.TagUnknown{}
		}
		who = id
	}
	if shown, ok := p.board.Person(who); !ok || !shown.SignUp || p.board.Masked {
		return ui.TagUnknown{}
	}
	return ui.Identified{Who: who}
}

// keys are the keys the wall listens to.
var keys = map[string]ui.Key{
	glass.KeyEnter: ui.KeyEnter, glass.KeySpace: ui.KeySpace, glass.KeyEscape: ui.KeyEscape, glass.KeyBackspace: ui.KeyEscape,
	glass.KeyTab: ui.KeyTab, glass.KeyBackTab: ui.KeyBackTab, glass.KeyPageDown: ui.KeyTab, glass.KeyPageUp: ui.KeyBackTab,
	glass.KeyLeft: ui.KeyLeft, glass.KeyRight: ui.KeyRight, glass.KeyUp: ui.KeyUp, glass.KeyDown: ui.KeyDown,
	glass.KeyHome: ui.KeyHome,
}

// draw puts the model on the glass, what changed of it, and what is on its way
// there. Nothing is drawn, nor even laid out, while nothing has happened.
func (p *Player) draw(ctx context.Context) {
	now := p.cfg.Now()
	s := &p.screen
	if p.model.Panel.Size == (image.Point{}) || s.dark() && now.Before(s.retry) || !p.dirty && !s.whole && !p.moving.due(now) {
		return
	}
	if p.dirty || s.whole {
		p.dirty = false
		f := ui.View(p.model, p.kit)
		if s.whole {
			p.moving.stop()
		} else {
			p.turn(f, now)
		}
		s.model, s.to = p.model, f
		p.settled.show(f, now)
	}
	f, over := p.moving.frame(s.to, now)
	damage := render.Damage(s.frame, f)
	if s.whole {
		damage = []image.Rectangle{{Max: f.Size}}
	}
	// The last frame of a move is presented even where nothing seems to differ, so
	// that nobody keeps what it was made of.
	if len(damage) > 0 || over {
		if !p.present(ctx, f, damage) {
			p.moving.stop()
			return
		}
	}
	s.frame = f
	p.cfg.Pictures.look(f)
	p.moved(now, f)
	p.light(ctx)
	if p.board != nil && p.board.At != s.at {
		s.at = p.board.At
		if p.client != nil {
			p.client.Shown(ctx, p.board.At)
		}
	}
}

// light switches the panel's light with the schedule. Where it cannot be
// switched the frame is dark, which is what there is to see either way.
func (p *Player) light(ctx context.Context) {
	off := p.model.Rest == ui.Dark
	if off == p.screen.off {
		return
	}
	p.screen.off = off
	if err := p.cfg.Presenter.Blank(off); err != nil && !errors.Is(err, glass.ErrNoLight) {
		p.log.WarnContext(ctx, "light not switched", "error", err)
	}
}

// photo shows a photo that has become ready where the frame has it.
func (p *Player) photo(ctx context.Context, d photoDone) {
	if !p.cfg.Pictures.take(d) || p.screen.frame == nil || p.screen.whole {
		return // what is drawn next has it
	}
	p.moving.again(p.screen.to)
	var damage []image.Rectangle
	for _, op := range p.screen.frame.Ops {
		if op.Kind == render.PictureOp && op.Picture == d.picture {
			damage = append(damage, op.Bounds())
		}
	}
	if len(damage) == 0 {
		return
	}
	p.present(ctx, p.screen.frame, damage)
}

// present shows a frame and reports whether it is on the glass. After one that
// is not, the next is drawn whole, and later. A new reason is said once; without
// a panel there is nothing to say.
func (p *Player) present(ctx context.Context, f *render.Frame, damage []image.Rectangle) bool {
	s := &p.screen
	err := p.cfg.Presenter.Present(f, damage)
	s.whole = err != nil
	if err == nil {
		if s.reason != "" {
			p.log.InfoContext(ctx, "frames are shown again")
		}
		s.failed, s.reason = 0, ""
		return true
	}
	s.retry = p.cfg.Now().Add(min(retryFirst<<min(s.failed, 10), retryLast))
	s.failed++
	if reason := err.Error(); reason != s.reason && !errors.Is(err, glass.ErrUnplugged) {
		p.log.WarnContext(ctx, "frame not shown", "error", err)
		s.reason = reason
	}
	return false
}

// linkChanged says whether the hub can be reached. The client's times are the
// machine's; the wall's are trusted.
func (p *Player) linkChanged(live bool, since time.Time) {
	l := ui.Link{Live: live}
	if !live {
		l.DownSince = p.clock.At(since)
		if l.DownSince.Before(p.contact) || !p.contact.IsZero() && p.clock.Hub().IsZero() {
			l.DownSince = p.contact // since before this start
		}
	}
	p.step(context.Background(), ui.LinkChanged{Link: l})
}

// heard takes the hub's time.
func (p *Player) heard(hub, now time.Time) {
	before := p.clock.At(now)
	first := p.clock.Hub().IsZero()
	p.clock.Heard(hub, now)
	p.contact, p.health.off = hub, now.Sub(hub)
	if off := p.clock.At(now).Sub(before).Abs(); first || off >= time.Second {
		p.refresh(context.Background())
		p.tell(context.Background(), now)
	}
}

// tell tells the wall what time it is at the machine's time now. A clock that was
// set is one that did not go as the machine's does.
func (p *Player) tell(ctx context.Context, now time.Time) {
	t := p.clock.At(now)
	if set := t.Sub(p.told) - now.Sub(p.toldAt); set.Abs() >= time.Second {
		p.step(ctx, ui.ClockSet{By: set})
	}
	p.told, p.toldAt = t, now
	p.step(ctx, ui.Tick{Now: t})
}

// leaseRenewed brings people back, if they were masked.
func (p *Player) leaseRenewed() {
	if p.lease != lease.Fresh {
		p.refresh(context.Background())
	}
}

// wiped is the end of a screen the hub revoked: it is as on its first day.
func (p *Player) wiped() {
	p.revoked = true
	p.store.forget()
	if p.cfg.Hub.Device == "" {
		if err := p.cfg.Bond.Forget(); err != nil {
			p.log.Warn("bond could not be forgotten", "error", err) // it is the old key's, and holds no more
		}
	}
	p.contact = time.Time{}
	p.refresh(context.Background())
}

// beginAgain makes the client anew, for the key that the wipe has left. One that
// is still the old key is revoked still: asking with it would be answered by
// another wipe, over and over.
func (p *Player) beginAgain(ctx context.Context) error {
	p.revoked, p.client = false, nil
	was, again := p.known, p.cfg.Hub.Device == ""
	var err error
	if p.known, err = IdentityOf(p.cfg.Secret); err != nil {
		return err
	}
	if p.known.Public().Equal(was.Public()) && !again {
		p.log.WarnContext(ctx, "revoked, and the device secret cannot be renewed")
		return nil
	}
	p.join()
	return nil
}

// renew has the cache make unreadable what the board no longer says. It writes
// the whole board, so that is not the loop's business.
func (p *Player) renew(ctx context.Context) {
	hour := time.NewTicker(saveEvery)
	defer hour.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hour.C:
			if err := p.cfg.Cache.Renew(); err != nil {
				p.log.WarnContext(ctx, "what was taken back can still be read", "error", err)
			}
		}
	}
}

// named tells the wall which screen it is.
func (p *Player) named() {
	m := ui.Machine{Version: p.cfg.Version}
	if p.client != nil {
		m.Screen = p.client.Device()
	}
	p.step(context.Background(), ui.Named{Machine: m})
}

// dress applies language and colours.
func (p *Player) dress() {
	l := p.cfg.Look
	if l.Lang == "" && p.board != nil {
		for _, tag := range p.board.Langs {
			if l.Lang == "" && slices.Contains(lang.Tags, string(tag)) {
				l.Lang = string(tag)
			}
		}
	}
	if p.model.Spoken != "" && (p.board == nil || p.model.PairingShown()) {
		l.Lang = p.model.Spoken
	}
	if l.Lang == "" {
		l.Lang = lang.Tags[0]
	}
	if l.Hours == (ui.Hours{}) {
		l.Hours = ui.UsualHours
	}
	if s := p.audible(l.Sound); s != p.model.Sound {
		p.step(context.Background(), ui.SoundChanged{Sound: s})
	}
	if l.Ease != (ui.Ease{}) && l.Ease != p.model.Ease {
		p.step(context.Background(), ui.Eased{Ease: l.Ease})
	}
	if l.Stays == (ui.Stays{}) {
		l.Stays = ui.DefaultStays
	}
	if l.Stays != p.model.Stays || l.Lang != p.model.Lang || l.Theme != p.model.Theme || l.Text != p.model.Text || l.Motion != p.model.Motion || l.Edges != p.model.Edges || l.Hours != p.model.Hours {
		p.step(context.Background(), ui.Dressed{Lang: l.Lang, Theme: l.Theme, Text: l.Text, Motion: l.Motion, Edges: l.Edges, Hours: l.Hours, Stays: l.Stays})
	}
}

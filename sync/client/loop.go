package client

// Flow, a change on its way to the glass (the third hop, with
// sync/session/device.go; the second is sync/wire/change.go, the fourth
// player/cache/apply.go):
//
//	connection.read → received → session.Device.Received decides
//	  → run, execute: session.Apply → Store.Apply, which is player/cache
//	  … Shown, when the frame is on the glass → Send(Ack)

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"tavle/sync/session"
	"tavle/sync/wire"
)

// loop is the one goroutine that owns the session and writes to the connection.
type loop struct {
	*Client
	ctx    context.Context //nolint:containedctx // the loop is Run's, and ends with it
	device *session.Device
	conn   *connection // nil: not connected
	dialed chan dialResult
	dials  int
	wg     *sync.WaitGroup // dials under way
	link   struct{ told, up bool }

	trouble  string // why the last dial failed
	wipeLeft error  // why the wipe did not succeed
	said     bool   // that everything is gone
}

// dialResult is what became of dial number n.
type dialResult struct {
	n      int
	conn   *websocket.Conn
	status int // of the answer that came instead of an upgrade
	code   wire.CloseCode
	err    error
}

func (l *loop) now() time.Time { return time.Now() }

func (c *Client) loop(ctx context.Context, wg *sync.WaitGroup) error {
	u, err := url.Parse(c.cfg.URL)
	if err != nil {
		return fmt.Errorf("hub address: %w", err)
	}
	l := &loop{Client: c, ctx: ctx, dialed: make(chan dialResult), wg: wg}
	l.device = session.NewDevice(session.DeviceConfig{
		Device: c.cfg.Device, Host: u.Hostname(), Sign: c.cfg.Sign, Hub: c.cfg.Hub, Build: c.cfg.Build, Boot: c.cfg.Boot, Chance: c.cfg.Chance,
	}, c.store.Stored())
	c.wakePhotos()
	l.run(l.device.Start(l.now()))
	defer l.hangUp(wire.CloseGoingAway, "player ends")

	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		l.tellLink()
		if l.device.Over() {
			l.hangUp(wire.CloseGoingAway, "wiped")
			if err := l.wiped(); err != nil || l.device.Over() {
				return err
			}
		}
		timer.Stop()
		var due <-chan time.Time
		if at := l.device.Next(); !at.IsZero() {
			timer.Reset(max(0, at.Sub(l.now())))
			due = timer.C
		}
		select {
		case <-ctx.Done():
			return nil
		case f := <-c.todo:
			f(l)
		case <-c.pulse:
		case <-due:
			l.run(l.device.Tick(l.now()))
		case r := <-l.dialed:
			l.opened(r)
		case in := <-l.conn.incoming():
			l.received(in)
		}
	}
}

// tellLink reports a change between live and not live.
func (l *loop) tellLink() {
	up := l.device.Live()
	if l.link.told && up == l.link.up {
		return
	}
	l.link.told, l.link.up = true, up
	if l.events.Link != nil {
		l.events.Link(up, l.device.DownSince())
	}
}

// wipeAgain is how long to wait before a wipe that failed is tried again.
const wipeAgain = 10 * time.Second

// wiped says that everything is gone, once it is: to the owner, and to a hub that
// has to know, with which the loop goes on.
func (l *loop) wiped() error {
	for l.wipeLeft != nil {
		select {
		case <-time.After(wipeAgain):
			l.wipeLeft = l.store.Wipe()
		case <-l.todo: // there is nothing left to do it with
		case <-l.pulse:
		case <-l.ctx.Done():
			return l.wipeLeft
		}
	}
	if l.events.Wiped != nil && !l.said {
		l.events.Wiped()
	}
	l.said = true
	l.run(l.device.Wiped(l.now()))
	return nil
}

// run executes what the session wants, in order. When something fails the rest
// is dropped and the connection given up: the hub repeats what we did not
// confirm, and the session goes on from what is on disk.
func (l *loop) run(acts []session.Action) {
	for _, a := range acts {
		if err := l.execute(a); err != nil {
			l.cfg.Log.WarnContext(l.ctx, "session action failed", "action", fmt.Sprintf("%T", a), "error", err)
			l.device.Restore(l.store.Stored())
			l.lost(0)
			return
		}
	}
}

func (l *loop) execute(a session.Action) error {
	switch a := a.(type) {
	case session.Dial:
		l.dial()
	case session.Send:
		return l.send(a.Message)
	case session.Close:
		l.cfg.Log.InfoContext(l.ctx, "session closed", "code", a.Code.String(), "why", a.Why)
		l.hangUp(a.Code, a.Why)
		l.lost(a.Code)
	case session.Enter:
		if err := l.store.Enter(a.Board, a.Wipe); err != nil {
			return fmt.Errorf("enter board %s: %w", a.Board, err)
		}
		if a.Wipe {
			l.cfg.Log.InfoContext(l.ctx, "this screen shows another board; the one before is destroyed", "board", a.Board)
		}
	case session.Apply:
		if err := l.store.Apply(a.Ops, a.At, a.Replace); err != nil {
			return fmt.Errorf("apply %s: %w", a.At, err)
		}
		l.wakePhotos()
	case session.Settle:
		return l.store.Settle(a.Results)
	case session.Reopen:
		return l.store.Reopen(a.Above)
	case session.Reinstall:
		inst, outbox, next, err := l.store.Reinstall()
		if err != nil {
			return err
		}
		l.device.Reinstalled(inst, outbox, next)
	case session.Renew:
		if err := l.store.SetLease(a.Lease, a.HubTime); err != nil {
			// A disk that is full must not keep what people touched from the hub.
			l.cfg.Log.WarnContext(l.ctx, "lease not stored", "error", err)
		}
		if l.events.Clock != nil {
			l.events.Clock(a.HubTime)
		}
		if l.events.Lease != nil {
			l.events.Lease(a.Lease)
		}
	case session.Trust:
		if l.events.Trust != nil {
			l.events.Trust(a.Keys)
		}
	case session.Clock:
		if l.events.Clock != nil {
			l.events.Clock(a.HubTime)
		}
	case session.Pictures:
		l.setAssets(a.Assets)
		l.wakePhotos()
	case session.Obey:
		status, info := "refused", "not known"
		if l.events.Obey != nil {
			status, info = l.events.Obey(a.Cmd)
		}
		l.run(l.device.Obeyed(a.Cmd.ID, status, info))
	case session.Wipe:
		l.wipeLeft = l.store.Wipe()
		return l.wipeLeft
	}
	return nil
}

func (l *loop) send(m wire.Message) error {
	if l.conn == nil {
		return errors.New("not connected")
	}
	return l.conn.write(m)
}

// hangUp closes the connection, if there is one, and waits for its reader.
func (l *loop) hangUp(code wire.CloseCode, why string) {
	if l.conn != nil {
		l.conn.close(code, why)
		l.conn = nil
		l.setAssets(wire.Assets{})
	}
}

// lost tells the session that the connection is gone.
func (l *loop) lost(code wire.CloseCode) {
	l.hangUp(wire.CloseGoingAway, "")
	l.run(l.device.Lost(l.now(), code))
}

func (l *loop) received(in incoming) {
	switch {
	case in.err != nil:
		theirs, ours := ended(in.err)
		code := cmp.Or(theirs, ours)
		l.cfg.Log.InfoContext(l.ctx, "session lost", "code", code.String(), "error", in.err)
		if ours != 0 {
			l.hangUp(ours, "message refused")
		}
		l.lost(code)
	case in.message == nil:
		l.device.Heard(l.now())
	default:
		l.run(l.device.Received(l.now(), in.message))
	}
}

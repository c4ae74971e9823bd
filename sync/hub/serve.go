package hub

import (
	"context"
	"errors"
	"time"

	"tavle/sync/hub/store"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// do carries out what a session wants done with the store. It runs in the
// connection's reader, so a screen's messages are dealt with one after the
// other.
func (c *conn) do(ctx context.Context, a session.Action) {
	switch a := a.(type) {
	case session.Identify:
		c.identify(ctx, a.Hello)
	case session.Mutate:
		c.mutate(ctx, a)
	case session.Confirmed:
		c.confirmed(a.At)
		c.hub.notes.acked(c.device, a.At, c.hub.now())
	case session.Release:
		c.hub.notes.release(store.Inst{Device: c.device.ID, Inst: a.Inst}, a.Seq)
	case session.Alarm:
		c.hub.resyncs.Add(1)
		count(c.hub.meters.resyncs, reason(a.Why))
		c.hub.log.WarnContext(ctx, "screen asks for a whole board", "device", c.device.ID, "board", c.device.Board, "reason", reason(a.Why))
	case session.Report:
		c.hub.healths.reported(c.device.ID, a.Stat, c.hub.now())
		c.hub.log.DebugContext(ctx, "screen reports", "device", c.device.ID, "outbox", a.Stat.Outbox,
			"assets_missing", a.Stat.AssetsMissing, "temp_c", a.Stat.TempC, "disk_free_mb", a.Stat.DiskFreeMB)
	case session.Emptied:
		err := c.hub.emptied(ctx, a)
		if err != nil {
			c.hub.log.ErrorContext(ctx, "receipt of a wipe not stored", "device", a.Device, "error", err)
		}
		c.ask(ctx, func(s *session.Hub, _ time.Time) []session.Action { return s.Noted(err == nil) })
	case session.Finish:
		c.hub.log.InfoContext(ctx, "command done", "device", c.device.ID)
	}
}

// reason returns what a screen may give as a reason, and nothing else it says.
func reason(why string) string {
	switch why {
	case "gap", "sum", "corrupt", "operator":
		return why
	}
	return "other"
}

// badProof is what to look at when a screen that is known is not believed.
const badProof = "it has another key, or dials the hub by a name that is not among its hosts"

// identify finds out who says hello and lets the session decide.
func (c *conn) identify(ctx context.Context, hello wire.Hello) {
	g, id, err := c.lookUp(ctx, hello)
	if err != nil {
		c.hub.log.ErrorContext(ctx, "screen not looked up", "error", err)
		c.close(wire.CloseTryLater, "try later")
		return
	}
	d := g.known.Device
	c.ask(ctx, func(s *session.Hub, now time.Time) []session.Action { return s.Identified(now, id) })
	c.state.Lock()
	serving, code := c.state.session.Serving(), c.state.closing
	c.state.Unlock()
	if !serving {
		// With its class, and without anything the other end said about itself.
		if why := denialOf(code, d.ID != ""); why != "" { // else it is the hub that ends
			log := c.deny(why)
			if why == deniedProof {
				log = log.With("hint", badProof)
			}
			log.WarnContext(ctx, "screen refused", "device", d.ID)
		}
		return
	}
	c.hub.healths.greeted(d.ID, hello.Build)
	if err := c.admit(ctx, g, hello.Boot); err != nil {
		c.hub.log.ErrorContext(ctx, "screen not admitted", "device", d.ID, "error", err)
		c.close(wire.CloseTryLater, "try later")
		return
	}
	c.hub.log.InfoContext(ctx, "screen live", "device", d.ID, "board", d.Board, "at", id.Head.String())
}

// admit makes this the connection of a screen that has proved to be it.
func (c *conn) admit(ctx context.Context, g *greeting, boot string) error {
	d := g.known.Device
	c.device = d
	sought := c.hub.clients.identified(c)
	c.hub.tell(store.Hint{Device: d.ID, Session: c.name})
	if sought != g.sought {
		// Whoever revoked or moved the screen since it was looked up could not
		// find this connection; from now on they can.
		now, err := c.hub.device(ctx, d.ID)
		if err != nil {
			return err
		}
		c.recheck(now)
	}
	c.device = c.hub.booted(d, boot)
	c.hub.notes.seen(d.ID, c.hub.now())
	c.feed.join(c)
	return nil
}

// recheck closes the connection if the screen may not have it any more.
func (c *conn) recheck(now store.Device) {
	switch {
	case now.Revoked:
		c.close(wire.CloseRevoked, "revoked")
	case now.Board != c.feed.id, !now.Key.Equal(c.key):
		c.close(wire.CloseMoved, "moved")
	}
}

// lookUp returns what is known about whoever says hello. An unknown one is no
// error.
func (c *conn) lookUp(ctx context.Context, hello wire.Hello) (g *greeting, id session.Identity, err error) {
	if hello.Device == "" || len(hello.Device) > maxName || hello.Inst == "" || len(hello.Inst) > maxName || len(hello.Boot) > maxName {
		return new(greeting), id, nil
	}
	h, inst := c.hub, store.Inst{Device: hello.Device, Inst: hello.Inst}
	g = h.lookUp(inst)
	d := g.known.Device
	if g.err != nil || d.ID == "" || d.Revoked {
		return g, session.Identity{Known: d.ID != "", Revoked: d.Revoked, Key: d.Key, Board: d.Board}, g.err
	}
	c.feed = h.feeds.hold(d.Board)
	if h.due(d.Board) || h.feeds.unheardSoFar() != g.unheard {
		// What there was to hear of the board before it was held is read.
		if err := h.freshen(ctx, d.Board); err != nil {
			return g, id, err
		}
		if g = h.lookUp(inst); g.err != nil {
			return g, id, g.err
		}
		if g.known.Device.Board != d.Board { // moved meanwhile: it may come again
			return g, id, errMoved
		}
	}
	k := g.known
	c.key = k.Device.Key
	c.feed.advance(k.Head.Position)
	return g, session.Identity{
		Known: true, Revoked: k.Device.Revoked, Key: k.Device.Key, Board: d.Board, Head: k.Head.Position, LastSeq: k.LastSeq, Results: k.Results,
		Grant: func() session.Grant { return h.grant(holderOf(d.ID, d.Board, k.Device.Key)) },
	}, nil
}

// errMoved says that a screen came to show another board while it was looked up.
var errMoved = errors.New("moved meanwhile")

// maxName is the longest name a screen, an installation or a start may have.
const maxName = 64

// booted notes that a screen has started afresh, and when it was heard before:
// what was touched before the start is not older than that, as far as anybody
// knows.
func (h *Hub) booted(d store.Device, started string) store.Device {
	if started != "" && started == d.Boot {
		return d
	}
	d.Boot, d.Before = started, d.Seen
	h.notes.booted(d.ID, boot{d.Boot, d.Before})
	return d
}

// device returns a screen by its ID.
func (h *Hub) device(ctx context.Context, id string) (d store.Device, err error) {
	err = h.store.View(ctx, h.itself(), func(v store.View) error {
		d, err = v.Device(ctx, id)
		return err
	})
	return d, err
}

// mutate applies what residents did and answers.
func (c *conn) mutate(ctx context.Context, m session.Mutate) {
	results, gap, err := c.hub.receive(ctx, c.device, m.Inst, m.Muts)
	for _, r := range results {
		count(c.hub.meters.mutations, string(r.Outcome))
	}
	c.step(func(s *session.Hub, _ time.Time) []session.Action { return s.Answered(results) })
	switch {
	case errors.Is(err, errShutOut):
		if now, err := c.hub.device(ctx, c.device.ID); err == nil {
			c.recheck(now)
		}
		c.close(wire.CloseTryLater, "try later") // unless that has said more
	case err != nil:
		c.hub.log.ErrorContext(ctx, "mutation not stored", "device", c.device.ID, "error", err)
		c.close(wire.CloseTryLater, "try later")
	case gap:
		c.step(func(s *session.Hub, _ time.Time) []session.Action { return s.Gap() })
	}
}

package hub

import (
	"sync"
	"time"

	"tavle/sync/session"
	"tavle/sync/wire"
)

// drainRate is how many screens per second come back to a hub that restarts.
const drainRate = 300

// clients are the open connections.
type clients struct {
	sync.Mutex
	open      bool   // more are let in
	strangers int    // let in and not identified
	sought    uint64 // how often there was a seek
	all       map[*conn]struct{}
	devices   map[string]*conn // that have proved who they are
}

// add notes a connection and reports whether the hub still lets any in.
func (cs *clients) add(c *conn) bool {
	cs.Lock()
	defer cs.Unlock()
	if cs.all == nil {
		cs.all, cs.devices = map[*conn]struct{}{}, map[string]*conn{}
	}
	cs.all[c] = struct{}{}
	return cs.open
}

// identified makes c the connection of its screen. An older one of the same
// screen is told that it was replaced. It returns how often anybody has looked
// for a connection: whoever has not found this one did before that.
func (cs *clients) identified(c *conn) (sought uint64) {
	cs.Lock()
	sought = cs.sought
	cs.strangers--
	old := cs.devices[c.device.ID]
	cs.devices[c.device.ID] = c
	cs.Unlock()
	if old != nil && old != c {
		old.close(wire.CloseReplaced, "replaced")
	}
	return sought
}

func (cs *clients) remove(c *conn) {
	cs.Lock()
	defer cs.Unlock()
	delete(cs.all, c)
	switch {
	case c.device.ID == "":
		cs.strangers--
	case cs.devices[c.device.ID] == c:
		delete(cs.devices, c.device.ID)
	}
}

// of returns the connection of a screen, or nil.
func (cs *clients) of(device string) *conn {
	cs.Lock()
	defer cs.Unlock()
	return cs.devices[device]
}

// seek returns the connection of a screen about which something has changed, or
// nil: then the screen is looked up again when it has one.
func (cs *clients) seek(device string) *conn {
	cs.Lock()
	defer cs.Unlock()
	cs.sought++
	return cs.devices[device]
}

// soughtSoFar returns how often anybody has looked for a connection.
func (cs *clients) soughtSoFar() uint64 {
	cs.Lock()
	defer cs.Unlock()
	return cs.sought
}

// list returns the open connections.
func (cs *clients) list() []*conn {
	cs.Lock()
	defer cs.Unlock()
	out := make([]*conn, 0, len(cs.all))
	for c := range cs.all {
		out = append(out, c)
	}
	return out
}

// enter counts a connection in, if the hub runs and is not stormed by
// strangers. Whoever was let in calls work.Done at the end.
func (h *Hub) enter() bool {
	h.clients.Lock()
	defer h.clients.Unlock()
	if !h.clients.open || h.clients.strangers >= maxStrangers {
		return false
	}
	h.clients.strangers++
	h.work.Add(1)
	h.crowds.entered()
	return true
}

// giveUp counts out a connection that did not come about.
func (h *Hub) giveUp() {
	h.clients.Lock()
	defer h.clients.Unlock()
	h.clients.strangers--
	h.work.Done()
}

// setOpen lets connections in, or no more.
func (cs *clients) setOpen(open bool) {
	cs.Lock()
	defer cs.Unlock()
	cs.open = open
}

// isOpen reports whether the hub serves.
func (cs *clients) isOpen() bool {
	cs.Lock()
	defer cs.Unlock()
	return cs.open
}

// tellKeys says to every screen by what it knows the hub from now on, with a fresh
// lease beside it, and notes who was there to hear it.
func (h *Hub) tellKeys() {
	for _, c := range h.clients.list() {
		c.step(func(s *session.Hub, _ time.Time) []session.Action {
			if !s.Serving() {
				return nil // the welcome says it
			}
			h.notes.seen(s.Device(), h.now())
			return []session.Action{session.Lend{}}
		})
	}
}

// drain sends every screen away.
func (h *Hub) drain() {
	conns := h.clients.list()
	for _, c := range conns {
		c.step(h.goodbye(len(conns)))
	}
}

// goodbye sends a screen away to come back in its turn, one of n.
func (h *Hub) goodbye(n int) sessionStep {
	spread := time.Duration(n) * time.Second / drainRate
	return func(s *session.Hub, _ time.Time) []session.Action { return s.Drain(time.Second, spread) }
}

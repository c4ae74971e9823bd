package sim

import (
	"bytes"
	"time"

	"tavle/sync/wire"
)

// The directions of a cable.
const (
	up   = 0 // from the screen
	down = 1
)

// A link is how one screen is connected to the world. Its state holds for every
// connection over it, old and new.
type link struct {
	cut   bool         // carries nothing, and nobody is told
	stall [2]time.Time // a direction that carries nothing until then
	slow  bool         // the screen takes a frame in seconds
}

// A cable is one connection. What one end writes arrives at the other, in order
// and later, or never.
type cable struct {
	w      *world
	device *device // nil once this end is gone
	boot   int     // of the device
	hub    *hubEnd // nil likewise
	link   *link
	queue  [2][]parcel
	busy   [2]bool // a delivery is planned
	hole   [2]bool // for ever, as when the machine at the other end lost power
}

// A parcel is what travels.
type parcel struct {
	at    time.Time // earliest arrival
	kind  parcelKind
	bytes []byte
	zip   bool
	code  wire.CloseCode
}

type parcelKind uint8

const (
	message parcelKind = iota
	ping
	pong
	closing // a close frame, or the end of the stream
	reset
)

// send puts a parcel on its way.
func (c *cable) send(dir int, p parcel) {
	delay := c.w.between(time.Millisecond, 40*time.Millisecond)
	if c.link.slow && dir == down {
		delay = c.w.between(100*time.Millisecond, 6*time.Second)
	}
	p.at = c.w.now.Add(delay)
	if n := len(c.queue[dir]); n > 0 && c.queue[dir][n-1].at.After(p.at) {
		p.at = c.queue[dir][n-1].at
	}
	c.queue[dir] = append(c.queue[dir], p)
	c.carry(dir)
}

// carry plans the next delivery.
func (c *cable) carry(dir int) {
	if c.busy[dir] || c.link.cut || c.hole[dir] || len(c.queue[dir]) == 0 {
		return // who mends the link calls again
	}
	c.busy[dir] = true
	at := c.queue[dir][0].at
	if c.link.stall[dir].After(at) {
		at = c.link.stall[dir]
	}
	c.w.at(at, func() {
		c.busy[dir] = false
		if c.link.cut || c.hole[dir] || len(c.queue[dir]) == 0 {
			return
		}
		if p := c.queue[dir][0]; !c.w.now.Before(p.at) && !c.w.now.Before(c.link.stall[dir]) {
			c.queue[dir] = c.queue[dir][1:]
			c.deliver(dir, p)
		}
		c.carry(dir)
	})
}

func (c *cable) deliver(dir int, p parcel) {
	if dir == up && c.hub != nil {
		c.hub.arrived(p)
	} else if dir == down && c.device != nil {
		d := c.device
		h := c.hub
		d.arrived(c, p)
		if h != nil {
			h.taken()
		}
	} else if p.kind != reset && (dir == up || c.there()) {
		c.send(1-dir, parcel{kind: reset}) // nobody listens there
	}
}

// there reports whether the screen's machine is on to answer that nobody listens.
func (c *cable) there() bool {
	for _, d := range c.w.devices {
		if d.link == c.link {
			return d.on
		}
	}
	return false
}

// inFlight returns how many messages are on their way down.
func (c *cable) inFlight() int { return len(c.queue[down]) }

// encode is the way of every message through the codec.
func (w *world) encode(dir int, m wire.Message) []byte {
	b, err := wire.Encode(m)
	if err != nil {
		w.fail("codec", "%s does not encode: %v", m.Type(), err)
	}
	if dir == down {
		w.out.Bytes += len(b)
	}
	if bytes.Contains(b, []byte(canary)) {
		w.fail("minimisation", "a %s message holds something of the house", m.Type())
	}
	return b
}

func (w *world) decode(dir int, p parcel) wire.Message {
	b, err := p.bytes, error(nil)
	if p.zip {
		b, err = wire.Inflate(b)
	}
	var m wire.Message
	if err == nil && dir == down {
		m, err = wire.DecodeFromHub(b)
	} else if err == nil {
		m, err = wire.DecodeFromDevice(b)
	}
	if err != nil {
		w.fail("codec", "message does not decode: %v", err)
	}
	return m
}

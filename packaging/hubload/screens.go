package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"tavle/sync/record"
	"tavle/sync/wire"
)

// screens is the protocol of the channel, as wall screens speak it: each proves
// who it is, takes the board and what changes of it, sees to it that nothing is
// missing, and confirms. What many are sent alike is decoded once.
type screens struct {
	signers []*signer
	gzip    bool // they read compressed snapshots, as real ones do
	mute    bool // they confirm nothing
	boards  map[string]*board
	arrived func(c *conn, from, to uint64) // the changes after from, up to to
	faults  map[string]int                 // what must not happen, how often
}

// A board is what the screens of one board have been sent.
type board struct {
	epoch record.Epoch
	parts []part // of the newest snapshot
	news  []news // the newest deltas
	rows  map[record.Key]uint64
	at    uint64 // what rows is
	sums  map[uint64]string
	ack   []byte // of ackAt
	ackAt uint64
}

// A part is one part of a snapshot, news one delta: as sent, and as read.
type (
	part struct {
		raw []byte
		wire.Snap
	}
	news struct {
		raw []byte
		wire.Delta
	}
)

// open implements [protocol].
func (s *screens) open(c *conn) {
	c.part, c.board = 0, nil
	if err := c.write([]byte(upgrade)); err != nil {
		c.e.fail(c, err)
	}
}

// take implements [protocol].
func (s *screens) take(c *conn, b []byte) (taken int, err error) {
	if c.phase == greeting {
		if taken, err = upgraded(b); taken == 0 || err != nil {
			return 0, err
		}
		c.phase = waiting
	}
	for {
		op, payload, n, err := frame(b[taken:])
		if err != nil || n == 0 {
			return taken, err
		}
		taken += n
		switch op {
		case text:
			err = s.heard(c, payload)
		case packed:
			if payload, err = wire.Inflate(payload); err == nil {
				err = s.heard(c, payload)
			}
		case ping:
			err = c.write(masked(pong, payload))
		case bye:
			err = fmt.Errorf("closed by the hub: %q", payload[min(2, len(payload)):])
		}
		if err != nil {
			return taken, err
		}
	}
}

var errOdd = errors.New("a message that is not understood")

// heard takes one message.
func (s *screens) heard(c *conn, b []byte) error {
	kind, rest, ok := bytes.Cut(bytes.TrimPrefix(b, []byte(`{"t":"`)), []byte(`"`))
	if !ok {
		return errOdd
	}
	switch string(kind) {
	case "challenge":
		return s.hello(c, between(rest, `"nonce":"`))
	case "welcome":
		id := between(rest, `"board":{"id":"`)
		if c.board = s.boards[id]; c.board == nil {
			c.board = &board{sums: map[uint64]string{}}
			s.boards[id] = c.board
		}
	case "snap":
		return s.snap(c, b)
	case "delta":
		return s.delta(c, b)
	}
	return nil // the time, a lease
}

// between returns what stands in b from a mark up to the next quote.
func between(b []byte, mark string) string {
	_, b, _ = bytes.Cut(b, []byte(mark))
	b, _, _ = bytes.Cut(b, []byte(`"`))
	return string(b)
}

// hello says who the screen is.
func (s *screens) hello(c *conn, nonce string) error {
	h := wire.Hello{
		Device: deviceName(c.n), Inst: "i", NextSeq: 1, Build: "load", Schema: [2]int{1, 1}, Boot: "b",
	}
	if s.gzip {
		h.Enc = []string{"gzip"}
	}
	h.Sig = s.signers[c.n].sign(wire.HelloProof(nonce, hostName, h.Device, h.Inst))
	b, err := wire.Encode(h)
	if err != nil {
		return err
	}
	return c.write(masked(text, b))
}

// snap takes one part of a whole board.
func (s *screens) snap(c *conn, b []byte) error {
	o := c.board
	if o == nil {
		return errOdd
	}
	if c.part >= len(o.parts) || !bytes.Equal(o.parts[c.part].raw, b) {
		p := part{raw: bytes.Clone(b)}
		if err := json.Unmarshal(b, &p.Snap); err != nil || p.Part != c.part || p.Part > len(o.parts) {
			return errOdd
		}
		o.parts = append(o.parts[:c.part], p)
		if p.Last {
			if err := o.replace(); err != nil {
				s.faults[err.Error()]++
			}
		}
	}
	p := &o.parts[c.part]
	if c.part++; !p.Last {
		return nil
	}
	c.part = 0
	c.has(p.Rev)
	return s.confirm(c)
}

// replace makes the rows those of the snapshot.
func (o *board) replace() error {
	o.rows = map[record.Key]uint64{}
	last := o.parts[len(o.parts)-1]
	o.epoch, o.at = last.Epoch, last.Rev
	for _, p := range o.parts {
		if p.Epoch != last.Epoch || p.Rev != last.Rev {
			return errors.New("parts of different boards")
		}
		if err := o.apply(p.Rows); err != nil {
			return err
		}
	}
	return o.check(last.Rev, last.Sum)
}

// delta takes what changed.
func (s *screens) delta(c *conn, b []byte) error {
	o := c.board
	if o == nil || c.phase != live {
		return errOdd
	}
	var d *wire.Delta
	for i := range o.news {
		if bytes.Equal(o.news[i].raw, b) {
			d = &o.news[i].Delta
		}
	}
	if d == nil {
		n := news{raw: bytes.Clone(b)}
		if err := json.Unmarshal(b, &n.Delta); err != nil {
			return errOdd
		}
		d = &n.Delta
		if err := o.follow(d); err != nil {
			s.faults[err.Error()]++
		}
		if o.news = append(o.news, n); len(o.news) > 16 {
			o.news = o.news[1:]
		}
	}
	switch {
	case d.Epoch != o.epoch, d.From > c.at:
		s.faults["gap"]++
	case d.Rev > c.at:
		from := c.at
		c.at = d.Rev
		s.arrived(c, from, d.Rev)
		return s.confirm(c)
	}
	return nil
}

// follow applies a delta that nobody has had before.
func (o *board) follow(d *wire.Delta) error {
	switch {
	case d.Rev <= o.at, d.From > o.at: // others were told more at once
		if sum, ok := o.sums[d.Rev]; ok && sum != d.Sum {
			return errors.New("two sums of one board")
		}
		o.sums[d.Rev] = d.Sum
		return nil
	}
	o.at = d.Rev
	if err := o.apply(d.Ops); err != nil {
		return err
	}
	return o.check(d.Rev, d.Sum)
}

func (o *board) apply(ops []wire.RowOp) error {
	list, err := wire.Ops(ops)
	if err != nil {
		return err
	}
	for _, op := range list {
		delete(o.rows, op.Key)
		if !op.Delete {
			o.rows[op.Key] = op.Hash()
		}
	}
	return nil
}

// check holds the rows against the sum the hub says they have.
func (o *board) check(at uint64, sum string) error {
	var is record.Sum
	for _, h := range o.rows {
		is = is.Add(h)
	}
	was, ok := o.sums[at]
	o.sums[at] = sum
	if is.String() != sum || ok && was != sum {
		return errors.New("sum")
	}
	return nil
}

// confirm sees to it that what is on the glass is confirmed.
func (s *screens) confirm(c *conn) error {
	if s.mute {
		return nil
	}
	return c.confirm()
}

// answer implements [protocol].
func (s *screens) answer(c *conn) error {
	o := c.board
	if o.ackAt != c.at || o.ack == nil {
		b, err := wire.Encode(wire.Ack{Epoch: o.epoch, Rev: c.at})
		if err != nil {
			return err
		}
		o.ack, o.ackAt = masked(text, b), c.at
	}
	return c.write(o.ack)
}

// hostName is what the screens call the hub, and deviceName what it calls them.
const hostName = "hub.test"

func deviceName(n int) string { return "load-" + strconv.Itoa(n) }

// A progress follows changes, counted from 1, on their way to n connections.
type progress struct {
	n          int
	base       uint64 // what the connections had before the first of them
	sent       []time.Time
	reached    []int // how many have change i+1
	took       []time.Duration
	whole      int // changes that everybody has
	deliveries int
}

// send notes that the next change is made now.
func (p *progress) send() {
	p.sent = append(p.sent, time.Now())
	p.reached = append(p.reached, 0)
}

// arrived notes what a connection got.
func (p *progress) arrived(_ *conn, from, to uint64) {
	p.deliveries++
	for i := max(from, p.base) - p.base; i < to-p.base && int(i) < len(p.reached); i++ {
		if p.reached[i]++; p.reached[i] == p.n {
			p.took = append(p.took, time.Since(p.sent[i]))
			p.whole++
		}
	}
}

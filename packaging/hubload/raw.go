package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
)

// The yardstick: a server that does as little as one can. It sends every
// connection the same snapshot, and each change by one loop of plain writes. It
// knows nobody, proves nothing, remembers nothing. A message is its length in
// four bytes, the number of the change in eight, and the rest.

// rawMessage returns change number n, size bytes in all.
func rawMessage(n uint64, size int) []byte {
	b := make([]byte, max(size, 12))
	binary.BigEndian.PutUint32(b, uint32(len(b)-4))
	binary.BigEndian.PutUint64(b[4:], n)
	return b
}

// A rawServer is that server.
type rawServer struct {
	snapshot, change int // bytes
	wg               sync.WaitGroup
	state            struct {
		sync.Mutex
		n     uint64
		conns map[net.Conn]struct{}
	}
}

func (r *rawServer) serve(l net.Listener) error {
	r.state.conns = map[net.Conn]struct{}{}
	for {
		c, err := l.Accept()
		if err != nil {
			r.wg.Wait()
			return err
		}
		r.wg.Go(func() { r.one(c) })
	}
}

// one serves one connection: after its first word it gets the board, and what
// else it says is read and forgotten.
func (r *rawServer) one(c net.Conn) {
	defer c.Close()
	word := make([]byte, 64)
	if _, err := io.ReadFull(c, word[:4]); err != nil {
		return
	}
	r.state.Lock()
	n := r.state.n
	r.state.conns[c] = struct{}{}
	r.state.Unlock()
	_, err := c.Write(rawMessage(n, r.snapshot))
	for err == nil {
		_, err = c.Read(word)
	}
	r.state.Lock()
	delete(r.state.conns, c)
	r.state.Unlock()
}

// publish writes the next change to everybody.
func (r *rawServer) publish() {
	r.state.Lock()
	defer r.state.Unlock()
	r.state.n++
	b := rawMessage(r.state.n, r.change)
	for c := range r.state.conns {
		_, _ = c.Write(b) // whoever is gone is counted by the load
	}
}

// plain is the protocol of the yardstick. It implements [protocol].
type plain struct {
	word    []byte // what is answered, or nothing
	arrived func(c *conn, from, to uint64)
	faults  map[string]int
}

func (p *plain) open(c *conn) {
	c.phase = waiting
	if err := c.write([]byte("home")); err != nil {
		c.e.fail(c, err)
	}
}

func (p *plain) take(c *conn, b []byte) (taken int, err error) {
	for {
		rest := b[taken:]
		if len(rest) < 12 {
			return taken, nil
		}
		size := int(binary.BigEndian.Uint32(rest)) + 4
		switch {
		case size > 1<<20:
			return taken, fmt.Errorf("a message of %d bytes", size)
		case len(rest) < size:
			return taken, nil
		}
		taken += size
		n := binary.BigEndian.Uint64(rest[4:])
		switch {
		case c.phase == waiting:
			c.has(n)
		case n != c.at+1:
			p.faults["gap"]++
		default:
			c.at = n
			p.arrived(c, n-1, n)
		}
		if p.word != nil {
			if err := c.confirm(); err != nil {
				return taken, err
			}
		}
	}
}

func (p *plain) answer(c *conn) error { return c.write(p.word) }

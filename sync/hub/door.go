package hub

import (
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// maxKnocking is how many connections are made secure at the same time. TLS
	// costs more than all that follows: when a thousand screens come back at
	// once, those that are let in are done within their ten seconds, and the rest
	// wait where it costs nothing, in the kernel's queue.
	maxKnocking = 256
	// knockTime is how long one may hold its place: whoever connects and says
	// nothing keeps nobody out for longer.
	knockTime = 2 * time.Second
)

// A door is a listener that lets in as many at a time as can be dealt with.
type door struct {
	net.Listener
	places chan struct{}
	once   sync.Once
	closed chan struct{}
}

func newDoor(l net.Listener) *door {
	return &door{Listener: l, places: make(chan struct{}, maxKnocking), closed: make(chan struct{})}
}

// Accept implements [net.Listener]: it waits for a place, and then for somebody.
func (d *door) Accept() (net.Conn, error) {
	select {
	case d.places <- struct{}{}:
	case <-d.closed:
		return nil, net.ErrClosed
	}
	c, err := d.Listener.Accept()
	if err != nil {
		<-d.places
		return nil, err
	}
	k := &knocking{Conn: c}
	k.in = sync.OnceFunc(func() { <-d.places })
	k.late = time.AfterFunc(knockTime, k.in)
	return k, nil
}

// Close implements [net.Listener].
func (d *door) Close() error {
	d.once.Do(func() { close(d.closed) })
	return d.Listener.Close()
}

// knocked is the server's: a connection that has said something over TLS, or is
// gone, needs its place no more.
func (d *door) knocked(c net.Conn, state http.ConnState) {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	if k, ok := c.(*knocking); ok && state != http.StateNew && k.late != nil {
		k.late.Stop()
		k.in()
		k.in, k.late = nil, nil // a connection lasts for days
	}
}

// A knocking is a connection that holds a place at the door.
type knocking struct {
	net.Conn
	in   func() // gives the place back, once
	late *time.Timer
}

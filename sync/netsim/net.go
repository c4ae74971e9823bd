// Package netsim is a network in memory whose links can be cut, for tests of
// both ends of the channel inside a testing/synctest bubble. It knows nothing
// of what travels.
package netsim

import (
	"context"
	"errors"
	"net"
	"sync"
)

// ErrDown is what a dial returns while the link is cut.
var ErrDown = errors.New("netsim: link is down")

// A Net is a listener that is dialled through links.
type Net struct {
	accept chan net.Conn
	done   chan struct{}
	once   sync.Once
}

// New returns a network with one listener.
func New() *Net { return &Net{accept: make(chan net.Conn), done: make(chan struct{})} }

// Accept implements [net.Listener].
func (n *Net) Accept() (net.Conn, error) {
	select {
	case c := <-n.accept:
		return c, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (n *Net) Close() error {
	n.once.Do(func() { close(n.done) })
	return nil
}

// Addr implements [net.Listener].
func (n *Net) Addr() net.Addr { return addr{} }

type addr struct{}

func (addr) Network() string { return "netsim" }
func (addr) String() string  { return "netsim" }

// Link returns a new link to the listener, up.
func (n *Net) Link() *Link { return &Link{net: n} }

// A Link is one screen's cable. Its Dial fits websocket.Dialer and
// http.Transport.
type Link struct {
	net   *Net
	state struct {
		sync.Mutex
		down bool
		live map[net.Conn]bool
	}
}

// Dial opens a connection over the link.
func (l *Link) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if l.isDown() {
		return nil, ErrDown
	}
	a, b := net.Pipe()
	select {
	case l.net.accept <- b:
	case <-l.net.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l.state.Lock()
	defer l.state.Unlock()
	if l.state.down {
		_ = a.Close()
		return nil, ErrDown
	}
	if l.state.live == nil {
		l.state.live = map[net.Conn]bool{}
	}
	c := &conn{Conn: a, link: l}
	l.state.live[c] = true
	return c, nil
}

func (l *Link) isDown() bool {
	l.state.Lock()
	defer l.state.Unlock()
	return l.state.down
}

// Cut takes the link down: every connection over it breaks, and none opens.
func (l *Link) Cut() {
	l.state.Lock()
	l.state.down = true
	live := l.state.live
	l.state.live = nil
	l.state.Unlock()
	for c := range live {
		_ = c.Close()
	}
}

// Heal brings the link up again.
func (l *Link) Heal() {
	l.state.Lock()
	defer l.state.Unlock()
	l.state.down = false
}

type conn struct {
	net.Conn
	link *Link
}

func (c *conn) Close() error {
	c.link.state.Lock()
	delete(c.link.state.live, c)
	c.link.state.Unlock()
	return c.Conn.Close()
}

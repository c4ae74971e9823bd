package e2e

import (
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A proxy is a bad network between screens and a hub: it can hold back either
// direction without anybody being told, let only a trickle through, and cut
// every connection at once.
type proxy struct {
	listener net.Listener
	work     sync.WaitGroup

	state struct {
		sync.Mutex
		target string // where the hub is; "": nowhere
		pairs  map[net.Conn]net.Conn
		held   [2]bool // up: from screens to the hub; down
		slow   bool    // a few bytes at a time
		moved  chan struct{}
	}
}

// The directions of a proxy.
const (
	up   = 0
	down = 1
)

// newProxy returns a proxy to a hub at target.
func newProxy(t testing.TB, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: l}
	p.state.target, p.state.pairs, p.state.moved = target, map[net.Conn]net.Conn{}, make(chan struct{})
	p.work.Go(p.accept)
	t.Cleanup(func() {
		_ = l.Close()
		p.change(func() { p.state.held, p.state.target = [2]bool{}, "" })
		p.cut()
		p.work.Wait()
	})
	return p
}

// addr returns where screens dial.
func (p *proxy) addr() string { return p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		from, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.state.Lock()
		target := p.state.target
		p.state.Unlock()
		to, err := net.Dial("tcp", target)
		if err != nil {
			_ = from.Close()
			continue
		}
		p.state.Lock()
		p.state.pairs[from] = to
		p.state.Unlock()
		p.work.Go(func() { p.carry(from, to, up) })
		p.work.Go(func() { p.carry(to, from, down) })
	}
}

// carry carries bytes one way until either end closes.
func (p *proxy) carry(from, to net.Conn, way int) {
	defer func() {
		_ = from.Close()
		_ = to.Close()
	}()
	buf := make([]byte, 4<<10)
	for {
		b := buf
		if p.wait(way) {
			b = buf[:7]
		}
		n, err := from.Read(b)
		if p.wait(way); n > 0 {
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// wait waits while a direction is held, and reports whether it is slow.
func (p *proxy) wait(way int) (slow bool) {
	for {
		p.state.Lock()
		held, moved := p.state.held[way], p.state.moved
		slow = p.state.slow
		p.state.Unlock()
		if !held {
			return slow
		}
		<-moved
	}
}

// change changes how the network is.
func (p *proxy) change(f func()) {
	p.state.Lock()
	defer p.state.Unlock()
	f()
	close(p.state.moved)
	p.state.moved = make(chan struct{})
}

// cut resets every connection, as a router does that is switched off and on.
func (p *proxy) cut() {
	p.state.Lock()
	defer p.state.Unlock()
	for a, b := range p.state.pairs {
		for _, c := range []net.Conn{a, b} {
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
		}
	}
	clear(p.state.pairs)
}

// What is held arrives later, in order and whole; what is cut does not.
func TestProxyHoldsAndCuts(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	p := newProxy(t, l.Addr().String())
	near, err := net.Dial("tcp", p.addr())
	require.NoError(t, err)
	far, err := l.Accept()
	require.NoError(t, err)
	defer func() { _ = far.Close() }()

	p.change(func() { p.state.held[up], p.state.slow = true, true })
	_, err = near.Write([]byte("held back for a moment"))
	require.NoError(t, err)
	require.NoError(t, far.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	_, err = far.Read(make([]byte, 1))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	p.change(func() { p.state.held[up] = false })
	require.NoError(t, far.SetReadDeadline(time.Now().Add(patience)))
	got := make([]byte, 22)
	_, err = io.ReadFull(far, got)
	require.NoError(t, err)
	require.Equal(t, "held back for a moment", string(got))

	p.cut()
	_, err = far.Read(got)
	require.Error(t, err)
	_ = near.Close()
}

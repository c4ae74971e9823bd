package main

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// An engine drives many connections from one goroutine: no goroutine, no timer
// and no buffer for one that is idle, so that what the load itself costs is
// small and the same whatever is loaded.
type engine struct {
	to       *unix.SockaddrInet4
	from     []unix.SockaddrInet4
	protocol protocol
	poll     int
	events   []unix.EpollEvent
	in       []byte
	conns    []*conn
	fds      map[int32]*conn
	opening  int // connections on their way to being ready
	ready    int
	dead     map[string]int // why, how often
	answers  []answer       // of the last second, in order
}

// A protocol is what is spoken over a connection.
type protocol interface {
	// open says the first word, once there is a connection.
	open(c *conn)
	// take takes what has arrived as far as it is whole, and returns how many
	// bytes that was.
	take(c *conn, b []byte) (int, error)
	// answer confirms what has come last.
	answer(c *conn) error
}

// answerEvery is how often a connection confirms what it gets at most, as a wall
// screen does.
const answerEvery = time.Second

// An answer was given by a connection at a time.
type answer struct {
	c  *conn
	at time.Time
}

// A conn is one connection of the load.
type conn struct {
	e     *engine
	n     int // counts from 0
	fd    int
	phase phase
	in    []byte // of a message that is not whole yet
	out   []byte // what the kernel has not taken yet
	at    uint64 // the last change it has
	board *board // of a screen, once it is known
	part  int    // of a snapshot that comes next

	answered bool // less than answerEvery ago
	owes     bool // and something has come since
}

type phase uint8

const (
	closed phase = iota
	dialling
	greeting // what is first said is being said
	waiting  // for the first picture of the board
	live
)

// newEngine returns an engine for n connections to a loopback address; to load
// any other it refuses.
func newEngine(to netip.AddrPort, n int, p protocol) (*engine, error) {
	if !to.Addr().IsLoopback() {
		return nil, fmt.Errorf("%s is no loopback address, and this loads nothing else", to)
	}
	poll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	e := &engine{
		to: &unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}, protocol: p, poll: poll,
		events: make([]unix.EpollEvent, 512), in: make([]byte, 1<<18), fds: map[int32]*conn{}, dead: map[string]int{},
	}
	for i := range 8 { // one address has ports for less than 30,000 connections
		e.from = append(e.from, unix.SockaddrInet4{Addr: [4]byte{127, 0, 1, byte(1 + i)}})
	}
	for i := range n {
		e.conns = append(e.conns, &conn{e: e, n: i, fd: -1})
	}
	return e, nil
}

// connect opens every connection, at most pace of them at a time, and returns
// when all are ready or dead.
func (e *engine) connect(pace int, limit time.Duration) error {
	next := 0
	return e.until(limit, func() bool {
		for next < len(e.conns) && e.opening < pace {
			e.dial(e.conns[next])
			next++
		}
		return next == len(e.conns) && e.opening == 0
	})
}

// errLate says that something did not happen in time.
var errLate = errors.New("not within its time")

// until does what there is to do until done says so. It asks after every round.
func (e *engine) until(limit time.Duration, done func() bool) error {
	end := time.Now().Add(limit)
	for !done() {
		if time.Now().After(end) {
			return errLate
		}
		if err := e.round(2 * time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// idle serves the connections for a while.
func (e *engine) idle(d time.Duration) error {
	if err := e.until(d, func() bool { return false }); !errors.Is(err, errLate) {
		return err
	}
	return nil
}

// round waits for something to happen and deals with it.
func (e *engine) round(wait time.Duration) error {
	n, err := unix.EpollWait(e.poll, e.events, int(wait/time.Millisecond))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("epoll: %w", err)
	}
	for i := range max(n, 0) {
		if c := e.fds[e.events[i].Fd]; c != nil {
			if err := c.event(e.events[i].Events); err != nil {
				e.fail(c, err)
			}
		}
	}
	e.answer(time.Now())
	return nil
}

// answer gives the answers that are owed and due.
func (e *engine) answer(now time.Time) {
	for len(e.answers) > 0 && now.Sub(e.answers[0].at) >= answerEvery {
		c := e.answers[0].c
		e.answers = e.answers[1:]
		c.answered = false
		if c.owes && c.phase == live {
			if err := c.confirm(); err != nil {
				e.fail(c, err)
			}
		}
	}
}

// confirm answers what has come, at once or when it is time.
func (c *conn) confirm() error {
	if c.owes = c.answered; c.owes {
		return nil
	}
	c.answered = true
	c.e.answers = append(c.e.answers, answer{c, time.Now()})
	return c.e.protocol.answer(c)
}

// close ends every connection at once: with a reset, so that no port stays taken.
func (e *engine) close() {
	for _, c := range e.conns {
		if c.fd >= 0 {
			_ = unix.SetsockoptLinger(c.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		}
		e.drop(c)
	}
	_ = unix.Close(e.poll)
}

func (e *engine) dial(c *conn) {
	if err := c.dial(); err != nil {
		e.opening++
		e.fail(c, err)
	}
}

func (c *conn) dial() (err error) {
	if c.fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0); err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	_ = unix.SetsockoptInt(c.fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	_ = unix.SetsockoptInt(c.fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
	if err := unix.Bind(c.fd, &c.e.from[c.n%len(c.e.from)]); err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	if err := unix.Connect(c.fd, c.e.to); err != nil && !errors.Is(err, unix.EINPROGRESS) {
		return fmt.Errorf("connect: %w", err)
	}
	c.phase = dialling
	c.e.fds[int32(c.fd)] = c
	c.e.opening++
	return unix.EpollCtl(c.e.poll, unix.EPOLL_CTL_ADD, c.fd, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLOUT, Fd: int32(c.fd)})
}

// fail notes why a connection came to its end.
func (e *engine) fail(c *conn, err error) {
	e.dead[err.Error()]++
	e.drop(c)
}

func (e *engine) drop(c *conn) {
	switch c.phase {
	case live:
		e.ready--
	case dialling, greeting, waiting:
		e.opening--
	case closed:
	}
	if c.fd >= 0 {
		delete(e.fds, int32(c.fd))
		_ = unix.Close(c.fd)
	}
	c.phase, c.fd, c.in, c.out = closed, -1, nil, nil
}

// has says that the connection has the board for the first time.
func (c *conn) has(at uint64) {
	if c.phase != live {
		c.phase = live
		c.e.opening--
		c.e.ready++
	}
	c.at = at
}

func (c *conn) event(what uint32) error {
	if c.phase == dialling {
		code, err := unix.GetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_ERROR)
		if err == nil && code != 0 {
			err = unix.Errno(code)
		}
		if err != nil {
			return fmt.Errorf("connect: %w", err)
		}
		c.phase = greeting
		if err := c.want(unix.EPOLLIN); err != nil {
			return err
		}
		c.e.protocol.open(c)
		return nil
	}
	if what&unix.EPOLLOUT != 0 && c.out != nil {
		rest := c.out
		c.out = nil
		if err := c.want(unix.EPOLLIN); err != nil {
			return err
		}
		if err := c.write(rest); err != nil {
			return err
		}
	}
	if what&^uint32(unix.EPOLLOUT) == 0 {
		return nil
	}
	n, err := unix.Read(c.fd, c.e.in)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return nil
	case err != nil:
		return fmt.Errorf("read: %w", err)
	case n == 0:
		return errors.New("closed by the other end")
	}
	b := c.e.in[:n]
	if c.in != nil {
		b = append(c.in, b...)
	}
	taken, err := c.e.protocol.take(c, b)
	if err != nil {
		return err
	}
	c.in = nil
	if taken < len(b) {
		c.in = append([]byte(nil), b[taken:]...)
	}
	return nil
}

// want says what the connection is woken for.
func (c *conn) want(events uint32) error {
	return unix.EpollCtl(c.e.poll, unix.EPOLL_CTL_MOD, c.fd, &unix.EpollEvent{Events: events, Fd: int32(c.fd)})
}

// write writes b; what the kernel does not take follows when it does.
func (c *conn) write(b []byte) error {
	if c.out != nil {
		c.out = append(c.out, b...)
		return nil
	}
	n, err := unix.Write(c.fd, b)
	if err != nil && !errors.Is(err, unix.EAGAIN) {
		return fmt.Errorf("write: %w", err)
	}
	if n = max(n, 0); n < len(b) {
		c.out = append([]byte(nil), b[n:]...)
		return c.want(unix.EPOLLIN | unix.EPOLLOUT)
	}
	return nil
}

package hub

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

const (
	// maxQueue is how many messages wait for a screen that takes none. Only one that
	// speaks and does not read fills it before its write deadline.
	maxQueue = 128
	// goodbye is how long the other end has to answer a close frame.
	goodbye = 2 * time.Second
	// Pings of a screen: it has no reason to send any, a client library may.
	pingBurst = 10
	pingEvery = time.Second
)

// A conn is one screen's connection. Its reader is the goroutine that runs
// [Hub.serve]; one of the hub's writers is at it only while there is something to
// write, and is the only one that writes data; a timer calls [conn.tick]. All three, and
// whoever publishes, step the session under its lock and never wait there.
type conn struct {
	hub    *Hub
	ws     *websocket.Conn
	name   string            // of the session
	device store.Device      // once it has proved to be that screen; the reader's
	key    ed25519.PublicKey // by which it has to prove it; set before anybody can find this connection
	feed   *feed             // of the board it claims; likewise
	others sync.WaitGroup

	announced announcement

	state struct {
		sync.Mutex
		session *session.Hub
		queue   []outgoing
		writing bool           // the writer runs
		closing wire.CloseCode // of the close frame that is queued; what follows is dropped
		dead    bool           // the reader has ended
		timer   *time.Timer
		shows   unconfirmed
	}

	denied bool      // the reader's: the log has said why
	pings  int       // the reader's: pings that may still come
	pinged time.Time // when pings was last counted
}

// An outgoing is something to be written; one field is set.
type outgoing struct {
	message wire.Message
	push    *session.Push
	close   *session.Close
	ping    bool
}

// An unconfirmed is what a screen was sent last and has not confirmed.
type unconfirmed struct {
	at    record.Position
	since time.Time
}

// serve runs the connection until it ends, waits for everything it started, and
// counts it out of the hub's work.
func (h *Hub) serve(ctx context.Context, ws *websocket.Conn) {
	c := &conn{hub: h, ws: ws, name: wire.B64.EncodeToString(random(9)), pings: pingBurst, pinged: h.now()}
	nonce := wire.B64.EncodeToString(random(wire.NonceSize))
	c.state.session = session.NewHub(h.opt.Hosts, c.name, nonce, h.opt.Chance)
	c.step((*session.Hub).Open)
	if !h.clients.add(c) { // the hub stopped while the connection came about
		c.step(h.goodbye(0))
	}
	if !c.read(ctx, func() bool { return c.device.ID != "" }) {
		c.over(ctx)
		return
	}
	// To prove who it is has made this goroutine's stack several times as large
	// as a connection needs that lasts for days. It goes on on a new one.
	go func() {
		c.read(ctx, func() bool { return false })
		c.over(ctx)
	}()
}

// over ends the connection and waits for everything it started.
func (c *conn) over(ctx context.Context) {
	c.end(ctx)
	c.others.Wait()
	_ = c.ws.Close()
	c.hub.work.Done()
}

// deny returns where it is written, once, why the other end may not go on.
func (c *conn) deny(why denial) *slog.Logger {
	if c.denied {
		return slog.New(slog.DiscardHandler)
	}
	c.denied = true
	return c.hub.deny(why)
}

// end takes the connection out of everything that could reach it.
func (c *conn) end(ctx context.Context) {
	c.state.Lock()
	c.state.dead = true
	code := c.state.closing
	c.state.queue = nil
	if c.state.timer != nil && c.state.timer.Stop() {
		c.others.Done()
	}
	c.state.Unlock()
	if why := denialOf(code, c.device.ID != ""); why != "" {
		log := c.deny(why)
		log.WarnContext(ctx, "screen refused", "device", c.device.ID)
	}
	c.hub.clients.remove(c)
	if c.feed != nil {
		c.feed.leave(c)
		c.hub.feeds.release(c.feed)
	}
	if c.device.ID != "" {
		c.hub.notes.seen(c.device.ID, c.hub.now())
	}
	c.linger()
	_ = c.ws.NetConn().SetDeadline(time.Unix(1, 0)) // a writer that waits for the other end waits no more
}

// linger reads on for a moment. A connection that is closed while something
// unread lies in it is reset, and the other end never learns the close code.
func (c *conn) linger() {
	_ = c.ws.SetReadDeadline(time.Now().Add(goodbye))
	_, _ = io.CopyN(io.Discard, c.ws.NetConn(), 16*wire.MaxFromDevice)
}

// read takes messages until enough says so after one, or until the connection
// ends: then it returns false.
func (c *conn) read(ctx context.Context, enough func() bool) bool {
	c.ws.SetReadLimit(wire.MaxFromDevice)
	c.ws.SetPongHandler(func(string) error { c.heard(); return nil })
	c.ws.SetPingHandler(c.pong)
	for !enough() {
		kind, b, err := c.message()
		switch {
		case errors.Is(err, websocket.ErrReadLimit):
			// The library says so itself, but for lengths that are no number.
			_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(int(wire.CloseTooBig), ""), time.Now().Add(time.Second))
			log := c.deny(deniedMessage)
			log.WarnContext(ctx, "message refused", "device", c.device.ID)
			return false
		case err != nil:
			return false
		case kind != websocket.TextMessage:
			c.close(wire.CloseProtocol, "binary message")
			continue
		}
		m, err := wire.DecodeFromDevice(b.Bytes())
		if b.Cap() <= keptBuffer {
			buffers.Put(b)
		}
		if err != nil {
			count(c.hub.meters.heard, "refused")
			log := c.deny(deniedMessage)
			log.WarnContext(ctx, "message refused", "device", c.device.ID, "error", err)
			c.close(wire.CodeOf(err), "message refused")
			continue
		}
		count(c.hub.meters.heard, kindOf(m))
		c.ask(ctx, func(s *session.Hub, now time.Time) []session.Action { return s.Received(now, m) })
	}
	return true
}

// buffers are for messages while they are read. A large one is not kept.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const keptBuffer = 4 << 10

// message reads one message into a buffer.
func (c *conn) message() (kind int, b *bytes.Buffer, err error) {
	kind, r, err := c.ws.NextReader()
	if err != nil {
		return 0, nil, err
	}
	b = buffers.Get().(*bytes.Buffer)
	b.Reset()
	_, err = b.ReadFrom(r)
	return kind, b, err
}

// kindOf returns the kind of a message, and nothing else somebody says.
func kindOf(m wire.Message) string {
	if _, unknown := m.(wire.Unknown); unknown {
		return "unknown"
	}
	return m.Type()
}

// ask steps the session and does what it wants of the store. Only the reader
// asks: a screen's messages are dealt with one after the other.
func (c *conn) ask(ctx context.Context, f sessionStep) {
	for _, a := range c.step(f) {
		c.do(ctx, a)
	}
}

// heard notes a sign of life.
func (c *conn) heard() {
	c.state.Lock()
	defer c.state.Unlock()
	c.state.session.Heard(c.hub.now())
}

// pong answers a ping, as long as they do not come in floods.
func (c *conn) pong(data string) error {
	now := c.hub.now()
	n := int(now.Sub(c.pinged) / pingEvery)
	c.pinged = c.pinged.Add(time.Duration(n) * pingEvery)
	c.pings = min(pingBurst, c.pings+n) - 1
	if c.pings < 0 {
		c.close(wire.CloseRate, "too many pings")
		return nil
	}
	c.heard()
	err := c.ws.WriteControl(websocket.PongMessage, []byte(data), now.Add(time.Second))
	if errors.Is(err, websocket.ErrCloseSent) {
		return nil
	}
	return err
}

// A sessionStep is something that happens to a session.
type sessionStep func(s *session.Hub, now time.Time) []session.Action

// step lets the session decide something. What is to be written is queued; the
// rest is returned.
func (c *conn) step(f sessionStep) (rest []session.Action) {
	now := c.hub.now()
	c.state.Lock()
	defer c.state.Unlock()
	if c.state.dead || c.state.closing != 0 {
		return nil
	}
	for _, a := range f(c.state.session, now) {
		if o, ok := c.outgoing(a); ok {
			c.queue(o)
		} else {
			rest = append(rest, a)
		}
	}
	c.arm(now)
	return rest
}

// outgoing returns what is to be written for an action, if anything is.
func (c *conn) outgoing(a session.Action) (outgoing, bool) {
	switch a := a.(type) {
	case session.Send:
		return outgoing{message: a.Message}, true
	case session.Push:
		return outgoing{push: &a}, true
	case session.Ping:
		return outgoing{ping: true}, true
	case session.Close:
		return outgoing{close: &a}, true
	case session.Lend:
		device, board := c.state.session.Device(), c.state.session.Board()
		// A hub that is killed still knows how long this one may show people.
		c.hub.notes.seen(device, c.hub.now())
		g := c.hub.grant(holderOf(device, board, c.key))
		return outgoing{message: wire.LeaseRenewal{Lease: g.Lease, Keys: g.Keys, Asset: g.Assets}}, true
	}
	return outgoing{}, false
}

// queue hands o to the writer. The state is locked.
func (c *conn) queue(o outgoing) {
	if c.state.closing != 0 {
		return
	}
	if len(c.state.queue) >= maxQueue {
		c.hub.meters.overflows.Inc()
		o = outgoing{close: &session.Close{Code: wire.CloseTooSlow, Why: "too slow"}}
		c.state.queue = nil
	}
	if o.close != nil {
		switch o.close.Code {
		case wire.CloseRevoked, wire.CloseMoved:
			c.state.queue = nil // whose board that was waits for nobody any more
		}
		c.state.closing = o.close.Code
		count(c.hub.meters.closed, strconv.Itoa(int(o.close.Code)))
	}
	c.state.queue = append(c.state.queue, o)
	if !c.state.writing {
		c.state.writing = true
		c.others.Add(1)
		c.hub.writers.hand(c)
	}
}

// arm sets the timer for when the session wants to be called. One that is set
// is left alone: what a session waits for only ever moves away, and a ring that
// comes too early sets it again. The state is locked.
func (c *conn) arm(now time.Time) {
	if c.state.timer != nil {
		return
	}
	c.others.Add(1)
	c.state.timer = time.AfterFunc(c.state.session.Next().Sub(now), c.tick)
}

func (c *conn) tick() {
	defer c.others.Done()
	c.state.Lock()
	c.state.timer = nil
	c.state.Unlock()
	c.step(func(s *session.Hub, now time.Time) []session.Action { return s.Tick(now) })
}

// moved says where the board stands.
func (c *conn) moved(head record.Position) {
	c.step(func(s *session.Hub, _ time.Time) []session.Action { return s.Moved(head) })
}

// command sends a command.
func (c *conn) command(cmd wire.Cmd) {
	c.step(func(s *session.Hub, _ time.Time) []session.Action { return s.Command(cmd) })
}

// close ends the connection with a code.
func (c *conn) close(code wire.CloseCode, why string) {
	c.step(func(*session.Hub, time.Time) []session.Action {
		return []session.Action{session.Close{Code: code, Why: why}}
	})
}

// write writes what is queued and ends when nothing is.
func (c *conn) write() {
	defer c.others.Done()
	ctx := context.Background() // it has its deadlines
	for {
		c.state.Lock()
		if len(c.state.queue) == 0 {
			c.state.writing = false
			c.state.Unlock()
			return
		}
		o := c.state.queue[0]
		if c.state.queue = c.state.queue[1:]; len(c.state.queue) == 0 {
			c.state.queue = nil
		}
		c.state.Unlock()
		if err := c.writeOne(ctx, o); err != nil {
			_ = c.ws.Close() // the reader notices
		}
	}
}

func (c *conn) writeOne(ctx context.Context, o outgoing) error {
	deadline := time.Now().Add(wire.WriteTimeout) // of the machine's own clock, as the network has it
	_ = c.ws.SetWriteDeadline(deadline)
	switch {
	case o.message != nil:
		b, err := wire.Encode(o.message)
		if err != nil {
			return err
		}
		c.hub.meters.sent(asMessage, len(b))
		return c.ws.WriteMessage(websocket.TextMessage, b)
	case o.push != nil:
		return c.push(ctx, *o.push)
	case o.ping:
		return c.ws.WriteControl(websocket.PingMessage, nil, deadline)
	case o.close != nil:
		err := c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(int(o.close.Code), o.close.Why), deadline)
		_ = c.ws.SetReadDeadline(time.Now().Add(goodbye))
		return err
	}
	return nil
}

// push writes the board from where the screen is to where it stands now.
func (c *conn) push(ctx context.Context, p session.Push) error {
	made, err := c.feed.frames(ctx, c.hub.store, c.hub.itself(), p.From, p.Gzip)
	if err != nil {
		c.hub.log.ErrorContext(ctx, "board not read", "board", c.feed.id, "error", err)
		return err
	}
	for _, m := range made.messages {
		_ = c.ws.SetWriteDeadline(time.Now().Add(wire.WriteTimeout))
		if err := c.ws.WritePreparedMessage(m); err != nil {
			return err
		}
	}
	c.pushed(made)
	return nil
}

// pushed says that frames are written, and measures how long that took.
func (c *conn) pushed(made *frames) {
	now := time.Now() // the machine's own clock: these are durations
	if len(made.messages) > 0 {
		count(c.hub.meters.pushes, made.kind)
		c.hub.meters.sent(made.kind, made.bytes)
		if moved := c.feed.movedAt(made.at); made.kind == asDelta && !moved.IsZero() {
			c.hub.meters.toWire.Observe(now.Sub(moved).Seconds())
		}
		c.state.Lock()
		c.state.shows = unconfirmed{made.at, now}
		c.state.Unlock()
	}
	c.step(func(s *session.Hub, _ time.Time) []session.Action { return s.Pushed(made.at) })
}

// confirmed measures how long a screen took to show what it was sent.
func (c *conn) confirmed(at wire.Ack) {
	c.state.Lock()
	shows := c.state.shows
	if shows.at.Epoch != at.Epoch || shows.at.Rev != at.Rev {
		c.state.Unlock()
		return
	}
	c.state.shows = unconfirmed{}
	c.state.Unlock()
	c.hub.meters.toGlass.Observe(time.Since(shows.since).Seconds())
}

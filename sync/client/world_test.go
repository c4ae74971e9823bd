package client

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/netsim"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A world is one screen and the other end of its cable, in a bubble: TLS, HTTP
// and websocket are real, the network is in memory, and time passes when nothing
// else happens. The other end says what the test says.
type world struct {
	t     *testing.T
	net   *netsim.Net
	link  *netsim.Link
	cert  string // folder of the hub's certificate
	log   *lines
	store *store
	cfg   Config
	heard heard

	conns  chan *conn
	web    web
	client *Client
	end    func() error // stops the client and returns what Run did
	down   func()       // stops the hub
}

// web is what is answered over HTTP, and what was asked.
type web struct {
	sync.Mutex
	instead http.HandlerFunc // of an upgrade
	picture http.HandlerFunc
	asked   []asked
}

// asked is one question for a picture.
type asked struct {
	id record.AssetID
	at time.Time
}

// instead answers whoever wants to open the channel from now on.
func (w *world) instead(f http.HandlerFunc) {
	w.web.Lock()
	defer w.web.Unlock()
	w.web.instead = f
}

// picture answers whoever asks for a picture from now on.
func (w *world) picture(f http.HandlerFunc) {
	w.web.Lock()
	defer w.web.Unlock()
	w.web.picture = f
}

// asked returns when a picture was asked for; without a name, any.
func (w *world) asked(ids ...record.AssetID) (at []time.Time) {
	synctest.Wait()
	w.web.Lock()
	defer w.web.Unlock()
	for _, a := range w.web.asked {
		if len(ids) == 0 || slices.Contains(ids, a.id) {
			at = append(at, a.at)
		}
	}
	return at
}

// got returns the pictures the screen has.
func (w *world) got() map[record.AssetID][]byte {
	synctest.Wait()
	w.store.Lock()
	defer w.store.Unlock()
	return maps.Clone(w.store.photos)
}

// want adds to the pictures that rows refer to.
func (w *world) want(contents ...string) {
	w.store.Lock()
	defer w.store.Unlock()
	for _, c := range contents {
		w.store.wanted = append(w.store.wanted, assetOf([]byte(c)))
	}
}

// heard is what the screen was told.
type heard struct {
	sync.Mutex
	links  []string
	clock  time.Time
	leases int
	wiped  int
}

// links returns what was said of the link so far.
func (w *world) links() []string {
	synctest.Wait()
	w.heard.Lock()
	defer w.heard.Unlock()
	return slices.Clone(w.heard.links)
}

// wiped returns how often it was said that everything is gone.
func (w *world) wiped() int {
	synctest.Wait()
	w.heard.Lock()
	defer w.heard.Unlock()
	return w.heard.wiped
}

const epoch = record.Epoch("00000000000000a1")

// inWorld runs f with a screen that does not run yet.
func inWorld(t *testing.T, f func(t *testing.T, w *world)) {
	dir := t.TempDir()
	_, err := hub.Certificate(dir, time.Now(), "hub.test")
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, cert: dir, log: new(lines), store: newStore()}
		cert, err := hub.Certificate(dir, time.Now())
		require.NoError(t, err)
		w.cfg = Config{
			URL: "wss://hub.test:8443/sync", Device: "scr-1", Build: "test", Boot: "boot",
			Sign: func(proof []byte) []byte { return proof }, TLS: Pinned(hub.Pin(cert)),
			Chance: func() float64 { return 0.5 },
			Log:    slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		}
		w.serve()
		defer w.down()
		w.end = func() error { return nil }
		defer func() { require.NoError(t, w.end()) }()
		f(t, w)
		// The bubble sees to it that no goroutine is left.
	})
}

// serve opens the other end.
func (w *world) serve() {
	known, err := hub.OwnTLS(w.cert, time.Now)
	require.NoError(w.t, err)
	w.net, w.conns = netsim.New(), make(chan *conn)
	w.link = w.net.Link()
	ended := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/sync", func(rw http.ResponseWriter, r *http.Request) {
		w.web.Lock()
		instead := w.web.instead
		w.web.Unlock()
		if instead != nil {
			instead(rw, r)
			return
		}
		u := websocket.Upgrader{Subprotocols: []string{wire.Subprotocol}}
		ws, err := u.Upgrade(rw, r, nil)
		if err != nil {
			return
		}
		ws.SetCloseHandler(func(int, string) error { return nil }) // whoever hangs up listens no more
		c := &conn{t: w.t, ws: ws, in: make(chan wire.Message, 1024), done: make(chan struct{})}
		go c.read()
		select {
		case w.conns <- c:
		case <-ended:
			_ = ws.Close()
		}
	})
	mux.HandleFunc("/sync/asset/{id}", func(rw http.ResponseWriter, r *http.Request) {
		w.web.Lock()
		w.web.asked = append(w.web.asked, asked{record.AssetID(r.PathValue("id")), time.Now()})
		answer := w.web.picture
		w.web.Unlock()
		answer(rw, r)
	})
	srv := hub.NewServer(mux, slog.New(slog.DiscardHandler), known)
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.ServeTLS(w.net, "", "") })
	w.down = func() {
		close(ended)
		w.link.Cut()
		_ = srv.Close()
		wg.Wait()
		time.Sleep(wire.WriteTimeout) // whoever says goodbye on a dead line has given up by then
	}
}

// start runs the screen.
func (w *world) start() {
	if w.cfg.Dial == nil {
		w.cfg.Dial = w.dial
	}
	w.client = New(w.cfg, w.store, Events{
		Link: func(live bool, _ time.Time) {
			w.heard.Lock()
			defer w.heard.Unlock()
			w.heard.links = append(w.heard.links, map[bool]string{true: "live", false: "down"}[live])
		},
		Clock: func(at time.Time) { w.heard.Lock(); defer w.heard.Unlock(); w.heard.clock = at },
		Lease: func(wire.Lease) { w.heard.Lock(); defer w.heard.Unlock(); w.heard.leases++ },
		Wiped: func() { w.heard.Lock(); defer w.heard.Unlock(); w.heard.wiped++ },
	})
	ctx, cancel := context.WithCancel(w.t.Context())
	var err error
	done := make(chan struct{})
	go func() { defer close(done); err = w.client.Run(ctx) }()
	w.end = func() error {
		cancel()
		<-done
		w.end = func() error { return err }
		return err
	}
}

// dial opens a connection over the link.
func (w *world) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := w.link.Dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return newSocket(c), nil
}

// A socket takes what is written to it at once, as a kernel does: when both ends
// write and neither reads, as at the end of a connection, nobody waits.
type socket struct {
	net.Conn
	out  chan []byte
	shut func()
}

func newSocket(c net.Conn) *socket {
	out := make(chan []byte, 64)
	s := &socket{c, out, sync.OnceFunc(func() { close(out) })}
	go func() {
		for b := range s.out {
			_, _ = c.Write(b)
		}
		_ = c.Close()
	}()
	return s
}

// Write implements net.Conn.
func (s *socket) Write(b []byte) (int, error) {
	s.out <- bytes.Clone(b)
	return len(b), nil
}

// SetDeadline implements net.Conn.
func (s *socket) SetDeadline(at time.Time) error { return s.SetReadDeadline(at) }

// SetWriteDeadline implements net.Conn.
func (s *socket) SetWriteDeadline(time.Time) error { return nil }

// Close implements net.Conn.
func (s *socket) Close() error {
	s.shut()
	return nil
}

// accept waits for the screen's next connection.
func (w *world) accept() *conn { return <-w.conns }

// live waits for the next connection and brings it to where the screen has these
// rows, at that revision.
func (w *world) live(rev uint64, rows ...string) (*conn, *wire.Hello) {
	w.t.Helper()
	c := w.accept()
	h := c.greet()
	c.send(welcome(rev, 0))
	c.send(snapshot(rev, rows...))
	synctest.Wait()
	require.Equal(w.t, rev, w.store.at().Rev)
	return c, h
}

func (w *world) ctx() context.Context { return w.t.Context() }

// touch is a finger: on disk, then told.
func (w *world) touch() {
	w.store.enqueue()
	w.client.Touched(w.ctx())
}

// A conn is the hub's end of one connection.
type conn struct {
	t    *testing.T
	ws   *websocket.Conn
	in   chan wire.Message
	done chan struct{} // the screen is gone
	err  error
}

func (c *conn) read() {
	defer func() { _ = c.ws.Close() }()
	defer close(c.done)
	defer close(c.in)
	for {
		_, b, err := c.ws.ReadMessage()
		if err != nil {
			c.err = err
			return
		}
		m, err := wire.DecodeFromDevice(b)
		if err != nil {
			c.t.Errorf("the screen says %s: %v", b, err)
			return
		}
		c.in <- m
	}
}

// greet says the challenge and returns the screen's hello.
func (c *conn) greet() *wire.Hello {
	c.t.Helper()
	c.send(wire.Challenge{Nonce: "nonce", HubMS: time.Now().UnixMilli()})
	return next[*wire.Hello](c)
}

// next waits for the screen's next word, which has to be an M.
func next[M wire.Message](c *conn) M {
	c.t.Helper()
	said, ok := <-c.in
	if !ok {
		c.t.Fatalf("the screen is gone: %v", c.err)
	}
	m, ok := said.(M)
	if !ok {
		c.t.Fatalf("the screen says %#v, not a %T", said, m)
	}
	return m
}

// silent makes sure that the screen says nothing.
func (c *conn) silent() {
	c.t.Helper()
	synctest.Wait()
	require.Empty(c.t, c.in)
}

func (c *conn) send(m wire.Message) {
	c.t.Helper()
	b, err := wire.Encode(m)
	require.NoError(c.t, err)
	require.NoError(c.t, c.ws.WriteMessage(websocket.TextMessage, b))
}

// close ends the connection with a code.
func (c *conn) close(code wire.CloseCode) {
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(int(code), ""), time.Now().Add(time.Second))
	<-c.done
}

// ended waits until the screen is gone and returns the code it gave, or 0.
func (c *conn) ended() wire.CloseCode {
	<-c.done
	e, ok := errors.AsType[*websocket.CloseError](c.err)
	if !ok || e.Code == websocket.CloseAbnormalClosure {
		return 0
	}
	return wire.CloseCode(e.Code)
}

func welcome(rev, last uint64) *wire.Welcome {
	return &wire.Welcome{
		Session: "s", Board: wire.BoardAt{ID: "b", Epoch: epoch, Rev: rev}, Schema: 1, LastSeq: last,
		Lease: signed(wire.Lease{IssuedMS: time.Now().UnixMilli(), MaskS: 8 * 3600, WipeS: 9 * 86400}), PingS: 25, Keys: keys(hubKey),
		Asset: &wire.Assets{Base: "/sync/asset/", Token: "token", ExpS: 3600},
	}
}

// hubKey is by what the hub signs.
var hubKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

// signed is l as the hub gives it to the screen.
func signed(l wire.Lease) wire.Lease { return l.Signed(wire.SignerOf(hubKey), "scr-1", "b") }

// keys is what a hub with that key says it is known by.
func keys(key ed25519.PrivateKey, pins ...string) *wire.Keys {
	k := wire.Keys{Signing: wire.SigningPin(key.Public().(ed25519.PublicKey)), TLS: pins}.Signed(wire.SignerOf(key), "scr-1")
	return &k
}

// row is a person of that name.
func row(name string) record.Row {
	return record.Row{Key: record.Key{Kind: record.KindPerson, ID: name}, Body: []byte(`{"name":"` + name + `"}`)}
}

func sumOf(names ...string) (s record.Sum) {
	for _, n := range names {
		s = s.Add(row(n).Hash())
	}
	return s
}

func put(names ...string) (ops []wire.RowOp) {
	for _, n := range names {
		ops = append(ops, wire.OpOf(record.Op{Row: row(n)}))
	}
	return ops
}

func snapshot(rev uint64, names ...string) *wire.Snap {
	return &wire.Snap{Epoch: epoch, Rev: rev, Last: true, Sum: sumOf(names...).String(), Rows: put(names...)}
}

// lines is a log that can be read while it is written.
type lines struct {
	sync.Mutex
	b bytes.Buffer
}

// Write implements io.Writer.
func (l *lines) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.b.Write(b)
}

// String returns what was written.
func (l *lines) String() string {
	l.Lock()
	defer l.Unlock()
	return l.b.String()
}

// assetOf returns the name of a picture.
func assetOf(content []byte) record.AssetID {
	return record.AssetID(fmt.Sprintf("sha256-%x", sha256.Sum256(content)))
}

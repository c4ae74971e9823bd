package hub

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/assets/demo/canary"
	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/netsim"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// host is where the hub is dialled; it has other names, too.
const host = "hub.test"

var hosts = []string{"192.0.2.7", host, "localhost"}

var (
	byStaff  = store.Actor{Org: "sys-demo", Kind: store.ByStaff, ID: "s01"}
	byImport = store.Actor{Org: "sys-demo", Kind: store.ByImport, ID: "demo"}
)

// A world is a hub with the demo house, in a bubble: a real store, a network in
// memory, and a clock that stands at 10:24 on the demo house's Thursday.
type world struct {
	t    *testing.T
	dir  string
	log  *strings.Builder
	net  *netsim.Net
	hub  *Hub
	stop func()
}

// inWorld runs f in a world.
func inWorld(t *testing.T, f func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		thursday := time.Date(2000, 1, 1, 10, 24, 0, 0, copenhagen)
		time.Sleep(time.Until(thursday))
		w := &world{t: t, dir: t.TempDir(), log: new(strings.Builder)}
		w.start()
		defer func() { w.stop() }()
		require.NoError(t, w.hub.Import(t.Context(), byImport, demoHouse(t), Import{Picture: drawn}))
		for _, id := range []string{"scr-1", "scr-2", "scr-3"} {
			w.add(id)
		}
		f(t, w)
		w.stop()
		require.Empty(t, canary.In(w.log.String(), canary.Names()), "in the log")
	})
}

var copenhagen = func() *time.Location {
	z, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return z
}()

// demoHouse is the demo house, its Thursday on 2000-01-01.
func demoHouse(t testing.TB) *house.House {
	t.Helper()
	h, mistakes := house.Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	h.Shift(-int(time.Date(2026, 12, 3, 0, 0, 0, 0, time.UTC).Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour)))
	return h
}

// drawn is a picture: its own name; or a recording or film as staff would bring it.
func drawn(name house.Picture) ([]byte, error) {
	if strings.HasPrefix(string(name), "asset:melody-") || name == "asset:film-screen" {
		return demo.Asset(string(name))
	}
	return []byte(name), nil
}

// start opens the store and runs a hub on it.
func (w *world) start() {
	w.t.Helper()
	db, err := sqlitestore.Open(w.t.Context(), filepath.Join(w.dir, "hub.db"))
	require.NoError(w.t, err)
	w.net = netsim.New()
	w.hub, err = New(w.t.Context(), db, Options{
		Hosts: hosts, Chance: func() float64 { return 0.5 }, Pins: func() []string { return []string{hubPin} },
		Log:    slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Shrink: func(raw []byte) ([]byte, error) { return append([]byte("jpeg of "), raw...), nil },
	})
	require.NoError(w.t, err)
	srv := &http.Server{Handler: w.hub.Handler()}
	ctx, cancel := context.WithCancel(w.t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.Serve(w.net) })
	wg.Go(func() { require.NoError(w.t, w.hub.Run(ctx)) })
	synctest.Wait()
	w.stop = func() {
		cancel()
		synctest.Wait()
		_ = srv.Close()
		wg.Wait()
		require.NoError(w.t, db.Close())
		w.stop = func() {}
	}
}

// restart stops the hub and starts another on the same store.
func (w *world) restart() {
	w.stop()
	w.start()
}

// plain returns a running hub without a bubble, with one screen, for fuzzing and
// measuring.
func plain(t testing.TB, h *house.House) (*Hub, *netsim.Net) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	db, err := sqlitestore.Open(ctx, filepath.Join(t.TempDir(), "hub.db"))
	require.NoError(t, err)
	at := time.Date(2000, 1, 1, 10, 24, 0, 0, copenhagen)
	began := time.Now()
	hub, err := New(ctx, db, Options{Hosts: []string{host}, Now: func() time.Time { return at.Add(time.Since(began)) }})
	require.NoError(t, err)
	require.NoError(t, hub.Import(ctx, byImport, h, Import{}))
	_, err = hub.AddScreen(ctx, byStaff, Screen{ID: "scr-1", Record: "scr-1", Key: key("scr-1").Public().(ed25519.PublicKey)})
	require.NoError(t, err)
	net := netsim.New()
	srv := &http.Server{Handler: hub.Handler()}
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.Serve(net) })
	wg.Go(func() { _ = hub.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		_ = srv.Close()
		_ = net.Close()
		wg.Wait()
		require.NoError(t, db.Close())
	})
	return hub, net
}

// greet returns a connection that has said hello.
func greet(t testing.TB, net *netsim.Net, id string) *websocket.Conn {
	t.Helper()
	d := websocket.Dialer{NetDialContext: net.Link().Dial, Subprotocols: []string{wire.Subprotocol}}
	for {
		c, _, err := d.DialContext(context.Background(), "ws://"+host+"/sync", nil)
		if err != nil { // it does not run yet
			time.Sleep(time.Millisecond)
			continue
		}
		var ch wire.Challenge
		require.NoError(t, c.ReadJSON(&ch))
		b, err := wire.Encode(wire.Hello{
			Device: id, Inst: "i", NextSeq: 1, Schema: [2]int{1, 1}, Boot: "b",
			Sig: proof(id, ch.Nonce, host, "i"),
		})
		require.NoError(t, err)
		require.NoError(t, c.WriteMessage(websocket.TextMessage, b))
		return c
	}
}

// key returns the key of a screen.
func key(id string) ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	copy(seed, id)
	return ed25519.NewKeyFromSeed(seed)
}

// proof is the signature by which a screen proves who it is.
func proof(id, nonce, host, inst string) string {
	return wire.B64.EncodeToString(ed25519.Sign(key(id), wire.HelloProof(nonce, host, id, inst)))
}

func (w *world) add(id string) record.BoardID {
	w.t.Helper()
	b, err := w.hub.AddScreen(w.t.Context(), byStaff, Screen{ID: id, Record: house.ID(id), Key: key(id).Public().(ed25519.PublicKey)})
	require.NoError(w.t, err)
	return b
}

// device returns a screen as it is stored.
func (w *world) device(id string) store.Device {
	w.t.Helper()
	d, err := w.hub.device(w.t.Context(), id)
	require.NoError(w.t, err)
	return d
}

func (w *world) change(f func(context.Context, *Edit) error) {
	w.t.Helper()
	require.NoError(w.t, w.hub.Change(w.t.Context(), byStaff, f))
}

// alter changes one resident.
func (w *world) alter(id house.ID, f func(*house.Resident)) {
	w.t.Helper()
	w.change(func(ctx context.Context, e *Edit) error { return Alter(ctx, e, id, f) })
}

func (w *world) view(f func(store.View) error) {
	w.t.Helper()
	require.NoError(w.t, w.hub.store.View(w.t.Context(), store.Actor{Org: "sys-demo", Kind: store.ByHub, At: w.hub.now()}, f))
}

// A screen is the other end, as simple as it can be: it says hello, keeps the
// rows it is sent, and checks every sum.
type screen struct {
	t     *testing.T
	w     *world
	id    string
	inst  string
	boot  string
	mute  bool     // hears pings and does not answer
	enc   []string // what it reads besides text
	link  *netsim.Link
	ws    *websocket.Conn
	state struct {
		sync.Mutex
		at      record.Position
		rows    map[record.Key]string
		results map[uint64]wire.Result
		welcome *wire.Welcome
		heard   []wire.Message
		closed  *websocket.CloseError
		plain   bytes.Buffer // everything it was ever sent, as it reads
	}
	done chan struct{}
}

// dial opens a connection to the hub without saying anything.
func (w *world) dial(link *netsim.Link, header http.Header) (*websocket.Conn, *http.Response, error) {
	d := websocket.Dialer{NetDialContext: link.Dial, Subprotocols: []string{"tavle.sync.v2", wire.Subprotocol}}
	return d.DialContext(w.t.Context(), "ws://"+host+"/sync", header)
}

// screen returns a screen that is not connected.
func (w *world) screen(id string) *screen {
	s := &screen{t: w.t, w: w, id: id, inst: "inst-" + id, boot: "boot-" + id, enc: []string{"gzip"}}
	s.state.rows, s.state.results = map[record.Key]string{}, map[uint64]wire.Result{}
	return s
}

// live returns a screen that has what the hub has.
func (w *world) live(id string) *screen {
	s := w.screen(id)
	s.connect()
	return s
}

// connect says hello and waits until everything that follows has arrived.
func (s *screen) connect() {
	s.t.Helper()
	s.hello(s.knock(), nil)
	s.listen()
	synctest.Wait()
}

// knock opens a connection and returns the nonce of the hub's challenge.
func (s *screen) knock() (nonce string) {
	s.t.Helper()
	s.link = s.w.net.Link()
	ws, resp, err := s.w.dial(s.link, nil)
	require.NoError(s.t, err)
	s.ws = ws
	s.hears(resp)
	_, b, err := ws.ReadMessage()
	require.NoError(s.t, err)
	s.state.plain.Write(b)
	m, err := wire.DecodeFromHub(b)
	require.NoError(s.t, err)
	return m.(*wire.Challenge).Nonce
}

// hears keeps the head of an answer.
func (s *screen) hears(r *http.Response) {
	head, err := httputil.DumpResponse(r, false)
	require.NoError(s.t, err)
	s.state.Lock()
	defer s.state.Unlock()
	s.state.plain.Write(head)
}

// listen takes what arrives on the present connection.
func (s *screen) listen() {
	s.state.closed = nil
	s.done = make(chan struct{})
	if s.mute {
		s.ws.SetPingHandler(func(string) error { return nil })
	}
	go s.read(s.ws, s.done)
}

func (s *screen) hello(nonce string, edit func(*wire.Hello)) {
	s.t.Helper()
	h := wire.Hello{
		Device: s.id, Inst: s.inst, NextSeq: 1, Build: "test", Schema: [2]int{1, 1}, Enc: s.enc, Boot: s.boot,
		Sig: proof(s.id, nonce, host, s.inst),
	}
	if !s.state.at.IsZero() {
		at := wire.AtOf(s.state.at)
		h.Have = &at
	}
	if edit != nil {
		edit(&h)
	}
	s.send(h)
}

func (s *screen) send(m wire.Message) {
	s.t.Helper()
	b, err := wire.Encode(m)
	require.NoError(s.t, err)
	require.NoError(s.t, s.ws.WriteMessage(websocket.TextMessage, b))
}

// read keeps what arrives until the connection ends.
func (s *screen) read(ws *websocket.Conn, done chan struct{}) {
	defer close(done)
	var parts []wire.RowOp
	for {
		kind, b, err := ws.ReadMessage()
		if err != nil {
			s.state.Lock()
			if errors.As(err, &s.state.closed) {
				s.state.plain.WriteString(s.state.closed.Text)
			}
			s.state.Unlock()
			_ = ws.Close()
			return
		}
		if len(b) > wire.MaxFromHub {
			s.t.Errorf("a frame of %d bytes", len(b))
		}
		if kind == websocket.BinaryMessage {
			b, err = wire.Inflate(b)
			require.NoError(s.t, err)
		}
		m, err := wire.DecodeFromHub(b)
		require.NoError(s.t, err)
		s.state.Lock()
		s.state.plain.Write(b)
		s.state.heard = append(s.state.heard, m)
		switch m := m.(type) {
		case *wire.Welcome:
			s.state.welcome = m
		case *wire.Snap:
			if parts = append(parts, m.Rows...); m.Last {
				s.state.rows = map[record.Key]string{}
				s.apply(parts, m.Epoch, m.Rev, m.Sum)
				parts = nil
			}
		case *wire.Delta:
			if m.Epoch != s.state.at.Epoch || m.From > s.state.at.Rev || m.Rev <= s.state.at.Rev {
				s.t.Errorf("delta %s %d to %d at %s", m.Epoch, m.From, m.Rev, s.state.at)
			}
			s.apply(m.Ops, m.Epoch, m.Rev, m.Sum)
		case *wire.Res:
			for _, r := range m.Results {
				if was, ok := s.state.results[r.Seq]; ok && was != r {
					s.t.Errorf("result %d changed", r.Seq)
				}
				s.state.results[r.Seq] = r
			}
		}
		s.state.Unlock()
	}
}

// apply keeps rows and checks that they are what the hub says they are.
func (s *screen) apply(ops []wire.RowOp, epoch record.Epoch, rev uint64, want string) {
	for _, o := range ops {
		op, err := o.Op()
		if err != nil {
			s.t.Errorf("row: %v", err)
			continue
		}
		if op.Delete {
			delete(s.state.rows, op.Key)
			continue
		}
		if _, err := wire.DecodeRow(op.Row); err != nil {
			s.t.Errorf("row: %v", err)
		}
		s.state.rows[op.Key] = string(op.Body)
	}
	var sum record.Sum
	for k, body := range s.state.rows {
		sum = sum.Add(record.Row{Key: k, Body: []byte(body)}.Hash())
	}
	if sum.String() != want {
		s.t.Errorf("sum at %s %d", epoch, rev)
	}
	s.state.at = record.Position{Epoch: epoch, Rev: rev, Sum: sum}
}

// facts returns what the screen would show.
func (s *screen) facts() *record.Facts {
	s.t.Helper()
	synctest.Wait()
	s.state.Lock()
	defer s.state.Unlock()
	var changes []record.Change
	for k, body := range s.state.rows {
		f, err := wire.DecodeRow(record.Row{Key: k, Body: []byte(body)})
		require.NoError(s.t, err)
		changes = append(changes, record.Change{Key: k, Fact: f})
	}
	var f *record.Facts
	return f.With(s.state.at, changes)
}

// all returns every byte the screen holds.
func (s *screen) all() string {
	synctest.Wait()
	s.state.Lock()
	defer s.state.Unlock()
	return fmt.Sprint(s.state.rows)
}

// result waits for and returns the result of a mutation.
func (s *screen) result(seq uint64) wire.Result {
	s.t.Helper()
	synctest.Wait()
	s.state.Lock()
	defer s.state.Unlock()
	r, ok := s.state.results[seq]
	require.True(s.t, ok, "no result %d", seq)
	return r
}

// ended waits for the end and returns the close code, or 0.
func (s *screen) ended() wire.CloseCode {
	s.t.Helper()
	<-s.done
	if s.state.closed == nil {
		return 0
	}
	return wire.CloseCode(s.state.closed.Code)
}

// gone reports whether the hub has ended the connection.
func (s *screen) gone() bool {
	s.state.Lock()
	defer s.state.Unlock()
	return s.state.closed != nil
}

// leave closes the connection.
func (s *screen) leave() {
	_ = s.ws.Close()
	<-s.done
	synctest.Wait()
}

// touch is a mutation of somebody of the house on a list, touched now.
func (s *screen) touch(seq uint64, op string, l house.List, who house.ID) wire.Mutation {
	b := s.board()
	age := int64(0)
	k := b.Key(l)
	return wire.Mutation{Seq: seq, Op: op, On: wire.RowKey{Kind: k.Kind, ID: k.ID}, Who: record.PersonID(b.PersonKey(who).ID), AgeMS: &age}
}

// board returns the board the screen shows.
func (s *screen) board() project.Board {
	var b store.Board
	s.w.view(func(v store.View) error {
		d, err := v.Device(s.t.Context(), s.id)
		if err == nil {
			b, err = v.Board(s.t.Context(), d.Board)
		}
		return err
	})
	return projectBoard(b)
}

func projectBoard(b store.Board) project.Board {
	return project.Board{Department: b.Department, Modules: b.Modules, Secret: b.Secret}
}

// get fetches something from the hub over the screen's cable.
func (s *screen) get(path, token string, header ...string) *http.Response {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+host+path, nil)
	require.NoError(s.t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	tr := &http.Transport{DialContext: s.link.Dial, DisableKeepAlives: true}
	resp, err := tr.RoundTrip(r)
	require.NoError(s.t, err)
	s.hears(resp)
	return resp
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	return string(b)
}

func list(k house.Kind, id house.ID) house.List { return house.List{Kind: k, ID: id} }

var film, market = list(house.KindActivity, "a08"), list(house.KindActivity, "a09")

// boardID returns which board the screen shows.
func (s *screen) boardID() (id record.BoardID) {
	s.w.view(func(v store.View) error {
		d, err := v.Device(s.t.Context(), s.id)
		id = d.Board
		return err
	})
	return id
}

package hub

// Flow, a change on its way to the glass (the first hop; the second is
// sync/wire/change.go):
//
//	a transaction moved a board to a new revision ([Hub.Change], [Hub.receive])
//	  → publish         every connection whose screen shows that board; other hubs
//	                    on the same store see to theirs (others.go)
//	  → session.Moved   idle connection: Push; busy one: when its frame is written
//	  → feed.frames     the rows after what the screen has, read once per position
//	                    and shared by all who are there
//
// Flow, a touch on its way to the hub (the ninth and last hop; the eighth is
// sync/hub/store/append.go):
//
//	a touch moved the board: from here it is a change like any other; its own
//	screen gets its result besides (serve.go)
//
// Nothing queues for a slow screen. When its frame is written it gets one frame
// that takes it from there to where the board stands by then.

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// publish tells the connections of every board that moved, and other hubs. It
// does not wait for any of them.
func (h *Hub) publish(moved []move) {
	for _, m := range moved {
		if f := h.feeds.find(m.board); f != nil {
			f.advance(m.head)
		}
		h.tell(store.Hint{Board: m.board})
	}
}

// feeds are the boards that somebody looks at.
type feeds struct {
	sync.Mutex
	m       map[record.BoardID]*feed
	unheard uint64 // how often there was news of a board nobody looks at
}

// find returns the feed of a board that there is news of, or nil when nobody
// looks at it: then whoever is about to reads it again.
func (fs *feeds) find(id record.BoardID) *feed {
	fs.Lock()
	defer fs.Unlock()
	f := fs.m[id]
	if f == nil {
		fs.unheard++
	}
	return f
}

// unheardSoFar returns how often there was news of a board nobody looks at.
func (fs *feeds) unheardSoFar() uint64 {
	fs.Lock()
	defer fs.Unlock()
	return fs.unheard
}

// list returns the boards that somebody looks at.
func (fs *feeds) list() []*feed {
	fs.Lock()
	defer fs.Unlock()
	out := make([]*feed, 0, len(fs.m))
	for _, f := range fs.m {
		out = append(out, f)
	}
	return out
}

// hold returns the feed of a board and keeps it until release.
func (fs *feeds) hold(id record.BoardID) *feed {
	fs.Lock()
	defer fs.Unlock()
	f := fs.m[id]
	if f == nil {
		f = &feed{id: id}
		if fs.m == nil {
			fs.m = map[record.BoardID]*feed{}
		}
		fs.m[id] = f
	}
	f.held++
	return f
}

// release gives back what hold returned.
func (fs *feeds) release(f *feed) {
	fs.Lock()
	defer fs.Unlock()
	if f.held--; f.held == 0 {
		delete(fs.m, f.id)
	}
}

// A feed is one board and the connections of the screens that show it.
type feed struct {
	id   record.BoardID
	held int // guarded by feeds

	state struct {
		sync.Mutex
		head  record.Position // the newest that is known
		moved time.Time       // when that became known, by the machine's own clock; zero: nobody looked before
		conns map[*conn]struct{}
	}
	cache struct {
		sync.Mutex // held while frames are made, so that they are made once
		at         record.Position
		frames     map[frameKey]*frames
	}
}

// advance says where the board stands. News may arrive out of order; what is
// older than what is known says nothing.
func (f *feed) advance(head record.Position) {
	f.state.Lock()
	if f.state.head.Epoch == head.Epoch && head.Rev <= f.state.head.Rev {
		f.state.Unlock()
		return
	}
	if !f.state.head.IsZero() {
		f.state.moved = time.Now()
	}
	f.state.head = head
	conns := make([]*conn, 0, len(f.state.conns))
	for c := range f.state.conns {
		conns = append(conns, c)
	}
	f.state.Unlock()
	for _, c := range conns {
		c.moved(head)
	}
}

// join adds a connection, and tells it if the board has moved meanwhile.
func (f *feed) join(c *conn) {
	f.state.Lock()
	if f.state.conns == nil {
		f.state.conns = map[*conn]struct{}{}
	}
	f.state.conns[c] = struct{}{}
	head := f.state.head
	f.state.Unlock()
	if !head.IsZero() {
		c.moved(head)
	}
}

// movedAt returns when the board moved to at, if that is where it stands and
// somebody looked.
func (f *feed) movedAt(at record.Position) time.Time {
	f.state.Lock()
	defer f.state.Unlock()
	if at != f.state.head {
		return time.Time{}
	}
	return f.state.moved
}

func (f *feed) leave(c *conn) {
	f.state.Lock()
	defer f.state.Unlock()
	delete(f.state.conns, c)
}

// A frameKey says for whom frames are: whoever is at that position.
type frameKey struct {
	from record.Position
	gzip bool
}

// frames take whoever has them written to where the board stood when they were
// made. There is one, or several parts of a snapshot, or none when nothing
// changed.
type frames struct {
	at       record.Position
	messages []*websocket.PreparedMessage
	kind     string // asDelta or asSnapshot
	bytes    int    // of the messages
}

// maxFrames bounds what one board keeps: screens are rarely at more positions
// than that, and whoever is gets frames of their own.
const maxFrames = 64

// frames returns the frames for a screen at from. They are made once for all
// screens there, and forgotten when the board moves on.
func (f *feed) frames(ctx context.Context, s store.Store, by store.Actor, from record.Position, gzip bool) (*frames, error) {
	f.state.Lock()
	head := f.state.head
	f.state.Unlock()
	f.cache.Lock()
	defer f.cache.Unlock()
	if f.cache.at != head || len(f.cache.frames) >= maxFrames {
		f.cache.at, f.cache.frames = head, map[frameKey]*frames{}
	}
	key := frameKey{from, gzip}
	if made, ok := f.cache.frames[key]; ok {
		return made, nil
	}
	ctx, cancel := context.WithTimeout(ctx, wire.WriteTimeout)
	defer cancel()
	made, err := makeFrames(ctx, s, by, f.id, from, gzip)
	if err == nil {
		f.cache.frames[key] = made
	}
	return made, err
}

// forget drops what was made and is not needed while nothing happens.
func (f *feed) forget() {
	f.cache.Lock()
	defer f.cache.Unlock()
	f.cache.frames = nil
	f.cache.at = record.Position{}
}

// makeFrames reads a board from a position on. A position that means nothing to
// the board, or lies before what is still known of its deletions, gets all of
// it; so does one that is so far behind that the difference does not fit.
func makeFrames(ctx context.Context, s store.Store, by store.Actor, id record.BoardID, from record.Position, gzip bool) (*frames, error) {
	var head store.Head
	var ops []record.Op
	read := func(rev uint64) error {
		return s.View(ctx, by, func(v store.View) (err error) {
			head, ops, err = v.Since(ctx, id, rev)
			return err
		})
	}
	if err := read(from.Rev); err != nil {
		return nil, err
	}
	behind := from.Epoch != head.Epoch || from.Rev > head.Rev || from.Rev < head.Floor
	if !behind {
		if len(ops) == 0 {
			return &frames{at: head.Position}, nil
		}
		b, err := encodeDelta(from, head.Position, ops)
		if err != nil {
			return nil, err
		}
		if len(b) <= wire.MaxFromHub {
			m, err := websocket.NewPreparedMessage(websocket.TextMessage, b)
			return &frames{head.Position, []*websocket.PreparedMessage{m}, asDelta, len(b)}, err
		}
	}
	if from.Rev > 0 {
		if err := read(0); err != nil {
			return nil, err
		}
	}
	messages, size, err := snapshot(head.Position, ops, gzip)
	return &frames{head.Position, messages, asSnapshot, size}, err
}

func encodeDelta(from, to record.Position, ops []record.Op) ([]byte, error) {
	d := wire.Delta{Epoch: to.Epoch, From: from.Rev, Rev: to.Rev, Sum: to.Sum.String(), Ops: make([]wire.RowOp, len(ops))}
	for i, op := range ops {
		d.Ops[i] = wire.OpOf(op)
	}
	return wire.Encode(d)
}

// snapshot divides a whole board into parts of about [wire.SnapPart], and
// returns how many bytes they travel as.
func snapshot(at record.Position, ops []record.Op, gzip bool) (out []*websocket.PreparedMessage, bytes int, err error) {
	part := wire.Snap{Epoch: at.Epoch, Rev: at.Rev, Rows: []wire.RowOp{}}
	size := 0
	flush := func() error {
		b, err := wire.Encode(part)
		if err != nil {
			return err
		}
		kind := websocket.TextMessage
		if gzip {
			kind, b = websocket.BinaryMessage, wire.Compress(b)
		}
		m, err := websocket.NewPreparedMessage(kind, b)
		if err != nil {
			return fmt.Errorf("part %d: %w", part.Part, err)
		}
		out = append(out, m)
		bytes += len(b)
		part.Part++
		part.Rows, size = []wire.RowOp{}, 0
		return nil
	}
	for _, op := range ops {
		n := len(op.Kind) + len(op.ID) + len(op.Body) + 24
		if size > 0 && size+n > wire.SnapPart {
			if err := flush(); err != nil {
				return nil, 0, err
			}
		}
		part.Rows = append(part.Rows, wire.OpOf(op))
		size += n
	}
	part.Last, part.Sum = true, at.Sum.String()
	err = flush()
	return out, bytes, err
}

package hub

// Several hubs may work on one store, and commands beside a hub do. Each looks
// after the screens that are connected to it:
//
//	a committed change → publish    this hub's connections, at once
//	                   → tell       the store tells all hubs where to look (a hint)
//	  … another hub: heard → catchUp: where do these boards stand? → feed.advance
//
// A hint may be lost. So every hub looks every two seconds where the boards stand
// that its screens show, in one statement; a hint only makes that sooner. What is
// read is the board itself, so nothing depends on hints being true, whole or in
// order, but one thing: which of two connections of a screen is the newer.

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

const (
	// pollEvery is how often a hub looks where its boards stand.
	pollEvery = 2 * time.Second
	// tellAfter is how long hints are collected, and tellMost how many at most.
	tellAfter = 5 * time.Millisecond
	tellMost  = 200
	// tellTimeout bounds how long a hub that does not run waits for the store to
	// tell others.
	tellTimeout = 5 * time.Second
	// listenAgain is how long a hub that does not hear waits before it tries again.
	listenAgain = time.Second
)

// others is what a hub has for other hubs on its store, and has heard from them.
type others struct {
	store.Notifier        // nil: it has the store to itself, but for commands
	name           string // of this hub among them
	poll           time.Duration

	mu      sync.Mutex
	running bool         // keepTelling sends the hints
	hints   []store.Hint // to be told
	full    chan struct{}
	tell    chan struct{}

	boards  map[record.BoardID]bool // to look at
	devices map[string]bool         // that may have been shut out or moved
	missed  bool                    // anything may have happened
	look    chan struct{}
}

func newOthers(s store.Store) *others {
	n, _ := s.(store.Notifier)
	return &others{
		Notifier: n, name: wire.B64.EncodeToString(random(9)), poll: pollEvery,
		full: make(chan struct{}, 1), tell: make(chan struct{}, 1), look: make(chan struct{}, 1),
		boards: map[record.BoardID]bool{}, devices: map[string]bool{},
	}
}

// wake makes whoever waits for c go on.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// tell has other hubs look. It does not wait while the hub runs; one that does
// not is a command, and tells before it ends.
func (h *Hub) tell(hints ...store.Hint) {
	o := h.others
	if o.Notifier == nil || len(hints) == 0 {
		return
	}
	o.mu.Lock()
	o.hints = append(o.hints, hints...)
	n, running := len(o.hints), o.running
	o.mu.Unlock()
	switch {
	case !running:
		ctx, cancel := context.WithTimeout(context.Background(), tellTimeout)
		defer cancel()
		h.tellAll(ctx)
	case n >= tellMost:
		wake(o.full)
	default:
		wake(o.tell)
	}
}

// keepTelling tells what there is until ctx ends and the last connection has
// gone.
func (h *Hub) keepTelling(ctx context.Context) {
	o := h.others
	o.setRunning(true)
	for ctx.Err() == nil {
		select {
		case <-o.full:
		case <-o.tell:
			select {
			case <-time.After(tellAfter):
			case <-o.full:
			case <-ctx.Done():
			}
		case <-ctx.Done():
			continue
		}
		h.tellAll(context.WithoutCancel(ctx))
	}
	h.work.Wait()
	o.setRunning(false)
	h.tellAll(context.WithoutCancel(ctx))
}

func (o *others) setRunning(running bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.running = running
}

// tellAll tells all there is. What cannot be told others find by themselves.
func (h *Hub) tellAll(ctx context.Context) {
	o := h.others
	o.mu.Lock()
	hints := o.hints
	o.hints = nil
	o.mu.Unlock()
	if len(hints) == 0 {
		return
	}
	if err := o.Notify(ctx, o.name, hints...); err != nil {
		h.log.WarnContext(ctx, "other hubs not told of changes; they look themselves", "error", err)
		return
	}
	for _, hint := range hints {
		if c := h.clients.of(hint.Device); c != nil && c.name == hint.Session {
			c.announced.told.Store(true)
		}
	}
}

// An announcement is how far other hubs know of a connection.
type announcement struct {
	told  atomic.Bool // it has been sent
	heard atomic.Bool // and has come back: what comes after it is newer
}

// keepListening hears other hubs until ctx ends.
func (h *Hub) keepListening(ctx context.Context) {
	for ctx.Err() == nil {
		err := h.others.Listen(ctx, h.heard)
		if ctx.Err() != nil {
			return
		}
		h.log.WarnContext(ctx, "does not hear of other hubs' changes; looks itself", "every", pollEvery, "error", err)
		select {
		case <-time.After(listenAgain):
		case <-ctx.Done():
		}
	}
}

// heard takes in what a hub told. Without hints, something may have been missed.
func (h *Hub) heard(from string, hints []store.Hint) {
	o := h.others
	if len(hints) == 0 {
		for _, c := range h.clients.list() {
			c.announced.heard.Store(c.announced.told.Load())
		}
	}
	o.mu.Lock()
	o.missed = o.missed || len(hints) == 0
	for _, hint := range hints {
		switch {
		case hint.Session != "" || from == o.name:
		case hint.Device != "":
			o.devices[hint.Device] = true
		case hint.Board != "":
			o.boards[hint.Board] = true
		}
	}
	due := o.missed || len(o.devices)+len(o.boards) > 0
	o.mu.Unlock()
	for _, hint := range hints {
		if hint.Session != "" {
			h.connected(hint)
		}
	}
	if due {
		wake(o.look)
	}
}

// connected is told that a screen has connected somewhere. All hubs hear so in
// the same order: a connection of which this hub has heard itself is older than
// one that is heard of after it, and is told that it was replaced.
func (h *Hub) connected(hint store.Hint) {
	c := h.clients.of(hint.Device)
	switch {
	case c == nil:
	case c.name == hint.Session:
		c.announced.heard.Store(true)
	case c.announced.heard.Load():
		c.close(wire.CloseReplaced, "replaced")
	}
}

// keepUp looks where boards stand, now and then and when told to, until ctx ends.
func (h *Hub) keepUp(ctx context.Context) {
	poll := time.NewTicker(h.others.poll)
	defer poll.Stop()
	blind := false
	for {
		all := false
		select {
		case <-poll.C:
			all = true
		case <-h.others.look:
		case <-ctx.Done():
			return
		}
		err := h.catchUp(ctx, all)
		switch {
		case ctx.Err() != nil:
		case err != nil && !blind:
			h.log.ErrorContext(ctx, "boards not looked at", "error", err)
		case err == nil && blind:
			h.log.InfoContext(ctx, "boards looked at again")
		}
		blind = err != nil
	}
}

// catchUp looks at the boards and screens that hints were about, or at all
// boards. What it could not look at is found the next time.
func (h *Hub) catchUp(ctx context.Context, all bool) error {
	o := h.others
	o.mu.Lock()
	boards, devices, missed := o.boards, o.devices, o.missed
	o.boards, o.devices, o.missed = map[record.BoardID]bool{}, map[string]bool{}, false
	o.mu.Unlock()
	var ids []record.BoardID
	for id := range boards {
		if f := h.feeds.find(id); f != nil && !all && !missed {
			ids = append(ids, id)
		}
	}
	if all || missed {
		for _, f := range h.feeds.list() {
			ids = append(ids, f.id)
		}
	}
	err := h.lookAt(ctx, ids)
	if missed {
		err = errors.Join(err, h.recheck(ctx))
	} else {
		for id := range devices {
			err = errors.Join(err, h.recheckOne(ctx, id))
		}
	}
	if err != nil { // again with the next poll
		o.mu.Lock()
		o.missed = o.missed || missed
		for id := range devices {
			o.devices[id] = true
		}
		o.mu.Unlock()
	}
	return err
}

// lookAgain has this hub look at everything: it does not know what it did.
func (h *Hub) lookAgain() {
	h.others.mu.Lock()
	h.others.missed = true
	h.others.mu.Unlock()
	wake(h.others.look)
}

// lookAt tells the connections of these boards where they stand.
func (h *Hub) lookAt(ctx context.Context, ids []record.BoardID) error {
	if len(ids) == 0 {
		return nil
	}
	return h.store.View(ctx, h.itself(), func(v store.View) error {
		heads, err := v.Heads(ctx, ids...)
		for id, head := range heads {
			if f := h.feeds.find(id); f != nil {
				f.advance(head.Position)
			}
		}
		return err
	})
}

// recheckOne sends a screen away that somebody else shut out or moved.
func (h *Hub) recheckOne(ctx context.Context, id string) error {
	c := h.clients.seek(id)
	if c == nil {
		return nil
	}
	d, err := h.device(ctx, id)
	if err == nil {
		c.recheck(d)
	}
	return absent(err)
}

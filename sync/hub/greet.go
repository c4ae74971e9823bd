package hub

import (
	"context"

	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// A greeting is a screen that says hello and waits to be looked up. Those that
// wait at the same time are looked up together: when a thousand come back at
// once, what the store is asked is a few questions and not thousands. Each is
// told what the store held after it said hello.
type greeting struct {
	inst store.Inst
	done chan struct{} // closed when what follows is set

	known   store.Known // zero: there is no such screen
	sought  uint64      // see [clients.seek], before it was looked up
	unheard uint64      // see [feeds.find], likewise
	err     error
}

// maxGreetings is how many are looked up together.
const maxGreetings = 256

// lookUp returns what is known of whoever says hello.
func (h *Hub) lookUp(inst store.Inst) *greeting {
	g := &greeting{inst: inst, done: make(chan struct{})}
	h.greetings <- g
	<-g.done
	return g
}

// keepGreeting looks up who says hello until over is closed, which is when
// nobody can any more.
func (h *Hub) keepGreeting(over <-chan struct{}) {
	for {
		select {
		case first := <-h.greetings:
			all := []*greeting{first}
			for len(all) < maxGreetings && len(h.greetings) > 0 {
				all = append(all, <-h.greetings)
			}
			h.greet(all)
		case <-over:
			return
		}
	}
}

func (h *Hub) greet(all []*greeting) {
	ctx, cancel := context.WithTimeout(context.Background(), wire.HandshakeTimeout)
	defer cancel()
	sought, unheard := h.clients.soughtSoFar(), h.feeds.unheardSoFar()
	of := make([]store.Inst, len(all))
	for i, g := range all {
		of[i] = g.inst
	}
	var known map[store.Inst]store.Known
	err := h.store.View(ctx, h.itself(), func(v store.View) (err error) {
		known, err = v.Known(ctx, of...)
		return err
	})
	for _, g := range all {
		g.known, g.sought, g.unheard, g.err = known[g.inst], sought, unheard, err
		close(g.done)
	}
}

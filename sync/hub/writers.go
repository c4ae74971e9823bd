package hub

import "sync"

// writers write what is queued for connections. A connection has one only while
// there is something to write to it; then the writer goes on to the next, with the
// stack that TLS has grown. A screen that takes nothing keeps its writer until its
// deadline, and no more than that: while any connection waits, another writer is
// on call, and is started if none is idle. Thousands that are told of a change are
// seen to by as many as there are processors, and a few.
type writers struct {
	write func(*conn)
	sync.Mutex
	waiting []*conn   // each at most once
	idle    int       // how many wait to be called
	called  bool      // one was, or was started, and has not come yet
	over    bool      // those that are idle end
	wake    sync.Cond // of the mutex
	running sync.WaitGroup
}

// keptWriters is how many are idle at most.
const keptWriters = 16

// newWriters returns writers that write by write, which may take as long as the
// other end does.
func newWriters(write func(*conn)) *writers {
	w := &writers{write: write}
	w.wake.L = w
	return w
}

// hand has c written to, soon. It does not wait.
func (w *writers) hand(c *conn) {
	w.Lock()
	defer w.Unlock()
	w.waiting = append(w.waiting, c)
	w.call()
}

// call sees to it that a writer is on call while any connection waits. The state is
// locked.
func (w *writers) call() {
	if w.called || len(w.waiting) == 0 {
		return
	}
	w.called = true
	if w.idle > 0 {
		w.idle--
		w.wake.Signal()
		return
	}
	w.running.Go(w.run)
}

func (w *writers) run() {
	w.Lock()
	defer w.Unlock()
	for {
		w.called = false
		for len(w.waiting) > 0 {
			w.one()
		}
		if w.over || w.idle >= keptWriters {
			return
		}
		w.idle++
		w.wake.Wait()
	}
}

// one writes to the connection that has waited longest, while somebody else sees to
// the next. The state is locked.
func (w *writers) one() {
	c := w.waiting[0]
	w.waiting[0] = nil
	if w.waiting = w.waiting[1:]; len(w.waiting) == 0 {
		w.waiting = nil
	}
	w.call()
	w.Unlock()
	defer w.Lock()
	w.write(c)
}

// stop ends the writers, once there are no connections, and waits for them.
func (w *writers) stop() {
	w.Lock()
	w.over, w.idle = true, 0
	w.wake.Broadcast()
	w.Unlock()
	w.running.Wait()
	w.Lock()
	defer w.Unlock()
	w.over = false
}

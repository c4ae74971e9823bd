package player

import "sync"

// A mailbox takes what others want done by the loop. Putting never waits: the
// loop may itself be waiting for whoever puts.
type mailbox struct {
	ready chan struct{} // one token while there is something
	mail  struct {
		sync.Mutex
		list []func()
	}
}

func newMailbox() *mailbox { return &mailbox{ready: make(chan struct{}, 1)} }

func (m *mailbox) put(f func()) {
	m.mail.Lock()
	m.mail.list = append(m.mail.list, f)
	m.mail.Unlock()
	select {
	case m.ready <- struct{}{}:
	default:
	}
}

// take returns everything that was put, in order.
func (m *mailbox) take() []func() {
	m.mail.Lock()
	defer m.mail.Unlock()
	list := m.mail.list
	m.mail.list = nil
	return list
}

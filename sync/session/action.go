package session

import (
	"time"

	"tavle/sync/record"
	"tavle/sync/wire"
)

// An Action is something a session wants done.
type Action interface{ action() }

type (
	// Dial opens a connection; then Connected or Lost is called.
	Dial struct{}

	// Send writes one message.
	Send struct{ Message wire.Message }

	// Close ends the connection with a code; then Lost is called.
	Close struct {
		Code wire.CloseCode
		Why  string
	}

	// Enter notes that what is stored belongs to a board from now on. With Wipe it is
	// another one's: its rows, its pictures and their keys are destroyed first, and
	// nothing else is done before that. What people touched stays.
	Enter struct {
		Board record.BoardID
		Wipe  bool
	}

	// Apply stores the operations and the position they lead to, together or
	// not at all. With Replace, every row and picture not among them is erased.
	Apply struct {
		Ops     []record.Op
		At      record.Position
		Replace bool
	}

	// Settle stores the results of mutations, durably.
	Settle struct{ Results []wire.Result }

	// Reopen turns answered mutations with a number above Above back into
	// waiting ones, durably: the hub has lost them.
	Reopen struct{ Above uint64 }

	// Reinstall gives this installation a new name and numbers the waiting
	// mutations again from 1; then Reinstalled is called.
	Reinstall struct{}

	// Renew stores the lease; the hub's clock reads HubTime now.
	Renew struct {
		Lease   wire.Lease
		HubTime time.Time
	}

	// Trust keeps by what the hub is known from now on, durably.
	Trust struct{ Keys wire.Keys }

	// Clock says what the hub's clock reads now.
	Clock struct{ HubTime time.Time }

	// Pictures says where and how to fetch pictures from now on.
	Pictures struct{ Assets wire.Assets }

	// Obey carries out a command; then Obeyed is called.
	Obey struct{ Cmd wire.Cmd }

	// Wipe destroys the keys and everything under them. The session is over.
	Wipe struct{}
)

func (Dial) action()      {}
func (Send) action()      {}
func (Close) action()     {}
func (Enter) action()     {}
func (Apply) action()     {}
func (Settle) action()    {}
func (Reopen) action()    {}
func (Reinstall) action() {}
func (Renew) action()     {}
func (Trust) action()     {}
func (Clock) action()     {}
func (Pictures) action()  {}
func (Obey) action()      {}
func (Wipe) action()      {}

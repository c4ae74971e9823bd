package store

import (
	"context"

	"tavle/sync/record"
)

// A Notifier is a [Store] that several hubs have open at the same time. What one
// has committed all others see when they look; a Notifier tells them when to.
type Notifier interface {
	Store

	// Notify tells every hub that listens, the one it comes from, too. Hints
	// arrive everywhere in the same order, soon, or not at all.
	Notify(ctx context.Context, from string, hints ...Hint) error

	// Listen calls f with what is told, one after the other, until ctx ends or
	// there is no connection any more. It calls it without hints when it has
	// begun to listen: what was told before may have been missed.
	Listen(ctx context.Context, f func(from string, hints []Hint)) error
}

// A Hint says where to look. It says nothing about anybody, and proves nothing.
type Hint struct {
	Board   record.BoardID // has moved
	Device  string         // a screen that was revoked, moved or let in; with Session, one that has connected
	Session string         // of its connection
}

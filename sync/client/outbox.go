package client

// Flow, a touch on its way to the hub (the fifth hop; the fourth is
// player/effects.go, the sixth sync/wire/op.go):
//
//	the mutation is in the outbox, on disk, when Touched is called
//	  → session.Device.Touched: sent at once when connected
//	  → otherwise after the next welcome, and after every one until answered
//
// Nothing is kept here: the outbox is the store's, its mirror the session's.

import (
	"context"
)

// Touched says that something was stored in the outbox just now.
func (c *Client) Touched(ctx context.Context) {
	c.do(ctx, func(l *loop) { l.run(l.device.Touched(l.now(), l.store.Outbox())) })
}

package hub

import (
	"context"
	"errors"
	"fmt"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// ErrAway says that a screen is not connected to this hub.
var ErrAway = errors.New("the screen is not connected")

// MaxNumber is the largest number that a screen shows of itself.
const MaxNumber = 999

// Identify has a screen show, large and for [wire.IdentifyFor], that number and where
// it hangs, so that staff find it. One that is not connected is [ErrAway]: nothing of
// it waits for a moment at which nobody looks.
func (h *Hub) Identify(ctx context.Context, by store.Actor, id string, number int) error {
	by.At = h.now()
	cmd := wire.Cmd{
		ID: wire.B64.EncodeToString(random(6)), Op: wire.OpIdentify, ExpMS: by.At.Add(wire.IdentifyFor).UnixMilli(), Number: min(max(number, 0), MaxNumber),
	}
	var c *conn
	err := h.store.Update(ctx, by, func(tx store.Tx) error {
		d, err := tx.Device(ctx, id)
		if err != nil {
			return err
		}
		if d.Screen != "" {
			r, err := store.Get[house.Screen](ctx, tx.Own(), d.Screen)
			if absent(err) != nil {
				return err
			}
			cmd.Place = r.Place
		}
		if c = h.clients.of(id); c == nil || d.Revoked {
			return ErrAway
		}
		return tx.NoteOf(ctx, "identify", house.KindScreen, d.Screen)
	})
	if err != nil {
		return fmt.Errorf("screen %s: %w", id, err)
	}
	c.command(cmd)
	return nil
}

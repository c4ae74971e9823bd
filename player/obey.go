package player

import (
	"context"
	"time"

	"tavle/player/ui"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// obey carries out a command of the hub's: it is passed on to the loop, and this says
// that it was.
func (p *Player) obey(c wire.Cmd) (status, info string) {
	if c.Op != wire.OpIdentify {
		return "refused", "not known"
	}
	p.inbox.put(func() { p.showWhich(c) })
	return "ok", ""
}

// maxNumber is the largest number that is shown: three digits.
const maxNumber = 999

// showWhich shows which screen this is, unless the word of it comes too late.
func (p *Player) showWhich(c wire.Cmd) {
	now := p.clock.At(p.cfg.Now())
	left := wire.IdentifyFor
	if c.ExpMS != 0 {
		left = min(left, time.UnixMilli(c.ExpMS).Sub(now))
	}
	if left <= 0 || c.Number < 0 || c.Number > maxNumber || p.client == nil {
		return
	}
	place, _ := c.Place.In(record.Lang(p.model.Lang), record.Danish, record.Bokmal, record.English)
	if len(place) > wire.MaxText {
		place = ""
	}
	p.tell(context.Background(), p.cfg.Now())
	p.step(context.Background(), ui.BeaconLit{Beacon: ui.Beacon{Number: c.Number, Place: place, Name: p.client.Device(), Until: now.Add(left)}})
}

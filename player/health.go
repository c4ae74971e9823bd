package player

import (
	"context"
	"time"

	"tavle/player/vitals"
	"tavle/sync/wire"
)

// lookEvery is how often the machine is looked at. How often the hub is told is the
// session's business.
const lookEvery = time.Minute

// health is what the loop knows of how the screen is.
type health struct {
	began time.Time     // machine's time
	late  int64         // frames, since then
	off   time.Duration // the machine's clock less the hub's, when that was last heard
}

// lookAtMachine looks at the machine beside the loop: a disk may take its time.
func (p *Player) lookAtMachine(ctx context.Context) {
	if p.cfg.Hub.URL == "" || p.cfg.Vitals == nil {
		return
	}
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	for {
		v := p.cfg.Vitals()
		p.inbox.put(func() { p.report(ctx, v) })
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}

// report tells the client how the screen is.
func (p *Player) report(ctx context.Context, v vitals.Vitals) {
	if p.client == nil {
		return
	}
	s := wire.Stat{
		AssetsMissing: len(p.cfg.Cache.MissingPhotos()), TempC: v.TempC, DiskFreeMB: v.FreeMB, MemoryMB: v.MemoryMB,
		UptimeS: int64(p.cfg.Now().Sub(p.health.began) / time.Second), Late: p.health.late, ClockOffS: int64(p.health.off / time.Second),
	}
	for _, e := range p.cfg.Cache.Outbox() {
		if e.Result == nil {
			s.Outbox++
		}
	}
	if p.cfg.Secret != nil {
		s.Secret = p.cfg.Secret.Protects().Provider
	}
	p.client.Report(ctx, s)
}

package player

import (
	"context"

	"tavle/player/network"
	"tavle/player/ui"
	"tavle/sync/client"
)

// lookAtNetwork looks at the network whenever the wall wants to know, beside the
// loop: it takes its time.
func (p *Player) lookAtNetwork(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case to := <-p.looks:
			r := network.Machine{}.Look(ctx, to)
			p.inbox.put(func() { p.step(ctx, ui.NetChanged{Net: netOf(r, to.URL != "")}) })
		}
	}
}

// look asks for that, unless it is under way.
func (p *Player) look() {
	to := network.Target{URL: p.cfg.Hub.URL, TLS: p.cfg.Hub.TLS}
	if p.cfg.Hub.Device == "" && p.client == nil {
		to.TLS = nil // who the hub is, pairing finds out
	} else if b, ok := p.bonded(); p.cfg.Hub.Device == "" && ok {
		to.TLS = client.NewPins(b.Pins...).TLS()
	}
	select {
	case p.looks <- to:
	default:
	}
}

// netOf is a report as the wall says it.
func netOf(r network.Report, hub bool) ui.Net {
	n := ui.Net{MAC: r.MAC}
	for i := range ui.Needs {
		switch step := network.Step(i); {
		case step < r.Done:
			n.Found[i], n.Detail[i] = ui.Fine, r.Detail[step]
		case step > r.Done || !hub && step >= network.Name:
		case r.Clock:
			n.Found[i] = ui.ClockFails
		default:
			n.Found[i] = ui.Fails
		}
	}
	return n
}

package player

// Flow, a touch on its way to the hub (the fourth hop, with
// player/cache/enqueue.go; the third is player/ui/update.go, the fifth
// sync/client/outbox.go):
//
//	Effect → cache.Enqueue: on disk before anything is said
//	  → refresh: shown at once, as on its way
//	  → client.Touched: sent now, or when there is a connection

import (
	"context"

	"tavle/player/board"
	"tavle/player/ui"
	"tavle/sync/wire"
)

// perform does one thing the wall asks for.
func (p *Player) perform(ctx context.Context, e ui.Effect) {
	switch e := e.(type) {
	case ui.SignUp:
		p.keep(ctx, wire.OpSignUp, e.On, e.Who)
	case ui.SignOff:
		p.keep(ctx, wire.OpCancel, e.On, e.Who)
	}
}

// keep stores what somebody did. Only what is on disk is promised; when that
// fails the wall says so.
func (p *Player) keep(ctx context.Context, op string, r board.Ref, who board.PersonID) {
	m := wire.Mutation{Op: op, On: wire.RowKey{Kind: r.Kind, ID: r.ID}, Who: who}
	if p.board != nil {
		m.Saw = p.board.At.Rev
	}
	m, err := p.cfg.Cache.Enqueue(m)
	if err != nil {
		p.log.ErrorContext(ctx, "touch could not be kept", "op", op, "kind", string(r.Kind), "error", err)
		p.step(ctx, ui.NotKept{})
		return
	}
	p.log.InfoContext(ctx, "touch kept", "op", op, "kind", string(r.Kind), "seq", m.Seq)
	p.refresh(ctx)
	if p.client != nil {
		p.client.Touched(ctx)
	}
}

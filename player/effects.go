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
	"time"

	"tavle/player/cache"
	"tavle/player/ui"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// perform does one thing the wall asks for.
func (p *Player) perform(ctx context.Context, e ui.Effect) {
	switch e := e.(type) {
	case ui.SignUp:
		p.keep(ctx, wire.Mutation{Op: wire.OpSignUp, On: wire.RowKey(e.On), Who: e.Who, Text: string(e.Plate)})
	case ui.SignOff:
		p.keep(ctx, wire.Mutation{Op: wire.OpCancel, On: wire.RowKey(e.On), Who: e.Who})
	case ui.Tighten:
		own := wire.RowKey{Kind: record.KindPerson, ID: string(e.Who)}
		p.keep(ctx, wire.Mutation{Op: wire.OpTighten, On: own, Who: e.Who, Text: string(e.What)})
	case ui.Ask:
		p.keep(ctx, asked(wire.OpRequest, e))
	case ui.Unask:
		p.keep(ctx, asked(wire.OpUnrequest, ui.Ask(e)))
	case ui.Mark:
		p.keep(ctx, wire.Mutation{Op: wire.OpPresent, On: wire.RowKey(e.On), Who: e.Who, Text: string(e.Is)})
	case ui.Vote:
		p.keep(ctx, wire.Mutation{Op: wire.OpAnswer, On: wire.RowKey(e.On), Picto: e.Picto})
	case ui.Unvote:
		p.keep(ctx, wire.Mutation{Op: wire.OpUnanswer, On: wire.RowKey(e.On), Picto: e.Picto})
	case ui.TryNetwork:
		p.look()
	case ui.CheckCode:
		p.checkCode(ctx, e)
	case ui.Say:
		p.keep(ctx, said(wire.OpPropose, e))
	case ui.Unsay:
		p.keep(ctx, said(wire.OpRetract, ui.Say(e)))
	case ui.Read, ui.Name:
		p.speech.wanted = e
	case ui.Silence:
		p.hush()
	case ui.FilmSound:
		p.score(ctx, e)
	case ui.Chime:
		p.chime(e.Note)
	}
}

// asked is what somebody asks for, or no longer does.
func asked(op string, e ui.Ask) wire.Mutation {
	own := wire.RowKey{Kind: record.KindPerson, ID: string(e.Who)}
	return wire.Mutation{Op: op, On: own, Who: e.Who, Text: string(e.By)}
}

// said is what somebody proposes, or no longer does.
func said(op string, e ui.Say) wire.Mutation {
	return wire.Mutation{Op: op, On: wire.RowKey(e.On), Who: e.Who, Text: e.Says.Text, Lang: e.Says.Lang, Picto: e.Says.Picto}
}

// keep stores what somebody did. Only what is on disk is promised; when that
// fails the wall says so.
func (p *Player) keep(ctx context.Context, m wire.Mutation) {
	op, kind := m.Op, string(m.On.Kind)
	if p.board != nil && !wire.Anonymous(op) {
		m.Saw = p.board.At.Rev
	}
	m, err := p.cfg.Cache.Enqueue(m)
	if err != nil {
		p.log.ErrorContext(ctx, "touch could not be kept", "op", op, "kind", kind, "error", err)
		p.step(ctx, ui.NotKept{})
		return
	}
	if !wire.Anonymous(op) { // a number and a moment would lead back to whoever stood here
		p.log.InfoContext(ctx, "touch kept", "op", op, "kind", kind, "seq", m.Seq)
	}
	p.refresh(ctx)
	if p.client != nil {
		p.client.Touched(ctx)
	}
}

// checkCode says whether three pictures are somebody's code. What recognises it
// is here, so that it needs no network, and nowhere the wall is drawn from. What
// was wrong is on disk before the wall says so: pulling the plug gains no tries.
func (p *Player) checkCode(ctx context.Context, e ui.CheckCode) {
	if p.facts != nil && p.facts.People[e.Who].Code.Opens(e.Touched) {
		p.step(ctx, ui.Identified{Who: e.Who})
	} else {
		p.step(ctx, ui.CodeWrong{Who: e.Who})
	}
	p.remember(ctx)
}

// remember keeps whose picture code was wrong.
func (p *Player) remember(ctx context.Context) {
	var all []cache.Tries
	for _, l := range p.model.Locks {
		if left := l.Until.Sub(p.model.Now); left > 0 {
			all = append(all, cache.Tries{Who: l.Who, Wrong: l.Wrong, Left: left})
		}
	}
	if err := p.cfg.Cache.SetTries(all); err != nil {
		p.log.WarnContext(ctx, "wrong picture codes could not be stored", "error", err)
	}
}

// locks is what was kept of that before a start, at the time now.
func locks(all []cache.Tries, now time.Time) (out []ui.Lock) {
	for _, t := range all {
		out = append(out, ui.Lock{Who: t.Who, Wrong: t.Wrong, Until: now.Add(t.Left)})
	}
	return out
}

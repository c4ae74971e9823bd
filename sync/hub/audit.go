package hub

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strconv"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// sealDomain is what the signature of a day of the audit is for.
const sealDomain = "tavle-audit-day-1"

func sealParts(org house.ID, s store.Seal) []string {
	return []string{string(org), string(s.Day), strconv.FormatInt(s.Number, 10), s.Hash}
}

// seal signs the end of every day of the audit that is over and not signed, of
// every system. Days follow each other in one chain, so a signature vouches for
// all that came before it.
func (h *Hub) seal(ctx context.Context) error {
	systems, err := h.systems(ctx)
	if err != nil {
		return err
	}
	for _, org := range systems {
		by := store.Actor{Org: org, Kind: store.ByHub, ID: "audit", At: h.now()}
		if err := h.sealSystem(ctx, by); err != nil {
			return fmt.Errorf("audit of %s: %w", org, err)
		}
	}
	return nil
}

func (h *Hub) systems(ctx context.Context) (all []house.ID, err error) {
	err = h.store.View(ctx, h.itself(), func(v store.View) (err error) {
		all, err = v.Systems(ctx)
		return err
	})
	return all, err
}

func (h *Hub) sealSystem(ctx context.Context, by store.Actor) error {
	today := house.DayOf(by.At.UTC())
	return h.store.Update(ctx, by, func(tx store.Tx) error {
		seals, err := tx.Seals(ctx)
		if err != nil {
			return err
		}
		var from house.Day
		if len(seals) > 0 {
			from = seals[len(seals)-1].Day
		}
		var ends []store.Seal
		err = tx.Lines(ctx, from, func(l store.Line) error {
			s := store.Seal{Day: l.Day, Number: l.Number, Hash: l.Hash}
			if n := len(ends); n > 0 && ends[n-1].Day == l.Day {
				ends[n-1] = s
			} else {
				ends = append(ends, s)
			}
			return nil
		})
		for _, s := range ends {
			if err == nil && s.Day > from && s.Day < today {
				s.Signature = h.sign(sealDomain, sealParts(by.Org, s)...)
				err = tx.PutSeal(ctx, s)
			}
		}
		return err
	})
}

// Broken is where the audit is not what was written.
type Broken struct {
	Org    house.ID
	Day    house.Day // "": at the end
	Number int64
	Why    string
}

// Error implements error.
func (b *Broken) Error() string {
	if b.Day == "" {
		return fmt.Sprintf("audit of %s: %s", b.Org, b.Why)
	}
	return fmt.Sprintf("audit of %s: broken at %s number %d: %s", b.Org, b.Day, b.Number, b.Why)
}

// An AuditReport is what is known of an audit that is whole.
type AuditReport struct {
	store.Chain
	Signed house.Day // the last day that is signed; "": none
}

// VerifyAudit walks the audit of the actor's system from its first line. It
// returns a [Broken] that says where a line is not what was written, and why; head,
// unless it is empty, is a hash that was noted before, which must be in the chain:
// nothing at its end is missing then.
func (h *Hub) VerifyAudit(ctx context.Context, by store.Actor, head string) (r AuditReport, err error) {
	by.At = h.now()
	err = h.store.View(ctx, by, func(v store.View) error {
		w, err := newWalk(ctx, v, by.Org, h.SigningKey())
		if err != nil {
			return err
		}
		if w.head = head; head == "" || head == w.at.Hash {
			w.met = true
		}
		if err := v.Lines(ctx, "", w.line); err != nil {
			return err
		}
		r, err = w.end(ctx, v)
		return err
	})
	return r, err
}

// A walk goes along an audit.
type walk struct {
	org    house.ID
	key    store.PseudonymKey
	signer ed25519.PublicKey
	erased map[string]bool // pseudonyms in the ledger
	seals  []store.Seal    // that are still to come
	signed house.Day
	at     store.Chain
	head   string
	met    bool // head
}

func newWalk(ctx context.Context, v store.View, org house.ID, signer ed25519.PublicKey) (*walk, error) {
	w := &walk{org: org, signer: signer, erased: map[string]bool{}, at: store.Chain{Hash: store.Genesis(org)}}
	var err error
	if w.key, err = v.Pseudonyms(ctx); absent(err) != nil {
		return nil, err
	}
	if w.seals, err = v.Seals(ctx); err != nil {
		return nil, err
	}
	all, err := v.Erasures(ctx)
	for _, e := range all {
		w.erased[e.Pseudonym] = true
	}
	return w, err
}

func (w *walk) broken(l store.Line, format string, args ...any) error {
	return &Broken{w.org, l.Day, l.Number, fmt.Sprintf(format, args...)}
}

// line goes on to the next line.
func (w *walk) line(l store.Line) error {
	if l.Day != w.at.Day {
		if l.Day < w.at.Day {
			return w.broken(l, "a day before the line before")
		}
		if len(w.seals) > 0 && w.at.Day != "" && w.at.Day >= w.seals[0].Day {
			return w.broken(l, "the lines before are not what was signed for %s", w.seals[0].Day)
		}
		w.at.Day, w.at.Number = l.Day, 0
	}
	switch {
	case l.Number != w.at.Number+1:
		return w.broken(l, "number %d was to come", w.at.Number+1)
	case l.Link(w.at.Hash, w.key) != l.Hash:
		return w.broken(l, "its hash is not that of its words and the line before")
	}
	for _, id := range []string{w.personOf(l), string(l.Person)} {
		if store.IsPseudonym(id) && !w.erased[id] {
			return w.broken(l, "it hides somebody whom no erasure tells of")
		}
	}
	w.at.Number, w.at.Lines, w.at.Hash = l.Number, w.at.Lines+1, l.Hash
	w.met = w.met || l.Hash == w.head
	return w.seal(l)
}

// personOf returns whom a line is about, if it is a person.
func (w *walk) personOf(l store.Line) string {
	switch house.Kind(l.Kind) {
	case house.KindResident, house.KindStaff, house.KindRelative, house.KindFormer:
		return l.ID
	}
	return ""
}

// seal compares a line with the signature of its day, if it is the one signed.
func (w *walk) seal(l store.Line) error {
	if len(w.seals) == 0 || w.seals[0].Day != l.Day || w.seals[0].Number != l.Number {
		return nil
	}
	s := w.seals[0]
	switch {
	case s.Hash != l.Hash:
		return w.broken(l, "it is not what was signed")
	case !wire.VerifySigned(w.signer, s.Signature, sealDomain, sealParts(w.org, s)...):
		return w.broken(l, "the signature of the day is not this hub's")
	}
	w.signed, w.seals = s.Day, w.seals[1:]
	return nil
}

// end compares where the walk ended with where the audit says that it ends.
func (w *walk) end(ctx context.Context, v store.View) (AuditReport, error) {
	c, err := v.Chain(ctx)
	if errors.Is(err, store.ErrNotFound) {
		c, err = store.Chain{Hash: store.Genesis(w.org)}, nil
	}
	switch {
	case err != nil:
		return AuditReport{}, err
	case len(w.seals) > 0:
		err = &Broken{Org: w.org, Why: fmt.Sprintf("lines are missing up to what was signed for %s", w.seals[0].Day)}
	case c != w.at:
		err = &Broken{Org: w.org, Why: fmt.Sprintf("lines are missing or too many at the end: %d lines, %d were written", w.at.Lines, c.Lines)}
	case !w.met:
		err = &Broken{Org: w.org, Why: "the noted hash is not in it: lines are missing at the end, or all of it was written anew"}
	}
	return AuditReport{w.at, w.signed}, err
}

// Audit calls f with what was done in the actor's system since a day, oldest
// first; with person, only with what was done to or by them: their record, their
// places, what they did themselves.
func (h *Hub) Audit(ctx context.Context, by store.Actor, since house.Day, person house.ID, f func(store.Line) error) error {
	by.At = h.now()
	return h.store.View(ctx, by, func(v store.View) error {
		return v.Lines(ctx, since, func(l store.Line) error {
			if person != "" && l.Person != person && l.ID != string(person) && l.Actor != string(person) {
				return nil
			}
			return f(l)
		})
	})
}

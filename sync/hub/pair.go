package hub

// Flow, a screen becoming the hub's (the messages and what the code is worth are
// in sync/wire/pair.go, the screen's end in sync/session/pairing.go):
//
//	pairOpen → pairReveal → waiting, in the store
//	  … Approve, by whoever has the store: code on the glass == code of a pairing?
//	     → AddScreen, in the same transaction
//	pairAsk → approved: name, TLS keys, signing key
//
// A screen whose key is let in already is told so at once, however often it asks:
// a power cut between the approval and the screen's disk costs nothing.

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// What pairing may cost a hub. Whoever can reach it can ask.
const (
	maxPairings = 64 // that are not over
	pairRate    = 50 // requests per second, after a burst
	pairBurst   = 200
	openEvery   = time.Second // a new one, after a burst
	openBurst   = 32
)

// pairs is what a hub keeps in memory of pairing: how much of it there was just
// now.
type pairs struct {
	sync.Mutex
	all, begun bucket
}

// A bucket lets so many through at once, and then one every so often.
type bucket struct {
	tokens int
	at     time.Time // tokens were counted then
}

func (b *bucket) take(now time.Time, every time.Duration, burst int) bool {
	if b.at.IsZero() {
		b.tokens, b.at = burst, now
	}
	if since := now.Sub(b.at); since >= every {
		b.tokens, b.at = min(burst, b.tokens+int(min(since/every, time.Duration(burst)))), now.Add(-(since % every))
	}
	if b.tokens == 0 {
		return false
	}
	b.tokens--
	return true
}

// spare reports whether there is room for one more request, or one more pairing.
func (h *Hub) spare(opening bool) bool {
	h.pairs.Lock()
	defer h.pairs.Unlock()
	now := h.now()
	return h.pairs.all.take(now, time.Second/pairRate, pairBurst) && (!opening || h.pairs.begun.take(now, openEvery, openBurst))
}

// pairing serves one request of pairing: it reads m and answers what f returns.
func pairing[M any, P interface {
	*M
	Check() error
}](h *Hub, opening bool, f func(ctx context.Context, id string, m P) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		switch {
		case r.Header.Get("Origin") != "":
			h.refuse(w, r, http.StatusForbidden, deniedOrigin) // no browser has business here
			return
		case len(h.opt.Pins()) == 0:
			h.refuse(w, r, http.StatusNotImplemented, deniedPairing) // without TLS of its own nothing can be pinned
			return
		case !h.clients.isOpen() || !h.spare(opening):
			w.Header().Set("Retry-After", "5")
			h.refuse(w, r, http.StatusServiceUnavailable, deniedBusy)
			return
		}
		m := P(new(M))
		b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxPair))
		if err == nil {
			err = wire.DecodePair(b, m)
		}
		if err != nil {
			h.refuse(w, r, http.StatusBadRequest, deniedMessage)
			return
		}
		answer, err := f(r.Context(), r.PathValue("pairing"), m)
		switch {
		case errors.Is(err, store.ErrNotFound):
			h.refuse(w, r, http.StatusNotFound, deniedPairing)
		case errors.Is(err, errCrowd):
			w.Header().Set("Retry-After", "60")
			h.refuse(w, r, http.StatusServiceUnavailable, deniedBusy)
		case errors.Is(err, errProof):
			h.refuse(w, r, http.StatusForbidden, deniedProof)
		case err != nil:
			h.log.ErrorContext(r.Context(), "pairing", "error", err)
			http.Error(w, "try later", http.StatusServiceUnavailable)
		default:
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(answer)
		}
	}
}

var (
	errCrowd = errors.New("as many screens want to be paired as may")
	errProof = errors.New("not the key's signature")
)

// pairOpen begins a pairing.
func (h *Hub) pairOpen(ctx context.Context, _ string, m *wire.PairOpen) (any, error) {
	key, _ := wire.B64.DecodeString(m.Key)
	now := h.now()
	p := store.Pairing{
		ID: wire.B64.EncodeToString(random(wire.NonceSize)), Key: key, Commit: m.Commit,
		HubNonce: wire.B64.EncodeToString(random(wire.NonceSize)), Build: m.Build, State: store.PairBegun,
		Began: now, Expires: now.Add(wire.PairHaste),
	}
	err := h.store.Update(ctx, h.itself(), func(tx store.Tx) error {
		if err := tx.DropPairings(ctx, now); err != nil {
			return err
		}
		all, err := tx.Pairings(ctx)
		if err == nil && len(all) >= maxPairings {
			err = errCrowd
		}
		if err != nil {
			return err
		}
		return tx.AddPairing(ctx, p)
	})
	return wire.PairOpened{ID: p.ID, Nonce: p.HubNonce, ExpiresS: int64(wire.PairLife / time.Second)}, err
}

// openedAs returns what the screen of p was answered first.
func openedAs(p store.Pairing) wire.PairOpened {
	return wire.PairOpened{ID: p.ID, Nonce: p.HubNonce}
}

// pairReveal takes the screen's nonce, and decides whether staff may be asked.
func (h *Hub) pairReveal(ctx context.Context, id string, m *wire.PairReveal) (any, error) {
	var p store.Pairing
	err := h.store.Update(ctx, h.itself(), func(tx store.Tx) (err error) {
		if p, err = tx.Pairing(ctx, id); err != nil {
			return err
		}
		if !h.now().Before(p.Expires) {
			return store.ErrNotFound
		}
		if p.State != store.PairBegun {
			return nil // a second time: the answer was lost
		}
		was := p.State
		p.Nonce, p.Pin, p.State, p.Expires = m.Nonce, m.Pin, wire.PairWaiting, p.Began.Add(wire.PairLife)
		switch d, err := tx.DeviceOf(ctx, p.Key); {
		case absent(err) != nil:
			return err
		case h.doubt(p, m) != "":
			p.State, p.Why = wire.PairRefused, h.doubt(p, m)
		case err == nil:
			p.State, p.Org, p.Device = wire.PairApproved, d.Org, d.ID
		}
		if p.State != wire.PairRefused {
			if err := dropOthers(ctx, tx, p); err != nil {
				return err
			}
		}
		return tx.PutPairing(ctx, p, was)
	})
	if err != nil {
		return nil, err
	}
	if why := h.doubt(p, m); why != "" {
		h.log.WarnContext(ctx, "pairing refused", "reason", why, "screen", wire.Fingerprint(p.Key))
		return wire.PairAnswer{State: wire.PairRefused, Why: why}, nil
	}
	h.log.InfoContext(ctx, "pairing", "state", string(p.State), "screen", wire.Fingerprint(p.Key))
	return h.answer(p), nil
}

// doubt returns why a screen that says m may not be let in, or "".
func (h *Hub) doubt(p store.Pairing, m *wire.PairReveal) string {
	sig, _ := wire.B64.DecodeString(m.Sig)
	goesBy := func(name string) bool { return strings.EqualFold(name, m.Host) }
	switch {
	case !wire.Committed(p.Commit, m.Nonce):
		return wire.WhyCommit
	case !ed25519.Verify(p.Key, wire.PairProof(wire.B64.EncodeToString(p.Key), openedAs(p), *m), sig):
		return wire.WhyProof
	case !slices.Contains(h.opt.Pins(), m.Pin):
		return wire.WhyPin
	case !slices.ContainsFunc(h.opt.Hosts, goesBy):
		return wire.WhyHost
	}
	return ""
}

// dropOthers forgets what the screen of p began before: it shows one code. Only
// the key's owner can have that done.
func dropOthers(ctx context.Context, tx store.Tx, p store.Pairing) error {
	all, err := tx.Pairings(ctx)
	for _, o := range all {
		if err == nil && o.ID != p.ID && o.Key.Equal(p.Key) {
			err = tx.DropPairing(ctx, o.ID)
		}
	}
	return err
}

// pairAsk says what became of a pairing.
func (h *Hub) pairAsk(ctx context.Context, id string, m *wire.PairAsk) (any, error) {
	var p store.Pairing
	err := h.store.View(ctx, h.itself(), func(v store.View) (err error) {
		p, err = v.Pairing(ctx, id)
		return err
	})
	sig, _ := wire.B64.DecodeString(m.Sig)
	switch {
	case err != nil:
		return nil, err
	case !ed25519.Verify(p.Key, wire.PairAskProof(openedAs(p), m.N), sig):
		return nil, errProof
	case !h.now().Before(p.Expires):
		return wire.PairAnswer{State: wire.PairExpired}, nil
	case p.State == store.PairBegun:
		return nil, store.ErrNotFound
	}
	return h.answer(p), nil
}

// answer returns what the screen of p is told.
func (h *Hub) answer(p store.Pairing) wire.PairAnswer {
	switch p.State {
	case wire.PairApproved:
		return wire.PairAnswer{
			State: p.State, Device: p.Device, Pins: h.opt.Pins(), Signer: wire.B64.EncodeToString(h.SigningKey()),
		}
	case wire.PairRefused:
		return wire.PairAnswer{State: p.State, Why: p.Why}
	}
	return wire.PairAnswer{State: p.State}
}

// Why nobody was let in.
var (
	// ErrCode: no screen that waits shows this code. It counts against those
	// that wait, and locks them after [wire.MaxCodeTries].
	ErrCode = errors.New("no screen that waits shows this code")
	// ErrBetween: the screen that shows it does not see this hub's TLS key.
	ErrBetween = errors.New("the screen that shows this code is connected through something that has another key than this hub")
	// ErrOver: a screen shows it no more.
	ErrOver = errors.New("this code is over")
	// ErrLocked: too many wrong codes were tried.
	ErrLocked = errors.New("too many wrong codes were tried; the screen shows a new one within some minutes")
)

// An Approval lets in the screen on whose glass a code stands.
type Approval struct {
	Code    wire.Code
	Pairing string // which one, where that is known, as by scanning; "": any
	Screen  Screen // as what; its key is the one that shows the code

	// Place is where it hangs, put into the house with it, as the record that Screen
	// names; nil: the house has that.
	Place *house.Screen
}

// Approve lets in the screen on whose glass the code stands. Doing so again
// changes nothing.
func (h *Hub) Approve(ctx context.Context, by store.Actor, a Approval) error {
	by.At = h.now()
	var e *Edit
	err := h.store.Update(ctx, by, func(tx store.Tx) error {
		p, err := h.coded(ctx, tx, a)
		if err != nil {
			return err
		}
		if p.State == wire.PairApproved {
			if p.Org == by.Org && p.Device == a.Screen.ID {
				return nil
			}
			return ErrOver
		}
		s := a.Screen
		s.Key = p.Key
		if err := s.check(); err != nil {
			return err
		}
		e = newEdit(tx, by)
		err = e.change(ctx, func(ctx context.Context, e *Edit) error {
			if a.Place != nil {
				if err := e.Put(ctx, a.Place); err != nil {
					return err
				}
			}
			_, err := e.letIn(ctx, s)
			return err
		})
		if err != nil {
			return err
		}
		p.State, p.Org, p.Device = wire.PairApproved, by.Org, s.ID
		return tx.PutPairing(ctx, p, wire.PairWaiting)
	})
	if errors.Is(err, ErrCode) {
		err = errors.Join(err, h.store.Update(ctx, h.itself(), func(tx store.Tx) error { return tx.MissPairings(ctx, a.Pairing) }))
	}
	if err != nil {
		h.log.WarnContext(ctx, "pairing refused", "reason", refusal(err))
		return fmt.Errorf("screen %s: %w", a.Screen.ID, err)
	}
	if e != nil {
		h.announce(e)
	}
	return nil
}

// refusal returns the class of why nobody was let in.
func refusal(err error) string {
	for class, e := range map[string]error{"code": ErrCode, "over": ErrOver, "pin": ErrBetween, "locked": ErrLocked, "name": ErrTaken, "place": store.ErrNotFound} {
		if errors.Is(err, e) {
			return class
		}
	}
	return "store"
}

// coded returns the pairing whose screen shows the code. How long it takes does
// not depend on the codes.
func (h *Hub) coded(ctx context.Context, v store.View, a Approval) (found store.Pairing, err error) {
	all, err := v.Pairings(ctx)
	if err != nil {
		return found, err
	}
	n := 0
	for _, p := range all {
		if p.Nonce == "" || a.Pairing != "" && p.ID != a.Pairing {
			continue
		}
		if p.Code().Equal(a.Code) {
			found, n = p, n+1
		}
	}
	switch {
	case n != 1: // two alike are as good as none
		return found, ErrCode
	case found.Why == wire.WhyPin:
		return found, ErrBetween
	case !h.now().Before(found.Expires), found.State == wire.PairRefused:
		return found, ErrOver
	case found.State == wire.PairLocked:
		return found, ErrLocked
	}
	return found, nil
}

// Refuse says no to a screen that wants to be let in, by the fingerprint of its
// key or the ID of its pairing.
func (h *Hub) Refuse(ctx context.Context, by store.Actor, named string) error {
	by.At = h.now()
	plain := func(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "")) }
	err := h.store.Update(ctx, by, func(tx store.Tx) error {
		all, err := tx.Pairings(ctx)
		if err != nil {
			return err
		}
		n := 0
		for _, p := range all {
			if p.State != wire.PairWaiting || p.ID != named && plain(wire.Fingerprint(p.Key)) != plain(named) {
				continue
			}
			p.State, p.Why = wire.PairRefused, wire.WhyStaff
			if err := tx.PutPairing(ctx, p, wire.PairWaiting); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			return store.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("pairing: %w", err)
	}
	h.log.WarnContext(ctx, "pairing refused", "reason", wire.WhyStaff)
	return nil
}

// A Pending is a screen that wants to be let in. The code it shows is not among
// what is known of it: that is for whoever stands before it to say.
type Pending struct {
	ID          string // of the pairing
	Screen      string // what it calls itself meanwhile
	Fingerprint string // of its key
	Build       string
	State       wire.PairState // waiting, or locked
	Since       time.Time
	Expires     time.Time
	Wrong       int // codes tried
}

// Pending returns the screens that want to be let in, in the order they came.
func (h *Hub) Pending(ctx context.Context, by store.Actor) (out []Pending, err error) {
	by.At = h.now()
	err = h.store.View(ctx, by, func(v store.View) error {
		out = nil
		all, err := v.Pairings(ctx)
		for _, p := range all {
			if h.now().Before(p.Expires) && (p.State == wire.PairWaiting || p.State == wire.PairLocked) {
				out = append(out, Pending{
					p.ID, wire.Nickname(p.Key), wire.Fingerprint(p.Key), p.Build, p.State, p.Began, p.Expires, p.Wrong,
				})
			}
		}
		return err
	})
	return out, err
}

// pairPage tells whoever scanned the code on a glass what to do. It knows nothing
// of the screen: that is in the part of the address that browsers do not send.
func (h *Hub) pairPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
	way := pairByManager
	if h.manager == nil {
		way = pairByCommand
	}
	_, _ = io.WriteString(w, pairHead+way+pairFoot)
}

// What the page says: the way by the Manager, where there is one, before the command.
const (
	pairHead = `<!doctype html>
<html lang="da"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tavle</title>
<style>body{font:18px/1.5 sans-serif;max-width:34em;margin:2em auto;padding:0 1em;color:#1C2829;background:#FFFCF6}code{background:#EADFCC;padding:.1em .3em;border-radius:.3em}</style>
<h1>Tavle</h1>
`
	pairByManager = `<p>Denne skærm venter på at blive godkendt. <a href="/screens">Åbn Skærme</a>, og skriv koden fra skærmen.</p>
<p lang="nb">Denne skjermen venter på å bli godkjent. <a href="/screens">Åpne Skjermer</a> og skriv koden fra skjermen.</p>
<p lang="en">This screen waits to be let in. <a href="/screens">Open Screens</a> and type the code from the screen.</p>
<p lang="en">At the hub's own command line: <code>tavle-hub screens approve CODE NAME --place PLACE</code></p>
`
	pairByCommand = `<p>Denne skærm venter på at blive godkendt. Den, der passer hubben, skriver koden fra skærmen:</p>
<p><code>tavle-hub screens approve KODE NAVN --place STED</code></p>
<p lang="nb">Denne skjermen venter på å bli godkjent. Den som passer huben, skriver koden fra skjermen i kommandoen over.</p>
<p lang="en">This screen waits to be let in. Whoever looks after the hub types the code from the screen into the command above.</p>
`
	pairFoot = `</html>
`
)

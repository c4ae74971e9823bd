package hub

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// The ledger of erasures is a table of the store, and a file besides that only
// grows: a backup from before an erasure has not got the entry, and a lost
// database has none. It holds no personal data.

// A ledgerLine is one entry as the file keeps it: JSON, a line each.
type ledgerLine struct {
	ID        string      `json:"id"`
	Org       house.ID    `json:"system"`
	Key       string      `json:"key,omitempty"` // that made the pseudonym; see [store.PseudonymKey.Name]
	Pseudonym string      `json:"pseudonym"`
	Level     store.Level `json:"level"`
	At        time.Time   `json:"at"`
}

// maxLedger bounds the file: 500,000 entries.
const maxLedger = 100 << 20

// readLedger returns the entries of the file by their IDs. A last line that was
// cut short by a crash is none: its erasure is in the store.
func readLedger(path string) (map[string]ledgerLine, error) {
	out := map[string]ledgerLine{}
	if path == "" {
		return out, nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return out, nil
	case err != nil:
		return nil, fmt.Errorf("ledger of erasures: %w", err)
	case info.Size() > maxLedger:
		return nil, fmt.Errorf("ledger of erasures: %s: %d bytes; at most %d", path, info.Size(), maxLedger)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("ledger of erasures: %w", err)
	}
	whole := b[:bytes.LastIndexByte(b, '\n')+1]
	lines := bufio.NewScanner(bytes.NewReader(whole))
	for n := 1; lines.Scan(); n++ {
		var l ledgerLine
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil || l.ID == "" || !store.IsPseudonym(l.Pseudonym) || l.Level != store.Erased && l.Level != store.Anonymised {
			return nil, fmt.Errorf("ledger of erasures: %s:%d: is no entry; put a whole copy of the file in its place, or whoever was erased comes back", path, n)
		}
		out[l.ID] = l
	}
	return out, lines.Err()
}

// KeepErasures adds to the ledger's file what it lacks of the store's. Whoever puts
// another store in the place of this one calls it first.
func (h *Hub) KeepErasures(ctx context.Context) error { return h.keepLedger(ctx) }

// keepLedger adds to the file what it lacks of the store's.
func (h *Hub) keepLedger(ctx context.Context) error {
	if h.opt.Ledger == "" {
		return nil
	}
	h.ledger.Lock()
	defer h.ledger.Unlock()
	kept, err := readLedger(h.opt.Ledger)
	if err != nil {
		return err
	}
	systems, err := h.systems(ctx)
	if err != nil {
		return err
	}
	var add []byte
	for _, org := range systems {
		err := h.store.View(ctx, h.forLedger(org), func(v store.View) error {
			all, err := v.Erasures(ctx)
			if err != nil || len(all) == 0 {
				return err
			}
			key, err := v.Pseudonyms(ctx)
			for _, e := range all {
				if _, ok := kept[e.ID]; ok {
					continue
				}
				b, err := json.Marshal(ledgerLine{e.ID, org, key.Name(), e.Pseudonym, e.Level, e.At})
				if err != nil {
					return err
				}
				add = append(append(add, b...), '\n')
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if len(add) == 0 {
		return nil
	}
	if err := appendTo(h.opt.Ledger, add); err != nil {
		return fmt.Errorf("ledger of erasures: %w", err)
	}
	return nil
}

// appendTo adds whole lines to a file, durably. A line that was cut short by a
// crash is ended first.
func appendTo(path string, lines []byte) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if n := info.Size(); n > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, n-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			if err := dropTail(f, n); err != nil {
				return err
			}
		}
	}
	if _, err := f.Write(lines); err != nil {
		return err
	}
	return f.Sync()
}

// dropTail cuts off a line that has no end.
func dropTail(f *os.File, size int64) error {
	b := make([]byte, size)
	if _, err := f.ReadAt(b, 0); err != nil {
		return err
	}
	return f.Truncate(int64(bytes.LastIndexByte(b, '\n') + 1))
}

func (h *Hub) forLedger(org house.ID) store.Actor {
	return store.Actor{Org: org, Kind: store.ByHub, ID: "ledger", At: h.now()}
}

// ReplayErasures erases and anonymises everybody again whom a restored backup
// brought back: it takes up what the ledger's file has and the store lacks, looks
// for people whose pseudonym stands in the ledger, in every system, and forgets
// them as it was done before, under the same entry. It returns how many there were.
//
// Whoever restores calls it once the backup is in the store and before the hub
// runs, and lets no screen in when it returns an error: somebody who was erased may
// be there. What was written into the ledger's file meanwhile stays in it, so the
// folder's file is left where it is, or, when the folder was lost, put back from
// the newest backup before.
func (h *Hub) ReplayErasures(ctx context.Context) (n int, err error) {
	kept, err := readLedger(h.opt.Ledger)
	if err != nil {
		return 0, err
	}
	systems, err := h.systems(ctx)
	if err != nil {
		return 0, err
	}
	for _, org := range systems {
		back, err := h.takeUp(ctx, org, kept)
		if err != nil {
			return n, fmt.Errorf("erasures of %s: %w", org, err)
		}
		for _, e := range back {
			if err := h.erase(ctx, h.forLedger(org), e); err != nil {
				return n, fmt.Errorf("erasure %s of %s: %w", e.id, org, err)
			}
			h.announce(e.edit)
			n++
			left, err := h.settleErasure(ctx, h.forLedger(org), e)
			if err != nil {
				return n, fmt.Errorf("erasure %s of %s: %w", e.id, org, err)
			}
			if left > 0 {
				h.log.ErrorContext(ctx, "erased again, and something of somebody is left; see the certificate")
			}
		}
	}
	return n, h.keepLedger(ctx)
}

// ErrLedgerKey is returned where the ledger knows of erasures in a system of the
// store, and the store has another key for its pseudonyms: who they were cannot be
// told, so they could be there. That is so when the database was lost and the house
// was taken in anew, and when a backup is from another time of that kind.
var ErrLedgerKey = errors.New("the ledger of erasures has entries by another key than this store's, so nobody can be looked for by them")

// takeUp completes the store's ledger and returns who is there though they stand
// in it.
func (h *Hub) takeUp(ctx context.Context, org house.ID, kept map[string]ledgerLine) (back []*eraser, err error) {
	by := h.forLedger(org)
	err = h.store.Update(ctx, by, func(tx store.Tx) error {
		back = nil
		all, err := tx.Erasures(ctx)
		if err != nil {
			return err
		}
		gone := map[string]store.Erasure{}
		for _, e := range all {
			gone[e.Pseudonym] = stricterOf(gone[e.Pseudonym], e)
		}
		more := lacking(all, kept, org)
		if len(gone)+len(more) == 0 {
			return nil
		}
		key, err := tx.Pseudonyms(ctx)
		if err != nil {
			return err
		}
		for _, l := range more {
			if err := l.madeBy(key); err != nil {
				return err
			}
			e := store.Erasure{ID: l.ID, Pseudonym: l.Pseudonym, Level: l.Level, At: l.At}
			if err := tx.PutErasure(ctx, e); err != nil {
				return err
			}
			gone[e.Pseudonym] = stricterOf(gone[e.Pseudonym], e)
		}
		// A store that lacks what is in the ledger is older than its screens: what they
		// know of its boards is from a time that never was. To whoever looks again
		// after a crash it would not lack anything any more.
		if len(more) > 0 {
			if err := renumber(ctx, tx); err != nil {
				return err
			}
		}
		back, err = returned(ctx, tx, key, gone)
		return err
	})
	return back, err
}

// lacking returns the entries of the file about a system that are not in its store.
func lacking(all []store.Erasure, kept map[string]ledgerLine, org house.ID) (more []ledgerLine) {
	for _, l := range kept {
		if l.Org == org && !slices.ContainsFunc(all, func(e store.Erasure) bool { return e.ID == l.ID }) {
			more = append(more, l)
		}
	}
	return more
}

// madeBy returns [ErrLedgerKey] unless an entry was made with this key. What an
// older build wrote does not say.
func (l ledgerLine) madeBy(key store.PseudonymKey) error {
	if l.Key != "" && l.Key != key.Name() {
		return ErrLedgerKey
	}
	return nil
}

// heedLedger refuses people who were erased, and a house of which the ledger's file
// knows something that its store cannot tell.
func heedLedger(ctx context.Context, tx store.Tx, kept map[string]ledgerLine, org house.ID, ids []house.ID) error {
	all, err := tx.Erasures(ctx)
	if err != nil {
		return err
	}
	more := lacking(all, kept, org)
	if len(more) == 0 {
		return refuseErased(ctx, tx, ids...)
	}
	key, err := tx.Pseudonyms(ctx)
	if absent(err) != nil {
		return err
	}
	for _, l := range more {
		if err := l.madeBy(key); err != nil {
			return err
		}
		all = append(all, store.Erasure{Pseudonym: l.Pseudonym})
	}
	return amongErased(key, all, ids)
}

// returned finds the people whose pseudonym is one of these.
func returned(ctx context.Context, tx store.Tx, key store.PseudonymKey, gone map[string]store.Erasure) (back []*eraser, err error) {
	for _, k := range people {
		all, err := tx.All(ctx, k)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if e, ok := gone[key.Of(string(house.KeyOf(r)))]; ok {
				back = append(back, &eraser{
					Erasing: Erasing{Person: house.KeyOf(r), Level: e.Level}, id: e.ID, action: string(e.Level) + " again", replay: true,
				})
			}
		}
	}
	return back, nil
}

// stricterOf returns the entry that leaves less of somebody.
func stricterOf(a, b store.Erasure) store.Erasure {
	if a.Level == store.Erased {
		return a
	}
	return b
}

package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// R-DPA-22, R-DPA-23, R-DPA-24, R-DPA-25: a contract ends when it was planned to and what is
// to be given back was, and not before; what would go is said first; then nobody is in
// any record, list, board, audit line or byte of the database, screens are shut out and
// wipe themselves, and a signed certificate says of every place how it stands.
func TestContractEnds(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		canaries := w.plant()
		w.hub.opt.Search = func(_ context.Context, values []string) (int, int64, error) {
			b := w.files()
			return len(holds(b, values)), int64(len(b)), nil
		}
		by := store.Actor{Org: "sys-demo", Kind: store.ByStaff, ID: "acc-superuser"}
		one, two := w.live("scr-1"), w.live("scr-2")
		two.leave()
		w.letIn("s03")
		today := house.DayOf(time.Now().In(copenhagen))
		plan := func(id, was house.ID, choice string, on house.Day, copied house.Wall) {
			w.change(func(ctx context.Context, e *Edit) error {
				return e.Put(ctx, &house.Entry{ID: id, Replaces: was, Written: "2000-01-01T10:00", Ending: &house.Ending{State: "planned", Choice: choice, On: on, Copied: copied}})
			})
		}
		_, err := w.hub.End(t.Context(), by, false)
		require.ErrorIs(t, err, ErrNotDue)
		plan("end-1", "", "return", today.Add(1), "")
		_, err = w.hub.End(t.Context(), by, false)
		require.ErrorIs(t, err, ErrNotDue, "its day is tomorrow")
		plan("end-2", "end-1", "return", today, "")
		_, err = w.hub.End(t.Context(), by, false)
		require.ErrorIs(t, err, ErrNotDue, "nothing was given back")
		plan("end-3", "end-2", "return", today, "2000-01-01T10:00")

		dry, err := w.hub.End(t.Context(), by, true)
		require.NoError(t, err)
		require.Greater(t, dry.People, 20)
		require.Greater(t, dry.Records, 100)
		require.Equal(t, 1, dry.Accounts)
		require.Len(t, dry.Places, 3)
		require.Positive(t, dry.Pictures)
		require.Contains(t, one.all(), "Anna", "nothing is done")

		x, err := w.hub.End(t.Context(), by, false)
		require.NoError(t, err)
		require.Zero(t, x.Left)
		require.Equal(t, dry.People, x.People)
		require.Equal(t, dry.Records, x.Records)
		synctest.Wait()
		require.True(t, one.gone(), "shut out")
		for _, id := range []house.ID{"r-canary", "x-canary", "r01", "s02", "c01"} {
			require.Empty(t, w.mentions(id), id)
		}
		require.Empty(t, holds(w.files(), append(canaries, "Mette Holmgaard")))
		w.view(func(v store.View) error {
			for _, k := range house.Kinds() {
				all, err := v.All(t.Context(), k)
				require.NoError(t, err)
				require.Equal(t, stays(k), len(all) > 0, k)
			}
			all, err := v.Erasures(t.Context())
			require.Len(t, all, x.People)
			return err
		})
		all := w.endings()
		require.Len(t, all, 5, "what was planned, and what was done stays")
		before, err := w.hub.EndCertificate(t.Context(), by, all[3].ID)
		require.NoError(t, err)
		require.Equal(t, "not done: the hub stopped before", before.Verified.Result, "as it would be had it stopped")
		_, err = w.hub.VerifyAudit(t.Context(), by, "")
		require.NoError(t, err, "the chain is whole")

		c, err := w.hub.EndCertificate(t.Context(), by, x.ID)
		require.NoError(t, err)
		require.Equal(t, "nothing was found", c.Verified.Result)
		require.Greater(t, c.Verified.Bytes, 100_000)
		states := map[string]string{}
		for _, l := range c.Locations {
			states[l.What+" "+l.Name] = l.State
		}
		require.Equal(t, map[string]string{
			"database of the hub ": "done", "backups ": "pending", "screen scr-1": "pending", "screen scr-2": "pending", "screen scr-3": "done",
			"subprocessor " + w.system().Subprocessor[0].Name: "pending",
		}, states)
		b, err := json.Marshal(c)
		require.NoError(t, err)
		got, err := VerifyEndCertificate(bytes.NewReader(b), w.hub.SigningKey())
		require.NoError(t, err)
		require.Equal(t, c, got)
		for was, now := range map[string]string{`"pending"`: `"done"`, "nothing was found": "nothing", `"tenant"`: `"x":1,"tenant"`} {
			_, err := VerifyEndCertificate(strings.NewReader(strings.Replace(string(b), was, now, 1)), w.hub.SigningKey())
			require.Error(t, err, was)
		}
		time.Sleep(36 * 24 * time.Hour)
		c, err = w.hub.EndCertificate(t.Context(), by, x.ID)
		require.NoError(t, err)
		for _, l := range c.Locations {
			if l.What != "subprocessor" {
				require.Equal(t, "done", l.State, "%s %s: a screen that stays away has destroyed all by itself, backups have expired", l.What, l.Name)
			}
		}
		_, err = w.hub.End(t.Context(), by, false)
		require.ErrorIs(t, err, ErrNotDue, "once")
	})
}

// endings returns the entries about the end of the contract.
func (w *world) endings() (out []house.Entry) {
	w.view(func(v store.View) (err error) {
		out, err = store.All[house.Entry](w.t.Context(), v)
		return err
	})
	return out
}

// system returns the house's.
func (w *world) system() (s house.System) {
	w.view(func(v store.View) (err error) {
		s, err = store.Get[house.System](w.t.Context(), v, "sys-demo")
		return err
	})
	return s
}

// mentions returns what has to do with somebody, of a house without departments too: it
// cannot be written as a file.
func (w *world) mentions(id house.ID) (out []string) {
	w.view(func(v store.View) error {
		for _, k := range house.Kinds() {
			all, err := v.All(w.t.Context(), k)
			if err != nil {
				return err
			}
			for _, r := range all {
				if strings.Contains(string(house.Encode(r)), `"`+string(id)+`"`) {
					out = append(out, string(k))
				}
			}
		}
		return v.Lines(w.t.Context(), "", func(l store.Line) error {
			if l.ID == string(id) || l.Actor == string(id) || l.Person == id {
				out = append(out, "audit "+l.Action)
			}
			return nil
		})
	})
	return out
}

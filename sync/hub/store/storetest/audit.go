package storetest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// R-DPA-30: whoever cannot be named in the audit reads and writes nothing: what
// they would do is not even begun.
func noMethodWorksWithoutAnActor(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	for name, by := range map[string]store.Actor{
		"nobody":             {},
		"no kind":            {Org: "sys", ID: "s01", At: now},
		"another kind":       {Org: "sys", Kind: "admin", ID: "s01", At: now},
		"no time":            {Org: "sys", Kind: store.ByStaff, ID: "s01"},
		"staff without ID":   {Org: "sys", Kind: store.ByStaff, At: now},
		"screen without ID":  {Org: "sys", Kind: store.ByScreen, At: now},
		"file without ID":    {Org: "sys", Kind: store.ByImport, At: now},
		"the hub at no time": {Kind: store.ByHub},
	} {
		began := false
		require.ErrorIs(t, s.View(ctx, by, func(store.View) error { began = true; return nil }), store.ErrActor, name)
		require.ErrorIs(t, s.Update(ctx, by, func(store.Tx) error { began = true; return nil }), store.ErrActor, name)
		require.False(t, began, name)
	}
	for _, by := range []store.Actor{hub, staff, bare} {
		require.NoError(t, by.Check())
	}
}

// reads is what methods of a View do in these tests, and the line each leaves when
// staff do it.
var reads = map[string]struct {
	do   func(context.Context, store.View) error
	line string
}{
	"Get": {func(ctx context.Context, v store.View) error {
		_, err := v.Get(ctx, house.KindResident, "r01")
		return err
	}, "read resident r01"},
	"All": {func(ctx context.Context, v store.View) error {
		_, err := v.All(ctx, house.KindRelative)
		return err
	}, "read relative *"},
	"Saying": {func(ctx context.Context, v store.View) error {
		_, err := v.Saying(ctx, house.KindRelative, "r01")
		return err
	}, "read relative *"},
	"On": {func(ctx context.Context, v store.View) error {
		_, err := v.On(ctx, "dep-1", house.KindShift, "", "9999-12-31")
		return err
	}, "read shift *"},
	"Places": {func(ctx context.Context, v store.View) error { _, err := v.Places(ctx, film); return err }, "read activity a1"},
	"PlacesOn": {func(ctx context.Context, v store.View) error {
		_, err := v.PlacesOn(ctx, "dep-1", "", "9999-12-31")
		return err
	}, "read activity *"},
	"ListsOf": {func(ctx context.Context, v store.View) error { _, err := v.ListsOf(ctx, "r01"); return err }, "read resident r01"},
	"Since":   {func(ctx context.Context, v store.View) error { _, _, err := v.Since(ctx, "b1", 0); return err }, "read board b1"},
	"Source": {func(ctx context.Context, v store.View) error {
		_, _, err := v.Source(ctx, "b1", record.Key{Kind: "person", ID: "p1"})
		return err
	}, "read board b1"},
	"Picture": {func(ctx context.Context, v store.View) error { _, err := v.Picture(ctx, look); return err }, "read picture "},
	"Audit":   {func(ctx context.Context, v store.View) error { _, err := v.Audit(ctx); return err }, "read audit "},
	"Lines": {func(ctx context.Context, v store.View) error {
		return v.Lines(ctx, "2026-12-01", func(store.Line) error { return nil })
	}, "read audit 2026-12-01"},
	"Account":  {func(ctx context.Context, v store.View) error { _, err := v.Account(ctx, "a"); return err }, "read account a"},
	"Accounts": {func(ctx context.Context, v store.View) error { _, err := v.Accounts(ctx); return err }, "read account *"},
	"AccountOf": {func(ctx context.Context, v store.View) error {
		_, err := v.AccountOf(ctx, "mette")
		return err
	}, "read account a"},
	"AccountWith": {func(ctx context.Context, v store.View) error {
		_, err := v.AccountWith(ctx, "code of a")
		return err
	}, "read account a"},
	"AccountBy": {func(ctx context.Context, v store.View) error {
		_, err := v.AccountBy(ctx, "identity of a")
		return err
	}, "read account a"},
	"Withdrawals": {func(ctx context.Context, v store.View) error { _, err := v.Withdrawals(ctx, "r01"); return err }, "read withdrawal r01"},
}

// writes is the same of a Tx.
var writes = map[string]struct {
	do   func(context.Context, store.Tx) error
	line string
}{
	"Put":         {func(ctx context.Context, tx store.Tx) error { return tx.Put(ctx, resident("r01")) }, "change resident r01"},
	"Delete":      {func(ctx context.Context, tx store.Tx) error { return tx.Delete(ctx, house.KindResident, "r01") }, "delete resident r01"},
	"PutPlace":    {func(ctx context.Context, tx store.Tx) error { return tx.PutPlace(ctx, film, at("r02")) }, "create activity a1 r02"},
	"DeletePlace": {func(ctx context.Context, tx store.Tx) error { return tx.DeletePlace(ctx, film, "r01") }, "delete activity a1 r01"},
	"PutBoard": {func(ctx context.Context, tx store.Tx) error {
		return tx.PutBoard(ctx, store.Board{ID: "b2", Department: "dep-1", Secret: []byte("s")}, "00000000000000e2")
	}, "create board b2"},
	"PutPicture": {func(ctx context.Context, tx store.Tx) error {
		_, err := tx.PutPicture(ctx, "asset:portrait/r02", []byte("two"))
		return err
	}, "create picture asset:portrait/r02"},
	"Wiped": {func(ctx context.Context, tx store.Tx) error { return tx.Wiped(ctx, "scr-3", make([]byte, 32)) }, "wipe device scr-3"},
	"PutDevice": {func(ctx context.Context, tx store.Tx) error {
		return tx.PutDevice(ctx, store.Device{ID: "scr-2", Board: "b1", Key: make([]byte, 32)})
	}, "change device scr-2"},
	"PutErasure": {func(ctx context.Context, tx store.Tx) error {
		return tx.PutErasure(ctx, store.Erasure{ID: "e2", Pseudonym: "~x", Level: store.Erased, At: now})
	}, "create erasure e2"},
	"PutAccount":  {func(ctx context.Context, tx store.Tx) error { return tx.PutAccount(ctx, account("b", "b")) }, "create account b"},
	"DropAccount": {func(ctx context.Context, tx store.Tx) error { return tx.DropAccount(ctx, "a") }, "delete account a"},
	"Note":        {func(ctx context.Context, tx store.Tx) error { return tx.Note(ctx, "export") }, "export system sys"},
	"NoteOf":      {func(ctx context.Context, tx store.Tx) error { return tx.NoteOf(ctx, "export", house.KindStaff, "s02") }, "export staff s02"},
}

// silent are the methods that say nothing of anybody, or are the hub's own work:
// which systems, departments, boards and screens there are and where they stand;
// the rows it makes of what was changed; what screens confirm; who wants to be let
// in; keys; how often each answer was given to what nobody was asked by name; that
// somebody is logged in, of which the hub says itself what is to be said.
var silent = []string{
	"Systems", "Sharing", "Board", "Boards", "Head", "Heads", "Hashes", "Shows", "Pictures", "Device", "Devices", "Known", "LastSeq", "Results", "Result",
	"Chain", "Seals", "Pseudonyms", "Erasures", "Erasure", "Lock", "DropBoards", "Renumber", "PutRows", "Purge", "DropPictures", "Booted", "Seen", "Acked",
	"PutResult", "Release", "Secret", "PutSeal", "Pseudonymise", "PutWithdrawal", "Own",
	"Tally", "PutTally", "Pairing", "Pairings", "DeviceOf", "AddPairing", "PutPairing", "MissPairings", "DropPairing", "DropPairings",
	"Session", "PutSession", "DropSession", "DropSessionsOf", "DropSessions", "Tried",
}

var (
	film = house.List{Kind: house.KindActivity, ID: "a1"}
	look = record.AssetID(fmt.Sprintf("sha256-%x", sha256.Sum256([]byte("jpeg"))))
)

// R-DPA-30: whatever method of the store staff reach, what it did or read of
// people is in the audit. Another method belongs into one of the two tables.
func everyMethodLeavesALine(t *testing.T, open Open) {
	for m := range reflect.TypeFor[store.Tx]().Methods() {
		_, reads := reads[m.Name]
		_, writes := writes[m.Name]
		require.NotEqual(t, reads || writes, slices.Contains(silent, m.Name), "%s: say whether it leaves a line", m.Name)
	}
	for name, m := range reads {
		s, ctx := peopled(t, open), t.Context()
		want := "staff s01 " + m.line
		if name == "Picture" {
			want += string(look)
		}
		require.Equal(t, []string{want}, done(t, s, func() {
			require.NoError(t, s.View(ctx, staff, func(v store.View) error { return m.do(ctx, v) }), name)
		}), name)
		require.Equal(t, []string{want}, done(t, s, func() {
			require.NoError(t, s.Update(ctx, staff, func(tx store.Tx) error { return m.do(ctx, tx) }), name)
		}), name)
		require.Empty(t, done(t, s, func() {
			require.NoError(t, s.Update(ctx, staff, func(tx store.Tx) error { return m.do(ctx, tx.Own()) }), name)
		}), name)
	}
	for name, m := range writes {
		s, ctx := peopled(t, open), t.Context()
		require.Equal(t, []string{"staff s01 " + m.line}, done(t, s, func() {
			require.NoError(t, s.Update(ctx, staff, func(tx store.Tx) error { return m.do(ctx, tx.Own()) }), name)
		}), name)
	}
}

// peopled returns a store with somebody in it, and a board.
func peopled(t *testing.T, open Open) store.Store {
	s, ctx := fresh(t, open), t.Context()
	update(t, s, func(tx store.Tx) (err error) {
		require.NoError(t, tx.Put(ctx, resident("r01")))
		require.NoError(t, tx.Put(ctx, activity("a1", "2026-12-03")))
		require.NoError(t, tx.PutPlace(ctx, film, at("r01")))
		require.NoError(t, tx.PutAccount(ctx, account("a", "mette")))
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, "00000000000000e1"))
		require.NoError(t, tx.PutDevice(ctx, store.Device{ID: "scr-3", Board: "b1", Key: make([]byte, 32), Revoked: true}))
		row := project.Row{Row: record.Row{Key: record.Key{Kind: "person", ID: "p1"}, Body: []byte(`{}`)}, Src: "r01"}
		_, _, err = store.WriteRows(ctx, tx, "b1", []project.Row{row}, now)
		require.NoError(t, err)
		got, err := tx.PutPicture(ctx, "asset:portrait/r01", []byte("jpeg"))
		require.Equal(t, look, got)
		return err
	})
	return s
}

// done returns the lines that f adds to the audit.
func done(t *testing.T, s store.Store, f func()) (out []string) {
	t.Helper()
	before := len(chain(t, s))
	f()
	for _, l := range chain(t, s)[before:] {
		text := fmt.Sprintf("%s %s %s %s %s", l.By, l.Actor, l.Action, l.Kind, l.ID)
		if l.Person != "" {
			text += " " + string(l.Person)
		}
		out = append(out, text)
	}
	return out
}

// chain returns every line, and fails when one is not where it should be.
func chain(t *testing.T, s store.Store) (out []store.Line) {
	t.Helper()
	view(t, s, func(v store.View) error {
		key, err := v.Pseudonyms(t.Context())
		require.NoError(t, err)
		last := store.Chain{Hash: store.Genesis("sys")}
		require.NoError(t, v.Lines(t.Context(), "", func(l store.Line) error {
			if l.Day > last.Day {
				last.Day, last.Number = l.Day, 0
			}
			require.Equal(t, last.Day, l.Day)
			require.Equal(t, last.Number+1, l.Number)
			require.Equal(t, l.Link(last.Hash, key), l.Hash)
			last.Number, last.Lines, last.Hash = l.Number, last.Lines+1, l.Hash
			out = append(out, l)
			return nil
		}))
		got, err := v.Chain(t.Context())
		require.NoError(t, err)
		require.Equal(t, last, got)
		return nil
	})
	return out
}

// R-DPA-19: every line hangs on the one before, whatever clock wrote it, in a
// chain of its own per system.
func auditIsAChain(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	by := staff
	for _, at := range []time.Duration{0, time.Hour, 24 * time.Hour, 23 * time.Hour, 72 * time.Hour} {
		by.At = now.Add(at)
		require.NoError(t, s.Update(ctx, by, func(tx store.Tx) error {
			require.NoError(t, tx.Note(ctx, "one"))
			return tx.Note(ctx, "two")
		}))
		require.NoError(t, s.Update(ctx, store.Actor{Org: "elsewhere", Kind: store.ByHub, At: by.At}, func(tx store.Tx) error { return tx.Note(ctx, "other") }))
	}
	require.ErrorIs(t, s.Update(ctx, staff, func(tx store.Tx) error {
		require.NoError(t, tx.Note(ctx, "never"))
		return context.Canceled
	}), context.Canceled)
	lines := chain(t, s)
	require.Len(t, lines, 11)
	require.Equal(t, house.Day("2026-12-04"), lines[7].Day)
	require.Equal(t, now.Add(23*time.Hour), lines[7].At, "a clock set back is what it says")
	var from []store.Line
	view(t, s, func(v store.View) error {
		return v.Lines(ctx, "2026-12-04", func(l store.Line) error {
			from = append(from, l)
			return nil
		})
	})
	require.Equal(t, lines[5:], from)
	update(t, s, func(tx store.Tx) error {
		return tx.PutSeal(ctx, store.Seal{Day: "2026-12-03", Number: lines[4].Number, Hash: lines[4].Hash, Signature: []byte("signed")})
	})
	view(t, s, func(v store.View) error {
		seals, err := v.Seals(ctx)
		require.Equal(t, []store.Seal{{Day: "2026-12-03", Number: lines[4].Number, Hash: lines[4].Hash, Signature: []byte("signed")}}, seals)
		return err
	})
}

func manyWriteOneChain(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 10 {
				err := s.Update(ctx, hub, func(tx store.Tx) error { return tx.Put(ctx, resident(person(10*i+j))) })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.Len(t, chain(t, s), 81)
}

// After an erasure the audit keeps what was done and no longer to
// whom, and its hashes are what they were.
func pseudonymDoesNotBreakTheChain(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	update(t, s, func(tx store.Tx) (err error) {
		require.NoError(t, tx.Put(ctx, resident("r01")))
		require.NoError(t, tx.Put(ctx, activity("a1", "2026-12-03")))
		require.NoError(t, tx.PutPlace(ctx, film, at("r01")))
		require.NoError(t, tx.PutPlace(ctx, film, at("r02")))
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, "00000000000000e1"))
		key := record.Key{Kind: "person", ID: "p1"}
		_, _, err = store.WriteRows(ctx, tx, "b1", []project.Row{{Row: record.Row{Key: key, Body: []byte(`{}`)}, Src: "r01"}}, now)
		require.NoError(t, err)
		require.NoError(t, tx.PutWithdrawal(ctx, store.Withdrawal{ID: "w1", Person: "r01", Action: "change", At: now}))
		_, _, err = store.WriteBoard(ctx, tx, "b1", nil, now)
		return err
	})
	require.NoError(t, s.Update(ctx, staff, func(tx store.Tx) error { return tx.Put(ctx, resident("r03")) }))
	before := chain(t, s)
	var key store.PseudonymKey
	update(t, s, func(tx store.Tx) (err error) {
		require.NoError(t, tx.Delete(ctx, house.KindResident, "r01"))
		require.NoError(t, tx.DeletePlace(ctx, film, "r01"))
		require.NoError(t, tx.Pseudonymise(ctx, "r01", "s01"))
		key, err = tx.Pseudonyms(ctx)
		return err
	})
	require.NotContains(t, fmt.Sprint(key)+fmt.Sprintf("%#v", key), string(key))
	after := chain(t, s)
	require.Len(t, after, len(before)+2)
	hidden := 0
	for i, l := range after {
		require.NotContains(t, []string{l.ID, l.Actor, string(l.Person)}, "r01")
		require.NotEqual(t, "s01", l.Actor)
		if i < len(before) {
			require.Equal(t, before[i].Hash, l.Hash)
		}
		if string(l.Person) == key.Of("r01") || l.ID == key.Of("r01") || l.Actor == key.Of("s01") {
			hidden++
		}
	}
	require.Equal(t, 5, hidden)
	view(t, s, func(v store.View) error {
		src, shown, err := v.Source(ctx, "b1", record.Key{Kind: "person", ID: "p1"})
		require.NoError(t, err)
		require.False(t, shown)
		require.Empty(t, src)
		list, err := v.Withdrawals(ctx, house.ID(key.Of("r01")))
		require.NoError(t, err)
		require.Len(t, list, 1)
		return nil
	})
}

func ledgerIsKept(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	one := store.Erasure{ID: "e1", Pseudonym: "~one", Level: store.Erased, At: now}
	two := store.Erasure{ID: "e2", Pseudonym: "~two", Level: store.Anonymised, At: now.Add(time.Second)}
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.PutErasure(ctx, two))
		require.NoError(t, tx.PutErasure(ctx, one))
		one.Certificate = "{}"
		return tx.PutErasure(ctx, one)
	})
	view(t, s, func(v store.View) error {
		all, err := v.Erasures(ctx)
		require.NoError(t, err)
		require.Equal(t, []store.Erasure{one, two}, all)
		got, err := v.Erasure(ctx, "e1")
		require.Equal(t, one, got)
		return err
	})
	require.NoError(t, s.View(ctx, other, func(v store.View) error {
		_, err := v.Erasure(ctx, "e1")
		require.ErrorIs(t, err, store.ErrNotFound)
		all, err := v.Erasures(ctx)
		require.Empty(t, all)
		return err
	}))
	require.ErrorIs(t, s.Update(ctx, other, func(tx store.Tx) error { return tx.PutErasure(ctx, one) }), store.ErrNotFound)
}

func withdrawalsAreKept(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	one := store.Withdrawal{ID: "w1", Person: "r01", Action: "change", At: now, Screens: []store.Due{
		{Device: "scr-1", Board: "b1", From: record.Position{Epoch: "e", Rev: 7}}, {Device: "scr-2", Board: "b2", From: record.Position{Epoch: "f", Rev: 1}},
	}}
	two := store.Withdrawal{ID: "w2", Person: "r02", Action: "erase", At: now.Add(time.Second)}
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.PutWithdrawal(ctx, one))
		return tx.PutWithdrawal(ctx, two)
	})
	view(t, s, func(v store.View) error {
		all, err := v.Withdrawals(ctx, "")
		require.NoError(t, err)
		require.Equal(t, []store.Withdrawal{two, one}, all)
		all, err = v.Withdrawals(ctx, "r01")
		require.Equal(t, []store.Withdrawal{one}, all)
		return err
	})
	for _, c := range []struct {
		ack  wire.Ack
		then time.Duration
		met  bool
	}{
		{wire.Ack{}, 0, false},
		{wire.Ack{Epoch: "e", Rev: 6}, time.Hour, false},
		{wire.Ack{Epoch: "e", Rev: 7}, 0, true},
		{wire.Ack{Epoch: "e", Rev: 8}, 0, true},
		{wire.Ack{Epoch: "before", Rev: 99}, -time.Second, false}, // from before a restore
		{wire.Ack{Epoch: "after", Rev: 1}, time.Second, true},     // the whole of a later board
	} {
		require.Equal(t, c.met, one.Screens[0].Met(c.ack, now.Add(c.then), now), "%v", c.ack)
	}
}

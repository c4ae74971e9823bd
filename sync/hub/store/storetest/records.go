package storetest

import (
	"bytes"
	"errors"
	"slices"
	"strings"
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

func recordIsWhatWasPut(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	update(t, s, func(tx store.Tx) error {
		for i := range 3 {
			require.NoError(t, tx.Put(ctx, resident(person(i))))
		}
		changed := resident("r01")
		changed.Choices.Hidden = true
		require.NoError(t, tx.Put(ctx, changed))
		return tx.Delete(ctx, house.KindResident, "r02")
	})
	view(t, s, func(v store.View) error {
		r, err := v.Get(ctx, house.KindResident, "r01")
		require.NoError(t, err)
		require.True(t, r.(*house.Resident).Choices.Hidden)
		require.Equal(t, "Anna", r.(*house.Resident).FirstName.Reveal())
		all, err := v.All(ctx, house.KindResident)
		require.NoError(t, err)
		require.Len(t, all, 2)
		require.Equal(t, house.ID("r00"), house.KeyOf(all[0]), "in the order they came")
		_, err = v.Get(ctx, house.KindResident, "r02")
		require.ErrorIs(t, err, store.ErrNotFound)
		require.EqualError(t, err, "resident r02: not found")
		return nil
	})
	update(t, s, func(tx store.Tx) error { return tx.Delete(ctx, house.KindResident, "r77") })
}

// Few are found among many by what stands in their documents, however a document
// spells it: by an ID, by a name, by either.
func recordsAreFoundByWhatTheySay(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	update(t, s, func(tx store.Tx) error {
		for id, name := range map[house.ID]string{"r00": `Anna <"Ann"> & Co`, "r01": "Åse", "r02": "Mik\nArt"} {
			r := resident(id)
			r.FirstName = record.NameOf(name)
			if err := tx.Put(ctx, r); err != nil {
				return err
			}
		}
		return tx.Put(ctx, &house.Document{ID: "d1", Department: "dep-1", Title: record.Text{"da": "Brev"}, SharedTo: "person:r01"})
	})
	view(t, s, func(v store.View) error {
		found := func(id house.ID, texts ...string) (ids []house.ID) {
			all, err := v.Saying(ctx, house.KindResident, id, texts...)
			require.NoError(t, err)
			for _, r := range all {
				ids = append(ids, house.KeyOf(r))
			}
			slices.Sort(ids)
			return ids
		}
		require.Equal(t, []house.ID{"r00"}, found("r99", `<"Ann"> &`))
		require.Equal(t, []house.ID{"r01"}, found("r99", "Åse"))
		require.Equal(t, []house.ID{"r01", "r02"}, found("r02", "Jens", "Åse"))
		require.Equal(t, []house.ID{"r02"}, found("r99", "Art"), "at the beginning of a line")
		require.Empty(t, found("r0", "art", "An"), "words and IDs are all of themselves")
		all, err := v.Saying(ctx, house.KindDocument, "r01")
		require.NoError(t, err)
		require.Len(t, all, 1, "what is somebody's alone")
		all, err = v.Saying(ctx, house.KindStaff, "r01")
		require.NoError(t, err)
		require.Empty(t, all)
		return nil
	})
}

// What could not be read again is not stored.
func recordThatIsWrongIsRefused(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	for want, r := range map[string]house.Record{
		"resident r01: choices.name_mode: missing":                        &house.Resident{ID: "r01", Department: "dep-1", FirstName: record.NameOf("Anna"), Acceptance: house.Acceptance{State: house.NotAsked}},
		"activity a1: starts: want a time such as 2026-11-30T09:30":       activity("a1", "tomorrow"),
		"activity a1: capacity: want a whole number from 0 to 10000":      &house.Activity{ID: "a1", Title: record.Text{"da": "x"}, Starts: "2026-12-03T10:00", Ends: "2026-12-03T11:00", Capacity: -1},
		"news n1: text.da: 5000 bytes; want at most 4000":                 &house.News{ID: "n1", Title: record.Text{"da": "x"}, Published: "2026-12-03T10:00", Text: record.Text{"da": strings.Repeat("x", 5000)}},
		"resident : id: want an ID: letters, digits, - and _, at most 40": resident(""),
	} {
		require.EqualError(t, s.Update(ctx, hub, func(tx store.Tx) error { return tx.Put(ctx, r) }), want)
	}
}

func recordsByDepartmentAndDay(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.Put(ctx, activity("a1", "2026-12-01")))
		require.NoError(t, tx.Put(ctx, activity("a2", "2026-12-03", "dep-2")))
		require.NoError(t, tx.Put(ctx, activity("a3", "2026-12-05")))
		require.NoError(t, tx.Put(ctx, resident("r01")))
		return tx.Put(ctx, &house.Staff{
			ID: "s01", Departments: []house.ID{"dep-1", "dep-2"}, FirstName: record.NameOf("Marie"),
			Acceptance: house.Acceptance{State: house.NotAsked}, Choices: house.StaffChoices{NameMode: "first_name"},
		})
	})
	ids := func(dept house.ID, k house.Kind, from, until house.Day) (out []house.ID) {
		view(t, s, func(v store.View) error {
			list, err := v.On(ctx, dept, k, from, until)
			for _, r := range list {
				out = append(out, house.KeyOf(r))
			}
			return err
		})
		return out
	}
	require.Equal(t, []house.ID{"a1", "a2"}, ids("dep-1", house.KindActivity, "2026-12-01", "2026-12-04"))
	require.Equal(t, []house.ID{"a2", "a3"}, ids("dep-1", house.KindActivity, "2026-12-02", "2026-12-05"))
	require.Equal(t, []house.ID{"a2"}, ids("dep-2", house.KindActivity, "2026-12-01", "2026-12-05"))
	require.Equal(t, []house.ID{"r01"}, ids("dep-1", house.KindResident, "2026-12-01", "2026-12-01"), "people are always there")
	require.Equal(t, []house.ID{"s01"}, ids("dep-2", house.KindStaff, "", ""))
	require.Empty(t, ids("dep-3", house.KindActivity, "2026-12-01", "2026-12-05"))

	update(t, s, func(tx store.Tx) error { return tx.Put(ctx, activity("a2", "2026-12-09")) })
	require.Empty(t, ids("dep-2", house.KindActivity, "2026-12-01", "2026-12-31"), "not shared any more")
	require.Equal(t, []house.ID{"a2"}, ids("dep-1", house.KindActivity, "2026-12-09", "2026-12-09"))
}

func departmentsShareLists(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.Put(ctx, activity("a1", "2026-12-03", "dep-2", "ext-1")))
		return tx.Put(ctx, activity("a2", "2026-11-01", "dep-3"))
	})
	view(t, s, func(v store.View) error {
		for dept, want := range map[house.ID][]house.ID{
			"dep-1": {"dep-2", "ext-1"}, "dep-2": {"dep-1", "ext-1"}, "dep-3": nil,
		} {
			got, err := v.Sharing(ctx, dept, "2026-12-01")
			require.NoError(t, err)
			require.Equal(t, want, got, dept)
		}
		return nil
	})
}

// R-IBG-47: whatever the IDs, nothing of one system is reached by an actor of
// another, and an actor without one reaches no record at all.
func noSystemReachesAnother(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	var asset record.AssetID
	l := house.List{Kind: house.KindActivity, ID: "a1"}
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.Put(ctx, &house.System{
			ID: "sys", Name: record.Text{"da": "Et hus"}, Controller: house.Party{Name: record.Text{"da": "En kommune"}},
		}))
		require.NoError(t, tx.Put(ctx, resident("r01")))
		require.NoError(t, tx.Put(ctx, activity("a1", "2026-12-03")))
		require.NoError(t, tx.PutPlace(ctx, l, at("r01")))
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, "00000000000000e1"))
		require.NoError(t, tx.PutDevice(ctx, store.Device{ID: "scr-1", Board: "b1", Key: make([]byte, 32)}))
		var err error
		asset, err = tx.PutPicture(ctx, "asset:portrait/r01", []byte("jpeg"))
		return err
	})
	for _, who := range []store.Actor{other, bare} {
		require.NoError(t, s.View(ctx, who, func(v store.View) error {
			_, err := v.Get(ctx, house.KindResident, "r01")
			require.ErrorIs(t, err, store.ErrNotFound)
			all, err := v.All(ctx, house.KindResident)
			require.NoError(t, err)
			require.Empty(t, all)
			on, err := v.On(ctx, "dep-1", house.KindActivity, "", "9999-12-31")
			require.NoError(t, err)
			require.Empty(t, on)
			places, err := v.Places(ctx, l)
			require.NoError(t, err)
			require.Empty(t, places)
			lists, err := v.PlacesOn(ctx, "dep-1", "", "9999-12-31")
			require.NoError(t, err)
			require.Empty(t, lists)
			_, err = v.Picture(ctx, asset)
			require.ErrorIs(t, err, store.ErrNotFound)
			audit, err := v.Audit(ctx)
			require.NoError(t, err)
			require.Empty(t, audit)
			return nil
		}))
	}
	require.NoError(t, s.View(ctx, other, func(v store.View) error {
		for _, err := range []error{
			second(v.Board(ctx, "b1")), second(v.Head(ctx, "b1")), second(v.Hashes(ctx, "b1")),
			second(v.Shows(ctx, "b1", asset)), second(v.Device(ctx, "scr-1")),
		} {
			require.ErrorIs(t, err, store.ErrNotFound)
		}
		_, _, err := v.Since(ctx, "b1", 0)
		require.ErrorIs(t, err, store.ErrNotFound)
		devices, err := v.Devices(ctx)
		require.NoError(t, err)
		require.Empty(t, devices)
		systems, err := v.Systems(ctx)
		require.NoError(t, err)
		require.Empty(t, systems)
		return nil
	}))
	require.Error(t, s.Update(ctx, bare, func(tx store.Tx) error { return tx.Put(ctx, resident("r09")) }))
	require.Error(t, s.Update(ctx, other, func(tx store.Tx) error {
		return tx.PutDevice(ctx, store.Device{ID: "scr-1", Board: "b1", Key: make([]byte, 32)})
	}), "a screen is not taken over")
	require.NoError(t, s.View(ctx, bare, func(v store.View) error {
		d, err := v.Device(ctx, "scr-1")
		require.NoError(t, err)
		require.Equal(t, house.ID("sys"), d.Org, "the hub itself finds out whose a screen is")
		systems, err := v.Systems(ctx)
		require.NoError(t, err)
		require.Equal(t, []house.ID{"sys"}, systems)
		return nil
	}))
}

func second[T any](_ T, err error) error { return err }

func failedUpdateLeavesNothing(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	no := errors.New("no")
	l := house.List{Kind: house.KindActivity, ID: "a1"}
	err := s.Update(ctx, hub, func(tx store.Tx) error {
		require.NoError(t, tx.Put(ctx, activity("a1", "2026-12-03")))
		require.NoError(t, tx.PutPlace(ctx, l, at("r01")))
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, "00000000000000e1"))
		return no
	})
	require.ErrorIs(t, err, no)
	view(t, s, func(v store.View) error {
		_, err := v.Get(ctx, house.KindActivity, "a1")
		require.ErrorIs(t, err, store.ErrNotFound)
		places, err := v.Places(ctx, l)
		require.NoError(t, err)
		require.Empty(t, places)
		_, err = v.Board(ctx, "b1")
		require.ErrorIs(t, err, store.ErrNotFound)
		audit, err := v.Audit(ctx)
		require.NoError(t, err)
		require.Len(t, audit, 1, "the department")
		return nil
	})
}

func everythingSurvivesReopening(t *testing.T, open Open) {
	ctx, dir := t.Context(), t.TempDir()
	s := open(t, dir)
	l := house.List{Kind: house.KindActivity, ID: "a1"}
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.Put(ctx, activity("a1", "2026-12-03")))
		return tx.PutPlace(ctx, l, at("r01"))
	})
	require.NoError(t, s.Close())
	s = open(t, dir)
	view(t, s, func(v store.View) error {
		places, err := v.Places(ctx, l)
		require.NoError(t, err)
		want := at("r01")
		want.Order = 1
		require.Equal(t, []store.Place{want}, places)
		return nil
	})
	require.NoError(t, s.Close())
}

func devicesAreRemembered(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	d := store.Device{ID: "scr-1", Org: "sys", Screen: "scr-1", Board: "b1", Key: make([]byte, 32)}
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", External: true, Modules: []record.Module{"news", "meals"}, Secret: []byte("s")}, "00000000000000e1"))
		require.NoError(t, tx.PutDevice(ctx, d))
		require.NoError(t, tx.Acked(ctx, store.Ack{At: wire.Ack{Epoch: "00000000000000e1", Rev: 7}, When: now}, "scr-1", "scr-2"))
		require.NoError(t, tx.Booted(ctx, "scr-1", "boot-2", now.Add(-time.Minute)))
		require.NoError(t, tx.Seen(ctx, now, terms(5), "scr-2", "scr-1"))
		return tx.Seen(ctx, now.Add(-time.Hour), terms(4), "scr-1")
	})
	view(t, s, func(v store.View) error {
		got, err := v.Device(ctx, "scr-1")
		require.NoError(t, err)
		want := d
		want.Boot, want.Before = "boot-2", now.Add(-time.Minute)
		want.Acked, want.AckedAt, want.Seen, want.Terms = wire.Ack{Epoch: "00000000000000e1", Rev: 7}, now, now, terms(5)
		require.Equal(t, want, got, "seen last, not seen latest")
		b, err := v.Board(ctx, "b1")
		require.NoError(t, err)
		require.Equal(t, store.Board{ID: "b1", Org: "sys", Department: "dep-1", External: true, Modules: []record.Module{"news", "meals"}, Secret: []byte("s")}, b)
		boards, err := v.Boards(ctx, "dep-1", "dep-2")
		require.NoError(t, err)
		require.Equal(t, []store.Board{b}, boards)
		return nil
	})
}

// R-DPA-27: only a screen that is shut out, by the key it had, has destroyed
// everything; the first time counts, and letting it in again ends that.
func wipesAreRemembered(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	d := store.Device{ID: "scr-1", Org: "sys", Board: "b1", Key: bytes.Repeat([]byte{1}, 32)}
	at := func() (at time.Time) {
		view(t, s, func(v store.View) error {
			d, err := v.Device(ctx, "scr-1")
			at = d.Wiped
			return err
		})
		return at
	}
	says := func(when time.Time, key byte) {
		by := store.Actor{Org: "sys", Kind: store.ByScreen, ID: "scr-1", At: when}
		require.NoError(t, s.Update(ctx, by, func(tx store.Tx) error { return tx.Wiped(ctx, "scr-1", bytes.Repeat([]byte{key}, 32)) }))
	}
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, "00000000000000e1"))
		return tx.PutDevice(ctx, d)
	})
	says(now, 1)
	require.Zero(t, at(), "nobody shut it out")
	d.Revoked = true
	update(t, s, func(tx store.Tx) error { return tx.PutDevice(ctx, d) })
	says(now, 2)
	require.Zero(t, at(), "another's key")
	says(now.Add(time.Minute), 1)
	says(now.Add(time.Hour), 1)
	require.Equal(t, now.Add(time.Minute), at())
	update(t, s, func(tx store.Tx) error { return tx.PutDevice(ctx, d) })
	require.Zero(t, at())
}

func terms(hours int) store.Terms {
	lent := time.Duration(hours) * time.Hour
	return store.Terms{Mask: lent, Wipe: 2 * lent}
}

// A screen may hold the longest lease it was offered, until it has said something
// since, and nothing was offered elsewhere since then.
func termsAreThoseAScreenMayHold(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	at := wire.Ack{Epoch: "00000000000000e1", Rev: 7}
	ack := func(when time.Time, hours int) func(store.Tx) error {
		return func(tx store.Tx) error {
			return tx.Acked(ctx, store.Ack{At: at, When: when, Terms: terms(hours)}, "scr-1")
		}
	}
	seen := func(when time.Time, hours int) func(store.Tx) error {
		return func(tx store.Tx) error { return tx.Seen(ctx, when, terms(hours), "scr-1") }
	}
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, at.Epoch))
		return tx.PutDevice(ctx, store.Device{ID: "scr-1", Board: "b1", Key: make([]byte, 32)})
	})
	for i, c := range []struct {
		do   func(store.Tx) error
		want int
	}{
		{seen(now, 48), 48},
		{seen(now.Add(2*time.Second), 4), 48},
		{ack(now.Add(time.Second), 4), 48},
		{ack(now.Add(2*time.Second), 4), 4},
		{seen(now.Add(time.Second), 24), 24},
		{ack(now.Add(time.Second), 12), 24},
		{ack(now.Add(time.Second), 48), 48},
	} {
		update(t, s, c.do)
		view(t, s, func(v store.View) error {
			d, err := v.Device(ctx, "scr-1")
			require.Equal(t, terms(c.want), d.Terms, "step %d", i)
			return err
		})
	}
}

// What a screen said is not taken for the word of the one that has its name since.
func whatAnotherGlassSaidDoesNotCount(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	a := store.Ack{At: wire.Ack{Epoch: "00000000000000e1", Rev: 7}, When: now}
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, a.At.Epoch))
		require.NoError(t, tx.PutDevice(ctx, store.Device{ID: "scr-1", Board: "b1", Key: make([]byte, 32), Glass: 1}))
		return tx.Acked(ctx, a, "scr-1")
	})
	acked := func(want wire.Ack) {
		t.Helper()
		view(t, s, func(v store.View) error {
			d, err := v.Device(ctx, "scr-1")
			require.Equal(t, want, d.Acked)
			return err
		})
	}
	acked(wire.Ack{})
	a.Glass = 1
	update(t, s, func(tx store.Tx) error { return tx.Acked(ctx, a, "scr-1") })
	acked(a.At)
}

// Many who come are looked up together, each by its own installation.
func whoComesIsKnown(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	result := func(seq uint64) wire.Result { return wire.Result{Seq: seq, Outcome: wire.Accepted} }
	update(t, s, func(tx store.Tx) error {
		require.NoError(t, tx.PutBoard(ctx, store.Board{ID: "b1", Department: "dep-1", Secret: []byte("s")}, "00000000000000e1"))
		for _, id := range []string{"scr-1", "scr-2"} {
			require.NoError(t, tx.PutDevice(ctx, store.Device{ID: id, Board: "b1", Key: make([]byte, 32)}))
		}
		for seq := range uint64(3) {
			require.NoError(t, tx.PutResult(ctx, store.Inst{Device: "scr-1", Inst: "a"}, result(seq+1)))
		}
		require.NoError(t, tx.PutResult(ctx, store.Inst{Device: "scr-1", Inst: "b"}, result(1)))
		return tx.Release(ctx, store.Inst{Device: "scr-1", Inst: "a"}, 1)
	})
	view(t, s, func(v store.View) error {
		a, first, other := store.Inst{Device: "scr-1", Inst: "a"}, store.Inst{Device: "scr-1", Inst: "new"}, store.Inst{Device: "scr-2", Inst: "a"}
		known, err := v.Known(ctx, a, first, other, store.Inst{Device: "nobody", Inst: "a"})
		require.NoError(t, err)
		require.Len(t, known, 3)
		for i, k := range known {
			d, err := v.Device(ctx, i.Device)
			require.NoError(t, err)
			head, err := v.Head(ctx, "b1")
			require.NoError(t, err)
			require.Equal(t, d, k.Device)
			require.Equal(t, head, k.Head)
		}
		require.EqualValues(t, 3, known[a].LastSeq)
		require.Equal(t, []wire.Result{result(2), result(3)}, known[a].Results)
		require.Zero(t, known[first].LastSeq)
		require.Empty(t, known[first].Results)
		require.Empty(t, known[other].Results)
		none, err := v.Known(ctx)
		require.Empty(t, none)
		return err
	})
}

// R-IBG-08: who did what to which object, when, and no more.
func everythingDoneIsInTheAudit(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	wall := store.Actor{Org: "sys", Kind: store.ByScreen, ID: "scr-1", At: now}
	l := house.List{Kind: house.KindActivity, ID: "a1"}
	require.NoError(t, s.Update(ctx, staff, func(tx store.Tx) error {
		require.NoError(t, tx.Put(ctx, activity("a1", "2026-12-03")))
		require.NoError(t, tx.Put(ctx, activity("a1", "2026-12-04")))
		return tx.Note(ctx, "export")
	}))
	require.NoError(t, s.Update(ctx, wall, func(tx store.Tx) error {
		require.NoError(t, tx.PutPlace(ctx, l, at("r01")))
		require.NoError(t, tx.DeletePlace(ctx, l, "r01"))
		return tx.DeletePlace(ctx, l, "r02") // was not there: nothing was done
	}))
	require.NoError(t, s.Update(ctx, staff, func(tx store.Tx) error { return tx.Delete(ctx, house.KindActivity, "a1") }))
	view(t, s, func(v store.View) error {
		got, err := v.Audit(ctx)
		require.NoError(t, err)
		require.Equal(t, []store.Audit{
			{At: now, By: store.ByHub, Action: "create", Kind: "department", ID: "dep-1"},
			{At: now, By: store.ByStaff, Actor: "s01", Action: "create", Kind: "activity", ID: "a1"},
			{At: now, By: store.ByStaff, Actor: "s01", Action: "change", Kind: "activity", ID: "a1"},
			{At: now, By: store.ByStaff, Actor: "s01", Action: "export", Kind: "system", ID: "sys"},
			{At: now, By: store.ByScreen, Actor: "scr-1", Action: "create", Kind: "activity", ID: "a1", Person: "r01"},
			{At: now, By: store.ByScreen, Actor: "scr-1", Action: "delete", Kind: "activity", ID: "a1", Person: "r01"},
			{At: now, By: store.ByStaff, Actor: "s01", Action: "delete", Kind: "activity", ID: "a1"},
		}, got)
		return nil
	})
}

// R-DPA-30: reads of personal data by staff are logged, not only writes.
func whatStaffReadIsInTheAudit(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	update(t, s, func(tx store.Tx) error { return tx.Put(ctx, resident("r01")) })
	read := func(who store.Actor) []store.Audit {
		require.NoError(t, s.View(ctx, who, func(v store.View) error {
			for range 2 {
				_, err := v.Get(ctx, house.KindResident, "r01")
				require.NoError(t, err)
			}
			_, err := v.All(ctx, house.KindStaff)
			require.NoError(t, err)
			_, err = v.All(ctx, house.KindDepartment)
			return err
		}))
		var out []store.Audit
		view(t, s, func(v store.View) error {
			all, err := v.Audit(ctx)
			for _, a := range all {
				if a.Action == "read" {
					out = append(out, a)
				}
			}
			return err
		})
		return out
	}
	require.Empty(t, read(hub), "the hub at its work is nobody who reads")
	require.Equal(t, []store.Audit{
		{At: now, By: store.ByStaff, Actor: "s01", Action: "read", Kind: "resident", ID: "r01"},
		{At: now, By: store.ByStaff, Actor: "s01", Action: "read", Kind: "staff", ID: "*"},
	}, read(staff))
}

func secretIsMadeOnce(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	for _, fresh := range []string{"first", "second"} {
		require.NoError(t, s.Update(ctx, bare, func(tx store.Tx) error {
			got, err := tx.Secret(ctx, "assets", []byte(fresh))
			require.Equal(t, "first", string(got))
			return err
		}))
	}
	require.NotContains(t, project.Secret("first").String()+project.Secret("x").GoString(), "first")
}

// A reader that has begun sees nothing of what is committed meanwhile.
func readerSeesOneMoment(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	began, written := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		<-began
		update(t, s, func(tx store.Tx) error { return tx.Put(ctx, resident("r01")) })
		close(written)
	})
	view(t, s, func(v store.View) error {
		all, err := v.All(ctx, house.KindResident)
		require.NoError(t, err)
		require.Empty(t, all)
		close(began)
		<-written
		all, err = v.All(ctx, house.KindResident)
		require.NoError(t, err)
		require.Empty(t, all)
		return nil
	})
	wg.Wait()
}

func picturesWithoutRecordAreDropped(t *testing.T, open Open) {
	s, ctx := fresh(t, open), t.Context()
	var one, two, same record.AssetID
	update(t, s, func(tx store.Tx) (err error) {
		require.NoError(t, tx.Put(ctx, resident("r01")))
		require.NoError(t, tx.Put(ctx, resident("r02")))
		one, err = tx.PutPicture(ctx, "asset:portrait/r01", []byte("one"))
		require.NoError(t, err)
		same, err = tx.PutPicture(ctx, "asset:portrait/r02", []byte("one"))
		require.NoError(t, err)
		require.Equal(t, one, same)
		two, err = tx.PutPicture(ctx, "asset:portrait/r03", []byte("two"))
		return err
	})
	drop := func(want int) {
		update(t, s, func(tx store.Tx) error {
			n, err := tx.DropPictures(ctx)
			require.Equal(t, want, n)
			return err
		})
	}
	drop(1) // nobody is called r03
	view(t, s, func(v store.View) error {
		_, err := v.Picture(ctx, two)
		require.ErrorIs(t, err, store.ErrNotFound)
		names, err := v.Pictures(ctx, []house.Picture{"asset:portrait/r01", "asset:portrait/r02", "asset:portrait/r03"})
		require.NoError(t, err)
		require.Equal(t, map[house.Picture]record.AssetID{"asset:portrait/r01": one, "asset:portrait/r02": one}, names)
		return nil
	})
	update(t, s, func(tx store.Tx) error { return tx.Delete(ctx, house.KindResident, "r01") })
	drop(0) // the other one looks the same
	update(t, s, func(tx store.Tx) error { return tx.Delete(ctx, house.KindResident, "r02") })
	drop(1)
}

package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Issue 3, done when 3: nine hours without the hub, five sign-ups made meanwhile,
// and staff who hid somebody, gave somebody an alias and filled an activity. What
// was taken back leaves the glass before anything else is seen of the hub; then
// each of the five has its result, once.
//
// R-IBG-30, R-IBG-31: after nine hours.
func TestNineHoursWithoutTheHub(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen, living := w.walls[0], w.walls[2]
		w.signUp("a10", "r01")
		w.within(time.Second)
		living.link.Cut()
		time.Sleep(time.Minute)
		for _, s := range []struct{ day, title, who string }{
			{"Fre", "Filmaften", "Thảo"},
			{"Lør", "julemarked", "Åse"},
			{"Søn", "Højtlæsning", "Mik"},
			{"Søn", "Højtlæsning", "Sasha"},
			{"Søn", "Højtlæsning", "Thảo"},
		} {
			living.tap("Aktiviteter")
			living.tap(s.day)
			living.tap(s.title)
			living.tap("Jeg vil med")
			living.tap(s.who)
			require.Contains(t, living.says(), "Det er noteret, "+s.who)
			living.tap("Færdig")
			living.tap("Hjem")
		}
		require.Len(t, living.waiting(), 5)

		time.Sleep(3 * time.Hour)
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		w.alter("r04", func(r *house.Resident) { r.Choices.NameMode, r.Alias = "alias", record.NameOf("Stjerne") })
		w.fill("a09")
		time.Sleep(6 * time.Hour)

		living.tap("Aktiviteter")
		living.tap("Søn")
		living.tap("Højtlæsning")
		require.Contains(t, living.says(), "Anna")
		require.Contains(t, living.says(), "Łucja")
		onTheirWay := living.pendingFaces()
		require.Equal(t, 3, onTheirWay)

		frames, old := 0, 0
		living.seen = func(f *render.Frame) {
			frames++
			if words := read(f); strings.Contains(words, "Anna") || strings.Contains(words, "Łucja") {
				old++
				require.Equal(t, onTheirWay, ringed(f), "a result was seen beside somebody who is not shown any more")
			}
		}
		living.link.Heal()
		for range 60 {
			if w.within(time.Second); len(living.waiting()) == 0 {
				break
			}
		}
		require.Contains(t, living.says(), "Stjerne")
		require.NotContains(t, living.says(), "Anna")
		require.NotContains(t, living.says(), "Łucja")
		require.Zero(t, living.pendingFaces())
		require.Greater(t, frames, old)
		w.within(3 * time.Second) // it is confirmed within one, and stored within another
		require.True(t, w.state("living-room").Confirmed())

		t.Log("each of the five has its result, once")
		want := map[uint64]wire.Outcome{1: wire.Accepted, 2: wire.Waitlisted, 3: wire.Accepted, 4: wire.Accepted, 5: wire.Accepted}
		got := map[uint64]wire.Outcome{}
		for _, e := range living.cache.Outbox() {
			got[e.Seq] = e.Result.Outcome
		}
		require.Equal(t, want, got)
		for _, s := range []struct {
			activity, person house.ID
			state            house.State
		}{
			{"a08", "r08", house.TakesPart},
			{"a09", "r07", house.Waits},
			{"a10", "r02", house.TakesPart},
			{"a10", "r09", house.TakesPart},
			{"a10", "r08", house.TakesPart},
		} {
			require.Equal(t, []house.State{s.state}, w.states(s.activity, s.person), "%s %s", s.activity, s.person)
		}
		require.Equal(t, 5, w.touched(), "each was stored once")
		kitchen.tap("Aktiviteter")
		kitchen.tap("Søn")
		kitchen.tap("Højtlæsning")
		require.Contains(t, kitchen.says(), "Sasha")
		require.Zero(t, w.show.hub.Resyncs())
	})
}

// signUp puts somebody on an activity's list, as staff do.
func (w *world) signUp(activity, person house.ID) {
	w.t.Helper()
	w.change(func(ctx context.Context, e *hub.Edit) error {
		_, err := e.SignUp(ctx, house.List{Kind: house.KindActivity, ID: activity}, house.SignUp{Person: person, Via: "manager"})
		return err
	})
}

// fill leaves an activity no free place.
func (w *world) fill(activity house.ID) {
	w.t.Helper()
	taken := 0
	w.look(func(ctx context.Context, v store.View) error {
		places, err := v.Places(ctx, house.List{Kind: house.KindActivity, ID: activity})
		for _, p := range places {
			if p.State == house.TakesPart {
				taken++
			}
		}
		return err
	})
	w.change(func(ctx context.Context, e *hub.Edit) error {
		return hub.Alter(ctx, e, activity, func(a *house.Activity) { a.Capacity = taken })
	})
}

// touched counts, in the audit, how often a screen put somebody on a list.
func (w *world) touched() (n int) {
	w.t.Helper()
	w.look(func(ctx context.Context, v store.View) error {
		audit, err := v.Audit(ctx)
		for _, a := range audit {
			if a.By == store.ByScreen && a.Person != "" && a.Action == "create" {
				n++
			}
		}
		return err
	})
	return n
}

package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// A change is pushed by the hub, and seen as pixels. The hops, each with a flow
// comment at the head of its file; ARCHITECTURE.md has the same:
//
//  1. sync/hub/publish.go      a committed change, to every screen it concerns
//  2. sync/wire/change.go      as bytes
//  3. sync/client/loop.go      received; sync/session/device.go checks
//  4. player/cache/apply.go    rows and position in one transaction
//  5. player/run.go            the loop wakes
//  6. player/board/project.go  what may be shown now
//  7. player/ui/update.go      the model
//  8. player/ui/view.go        the frame
//  9. render/soft/painter.go   pixels
//
// R-IBG-31: each hop of a change.
func TestPathPushToPixels(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.moves()
		w.settle()
		kitchen, hall, living := w.walls[0], w.walls[1], w.walls[2]
		for _, lw := range w.walls {
			require.Contains(t, lw.says(), "Banko")
			require.Equal(t, lw.repainted().Pix, lw.screen.Picture().Pix, lw.name)
		}
		old := kitchen.screen.Picture().Pix

		t.Log("a new title is on every glass within a second, and its pixels are all of it")
		w.rename("a06", "Stort banko")
		w.within(time.Second)
		for _, lw := range w.walls {
			require.Contains(t, lw.says(), "Stort banko", lw.name)
			require.Equal(t, lw.repainted().Pix, lw.screen.Picture().Pix, lw.name)
		}
		require.NotEqual(t, old, kitchen.screen.Picture().Pix)

		t.Log("who chooses an alias is called so at once; the name is nowhere")
		w.visit(kitchen, "Beboere")
		require.Contains(t, kitchen.says(), "Anna")
		w.alter("r01", func(r *house.Resident) {
			r.Choices.NameMode, r.Alias = "alias", record.NameOf("Stjerne")
		})
		w.within(time.Second)
		require.Contains(t, kitchen.says(), "Stjerne")
		require.NotContains(t, kitchen.says(), "Anna")

		t.Log("a screen that is cut off for nine hours goes on, and catches up")
		living.link.Cut()
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		w.rename("a09", "Tur til Tivoli")
		w.within(time.Second)
		w.visit(kitchen, "Beboere")
		require.NotContains(t, kitchen.says(), "Stjerne")
		require.True(t, w.state("kitchen").Confirmed())
		require.False(t, w.state("living-room").Confirmed(), "the hub must know who has not confirmed a hide")
		w.hours(9 * time.Hour)
		require.Contains(t, living.says(), "Uden net")
		require.Contains(t, hall.says(), "19.2")
		w.visit(living, "Beboere")
		require.Contains(t, living.says(), "Stjerne", "until the lease ends it shows what it knew")
		living.link.Heal()
		w.within(time.Minute) // waits between tries grow up to 30 seconds
		require.NotContains(t, living.says(), "Uden net")
		w.visit(living, "Beboere")
		require.NotContains(t, living.says(), "Stjerne")
		w.within(5 * time.Second)
		require.True(t, w.state("living-room").Confirmed())
		require.Zero(t, w.show.hub.Resyncs())
	})
}

// A finger touches, the hub stores it, every other screen shows it:
//
//  1. render/glass/input.go    the point, on the frame that was on the glass
//  2. player/run.go            what the finger is on, and since when that is there
//  3. player/ui/update.go      what it means, and asks for
//  4. player/effects.go        on disk, by player/cache/enqueue.go, before anything is said
//  5. sync/client/outbox.go    sent, again after every reconnect
//  6. sync/wire/op.go          numbered: twice is once
//  7. sync/hub/receive.go      may this person do this, now?
//  8. sync/hub/store/append.go once per number
//  9. sync/hub/publish.go      the first path on every screen; the answer goes back
//
// R-IBG-30: each hop of a touch.
func TestPathTouchToEveryScreen(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.moves()
		w.settle()
		kitchen, hall, living := w.walls[0], w.walls[1], w.walls[2]

		t.Log("a touch in the kitchen is in the store and on every other glass within a second")
		kitchen.tap("Banko")
		kitchen.tap("Jeg vil med")
		kitchen.tap("Mik")
		require.Contains(t, kitchen.says(), "Du er med, Mik")
		w.within(time.Second)
		require.Equal(t, []house.State{house.TakesPart}, w.states("a06", "r02"))
		for _, lw := range []*livingWall{hall, living} {
			lw.tap("Banko")
			require.Contains(t, lw.says(), "Mik", lw.name)
			lw.tap("Hjem")
		}
		kitchen.tap("Færdig")

		t.Log("cut off, a touch is kept and shown as on its way; nine hours and a restart later it is sent, once")
		living.link.Cut()
		time.Sleep(time.Minute)
		living.tap("Aktiviteter")
		living.tap("Lør")
		living.tap("julemarked")
		living.tap("Jeg vil med")
		living.tap("Thảo") // is on the list
		living.tap("Nej, bliv")
		living.tap("Åse")
		living.tap("Færdig")
		w.hours(4 * time.Hour)
		living.stop()
		w.start(living, "scr-2")
		w.within(time.Second)
		w.hours(5 * time.Hour)
		require.Empty(t, w.states("a09", "r07"))
		living.tap("Aktiviteter")
		living.tap("Lør")
		living.tap("julemarked")
		require.Contains(t, living.says(), "Åse")
		require.Len(t, living.waiting(), 1)
		require.Positive(t, living.pendingFaces(), "an unsent touch must be marked")
		living.link.Heal()
		w.within(time.Minute)
		require.Equal(t, []house.State{house.TakesPart}, w.states("a09", "r07"))
		require.Zero(t, living.pendingFaces())
		require.Empty(t, living.waiting())
		hall.tap("Aktiviteter")
		hall.tap("Lør")
		hall.tap("julemarked")
		require.Contains(t, hall.says(), "Åse")

		t.Log("undo within ten seconds leaves nobody on any list")
		hall.tap("Jeg vil med")
		hall.tap("Mik")
		hall.tap("Fortryd")
		w.within(time.Second)
		require.Empty(t, w.states("a09", "r02"))
	})
}

package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/sync/record"
)

// pictured counts the photos on the glass.
func (lw *livingWall) pictured() (n int) {
	for _, op := range lw.screen.Frame().Ops {
		if op.Kind == render.PictureOp && len(op.Picture.Source) > 6 && op.Picture.Source[:6] == "photo:" {
			n++
		}
	}
	return n
}

// R-IBG-39: somebody takes back their photo, and then themselves, at
// a wall that has no network: it holds there at once and after a start. When the
// network is back, the hub and every other wall hold it, too.
func TestChoiceTakenBackOfflineHoldsEverywhere(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen, hall := w.walls[0], w.walls[1]
		w.visit(hall, "Beboere")
		w.within(time.Second)
		before := hall.pictured()
		kitchen.link.Cut()
		people := func(lw *livingWall) {
			w.visit(lw, "Beboere")
			w.within(time.Second) // until nothing moves
		}
		own := func() {
			people(kitchen)
			kitchen.tap("Anna")
			kitchen.tap("Mine egne ting")
			kitchen.tap("Mine valg")
		}
		own()
		kitchen.tap("Skjul billedet")
		kitchen.tap("Ja, gør det")
		w.within(time.Second)
		require.Contains(t, kitchen.says(), "Mit billede vises ikke")
		kitchen.tap("Jeg er færdig")
		people(kitchen)
		require.Equal(t, before-1, kitchen.pictured())
		people(hall)
		require.Equal(t, before, hall.pictured(), "nobody has told it")

		t.Log("a restart brings nothing back")
		kitchen.stop()
		w.start(kitchen, "scr-2")
		w.within(time.Second)
		people(kitchen)
		require.Equal(t, before-1, kitchen.pictured())
		own()
		kitchen.tap("Skjul mig")
		kitchen.tap("Ja, gør det")
		w.within(time.Second)
		require.Contains(t, kitchen.says(), "Du er væk fra tavlen nu")
		kitchen.tap("OK")
		people(kitchen)
		require.NotContains(t, kitchen.says(), "Anna")

		kitchen.link.Heal()
		w.within(2 * time.Minute)
		require.Empty(t, kitchen.waiting())
		people(hall)
		require.NotContains(t, hall.says(), "Anna")
		people(kitchen)
		require.NotContains(t, kitchen.says(), "Anna")
		for _, p := range kitchen.cache.Facts().People {
			require.NotEqual(t, record.NameOf("Anna"), p.Name)
		}
	})
}

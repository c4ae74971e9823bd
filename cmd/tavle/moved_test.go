package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/hub/house"
)

// R-IBG-38: a screen that is moved to another department keeps nothing of the one
// before, though it was off when that happened; what somebody touched on it before
// is answered all the same. Until the new board is there the wall says calmly that it
// waits.
func TestMovedScreenForgetsItsDepartment(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen := w.walls[0]
		kitchen.link.Cut()
		kitchen.tap("Banko")
		kitchen.tap("Jeg vil med")
		kitchen.tap("Mik")
		kitchen.tap("Færdig")
		require.Len(t, kitchen.waiting(), 1)
		was := kitchen.cache.Stored().Board
		w.change(func(ctx context.Context, e *hub.Edit) error {
			return hub.Alter(ctx, e, "scr-2", func(s *house.Screen) { s.Department = "dep-nabo" })
		})
		w.within(time.Hour)
		require.Contains(t, kitchen.says(), "Banko", "it cannot know")
		kitchen.link.Heal()
		w.within(time.Minute)
		require.NotEqual(t, was, kitchen.cache.Stored().Board)
		require.Contains(t, kitchen.says(), "En rolig dag")
		require.NotContains(t, kitchen.says(), "Banko")
		require.Contains(t, w.log.String(), "this screen shows another board; the one before is destroyed")
		require.Empty(t, kitchen.waiting())
		require.Zero(t, w.show.hub.Resyncs())

		kitchen.link.Cut()
		require.NoError(t, kitchen.cache.Enter("another", true))
		w.within(time.Minute)
		require.Contains(t, kitchen.says(), "Tavlen gør sig klar")
	})
}

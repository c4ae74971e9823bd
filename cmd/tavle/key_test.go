package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
)

// Issue 3, item 4: the hub's key is changed without anybody going to the screens.
// One that was off meanwhile knows the key before alone: it refuses the hub, says
// why, and shows what it has.
func TestScreensFollowAChangeOfKey(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen, hall, living := w.walls[0], w.walls[1], w.walls[2]
		before := w.show.pins
		living.stop()
		dir := filepath.Join(w.show.dir, "hub")
		require.NoError(t, hub.MakeNextKey(dir))
		w.within(time.Minute)
		require.Len(t, w.show.tls.Pins(), 2)
		require.NoError(t, hub.SwitchKey(dir, time.Now(), "hub.test", "localhost"))
		w.within(time.Minute)
		require.Len(t, w.show.tls.Pins(), 1)
		require.NotEqual(t, before, w.show.tls.Pins())
		require.NotContains(t, w.log.String(), "session lost", "no connection was dropped")

		for _, lw := range []*livingWall{kitchen, hall} {
			lw.link.Cut()
		}
		w.within(time.Minute)
		for _, lw := range []*livingWall{kitchen, hall} {
			lw.link.Heal()
		}
		w.start(living, "scr-2") // with the pins of before
		w.within(2 * time.Minute)
		w.rename("a06", "Stort banko")
		w.within(time.Second)
		for _, lw := range []*livingWall{kitchen, hall} {
			require.Contains(t, lw.says(), "Stort banko", lw.name)
			require.NotContains(t, lw.says(), "Uden net", lw.name)
		}
		require.Contains(t, living.says(), "Banko")
		require.NotContains(t, living.says(), "Stort banko")
		require.Contains(t, living.says(), "Uden net")
		require.Regexp(t, `"screen":"living-room"[^\n]*"msg":"hub not reached"|"msg":"hub not reached"[^\n]*"screen":"living-room"`, w.log.String())
		require.Contains(t, w.log.String(), "it needs what tavle-hub pin prints as its hub.pins")
	})
}

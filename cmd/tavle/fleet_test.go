package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/vitals"
)

// A wall says how it is with its first connection, and before long where that has
// changed much; the Manager shows it with what to do about it. What it says names
// nobody, which the log of this world is searched for at its end.
func TestFleetKnowsHowItsWallsAre(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen := w.walls[0]
		is := w.state("kitchen").Health
		require.Equal(t, "host-file", is.Stat.Secret)
		require.Zero(t, is.Stat.TempC, "it does not know")

		kitchen.link.Cut()
		w.visit(kitchen, "Aktiviteter")
		kitchen.tap("Banko")
		kitchen.tap("Jeg vil med")
		kitchen.tap("Mik")
		kitchen.machine.Store(&vitals.Vitals{TempC: 81, FreeMB: 320, MemoryMB: 95})
		w.within(2 * time.Minute)
		require.Zero(t, w.state("kitchen").Health.Stat.TempC, "its last word")
		kitchen.link.Heal()
		w.within(2 * time.Minute)
		is = w.state("kitchen").Health
		require.InDelta(t, 81, is.Stat.TempC, 0)
		require.Equal(t, int64(320), is.Stat.DiskFreeMB)
		require.Equal(t, int64(95), is.Stat.MemoryMB)
		require.Zero(t, is.Stat.Outbox, "what waited is answered")
		require.Zero(t, is.Stat.ClockOffS)
		require.InDelta(t, 4*time.Minute, time.Duration(is.Stat.UptimeS)*time.Second, float64(time.Minute))

		body := w.clerk().ask("GET", "/screens", nil).Body.String()
		require.Contains(t, body, "81 °C. Flyt skærmen væk fra varmen.")
		require.Contains(t, body, "Kun 320 MB ledigt lager. Skift kortet.")
	})
}

package player

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui"
)

// R-IBG-34: who is withdrawn is gone from memory too: from board and frame, and
// from the words that were set in type, however long ago they were on the glass.
func TestWithdrawnNameLeavesMemory(t *testing.T) {
	alone(t, image.Pt(1920, 1080), portraits(t, 3), func(t *testing.T, l *lone) {
		l.tap(t, ui.Go{To: ui.People{}})
		l.tap(t, ui.Go{To: ui.Home{}})
		// Backwards, or the test would find its own words.
		stays, goes := "0000 reobeB", "1000 reobeB"
		require.True(t, inMemory(t, stays))
		require.True(t, inMemory(t, goes))

		l.house(t, portraits(t, 1))
		l.pass(time.Second)
		require.True(t, inMemory(t, stays))
		require.False(t, inMemory(t, goes))
	}, moves)
}

// inMemory reports whether the words that read backwards so are in anything this
// process still uses.
func inMemory(t *testing.T, backwards string) bool {
	t.Helper()
	for range 3 { // what is found unused goes one collection later
		runtime.GC()
	}
	path := filepath.Join(t.TempDir(), "heap")
	file, err := os.Create(path)
	require.NoError(t, err)
	debug.WriteHeapDump(file.Fd())
	require.NoError(t, file.Close())
	heap, err := os.ReadFile(path)
	require.NoError(t, err)
	slices.Reverse(heap)
	found := bytes.Contains(heap, []byte(backwards))
	clear(heap) // it is memory, too
	return found
}

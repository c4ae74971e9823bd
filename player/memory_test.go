package player

import (
	"bytes"
	"fmt"
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
	"tavle/sync/record"
	"tavle/sync/wire"
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

// V-20: when the lease runs out the photos of people are gone from
// memory with the masking, and come back with the next lease.
func TestMaskedPhotosLeaveMemory(t *testing.T) {
	alone(t, image.Pt(800, 480), portraits(t, 3), func(t *testing.T, l *lone) {
		lease := func() {
			now := time.Now()
			require.NoError(t, l.store.SetLease(wire.Lease{IssuedMS: now.UnixMilli(), MaskS: 4 * 3600, WipeS: 30 * 86400}, now))
			l.inbox.put(l.leaseRenewed)
			l.pass(time.Second)
		}
		lease()
		l.tap(t, ui.Go{To: ui.People{}})
		require.Equal(t, 3, photosShown(l.screen))
		require.NotZero(t, l.pictures.photos.Bytes())
		l.pass(3*time.Hour + 50*time.Minute)
		require.NotZero(t, l.pictures.photos.Bytes(), "kept as long as they may be shown")
		l.pass(10 * time.Minute)
		require.True(t, l.board.Masked)
		require.Zero(t, l.pictures.photos.Bytes())

		lease()
		l.tap(t, ui.Go{To: ui.People{}})
		require.Equal(t, 3, photosShown(l.screen))
		require.NotZero(t, l.pictures.photos.Bytes())
	})
}

// R-IBG-34: nor does what somebody touched last keep a name that is withdrawn.
func TestLastTouchKeepsNoName(t *testing.T) {
	alone(t, image.Pt(1920, 1080), portraits(t, 3), func(t *testing.T, l *lone) {
		goes := "2000 reobeB"
		l.tap(t, ui.Go{To: ui.People{}})
		l.tap(t, ui.Enter{To: ui.Someone{Who: "p0002"}})
		require.True(t, inMemory(t, goes))
		l.house(t, portraits(t, 1))
		l.pass(time.Second)
		require.False(t, inMemory(t, goes))
	}, moves)
}

// R-IBG-34: a name that was read lies in memory by itself, however short it is:
// what else was read with it does not keep it.
func TestNameLiesAloneInMemory(t *testing.T) {
	backwards := []string{"qzuQ", "qzovkuQ", "qzovkuQ alraK"}
	var kept []record.Person
	for i, name := range backwards {
		spelled := []byte(name)
		slices.Reverse(spelled)
		body := fmt.Appendf(nil, `{"kind":"resident","name":%q,"mark":"cat","role":{"da":"Ven"},"signup":true}`, spelled)
		clear(spelled)
		key := record.Key{Kind: record.KindPerson, ID: fmt.Sprintf("p%d", i)}
		c, err := wire.DecodeChange(record.Op{Row: record.Row{Key: key, Body: body}})
		require.NoError(t, err)
		clear(body)
		kept = append(kept, c.Fact.(record.Person))
	}
	for _, name := range backwards {
		require.True(t, inMemory(t, name))
	}
	for i := range kept {
		kept[i].Name = record.Name{}
	}
	for _, name := range backwards {
		require.False(t, inMemory(t, name), "%d letters", len(name))
	}
	runtime.KeepAlive(kept)
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

package sqlitestore

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/storetest"
	"tavle/sync/record"
)

func open(t testing.TB, dir string) store.Store {
	s, err := Open(t.Context(), filepath.Join(dir, "hub.db"))
	require.NoError(t, err)
	return s
}

func TestStoreKeepsItsContract(t *testing.T) { storetest.Run(t, open) }

// Nobody else on the machine reads the houses.
func TestFileIsForItsOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data with spaces & ?")
	s := open(t, dir)
	require.NoError(t, s.Close())
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "hub.db"): 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, want, info.Mode().Perm())
	}
}

func TestWhatIsNoDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	require.NoError(t, os.WriteFile(path, []byte("this is a text, and long enough to be taken for a header of something"), 0o600))
	_, err := Open(t.Context(), path)
	require.ErrorContains(t, err, "open store: ")
	_, err = Open(t.Context(), filepath.Join(path, "below", "hub.db"))
	require.ErrorContains(t, err, "open store: ")
}

// What was deleted or changed is in no file of the store after a scrub. Overwriting
// alone leaves some: rows move between pages. So a store is changed until it has.
//
// R-DPA-23.
func TestScrubLeavesNothingOfWhatWasDeleted(t *testing.T) {
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(2, 2))
	by := store.Actor{Org: "sys", Kind: store.ByHub, At: time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)}
	written := 0
	there := map[house.ID]string{}
	change := func(tx store.Tx) error {
		for range 100 {
			id := house.ID(fmt.Sprintf("n-%d", r.IntN(100)))
			if r.IntN(3) == 0 {
				delete(there, id)
				if err := tx.Delete(t.Context(), house.KindNews, id); err != nil {
					return err
				}
				continue
			}
			written++
			there[id] = fmt.Sprintf("canary-%06d", written)
			text := record.Text{"da": there[id] + strings.Repeat("x", r.IntN(2000))}
			if err := tx.Put(t.Context(), &house.News{ID: id, Published: "2026-12-03T10:24", Title: record.Text{"da": "News"}, Text: text}); err != nil {
				return err
			}
		}
		return nil
	}
	// canaries returns those that may be in the file, and those that may not.
	canaries := func() (kept, left []string) {
		b, err := os.ReadFile(filepath.Join(dir, "hub.db"))
		require.NoError(t, err)
		for _, c := range regexp.MustCompile(`canary-\d{6}`).FindAllString(string(b), -1) {
			if slices.Contains(slices.Collect(maps.Values(there)), c) {
				kept = append(kept, c)
			} else {
				left = append(left, c)
			}
		}
		return kept, left
	}
	var left []string
	for round := 0; len(left) == 0; round++ {
		require.Less(t, round, 100, "overwriting alone has left nothing: is there something to prove?")
		s := open(t, dir)
		require.NoError(t, s.Update(t.Context(), by, change))
		require.NoError(t, s.Close()) // and there is no log
		_, left = canaries()
	}
	s := open(t, dir)
	defer func() { require.NoError(t, s.Close()) }()
	require.NoError(t, s.(store.Scrubber).Scrub(t.Context()))
	wal, err := os.Stat(filepath.Join(dir, "hub.db-wal"))
	require.NoError(t, err)
	require.Zero(t, wal.Size())
	kept, left := canaries()
	require.Empty(t, left)
	require.Len(t, kept, len(there))
}

// A scrub waits for whoever reads, and says so when that takes too long.
func TestScrubWaitsForReaders(t *testing.T) {
	s := open(t, t.TempDir())
	defer func() { require.NoError(t, s.Close()) }()
	by := store.Actor{Org: "sys", Kind: store.ByHub, At: time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)}
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, s.View(t.Context(), by, func(v store.View) error {
		_, err := v.Systems(t.Context())
		require.NoError(t, err)
		done := make(chan error)
		go func() { done <- s.(store.Scrubber).Scrub(ctx) }()
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
		return nil
	}))
	require.NoError(t, s.(store.Scrubber).Scrub(t.Context()))
}

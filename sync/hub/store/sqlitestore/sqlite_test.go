package sqlitestore

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
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
// alone leaves some: rows move between pages.
//
// R-DPA-23.
func TestScrubLeavesNothingOfWhatWasDeleted(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer func() { require.NoError(t, s.Close()) }()
	r := rand.New(rand.NewPCG(1, 2))
	by := store.Actor{Org: "sys", Kind: store.ByHub, At: time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)}
	secret := func(i int) string { return fmt.Sprintf("<canary %03d>", i) }
	there := map[int]bool{}
	for range 1500 {
		require.NoError(t, s.Update(t.Context(), by, func(tx store.Tx) error {
			for range 4 {
				i := r.IntN(200)
				id := house.ID(fmt.Sprintf("dep-%d", i))
				if there[i] = r.IntN(3) > 0; there[i] {
					if err := tx.Put(t.Context(), &house.Department{ID: id, Name: record.Text{"da": secret(i) + strings.Repeat("x", r.IntN(150))}}); err != nil {
						return err
					}
				} else if err := tx.Delete(t.Context(), house.KindDepartment, id); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	require.NoError(t, s.(store.Scrubber).Scrub(t.Context()))
	files, err := filepath.Glob(filepath.Join(dir, "hub.db*"))
	require.NoError(t, err)
	gone := 0
	for _, path := range files {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		for i := range 200 {
			if !there[i] {
				gone++
				require.False(t, bytes.Contains(b, []byte(secret(i))), "%s holds %s", filepath.Base(path), secret(i))
			}
		}
	}
	require.Greater(t, gone, 20)
	wal, err := os.Stat(filepath.Join(dir, "hub.db-wal"))
	require.NoError(t, err)
	require.Zero(t, wal.Size())
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

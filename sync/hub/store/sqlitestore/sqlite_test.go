package sqlitestore

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store"
	"tavle/sync/hub/store/storetest"
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

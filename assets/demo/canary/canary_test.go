package canary

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEverybodyIsLookedFor(t *testing.T) {
	require.Greater(t, len(Names()), 40)
	require.Contains(t, Names(), "Anna")
	require.Contains(t, Names(), "Mik") // an alias
	require.Contains(t, Names(), "فاطمة")
	require.Contains(t, Secrets(), "+45 00 00 00 01")
	require.NotContains(t, Secrets(), "Anna")
}

func TestNamesAreFoundAsWords(t *testing.T) {
	require.Empty(t, In("an announcement by the Bornholm Board", Names()))
	require.Contains(t, In("shown: Bo, today", Names()), "Bo")
}

func TestFilesAndTheirNamesAreRead(t *testing.T) {
	dir := t.TempDir()
	require.ErrorContains(t, InFiles(dir), "no file")
	write := func(path, s string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, path), []byte(s), 0o600))
	}
	write("a/plain", "nobody")
	write("hub/db", "\x00Ahmed\x00")
	require.NoError(t, InFiles(dir, "hub"))
	require.ErrorContains(t, InFiles(dir), "Ahmed")
	write("b/Sasha.jpg", "")
	require.ErrorContains(t, InFiles(dir, "hub"), "Sasha")
}

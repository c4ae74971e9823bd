package deb

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a wall or a hub could do beyond its work if it were broken into is next to
// nothing: at most 1.5 by systemd's own count, where most services have 9.
func TestUnitsAreShutIn(t *testing.T) {
	for _, unit := range []string{"tavle-player", "tavle-hub"} {
		file := filepath.Join(unit, unit+".service")
		out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=15", file).CombinedOutput()
		require.NoError(t, err, "%s", out)
		out, err = exec.Command("systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=5", file).CombinedOutput()
		require.Error(t, err, "the count counts nothing: %s", out)
	}
}

// A purge destroys a screen's keys where they lie, and then removes all it kept. A
// hub keeps its houses, and says so.
func TestPurgeDestroysAScreensKeysAndKeepsAHubsHouses(t *testing.T) {
	purge := func(pkg, root string) string {
		for _, why := range []string{"remove", "purge"} {
			script := exec.Command("sh", filepath.Join(pkg, "postrm"), why)
			script.Env = append(os.Environ(), "DPKG_ROOT="+root)
			out, err := script.CombinedOutput()
			require.NoError(t, err, "%s", out)
			if why == "purge" {
				return string(out)
			}
			require.DirExists(t, filepath.Join(root, "var/lib", pkg), "what is removed may come back")
		}
		return ""
	}
	write := func(name string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte("thirty-two bytes of a key, hidden"), 0o600))
	}
	root, aside := t.TempDir(), t.TempDir()
	for _, name := range []string{"secret", "cache/keyring", "bond"} {
		write(filepath.Join(root, "var/lib/tavle-player", name))
		// The block itself stays in sight of whoever holds another link to it.
		require.NoError(t, os.Link(filepath.Join(root, "var/lib/tavle-player", name), filepath.Join(aside, filepath.Base(name))))
	}
	write(filepath.Join(root, "var/lib/tavle-player/cache/blobs/ab/1"))
	purge("tavle-player", root)
	require.NoDirExists(t, filepath.Join(root, "var/lib/tavle-player"))
	for _, name := range []string{"secret", "keyring", "bond"} {
		left, err := os.ReadFile(filepath.Join(aside, name))
		require.NoError(t, err)
		require.NotContains(t, string(left), "key", name)
	}

	write(filepath.Join(root, "var/lib/tavle-hub/houses.db"))
	require.Contains(t, purge("tavle-hub", root), "/var/lib/tavle-hub")
	require.FileExists(t, filepath.Join(root, "var/lib/tavle-hub/houses.db"))
}

package e2e

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store/sqlitestore"
)

// A hub whose disk is full says so and keeps nothing half; its screens keep what
// was touched, and that takes effect, once, when there is room again.
//
// R-IBG-30.
func TestFullDiskOfAHub(t *testing.T) {
	if !mayMount(t) {
		return
	}
	h := newHomeWith(t, crowded)
	u, err := url.Parse(h.url)
	require.NoError(t, err)
	c := h.gather(4, 7)
	require.Zero(t, h.hub.end())
	h.toSmallDisk()
	h.startHub(u.Host)
	const touches = 8
	c.on([]string{"wss://" + u.Host + "/sync"}, touches)
	c.proc.await("answered s00 1 ")

	ballast := filepath.Join(h.dir, "hub", "ballast")
	fill(t, ballast)
	h.hub.await("disk is full")
	h.until("every screen has been touched", func() bool {
		return strings.Count(c.proc.out.String(), "noted ") == c.n*touches
	})
	require.NoError(t, os.Remove(ballast))
	c.awaitQuiet()
	c.check()
	require.Zero(t, h.hub.end())
}

// mayMount reports whether this process may mount disks that nobody else sees.
// One that may not runs the test in another that may, and reports its result.
func mayMount(t *testing.T) bool {
	t.Helper()
	if os.Getenv(ownMounts) != "" {
		return true
	}
	args := []string{"--mount", os.Args[0], "-test.run", "^" + t.Name() + "$", "-test.v"}
	if os.Getuid() != 0 {
		args = append([]string{"--map-root-user"}, args...)
	}
	cmd := exec.Command("unshare", args...)
	cmd.Env = append(os.Environ(), ownMounts+"="+bin)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: "+t.Name())
	return false
}

// ownMounts is set in a process whose mounts nobody else sees, to the folder with
// the programs.
const ownMounts = "TAVLE_E2E_OWN_MOUNTS"

// toSmallDisk moves the folder of a hub that does not run to a disk of its own,
// in memory, with little room left.
func (h *home) toSmallDisk() {
	h.t.Helper()
	require.NoError(h.t, h.db.Close())
	dir := filepath.Join(h.dir, "hub")
	require.NoError(h.t, os.Rename(dir, dir+".large"))
	require.NoError(h.t, os.Mkdir(dir, 0o700))
	size := int64(4 << 20)
	files, err := os.ReadDir(dir + ".large")
	require.NoError(h.t, err)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(h.t, err)
		size += info.Size()
	}
	require.NoError(h.t, syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=700", size)))
	h.t.Cleanup(func() { require.NoError(h.t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	require.NoError(h.t, os.CopyFS(dir, os.DirFS(dir+".large")))
	for _, f := range files { // CopyFS lets others read
		require.NoError(h.t, os.Chmod(filepath.Join(dir, f.Name()), 0o600))
	}
	h.db, err = sqlitestore.Open(h.t.Context(), filepath.Join(dir, "hub.db"))
	require.NoError(h.t, err)
}

// fill writes a file until there is no room for more.
func fill(t testing.TB, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	require.NoError(t, err)
	page := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(page)
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NoError(t, f.Close())
}

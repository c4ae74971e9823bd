//go:build deb

package deb

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// built builds all packages into a new folder and returns each with its sum.
func built(t *testing.T, env ...string) (folder string, sums map[string]string) {
	t.Helper()
	folder = t.TempDir()
	build := exec.Command("./build", folder, "amd64", "arm64", "armhf")
	build.Env = append(os.Environ(), env...)
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	sums = map[string]string{}
	all, err := filepath.Glob(filepath.Join(folder, "*.deb"))
	require.NoError(t, err)
	for _, file := range all {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		sum := sha256.Sum256(data)
		sums[filepath.Base(file)] = hex.EncodeToString(sum[:])
		t.Log(filepath.Base(file), len(data), hex.EncodeToString(sum[:]))
	}
	require.Len(t, sums, 9)
	return folder, sums
}

// The packages are the same bytes whenever and by whomever they are built, hold what
// they say, and can be installed, removed and purged.
func TestPackages(t *testing.T) {
	folder, first := built(t)
	_, second := built(t, "TZ=Asia/Tokyo", "LANG=da_DK.UTF-8", "GOFLAGS=-buildvcs=true")
	require.Equal(t, first, second)

	root := t.TempDir()
	for _, dir := range []string{"var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "etc/systemd/system"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, dir), 0o755))
	}
	require.NoError(t, os.WriteFile(filepath.Join(root, "var/lib/dpkg/status"), nil, 0o644))
	dpkg := func(args ...string) string {
		all := append([]string{"--root=" + root, "--force-script-chrootless", "--force-depends", "--force-not-root"}, args...)
		out, err := exec.Command("dpkg", all...).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	mine, err := filepath.Glob(filepath.Join(folder, "*_"+runtime.GOARCH+".deb"))
	require.NoError(t, err)
	dpkg(append([]string{"--install"}, mine...)...)
	for _, name := range []string{
		"usr/bin/tavle", "usr/bin/tavle-hub", "usr/bin/tavle-player", "etc/tavle/hub.toml", "etc/tavle/player.toml",
		"usr/lib/systemd/system/tavle-hub.service", "usr/lib/systemd/system/tavle-player.service",
		"usr/lib/udev/rules.d/60-tavle-player.rules", "usr/share/doc/tavle/copyright",
		"usr/share/man/man1/tavle-hub-erase.1.gz", "usr/share/man/man1/tavle-player.1.gz", "usr/share/bash-completion/completions/tavle",
		"etc/systemd/system/multi-user.target.wants/tavle-player.service",
	} {
		_, err := os.Lstat(filepath.Join(root, name))
		require.NoError(t, err, name)
	}
	for _, file := range []string{"etc/passwd", "etc/group"} {
		data, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		require.Contains(t, string(data), "tavle-player", file)
	}
	units, err := filepath.Glob(filepath.Join(root, "usr/lib/systemd/system/tavle-*.service"))
	require.NoError(t, err)
	require.Len(t, units, 2)
	version, err := exec.Command(filepath.Join(root, "usr/bin/tavle-player"), "version").CombinedOutput()
	require.NoError(t, err)
	name := filepath.Base(mine[0])
	require.Contains(t, string(version), strings.Split(name, "_")[1])

	// What the installer wrote stays until a purge.
	mark := filepath.Join(root, "etc/tavle/player.toml")
	require.NoError(t, os.WriteFile(mark, []byte("rotation = 90\n"), 0o644))
	dpkg("--remove", "tavle-player")
	require.FileExists(t, mark)
	require.NoFileExists(t, filepath.Join(root, "usr/bin/tavle-player"))
	dpkg("--purge", "tavle-player", "tavle-hub", "tavle")
	left := slices.DeleteFunc(strings.Fields(run(t, "find", root, "-name", "*tavle*")), func(s string) bool {
		return strings.Contains(s, "/var/lib/dpkg/")
	})
	require.Empty(t, left)
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

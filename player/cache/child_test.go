package cache

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a test has to do in another process is done by this test binary, started
// again with childEnv set.
const childEnv = "TAVLE_CACHE_TEST_CHILD"

// noSleep keeps a child under the race detector from waiting a second before it
// ends, which it does by default.
const noSleep = "GORACE=atexit_sleep_ms=0"

var childRoles = map[string]func(args []string) error{}

func TestMain(m *testing.M) {
	if role, ok := os.LookupEnv(childEnv); ok {
		if err := childRoles[role](os.Args[1:]); err != nil {
			_, _ = os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(inMemory(m.Run))
}

// inMemory runs the tests with their folders in memory where there is room: they
// ask for some 10,000 fsyncs, and a busy disk would make minutes of them. What a
// disk does with an fsync is not what they are about.
func inMemory(run func() int) int {
	var fs syscall.Statfs_t
	const shm = "/dev/shm"
	if err := syscall.Statfs(shm, &fs); err != nil || int64(fs.Bavail)*int64(fs.Bsize) < 512<<20 { //nolint:unconvert // 32 bits wide on some
		return run()
	}
	dir, err := os.MkdirTemp(shm, "tavle-cache-test-")
	if err != nil {
		return run()
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	if err := os.Setenv("TMPDIR", dir); err != nil {
		return run()
	}
	return run()
}

func init() {
	childRoles["probe"] = func(args []string) error { return ProbeFile(args[0]) }
}

// probeChild returns a probe in a child process.
func probeChild(t testing.TB) func(string) error {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	env, err := exec.LookPath("env")
	require.NoError(t, err)
	return ProbeBy(env, childEnv+"=probe", noSleep, exe)
}

// child returns a command that plays a role.
func child(t testing.TB, role string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe, args...)
	cmd.Env = append(os.Environ(), childEnv+"="+role, noSleep)
	return cmd
}

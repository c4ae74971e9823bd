package e2e

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo/canary"
)

// A program that crashes while it shows people leaves nothing of its memory: no
// core dump, and no name in what it says at the end.
//
// R-DPA-18.
func TestCrashLeavesNothingOfMemory(t *testing.T) {
	h := newHome(t)
	w := h.hang("kitchen")
	w.on()
	w.anew(true)
	w.awaitTwin("home", whole)
	for _, p := range []*process{w.proc, h.hub} {
		limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", p.cmd.Process.Pid))
		require.NoError(t, err)
		_, core, _ := strings.Cut(string(limits), "Max core file size")
		require.Equal(t, []string{"0", "0", "bytes"}, strings.Fields(core)[:3], p.name)

		require.NoError(t, p.cmd.Process.Signal(syscall.SIGABRT))
		<-p.done
		require.Contains(t, p.out.String(), "goroutine", "it did crash")
		require.Empty(t, canary.In(p.out.String(), canary.Names()), p.name)
		require.False(t, p.cmd.ProcessState.Sys().(syscall.WaitStatus).CoreDump(), p.name)
	}
	require.NoError(t, filepath.WalkDir(h.dir, func(path string, _ fs.DirEntry, err error) error {
		require.NotContains(t, filepath.Base(path), "core")
		return err
	}))
	require.NoError(t, canary.InFiles(h.dir, "hub", "house"))
}

package main

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

// The program as somebody starts it, built as it is shipped: without a GPU, and
// so without a display. What a script shows stands in its first line.
func TestScripts(t *testing.T) {
	bin := t.TempDir()
	build := exec.Command("go", "build", "-tags", "nogpu", "-o", bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+string(os.PathListSeparator)+e.Getenv("PATH"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"await": await},
	})
}

// await is a command of scripts: await FILE TEXT waits until that stands in the
// file.
func await(ts *testscript.TestScript, not bool, args []string) {
	if not || len(args) != 2 {
		ts.Fatalf("usage: await FILE TEXT")
	}
	for late := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		has, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && bytes.Contains(has, []byte(args[1])) {
			return
		}
		if time.Now().After(late) {
			ts.Fatalf("%s does not say %q: %s", args[0], args[1], has)
		}
	}
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store/pgstore/pgtest"
)

// TestMain lets scripts run this program.
func TestMain(m *testing.M) { testscript.Main(tests{m}, map[string]func(){"tavle-hub": main}) }

// tests are all of them, and the database server they may start.
type tests struct{ *testing.M }

func (t tests) Run() int { return pgtest.Main(t.M) }

// The commands as somebody types them. What a script shows stands in its first
// line; $DEMO is the folder of the demo house, $SMALL a house without pictures.
func TestScripts(t *testing.T) {
	demo, err := filepath.Abs("../../assets/demo")
	require.NoError(t, err)
	small, err := filepath.Abs("testdata/small.json")
	require.NoError(t, err)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("DEMO", demo)
			e.Setenv("SMALL", small)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"await": await, "database": database(t)},
	})
}

// database is a command of scripts: it makes $DATABASE the address of a new
// PostgreSQL database, and $PASSWORD what is in there and nowhere else.
func database(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, _ []string) {
		ts.Setenv("DATABASE", pgtest.Database(t))
		ts.Setenv("PASSWORD", pgtest.Get(t).Password())
	}
}

// await is a command of scripts: await FILE TEXT waits until that stands in the
// file; @NAME is the text of another file.
func await(ts *testscript.TestScript, not bool, args []string) {
	if not || len(args) != 2 {
		ts.Fatalf("usage: await FILE TEXT")
	}
	want := args[1]
	if name, ok := strings.CutPrefix(want, "@"); ok {
		want = ts.ReadFile(name)
	}
	for late := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		has, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && bytes.Contains(has, []byte(want)) {
			return
		}
		if time.Now().After(late) {
			ts.Fatalf("%s does not say %q: %s", args[0], want, has)
		}
	}
}

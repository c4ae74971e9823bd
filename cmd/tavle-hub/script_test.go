package main

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

// TestMain lets scripts run this program.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"tavle-hub": main}) }

// The commands as somebody types them. What a script shows stands in its first
// line; $DEMO is the folder of the demo house.
func TestScripts(t *testing.T) {
	demo, err := filepath.Abs("../../assets/demo")
	require.NoError(t, err)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("DEMO", demo)
			return nil
		},
	})
}

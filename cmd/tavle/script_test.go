package main

import (
	"fmt"
	"image/png"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run this program.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"tavle": main}) }

// The commands as somebody types them. What a script shows stands in its first
// line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"png": isPNG},
	})
}

// isPNG is a command of scripts: png FILE WIDTHxHEIGHT.
func isPNG(ts *testscript.TestScript, not bool, args []string) {
	if not || len(args) != 2 {
		ts.Fatalf("usage: png FILE WIDTHxHEIGHT")
	}
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	img, err := png.Decode(f)
	ts.Check(err)
	if size := img.Bounds().Size(); fmt.Sprintf("%dx%d", size.X, size.Y) != args[1] {
		ts.Fatalf("%s is %v", args[0], size)
	}
}

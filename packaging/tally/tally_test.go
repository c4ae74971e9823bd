package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// of returns what is written about a run with these events, the time left out,
// and whether it was good.
func of(t *testing.T, events string) (string, bool) {
	t.Helper()
	var out bytes.Buffer
	x := tally{out: &out}
	require.NoError(t, x.read(strings.NewReader(strings.TrimSpace(events))))
	x.report(0)
	return out.String(), x.good()
}

// A test with parts is counted as its parts, and what passes says nothing.
func TestPartsAreCountedNotHeadings(t *testing.T) {
	said, good := of(t, `
{"Action":"start","Package":"a"}
{"Action":"run","Package":"a","Test":"TestA"}
{"Action":"output","Package":"a","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"run","Package":"a","Test":"TestA/one/x"}
{"Action":"output","Package":"a","Test":"TestA/one/x","Output":"    a_test.go:1: talk\n"}
{"Action":"pass","Package":"a","Test":"TestA/one/x"}
{"Action":"run","Package":"a","Test":"TestA/two"}
{"Action":"pass","Package":"a","Test":"TestA/two"}
{"Action":"pass","Package":"a","Test":"TestA"}
{"Action":"run","Package":"a","Test":"TestB"}
{"Action":"pass","Package":"a","Test":"TestB"}
{"Action":"output","Package":"a","Output":"ok  \ta\t0.1s\n"}
{"Action":"pass","Package":"a","Elapsed":1.25}
{"Action":"output","Package":"b","Output":"?   \tb\t[no test files]\n"}
{"Action":"skip","Package":"b"}
`)
	require.Equal(t, `ok      1.2s     3  a

1 package with tests took 0s
tests: 3 passed, 0 failed, 0 skipped
`, said)
	require.True(t, good)
}

// What failed is told with all it said, once, at the part that failed.
func TestFailuresAreTold(t *testing.T) {
	said, good := of(t, `
{"Action":"run","Package":"a","Test":"TestA"}
{"Action":"run","Package":"a","Test":"TestA/one"}
{"Action":"output","Package":"a","Test":"TestA/one","Output":"=== RUN   TestA/one\n"}
{"Action":"output","Package":"a","Test":"TestA/one","Output":"    a_test.go:1: want 1\n"}
{"Action":"output","Package":"a","Test":"TestA/one","Output":"        got 2\n"}
{"Action":"output","Package":"a","Test":"TestA/one","Output":"    --- FAIL: TestA/one (0.00s)\n"}
{"Action":"fail","Package":"a","Test":"TestA/one"}
{"Action":"run","Package":"a","Test":"TestA/two"}
{"Action":"pass","Package":"a","Test":"TestA/two"}
{"Action":"output","Package":"a","Test":"TestA","Output":"--- FAIL: TestA (0.00s)\n"}
{"Action":"fail","Package":"a","Test":"TestA"}
{"Action":"output","Package":"a","Output":"FAIL\n"}
{"Action":"fail","Package":"a","Elapsed":0.5}
`)
	require.Equal(t, `
--- a.TestA/one
        a_test.go:1: want 1
            got 2
FAIL    0.5s     2  a

failed; what they said stands above:
    a.TestA/one
1 package with tests took 0s
tests: 1 passed, 1 failed, 0 skipped
`, said)
	require.False(t, good)
}

// A test that did not come to an end has failed: a panic, the time limit, a run
// that was cut short.
func TestUnfinishedIsFailed(t *testing.T) {
	const panicked = `
{"Action":"run","Package":"a","Test":"TestA"}
{"Action":"output","Package":"a","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"a","Test":"TestA","Output":"panic: test timed out after 10m0s\n"}
`
	for _, end := range []string{"", `{"Action":"fail","Package":"a","Elapsed":600}`} {
		said, good := of(t, panicked+end)
		require.Contains(t, said, "--- a.TestA\n    panic: test timed out after 10m0s\n    it did not come to an end\n")
		require.Contains(t, said, "tests: 0 passed, 1 failed, 0 skipped")
		require.False(t, good)
	}
}

// A skipped test says why; one that does not is a failure. No test at all is
// one, too.
func TestSkippedWithoutReasonIsNotGood(t *testing.T) {
	const pass = `{"Action":"run","Package":"a","Test":"TestA"}
{"Action":"pass","Package":"a","Test":"TestA"}
{"Action":"run","Package":"a","Test":"TestB"}
{"Action":"output","Package":"a","Test":"TestB","Output":"=== RUN   TestB\n"}
`
	const skip = `{"Action":"output","Package":"a","Test":"TestB","Output":"--- SKIP: TestB (0.00s)\n"}
{"Action":"skip","Package":"a","Test":"TestB"}
{"Action":"pass","Package":"a"}`
	said, good := of(t, pass+`{"Action":"output","Package":"a","Test":"TestB","Output":"    a_test.go:3: no cat here\n"}`+"\n"+skip)
	require.Contains(t, said, "skipped: a.TestB: a_test.go:3: no cat here\n")
	require.Contains(t, said, "tests: 1 passed, 0 failed, 1 skipped\n")
	require.True(t, good)

	said, good = of(t, pass+skip)
	require.Contains(t, said, "skipped: a.TestB: it does not say why, which counts as a failure\n")
	require.False(t, good)

	said, good = of(t, `{"Action":"skip","Package":"b"}`)
	require.Contains(t, said, "no test ran, which counts as a failure\n")
	require.False(t, good)
}

// A test that never stops talking is cut, at its beginning.
func TestTalkIsBounded(t *testing.T) {
	var b strings.Builder
	fmt.Fprintln(&b, `{"Action":"run","Package":"a","Test":"TestA"}`)
	for i := range 5 * maxOutput / 1000 {
		fmt.Fprintf(&b, `{"Action":"output","Package":"a","Test":"TestA","Output":"%d %s\n"}`+"\n", i, strings.Repeat("x", 990))
	}
	fmt.Fprintln(&b, `{"Action":"output","Package":"a","Test":"TestA","Output":"last words\n"}`)
	fmt.Fprintln(&b, `{"Action":"fail","Package":"a","Test":"TestA"}`)
	said, _ := of(t, b.String())
	require.Less(t, len(said), 3*maxOutput)
	require.Contains(t, said, "last words\n")
}

// A real go test: passing, failing, panicking, leaving early, not building, and
// talking to the screen.
func TestGoTestIsUnderstood(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"go.mod":            "module m\n\ngo 1.26\n",
		"good/g_test.go":    "package good\nimport \"testing\"\nfunc TestG(t *testing.T) { t.Run(\"x\", func(t *testing.T) {}); t.Run(\"y\", func(t *testing.T) {}) }\nfunc TestS(t *testing.T) { t.Skip(\"no cat\") }\n",
		"bad/b_test.go":     "package bad\nimport \"testing\"\nfunc TestB(t *testing.T) { t.Error(\"want 1\") }\nfunc TestC(t *testing.T) { }\n",
		"panics/p_test.go":  "package panics\nimport \"testing\"\nfunc TestP(t *testing.T) { panic(\"oh dear\") }\n",
		"leaves/l_test.go":  "package leaves\nimport (\"testing\"; \"os\"; \"fmt\")\nfunc TestMain(m *testing.M) { fmt.Println(\"no display\"); os.Exit(3) }\nfunc TestL(t *testing.T) {}\n",
		"broken/b.go":       "package broken\nfunc f() { undefined() }\n",
		"broken/b_test.go":  "package broken\nimport \"testing\"\nfunc TestX(t *testing.T) {}\n",
		"untested/u.go":     "package untested\n",
		"mute/m_test.go":    "package mute\nimport \"testing\"\nfunc TestM(t *testing.T) { t.SkipNow() }\n",
		"example/e_test.go": "package example\nimport \"fmt\"\nfunc Example() { fmt.Println(1)\n // Output: 1\n}\n",
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	t.Chdir(dir)
	t.Setenv("GOFLAGS", "-mod=mod")
	var out, errs bytes.Buffer
	require.Equal(t, 1, run(t.Context(), []string{"go", "test", "-json", "-vet=off", "./..."}, &out, &errs))
	said := out.String()
	for _, want := range []string{
		"--- m/bad.TestB\n        b_test.go:3: want 1\n",
		"--- m/panics.TestP\n",
		"panic: oh dear",
		"--- m/leaves\n    no display\n",
		"--- build of m/broken",
		"undefined: undefined",
		"skipped: m/good.TestS: g_test.go:4: no cat\n",
		"skipped: m/mute.TestM: it does not say why, which counts as a failure\n",
		"tests: 4 passed, 4 failed, 2 skipped\n",
	} {
		require.Contains(t, said, want, "%s\n%s", said, errs.String())
	}
	require.NotContains(t, said, "untested")

	out.Reset()
	require.Equal(t, 1, run(t.Context(), []string{"go", "test", "-json", "-vet=off", "./mute"}, &out, &errs))
	out.Reset()
	require.Equal(t, 0, run(t.Context(), []string{"go", "test", "-json", "-vet=off", "./good"}, &out, &errs), "%s", out.String())
	require.Contains(t, out.String(), "\ntests: 2 passed, 0 failed, 1 skipped\n")
	out.Reset()
	require.Equal(t, 1, run(t.Context(), []string{"go", "nonsense"}, &out, &errs))
	require.Equal(t, 2, run(t.Context(), []string{filepath.Join(dir, "nothing")}, &out, &errs))
	require.Equal(t, 2, run(t.Context(), nil, &out, &errs))
}

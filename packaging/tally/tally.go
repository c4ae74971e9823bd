package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// An event is a line of go test -json, as `go doc cmd/test2json` describes it.
type event struct {
	Action     string
	Package    string
	Test       string
	Output     string
	Elapsed    float64 // seconds
	ImportPath string  // of what was being built
}

// A tally is how the tests of a run went.
type tally struct {
	out io.Writer

	packages map[string]*pkg
	builds   map[string]*strings.Builder // what the compiler said, by import path

	tested                  int // packages with tests
	passed, failed, skipped int
	failures, skips         []verdict
}

// A pkg is a package under test.
type pkg struct {
	tests  map[string]*test
	output strings.Builder // of no test
	passed int
	failed int
}

// A test is one that runs. Its output is forgotten when it passes.
type test struct {
	output   strings.Builder
	children int
	failed   int // children that failed
	done     bool
}

// A verdict is what is told about a test that did not pass.
type verdict struct{ name, said string }

// maxOutput is how much of what a test or a package says is kept, in bytes; one
// that never stops talking must not take all memory. What is told is its end.
const maxOutput = 1 << 20

// read takes events until there are no more.
func (t *tally) read(r io.Reader) error {
	t.packages, t.builds = map[string]*pkg{}, map[string]*strings.Builder{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20) // go test splits output into lines of 4 KiB or so
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Action == "" {
			fmt.Fprintf(t.out, "%s\n", lines.Bytes()) // it is for people
			continue
		}
		t.take(e)
	}
	if err := lines.Err(); err != nil {
		_, _ = io.Copy(io.Discard, r) // or the other end waits for us
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(t.packages)) {
		t.endPackage(name, "fail", 0) // it was cut short
	}
	return nil
}

// take takes one event.
func (t *tally) take(e event) {
	switch {
	case e.Action == "build-output":
		if t.builds[e.ImportPath] == nil {
			t.builds[e.ImportPath] = new(strings.Builder)
		}
		keep(t.builds[e.ImportPath], e.Output)
		return
	case e.Action == "build-fail" || e.Package == "":
		if b := t.builds[e.ImportPath]; b != nil {
			t.fail("build of "+e.ImportPath, b.String())
			delete(t.builds, e.ImportPath)
		}
		return
	}
	p := t.packages[e.Package]
	if p == nil {
		p = &pkg{tests: map[string]*test{}}
		t.packages[e.Package] = p
	}
	switch e.Action {
	case "run":
		p.start(e.Test)
	case "output":
		b := &p.output
		if x := p.tests[e.Test]; x != nil {
			b = &x.output
		}
		keep(b, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.endPackage(e.Package, e.Action, e.Elapsed)
		} else if x := p.tests[e.Test]; x != nil {
			t.endTest(e.Package, e.Test, p, x, e.Action)
		}
	}
}

// start begins a test. Its parent is not counted any more: it is a heading.
func (p *pkg) start(name string) {
	p.tests[name] = new(test)
	if parent := p.parent(name); parent != nil {
		parent.children++
	}
}

// parent returns the test that a subtest is part of, or nil.
func (p *pkg) parent(name string) *test {
	i := strings.LastIndexByte(name, '/')
	for ; i > 0; i = strings.LastIndexByte(name[:i], '/') {
		if x := p.tests[name[:i]]; x != nil {
			return x
		}
	}
	return nil
}

// endTest counts a test that is over.
func (t *tally) endTest(pkgName, name string, p *pkg, x *test, action string) {
	x.done = true
	heading := x.children > 0
	full := pkgName + "." + name
	switch action {
	case "pass":
		if !heading {
			t.passed++
			p.passed++
		}
	case "skip":
		t.skipped++
		p.passed++
		t.skips = append(t.skips, verdict{full, strings.TrimSpace(said(x.output.String()))})
	case "fail":
		if parent := p.parent(name); parent != nil {
			parent.failed++
		}
		// A heading fails with its parts; it counts when it failed by itself.
		if x.failed == 0 || said(x.output.String()) != "" {
			p.failed++
			t.fail(full, x.output.String())
		}
	}
	x.output = strings.Builder{}
}

// endPackage ends a package: what of it was still running has failed.
func (t *tally) endPackage(name, action string, seconds float64) {
	p := t.packages[name]
	delete(t.packages, name)
	for _, test := range slices.Sorted(maps.Keys(p.tests)) {
		if x := p.tests[test]; !x.done && action == "fail" {
			p.failed++
			t.fail(name+"."+test, x.output.String()+"it did not come to an end\n")
		}
	}
	if action == "fail" && p.failed == 0 {
		p.failed++
		if !strings.Contains(p.output.String(), "[build failed]") { // told already
			t.fail(name, p.output.String())
		}
	} else if action == "fail" && strings.Contains(p.output.String(), "panic: ") {
		t.fail(name, p.output.String())
		t.failed-- // the test it happened in is counted
	}
	if p.passed+p.failed == 0 {
		return // no tests
	}
	t.tested++
	word := "ok  "
	if p.failed > 0 {
		word = "FAIL"
	}
	fmt.Fprintf(t.out, "%s %6.1fs %5d  %s\n", word, seconds, p.passed+p.failed, name)
}

// fail counts a failure and tells of it at once.
func (t *tally) fail(name, output string) {
	t.failed++
	v := verdict{name, output}
	t.failures = append(t.failures, v)
	fmt.Fprintf(t.out, "\n--- %s\n%s\n", v.name, indent(v.said))
}

// good reports whether all is well.
func (t *tally) good() bool {
	return t.failed == 0 && t.passed > 0 && !slices.ContainsFunc(t.skips, func(v verdict) bool { return v.said == "" })
}

// report writes what remains to be said, and the counts.
func (t *tally) report(took time.Duration) {
	fmt.Fprintln(t.out)
	for _, v := range t.skips {
		if v.said == "" {
			v.said = "it does not say why, which counts as a failure"
		}
		fmt.Fprintf(t.out, "skipped: %s: %s\n", v.name, strings.Join(strings.Fields(v.said), " "))
	}
	if len(t.failures) > 0 {
		fmt.Fprintln(t.out, "failed; what they said stands above:")
		for _, v := range t.failures {
			fmt.Fprintf(t.out, "    %s\n", v.name)
		}
	}
	if t.passed+t.failed == 0 {
		fmt.Fprintln(t.out, "no test ran, which counts as a failure")
	}
	packages := "packages"
	if t.tested == 1 {
		packages = "package"
	}
	fmt.Fprintf(t.out, "%d %s with tests took %v\n", t.tested, packages, took.Round(time.Second))
	fmt.Fprintf(t.out, "tests: %d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped)
}

// said returns what a test itself said: the lines that are not go test's.
func said(output string) string {
	var b strings.Builder
	for line := range strings.Lines(output) {
		switch text := strings.TrimSpace(line); {
		case strings.HasPrefix(text, "=== "), strings.HasPrefix(text, "--- "):
		default:
			b.WriteString(line)
		}
	}
	return b.String()
}

// keep adds to an output, and keeps its end when it is too long.
func keep(b *strings.Builder, s string) {
	b.WriteString(s)
	if b.Len() > 2*maxOutput {
		end := b.String()[b.Len()-maxOutput:]
		b.Reset()
		b.WriteString(end)
	}
}

// indent sets text apart from what stands around it.
func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(said(text)) {
		b.WriteString("    " + line)
	}
	return strings.TrimRight(b.String(), "\n")
}

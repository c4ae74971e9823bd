// Command rules writes docs/accessibility.md: what each rule of accessibility
// asks, which clause of EN 301 549 stands behind it, and the tests that hold it,
// as their comments say. Its own test fails when the document is out of date, or
// when a rule that a program can hold has no test.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A Held is a test that bears the number of a rule.
type Held struct{ Test, Package string }

var number = regexp.MustCompile(`\bA-\d\d\b`)

// held returns the tests of a tree by the rules their comments name.
func held(root string) (map[string][]Held, error) {
	out := map[string][]Held{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "out" || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(fn.Name.Name, "Test") || fn.Doc == nil {
				continue
			}
			ids := number.FindAllString(fn.Doc.Text(), -1)
			slices.Sort(ids)
			for _, id := range slices.Compact(ids) {
				out[id] = append(out[id], Held{fn.Name.Name, filepath.ToSlash(dir)})
			}
		}
		return nil
	})
	for _, tests := range out {
		slices.SortFunc(tests, func(a, b Held) int { return strings.Compare(a.Package+a.Test, b.Package+b.Test) })
	}
	return out, err
}

const head = `# Accessibility

What the wall promises to people who see, hear, move or understand otherwise, and what holds each promise. ` + "`make rules`" + ` writes this page
from the comments above the tests, so a rule without a test cannot look as if it had one. The rules were written for this project; the
clauses are those of EN 301 549 V3.2.1, under which the wall is stationary hardware with closed functionality. Nobody outside has
assessed it, and no test here replaces people who use it.

`

// document returns the page.
func document(tests map[string][]Held) []byte {
	var b bytes.Buffer
	b.WriteString(head)
	b.WriteString("| rule | what it asks | EN 301 549 | held by |\n|---|---|---|---|\n")
	for _, r := range Rules {
		by := make([]string, 0, len(tests[r.ID]))
		for _, t := range tests[r.ID] {
			by = append(by, "`"+t.Test+"`")
		}
		if r.Otherwise != "" {
			by = append(by, r.Otherwise)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.ID, r.Asks, r.Clause, strings.Join(slices.Compact(by), ", "))
	}
	return b.Bytes()
}

func main() {
	tests, err := held(".")
	if err == nil {
		err = os.WriteFile("docs/accessibility.md", document(tests), 0o644) //nolint:gosec // for everybody to read
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "rules: %v\n", err)
		os.Exit(1)
	}
}

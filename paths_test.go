package tavle

import (
	"fmt"
	"go/ast"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// The two straight paths are written down three times: as tables in
// ARCHITECTURE.md, as flow comments at the heads of the files on them, and as
// lists above the tests that walk them. Here they are held to say the same.

var (
	pathHeading = regexp.MustCompile(`(?m)^### (A \w+ on its way to .+)$`)
	hopRow      = regexp.MustCompile(`(?m)^\| (\d+) \| ([^|]*)\|`)
	hopPlace    = regexp.MustCompile("`([\\w/]+\\.go)` `([\\w.]+)`")
	pathTest    = regexp.MustCompile("`(Test\\w+)`")
	flow        = regexp.MustCompile(`Flow, (a \w+ on its way to [^(]+) \((the [^)]*)\)`)
	ordinals    = []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
)

// A walk is one path as ARCHITECTURE.md has it.
type walk struct {
	name string // "a change on its way to the glass"
	test string
	hops []hop
}

// A hop is the files of one step, and what to look at in each.
type hop []struct{ file, symbol string }

// in reports whether s names one of the hop's files.
func (h hop) in(s string) bool {
	return slices.ContainsFunc(h, func(p struct{ file, symbol string }) bool { return strings.Contains(s, p.file) })
}

// walks reads the paths of a document.
func walks(doc string) (all []walk) {
	found := pathHeading.FindAllStringSubmatchIndex(doc, -1)
	for _, m := range found {
		name, rest := doc[m[2]:m[3]], doc[m[1]:]
		if end := strings.Index(rest, "\n#"); end >= 0 {
			rest = rest[:end]
		}
		w := walk{name: "a" + name[1:]}
		if t := pathTest.FindStringSubmatch(rest); t != nil {
			w.test = t[1]
		}
		for i, row := range hopRow.FindAllStringSubmatch(rest, -1) {
			var h hop
			for _, p := range hopPlace.FindAllStringSubmatch(row[2], -1) {
				h = append(h, struct{ file, symbol string }{p[1], p[2]})
			}
			if row[1] == fmt.Sprint(i+1) && len(h) > 0 {
				w.hops = append(w.hops, h)
			}
		}
		all = append(all, w)
	}
	return all
}

// flows returns the flow comments between a file's package clause and all else,
// by the path they are about: what they say of where they stand on it.
func (s source) flows() map[string]string {
	found := map[string]string{}
	for _, c := range s.file.Comments {
		if c.Pos() < s.file.Name.End() || len(s.file.Decls) > 0 && c.Pos() > s.file.Decls[0].Pos() {
			continue
		}
		text := strings.Join(strings.Fields(c.Text()), " ")
		for _, m := range flow.FindAllStringSubmatch(text, -1) {
			found[m[1]] = m[2]
		}
	}
	return found
}

// declares reports whether a file declares "Name" or "Type.member".
func (s source) declares(symbol string) bool {
	g := glossary{symbols: map[string]bool{}}
	for _, d := range s.file.Decls {
		g.declare("", d)
	}
	return g.symbols["."+symbol]
}

// crooked lists where document, flow comments and tests disagree.
func crooked(t *testing.T, tree fs.FS) (wrong []string) {
	t.Helper()
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	byName, lists := map[string]source{}, map[string]string{}
	all := sources(t, tree)
	for _, s := range all {
		byName[s.name] = s
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && s.test && f.Recv == nil {
				lists[f.Name.Name] = f.Doc.Text()
			}
		}
	}
	on := map[string]bool{} // "path of file"
	for _, w := range walks(string(read(t, tree, "ARCHITECTURE.md"))) {
		if len(w.hops) < 2 {
			say("ARCHITECTURE.md: %s has no table of hops", w.name)
			continue
		}
		for i, h := range w.hops {
			if n := fmt.Sprintf("%d. ", i+1); !slices.ContainsFunc(strings.Split(lists[w.test], "\n"), func(line string) bool {
				rest, ok := strings.CutPrefix(strings.TrimSpace(line), n)
				return ok && h.in(rest)
			}) {
				say("%s: its comment does not have hop %d of %s", w.test, i+1, w.name)
			}
			for _, p := range h {
				on[w.name+" of "+p.file] = true
				s, there := byName[p.file]
				if !there {
					say("ARCHITECTURE.md: there is no %s", p.file)
					continue
				}
				if !s.declares(p.symbol) {
					say("ARCHITECTURE.md: %s does not declare %s", p.file, p.symbol)
				}
				at := s.flows()[w.name]
				switch {
				case at == "":
					say("%s: does not open with the flow of %s", p.file, w.name)
				case !strings.HasPrefix(at, "the "+ordinals[i]+" "):
					say("%s: is %q on %s, not the %s", p.file, at, w.name, ordinals[i])
				case i > 0 && !w.hops[i-1].in(at), i+1 < len(w.hops) && !w.hops[i+1].in(at):
					say("%s: its flow does not name the hops before and after", p.file)
				}
			}
		}
	}
	for _, s := range all {
		for name := range s.flows() {
			if !on[name+" of "+s.name] {
				say("%s: is not among the hops of %s", s.name, name)
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}

// Issue 2, done when 2: every hop's file opens with its flow comment.
func TestPathsAreStraight(t *testing.T) {
	require.Len(t, walks(string(read(t, repository, "ARCHITECTURE.md"))), 2)
	require.Empty(t, crooked(t, repository))
	require.Equal(t, []string{
		"ARCHITECTURE.md: a word on its way to nobody has no table of hops",
		"ARCHITECTURE.md: b/b.go does not declare T.Gone",
		"ARCHITECTURE.md: there is no gone.go",
		"TestWalk: its comment does not have hop 3 of a touch on its way to the hub",
		"b/late.go: does not open with the flow of a touch on its way to the hub",
		"c/c.go: is \"the second hop; the first is a/a.go\" on a touch on its way to the hub, not the third",
		"d/d.go: its flow does not name the hops before and after",
		"e/e.go: is not among the hops of a touch on its way to the hub",
	}, crooked(t, fstest.MapFS{
		"ARCHITECTURE.md": text("### A touch on its way to the hub\n\nWalked by `TestWalk`.\n\n| hop | where | what |\n|--:|---|---|\n" +
			"| 1 | `a/a.go` `F` | x |\n| 2 | `b/b.go` `T.M`, `b/late.go` `G`, `b/b.go` `T.Gone` | x |\n| 3 | `c/c.go` `C`, `d/d.go` `D`, `gone.go` `E` | x |\n" +
			"\n### A word on its way to nobody\n\n## Else\n"),
		"a/a.go":      text("package a\n\n// Flow, a touch on its way to the hub (the first hop; the second is\n// b/b.go):\n\nfunc F() {}\n"),
		"a/a_test.go": text("package a\n\n// Walked:\n//\n//  1. a/a.go\n//  2. b/b.go\n//  3. e/e.go\nfunc TestWalk() {}\n"),
		"b/b.go":      text("package b\n\n// Flow, a touch on its way to the hub (the second hop; the first is\n// a/a.go, the third c/c.go):\n\ntype T int\n\nfunc (T) M() {}\n"),
		"b/late.go":   text("package b\n\nfunc G() {}\n\n// Flow, a touch on its way to the hub (the second hop; the first is a/a.go, the third c/c.go):\n"),
		"c/c.go":      text("package c\n\n// Flow, a touch on its way to the hub (the second hop; the first is a/a.go):\n\nvar C int\n"),
		"d/d.go":      text("package d\n\n// Flow, a touch on its way to the hub (the third hop; the first is a/a.go):\n\nvar D int\n"),
		"e/e.go":      text("package e\n\n// Flow, a touch on its way to the hub (the fourth hop; the third is c/c.go):\n"),
	}))
}

// section returns what stands under a heading of the second level.
func section(doc, heading string) string {
	_, rest, _ := strings.Cut(doc, "\n## "+heading+"\n")
	rest, _, _ = strings.Cut(rest, "\n## ")
	return rest
}

// cells returns the cells of the tables in a document, less their headings.
func cells(doc string) (rows [][]string) {
	lines := strings.Split(doc, "\n")
	for i, line := range lines {
		heading := i+1 < len(lines) && strings.HasPrefix(lines[i+1], "|-")
		if strings.HasPrefix(line, "| ") && !heading {
			rows = append(rows, strings.Split(strings.Trim(line, "| "), " | "))
		}
	}
	return rows
}

// The map has every package, in the order in which they may import each other.
func TestMapIsTheTree(t *testing.T) {
	var want, got []string
	for _, row := range mayImport {
		want = append(want, row.dir)
	}
	for _, row := range cells(section(string(read(t, repository, "ARCHITECTURE.md")), "The map")) {
		require.Len(t, row, 2)
		got = append(got, strings.Trim(row[0], "`"))
	}
	require.Equal(t, want, got)
}

// What is said to hold always names the tests that hold it; that they exist is
// seen to by TestDocumentsNameOnlyWhatThereIs.
func TestEveryPromiseNamesItsTest(t *testing.T) {
	promises := cells(section(string(read(t, repository, "ARCHITECTURE.md")), "What always holds"))
	require.NotEmpty(t, promises)
	for _, row := range promises {
		require.Len(t, row, 2)
		for test := range strings.SplitSeq(row[1], ", ") {
			require.Regexp(t, "^`Test\\w+`$", test, row[0])
		}
	}
}

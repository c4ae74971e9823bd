package tavle

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// What the documents name in backquotes or by a link exists: files and folders,
// symbols of our packages, tests and make targets. Documents name no lines of
// files, so nothing else goes out of date by itself. What package comments name
// exists, too: folders and files of ours, tests, and symbols in brackets.

var (
	fenced    = regexp.MustCompile("(?ms)^[ \t]*```.*?^[ \t]*```")
	backquote = regexp.MustCompile("`([^`\n]+)`")
	link      = regexp.MustCompile(`\]\(([^)#\s]+)`)

	pathLike   = regexp.MustCompile(`^\.?[A-Za-z0-9_*][A-Za-z0-9_.*-]*(/[A-Za-z0-9_.*-]+)*/?$`)
	symbolLike = regexp.MustCompile(`^\(?\*?([a-z][a-z0-9]*)\.([A-Z]\w*)\)?(?:\.(\w+))?(?:\(.*\))?$`)
	testLike   = regexp.MustCompile(`^(?:Test|Fuzz|Benchmark)[A-Z]\w*$`)
	makeLike   = regexp.MustCompile(`^make((?: [a-z][a-z0-9-]*)+)`)
	target     = regexp.MustCompile(`(?m)^([a-z][a-z0-9-]*):`)

	// What package comments name: a path of ours, a file, a test, [a.Symbol].
	commentName = regexp.MustCompile(`\b(?:player|sync|render|assets|packaging|cmd|docs)/[\w./-]*\w|\b[A-Za-z]\w*\.(?:go|md)\b|\b(?:Test|Fuzz|Benchmark)[A-Z]\w*|\[\*?[\w.]+\]`)
	bracketed   = regexp.MustCompile(`^\[\*?(?:([a-z]\w*)\.)?([A-Z]\w*)(?:\.(\w+))?\]$`)

	// codeFile are names that are taken for files of ours even without a folder.
	codeFile = regexp.MustCompile(`\.(go|md|sh|yml|mod|sum)$`)
)

// A glossary is what documents may name.
type glossary struct {
	tree    fs.FS
	files   []string
	symbols map[string]bool // "pkg.Name" and "pkg.Name.Member"
	ours    map[string]bool // names of our packages
	others  map[string]bool // names of packages that we import
	tests   map[string]bool
	targets map[string]bool
}

func glossaryOf(t *testing.T, tree fs.FS) glossary {
	t.Helper()
	g := glossary{
		tree: tree, files: files(t, tree), symbols: map[string]bool{}, ours: map[string]bool{},
		others: map[string]bool{}, tests: map[string]bool{}, targets: map[string]bool{},
	}
	for _, s := range sources(t, tree) {
		pkg := s.file.Name.Name
		for _, p := range s.imports() {
			if !strings.HasPrefix(p, "tavle/") {
				g.others[path.Base(p)] = true
			}
		}
		if s.test {
			for _, d := range s.file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
					g.tests[f.Name.Name] = true
				}
			}
			continue
		}
		g.ours[pkg] = true
		for _, d := range s.file.Decls {
			g.declare(pkg, d)
		}
	}
	if makefile, err := fs.ReadFile(tree, "Makefile"); err == nil {
		for _, m := range target.FindAllSubmatch(makefile, -1) {
			g.targets[string(m[1])] = true
		}
	}
	return g
}

// declare takes up the names that a declaration declares.
func (g glossary) declare(pkg string, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil {
			name = receiver(d.Recv.List[0].Type) + "." + name
		}
		g.symbols[pkg+"."+name] = true
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return
		}
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					g.symbols[pkg+"."+n.Name] = true
				}
			case *ast.TypeSpec:
				g.symbols[pkg+"."+spec.Name.Name] = true
				ast.Inspect(spec.Type, func(n ast.Node) bool {
					if f, ok := n.(*ast.Field); ok {
						for _, name := range f.Names {
							g.symbols[pkg+"."+spec.Name.Name+"."+name.Name] = true
						}
					}
					return true
				})
			}
		}
	}
}

// receiver returns the name of the type of a method's receiver.
func receiver(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return "?"
		}
	}
}

// missing says what is wrong with a name that stands in a document in that
// folder, or "".
func (g glossary) missing(dir, name string) string {
	if m := makeLike.FindStringSubmatch(name); m != nil {
		for target := range strings.FieldsSeq(m[1]) {
			if !g.targets[target] {
				return "there is no target " + target + " in the Makefile"
			}
		}
		return ""
	}
	if testLike.MatchString(name) && !g.tests[name] {
		return "there is no such test"
	}
	if m := symbolLike.FindStringSubmatch(name); m != nil {
		return g.missingSymbol(m[1], m[2], m[3])
	}
	if pathLike.MatchString(name) {
		return g.missingPath(dir, name)
	}
	return ""
}

func (g glossary) missingSymbol(pkg, name, member string) string {
	full := pkg + "." + name
	if member != "" {
		full += "." + member
	}
	switch {
	case g.symbols[full], !g.ours[pkg] && g.others[pkg]:
		return ""
	case g.ours[pkg]:
		return "there is no such symbol"
	}
	return "there is no such package"
}

func (g glossary) missingPath(dir, name string) string {
	clean := strings.TrimSuffix(name, "/")
	first, _, nested := strings.Cut(clean, "/")
	if first == "out" {
		return "" // built
	}
	for _, from := range []string{".", dir} {
		if found, _ := fs.Glob(g.tree, path.Join(from, clean)); len(found) > 0 {
			return ""
		}
	}
	_, errRoot := fs.Stat(g.tree, first)
	_, errHere := fs.Stat(g.tree, path.Join(dir, first))
	switch {
	case nested && (errRoot == nil || errHere == nil):
		return "there is no such file or folder"
	case nested || !codeFile.MatchString(name):
		return "" // a media type, a foreign module, a word
	case slices.ContainsFunc(g.files, func(f string) bool { return path.Base(f) == name }):
		return ""
	}
	return "there is no such file"
}

// stale lists what documents name and does not exist.
func stale(t *testing.T, tree fs.FS) (wrong []string) {
	t.Helper()
	g := glossaryOf(t, tree)
	for _, doc := range g.files {
		if path.Ext(doc) != ".md" {
			continue
		}
		content := string(read(t, tree, doc))
		// Fenced code is a transcript or a drawing. Its lines stay, so that the
		// others keep their numbers.
		content = fenced.ReplaceAllStringFunc(content, func(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) })
		for i, line := range strings.Split(content, "\n") {
			say := func(name, what string) {
				if what != "" {
					wrong = append(wrong, fmt.Sprintf("%s:%d: %s: %s", doc, i+1, name, what))
				}
			}
			for _, m := range backquote.FindAllStringSubmatch(line, -1) {
				say(m[1], g.missing(path.Dir(doc), m[1]))
			}
			for _, m := range link.FindAllStringSubmatch(line, -1) {
				if strings.Contains(m[1], ":") {
					continue // another site
				}
				if _, err := fs.Stat(tree, path.Join(path.Dir(doc), m[1])); err != nil {
					say(m[1], "the link leads nowhere")
				}
			}
		}
	}
	for _, s := range sources(t, tree) {
		if s.file.Doc == nil {
			continue
		}
		for _, name := range commentName.FindAllString(s.file.Doc.Text(), -1) {
			if what := g.missingInComment(s, name); what != "" {
				wrong = append(wrong, fmt.Sprintf("%s: %s: %s", s.name, name, what))
			}
		}
	}
	return wrong
}

// missingInComment says what is wrong with a name in a package comment, or "".
func (g glossary) missingInComment(s source, name string) string {
	if name[0] != '[' {
		return g.missing(s.dir, name)
	}
	m := bracketed.FindStringSubmatch(name)
	switch {
	case m == nil, m[1] != "" && !g.ours[m[1]]:
		return "" // a word in brackets, somebody else's package
	case m[1] == "":
		m[1] = s.file.Name.Name
	}
	return g.missingSymbol(m[1], m[2], m[3])
}

// Issue 2, item 1: documents name only what there is.
func TestDocumentsNameOnlyWhatThereIs(t *testing.T) {
	require.Empty(t, stale(t, repository))
	require.Equal(t, []string{
		"README.md:3: make nothing: there is no target nothing in the Makefile",
		"README.md:4: TestNothing: there is no such test",
		"README.md:5: a.Nothing: there is no such symbol",
		"README.md:5: a.T.Nothing: there is no such symbol",
		"README.md:5: nothing.At: there is no such package",
		"README.md:6: a/nothing.go: there is no such file or folder",
		"README.md:6: nothing.go: there is no such file",
		"README.md:6: a/x*.go: there is no such file or folder",
		"README.md:7: docs/nothing.md: the link leads nowhere",
		"render/b.go: render/nothing: there is no such file or folder",
		"render/b.go: gone.md: there is no such file",
		"render/b.go: TestGone: there is no such test",
		"render/b.go: [Gone]: there is no such symbol",
		"render/b.go: [a.Gone]: there is no such symbol",
		"render/b.go: [T.Gone]: there is no such symbol",
	}, stale(t, fstest.MapFS{
		"Makefile":    text("test: need ## tests\n\tgo test\nneed:\n"),
		"a/a.go":      text("package a\nimport _ \"time\"\ntype T struct{ F int }\nfunc (*T) M() {}\nfunc F() {}\nconst C = 1\ntype I interface{ Do() }\n"),
		"a/a_test.go": text("package a\nfunc TestA() {}\n"),
		"render/b.go": text("// Package render has [T], [T.F], [*T], [a.T.M], [time.Time], [a word], render/b.go, b.go and TestA,\n// but not render/nothing, gone.md, TestGone, [Gone], [a.Gone] or [T.Gone].\npackage render\ntype T struct{ F int }\n"),
		"a/NOTES.md":  text("`a.go` and [up](../README.md)"),
		"README.md": text("`make test need` `a.T` `(*a.T).M` `a.T.F` `a.F(x)` `a.C` `a.I.Do` `time.Now` `TestA` `a/` `a/*.go` `a.go`\n" +
			"`out/tavle` `/dev/input` `application/json` `example.org/m` `player.toml` `--flag` `go test ./...` [here](a/a.go) [there](https://x.example/y)\n" +
			"`make nothing`\n`TestNothing`\n`a.Nothing` `a.T.Nothing` `nothing.At`\n`a/nothing.go` `nothing.go` `a/x*.go`\n" +
			"[x](docs/nothing.md#part)\n```\n`a.Nothing`\n```\n"),
	}))
}

package tavle

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// The tests in this folder hold the rules of the house, so that nobody has to
// remember them. Each is a function from a tree of files to a list of what is
// wrong with it, and is shown a tree with planted faults, too.

// repository is the tree of this repository.
var repository = os.DirFS(".")

// files lists the files of a tree: not those of git, nor what is built.
func files(t *testing.T, tree fs.FS) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == ".git" || name == "out"):
			return fs.SkipDir
		case name == ".git": // of a worktree beside the clone
		case d.Type().IsRegular():
			found = append(found, name)
		}
		return nil
	})
	require.NoError(t, err)
	return found
}

// read returns the content of a file.
func read(t *testing.T, tree fs.FS, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(tree, name)
	require.NoError(t, err)
	return data
}

// A source is a Go file.
type source struct {
	name, dir string // slash-separated, from the root; "." is the root
	test      bool
	file      *ast.File
	set       *token.FileSet
}

// sources reads every Go file that the build would, whatever its build tags.
func sources(t *testing.T, tree fs.FS) []source {
	t.Helper()
	var found []source
	for _, name := range files(t, tree) {
		if path.Ext(name) != ".go" || slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool {
			return part == "testdata" || part[0] == '_' || part[0] == '.'
		}) {
			continue
		}
		s := source{name: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), set: token.NewFileSet()}
		var err error
		s.file, err = parser.ParseFile(s.set, name, read(t, tree, name), parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		found = append(found, s)
	}
	return found
}

// imports lists what a file imports.
func (s source) imports() []string {
	var found []string
	for _, i := range s.file.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		found = append(found, p)
	}
	return found
}

// unformatted lists Go files that gofmt would change.
func unformatted(t *testing.T, tree fs.FS) (wrong []string) {
	t.Helper()
	for _, s := range sources(t, tree) {
		data := read(t, tree, s.name)
		want, err := format.Source(data)
		require.NoError(t, err, s.name)
		if !bytes.Equal(data, want) {
			wrong = append(wrong, s.name+": run gofmt -w on it")
		}
	}
	return wrong
}

func TestEveryFileIsGofmted(t *testing.T) {
	require.Empty(t, unformatted(t, repository))
	require.Equal(t, []string{"a/b.go: run gofmt -w on it"}, unformatted(t, fstest.MapFS{
		"a/a.go": text("package a\n\nvar a = 1\n"),
		"a/b.go": text("package a\nvar b=1\n"),
	}))
}

// machinePath finds what is only true on somebody's own machine. It is put
// together here so that it does not find itself.
var machinePath = regexp.MustCompile(`(?:^|[^A-Za-z0-9_.~-])(/(?:work|root|home|Users)/[A-Za-z0-9_.-]+)`)

// machinePaths lists places where a path of somebody's machine stands.
func machinePaths(t *testing.T, tree fs.FS) (wrong []string) {
	t.Helper()
	for _, name := range files(t, tree) {
		data := read(t, tree, name)
		if bytes.IndexByte(data, 0) >= 0 {
			continue // a picture or a font
		}
		for i, line := range bytes.Split(data, []byte("\n")) {
			if m := machinePath.FindSubmatch(line); m != nil {
				wrong = append(wrong, name+":"+strconv.Itoa(i+1)+": "+string(m[1])+" is a path of somebody's machine")
			}
		}
	}
	return wrong
}

func TestNoPathOfAMachine(t *testing.T) {
	require.Empty(t, machinePaths(t, repository))
	home := "/" + "home" // so that this file passes
	require.Equal(t, []string{
		"a.md:1: " + home + "/anna is a path of somebody's machine",
		"b.go:2: " + home + "/bo is a path of somebody's machine",
	}, machinePaths(t, fstest.MapFS{
		"a.md":  text("see " + home + "/anna/tavle\n"),
		"b.go":  text("package b\n//" + home + "/bo\n"),
		"c.md":  text("https://example.org" + home + "/page and render" + home + "/x and ~" + home + "/y"),
		"d.png": text("\x00 " + home + "/anna"),
	}))
}

// large names the files that may be larger than maxFile, and why.
var large = map[string]string{}

// maxFile is the largest file that needs no reason, in bytes: a clone has to
// stay quick over a thin line.
const maxFile = 1 << 20

func largeFiles(t *testing.T, tree fs.FS, large map[string]string) (wrong []string) {
	t.Helper()
	for _, name := range files(t, tree) {
		info, err := fs.Stat(tree, name)
		require.NoError(t, err)
		if info.Size() > maxFile && large[name] == "" {
			wrong = append(wrong, name+": larger than 1 MiB; make it smaller, or say why in large")
		}
	}
	for name := range large {
		if info, err := fs.Stat(tree, name); err != nil || info.Size() <= maxFile {
			wrong = append(wrong, name+": no file larger than 1 MiB; take it out of large")
		}
	}
	return wrong
}

func TestLargeFilesHaveAReason(t *testing.T) {
	require.Empty(t, largeFiles(t, repository, large))
	big := &fstest.MapFile{Data: make([]byte, maxFile+1)}
	require.Equal(t, []string{
		"b: larger than 1 MiB; make it smaller, or say why in large",
		"c: no file larger than 1 MiB; take it out of large",
	}, largeFiles(t, fstest.MapFS{"a": big, "b": big, "c": text("x")}, map[string]string{"a": "font", "c": "font"}))
}

// silentScripts lists scripts of commands that do not begin with what they show.
func silentScripts(t *testing.T, tree fs.FS) (wrong []string) {
	t.Helper()
	for _, name := range files(t, tree) {
		if !strings.HasSuffix(path.Dir(name), "/testdata/script") || path.Ext(name) != ".txt" {
			continue
		}
		if !bytes.HasPrefix(read(t, tree, name), []byte("# ")) {
			wrong = append(wrong, name+": begin with what it shows, as in: # A mistake is named")
		}
	}
	return wrong
}

func TestScriptsSayWhatTheyShow(t *testing.T) {
	require.Empty(t, silentScripts(t, repository))
	require.Equal(t, []string{
		"cmd/a/testdata/script/b.txt: begin with what it shows, as in: # A mistake is named",
	}, silentScripts(t, fstest.MapFS{
		"cmd/a/testdata/script/a.txt": text("# It works.\nexec a\n"),
		"cmd/a/testdata/script/b.txt": text("exec a\n"),
		"cmd/a/testdata/b.txt":        text("anything"),
	}))
}

// text is a file of a planted tree.
func text(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

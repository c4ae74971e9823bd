package tavle

import (
	"fmt"
	"go/ast"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// mayImport is the map of the house: for each package, the packages of this
// module it may import. Arrows point up the list: a package imports only what
// stands above it. One that is not listed fails the test, so a new package is a
// decision about its place. Tests may import what they like.
//
// Three rows carry more than order. player/ui may not import sync/record: it
// sees what player/board decided to show, and cannot name what it may not show.
// player does not import a presenter: a whole wall runs in a test. And nobody
// but the programs imports render/gpu, which needs cgo and a display.
var mayImport = []row{
	// Words, drawings, letters.
	{"assets/fonts", ""},
	{"assets/icon", ""},
	{"assets/pictogram", ""},
	{"assets/demo", ""},
	{"assets/demo/canary", "assets/demo"},
	{"assets/lang", ""},
	{"assets/photo", ""},
	{"assets/film", ""},
	{"assets/sound", ""},
	{"assets/gen", ""},
	{"config", "assets/lang"},

	// What both ends agree on.
	{"sync/record", ""},
	{"sync/policy", ""},
	{"sync/wire", "sync/record"},
	{"sync/session", "sync/record sync/wire"},
	{"sync/netsim", ""},
	{"sync/client", "sync/record sync/wire sync/session"},

	// The hub.
	{"sync/hub/house", "sync/record sync/policy"},
	{"sync/hub/project", "sync/record sync/policy sync/wire sync/hub/house"},
	{"sync/hub/access", "sync/record sync/hub/house"},
	{"sync/hub/store", "sync/record sync/wire sync/hub/house sync/hub/project"},
	{"sync/hub/store/storetest", "sync/record sync/wire sync/hub/house sync/hub/project sync/hub/store"},
	{"sync/hub/store/sqlstore", "sync/record sync/wire sync/hub/house sync/hub/project sync/hub/store"},
	{"sync/hub/store/sqlitestore", "sync/hub/store sync/hub/store/sqlstore"},
	{"sync/hub/store/pgstore", "sync/record sync/hub/store sync/hub/store/sqlstore"},
	{"sync/hub/store/pgstore/pgtest", ""},
	{"sync/hub/backup", "sync/hub/store"},
	{"sync/hub/disk", ""},
	{"sync/hub/account", "sync/record sync/hub/house sync/hub/store"},
	{"sync/hub/sheet", ""},
	{"sync/hub", "assets/film assets/photo assets/sound sync/record sync/wire sync/session sync/hub/access sync/hub/disk sync/hub/house sync/hub/project sync/hub/store"},

	// Pictures.
	{"render/lru", ""},
	{"render/fill", ""},
	{"render", "render/fill"},
	{"render/layout", ""},
	{"render/text", "assets/fonts render render/fill render/lru"},
	{"render/art", "assets/icon assets/pictogram render render/fill render/lru"},
	{"render/soft", "render"},
	{"render/motion", "render"},
	{"render/glass", "render"},
	{"render/glass/glasstest", "render render/glass"},
	{"render/memory", "render render/glass render/soft"},
	{"render/page", "render render/glass render/soft"},
	{"render/kms", "render render/glass render/soft"},
	{"render/x11/xvfb", ""},
	{"render/x11", "render render/glass render/soft"},
	{"render/gpu/gputest", ""},
	{"render/gpu", "render render/glass render/x11"},
	{"render/gpu/empty", ""},

	// The wall screen.
	{"player/board", "sync/record sync/policy"},
	{"player/ui/look", ""},
	{"player/ui", "assets/lang player/board player/ui/look render render/art render/layout render/motion render/text"},
	{"player/seal", ""},
	{"player/lease", "sync/wire"},
	{"player/network", ""},
	{"player/vitals", ""},
	{"player/bond", "player/seal sync/wire"},
	{"player/cache", "player/seal sync/record sync/session sync/wire"},
	{"player/touch", "render/glass"},
	{"player/voice", ""},
	{"player/still", "assets/film assets/photo player/board player/ui render render/art render/soft render/text"},
	{"player", "assets/film assets/lang assets/photo player/board player/bond player/cache player/lease player/network player/seal player/ui player/ui/look player/vitals player/voice " +
		"render render/art render/glass render/lru render/motion render/text sync/client sync/record sync/session sync/wire"},

	{"sync/hub/lint", "assets/lang sync/hub/house sync/record"},
	{"sync/hub/intake", "sync/record sync/hub/house sync/hub/lint sync/hub/sheet"},
	// The hub's pages for staff: they show what the wall shows, so they stand below it.
	{"sync/hub/manager", "assets/fonts assets/icon assets/lang assets/photo assets/pictogram config sync/record sync/hub sync/hub/access sync/hub/account sync/hub/house sync/hub/lint sync/hub/intake sync/hub/sheet " +
		"sync/hub/store sync/wire " +
		"player/board player/still player/ui sync/policy sync/hub/project"}, // the preview: docs/decisions/0041

	// The programs join it all.
	{"sync/netsim/sim", "player/board player/lease sync/record sync/wire sync/session sync/hub/house sync/hub/store sync/hub"},
	{"packaging/boot", ""},
	{"packaging/boot/guest", "player/touch render render/glass render/glass/glasstest render/kms"},
	{"packaging/deb", ""},
	{"packaging/tally", ""},
	{"packaging/empty", "render render/glass render/kms render/x11"},
	{"packaging/crowd", "player player/cache player/seal sync/client sync/record sync/wire"},
	{"packaging/e2e", ""},
	{"packaging/hubload", "assets/demo player player/cache player/seal render render/glass render/memory sync/client sync/hub sync/hub/house " +
		"sync/hub/store sync/hub/store/sqlitestore sync/record sync/wire"},
	{"packaging/rules", ""},
	{"cmd/internal/build", ""},
	{"cmd/internal/cli", "config cmd/internal/build assets/lang render/page"},
	{"cmd/tavle-hub", everything},
	{"cmd/tavle-player", everything},
	{"cmd/tavle/stage", "player/board player/still player/ui player/ui/look sync/hub/house sync/hub/project sync/record sync/wire"},
	{"cmd/tavle", everything},
}

// A row is a package and what it may import, separated by spaces.
type row struct{ dir, may string }

// everything is for programs: all that stands above.
const everything = "*"

// ourHomes names packages of ours that few may import, because importing them
// has a price.
var ourHomes = []home{
	{"tavle/render/gpu", "cmd/tavle-player", "needs cgo, and a display to start at all"},
	{"tavle/render/gpu/gputest", "", "is for tests"},
	{"tavle/render/x11/xvfb", "", "is for tests"},
	{"tavle/render/glass/glasstest", "packaging/boot/guest", "is for tests"},
	{"tavle/sync/hub/store/storetest", "", "is for tests"},
	{"tavle/sync/hub/store/pgstore/pgtest", "", "is for tests"},
	{"tavle/assets/demo/canary", "", "is for tests"},
	{"tavle/sync/hub/manager", "cmd/tavle cmd/tavle-hub", "is for staff, and heavy"},
	{"tavle/sync/hub/account", "sync/hub/manager cmd/tavle cmd/tavle-hub", "is for staff"},
	{"tavle/sync/hub/sheet", "sync/hub/intake sync/hub/manager", "is for staff, and heavy"},
	{"tavle/sync/hub/intake", "sync/hub/manager", "is for staff, and heavy"},
	{"tavle/sync/netsim", "cmd/tavle", "is for tests and simulations"},
	{"tavle/sync/netsim/sim", "cmd/tavle", "is for tests and simulations"},
	{
		"tavle/sync/hub/house", "sync/hub sync/hub/access sync/hub/account sync/hub/intake sync/hub/lint sync/hub/manager sync/hub/project sync/hub/store sync/hub/store/sqlstore sync/hub/store/storetest packaging/hubload sync/netsim/sim cmd/tavle cmd/tavle/stage cmd/tavle-hub",
		"holds surnames and telephone numbers, which no screen knows",
	},
}

// modules names the home of every module that is not ours. What each is for
// stands in docs/decisions/0002-dependencies.md.
var modules = []home{
	{"github.com/hajimehoshi/ebiten/v2", "render/gpu render/gpu/empty", "needs cgo and a display"},
	{"github.com/gen2brain/mpeg", "assets/film", "is for films"},
	{"github.com/gorilla/websocket", "sync/client sync/hub", "is the channel's"},
	{"go.etcd.io/bbolt", "player/cache", "is the cache's"},
	{"modernc.org/sqlite", "sync/hub/store/sqlitestore", "is a store's"},
	{"github.com/jackc/pgx/v5", "sync/hub/store/pgstore sync/hub/store/pgstore/pgtest", "is a store's"},
	{"github.com/pressly/goose/v3", "sync/hub/store/sqlstore sync/hub/store/sqlitestore sync/hub/store/pgstore", "is where the migrations are"},
	{"filippo.io/age", "sync/hub/backup", "is for backups"},
	{"github.com/fsnotify/fsnotify", "config", "is the configuration's"},
	{"github.com/pelletier/go-toml/v2", "config", "is the configuration's"},
	{"github.com/spf13/cobra", "cmd/internal/cli cmd/tavle cmd/tavle-hub cmd/tavle-player", "is for programs"},
	{"github.com/spf13/pflag", "cmd/internal/cli cmd/tavle cmd/tavle-hub cmd/tavle-player", "is for programs"},
	{"github.com/coreos/go-systemd/v22", "cmd/tavle-player", "is for the program that systemd watches"},
	{"rsc.io/qr", "player/ui sync/hub/manager", "is for one page"},
	{"github.com/go-text/typesetting", "render/text", "is the text's"},
	{"github.com/jezek/xgb", "render/x11 render/x11/xvfb", "is X's"},
	{"golang.org/x/image", "render/fill render/text assets/photo", "is for pictures"},
	{"golang.org/x/text", "render/text player/board sync/hub/sheet", "is for writing and sorting"},
	{"golang.org/x/crypto", "player/seal sync/hub/account", "is for secrets"},
	{"github.com/pquerna/otp", "sync/hub/account", "is for logging in"},
	{"github.com/go-webauthn/webauthn", "sync/hub/account", "is for logging in"},
	{"github.com/coreos/go-oidc/v3", "sync/hub/account", "is for logging in"},
	{"golang.org/x/oauth2", "sync/hub/account", "is for logging in"},
	{"golang.org/x/sys", "render/kms render/x11 player/touch player/cache packaging/boot/guest packaging/hubload cmd/internal/cli cmd/tavle cmd/tavle-player cmd/tavle-hub", "is for the kernel"},
	{"github.com/xuri/excelize/v2", "sync/hub/sheet", "is for what staff bring, and heavy"},
	{"github.com/prometheus/client_golang", "sync/hub", "is for the hub's meters"},
	{"github.com/stretchr/testify", "sync/hub/store/storetest", "is for tests"},
	{"github.com/chromedp/chromedp", "", "is for tests"},
	{"github.com/chromedp/cdproto", "", "is for tests"},
	{"github.com/rogpeppe/go-internal", "", "is for tests"},
	{"github.com/anishathalye/porcupine", "", "is for tests"},
	{"github.com/santhosh-tekuri/jsonschema/v6", "", "is for tests"},
	{"go.yaml.in/yaml/v3", "", "is for tests"},
}

// A home is the packages that may import something, separated by spaces, and
// why others may not. Tests may.
type home struct{ path, in, why string }

// pure names the packages that decide. They are told the time and what is in
// the world; asked the same, they answer the same. The table of what they may
// not import is reachesOut.
var pure = []string{
	"sync/policy", "sync/session", "sync/wire", "sync/record", "sync/hub/project", "sync/hub/house", "sync/hub/access", "sync/hub/intake",
	"player/board", "player/lease", "player/ui", "player/ui/look",
	"render", "render/layout", "render/text", "render/art", "render/soft", "render/fill", "render/lru",
	"assets/lang",
}

// reachesOut names packages of the standard library that a pure package may not
// import, by their beginning.
var reachesOut = []string{"os", "net", "syscall", "io/ioutil", "database", "plugin", "runtime", "math/rand", "crypto/rand", "log", "context"}

// readsClock names the functions of package time that a pure package may not
// use: it is told the time.
var readsClock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// rules is what the tree is held against.
type rules struct {
	mayImport         []row
	ourHomes, modules []home
	pure              []string
}

var house = rules{mayImport, ourHomes, modules, pure}

// wrongImports lists every import that points the wrong way.
func (r rules) wrongImports(all []source) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	may, above := map[string][]string{}, []string{}
	for _, row := range r.mayImport {
		if row.may == everything {
			may[row.dir] = slices.Clone(above)
		} else {
			may[row.dir] = strings.Fields(row.may)
		}
		for _, dir := range may[row.dir] {
			if !slices.Contains(above, dir) {
				say("mayImport: %s stands above %s, which it may import", row.dir, dir)
			}
		}
		above = append(above, row.dir)
	}
	there := map[string]bool{}
	for _, s := range all {
		if s.dir != "." {
			there[s.dir] = true
		}
		if s.test || s.dir == "." {
			continue
		}
		for _, p := range s.imports() {
			dir, ours := strings.CutPrefix(p, "tavle/")
			if ours && !slices.Contains(may[s.dir], dir) && slices.Contains(above, s.dir) {
				say("%s: imports %s, which mayImport does not allow", s.name, dir)
			}
			if ours {
				r.checkHome(s, p, r.ourHomes, false, say)
			} else if strings.Contains(strings.Split(p, "/")[0], ".") {
				r.checkHome(s, p, r.modules, true, say)
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(there)) {
		if _, listed := may[dir]; !listed {
			say("%s: is not in mayImport; decide where it belongs", dir)
		}
	}
	for _, row := range r.mayImport {
		if !there[row.dir] {
			say("mayImport: there is no package %s", row.dir)
		}
	}
	return wrong
}

// checkHome says when s may not import p by these homes.
func (r rules) checkHome(s source, p string, homes []home, all bool, say func(string, ...any)) {
	for _, h := range homes {
		if p != h.path && (!all || !strings.HasPrefix(p, h.path+"/")) {
			continue
		}
		if !slices.Contains(strings.Fields(h.in), s.dir) {
			say("%s: imports %s, which %s", s.name, p, h.why)
		}
		return
	}
	if all {
		say("%s: imports %s, which has no home in modules and no sentence in docs/decisions/0002-dependencies.md", s.name, p)
	}
}

// impure lists where a pure package reaches for the world.
func (r rules) impure(all []source) (wrong []string) {
	for _, s := range all {
		if s.test || !slices.Contains(r.pure, s.dir) {
			continue
		}
		for _, p := range s.imports() {
			for _, out := range reachesOut {
				if p == out || strings.HasPrefix(p, out+"/") && p != "log/slog" {
					wrong = append(wrong, fmt.Sprintf("%s: imports %s; %s is pure", s.name, p, s.dir))
				}
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(readsClock, sel.Sel.Name) {
				wrong = append(wrong, fmt.Sprintf("%s: uses time.%s; %s is told the time", s.set.Position(n.Pos()), sel.Sel.Name, s.dir))
			}
			return true
		})
	}
	for _, dir := range r.pure {
		if !slices.ContainsFunc(all, func(s source) bool { return s.dir == dir }) {
			wrong = append(wrong, "pure: there is no package "+dir)
		}
	}
	return wrong
}

// undocumented lists packages that do not have exactly one package comment that
// says what they are, and those that are called otherwise than their folder.
func undocumented(all []source) (wrong []string) {
	comments := map[string][]string{}
	for _, s := range all {
		if s.test {
			continue
		}
		if _, ok := comments[s.dir]; !ok {
			comments[s.dir] = nil
		}
		base := path.Base(s.dir)
		name, begins := s.file.Name.Name, []string{"Package " + base + " "}
		if name == "main" {
			begins = []string{"Command " + base + " ", strings.ToUpper(base[:1]) + base[1:] + " "}
		} else if name != base {
			wrong = append(wrong, fmt.Sprintf("%s: package %s in folder %s", s.name, name, s.dir))
		}
		if s.file.Doc == nil {
			continue
		}
		comments[s.dir] = append(comments[s.dir], s.name)
		if !slices.ContainsFunc(begins, func(b string) bool { return strings.HasPrefix(s.file.Doc.Text(), b) }) {
			wrong = append(wrong, fmt.Sprintf("%s: the package comment does not begin with %q", s.name, begins[0]))
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(comments)) {
		if n := len(comments[dir]); n != 1 {
			wrong = append(wrong, fmt.Sprintf("%s: %d package comments, not one: %v", dir, n, comments[dir]))
		}
	}
	return wrong
}

// Issue 2, item 1: import directions, and homes of modules that are not ours.
func TestImportsPointOneWay(t *testing.T) {
	require.Empty(t, house.wrongImports(sources(t, repository)))
	planted := rules{
		mayImport: []row{{"a", "b"}, {"b", ""}, {"c", ""}, {"d", "b c"}, {"e", everything}, {"gone", ""}},
		ourHomes:  []home{{"tavle/c", "e", "is dear"}},
		modules:   []home{{"example.org/m", "b", "is b's"}, {"example.org/test", "", "is for tests"}},
	}
	require.Equal(t, []string{
		"mayImport: a stands above b, which it may import",
		"b/b.go: imports c, which mayImport does not allow",
		"b/b.go: imports tavle/c, which is dear",
		"c/c.go: imports example.org/m/sub, which is b's",
		"c/c.go: imports example.org/more, which has no home in modules and no sentence in docs/decisions/0002-dependencies.md",
		"c/c.go: imports example.org/test, which is for tests",
		"d/d.go: imports tavle/c, which is dear",
		"new: is not in mayImport; decide where it belongs",
		"mayImport: there is no package gone",
	}, planted.wrongImports(sources(t, fstest.MapFS{
		"a/a.go":          text("package a\nimport _ \"tavle/b\""),
		"b/b.go":          text("//go:build never\n\npackage b\nimport (_ \"fmt\"; _ \"tavle/c\"; _ \"example.org/m\")"),
		"c/c.go":          text("package c\nimport (_ \"example.org/m/sub\"; _ \"example.org/more\"; _ \"example.org/test\")"),
		"c/c_test.go":     text("package c\nimport (_ \"example.org/test\"; _ \"tavle/a\")"),
		"d/d.go":          text("package d\nimport _ \"tavle/c\""),
		"e/e.go":          text("package e\nimport (_ \"tavle/c\"; _ \"tavle/d\")"),
		"new/n.go":        text("package n"),
		"a/testdata/x.go": text("package x\nimport _ \"tavle/nothing\""),
	})))
}

func TestPurePackagesReadNoClockFileOrNetwork(t *testing.T) {
	require.Empty(t, house.impure(sources(t, repository)))
	planted := rules{pure: []string{"a", "gone"}}
	require.Equal(t, []string{
		"a/a.go: imports os; a is pure",
		"a/a.go: imports net/http; a is pure",
		"a/a.go:6:9: uses time.Now; a is told the time",
		"pure: there is no package gone",
	}, planted.impure(sources(t, fstest.MapFS{
		"a/a.go":      text("package a\nimport (\"os\"; _ \"net/http\"; _ \"log/slog\")\nimport \"time\"\n\nvar _ os.File\nvar _ = time.Now\nvar _ = time.UTC\n"),
		"a/a_test.go": text("package a\nimport \"os\"\nvar _ os.File\n"),
		"b/b.go":      text("package b\nimport \"os\"\nvar _ os.File\n"),
	})))
}

func TestEveryPackageSaysOnceWhatItIs(t *testing.T) {
	require.Empty(t, undocumented(sources(t, repository)))
	require.Equal(t, []string{
		"b/b.go: the package comment does not begin with \"Package b \"",
		"d/e.go: package e in folder d",
		"a: 2 package comments, not one: [a/a.go a/b.go]",
		"d: 0 package comments, not one: []",
	}, undocumented(sources(t, fstest.MapFS{
		"a/a.go":      text("// Package a is one.\npackage a"),
		"a/b.go":      text("// Package a is two.\npackage a"),
		"a/c_test.go": text("// Package a is three.\npackage a"),
		"b/b.go":      text("// Bee.\npackage b"),
		"c/c.go":      text("// Command c runs.\npackage main"),
		"f/f.go":      text("// F runs.\npackage main"),
		"d/e.go":      text("package e"),
	})))
}

// Every module has a sentence in the decision about dependencies, a home here,
// and a line in go.mod.
func TestEveryDependencyHasASentence(t *testing.T) {
	doc := string(read(t, repository, "docs/decisions/0002-dependencies.md"))
	mod := string(read(t, repository, "go.mod"))
	var listed []string
	for line := range strings.Lines(doc) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "` |"); ok && strings.HasPrefix(line, "| `") {
			listed = append(listed, name)
			require.Contains(t, mod, "\t"+name+" v", "go.mod")
		}
	}
	var homes []string
	for _, h := range modules {
		homes = append(homes, h.path)
	}
	require.ElementsMatch(t, homes, listed)
}

// Import lines say tavle/sync/wire, and sync.Mutex stays the standard one.
func TestFolderSyncHoldsNoGo(t *testing.T) {
	found, err := fs.Glob(repository, "sync/*.go")
	require.NoError(t, err)
	require.Empty(t, found)
}

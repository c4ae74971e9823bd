package tavle

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// logKeys are what a line of a log may say besides its message, and the same
// thing is called the same everywhere. None of them is for people: what is said of
// a resident is at most that somebody touched something. Keys of more than this
// list are a decision about what goes into logs.
var logKeys = strings.Fields(`
	device screen key pins as_configured board asset row file epoch keyring_epoch
	reason left_out status code state hint why error attempt
	op kind seq action waiting taken known issued_s every at url
	outbox assets_missing temp_c disk_free_mb bytes blocks frames_lost rows_lost rows_left tail_cut
	fingers pointer keys connector mode mm
`)

// logs lists lines of logs that are not of one style: their message is a constant,
// and their keys are constants of the list.
func logs(all []source) (wrong []string) {
	for _, s := range all {
		if s.test || strings.HasPrefix(s.dir, "packaging") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !isLog(sel.X) {
				return true
			}
			say := func(format string, args ...any) {
				wrong = append(wrong, fmt.Sprintf("%s: ", s.set.Position(call.Pos()))+fmt.Sprintf(format, args...))
			}
			args, name := call.Args, sel.Sel.Name
			switch {
			case slices.Contains([]string{"Debug", "Info", "Warn", "Error"}, name) && len(args) > 0:
			case strings.HasSuffix(name, "Context") && len(args) > 1:
				args = args[1:]
			case name == "Log" && len(args) > 2:
				args = args[2:]
			case name == "With":
				args = append([]ast.Expr{&ast.BasicLit{Kind: token.STRING, Value: `""`}}, args...)
			default:
				return true
			}
			if _, ok := literal(args[0]); !ok {
				say("the message is put together; say what differs by a key")
			}
			for i := 1; i < len(args); i += 2 {
				if key, ok := literal(args[i]); !ok || !slices.Contains(logKeys, key) {
					say("key %s is not one of logKeys", key)
				}
			}
			return true
		})
	}
	return wrong
}

// isLog reports whether x is a log, by its name.
func isLog(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return strings.EqualFold(x.Name, "log")
	case *ast.SelectorExpr:
		return strings.EqualFold(x.Sel.Name, "log")
	}
	return false
}

// literal returns a constant text.
func literal(x ast.Expr) (string, bool) {
	lit, ok := x.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// Issue 3, item 10: logs are structured, alike everywhere, and cannot come to name
// somebody by a line that puts its words together.
func TestLogsSpeakOneLanguage(t *testing.T) {
	require.Empty(t, logs(sources(t, repository)))
	require.Equal(t, []string{
		`a/a.go:5:2: the message is put together; say what differs by a key`,
		`a/a.go:6:2: key person is not one of logKeys`,
		`a/a.go:7:2: key who is not one of logKeys`,
		`a/a.go:8:2: key name_of is not one of logKeys`,
	}, logs(sources(t, fstest.MapFS{
		"a/a.go": text(`package a

func f() {
	log.InfoContext(ctx, "fine", "device", d)
	x.log.WarnContext(ctx, "this is "+name)
	x.Log.WarnContext(ctx, "this", "device", d, "person", p)
	log.Info("this", "who", w)
	log.With("name_of", n)
	other.Info("no log")
}
`),
	})))
}

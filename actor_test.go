package tavle

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// R-DPA-30: wherever an actor is made, it says of what kind it is; the store refuses
// one that does not, and here that is known before anything runs.
func TestEveryActorSaysWhatItIs(t *testing.T) {
	found := 0
	for _, top := range []string{"sync", "cmd"} {
		err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			set := token.NewFileSet()
			f, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				lit, ok := n.(*ast.CompositeLit)
				if !ok || !isActor(lit.Type) {
					return true
				}
				found++
				if !saysKind(lit) {
					t.Errorf("%s: an actor without a kind", set.Position(lit.Pos()))
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 10 {
		t.Errorf("%d actors; this test looks at the wrong place", found)
	}
}

func isActor(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "Actor" {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "store"
}

func saysKind(lit *ast.CompositeLit) bool {
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "Kind" {
				return true
			}
		}
	}
	return false
}

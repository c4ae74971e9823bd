package config

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/lang"
)

// A field is a field of a configuration that is not a group of others.
type field struct {
	name    string
	comment string
}

// fieldsOf returns the fields of a struct of this package in order, groups
// unfolded, with their comments.
func fieldsOf(t *testing.T, name string) []field {
	t.Helper()
	types := map[string]*ast.StructType{}
	for _, file := range []string{"player.go", "hub.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if s, ok := spec.Type.(*ast.StructType); ok {
					types[spec.Name.Name] = s
				}
			}
			return true
		})
	}
	var unfold func(s *ast.StructType) []field
	unfold = func(s *ast.StructType) (out []field) {
		for _, f := range s.Fields.List {
			if id, ok := f.Type.(*ast.Ident); ok && types[id.Name] != nil {
				out = append(out, unfold(types[id.Name])...)
				continue
			}
			for _, id := range f.Names {
				out = append(out, field{id.Name, strings.Join(strings.Fields(f.Doc.Text()), " ")})
			}
		}
		return out
	}
	require.Contains(t, types, name)
	return unfold(types[name])
}

// Every field is a key, in the same order and under the same name, and its
// comment says default and bounds as the key has them.
func TestEveryFieldSaysDefaultAndBounds(t *testing.T) {
	for name, keys := range map[string][]Key{"Player": Keys[Player](), "Hub": Keys[Hub]()} {
		fields := fieldsOf(t, name)
		require.Len(t, keys, len(fields), name)
		for i, f := range fields {
			k := keys[i]
			last := k.Path[strings.LastIndexByte(k.Path, '.')+1:]
			require.Equal(t, strings.ToLower(f.name), strings.ReplaceAll(last, "_", ""), "the key for %s.%s", name, f.name)
			require.NotEmpty(t, k.Allowed, k.Path)
			require.Contains(t, f.comment, "default "+k.Default, "comment of %s.%s", name, f.name)
			require.Contains(t, f.comment, "allowed: "+k.Allowed, "comment of %s.%s", name, f.name)
			require.Regexp(t, `^[A-Z].*\.$`, k.About, k.Path)
			require.NotContains(t, k.About, "\n", k.Path)
		}
	}
}

// Every field is bound to its key: nothing of what was there before is left
// after each key went back to its default.
func TestEveryFieldIsBound(t *testing.T) {
	everyFieldIsBound[Player](t)
	everyFieldIsBound[Hub](t)
}

func everyFieldIsBound[T Program](t *testing.T) {
	c := new(T)
	fill(reflect.ValueOf(c).Elem())
	for _, k := range keysOf(of(c)) {
		k.reset()
	}
	require.Equal(t, Default[T](), c)
}

// fill makes every number 77, every text "x" and so on.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for _, f := range v.Fields() {
			fill(f)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Int:
		v.SetInt(77)
	case reflect.Float64:
		v.SetFloat(77)
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString("x")
	default:
		panic("config: a field of a type this test does not know: " + v.Type().String())
	}
}

// Every default is allowed, and every key can be named in the environment and as
// a flag without being taken for another.
func TestKeysAreSoundAndUnlikeEachOther(t *testing.T) {
	for name, keys := range map[string][]Key{"Player": Keys[Player](), "Hub": Keys[Hub]()} {
		seen := map[string]bool{}
		for _, k := range keys {
			for _, n := range []string{k.Path, k.Env(), "--" + k.Flag()} {
				require.False(t, seen[n], "%s: %s", name, n)
				seen[n] = true
			}
			require.Regexp(t, `^([a-z]+\.)?[a-z]+(_[a-z]+)*$`, k.Path)
			require.Regexp(t, `^TAVLE_[A-Z_]+$`, k.Env())
		}
	}
	k := keyAt[Hub](t, "lease.mask_hours")
	require.Equal(t, "TAVLE_LEASE_MASK_HOURS", k.Env())
	require.Equal(t, "lease-mask-hours", k.Flag())
	require.Equal(t, "72", k.Default)
}

// What is said about languages follows the words there are.
func TestLanguagesAreThoseThereAreWordsFor(t *testing.T) {
	for _, tag := range lang.Tags {
		c, err := Parse[Player]("player.toml", []byte(`lang = "`+tag+`"`))
		require.NoError(t, err)
		require.Equal(t, tag, c.Lang)
		require.Contains(t, keyAt[Player](t, "lang").Allowed, tag)
	}
}

// The example, printed by `tavle-player config`, says the defaults: as it is,
// and with every comment sign before a key taken away.
func TestExampleSaysTheDefaults(t *testing.T) {
	exampleSaysTheDefaults[Player](t)
	exampleSaysTheDefaults[Hub](t)
}

func exampleSaysTheDefaults[T Program](t *testing.T) {
	text := Example[T]()
	c, err := Parse[T]("example.toml", []byte(text))
	require.NoError(t, err)
	require.Equal(t, Default[T](), c)

	var chosen []string
	for line := range strings.Lines(text) {
		require.LessOrEqual(t, len(strings.TrimRight(line, "\n")), 90, line)
		if strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "# ") {
			line = line[1:]
		}
		chosen = append(chosen, line)
	}
	text = strings.Join(chosen, "")
	c, err = Parse[T]("example.toml", []byte(text))
	require.NoError(t, err)
	require.Equal(t, Default[T](), c)
	require.Equal(t, Format(c), text)
	for _, k := range Keys[T]() {
		require.Contains(t, text, "\n"+k.Path[strings.LastIndexByte(k.Path, '.')+1:]+" = "+k.Default+"\n")
		require.Contains(t, strings.Join(strings.Fields(strings.ReplaceAll(text, "\n#", " ")), " "), k.About)
	}
}

// keyAt returns a key by its path.
func keyAt[T Program](t *testing.T, path string) Key {
	t.Helper()
	for _, k := range Keys[T]() {
		if k.Path == path {
			return k
		}
	}
	t.Fatalf("no key %s", path)
	return Key{}
}

package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
)

// canaries returns everything in the demo house that says who somebody is.
func canaries(t testing.TB) []string {
	t.Helper()
	var file map[string]any
	require.NoError(t, json.Unmarshal(demo.House(), &file))
	seen := map[string]bool{}
	for _, kind := range []string{"residents", "former_persons", "staff", "relatives"} {
		for _, person := range file[kind].([]any) {
			for key, v := range person.(map[string]any) {
				s, _ := v.(string)
				switch key {
				case "first_name", "first_name_latin", "last_name", "alias", "phone", "email":
					if s != "" {
						seen[s] = true
					}
				}
			}
		}
	}
	var out []string
	for s := range seen {
		out = append(out, s)
	}
	require.Greater(t, len(out), 40)
	return out
}

// requireUnnamed fails when what was logged, or anything a screen keeps, names
// somebody. The hub's own folder does: it is where names are kept.
//
// R-DPA-18
func requireUnnamed(t testing.TB, log, dir string) {
	t.Helper()
	names := canaries(t)
	for _, name := range names {
		word := regexp.MustCompile(`(^|[^\pL])` + regexp.QuoteMeta(name) + `([^\pL]|$)`)
		if at := word.FindStringIndex(log); at != nil {
			t.Errorf("the log names somebody: …%s…", log[max(0, at[0]-80):min(len(log), at[1]+40)])
		}
	}
	files := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == "hub" {
				return fs.SkipDir
			}
			return err
		}
		files++
		content, err := os.ReadFile(path)
		for _, name := range names {
			if len(name) >= 4 && (strings.Contains(string(content), name) || strings.Contains(path, name)) {
				t.Errorf("%s names somebody", filepath.Base(path))
			}
		}
		return err
	}))
	require.Positive(t, files)
}

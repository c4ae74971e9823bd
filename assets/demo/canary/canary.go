// Package canary looks for people of the demo house where nobody may be named:
// in logs, in files, on the wire. It is for tests.
package canary

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"tavle/assets/demo"
)

// fields of a person that say who somebody is; secret ones are never sent to a
// screen at all.
var fields = map[string]bool{
	"first_name": false, "first_name_latin": false, "alias": false, "first_name_spoken": false, "alias_spoken": false,
	"last_name": true, "phone": true, "email": true,
}

// people returns the values of these fields of everybody in the demo house.
func people(want func(secret bool) bool) []string {
	var file map[string]any
	if err := json.Unmarshal(demo.House(), &file); err != nil {
		panic(err)
	}
	var out []string
	for _, kind := range []string{"residents", "former_persons", "staff", "relatives"} {
		list, _ := file[kind].([]any)
		for _, p := range list {
			for key, v := range p.(map[string]any) {
				secret, ok := fields[key]
				if s, _ := v.(string); ok && s != "" && want(secret) && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// Names returns everything that says who somebody in the demo house is: names,
// aliases, surnames, telephone numbers and addresses.
var Names = sync.OnceValue(func() []string { return people(func(bool) bool { return true }) })

// Secrets returns what no screen is ever sent, whatever people chose: surnames,
// telephone numbers and addresses.
var Secrets = sync.OnceValue(func() []string { return people(func(secret bool) bool { return secret }) })

// In returns the first of names that stands in a text as a word of its own, and
// where; nothing when none does.
func In(text string, names []string) string {
	for _, name := range names {
		word := regexp.MustCompile(`(^|[^\pL])` + regexp.QuoteMeta(name) + `([^\pL]|$)`)
		if at := word.FindStringIndex(text); at != nil {
			return fmt.Sprintf("%q in …%s…", name, text[max(0, at[0]-80):min(len(text), at[1]+40)])
		}
	}
	return ""
}

// A name needs so many bytes to be looked for in a file that may hold random
// bytes, and one more where there are many of those: a given four stand in 4 MB by
// chance once in a thousand, and there are two dozen such names, a megabyte of sealed
// portraits on each wall, films, and a hundred tests that look.
const (
	shortest = 5
	many     = 64 << 10
	inPath   = 4 // paths are not random
)

// findable returns how long a name has to be for a file of n bytes.
func findable(n int) int {
	if n > many {
		return shortest + 1
	}
	return shortest
}

// InFiles reads every file below dir, but for the folders to skip, and returns
// an error for the first that names somebody, in its content or its path, or
// when there is no file at all.
func InFiles(dir string, skip ...string) error {
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(skip, d.Name()):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		files++
		content, err := os.ReadFile(path) //nolint:gosec // nobody else writes where a test does
		if err != nil {
			return err
		}
		inside := strings.TrimPrefix(path, dir)
		for _, name := range Names() {
			if len(name) >= findable(len(content)) && bytes.Contains(content, []byte(name)) ||
				len(name) >= inPath && strings.Contains(inside, name) {
				return fmt.Errorf("%s names %q", inside, name)
			}
		}
		return nil
	})
	if err == nil && files == 0 {
		err = fmt.Errorf("%s: there is no file", dir)
	}
	return err
}

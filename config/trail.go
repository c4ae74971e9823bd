package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// trail returns the paths whose change can change what is read at path: the
// file, and every symbolic link on the way to it. Where something is missing on
// the way, it goes on as if it were a folder.
func trail(path string) []string {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil // there is no working directory any more
	}
	var found []string
	at, rest := "/", strings.Split(path, "/")
	const tooMany = 40 // as the kernel says
	for links := 0; len(rest) > 0 && links < tooMany; {
		name := rest[0]
		rest = rest[1:]
		switch name {
		case "", ".":
			continue
		case "..":
			at = filepath.Dir(at)
			continue
		}
		p := filepath.Join(at, name)
		target, err := os.Readlink(p)
		if err != nil { // no link, or not there
			at = p
			continue
		}
		links++
		found = append(found, p)
		if filepath.IsAbs(target) {
			at = "/"
		}
		rest = slices.Concat(strings.Split(target, "/"), rest)
	}
	return append(found, at)
}

// concerns reports whether a change of what has that name may change what is
// read along a trail.
func concerns(trail []string, name string) bool {
	return slices.ContainsFunc(trail, func(p string) bool {
		return p == name || strings.HasPrefix(p, strings.TrimSuffix(name, "/")+"/")
	})
}

// folders returns what has to be watched to hear of changes along a trail: the
// folder of each path, or the nearest above it that is there.
func folders(trail []string) []string {
	var found []string
	for _, p := range trail {
		dir := filepath.Dir(p)
		for dir != "/" && !isFolder(dir) {
			dir = filepath.Dir(dir)
		}
		if !slices.Contains(found, dir) {
			found = append(found, dir)
		}
	}
	return found
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Package build says which build of Tavle this is: version, commit, date, and
// what it was built with. All programs ask here, so they answer alike. It knows
// nothing that is not in the program itself.
package build

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"strings"
)

// Set at link time by `make build`, where the Go tool cannot tell (a tree
// without git), or says too little (a version between two releases). They
// overrule what the Go tool noted.
var version, commit, date string

// Info is which build this is. What is not known is "".
type Info struct {
	Version string // such as "v1.4.0"; "devel" when it is no release
	Commit  string // as git names it, in full
	Date    string // of the commit: RFC 3339 in UTC. Not of the build: two builds of a commit are alike
	Changed bool   // the tree had changes that are in no commit
	Go      string // such as "go1.26.8"
	System  string // such as "linux/arm64", with "v7" and the like where there are variants
	Static  bool   // it was built without cgo and so runs on any system of its kind
}

// Read returns which build this is.
func Read() Info {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = new(debug.BuildInfo)
	}
	return read(info, version, commit, date)
}

// read is Read of what the Go tool and the linker noted.
func read(info *debug.BuildInfo, version, commit, date string) Info {
	noted := map[string]string{}
	for _, s := range info.Settings {
		noted[s.Key] = s.Value
	}
	i := Info{
		Version: cmp.Or(version, strings.TrimPrefix(info.Main.Version, "(devel)"), "devel"),
		Commit:  cmp.Or(commit, noted["vcs.revision"]),
		Date:    cmp.Or(date, noted["vcs.time"]),
		Changed: noted["vcs.modified"] == "true",
		Go:      info.GoVersion,
		Static:  noted["CGO_ENABLED"] == "0",
	}
	if noted["GOOS"] != "" {
		i.System = noted["GOOS"] + "/" + noted["GOARCH"]
	}
	if arm := noted["GOARM"]; arm != "" {
		i.System += "v" + arm[:1] // "7,softfloat" is one, too
	}
	return i
}

// String returns all of it in one line, such as
// "v1.4.0 (1f2e3d4c5b6a of 2026-11-22, go1.26.8, linux/arm64, static)".
func (i Info) String() string {
	var about []string
	if i.Commit != "" {
		c := i.Commit[:min(12, len(i.Commit))]
		if i.Changed {
			c += " with changes"
		}
		if day, _, ok := strings.Cut(i.Date, "T"); ok {
			c += " of " + day
		}
		about = append(about, c)
	}
	for _, s := range []string{i.Go, i.System} {
		if s != "" {
			about = append(about, s)
		}
	}
	if i.Static {
		about = append(about, "static")
	}
	return fmt.Sprintf("%s (%s)", i.Version, strings.Join(about, ", "))
}

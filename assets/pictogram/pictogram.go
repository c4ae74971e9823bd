// Package pictogram holds the drawings of what residents do, eat and meet, and
// the marks of people who prefer no photo. Each has one name and two drawings:
// in colour, and in a single colour for high contrast. render/art draws them;
// this package only hands them out. README.md says where they come from and
// under which licence.
package pictogram

import (
	"embed"
	"strings"
)

//go:embed colour/*.svg mono/*.svg
var files embed.FS

// Colour returns the coloured drawing called name, and whether there is one.
func Colour(name string) ([]byte, bool) { return read("colour/" + name) }

// Mono returns the drawing in a single colour, which is left open.
func Mono(name string) ([]byte, bool) { return read("mono/" + name) }

func read(path string) ([]byte, bool) {
	b, err := files.ReadFile(path + ".svg")
	return b, err == nil
}

// Names returns every name in alphabetical order.
func Names() []string {
	entries, _ := files.ReadDir("colour") // an embedded folder can always be read
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".svg")
	}
	return names
}

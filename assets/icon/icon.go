// Package icon holds the drawings of the screen's own signs: home, a clock, a
// tick. render/art draws them; this package only hands them out. README.md says
// where they come from and under which licence.
package icon

import (
	"embed"
	"strings"
)

//go:embed *.svg
var files embed.FS

// SVG returns the drawing called name, and whether there is one. It is 24 units
// wide and high and has no colour of its own.
func SVG(name string) ([]byte, bool) {
	b, err := files.ReadFile(name + ".svg")
	return b, err == nil
}

// Names returns every name in alphabetical order.
func Names() []string {
	entries, _ := files.ReadDir(".") // an embedded folder can always be read
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".svg")
	}
	return names
}

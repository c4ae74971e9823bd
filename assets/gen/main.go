// Command gen copies what Tavle draws with out of the npm packages it comes
// from: icons, pictograms and the fallback fonts. Its output is committed; it
// runs again when a list changes or a package is updated:
//
//	npm install --prefix DIR @iconify-json/tabler @iconify-json/fluent-emoji-flat \
//	    @iconify-json/fluent-emoji-high-contrast @fontsource/noto-sans \
//	    @fontsource/noto-sans-arabic @fontsource/noto-sans-tamil @fontsource/noto-sans-ethiopic
//	go run ./assets/gen -npm DIR/node_modules -assets assets
//
// It changes drawings only where nothing is seen of it (see [plain]), so that
// render/art can refuse everything it does not know.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	npm := flag.String("npm", "node_modules", "folder with the npm packages")
	assets := flag.String("assets", "assets", "folder to write to")
	flag.Parse()
	for _, step := range []func(npm, assets string) error{icons, pictograms, fallbackFonts} {
		if err := step(*npm, *assets); err != nil {
			log.Fatal(err)
		}
	}
}

// icons writes assets/icon/NAME.svg.
func icons(npm, assets string) error {
	set, err := readSet(npm, "tabler")
	if err != nil {
		return err
	}
	dir := filepath.Join(assets, "icon")
	names, err := readList(filepath.Join(dir, "list.txt"))
	if err != nil {
		return err
	}
	return set.write(dir, names, func(n string) string { return n })
}

// pictograms writes assets/pictogram/colour/NAME.svg and …/mono/NAME.svg.
func pictograms(npm, assets string) error {
	dir := filepath.Join(assets, "pictogram")
	names, err := readList(filepath.Join(dir, "list.txt"))
	if err != nil {
		return err
	}
	flat, err := readSet(npm, "fluent-emoji-flat")
	if err != nil {
		return err
	}
	if err := flat.write(filepath.Join(dir, "colour"), names, func(n string) string { return n }); err != nil {
		return err
	}
	high, err := readSet(npm, "fluent-emoji-high-contrast")
	if err != nil {
		return err
	}
	// The drawing in one colour has no skin tone.
	return high.write(filepath.Join(dir, "mono"), names, func(n string) string { return strings.TrimSuffix(n, "-light") })
}

// readList returns the names in a list: one a line; lines with # are comments.
func readList(path string) ([]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			names = append(names, line)
		}
	}
	return names, nil
}

// A set is an icon set as the iconify packages hold it.
type set struct {
	name  string
	Width int
	// Height is the height of every drawing that does not say otherwise.
	Height int
	Icons  map[string]struct {
		Body          string
		Width, Height int
	}
}

func readSet(npm, name string) (*set, error) {
	b, err := os.ReadFile(filepath.Join(npm, "@iconify-json", name, "icons.json"))
	if err != nil {
		return nil, err
	}
	s := &set{name: name, Width: 16, Height: 16} // what iconify means by leaving them out
	if err := json.Unmarshal(b, s); err != nil {
		return nil, fmt.Errorf("icon set %s: %w", name, err)
	}
	return s, nil
}

// write replaces the drawings in dir by those called names; source says which
// drawing of the set a name stands for.
func (s *set) write(dir string, names []string, source func(string) string) error {
	old, err := filepath.Glob(filepath.Join(dir, "*.svg"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range names {
		icon, ok := s.Icons[source(name)]
		if !ok {
			return fmt.Errorf("icon set %s: no drawing %q", s.name, source(name))
		}
		w, h := s.Width, s.Height
		if icon.Width != 0 {
			w = icon.Width
		}
		if icon.Height != 0 {
			h = icon.Height
		}
		svg := fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">%s</svg>\n", w, h, plain(icon.Body))
		if err := os.WriteFile(filepath.Join(dir, name+".svg"), []byte(svg), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// What plain takes out.
var (
	clipRule   = regexp.MustCompile(` clip-rule="evenodd"`)
	canvasClip = regexp.MustCompile(`<defs><clipPath id="[^"]*"><path fill="#fff" d="M0 0h32v32H0z"/></clipPath></defs>`)
	clipped    = regexp.MustCompile(` clip-path="[^"]*"`)
	mask       = regexp.MustCompile(`<mask .*?</mask>`)
	masked     = regexp.MustCompile(`<path [^>]*mask="[^"]*"[^>]*/>`)
	hairline   = regexp.MustCompile(` stroke="currentColor" stroke-width="\.1"`)
)

// plain takes out of a drawing what is not seen: a clip to the whole canvas,
// the rule for clips, a stroke masked to the very shape it lies in (deer), and
// an outline of a 320th of the width (scarf).
func plain(body string) string {
	for _, re := range []*regexp.Regexp{clipRule, canvasClip, clipped, mask, masked, hairline} {
		body = re.ReplaceAllString(body, "")
	}
	return body
}

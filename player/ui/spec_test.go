package ui

import (
	"encoding/json"
	"fmt"
	"image"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/render"
)

// A specItem is one thing on a picture of the design, in dp.
type specItem struct {
	Kind string  `json:"k"`
	Text string  `json:"s"`
	Name string  `json:"name"`
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	W    float64 `json:"w"`
	H    float64 `json:"h"`
	Base float64 `json:"base"`
	Fill string  `json:"fill"`
}

func readSpec(t *testing.T, name string) []specItem {
	t.Helper()
	b, err := os.ReadFile("testdata/spec/" + name + ".json")
	require.NoError(t, err)
	var spec struct{ Items []specItem }
	require.NoError(t, json.Unmarshal(b, &spec))
	return spec.Items
}

// otherwise lists what we draw otherwise than the pictures, and why.
var otherwise = map[string]string{
	"Beboere":                    "under More: five tabs at most (A-12)",
	"Nyt":                        "five tabs at most (A-12)",
	"Tilbage":                    "home stands beside it (A-14)",
	"Bussen kører kl. 13.00":     "no transport in the data yet",
	"Thomas og Fatima tager med": "one line higher without transport",
	"I dag kl. 13.30 · Bussen kører kl. 13.00":    "no transport in the data yet",
	"Hvem vil med til svømning?":                  "titles are not bent: the activity stands below",
	"Tryk på dit billede":                         "stands in the hand zone",
	"6 med · 4 ledige pladser":                    "worded as a sentence",
	"7 med · 4 ledige pladser":                    "worded as a sentence",
	"med persillesovs og gulerødder":              "no side dish in the data yet",
	"Fredag":                                      "tomorrow is called so",
	"Biografen":                                   "one height for every card",
	"Ingen endnu":                                 "one height for every card",
	"Siden kl. 9.12 i dag. Den prøver selv igen.": "day first",
	"Uden net · alt virker stadig":                "after an hour, how old it all is (PRIVACY 4.6)",
	"Kontakt":                                     "roles differ", "Leder": "roles differ", "Køkken": "roles differ",
	"Lars":  "five work, so the last place says how many more",
	"Hus 1": "one house", "Hus 2": "one house",
	"Skriv koden i Tavle Manager": "there is no Manager yet",
	"Åbn Manager":                 "there is no Manager yet",
	"under Skærme → Ny skærm":     "there is no Manager yet",
}

// The pictures of the design and what we draw agree: every text of a picture
// stands on our frame, its baseline within 4 dp and its start within 5.
func TestGeometryIsTheDesigns(t *testing.T) {
	screens := map[string]struct {
		size  image.Point
		model string
	}{
		"01-home":            {image.Pt(1920, 1080), "01-home"},
		"02-activity-detail": {image.Pt(1920, 1080), "02-activity-detail"},
		"02a-activities":     {image.Pt(1920, 1080), "02a-activities"},
		"05-meals":           {image.Pt(1920, 1080), "05-meals"},
		"06b-roster-week":    {image.Pt(1920, 1080), "06b-roster-week"},
		"10a-offline-home":   {image.Pt(1920, 1080), "10a-offline-home"},
		"10b-offline-info":   {image.Pt(1920, 1080), "10b-offline-info"},
		"11a-pairing":        {image.Pt(1920, 1080), "11a-pairing"},
		"15-portrait-home":   {image.Pt(1080, 1920), "01-home"},
		"16-small-800x480":   {image.Pt(800, 480), "01-home"},
	}
	for name, s := range screens {
		t.Run(name, func(t *testing.T) {
			f := View(mockScreens(s.size)[s.model], testKit)
			for _, it := range readSpec(t, name) {
				if it.Kind != "text" || otherwise[it.Text] != "" {
					continue
				}
				if d := nearest(f, it); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

// nearest says how far the text of the picture is from ours, or nothing when it
// is near enough. Text that wraps is compared by its first line; the rail is
// wider than on the pictures, so its words are compared by height alone; the
// pictures do not put people in order, so a name stands for any name.
func nearest(f *render.Frame, it specItem) string {
	best, dx, dy := math.Inf(1), 0.0, 0.0
	rail := strings.Contains("Hjem Aktiviteter Måltider På arbejde Mere", it.Text) && it.Base > 0.9*float64(f.Size.Y)
	name := strings.Contains(mockStaff, it.Text)
	for _, op := range f.Ops {
		if op.Kind != render.TextOp {
			continue
		}
		x, y := float64(op.Dot.X)-it.X, float64(op.Dot.Y)-it.Base
		switch {
		case name && strings.Contains(mockStaff, op.Line.Text):
			x = min(math.Abs(x), math.Abs(x+(float64(op.Line.Width)-it.W)/2)) // its start or its middle
		case op.Line.Text != it.Text && !strings.HasPrefix(it.Text, op.Line.Text+" "):
			continue
		case rail:
			x = 0
		}
		if d := math.Hypot(x, y); d < best {
			best, dx, dy = d, x, y
		}
	}
	switch {
	case math.IsInf(best, 1):
		return fmt.Sprintf("%q is not there (%.0f, %.0f)", it.Text, it.X, it.Base)
	case math.Abs(dx) > 5 || math.Abs(dy) > 4:
		return fmt.Sprintf("%q is off by %.1f, %.1f (want %.1f, %.1f)", it.Text, dx, dy, it.X, it.Base)
	}
	return ""
}

// A-07, LOOK §4: nothing that is to be read is smaller than the smallest size
// of its class.
func TestNothingIsTooSmallToRead(t *testing.T) {
	for _, size := range []image.Point{{X: 1920, Y: 1080}, {X: 1080, Y: 1920}, {X: 800, Y: 480}} {
		for name, m := range mockScreens(size) {
			c := newCanvas(m, testKit)
			c.draw(m)
			if c.smallest < c.ty.Min.Size {
				t.Errorf("%v %s: letters of %.1f dp, want at least %.0f", size, name, c.smallest, c.ty.Min.Size)
			}
		}
	}
}

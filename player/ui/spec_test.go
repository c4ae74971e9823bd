package ui

import (
	"encoding/json"
	"fmt"
	"image"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
	"tavle/sync/record"
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

// otherwise lists what we draw otherwise than the pictures, and why: a text on all
// of them, or on the one that stands before it.
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

	"04-confirm: Karen":            "signs up here, and comes last: another does in ours",
	"07-people: Jørgen":            "is not in our house",
	"07b-person: Fredag kl. 14.00": "tomorrow is called so",
	"08-news: Thomas · i går":      "a line begins with a capital",
	"08-news: Vi spiste madpakker på stranden, og Ove fandt et søpindsvin.": "a larger gap between paragraphs (A-09)",
	"08-news: På billederne": "the names stand below",
	"08-news: 7":             "nobody counts hearts",
	"09a-meeting: kl. 15.00": "the day is short within a week", "09a-meeting: Fællesstuen": "the day is short within a week",
	"09a-meeting: Hvad skal vi lave i december?": "has room on one line",
	"09a-meeting: Jeg kommer":                    "as wide as its words", "09a-meeting: Nyt forslag": "as wide as its words",
	"09b-booking: Vælg noget andet": "the way back does that",
	"09b-booking: Din tid":          "yours only while you are known (PRIVACY 4.7)", "09b-booking: Ledig": "one kind less", "09b-booking: Optaget": "one kind less",
	"09b-booking: Man": "today is first", "09b-booking: 17": "today is first", "09b-booking: Tir": "today is first", "09b-booking: 18": "today is first",
	"09b-booking: Ons": "today is first", "09b-booking: 19": "today is first", "09b-booking: I dag": "today is first", "09b-booking: 20": "today is first",
	"09b-booking: Fre": "today is first", "09b-booking: 21": "today is first", "09b-booking: Lør": "today is first", "09b-booking: 22": "today is first",
	"09b-booking: Søn": "today is first", "09b-booking: 23": "today is first",
}

// The pictures of the design and what we draw agree: every text of a picture
// stands on our frame, its baseline within 4 dp and its start within 5.
func TestGeometryIsTheDesigns(t *testing.T) {
	for name, m := range specScreens() {
		t.Run(name, func(t *testing.T) {
			f := View(m, testKit)
			shifted(f, m.shift(1).Mul(-1)) // the night's page wanders
			for _, it := range readSpec(t, name) {
				if it.Kind != "text" || otherwise[it.Text] != "" || otherwise[name+": "+it.Text] != "" {
					continue
				}
				if d := nearest(f, it); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

// specScreens are the pages of the design with what its pictures show.
func specScreens() map[string]Model {
	screens := map[string]Model{
		"15-portrait-home": mockScreens(image.Pt(1080, 1920))["01-home"],
		"16-small-800x480": mockScreens(image.Pt(800, 480))["01-home"],
	}
	all := mockScreens(large)
	for _, name := range []string{
		"01-home", "02-activity-detail", "02a-activities", "03-who", "04-confirm", "05-meals", "06b-roster-week",
		"10a-offline-home", "10b-offline-info", "11a-pairing", "26-picture-code",
	} {
		screens[name] = all[name]
	}
	with := func(f *record.Facts, now time.Time, place Place) Model {
		m := mockModel(large, Home{})
		m.Now = now
		m, _ = Update(m, BoardChanged{board.Project(board.Input{Facts: f, Now: now, Fresh: true, Contact: now})})
		if place != (Home{}) {
			m.Stack = append(m.Stack, place)
		}
		return m
	}
	one := mockFacts()
	twelve := ids("ali amina bent birthe gudrun henrik inger jens kim karen pindsvin solsikke")
	for id, p := range one.People {
		p.Listed = p.Kind == record.Resident && slices.Contains(twelve, id)
		one.People[id] = p
	}
	screens["07-people"] = with(one, mockNow, People{})
	busy := mockFacts()
	swim := busy.Activities["a2"]
	swim.Who = append(swim.Who, "karen")
	busy.Activities["a2"] = swim
	busy.Activities["a6"] = record.Activity{
		ID: "a6", Title: da("Vi pynter juletræ"), Picto: "christmas-tree", Starts: at(21, 14, 0), SignUp: true, Status: record.Planned, Participants: crowd("karen", 0, 0),
	}
	screens["07b-person"] = with(busy, mockNow, Someone{"karen"})
	read := mockFacts()
	tag := func(names string) record.Tagged { return record.Tagged{Who: ids(names)} }
	read.News["n"] = record.News{
		ID: "n", Title: da("Turen til Møns Klint"), Author: "thomas", Published: at(19, 18, 0),
		Text:   da("I går var vi ni på tur til Møns Klint. Vi så det blå hav og de hvide klinter.\nVi spiste madpakker på stranden, og Ove fandt et søpindsvin."),
		Photos: []record.Photo{{Asset: "scene-sea", Tagged: tag("ove")}, {Asset: "scene-forest", Tagged: tag("mads")}, {Asset: "scene-garden", Tagged: tag("sofie")}, {Asset: "scene-music", Tagged: tag("karen")}},
	}
	screens["08-news"] = with(read, mockNow, Article{ID: "n"})
	met := togetherFacts()
	sofa := met.Proposals["q3"]
	sofa.By = "solsikke"
	met.Proposals["q3"] = sofa
	screens["09a-meeting"] = with(met, mockNow, Meeting{On: talks})
	wash := togetherFacts()
	wash.Bookings["b3"] = record.Booking{ID: "b3", Resource: "r1", From: at(20, 18, 0), To: at(20, 20, 0), Who: "karen"}
	screens["09b-booking"] = with(wash, mockNow, Booking{On: washing})
	night := with(mockFacts(), at(21, 2, 14), Home{})
	night.Rest = Asleep
	screens["12-night"] = night
	return screens
}

// nearest says how far the text of the picture is from ours, or nothing when it
// is near enough. Text that wraps is compared by its first line; the rail is
// wider than on the pictures, so its words are compared by height alone; the
// pictures do not put people in order, so a name stands for any name.
func nearest(f *render.Frame, it specItem) string {
	best, dx, dy := math.Inf(1), 0.0, 0.0
	rail := strings.Contains("Hjem Aktiviteter Måltider På arbejde Mere", it.Text) && it.Base > 0.9*float64(f.Size.Y)
	who := mockStaff
	if !strings.Contains(who, it.Text) {
		who = mockResidents
	}
	name := strings.Contains(who, it.Text) && len(it.Text) > 2
	for _, op := range f.Ops {
		if op.Kind != render.TextOp {
			continue
		}
		x, y := float64(op.Dot.X)-it.X, float64(op.Dot.Y)-it.Base
		switch {
		case name && len(op.Line.Text) > 2 && strings.Contains(who, op.Line.Text):
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

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
	"Uden net · alt virker stadig":                "after an hour, how old it all is",
	"Kontakt":                                     "roles differ", "Leder": "roles differ", "Køkken": "roles differ",
	"Lars":  "five work, so the last place says how many more",
	"Hus 1": "one house", "Hus 2": "one house",
	"Skriv koden i Tavle Manager": "there is no Manager yet",
	"Åbn Manager":                 "there is no Manager yet",
	"under Skærme → Ny skærm":     "there is no Manager yet",

	"06-roster-today: Nu": "as wide as its names (A-08)", "06-roster-today: Mette": "as wide as its names (A-08)", "06-roster-today: Thomas": "as wide as its names (A-08)",
	"06-roster-today: Fatima": "as wide as its names (A-08)", "06-roster-today: Nina": "as wide as its names (A-08)", "06-roster-today: Svømning": "as wide as its names (A-08)",
	"06-roster-today: Aften": "as wide as its names (A-08)", "06-roster-today: 15.00 – 23.00": "as wide as its names (A-08)",
	"06-roster-today: Anders": "one size of faces in all columns", "06-roster-today: Birgit": "one size of faces in all columns",
	"06-roster-today: Samuel": "one size of faces in all columns", "06-roster-today: Dorthe": "one size of faces in all columns",

	"11b-no-network: Strøm og skærm": "a screen that shows this has power", "11b-no-network: 1920 × 1080 · 60 Hz · 52 °C": "a screen that shows this has power",
	"11b-no-network: Netværkskort": "comes first", "11b-no-network: IP-adresse": "comes second", "11b-no-network: Navneopslag (DNS)": "comes third",
	"11b-no-network: Kabel i stikket · eth0 · 1 Gbit/s": "shorter words", "11b-no-network: DHCP svarede ikke efter 20 sekunder": "shorter words",
	"11b-no-network: Venter på IP-adresse": "shorter words", "11b-no-network: Forbindelse til hub": "shorter words", "11b-no-network: wss://hub.example.dk · port 443": "shorter words",
	"11b-no-network: Tjek at kablet sidder i et stik med net. Lampen ved stikket skal blinke.": "shorter words",
	"11b-no-network: Wifi eller fast IP: brug et USB-stik med filen":                           "nothing is set by a stick", "11b-no-network: tavle-net.toml": "nothing is set by a stick", "11b-no-network: .": "nothing is set by a stick",
	"11b-no-network: Giv IT MAC-adressen herunder.": "shorter words", "11b-no-network: 1": "shorter steps", "11b-no-network: 2": "shorter steps", "11b-no-network: 3": "shorter steps",
	"11b-no-network: Skærm tavle-3f2a · Version 1.4.0 · prøver igen om 12 s": "only when it looks again", "11b-no-network: Netværk": "there is nothing to set at the screen",
	"11b-no-network: Prøv nu": "stands in the hand zone",

	"12b-evening-home: Nu i Fællesstuen": "places are not bent", "12b-evening-home: Frokost i morgen": "has room for the day only",

	"18-lease-expired: Den har ikke haft forbindelse i 7 dage. Derfor er navne og billeder gemt væk.": "no number of days; ten words at most",
	"18-lease-expired: Skærm tavle-3f2a": "no codes for residents (A-37)", "18-lease-expired: Kode L-07": "no codes for residents (A-37)", "18-lease-expired: Prøver igen hvert minut": "no codes for residents (A-37)",

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
	"09b-booking: Din tid":          "yours only while you are known", "09b-booking: Ledig": "one kind less", "09b-booking: Optaget": "one kind less",
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
		"10a-offline-home", "10b-offline-info", "11a-pairing", "18-lease-expired", "26-picture-code",
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
	work := mockFacts()
	for id, x := range work.Shifts {
		x.Role = map[record.PersonID]record.Text{"mette": da("Kontakt"), "thomas": da("Svømning"), "fatima": da("Svømning"), "lars": da("Leder"), "nina": da("Køkken")}[x.Person]
		work.Shifts[id] = x
	}
	screens["06-roster-today"] = with(work, mockNow, Roster{})
	lost := all["11a-pairing"]
	lost.Pairing = mockPairing("", HubAway)
	lost.Net = all["11b-no-network"].Net
	screens["11b-no-network"] = lost
	late := mockFacts()
	late.Activities["a4"] = record.Activity{
		ID: "a4", Title: da("Sangaften"), Picto: "guitar", Starts: at(20, 19, 0), Ends: at(20, 20, 30), Place: da("Fællesstuen"), SignUp: true, Status: record.Planned,
		Participants: crowd("erik gudrun pindsvin", 1, 0),
	}
	late.Activities["a6"] = record.Activity{
		ID: "a6", Title: da("Aftenkaffe"), Picto: "hot-beverage", Starts: at(20, 22, 0), Place: da("Køkkenet"), SignUp: true, Status: record.Planned,
		Participants: crowd("ove ruth", 0, 0),
	}
	rye := late.Meals["m5"]
	rye.Title, rye.Participants = da("Rugbrød med æg"), crowd("inger lone", 7, 0)
	late.Meals["m5"] = rye
	screens["12b-evening-home"] = with(late, at(20, 19, 12), Home{})
	night := with(mockFacts(), at(21, 2, 14), Home{})
	night.Rest = Asleep
	screens["12-night"] = night
	return screens
}

// The twelve long names of the design stand on their tiles as there: on as many
// lines, whole, each line in the middle of its tile and at the same height.
func TestLongNamesAreTheDesigns(t *testing.T) {
	var names []specItem
	for _, it := range readSpec(t, "17b-long-names") {
		if it.Kind == "text" && it.Base > 400 && it.Base < 900 {
			names = append(names, it)
		}
	}
	f := mockFacts()
	clear(f.People)
	for i, name := range []string{
		"Wolfgang-Maximilian", "Anne-Margrethe", "Bartholomæus", "عبد الرحمن", "Nguyễn Thị Ánh", "Þórhildur",
		"Máŋŋá Ŧeremi", "Jo", "Maria Guadalupe", "Oluwaseun", "Kristoffer-Alexander", "Ýmir Ørsted-Åkesson",
	} {
		id := record.PersonID(fmt.Sprint("p", i))
		f.People[id] = record.Person{ID: id, Kind: record.Resident, Name: record.NameOf(name), Listed: true, SignUp: true, Open: record.Choices}
	}
	m := mockModel(large, Home{})
	m, _ = Update(m, BoardChanged{board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})})
	m.Stack = append(m.Stack, Who{On: swimming})
	const column, row = 284 + 20.8, 354
	const lower = 9.6 // than on the design's page of short names, which ours are as
	onTile := func(x, y float64) (dx, dy float64) { return math.Mod(x-56, column), math.Mod(y, row) }
	drawn := map[string]render.Op{}
	for _, op := range View(m, testKit).Ops {
		if op.Kind == render.TextOp {
			drawn[op.Line.Text] = op
		}
	}
	for _, it := range names {
		op, ok := drawn[it.Text]
		if !ok {
			t.Errorf("%q is not on a line of its own", it.Text)
			continue
		}
		wantX, wantY := onTile(it.X+it.W/2, it.Base-lower)
		x, y := onTile(float64(op.Dot.X)+float64(op.Line.Width)/2, float64(op.Dot.Y))
		if math.Abs(x-wantX) > 5 || math.Abs(y-wantY) > 4 {
			t.Errorf("%q is off by %.1f, %.1f", it.Text, x-wantX, y-wantY)
		}
	}
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

// Of a few lines the last is not left with one short word, unless what is before it
// ends there; and none ends in the word that begins a sentence.
func TestNoWordIsLeftAlone(t *testing.T) {
	c := newCanvas(mockModel(large, Home{}), testKit)
	for _, x := range []struct {
		says string
		want []string
	}{
		{"Der er ikke varmt vand fredag", []string{"Der er ikke varmt", "vand fredag"}},
		{"Du er med på listen, Mik", []string{"Du er med på listen,", "Mik"}},
		{"Dit navn står her nu. En ansat kan", []string{"Dit navn står her nu.", "En ansat kan"}},
	} {
		w := c.line(x.says, c.ty.Title).w - 20 // one word too many for a line
		var got []string
		for _, l := range c.wrap(x.says, c.ty.Title, w, 2) {
			got = append(got, strings.TrimSpace(l.line.Text))
		}
		require.Equal(t, x.want, got)
	}
}

// Two activities are as high as the cards beside them and say where they are; below
// the last one of the day stands that there are no more.
func TestFewActivitiesFillTheirRoom(t *testing.T) {
	evening := func(now time.Time) *render.Frame {
		m := mockModel(large, Home{})
		m.Now = now
		m, _ = Update(m, BoardChanged{board.Project(board.Input{Facts: mockFacts(), Now: now, Fresh: true, Contact: now})})
		return View(m, testKit)
	}
	bottom := func(f *render.Frame, kind record.Kind) (at int) {
		for _, x := range f.Targets {
			if o, ok := x.Means.(Open); ok && o.On.Kind == kind {
				at = max(at, x.Rect.Max.Y)
			}
		}
		return at
	}
	two := evening(at(20, 18, 30))
	require.Equal(t, bottom(two, record.KindMeal), bottom(two, record.KindActivity))
	require.Contains(t, two.Texts(), "Fællesstuen")
	require.NotContains(t, two.Texts(), "Ikke mere i dag")
	one := evening(at(20, 20, 45))
	require.Contains(t, one.Texts(), "Ikke mere i dag")
}

// nothing that is to be read is smaller than the smallest size
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

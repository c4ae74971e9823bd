package ui

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	xdraw "golang.org/x/image/draw"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/player/board"
	"tavle/render"
	"tavle/render/art"
	"tavle/render/soft"
	"tavle/render/text"
	"tavle/sync/record"
)

// The house of the visual design's pictures, so that what we draw can be held
// against them, rectangle by rectangle.

var copenhagen = func() *time.Location {
	z, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return z
}()

// mockNow is the time on every picture: Thursday 20 November, 10.24.
var mockNow = time.Date(2025, 11, 20, 10, 24, 0, 0, copenhagen)

func at(day, h, m int) time.Time { return time.Date(2025, 11, day, h, m, 0, 0, copenhagen) }

// mockPeople are the residents and staff, by the names of their drawings.
const (
	mockResidents = "Ali Amina Bent Birthe- Gudrun Henrik Inger Jens Karen Kim Line Lone Mads Sofie Solsikke=sunflower Pindsvin=hedgehog Uglen=owl Erik Ove Ruth Tove Poul"
	mockStaff     = "Mette Thomas Fatima Lars Nina Anders Birgit Samuel Dorthe-"
)

func mockPerson(spec string, kind record.PersonKind) record.Person {
	name, mark, _ := strings.Cut(spec, "=")
	bare := strings.TrimSuffix(name, "-")
	p := record.Person{
		ID: record.PersonID(strings.ToLower(bare)), Kind: kind, Name: record.NameOf(bare), Mark: mark,
		Listed: kind == record.Resident, SignUp: kind == record.Resident,
	}
	if kind == record.Resident {
		p.Open = record.Choices
	}
	if mark == "" && bare == name {
		p.Photo = record.AssetID("portrait-" + strings.ToLower(bare))
	}
	return p
}

func ids(names string) (out []record.PersonID) {
	for n := range strings.FieldsSeq(names) {
		out = append(out, record.PersonID(strings.ToLower(n)))
	}
	return out
}

func crowd(names string, more, limit int) record.Participants {
	p := record.Participants{Who: ids(names), More: more, Exact: true, Limit: limit}
	if limit > 0 {
		p.Left = record.PlacesFree
	}
	return p
}

func da(s string) record.Text { return record.Text{"da": s} }

func mockFacts() *record.Facts {
	f := &record.Facts{
		At: record.Position{Epoch: "00000000000000a1", Rev: 1},
		House: record.House{
			Name: da("Hus 2"), Zone: "Europe/Copenhagen", Langs: []record.Lang{"da"}, Weekdays: true, Exact: true,
			Modules: []record.Module{"activities", "meals", "roster", "people", "news"},
		},
		People:     map[record.PersonID]record.Person{},
		Activities: map[record.ActivityID]record.Activity{},
		Meals:      map[record.MealID]record.Meal{},
		Shifts:     map[record.ShiftID]record.Shift{},
		News: map[record.NewsID]record.News{"n": {
			ID: "n", Title: da("Vi tænder juletræet på fredag"), Picture: "scene-lights", Published: at(19, 8, 0),
		}},
	}
	for s := range strings.FieldsSeq(mockResidents) {
		p := mockPerson(s, record.Resident)
		f.People[p.ID] = p
	}
	for s := range strings.FieldsSeq(mockStaff) {
		p := mockPerson(s, record.Staff)
		f.People[p.ID] = p
	}
	for i, a := range []record.Activity{
		{Title: da("Morgenkaffe"), Picto: "hot-beverage", Starts: at(20, 8, 0), Participants: crowd("karen ove ruth", 1, 0)},
		{Title: da("Vi bager boller"), Picto: "bread", Starts: at(20, 11, 0), Participants: crowd("karen mads lone", 2, 0)},
		{
			Title: da("Svømning"), Picto: "person-swimming-light", Starts: at(20, 13, 30), Ends: at(20, 15, 0),
			Place: da("Valby Vandkultur"), Picture: "scene-pool", Leaders: ids("thomas fatima"),
			Bring:        []record.Item{{Title: da("Badetøj"), Picto: "one-piece-swimsuit"}, {Title: da("Sæbe"), Picto: "soap"}, {Title: da("Drikke"), Picto: "cup-with-straw"}},
			Participants: crowd("jens sofie solsikke ali line bent", 0, 10),
		},
		{Title: da("Male og tegne"), Picto: "artist-palette", Starts: at(20, 16, 0), Place: da("Værkstedet"), Participants: crowd("inger tove", 0, 0)},
		{Title: da("Sangaften"), Picto: "guitar", Starts: at(20, 19, 0), Place: da("Fællesstuen"), Participants: crowd("erik gudrun pindsvin", 1, 0)},
		{Title: da("Film"), Picto: "television", Starts: at(20, 20, 30), Place: da("Biografen"), Participants: crowd("", 0, 0)},
	} {
		a.ID, a.SignUp, a.Status = record.ActivityID(fmt.Sprint("a", i)), true, record.Planned
		f.Activities[a.ID] = a
	}
	for i, m := range []record.Meal{
		{Dish: record.Dish{Title: da("Fisk og kartofler"), Allergens: []string{"fish", "milk"}}, Picture: "dish-fish", Served: at(20, 18, 0), Participants: crowd("inger poul ruth karen uglen", 6, 0)},
		{Dish: record.Dish{Title: da("Frikadeller og rødkål")}, Picture: "dish-meat", Served: at(21, 18, 0), Participants: crowd("ove bent", 7, 0)},
		{Dish: record.Dish{Title: da("Pizza")}, Picture: "dish-pizza", Served: at(22, 18, 0), Participants: crowd("mads jens", 12, 0)},
		{Dish: record.Dish{Title: da("Græskarsuppe")}, Picture: "dish-soup", Served: at(23, 18, 0), Participants: crowd("inger lone", 4, 0)},
		{Dish: record.Dish{Title: da("Spaghetti med kødsovs")}, Picture: "dish-pasta", Served: at(24, 18, 0), Participants: crowd("ali", 4, 0)},
		{Dish: record.Dish{Title: da("Rugbrød")}, Kind: record.Lunch, Picture: "dish-rye", Served: at(21, 12, 0), Participants: crowd("", 0, 0)},
	} {
		m.ID = record.MealID(fmt.Sprint("m", i))
		if m.Kind == "" {
			m.Kind = record.Dinner
		}
		f.Meals[m.ID] = m
	}
	week := map[string][7]string{
		"day":     {"mette thomas lars", "mette fatima nina", "thomas fatima lars", "mette thomas fatima lars nina", "mette nina", "fatima lars", "fatima lars"},
		"evening": {"anders birgit", "birgit samuel", "anders samuel", "anders birgit samuel", "thomas birgit", "anders", "anders"},
		"night":   {"samuel", "dorthe", "dorthe", "dorthe", "samuel", "samuel", "dorthe"},
	}
	hours := map[string][2]int{"day": {7, 15}, "evening": {15, 23}, "night": {23, 31}}
	n := 0
	for kind, days := range week {
		for d, names := range days {
			for _, who := range ids(names) {
				n++
				id := record.ShiftID(fmt.Sprintf("v%03d", n))
				f.Shifts[id] = record.Shift{ID: id, Type: kind, From: at(17+d, hours[kind][0], 0), To: at(17+d, hours[kind][1], 0), Person: who}
			}
		}
	}
	return f
}

func mockModel(size image.Point, place Place) Model {
	m := New(Panel{Size: size}, "da", mockNow)
	m.Link, m.Sound.Voice = Link{Live: true}, true
	m, _ = Update(m, BoardChanged{board.Project(board.Input{Facts: mockFacts(), Now: mockNow, Fresh: true, Contact: mockNow})})
	if place != (Home{}) {
		m.Stack = append(m.Stack, place)
	}
	return m
}

// testKit is shared: it is a cache.
var testKit = func() *Kit {
	t, err := text.New()
	if err != nil {
		panic(err)
	}
	return NewKit(t, art.New(64<<20))
}()

// testImages gives drawings for photos.
type testImages struct{ kit *Kit }

func (ti testImages) Image(p render.Picture) *image.RGBA {
	name, ok := strings.CutPrefix(p.Source, "photo:")
	if !ok {
		return ti.kit.Art.Image(p)
	}
	b, err := demo.Asset("asset:" + name)
	if err != nil {
		return nil
	}
	src, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	return cover(src, p)
}

func cover(src image.Image, p render.Picture) *image.RGBA {
	dst := image.NewRGBA(image.Rectangle{Max: p.Size})
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if w*p.Size.Y > h*p.Size.X {
		w = h * p.Size.X / p.Size.Y
	} else {
		h = w * p.Size.Y / p.Size.X
	}
	r := image.Rect(0, 0, w, h).Add(image.Pt((b.Dx()-w)/2, (b.Dy()-h)/2))
	xdraw.CatmullRom.Scale(dst, dst.Rect, src, r, draw.Src, nil)
	p.Crop.Cut(dst)
	return dst
}

func paint(t *testing.T, f *render.Frame) *image.RGBA {
	t.Helper()
	dst := image.NewRGBA(image.Rectangle{Max: f.Size})
	new(soft.Painter).Paint(dst, f, []image.Rectangle{dst.Rect}, testImages{testKit})
	return dst
}

// outDir is where pictures go that somebody wants to look at: set LOOK to a
// folder.
func save(t *testing.T, name string, img image.Image) {
	t.Helper()
	dir := os.Getenv("LOOK")
	if dir == "" {
		return
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	f, err := os.Create(filepath.Join(dir, name+".png"))
	require.NoError(t, err)
	defer f.Close()
	require.NoError(t, (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, img))
}

var swimming = board.Ref{Kind: record.KindActivity, ID: "a2"}

// mockScreens are the pages of the design that this package draws.
func mockScreens(size image.Point) map[string]Model {
	over := func(m Model, o Over) Model { m.Over = o; return m }
	noNetwork := func(m Model) Model {
		m.Net.Found, m.Net.MAC = [Needs]Finding{Fine, Fails}, "DC:A6:32:4F:9B:1E"
		m.Net.Next = mockNow.Add(12 * time.Second)
		return m
	}
	self := func(m Model) Model { m.Self = "karen"; return m }
	offline := func(m Model) Model {
		m.Link = Link{DownSince: at(20, 9, 12)}
		m.Board = board.Project(board.Input{
			Facts: mockFacts(), Now: mockNow, Fresh: true, Contact: at(20, 9, 12),
			Done: []board.Done{{On: swimming, Who: "tove"}},
		})
		return m
	}
	ms := map[string]Model{
		"01-home":            mockModel(size, Home{}),
		"02-activity-detail": mockModel(size, Activity{swimming}),
		"02a-activities":     mockModel(size, Activities{}),
		"03-who":             mockModel(size, Who{On: swimming}),
		"04-confirm":         over(mockModel(size, Activity{swimming}), Confirm{On: swimming, Who: "bent", Since: mockNow.Add(-4 * time.Second).UnixMilli()}),
		"05-meals":           mockModel(size, Meals{Kind: board.Dinner}),
		"06-roster-today":    mockModel(size, Roster{}),
		"06b-roster-week":    mockModel(size, Roster{Week: true}),
		"07-people":          mockModel(size, People{}),
		"25-more":            mockModel(size, More{}),
		"languages":          mockModel(size, Languages{}),
		"11b-no-network":     noNetwork(mockModel(size, Network{})),
		"about":              mockModel(size, About{}),
		"07b-person":         mockModel(size, Someone{"karen"}),
		"26-picture-code":    mockModel(size, Code{Who: "karen", N: 2}),
		"own":                self(mockModel(size, Own{Who: "karen"})),
		"own-choices":        self(mockModel(size, Own{Who: "karen", Choices: true})),
		"own-ask":            over(self(mockModel(size, Own{Who: "karen", Choices: true})), AskTakeBack{"karen", board.ChoicePhoto, 0}),
		"own-gone":           over(mockModel(size, Home{}), Vanished{}),
		"known-home":         self(mockModel(size, Home{})),
		"10a-offline-home":   offline(mockModel(size, Home{})),
		"10b-offline-info":   over(offline(mockModel(size, Home{})), Offline{}),
		"ask-leave":          over(mockModel(size, Who{On: swimming}), AskLeave{swimming, "ali", 0}),
		"failed":             over(mockModel(size, Home{}), Failed{}),
	}
	m := mockModel(size, Home{})
	m.Board = board.Project(board.Input{Facts: mockFacts(), Now: mockNow, Contact: at(17, 10, 0)})
	m.Link = Link{DownSince: at(17, 10, 0)}
	ms["masked-home"] = m
	m.Stack = append(m.Stack, People{})
	ms["masked-people"] = m
	w := New(Panel{Size: size}, "da", mockNow)
	w.Link, w.Sound.Voice = Link{DownSince: mockNow}, true
	ms["waiting"] = w
	w.Paused = true
	ms["18-lease-expired"] = w
	p := New(Panel{Size: size}, "da", mockNow)
	p.Pairing = mockPairing("7KX94P", NoObstacle)
	ms["11a-pairing"] = p
	p.Pairing = mockPairing("", HubAway)
	ms["pairing-away"] = p
	t := mockModel(size, Activity{swimming})
	t.Toast = Toast{On: swimming, Who: "karen", Until: mockNow.Add(10 * time.Second)}
	ms["toast"] = t
	t.Last = mockNow.Add(-65 * time.Second)
	ms["still-here"] = t
	return ms
}

// mockPairing is a screen that belongs to no hub, with 7 minutes and 12 seconds
// left of its code.
func mockPairing(code string, why Obstacle) *Pairing {
	p := &Pairing{
		Code: code, Obstacle: why, Link: "https://hub.example.dk:8443/pair#AAAAAAAAAAAAAAAAAAAAAA.9C41E07B", Hub: "hub.example.dk:8443",
		Screen: "tavle-3f2a", Key: "9C41 E07B", Address: "192.168.1.41", Version: "1.4.0",
	}
	if code != "" {
		p.From = mockNow.Add(-3 * time.Minute)
		p.Until = p.From.Add(10 * time.Minute)
	}
	return p
}

func TestLook(t *testing.T) {
	for class, size := range map[string]image.Point{"L": {X: 1920, Y: 1080}, "P": {X: 1080, Y: 1920}, "S": {X: 800, Y: 480}} {
		for name, m := range mockScreens(size) {
			save(t, class+"-"+name, paint(t, View(m, testKit)))
		}
	}
}

package project

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/sync/hub/house"
	"tavle/sync/record"
	"tavle/sync/wire"
)

var copenhagen = func() *time.Location {
	z, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return z
}()

// thursday is when the demo house is looked at.
var thursday = time.Date(2026, 12, 3, 10, 24, 0, 0, copenhagen)

func demoHouse(t testing.TB) *house.House {
	t.Helper()
	h, mistakes := house.Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	return h
}

// pictures gives every picture of a house a look.
func pictures(h *house.House) map[house.Picture]record.AssetID {
	out := map[house.Picture]record.AssetID{}
	see := func(p house.Picture) {
		if p != "" {
			out[p] = record.AssetID("sha256-" + strings.Repeat(fmt.Sprintf("%02x", len(out)), 32))
		}
	}
	for _, r := range h.Residents {
		see(r.Photo)
	}
	for _, s := range h.Staff {
		see(s.Photo)
	}
	for _, a := range h.Activities {
		see(a.Picture)
	}
	for r := range h.Records() {
		for _, p := range house.PicturesOf(r) {
			if _, seen := out[p]; !seen {
				see(p)
			}
		}
	}
	return out
}

var secret = []byte("a secret of thirty-two bytes ...")

func board(t testing.TB, h *house.House, screen house.ID) Board {
	t.Helper()
	b, err := BoardOf(h, screen, secret)
	require.NoError(t, err)
	return b
}

// facts returns what a screen reads from the rows.
func facts(t testing.TB, rows []Row) *record.Facts {
	t.Helper()
	var changes []record.Change
	for _, r := range rows {
		f, err := wire.DecodeRow(r.Row)
		require.NoError(t, err)
		changes = append(changes, record.Change{Key: r.Key, Fact: f})
	}
	var f *record.Facts
	return f.With(record.Position{}, changes)
}

func demoFacts(t testing.TB, h *house.House, screen house.ID, at time.Time) (*record.Facts, Board) {
	t.Helper()
	b := board(t, h, screen)
	rows, err := Rows(FromHouse(h, pictures(h)), b, at)
	require.NoError(t, err)
	return facts(t, rows), b
}

func names(f *record.Facts, ids []record.PersonID) (out []string) {
	for _, id := range ids {
		out = append(out, f.People[id].Name.Reveal())
	}
	return out
}

// V-06, V-16, V-17, R-IBG-13: who is in the directory of the demo house, and
// what they are called. Bo was not asked; Søren and ሰላም are hidden; Mik and
// Sasha chose an alias; Jens-Peter chose no photo.
func TestDirectoryOfTheDemoHouse(t *testing.T) {
	f, _ := demoFacts(t, demoHouse(t), "scr-1", thursday)
	var listed []string
	for _, p := range f.People {
		if !p.Listed {
			continue
		}
		require.Equal(t, record.Resident, p.Kind)
		require.True(t, p.SignUp)
		name := p.Name.Reveal()
		require.Equal(t, name == "Jens-Peter", p.Photo == "", name)
		listed = append(listed, name)
	}
	require.ElementsMatch(t, []string{"Anna", "Mik", "فاطمة", "Łucja", "கவிதா", "Åse", "Thảo", "Sasha", "Jens-Peter"}, listed)
}

// V-16: two hidden residents are fewer than three, so no list of
// the demo house shows a number, whether they are on it or not.
func TestDemoHouseShowsWordsAndNoNumbers(t *testing.T) {
	h := demoHouse(t)
	f, b := demoFacts(t, h, "scr-1", thursday)
	require.False(t, f.House.Exact)
	list := func(id house.ID) record.Activity {
		return f.Activities[record.ActivityID(b.Key(house.List{Kind: house.KindActivity, ID: id}).ID)]
	}
	for _, a := range f.Activities {
		require.False(t, a.Exact)
		require.Zero(t, a.More)
	}
	for _, m := range f.Meals {
		require.False(t, m.Exact)
		require.Zero(t, m.More)
	}
	bingo := list("a06")
	require.Equal(t, []string{"Anna", "Łucja", "Åse", "Jens-Peter"}, names(f, bingo.Who))
	require.Equal(t, record.PlacesUnlimited, bingo.Left)
	film := list("a08")
	require.Equal(t, []string{"Mik", "கவிதா", "Åse", "Sasha"}, names(f, film.Who))
	require.Equal(t, record.PlacesFree, film.Left)

	baking, _ := demoFacts(t, h, "scr-1", thursday.AddDate(0, 0, -2))
	full := baking.Activities[record.ActivityID(b.Key(house.List{Kind: house.KindActivity, ID: "a03"}).ID)]
	require.Equal(t, []string{"Anna", "فاطمة", "கவிதா", "Thảo", "Sasha"}, names(baking, full.Who))
	require.Equal(t, record.PlacesNone, full.Left, "the sixth is hidden, and still takes a place")
	require.Equal(t, []string{"Łucja"}, names(baking, full.Waiting))
}

// With a third hidden resident the number may be shown, and only
// as a number.
func TestThreeHiddenMayBeCounted(t *testing.T) {
	h := demoHouse(t)
	h.Residents[0].Choices.Hidden = true // Anna
	f, b := demoFacts(t, h, "scr-1", thursday)
	require.True(t, f.House.Exact)
	bingo := f.Activities[record.ActivityID(b.Key(house.List{Kind: house.KindActivity, ID: "a06"}).ID)]
	require.True(t, bingo.Exact)
	require.Equal(t, []string{"Łucja", "Åse", "Jens-Peter"}, names(f, bingo.Who))
	require.Equal(t, 3, bingo.More)

	h.Departments[0].CountK = 4
	f, _ = demoFacts(t, h, "scr-1", thursday)
	require.False(t, f.House.Exact, "the controller wants four")
}

// V-13, V-06: Sofie keeps out of the roster; her nights are a substitute's.
// Whoever did not accept leaves not even a role.
func TestShiftsOfThoseWhoKeepOutShowARole(t *testing.T) {
	h := demoHouse(t)
	shifts := func() (named, roles, bare int) {
		f, _ := demoFacts(t, h, "scr-1", thursday)
		for _, s := range f.Shifts {
			require.NotEmpty(t, s.Label)
			switch {
			case s.Person != "":
				require.Equal(t, record.Staff, f.People[s.Person].Kind)
				require.False(t, f.People[s.Person].Listed)
				require.False(t, f.People[s.Person].SignUp)
				named++
			case s.Role != nil:
				require.Equal(t, "Vikar", s.Role["da"])
				roles++
			default:
				bare++
			}
		}
		for _, p := range f.People {
			require.NotEqual(t, "Sofie", p.Name.Reveal())
		}
		return named, roles, bare
	}
	named, roles, bare := shifts()
	require.Equal(t, []int{23, 3, 0}, []int{named, roles, bare}, "v12, the night to Wednesday, to v37")
	h.Staff[6].Acceptance = house.Acceptance{State: house.NotAsked}
	_, roles, bare = shifts()
	require.Equal(t, []int{0, 3}, []int{roles, bare})

	// She is not named by what she leads either.
	h.Staff[6].Acceptance = h.Staff[5].Acceptance
	h.Activities[5].Leader = "s07"
	_, roles, _ = shifts()
	require.Equal(t, 3, roles)
}

// R-IBG-15, R-IBG-33: a module that is off sends nothing, and staff whom
// nothing refers to are not sent.
func TestModulesThatAreOffSendNothing(t *testing.T) {
	h := demoHouse(t)
	off := func(module record.Module) *record.Facts {
		h.Departments[0].Modules = slices.DeleteFunc([]record.Module{"activities", "meals", "roster", "people", "news", "gallery", "documents", "videos", "weather"},
			func(m record.Module) bool { return m == module })
		f, _ := demoFacts(t, h, "scr-1", thursday)
		return f
	}
	f := off("roster")
	require.Empty(t, f.Shifts)
	led := map[record.PersonID]bool{}
	for _, a := range f.Activities {
		for _, id := range a.Leaders {
			led[id] = true
		}
	}
	for _, n := range f.News {
		led[n.Author] = true
	}
	for id, p := range f.People {
		require.True(t, p.Kind == record.Resident || led[id], "staff whom neither activity nor news names")
	}
	require.Empty(t, off("activities").Activities)
	require.Empty(t, off("meals").Meals)
	require.Empty(t, off("news").News)
	require.Empty(t, off("gallery").Albums)
	require.Empty(t, off("documents").Documents)
	require.Empty(t, off("videos").Videos)
	require.Empty(t, off("weather").Weather)
	require.NotEmpty(t, off("news").Albums)
	for _, p := range off("people").People {
		require.False(t, p.Listed)
	}

	h.Screens[1].Modules = []record.Module{"roster", "documents", "weather"}
	f, _ = demoFacts(t, h, "scr-2", thursday)
	for _, p := range f.People {
		require.Equal(t, record.Staff, p.Kind, "a board without lists has no use for residents")
	}
	h.Departments[0].Modules = nil
	f, _ = demoFacts(t, h, "scr-1", thursday)
	require.NotContains(t, f.House.Modules, record.ModuleRoster, "off until a house switches it on")
	require.Empty(t, f.Shifts)
}

// V-15, V-12: the neighbours see the shared outing and those on it who may be
// named there, and nobody else of the house; another system sees only those who
// chose that, and none of the staff.
func TestSharedActivityShowsItsPeopleAndNoOthers(t *testing.T) {
	h := demoHouse(t)
	f, _ := demoFacts(t, h, "scr-3", thursday)
	require.Len(t, f.Activities, 1)
	require.Empty(t, f.Meals)
	require.Empty(t, f.News)
	for _, a := range f.Activities {
		require.Equal(t, []string{"Anna", "فاطمة", "Łucja", "Thảo"}, names(f, a.Who))
		require.Equal(t, []string{"Ingrid"}, names(f, a.Leaders))
		require.True(t, a.SignUp)
		require.False(t, a.Exact, "two of the house are hidden")
	}
	require.Len(t, f.People, 5)
	for _, p := range f.People {
		require.False(t, p.Listed)
		require.False(t, p.SignUp)
	}

	b := Board{Department: "ext-strandhuset", External: &h.Externals[0], Modules: house.DefaultModules, Secret: secret}
	rows, err := Rows(FromHouse(h, pictures(h)), b, thursday)
	require.NoError(t, err)
	f = facts(t, rows)
	require.Equal(t, h.Externals[0].Name, f.House.Name)
	require.Len(t, f.Activities, 1)
	for _, a := range f.Activities {
		require.Equal(t, []string{"Anna", "Łucja", "Thảo"}, names(f, a.Who), "فاطمة shares nothing with other systems")
		require.Empty(t, a.Leaders)
		require.False(t, a.SignUp)
	}
	require.Len(t, f.People, 3)
}

// A board holds yesterday to two weeks ahead, and rolls at its own midnight.
func TestBoardHoldsYesterdayToTwoWeeksAhead(t *testing.T) {
	h := demoHouse(t)
	days := func(at time.Time) map[string]int {
		f, _ := demoFacts(t, h, "scr-1", at)
		out := map[string]int{}
		for _, m := range f.Meals {
			out[m.Served.In(copenhagen).Format("01-02")]++
		}
		return out
	}
	require.Equal(t, map[string]int{"12-02": 2, "12-03": 2, "12-04": 2, "12-05": 2, "12-06": 2}, days(thursday))
	late := time.Date(2026, 12, 3, 23, 59, 59, 0, copenhagen)
	require.Contains(t, days(late), "12-02")
	midnight := Next(late, copenhagen)
	require.Equal(t, time.Date(2026, 12, 4, 0, 0, 0, 0, copenhagen), midnight.In(copenhagen))
	require.NotContains(t, days(midnight), "12-02")
	require.Equal(t, map[string]int{"11-30": 2, "12-01": 2}, days(time.Date(2026, 11, 17, 12, 0, 0, 0, copenhagen)))
	require.Empty(t, days(time.Date(2026, 12, 8, 0, 0, 0, 0, copenhagen)))
}

// R-IBG-44: an acceptance that ends takes its person along at midnight, and
// the screen is told the moment in advance.
func TestAcceptanceThatEndsTakesThePersonAlong(t *testing.T) {
	h := demoHouse(t)
	h.Residents[0].Acceptance.Until = "2026-12-03"
	f, b := demoFacts(t, h, "scr-1", thursday)
	anna := f.People[record.PersonID(b.PersonKey("r01").ID)]
	require.Equal(t, time.Date(2026, 12, 4, 0, 0, 0, 0, copenhagen), anna.Until.In(copenhagen))
	f, _ = demoFacts(t, h, "scr-1", Next(thursday, copenhagen))
	require.NotContains(t, f.People, anna.ID)
	for _, a := range f.Activities {
		require.NotContains(t, a.Who, anna.ID)
	}
}

// An alias that is not there is not replaced by the first name.
func TestMissingAliasShowsNobody(t *testing.T) {
	h := demoHouse(t)
	h.Residents[1].Alias = house.Name{}
	f, b := demoFacts(t, h, "scr-1", thursday)
	require.NotContains(t, f.People, record.PersonID(b.PersonKey("r02").ID))
	require.False(t, Shown(&h.Residents[1], "2026-12-03"))
	require.True(t, Shown(&h.Residents[0], "2026-12-03"))
}

// A tag is sent for those who may sign up and are shown, as what recognises it; the
// key says that the house has tags, whoever is hidden.
func TestTagIsSentAsWhatRecognisesIt(t *testing.T) {
	h := demoHouse(t)
	f, _ := demoFacts(t, h, "scr-1", thursday)
	require.Empty(t, f.House.TagKey)
	h.Residents[0].Tag, h.Residents[1].Tag = record.NameOf("04:a2:b3:c4"), record.NameOf("1234")
	h.Residents[1].Choices.Hidden = true
	f, b := demoFacts(t, h, "scr-1", thursday)
	p := f.People[record.PersonID(b.PersonKey("r01").ID)]
	require.NotEmpty(t, p.Tag)
	require.Equal(t, f.House.TagKey.Tag("04A2B3C4"), p.Tag)
	for id, other := range f.People {
		require.Equal(t, id == p.ID, other.Tag != "")
	}
	key := f.House.TagKey
	h.Residents[0].Choices.Hidden = true
	f, _ = demoFacts(t, h, "scr-1", thursday)
	require.Equal(t, key, f.House.TagKey)
}

// Two boards' IDs have nothing in common, and the same board's are the same.
func TestIDsBelongToOneBoard(t *testing.T) {
	h := demoHouse(t)
	a := board(t, h, "scr-1")
	other := a
	other.Secret = []byte("another")
	require.Equal(t, a.PersonKey("r01"), board(t, h, "scr-2").PersonKey("r01"))
	require.NotEqual(t, a.PersonKey("r01"), other.PersonKey("r01"))
	require.NotEqual(t, a.PersonKey("r01").ID, a.Key(house.List{Kind: house.KindMeal, ID: "r01"}).ID)
	require.Len(t, a.PersonKey("r01").ID, 16)
}

func TestPicturesTravelWithTheRowThatShowsThem(t *testing.T) {
	h := demoHouse(t)
	rows, err := Rows(FromHouse(h, pictures(h)), board(t, h, "scr-1"), thursday)
	require.NoError(t, err)
	looks := pictures(h)
	shown := map[record.AssetID]bool{}
	for _, r := range rows {
		for _, a := range r.Assets {
			shown[a] = true
		}
	}
	require.True(t, shown[looks[h.Residents[0].Photo]])
	require.False(t, shown[looks[h.Residents[5].Photo]], "hidden")
	require.False(t, shown[looks[h.Residents[9].Photo]], "wants no photo")
	require.False(t, shown[looks[h.Staff[6].Photo]], "keeps out of the roster")
	require.Equal(t, facts(t, rows).Assets(), shown, "what the screen will ask for is what it may have")
}

func TestBoardThatIsTooBigIsRefused(t *testing.T) {
	h := demoHouse(t)
	h.Activities[9].Text = record.Text{"da": strings.Repeat("x", wire.MaxFromHub)}
	_, err := Rows(FromHouse(h, nil), board(t, h, "scr-1"), thursday)
	require.ErrorContains(t, err, "activity a10: a row of 262")
	h = demoHouse(t)
	for i := range wire.MaxRows {
		n := h.News[0]
		n.ID = house.ID(fmt.Sprint("x", i))
		h.News = append(h.News, n)
	}
	_, err = Rows(FromHouse(h, nil), board(t, h, "scr-1"), thursday)
	require.ErrorContains(t, err, "at most 20000")
}

// A-24, P5, P10: how a name sounds is sent with the very name it is the sound of: of a
// first name not with an alias, of whoever is hidden not at all. One without Latin
// letters has its Latin form; and no list of words says what somebody is called.
func TestSoundOfANameIsSentWithIt(t *testing.T) {
	h := demoHouse(t)
	h.Meta.Lexicon = []house.Pronunciation{{Language: "da", Word: "quiche", Spoken: "kisj"}, {Language: "da", Word: "Søren", Spoken: "Sørn"}}
	edit := func(id house.ID, f func(*house.Resident)) {
		i := slices.IndexFunc(h.Residents, func(r house.Resident) bool { return r.ID == id })
		f(&h.Residents[i])
	}
	sounds := func(r *house.Resident) {
		r.Spoken, r.AliasSaid = record.NameOf("Soundoffirst"+string(r.ID)), record.NameOf("Soundofalias"+string(r.ID))
	}
	spoken := func() (names map[string]string, all string) {
		names = map[string]string{}
		f, b := demoFacts(t, h, "scr-1", thursday)
		for _, p := range f.People {
			names[p.Name.Reveal()] = p.Spoken.Reveal()
		}
		rows, err := Rows(FromHouse(h, nil), b, thursday)
		require.NoError(t, err)
		for _, r := range rows {
			all += string(r.Body)
		}
		require.Equal(t, []record.Lexeme{{Lang: "da", Word: "quiche", Spoken: "kisj"}}, f.House.Lexicon, "not the other, who is hidden")
		return names, all
	}
	edit("r02", sounds) // goes by an alias
	edit("r06", sounds) // is hidden
	edit("r01", sounds)
	names, all := spoken()
	require.Equal(t, "Soundoffirstr01", names["Anna"])
	require.Equal(t, "Soundofaliasr02", names["Mik"])
	require.Equal(t, "Fatima", names["فاطمة"])
	require.Equal(t, "Kavitha", names["கவிதா"])
	require.Empty(t, names["Łucja"], "a voice reads these letters")
	require.Empty(t, names["Sasha"])
	for _, no := range []string{"Soundoffirstr02", "Soundofaliasr01", "r06", "Oleksandr", "Selam"} {
		require.NotContains(t, all, no)
	}
	edit("r01", func(r *house.Resident) { r.Choices.Hidden = true })
	_, all = spoken()
	require.NotContains(t, all, "Soundof"+"firstr01")
}

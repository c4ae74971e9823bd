package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/sheet"
	"tavle/sync/record"
)

// somewhere is a Danish house with two departments, some people and a roster.
func somewhere(records ...house.Record) World {
	staff := func(id house.ID, first, last, mail string) house.Staff {
		return house.Staff{
			ID: id, Departments: []house.ID{"dep-1"}, FirstName: record.NameOf(first), LastName: record.NameOf(last), Email: record.NameOf(mail),
			Acceptance: house.Acceptance{State: house.NotAsked}, Choices: house.StaffChoices{NameMode: "first_name"},
		}
	}
	return World{
		Org: "sys-1", Languages: []record.Lang{"da"}, Records: records, Nonce: "n",
		Departments: []house.Department{{ID: "dep-1", Name: record.Text{"da": "Måneskinshuset"}}, {ID: "dep-2", Name: record.Text{"da": "Nabohuset"}}},
		Staff:       []house.Staff{staff("s1", "Kim", "Lund", "kim@example.org"), staff("s2", "Bo", "Dahl", ""), staff("s3", "Bo", "Berg", "")},
		Plan: house.Plan{Types: map[string]house.ShiftType{
			"day": {Label: record.Text{"da": "Dag"}, From: "07:00", To: "15:00"}, "night": {Label: record.Text{"da": "Nat"}, From: "22:30", To: "07:15"},
		}},
	}
}

// table reads a text.
func table(t testing.TB, lines ...string) *sheet.Book {
	t.Helper()
	b, err := sheet.Read([]byte(strings.Join(lines, "\n")))
	require.NoError(t, err)
	return b
}

// after returns the house as it is when a plan is done.
func after(w World, p *Plan) World {
	now := map[house.ID]house.Record{}
	for _, l := range slices.Concat(p.New, p.Changed) {
		now[house.KeyOf(l.Now)] = l.Now
	}
	var all []house.Record
	for _, r := range w.Records {
		if n := now[house.KeyOf(r)]; n != nil {
			r = n
			delete(now, house.KeyOf(r))
		}
		all = append(all, r)
	}
	for _, l := range p.New {
		all = append(all, l.Now)
	}
	w.Records, w.Nonce = all, w.Nonce+"+"
	return w
}

// counts says a plan in short: new, changed, same, kept, questions, mistakes.
func counts(p *Plan) string {
	return fmt.Sprintf("%d %d %d %d %d %d", len(p.New), len(p.Changed), len(p.Same), len(p.Kept), len(p.Questions), len(p.Mistakes))
}

// A table that comes again changes nothing; of each kind, in each language, its own
// example is one.
func TestExamplesComeInOnceAndChangeNothingAgain(t *testing.T) {
	for _, k := range Kinds() {
		for _, l := range []record.Lang{record.Danish, record.Bokmal, record.English} {
			w := somewhere()
			w.Languages = []record.Lang{l}
			w.Departments[0].Name = record.Text{l: "Måneskinshuset"}
			w.Staff[0].LastName = record.NameOf(map[record.Lang]string{"da": "Eksempel", "nb": "Eksempel", "en": "Example"}[l])
			rows := Example(k, l, "Måneskinshuset", []string{"Dag", "Nat"})
			for name, write := range map[string]func() ([]byte, error){
				"csv":  func() ([]byte, error) { return sheet.Text(rows) },
				"xlsx": func() ([]byte, error) { return sheet.Workbook("x", rows) },
			} {
				file, err := write()
				require.NoError(t, err)
				b, err := sheet.Read(file)
				require.NoError(t, err)
				p := Make(k, b, w, nil)
				what := fmt.Sprintf("%s %s %s: %v", k, l, name, p.Mistakes)
				require.Equal(t, "2 0 0 0 0 0", counts(p), what)
				require.Empty(t, p.Unused, what)
				require.True(t, p.Ready(), what)
				p = Make(k, b, after(w, p), nil)
				require.Equal(t, "0 0 2 0 0 0", counts(p), what)
				require.False(t, p.Ready(), "there is nothing to do")
			}
		}
	}
}

// Whoever is new was not asked, and is hidden, whatever the table says of it.
func TestWhoeverIsNewIsHidden(t *testing.T) {
	p := Make(house.KindResident, table(t, "Afdeling;Fornavn;Samtykke;Foto", "Måneskinshuset;Ea;ja;ja"), somewhere(), nil)
	require.Equal(t, []string{"Samtykke", "Foto"}, p.Unused)
	r := p.New[0].Now.(*house.Resident)
	require.Equal(t, house.Acceptance{State: house.NotAsked}, r.Acceptance)
	require.Equal(t, house.Choices{NameMode: "first_name", Hidden: true}, r.Choices)
	require.Empty(t, r.Photo)
}

// With a key somebody is found again whatever else changes; what they chose stays.
func TestAKeyFindsWhateverElseChanges(t *testing.T) {
	w := somewhere()
	w = after(w, Make(house.KindResident, table(t, "Nøgle;Afdeling;Fornavn;Efternavn;Bolig", "7;Måneskinshuset;Ea;Holm;1", "8;Måneskinshuset;Ib;Holm;2"), w, nil))
	w.Records[0].(*house.Resident).Choices.Hidden = false
	p := Make(house.KindResident, table(t, "Nøgle;Afdeling;Fornavn;Efternavn;Bolig", "7;Nabohuset;Eva;;-"), w, nil)
	require.Equal(t, "0 1 0 0 0 0", counts(p), "the other one is of a department that this table is not about")
	r := p.Changed[0].Now.(*house.Resident)
	require.Equal(t, "Eva", r.FirstName.Reveal())
	require.Equal(t, "Holm", r.LastName.Reveal(), "an empty cell leaves what is there")
	require.True(t, r.Flat.IsZero(), "a dash takes it away")
	require.Equal(t, house.ID("dep-2"), r.Department)
	require.False(t, r.Choices.Hidden)
	require.NotContains(t, string(house.Encode(r)), `"7"`, "the key is not kept")
	p = Make(house.KindResident, table(t, "Nøgle;Afdeling;Fornavn", "7;Måneskinshuset;Ea"), w, nil)
	require.Equal(t, "0 0 1 1 0 0", counts(p), "who is not in the table stays")
}

// Without a key, name and department say who it is; where that could be two, it is asked.
func TestWhoItIsIsAskedWhenUnclear(t *testing.T) {
	person := func(id house.ID, last string) *house.Resident {
		return &house.Resident{
			ID: id, Department: "dep-1", FirstName: record.NameOf("Ea"), LastName: record.NameOf(last),
			Acceptance: house.Acceptance{State: house.Declined}, Choices: house.Choices{NameMode: "first_name"},
		}
	}
	w := somewhere(person("r1", "Holm"), person("r2", ""))
	b := table(t, "Afdeling;Fornavn;Efternavn;Bolig", "Måneskinshuset;Ea;Holm;4")
	p := Make(house.KindResident, b, w, nil)
	require.Equal(t, "0 0 0 2 1 0", counts(p))
	require.False(t, p.Ready())
	key := p.Questions[0].Key
	require.Equal(t, "0 1 0 1 1 0", counts(Make(house.KindResident, b, w, map[string]string{key: "r1"})))
	require.Equal(t, "1 0 0 2 1 0", counts(Make(house.KindResident, b, w, map[string]string{key: New})))
	require.Equal(t, "0 0 0 2 1 0", counts(Make(house.KindResident, b, w, map[string]string{key: "r9"})), "no answer to this question")
	p = Make(house.KindResident, table(t, "Afdeling;Navn", "Måneskinshuset;Holm, Ea"), somewhere(person("r1", "Holm")), nil)
	require.Equal(t, "0 0 1 0 0 0", counts(p), "one column with the whole name")
	// Somebody who came by another key is perhaps another of the same name.
	keyed := somewhere(person(idOf(house.KindResident, &w, "7"), "Holm"))
	require.Equal(t, "0 0 0 1 1 0", counts(Make(house.KindResident, table(t, "Nøgle;Afdeling;Fornavn;Efternavn", "9;Måneskinshuset;Ea;Holm"), keyed, nil)))
	require.Equal(t, "1 0 1 0 0 0", counts(Make(house.KindResident, table(t, "Nøgle;Afdeling;Fornavn;Efternavn", "9;Måneskinshuset;Ea;Holm", "7;Måneskinshuset;Ea;Holm"), keyed, nil)))
}

// A meal is never taken for another: "frokost" is lunch in Danish and breakfast in
// Norwegian, and where the language is not sure it is asked for a clearer word.
func TestFrokostIsNotGuessed(t *testing.T) {
	meal := func(w World, head, row string) string {
		p := Make(house.KindMeal, table(t, head, row), w, nil)
		if len(p.Mistakes) > 0 {
			return p.Mistakes[0].Why
		}
		return p.New[0].Now.(*house.Meal).Kind
	}
	w := somewhere()
	both := somewhere()
	both.Languages = []record.Lang{"da", "nb"}
	require.Equal(t, "lunch", meal(w, "Afdeling;Dato;Tid;Måltid;Ret", "Nabohuset;30.11.2026;12;Frokost;Suppe"))
	require.Equal(t, "breakfast", meal(w, "Avdeling;Dato;Tid;Måltid;Rett", "Nabohuset;30.11.2026;8;Frokost;Grøt"))
	require.Equal(t, "dinner", meal(w, "Avdeling;Dato;Tid;Måltid;Rett", "Nabohuset;30.11.2026;16;Middag;Grøt"))
	require.Equal(t, "lunch", meal(w, "Afdeling;Dato;Tid;Måltid;Ret", "Nabohuset;30.11.2026;12;Middag;Suppe"))
	require.Equal(t, "lunch", meal(w, "Hus;Dato;Tid;Måltid;Menu", "Nabohuset;30.11.2026;12;Frokost;Suppe"))
	require.Equal(t, "meal", meal(w, "Department;Date;Time;Meal;Dish", "Nabohuset;30.11.2026;12;Frokost;Suppe"))
	p := Make(house.KindMeal, table(t, "Hus;Dato;Tid;Måltid;Ret;Meny", "Nabohuset;30.11.2026;12;Frokost;Suppe;x"), both, nil)
	require.Equal(t, record.Danish, p.Lang, "the dish says which")
}

// A night shift ends the next day; who works is found by name, address or key.
func TestShifts(t *testing.T) {
	b := table(t, "Afdeling;Dato;Vagt;Medarbejder", "Måneskinshuset;30.11.2026;Nat;Kim Lund", "Måneskinshuset;30.11.2026;Dag;", "Måneskinshuset;1.12.2026;Dag;kim@example.org", "Måneskinshuset;2.12.2026;Dag;Bo")
	w := somewhere()
	p := Make(house.KindShift, b, w, nil)
	require.Equal(t, "3 0 0 0 1 0", counts(p), p.Mistakes)
	require.Equal(t, house.Wall("2026-12-01T07:15"), p.New[0].Now.(*house.Shift).To)
	require.Equal(t, house.ID("s1"), p.New[0].Now.(*house.Shift).Person)
	require.Empty(t, p.New[1].Now.(*house.Shift).Person)
	require.Len(t, p.Questions[0].Among, 2, "which Bo")
	answers := map[string]string{p.Questions[0].Key: "s3"}
	p = Make(house.KindShift, b, w, answers)
	require.Equal(t, "4 0 0 0 1 0", counts(p))
	require.Equal(t, "0 0 4 0 1 0", counts(Make(house.KindShift, b, after(w, p), answers)))
}

// What cannot be understood is said by sheet, row and column, and never spelled.
func TestMistakesSayWhere(t *testing.T) {
	secret := "Xenia"
	for _, c := range []struct {
		kind  house.Kind
		lines []string
		why   string
		row   int
		col   int
	}{
		{house.KindResident, []string{"Bolig;Fornavn;Afdeling", "1;;Nabohuset"}, "missing", 2, 2},
		{house.KindResident, []string{"Fornavn;Bolig", "Ea;1"}, "no_department", 2, 0},
		{house.KindResident, []string{"Fornavn;Afdeling", "Ea;" + secret}, "department", 2, 2},
		{house.KindResident, []string{"Afdeling;Bolig", "Nabohuset;1"}, "no_column", 1, 0},
		{house.KindResident, []string{secret + ";noget andet", "1;2"}, "no_header", 0, 0},
		{house.KindResident, []string{"Fornavn;Afdeling"}, "no_rows", 0, 0},
		{house.KindResident, []string{"Nøgle;Fornavn;Afdeling", "1;Ea;Nabohuset", "1;Ib;Nabohuset"}, "twice", 3, 1},
		{house.KindResident, []string{"Fornavn;Afdeling", "Ea;Nabohuset", "", "Ea;Nabohuset"}, "same_name", 4, 0},
		{house.KindResident, []string{"Fornavn;Afdeling;Bolig", "Ea;Nabohuset;" + strings.Repeat("1", 30)}, "wrong", 2, 3},
		{house.KindStaff, []string{"Fornavn;Afdeling;E-mail", "Ea;Nabohuset, " + secret + ";"}, "department", 2, 2},
		{house.KindMeal, []string{"Afdeling;Dato;Tid;Måltid;Ret", "Nabohuset;31.11.2026;12;Frokost;x"}, "day", 2, 2},
		{house.KindMeal, []string{"Afdeling;Dato;Tid;Måltid;Ret", "Nabohuset;30.11.2026;33;Frokost;x"}, "time", 2, 3},
		{house.KindMeal, []string{"Afdeling;Dato;Tid;Måltid;Ret", "Nabohuset;30.11.2026;12;" + secret + ";x"}, "meal", 2, 4},
		{house.KindMeal, []string{"Afdeling;Dato;Tid;Måltid;Ret;Allergener", "Nabohuset;30.11.2026;12;Frokost;x;mælk, " + secret}, "allergens", 2, 6},
		{house.KindMeal, []string{"Afdeling;Dato;Tid;Måltid;Ret;Kost", "Nabohuset;30.11.2026;12;Frokost;x;" + secret}, "diet", 2, 6},
		{house.KindMeal, []string{"Afdeling;Dato;Tid;Måltid;Ret;Frist", "Nabohuset;30.11.2026;12;Frokost;x;13.00"}, "late", 2, 6},
		{house.KindMeal, []string{"Afdeling;Dato;Tid;Måltid;Ret;Alternativ allergener", "Nabohuset;30.11.2026;12;Frokost;x;mælk"}, "no_alternative", 2, 6},
		{house.KindShift, []string{"Afdeling;Dato;Vagt;Medarbejder", "Nabohuset;30.11.2026;" + secret + ";"}, "type", 2, 3},
		{house.KindShift, []string{"Afdeling;Dato;Vagt;Medarbejder", "Nabohuset;30.11.2026;Dag;" + secret}, "person", 2, 4},
	} {
		p := Make(c.kind, table(t, c.lines...), somewhere(), nil)
		require.NotEmpty(t, p.Mistakes, c.lines)
		m := p.Mistakes[0]
		require.Equal(t, fmt.Sprint(c.why, c.row, c.col), fmt.Sprint(m.Why, m.Row, m.Column), c.lines)
		require.NotContains(t, fmt.Sprint(p.Mistakes), secret)
		require.False(t, p.Ready())
	}
}

// R-DPA-34: a number of the state is refused wherever it stands and however it is
// written, and said by its place alone.
func TestNumbersOfTheStateAreRefused(t *testing.T) {
	for _, s := range []string{
		"010190-1234", "0101901234", "010190 1234", "cpr: 010190-1234 (Ea)", "12345678, 010190–1234", "101901234", "290204-1234", // Danish
		"01010750160", "010107 50160", "41010750073", "410107 50073", "fnr 01010750160.", "1010750160", // Norwegian
	} {
		require.True(t, national(s), s)
		p := Make(house.KindResident, table(t, "Afdeling;Fornavn;Bemærkning", "Nabohuset;Ea;\""+s+"\""), somewhere(), nil)
		require.Equal(t, []Mistake{{Place{Row: 2, Column: 3}, "national", nil}}, p.Mistakes, s)
		require.False(t, p.Ready())
	}
	for _, s := range []string{"+45 12 34 56 78", "12345678", "4512345678", "30.11.2026", "2026-11-30", "1001", "923609016", "99999999999", "46356", "0.729166666666667", "3112991234567"} {
		require.False(t, national(s), s)
	}
}

// R-IBG-12: a table changes nobody in a department that whoever brings it does not look
// after, even with their key.
func TestOtherDepartmentsStayAsTheyAre(t *testing.T) {
	w := somewhere()
	w.Departments = w.Departments[:1]
	id := idOf(house.KindResident, &w, "7")
	w.Elsewhere = func(x house.ID) bool { return x == id }
	p := Make(house.KindResident, table(t, "Nøgle;Fornavn", "7;Ea"), w, nil)
	require.Equal(t, "not_yours", p.Mistakes[0].Why)
	s := w.Staff[0]
	s.ID, s.Departments = "s9", []house.ID{"dep-9", "dep-1"}
	w.Records = []house.Record{&s}
	p = Make(house.KindStaff, table(t, "Fornavn;Efternavn;Telefon", "Kim;Lund;1"), w, nil)
	require.Equal(t, []house.ID{"dep-9", "dep-1"}, p.Changed[0].Now.(*house.Staff).Departments)
}

// Whatever a table holds, a plan comes of it that a house can take: each record is well
// formed, and of each there is one.
func FuzzMake(f *testing.F) {
	for i, k := range Kinds() {
		for _, l := range []record.Lang{record.Danish, record.Bokmal, record.English} {
			b, err := sheet.Text(Example(k, l, "Måneskinshuset", []string{"Dag", "Nat"}))
			require.NoError(f, err)
			f.Add(i, b)
		}
	}
	f.Fuzz(func(t *testing.T, kind int, file []byte) {
		k := Kinds()[uint(kind)%uint(len(Kinds()))]
		b, err := sheet.Read(file)
		if err != nil {
			return
		}
		w := somewhere()
		p := Make(k, b, w, nil)
		seen := map[house.ID]bool{}
		for _, l := range slices.Concat(p.New, p.Changed, p.Same) {
			require.NoError(t, house.Check(l.Now))
			require.False(t, seen[house.KeyOf(l.Now)])
			seen[house.KeyOf(l.Now)] = true
		}
		if len(p.Mistakes)+len(p.Questions) > 0 || !p.Ready() {
			return
		}
		again := Make(k, b, after(w, p), nil)
		require.Empty(t, again.New)
		require.Empty(t, again.Changed)
		require.Empty(t, again.Mistakes)
	})
}

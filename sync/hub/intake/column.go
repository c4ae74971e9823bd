package intake

import (
	"slices"
	"strings"
	"unicode"

	"tavle/sync/hub/house"
	"tavle/sync/hub/sheet"
	"tavle/sync/record"
)

// A Column is one that a table can have.
type Column struct {
	Key  string
	Must bool
	// Names are what it is called in each language, the first as the example has it.
	Names   map[record.Lang][]string
	Example map[record.Lang][]string // two cells
}

// Name returns what it is called in a language.
func (c Column) Name(l record.Lang) string { return c.Names[l][0] }

func names(da, nb, en string) map[record.Lang][]string {
	cut := func(s string) []string { return strings.Split(s, "|") }
	return map[record.Lang][]string{record.Danish: cut(da), record.Bokmal: cut(nb), record.English: cut(en)}
}

var (
	columnKey = Column{
		Key: "key", Names: names("Nøgle|Nr|Nummer|ID|Medarbejdernummer|Medarbejdernr|Løbenummer", "Nøkkel|Nr|Nummer|ID|Ansattnummer|Ansattnr|Løpenummer",
			"Key|No|Number|ID|Employee number|External ID"), Example: names("1001|1002", "1001|1002", "1001|1002"),
	}
	columnDepartment = Column{
		Key: "department", Names: names("Afdeling|Afsnit|Stue|Hus", "Avdeling|Enhet|Hus", "Department|Unit|Ward|House"),
		Example: names("|", "|", "|"), // filled in with one of theirs
	}
	columnDate = Column{Key: "date", Must: true, Names: names("Dato|Dag", "Dato|Dag", "Date|Day"), Example: names("30.11.2026|1.12.2026", "30.11.2026|1.12.2026", "30.11.2026|1.12.2026")}
	nameWhole  = Column{Key: "name", Names: names("Navn|Fulde navn", "Navn|Fullt navn", "Name|Full name")} // instead of both parts
)

// columns are those of each kind, in the order of the example.
var columns = map[house.Kind][]Column{
	house.KindResident: {
		columnKey, columnDepartment,
		{Key: "first_name", Must: true, Names: names("Fornavn", "Fornavn", "First name|Given name"), Example: names("Ea|Villy", "Eva|Odd", "Eve|Will")},
		{Key: "last_name", Names: names("Efternavn", "Etternavn", "Last name|Surname|Family name"), Example: names("Eksempel|Eksempel", "Eksempel|Eksempel", "Example|Example")},
		{Key: "alias", Names: names("Kaldenavn|Kælenavn", "Kallenavn", "Alias|Called|Nickname"), Example: names("|Ville", "|Odden", "|Willie")},
		{Key: "flat", Names: names("Bolig|Lejlighed|Værelse|Dør", "Leilighet|Bolig|Rom|Dør", "Flat|Room|Door"), Example: names("1|2", "1|2", "1|2")},
	},
	house.KindStaff: {
		columnKey, columnDepartment,
		{Key: "first_name", Must: true, Names: names("Fornavn", "Fornavn", "First name|Given name"), Example: names("Kim|Bo", "Kim|Bo", "Kim|Bo")},
		{Key: "last_name", Names: names("Efternavn", "Etternavn", "Last name|Surname|Family name"), Example: names("Eksempel|Eksempel", "Eksempel|Eksempel", "Example|Example")},
		{Key: "alias", Names: names("Kaldenavn|Kælenavn", "Kallenavn", "Alias|Called|Nickname"), Example: names("|", "|", "|")},
		{Key: "role", Names: names("Stilling|Titel|Funktion", "Stilling|Tittel|Funksjon", "Role|Job title|Position"), Example: names("Pædagog|Kok", "Vernepleier|Kokk", "Social educator|Cook")},
		{Key: "email", Names: names("E-mail|Mail|Mailadresse", "E-post|Epostadresse", "E-mail|Mail|E-mail address"), Example: names("kim@example.org|", "kim@example.org|", "kim@example.org|")},
		{Key: "phone", Names: names("Telefon|Tlf|Mobil|Telefonnummer", "Telefon|Tlf|Mobil|Telefonnummer", "Phone|Mobile|Telephone|Phone number"), Example: names("+45 00 00 00 00|", "+47 00 00 00 00|", "+45 00 00 00 00|")},
	},
	house.KindMeal: {
		columnKey, columnDepartment, columnDate,
		{Key: "time", Names: names("Tid|Kl|Klokkeslæt|Serveres", "Tid|Kl|Klokkeslett|Serveres", "Time|Served"), Example: names("12.00|18.00", "08.00|16.30", "12:00|18:00")},
		{Key: "meal", Must: true, Names: names("Måltid", "Måltid", "Meal"), Example: names("Frokost|Aftensmad", "Frokost|Middag", "Lunch|Dinner")},
		{Key: "title", Must: true, Names: names("Ret|Menu", "Rett|Meny", "Dish|Menu"), Example: names("Rugbrød med pålæg|Grøntsagssuppe", "Brødskiver med pålegg|Grønnsakssuppe", "Rye bread|Vegetable soup")},
		{Key: "allergens", Names: names("Allergener", "Allergener|Allergen", "Allergens"), Example: names("gluten, mælk|selleri", "gluten, melk|selleri", "gluten, milk|celery")},
		{Key: "diet", Names: names("Kost|Kosttype", "Kosthold|Kosttype", "Diet"), Example: names("|vegansk", "|vegansk", "|vegan")},
		{Key: "alternative", Names: names("Alternativ ret|Alternativ|Anden ret", "Alternativ rett|Alternativ|Annen rett", "Alternative dish|Alternative|Other dish"), Example: names("Rugbrød med hummus|", "Brødskiver med hummus|", "Rye bread with hummus|")},
		{Key: "alternative_allergens", Names: names("Alternativ allergener|Allergener i alternativ ret", "Alternativ allergener|Allergener i alternativ rett", "Alternative allergens"), Example: names("gluten, sesam|", "gluten, sesam|", "gluten, sesame|")},
		{Key: "deadline", Names: names("Tilmeldingsfrist|Frist", "Påmeldingsfrist|Frist", "Sign-up deadline|Deadline"), Example: names("10.00|10.00", "07.00|10.00", "10:00|10:00")},
	},
	house.KindShift: {
		columnKey, columnDepartment, columnDate,
		{Key: "type", Must: true, Names: names("Vagt|Vagttype", "Vakt|Vakttype", "Shift|Kind of shift"), Example: names("|", "|", "|")}, // filled in with one of theirs
		{Key: "from", Names: names("Fra|Start|Møder", "Fra|Start", "From|Start"), Example: names("07.00|22.30", "07.00|22.30", "07:00|22:30")},
		{Key: "to", Names: names("Til|Slut", "Til|Slutt", "To|Until|End"), Example: names("15.00|07.15", "15.00|07.15", "15:00|07:15")},
		{Key: "person", Names: names("Medarbejder|Navn|Personale", "Ansatt|Navn|Personale", "Member of staff|Staff|Name|Employee"), Example: names("Kim Eksempel|", "Kim Eksempel|", "Kim Example|")},
	},
}

// Columns returns those of a kind, in the order of the example.
func Columns(k house.Kind) []Column { return columns[k] }

// Example returns a table as it should be, in a language: what the columns are called,
// and two rows, with a department and kinds of shift of the house.
func Example(k house.Kind, l record.Lang, department string, shifts []string) [][]string {
	rows := make([][]string, 3)
	for _, c := range columns[k] {
		cells := slices.Clone(c.Example[l])
		if c.Key == "department" {
			cells = []string{department, department}
		}
		if c.Key == "type" && len(shifts) > 0 {
			cells = []string{shifts[0], shifts[len(shifts)-1]}
		}
		rows[0] = append(rows[0], c.Name(l))
		rows[1], rows[2] = append(rows[1], cells[0]), append(rows[2], cells[1])
	}
	return rows
}

// plain returns words as they are compared: small letters and digits.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// A header says which column is which.
type header struct {
	row   int            // index in the sheet
	at    map[string]int // key of the column → its index
	langs []record.Lang  // that all its names are in
}

// maxAbove is how many rows may stand above the names of the columns: a title, a date.
const maxAbove = 10

// recognise finds the row that names the columns of a kind: the one of the first rows
// that names most. It must name two.
func recognise(k house.Kind, s sheet.Sheet) (best header, ok bool) {
	all := columns[k]
	if k == house.KindResident || k == house.KindStaff {
		all = append(slices.Clone(all), nameWhole)
	}
	for i := range s.Rows[:min(len(s.Rows), maxAbove)] {
		h := header{i, map[string]int{}, []record.Lang{record.Danish, record.Bokmal, record.English}}
		for j, cell := range s.Rows[i].Cells {
			name := plain(cell)
			for _, c := range all {
				var in []record.Lang
				for l, names := range c.Names {
					if slices.ContainsFunc(names, func(n string) bool { return plain(n) == name }) {
						in = append(in, l)
					}
				}
				if _, twice := h.at[c.Key]; len(in) == 0 || twice {
					continue
				}
				h.at[c.Key] = j
				if both := slices.DeleteFunc(slices.Clone(h.langs), func(l record.Lang) bool { return !slices.Contains(in, l) }); len(both) > 0 {
					h.langs = both
				}
				break
			}
		}
		if len(h.at) > len(best.at) {
			best = h
		}
	}
	return best, len(best.at) >= 2
}

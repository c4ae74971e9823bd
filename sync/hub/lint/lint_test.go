package lint

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// R-DPA-34: what looks like the number of a person is found, however it is written,
// and what is a date, a telephone or a booking number is not.
func TestNumbersOfPeople(t *testing.T) {
	for text, want := range map[string]bool{
		// Danish: a date and four digits. None of these is anybody's.
		"010203-4567":                    true,
		"0102034567":                     true,
		"Ring om 010203 4567 i dag":      true,
		"cpr: 311299–0000.":              true,
		"290204.1234":                    true,
		"٠١٠٢٠٣٤٥٦٧":                     true,  // in Arabic digits
		"320199-1234":                    false, // there is no such day
		"300204-1234":                    false, // nor this
		"011399-1234":                    false, // nor such a month
		"12345678":                       false, // a telephone
		"+45 12 34 56 78":                false,
		"+4512345678":                    false,
		"+47 123 45 678":                 false,
		"01.02.2026 kl. 14.30":           false,
		"2026-12-03T10:24":               false,
		"ISBN 978-87-02-12345-6":         false,
		"EAN 5790001234567":              false,
		"01020345678":                    false, // eleven digits, and not a Norwegian one
		"Vi ses 3. december i fællessal": false,
		"":                               false,
		// Norwegian: made up from dates, with check digits that are right.
		nin("010190", 123):           true,
		space(nin("010190", 123)):    true,
		"nr " + nin("410190", 200):   true, // D-number
		nin("014190", 321):           true, // H-number
		nin("018190", 456):           true, // made up for tests
		spoilt(nin("010190", 123)):   false,
		"9" + nin("010190", 123):     false,
		"00000000000":                false,
		"12345678901":                false,
		nin("010190", 123) + "12345": false,
	} {
		require.Equal(t, want, Numbers(text), text)
	}
}

// nin returns a number of Norway with this date and the first n from there on that has
// check digits.
func nin(date string, n int) string {
	for ; n < 1000; n++ {
		s := date + string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
		for k := range 100 {
			if full := s + string([]byte{byte('0' + k/10), byte('0' + k%10)}); norwegian(full) {
				return full
			}
		}
	}
	panic("none")
}

func space(s string) string { return s[:6] + " " + s[6:] }

func spoilt(s string) string {
	b := []byte(s)
	b[10] = '0' + (b[10]-'0'+1)%10
	return string(b)
}

// The check digits, worked out by hand for one number: 3·0+7·1+6·0+1·1+8·0+9·7+4·5+5·0+2·1
// = 93 and 6 make 99; 5·0+4·1+3·0+2·1+7·0+6·7+5·5+4·0+3·1+2·6 = 88 and 0 make 88.
func TestCheckDigits(t *testing.T) {
	require.True(t, norwegian("01010750160"))
	require.False(t, norwegian("01010750161"))
	require.False(t, norwegian("01010750260"))
}

// R-DPA-34: words of health are found in the language of the text, also inside others,
// and everyday words are not.
func TestWordsOfHealth(t *testing.T) {
	for _, row := range []struct {
		text string
		lang record.Lang
		want string
	}{
		{"Ole har fået diagnosen i går", "da", "diagnosen"},
		{"Husk medicinen kl. 8", "da", "medicinen"},
		{"Hun har lungekræft.", "da", "lungekræft"},
		{"Per er syg i dag", "da", "syg"},
		{"Snak om demens", "da", "demens"},
		{"Vi bager boller og synger", "da", ""},
		{"Sygehusvej 4: vi går en tur", "da", ""},
		{"Kræmmermarked på torvet", "da", ""},
		{"Ta medisinen din", "nb", "medisinen"},
		{"Kari er innlagt", "nb", "innlagt"},
		{"Vi syr puter og strikker", "nb", ""},
		{"Ho er sjuk", "nn", "sjuk"},
		{"Anna was hospitalised", "en", "hospitalised"},
		{"Diabetes group", "en", "Diabetes"},
		{"We will bake and sing", "en", ""},
		{"Hill walk, still water", "en", ""},
		{"syg", "en", ""},
		{"insulin", record.Universal, "insulin"},
		{"medicin", "", "medicin"},
		{"ALZHEIMER-cafe", "da", "ALZHEIMER"},
	} {
		require.Equal(t, row.want, HealthWord(row.text, row.lang), "%s in %s", row.text, row.lang)
	}
}

// staff are told of sentences that are too long and texts that are too hard.
func TestTextsThatAreHardToRead(t *testing.T) {
	rules := func(s string, l record.Lang) (out []Rule) {
		for _, f := range Text(s, l) {
			out = append(out, f.Rule)
		}
		return out
	}
	require.Empty(t, rules("Vi går en tur. Tag en jakke på. Vi ses kl. 10.30 i gangen.", "da"))
	require.Empty(t, rules("Torsdag den 3. december går vi. Alle kan være med. Vi ses der.", "da"))
	long := "Vi går en tur og ser på alle de fine huse som ligger ned ad den lange vej ved søen"
	require.Equal(t, []Rule{Long}, rules(long, "da"))
	require.Equal(t, 20, Text(long, "da")[0].N)
	require.Empty(t, rules("Vi går en tur og ser på alle de fine huse.\nSom ligger ned ad den lange vej ved søen.", "da"), "a line is a sentence")
	hard := "Personalegruppens kompetenceudvikling prioriteres. Dokumentationsforpligtelsen understøttes systematisk. Kvalitetsstandarder implementeres løbende. " +
		"Tværfaglige samarbejdsrelationer styrkes fremadrettet. Borgerinddragelse kvalificerer beslutningsprocesserne væsentligt. Evalueringsrapporter offentliggøres efterfølgende."
	require.Equal(t, []Rule{Hard}, rules(hard, "da"))
	require.NotContains(t, rules(hard, "ar"), Hard)
}

// a picture without words and a thing without a pictogram are found, at the place
// that a form has for it.
func TestWhatIsMissing(t *testing.T) {
	a := &house.Album{Title: record.Text{"da": "Tur"}, Photos: []house.Photo{{Asset: "asset:1", Alt: record.Text{"da": "En hund"}}, {Asset: "asset:2"}}}
	require.Equal(t, []Finding{{Rule: Alt, Path: "photos.1.alt", Key: "alt"}}, Record(a))
	require.Equal(t, []Finding{{Rule: Pictogram, Path: "pictogram", Key: "pictogram"}}, Record(&house.Activity{Title: record.Text{"da": "Tur"}}))
	require.Empty(t, Record(&house.Activity{Title: record.Text{"da": "Tur"}, Pictogram: "walk"}))
	m := &house.Meeting{Title: record.Text{"da": "Møde"}, Agenda: []house.AgendaItem{{}, {Title: record.Text{"nb": "Per er syk"}}}}
	found := Record(m)
	require.Len(t, found, 1)
	require.Equal(t, "agenda.1.title", found[0].Path)
	require.Equal(t, Health, found[0].Rule)
	n := &house.Resident{FirstName: record.NameOf("Anna 010203-4567")}
	require.Equal(t, Number, Record(n)[0].Rule)
	require.Equal(t, "first_name", Record(n)[0].Path)
}

// The demo house is as it tells others to be: no numbers, no health, easy sentences.
func TestTheDemoHouseIsAnExample(t *testing.T) {
	h, mistakes := house.Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	for r := range h.Records() {
		for _, f := range Record(r) {
			if f.Rule == Number || f.Rule == Health || f.Rule == Long {
				t.Errorf("%s %s %s: %s %q %d", house.KindOf(r), house.KeyOf(r), f.Path, f.Rule, f.Text, f.N)
			}
		}
	}
}

package house

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/sync/record"
)

func demoHouse(t testing.TB) *House {
	t.Helper()
	h, mistakes := Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	return h
}

// edited reads the demo file with the first was turned into is.
func edited(t *testing.T, was, is string) (*House, []Mistake) {
	t.Helper()
	require.Contains(t, string(demo.House()), was, "the demo file")
	return Parse(strings.NewReader(strings.Replace(string(demo.House()), was, is, 1)))
}

func TestDemoHouseIsReadWhole(t *testing.T) {
	h := demoHouse(t)
	require.Len(t, h.Residents, 18)
	require.Len(t, h.Staff, 8)
	require.Len(t, h.Activities, 10)
	require.Len(t, h.Meals, 14)
	require.Len(t, h.Roster.Shifts, 38)
	require.Equal(t, ID("dep-maane"), h.Activities[0].Department, "things without a department are the first one's")
	require.Equal(t, "Europe/Copenhagen", h.Meta.ZoneOf(h.Departments[0]).String())
}

// What is written is read to the same house, and nothing that was in the file
// is missing, but for what Parse says it reads over.
func TestWrittenHouseIsTheHouseRead(t *testing.T) {
	h := demoHouse(t)
	var b bytes.Buffer
	require.NoError(t, h.Write(&b))
	again, mistakes := Parse(bytes.NewReader(b.Bytes()))
	require.Empty(t, mistakes)
	require.Equal(t, h, again)

	var was, is any
	require.NoError(t, json.Unmarshal(demo.House(), &was))
	require.NoError(t, json.Unmarshal(b.Bytes(), &is))
	for _, beside := range []string{"pictograms", "allergens", "ui_strings", "kindergarten_example", "expected_photo_decisions_wall_own"} {
		delete(was.(map[string]any), beside)
	}
	delete(was.(map[string]any)["meta"].(map[string]any), "shift_rule")
	delete(was.(map[string]any)["meta"].(map[string]any), "times")
	require.Empty(t, lost("", was, is))
}

// lost lists what was holds and is does not. Nothing, false and zero may be
// left out.
func lost(path string, was, is any) (out []string) {
	switch was := was.(type) {
	case map[string]any:
		m, _ := is.(map[string]any)
		for k, v := range was {
			out = append(out, lost(path+"."+k, v, m[k])...)
		}
	case []any:
		l, _ := is.([]any)
		for i, v := range was {
			var x any
			if i < len(l) {
				x = l[i]
			}
			out = append(out, lost(fmt.Sprintf("%s[%d]", path, i), v, x)...)
		}
	case nil:
	case bool:
		if was && is != true {
			out = append(out, path)
		}
	case float64:
		if was != 0 && is != was {
			out = append(out, path)
		}
	default:
		if is != was {
			out = append(out, path)
		}
	}
	return out
}

func TestRecordsAndListsMakeTheHouseAgain(t *testing.T) {
	h := demoHouse(t)
	lists := maps.Collect(h.Lists())
	var again House
	for r := range h.Records() {
		k := KindOf(r)
		back, err := Decode(k, Encode(r))
		require.NoError(t, err)
		require.Equal(t, r, back)
		require.Equal(t, KeyOf(r), KeyOf(back))
		if l, ok := back.(Lister); ok {
			require.Empty(t, l.Places(), "a document holds no sign-ups")
			l.SetPlaces(lists[List{k, KeyOf(back)}])
		}
		again.Add(back)
	}
	require.Equal(t, h, &again)
}

func TestEveryKindHasItsType(t *testing.T) {
	for _, k := range Kinds() {
		require.Equal(t, k, KindOf(New(k)))
	}
	require.Nil(t, New("nothing"))
}

func TestHomeSaysWhereAndWhen(t *testing.T) {
	h := demoHouse(t)
	market := h.Activities[8]
	require.Equal(t, Home{
		Departments: []ID{"dep-maane"}, Shared: []ID{"dep-nabo", "ext-strandhuset"}, From: "2026-12-05", Until: "2026-12-05",
	}, HomeOf(&market))
	require.Equal(t, Home{Departments: []ID{"dep-maane", "dep-nabo"}}, HomeOf(&h.Staff[0]))
	require.Equal(t, Home{}, HomeOf(&h.System))
	night := h.Roster.Shifts[6]
	require.Equal(t, Home{Departments: []ID{"dep-maane"}, From: "2026-11-30", Until: "2026-12-01"}, HomeOf(&night))
}

func TestShiftMovesDatesAndKeepsTimes(t *testing.T) {
	h := demoHouse(t)
	h.Shift(-7)
	require.Equal(t, Wall("2026-11-23T09:30"), h.Activities[0].Starts)
	require.Equal(t, Wall(""), h.Activities[0].Deadline)
	require.Equal(t, Day("2026-08-10"), h.Residents[0].Acceptance.DecidedOn)
	require.Equal(t, Day("2026-11-23"), h.Meta.Anchor)
	require.Equal(t, Clock("08:00"), h.Roster.Types["office"].From)
	require.Equal(t, Wall("2026-11-24T07:15"), h.Roster.Shifts[6].To)
	h.Shift(7)
	require.Equal(t, demoHouse(t), h)
}

func TestShortAndLongFormsSayTheSame(t *testing.T) {
	asIs := demoHouse(t)
	require.Equal(t, []Waiter{{Person: "r04"}}, asIs.Activities[2].Waitlist)
	require.Equal(t, Bring{{Title: record.Text{"da": "Varmt tøj", "nb": "Varme klær"}, Pictogram: "coat"}}, asIs.Activities[1].Bring)

	long, mistakes := edited(t, `"waitlist": [
    "r04"
   ]`, `"waitlist": [{"person": "r04", "via": "manager"}]`)
	require.Empty(t, mistakes)
	require.Equal(t, []Waiter{{Person: "r04", Via: "manager"}}, long.Activities[2].Waitlist)

	thing, mistakes := edited(t, `"bring": null`, `"bring": {"da": "Varmt tøj"}`)
	require.Empty(t, mistakes)
	require.Equal(t, Bring{{Title: record.Text{"da": "Varmt tøj"}}}, thing.Activities[0].Bring)

	led, mistakes := edited(t, `"leader": "s06",
   "status": "planned",
   "picture": "asset:scene-forest"`, `"leaders": ["s06", "s03"], "status": "planned"`)
	require.Empty(t, mistakes)
	require.Equal(t, []ID{"s06", "s03"}, led.Activities[1].Led())

	for _, h := range []*House{long, thing, led} {
		var b bytes.Buffer
		require.NoError(t, h.Write(&b))
		again, mistakes := Parse(&b)
		require.Empty(t, mistakes)
		require.Equal(t, h, again)
	}
}

// Each row is one edit of the demo file and the mistakes it makes.
var wrong = []struct {
	name, was, is string
	want          []string
}{
	{"an unknown member", `"capacity": 8`, `"capasity": 8`, []string{`activities[1]: no member is called "capasity"; want one of bring, `}},
	{"a name where a member should be", `"flat": "1"`, `"Gertrud Holm": "1"`, []string{`residents[0]: no member is called that; want one of `}},
	{"nobody of that ID", `"person": "r02"`, `"person": "r99"`, []string{`activities[1].signups[0].person: no resident or former "r99"`}},
	{"a name where an ID should be", `"person": "r02"`, `"person": "Gertrud"`, []string{`activities[1].signups[0].person: no resident or former with that ID`}},
	{"staff signed up", `"person": "r02"`, `"person": "s02"`, []string{`activities[1].signups[0].person: no resident or former "s02"`}},
	{"no such day", `"2026-11-30T09:30"`, `"2026-11-31T09:30"`, []string{`activities[0].starts: want a time such as 2026-11-30T09:30`}},
	{"the end before the start", `"2026-11-30T10:15"`, `"2026-11-30T09:30"`, []string{`activities[0].ends: not after starts`}},
	{"a negative capacity", `"capacity": 8`, `"capacity": -1`, []string{`activities[1].capacity: want a whole number from 0 to 10000`}},
	{"half a place", `"capacity": 8`, `"capacity": 7.5`, []string{`activities[1].capacity: want a whole number from 0 to 10000`}},
	{"an ID twice", `"id": "a02"`, `"id": "a01"`, []string{`activities[1]: the same as item 0`}},
	{"a person twice", `"id": "c01"`, `"id": "r01"`, []string{`relatives[0].id: the same as in residents`}},
	{"on one list twice", `"person": "r02"`, `"person": "r04"`, []string{`activities[1].signups[1].person: is on this list already`}},
	{"waiting for nothing", `"waitlist": []`, `"waitlist": ["r02"]`, []string{`activities[0].waitlist: there is no capacity to wait for`}},
	{"a word that is none", `"state": "accepted"`, `"state": "yes"`, []string{`residents[0].acceptance.state: want one of accepted, not_asked, declined`}},
	{"accepted, nobody knows when", `"decided_on": "2026-08-17"`, `"decided_on": null`, []string{`residents[0].acceptance: accepted; want decided_on, decided_by, method and notice_version`}},
	{"an alias no screen could spell", `"alias": "Mik"`, `"alias": "🌻"`, []string{`residents[1].alias: no letter or digit in it; screens could not show it, nor read it aloud`}},
	{"an alias nobody gave", `"alias": "Mik"`, `"alias": null`, []string{`residents[1].choices.name_mode: alias, but no alias is given`}},
	{"a sound nobody can speak", `"alias": "Mik"`, `"alias": "Mik", "alias_spoken": "…"`, []string{`residents[1].alias_spoken: no letter or digit in it; `}},
	{"the sound of no alias", `"first_name_latin": "Anna"`, `"alias_spoken": "Gertrud"`, []string{`residents[0].alias_spoken: there is no alias`}},
	{"the sound of somebody's name", `"schema"`, pronounced("Annas kage", "Gertrud"), []string{`meta.pronunciations[0].word: what somebody is called; say it with them`}},
	{"the sound of a colleague's name", `"schema"`, pronounced("leyla", "Gertrud"), []string{`meta.pronunciations[0].word: what somebody is called; say it with them`}},
	{"a word without a sound", `"schema"`, pronounced("quiche", "!"), []string{`meta.pronunciations[0].spoken: no letter in it`}},
	{"a sound without a word", `"schema"`, pronounced("13", "tretten"), []string{`meta.pronunciations[0].word: no letter in it`}},
	{"a word with two sounds", `"schema"`, pronounced("quiche", "kisj", "Quiche", "kvisj"), []string{`meta.pronunciations[1].word: is there already, in this language`}},
	{"a sound in no language", `"schema"`, strings.Replace(pronounced("quiche", "kisj"), `"da"`, `"DK"`, 1), []string{`meta.pronunciations[0].language: want a language such as da, nb or en`}},
	{"the sound of no film", `"film": "asset:film-screen",`, ``, []string{`videos[0].with_sound: there is no film`}},
	{"a zone of fairy tales", `"Europe/Copenhagen"`, `"Europe/Andeby"`, []string{`meta.timezone.da: want a time zone such as Europe/Copenhagen`}},
	{"a shift of no type", `"type": "day"`, `"type": "dawn"`, []string{`roster.shifts[1].type: no such type in roster.types`}},
	{"a shift of two days", `"to": "2026-11-30T15:00"`, `"to": "2026-12-02T15:00"`, []string{`roster.shifts[1].to: over 36 hours after from`}},
	{"an allergen that is none", `"gluten",`, `"glutten",`, []string{`meals[0].allergens[0]: want one of gluten, `}},
	{"a screen elsewhere", `"screens": [
    "scr-3"
   ]`, `"screens": ["scr-1"]`, []string{`departments[1].screens[0]: hangs in another department`}},
	{"a plan for nobody", `"person:r10"`, `"person:r90"`, []string{`documents[1].shared_to: no resident "r90"`}},
	{"a member twice", `"flat": "1"`, `"flat": "1", "flat": "2"`, []string{`residents[0].flat: stands here twice`}},
	{"a text without language", `"place": {`, `"place": "stuen", "text": {`, []string{`screens[0].place: want a text per language`, `screens[0]: no member is called "text"`}},
	{"a name that turns the line around", `"first_name": "Anna"`, `"first_name": "An\u202ena"`, []string{`residents[0].first_name: holds a control character`}},
	{"another format", `"tavle-demo/1"`, `"tavle-house/9"`, []string{`meta.schema: want one of tavle-house/1, tavle-demo/1`}},
	{"two answers with one picture", `"face-fair"`, `"face-good"`, []string{`polls[0].options[1].pictogram: another answer has it already`}},
	{"an answer without a picture", `"pictogram": "face-fair"`, `"pictogram": ""`, []string{`polls[0].options[1].pictogram: `}},
	{"a question nobody has time for", `"2026-12-03T21:00"`, `"2026-12-03T08:00"`, []string{`polls[0].until: not after from`}},
	{"a question with a person in it", `"id": "poll-1"`, `"id": "poll-1", "asked_by": "r01"`, []string{`polls[0]: no member is called "asked_by"; want one of `}},
	{"two mistakes at once", `"kind": "resident"`, `"kind": "staff", "age": 80`, []string{`residents[0].kind: want "resident"`, `residents[0]: no member is called "age"`}},
}

// pronounced is how words are spoken in Danish, before the member schema.
func pronounced(pairs ...string) string {
	var list []string
	for pair := range slices.Chunk(pairs, 2) {
		list = append(list, fmt.Sprintf(`{"language": "da", "word": %q, "spoken": %q}`, pair[0], pair[1]))
	}
	return `"pronunciations": [` + strings.Join(list, ", ") + `], "schema"`
}

// Issue 2, "Bad input": a house file with dangling references. Every mistake is
// named with its place and what is allowed, at once, and nobody's name stands
// in any of them.
func TestEveryMistakeIsNamedWithItsPlace(t *testing.T) {
	for _, w := range wrong {
		t.Run(w.name, func(t *testing.T) {
			h, mistakes := edited(t, w.was, w.is)
			require.Nil(t, h)
			var got []string
			for _, m := range mistakes {
				require.NotContains(t, m.String(), "Gertrud")
				require.NotZero(t, m.Line, m.String())
				got = append(got, m.Path+": "+m.Text)
			}
			require.Len(t, got, len(w.want), "%v", got)
			for _, want := range w.want {
				require.True(t, slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, want) }), "want %q in %q", want, got)
			}
		})
	}
}

func TestMistakesSayTheirLine(t *testing.T) {
	_, mistakes := Parse(strings.NewReader("{\n \"meta\": 3,\n\n \"system\": []}"))
	require.Equal(t, "line 1: departments is missing", mistakes[0].String())
	require.Equal(t, "line 2: meta: want an object", mistakes[1].String())
	require.Equal(t, "line 4: system: want an object", mistakes[2].String())
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	for in, want := range map[string]string{
		"":                        "line 1: the end is missing",
		"{":                       "line 1: the end is missing",
		"{} {}":                   "line 1: something follows the end",
		"{\n\"a\": \"\xff\"}":     "not UTF-8",
		"{\n\"Gertrud\": Holm}":   "line 2: not JSON",
		deep:                      "line 1: over 16 levels deep",
		"[1,2]":                   "line 1: want an object",
		strings.Repeat(" ", 70e6): "over 64 MB",
	} {
		h, mistakes := Parse(strings.NewReader(in))
		require.Nil(t, h)
		require.Len(t, mistakes, 1)
		require.Equal(t, want, mistakes[0].String())
	}
}

func TestManyMistakesEnd(t *testing.T) {
	_, mistakes := Parse(strings.NewReader(`{"residents": [` + strings.Repeat(`{},`, 10_000) + `{}]}`))
	require.Len(t, mistakes, MaxMistakes+1)
	require.Equal(t, "more than 200 mistakes; the rest is not listed", mistakes[MaxMistakes].String())
}

// Any bytes: Parse ends, and what it accepts it writes and reads again.
func FuzzParse(f *testing.F) {
	f.Add(demo.House())
	var h House
	h.Meta = Meta{Schema: "tavle-house/1", Zones: demoHouse(f).Meta.Zones, Languages: demoHouse(f).Meta.Languages}
	h.System, h.Departments = demoHouse(f).System, demoHouse(f).Departments[1:]
	h.Residents, h.Activities = demoHouse(f).Residents[:0], demoHouse(f).Activities[:0]
	var small bytes.Buffer
	require.NoError(f, h.Write(&small))
	f.Add(small.Bytes())
	f.Add([]byte(`{"meta":{"schema":"tavle-house/1","timezone":{"da":"Europe/Oslo"},"content_languages":["da"]},"system":{"id":"s","name":{"da":"S"},"controller":{"name":{"da":"K"}}},"departments":[{"id":"d","name":{"da":"D"}}]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		h, mistakes := Parse(bytes.NewReader(in))
		if (h == nil) != (len(mistakes) > 0) {
			t.Fatal("neither a house nor a mistake, or both")
		}
		if h == nil {
			return
		}
		var out bytes.Buffer
		if err := h.Write(&out); err != nil {
			t.Fatal(err)
		}
		again, mistakes := Parse(bytes.NewReader(out.Bytes()))
		if again == nil {
			t.Fatalf("written, but not read again: %v", mistakes)
		}
		var twice bytes.Buffer
		if err := again.Write(&twice); err != nil || !bytes.Equal(out.Bytes(), twice.Bytes()) {
			t.Fatal("written differently the second time")
		}
	})
}

// The reader of values takes what encoding/json takes, and reads the same.
func FuzzNodes(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e3,true,null,"x\u00e5\n"]}`, `[]`, ` {} `, `"\ud800"`, `[1,]`, `{"a"}`, `01`, `nul`, `"a`, `[1 2]`, "\"\"\x00", "\"\t\"", `\`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		n, err := parseNodes(in)
		if err != nil {
			if utf8.Valid(in) && json.Valid(in) && !strings.Contains(err.Error(), "deep") {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		var want any
		d := json.NewDecoder(bytes.NewReader(in))
		d.UseNumber()
		if !json.Valid(in) || d.Decode(&want) != nil {
			t.Fatal("not JSON, and taken")
		}
		if got := plain(n); !reflect.DeepEqual(got, want) {
			t.Fatalf("read %v, want %v", got, want)
		}
	})
}

// plain returns n as encoding/json would have read it.
func plain(n *node) any {
	switch n.kind {
	case '{':
		m := map[string]any{}
		for i, k := range n.keys {
			m[k] = plain(&n.list[i])
		}
		return m
	case '[':
		l := []any{}
		for i := range n.list {
			l = append(l, plain(&n.list[i]))
		}
		return l
	case '"':
		return n.text
	case '0':
		return json.Number(n.text)
	case 't', 'f':
		return n.kind == 't'
	}
	return nil
}

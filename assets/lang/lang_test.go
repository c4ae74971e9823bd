package lang

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func all(t *testing.T) map[string]*Words {
	t.Helper()
	m := map[string]*Words{}
	for _, tag := range Tags {
		w, err := Load(tag)
		if err != nil {
			t.Fatal(err)
		}
		m[tag] = w
	}
	return m
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// every key in every language, with the same placeholders.
func TestEveryKeyIsInEveryLanguage(t *testing.T) {
	m := all(t)
	keys := slices.Sorted(maps.Keys(m["da"].words))
	for tag, w := range m {
		if got := slices.Sorted(maps.Keys(w.words)); !slices.Equal(got, keys) {
			t.Errorf("%s and da differ in their keys: %v", tag, differing(keys, got))
		}
		for _, k := range keys {
			a, b := placeholder.FindAllString(m["da"].words[k], -1), placeholder.FindAllString(w.words[k], -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s %s: placeholders %v, da has %v", tag, k, b, a)
			}
		}
	}
}

// where something did not work the wall says what to do about it, and never
// a number: for whatever happened (the keys' beginnings) there are words that help.
func TestWhatWentWrongIsSaidWithWhatToDo(t *testing.T) {
	number := regexp.MustCompile(`\b[A-Z]+[-_]?[0-9]+\b|0x|\b[45][0-9]{2}\b`)
	helps := map[string]string{
		"confirm.refused": "confirm.ask_staff", "saving.failed": "saving.staff", "masked.title": "masked.tell",
		"pause.title": "masked.tell", "who.empty_title": "who.empty_hint", "waiting.title": "waiting.offline",
		"offline.title": "offline.since",
	}
	for tag, w := range all(t) {
		for what, do := range helps {
			if !w.Has(what) || !w.Has(do) {
				t.Errorf("%s: %s without %s", tag, what, do)
			}
		}
		for k, s := range w.words {
			area, of, _ := strings.Cut(k, ".")
			if name, ok := strings.CutSuffix(of, ".title"); ok && area == "pair" && !w.Has("pair."+name+".text") {
				t.Errorf("%s %s: not what to do", tag, k)
			}
			if area != "pair" && area != "net" && number.MatchString(s) {
				t.Errorf("%s %s: %q has a code in it", tag, k, s)
			}
		}
	}
}

// differing returns what is in one of two sorted lists only.
func differing(a, b []string) (out []string) {
	for _, list := range [][2][]string{{a, b}, {b, a}} {
		for _, k := range list[0] {
			if _, in := slices.BinarySearch(list[1], k); !in {
				out = append(out, k)
			}
		}
	}
	return out
}

// at most ten words a sentence, no exclamation marks, and none of
// the words residents are spared.
func TestWordsAreEasyToRead(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)\b(fejl|feil|error|!)`)
	for tag, w := range all(t) {
		for k, s := range w.words {
			for sentence := range strings.SplitSeq(s, ". ") {
				if n := len(strings.Fields(sentence)); n > 10 {
					t.Errorf("%s %s: a sentence of %d words", tag, k, n)
				}
			}
			if forbidden.MatchString(s) || strings.Contains(s, "!") {
				t.Errorf("%s %s: %q", tag, k, s)
			}
		}
	}
}

// what the wall says to residents is as easy as a children's book. What an
// installer reads may be harder, and Arabic has no such measure.
func TestWordsAreAsEasyAsAChildrensBook(t *testing.T) {
	for tag, w := range all(t) {
		var sentences []string
		for k, s := range w.words {
			area, _, _ := strings.Cut(k, ".")
			if n := len(strings.Fields(s)); n >= 3 && area != "pair" && area != "page" && area != "net" {
				sentences = append(sentences, strings.Split(strings.TrimSuffix(s, "."), ". ")...)
			}
		}
		if l := LIX(sentences); l > 30 && tag != "ar" {
			t.Errorf("%s: LIX %.1f, at most 30 wanted", tag, l)
		}
	}
	if l := LIX([]string{"Speciallægepraksisplanlægningen stabiliseres øjeblikkeligt"}); l < 60 {
		t.Errorf("a hard sentence has LIX %.1f", l)
	}
}

// "frokost" is lunch in Danish and breakfast in Bokmål.
func TestFrokostIsNeverMixedUp(t *testing.T) {
	m := all(t)
	if got := m["da"].T("meal.lunch"); got != "Frokost" {
		t.Errorf("da lunch: %q", got)
	}
	if got := m["nb"].T("meal.breakfast"); got != "Frokost" {
		t.Errorf("nb breakfast: %q", got)
	}
	if got := m["nn"].T("meal.breakfast") + m["sv"].T("meal.breakfast"); got != "FrukostFrukost" {
		t.Errorf("nn and sv breakfast: %q", got)
	}
	if m["nb"].T("meal.lunch") == "Frokost" || m["da"].T("meal.breakfast") == "Frokost" {
		t.Error("frokost stands for the wrong meal")
	}
}

func TestTimesAndDates(t *testing.T) {
	m := all(t)
	now := time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)
	at := func(day, h, min int) time.Time { return time.Date(2026, 12, day, h, min, 0, 0, time.UTC) }
	for _, c := range []struct{ got, want string }{
		{m["da"].Clock(now), "10.24"},
		{m["nb"].Clock(now), "10:24"},
		{m["da"].Clock(at(3, 8, 5)), "8.05"},
		{m["da"].Hour(at(3, 18, 0)), "18"},
		{m["da"].Date(now), "3. december"},
		{m["en"].Date(now), "3 December"},
		{m["da"].Day(now, now), "I dag"},
		{m["nb"].Day(at(4, 0, 0), now), "I morgen"},
		{m["da"].Day(at(2, 23, 59), now), "I går"},
		{m["da"].Day(at(6, 9, 0), now), "Søndag"},
		{m["da"].DayWithin(at(4, 0, 0), now), "i morgen"},
		{m["da"].DayWithin(at(6, 9, 0), now), "søndag"},
		{m["en"].DayWithin(at(2, 0, 0), now), "yesterday"},
		{m["en"].DayWithin(at(6, 9, 0), now), "Sunday"},
		{m["da"].WeekdayShort(time.Thursday), "Tor"},
		{m["da"].Until(at(3, 11, 0), now), "Om 36 minutter"},
		{m["da"].Until(at(3, 10, 25), now), "Om 1 minut"},
		{m["da"].Until(at(3, 11, 24), now), "Om 1 time"},
		{m["da"].Until(at(3, 13, 30), now), "Om 3 timer"},
		{m["da"].Until(now, now), ""},
		{m["da"].Until(at(4, 10, 0), now), ""},
		{m["da"].N("crowd.left", 1), "1 ledig plads"},
		{m["da"].N("crowd.left", 4), "4 ledige pladser"},
		{m["da"].Part(PartOf(now)), "formiddag"},
		{m["da"].Part(PartOf(at(3, 23, 0))), "nat"},
		{m["da"].Part(PartOf(at(3, 5, 59))), "nat"},
		{Capital("ørsted"), "Ørsted"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestUnknownLanguageSaysWhichThereAre(t *testing.T) {
	_, err := Load("kl")
	if err == nil || !strings.Contains(err.Error(), "da, nb, nn, sv, en, ar") {
		t.Errorf("got %v", err)
	}
}

// a name in other letters and a number with its sign stay in one piece in
// an Arabic sentence, and facts follow each other as they are read.
func TestValuesThatRunAnotherWayAreIsolated(t *testing.T) {
	m := all(t)
	for _, c := range []struct{ got, want string }{
		{m["ar"].T("weather.degree", "n", "−3"), "\u200F\u2068−3\u2069 درجات"},
		{m["ar"].T("activity.leads_one", "name", "Ahmed"), "\u200F\u2068Ahmed\u2069 يرافقنا"},
		{m["ar"].T("activity.leads_one", "name", "فاطمة"), "\u200Fفاطمة يرافقنا"},
		{m["ar"].T("time.at", "time", "10:24"), "\u200Fالساعة 10:24"},
		{m["ar"].T("time.range", "from", "10", "to", "12"), "\u200F10 إلى 12"},
		{m["ar"].Line("Banko", "اليوم"), "\u200F\u2068Banko\u2069 · اليوم"},
		{m["da"].T("activity.leads_one", "name", "فاطمة"), "\u2068فاطمة\u2069 tager med"},
		{m["da"].Line("Banko", "I dag"), "Banko · I dag"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	if got := Aloud(m["ar"].Line("Banko", "اليوم"), "ar"); got != "Banko, اليوم" {
		t.Errorf("spoken as %q", got)
	}
}

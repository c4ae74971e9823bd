package lang

import (
	"strings"
	"testing"
	"time"
	"unicode"
)

// times and dates are spoken in words of the language, by the 24 hours
// that are on the wall or, in English, by halves of the day.
func TestTimesAndDatesAreSpokenInWords(t *testing.T) {
	for _, c := range []struct{ tag, written, spoken string }{
		{"da", "I dag kl. 13.30", "I dag klokken tretten tredive"},
		{"da", "I dag kl. 14.00 – 15.30", "I dag klokken fjorten til klokken femten tredive"},
		{"da", "8.05. Morgenkaffe", "klokken otte nul fem. Morgenkaffe"},
		{"da", "Frokost kl. 12", "Frokost klokken tolv"},
		{"da", "Nu er det torsdag, 20. november. Klokken er 10.24.", "Nu er det torsdag, den tyvende november. Klokken er ti fireogtyve."},
		{"da", "21.41", "klokken enogtyve enogfyrre"},
		{"da", "6 er med · 4 ledige pladser", "6 er med, 4 ledige pladser"},
		{"da", "Version 1.4.0, 192.168.1.41", "Version 1.4.0, 192.168.1.41"},
		{"nb", "I dag kl. 13:30", "I dag klokken tretten tretti"},
		{"nb", "Klokken er 21:21", "Klokken er tjueen tjueen"},
		{"nn", "kl. 7:15, 3. desember", "klokka sju femten, den tredje desember"},
		{"sv", "kl. 8:05 – 9:00", "klockan åtta noll fem till klockan nio"},
		{"sv", "31 december", "den trettioförsta december"},
		{"en", "Today at 13:30 – 15:00", "Today at one thirty p m to three p m"},
		{"en", "Lunch at 12", "Lunch at noon"},
		{"en", "The time is 8:05.", "The time is eight oh five a m."},
		{"en", "21 November", "the twenty-first of November"},
		{"ar", "الساعة 13:30", "الساعة 13:30"},
	} {
		if got := Aloud(c.written, c.tag); got != c.spoken {
			t.Errorf("%s: %q is spoken %q, want %q", c.tag, c.written, got, c.spoken)
		}
	}
}

// Every time the wall writes is spoken without a digit, and no two alike.
func TestEveryTimeCanBeSpoken(t *testing.T) {
	for tag := range numerals {
		w, said := Must(tag), map[string]string{}
		for m := range 24 * 60 {
			at := time.Date(2026, 1, 1+m%31, m/60, m%60, 0, 0, time.UTC)
			s := Aloud(w.T("time.at", "time", w.Clock(at)), tag)
			if strings.ContainsFunc(s, unicode.IsDigit) {
				t.Fatalf("%s: %q", tag, s)
			}
			if was, ok := said[s]; ok {
				t.Fatalf("%s: %s and %s are both %q", tag, was, w.Clock(at), s)
			}
			said[s] = w.Clock(at)
			if d := Aloud(w.Date(at), tag); strings.ContainsFunc(d, unicode.IsDigit) {
				t.Fatalf("%s: %q", tag, d)
			}
		}
	}
}

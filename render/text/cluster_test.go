package text

import "testing"

func TestInitialKeepsMarksTogether(t *testing.T) {
	for s, want := range map[string]string{
		"":          "",
		"Åse":       "Å",
		"A\u030Ase": "Å", // A and a combining ring
		"\uFF2Dads": "M", // of full width, as Asian keyboards write it
		" 🌻 Mads":   "M",
		"🌻":         "",
		"(7)":       "7",
		"Thảo":      "T",
		"கவிதா":     "க",
		"فاطمة":     "ف",
		"ሰላም":       "ሰ",
	} {
		if got := Initial(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

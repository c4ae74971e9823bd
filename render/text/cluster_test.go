package text

import "testing"

func TestInitialKeepsMarksTogether(t *testing.T) {
	for s, want := range map[string]string{
		"":          "",
		"Åse":       "Å",
		"A\u030Ase": "A\u030A", // A and a combining ring
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

package lang

import "testing"

// names and words are spoken as somebody said they sound, where they stand as
// words of their own; a name in letters that the voice does not read falls back to the
// form in letters that it does, and the other way round stays as it is.
func TestWordsAreSpokenAsTheySound(t *testing.T) {
	words := []Word{
		{Written: "Siobhán", Spoken: "Sjivån"},
		{Written: "Anne", Spoken: "Anne"},
		{Written: "Anne-Siobhán", Spoken: "Anne Sjivån"},
		{Written: "فاطمة", Spoken: "Fatima"},
		{Written: "Sol", Spoken: "Såhl"},
		{Lang: "da", Written: "quiche", Spoken: "kisj"},
		{Lang: "nb", Written: "quiche", Spoken: "kisj med s"},
		{Written: "", Spoken: "nothing"},
	}
	for _, c := range []struct{ tag, written, spoken string }{
		{"da", "Siobhán", "Sjivån"},
		{"da", "Siobhán, Anne og Siobháns mor", "Sjivån, Anne og Sjivåns mor"},
		{"da", "(Siobhán's)", "(Sjivån's)"},
		{"da", "Anne-Siobhán bager", "Anne Sjivån bager"},
		{"da", "Siobhánsen, OSiobhán og Siobhán2", "Siobhánsen, OSiobhán og Siobhán2"},
		{"da", "Sol og sol, solskin", "Såhl og sol, solskin"},
		{"da", "Quiche og QUICHE, kl. 12", "kisj og kisj, kl. 12"},
		{"nb", "Quiche", "kisj med s"},
		{"sv", "Quiche", "Quiche"},
		{"da", "فاطمة er med", "Fatima er med"},
		{"ar", "فاطمة", "فاطمة"},
		{"ar", "Siobhán", "Siobhán"},
		{"da", "", ""},
	} {
		if got := Respell(c.written, c.tag, words); got != c.spoken {
			t.Errorf("%s: %q is spoken %q, want %q", c.tag, c.written, got, c.spoken)
		}
	}
	back := []Word{{Written: "Fatima", Spoken: "فاطمة"}}
	if got := Respell("Fatima", "ar", back); got != "فاطمة" {
		t.Errorf("in Arabic letters: %q", got)
	}
}

package record

// A Lang is a language of content or of the screen: a BCP 47 tag in lower case.
type Lang string

// The languages the screens speak.
const (
	Danish    Lang = "da"
	Bokmal    Lang = "nb"
	Nynorsk   Lang = "nn"
	Swedish   Lang = "sv"
	English   Lang = "en"
	Universal Lang = "und" // a text that has no language, such as a number
)

// Text is one piece of content in the languages it was written in.
type Text map[Lang]string

// In returns the text in the first of langs that it was written in; otherwise
// in a neighbouring language a Scandinavian reader understands, then in any
// (the first by tag, so that it is always the same one). It returns the
// language it found, for read-aloud and hyphenation, and "" when t is empty.
func (t Text) In(langs ...Lang) (string, Lang) {
	for _, l := range langs {
		if s := t[l]; s != "" {
			return s, l
		}
	}
	for _, l := range [...]Lang{Danish, Bokmal, Nynorsk, Swedish, English, Universal} {
		if s := t[l]; s != "" {
			return s, l
		}
	}
	var first Lang
	for l, s := range t {
		if s != "" && (first == "" || l < first) {
			first = l
		}
	}
	return t[first], first
}

// IsZero reports whether t says nothing in any language.
func (t Text) IsZero() bool {
	for _, s := range t {
		if s != "" {
			return false
		}
	}
	return true
}

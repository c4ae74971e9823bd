package intake

import (
	"strings"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// What cells mean that name one of few things, in the three languages.

// allergens are the fourteen of the law, in its order: a number says one, too.
var allergens = []struct {
	key   string
	words string
}{
	{"gluten", "gluten hvede rug byg havre hvete rug bygg wheat rye barley oats"},
	{"crustaceans", "skaldyr krebsdyr krepsdyr skalldyr crustaceans crustacean shellfish"},
	{"eggs", "æg egg eggs"},
	{"fish", "fisk fish"},
	{"peanuts", "jordnødder peanuts peanut jordnøtter peanøtter"},
	{"soybeans", "soja soya soybeans soy sojabønner soyabønner"},
	{"milk", "mælk laktose melk milk lactose"},
	{"nuts", "nødder nøtter nuts nut"},
	{"celery", "selleri celery"},
	{"mustard", "sennep mustard"},
	{"sesame", "sesam sesame sesamfrø"},
	{"sulphites", "sulfit sulfitter sulfitt sulphites sulfites svovldioxid svoveldioksid"},
	{"lupin", "lupin lupiner"},
	{"molluscs", "bløddyr bløtdyr molluscs muslinger blåskjell"},
}

var diets = map[string]string{
	"vegetarian":  "vegetarian vegetar vegetarisk vegetarretter vegetarianer",
	"vegan":       "vegan vegansk veganer",
	"halal":       "halal",
	"kosher":      "kosher koscher",
	"pescatarian": "pescatarian pescetarian pescetar pescetarisk pesketarisk",
}

// nothing are words for none of them.
const nothing = "ingen none"

// parts cuts a cell into what it lists.
func parts(cell string) (out []string) {
	for _, s := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",;/+&|", r) }) {
		for _, word := range []string{" og ", " and "} {
			s = strings.ReplaceAll(s, word, ",")
		}
		for s := range strings.SplitSeq(s, ",") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

func among(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if plain(w) == word {
			return true
		}
	}
	return false
}

// allergensOf reads a list of allergens. One that is not known is not left out: the
// whole list is refused.
func allergensOf(cell string) (out []string, ok bool) {
	found := map[string]bool{}
	for _, p := range parts(cell) {
		word, known := plain(p), false
		for i, a := range allergens {
			if among(a.words, word) || word == a.key || word == itoa(i+1) {
				found[a.key], known = true, true
				break
			}
		}
		if !known && !among(nothing, word) {
			return nil, false
		}
	}
	for _, a := range allergens {
		if found[a.key] {
			out = append(out, a.key)
		}
	}
	return out, true
}

func dietsOf(cell string) (out []string, ok bool) {
	found := map[string]bool{}
	for _, p := range parts(cell) {
		word, known := plain(p), false
		for key, words := range diets {
			if among(words, word) {
				found[key], known = true, true
			}
		}
		if !known && !among(nothing, word) {
			return nil, false
		}
	}
	for _, key := range []string{"vegetarian", "vegan", "halal", "kosher", "pescatarian"} {
		if found[key] {
			out = append(out, key)
		}
	}
	return out, true
}

// mealOf reads which meal it is. The same word is another meal in another language:
// "frokost" is lunch in Danish and breakfast in Norwegian, and "middag" is at noon or in
// the evening in Danish. Where the language is not sure, it is not guessed.
func mealOf(cell string, l record.Lang, sure bool, served house.Clock) (meal string, ok bool) {
	switch word := plain(cell); word {
	case "morgenmad", "breakfast":
		return "breakfast", true
	case "lunsj", "lunch":
		return "lunch", true
	case "aftensmad", "aftenmad", "dinner", "supper":
		return "dinner", true
	case "frokost":
		meal := map[record.Lang]string{record.Danish: "lunch", record.Bokmal: "breakfast"}[l]
		return meal, sure && meal != ""
	case "middag", "middagsmad":
		switch {
		case l == record.Bokmal && sure:
			return "dinner", true
		case l == record.Danish && sure && served != "":
			return map[bool]string{true: "lunch", false: "dinner"}[served.Minutes() < 15*60], true
		}
	}
	return "", false
}

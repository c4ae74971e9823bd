package lang

import (
	"regexp"
	"strconv"
	"strings"
)

// Aloud returns words as they are to be spoken in a language: times and dates in
// words, and no signs that only the eye understands. A voice reads 13.30 as a
// decimal, or not at all; people say what is on a digital clock: "klokken tretten
// tredive". Languages without numerals here keep their digits.
func Aloud(s, tag string) string {
	s = signs.Replace(s)
	n, ok := numerals[tag]
	if !ok {
		return s
	}
	s = n.ranges.ReplaceAllString(s, "$1 "+n.to+" ")
	s = n.sayDates(s)
	return n.sayTimes(s)
}

// signs are what is not spoken.
var signs = strings.NewReplacer(" · ", ", ", "…", "", "\u00a0", " ",
	rightToLeftMark, "", isolate, "", endOfIsolate, "")

// numeral is how a language says numbers, times and dates.
type numeral struct {
	small    []string // 0 to 19
	tens     []string // 20, 30, 40, 50
	joined   func(unit, ten string) string
	ordinals []string // of days: 1 to 31
	day      string   // "den %" before a month
	clock    string   // "klokken"
	before   string   // words that say as much, before a time
	to       string   // from a time to another
	halves   bool     // of a day: noon ends one, and minutes have an "oh"

	ranges, times, dates *regexp.Regexp
}

// sayTimes puts times into words.
func (n *numeral) sayTimes(s string) string {
	var out strings.Builder
	at := 0
	for _, m := range n.times.FindAllStringSubmatchIndex(s, -1) {
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return s[m[2*i]:m[2*i+1]]
		}
		lead, short, minutes := group(1), group(2), group(4)
		hour, _ := strconv.Atoi(group(3))
		minute, _ := strconv.Atoi(minutes)
		bare := minutes == "" && lead == "" && short == ""
		if bare || hour > 23 || minute > 59 || within(s, m[6], m[1]) {
			continue
		}
		out.WriteString(s[at:m[0]])
		at = m[1]
		if lead == "" {
			lead = n.clock
		}
		out.WriteString(strings.TrimSpace(lead + " " + n.time(hour, minute)))
	}
	return out.String() + s[at:]
}

// within reports whether what is at s[from:to] is a part of a longer number, such as
// a version or an address.
func within(s string, from, to int) bool {
	number := func(b string) bool { return b != "" && b[0] >= '0' && b[0] <= '9' }
	if from > 0 && (number(s[from-1:]) || strings.ContainsRune(".:", rune(s[from-1])) && from > 1 && number(s[from-2:])) {
		return true
	}
	rest := s[to:]
	return number(rest) || rest != "" && strings.ContainsRune(".:", rune(rest[0])) && number(rest[1:])
}

// time says a time of day.
func (n *numeral) time(hour, minute int) string {
	if n.halves {
		return n.halfDay(hour, minute)
	}
	said := n.number(hour)
	switch {
	case minute == 0:
	case minute < 10:
		said += " " + n.small[0] + " " + n.number(minute)
	default:
		said += " " + n.number(minute)
	}
	return said
}

// halfDay says a time by the half of the day, as English does.
func (n *numeral) halfDay(hour, minute int) string {
	half := " a m"
	if hour >= 12 {
		half = " p m"
	}
	said := n.number((hour+11)%12 + 1)
	switch {
	case minute == 0 && hour == 12:
		return "noon"
	case minute == 0 && hour == 0:
		return "midnight"
	case minute == 0:
	case minute < 10:
		said += " oh " + n.number(minute)
	default:
		said += " " + n.number(minute)
	}
	return said + half
}

// number says a number from 0 to 59.
func (n *numeral) number(i int) string {
	switch {
	case i < 20:
		return n.small[i]
	case i%10 == 0:
		return n.tens[i/10-2]
	}
	return n.joined(n.small[i%10], n.tens[i/10-2])
}

// sayDates puts days of months into words.
func (n *numeral) sayDates(s string) string {
	return n.dates.ReplaceAllStringFunc(s, func(d string) string {
		m := n.dates.FindStringSubmatch(d)
		day, _ := strconv.Atoi(m[1])
		if day < 1 || day > len(n.ordinals) {
			return d
		}
		return strings.ReplaceAll(n.day, "%", n.ordinals[day-1]) + " " + m[2]
	})
}

var numerals = func() map[string]*numeral {
	words := strings.Fields
	after := func(unit, ten string) string { return ten + unit }
	scandinavian := `(?i)kl\.\s*`
	all := map[string]*numeral{
		"da": {
			small:    words("nul et to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten"),
			tens:     words("tyve tredive fyrre halvtreds"),
			joined:   func(unit, ten string) string { return strings.Replace(unit, "et", "en", 1) + "og" + ten },
			ordinals: words("første anden tredje fjerde femte sjette syvende ottende niende tiende ellevte tolvte trettende fjortende femtende sekstende syttende attende nittende tyvende enogtyvende toogtyvende treogtyvende fireogtyvende femogtyvende seksogtyvende syvogtyvende otteogtyvende niogtyvende tredivte enogtredivte"),
			day:      "den %", clock: "klokken", before: "klokken(?: er)?", to: "til",
		},
		"nb": {
			small:    words("null ett to tre fire fem seks sju åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten"),
			tens:     words("tjue tretti førti femti"),
			joined:   func(unit, ten string) string { return ten + strings.Replace(unit, "ett", "en", 1) },
			ordinals: words("første andre tredje fjerde femte sjette sjuende åttende niende tiende ellevte tolvte trettende fjortende femtende sekstende syttende attende nittende tjuende tjueførste tjueandre tjuetredje tjuefjerde tjuefemte tjuesjette tjuesjuende tjueåttende tjueniende trettiende trettiførste"),
			day:      "den %", clock: "klokken", before: "klokk(?:en|a)(?: er)?", to: "til",
		},
		"nn": {
			small:    words("null eitt to tre fire fem seks sju åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten"),
			tens:     words("tjue tretti førti femti"),
			joined:   func(unit, ten string) string { return ten + strings.Replace(unit, "eitt", "ein", 1) },
			ordinals: words("første andre tredje fjerde femte sjette sjuande åttande niande tiande ellevte tolvte trettande fjortande femtande sekstande syttande attande nittande tjuande tjueførste tjueandre tjuetredje tjuefjerde tjuefemte tjuesjette tjuesjuande tjueåttande tjueniande trettiande trettiførste"),
			day:      "den %", clock: "klokka", before: "klokk(?:en|a)(?: er)?", to: "til",
		},
		"sv": {
			small:    words("noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton"),
			tens:     words("tjugo trettio fyrtio femtio"),
			joined:   after,
			ordinals: words("första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte trettonde fjortonde femtonde sextonde sjuttonde artonde nittonde tjugonde tjugoförsta tjugoandra tjugotredje tjugofjärde tjugofemte tjugosjätte tjugosjunde tjugoåttonde tjugonionde trettionde trettioförsta"),
			day:      "den %", clock: "klockan", before: "klockan(?: är)?", to: "till",
		},
		"en": {
			small:    words("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
			tens:     words("twenty thirty forty fifty"),
			joined:   func(unit, ten string) string { return ten + "-" + unit },
			ordinals: words("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"),
			day:      "the % of", before: "at", to: "to", halves: true,
		},
	}
	for tag, n := range all {
		w := Must(tag)
		months := make([]string, 12)
		for i := range months {
			months[i] = regexp.QuoteMeta(w.T("month." + strconv.Itoa(i+1)))
		}
		separator, short := ":", `()`
		if tag == "da" {
			separator = ".:"
		}
		if !n.halves {
			short = "(" + scandinavian + ")"
		}
		n.ranges = regexp.MustCompile(`(\d) [–-] `)
		n.times = regexp.MustCompile(`(?i)(?:(\b` + n.before + `\b)\s+|` + short + `)?(\d{1,2})(?:[` + separator + `](\d{2}))?`)
		n.dates = regexp.MustCompile(`(?i)\b(\d{1,2})\.? (` + strings.Join(months, "|") + `)\b`)
	}
	return all
}()

// Package lint reads what staff write before the wall shows it: what must not be there
// at all, what should not, and what could be easier to read or to see.
//
// It knows texts by their look alone. What looks like the number of a person is refused
// by whoever asks; words of health are asked about; the rest is advice.
package lint

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tavle/assets/lang"
	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// A Rule is what a finding is about.
type Rule string

// The rules, the gravest first.
const (
	Number    Rule = "number"    // it looks like a national identity number
	Health    Rule = "health"    // a word that may tell how somebody's health is
	Long      Rule = "long"      // a sentence of more than [MaxWords] words
	Hard      Rule = "hard"      // a text with a LIX above [MaxLIX]
	Alt       Rule = "alt"       // a picture that nobody has put into words
	Pictogram Rule = "pictogram" // nothing to know it by without reading
)

// How easy a text should be, of those that residents read.
const (
	MaxWords = 15
	MaxLIX   = 35
	// leastWords is how long a text has to be before its LIX says anything.
	leastWords = 20
)

// A Finding is one thing about a record.
type Finding struct {
	Rule Rule
	Path string // of the member, as forms name it: "agenda.0.title"
	Key  string // of the member alone
	Text string // as it stands there; "" where something is missing
	Word string // of Health: which
	N    int    // of Long: words; of Hard: the LIX
}

// Record returns what there is about a record, in the order of its members.
func Record(r house.Record) (out []Finding) {
	fields, in := house.Members(r)
	walk(fields, in, "", &out)
	return out
}

// walk looks at the members of a struct.
func walk(fields []house.Field, in reflect.Value, prefix string, out *[]Finding) {
	pictured := slices.ContainsFunc(fields, func(f house.Field) bool {
		return f.Form == house.FormPicture && f.Key != "sound" && f.In(in).String() != ""
	})
	for i := range fields {
		f := &fields[i]
		at, path := f.In(in), prefix+f.Key
		switch {
		case f.Key == "alt" && f.Form == house.FormWords && at.Len() == 0:
			if pictured {
				*out = append(*out, Finding{Rule: Alt, Path: path, Key: f.Key})
			}
		case f.Key == "pictogram" && f.Optional && prefix == "" && at.Kind() == reflect.String && at.String() == "":
			*out = append(*out, Finding{Rule: Pictogram, Path: path, Key: f.Key})
		default:
			member(f, at, path, out)
		}
	}
}

// member looks at one member.
func member(f *house.Field, at reflect.Value, path string, out *[]Finding) {
	add := func(found []Finding) {
		for _, x := range found {
			x.Path, x.Key = path, f.Key
			*out = append(*out, x)
		}
	}
	switch f.Form {
	case house.FormWords:
		t, _ := reflect.TypeAssert[record.Text](at)
		for _, l := range slices.Sorted(keys(t)) {
			add(Text(t[l], l))
		}
	case house.FormText:
		add(grave(at.String(), record.Universal))
	case house.FormName:
		if n, ok := reflect.TypeAssert[interface{ Reveal() string }](at); ok && Numbers(n.Reveal()) {
			add([]Finding{{Rule: Number, Text: n.Reveal()}})
		}
	case house.FormObject:
		if at.Kind() == reflect.Pointer {
			if at.IsNil() {
				return
			}
			at = at.Elem()
		}
		walk(f.Fields, at, path+".", out)
	case house.FormList:
		for i := range at.Len() {
			one, name := at.Index(i), fmt.Sprintf("%s.%d", path, i)
			switch f.Item.Form {
			case house.FormObject:
				walk(f.Item.Fields, one, name+".", out)
			case house.FormText:
				add(grave(one.String(), record.Universal))
			}
		}
	}
}

func keys(t record.Text) func(func(record.Lang) bool) {
	return func(yield func(record.Lang) bool) {
		for l := range t {
			if !yield(l) {
				return
			}
		}
	}
}

// Text returns what there is about a text in a language. Paths are not filled in.
func Text(s string, l record.Lang) []Finding {
	return append(grave(s, l), easy(s, l)...)
}

// grave returns what must not be in a text, and what should not.
func grave(s string, l record.Lang) (out []Finding) {
	if Numbers(s) {
		out = append(out, Finding{Rule: Number, Text: s})
	}
	if w := HealthWord(s, l); w != "" {
		out = append(out, Finding{Rule: Health, Text: s, Word: w})
	}
	return out
}

// easy returns what makes a text hard to read.
func easy(s string, l record.Lang) (out []Finding) {
	all := sentences(s)
	words := 0
	for _, one := range all {
		n := len(strings.Fields(one))
		words += n
		if n > MaxWords && !slices.ContainsFunc(out, func(f Finding) bool { return f.Rule == Long }) {
			out = append(out, Finding{Rule: Long, Text: s, N: n})
		}
	}
	if l == "ar" || words < leastWords {
		return out
	}
	if lix := lang.LIX(all); lix > MaxLIX {
		out = append(out, Finding{Rule: Hard, Text: s, N: int(lix + 0.5)})
	}
	return out
}

// sentences returns the sentences of a text. A line is one, too, and the point of an
// ordinal or of a time of the day ends none.
func sentences(s string) (out []string) {
	for line := range strings.SplitSeq(s, "\n") {
		start, runes := 0, []rune(line)
		for i, r := range runes {
			ends := strings.ContainsRune(".!?…؟", r) && (i+1 == len(runes) || unicode.IsSpace(runes[i+1]))
			if ends && r == '.' && i > 0 && unicode.IsDigit(runes[i-1]) && i+2 < len(runes) && unicode.IsLower(runes[i+2]) {
				ends = false // "3. december"
			}
			if ends {
				out = append(out, string(runes[start:i+1]))
				start = i + 1
			}
		}
		out = append(out, string(runes[start:]))
	}
	return slices.DeleteFunc(out, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// Numbers reports whether a text has something that looks like a Danish CPR number
// (ten digits that begin with a date) or a Norwegian fødselsnummer, D-number or
// H-number (eleven digits that begin with a date and have its two check digits right).
// CPR numbers are known by their date alone: since 2007 some are given without a check.
func Numbers(s string) bool {
	for _, digits := range runs(s) {
		switch len(digits) {
		case 10:
			if date(digits, 0, 0) {
				return true
			}
		case 11:
			if norwegian(digits) {
				return true
			}
		}
	}
	return false
}

// runs returns the digits of a text that stand together; one blank, hyphen or point may
// stand after the sixth, as such numbers are written.
func runs(s string) (out []string) {
	var run []rune
	gap := false
	flush := func() {
		if len(run) > 0 {
			out = append(out, string(run))
		}
		run, gap = run[:0], false
	}
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			run = append(run, r)
		case unicode.IsDigit(r): // of another script
			run = append(run, '0'+digit(r))
		case len(run) == 6 && !gap && strings.ContainsRune(" -–.\u00a0", r):
			gap = true
		default:
			flush()
		}
	}
	flush()
	return out
}

// digit returns the value of a decimal digit of any script, whose digits stand in order.
func digit(r rune) rune {
	zero := r
	for unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return r - zero
}

// date reports whether digits begin with a day and a month, to which something was added.
func date(digits string, day, month int) bool {
	two := func(i int) int { return int(digits[i]-'0')*10 + int(digits[i+1]-'0') }
	d, m := two(0)-day, two(2)-month
	if m < 1 || m > 12 || d < 1 {
		return false
	}
	return d <= []int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m-1]
}

// norwegian reports whether eleven digits are one of Norway's numbers of people.
func norwegian(s string) bool {
	plausible := false
	for _, day := range []int{0, 40} { // 40: a D-number
		for _, month := range []int{0, 40, 80} { // 40: an H-number; 80: made up for tests
			plausible = plausible || date(s, day, month)
		}
	}
	return plausible && checks(s, []int{3, 7, 6, 1, 8, 9, 4, 5, 2, 1}) && checks(s, []int{5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1})
}

// checks reports whether the weighted sum of the first digits is one of 11.
func checks(s string, weights []int) bool {
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return sum%11 == 0
}

// HealthWord returns the first word of a text that may tell how somebody's health is,
// or "". It knows Danish, Norwegian and English, each in texts of its language and all
// of them where the language is not said.
func HealthWord(s string, l record.Lang) string {
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if word := strings.ToLower(w); ill(word, l) {
			return w
		}
	}
	return ""
}

func ill(word string, l record.Lang) bool {
	for _, of := range health {
		if !slices.Contains(of.langs, l) && !slices.Contains(unsaid, l) {
			continue
		}
		for _, stem := range of.stems {
			// Long stems are looked for inside compounds, too: "lungekræft".
			if strings.HasPrefix(word, stem) || utf8.RuneCountInString(stem) >= 5 && strings.Contains(word, stem) {
				return true
			}
		}
		if slices.Contains(of.words, word) {
			return true
		}
	}
	return false
}

// unsaid are languages that say nothing of the words.
var unsaid = []record.Lang{"", record.Universal}

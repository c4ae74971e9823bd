package sheet

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// separators are what stands between cells, the likeliest first: where numbers have a
// comma, Excel writes semicolons.
var separators = []rune{';', '\t', ',', '|'}

// readText reads a text with separators.
func readText(b []byte) (*Book, error) {
	s, ok := decode(b)
	if !ok {
		return nil, &Fault{Why: Unknown}
	}
	s, separator := separatorOf(s)
	r := csv.NewReader(strings.NewReader(s))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, true
	rows, inside := 0, 0 // inside: line breaks within cells, which programs do not count as rows
	g := gatherer{rows: &rows}
	for {
		cells, err := r.Read()
		var wrong *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return &Book{Sheets: []Sheet{g.sheet}}, nil
		case errors.As(err, &wrong):
			return nil, &Fault{Why: Quotes, Row: wrong.StartLine - inside}
		case err != nil:
			return nil, &Fault{Why: Broken}
		}
		line, _ := r.FieldPos(0)
		if err := g.add(line-inside, cells); err != nil {
			return nil, err
		}
		for _, c := range cells {
			inside += strings.Count(c, "\n")
		}
	}
}

// decode returns a text in UTF-8: it says itself that it is UTF-8 or UTF-16, or is
// UTF-8, or else is what Windows writes in the north.
func decode(b []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return decode16(b[2:], binary.LittleEndian)
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return decode16(b[2:], binary.BigEndian)
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return "", false // a picture, a program
	}
	if utf8.Valid(b) {
		return string(b), true
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	return string(out), err == nil
}

func decode16(b []byte, order binary.ByteOrder) (string, bool) {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	s := string(utf16.Decode(units))
	return s, !strings.ContainsRune(s, 0)
}

// separatorOf returns what separates the cells of a text, and the text without the
// line that says so, as Excel writes one: "sep=;".
func separatorOf(s string) (string, rune) {
	head, rest, _ := strings.Cut(s, "\n")
	if mark, ok := strings.CutPrefix(strings.TrimSpace(head), "sep="); ok && len(mark) == 1 {
		for _, r := range separators {
			if mark == string(r) {
				return "\n" + rest, r // rows keep their numbers
			}
		}
	}
	best, most := separators[0], 0
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		for _, r := range separators {
			if n := outside(line, r); n > most {
				best, most = r, n
			}
		}
		break // the first line names the columns
	}
	return s, best
}

// outside counts a separator outside quotation marks.
func outside(line string, separator rune) (n int) {
	quoted := false
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == separator && !quoted:
			n++
		}
	}
	return n
}

package sheet

import (
	"bytes"
	"strings"
	"unicode"
)

// How files begin.
var (
	zipped = []byte("PK\x03\x04")
	ole    = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") // Excel before 2007, and whatever has a password
)

// Read reads a file: what it is, it says itself. Errors are of type [*Fault].
func Read(b []byte) (*Book, error) {
	var book *Book
	var err error
	switch {
	case len(b) > MaxFile:
		return nil, &Fault{Why: TooBig, Max: MaxFile >> 20}
	case bytes.HasPrefix(b, ole):
		return nil, &Fault{Why: Old}
	case bytes.HasPrefix(b, zipped):
		book, err = readWorkbook(b)
	default:
		book, err = readText(b)
	}
	if err != nil {
		return nil, err
	}
	rows := 0
	for _, s := range book.Sheets {
		rows += len(s.Rows)
	}
	if rows == 0 {
		return nil, &Fault{Why: Empty}
	}
	return book, nil
}

// A gatherer puts a sheet together, row by row, within the bounds.
type gatherer struct {
	sheet Sheet
	rows  *int // in all sheets
}

// add takes a row.
func (g *gatherer) add(no int, cells []string) error {
	last := 0
	for i, c := range cells {
		c = clean(c)
		if c == "" {
			continue
		}
		if i >= MaxColumns {
			return &Fault{Why: TooManyCols, Sheet: g.sheet.Name, Row: no, Column: i + 1, Max: MaxColumns}
		}
		if len(c) > maxCell {
			return &Fault{Why: TooLong, Sheet: g.sheet.Name, Row: no, Column: i + 1, Max: maxCell}
		}
		last = i + 1
	}
	if last == 0 {
		return nil
	}
	if *g.rows++; *g.rows > MaxRows {
		return &Fault{Why: TooManyRows, Sheet: g.sheet.Name, Row: no, Max: MaxRows}
	}
	row := Row{No: no, Cells: make([]string, last)}
	for i := range row.Cells {
		row.Cells[i] = clean(cells[i])
	}
	g.sheet.Rows = append(g.sheet.Rows, row)
	return nil
}

// clean returns a cell without the spaces around it, and without what nobody sees.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u00a0' || r == '\u202f':
			return ' '
		case unicode.IsControl(r) || r == '\ufeff' || r == '\u200b' || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

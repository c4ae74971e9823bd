// Package sheet reads the tables that staff bring from elsewhere: workbooks of Excel
// (XLSX) and texts with separators (CSV), as the programs of Danes and Norwegians write
// them.
//
// What it reads nobody has looked at yet: every size is bounded before it is read, and
// nothing of a file leaves memory. What is wrong is a [Fault], which says where, and
// never what stood there.
package sheet

import "fmt"

// Bounds of a file.
const (
	MaxFile    = 4 << 20  // bytes, as it comes
	maxUnzip   = 24 << 20 // bytes of a workbook, unpacked
	maxEntries = 300      // files in a workbook
	maxSheets  = 20
	MaxRows    = 5000 // in all sheets
	maxLast    = 20000
	MaxColumns = 60
	maxCell    = 4000 // letters
)

// A Book is the tables of one file.
type Book struct {
	Sheets []Sheet
	// Counts says that days and times may be numbers, as in a workbook; Since1904, that
	// they count from 1904 on, as those of old Macintoshes do.
	Counts, Since1904 bool
}

// A Sheet is one table.
type Sheet struct {
	Name string // "": the file has one table, which has no name
	Rows []Row  // those that are not empty, from the top
}

// A Row is one line of a table.
type Row struct {
	No    int      // as the program that made it counts: from 1
	Cells []string // without the spaces around them; as many as are filled
}

// Cell returns one cell of a row, from 0, or "".
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

// A Fault is why a file cannot be read, and where.
type Fault struct {
	Why    Why
	Sheet  string // "": of the only one, or of the whole file
	Row    int    // 0: none
	Column int    // from 1; 0: none
	Max    int    // what there may be at most; 0: it is not about that
}

// Why is a reason.
type Why string

// The reasons.
const (
	Empty       Why = "empty"         // there is nothing in it
	TooBig      Why = "too_big"       // in bytes, as it comes or unpacked
	TooManyRows Why = "too_many_rows" //
	TooManyCols Why = "too_many_columns"
	TooMany     Why = "too_many_sheets"
	TooLong     Why = "too_long" // a cell
	Old         Why = "old"      // the workbooks of Excel before 2007, and those with a password
	Unknown     Why = "unknown"  // no table at all
	Broken      Why = "broken"   // it begins like one
	Quotes      Why = "quotes"   // a quotation mark that does not end
)

// Error implements error. It names no sheet: that is somebody's word.
func (f *Fault) Error() string {
	s := "sheet: " + string(f.Why)
	if f.Row > 0 {
		s += fmt.Sprintf(": row %d", f.Row)
	}
	if f.Column > 0 {
		s += fmt.Sprintf(", column %s", Letters(f.Column-1))
	}
	return s
}

// Letters returns what a column is called, from 0: A, B … Z, AA.
func Letters(column int) (s string) {
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

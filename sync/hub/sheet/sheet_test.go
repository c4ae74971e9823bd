package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// latin returns a text as Windows writes it.
func latin(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r)) // all of them are below 256
	}
	return b
}

// wide returns a text as Excel writes "Unicode text".
func wide(s string) []byte {
	b := []byte("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// However a text says its letters and separates its cells, it is the same table.
func TestTextsInEveryForm(t *testing.T) {
	want := []Row{{1, []string{"Navn", "Kælenavn"}}, {3, []string{"Søren", "Åse; og Ørn"}}, {4, []string{"Jon"}}}
	semi := "Navn;Kælenavn\r\n\r\nSøren ;\"Åse; og Ørn\"\r\nJon\r\n"
	for name, b := range map[string][]byte{
		"UTF-8":        []byte(semi),
		"UTF-8 marked": []byte("\ufeff" + semi),
		"Windows":      latin(semi),
		"UTF-16":       wide(semi),
		"commas":       []byte("Navn,Kælenavn\n\nSøren,Åse; og Ørn\nJon\n"),
		"tabs":         []byte("Navn\tKælenavn\n\nSøren\tÅse; og Ørn\nJon\t\n"),
	} {
		book, err := Read(b)
		require.NoError(t, err, name)
		require.Equal(t, want, book.Sheets[0].Rows, name)
	}
	book, err := Read([]byte("sep=,\nA;B,C\n"))
	require.NoError(t, err)
	require.Equal(t, []Row{{2, []string{"A;B", "C"}}}, book.Sheets[0].Rows)
	book, err = Read([]byte("A;B\n\"two\nlines\";x\nlast;y\n"))
	require.NoError(t, err)
	require.Equal(t, []Row{{1, []string{"A", "B"}}, {2, []string{"two lines", "x"}}, {3, []string{"last", "y"}}}, book.Sheets[0].Rows,
		"a cell with a line break is one row, as Excel counts")
}

// workbook returns a workbook that f fills.
func workbook(t testing.TB, f func(*excelize.File)) []byte {
	t.Helper()
	x := excelize.NewFile()
	f(x)
	b, err := x.WriteToBuffer()
	require.NoError(t, err)
	return b.Bytes()
}

// A workbook keeps days and times as numbers; they are what they look like, in whatever
// form, and from whichever year it counts.
func TestDaysOfWorkbooks(t *testing.T) {
	at := time.Date(2026, 11, 30, 17, 30, 0, 0, time.UTC)
	b := workbook(t, func(x *excelize.File) {
		require.NoError(t, x.SetSheetName("Sheet1", "Uge 49"))
		require.NoError(t, x.SetSheetRow("Uge 49", "A1", &[]any{"Dato", "Tid", "Begge"}))
		require.NoError(t, x.SetSheetRow("Uge 49", "A3", &[]any{time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), 0.729166666666667, at}))
	})
	book, err := Read(b)
	require.NoError(t, err)
	require.Equal(t, "Uge 49", book.Sheets[0].Name)
	require.Len(t, book.Sheets[0].Rows, 2)
	row := book.Sheets[0].Rows[1]
	require.Equal(t, 3, row.No)
	d, ok := book.Day(row.Cell(0))
	require.True(t, ok)
	require.Equal(t, "2026-11-30", d)
	c, ok := book.Clock(row.Cell(1))
	require.True(t, ok)
	require.Equal(t, "17:30", c)
	m, ok := book.Moment(row.Cell(2))
	require.True(t, ok)
	require.Equal(t, "2026-11-30T17:30", m)
	d, ok = (&Book{Counts: true, Since1904: true}).Day("44894")
	require.True(t, ok)
	require.Equal(t, "2026-11-30", d)
}

func TestDaysAsTheyAreWritten(t *testing.T) {
	book := &Book{}
	for _, s := range []string{
		"2026-11-30", "2026/11/30", "30.11.2026", "30-11-2026", "30/11/2026", "30.11.26", "30. november 2026", "30. nov. 2026", "mandag 30. november 2026",
		"man. 30.11.2026", "Mandag den 30. november 2026", "30 November 2026", "November 30, 2026", "Monday, 30 November 2026", "30.11.2026.",
	} {
		d, ok := book.Day(s)
		require.True(t, ok, s)
		require.Equal(t, "2026-11-30", d, s)
	}
	for s, want := range map[string]string{"1. maj 2027": "2027-05-01", "1. mai 2027": "2027-05-01", "1 May 2027": "2027-05-01", "3. oktober 2026": "2026-10-03", "24. des. 2026": "2026-12-24", "24. dec. 2026": "2026-12-24", "2. marts 2027": "2027-03-02"} {
		d, ok := book.Day(s)
		require.True(t, ok, s)
		require.Equal(t, want, d, s)
	}
	for _, s := range []string{"", "30.11", "11/30/2026", "31.2.2026", "i morgen", "46356", "30. xyz 2026", "2026-13-01", "99.99.9999"} {
		_, ok := book.Day(s)
		require.False(t, ok, s)
	}
}

func TestTimesAsTheyAreWritten(t *testing.T) {
	book := &Book{}
	for s, want := range map[string]string{
		"07:15": "07:15", "7.15": "07:15", "kl. 7.15": "07:15", "kl 18": "18:00", "1815": "18:15", "715": "07:15", "6 pm": "18:00", "6:30 PM": "18:30", "12 am": "00:00",
		"18:00:00": "18:00", "24:00": "00:00", "0.30": "00:30",
	} {
		c, ok := book.Clock(s)
		require.True(t, ok, s+" is a time")
		require.Equal(t, want, c, s)
	}
	for _, s := range []string{"", "25:00", "12:60", "13 pm", "aften", "1-2"} {
		_, ok := book.Clock(s)
		require.False(t, ok, s)
	}
	m, ok := book.Moment("30.11.2026 kl. 17.30")
	require.True(t, ok)
	require.Equal(t, "2026-11-30T17:30", m)
	_, ok = book.Moment("30.11.2026")
	require.False(t, ok)
}

// bomb returns a workbook with a sheet of n bytes of spaces, which take none packed.
func bomb(t testing.TB, n int, lie bool) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(bytes.Repeat([]byte(" "), n))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	out := b.Bytes()
	if lie { // say that it is little, where the list of files is
		for at := bytes.Index(out, []byte("PK\x01\x02")); at >= 0 && at < len(out); {
			binary.LittleEndian.PutUint32(out[at+24:], 10)
			next := bytes.Index(out[at+4:], []byte("PK\x01\x02"))
			if next < 0 {
				break
			}
			at += 4 + next
		}
	}
	return out
}

// What is no table, too much or half is refused, and it is said why and where.
func TestBadFiles(t *testing.T) {
	long := strings.Repeat("x", maxCell+1)
	wideRow := strings.Repeat("x;", MaxColumns) + "x\n"
	for name, c := range map[string]struct {
		file []byte
		want Fault
	}{
		"nothing":       {nil, Fault{Why: Empty}},
		"only lines":    {[]byte("\n;;\n"), Fault{Why: Empty}},
		"too big":       {make([]byte, MaxFile+1), Fault{Why: TooBig, Max: 4}},
		"a program":     {[]byte("\x7fELF\x00\x00"), Fault{Why: Unknown}},
		"old Excel":     {append([]byte(nil), ole...), Fault{Why: Old}},
		"a quote":       {[]byte("A;B\nx;y\n\"x;y\n"), Fault{Why: Quotes, Row: 3}},
		"a stray quote": {[]byte("A;B\nx;y\"z\n"), Fault{Why: Quotes, Row: 2}},
		"many rows":     {[]byte(strings.Repeat("x\n", MaxRows+1)), Fault{Why: TooManyRows, Row: MaxRows + 1, Max: MaxRows}},
		"many columns":  {[]byte("A\n" + wideRow), Fault{Why: TooManyCols, Row: 2, Column: MaxColumns + 1, Max: MaxColumns}},
		"a long cell":   {[]byte("A;B\ny;" + long), Fault{Why: TooLong, Row: 2, Column: 2, Max: maxCell}},
		"a bomb":        {bomb(t, maxUnzip, false), Fault{Why: TooBig, Max: 24}},
		"a liar":        {bomb(t, maxUnzip, true), Fault{Why: Broken}},
		"half a file":   {workbook(t, func(*excelize.File) {})[:1000], Fault{Why: Broken}},
		"a Word file":   {wordFile(t), Fault{Why: Unknown}},
		"an empty book": {workbook(t, func(*excelize.File) {}), Fault{Why: Empty}},
		"far right":     {rowsOf(t, `<row r="2"><c r="XFD2" t="str"><v>x</v></c></row>`), Fault{Why: TooManyCols, Sheet: "Sheet1", Row: 2, Column: 16384, Max: MaxColumns}},
		"far down":      {rowsOf(t, `<row r="1048576"><c r="A1048576" t="str"><v>x</v></c></row>`), Fault{Why: TooManyRows, Sheet: "Sheet1", Row: maxLast + 1, Max: MaxRows}},
	} {
		_, err := Read(c.file)
		require.Equal(t, &c.want, err, name)
	}
	require.Equal(t, "sheet: too_long: row 2, column AA", (&Fault{Why: TooLong, Sheet: "Anna", Row: 2, Column: 27}).Error())
}

// rowsOf returns a workbook whose only sheet has these rows, as they stand in it.
func rowsOf(t testing.TB, rows string) []byte {
	t.Helper()
	b := workbook(t, func(*excelize.File) {})
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		if f.Name != "xl/worksheets/sheet1.xml" {
			require.NoError(t, w.Copy(f))
			continue
		}
		s, err := w.Create(f.Name)
		require.NoError(t, err)
		_, err = s.Write([]byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

func wordFile(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	_, err := z.Create("word/document.xml")
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

// What is written is read the same, in both forms.
func TestWrittenIsRead(t *testing.T) {
	rows := [][]string{{"Fornavn", "Telefon"}, {"Åse \"Ø\"", "0045; 1"}}
	text, err := Text(rows)
	require.NoError(t, err)
	book, err := Workbook("Personale", rows)
	require.NoError(t, err)
	for _, b := range [][]byte{text, book} {
		got, err := Read(b)
		require.NoError(t, err)
		require.Equal(t, []Row{{1, rows[0]}, {2, rows[1]}}, got.Sheets[0].Rows)
	}
}

// Whatever comes, reading ends, within the bounds, and without a panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte("A;B\n1;\"2\n3\"\n"))
	f.Add(latin("Navn\tBy\nSøren\tÅrhus"))
	f.Add(wide("A,B\n1,2"))
	f.Add([]byte("sep=|\nA|B\n30.11.2026 kl. 7|0.5"))
	f.Add(workbook(f, func(x *excelize.File) { _ = x.SetCellStr("Sheet1", "B2", "x") }))
	f.Add(bomb(f, 100, false))
	f.Fuzz(func(t *testing.T, b []byte) {
		book, err := Read(b)
		if err != nil {
			require.ErrorAs(t, err, new(*Fault))
			return
		}
		rows := 0
		for _, s := range book.Sheets {
			for _, r := range s.Rows {
				rows++
				require.LessOrEqual(t, len(r.Cells), MaxColumns)
				for _, c := range r.Cells {
					require.LessOrEqual(t, len(c), maxCell)
					if d, ok := book.Day(c); ok {
						_, err := time.Parse(time.DateOnly, d)
						require.NoError(t, err)
					}
					if at, ok := book.Moment(c); ok {
						_, err := time.Parse("2006-01-02T15:04", at)
						require.NoError(t, err)
					}
				}
			}
		}
		require.LessOrEqual(t, rows, MaxRows)
	})
}

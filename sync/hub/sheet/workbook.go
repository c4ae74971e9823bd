package sheet

import (
	"archive/zip"
	"bytes"
	"errors"

	"github.com/xuri/excelize/v2"
)

// readWorkbook reads a workbook. Cells are as they are kept, not as they look: a day is
// a number, whatever form the cell has, so that nobody's settings decide what it means.
// What is there of a formula is what it gave when the workbook was saved.
func readWorkbook(b []byte) (book *Book, err error) {
	if err := weigh(b); err != nil {
		return nil, err
	}
	defer func() { // what nobody has looked at meets a reader of others
		if recover() != nil {
			book, err = nil, &Fault{Why: Broken}
		}
	}()
	// With both limits the same, nothing is unpacked into a file.
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxUnzip, RawCellValue: true})
	if err != nil {
		return nil, &Fault{Why: Broken}
	}
	defer func() { _ = f.Close() }()
	names := f.GetSheetList()
	switch {
	case len(names) == 0:
		return nil, &Fault{Why: Unknown}
	case len(names) > maxSheets:
		return nil, &Fault{Why: TooMany, Max: maxSheets}
	}
	book = &Book{Counts: true}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		book.Since1904 = *p.Date1904
	}
	rows := 0
	for _, name := range names {
		g := gatherer{sheet: Sheet{Name: clean(name)}, rows: &rows}
		switch err := eachRow(f, name, g.add); {
		case errors.As(err, new(*Fault)):
			return nil, err
		case errors.As(err, new(excelize.ErrSheetNotExist)): // a diagram
			continue
		case err != nil:
			return nil, &Fault{Why: Broken, Sheet: g.sheet.Name}
		}
		book.Sheets = append(book.Sheets, g.sheet)
	}
	return book, nil
}

// weigh looks how much a workbook is, unpacked, before anything is.
func weigh(b []byte) error {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return &Fault{Why: Broken}
	}
	if len(z.File) > maxEntries {
		return &Fault{Why: TooBig, Max: maxUnzip >> 20}
	}
	if bytes.Contains(b, ole) { // something with a password inside
		return &Fault{Why: Old}
	}
	workbook, room := false, uint64(maxUnzip)
	for _, f := range z.File {
		workbook = workbook || f.Name == "xl/workbook.xml"
		if f.UncompressedSize64 > room {
			return &Fault{Why: TooBig, Max: maxUnzip >> 20}
		}
		room -= f.UncompressedSize64 // one that is more than it says, is refused as it is read
	}
	if !workbook {
		return &Fault{Why: Unknown}
	}
	return nil
}

// eachRow calls f for the rows of a sheet that have cells.
func eachRow(book *excelize.File, name string, f func(no int, cells []string) error) error {
	rows, err := book.Rows(name)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for no := 1; rows.Next(); no++ {
		if no > maxLast {
			return &Fault{Why: TooManyRows, Sheet: clean(name), Row: no, Max: MaxRows}
		}
		cells, err := rows.Columns()
		if err != nil {
			return err
		}
		if err := f(no, cells); err != nil {
			return err
		}
	}
	return rows.Error()
}

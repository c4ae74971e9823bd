package sheet

import (
	"bytes"
	"encoding/csv"

	"github.com/xuri/excelize/v2"
)

// Workbook returns a workbook with one sheet. Every cell is a text, so that Excel leaves
// what is typed into it as it was typed: a number with a nought in front, a day.
func Workbook(name string, rows [][]string) ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	plain, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return nil, err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	last := "A"
	for i, row := range rows {
		for j, text := range row {
			last = max(last, Letters(j))
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err == nil {
				err = f.SetCellStr(name, at, text)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	if err := f.SetColStyle(name, "A:"+last, plain); err != nil {
		return nil, err
	}
	if err := f.SetColWidth(name, "A", last, 20); err != nil {
		return nil, err
	}
	if err := f.SetRowStyle(name, 1, 1, bold); err != nil {
		return nil, err
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Text returns a text with semicolons that Excel opens as it is meant: it says that it is
// UTF-8.
func Text(rows [][]string) ([]byte, error) {
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.Comma, w.UseCRLF = ';', true
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

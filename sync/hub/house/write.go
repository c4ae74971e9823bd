package house

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
)

// Write writes the house as a file that [Parse] reads to the same house. It
// spells every name: whoever calls it has logged the extract.
func (h *House) Write(w io.Writer) error {
	out := *h
	out.Departments = slices.Clone(h.Departments)
	for _, s := range h.Screens {
		for i := range out.Departments {
			if d := &out.Departments[i]; d.ID == s.Department {
				d.Screens = append(d.Screens, s.ID)
			}
		}
	}
	var b bytes.Buffer
	if err := json.Indent(&b, encode(nil, reflect.ValueOf(&out).Elem()), "", "  "); err != nil {
		return fmt.Errorf("house: %w", err)
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

// Shift moves every date in the house by days, so that a demonstration plays
// this week. Times of day stay as they are.
func (h *House) Shift(days int) { shift(reflect.ValueOf(h).Elem(), days) }

func shift(v reflect.Value, days int) {
	switch v.Kind() {
	case reflect.String:
		switch t := v.Interface().(type) {
		case Day:
			v.Set(reflect.ValueOf(t.Add(days)))
		case Wall:
			v.Set(reflect.ValueOf(t.Add(days)))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			shift(v.Elem(), days)
		}
	case reflect.Slice:
		for i := range v.Len() {
			shift(v.Index(i), days)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				shift(v.Field(i), days)
			}
		}
	}
}

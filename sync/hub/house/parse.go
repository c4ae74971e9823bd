package house

import (
	"fmt"
	"io"
	"reflect"
	"slices"
)

// Parse reads a house. When anything is wrong with it, it returns no house and
// every mistake, in the order of the file as far as they have a place there.
func Parse(r io.Reader) (*House, []Mistake) {
	b, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		return nil, []Mistake{{Text: fmt.Sprintf("read: %v", err)}}
	case len(b) > MaxFile:
		return nil, []Mistake{{Text: fmt.Sprintf("over %d MB", MaxFile>>20)}}
	}
	root, err := parseNodes(b)
	if err != nil {
		return nil, []Mistake{{Text: err.Error()}}
	}
	var h House
	var d decoder
	d.value(&place{node: root}, reflect.ValueOf(&h).Elem(), rule{})
	if len(d.list) == 0 { // what is half read would give mistakes that are none
		c := checker{mistakes: &d.mistakes, house: &h, root: root}
		c.references(d.refs)
		c.check()
	}
	if len(d.list) > 0 {
		list := d.all()
		slices.SortStableFunc(list, func(a, b Mistake) int { return order(a) - order(b) })
		return nil, list
	}
	h.settle()
	return &h, nil
}

// order puts mistakes without a line last.
func order(m Mistake) int {
	if m.Line == 0 {
		return int(^uint(0) >> 1)
	}
	return m.Line
}

// settle fills in what a file may leave out: things without a department are
// the first one's, and bookings their resource's. Which screens hang in a department is said by the screens.
func (h *House) settle() {
	first := h.Departments[0].ID
	var bookings []int // that are their resource's
	for i, b := range h.Bookings {
		if b.Department == "" {
			bookings = append(bookings, i)
		}
	}
	setDepartment(reflect.ValueOf(h).Elem(), first)
	owner := map[ID]ID{}
	for _, r := range h.Resources {
		owner[r.ID] = r.Department
	}
	for _, i := range bookings {
		h.Bookings[i].Department = owner[h.Bookings[i].Resource]
	}
	for i := range h.Departments {
		h.Departments[i].Screens = nil
	}
}

// setDepartment gives every record in v that has none a department.
func setDepartment(v reflect.Value, id ID) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			setDepartment(v.Index(i), id)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			if v.Type().Field(i).Name == "Department" && f.IsZero() {
				f.SetString(string(id))
			}
			if v.Type().Field(i).IsExported() {
				setDepartment(f, id)
			}
		}
	}
}

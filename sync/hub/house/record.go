package house

import (
	"reflect"
	"slices"
	"sync"
)

// A Record is one thing a house keeps: one document of the store. It is a
// pointer to one of the types of this package, which [Kinds] lists.
type Record interface{ record() }

func (*Meta) record()       {}
func (*System) record()     {}
func (*Department) record() {}
func (*External) record()   {}
func (*Screen) record()     {}
func (*Resident) record()   {}
func (*Former) record()     {}
func (*Staff) record()      {}
func (*Relative) record()   {}
func (*Activity) record()   {}
func (*Meal) record()       {}
func (*Plan) record()       {}
func (*Shift) record()      {}
func (*News) record()       {}
func (*Meeting) record()    {}
func (*Resource) record()   {}
func (*Booking) record()    {}
func (*Group) record()      {}
func (*Album) record()      {}
func (*Document) record()   {}
func (*Video) record()      {}
func (*Weather) record()    {}
func (*Presence) record()   {}
func (*Poll) record()       {}
func (*Request) record()    {}
func (*Entry) record()      {}

// KindOf says what r is about.
func KindOf(r Record) Kind {
	t := reflect.TypeOf(r).Elem()
	for _, e := range kinds {
		if e.typ == t {
			return e.kind
		}
	}
	panic("house: record of a type without a kind: " + t.String())
}

// KeyOf says which one of its kind r is.
func KeyOf(r Record) ID {
	if f := reflect.ValueOf(r).Elem().FieldByName("ID"); f.IsValid() {
		return f.Interface().(ID)
	}
	return OnlyID
}

// Home says where a record belongs.
type Home struct {
	Departments []ID // whose it is; none: the whole system's
	Shared      []ID // departments and other systems that may see it too
	From, Until Day  // the days it is about; empty: no bound
}

// HomeOf says where r belongs: what its fields called Department, Departments
// and SharedWith hold, and those with a tag "window".
func HomeOf(r Record) Home {
	var h Home
	v := reflect.ValueOf(r).Elem()
	for _, t := range visible(v.Type()) {
		f := v.FieldByIndex(t.Index)
		switch t.Name {
		case "Department":
			if id := f.Interface().(ID); id != "" {
				h.Departments = []ID{id}
			}
		case "Departments":
			h.Departments = f.Interface().([]ID)
		case "SharedWith":
			h.Shared = f.Interface().([]ID)
		}
		day := func() Day { return f.Interface().(Wall).Day() }
		switch t.Tag.Get("window") {
		case "from":
			h.From = day()
		case "until":
			h.Until = day()
		case "on":
			h.From, h.Until = day(), day()
		}
	}
	return h
}

var visibles sync.Map // reflect.Type → []reflect.StructField

// visible returns what [reflect.VisibleFields] does, made once.
func visible(t reflect.Type) []reflect.StructField {
	if known, ok := visibles.Load(t); ok {
		return known.([]reflect.StructField)
	}
	fields := reflect.VisibleFields(t)
	visibles.Store(t, fields)
	return fields
}

// SoundOf returns which of the pictures of r is a recording, or "".
func SoundOf(r Record) Picture {
	switch r := r.(type) {
	case *Activity:
		return r.Sound
	case *Meal:
		return r.Sound
	case *News:
		return r.Sound
	}
	return ""
}

// PicturesOf returns the pictures, films and recordings r refers to, each once.
func PicturesOf(r Record) []Picture {
	var out []Picture
	pictures(reflect.ValueOf(r).Elem(), func(p Picture) {
		if p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	})
	return out
}

func pictures(v reflect.Value, see func(Picture)) {
	switch v.Kind() {
	case reflect.String:
		if p, ok := reflect.TypeAssert[Picture](v); ok {
			see(p)
		}
	case reflect.Slice:
		for i := range v.Len() {
			pictures(v.Index(i), see)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				pictures(v.Field(i), see)
			}
		}
	}
}

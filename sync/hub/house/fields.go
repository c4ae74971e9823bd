package house

import (
	"reflect"
	"sync"
)

// A Form says how somebody fills in a field.
type Form string

// The forms.
const (
	FormText    Form = "text"    // a string
	FormName    Form = "name"    // a [Name] or [Private]
	FormWords   Form = "words"   // a text in several languages
	FormID      Form = "id"      // what it names is one of Ref
	FormDay     Form = "day"     // 2026-11-30
	FormWall    Form = "wall"    // 2026-11-30T09:30
	FormClock   Form = "clock"   // 09:30
	FormNumber  Form = "number"  // a whole number
	FormTruth   Form = "truth"   // yes or no
	FormChoice  Form = "choice"  // one of OneOf
	FormPicture Form = "picture" // the name of a picture, a film or a recording
	FormObject  Form = "object"  // has Fields
	FormList    Form = "list"    // each item is an Item
	FormMap     Form = "map"     // each value is an Item, under a key the house chooses
)

// A Field is one member of a record, for whoever makes lists and forms of it: the
// tags that [Parse] reads, read by others.
type Field struct {
	Key      string
	Form     Form
	Optional bool
	Min, Max int // 0: not said; see the package
	OneOf    []string
	Ref      []Kind
	Data     string  // which of the agreed personal data it is; see [Register]
	Fields   []Field // of an object
	Item     *Field  // of a list or a map

	index []int
}

// In returns the field's value in a struct.
func (f *Field) In(v reflect.Value) reflect.Value { return v.FieldByIndex(f.index) }

var fields sync.Map // Kind → []Field

// Fields returns the members of records of kind k, in the order of a file.
func Fields(k Kind) []Field {
	if known, ok := fields.Load(k); ok {
		return known.([]Field)
	}
	out := fieldsOf(reflect.TypeOf(New(k)).Elem())
	fields.Store(k, out)
	return out
}

// Members returns the fields of a record and the struct to find them in.
func Members(r Record) ([]Field, reflect.Value) { return Fields(KindOf(r)), reflect.ValueOf(r).Elem() }

func fieldsOf(t reflect.Type) (out []Field) {
	for _, f := range shapeOf(t).fields {
		out = append(out, fieldOf(f.key, t.FieldByIndex(f.index), f))
	}
	return out
}

func fieldOf(key string, in reflect.StructField, f field) Field {
	out := Field{
		Key: key, Optional: f.opt, Min: f.min, Max: f.max, OneOf: f.oneof, Ref: f.ref, Data: in.Tag.Get("data"), index: f.index,
	}
	out.shape(in.Type)
	return out
}

// shape says how something of this type is filled in.
func (f *Field) shape(t reflect.Type) {
	switch {
	case t == nameType:
		f.Form = FormName
	case t == textType:
		f.Form = FormWords
	case t == idType && len(f.Ref) == 0 && f.Key != "id": // of a part of the same record
		f.Form = FormText
	case t == idType:
		f.Form = FormID
	case t == reflect.TypeFor[Day]():
		f.Form = FormDay
	case t == reflect.TypeFor[Wall]():
		f.Form = FormWall
	case t == reflect.TypeFor[Clock]():
		f.Form = FormClock
	case t == reflect.TypeFor[Picture]():
		f.Form = FormPicture
	case t.Kind() == reflect.String && len(f.OneOf) > 0:
		f.Form = FormChoice
	case t.Kind() == reflect.Int:
		f.Form = FormNumber
	case t.Kind() == reflect.Bool:
		f.Form = FormTruth
	case t.Kind() == reflect.Pointer:
		f.Form, f.Fields = FormObject, fieldsOf(t.Elem())
	case t.Kind() == reflect.Struct:
		f.Form, f.Fields = FormObject, fieldsOf(t)
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Map:
		f.Form = FormList
		each := *f
		each.Min, each.Max, each.Optional, each.index = 0, 0, false, nil
		if t.Kind() == reflect.Map {
			f.Form = FormMap
		}
		each.shape(t.Elem())
		f.Item = &each
	default:
		f.Form = FormText
	}
}

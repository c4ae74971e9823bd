package house

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"tavle/sync/record"
)

// What goes with somebody is declared like everything else about the format, by
// tags: a field with a tag "ref" that names people is a mention. When who it
// mentions is forgotten, the mention is taken out; where there cannot be nobody,
// what mentions them goes. A tag
//
//	forget:"all"
//
// says that it goes in any case: it is their own words, or a picture of them.

// Replace puts somebody else into r wherever id is mentioned and a number may
// stand (in sign-ups, bookings, groups), and nobody everywhere else; to "", nobody
// anywhere. It returns how many mentions there were, and whether all of r goes.
func Replace(r Record, id, to ID) (mentions int, gone bool) {
	f := forgetter{id, to, 0}
	gone = f.object(reflect.ValueOf(r).Elem())
	if slices.Contains(people, KindOf(r)) && KeyOf(r) == id {
		gone = true
		f.n++
	}
	return f.n, gone
}

// A forgetter takes one person out.
type forgetter struct {
	id, to ID
	n      int
}

// object takes them out of a struct and reports whether it goes as a whole.
func (f *forgetter) object(v reflect.Value) (gone bool) {
	for t, at := range v.Fields() {
		if !t.IsExported() {
			continue
		}
		was := f.n
		lost := f.field(at, mentions(t), strings.Contains(t.Tag.Get("key"), ",opt"), replaceable(t))
		gone = gone || lost || f.n > was && t.Tag.Get("forget") == "all"
	}
	return gone
}

// mentions reports whether a field holds IDs of people.
func mentions(t reflect.StructField) bool {
	return slices.ContainsFunc(refsOf(t.Tag), func(k Kind) bool { return slices.Contains(people, k) })
}

// replaceable reports whether it may hold somebody's who is only a number now.
func replaceable(t reflect.StructField) bool {
	return slices.Contains(refsOf(t.Tag), KindFormer)
}

func (f *forgetter) field(v reflect.Value, person, opt, number bool) (gone bool) {
	switch at := v.Addr().Interface().(type) {
	case *ID:
		if !person || *at != f.id {
			return false
		}
		f.n++
		if *at = ""; number {
			*at = f.to
		}
		return *at == "" && !opt
	case *[]ID:
		if !person {
			return false
		}
		var kept []ID
		for _, x := range *at {
			if x == f.id {
				if f.n++; !number || f.to == "" {
					continue
				}
				x = f.to
			}
			kept = append(kept, x)
		}
		*at = kept
		return false
	case *Scope:
		if *at == Scope("person:"+string(f.id)) {
			f.n++
			return true
		}
		return false
	}
	switch v.Kind() {
	case reflect.Struct:
		return f.object(v)
	case reflect.Pointer:
		return !v.IsNil() && f.object(v.Elem())
	case reflect.Slice:
		if e := v.Type().Elem(); e.Kind() != reflect.Struct {
			return false
		}
		kept := reflect.MakeSlice(v.Type(), 0, v.Len())
		was := f.n
		for i := range v.Len() {
			if item := v.Index(i); !f.object(item) {
				kept = reflect.Append(kept, item)
			}
		}
		if f.n > was {
			v.Set(kept)
		}
	}
	return false
}

// Values returns everything in r that says who somebody is or how to reach them.
// It spells them: what it returns is for looking whether they are still
// somewhere, and belongs nowhere else.
func Values(r Record) (out []string) {
	v := reflect.ValueOf(r).Elem()
	for t, at := range v.Fields() {
		if !t.IsExported() {
			continue
		}
		n, ok := reflect.TypeAssert[record.Name](at)
		if ok && !n.IsZero() && !slices.Contains(out, n.Reveal()) {
			out = append(out, n.Reveal())
		}
	}
	return out
}

// Spelled returns how a document spells a text: JSON has other letters for some.
func Spelled(text string) string {
	q := quote(nil, text)
	return string(q[1 : len(q)-1])
}

// Strings returns every text and ID that the document of r holds.
func Strings(r Record) (out []string) {
	d := json.NewDecoder(bytes.NewReader(Encode(r)))
	for {
		t, err := d.Token()
		if err != nil {
			return out
		}
		if s, ok := t.(string); ok && s != "" {
			out = append(out, s)
		}
	}
}

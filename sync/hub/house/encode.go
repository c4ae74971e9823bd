package house

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"tavle/sync/record"
)

// Encode returns the document a store keeps of r. It spells the names in it:
// what it returns belongs into a store, and nowhere else.
func Encode(r Record) []byte { return encode(nil, reflect.ValueOf(r).Elem()) }

// encode appends v as JSON, the members of an object in the order of the type
// and without those that are optional and empty.
func encode(b []byte, v reflect.Value) []byte {
	switch x := v.Interface().(type) {
	case record.Name:
		return quote(b, x.Reveal())
	case Bring:
		if x.short() {
			return encode(b, reflect.ValueOf(x[0].Title))
		}
	case Waiter:
		if x.short() {
			return quote(b, string(x.Person))
		}
	}
	switch v.Kind() {
	case reflect.String:
		return quote(b, v.String())
	case reflect.Int:
		return fmt.Append(b, v.Int())
	case reflect.Bool:
		return fmt.Append(b, v.Bool())
	case reflect.Pointer:
		return encode(b, v.Elem())
	case reflect.Slice:
		b = append(b, '[')
		for i := range v.Len() {
			b = comma(b, i)
			b = encode(b, v.Index(i))
		}
		return append(b, ']')
	case reflect.Map:
		return encodeMap(b, v)
	case reflect.Struct:
		return encodeStruct(b, v)
	}
	panic(fmt.Sprintf("house: no JSON for %s", v.Type()))
}

func encodeStruct(b []byte, v reflect.Value) []byte {
	s := shapeOf(v.Type())
	b = append(b, '{')
	n := 0
	for key, value := range s.fixed {
		b = quote(quote(comma(b, n), key, ':'), value)
		n++
	}
	for _, f := range s.fields {
		x := v.FieldByIndex(f.index)
		if f.opt && (x.IsZero() || x.Kind() == reflect.Slice && x.Len() == 0 || x.Kind() == reflect.Map && x.Len() == 0) {
			continue
		}
		b = quote(comma(b, n), f.key, ':')
		b = encode(b, x)
		n++
	}
	return append(b, '}')
}

func encodeMap(b []byte, v reflect.Value) []byte {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return byLanguage(a.String(), b.String()) })
	b = append(b, '{')
	for i, k := range keys {
		b = quote(comma(b, i), k.String(), ':')
		b = encode(b, v.MapIndex(k))
	}
	return append(b, '}')
}

// byLanguage orders keys by the alphabet, Danish and Bokmål before English, as
// the people who read the file do.
func byLanguage(a, b string) int {
	rank := func(s string) string {
		if s == string(record.English) {
			return "~"
		}
		return s
	}
	return strings.Compare(rank(a), rank(b))
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

// quote appends s as a JSON string, and what follows it.
func quote(b []byte, s string, after ...byte) []byte {
	q, err := json.Marshal(s)
	if err != nil {
		panic("house: a string that JSON cannot hold") // there is none
	}
	return append(append(b, q...), after...)
}

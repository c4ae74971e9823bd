package house

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// R-IBG-41: the personal data that may be held is a closed list. Every field of
// a person's record is either one of these or says nothing about anybody, and
// that it says nothing is written down here, by name.
func TestPersonalFieldsAreOnTheRegister(t *testing.T) {
	known := map[string]bool{}
	for _, d := range Register() {
		known[d.Tag] = true
		require.NotEmpty(t, d.Purpose)
		require.NotEmpty(t, d.Recipients)
	}
	impersonal := map[string]bool{
		"ID": true, "Department": true, "Departments": true, "Lifecycle": true, "On": true, "Label": true,
		"Role": true, "ManagerRole": true, "LinkedTo": true,
	}
	used := map[string]bool{}
	for _, r := range []Record{&Resident{}, &Former{}, &Staff{}, &Relative{}} {
		for _, f := range reflect.VisibleFields(reflect.TypeOf(r).Elem()) {
			tag := f.Tag.Get("data")
			used[tag] = true
			if f.Name != "_" && !impersonal[f.Name] {
				require.True(t, known[tag], "%T.%s says something about a person and is not on the register", r, f.Name)
			}
		}
	}
	// Every name that cannot be printed, and every reference to a person,
	// wherever it is.
	for _, k := range Kinds() {
		eachField(reflect.TypeOf(New(k)).Elem(), func(of reflect.Type, f reflect.StructField) {
			used[f.Tag.Get("data")] = true
			if f.Type == nameType {
				require.True(t, known[f.Tag.Get("data")], "%s.%s", of, f.Name)
			}
		})
	}
	for tag := range known {
		require.True(t, used[tag], "%s is on the register and held nowhere", tag)
	}
}

// eachField calls f for every field of t and of what it is made of.
func eachField(t reflect.Type, f func(reflect.Type, reflect.StructField)) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		eachField(t.Elem(), f)
	case reflect.Struct:
		if t == nameType {
			return
		}
		for field := range t.Fields() {
			f(t, field)
			eachField(field.Type, f)
		}
	}
}

// A house in a log or an error spells no name.
func TestPrintedHouseSpellsNoName(t *testing.T) {
	h := demoHouse(t)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("house", "residents", h.Residents, "staff", h.Staff, "relatives", h.Relatives)
	fmt.Fprintf(&log, "%v %+v %#v", h.Residents, h.Staff, h.Relatives)
	for _, canary := range canaries(h) {
		require.NotContains(t, log.String(), canary)
	}
}

// canaries returns the letters of everything that cannot be printed, where they
// are unmistakable.
func canaries(h *House) (out []string) {
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		if n, ok := reflect.TypeAssert[record.Name](v); ok {
			if s := n.Reveal(); len(s) > 2 && !strings.Contains("Anna Lund", s) {
				out = append(out, s)
			}
			return
		}
		switch v.Kind() {
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
		}
	}
	walk(reflect.ValueOf(h).Elem())
	return out
}

// Every number has bounds, every list a longest length.
func TestEverythingInAFileIsBounded(t *testing.T) {
	types := []reflect.Type{reflect.TypeFor[House]()}
	for _, k := range Kinds() {
		types = append(types, reflect.TypeOf(New(k)).Elem())
	}
	for _, typ := range types {
		eachField(typ, func(of reflect.Type, f reflect.StructField) {
			if f.Name == "_" || f.Anonymous {
				return
			}
			r := ruleOf(f.Tag, false)
			switch f.Type.Kind() {
			case reflect.Int, reflect.Slice, reflect.Map:
				require.True(t, r.max > 0 || f.Type == textType, "%s.%s has no max", of, f.Name)
			case reflect.String:
				plain := f.Type.PkgPath() == ""
				require.True(t, !plain || r.max > 0 || len(r.oneof) > 0, "%s.%s has no max", of, f.Name)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	h := demoHouse(b)
	for _, r := range []Record{&h.Residents[0], &h.Activities[8], &h.Roster.Shifts[0]} {
		k, doc := KindOf(r), Encode(r)
		b.Run(string(k), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Decode(k, doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

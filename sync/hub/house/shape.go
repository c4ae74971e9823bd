package house

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// A shape is what the tags of a struct say about its JSON.
type shape struct {
	fields []field
	fixed  map[string]string // members that have one value and no field
	ignore []string          // members that are read over; "x*" is a prefix
}

// A field is one member of an object.
type field struct {
	key   string
	index []int
	rule
}

// A rule is what is allowed in a member, or in the items of a list.
type rule struct {
	opt      bool
	min, max int // 0: the default of the type
	oneof    []string
	ref      []Kind
}

var shapes sync.Map // reflect.Type → *shape

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := &shape{fixed: map[string]string{}}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous {
			continue
		}
		s.ignore = append(s.ignore, strings.Fields(f.Tag.Get("ignore"))...)
		key, opt := strings.CutSuffix(f.Tag.Get("key"), ",opt")
		switch {
		case f.Name == "_" && key != "":
			s.fixed[key] = f.Tag.Get("oneof")
		case f.Name == "_":
		case key == "":
			panic(fmt.Sprintf("house: %s.%s has no key", t, f.Name))
		default:
			s.fields = append(s.fields, field{key, f.Index, ruleOf(f.Tag, opt)})
		}
	}
	shapes.Store(t, s)
	return s
}

func ruleOf(tag reflect.StructTag, opt bool) rule {
	number := func(key string) int {
		n, _ := strconv.Atoi(tag.Get(key))
		return n
	}
	return rule{opt: opt, min: number("min"), max: number("max"), oneof: strings.Fields(tag.Get("oneof")), ref: refsOf(tag)}
}

// refsOf returns the kinds that a member may refer to.
func refsOf(tag reflect.StructTag) (out []Kind) {
	for k := range strings.FieldsSeq(tag.Get("ref")) {
		out = append(out, Kind(k))
	}
	return out
}

// field returns the member under key, or nil.
func (s *shape) field(key string) *field {
	for i := range s.fields {
		if s.fields[i].key == key {
			return &s.fields[i]
		}
	}
	return nil
}

// ignores reports whether the member under key is read over.
func (s *shape) ignores(key string) bool {
	for _, i := range s.ignore {
		if prefix, ok := strings.CutSuffix(i, "*"); i == key || ok && strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

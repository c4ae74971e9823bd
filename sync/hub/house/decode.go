package house

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tavle/sync/record"
)

// Decode reads the document a store keeps of a record of kind k. Members this
// build does not know are read over: a newer hub may have written them.
func Decode(k Kind, doc []byte) (Record, error) {
	r := New(k)
	if r == nil {
		return nil, fmt.Errorf("no kind of record %q", k)
	}
	n, err := parseNodes(doc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k, err)
	}
	d := decoder{lenient: true}
	d.value(&place{node: n}, reflect.ValueOf(r).Elem(), rule{})
	if len(d.list) > 0 {
		return nil, fmt.Errorf("%s: %w", k, errors.New(d.list[0].String()))
	}
	return r, nil
}

// Check returns what is wrong with r by itself, if anything: what [Parse] would
// say of its members. A store refuses such a record, because it could not read
// it again.
func Check(r Record) error {
	n, err := parseNodes(Encode(r))
	if err != nil {
		return err
	}
	d := decoder{}
	d.value(&place{node: n}, reflect.New(reflect.TypeOf(r).Elem()).Elem(), rule{})
	if len(d.list) == 0 {
		return nil
	}
	m := d.list[0]
	return fmt.Errorf("%s: %s", m.Path, m.Text)
}

// A decoder turns nodes into values and collects what is wrong on the way.
type decoder struct {
	mistakes
	lenient bool // members that are not known are read over, references are not collected
	refs    []reference
}

// A reference is an ID that must name something.
type reference struct {
	line  int
	path  string
	id    ID
	kinds []Kind
}

// A reader is a type with a form of its own.
type reader interface {
	read(d *decoder, p *place, r rule)
}

var (
	nameType = reflect.TypeFor[record.Name]()
	textType = reflect.TypeFor[record.Text]()
	idType   = reflect.TypeFor[ID]()
)

// value reads the node at p into v.
func (d *decoder) value(p *place, v reflect.Value, r rule) {
	if p.node.kind == 'n' {
		if !r.opt {
			d.add(p, "missing")
		}
		return
	}
	if own, ok := reflect.TypeAssert[reader](v.Addr()); ok {
		own.read(d, p, r)
		return
	}
	switch v.Type() {
	case nameType:
		if s, ok := d.text(p, r); ok {
			v.Set(reflect.ValueOf(record.NameOf(s)))
		}
		return
	case textType:
		d.languages(p, v, r)
		return
	case idType:
		d.id(p, v, r)
		return
	}
	switch v.Kind() {
	case reflect.String:
		d.word(p, v, r)
	case reflect.Int:
		d.number(p, v, r)
	case reflect.Bool:
		if p.node.kind != 't' && p.node.kind != 'f' {
			d.add(p, "want true or false")
		}
		v.SetBool(p.node.kind == 't')
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(p, v.Elem(), r)
	case reflect.Slice:
		d.items(p, v, r)
	case reflect.Map:
		d.members(p, v, r)
	case reflect.Struct:
		d.object(p, v)
	default:
		panic(fmt.Sprintf("house: no JSON for %s", v.Type()))
	}
}

// object reads a struct.
func (d *decoder) object(p *place, v reflect.Value) {
	if p.node.kind != '{' {
		d.add(p, "want an object")
		return
	}
	s := shapeOf(v.Type())
	for i := range s.fields {
		f := &s.fields[i]
		if n := p.node.child(f.key); n != nil {
			d.value(&place{p, f.key, 0, n}, v.FieldByIndex(f.index), f.rule)
		} else if !f.opt {
			d.add(p, "%s is missing", f.key)
		}
	}
	if d.lenient {
		return
	}
	for i, key := range p.node.keys {
		at := place{p, key, 0, &p.node.list[i]}
		want, fixed := s.fixed[key]
		switch {
		case !fixed && s.field(key) == nil && s.ignores(key):
		case !fixed && s.field(key) == nil && harmless(key):
			d.add(p, "no member is called %q; want one of %s", key, s.known())
		case !fixed && s.field(key) == nil:
			d.add(p, "no member is called that; want one of %s", s.known())
		case slices.Index(p.node.keys, key) < i:
			d.add(&at, "stands here twice")
		case fixed && at.node.text != want:
			d.add(&at, "want %q", want)
		}
	}
}

// known lists the members of a shape.
func (s *shape) known() string {
	var keys []string
	for _, f := range s.fields {
		keys = append(keys, f.key)
	}
	for k := range s.fixed {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return strings.Join(keys, ", ")
}

// items reads a list; the rule holds for each item, but for max and min, which
// are the number of items.
func (d *decoder) items(p *place, v reflect.Value, r rule) {
	if p.node.kind != '[' {
		d.add(p, "want a list")
		return
	}
	n := len(p.node.list)
	if n < r.min || n > r.max {
		d.add(p, "%d items; want %d to %d", n, r.min, r.max)
		return
	}
	if n == 0 {
		return
	}
	each := r
	each.min, each.max, each.opt = 0, 0, false
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		d.value(&place{p, "", i, &p.node.list[i]}, v.Index(i), each)
	}
	d.twice(p, v)
}

// twice finds two items of a list with the same ID.
func (d *decoder) twice(p *place, v reflect.Value) {
	id := func(v reflect.Value) ID { return v.FieldByName("ID").Interface().(ID) }
	switch e := v.Type().Elem(); {
	case e == idType:
		id = func(v reflect.Value) ID { return v.Interface().(ID) }
	case e.Kind() != reflect.Struct:
		return
	default:
		if f, ok := e.FieldByName("ID"); !ok || f.Type != idType {
			return
		}
	}
	seen := map[ID]int{}
	for i := range v.Len() {
		key := id(v.Index(i))
		if first, ok := seen[key]; ok && key != "" {
			d.add(&place{p, "", i, &p.node.list[i]}, "the same as item %d", first)
			continue
		}
		seen[key] = i
	}
}

// members reads a map whose keys the house chooses.
func (d *decoder) members(p *place, v reflect.Value, r rule) {
	if p.node.kind != '{' {
		d.add(p, "want an object")
		return
	}
	if len(p.node.keys) > r.max {
		d.add(p, "%d members; want at most %d", len(p.node.keys), r.max)
		return
	}
	t := v.Type()
	v.Set(reflect.MakeMap(t))
	for i, key := range p.node.keys {
		at := place{p, key, 0, &p.node.list[i]}
		if !isID(key) {
			at.key = "?"
			d.add(&at, "want letters, digits, - and _, at most %d", maxID)
			continue
		}
		item := reflect.New(t.Elem()).Elem()
		d.value(&at, item, rule{})
		v.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), item)
	}
}

// number reads a whole number.
func (d *decoder) number(p *place, v reflect.Value, r rule) {
	n, err := strconv.Atoi(p.node.text)
	if p.node.kind != '0' || err != nil || n < r.min || n > r.max {
		d.add(p, "want a whole number from %d to %d", r.min, r.max)
		return
	}
	v.SetInt(int64(n))
}

package house

import (
	"reflect"

	"tavle/sync/record"
)

// Two members may be written in a short form or a long one.

// read takes a text, or a list of items.
func (b *Bring) read(d *decoder, p *place, r rule) {
	if p.node.kind == '[' {
		d.items(p, reflect.ValueOf((*[]Item)(b)).Elem(), r)
		return
	}
	var t record.Text
	d.languages(p, reflect.ValueOf(&t).Elem(), rule{opt: true})
	if t != nil {
		*b = Bring{{Title: t}}
	}
}

// short reports whether the text alone says it all.
func (b Bring) short() bool { return len(b) == 1 && b[0].Pictogram == "" }

// read takes a person's ID, or a sign-up.
func (w *Waiter) read(d *decoder, p *place, r rule) {
	if p.node.kind == '{' {
		d.object(p, reflect.ValueOf((*SignUp)(w)).Elem())
		return
	}
	who := shapeOf(reflect.TypeFor[SignUp]()).field("person")
	d.id(p, reflect.ValueOf(&w.Person).Elem(), who.rule)
}

// short reports whether the person alone says it all.
func (w Waiter) short() bool { return w == Waiter{Person: w.Person} }

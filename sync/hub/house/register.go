package house

import (
	"reflect"
	"slices"
)

// The personal data this system may hold is a closed list, agreed with the
// controller. Every field that holds some says which it is by its tag "data",
// and nothing else about a person may be kept: a new kind needs a new line
// here, with its purpose and its recipients, before a test lets it in.

// A Datum is one kind of personal data.
type Datum struct {
	Tag        string
	What       string
	Purpose    string
	Recipients string
	Screen     bool // may reach a screen, by the person's choice
}

// Register returns the kinds of personal data that are kept.
func Register() []Datum {
	return []Datum{
		{"name", "first name, surname, alias, how they are spoken, flat", "to know people apart and to call them what they want", "staff; on screens the first name or the alias, and how that is spoken", true},
		{"picture", "portrait, and who is in which picture", "to recognise people who do not read", "staff; screens if the person wants it", true},
		{"phone", "telephone number of staff", "to reach a colleague", "staff", false},
		{"email", "e-mail address of staff", "to log in and to be told", "staff", false},
		{"signup", "activities, meals, meetings, bookings and groups somebody takes part in", "to plan and to meet", "staff; screens by the person's choice", true},
		{"presence", "who is there, has gone home or does not come, on one day", "to know who is in the house", "staff; screens of the department by a choice of its own", true},
		{"duty", "who works when, cooks, or is the contact of whom", "to know who is here", "staff; screens by the person's choice", true},
		{"request", "what somebody asked of whoever is responsible for what is kept of them, when, and what became of it", "to answer within the time that the law gives", "staff; of residents, the screens they sign up on", true},
		{"choice", "acceptance, choices of visibility, how a screen should be, what recognises a picture code", "to show nobody who does not want it, and to serve everybody as they need", "staff; of residents, the screens they sign up on: what may be taken back there, how the screen should be, the code", true},
	}
}

// people are the kinds of records that are somebody.
var people = []Kind{KindResident, KindFormer, KindStaff, KindRelative}

// Personal reports whether records of kind k hold personal data, or say who has to
// do with them.
func Personal(k Kind) bool {
	r := New(k)
	return slices.Contains(people, k) || r != nil && personal(reflect.TypeOf(r).Elem())
}

func personal(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Pointer:
		return personal(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			named := slices.ContainsFunc(ruleOf(f.Tag, true).ref, func(k Kind) bool { return slices.Contains(people, k) })
			if f.Tag.Get("data") != "" || named || f.Type == reflect.TypeFor[Scope]() || f.IsExported() && personal(f.Type) {
				return true
			}
		}
	}
	return false
}

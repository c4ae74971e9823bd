// Package intake turns a table that staff bring into what it would change in a house:
// who lives and works there, what there is to eat, who is at work when.
//
// It reads no clock and no store, and changes nothing: [Make] is told what the house
// has, and says what is new, what would be another, what is the same, and what is in
// the house and not in the table, which stays. What cannot be understood is a
// [Mistake], with its place, and never with what stood there; what could be meant in
// two ways is a [Question].
//
// Who or what a row is about:
//
//	a key      of the system the table is from. A record gets its ID of it, so it is
//	           found again whatever else changes. The key itself is not kept.
//	no key     people: by name and department; meals: by day, kind and department;
//	           shifts: by day, kind, person and department
//
// A cell that is empty leaves what is there; one with a dash takes it away. Photos and
// what people choose come with no table: whoever is new was not asked yet, and is hidden.
package intake

import (
	"tavle/sync/hub/house"
	"tavle/sync/hub/sheet"
	"tavle/sync/record"
)

// Kinds returns the kinds of records that come in tables.
func Kinds() []house.Kind {
	return []house.Kind{house.KindResident, house.KindStaff, house.KindMeal, house.KindShift}
}

// A World is what a house has, as whoever brings the table may see it.
type World struct {
	Org         house.ID
	Languages   []record.Lang
	Departments []house.Department // they look after
	Staff       []house.Staff      // of rosters
	Plan        house.Plan
	Records     []house.Record      // of the table's kind, in those departments
	Elsewhere   func(house.ID) bool // whether a record with that ID is in another
	Nonce       string              // of one table, from which what has no key gets its ID
}

// A Place is a cell, or a row of a table.
type Place struct {
	Sheet  string
	Row    int
	Column int    // from 1; 0: the whole row
	Head   string // which column it is: one of [Columns], or ""
}

// A Mistake is what cannot be understood, or must not come in.
type Mistake struct {
	Place
	Why  string   // one of "bring.wrong." of whoever says it
	Want []string // what there may be, when that is little
}

// A Question is a row that could be about several.
type Question struct {
	Place
	Key    string // what to answer it by
	Word   string // "who": is it one of these; "person": who is at work
	Among  []house.Record
	Answer string // "new", an ID of Among, or "": not answered
}

// New is the answer that it is none of those there are.
const New = "new"

// A Line is one row of the table, and what becomes of it.
type Line struct {
	Place
	Was, Now house.Record // Was nil: it is new
}

// A Plan is what a table would change.
type Plan struct {
	Kind         house.Kind
	Lang         record.Lang // of the table
	Used, Unused []string    // names of columns, as the table has them
	New          []Line
	Changed      []Line
	Same         []Line
	Kept         []house.Record // not in the table
	Questions    []Question
	Mistakes     []Mistake
}

// Ready reports whether nothing stands in the way.
func (p *Plan) Ready() bool {
	if len(p.Mistakes) > 0 || len(p.New)+len(p.Changed) == 0 {
		return false
	}
	for _, q := range p.Questions {
		if q.Answer == "" {
			return false
		}
	}
	return true
}

// book is what the tables are read from.
type book = sheet.Book

// Package house holds what a controller keeps about one house, or one
// municipality of houses: the people with their surnames, choices and
// acceptances, and everything they can take part in. It reads and writes the
// file format such a house is imported from and exported to, and the documents
// a store keeps.
//
// None of it may reach a screen: sync/hub/project makes from it what a screen
// may know, in the types of sync/record, and nothing under player imports this
// package. Everything that says who somebody is has a type that cannot be
// printed ([Name], [Private]).
//
// The format is declared once, by the tags of the types:
//
//	key:"key"      the member's name; ",opt" means that it may be missing or null
//	max, min        bounds of a length in bytes, of a number, of a count
//	oneof           the words allowed
//	ref             what the ID must name: one or more kinds
//	data            which of the agreed personal data it is; see register.go
//
// A file is checked whole: [Parse] returns every mistake at once, each with its
// place and what is allowed there, and never with the name of anybody.
package house

// The days of every zone must be known on a machine without a zone database.
import _ "time/tzdata"

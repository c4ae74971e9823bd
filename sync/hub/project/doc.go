// Package project makes from what a house keeps the rows one board may show:
// it asks sync/policy about every person in every place, replaces names by what
// people chose to be called, hidden people by a number or a word, and every ID
// by one that means nothing outside the board.
//
// It is pure: it reads no clock, no file, no network, and the same source at
// the same time gives the same bytes. Nothing of sync/hub/house leaves it but
// through the types of sync/record.
package project

package record

import (
	"strings"
	"time"
)

// Presence is who of a department is there on one day: the state of everybody who
// stands on the board, and nothing else. There is no field for when, by whom, or
// why (R-KID-06).
type Presence struct {
	ID   PresenceID
	Day  Day        // that Here and Gone are about; another day begins with nobody
	Who  []PersonID // who stands on the board
	Here []PersonID // of them, who has come and not gone
	Gone []PersonID // who has come and gone home
	Off  []DayOff   // days on which somebody does not come, today's and later ones
	// Whole: everybody of the department stands on the board, so that a number says
	// how many there are and gives nobody away.
	Whole bool
}

// A DayOff is a day on which somebody does not come. Why is said nowhere.
type DayOff struct {
	Who PersonID
	Day Day
}

func (Presence) fact() {}

// A Day is a date by the calendar of the house, such as "2026-11-30".
type Day string

const dayForm = time.DateOnly

// DayOf returns the date of t in its own zone.
func DayOf(t time.Time) Day { return Day(t.Format(dayForm)) }

// In returns the first moment of the day in zone; what is no day is the zero time.
func (d Day) In(zone *time.Location) time.Time {
	t, err := time.ParseInLocation(dayForm, string(d), zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Whereabouts says whether somebody is there today.
type Whereabouts string

// The states of somebody on the board.
const (
	NotYet   Whereabouts = "not_yet"
	Here     Whereabouts = "here"
	GoneHome Whereabouts = "gone"
	Off      Whereabouts = "off" // does not come that day
)

// Marks are the states that can be said at a wall.
var Marks = []Whereabouts{NotYet, Here, GoneHome}

// DayKey names one day of presence p: a touch counts for the day it was made on,
// whenever the hub hears of it.
func DayKey(p PresenceID, day Day) Key { return Key{KindPresence, string(p) + "@" + string(day)} }

// ParseDay returns what [DayKey] named; ok is false when k names no day.
func ParseDay(k Key) (p PresenceID, day Day, ok bool) {
	id, at, found := strings.Cut(k.ID, "@")
	t, err := time.Parse(dayForm, at)
	return PresenceID(id), Day(at), found && err == nil && string(DayOf(t)) == at && k.Kind == KindPresence
}

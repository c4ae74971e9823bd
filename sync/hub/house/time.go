package house

import (
	"time"
)

// Times in a house are what the clock on its wall says, without zone: an
// activity at half past nine stays at half past nine wherever the file is read.
// They are kept as they are written, so they compare and sort as strings. The
// empty string is no time.
type (
	// A Day is a date, such as "2026-11-30".
	Day string
	// A Wall is a date and a time of day, such as "2026-11-30T09:30".
	Wall string
	// A Clock is a time of day, such as "07:15".
	Clock string
)

const (
	dayForm   = "2006-01-02"
	wallForm  = "2006-01-02T15:04"
	clockForm = "15:04"
)

// DayOf returns the date of t in its own zone.
func DayOf(t time.Time) Day { return Day(t.Format(dayForm)) }

// WallOf returns what the wall clock says at t in its own zone.
func WallOf(t time.Time) Wall { return Wall(t.Format(wallForm)) }

// Start returns the first moment of the day in zone.
func (d Day) Start(zone *time.Location) time.Time { return moment(dayForm, string(d), zone) }

// Add returns the day n days later.
func (d Day) Add(n int) Day { return Day(addDays(dayForm, string(d), n)) }

// In returns the moment the wall clock of zone says w.
func (w Wall) In(zone *time.Location) time.Time { return moment(wallForm, string(w), zone) }

// Day returns the date of w.
func (w Wall) Day() Day {
	if w == "" {
		return ""
	}
	return Day(w[:len(dayForm)])
}

// Add returns the same time of day n days later.
func (w Wall) Add(n int) Wall { return Wall(addDays(wallForm, string(w), n)) }

// Minutes returns how many minutes after midnight c is.
func (c Clock) Minutes() int {
	t, err := time.Parse(clockForm, string(c))
	if err != nil {
		return 0
	}
	return t.Hour()*60 + t.Minute()
}

// moment reads s in zone; no time, and what a check has not seen, is the zero
// time.
func moment(form, s string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(form, s, zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

func addDays(form, s string, n int) string {
	t, err := time.Parse(form, s)
	if err != nil {
		return s
	}
	return t.AddDate(0, 0, n).Format(form)
}

// written reports whether s is a time written exactly in this form.
func written(form, s string) bool {
	t, err := time.Parse(form, s)
	return err == nil && t.Format(form) == s
}

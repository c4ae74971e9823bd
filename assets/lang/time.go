package lang

import (
	"strconv"
	"time"
)

// Clock returns a time of day as the language writes it: "10.24" in Danish,
// "10:24" elsewhere. Hours before ten have no leading zero.
func (w *Words) Clock(t time.Time) string {
	sep := ":"
	if w.Tag == "da" {
		sep = "."
	}
	m := t.Minute()
	return strconv.Itoa(t.Hour()) + sep + string([]byte{'0' + byte(m/10), '0' + byte(m%10)})
}

// Hour returns a full hour without its minutes ("18"), and any other time as
// [Words.Clock] does.
func (w *Words) Hour(t time.Time) string {
	if t.Minute() == 0 {
		return strconv.Itoa(t.Hour())
	}
	return w.Clock(t)
}

// Weekday returns the name of the day as it stands inside a sentence.
func (w *Words) Weekday(d time.Weekday) string { return w.T("weekday." + isoDay(d)) }

// WeekdayShort returns the heading of a narrow column: "Man".
func (w *Words) WeekdayShort(d time.Weekday) string { return w.T("weekday.short." + isoDay(d)) }

func isoDay(d time.Weekday) string { return strconv.Itoa((int(d)+6)%7 + 1) }

// Date returns "20. november".
func (w *Words) Date(t time.Time) string {
	return w.T("time.date", "day", t.Day(), "month", w.T("month."+strconv.Itoa(int(t.Month()))))
}

// Day returns "I dag", "I morgen" or "I går" seen from now, else the weekday
// with a capital.
func (w *Words) Day(t, now time.Time) string {
	switch days(t) - days(now) {
	case 0:
		return w.T("time.today")
	case 1:
		return w.T("time.tomorrow")
	case -1:
		return w.T("time.yesterday")
	}
	return Capital(w.Weekday(t.Weekday()))
}

// DayWithin returns the same as it stands inside a sentence: "i morgen", "fredag";
// "Friday" where days are names.
func (w *Words) DayWithin(t, now time.Time) string {
	switch n := days(t) - days(now); n {
	case -1, 0, 1:
		return Small(w.Day(t, now))
	}
	return w.Weekday(t.Weekday())
}

// days counts calendar days, whatever the length of each.
func days(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// A DayPart is a part of the day people have a word for.
type DayPart int

// The parts of the day. They begin at 6, 9, 12, 18 and 23 o'clock.
const (
	Morning DayPart = iota
	Forenoon
	Afternoon
	Evening
	Night
)

// PartOf returns the part of the day at t.
func PartOf(t time.Time) DayPart {
	switch h := t.Hour(); {
	case h < 6 || h >= 23:
		return Night
	case h < 9:
		return Morning
	case h < 12:
		return Forenoon
	case h < 18:
		return Afternoon
	default:
		return Evening
	}
}

// Part returns the word for a part of the day.
func (w *Words) Part(p DayPart) string {
	return w.T([...]string{"time.morning", "time.forenoon", "time.afternoon", "time.evening", "time.night"}[p])
}

// Until returns how long it is from now to t in words ("Om 36 minutter", "Om 3
// timer"), or "" when that is more than half a day or has passed.
func (w *Words) Until(t, now time.Time) string {
	d := t.Sub(now)
	m := int((d + time.Minute - 1) / time.Minute)
	switch {
	case m <= 0 || d > 12*time.Hour:
		return ""
	case m == 1:
		return w.T("time.in_one_minute")
	case m < 60:
		return w.T("time.in_minutes", "n", m)
	}
	if h := int((d + 30*time.Minute) / time.Hour); h > 1 {
		return w.T("time.in_hours", "n", h)
	}
	return w.T("time.in_one_hour")
}

package record

import (
	"strings"
	"time"
)

// A part of a day that can be booked has no row of its own: it is one of every
// day's, of a resource. A touch names it by the resource and when it begins.

const slotForm = "2006-01-02T15:04"

// SlotKey names the part of a day of r that begins at from, by the clock of the
// house: whoever joins it has r then.
func SlotKey(r ResourceID, from time.Time) Key {
	return Key{KindBooking, string(r) + "@" + from.Format(slotForm)}
}

// ParseSlot returns what [SlotKey] named, in zone; ok is false when k names no
// part of a day.
func ParseSlot(k Key, zone *time.Location) (r ResourceID, from time.Time, ok bool) {
	id, at, found := strings.Cut(k.ID, "@")
	from, err := time.ParseInLocation(slotForm, at, zone)
	return ResourceID(id), from, found && err == nil && k.Kind == KindBooking
}

// On returns when the slot is on the day of t, in the zone of t.
func (s Slot) On(t time.Time) (from, to time.Time) {
	y, m, d := t.Date()
	at := func(minutes int) time.Time { return time.Date(y, m, d, 0, minutes, 0, 0, t.Location()) }
	return at(s.From), at(s.To)
}

package project

import (
	"time"

	"tavle/sync/hub/house"
)

// A board holds what is about the days from yesterday to two weeks ahead: a
// screen that is offline for long still has its days, and old ones go.
const (
	daysBack  = 1
	daysAhead = 14
)

// Window returns the first and the last day a board holds at now, in the zone
// of its department.
func Window(now time.Time, zone *time.Location) (from, until house.Day) {
	today := house.DayOf(now.In(zone))
	return today.Add(-daysBack), today.Add(daysAhead)
}

// Next returns when a board made at now changes by itself: days roll and
// acceptances end at midnight.
func Next(now time.Time, zone *time.Location) time.Time {
	return house.DayOf(now.In(zone)).Add(1).Start(zone)
}

package ui

import (
	"image/color"
	"strconv"
	"time"
)

// rgba is a colour, short.
type rgba = color.RGBA

func itoa(n int) string { return strconv.Itoa(n) }

// dayTime says a moment inside a sentence: the clock today, otherwise the day
// and the clock.
func (c *canvas) dayTime(t time.Time) string {
	t = t.In(c.now.Location())
	if DateOf(t) == DateOf(c.now) {
		return c.words.T("time.at", "time", c.words.Clock(t))
	}
	return c.words.T("time.day_at", "day", c.words.Weekday(t.Weekday()), "time", c.words.Clock(t))
}

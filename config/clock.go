package config

import (
	"fmt"
	"strconv"
	"strings"
)

// A Clock is a time of the day, in minutes after midnight.
type Clock int

// A Span is the time from one clock to another, over midnight where the second is
// the earlier; the zero Span is never.
type Span struct{ From, To Clock }

const aTime = "a time from 00:00 to 23:59"

var (
	clocks = spelled("a time in quotes, as in \"20:00\"", clockOf, Clock.String)
	spans  = spelled("two times in quotes, as in \"23:30-05:30\"", func(text string) (s Span, ok bool) {
		if text == "" {
			return s, true
		}
		from, to, _ := strings.Cut(text, "-")
		if s.From, ok = clockOf(from); ok {
			s.To, ok = clockOf(to)
		}
		return s, ok && s.From != s.To
	}, Span.String)
)

// clockOf reads two digits, a colon and two digits.
func clockOf(text string) (Clock, bool) {
	h, m, ok := strings.Cut(text, ":")
	if !ok || len(h) != 2 || len(m) != 2 {
		return 0, false
	}
	hours, err1 := strconv.ParseUint(h, 10, 8)
	minutes, err2 := strconv.ParseUint(m, 10, 8)
	return Clock(hours*60 + minutes), err1 == nil && err2 == nil && hours < 24 && minutes < 60
}

// String returns it as it is written, such as "06:00".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// String returns it as it is written, such as "23:30-05:30", or "".
func (s Span) String() string {
	if s == (Span{}) {
		return ""
	}
	return s.From.String() + "-" + s.To.String()
}

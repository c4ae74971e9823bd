package sheet

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Days and times are written in many ways. A number alone is a day of Excel; all else
// names the day before the month, as everybody here does, unless the year is first.

var (
	isoDay  = regexp.MustCompile(`^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$`)
	ourDay  = regexp.MustCompile(`^(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4}|\d{2})\.?$`)
	saidDay = regexp.MustCompile(`^(?:den |the )?(\d{1,2})(?:\.|st|nd|rd|th)?[ -](\pL+)\.?,?[ -](\d{4})$`)
	monthly = regexp.MustCompile(`^(\pL+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$`)
	weekday = regexp.MustCompile(`^(?:man|tir|tirs|ons|tor|tors|fre|lør|søn|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|` +
		`mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\.?,?\s+`)
	clock = regexp.MustCompile(`^(?:kl\.?|klokken|at)?\s*(\d{1,2})(?:[:.](\d{2})(?:[:.]\d{2})?|(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?$`)
	parts = regexp.MustCompile(`^(.*?\S)[ Tt]+(?:kl\.?\s*)?(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)[Zz]?$`)
)

// months by the letters they begin with, in the three languages.
var months = []string{"jan", "feb", "mar", "apr", "ma", "jun", "jul", "aug", "sep", "o", "nov", "de"}

// month returns a month by its name or the beginning of it, or 0.
func month(name string) int {
	name = strings.ToLower(name)
	if strings.HasPrefix(name, "mar") {
		return 3
	}
	for i, m := range months {
		if len(name) >= 3 && strings.HasPrefix(name, m) {
			return i + 1
		}
	}
	return 0
}

// The days that Excel may mean: 1954 … 2118. What is outside is no day of a house.
const firstSerial, lastSerial = 20000, 79999

// Day returns the day that a cell says, as "2026-11-30".
func (b *Book) Day(cell string) (string, bool) {
	s := strings.ToLower(strings.Join(strings.Fields(cell), " "))
	if n, ok := b.number(s); ok {
		return b.serialDay(n)
	}
	s = weekday.ReplaceAllString(s, "")
	switch {
	case isoDay.MatchString(s):
		m := isoDay.FindStringSubmatch(s)
		return day(m[1], m[2], m[3])
	case ourDay.MatchString(s):
		m := ourDay.FindStringSubmatch(s)
		if len(m[3]) == 2 {
			m[3] = "20" + m[3]
		}
		return day(m[3], m[2], m[1])
	case saidDay.MatchString(s):
		m := saidDay.FindStringSubmatch(s)
		return day(m[3], strconv.Itoa(month(m[2])), m[1])
	case monthly.MatchString(s):
		m := monthly.FindStringSubmatch(s)
		return day(m[3], strconv.Itoa(month(m[1])), m[2])
	}
	return "", false
}

func day(year, month, day string) (string, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t.Format(time.DateOnly), t.Year() == y && int(t.Month()) == m && t.Day() == d && y >= 1900 && y < 2200
}

func (b *Book) serialDay(n float64) (string, bool) {
	if b.Since1904 {
		n += 1462
	}
	if n < firstSerial || n > lastSerial {
		return "", false
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format(time.DateOnly), true
}

// number reads what a workbook keeps of a day or a time: days, and parts of one. In a
// text a number is what somebody wrote: 12.30 is a time.
func (b *Book) number(s string) (float64, bool) {
	if !b.Counts || strings.Trim(s, "0123456789.eE-") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	day, _, part := strings.Cut(s, ".")
	return n, err == nil && (n >= firstSerial/2 && len(day) == 5 || n >= 0 && n < 1 && (part || n == 0 || strings.ContainsAny(s, "eE")))
}

// Clock returns the time of day that a cell says, as "07:15"; of a day with a time, the
// time.
func (b *Book) Clock(cell string) (string, bool) {
	s := strings.ToLower(strings.Join(strings.Fields(cell), " "))
	if n, ok := b.number(s); ok && (n < 1 || n != math.Floor(n)) {
		minutes := int(math.Round((n - math.Floor(n)) * 24 * 60))
		return fmt.Sprintf("%02d:%02d", minutes/60%24, minutes%60), true
	}
	if m := parts.FindStringSubmatch(s); m != nil {
		if _, ok := b.Day(m[1]); ok {
			s = m[2]
		}
	}
	m := clock.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	h, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2] + m[3])
	switch half := strings.ReplaceAll(m[4], ".", ""); {
	case half != "" && (h < 1 || h > 12):
		return "", false
	case half == "pm" && h < 12:
		h += 12
	case half == "am" && h == 12:
		h = 0
	}
	if h == 24 && minute == 0 {
		h = 0
	}
	return fmt.Sprintf("%02d:%02d", h, minute), h < 24 && minute < 60
}

// Moment returns the day and the time of day that one cell says, as "2026-11-30T12:00".
func (b *Book) Moment(cell string) (string, bool) {
	s := strings.TrimSpace(cell)
	dayPart := s
	if m := parts.FindStringSubmatch(s); m != nil {
		dayPart = m[1]
	} else if n, ok := b.number(s); !ok || n == math.Floor(n) {
		return "", false
	}
	d, ok := b.Day(dayPart)
	c, ok2 := b.Clock(s)
	return d + "T" + c, ok && ok2
}

package manager

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"tavle/assets/lang"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// The planner, the plan of meals and the roster show one week of one department. Which,
// stands in the address: "?department=dep-x&week=2026-11-30".

// A week is the one a page shows.
type week struct {
	Path        string // of the page
	Department  house.Department
	Departments []house.Department // that whoever asks can choose from
	Monday      house.Day
	Now         house.Wall // what the department's clock says
	Copy        bool       // it is the page that copies this week
	meta        house.Meta
	zone        *time.Location
	words       *words
}

// daysInWeek is how many days each of them shows.
const daysInWeek = 7

// errNoDepartment says that there is no department to plan for.
var errNoDepartment = errors.New("there is no department")

// week returns what the address, or a form, asks for: the department, or else the first
// that whoever asks looks after; the week of that day, or else this one.
func (v *visit) week(s store.View, path string) (w week, err error) {
	w = week{Path: path, words: v.views.words(v.lang)}
	if w.Departments, err = v.departments(s); err != nil {
		return w, err
	}
	if w.meta, err = v.meta(s); err != nil {
		return w, err
	}
	if len(w.Departments) == 0 {
		return w, errNoDepartment
	}
	w.Department = w.Departments[0]
	if id := idOf(v.r.FormValue("department")); id != "" {
		i := slices.IndexFunc(w.Departments, func(d house.Department) bool { return d.ID == id })
		if i < 0 {
			if _, err := store.Get[house.Department](v.ctx(), s, id); err != nil {
				return w, err
			}
			return w, errMayNot
		}
		w.Department = w.Departments[i]
	}
	w.zone = w.meta.ZoneOf(w.Department)
	w.Now = house.WallOf(v.opt.Now().In(w.zone))
	w.Monday = monday(house.Day(v.r.FormValue("week")))
	if w.Monday == "" {
		w.Monday = monday(w.Now.Day())
	}
	return w, nil
}

// monday returns the first day of the week of a day; "" for what is no day.
func monday(d house.Day) house.Day {
	t := d.Start(time.UTC)
	if t.IsZero() || t.Year() < 1900 || t.Year() > 9000 {
		return ""
	}
	return d.Add(-((int(t.Weekday()) + 6) % daysInWeek))
}

// Lang returns the language in which the department's content is written first.
func (w week) Lang() record.Lang {
	for _, l := range w.Department.Languages {
		if slices.Contains(w.meta.Languages, l) {
			return l
		}
	}
	if len(w.meta.Languages) > 0 {
		return w.meta.Languages[0]
	}
	return record.Danish
}

// Sunday returns the last day.
func (w week) Sunday() house.Day { return w.Monday.Add(daysInWeek - 1) }

// Has reports whether a day is in the week.
func (w week) Has(d house.Day) bool { return d >= w.Monday && d <= w.Sunday() }

// In returns the address of the page for the week of a day, and more pairs of what it
// asks for.
func (w week) In(day house.Day, more ...string) string {
	q := url.Values{"department": {string(w.Department.ID)}, "week": {string(monday(day))}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return w.Path + "?" + q.Encode()
}

// Here returns the address of the page as it is, and more pairs of what it asks for.
func (w week) Here(more ...string) string { return w.In(w.Monday, more...) }

// Previous, Next and This return the address of another week.
func (w week) Previous() string { return w.In(w.Monday.Add(-daysInWeek)) }

// Next is the week after it.
func (w week) Next() string { return w.In(w.Monday.Add(daysInWeek)) }

// This is the week of today.
func (w week) This() string { return w.In(w.Now.Day()) }

// IsThis reports whether it is the week of today.
func (w week) IsThis() bool { return w.Has(w.Now.Day()) }

// CopyTo is the address where a week is copied into this one.
func (w week) CopyTo() string {
	return week{Path: w.Path + "/copy", Department: w.Department}.In(w.Monday)
}

// Number returns the week's number in its year, as calendars of the North count them.
func (w week) Number() int {
	_, n := w.Monday.Start(time.UTC).ISOWeek()
	return n
}

// Span returns the days as they are said: "30. november – 6. december".
func (w week) Span() string {
	from, to := w.Monday.Start(time.UTC), w.Sunday().Start(time.UTC)
	if from.Month() == to.Month() {
		return strconv.Itoa(from.Day()) + ".–" + w.words.wall.Date(to)
	}
	return w.words.wall.Date(from) + " – " + w.words.wall.Date(to)
}

// A weekDay is one of the seven.
type weekDay struct {
	Day    house.Day
	Colour string // a class of the style: "mon"
	Short  string // "Man"
	Name   string // "Mandag"
	Number int    // in the month
	Today  bool
}

// weekColours are the classes of the days' colours.
var weekColours = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// Days returns the seven.
func (w week) Days() []weekDay {
	days := make([]weekDay, daysInWeek)
	for i := range days {
		d := w.Monday.Add(i)
		t := d.Start(time.UTC)
		days[i] = weekDay{
			Day: d, Colour: "plain", Short: w.words.wall.WeekdayShort(t.Weekday()),
			Name: lang.Capital(w.words.wall.Weekday(t.Weekday())), Number: t.Day(), Today: d == w.Now.Day(),
		}
		if w.Department.Weekdays {
			days[i].Colour = weekColours[i]
		}
	}
	return days
}

// exists reports whether the department's clock ever says that: in spring an hour is
// left out.
func (w week) exists(at house.Wall) bool {
	t := at.In(w.zone)
	return !t.IsZero() && house.WallOf(t) == at
}

// own reports whether a record belongs to the department and begins in the week: what is
// shared by others is theirs to plan.
func (w week) own(r house.Record) bool {
	home := house.HomeOf(r)
	return slices.Contains(home.Departments, w.Department.ID) && w.Has(home.From)
}

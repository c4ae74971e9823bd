package manager

import (
	"slices"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// The start page says what is out of date or empty in the coming days, in each
// department that whoever asks looks after, with one tap to mend it.
var _ = add(page{Name: "start", Nav: &nav{Order: 0, Icon: "layout-dashboard", Path: "/"}, Routes: []route{
	{"GET /{$}", account.Self, (*visit).start},
}})

// daysAhead is how far the start page looks: today and the days after it.
const daysAhead = 7

// A startSheet is what the page shows.
type startSheet struct {
	Today       house.Day
	Due         []dueLine
	Departments []upkeep
}

// An upkeep is how things stand in one department.
type upkeep struct {
	Department house.Department
	Gaps       []gap
	Today      int // activities
}

// A gap is something that is missing or old.
type gap struct {
	Word string // in words of "start."
	Days []house.Day
	Fix  string // where it is mended; "": each of Links
	Icon string

	Links []row // what it is about
}

// A run is days without one between them.
type run struct{ From, Until house.Day }

// Runs returns the days it is about, those that follow one another together.
func (g gap) Runs() (out []run) {
	for _, d := range g.Days {
		if n := len(out); n > 0 && out[n-1].Until.Add(1) == d {
			out[n-1].Until = d
			continue
		}
		out = append(out, run{d, d})
	}
	return out
}

func (v *visit) start() error {
	d := startSheet{}
	if v.who.Org == "" {
		return errNoHouse
	}
	var err error
	if d.Due, err = v.deadlines(); err != nil {
		return err
	}
	if !v.who.May(account.Content) {
		return v.show("start", d)
	}
	err = v.see(func(s store.View) error {
		depts, err := v.departments(s)
		if err != nil {
			return err
		}
		meta, err := v.meta(s)
		if err != nil {
			return err
		}
		d.Departments = nil
		for _, dept := range depts {
			today := house.DayOf(v.opt.Now().In(meta.ZoneOf(dept)))
			d.Today = today
			u, err := v.upkeep(s, dept, today)
			if err != nil {
				return err
			}
			d.Departments = append(d.Departments, u)
		}
		return nil
	})
	for i := range d.Departments {
		if err != nil {
			break
		}
		u := &d.Departments[i]
		var away []gap
		away, err = v.lost(u.Department.ID)
		u.Gaps = append(u.Gaps, away...)
	}
	if err != nil {
		return err
	}
	return v.show("start", d)
}

// upkeep looks what is missing in a department from today on.
func (v *visit) upkeep(s store.View, dept house.Department, today house.Day) (upkeep, error) {
	u := upkeep{Department: dept}
	modules := dept.Modules
	if len(modules) == 0 {
		modules = house.DefaultModules
	}
	modules, err := v.allowed(s, modules, today)
	if err != nil {
		return u, err
	}
	until := today.Add(daysAhead - 1)
	for _, m := range []struct {
		module record.Module
		kind   house.Kind
		icon   string
	}{
		{record.ModuleActivities, house.KindActivity, "calendar-event"},
		{record.ModuleMeals, house.KindMeal, "tools-kitchen-2"},
		{record.ModuleRoster, house.KindShift, "id-badge-2"},
	} {
		if !slices.Contains(modules, m.module) {
			continue
		}
		all, err := s.On(v.ctx(), dept.ID, m.kind, today, until)
		if err != nil {
			return u, err
		}
		g := gap{Word: "no_" + string(m.kind), Fix: entityOf(m.kind).home() + "?department=" + string(dept.ID), Icon: m.icon}
		for i := range daysAhead {
			day := today.Add(i)
			there := slices.ContainsFunc(all, func(r house.Record) bool {
				h := house.HomeOf(r)
				return h.From <= day && h.Until >= day
			})
			if !there {
				g.Days = append(g.Days, day)
			} else if m.kind == house.KindActivity && i == 0 {
				u.Today = len(all)
			}
		}
		if len(g.Days) > 0 {
			g.Fix += "&week=" + string(g.Days[0])
			u.Gaps = append(u.Gaps, g)
		}
	}
	if slices.Contains(modules, record.ModuleNews) {
		news, err := s.On(v.ctx(), dept.ID, house.KindNews, today.Add(-30), today)
		if err != nil {
			return u, err
		}
		if len(news) == 0 {
			u.Gaps = append(u.Gaps, gap{Word: "no_news", Fix: recordsPath + string(house.KindNews) + "/new", Icon: "news"})
		}
	}
	old, err := v.stale(s, dept, modules, today)
	u.Gaps = append(u.Gaps, old...)
	return u, err
}

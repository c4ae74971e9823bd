package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"tavle/assets/demo"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// The house of the measurements: departments of 60 people, 45 activities, 28
// meals and 84 shifts, made of the first of each in the demo house. Its board is
// about 50 KiB.
const org = "sys-demo"

// newHouse returns such a house, its days around now.
func newHouse(now time.Time, departments int) (*house.House, error) {
	h, mistakes := house.Parse(bytes.NewReader(demo.House()))
	if len(mistakes) > 0 {
		return nil, fmt.Errorf("demo house: %s", mistakes[0])
	}
	dept, resident, activity, meal, shift, news := h.Departments[0], h.Residents[0], h.Activities[7], h.Meals[9], h.Roster.Shifts[0], h.News[0]
	h = &house.House{Meta: h.Meta, System: h.System, Staff: h.Staff, Roster: house.Roster{Plan: h.Roster.Plan}}
	dept.Modules, dept.Screens, dept.CountK = append(slices.Clone(house.DefaultModules), record.ModuleRoster), nil, 0
	for i := range h.Staff {
		h.Staff[i].Departments, h.Staff[i].Photo = nil, ""
	}
	now = now.In(h.Meta.ZoneOf(dept))
	today := house.Day(now.Format(time.DateOnly))
	soon := next(now)
	for d := range departments {
		dept.ID = deptID(d)
		h.Departments = append(h.Departments, dept)
		id := func(kind string, i int) house.ID { return house.ID(fmt.Sprintf("%s%d-%d", kind, d, i)) }
		for i := range 60 {
			r := resident
			r.ID, r.Department, r.Photo, r.FirstName = id("r", i), dept.ID, "", record.NameOf(fmt.Sprint("Navn", i))
			h.Residents = append(h.Residents, r)
		}
		for i := range 84 {
			day := today.Add(i%14 - 1)
			at := func(clock string) house.Wall { return house.Wall(string(day) + "T" + clock) }
			if a := activity; i < 45 {
				starts := soon.AddDate(0, 0, i%14-1)
				a.ID, a.Department, a.Deadline, a.Capacity = id("a", i), dept.ID, "", 40
				a.Starts, a.Ends = wallClock(starts), wallClock(starts.Add(time.Hour))
				a.Picture, a.Leader, a.Leaders, a.SharedWith, a.Waitlist, a.SignUps, a.Text = "", "", nil, nil, nil, nil, nil
				a.Title = record.Text{"da": fmt.Sprint(activityName, i)}
				for p := range 6 {
					a.SignUps = append(a.SignUps, house.SignUp{Person: id("r", (i+p)%60), Via: "wall"})
				}
				h.Activities = append(h.Activities, a)
			}
			if m := meal; i < 28 {
				m.ID, m.Department, m.Served, m.Deadline, m.Cook, m.Picture = id("m", i), dept.ID, at("18:00"), "", "", ""
				m.SharedWith, m.OptOuts, m.SignUps, m.Alternative = nil, nil, nil, nil
				for p := range 16 {
					m.SignUps = append(m.SignUps, house.SignUp{Person: id("r", (i+p)%60), Via: "auto"})
				}
				h.Meals = append(h.Meals, m)
			}
			s := shift
			s.ID, s.Department, s.From, s.To, s.ContactFor = id("v", i), dept.ID, at("07:00"), at("15:00"), nil
			h.Roster.Shifts = append(h.Roster.Shifts, s)
		}
		n := news
		n.ID, n.Department, n.Author, n.Picture = newsID(d), dept.ID, "", ""
		n.Published, n.Expires = house.Wall(string(today)+"T00:01"), ""
		h.News = append(h.News, n)
	}
	for i := range h.Staff {
		h.Staff[i].Departments = []house.ID{deptID(0)}
	}
	return h, nil
}

// next returns when the next activity of a house begins: soon enough to be on a
// wall now, whatever the hour, and late enough to be touched for a while.
func next(now time.Time) time.Time {
	soon := now.Add(time.Hour)
	if soon.Day() != now.Day() || soon.Hour() >= 22 {
		return time.Date(now.Year(), now.Month(), now.Day()+1, 10, 0, 0, 0, now.Location())
	}
	return soon
}

func wallClock(t time.Time) house.Wall { return house.Wall(t.Format("2006-01-02T15:04")) }

// activityName is how the activities are called, before their number.
const activityName = "Aktivitet-"

func deptID(d int) house.ID { return house.ID(fmt.Sprint("d", d)) }
func newsID(d int) house.ID { return house.ID(fmt.Sprint("n", d)) }

// furnish gives a hub that house, and lets screens in, the same number in each
// department.
func furnish(ctx context.Context, h *hub.Hub, s store.Store, departments int, signers []*signer) error {
	in, err := newHouse(time.Now(), departments)
	if err != nil {
		return err
	}
	by := byLoad()
	if err := h.Import(ctx, by, in, hub.Import{}); err != nil {
		return err
	}
	boards := make([]record.BoardID, departments)
	for d := range boards {
		if boards[d], err = h.AddScreen(ctx, by, hub.Screen{ID: deviceName(d), Department: deptID(d), Key: signers[d].public}); err != nil {
			return err
		}
	}
	// The hub lets in one after the other; ten thousand go faster together.
	by.At = time.Now()
	return s.Update(ctx, by, func(tx store.Tx) error {
		for i := departments; i < len(signers); i++ {
			d := store.Device{ID: deviceName(i), Board: boards[i%departments], Key: signers[i].public}
			if err := tx.PutDevice(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func byLoad() store.Actor { return store.Actor{Org: org, Kind: store.ByImport, ID: "load"} }

// retitle is one change by staff: a piece of news is called something else.
func retitle(ctx context.Context, h *hub.Hub, n int) error {
	by := store.Actor{Org: org, Kind: store.ByStaff, ID: "s01"}
	return h.Change(ctx, by, func(ctx context.Context, e *hub.Edit) error {
		return hub.Alter(ctx, e, newsID(0), func(r *house.News) {
			r.Title = record.Text{"da": fmt.Sprintf("Nyt nummer %08d", n)}
		})
	})
}

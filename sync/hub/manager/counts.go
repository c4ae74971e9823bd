package manager

import (
	"cmp"
	"slices"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// How many eat each dish in the coming days: what the kitchen cooks by. It names
// nobody, and a wall says none of it (decision 0034).
var _ = add(page{Name: "counts", Nav: &nav{Order: 22, Icon: "users-group", Path: countsPath}, Routes: []route{
	{"GET " + countsPath, account.Content, (*visit).counts},
}})

const countsPath = "/meals/counts"

// A mealCount is how many eat one meal.
type mealCount struct {
	At         house.Wall
	Kind       string
	Department record.Text
	Dishes     []dishCount
}

// A dishCount is how many eat one dish.
type dishCount struct {
	Title record.Text
	N     int
}

// All returns how many eat.
func (m mealCount) All() (n int) {
	for _, d := range m.Dishes {
		n += d.N
	}
	return n
}

func (v *visit) counts() error {
	var all []mealCount
	nobody := store.Actor{Org: v.who.Org, Kind: store.ByHub, ID: "counts", At: v.opt.Now()} // numbers name nobody
	err := v.store.View(v.ctx(), nobody, func(s store.View) error {
		all = nil
		depts, err := v.departments(s)
		if err != nil {
			return err
		}
		meta, err := v.meta(s)
		if err != nil {
			return err
		}
		for _, dept := range depts {
			today := house.DayOf(v.opt.Now().In(meta.ZoneOf(dept)))
			of, err := v.mealCounts(s, dept, today)
			if err != nil {
				return err
			}
			all = append(all, of...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b mealCount) int { return cmp.Compare(a.At, b.At) })
	return v.show("counts", all)
}

// mealCounts counts who eats which dish of a department's own meals.
func (v *visit) mealCounts(s store.View, dept house.Department, today house.Day) (out []mealCount, err error) {
	until := today.Add(daysAhead - 1)
	meals, err := store.On[house.Meal](v.ctx(), s, dept.ID, today, until)
	if err != nil {
		return nil, err
	}
	places, err := s.PlacesOn(v.ctx(), dept.ID, today, until)
	if err != nil {
		return nil, err
	}
	for _, m := range meals {
		if m.Department != dept.ID { // shared: whoever serves it counts it
			continue
		}
		c := mealCount{At: m.Served, Kind: m.Kind, Department: dept.Name, Dishes: []dishCount{{Title: m.Title}}}
		if m.Alternative != nil {
			c.Dishes = append(c.Dishes, dishCount{Title: m.Alternative.Title})
		}
		for _, p := range places[house.List{Kind: house.KindMeal, ID: m.ID}] {
			dish := 0
			if m.Alternative != nil && p.Dish == string(record.PlateAlternative) {
				dish = 1
			}
			if p.State == house.TakesPart {
				c.Dishes[dish].N++
			}
		}
		out = append(out, c)
	}
	return out, nil
}

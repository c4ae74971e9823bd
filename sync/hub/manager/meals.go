package manager

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// The plan of meals is one form: seven days, each with the meals of the house, saved with
// one button. Only what somebody typed into is kept, so two people may fill in different
// days of the same week.
var _ = add(page{
	Name: "meals", Nav: &nav{Order: 20, Icon: "tools-kitchen-2", Path: mealsPath, For: house.KindMeal},
	Routes: append(addCopies(mealsPath, house.KindMeal),
		route{"GET " + mealsPath, account.Content, (*visit).meals},
		route{"POST " + mealsPath, account.Content, (*visit).saveMeals},
	),
})

const mealsPath = "/meals"

// A mealsSheet is what the page shows.
type mealsSheet struct {
	week
	Kinds   []string // of meals that have a column
	Others  []string // that can have one
	Also    string   // which were asked for besides
	Days    []mealDay
	Dishes  []string // that were served before, to choose from
	Problem string
	None    bool // there is no department
}

// A mealDay is a row.
type mealDay struct {
	weekDay
	Columns [][]mealCell // beside Kinds; mostly one in each
}

// A mealCell is a meal, or the place for one.
type mealCell struct {
	Key   string // before its inputs: the meal's ID, or "2026-12-03.dinner"
	ID    house.ID
	Kind  string
	Day   house.Day
	Was   string // which the meal was when the form was made
	Said  string // what the inputs said then
	Title string
	Other string // dish

	At       house.Clock
	Deadline house.Wall

	Allergens, OtherAllergens []option

	In, Auto int    // who has signed up, and whom a rule would sign up
	Problem  string // in words of "meals.", or of the problem itself
	Theirs   string // what somebody else made of it meanwhile
}

// usualMeals are the meals of a house that has none yet, and when each is served.
var usualMeals = []string{"lunch", "dinner"}

var usualClock = map[string]house.Clock{"breakfast": "08:00", "lunch": "12:00", "dinner": "18:00"}

// mealKinds are all there are, in the order of a day.
func mealKinds() []string { return choicesOf("kind") }

// choicesOf returns what a member of a meal can be.
func choicesOf(key string) []string {
	for _, f := range house.Fields(house.KindMeal) {
		switch {
		case f.Key != key:
		case f.Item != nil:
			return f.Item.OneOf
		default:
			return f.OneOf
		}
	}
	return nil
}

func (v *visit) meals() error { return v.showMeals(http.StatusOK, nil, "") }

// A mealPlan is what the page knows of a week.
type mealPlan struct {
	week
	sheet  mealsSheet
	before []house.Meal // of the weeks around it, the last ones first
}

// readMeals reads the week, and lays it out.
func (v *visit) readMeals(s store.View) (p mealPlan, err error) {
	if p.week, err = v.week(s, mealsPath); err != nil {
		return p, err
	}
	w := p.week
	const days = rememberedWeeks * daysInWeek
	all, err := store.On[house.Meal](v.ctx(), s, w.Department.ID, w.Monday.Add(-days), w.Sunday().Add(days))
	if err != nil {
		return p, err
	}
	p.before = slices.DeleteFunc(all, func(m house.Meal) bool { return m.Department != w.Department.ID })
	slices.SortStableFunc(p.before, func(a, b house.Meal) int { return cmp.Compare(b.Served, a.Served) })
	places, err := s.PlacesOn(v.ctx(), w.Department.ID, w.Monday, w.Sunday())
	if err != nil {
		return p, err
	}
	residents, err := store.On[house.Resident](v.ctx(), s, w.Department.ID, "", "")
	if err != nil {
		return p, err
	}
	p.sheet = mealsSheet{week: w, Also: v.r.FormValue("also"), Dishes: p.dishes()}
	for _, k := range mealKinds() {
		used := slices.ContainsFunc(p.before, func(m house.Meal) bool { return m.Kind == k })
		if used || len(p.before) == 0 && slices.Contains(usualMeals, k) || p.sheet.Also == k {
			p.sheet.Kinds = append(p.sheet.Kinds, k)
		} else {
			p.sheet.Others = append(p.sheet.Others, k)
		}
	}
	for _, d := range w.Days() {
		row := mealDay{weekDay: d}
		for _, k := range p.sheet.Kinds {
			var column []mealCell
			for i := len(p.before) - 1; i >= 0; i-- {
				if m := &p.before[i]; m.Kind == k && m.Served.Day() == d.Day {
					c := v.cellOf(p.week, m)
					c.In = takePart(places[house.List{Kind: house.KindMeal, ID: m.ID}])
					column = append(column, c)
				}
			}
			if len(column) == 0 {
				c := v.emptyCell(p, k, d.Day)
				m := house.Meal{Department: w.Department.ID, Kind: k, Served: house.Wall(string(d.Day) + "T" + string(c.At))}
				for i := range residents {
					if d.Day >= w.Now.Day() && residents[i].WantsMeal(&m, w.Now.Day()) {
						c.Auto++
					}
				}
				column = append(column, c)
			}
			row.Columns = append(row.Columns, column)
		}
		p.sheet.Days = append(p.sheet.Days, row)
	}
	return p, nil
}

// takePart counts who does.
func takePart(all []store.Place) (n int) {
	for _, p := range all {
		if p.State == house.TakesPart {
			n++
		}
	}
	return n
}

// dish returns what a text says in the language the plan is written in.
func (w week) dish(t record.Text) string {
	s, _ := t.In(w.Lang(), record.Danish, record.Bokmal, record.English)
	return s
}

// cellOf returns a meal as it is filled in.
func (v *visit) cellOf(w week, m *house.Meal) mealCell {
	c := mealCell{
		Key: string(m.ID), ID: m.ID, Kind: m.Kind, Day: m.Served.Day(), Was: stamp(m), Title: w.dish(m.Title),
		At: clockOf(m.Served), Deadline: m.Deadline, Allergens: v.allergens(m.Allergens),
	}
	var other []string
	if m.Alternative != nil {
		c.Other, other = w.dish(m.Alternative.Title), m.Alternative.Allergens
	}
	c.OtherAllergens = v.allergens(other)
	c.Said = c.digest()
	return c
}

// emptyCell returns the place for a meal: served when the last of its kind was, and one
// signs up as long before.
func (v *visit) emptyCell(p mealPlan, kind string, day house.Day) mealCell {
	c := mealCell{Key: string(day) + "." + kind, Kind: kind, Day: day, At: usualClock[kind], Allergens: v.allergens(nil), OtherAllergens: v.allergens(nil)}
	for i := range p.before {
		if m := &p.before[i]; m.Kind == kind {
			c.At = clockOf(m.Served)
			if m.Deadline != "" {
				c.Deadline = m.Deadline.Add(daysBetween(m.Served.Day(), day))
			}
			break
		}
	}
	c.Said = c.digest()
	return c
}

// allergens returns all of them, and which are chosen.
func (v *visit) allergens(has []string) (out []option) {
	for _, a := range choicesOf("allergens") {
		out = append(out, option{a, v.t("choice.allergens." + a), slices.Contains(has, a)})
	}
	return out
}

// chosen returns the values of those that are.
func chosen(all []option) (out []string) {
	for _, o := range all {
		if o.Chosen {
			out = append(out, o.Value)
		}
	}
	return out
}

// Has returns the allergens of the dish, and of the other, in words.
func (c mealCell) Has() (out []string) {
	for i, o := range c.Allergens {
		if o.Chosen || c.OtherAllergens[i].Chosen {
			out = append(out, o.Label)
		}
	}
	return out
}

// digest tells what the inputs of a cell say from anything else they could.
func (c mealCell) digest() string {
	said := slices.Concat([]string{c.Title, c.Other, string(c.At), string(c.Deadline)}, chosen(c.Allergens), []string{"/"}, chosen(c.OtherAllergens))
	sum := sha256.Sum256([]byte(strings.Join(said, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// cellTyped returns a cell with what was typed into it.
func (v *visit) cellTyped(c mealCell) mealCell {
	get := func(key string) string { return strings.TrimSpace(v.value(c.Key + "." + key)) }
	ticked := func(key string) []option { return v.allergens(v.r.PostForm[c.Key+"."+key]) }
	c.Title, c.Other, c.At, c.Deadline = get("title"), get("other"), house.Clock(get("at")), house.Wall(get("deadline"))
	c.Allergens, c.OtherAllergens = ticked("allergens"), ticked("other_allergens")
	c.Said, c.Was = get("said"), get("was")
	return c
}

// showMeals answers with the week, with what was typed, and what went wrong with it.
func (v *visit) showMeals(status int, typed map[string]mealCell, problem string) error {
	var d mealsSheet
	err := v.see(func(s store.View) error {
		p, err := v.readMeals(s)
		d = p.sheet
		return err
	})
	if errors.Is(err, errNoDepartment) {
		return v.show("meals", mealsSheet{None: true})
	}
	if err != nil {
		return err
	}
	d.Problem = problem
	for _, day := range d.Days {
		for _, column := range day.Columns {
			for i, c := range column {
				t, ok := typed[c.Key]
				if !ok { // it was still to be made when the form was
					t, ok = typed[string(c.Day)+"."+c.Kind]
				}
				if ok {
					t.Key, t.ID, t.In, t.Auto = c.Key, c.ID, c.In, c.Auto
					if t.Theirs != "" { // whoever saves again knows it
						t.Was, t.Said = c.Was, c.Said
					}
					column[i] = t
				}
			}
		}
	}
	return v.showAs(status, "meals", d)
}

// saveMeals keeps the cells somebody typed into: all of them, or none and the form as it
// was typed.
func (v *visit) saveMeals() error {
	if err := v.form(); err != nil {
		return err
	}
	var p mealPlan
	err := v.see(func(s store.View) (err error) {
		p, err = v.readMeals(s)
		return err
	})
	if errors.Is(err, errNoDepartment) {
		return store.ErrNotFound
	}
	if err != nil {
		return err
	}
	typed := v.typedCells(p)
	bad := false
	for key, c := range typed {
		if c.Problem = v.problemOf(p.week, c); c.Problem != "" {
			typed[key], bad = c, true
		}
	}
	if bad {
		return v.showMeals(http.StatusUnprocessableEntity, typed, "form.problems")
	}
	err = v.change(func(ctx context.Context, edit *hub.Edit) error { return v.putMeals(ctx, edit, p, typed) })
	switch {
	case errors.Is(err, errMeanwhile):
		return v.showMeals(http.StatusConflict, typed, "meals.meanwhile")
	case err != nil:
		return err
	}
	more := []string{"done", "saved"}
	if p.sheet.Also != "" {
		more = append(more, "also", p.sheet.Also)
	}
	return v.to(p.Here(more...))
}

// typedCells returns the cells of the form that say something else than when it was made.
func (v *visit) typedCells(p mealPlan) map[string]mealCell {
	out := map[string]mealCell{}
	for _, key := range v.r.PostForm["cell"] {
		c := mealCell{Key: key}
		if day, kind, ok := strings.Cut(key, "."); ok {
			if !p.Has(house.Day(day)) || usualClock[kind] == "" || house.Day(day).Start(time.UTC).IsZero() {
				continue
			}
			c.Day, c.Kind = house.Day(day), kind
		} else {
			i := slices.IndexFunc(p.before, func(m house.Meal) bool { return string(m.ID) == key && p.Has(m.Served.Day()) })
			if i < 0 {
				continue // it was deleted meanwhile
			}
			c.ID, c.Day, c.Kind = p.before[i].ID, p.before[i].Served.Day(), p.before[i].Kind
		}
		if c = v.cellTyped(c); c.digest() != c.Said {
			out[key] = c
		}
	}
	return out
}

// problemOf returns what is wrong with a cell, in words; "": nothing.
func (v *visit) problemOf(w week, c mealCell) string {
	served := house.Wall(string(c.Day) + "T" + string(c.At))
	const longest = 200 // bytes; as the format has it
	switch {
	case c.Title == "" && c.ID != "":
		return v.t("meals.not_empty")
	case c.Title == "":
		return v.t("problem.missing")
	case len(c.Title) > longest || len(c.Other) > longest:
		return v.t("problem.long", "n", longest)
	case served.In(time.UTC).IsZero():
		return v.t("meals.no_time")
	case !w.exists(served):
		return v.t("problem.left_out")
	case c.Deadline != "" && (c.Deadline.In(time.UTC).IsZero() || c.Deadline > served):
		return v.t("meals.deadline")
	case c.Other == "" && len(chosen(c.OtherAllergens)) > 0:
		return v.t("meals.no_other")
	}
	return ""
}

// putMeals keeps the cells. What somebody else made of one meanwhile is noted in it.
func (v *visit) putMeals(ctx context.Context, edit *hub.Edit, p mealPlan, typed map[string]mealCell) error {
	all, err := edit.All(ctx, house.KindMeal)
	if err != nil {
		return err
	}
	var put []house.Record
	meanwhile := false
	for key, c := range typed {
		m := house.Meal{ID: house.ID(account.NewID()), Department: p.Department.ID, Kind: c.Kind}
		for _, r := range all {
			other := r.(*house.Meal) //nolint:forcetypeassert // its kind
			same := other.ID == c.ID
			if c.ID == "" {
				same = other.Department == m.Department && other.Kind == c.Kind && other.Served.Day() == c.Day
			}
			if !same {
				continue
			}
			if c.ID == "" || stamp(other) != c.Was {
				c.Theirs = p.dish(other.Title)
				typed[key], meanwhile = c, true
			}
			m = *other
		}
		p.fill(&m, c)
		put = append(put, &m)
	}
	if meanwhile {
		return errMeanwhile
	}
	for _, r := range put {
		if err := edit.Put(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// fill puts what was typed into a meal. Another title is another dish: what the old one
// was called in other languages, and its picture, do not go with it; but a dish there was
// before brings its own.
func (p mealPlan) fill(m *house.Meal, c mealCell) {
	m.Served, m.Deadline = house.Wall(string(c.Day)+"T"+string(c.At)), c.Deadline
	m.Allergens = asBefore(reflect.ValueOf(m.Allergens), chosen(c.Allergens))
	if p.dish(m.Title) != c.Title {
		m.Title, m.Picture, m.Sound, m.Pictogram, m.Diet = record.Text{p.Lang(): c.Title}, "", "", "", nil
		for _, b := range p.before {
			if strings.EqualFold(p.dish(b.Title), c.Title) && b.ID != m.ID {
				m.Title, m.Picture, m.Pictogram, m.Diet = b.Title, b.Picture, b.Pictogram, b.Diet
				if len(m.Allergens) == 0 {
					m.Allergens = b.Allergens
				}
				break
			}
		}
	}
	switch {
	case c.Other == "":
		m.Alternative = nil
		return
	case m.Alternative == nil || p.dish(m.Alternative.Title) != c.Other:
		m.Alternative = &house.Dish{Title: record.Text{p.Lang(): c.Other}}
	default:
		d := *m.Alternative
		m.Alternative = &d
	}
	m.Alternative.Allergens = asBefore(reflect.ValueOf(m.Alternative.Allergens), chosen(c.OtherAllergens))
}

// dishes returns what was served before, each once, to choose from.
func (p mealPlan) dishes() (out []string) {
	for _, m := range p.before {
		if d := p.dish(m.Title); d != "" && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	slices.Sort(out)
	return out
}

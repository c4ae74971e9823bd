package manager

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// Who has signed up for an activity or a meal, and how: at the wall, through staff, by a
// rule. Each is added and taken off by itself, so two people who work on a list at once
// lose nothing of what the other does. A list on paper, or for somebody outside, is asked
// for and in the audit (R-ACT-11).
var _ = addSignUps()

const signUpsPath = "/signups/"

func addSignUps() struct{} {
	p := page{Name: "signups"}
	for _, k := range []house.Kind{house.KindActivity, house.KindMeal} {
		with := func(f func(*visit, house.Kind) error) func(*visit) error {
			return func(v *visit) error { return f(v, k) }
		}
		at := signUpsPath + string(k) + "/{id}"
		p.Routes = append(p.Routes,
			route{"GET " + at, account.People, with((*visit).signUps)},
			route{"POST " + at + "/add", account.People, with((*visit).signUp)},
			route{"POST " + at + "/drop", account.People, with((*visit).signOff)},
			route{"POST " + at + "/print", account.People, with((*visit).printList)})
	}
	return add(p)
}

func listPath(l house.List) string { return signUpsPath + string(l.Kind) + "/" + string(l.ID) }

// A placeRow is somebody on a list.
type placeRow struct {
	ID    house.ID
	Label string // "": whoever asks does not look after them
	Path  string // of their page
	Face  face
	Via   string // in words of "signups.via."
	At    string // when, as it is said; "": nobody knows
	Other bool   // they eat the other dish
	N     int    // on the waiting list
}

// A signUpsSheet is what the page of a list shows.
type signUpsSheet struct {
	Kind       house.Kind
	Path       string
	Back       string // to the week
	Record     string // where the activity or the meal is
	Label      string
	At, Until  house.Wall
	Where      string
	Deadline   house.Wall
	Closed     bool // nobody can sign up by touch any more
	Capacity   int
	Other      record.Text // dish; none: there is none
	In         []placeRow
	Waiting    []placeRow
	Out        []placeRow
	Rules      []placeRow // whom a rule would sign up if the meal were made now
	Candidates []option
	Problem    string
	Printed    string // when, as it is said: it is the list to print
	By         string // who asked for it
	Outside    bool   // it goes to somebody outside
}

// listOf returns what a list hangs on, if whoever asks looks after it.
func (v *visit) listOf(s getter, k house.Kind) (house.Lister, error) {
	r, err := s.Get(v.ctx(), k, v.id())
	if err != nil {
		return nil, err
	}
	if !v.who.Reaches(house.HomeOf(r).Departments...) {
		return nil, errMayNot
	}
	return r.(house.Lister), nil
}

func (v *visit) signUps(k house.Kind) error { return v.showSignUps(http.StatusOK, k, "", nil) }

// showSignUps answers with the page of a list, and more that is to be said on it.
func (v *visit) showSignUps(status int, k house.Kind, problem string, more func(*signUpsSheet)) error {
	var d signUpsSheet
	err := v.see(func(s store.View) (err error) {
		d, err = v.signUpsSheet(s, k)
		return err
	})
	if err != nil {
		return err
	}
	d.Problem = problem
	page := "signups"
	if more != nil {
		more(&d)
		page = "signups_print"
	}
	return v.showAs(status, page, d)
}

func (v *visit) signUpsSheet(s store.View, k house.Kind) (d signUpsSheet, err error) {
	r, err := v.listOf(s, k)
	if err != nil {
		return d, err
	}
	l := house.List{Kind: k, ID: house.KeyOf(r)}
	d = signUpsSheet{Kind: k, Path: listPath(l), Record: entityOf(k).at(l.ID), Label: v.label(r)}
	home := house.HomeOf(r)
	dept, err := store.Get[house.Department](v.ctx(), s, home.Departments[0])
	if err != nil {
		return d, err
	}
	meta, err := v.meta(s)
	if err != nil {
		return d, err
	}
	zone := meta.ZoneOf(dept)
	d.Where = v.text(dept.Name)
	w := week{Department: dept, Path: plannerPath}
	ends := house.Wall("")
	switch r := r.(type) {
	case *house.Activity:
		d.At, d.Until, d.Deadline, d.Capacity, ends = r.Starts, r.Ends, r.Deadline, r.Capacity, r.Starts
	case *house.Meal:
		w.Path = mealsPath
		d.At, d.Deadline, ends = r.Served, r.Deadline, r.Served
		if r.Alternative != nil {
			d.Other = r.Alternative.Title
		}
	}
	d.Back = w.In(monday(d.At.Day()))
	d.Closed = !v.opt.Now().Before(cmp.Or(d.Deadline, ends).In(zone))
	places, err := s.Places(v.ctx(), l)
	if err != nil {
		return d, err
	}
	there := map[house.ID]bool{}
	for _, p := range places {
		row, err := v.placeRow(s, p, zone)
		if err != nil {
			return d, err
		}
		there[p.Person] = p.State != house.OptedOut
		switch p.State {
		case house.TakesPart:
			d.In = append(d.In, row)
		case house.Waits:
			row.N = len(d.Waiting) + 1
			d.Waiting = append(d.Waiting, row)
		case house.OptedOut:
			d.Out = append(d.Out, row)
		}
	}
	return d, v.whoElse(s, &d, r, there, slices.Concat(home.Departments, home.Shared))
}

// placeRow returns somebody on a list; without a name where whoever asks does not look
// after them.
func (v *visit) placeRow(s store.View, p store.Place, zone *time.Location) (x placeRow, err error) {
	x = placeRow{ID: p.Person, Via: p.Via, Other: p.Dish == string(record.PlateAlternative)}
	if !p.At.IsZero() {
		at := house.WallOf(p.At.In(zone))
		x.At = v.views.words(v.lang).when(at)
	}
	r, err := v.censor(s).person(p.Person)
	if err != nil || r == nil {
		return x, err
	}
	if !v.who.Reaches(house.HomeOf(r).Departments...) {
		return x, nil
	}
	row := v.personRow(r, nil)
	x.Label, x.Face, x.Path = row.Label, row.Face, v.pathOf(r)
	return x, nil
}

// whoElse fills in who can be signed up, and whom a rule would.
func (v *visit) whoElse(s store.View, d *signUpsSheet, r house.Lister, there map[house.ID]bool, depts []house.ID) error {
	all, err := store.All[house.Resident](v.ctx(), s)
	if err != nil {
		return err
	}
	today := house.DayOf(v.opt.Now())
	for i := range all {
		x := &all[i]
		if x.Lifecycle == house.Left || !slices.Contains(depts, x.Department) || !v.who.Reaches(x.Department) {
			continue
		}
		if m, ok := r.(*house.Meal); ok && x.WantsMeal(m, today) {
			d.Rules = append(d.Rules, placeRow{ID: x.ID, Label: v.label(x), Path: personPath(x.ID)})
		}
		if !there[x.ID] {
			d.Candidates = append(d.Candidates, option{Value: string(x.ID), Label: v.label(x)})
		}
	}
	slices.SortStableFunc(d.Candidates, func(a, b option) int { return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	return nil
}

// signUp puts somebody on the list, or on its waiting list.
func (v *visit) signUp(k house.Kind) error {
	if err := v.form(); err != nil {
		return err
	}
	id := idOf(v.value("person"))
	if id == "" {
		return v.showSignUps(http.StatusUnprocessableEntity, k, "signups.nobody", nil)
	}
	state := house.State("")
	err := v.change(func(ctx context.Context, e *hub.Edit) error {
		r, err := v.listOf(e, k)
		if err != nil {
			return err
		}
		p, err := e.Get(ctx, house.KindResident, id)
		if err != nil {
			return err
		}
		home, of := house.HomeOf(r), house.HomeOf(p).Departments
		on := slices.Concat(home.Departments, home.Shared)
		if !v.who.Reaches(of...) || !slices.ContainsFunc(of, func(d house.ID) bool { return slices.Contains(on, d) }) {
			return errMayNot
		}
		su := house.SignUp{Person: id, Via: "manager"}
		if m, ok := r.(*house.Meal); ok && m.Alternative != nil && v.value("dish") == string(record.PlateAlternative) {
			su.Dish = string(record.PlateAlternative)
		}
		if state, err = e.SignUp(ctx, house.List{Kind: k, ID: v.id()}, su); err != nil {
			return err
		}
		return e.NoteOf(ctx, "sign up", k, v.id())
	})
	switch {
	case err != nil:
		return err
	case state == house.Waits:
		return v.done(listPath(house.List{Kind: k, ID: v.id()}), "waits")
	}
	return v.done(listPath(house.List{Kind: k, ID: v.id()}), "signed_up")
}

// signOff takes somebody off the list; whoever waited longest moves up.
func (v *visit) signOff(k house.Kind) error {
	if err := v.form(); err != nil {
		return err
	}
	id := idOf(v.value("person"))
	err := v.change(func(ctx context.Context, e *hub.Edit) error {
		if _, err := v.listOf(e, k); err != nil {
			return err
		}
		if err := v.theirs(e, id); err != nil {
			return err
		}
		if err := e.Cancel(ctx, house.List{Kind: k, ID: v.id()}, house.SignUp{Person: id, Via: "manager"}); err != nil {
			return err
		}
		return e.NoteOf(ctx, "sign off", k, v.id())
	})
	if err != nil {
		return err
	}
	return v.done(listPath(house.List{Kind: k, ID: v.id()}), "signed_off")
}

// theirs makes sure that whoever asks looks after somebody on a list.
func (v *visit) theirs(s getter, id house.ID) error {
	for _, k := range []house.Kind{house.KindResident, house.KindFormer} {
		r, err := s.Get(v.ctx(), k, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err == nil && !v.who.Reaches(house.HomeOf(r).Departments...) {
			err = errMayNot
		}
		return err
	}
	return store.ErrNotFound
}

// printList answers with the list as it is printed, and puts into the audit that somebody
// asked for it, and whether for somebody outside the house.
func (v *visit) printList(k house.Kind) error {
	if err := v.form(); err != nil {
		return err
	}
	action := "print list"
	if v.value("for") == "outside" {
		action = "share list"
	}
	err := v.change(func(ctx context.Context, e *hub.Edit) error {
		if _, err := v.listOf(e, k); err != nil {
			return err
		}
		return e.NoteOf(ctx, action, k, v.id())
	})
	if err != nil {
		return err
	}
	return v.showSignUps(http.StatusOK, k, "", func(d *signUpsSheet) {
		d.Outside = action == "share list"
		d.Printed = v.views.words(v.lang).when(house.WallOf(v.opt.Now().In(time.UTC)))
		d.By = (&sheet{visit: v}).Called()
	})
}

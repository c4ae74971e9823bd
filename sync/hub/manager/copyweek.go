package manager

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// A week is copied to another: first a page says what would be made and what is there
// already, then it is made. Done twice, nothing is there twice.

// addCopies returns the routes that copy the records of a kind, for the page of a week.
func addCopies(path string, kind house.Kind) []route {
	return []route{
		{"GET " + path + "/copy", account.Content, func(v *visit) error { return v.showCopies(http.StatusOK, path, kind, "") }},
		{"POST " + path + "/copy", account.Content, func(v *visit) error { return v.copyWeek(path, kind) }},
	}
}

// A copySheet is what the page shows.
type copySheet struct {
	week               // to which
	From          week // from which
	Rows          []copyRow
	Make, Already int // rows of each sort
	Problem       string
	None          bool // there is no department
}

// A copyRow is a record of the other week.
type copyRow struct {
	ID      house.ID
	At      house.Wall // of the copy
	Label   string
	There   bool // one like it is in the week already
	LeftOut bool // no clock says that time there
	Gone    bool // who it is about does not work there any more
}

// Makes reports whether it would be made.
func (r copyRow) Makes() bool { return !r.There && !r.LeftOut && !r.Gone }

// again returns a record so many days later by the clock on the wall, as a new one: the
// people on its list stay with the old one, and what was cancelled is planned again.
func again(r house.Record, days int) house.Record {
	id := house.ID(account.NewID())
	switch r := r.(type) {
	case *house.Activity:
		c := *r
		c.ID, c.Starts, c.Ends, c.Deadline = id, c.Starts.Add(days), c.Ends.Add(days), c.Deadline.Add(days)
		c.SignUps, c.Waitlist, c.Status = nil, nil, ""
		return &c
	case *house.Meal:
		c := *r
		c.ID, c.Served, c.Deadline = id, c.Served.Add(days), c.Deadline.Add(days)
		c.SignUps, c.OptOuts = nil, nil
		return &c
	case *house.Shift:
		c := *r
		c.ID, c.From, c.To = id, c.From.Add(days), c.To.Add(days)
		return &c
	}
	return nil
}

// alike reports whether two records are the same thing at the same time.
func alike(a, b house.Record) bool {
	switch a := a.(type) {
	case *house.Activity:
		b, ok := b.(*house.Activity)
		return ok && a.Department == b.Department && a.Starts == b.Starts && sameText(a.Title, b.Title)
	case *house.Meal:
		b, ok := b.(*house.Meal)
		return ok && a.Department == b.Department && a.Kind == b.Kind && a.Served.Day() == b.Served.Day()
	case *house.Shift:
		b, ok := b.(*house.Shift)
		return ok && a.Department == b.Department && a.Person == b.Person && a.Type == b.Type && a.From == b.From
	}
	return false
}

// putMissing puts records into the house, except those that are there already.
func putMissing(ctx context.Context, edit *hub.Edit, all []house.Record) error {
	if len(all) == 0 {
		return nil
	}
	there, err := edit.All(ctx, house.KindOf(all[0]))
	if err != nil {
		return err
	}
	for _, r := range all {
		if slices.ContainsFunc(there, func(b house.Record) bool { return alike(r, b) }) {
			continue
		}
		if err := edit.Put(ctx, r); err != nil {
			return err
		}
		there = append(there, r)
	}
	return nil
}

// span returns when a record begins and ends.
func span(r house.Record) (from, to house.Wall) {
	switch r := r.(type) {
	case *house.Activity:
		return r.Starts, r.Ends
	case *house.Meal:
		return r.Served, r.Served
	case *house.Shift:
		return r.From, r.To
	}
	return "", ""
}

// source returns the week that is copied: of the day that was asked for, or else the
// last one before.
func (v *visit) source(w week) week {
	from := w
	from.Monday = monday(house.Day(v.r.FormValue("from")))
	if from.Monday == "" || from.Monday == w.Monday {
		from.Monday = w.Monday.Add(-daysInWeek)
	}
	return from
}

// daysBetween returns how many days b is after a.
func daysBetween(a, b house.Day) int {
	return int(b.Start(time.UTC).Sub(a.Start(time.UTC)) / (24 * time.Hour))
}

// copiesOf returns what of a week's records would be made in another, as it stands in s.
func (v *visit) copiesOf(s reader, w, from week, kind house.Kind) (rows []copyRow, made []house.Record, err error) {
	all, err := s.All(v.ctx(), kind)
	if err != nil {
		return nil, nil, err
	}
	gone := map[house.ID]bool{}
	names := map[house.ID]string{}
	if kind == house.KindShift {
		staff, err := s.All(v.ctx(), house.KindStaff)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range staff {
			x := r.(*house.Staff) //nolint:forcetypeassert // their kind
			names[x.ID], gone[x.ID] = v.label(x), x.Lifecycle == house.Left
		}
	}
	days := daysBetween(from.Monday, w.Monday)
	for _, r := range all {
		if !from.own(r) {
			continue
		}
		c := again(r, days)
		starts, ends := span(c)
		row := copyRow{ID: house.KeyOf(r), At: starts, Label: v.label(r)}
		switch r := r.(type) {
		case *house.Meal:
			row.Label = v.t("choice.kind."+r.Kind) + ": " + row.Label
		case *house.Shift:
			row.Gone = gone[r.Person]
			row.Label = v.typeLabel(s, r.Type)
			if r.Person != "" {
				row.Label = names[r.Person] + ": " + row.Label
			}
		}
		row.There = slices.ContainsFunc(all, func(b house.Record) bool { return alike(c, b) })
		row.LeftOut = !w.exists(starts) || !w.exists(ends)
		rows, made = append(rows, row), append(made, c)
	}
	return rows, made, nil
}

// typeLabel returns what a kind of shift is called.
func (v *visit) typeLabel(s reader, key string) string {
	all, err := s.All(v.ctx(), house.KindPlan)
	if err != nil || len(all) == 0 {
		return key
	}
	plan := all[0].(*house.Plan) //nolint:forcetypeassert // its kind
	if l := v.text(plan.Types[key].Label); l != "" {
		return l
	}
	return key
}

// showCopies answers with what would be made.
func (v *visit) showCopies(status int, path string, kind house.Kind, problem string) error {
	d := copySheet{Problem: problem}
	err := v.see(func(s store.View) (err error) {
		d = copySheet{Problem: problem}
		if d.week, err = v.week(s, path); err != nil {
			return err
		}
		d.From = v.source(d.week)
		d.Rows, _, err = v.copiesOf(s, d.week, d.From, kind)
		slices.SortStableFunc(d.Rows, func(a, b copyRow) int { return cmp.Compare(a.At, b.At) })
		for _, r := range d.Rows {
			switch {
			case r.Makes():
				d.Make++
			case r.There:
				d.Already++
			}
		}
		return err
	})
	if errors.Is(err, errNoDepartment) {
		return v.show("copy", copySheet{None: true})
	}
	if err != nil {
		return err
	}
	return v.showAs(status, "copy", d)
}

// copyWeek makes what was ticked and is not there yet.
func (v *visit) copyWeek(path string, kind house.Kind) error {
	if err := v.form(); err != nil {
		return err
	}
	var w week
	err := v.see(func(s store.View) (err error) {
		w, err = v.week(s, path)
		return err
	})
	if errors.Is(err, errNoDepartment) {
		return store.ErrNotFound
	}
	if err != nil {
		return err
	}
	taken := v.r.PostForm["take"]
	if len(taken) == 0 {
		return v.showCopies(http.StatusUnprocessableEntity, path, kind, "copy.nothing")
	}
	err = v.change(func(ctx context.Context, edit *hub.Edit) error {
		rows, made, err := v.copiesOf(edit, w, v.source(w), kind)
		if err != nil {
			return err
		}
		var all []house.Record
		for i, r := range rows {
			if r.Makes() && slices.Contains(taken, string(r.ID)) {
				all = append(all, made[i])
			}
		}
		return putMissing(ctx, edit, all)
	})
	if err != nil {
		return err
	}
	return v.to(w.Here("done", "copied"))
}

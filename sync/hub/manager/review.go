package manager

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// What is old is gone through now and then (R-ACT-09): pictures of people who have moved,
// albums nobody looks at. And what staff took off the screens waits here for somebody
// to say what becomes of it (R-IBG-32).

var _ = addHide()

// addHide adds to each kind of record that can be taken off the screens the button that
// does.
func addHide() struct{} {
	var routes []route
	for i := range entities {
		if e := &entities[i]; e.hides() {
			routes = append(routes, route{"POST " + e.path() + "/{id}/hide", e.Right, func(v *visit) error { return v.hideRecord(e) }})
		}
	}
	return add(page{Name: "hide", Routes: routes})
}

// hides reports whether records of the kind can be taken off the screens.
func (e *entity) hides() bool {
	return slices.ContainsFunc(house.Fields(e.Kind), func(f house.Field) bool { return f.Key == "hidden" && f.Form == house.FormTruth })
}

// Hides is that, for templates.
func (e *entity) Hides() bool { return e.hides() }

// hiddenOf returns where it is kept that a record is off the screens; nil: it cannot be.
func hiddenOf(r house.Record) *bool {
	switch r := r.(type) {
	case *house.News:
		return &r.Hidden
	case *house.Document:
		return &r.Hidden
	case *house.Video:
		return &r.Hidden
	}
	return nil
}

// hideRecord takes a record off the screens, or puts it back.
func (v *visit) hideRecord(e *entity) error {
	if err := v.form(); err != nil {
		return err
	}
	what := "hide"
	if v.value("what") == "show" {
		what = "show"
	}
	err := v.change(func(ctx context.Context, edit *hub.Edit) error {
		r, err := v.found(edit, e)
		if err != nil {
			return err
		}
		*hiddenOf(r) = what == "hide"
		if err := edit.NoteOf(ctx, what, e.Kind, house.KeyOf(r)); err != nil {
			return err
		}
		return edit.Put(ctx, r)
	})
	if err != nil {
		return err
	}
	then := v.value("then")
	if !local(then) {
		then = e.at(v.id())
	}
	return v.done(then, what)
}

// takenOff counts the pictures of an album that staff took off the screens.
func takenOff(a *house.Album) (n int) {
	for _, p := range a.Photos {
		if p.Hidden {
			n++
		}
	}
	return n
}

// reviewYears is how old an album is that is gone through, unless somebody says otherwise.
const reviewYears = 2

// old reports whether an album has been there for so many years without anybody going
// through it, and since when; "": nobody knows since when.
func (v *visit) old(a *house.Album, years int) (bool, house.Day) {
	since := a.Published.Day()
	for _, p := range a.Photos {
		if p.Added != "" && (since == "" || p.Added < since) {
			since = p.Added
		}
	}
	return max(since, a.Reviewed) < house.DayOf(v.opt.Now().AddDate(-years, 0, 0)), since
}

// A reviewSheet is what the page shows.
type reviewSheet struct {
	Years  int
	Choice []option
	Rows   []reviewRow
	Taken  []takenRow
}

// A reviewRow is an album to go through.
type reviewRow struct {
	albumRow
	Since    house.Day // when its oldest picture came; "": nobody knows
	Reviewed house.Day
	Delete   string // where it is asked whether to
}

// Year returns the year of that.
func (r reviewRow) Year() string { return strings.SplitN(string(r.Since), "-", 2)[0] }

// A takenRow is something that staff took off the screens.
type takenRow struct {
	Label, Kind string
	Path        string // where it is
	Do          string // where a button puts it back
	Delete      string
	Image       string
}

func (v *visit) reviewAlbums() error {
	years, err := strconv.Atoi(v.r.URL.Query().Get("years"))
	if err != nil || years < 1 || years > 20 {
		years = reviewYears
	}
	d := reviewSheet{Years: years}
	for n := 1; n <= 5; n++ {
		d.Choice = append(d.Choice, option{strconv.Itoa(n), v.t("review.years", "n", n), n == years})
	}
	err = v.see(func(s store.View) error {
		d.Rows, d.Taken = nil, nil
		all, err := store.All[house.Album](v.ctx(), s)
		if err != nil {
			return err
		}
		c := v.censor(s)
		for i := range all {
			a := &all[i]
			if !v.who.Reaches(a.Department) {
				continue
			}
			v.taken(&d, a)
			old, since := v.old(a, years)
			if !old {
				continue
			}
			x, err := v.albumRow(c, a)
			if err != nil {
				return err
			}
			d.Rows = append(d.Rows, reviewRow{x, since, a.Reviewed, entityOf(house.KindAlbum).at(a.ID) + "/delete"})
		}
		return v.takenRecords(s, &d)
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(d.Rows, func(a, b reviewRow) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)))
	})
	return v.show("review", d)
}

// taken adds the pictures of an album that are off the screens.
func (v *visit) taken(d *reviewSheet, a *house.Album) {
	for _, p := range a.Photos {
		if p.Hidden {
			at := photoPath(a.ID, p.ID)
			d.Taken = append(d.Taken, takenRow{
				Label: name(v.text(a.Title), "·", v.text(p.Alt)), Kind: v.t("field.asset"), Path: at, Do: at + "/do", Delete: at + "/delete", Image: at + "/image",
			})
		}
	}
}

// takenRecords adds the records that are.
func (v *visit) takenRecords(s store.View, d *reviewSheet) error {
	for i := range entities {
		e := &entities[i]
		if !e.hides() || !v.who.May(e.Right) {
			continue
		}
		all, err := s.All(v.ctx(), e.Kind)
		if err != nil {
			return err
		}
		for _, r := range all {
			if *hiddenOf(r) && v.who.Reaches(house.HomeOf(r).Departments...) {
				at := e.at(house.KeyOf(r))
				d.Taken = append(d.Taken, takenRow{Label: v.label(r), Kind: v.t("kind." + string(e.Kind)), Path: at, Do: at + "/hide", Delete: at + "/delete"})
			}
		}
	}
	return nil
}

// keepReviewed notes that somebody has gone through an album, and it may stay.
func (v *visit) keepReviewed() error {
	if err := v.form(); err != nil {
		return err
	}
	err := v.change(func(ctx context.Context, e *hub.Edit) error {
		a, err := v.foundAlbum(e, v.id())
		if err != nil {
			return err
		}
		a.Reviewed = house.DayOf(v.opt.Now().In(time.UTC))
		return e.Put(ctx, a)
	})
	if err != nil {
		return err
	}
	return v.done(albumsPath+"/review", "reviewed")
}

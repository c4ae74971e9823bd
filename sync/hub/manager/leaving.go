package manager

import (
	"context"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// How somebody leaves: they are shown no more, but kept (leave, and back again); a
// number in lists is all that stays (anonymise); nothing stays (erase). Each says
// first what goes and what stays.
var _ = add(page{Name: "leaving", Routes: []route{
	{"GET /people/{id}/leave", account.People, (*visit).askLeave},
	{"POST /people/{id}/leave", account.People, (*visit).leave},
	{"GET /people/{id}/anonymise", account.Erase, func(v *visit) error { return v.askForget(store.Anonymised) }},
	{"POST /people/{id}/anonymise", account.Erase, func(v *visit) error { return v.forget(store.Anonymised) }},
	{"GET /people/{id}/erase", account.Erase, func(v *visit) error { return v.askForget(store.Erased) }},
	{"POST /people/{id}/erase", account.Erase, func(v *visit) error { return v.forget(store.Erased) }},
}})

// A leavingSheet is what the pages show.
type leavingSheet struct {
	ID    house.ID
	Label string
	Path  string
	What  string // "leave", "return", "anonymise", "erase"
	Toll  *hub.Toll
	Done  *hub.Erased // it is done
}

// lifecycle returns where it is kept how somebody stands to the house.
func lifecycle(r house.Consented) *house.Lifecycle {
	switch r := r.(type) {
	case *house.Resident:
		return &r.Lifecycle
	case *house.Staff:
		return &r.Lifecycle
	}
	return new(house.Lifecycle)
}

// leavingSheet returns the page for whoever is in the address.
func (v *visit) leavingSheet(what string) (d leavingSheet, err error) {
	err = v.see(func(s store.View) error {
		r, err := v.consented(s, v.id())
		if err != nil {
			return err
		}
		d = leavingSheet{ID: house.KeyOf(r), Label: v.label(r), Path: personPath(house.KeyOf(r)), What: what}
		if what == "leave" && *lifecycle(r) == house.Left {
			d.What = "return"
		}
		return nil
	})
	return d, err
}

func (v *visit) askLeave() error {
	d, err := v.leavingSheet("leave")
	if err != nil {
		return err
	}
	return v.show("leaving", d)
}

// leave has somebody leave, or come back. Whoever comes back is shown as they chose
// before, if what they accepted still holds.
func (v *visit) leave() error {
	if err := v.form(); err != nil {
		return err
	}
	what := v.value("sure")
	if what != "leave" && what != "return" {
		return v.askLeave()
	}
	err := v.change(func(ctx context.Context, e *hub.Edit) error {
		r, err := v.consented(e, v.id())
		if err != nil {
			return err
		}
		l := lifecycle(r)
		if *l = house.Active; what == "leave" {
			*l = house.Left
		}
		return e.Put(ctx, r)
	})
	if err != nil {
		return err
	}
	return v.done(personPath(v.id()), what)
}

// askForget says what would go and what would stay.
func (v *visit) askForget(level store.Level) error {
	d, err := v.leavingSheet(string(level))
	if err != nil {
		return err
	}
	x, err := v.erase(hub.Erasing{Person: d.ID, Level: level, Dry: true})
	if err != nil {
		return err
	}
	d.Toll = &x.Toll
	return v.show("leaving", d)
}

// forget does it. The page that says so is the only one that still knows who it was.
func (v *visit) forget(level store.Level) error {
	if err := v.form(); err != nil {
		return err
	}
	if v.value("sure") != string(level) {
		return v.askForget(level)
	}
	d, err := v.leavingSheet(string(level))
	if err != nil {
		return err
	}
	x, err := v.erase(hub.Erasing{Person: d.ID, Level: level})
	if err != nil {
		return err
	}
	d.Done = &x
	return v.show("leaving", d)
}

package manager

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// Who belongs to somebody outside the house, and who may answer for them (R-STA-06): each
// link is made, changed and taken away by itself, on the page of the person. No screen
// knows of any of them.
var _ = add(page{Name: "kin", Routes: []route{
	{"GET /people/{id}/kin", account.People, (*visit).kin},
	{"POST /people/{id}/kin/add", account.People, (*visit).addKin},
	{"POST /people/{id}/kin/set", account.People, (*visit).setKin},
}})

// A kinRow is somebody who belongs to a person.
type kinRow struct {
	ID       house.ID
	Label    string
	Path     string // where all of them is
	Speaks   bool   // may answer for the person
	Accepted bool   // to be kept here themselves
	Others   int    // people they belong to besides
}

// A kinSheet is what the page shows.
type kinSheet struct {
	Label    string
	Path     string // of the person
	Rows     []kinRow
	Others   []option // relatives of others whom whoever asks looks after
	SeeJoins bool     // relatives may see what the person signs up for
	Typed    string
	Problem  string
}

func (v *visit) kin() error { return v.showKin(http.StatusOK, "") }

func (v *visit) showKin(status int, problem string) error {
	var d kinSheet
	err := v.see(func(s store.View) error {
		r, err := v.residentOf(s)
		if err != nil {
			return err
		}
		d = kinSheet{Label: v.label(r), Path: personPath(r.ID), SeeJoins: r.Choices.Relatives, Problem: problem, Typed: v.value("display")}
		all, err := store.All[house.Relative](v.ctx(), s)
		if err != nil {
			return err
		}
		for i := range all {
			x := &all[i]
			if slices.Contains(x.LinkedTo, r.ID) {
				d.Rows = append(d.Rows, kinRow{
					ID: x.ID, Label: v.label(x), Path: entityOf(house.KindRelative).at(x.ID), Speaks: slices.Contains(x.SpeaksFor, r.ID),
					Accepted: x.Acceptance.State == house.Accepted, Others: len(x.LinkedTo) - 1,
				})
				continue
			}
			mine, err := v.linkedToMine(s, x)
			if err != nil {
				return err
			}
			if mine {
				d.Others = append(d.Others, option{Value: string(x.ID), Label: v.label(x)})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.showAs(status, "kin", d)
}

// residentOf returns the resident in the address.
func (v *visit) residentOf(s getter) (*house.Resident, error) {
	r, err := v.consented(s, v.id())
	if err != nil {
		return nil, err
	}
	x, ok := r.(*house.Resident)
	if !ok {
		return nil, store.ErrNotFound
	}
	return x, nil
}

// linkedToMine reports whether a relative belongs to somebody whom whoever asks looks
// after, or to nobody yet.
func (v *visit) linkedToMine(s getter, x *house.Relative) (bool, error) {
	for _, id := range x.LinkedTo {
		_, err := v.consented(s, id)
		switch {
		case err == nil:
			return true, nil
		case !errors.Is(err, errMayNot) && !errors.Is(err, store.ErrNotFound):
			return false, err
		}
	}
	return len(x.LinkedTo) == 0, nil
}

// addKin links somebody to the person: one the house knows, or a new one.
func (v *visit) addKin() error {
	if err := v.form(); err != nil {
		return err
	}
	known, display := idOf(v.value("relative")), record.NameOf(v.value("display"))
	if known == "" && display.IsZero() || len(display.Reveal()) > 80 {
		return v.showKin(http.StatusUnprocessableEntity, "kin.nobody")
	}
	err := v.change(func(ctx context.Context, e *hub.Edit) error {
		r, err := v.residentOf(e)
		if err != nil {
			return err
		}
		x := &house.Relative{ID: house.ID(account.NewID()), Display: display, Acceptance: house.Acceptance{State: house.NotAsked}}
		if known != "" {
			old, err := e.Get(ctx, house.KindRelative, known)
			if err != nil {
				return err
			}
			x = old.(*house.Relative) //nolint:forcetypeassert // its kind
			mine, err := v.linkedToMine(e, x)
			if err == nil && !mine {
				err = errMayNot
			}
			if err != nil {
				return err
			}
		}
		if !slices.Contains(x.LinkedTo, r.ID) {
			x.LinkedTo = append(x.LinkedTo, r.ID)
		}
		speak(x, r.ID, v.value("speaks") != "")
		return e.Put(ctx, x)
	})
	if err != nil {
		return err
	}
	return v.done(personPath(v.id())+"/kin", "saved")
}

// speak notes whether a relative may answer for somebody.
func speak(x *house.Relative, id house.ID, may bool) {
	x.SpeaksFor = slices.DeleteFunc(x.SpeaksFor, func(s house.ID) bool { return s == id })
	if may {
		x.SpeaksFor = append(x.SpeaksFor, id)
	}
}

// setKin changes or takes away one link. Whoever belongs to nobody then stays, to be
// linked again or erased.
func (v *visit) setKin() error {
	if err := v.form(); err != nil {
		return err
	}
	err := v.change(func(ctx context.Context, e *hub.Edit) error {
		r, err := v.residentOf(e)
		if err != nil {
			return err
		}
		old, err := e.Get(ctx, house.KindRelative, idOf(v.value("relative")))
		if err != nil {
			return err
		}
		x := old.(*house.Relative) //nolint:forcetypeassert // its kind
		if !slices.Contains(x.LinkedTo, r.ID) {
			return store.ErrNotFound
		}
		switch v.value("what") {
		case "speaks":
			speak(x, r.ID, true)
		case "silent":
			speak(x, r.ID, false)
		case "unlink":
			speak(x, r.ID, false)
			x.LinkedTo = slices.DeleteFunc(x.LinkedTo, func(id house.ID) bool { return id == r.ID })
		default:
			return nil
		}
		return e.Put(ctx, x)
	})
	if err != nil {
		return err
	}
	return v.done(personPath(v.id())+"/kin", "saved")
}

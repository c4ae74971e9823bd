package manager

import (
	"slices"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// What has to be written down by law, made of what the hub keeps, so that it is never
// another than what is done: the record of processing (R-DPA-02), where things are kept
// (R-DPA-08), who is used for it (R-DPA-09), and the certificates of erasures (R-DPA-25).
var _ = add(page{Name: "registers", Nav: &nav{Order: 88, Icon: "shield-check", Path: "/registers"}, Routes: []route{
	{"GET /registers", account.Registers, (*visit).registers},
	{"GET /registers/erasures/{id}", account.Registers, (*visit).certificate},
}})

// A registersSheet is what the page shows.
type registersSheet struct {
	System    house.System
	Data      []house.Datum
	Departs   []house.Department
	Screens   []locationSheet
	Externals []house.External
	Erasures  []erasureSheet
}

// A locationSheet is where a screen hangs.
type locationSheet struct{ Place, Department record.Text }

// An erasureSheet is one erasure; whose, nobody knows.
type erasureSheet struct {
	store.Erasure
	Day house.Day
}

func (v *visit) registers() error {
	d := registersSheet{Data: house.Register()}
	nobody := store.Actor{Org: v.who.Org, Kind: store.ByHub, ID: "registers", At: v.opt.Now()} // what is told names nobody
	err := v.store.View(v.ctx(), nobody, func(s store.View) (err error) {
		systems, err := store.All[house.System](v.ctx(), s)
		if err != nil || len(systems) == 0 {
			return err
		}
		d.System = systems[0]
		if d.Departs, err = store.All[house.Department](v.ctx(), s); err != nil {
			return err
		}
		if d.Externals, err = store.All[house.External](v.ctx(), s); err != nil {
			return err
		}
		screens, err := store.All[house.Screen](v.ctx(), s)
		if err != nil {
			return err
		}
		d.Screens = nil
		for _, x := range screens {
			i := slices.IndexFunc(d.Departs, func(y house.Department) bool { return y.ID == x.Department })
			at := locationSheet{Place: x.Place}
			if i >= 0 {
				at.Department = d.Departs[i].Name
			}
			d.Screens = append(d.Screens, at)
		}
		all, err := s.Erasures(v.ctx())
		d.Erasures = nil
		for _, e := range slices.Backward(all) {
			d.Erasures = append(d.Erasures, erasureSheet{e, house.DayOf(e.At.UTC())})
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show("registers", d)
}

// certificate sends that of one erasure: signed, and with what screens have confirmed
// by now.
func (v *visit) certificate() error {
	c, err := v.hub.ErasureCertificate(v.ctx(), v.actor(), string(v.id()))
	if err != nil {
		return err
	}
	return v.sendJSON("certificate.json", c)
}

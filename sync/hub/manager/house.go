package manager

import (
	"net/http"
	"strings"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// The first superuser of a hub without a house makes one: who is responsible for
// what is kept (R-IBG-01), and the first department.
var _ = add(page{Name: "house", Routes: []route{
	{"GET /house", account.Self, (*visit).newHouse},
	{"POST /house", account.Self, (*visit).makeHouse},
}})

// A houseSheet is what the page shows.
type houseSheet struct {
	Name, Controller, Contact, Department, Type string
	Types                                       []string
	Problem                                     string // in words of "house."
}

func (v *visit) newHouse() error {
	if v.who.Org != "" || v.who.Is() != account.Superuser {
		return v.to("/")
	}
	return v.show("house", houseSheet{Types: departmentTypes()})
}

// departmentTypes are what a department can be.
func departmentTypes() []string {
	for _, f := range house.Fields(house.KindDepartment) {
		if f.Key == "type" {
			return f.OneOf
		}
	}
	return nil
}

func (v *visit) makeHouse() error {
	if err := v.form(); err != nil {
		return err
	}
	if v.who.Org != "" || v.who.Is() != account.Superuser {
		return v.to("/")
	}
	get := func(key string) string { return strings.TrimSpace(v.value(key)) }
	d := houseSheet{get("name"), get("controller"), get("contact"), get("department"), get("type"), departmentTypes(), ""}
	if d.Name == "" || d.Controller == "" || d.Contact == "" || d.Department == "" {
		d.Problem = "house.missing"
		return v.showAs(http.StatusUnprocessableEntity, "house", d)
	}
	l := record.Lang(v.lang)
	zone := map[record.Lang]string{record.Danish: "Europe/Copenhagen", record.Bokmal: "Europe/Oslo"}[l]
	if zone == "" {
		zone = "Europe/Copenhagen"
	}
	org := house.ID("sys-" + account.NewID())
	in := &house.House{
		Meta: house.Meta{Schema: "tavle-house/1", Zones: map[record.Lang]string{l: zone}, Languages: []record.Lang{l}},
		System: house.System{
			ID: org, Name: record.Text{l: d.Name},
			Controller: house.Party{Name: record.Text{l: d.Controller}, Contact: d.Contact},
		},
		Departments: []house.Department{{ID: house.ID("dep-" + account.NewID()), Name: record.Text{l: d.Department}, Type: d.Type}},
	}
	for r := range in.Records() {
		if house.KindOf(r) == house.KindPlan {
			continue
		}
		if err := house.Check(r); err != nil {
			d.Problem = "house.wrong"
			return v.showAs(http.StatusUnprocessableEntity, "house", d)
		}
	}
	by := v.actor()
	if err := v.hub.Import(v.ctx(), by, in, hub.Import{}); err != nil {
		return err
	}
	itself := store.Actor{Kind: store.ByHub, ID: "manager", At: v.opt.Now()}
	err := v.store.Update(v.ctx(), itself, func(tx store.Tx) error {
		a, err := tx.Account(v.ctx(), v.who.ID)
		if err != nil {
			return err
		}
		a.Org = org
		return tx.PutAccount(v.ctx(), a)
	})
	if err != nil {
		return err
	}
	return v.done("/", "house")
}

package manager

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// What went wrong with what is kept of people (R-DPA-03). Everybody who logs in can
// report it, from the start page; whoever answers for the house then finds who has to be
// told by when, whom it may concern, and drafts of what to tell.
var _ = add(page{Name: "incidents", Nav: &nav{Order: 87, Icon: "alert-triangle", Path: "/registers/incidents"}, Routes: []route{
	{"GET /report", account.Self, (*visit).askReport},
	{"POST /report", account.Self, (*visit).report},
	{"GET /registers/incidents", account.Registers, (*visit).incidents},
	{"POST /registers/incidents/all", account.Registers, (*visit).exportIncidents},
	{"GET /registers/incidents/{id}", account.Registers, (*visit).incident},
	{"GET /registers/incidents/{id}/add", account.Settings, (*visit).askIncident},
	{"POST /registers/incidents/{id}/add", account.Settings, (*visit).addToIncident},
}})

// reported is what somebody is asked who reports something: what they may know.
var reported = []string{"kind", "facts", "happened", "known", "departments", "screens"}

// isIncident reports whether an entry tells of an incident.
func isIncident(e house.Entry) bool { return e.Incident != nil }

// incidentPath returns where an incident is.
func incidentPath(id house.ID) string { return "/registers/incidents/" + string(id) }

// A dutyLine is somebody who has to be told.
type dutyLine struct {
	house.Duty
	Until house.Wall // by the clock of the house
	Clock string     // "late", "now", "open", "done"
	Left  int        // hours; below 0: late
}

// Late returns how many hours late it is.
func (d dutyLine) Late() int { return -d.Left }

// hoursNow is from how many hours before its end a duty is pressing.
const hoursNow = 12

// duties returns who has to be told of an incident, as it stands now.
func (v *visit) duties(i *house.Incident, zone *time.Location) (out []dutyLine) {
	now := v.opt.Now()
	for _, d := range i.Duties(zone) {
		x := dutyLine{Duty: d, Until: house.WallOf(d.Due.In(zone)), Clock: "open"}
		left := d.Due.Sub(now)
		x.Left = int(left / time.Hour)
		switch {
		case d.Done != "":
			x.Clock = "done"
		case d.Late(now):
			x.Clock = "late"
		case left <= hoursNow*time.Hour:
			x.Clock = "now"
		}
		out = append(out, x)
	}
	return out
}

// An incidentRow is an incident in the list.
type incidentRow struct {
	Path  string
	Entry house.Entry
	Duty  *dutyLine // the next that is not done
}

func (v *visit) incidents() error {
	var out []incidentRow
	err := v.see(func(s store.View) (err error) {
		out, err = v.incidentRows(s)
		return err
	})
	if err != nil {
		return err
	}
	return v.show("incidents", out)
}

// incidentRows returns every incident: what is open first, by when it is due, then the
// newest.
func (v *visit) incidentRows(s store.View) (out []incidentRow, err error) {
	_, zone, err := v.clockOf(s)
	if err != nil {
		return nil, err
	}
	all, err := v.matters(s, isIncident)
	for _, m := range all {
		now := m.Now()
		x := incidentRow{Path: incidentPath(m.ID()), Entry: now}
		for _, d := range v.duties(now.Incident, zone) {
			if d.Done == "" && (x.Duty == nil || d.Due.Before(x.Duty.Due)) {
				x.Duty = &d
			}
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b incidentRow) int {
		switch {
		case a.Duty != nil && b.Duty != nil:
			return a.Duty.Due.Compare(b.Duty.Due)
		case a.Duty != nil:
			return -1
		case b.Duty != nil:
			return 1
		}
		return strings.Compare(string(b.Entry.Incident.Known), string(a.Entry.Incident.Known))
	})
	return out, err
}

// reportForm is how the form of a report begins.
var reportForm = entryForm{Path: "/report", Back: "/", Title: "report.title", Text: "report.text", Go: "report.go"}

func (v *visit) askReport() error {
	if v.who.Org == "" {
		return errNoHouse
	}
	d := reportForm
	err := v.see(func(s store.View) error {
		now, _, err := v.clockOf(s)
		if err != nil {
			return err
		}
		p := partOf("incident", reported...)
		f, err := v.former(s, []house.Field{p.Field})
		if err == nil {
			d.Inputs = p.form(f, &house.Entry{Incident: &house.Incident{Kind: "breach", Known: now}})
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show("entry", d)
}

func (v *visit) report() error {
	if v.who.Org == "" {
		return errNoHouse
	}
	e, d, err := v.typedIncident(nil, reportForm, reported...)
	if err != nil {
		return err
	}
	if d.Problem != "" {
		return v.showAs(http.StatusUnprocessableEntity, "entry", d)
	}
	if err := v.write(e); err != nil {
		return err
	}
	if v.who.May(account.Registers) {
		return v.done(incidentPath(e.ID), "reported")
	}
	return v.done("/", "reported")
}

// typedIncident returns the entry that a form says, put in the place of was if there is
// one, and the form with what is wrong.
func (v *visit) typedIncident(was *house.Entry, d entryForm, only ...string) (*house.Entry, entryForm, error) {
	if err := v.form(); err != nil {
		return nil, d, err
	}
	e := &house.Entry{ID: "new", Incident: &house.Incident{}}
	if was != nil {
		before := *was.Incident
		e.Incident, e.Replaces = &before, was.ID
	}
	err := v.see(func(s store.View) error {
		now, _, err := v.clockOf(s)
		if err != nil {
			return err
		}
		e.Written = now
		p := partOf("incident", only...)
		f, err := v.former(s, []house.Field{p.Field})
		if err != nil {
			return err
		}
		f.values = v.r.PostForm
		f.keep(reflectOf(e))
		p.read(f, e)
		for _, key := range e.Incident.Mistakes(now) {
			f.wrong("incident."+key, "incident."+key)
		}
		f.check(e)
		if len(f.problems) > 0 {
			d.Problem = "form.problems"
		}
		d.Inputs = p.form(f, e)
		return nil
	})
	return e, d, err
}

// An incidentSheet is what the page of one shows.
type incidentSheet struct {
	ID       house.ID
	Path     string
	Label    string
	Now      house.Entry
	Said     []input
	Duties   []dutyLine
	Open     bool
	Depts    []row
	Screens  []row
	People   []row // may be concerned; only for whoever looks after people
	Count    int   // of them
	Audit    string
	Drafts   []letter
	History  []entryLine
	Reported house.Wall
}

// An entryLine is an entry of the history.
type entryLine struct {
	house.Entry
	Said []input
}

// A letter is a text to send.
type letter struct{ For, Text string }

func (v *visit) incident() error {
	var d incidentSheet
	err := v.see(func(s store.View) error {
		m, err := v.matter(s, isIncident)
		if err == nil {
			d, err = v.incidentSheet(s, m)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show("incident", d)
}

func (v *visit) incidentSheet(s store.View, m house.Matter) (d incidentSheet, err error) {
	now := m.Now()
	d = incidentSheet{ID: m.ID(), Path: incidentPath(m.ID()), Label: v.label(&now), Now: now, Open: now.Incident.Open(), Reported: m[0].Written}
	_, zone, err := v.clockOf(s)
	if err != nil {
		return d, err
	}
	p := partOf("incident")
	f, err := v.former(s, []house.Field{p.Field})
	if err != nil {
		return d, err
	}
	d.Duties = v.duties(now.Incident, zone)
	d.Said = p.said(f, &now)
	for _, e := range slices.Backward(m) {
		d.History = append(d.History, entryLine{e, p.said(f, &e)})
	}
	if err := v.concerned(s, &d); err != nil {
		return d, err
	}
	from := now.Incident.Happened
	if from == "" {
		from = now.Incident.Known
	}
	if v.who.May(account.Audit) {
		d.Audit = "/audit?from=" + string(from.Day()) + "&until=" + string(now.Incident.Known.Day())
	}
	d.Drafts, err = v.drafts(s, now.Incident, zone, d.Count)
	return d, err
}

// concerned fills in whom an incident may concern: the departments and screens that it
// names, the departments where those hang, and whoever lives or works there.
func (v *visit) concerned(s store.View, d *incidentSheet) error {
	at := slices.Clone(d.Now.Incident.Departments)
	screens, err := store.All[house.Screen](v.ctx(), s)
	if err != nil {
		return err
	}
	depts, err := store.All[house.Department](v.ctx(), s)
	if err != nil {
		return err
	}
	called := map[house.ID]record.Text{}
	for _, x := range depts {
		called[x.ID] = x.Name
	}
	for _, id := range d.Now.Incident.Screens {
		x := row{Label: v.t("form.elsewhere")}
		if i := slices.IndexFunc(screens, func(x house.Screen) bool { return x.ID == id }); i >= 0 {
			x.Label, x.Where = v.text(screens[i].Place), v.text(called[screens[i].Department])
			at = append(at, screens[i].Department)
		}
		d.Screens = append(d.Screens, x)
	}
	slices.Sort(at)
	at = slices.Compact(at)
	for _, id := range at {
		if called[id] != nil {
			d.Depts = append(d.Depts, row{Label: v.text(called[id])})
		}
	}
	nobody := store.Actor{Org: v.who.Org, Kind: store.ByHub, ID: "registers", At: v.opt.Now()} // counts name nobody
	read := func(s store.View) error {
		d.People, d.Count = nil, 0
		for _, k := range []house.Kind{house.KindResident, house.KindStaff} {
			all, err := s.All(v.ctx(), k)
			if err != nil {
				return err
			}
			for _, r := range all {
				if !slices.ContainsFunc(house.HomeOf(r).Departments, func(x house.ID) bool { return slices.Contains(at, x) }) {
					continue
				}
				if d.Count++; v.who.May(account.People) {
					d.People = append(d.People, row{Path: personPath(house.KeyOf(r)), Label: v.label(r)})
				}
			}
		}
		return nil
	}
	switch {
	case len(at) == 0:
		return nil
	case v.who.May(account.People):
		return read(s)
	}
	return v.store.View(v.ctx(), nobody, read)
}

func (v *visit) askIncident() error {
	var d entryForm
	err := v.see(func(s store.View) error {
		m, err := v.matter(s, isIncident)
		if err != nil {
			return err
		}
		d = addForm(m)
		p := partOf("incident")
		f, err := v.former(s, []house.Field{p.Field})
		if err == nil {
			now := m.Now()
			d.Inputs = p.form(f, &now)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show("entry", d)
}

// addForm is the form that adds to an incident.
func addForm(m house.Matter) entryForm {
	at := incidentPath(m.ID())
	return entryForm{Path: at + "/add", Back: at, Title: "incidents.add", Text: "incidents.add.text", Go: "incidents.add.go", Was: m.Now().ID}
}

func (v *visit) addToIncident() error {
	if err := v.form(); err != nil {
		return err
	}
	var m house.Matter
	err := v.see(func(s store.View) (err error) {
		m, err = v.matter(s, isIncident)
		return err
	})
	if err != nil {
		return err
	}
	was, form := m.Now(), addForm(m)
	if id := house.ID(v.value("was")); id != was.ID {
		if !m.Has(id) {
			return store.ErrNotFound
		}
		was, form.Was = house.Entry{ID: id, Incident: was.Incident}, id // somebody else was faster: said when it is written
	}
	e, d, err := v.typedIncident(&was, form)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if d.Problem == "" {
		err := v.write(e)
		switch {
		case err == nil:
			return v.done(incidentPath(m.ID()), "entry")
		case !errors.Is(err, errMeanwhile):
			return err
		}
		status, d.Problem, d.Was = http.StatusConflict, "incidents.meanwhile", m.Now().ID
	}
	return v.showAs(status, "entry", d)
}

// exportIncidents sends the whole register, every entry as it was written.
func (v *visit) exportIncidents() error {
	out := struct {
		Schema  string            `json:"schema"`
		System  house.ID          `json:"system"`
		Made    time.Time         `json:"made"`
		Entries []json.RawMessage `json:"entries"`
	}{Schema: "tavle-incident-register/1", System: v.who.Org, Made: v.opt.Now().UTC()}
	err := v.store.Update(v.ctx(), v.actor(), func(tx store.Tx) error {
		out.Entries = []json.RawMessage{}
		all, err := store.All[house.Entry](v.ctx(), tx)
		if err != nil {
			return err
		}
		for _, e := range all {
			if isIncident(e) {
				out.Entries = append(out.Entries, house.Encode(&e))
			}
		}
		return tx.NoteOf(v.ctx(), "export", house.KindEntry, house.OnlyID)
	})
	if err != nil {
		return err
	}
	return v.sendJSON("incidents.json", out)
}

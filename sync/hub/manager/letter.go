package manager

import (
	"strconv"
	"strings"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// Drafts of what to tell about an incident: to whoever is responsible and to the
// authority with what article 33(3) of the GDPR asks for, to the people themselves with
// article 34(2) (R-DPA-06, R-DPA-37). They are made of what the register says, and name
// what it does not say yet. Nobody sends them but whoever copies them.

// A drafting is a draft in the making.
type drafting struct {
	*visit
	b strings.Builder
}

// line adds a heading and what it is about; what is empty is named as missing.
func (d *drafting) line(key, text string) {
	if text == "" {
		text = d.t("draft.missing")
	}
	d.b.WriteString(d.t("draft."+key) + "\n" + text + "\n\n")
}

// drafts returns the drafts of whom has to be told, with how many people it may concern
// where the register does not say.
func (v *visit) drafts(s store.View, i *house.Incident, zone *time.Location, count int) ([]letter, error) {
	systems, err := store.All[house.System](v.ctx(), s)
	if err != nil || len(systems) == 0 {
		return nil, err
	}
	sys, now := systems[0], v.opt.Now()
	var out []letter
	for _, duty := range i.Duties(zone) {
		d := &drafting{visit: v}
		if duty.Whom == "people" {
			d.people(sys, i)
		} else {
			d.b.WriteString(v.t("draft.to."+duty.Whom, "controller", v.text(sys.Controller.Name)) + "\n\n")
			d.notice(sys, i, count)
			if duty.Whom == "authority" && (duty.Late(now) || duty.Done != "" && duty.Done.In(zone).After(duty.Due)) {
				d.line("late", "")
			}
		}
		out = append(out, letter{duty.Whom, strings.TrimSpace(d.b.String()) + "\n"})
	}
	return out, nil
}

// notice says what article 33(3) asks for, (a) to (d).
func (d *drafting) notice(sys house.System, i *house.Incident, count int) {
	words := d.views.words(d.lang)
	when := func(w house.Wall) string {
		if w == "" {
			return d.t("draft.unknown")
		}
		return words.timed(w)
	}
	d.line("nature", i.Facts)
	d.line("happened", when(i.Happened))
	d.line("known", when(i.Known))
	var data []string
	for _, tag := range i.Data {
		data = append(data, d.t("datum."+tag))
	}
	d.line("data", strings.Join(data, ", "))
	people := ""
	switch {
	case i.People > 0:
		people = d.t("draft.about", "n", i.People)
	case count > 0:
		people = d.t("draft.at_most", "n", count)
	}
	d.line("people", people)
	records := ""
	if i.Records > 0 {
		records = d.t("draft.about", "n", strconv.Itoa(i.Records))
	}
	d.line("records", records)
	d.line("contact", name(d.text(sys.Controller.Name)+",", sys.Controller.Contact))
	d.line("effects", i.Effects)
	d.line("remedy", i.Remedy)
}

// people says what article 34(2) asks for, in plain words.
func (d *drafting) people(sys house.System, i *house.Incident) {
	d.b.WriteString(d.t("draft.to.people") + "\n\n")
	d.line("what", i.Facts)
	d.line("means", i.Effects)
	d.line("did", i.Remedy)
	d.line("you", "")
	d.line("ask", name(d.text(sys.Controller.Name)+",", sys.Controller.Contact))
}

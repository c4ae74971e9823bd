package manager

import (
	"slices"
	"time"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// What the law gives a time for, on the start page of whoever has to do it: people who
// wait for an answer, incidents that somebody has to be told of. What is late comes
// first.

// A dueLine is one thing to do.
type dueLine struct {
	Icon, What, When string
	Clock            string // "late", "now", "soon"
	Word             string // what to press, in words of "due."
	Path             string
	at               time.Time
}

// deadlines returns what there is to do for whoever asks.
func (v *visit) deadlines() (out []dueLine, err error) {
	err = v.see(func(s store.View) error {
		out = nil
		for _, of := range []struct {
			right account.Right
			lines func(store.View) ([]dueLine, error)
		}{
			{account.Settings, v.dueIncidents},
			{account.Settings, v.dueEnding},
			{account.Settings, v.dueReviews},
			{account.People, v.dueRequests},
			{account.People, v.dueQuestions},
		} {
			if !v.who.May(of.right) {
				continue
			}
			more, err := of.lines(s)
			if err != nil {
				return err
			}
			out = append(out, more...)
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b dueLine) int { return a.at.Compare(b.at) })
	return out, err
}

// dueIncidents returns of each incident whoever has to be told next.
func (v *visit) dueIncidents(s store.View) (out []dueLine, err error) {
	rows, err := v.incidentRows(s)
	for _, x := range rows {
		if x.Duty == nil {
			continue
		}
		l := dueLine{Icon: "alert-triangle", What: v.label(&x.Entry), Clock: x.Duty.Clock, Word: "look", Path: x.Path, at: x.Duty.Due}
		if l.Clock == "open" {
			l.Clock = "soon"
		}
		l.When = v.t("duty."+x.Duty.Whom) + ": " + v.t("duty.left", "n", x.Duty.Left)
		if l.Clock == "late" {
			l.When = v.t("duty."+x.Duty.Whom) + ": " + v.t("duty.late", "n", x.Duty.Late())
		}
		out = append(out, l)
	}
	return out, err
}

// dueRequests returns the requests that are to be answered within [dueSoon] days, or
// should have been (R-ACT-15).
func (v *visit) dueRequests(s store.View) (out []dueLine, err error) {
	all, err := store.All[house.Request](v.ctx(), s)
	if err != nil {
		return nil, err
	}
	soon := house.DayOf(v.opt.Now()).Add(dueSoon + 1) // in whatever zone
	for _, r := range all {
		if !r.Open() || r.Due > soon || !v.who.Reaches(house.HomeOf(&r).Departments...) {
			continue
		}
		x, err := v.requestOf(s, r)
		if err != nil {
			return nil, err
		}
		if x.Clock == "open" {
			continue
		}
		l := dueLine{Icon: "file-text", What: name(x.Who, "·", v.word("choice.", house.KindRequest, "right."+string(r.Right))), Clock: x.Clock, Word: "answer", Path: x.Path(), at: r.Due.Start(time.UTC)}
		switch {
		case x.Clock == "late":
			l.When = v.t("requests.late", "n", x.Late())
		case x.Left == 0:
			l.When = v.t("requests.today")
		default:
			l.When = v.t("requests.left", "n", x.Left)
		}
		out = append(out, l)
	}
	return out, nil
}

// dueQuestions says how many people are to be asked again; it follows what has a day.
func (v *visit) dueQuestions(s store.View) ([]dueLine, error) {
	all, err := v.toAsk(s)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return []dueLine{{
		Icon: "message-2", What: v.t("again.ask"), When: v.t("again.n", "n", len(all)), Clock: "soon", Word: "people", Path: "/people/again", at: v.opt.Now().AddDate(0, 0, dueSoon),
	}}, nil
}

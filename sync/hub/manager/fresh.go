package manager

import (
	"slices"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/lint"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// What is old rather than missing, and what is there and could be easier to understand.

// maxWorse is how many things that could be easier are named at once; the rest comes
// when these are mended.
const maxWorse = 5

// stale returns what is out of date in a department that shows these modules.
func (v *visit) stale(s store.View, dept house.Department, modules []record.Module, today house.Day) (out []gap, err error) {
	until := today.Add(daysAhead - 1)
	on := func(k house.Kind) (all []house.Record) {
		if err == nil {
			all, err = s.On(v.ctx(), dept.ID, k, today, until)
		}
		return all
	}
	fresh := func(k house.Kind) string { return recordsPath + string(k) + "/new" }
	if slices.Contains(modules, record.ModuleWeather) {
		all, err := s.All(v.ctx(), house.KindWeather)
		if err != nil {
			return nil, err
		}
		g := gap{Word: "old_weather", Fix: fresh(house.KindWeather), Icon: "sun"}
		now, latest := false, house.Wall("")
		for _, r := range all {
			if w, ok := r.(*house.Weather); ok && (w.Department == dept.ID || w.Department == "") {
				if w.At >= latest {
					latest, g.Fix = w.At, recordsPath+string(house.KindWeather)+"/"+string(w.ID)+"/edit"
				}
				now = now || slices.ContainsFunc(w.Days, func(d house.WeatherDay) bool { return d.Day == today })
			}
		}
		if !now {
			out = append(out, g)
		}
	}
	if slices.Contains(modules, record.ModuleMeetings) {
		g := gap{Word: "no_agenda", Icon: "message-2"}
		for _, r := range on(house.KindMeeting) {
			if m, ok := r.(*house.Meeting); ok && len(m.Agenda) == 0 {
				g.Links = append(g.Links, v.mend(m))
			}
		}
		if len(g.Links) > 0 {
			out = append(out, g)
		}
	}
	worse := gap{Word: "worse", Icon: "bulb"}
	for _, k := range []house.Kind{house.KindActivity, house.KindMeal, house.KindNews, house.KindMeeting} {
		for _, r := range on(k) {
			if len(lint.Record(r)) > 0 && len(worse.Links) < maxWorse {
				worse.Links = append(worse.Links, v.mend(r))
			}
		}
	}
	if len(worse.Links) > 0 {
		out = append(out, worse)
	}
	return out, err
}

// mend leads to where a record is looked at, which says what could be better.
func (v *visit) mend(r house.Record) row {
	return row{Path: entityOf(house.KindOf(r)).at(house.KeyOf(r)), Label: v.label(r), At: wall(r)}
}

// lost returns the screens of a department that are not on the net, for whoever looks
// after screens.
func (v *visit) lost(dept house.ID) ([]gap, error) {
	if !v.who.May(account.Screens) {
		return nil, nil
	}
	all, err := v.hub.Screens(v.ctx(), v.actor())
	for _, s := range all {
		if s.Department == dept && !s.Online && !s.Revoked {
			return []gap{{Word: "screen_away", Fix: "/screens", Icon: "cloud-off"}}, err
		}
	}
	return nil, err
}

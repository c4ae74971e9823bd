package manager

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// The roster is a table of who works and the days of a week, each with a choice of the
// kinds of shift; it is saved with one button. A shift that is taken away is asked about
// first.
var _ = add(page{
	Name: "roster", Nav: &nav{Order: 30, Icon: "id-badge-2", Path: rosterPath, For: house.KindShift},
	Routes: append(addCopies(rosterPath, house.KindShift),
		route{"GET " + rosterPath, account.Content, (*visit).roster},
		route{"POST " + rosterPath, account.Content, (*visit).saveRoster},
		route{"POST " + rosterPath + "/types", account.Content, (*visit).usualTypes},
	),
})

const rosterPath = "/roster"

// A rosterSheet is what the page shows.
type rosterSheet struct {
	week
	Types   []option // of shifts, in the order of a day
	Columns []weekDay
	Rows    []rosterRow
	Ask     []string // shifts that would be taken away, in words
	Problem string
	None    bool // there is no department
}

// A rosterRow is somebody's week; of nobody: shifts that are still open.
type rosterRow struct {
	ID    house.ID
	Name  string
	Days  []rosterDay
	Notes []string // what breaks the rules of the house
}

// A rosterDay is a field of the table.
type rosterDay struct {
	weekDay
	Cells []rosterCell // the shifts, or one that is empty
}

// A rosterCell is a shift, or the place for one.
type rosterCell struct {
	Key    string // of its input: the shift's ID, or "s01/2026-12-03"
	Person house.ID
	ID     house.ID
	Was    string // which the shift was when the form was made
	Said   string // its kind then
	Type   string
	Types  []option
	Theirs string // what somebody else made of it meanwhile
}

// nobody stands for an open shift in the names of inputs.
const nobody = "-"

func (v *visit) roster() error { return v.showRoster(http.StatusOK, nil, "", nil) }

// A rosterPlan is what the page knows of a week.
type rosterPlan struct {
	week
	plan   house.Plan
	staff  []house.Staff
	shifts []house.Shift
}

// readRoster reads the week.
func (v *visit) readRoster(s store.View) (p rosterPlan, err error) {
	if p.week, err = v.week(s, rosterPath); err != nil {
		return p, err
	}
	if p.plan, err = store.Get[house.Plan](v.ctx(), s, house.OnlyID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return p, err
	}
	dept := p.Department.ID
	if p.staff, err = store.On[house.Staff](v.ctx(), s, dept, "", ""); err != nil {
		return p, err
	}
	all, err := store.On[house.Shift](v.ctx(), s, dept, p.Monday.Add(-1), p.Sunday().Add(1))
	if err != nil {
		return p, err
	}
	p.shifts = slices.DeleteFunc(all, func(s house.Shift) bool { return s.Department != dept })
	slices.SortStableFunc(p.shifts, func(a, b house.Shift) int { return cmp.Compare(a.From, b.From) })
	working := func(s house.Staff) bool {
		return s.Lifecycle != house.Left || slices.ContainsFunc(p.shifts, func(x house.Shift) bool { return x.Person == s.ID })
	}
	p.staff = slices.DeleteFunc(p.staff, func(s house.Staff) bool { return !working(s) })
	slices.SortStableFunc(p.staff, func(a, b house.Staff) int {
		return cmp.Compare(strings.ToLower(v.label(&a)), strings.ToLower(v.label(&b)))
	})
	return p, nil
}

// types returns the kinds of shift, in the order of a day, and which is chosen.
func (v *visit) types(p house.Plan, chosen string) (out []option) {
	keys := make([]string, 0, len(p.Types)+1)
	for k := range p.Types {
		keys = append(keys, k)
	}
	if _, known := p.Types[chosen]; !known && chosen != "" {
		keys = append(keys, chosen)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(p.Types[a].From, p.Types[b].From), cmp.Compare(a, b)) })
	for _, k := range keys {
		out = append(out, option{k, cmp.Or(v.text(p.Types[k].Label), k), k == chosen})
	}
	return out
}

// lay puts the shifts into the table.
func (v *visit) layRoster(p rosterPlan) (rows []rosterRow) {
	row := func(id house.ID, name string) rosterRow {
		r := rosterRow{ID: id, Name: name}
		for _, d := range p.Days() {
			day := rosterDay{weekDay: d}
			for i := range p.shifts {
				if s := &p.shifts[i]; s.Person == id && s.From.Day() == d.Day {
					day.Cells = append(day.Cells, rosterCell{
						Key: string(s.ID), Person: id, ID: s.ID, Was: stamp(s), Said: s.Type, Type: s.Type, Types: v.types(p.plan, s.Type),
					})
				}
			}
			if len(day.Cells) == 0 || id == "" { // of open shifts there can always be one more
				day.Cells = append(day.Cells, rosterCell{Key: cmp.Or(string(id), nobody) + "/" + string(d.Day), Person: id, Types: v.types(p.plan, "")})
			}
			r.Days = append(r.Days, day)
		}
		if id != "" {
			r.Notes = v.strain(p, id)
		}
		return r
	}
	for i := range p.staff {
		rows = append(rows, row(p.staff[i].ID, v.label(&p.staff[i])))
	}
	return append(rows, row("", v.t("roster.nobody")))
}

// strain says in which way somebody's week breaks the rules of the house.
func (v *visit) strain(p rosterPlan, id house.ID) (notes []string) {
	if p.plan.Rules == nil {
		return nil
	}
	n := 0
	var before *house.Shift
	short := false
	for i := range p.shifts { // a day before and after the week, too
		s := &p.shifts[i]
		if s.Person != id {
			continue
		}
		if p.Has(s.From.Day()) {
			n++
		}
		if before != nil {
			rest := s.From.In(p.zone).Sub(before.To.In(p.zone)) // real hours, whatever clocks say
			short = short || rest < time.Duration(p.plan.Rules.MinRestHours)*time.Hour
		}
		before = s
	}
	if most := p.plan.Rules.MaxShiftsWeek; most > 0 && n > most {
		notes = append(notes, v.t("roster.many", "n", n, "most", most))
	}
	if short {
		notes = append(notes, v.t("roster.short", "n", p.plan.Rules.MinRestHours))
	}
	return notes
}

// showRoster answers with the week, with what was chosen, what would be taken away, and
// what went wrong.
func (v *visit) showRoster(status int, chosen map[string]rosterCell, problem string, ask []string) error {
	var p rosterPlan
	err := v.see(func(s store.View) (err error) {
		p, err = v.readRoster(s)
		return err
	})
	if errors.Is(err, errNoDepartment) {
		return v.show("roster", rosterSheet{None: true})
	}
	if err != nil {
		return err
	}
	d := rosterSheet{week: p.week, Types: v.types(p.plan, ""), Columns: p.Days(), Rows: v.layRoster(p), Problem: problem, Ask: ask}
	for _, r := range d.Rows {
		for _, day := range r.Days {
			for i := range day.Cells {
				c := &day.Cells[i]
				t, ok := chosen[c.Key]
				if !ok && c.ID != "" { // it was still to be made when the form was
					t, ok = chosen[cmp.Or(string(r.ID), nobody)+"/"+string(day.Day)]
					ok = ok && t.Theirs != ""
				}
				if !ok {
					continue
				}
				c.Type, c.Types, c.Theirs = t.Type, v.types(p.plan, t.Type), t.Theirs
				if t.Theirs == "" {
					c.Was, c.Said = t.Was, t.Said
				}
			}
		}
	}
	return v.showAs(status, "roster", d)
}

// saveRoster keeps what somebody chose: all of it, or nothing.
func (v *visit) saveRoster() error {
	if err := v.form(); err != nil {
		return err
	}
	var p rosterPlan
	err := v.see(func(s store.View) (err error) {
		p, err = v.readRoster(s)
		return err
	})
	if errors.Is(err, errNoDepartment) {
		return store.ErrNotFound
	}
	if err != nil {
		return err
	}
	chosen := map[string]rosterCell{}
	var ask []string
	for _, key := range v.r.PostForm["cell"] {
		c := rosterCell{Key: key, Type: v.value(key), Said: v.value(key + ".said"), Was: v.value(key + ".was")}
		if c.Type == c.Said {
			continue
		}
		if _, known := p.plan.Types[c.Type]; !known && c.Type != "" {
			return v.showRoster(http.StatusUnprocessableEntity, nil, "form.wrong", nil)
		}
		if i := slices.IndexFunc(p.shifts, func(s house.Shift) bool { return string(s.ID) == key }); i >= 0 && c.Type == "" {
			ask = append(ask, v.shiftWords(p, p.shifts[i]))
		}
		chosen[key] = c
	}
	if len(ask) > 0 && v.value("sure") == "" {
		return v.showRoster(http.StatusOK, chosen, "", ask)
	}
	err = v.change(func(ctx context.Context, edit *hub.Edit) error { return v.putRoster(ctx, edit, p, chosen) })
	switch {
	case errors.Is(err, errMeanwhile):
		return v.showRoster(http.StatusConflict, chosen, "roster.meanwhile", nil)
	case errors.Is(err, errWrong):
		return v.showRoster(http.StatusUnprocessableEntity, chosen, "roster.no_times", nil)
	case err != nil:
		return err
	}
	return v.to(p.Here("done", "saved"))
}

// shiftWords says which shift is meant.
func (v *visit) shiftWords(p rosterPlan, s house.Shift) string {
	who := v.t("roster.nobody")
	for i := range p.staff {
		if p.staff[i].ID == s.Person {
			who = v.label(&p.staff[i])
		}
	}
	return who + ": " + cmp.Or(v.text(p.plan.Types[s.Type].Label), s.Type) + ", " + v.views.words(v.lang).when(s.From)
}

// putRoster keeps the cells. What somebody else made of one meanwhile is noted in it.
func (v *visit) putRoster(ctx context.Context, edit *hub.Edit, p rosterPlan, chosen map[string]rosterCell) error {
	all, err := edit.All(ctx, house.KindShift)
	if err != nil {
		return err
	}
	dept := p.Department.ID
	var put, drop []*house.Shift
	meanwhile := false
	conflict := func(key string, c rosterCell, theirs string) {
		c.Theirs = theirs
		chosen[key], meanwhile = c, true
	}
	for key, c := range chosen {
		who, day, isNew := strings.Cut(key, "/")
		var found *house.Shift
		for _, r := range all {
			s := r.(*house.Shift) //nolint:forcetypeassert // its kind
			taken := isNew && who != nobody && s.Department == dept && string(s.Person) == who && string(s.From.Day()) == day
			if taken || !isNew && string(s.ID) == key && s.Department == dept {
				found = s
			}
		}
		switch {
		case isNew && found != nil:
			conflict(key, c, v.shiftWords(p, *found))
		case isNew:
			s := &house.Shift{ID: house.ID(account.NewID()), Department: dept}
			if who != nobody {
				s.Person = house.ID(who)
				if !slices.ContainsFunc(p.staff, func(x house.Staff) bool { return x.ID == s.Person }) {
					return errMayNot
				}
			}
			if !p.Has(house.Day(day)) {
				return errMayNot
			}
			if !p.times(s, c.Type, house.Day(day)) {
				return errWrong
			}
			put = append(put, s)
		case found == nil && c.Type == "": // gone already
		case found == nil:
			conflict(key, c, v.t("roster.deleted"))
		case stamp(found) != c.Was:
			conflict(key, c, v.shiftWords(p, *found))
		case c.Type == "":
			drop = append(drop, found)
		default:
			s := *found
			if !p.times(&s, c.Type, s.From.Day()) {
				return errWrong
			}
			put = append(put, &s)
		}
	}
	if meanwhile {
		return errMeanwhile
	}
	for _, s := range drop {
		if err := edit.Delete(ctx, house.KindShift, s.ID); err != nil {
			return err
		}
	}
	for _, s := range put {
		if err := edit.Put(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// times makes a shift one of a kind, on a day, and reports whether the kind says when it
// is and the clock ever says that.
func (p rosterPlan) times(s *house.Shift, kind string, day house.Day) bool {
	t := p.plan.Types[kind]
	s.Type, s.From, s.To = kind, house.Wall(string(day)+"T"+string(t.From)), house.Wall(string(day)+"T"+string(t.To))
	if t.From == "" || t.To == "" || !p.exists(s.From) {
		return false
	}
	if s.To <= s.From {
		s.To = s.To.Add(1)
	}
	return p.exists(s.To)
}

// usualTypes gives a house without kinds of shift those that most have.
func (v *visit) usualTypes() error {
	if err := v.form(); err != nil {
		return err
	}
	var w week
	err := v.see(func(s store.View) (err error) {
		w, err = v.week(s, rosterPath)
		return err
	})
	if errors.Is(err, errNoDepartment) {
		return store.ErrNotFound
	}
	if err != nil {
		return err
	}
	err = v.change(func(ctx context.Context, edit *hub.Edit) error {
		p := &house.Plan{}
		switch r, err := edit.Get(ctx, house.KindPlan, house.OnlyID); {
		case err == nil:
			p = r.(*house.Plan) //nolint:forcetypeassert // its kind
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		if len(p.Types) > 0 {
			return nil // somebody was faster
		}
		p.Types = map[string]house.ShiftType{}
		for _, t := range []struct{ key, from, to, picture string }{
			{"day", "07:00", "15:00", "sun"}, {"evening", "15:00", "23:00", "crescent-moon"}, {"night", "23:00", "07:00", "star"},
		} {
			label := record.Text{}
			for _, l := range languages {
				label[record.Lang(l)] = v.views.words(l).T("roster.type." + t.key)
			}
			p.Types[t.key] = house.ShiftType{Label: label, From: house.Clock(t.from), To: house.Clock(t.to), Pictogram: t.picture}
		}
		return edit.Put(ctx, p)
	})
	if err != nil {
		return err
	}
	return v.to(w.Here("done", "saved"))
}

package manager

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// What pages of the registers have in common: an entry is filled in by the form of one
// of its parts, and only ever added.

// A part is one part of an entry, as it is filled in.
type part struct{ house.Field }

// partOf returns the part of entries under key, or of it only these members.
func partOf(key string, only ...string) part {
	for _, f := range house.Fields(house.KindEntry) {
		if f.Key != key {
			continue
		}
		f.Optional = false
		f.Fields = slices.DeleteFunc(slices.Clone(f.Fields), func(m house.Field) bool { return len(only) > 0 && !slices.Contains(only, m.Key) })
		for i := range f.Fields {
			choosable(&f.Fields[i])
		}
		return part{f}
	}
	panic("manager: entries have no part " + key)
}

// choosable has somebody choose among what there is for a member of a part that names
// something. The format does not say that it has to be there: an entry outlives it.
func choosable(f *house.Field) {
	ref := map[string]house.Kind{"departments": house.KindDepartment, "screens": house.KindScreen}[f.Key]
	if ref == "" || f.Item == nil {
		return
	}
	item := *f.Item
	item.Form, item.Ref = house.FormID, []house.Kind{ref}
	f.Ref, f.Item = item.Ref, &item
}

// form returns what fills the part in.
func (p part) form(f *former, e *house.Entry) []input {
	f.years = true
	if p.Key == "notice" {
		f.languages = house.NoticeLanguages
	}
	all := f.inputs(house.KindEntry, []house.Field{p.Field}, reflectOf(e), "")
	return append(all[0].Inputs, all[1:]...) // a box to stand by what was typed may be behind it
}

// read puts what was typed into the part of e.
func (p part) read(f *former, e *house.Entry) {
	f.readObject(house.KindEntry, &p.Field, p.In(reflectOf(e)), p.Key)
}

// said returns what the part says, for the view.
func (p part) said(f *former, e *house.Entry) []input {
	return slices.DeleteFunc(p.form(f, e), func(x input) bool { return len(x.Said) == 0 })
}

// reflectOf returns the value of an entry.
func reflectOf(e *house.Entry) reflect.Value { return reflect.ValueOf(e).Elem() }

// matters returns what the registers tell that has this part.
func (v *visit) matters(s store.View, has func(house.Entry) bool) ([]house.Matter, error) {
	all, err := store.All[house.Entry](v.ctx(), s)
	return house.Matters(slices.DeleteFunc(all, func(e house.Entry) bool { return !has(e) })), err
}

// matter returns the one in the address.
func (v *visit) matter(s store.View, has func(house.Entry) bool) (house.Matter, error) {
	all, err := v.matters(s, has)
	for _, m := range all {
		if err == nil && m.Has(v.id()) {
			return m, nil
		}
	}
	return nil, errors.Join(err, store.ErrNotFound)
}

// clockOf returns what the clock of the house says, and in which zone.
func (v *visit) clockOf(s store.View) (house.Wall, *time.Location, error) {
	meta, err := v.meta(s)
	zone := meta.ZoneOf(house.Department{})
	return house.WallOf(v.opt.Now().In(zone)), zone, err
}

// An entryForm is what the forms of entries show.
type entryForm struct {
	Path    string // where it is sent
	Back    string
	Title   string // in words
	Text    string
	Go      string
	Inputs  []input
	Problem string
	Was     house.ID // the entry it is put in place of
}

// draftEntry returns a form with an entry as it may be at first.
func (v *visit) draftEntry(d entryForm, p part, first func(now house.Wall, all []house.Entry) house.Entry) error {
	err := v.see(func(s store.View) error {
		now, _, err := v.clockOf(s)
		if err != nil {
			return err
		}
		all, err := store.All[house.Entry](v.ctx(), s)
		if err != nil {
			return err
		}
		f, err := v.former(s, []house.Field{p.Field})
		if err == nil {
			e := first(now, all)
			d.Inputs = p.form(f, &e)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show("entry", d)
}

// addEntry reads a form into a part of a new entry and adds it; what is wrong with it,
// beyond what the format says, is told by wrong. It reports
// whether it did, or else has shown the form again.
func (v *visit) addEntry(d entryForm, p part, e *house.Entry, wrong func(f *former, now house.Wall, all []house.Entry)) (bool, error) {
	if err := v.form(); err != nil {
		return false, err
	}
	e.ID = "new"
	err := v.see(func(s store.View) error {
		now, _, err := v.clockOf(s)
		if err != nil {
			return err
		}
		all, err := store.All[house.Entry](v.ctx(), s)
		if err != nil {
			return err
		}
		f, err := v.former(s, []house.Field{p.Field})
		if err != nil {
			return err
		}
		e.Written, f.values = now, v.r.PostForm
		f.keep(reflectOf(e))
		p.read(f, e)
		wrong(f, now, all)
		f.check(e)
		if len(f.problems) > 0 {
			d.Problem = "form.problems"
		}
		d.Inputs = p.form(f, e)
		return nil
	})
	if err != nil {
		return false, err
	}
	if d.Problem != "" {
		return false, v.showAs(http.StatusUnprocessableEntity, "entry", d)
	}
	return true, v.write(e)
}

// write adds an entry. When somebody else has put one in the place of the same before,
// it is [errMeanwhile].
func (v *visit) write(e *house.Entry) error {
	e.ID = house.ID(account.NewID())
	return v.change(func(ctx context.Context, edit *hub.Edit) error {
		all, err := edit.All(ctx, house.KindEntry)
		if err != nil {
			return err
		}
		for _, r := range all {
			if was := r.(*house.Entry); e.Replaces != "" && was.Replaces == e.Replaces {
				return errMeanwhile
			}
		}
		return edit.Put(ctx, e)
	})
}

// sendJSON sends something as a file to keep. Its name says nothing of anybody.
func (v *visit) sendJSON(name string, data any) error {
	h := v.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	e := json.NewEncoder(v.w)
	e.SetIndent("", "  ")
	return e.Encode(data)
}

// entryLabel returns what an entry is called in a list.
func (v *visit) entryLabel(e *house.Entry) string {
	if e.Incident != nil {
		return v.word("choice.", house.KindEntry, "kind."+e.Incident.Kind) + " · " + v.views.words(v.lang).timed(e.Incident.Known)
	}
	for _, f := range house.Fields(house.KindEntry) {
		if f.Form == house.FormObject && !f.In(reflectOf(e)).IsZero() {
			return v.word("field.", house.KindEntry, f.Key) + " · " + v.views.words(v.lang).timed(e.Written)
		}
	}
	return v.t("kind.entry")
}

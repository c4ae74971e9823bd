package manager

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"tavle/assets/pictogram"
	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// The plain pages: of every kind of record a list, a view, a form, and what deleting
// one takes with it. The address says which kind, and the table of routes has a route
// of each, so that each asks for the right its kind needs.
var _ = addRecords()

func addRecords() struct{} {
	add(page{Name: "records", Nav: &nav{Order: 110, Icon: "list-check", Path: "/records"}, Routes: []route{
		{"GET /records", account.Self, (*visit).kinds},
	}})
	for i := range entities {
		e := &entities[i]
		with := func(f func(*visit, *entity) error) func(*visit) error { return func(v *visit) error { return f(v, e) } }
		p := page{Name: string(e.Kind), Nav: e.Nav, Routes: []route{
			{"GET " + e.path(), e.Right, with((*visit).listRecords)},
			{"POST " + e.path(), e.Right, with((*visit).listRecords)}, // what is sought is not in the address
			{"GET " + e.path() + "/{id}", e.Right, with((*visit).viewRecord)},
		}}
		if p.Nav != nil {
			p.Nav.Path, p.Nav.For = e.path(), e.Kind
		}
		if !e.Book {
			p.Routes = append(p.Routes,
				route{"GET " + e.path() + "/{id}/edit", e.Right, with((*visit).editRecord)},
				route{"POST " + e.path() + "/{id}/edit", e.Right, with((*visit).saveRecord)})
		}
		if !e.Only && !e.Book {
			p.Routes = append(p.Routes,
				route{"GET " + e.path() + "/new", e.Right, with((*visit).newRecord)},
				route{"POST " + e.path() + "/new", e.Right, with((*visit).saveRecord)})
		}
		right := e.Right
		if slices.Contains(people, e.Kind) {
			right = account.Erase
		}
		if !e.Only && !e.Keep && !e.Book {
			p.Routes = append(p.Routes,
				route{"GET " + e.path() + "/{id}/delete", right, with((*visit).askDelete)},
				route{"POST " + e.path() + "/{id}/delete", right, with((*visit).deleteRecord)})
		}
		add(p)
	}
	return struct{}{}
}

// kinds shows which kinds of records there are.
func (v *visit) kinds() error {
	var all []*entity
	for i := range entities {
		if v.who.May(entities[i].Right) {
			all = append(all, &entities[i])
		}
	}
	return v.show("records", all)
}

// Path returns where the list of its kind is, for templates.
func (e *entity) Path() string { return e.path() }

// A listSheet is what a list shows.
type listSheet struct {
	Entity *entity
	Rows   []row
	Sought string
	Past   bool // what is over is shown, too
	Timed  bool
	More   int // rows that are not shown
}

// A row is one record of a list.
type row struct {
	Path, Label, Where string
	At                 house.Wall
	Picture            string
	Off                string // a word for a state that differs from the usual: cancelled, left
}

// maxRows is how many rows a list shows; who looks for others, seeks them.
const maxRows = 300

func (v *visit) listRecords(e *entity) error {
	if err := v.form(); err != nil {
		return err
	}
	d := listSheet{Entity: e, Sought: strings.TrimSpace(v.value("sought")), Past: v.r.URL.Query().Get("past") != ""}
	err := v.see(func(s store.View) error {
		d.Rows, d.More = nil, 0
		all, err := s.All(v.ctx(), e.Kind)
		if err != nil {
			return err
		}
		depts, err := store.All[house.Department](v.ctx(), s)
		if err != nil {
			return err
		}
		names := map[house.ID]string{}
		for _, dept := range depts {
			names[dept.ID] = v.text(dept.Name)
		}
		today := house.DayOf(v.opt.Now()).Add(-1)
		for _, r := range all {
			home := house.HomeOf(r)
			if !v.who.Reaches(home.Departments...) {
				continue
			}
			d.Timed = d.Timed || home.Until != ""
			if home.Until != "" && home.Until < today && !d.Past {
				continue
			}
			x := row{Path: e.at(house.KeyOf(r)), Label: v.label(r), At: wall(r), Off: v.off(r)}
			if d.Sought != "" && !strings.Contains(strings.ToLower(x.Label), strings.ToLower(d.Sought)) {
				continue
			}
			var where []string
			for _, id := range home.Departments {
				where = append(where, names[id])
			}
			x.Where = strings.Join(where, ", ")
			d.Rows = append(d.Rows, x)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(d.Rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)))
	})
	if len(d.Rows) > maxRows {
		d.More, d.Rows = len(d.Rows)-maxRows, d.Rows[:maxRows]
	}
	if v.r.Header.Get("Hx-Request") == "true" {
		return v.show("list.rows", d)
	}
	return v.show("list", d)
}

// off returns a word for a state that differs from the usual.
func (v *visit) off(r house.Record) string {
	fields, in := house.Members(r)
	for i := range fields {
		f := &fields[i]
		if f.Key != "status" && f.Key != "lifecycle" || f.Form != house.FormChoice {
			continue
		}
		if s := f.In(in).String(); s != "" && s != f.OneOf[0] {
			return v.word("choice.", house.KindOf(r), f.Key+"."+s)
		}
	}
	return ""
}

// A recordSheet is what the view, the form and the question before deleting show.
type recordSheet struct {
	Entity  *entity
	ID      house.ID
	Path    string // of the record; "": it is new
	Label   string
	Inputs  []input
	Was     string // which the record was when the form was made
	Problem string
	Toll    *toll
	Hints   []string // what could be better
	Off     bool     // staff took it off the screens
	Own     []input  // what is looked after at OwnPath, and is only shown here
	OwnPath string
}

// found returns the record in the address, if whoever asks looks after it.
func (v *visit) found(s interface {
	Get(ctx context.Context, k house.Kind, id house.ID) (house.Record, error)
}, e *entity,
) (house.Record, error) {
	r, err := s.Get(v.ctx(), e.Kind, v.id())
	if err == nil && !v.who.Reaches(house.HomeOf(r).Departments...) {
		return nil, errMayNot
	}
	return r, err
}

func (v *visit) viewRecord(e *entity) error {
	d, err := v.filled(e, nil)
	if err != nil {
		return err
	}
	return v.show("record", d)
}

func (v *visit) editRecord(e *entity) error {
	d, err := v.filled(e, nil)
	if err != nil {
		return err
	}
	return v.show("form", d.kept())
}

func (v *visit) newRecord(e *entity) error {
	if len(e.Own) > 0 { // their own page makes them
		return v.to(peoplePath + "/new?kind=" + string(e.Kind))
	}
	d, err := v.filled(e, house.New(e.Kind))
	if err != nil {
		return err
	}
	return v.show("form", d.kept())
}

// kept puts what is not filled in here beside what is.
func (d recordSheet) kept() recordSheet {
	of := func(x input) bool { return slices.Contains(d.Entity.Own, x.Key) }
	if d.ID != "" {
		d.Own = slices.DeleteFunc(slices.Clone(d.Inputs), func(x input) bool { return !of(x) })
		d.OwnPath = d.Entity.ownPath(d.ID)
	}
	d.Inputs = slices.DeleteFunc(d.Inputs, of)
	return d
}

// filled returns a form with the record in the address, or with fresh.
func (v *visit) filled(e *entity, fresh house.Record) (d recordSheet, err error) {
	err = v.see(func(s store.View) error {
		f, err := v.former(s, e.fields())
		if err != nil {
			return err
		}
		r := fresh
		if r == nil {
			if r, err = v.found(s, e); err != nil {
				return err
			}
			d.ID, d.Path = house.KeyOf(r), e.at(house.KeyOf(r))
			d.Label, d.Hints = v.label(r), v.hints(r)
			if off := hiddenOf(r); off != nil {
				d.Off = *off
			}
		} else {
			f.preset(e, r)
		}
		d.Entity, d.Was = e, stamp(r)
		_, in := house.Members(r)
		fields := e.fields()
		if e.Book { // an entry has one of its parts
			fields = slices.DeleteFunc(fields, func(m house.Field) bool { return m.In(in).IsZero() })
		}
		d.Inputs = f.inputs(e.Kind, fields, in, "")
		return nil
	})
	return d, err
}

// preset fills in what a new record most likely is: of the first department there is
// to choose, and whatever is the first of choices that have to be made.
func (f *former) preset(e *entity, r house.Record) {
	fields, in := house.Members(r)
	for i := range fields {
		m := &fields[i]
		switch {
		case m.Key == "department" && len(f.refs[house.KindDepartment]) > 0:
			m.In(in).SetString(f.refs[house.KindDepartment][0].Value)
		case m.Key == "published" && !m.Optional: // most news is for now
			m.In(in).SetString(string(house.WallOf(f.opt.Now().In(f.zone))))
		case m.Form == house.FormChoice && !m.Optional:
			m.In(in).SetString(m.OneOf[0])
		case m.Form == house.FormObject && !m.Optional && m.In(in).Kind() == reflect.Struct:
			for j := range m.Fields {
				if c := &m.Fields[j]; c.Form == house.FormChoice && !c.Optional {
					first := c.OneOf[0]
					if slices.Contains(c.OneOf, string(house.NotAsked)) {
						first = string(house.NotAsked) // nobody has accepted who was not asked
					}
					c.In(m.In(in)).SetString(first)
				}
			}
		}
	}
}

// stamp tells one state of a record from another.
func stamp(r house.Record) string {
	sum := sha256.Sum256(house.Encode(r))
	return hex.EncodeToString(sum[:8])
}

// former returns what makes forms of these members: it knows what they may name.
func (v *visit) former(s store.View, fields []house.Field) (*former, error) {
	f := &former{visit: v, refs: map[house.Kind][]option{}, problems: map[string]string{}, pictures: map[house.Picture][]byte{}}
	meta, err := v.meta(s)
	if err != nil {
		return nil, err
	}
	f.languages, f.zone = meta.Languages, meta.ZoneOf(house.Department{})
	return f, f.look(s, fields)
}

// look reads what the references of these members may name.
func (f *former) look(s store.View, fields []house.Field) error {
	for i := range fields {
		m := &fields[i]
		refs := m.Ref
		if m.Form != house.FormID && (m.Item == nil || m.Item.Form != house.FormID) {
			refs = nil
		}
		for _, k := range refs {
			if _, known := f.refs[k]; known {
				continue
			}
			all, err := s.All(f.ctx(), k)
			if err != nil {
				return err
			}
			f.refs[k] = []option{}
			for _, r := range all {
				home := house.HomeOf(r)
				if d, ok := r.(*house.Department); ok {
					home.Departments = []house.ID{d.ID}
				}
				if f.who.Reaches(home.Departments...) {
					f.refs[k] = append(f.refs[k], option{Value: string(house.KeyOf(r)), Label: f.label(r)})
				}
			}
			slices.SortStableFunc(f.refs[k], func(a, b option) int { return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
		}
		if err := f.look(s, m.Fields); err != nil {
			return err
		}
		if m.Item != nil {
			if err := f.look(s, m.Item.Fields); err != nil {
				return err
			}
		}
	}
	return nil
}

// errMeanwhile says that somebody else changed a record since its form was made.
var errMeanwhile = errors.New("somebody else changed it meanwhile")

// saveRecord reads a form and keeps what it says. What cannot be kept comes back as
// it was typed, with what is wrong beside it.
func (v *visit) saveRecord(e *entity) error {
	if err := v.form(); err != nil {
		return err
	}
	if v.r.PathValue("id") == "" && len(e.Own) > 0 {
		return v.newRecord(e)
	}
	d := recordSheet{Entity: e, Was: v.value("was")}
	var r house.Record
	var f *former
	again := len(v.r.PostForm["add"])+len(v.r.PostForm["drop"]) > 0
	err := v.see(func(s store.View) (err error) {
		if f, err = v.former(s, e.fields()); err != nil {
			return err
		}
		f.values = v.r.PostForm
		if v.r.MultipartForm != nil {
			f.files = v.r.MultipartForm.File
		}
		if v.r.PathValue("id") == "" {
			r = house.New(e.Kind)
			setID(r, house.ID(account.NewID()))
		} else {
			if r, err = v.found(s, e); err != nil {
				return err
			}
			d.ID, d.Path, d.Label = house.KeyOf(r), e.at(house.KeyOf(r)), v.label(r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, in := house.Members(r)
	f.keep(in)
	f.read(e.Kind, e.ours(), in, "")
	status := http.StatusOK
	switch {
	case again:
		f.problems = map[string]string{}
	default:
		f.check(r)
		status = http.StatusUnprocessableEntity
	}
	if !again && len(f.problems) == 0 {
		err := v.keepRecord(e, r, d, f.pictures)
		switch {
		case err == nil:
			return v.done(e.at(house.KeyOf(r)), "saved")
		case errors.Is(err, errMeanwhile):
			status, d.Problem = http.StatusConflict, "form.meanwhile"
		case errors.Is(err, errWrong):
			d.Problem = "form.wrong"
		default:
			return err
		}
	} else if !again {
		d.Problem = "form.problems"
	}
	d.Inputs = f.inputs(e.Kind, e.fields(), in, "")
	return v.showAs(status, "form", d.kept())
}

// setID gives a record an ID.
func setID(r house.Record, id house.ID) {
	fields, in := house.Members(r)
	for i := range fields {
		if f := &fields[i]; f.Key == "id" {
			f.In(in).SetString(string(id))
		}
	}
}

// keepRecord puts a record into the house, with the pictures that came with it, unless
// it is another meanwhile than the one in the form.
func (v *visit) keepRecord(e *entity, r house.Record, d recordSheet, pictures map[house.Picture][]byte) error {
	if !v.who.Reaches(house.HomeOf(r).Departments...) {
		return errMayNot
	}
	return v.change(func(ctx context.Context, edit *hub.Edit) error {
		if d.ID != "" {
			was, err := v.found(edit, e)
			if err != nil {
				return err
			}
			if stamp(was) != d.Was {
				return errMeanwhile
			}
		}
		for name, jpeg := range pictures {
			if err := edit.PutPicture(ctx, name, jpeg); err != nil {
				return err
			}
		}
		return edit.Put(ctx, r)
	})
}

// Pictograms are those a form can name.
func (d recordSheet) Pictograms() []string { return pictogram.Names() }

// A toll is what deleting something takes with it.
type toll struct {
	Gone    []row // records that go, too, since they are about nothing without it
	Changed []row // that mention it no longer
	Stops   bool  // they would go, and must not: it is not deleted
	More    bool  // there are more of them than are named
	Person  *hub.Toll
}

// mention takes a reference to a record out of another, and reports whether it was
// there, and whether all of the other goes.
func mention(fields []house.Field, in reflect.Value, k house.Kind, id house.ID) (was, gone bool) {
	for i := range fields {
		f := &fields[i]
		at := f.In(in)
		switch {
		case f.Form == house.FormID && slices.Contains(f.Ref, k) && at.String() == string(id):
			was = true
			gone = gone || !f.Optional
			at.SetString("")
		case f.Form == house.FormObject:
			if at.Kind() == reflect.Pointer {
				if at.IsNil() {
					continue
				}
				at = at.Elem()
			}
			w, g := mention(f.Fields, at, k, id)
			was, gone = was || w, gone || g
		case f.Form == house.FormList && f.Item.Form == house.FormID && slices.Contains(f.Item.Ref, k),
			f.Form == house.FormList && f.Item.Form == house.FormObject:
			kept := reflect.MakeSlice(at.Type(), 0, at.Len())
			found := false
			for j := range at.Len() {
				x := at.Index(j)
				drop := x.Kind() == reflect.String && x.String() == string(id)
				if x.Kind() == reflect.Struct {
					w, g := mention(f.Item.Fields, x, k, id)
					found, drop = found || w, g
				}
				if found = found || drop; !drop {
					kept = reflect.Append(kept, x)
				}
			}
			if found {
				was = true
				at.Set(kept)
				gone = gone || f.Min > 0 && kept.Len() < f.Min
			}
		}
	}
	return was, gone
}

// A reader reads records: a view of the store, or an edit.
type reader interface {
	All(ctx context.Context, k house.Kind) ([]house.Record, error)
	Saying(ctx context.Context, k house.Kind, id house.ID, texts ...string) ([]house.Record, error)
}

// canMention reports whether records with these members may refer to one of a kind.
func canMention(fields []house.Field, k house.Kind) bool {
	return slices.ContainsFunc(fields, func(f house.Field) bool {
		return slices.Contains(f.Ref, k) || canMention(f.Fields, k) || f.Item != nil && canMention([]house.Field{*f.Item}, k)
	})
}

// mentions calls gone and changed for the records that refer to one.
func (v *visit) mentions(s reader, k house.Kind, id house.ID, gone, changed func(house.Record) error) error {
	for _, kind := range house.Kinds() {
		if !canMention(house.Fields(kind), k) {
			continue
		}
		all, err := s.Saying(v.ctx(), kind, id)
		if err != nil {
			return err
		}
		for _, r := range all {
			if kind == k && house.KeyOf(r) == id {
				continue
			}
			fields, in := house.Members(r)
			switch was, all := mention(fields, in, k, id); {
			case !was:
			case all:
				err = gone(r)
			default:
				err = changed(r)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// mostNamed is how many records are named that keep something from being deleted.
const mostNamed = 50

// settled are kinds that are deleted only when nothing belongs to them any more.
var settled = []house.Kind{house.KindDepartment, house.KindExternal}

func (v *visit) askDelete(e *entity) error {
	d := recordSheet{Entity: e, Toll: new(toll)}
	err := v.see(func(s store.View) error {
		r, err := v.found(s, e)
		if err != nil {
			return err
		}
		d.ID, d.Path, d.Label, d.Was = house.KeyOf(r), e.at(house.KeyOf(r)), v.label(r), stamp(r)
		if slices.Contains(people, e.Kind) {
			return nil
		}
		d.Toll.Gone, d.Toll.Changed = nil, nil
		line := func(to *[]row) func(house.Record) error {
			return func(r house.Record) error {
				if other := entityOf(house.KindOf(r)); other != nil {
					*to = append(*to, row{Label: v.label(r), Where: v.t("kind." + string(other.Kind)), Path: other.at(house.KeyOf(r))})
				}
				return nil
			}
		}
		belongs, names := line(&d.Toll.Gone), line(&d.Toll.Changed)
		if slices.Contains(settled, e.Kind) { // whatever it is keeps it from being deleted: some will do
			some := func(add func(house.Record) error) func(house.Record) error {
				return func(r house.Record) error {
					if len(d.Toll.Gone)+len(d.Toll.Changed) >= mostNamed {
						return errEnough
					}
					return add(r)
				}
			}
			belongs, names = some(belongs), some(names)
		}
		if err = v.mentions(s, e.Kind, d.ID, belongs, names); errors.Is(err, errEnough) {
			d.Toll.More, err = true, nil
		}
		d.Toll.Stops = slices.Contains(settled, e.Kind) && len(d.Toll.Gone)+len(d.Toll.Changed) > 0
		return err
	})
	if err == nil && slices.Contains(people, e.Kind) {
		var x hub.Erased
		x, err = v.erase(hub.Erasing{Person: d.ID, Level: store.Erased, Dry: true})
		d.Toll.Person = &x.Toll
	}
	if err != nil {
		return err
	}
	return v.show("delete", d)
}

func (v *visit) deleteRecord(e *entity) error {
	if slices.Contains(people, e.Kind) {
		if _, err := v.erase(hub.Erasing{Person: v.id(), Level: store.Erased}); err != nil {
			return err
		}
		return v.done(e.home(), "erased")
	}
	err := v.change(func(ctx context.Context, edit *hub.Edit) error {
		r, err := v.found(edit, e)
		if err != nil {
			return err
		}
		stop := func(house.Record) error { return errWrong }
		gone := func(r house.Record) error { return edit.Delete(ctx, house.KindOf(r), house.KeyOf(r)) }
		changed := func(r house.Record) error { return edit.Put(ctx, r) }
		if slices.Contains(settled, e.Kind) {
			gone, changed = stop, stop
		}
		if err := v.mentions(edit, e.Kind, house.KeyOf(r), gone, changed); err != nil {
			return err
		}
		return edit.Delete(ctx, e.Kind, house.KeyOf(r))
	})
	if errors.Is(err, errWrong) {
		return v.askDelete(e)
	}
	if err != nil {
		return err
	}
	return v.done(e.home(), "deleted")
}

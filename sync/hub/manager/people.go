package manager

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"tavle/assets/pictogram"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// Residents and staff: who they are, what screens may show of them, and beside the
// form what the screens do show, also of what is not saved yet (seen.go). What they
// accepted is in consent.go, how they leave in leaving.go.
var _ = add(page{Name: "people", Nav: &nav{Order: 40, Icon: "users", Path: "/people", For: house.KindResident}, Routes: []route{
	{"GET /people", account.People, (*visit).people},
	{"POST /people", account.People, (*visit).people}, // what is sought is not in the address
	{"GET /people/new", account.People, (*visit).newPerson},
	{"POST /people/new", account.People, (*visit).savePerson},
	{"GET /people/{id}", account.People, (*visit).person},
	{"POST /people/{id}", account.People, (*visit).savePerson},
	{"GET /people/{id}/photo", account.People, (*visit).personPhoto},
}})

// peoplePath is where they are.
const peoplePath = "/people"

func personPath(id house.ID) string { return peoplePath + "/" + string(id) }

// aPeople is what the list shows.
type aPeople struct {
	Rows        []personRow
	Departments []option
	Kinds       []option
	Sought      string
	More        int
}

// A personRow is somebody in the list.
type personRow struct {
	Path, Label, Alias, Where string
	Kind                      house.Kind
	Face                      face
	Tags                      []string // words of "people.is."
}

// A face is how somebody is to be recognised in a list.
type face struct {
	Photo  string // where it is; "": none
	Mark   string // a pictogram
	Letter string
}

func (v *visit) people() error {
	if err := v.form(); err != nil {
		return err
	}
	kind, dept := house.Kind(v.r.FormValue("kind")), house.ID(v.r.FormValue("dept"))
	d := aPeople{Sought: strings.TrimSpace(v.value("sought"))}
	for _, k := range people {
		d.Kinds = append(d.Kinds, option{string(k), v.t("kinds." + string(k)), k == kind})
	}
	err := v.see(func(s store.View) error {
		d.Rows, d.Departments = nil, nil
		depts, err := v.departments(s)
		if err != nil {
			return err
		}
		names := map[house.ID]string{}
		for _, x := range depts {
			names[x.ID] = v.text(x.Name)
			d.Departments = append(d.Departments, option{string(x.ID), v.text(x.Name), x.ID == dept})
		}
		for _, k := range people {
			if kind != "" && k != kind {
				continue
			}
			all, err := s.All(v.ctx(), k)
			if err != nil {
				return err
			}
			for _, r := range all {
				home := house.HomeOf(r)
				if !v.who.Reaches(home.Departments...) || dept != "" && !slices.Contains(home.Departments, dept) {
					continue
				}
				if x := v.personRow(r, names); d.Sought == "" || strings.Contains(strings.ToLower(x.Label+" "+x.Alias), strings.ToLower(d.Sought)) {
					d.Rows = append(d.Rows, x)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(d.Rows, func(a, b personRow) int { return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	if len(d.Rows) > maxRows {
		d.More, d.Rows = len(d.Rows)-maxRows, d.Rows[:maxRows]
	}
	if v.r.Header.Get("Hx-Request") == "true" {
		return v.show("people.rows", d)
	}
	return v.show("people", d)
}

func (v *visit) personRow(r house.Record, names map[house.ID]string) personRow {
	x := personRow{Path: personPath(house.KeyOf(r)), Label: v.label(r), Kind: house.KindOf(r)}
	var where []string
	for _, id := range house.HomeOf(r).Departments {
		where = append(where, names[id])
	}
	x.Where = strings.Join(where, ", ")
	today := house.DayOf(v.opt.Now())
	tag := func(is bool, word string) {
		if is {
			x.Tags = append(x.Tags, word)
		}
	}
	said := func(l house.Lifecycle, a house.Acceptance, hidden bool) {
		tag(l == house.Left, "left")
		tag(l != house.Left && a.At(today) != house.Accepted, "unasked")
		tag(a.Ending(today), "ending")
		tag(hidden, "hidden")
	}
	switch r := r.(type) {
	case *house.Resident:
		x.Alias, x.Face = r.Alias.Reveal(), faceOf(r.ID, r.FirstName, r.Photo, r.Mark)
		said(r.Lifecycle, r.Acceptance, r.Choices.Hidden)
	case *house.Staff:
		x.Alias, x.Face = r.Alias.Reveal(), faceOf(r.ID, r.FirstName, r.Photo, "")
		said(r.Lifecycle, r.Acceptance, r.Choices.Hidden)
	case *house.Relative:
		x.Path = entityOf(house.KindRelative).at(r.ID)
		x.Face = faceOf(r.ID, r.Display, "", "")
	}
	return x
}

func faceOf(id house.ID, name house.Name, photo house.Picture, mark string) (f face) {
	f.Mark = mark
	if photo != "" {
		f.Photo = personPath(id) + "/photo"
	}
	for _, r := range name.Reveal() {
		f.Letter = string(r)
		break
	}
	return f
}

// personPhoto answers with somebody's portrait.
func (v *visit) personPhoto() error {
	var b []byte
	err := v.see(func(s store.View) error {
		r, err := v.consented(s, v.id())
		if err != nil {
			return err
		}
		pictures := house.PicturesOf(r)
		looks, err := s.Pictures(v.ctx(), pictures)
		if err == nil && (len(pictures) == 0 || looks[pictures[0]] == "") {
			err = store.ErrNotFound
		}
		if err == nil {
			b, err = s.Picture(v.ctx(), looks[pictures[0]])
		}
		return err
	})
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/jpeg")
	_, _ = v.w.Write(b)
	return nil
}

// A getter reads one record: a view of the store, or an edit.
type getter interface {
	Get(ctx context.Context, k house.Kind, id house.ID) (house.Record, error)
}

// consented returns a resident or a member of staff whom whoever asks looks after.
func (v *visit) consented(s getter, id house.ID) (house.Consented, error) {
	for _, k := range []house.Kind{house.KindResident, house.KindStaff} {
		r, err := s.Get(v.ctx(), k, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !v.who.Reaches(house.HomeOf(r).Departments...) {
			return nil, errMayNot
		}
		return r.(house.Consented), nil
	}
	return nil, store.ErrNotFound
}

// A personSheet is what the page of somebody shows.
type personSheet struct {
	Kind       house.Kind
	ID         house.ID // "": they are new
	Path       string
	Label, Was string
	Where      string
	Problem    string
	Problems   []string // of what has no place of its own

	Inputs   map[string]input // by key
	Alias    bool             // they are called by it
	Face     face
	Photo    house.Picture
	MayPhoto bool
	Marks    []mark
	Switches []choiceSwitch
	Rules    []ruleRow // of meals they are signed up for by themselves
	RuleBars bool      // they have not accepted that: no new ones
	Left     bool

	Consents []consentLine
	Kin      []row
	Speakers []option // who of them may answer for the person
	Seen     seen
}

// A mark is a pictogram somebody can be known by.
type mark struct {
	Name   string
	Chosen bool
}

// A choiceSwitch is one thing that screens may do or not.
type choiceSwitch struct {
	Name, Icon string
	On         bool
	Needs      house.Purpose // what has to be accepted before
	Barred     bool          // it is not
	Problem    string
}

// A ruleRow is a kind of meal, and on which days of the week somebody is signed up for it
// without being asked again (R-IBG-34).
type ruleRow struct {
	Kind string
	Days []option
}

// ruleSaid returns a rule as it is said: "Aftensmad, mandag".
func (v *visit) ruleSaid(rule string) string {
	kind, day, _ := strings.Cut(rule, ":")
	i := slices.Index(weekColours, day)
	return v.t("choice.kind."+kind) + ", " + v.views.words(v.lang).wall.Weekday(time.Weekday((i+1)%daysInWeek))
}

// rulesOf returns the rules of somebody.
func (v *visit) rulesOf(r *house.Resident) (out []ruleRow) {
	for _, k := range mealKinds() {
		row := ruleRow{Kind: k}
		for i, day := range weekColours { // as rules name them, too
			a := house.AutoMeal(k + ":" + day)
			short := v.views.words(v.lang).wall.WeekdayShort(time.Weekday((i + 1) % daysInWeek))
			row.Days = append(row.Days, option{string(a), short, slices.Contains(r.Choices.AutoMeals, a)})
		}
		out = append(out, row)
	}
	return out
}

// typedRules reads which rules hold. New ones need that somebody accepts to be seen in
// what they take part in; those there are can be taken away whatever they accept.
func (v *visit) typedRules(r *house.Resident, f *former, today house.Day) {
	if v.value("rules") == "" { // the form did not ask
		return
	}
	state, _ := house.ConsentOf(r, house.ForJoining, today)
	var next []house.AutoMeal
	for _, row := range v.rulesOf(r) {
		for _, o := range row.Days {
			switch typed := slices.Contains(v.r.PostForm["choices.accept_auto_meal"], o.Value); {
			case typed && !o.Chosen && (state != house.Accepted || !shownBy(r, today)):
				f.wrong("choices.accept_auto_meal", "consent")
			case typed:
				next = append(next, house.AutoMeal(o.Value))
			}
		}
	}
	was := slices.Clone(r.Choices.AutoMeals)
	slices.Sort(was)
	if now := slices.Sorted(slices.Values(next)); !slices.Equal(was, now) {
		r.Choices.AutoMeals = next
	}
}

// marks are the pictograms that are meant for people.
var marks = []string{
	"sunflower", "tulip", "rose", "hyacinth", "four-leaf-clover", "hedgehog", "owl", "fox", "rabbit", "deer", "chipmunk", "butterfly",
	"lady-beetle", "honeybee", "turtle", "fish", "whale", "dolphin", "duck", "swan", "sailboat", "anchor", "star", "sun", "crescent-moon",
	"rainbow", "snowflake", "red-apple", "strawberry", "mushroom", "bicycle", "guitar", "key", "bell", "balloon", "kite",
}

// personKeys are the members that the page of somebody fills in as they are; choices
// and consents it asks for in words of their own.
var personKeys = []string{
	"first_name", "first_name_spoken", "first_name_latin", "alias", "alias_spoken", "last_name", "flat", "department", "departments", "photo", "mark",
	"role", "email", "phone",
}

func personFields(k house.Kind) []house.Field {
	return slices.DeleteFunc(slices.Clone(house.Fields(k)), func(f house.Field) bool { return !slices.Contains(personKeys, f.Key) })
}

// A way is a choice: where it is kept, and how it is asked for.
type way struct {
	key   string
	at    *bool
	not   bool // the question is the other way round
	icon  string
	needs house.Purpose
}

// ways returns what somebody chooses, in the order it is asked in.
func ways(r house.Consented) []way {
	switch r := r.(type) {
	case *house.Resident:
		c := &r.Choices
		return []way{
			{"profile_hidden", &c.Hidden, true, "device-tv", house.ForJoining},
			{"show_photo", &c.Photo, false, "photo", house.ForShown},
			{"show_when_tagged", &c.Tagged, false, "camera", house.ForJoining},
			{"show_on_board", &c.Board, false, "home", house.ForJoining},
			{"private_items_on_wall", &c.Private, false, "lock", house.ForShown},
			{"relatives_see_signups", &c.Relatives, false, "heart", house.ForJoining},
			{"share_with_other_systems", &c.External, false, "share", house.ForOutside},
		}
	case *house.Staff:
		c := &r.Choices
		return []way{
			{"profile_hidden", &c.Hidden, true, "device-tv", house.ForJoining},
			{"show_photo", &c.Photo, false, "photo", house.ForShown},
			{"show_in_roster", &c.Roster, false, "id-badge-2", house.ForJoining},
			{"show_when_tagged", &c.Tagged, false, "camera", house.ForJoining},
			{"share_with_other_systems", &c.External, false, "share", house.ForOutside},
		}
	}
	return nil
}

// mode returns where it is kept what somebody is called.
func mode(r house.Consented) *string {
	switch r := r.(type) {
	case *house.Resident:
		return &r.Choices.NameMode
	case *house.Staff:
		return &r.Choices.NameMode
	}
	return new(string)
}

func (v *visit) newPerson() error { return v.showPerson("new") }

func (v *visit) person() error { return v.showPerson(v.id()) }

func (v *visit) showPerson(id house.ID) error {
	if err := v.form(); err != nil {
		return err
	}
	var d personSheet
	err := v.onPerson(id, func(s store.View, r house.Consented, f *former) (err error) {
		d, err = v.personSheet(s, r, f)
		return err
	})
	if err != nil {
		return err
	}
	return v.show("person", d)
}

// onPerson reads somebody, or makes somebody new of the kind in the form.
func (v *visit) onPerson(id house.ID, do func(store.View, house.Consented, *former) error) error {
	return v.see(func(s store.View) (err error) {
		var r house.Consented
		if id == "new" {
			k := house.Kind(v.r.FormValue("kind"))
			if k != house.KindStaff {
				k = house.KindResident
			}
			r = house.New(k).(house.Consented)
		} else if r, err = v.consented(s, id); err != nil {
			return err
		}
		f, err := v.former(s, personFields(house.KindOf(r)))
		if err != nil {
			return err
		}
		if id == "new" {
			f.preset(entityOf(house.KindOf(r)), r)
			*mode(r) = "first_name"
			if s, ok := r.(*house.Staff); ok && len(f.refs[house.KindDepartment]) > 0 {
				s.Departments = []house.ID{house.ID(f.refs[house.KindDepartment][0].Value)}
			}
		}
		return do(s, r, f)
	})
}

// today returns the day where somebody is.
func (v *visit) today(s store.View, r house.Record) (house.Day, *time.Location, error) {
	meta, err := v.meta(s)
	if err != nil {
		return "", nil, err
	}
	zone := meta.ZoneOf(house.Department{})
	for _, id := range house.HomeOf(r).Departments {
		d, err := store.Get[house.Department](v.ctx(), s, id)
		if err == nil {
			zone = meta.ZoneOf(d)
			break
		}
		if !errors.Is(err, store.ErrNotFound) {
			return "", nil, err
		}
	}
	return house.DayOf(v.opt.Now().In(zone)), zone, nil
}

// personSheet returns the page of somebody as they are in r.
func (v *visit) personSheet(s store.View, r house.Consented, f *former) (d personSheet, err error) {
	kind := house.KindOf(r)
	d = personSheet{Kind: kind, ID: house.KeyOf(r), Was: stamp(r), Label: v.label(r), Inputs: map[string]input{}, Alias: *mode(r) == "alias"}
	d.Path = peoplePath + "/new"
	if d.ID != "" {
		d.Path = personPath(d.ID)
	}
	_, in := house.Members(r)
	for _, x := range f.inputs(kind, personFields(kind), in, "") {
		d.Inputs[x.Key] = x
	}
	today, _, err := v.today(s, r)
	if err != nil {
		return d, err
	}
	row := v.personRow(r, nil)
	d.Face = row.Face
	switch r := r.(type) {
	case *house.Resident:
		d.Left, d.Photo = r.Lifecycle == house.Left, r.Photo
		for _, m := range marks {
			d.Marks = append(d.Marks, mark{m, m == r.Mark})
		}
		if r.Mark != "" && !slices.Contains(marks, r.Mark) {
			d.Marks = append(d.Marks, mark{r.Mark, true})
		}
	case *house.Staff:
		d.Left, d.Photo = r.Lifecycle == house.Left, r.Photo
	}
	if d.ID == "" || f.pictures[d.Photo] != nil {
		d.Face.Photo = ""
	}
	d.MayPhoto = shownBy(r, today)
	for _, w := range ways(r) {
		state, _ := house.ConsentOf(r, w.needs, today)
		d.Switches = append(d.Switches, choiceSwitch{w.key, w.icon, *w.at != w.not, w.needs, state != house.Accepted || !d.MayPhoto, f.problems["choices."+w.key]})
	}
	if x, ok := r.(*house.Resident); ok {
		state, _ := house.ConsentOf(r, house.ForJoining, today)
		d.Rules, d.RuleBars = v.rulesOf(x), state != house.Accepted || !d.MayPhoto
	}
	for _, key := range []string{"", "choices.accept_auto_meal"} {
		if p := f.problems[key]; p != "" {
			d.Problems = append(d.Problems, p)
		}
	}
	var names []string
	depts, err := v.departments(s)
	if err != nil {
		return d, err
	}
	for _, x := range depts {
		if slices.Contains(house.HomeOf(r).Departments, x.ID) {
			names = append(names, v.text(x.Name))
		}
	}
	d.Where = strings.Join(names, ", ")
	if d.ID != "" {
		if err := v.askedSheet(s, r, today, &d); err != nil {
			return d, err
		}
	}
	d.Seen, err = v.seenSheet(s, r)
	return d, err
}

// shownBy reports whether somebody accepts to be shown on screens at all.
func shownBy(r house.Consented, today house.Day) bool {
	a, _ := house.ConsentOf(r, house.ForShown, today)
	switch r := r.(type) {
	case *house.Resident:
		return a == house.Accepted && r.Acceptance.At(today) == house.Accepted
	case *house.Staff:
		return a == house.Accepted && r.Acceptance.At(today) == house.Accepted
	}
	return false
}

// typedPerson puts what was typed in place of what somebody is. What is wrong is noted in f.
func (v *visit) typedPerson(s store.View, r house.Consented, f *former) error {
	f.values = v.r.PostForm
	if v.r.MultipartForm != nil {
		f.files = v.r.MultipartForm.File
	}
	today, _, err := v.today(s, r)
	if err != nil {
		return err
	}
	kind := house.KindOf(r)
	_, in := house.Members(r)
	f.keep(in)
	photo := photoOf(r)
	was := *photo
	f.read(kind, personFields(kind), in, "")
	if b := f.pictures[*photo]; *photo != was && b != nil {
		switch {
		case !bytes.HasPrefix(b, []byte("\xff\xd8")): // a film, a recording
			f.wrong("photo", "picture")
		case !shownBy(r, today):
			f.wrong("photo", "consent")
		}
		if f.problems["photo"] != "" {
			delete(f.pictures, *photo)
			*photo = was
		}
	}
	if x, ok := r.(*house.Resident); ok && x.Mark != "" {
		if _, ok := pictogram.Colour(x.Mark); !ok {
			f.wrong("mark", "choice")
			x.Mark = ""
		}
	}
	if m := v.value("choices.name_mode"); m == "alias" || m == "first_name" {
		*mode(r) = m
	}
	if x, ok := r.(*house.Resident); ok {
		v.typedRules(x, f, today)
	}
	for _, w := range ways(r) {
		on := v.value("choices."+w.key) != ""
		state, _ := house.ConsentOf(r, w.needs, today)
		if on && *w.at == w.not && (state != house.Accepted || !shownBy(r, today)) {
			f.wrong("choices."+w.key, "consent")
			continue // never more than was accepted
		}
		*w.at = on != w.not
	}
	return nil
}

// photoOf returns where somebody's portrait is named.
func photoOf(r house.Consented) *house.Picture {
	switch r := r.(type) {
	case *house.Resident:
		return &r.Photo
	case *house.Staff:
		return &r.Photo
	}
	return new(house.Picture)
}

// savePerson reads the form and keeps what it says. What cannot be kept comes back as
// it was typed, with what is wrong beside it.
func (v *visit) savePerson() error {
	if err := v.form(); err != nil {
		return err
	}
	id := v.id()
	if id == "" {
		id = "new"
	}
	var d personSheet
	var r house.Consented
	var f *former
	err := v.onPerson(id, func(s store.View, was house.Consented, blank *former) (err error) {
		r, f = was, blank
		key := house.KeyOf(r)
		if err := v.typedPerson(s, r, f); err != nil {
			return err
		}
		if key == "" {
			setID(r, house.ID(account.NewID()))
		}
		f.check(r)
		if key == "" && len(f.problems) > 0 {
			setID(r, "")
		}
		d, err = v.personSheet(s, r, f)
		return err
	})
	if err != nil {
		return err
	}
	d.Was, d.Problem = v.value("was"), "form.problems"
	status := http.StatusUnprocessableEntity
	if len(f.problems) == 0 {
		kept := recordSheet{Was: d.Was}
		if id != "new" {
			kept.ID = id
		}
		err := v.keepRecord(entityOf(house.KindOf(r)), r, kept, f.pictures)
		switch {
		case err == nil:
			return v.done(personPath(house.KeyOf(r)), "saved")
		case !errors.Is(err, errMeanwhile):
			return err
		}
		status, d.Problem = http.StatusConflict, "form.meanwhile"
	}
	return v.showAs(status, "person", d)
}

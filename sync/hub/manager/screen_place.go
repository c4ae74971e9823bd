package manager

import (
	"errors"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Where a screen hangs: the place, the department, how large the panel is and how high,
// what it shows and in which order. A place is made before its screen comes, so that
// the card can be made for it, or with it, when it is let in.
var _ = add(page{Name: "screen_place", Routes: []route{
	{"GET /screens/place/new", account.Screens, (*visit).newPlace},
	{"POST /screens/place/new", account.Screens, (*visit).savePlace},
	{"GET /screens/place/{id}", account.Screens, (*visit).editPlace},
	{"POST /screens/place/{id}", account.Screens, (*visit).savePlace},
	{"GET /screens/ask/{id}", account.Screens, (*visit).askedIn},
	{"POST /screens/ask/{id}", account.Screens, (*visit).letIn},
	{"POST /screens/ask/{id}/refuse", account.Screens, (*visit).refuse},
}})

// A placeSheet is what the forms of a place show.
type placeSheet struct {
	ID      house.ID // "": it is new
	Label   string
	Action  string
	Was     string
	Problem string

	Inputs  []input // place, department, how it hangs
	Lengths []length

	AsDepartment bool // it shows what the department chose
	Modules      []moduleRow

	Asks   *hub.Pending // the screen that is let in; nil: none
	Left   int          // codes that may still be tried
	Code   string
	Name   string
	Spots  []option // where it may hang that is there already
	Issues map[string]string
}

// A length is a measure of how a screen hangs, as people take it.
type length struct {
	Name, Label, Hint, Unit, Value, Problem string
}

// A moduleRow is one thing a screen may show, in its order.
type moduleRow struct {
	Key, Label  string
	On          bool
	First, Last bool
}

// A measure is a member of a place that is given in the unit people have a rule for.
type measure struct {
	name, unit string
	mm         float64 // one of the unit
	least      float64
	most       float64
	in         func(*house.Screen) *int
}

// measures have the bounds that the screen's own settings have.
var measures = []measure{
	{"diagonal", "inch", 25.4, 5, 110, func(s *house.Screen) *int { return &s.Diagonal }},
	{"bottom", "cm", 10, 1, 250, func(s *house.Screen) *int { return &s.BottomEdge }},
	{"distance", "cm", 10, 30, 300, func(s *house.Screen) *int { return &s.Distance }},
}

// say returns a length in mm in the unit, with one digit after the point where needed.
func (m measure) say(mm int) string {
	if mm == 0 {
		return ""
	}
	return strconv.FormatFloat(math.Round(float64(mm)/m.mm*10)/10, 'f', -1, 64)
}

// inches says a diagonal in mm in inches.
func inches(mm int) string { return measures[0].say(mm) }

// placeFields are the members of a place that are filled in as any other is.
func placeFields() []house.Field {
	return slices.DeleteFunc(slices.Clone(house.Fields(house.KindScreen)), func(f house.Field) bool {
		return !slices.Contains([]string{"place", "department", "orientation"}, f.Key)
	})
}

// allModules are those a screen may show.
func allModules() []string {
	for _, f := range house.Fields(house.KindScreen) {
		if f.Key == "modules" {
			return f.Item.OneOf
		}
	}
	return nil
}

// rows returns modules as rows: those that are shown, in their order, and the others.
func (v *visit) moduleRows(order []string, on func(string) bool) (rows []moduleRow) {
	for _, k := range allModules() {
		if !slices.Contains(order, k) {
			order = append(order, k)
		}
	}
	for i, k := range order {
		rows = append(rows, moduleRow{k, v.word("choice.", house.KindScreen, "modules."+k), on(k), i == 0, i == len(order)-1})
	}
	return rows
}

// fill shows a place in its form.
func (d *placeSheet) fill(f *former, r *house.Screen) {
	_, in := house.Members(r)
	d.Inputs = f.inputs(house.KindScreen, placeFields(), in, "")
	for i := range d.Inputs {
		d.Inputs[i].Required = d.Inputs[i].Required || d.Inputs[i].Key == "place"
	}
	d.Lengths = nil
	for _, m := range measures {
		value := m.say(*m.in(r))
		if f.values != nil {
			value = f.get(m.name)
		}
		d.Lengths = append(d.Lengths, length{
			m.name, f.t("screens." + m.name), f.t("screens." + m.name + ".hint"), f.t("unit." + m.unit), value, f.problems[m.name],
		})
	}
	d.Issues = f.problems
}

// modulesOf shows what a place shows; of one that shows what its department chose, that.
func (v *visit) modulesOf(s store.View, d *placeSheet, r *house.Screen) error {
	shown := r.Modules
	if d.AsDepartment = len(shown) == 0; d.AsDepartment {
		dept, err := store.Get[house.Department](v.ctx(), s, r.Department)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if shown = dept.Modules; len(shown) == 0 {
			shown = house.DefaultModules
		}
	}
	var order []string
	for _, m := range shown {
		order = append(order, string(m))
	}
	d.Modules = v.moduleRows(order, func(k string) bool { return slices.Contains(shown, record.Module(k)) })
	return nil
}

// readModules reads which modules were ticked, in the order they stand, and moves one
// where a button says so.
func (f *former) readModules(d *placeSheet, r *house.Screen) {
	var order []string
	for _, k := range f.values["order"] {
		if slices.Contains(allModules(), k) && !slices.Contains(order, k) {
			order = append(order, k)
		}
	}
	way, key, _ := strings.Cut(f.get("move"), " ")
	if i := slices.Index(order, key); i >= 0 {
		if j := i + map[string]int{"up": -1, "down": 1}[way]; j >= 0 && j < len(order) {
			order[i], order[j] = order[j], order[i]
		}
	}
	on := func(k string) bool { return slices.Contains(f.values["shown"], k) }
	d.AsDepartment = f.get("as_department") != ""
	d.Modules = f.moduleRows(order, on)
	r.Modules = nil
	if d.AsDepartment {
		return
	}
	for _, row := range d.Modules {
		if row.On {
			r.Modules = append(r.Modules, record.Module(row.Key))
		}
	}
	if len(r.Modules) == 0 {
		f.wrong("modules", "missing")
	}
}

// readPlace reads the form into a place.
func (f *former) readPlace(d *placeSheet, r *house.Screen) {
	_, in := house.Members(r)
	f.keep(in)
	f.read(house.KindScreen, placeFields(), in, "")
	if len(r.Place) == 0 {
		f.wrong("place", "missing")
	}
	for _, m := range measures {
		f.readLength(m, r)
	}
	f.readModules(d, r)
}

// readLength reads a length; one that reads as it did before is not rounded.
func (f *former) readLength(m measure, r *house.Screen) {
	at, typed := m.in(r), f.get(m.name)
	switch {
	case typed == m.say(*at):
		return
	case typed == "":
		*at = 0
		return
	}
	n, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
	if err != nil || !(n >= m.least && n <= m.most) {
		f.wrong(m.name, "number", "min", m.least, "max", m.most)
		return
	}
	*at = int(math.Round(n * m.mm))
}

func (v *visit) newPlace() error {
	d := placeSheet{Action: "/screens/place/new"}
	err := v.see(func(s store.View) error {
		f, err := v.former(s, placeFields())
		if err != nil {
			return err
		}
		r := v.freshPlace(f)
		d.fill(f, r)
		return v.modulesOf(s, &d, r)
	})
	if err != nil {
		return err
	}
	return v.show("screen_place", d)
}

// freshPlace returns a place that nobody has filled in.
func (v *visit) freshPlace(f *former) *house.Screen {
	r := &house.Screen{ID: house.ID("scr-" + account.NewID()), Orientation: "landscape"}
	f.preset(entityOf(house.KindScreen), r)
	return r
}

func (v *visit) editPlace() error {
	d := placeSheet{ID: v.id(), Action: "/screens/place/" + string(v.id())}
	err := v.see(func(s store.View) error {
		f, err := v.former(s, placeFields())
		if err != nil {
			return err
		}
		r, err := store.Get[house.Screen](v.ctx(), s, v.id())
		if err != nil {
			return err
		}
		d.Label, d.Was = v.label(&r), stamp(&r)
		d.fill(f, &r)
		return v.modulesOf(s, &d, &r)
	})
	if err != nil {
		return err
	}
	return v.show("screen_place", d)
}

// typedPlace returns a former with what was typed.
func (v *visit) typedPlace(s store.View) (*former, error) {
	f, err := v.former(s, placeFields())
	if err == nil {
		f.values = v.r.PostForm
	}
	return f, err
}

func (v *visit) savePlace() error {
	if err := v.form(); err != nil {
		return err
	}
	d := placeSheet{Was: v.value("was"), Action: "/screens/place/new"}
	var r *house.Screen
	var f *former
	err := v.see(func(s store.View) (err error) {
		if f, err = v.typedPlace(s); err != nil {
			return err
		}
		if id := v.id(); id != "" {
			was, err := store.Get[house.Screen](v.ctx(), s, id)
			if err != nil {
				return err
			}
			r = &was
			d.ID, d.Label, d.Action = r.ID, v.label(r), "/screens/place/"+string(r.ID)
			return nil
		}
		r = v.freshPlace(f)
		return nil
	})
	if err != nil {
		return err
	}
	f.readPlace(&d, r)
	status := http.StatusUnprocessableEntity
	if v.value("move") != "" {
		f.problems, status = map[string]string{}, http.StatusOK
	} else if f.check(r); len(f.problems) > 0 {
		d.Problem = "form.problems"
	} else {
		switch err := v.keepRecord(entityOf(house.KindScreen), r, recordSheet{ID: d.ID, Was: d.Was}, nil); {
		case err == nil:
			return v.done("/screens", "saved")
		case errors.Is(err, errMeanwhile):
			status, d.Problem = http.StatusConflict, "form.meanwhile"
		default:
			return err
		}
	}
	d.fill(f, r)
	return v.showAs(status, "screen_place", d)
}

// asks returns the screen that the address names, as it waits.
func (v *visit) asks() (hub.Pending, error) {
	all, err := v.hub.Pending(v.ctx(), v.actor())
	for _, p := range all {
		if p.ID == v.r.PathValue("id") {
			return p, err
		}
	}
	if err == nil {
		err = store.ErrNotFound
	}
	return hub.Pending{}, err
}

// asked fills in what the form says of the screen that is let in.
func (d *placeSheet) asked(p hub.Pending) {
	d.Asks, d.Action, d.Left = &p, "/screens/ask/"+p.ID, wire.MaxCodeTries-p.Wrong
	if d.Name == "" {
		d.Name = p.Screen
	}
}

// spots returns the places there are, those without a screen first.
func (v *visit) spots(s store.View, chosen string) (out []option, err error) {
	places, names, _, err := v.places(s)
	if err != nil {
		return nil, err
	}
	for id, p := range places {
		out = append(out, option{string(id), v.label(p) + " · " + names[p.Department], string(id) == chosen})
	}
	slices.SortFunc(out, func(a, b option) int { return strings.Compare(a.Label, b.Label) })
	return out, nil
}

func (v *visit) askedIn() error {
	p, err := v.asks()
	if err != nil {
		return err
	}
	var d placeSheet
	d.asked(p)
	err = v.see(func(s store.View) (err error) {
		if d.Spots, err = v.spots(s, ""); err != nil {
			return err
		}
		f, err := v.former(s, placeFields())
		if err != nil {
			return err
		}
		r := v.freshPlace(f)
		d.fill(f, r)
		return v.modulesOf(s, &d, r)
	})
	if err != nil {
		return err
	}
	return v.show("screen_place", d)
}

// deviceName is what a screen may be called at the hub.
var deviceName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,64}$`)

// letIn lets in the screen on whose glass the code stands that was typed, with the
// place where it hangs, or nothing of it.
func (v *visit) letIn() error {
	if err := v.form(); err != nil {
		return err
	}
	p, err := v.asks()
	if err != nil {
		return err
	}
	d := placeSheet{Code: strings.TrimSpace(v.value("code")), Name: strings.TrimSpace(v.value("name"))}
	var r *house.Screen
	var f *former
	at := v.value("at")
	err = v.see(func(s store.View) (err error) {
		if f, err = v.typedPlace(s); err != nil {
			return err
		}
		d.Spots, err = v.spots(s, at)
		r = v.freshPlace(f)
		return err
	})
	if err != nil {
		return err
	}
	f.readPlace(&d, r)
	if at != "" || v.value("move") != "" { // what is said of a new place is not asked for
		f.problems = map[string]string{}
	}
	status := http.StatusOK
	if v.value("move") == "" {
		code, err := wire.ParseCode(d.Code)
		if err != nil {
			f.wrong("code", "code")
		}
		if !deviceName.MatchString(d.Name) {
			f.wrong("name", "device")
		}
		if at == "" {
			f.check(r)
		}
		status, d.Problem = http.StatusUnprocessableEntity, "form.problems"
		if len(f.problems) == 0 {
			a := hub.Approval{Code: code, Pairing: p.ID, Screen: hub.Screen{ID: d.Name, Record: house.ID(at)}}
			if at == "" {
				a.Screen.Record, a.Place = r.ID, r
			}
			err := v.hub.Approve(v.ctx(), v.actor(), a)
			if err == nil {
				return v.done("/screens", "screen_in")
			}
			if d.Problem = notLetIn(err); d.Problem == "" {
				return err
			}
			d.Code = ""
		}
	}
	if again, err := v.asks(); err == nil { // with one try less
		p = again
	}
	d.asked(p)
	d.fill(f, r)
	return v.showAs(status, "screen_place", d)
}

// notLetIn says in which words nobody was let in; "": it is nobody's doing.
func notLetIn(err error) string {
	for word, e := range map[string]error{
		"code": hub.ErrCode, "between": hub.ErrBetween, "over": hub.ErrOver, "locked": hub.ErrLocked, "taken": hub.ErrTaken, "nowhere": store.ErrNotFound,
	} {
		if errors.Is(err, e) {
			return "screens.not." + word
		}
	}
	return ""
}

// refuse says no to a screen that wants to be let in.
func (v *visit) refuse() error {
	if err := v.hub.Refuse(v.ctx(), v.actor(), v.r.PathValue("id")); err != nil {
		return err
	}
	return v.done("/screens", "screen_no")
}

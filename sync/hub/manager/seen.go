package manager

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/policy"
	"tavle/sync/record"
)

// Beside the form of somebody stands what a screen shows and is sent of them, as they
// are or as the form would have them; and what every screen has confirmed. What it
// says comes from what decides: the rows of the board, sync/policy by way of
// sync/hub/project, and what the hub knows of its screens.
var _ = add(page{Name: "look", Routes: []route{
	{"POST /people/{id}/look", account.People, (*visit).lookAtPerson},
}})

// A seen is what is shown beside the form.
type seen struct {
	Path     string // where it is asked for
	Glance   glance
	Screens  []option
	Pages    []option
	Token    string // of the picture; "": it was not asked for yet
	Busy     bool   // another is being painted for the same session
	Portrait bool
	Alt      string
	Sent     []sentLine
	Never    []string
	Delivery []delivery
}

// A sentLine is one thing that a screen is sent of somebody, or is not.
type sentLine struct {
	Label, Value string
	Yes          bool
}

// A delivery is how far a screen is with what was changed last.
type delivery struct {
	Place, State string // State: in words of "delivery."
	At           string // when it was heard, as it is said
	Until        string // when it hides everybody by itself
	Icon         string
	Good         bool
}

// glanced reads which page of which screen is asked for.
func (v *visit) glanced() glance {
	return glance{house.ID(v.value("screen")), v.value("page"), house.Wall(v.value("at"))}
}

// seenSheet returns what stands beside the form before a picture is asked for.
func (v *visit) seenSheet(s store.View, r house.Consented) (d seen, err error) {
	id := house.KeyOf(r)
	if id == "" {
		id = "new"
	}
	d.Path, d.Glance = personPath(id)+"/look", v.glanced()
	all, err := store.All[house.Screen](v.ctx(), s)
	if err != nil {
		return d, err
	}
	own := house.HomeOf(r).Departments
	far := func(x house.Screen) int {
		if slices.Contains(own, x.Department) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b house.Screen) int { return far(a) - far(b) })
	for _, x := range all {
		if !v.who.Reaches(x.Department) {
			continue
		}
		if d.Glance.Screen == "" {
			d.Glance.Screen = x.ID
		}
		dept, err := store.Get[house.Department](v.ctx(), s, x.Department)
		if err != nil {
			return d, err
		}
		d.Screens = append(d.Screens, option{string(x.ID), name(v.text(x.Place), "·", v.text(dept.Name)), x.ID == d.Glance.Screen})
		if x.ID != d.Glance.Screen {
			continue
		}
		if d.Glance.Page == "" {
			d.Glance.Page = string(record.ModulePeople)
		}
		modules := project.Modules(dept, x.Modules)
		d.Pages = append(d.Pages, option{pageHome, v.t("seen.home"), d.Glance.Page == pageHome})
		if slices.Contains(modules, record.ModuleActivities) {
			d.Pages = append(d.Pages, option{pageWho, v.t("seen.who"), d.Glance.Page == pageWho})
		}
		for _, m := range modules {
			d.Pages = append(d.Pages, option{string(m), v.t("choice.modules." + string(m)), d.Glance.Page == string(m)})
		}
	}
	d.Never = v.neverSent(house.KindOf(r))
	return d, nil
}

// lookAtPerson paints what a screen shows, with what was typed. Nothing is kept.
func (v *visit) lookAtPerson() error {
	if err := v.form(); err != nil {
		return err
	}
	var d personSheet
	var r house.Consented
	var f *former
	var at time.Time
	var zone *time.Location
	err := v.onPerson(v.id(), func(s store.View, was house.Consented, blank *former) (err error) {
		r, f = was, blank
		if err := v.typedPerson(s, r, f); err != nil {
			return err
		}
		if house.KeyOf(r) == "" {
			setID(r, "new")
		}
		if d, err = v.personSheet(s, r, f); err != nil {
			return err
		}
		if v.id() == "new" {
			d.ID, d.Path = "", peoplePath+"/new"
		}
		d.Was = v.value("was")
		at, zone, err = v.glanceAt(s, d.Seen.Glance)
		return err
	})
	if err != nil {
		return err
	}
	if d.Seen.Glance.Screen != "" {
		if err := v.lookAt(&d.Seen, r, f, at, zone); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if d.Seen.Busy {
		status = http.StatusTooManyRequests
	}
	if v.r.Header.Get("Hx-Request") == "true" {
		return v.showAs(status, "person.seen", d)
	}
	return v.showAs(status, "person", d)
}

// glanceAt returns when a glance is, in the zone of the screen. Without a time it is now.
func (v *visit) glanceAt(s store.View, g glance) (time.Time, *time.Location, error) {
	meta, err := v.meta(s)
	if err != nil || g.Screen == "" {
		return time.Time{}, time.UTC, err
	}
	x, err := store.Get[house.Screen](v.ctx(), s, g.Screen)
	if err != nil {
		return time.Time{}, nil, err
	}
	if !v.who.Reaches(x.Department) {
		return time.Time{}, nil, errMayNot
	}
	dept, err := store.Get[house.Department](v.ctx(), s, x.Department)
	if err != nil {
		return time.Time{}, nil, err
	}
	zone := meta.ZoneOf(dept)
	if at := g.At.In(zone); !at.IsZero() {
		return at, zone, nil
	}
	return v.opt.Now().In(zone), zone, nil
}

// lookAt fills in what a screen shows and is sent.
func (v *visit) lookAt(d *seen, r house.Consented, f *former, at time.Time, zone *time.Location) error {
	p, err := v.hub.Preview(v.ctx(), v.actor(), hub.Previewing{Screen: d.Glance.Screen, At: at, With: []house.Record{r}, Pictures: f.pictures})
	if err != nil {
		return err
	}
	d.Portrait = p.Screen.Orientation == "portrait"
	d.Alt = v.t("seen.alt", "place", v.text(p.Screen.Place))
	d.Sent = v.sent(p, r, house.DayOf(at))
	if d.Delivery, err = v.delivered(r, zone); err != nil {
		return err
	}
	d.Token, err = v.look(p, d.Glance.Page)
	d.Busy = d.Token == "" && err == nil
	return err
}

// contexts are where somebody may appear, with the modules that show it.
var contexts = []struct {
	word    string
	context policy.Context
	modules []record.Module
}{
	{"directory", policy.Directory, []record.Module{record.ModulePeople}},
	{"activity", policy.Activity, []record.Module{record.ModuleActivities}},
	{"meal", policy.Meal, []record.Module{record.ModuleMeals}},
	{"meeting", policy.Meeting, []record.Module{record.ModuleMeetings}},
	{"proposal", policy.Proposal, []record.Module{record.ModuleMeetings}},
	{"booking", policy.Booking, []record.Module{record.ModuleBookings}},
	{"group", policy.Group, []record.Module{record.ModuleGroups}},
	{"roster", policy.Roster, []record.Module{record.ModuleRoster}},
	{"tagged", policy.PhotoTag, []record.Module{record.ModuleNews, record.ModuleGallery, record.ModuleVideos}},
	{"presence", policy.Presence, []record.Module{record.ModulePresence}},
}

// sent returns what the screen of a preview is sent of somebody: what stands in their
// row, and how each page has them.
func (v *visit) sent(p *hub.Preview, r house.Consented, day house.Day) (out []sentLine) {
	row, there := p.Person(house.KeyOf(r))
	out = append(out, v.rowSent(row, there)...)
	viewer := policy.WallOther
	if slices.Contains(house.HomeOf(r).Departments, p.Screen.Department) {
		viewer = policy.WallOwn
	}
	staff := house.KindOf(r) == house.KindStaff
	for _, c := range contexts {
		shown := slices.ContainsFunc(c.modules, func(m record.Module) bool { return slices.Contains(p.Modules(), m) })
		joins := c.context != policy.Roster && c.context != policy.PhotoTag
		if !shown || staff == joins || !staff && c.context == policy.Roster {
			continue
		}
		out = append(out, v.verdict("seen.in."+c.word, project.Decide(r, viewer, day, c.context), r, row))
	}
	if !staff {
		out = append(out, v.verdict("seen.in.own", project.Decide(r, policy.SelfAtWall, day, policy.PrivateItem), r, row))
	}
	return append(out, v.verdict("seen.in.outside", project.Decide(r, policy.WallExternal, day, policy.Activity), r, row))
}

// verdict says a decision in words. A photo that the screen is not sent is none.
func (v *visit) verdict(word string, x policy.Verdict, r house.Consented, row record.Person) sentLine {
	line := sentLine{Label: v.t(word), Yes: x.Entry != policy.NoEntry}
	called := calledBy(r, x)
	switch {
	case x.Entry == policy.NoEntry:
		line.Value = v.t("seen.no")
	case x.Entry == policy.Counted:
		line.Value = v.t("seen.counted")
	case x.Name == policy.RoleName:
		line.Value = v.t("seen.role")
	case x.Photo == policy.FullPhoto && row.Photo != "":
		line.Value = v.t("seen.as_photo", "name", called.Reveal())
	default:
		line.Value = v.t("seen.as", "name", called.Reveal())
	}
	return line
}

// calledBy returns what somebody is called under a verdict.
func calledBy(r house.Consented, x policy.Verdict) house.Name {
	first, alias := house.Name{}, house.Name{}
	switch r := r.(type) {
	case *house.Resident:
		first, alias = r.FirstName, r.Alias
	case *house.Staff:
		first, alias = r.FirstName, r.Alias
	}
	switch x.Name {
	case policy.AliasName:
		return alias
	case policy.FirstName:
		return first
	}
	return house.Name{}
}

// rowMembers are the members of what is sent of somebody that say something of them.
// Name, Photo and Mark are said also when there is nothing; the rest where it is there.
var rowMembers = slices.DeleteFunc(reflect.VisibleFields(reflect.TypeFor[record.Person]()), func(f reflect.StructField) bool {
	return f.Name == "ID" || f.Name == "Kind"
})

// rowSent says what stands in somebody's row, member by member.
func (v *visit) rowSent(row record.Person, there bool) (out []sentLine) {
	in := reflect.ValueOf(row)
	for _, f := range rowMembers {
		at := in.FieldByIndex(f.Index)
		always := slices.Contains([]string{"Name", "Photo", "Mark"}, f.Name)
		if at.IsZero() && !always || f.Name == "Mark" && (at.IsZero() || row.Photo != "") {
			continue
		}
		line := sentLine{Label: v.t("row." + f.Name), Yes: there && !at.IsZero(), Value: v.t("form.yes")}
		switch x := at.Interface().(type) {
		case record.Name:
			line.Value = x.Reveal()
		case record.Text:
			line.Value = v.text(x)
		case time.Time:
			line.Value = v.views.words(v.lang).day(house.DayOf(x.Add(-time.Second)))
		case []record.Choice:
			line.Value = v.t("row.Open.n", "n", len(x))
		}
		if at.IsZero() {
			line.Value = v.t("seen.not_sent")
		}
		out = append(out, line)
	}
	return out
}

// probe is the day on which it is tried out what is sent.
var probe = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

// neverSentOf returns the personal members of a kind that reach no screen, whatever
// somebody chooses. It is tried out: somebody whose every member is a word of its own is
// put onto a board with every module, under both their names and with every choice
// open, and the words are looked for in what would be sent.
var neverSentOf = sync.OnceValue(func() map[house.Kind][]string {
	out := map[house.Kind][]string{}
	for _, k := range []house.Kind{house.KindResident, house.KindStaff} {
		sent := probed(k, "first_name", "") + probed(k, "alias", "") + probed(k, "first_name", "ليلى")
		for _, f := range house.Fields(k) {
			if word := probeWord(f.Key); probing(f) && !strings.Contains(sent, word) {
				out[k] = append(out[k], f.Key)
			}
		}
	}
	return out
})

// probing reports whether a member is tried out.
func probing(f house.Field) bool { return f.Data != "" && f.Form == house.FormName }

func probeWord(key string) string { return "Qz" + strings.ReplaceAll(key, "_", "x") }

// probed returns what a board is sent, in which somebody of a kind is called so: by a
// name in other letters, of which nobody wrote down how it sounds, or "".
func probed(k house.Kind, called, foreign string) string {
	const dept = "dep"
	r := house.New(k).(house.Consented)
	fields, in := house.Members(r)
	for i := range fields {
		if f := &fields[i]; probing(*f) {
			f.In(in).Set(reflect.ValueOf(record.NameOf(probeWord(f.Key))))
		}
	}
	setID(r, "p")
	for i := range fields {
		switch f := &fields[i]; {
		case foreign == "":
		case f.Key == "first_name":
			f.In(in).Set(reflect.ValueOf(record.NameOf(foreign)))
		case f.Key == "first_name_spoken":
			f.In(in).SetZero()
		}
	}
	for _, w := range ways(r) {
		*w.at = !w.not
	}
	*mode(r) = called
	src := project.Source{
		Meta:        house.Meta{Languages: []record.Lang{record.Danish}},
		Departments: map[house.ID]house.Department{dept: {ID: dept}},
		Shifts:      []house.Shift{{ID: "v", Department: dept, Person: "p", Type: "day", From: "2026-01-05T07:00", To: "2026-01-05T15:00"}},
	}
	accepted := house.Acceptance{State: house.Accepted}
	switch r := r.(type) {
	case *house.Resident:
		r.Department, r.Acceptance = dept, accepted
		src.Residents = []house.Resident{*r}
	case *house.Staff:
		r.Departments, r.Acceptance = []house.ID{dept}, accepted
		src.Staff = []house.Staff{*r}
	}
	var modules []record.Module
	for m := range pagesOf {
		modules = append(modules, m)
	}
	slices.Sort(modules)
	rows, err := project.Rows(&src, project.Board{Department: dept, Modules: modules, Secret: project.Secret("p")}, probe)
	if err != nil {
		return ""
	}
	var all strings.Builder
	for _, row := range rows {
		all.Write(row.Body)
	}
	return all.String()
}

// neverSent returns the labels of what reaches no screen.
func (v *visit) neverSent(k house.Kind) (out []string) {
	for _, key := range neverSentOf()[k] {
		out = append(out, v.word("field.", k, key))
	}
	return out
}

// delivered returns, for each screen of somebody's departments, how far it is with what
// was changed last of them.
func (v *visit) delivered(r house.Consented, zone *time.Location) (out []delivery, err error) {
	screens, err := v.hub.Screens(v.ctx(), v.actor())
	if err != nil {
		return nil, err
	}
	taken, err := v.hub.Withdrawals(v.ctx(), v.actor(), house.KeyOf(r))
	if err != nil {
		return nil, err
	}
	places := map[house.ID]string{}
	err = v.see(func(s store.View) error {
		all, err := store.All[house.Screen](v.ctx(), s)
		for _, x := range all {
			places[x.ID] = v.text(x.Place)
		}
		return err
	})
	for _, x := range screens {
		if x.Revoked || !slices.Contains(house.HomeOf(r).Departments, x.Department) {
			continue
		}
		place := places[x.Screen]
		if place == "" {
			place = x.ID
		}
		out = append(out, v.deliveredTo(x, place, taken, zone))
	}
	return out, err
}

// deliveredTo says how far one screen is. What was taken back counts for more than
// what was changed since.
func (v *visit) deliveredTo(x hub.ScreenState, place string, taken []hub.Withdrawal, zone *time.Location) delivery {
	w := v.views.words(v.lang)
	said := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		t = t.In(zone)
		if house.DayOf(t) == house.DayOf(v.opt.Now().In(zone)) {
			return w.wall.Clock(t)
		}
		return w.wall.Date(t) + " " + w.wall.Clock(t)
	}
	d := delivery{Place: place, At: said(x.Seen)}
	state := hub.Waiting
	if x.Confirmed() {
		state = hub.Confirmed
	}
	for _, t := range taken { // the newest first
		i := slices.IndexFunc(t.Screens, func(c hub.Confirmation) bool { return c.Device == x.ID })
		if i < 0 {
			continue
		}
		if c := t.Screens[i]; !c.State.Done() || !x.Online {
			state, d.Until = c.State, said(c.Masks)
		}
		break
	}
	if d.Until == "" && !x.Seen.IsZero() {
		d.Until = said(x.Seen.Add(x.Terms.Mask))
	}
	switch {
	case state == hub.Masked, state == hub.Wiped, state == hub.Empty, state == hub.ShutOut, state == hub.Gone:
		d.State, d.Icon, d.Good = strings.ReplaceAll(string(state), " ", "_"), "shield-lock", state != hub.ShutOut
	case state == hub.Confirmed && x.Online:
		d.State, d.Icon, d.Good = "confirmed", "circle-check", true
	case x.Online:
		d.State, d.Icon = "under_way", "refresh"
	case x.Seen.IsZero():
		d.State, d.Icon, d.Good = "empty", "shield-lock", true
	case state == hub.Confirmed:
		d.State, d.Icon, d.Good = "offline_confirmed", "cloud-off", true
	default:
		d.State, d.Icon = "offline", "cloud-off"
	}
	return d
}

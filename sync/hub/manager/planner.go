package manager

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavle/assets/pictogram"
	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// The planner is a week of activities: seven days beside each other, hours from the top.
// A click on an empty place makes one there, a card opens its form; with a script,
// static/planner.js, cards are dragged and moved by keys. Without, the form says the same.
var _ = add(page{
	Name: "planner", Nav: &nav{Order: 10, Icon: "calendar-event", Path: plannerPath, For: house.KindActivity},
	Routes: append(addCopies(plannerPath, house.KindActivity),
		route{"GET " + plannerPath, account.Content, (*visit).planner},
		route{"POST " + plannerPath + "/new", account.Content, (*visit).saveActivity},
		route{"POST " + plannerPath + "/{id}/edit", account.Content, (*visit).saveActivity},
		route{"POST " + plannerPath + "/{id}/move", account.Content, (*visit).moveActivity},
	),
})

const plannerPath = "/activities"

// A plannerSheet is what the page shows.
type plannerSheet struct {
	week
	Hours   []house.Wall // from the top; the date says nothing
	Days    []plannedDay
	Panel   *panel // what is open; nil: nothing
	Problem string // in words of "planner."
	None    bool   // there is no department
}

// A plannedDay is one column.
type plannedDay struct {
	weekDay
	Cards []card
	Cells []cell
	New   string // where one is made on this day
	Now   string // the class of the place of the line that says what time it is
}

// A cell is an hour of a day: an empty place to click on.
type cell struct{ At, Class string }

// A card is an activity, or that of its days which falls on this one.
type card struct {
	house.Activity
	Path    string
	Class   string // where it stands, and in which colour
	Was     string
	Open    bool
	Movable bool // it begins and ends on this day
}

// quarter is how fine the planner is, in minutes.
const quarter = 15

// firstHour and lastHour are those that are shown even when nothing is there.
const firstHour, lastHour = 7, 22

func (v *visit) planner() error {
	return v.showPlanner(http.StatusOK, nil, "")
}

// showPlanner answers with the week, what is open beside it, and what went wrong.
func (v *visit) showPlanner(status int, open *panel, problem string) error {
	d := plannerSheet{}
	err := v.see(func(s store.View) (err error) {
		d = plannerSheet{Panel: open, Problem: problem}
		if d.week, err = v.week(s, plannerPath); err != nil {
			return err
		}
		all, err := store.On[house.Activity](v.ctx(), s, d.Department.ID, d.Monday, d.Sunday())
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(a house.Activity) bool { return a.Department != d.Department.ID })
		if open == nil {
			if d.Panel, err = v.asked(s, d.week); err != nil {
				return err
			}
		}
		d.lay(all)
		return nil
	})
	if errors.Is(err, errNoDepartment) {
		return v.show("planner", plannerSheet{None: true})
	}
	if err != nil {
		return err
	}
	return v.showAs(status, "planner", d)
}

// minutes returns how many minutes after the start of a day a time is: more than a
// day's for one on a later day, less than none for an earlier.
func minutes(at house.Wall, day house.Day) int {
	return int(at.In(time.UTC).Sub(day.Start(time.UTC)) / time.Minute)
}

// later returns the time so many minutes later by the clock on the wall.
func later(at house.Wall, minutes int) house.Wall {
	return house.WallOf(at.In(time.UTC).Add(time.Duration(minutes) * time.Minute))
}

// lay puts the activities into the columns.
func (d *plannerSheet) lay(all []house.Activity) {
	const hour, whole = 60, 24 * 60
	from, to := firstHour, lastHour
	open := house.ID("")
	if d.Panel != nil {
		open = d.Panel.ID
	}
	within := func(a house.Activity, day house.Day) (int, int, bool) {
		b, e := max(0, minutes(a.Starts, day)), min(whole, minutes(a.Ends, day))
		return b, e, b < whole && e > 0
	}
	days := d.week.Days()
	for _, day := range days {
		for _, a := range all {
			if b, e, on := within(a, day.Day); on {
				from, to = min(from, b/hour), max(to, (e+hour-1)/hour)
			}
		}
	}
	for h := from; h < to; h++ {
		d.Hours = append(d.Hours, house.Wall(fmt.Sprintf("%sT%02d:00", d.Monday, h)))
	}
	slices.SortStableFunc(all, func(a, b house.Activity) int {
		return cmp.Or(cmp.Compare(a.Starts, b.Starts), cmp.Compare(b.Ends, a.Ends), cmp.Compare(a.ID, b.ID))
	})
	for _, day := range days {
		column := plannedDay{weekDay: day, New: d.Here("new", string(day.Day)+"T10:00")}
		for h := from; h < to; h++ {
			column.Cells = append(column.Cells, cell{
				d.Here("new", fmt.Sprintf("%sT%02d:00", day.Day, h)), fmt.Sprintf("q%d n%d", (h-from)*hour/quarter, hour/quarter),
			})
		}
		if now := minutes(d.Now, day.Day); day.Today && now >= from*hour && now < to*hour {
			column.Now = fmt.Sprintf("q%d", (now-from*hour)/quarter)
		}
		var at []rows
		for _, a := range all {
			b, e, on := within(a, day.Day)
			if !on {
				continue
			}
			r := rows{(b - from*hour) / quarter, (e - from*hour + quarter - 1) / quarter}
			r.to = max(r.to, r.from+2) // room for a line of words
			at = append(at, r)
			column.Cards = append(column.Cards, card{
				Activity: a, Path: d.Here("open", string(a.ID)), Was: stamp(&a), Open: a.ID == open,
				Movable: a.Starts.Day() == day.Day && minutes(a.Ends, day.Day) <= whole,
			})
		}
		for i, lane := range lanes(at) {
			c := &column.Cards[i]
			c.Class = fmt.Sprintf("q%d n%d lane%d-%d tint%d", at[i].from, at[i].to-at[i].from, lane.of, lane.at, tint(c.Activity))
		}
		d.Days = append(d.Days, column)
	}
}

// rows are the quarters a card takes: from, and until before to.
type rows struct{ from, to int }

// A lane is where a card stands among those at the same time.
type lane struct{ at, of int }

// maxLanes is how many cards stand beside each other; more lie on one another.
const maxLanes = 4

// lanes puts cards that overlap beside each other. They come in the order of their
// beginning.
func lanes(cards []rows) []lane {
	out := make([]lane, len(cards))
	group, until := 0, 0 // cards that hang together, and where they end
	var free []int       // where each lane of the group ends
	flush := func(next int) {
		for i := group; i < next; i++ {
			out[i].of = len(free)
		}
		group, free = next, nil
	}
	for i, c := range cards {
		if c.from >= until {
			flush(i)
		}
		at := slices.IndexFunc(free, func(end int) bool { return end <= c.from })
		switch {
		case at >= 0:
		case len(free) < maxLanes:
			free, at = append(free, 0), len(free)
		default:
			at = maxLanes - 1
		}
		free[at] = max(free[at], c.to)
		out[i].at = at
		until = max(until, c.to)
	}
	flush(len(cards))
	return out
}

// tint returns which colour an activity has: what has the same pictogram has the same.
func tint(a house.Activity) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(cmp.Or(a.Pictogram, string(a.ID))))
	return h.Sum32() % 6
}

// quarters returns the style rules of places in the planner: pages say nothing of how
// they look, so each place has a class.
func quarters() []byte {
	var b bytes.Buffer
	const all = 24 * 60 / quarter
	b.WriteString("@media (min-width: 60rem) {") // where days stand beside each other
	for i := range all {
		fmt.Fprintf(&b, ".q%d{grid-row-start:%d}", i, i+1)
	}
	for i := range all {
		fmt.Fprintf(&b, ".n%d{grid-row-end:span %d}", i+1, i+1)
	}
	const columns = 12
	for of := 1; of <= maxLanes; of++ {
		for at := range of {
			fmt.Fprintf(&b, ".lane%d-%d{grid-column:%d/%d}", of, at, 1+at*columns/of, 1+(at+1)*columns/of)
		}
	}
	b.WriteString("}")
	return b.Bytes()
}

// A panel is the form of an activity beside the week.
type panel struct {
	ID          house.ID // "": it is to be made
	Label       string
	Path        string // of the form
	Was         string
	Day         house.Day
	From, To    house.Clock
	Nights      int // whole days between the first and the last
	Time        string
	TimeProblem string
	Inputs      map[string]input
	Pictograms  []option
	Weeks       string
	Also        []option // further days of the week
	Likes       []like
	In          int      // people
	Who         []string // what those are called whom whoever asks looks after, a few
	MoreWho     int
	SignUps     string   // where they are looked after
	On          []option // screens that show it
	Hints       []string // what could be better
	Capacity    int
	Problem     string
}

// A like is an activity as it was before, to be made again with one click.
type like struct {
	house.Activity
	Minutes int
}

// plannedFields are the members of an activity that the panel fills in; all of them are
// in the form of the record.
func plannedFields() (out []house.Field) {
	for _, f := range house.Fields(house.KindActivity) {
		if slices.Contains([]string{"title", "text", "place", "pictogram", "capacity", "signup_deadline", "leader", "status"}, f.Key) {
			out = append(out, f)
		}
	}
	return out
}

// asked returns the panel the address asks for: "open" an activity, or a "new" one at a
// time.
func (v *visit) asked(s store.View, w week) (*panel, error) {
	query := v.r.URL.Query()
	if v.r.Method != http.MethodGet {
		return nil, nil //nolint:nilnil // nothing is open
	}
	a := &house.Activity{Department: w.Department.ID}
	switch id, at := idOf(query.Get("open")), house.Wall(query.Get("new")); {
	case id != "":
		r, err := s.Get(v.ctx(), house.KindActivity, id)
		if err != nil {
			return nil, err
		}
		a = r.(*house.Activity) //nolint:forcetypeassert // its kind
		if a.Department != w.Department.ID {
			return nil, store.ErrNotFound
		}
	case query.Has("new"):
		if at.In(time.UTC).IsZero() {
			at = house.Wall(string(w.Now.Day()) + "T10:00")
		}
		a.Starts, a.Ends = at, later(at, usualLength)
	default:
		return nil, nil //nolint:nilnil // nothing is open
	}
	f, err := v.plannerFormer(s, w)
	if err != nil {
		return nil, err
	}
	return f.panel(s, w, a)
}

// usualLength is how long a new activity is, in minutes.
const usualLength = 60

// plannerFormer makes inputs in which the department's language comes first.
func (v *visit) plannerFormer(s store.View, w week) (*former, error) {
	f, err := v.former(s, plannedFields())
	if err != nil {
		return nil, err
	}
	f.languages = slices.DeleteFunc(slices.Clone(f.languages), func(l record.Lang) bool { return l == w.Lang() })
	f.languages = slices.Insert(f.languages, 0, w.Lang())
	return f, nil
}

// panel returns the form of an activity.
func (f *former) panel(s store.View, w week, a *house.Activity) (_ *panel, err error) {
	p := &panel{
		ID: a.ID, Path: plannerPath + "/new", Was: stamp(a), Day: a.Starts.Day(), From: clockOf(a.Starts), To: clockOf(a.Ends),
		Inputs: map[string]input{}, Capacity: a.Capacity,
	}
	if a.ID != "" {
		p.Label, p.Path = f.text(a.Title), plannerPath+"/"+string(a.ID)+"/edit"
		places, err := s.Places(f.ctx(), house.List{Kind: house.KindActivity, ID: a.ID})
		if err != nil {
			return nil, err
		}
		for _, x := range places {
			if x.State == house.TakesPart {
				p.In++
			}
		}
		if err := f.whoComes(s, p, places); err != nil {
			return nil, err
		}
		p.Hints = f.hints(a)
	} else {
		likes, err := f.likes(s, w)
		if err != nil {
			return nil, err
		}
		p.Likes = likes
	}
	p.Nights = nights(a)
	if p.On, err = f.screensWith(s, w.Department.ID, record.ModuleActivities, ""); err != nil {
		return nil, err
	}
	_, in := house.Members(a)
	for _, x := range f.inputs(house.KindActivity, plannedFields(), in, "") {
		p.Inputs[x.Key] = x
	}
	for _, name := range pictogram.Names() {
		p.Pictograms = append(p.Pictograms, option{name, strings.ReplaceAll(name, "-", " "), name == a.Pictogram})
	}
	p.Also = f.also(w, p.Day, f.values["also"])
	p.Weeks = f.get("weeks")
	return p, nil
}

// maxWho is how many names the panel has.
const maxWho = 12

// whoComes fills in who takes part, and which screens show it.
func (f *former) whoComes(s store.View, p *panel, places []store.Place) (err error) {
	c := f.censor(s)
	for _, x := range places {
		if x.State != house.TakesPart || !f.who.May(account.People) {
			continue
		}
		r, err := c.person(x.Person)
		if err != nil {
			return err
		}
		if r == nil || !f.who.Reaches(house.HomeOf(r).Departments...) || len(p.Who) == maxWho {
			continue
		}
		p.Who = append(p.Who, f.label(r))
	}
	p.MoreWho = p.In - len(p.Who)
	if f.who.May(account.People) {
		p.SignUps = listPath(house.List{Kind: house.KindActivity, ID: p.ID})
	}
	return nil
}

// also returns the other days of the week, to repeat an activity on.
func (f *former) also(w week, day house.Day, chosen []string) (out []option) {
	for _, d := range (week{Monday: monday(day), words: w.words}).Days() {
		if d.Day != day {
			out = append(out, option{string(d.Day), d.Short, slices.Contains(chosen, string(d.Day))})
		}
	}
	return out
}

// clockOf returns the time of day.
func clockOf(at house.Wall) house.Clock {
	if len(at) < len("2006-01-02T15:04") {
		return ""
	}
	return house.Clock(at[len("2006-01-02T"):])
}

// nights returns how many whole days an activity takes besides the one it begins on; one
// that ends after midnight, but sooner than it began, takes none.
func nights(a *house.Activity) int {
	n := minutes(a.Ends, a.Starts.Day()) / (24 * 60)
	if clockOf(a.Ends) <= clockOf(a.Starts) {
		n--
	}
	return max(0, n)
}

// rememberedWeeks is how far back and ahead the planner looks for what was typed before.
const rememberedWeeks = 8

// maxLikes is how many of them it offers.
const maxLikes = 12

// likes returns the activities of the department around this week, each once, first what
// there is most often.
func (f *former) likes(s store.View, w week) ([]like, error) {
	const days = rememberedWeeks * daysInWeek
	all, err := store.On[house.Activity](f.ctx(), s, w.Department.ID, w.Monday.Add(-days), w.Sunday().Add(days))
	if err != nil {
		return nil, err
	}
	times := map[string]int{}
	last := map[string]house.Activity{}
	for _, a := range all {
		key := strings.ToLower(f.text(a.Title))
		if a.Department != w.Department.ID || key == "" {
			continue
		}
		times[key]++
		if a.Starts >= last[key].Starts {
			last[key] = a
		}
	}
	var out []like
	for _, a := range last {
		out = append(out, like{a, minutes(a.Ends, a.Starts.Day()) - minutes(a.Starts, a.Starts.Day())})
	}
	slices.SortFunc(out, func(a, b like) int {
		ka, kb := strings.ToLower(f.text(a.Title)), strings.ToLower(f.text(b.Title))
		return cmp.Or(cmp.Compare(times[kb], times[ka]), cmp.Compare(ka, kb))
	})
	return out[:min(len(out), maxLikes)], nil
}

// readTimes reads the day and the times of the panel.
func (f *former) readTimes(w week, a *house.Activity) {
	day, from, to := house.Day(f.get("day")), house.Clock(f.get("from")), house.Clock(f.get("to"))
	starts, ends := house.Wall(string(day)+"T"+string(from)), house.Wall(string(day)+"T"+string(to))
	if starts.In(time.UTC).IsZero() || ends.In(time.UTC).IsZero() {
		f.wrong("times", "times")
		return
	}
	a.Starts, a.Ends = starts, ends
	n, _ := strconv.Atoi(f.get("nights"))
	n = min(max(n, 0), 366)
	if to <= from {
		n++
	}
	a.Ends = a.Ends.Add(n)
	f.checkTimes(w, a)
}

// checkTimes notes times that the clock leaves out on that day.
func (f *former) checkTimes(w week, a *house.Activity) {
	if !w.exists(a.Starts) || !w.exists(a.Ends) {
		f.wrong("times", "left_out")
	}
}

// sameText reports whether two texts say the same in a language both have.
func sameText(a, b record.Text) bool {
	for l, s := range a {
		if t, ok := b[l]; ok && strings.EqualFold(strings.TrimSpace(s), strings.TrimSpace(t)) {
			return true
		}
	}
	return false
}

// maxWeeks is for how many weeks an activity may be repeated at once.
const maxWeeks = 52

// saveActivity keeps what the panel says: a new activity or a changed one, and its
// repetitions.
func (v *visit) saveActivity() error {
	if err := v.form(); err != nil {
		return err
	}
	var (
		w week
		f *former
		a *house.Activity
	)
	err := v.see(func(s store.View) (err error) {
		if w, err = v.week(s, plannerPath); err != nil {
			return err
		}
		if f, err = v.plannerFormer(s, w); err != nil {
			return err
		}
		f.values = v.r.PostForm
		if a, err = v.meant(s, w); err != nil {
			return err
		}
		_, in := house.Members(a)
		f.keep(in)
		if v.value("like") == "" {
			f.read(house.KindActivity, plannedFields(), in, "")
			f.readTimes(w, a)
			return v.dress(s, w, a)
		}
		length := minutes(a.Ends, a.Starts.Day()) - minutes(a.Starts, a.Starts.Day())
		before := minutes(a.Starts, a.Starts.Day()) - minutes(cmp.Or(a.Deadline, a.Starts), a.Starts.Day())
		f.readTimes(w, a)
		a.Ends = later(a.Starts, length)
		if a.Deadline != "" {
			a.Deadline = later(a.Starts, -before)
		}
		f.checkTimes(w, a)
		return nil
	})
	if errors.Is(err, errNoDepartment) {
		return store.ErrNotFound
	}
	if err != nil {
		return err
	}
	var weeks int
	if typed := f.get("weeks"); typed != "" {
		if weeks, err = strconv.Atoi(typed); err != nil || weeks < 0 || weeks > maxWeeks {
			f.wrong("weeks", "number", "min", 0, "max", maxWeeks)
		}
	}
	f.check(a)
	if len(f.problems) > 0 {
		return v.backToPanel(f, w, a, "form.problems", http.StatusUnprocessableEntity)
	}
	isNew := v.r.PathValue("id") == ""
	copies := f.copies(w, a, weeks)
	err = v.change(func(ctx context.Context, edit *hub.Edit) error {
		if !isNew {
			was, err := v.found(edit, entityOf(house.KindActivity))
			if err != nil {
				return err
			}
			if stamp(was) != v.value("was") {
				return errMeanwhile
			}
		}
		if err := edit.Put(ctx, a); err != nil {
			return err
		}
		return putMissing(ctx, edit, copies)
	})
	switch {
	case errors.Is(err, errMeanwhile):
		return v.backToPanel(f, w, a, "form.meanwhile", http.StatusConflict)
	case err != nil:
		return err
	}
	word := "saved"
	if len(copies) > 0 {
		word = "repeated"
	}
	return v.to(w.In(a.Starts.Day(), "done", word) + "#a-" + string(a.ID))
}

// meant returns the activity a form is about: the one in the address, one like another,
// or a new one.
func (v *visit) meant(s store.View, w week) (*house.Activity, error) {
	if v.r.PathValue("id") != "" {
		r, err := v.found(s, entityOf(house.KindActivity))
		if err != nil {
			return nil, err
		}
		return r.(*house.Activity), nil //nolint:forcetypeassert // its kind
	}
	if id := idOf(v.value("like")); id != "" {
		other, err := store.Get[house.Activity](v.ctx(), s, id)
		if err != nil {
			return nil, err
		}
		if other.Department != w.Department.ID {
			return nil, store.ErrNotFound
		}
		return again(&other, 0).(*house.Activity), nil //nolint:forcetypeassert // its kind
	}
	return &house.Activity{ID: house.ID(account.NewID()), Department: w.Department.ID}, nil
}

// dress gives a new activity the pictogram that one of its name had before.
func (v *visit) dress(s store.View, w week, a *house.Activity) error {
	if v.r.PathValue("id") != "" || a.Pictogram != "" {
		return nil
	}
	const days = rememberedWeeks * daysInWeek
	all, err := store.On[house.Activity](v.ctx(), s, w.Department.ID, a.Starts.Day().Add(-days), a.Starts.Day().Add(days))
	for _, b := range all {
		if b.Department == w.Department.ID && b.Pictogram != "" && sameText(a.Title, b.Title) {
			a.Pictogram = b.Pictogram
		}
	}
	return err
}

// copies returns the repetitions that were asked for: on further days of the week, and
// all of them in so many further weeks. What the clock leaves out is none.
func (f *former) copies(w week, a *house.Activity, weeks int) (out []house.Record) {
	offsets := []int{0}
	for _, d := range f.values["also"] {
		if day := house.Day(d); monday(day) == monday(a.Starts.Day()) && day != a.Starts.Day() {
			offsets = append(offsets, minutes(house.Wall(d+"T00:00"), a.Starts.Day())/(24*60))
		}
	}
	for n := range weeks + 1 {
		for _, days := range offsets {
			if n == 0 && days == 0 {
				continue
			}
			c := again(a, n*daysInWeek+days)
			if from, to := span(c); w.exists(from) && w.exists(to) {
				out = append(out, c)
			}
		}
	}
	return out
}

// backToPanel answers with the panel as it was typed, and what is wrong with it.
func (v *visit) backToPanel(f *former, w week, a *house.Activity, problem string, status int) error {
	var p *panel
	err := v.see(func(s store.View) (err error) {
		shown := *a
		if v.r.PathValue("id") == "" {
			shown.ID = ""
		}
		p, err = f.panel(s, w, &shown)
		return err
	})
	if err != nil {
		return err
	}
	p.Day, p.From, p.To = house.Day(f.get("day")), house.Clock(f.get("from")), house.Clock(f.get("to"))
	p.Problem, p.TimeProblem, p.Was = problem, f.problems["times"], v.value("was")
	for _, key := range []string{"starts", "ends"} { // what the format has against them
		p.TimeProblem = cmp.Or(p.TimeProblem, f.problems[key])
	}
	return v.showPlanner(status, p, "")
}

// moveActivity gives an activity the times that somebody dragged it to.
func (v *visit) moveActivity() error {
	if err := v.form(); err != nil {
		return err
	}
	starts, ends := house.Wall(v.value("starts")), house.Wall(v.value("ends"))
	if starts.In(time.UTC).IsZero() || ends.In(time.UTC).IsZero() || ends <= starts {
		return v.showPlanner(http.StatusUnprocessableEntity, nil, "planner.no_time")
	}
	err := v.change(func(ctx context.Context, edit *hub.Edit) error {
		r, err := v.found(edit, entityOf(house.KindActivity))
		if err != nil {
			return err
		}
		a := r.(*house.Activity) //nolint:forcetypeassert // its kind
		zone, err := zoneOf(ctx, edit, a.Department)
		if err != nil {
			return err
		}
		w := week{zone: zone}
		switch {
		case stamp(a) != v.value("was"):
			return errMeanwhile
		case !w.exists(starts) || !w.exists(ends):
			return errWrong
		}
		if a.Deadline != "" { // as long before as it was
			a.Deadline = later(a.Deadline, minutes(starts, a.Starts.Day())-minutes(a.Starts, a.Starts.Day()))
			a.Deadline = min(a.Deadline, ends)
		}
		a.Starts, a.Ends = starts, ends
		return edit.Put(ctx, a)
	})
	switch {
	case errors.Is(err, errMeanwhile):
		return v.showPlanner(http.StatusConflict, nil, "planner.meanwhile")
	case errors.Is(err, errWrong):
		return v.showPlanner(http.StatusUnprocessableEntity, nil, "planner.left_out")
	case err != nil:
		return err
	}
	w := week{Path: plannerPath, Department: house.Department{ID: idOf(v.value("department"))}}
	return v.to(w.In(starts.Day(), "done", "moved") + "#a-" + string(v.id()))
}

// zoneOf returns where the clock of a department hangs.
func zoneOf(ctx context.Context, edit *hub.Edit, id house.ID) (*time.Location, error) {
	meta, err := edit.Get(ctx, house.KindMeta, house.OnlyID)
	if err != nil {
		return nil, err
	}
	dept, err := edit.Get(ctx, house.KindDepartment, id)
	if err != nil {
		return nil, err
	}
	return meta.(*house.Meta).ZoneOf(*dept.(*house.Department)), nil //nolint:forcetypeassert // their kinds
}

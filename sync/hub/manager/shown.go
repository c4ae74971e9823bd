package manager

import (
	"errors"
	"slices"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/policy"
	"tavle/sync/record"
)

// Why a picture is on no screen: because staff took it off, because nobody has said yet
// who is in it, or because somebody in it does not want that. What decides is what
// decides on the board (project.Decide, V-14); here it is only put into words, and
// somebody is named only to whoever looks after them.

// A censor says of pictures why they are not shown. It reads each person once.
type censor struct {
	*visit
	s       store.View
	depts   map[house.ID]*censored
	records map[house.ID]house.Record // nil: nobody has that ID
}

// A censored is what it has to know of a department.
type censored struct {
	zone  *time.Location
	day   house.Day
	known []house.ID // departments whose people its boards know
}

func (v *visit) censor(s store.View) *censor {
	return &censor{v, s, map[house.ID]*censored{}, map[house.ID]house.Record{}}
}

// A whyNot is why a picture is not shown.
type whyNot struct {
	Hidden  bool
	Unasked bool
	Who     []inTheWay
	Others  int // who are in the way, and are not whoever asks's to know
}

// An inTheWay is somebody whose answer is missing.
type inTheWay struct {
	Label, Path string
	Answer      string // in words of "photo.answer."
}

// Shown reports whether it is shown.
func (w whyNot) Shown() bool { return !w.Hidden && !w.Unasked && len(w.Who) == 0 && w.Others == 0 }

// dept returns what there is to know of a department.
func (c *censor) dept(id house.ID) (*censored, error) {
	if d := c.depts[id]; d != nil {
		return d, nil
	}
	meta, err := c.meta(c.s)
	if err != nil {
		return nil, err
	}
	dept, err := store.Get[house.Department](c.ctx(), c.s, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	d := &censored{zone: meta.ZoneOf(dept)}
	d.day = house.DayOf(c.opt.Now().In(d.zone))
	from, _ := project.Window(c.opt.Now(), d.zone)
	if d.known, err = c.s.Sharing(c.ctx(), id, from); err != nil {
		return nil, err
	}
	d.known = append(d.known, id)
	c.depts[id] = d
	return d, nil
}

// zone returns the time zone of a department.
func (c *censor) zone(id house.ID) (*time.Location, error) {
	d, err := c.dept(id)
	if err != nil {
		return time.UTC, err
	}
	return d.zone, nil
}

// of says why a picture of a department is not shown.
func (c *censor) of(dept house.ID, p *house.Photo) (w whyNot, err error) {
	d, err := c.dept(dept)
	if err != nil {
		return w, err
	}
	w = whyNot{Hidden: p.Hidden, Unasked: p.Unasked}
	for _, id := range p.Tagged {
		r, err := c.person(id)
		if err != nil {
			return w, err
		}
		answer := missing(r, dept, d)
		if answer == "" {
			continue
		}
		if r == nil || !c.who.May(entityOf(house.KindOf(r)).Right) || !c.who.Reaches(house.HomeOf(r).Departments...) {
			w.Others++
			continue
		}
		w.Who = append(w.Who, inTheWay{c.label(r), c.pathOf(r), answer})
	}
	return w, nil
}

// person returns who has an ID; nil: nobody.
func (c *censor) person(id house.ID) (house.Record, error) {
	if r, known := c.records[id]; known {
		return r, nil
	}
	for _, k := range []house.Kind{house.KindResident, house.KindStaff, house.KindFormer} {
		r, err := c.s.Get(c.ctx(), k, id)
		if err == nil {
			c.records[id] = r
			return r, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	c.records[id] = nil
	return nil, nil //nolint:nilnil // nobody
}

// pathOf returns where somebody is looked after.
func (v *visit) pathOf(r house.Record) string {
	if _, ok := r.(house.Consented); ok {
		return personPath(house.KeyOf(r))
	}
	return entityOf(house.KindOf(r)).at(house.KeyOf(r))
}

// missing returns which answer of somebody is missing for a picture on the boards of a
// department, in words of "photo.answer."; "": none.
func missing(r house.Record, dept house.ID, d *censored) string {
	asked, ok := r.(house.Consented)
	if !ok {
		return "gone"
	}
	of := house.HomeOf(r).Departments
	viewer := policy.WallOther
	if slices.Contains(of, dept) {
		viewer = policy.WallOwn
	}
	knows := slices.ContainsFunc(of, func(id house.ID) bool { return slices.Contains(d.known, id) })
	if knows && project.Decide(r, viewer, d.day, policy.PhotoTag).Photo == policy.FullPhoto {
		return ""
	}
	var p policy.Person
	switch r := r.(type) {
	case *house.Resident:
		p = r.Policy(d.day)
	case *house.Staff:
		p = r.Policy(d.day)
	}
	switch {
	case !knows:
		return "elsewhere"
	case p.Lifecycle != policy.Active:
		return "left"
	case p.Acceptance == policy.Declined:
		return "declined"
	case p.Acceptance != policy.Accepted:
		return "not_asked"
	case p.Hidden:
		return "hidden"
	case !p.Tagged:
		return "tagged"
	case *photoOf(asked) == "":
		return "portrait"
	case !p.Photo:
		return "photo"
	}
	return "alias"
}

// screensWith returns the screens of a department that show a module, and which is chosen.
func (v *visit) screensWith(s store.View, dept house.ID, m record.Module, now house.ID) (out []option, err error) {
	d, err := store.Get[house.Department](v.ctx(), s, dept)
	if err != nil {
		if errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		return nil, err
	}
	all, err := store.All[house.Screen](v.ctx(), s)
	for _, x := range all {
		if x.Department == dept && slices.Contains(project.Modules(d, x.Modules), m) {
			out = append(out, option{string(x.ID), v.text(x.Place), x.ID == now})
		}
	}
	return out, err
}

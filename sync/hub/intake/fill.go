package intake

import (
	"maps"
	"slices"
	"strings"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// An identity is what a row without a key says of whom or what it is about.
type identity struct {
	dept        []house.ID
	first, last string // plain
	day         house.Day
	what        string // which meal, which kind of shift
	person      house.ID
	at          string // when it begins
}

// name tells one identity of a table from another.
func (id identity) name() string {
	dept := ""
	if len(id.dept) > 0 {
		dept = string(id.dept[0])
	}
	return strings.Join([]string{dept, id.first, id.last, string(id.day), id.what, string(id.person), id.at}, "\x00")
}

// is reports whether a record could be meant.
func (id identity) is(r house.Record) bool {
	shares := func(d ...house.ID) bool {
		return slices.ContainsFunc(d, func(x house.ID) bool { return slices.Contains(id.dept, x) })
	}
	called := func(first, last record.Name) bool {
		return plain(first.Reveal()) == id.first && (id.last == "" || last.IsZero() || plain(last.Reveal()) == id.last)
	}
	switch r := r.(type) {
	case *house.Resident:
		return shares(r.Department) && called(r.FirstName, r.LastName)
	case *house.Staff:
		return shares(r.Departments...) && called(r.FirstName, r.LastName)
	case *house.Meal:
		return shares(r.Department) && r.Served.Day() == id.day && r.Kind == id.what
	case *house.Shift:
		return shares(r.Department) && r.From.Day() == id.day && r.Type == id.what && r.Person == id.person
	}
	return false
}

// far says which of several is meant before others: the one that begins at the same time.
func (id identity) far(r house.Record) int {
	at := ""
	switch r := r.(type) {
	case *house.Meal:
		at = string(r.Served)
	case *house.Shift:
		at = string(r.From)
	}
	if at == id.at {
		return 0
	}
	return 1
}

// identity returns what a row is about. What is wrong with it is noted as it is filled in.
func (p *planner) identity(r *row) (id identity, ok bool) {
	quiet := &planner{Plan: &Plan{Kind: p.Kind, Lang: p.Lang}, World: p.World, book: p.book, answers: p.answers, sure: p.sure, wrong: map[*row]bool{}, scope: map[house.ID]bool{}}
	id.dept = quiet.departments(r)
	switch p.Kind {
	case house.KindResident, house.KindStaff:
		first, last := r.name()
		id.first, id.last = plain(first), plain(last)
		return id, len(id.dept) > 0 && id.first != ""
	case house.KindMeal:
		var m house.Meal
		quiet.served(r, &m)
		id.day, id.what, id.at = m.Served.Day(), m.Kind, string(m.Served)
		if id.day == "" {
			if d, ok := p.book.Day(r.cells["date"]); ok {
				id.day = house.Day(d)
			}
		}
		return id, len(id.dept) > 0 && id.day != "" && id.what != ""
	default:
		var s house.Shift
		quiet.shift(r, &s)
		id.day, id.what, id.at, id.person = s.From.Day(), s.Type, string(s.From), s.Person
		return id, len(id.dept) > 0 && id.day != "" && id.what != "" && !quiet.wrong[r]
	}
}

// name returns the two parts of a name: as two columns have them, or of one: "Anna Holm"
// or "Holm, Anna".
func (r *row) name() (first, last string) {
	first, last = r.cells["first_name"], r.cells["last_name"]
	whole := r.cells["name"]
	if first != "" || whole == "" {
		return first, last
	}
	if a, b, turned := strings.Cut(whole, ","); turned {
		return strings.TrimSpace(b), strings.TrimSpace(a)
	}
	first, last, _ = strings.Cut(whole, " ")
	return first, strings.TrimSpace(last)
}

// departments returns which departments a row is of: those it names, or the only one
// that whoever brings it looks after.
func (p *planner) departments(r *row) (out []house.ID) {
	cell := r.cells["department"]
	if cell == "" {
		if r.found != nil {
			return nil // it stays where it is
		}
		if len(p.Departments) == 1 {
			return []house.ID{p.Departments[0].ID}
		}
		p.no(r, "department", "no_department", p.called()...)
		return nil
	}
	find := func(s string) house.ID {
		for _, d := range p.Departments {
			if string(d.ID) == s {
				return d.ID
			}
			for _, name := range d.Name {
				if plain(name) == plain(s) && plain(s) != "" {
					return d.ID
				}
			}
		}
		return ""
	}
	if id := find(cell); id != "" {
		return []house.ID{id}
	}
	list := []string{cell}
	if p.Kind == house.KindStaff {
		list = parts(cell)
	}
	for _, s := range list {
		id := find(s)
		if id == "" {
			p.no(r, "department", "department", p.called()...)
			return nil
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// called returns what their departments are called.
func (p *planner) called() (out []string) {
	for _, d := range p.Departments {
		s, _ := d.Name.In(p.Languages...)
		out = append(out, s)
	}
	return out[:min(len(out), 12)]
}

// fill puts what the cells of a row say into a record.
func (p *planner) fill(r *row, now house.Record) {
	depts := p.departments(r)
	for _, d := range depts {
		p.scope[d] = true
	}
	if len(depts) == 0 && r.found != nil {
		for _, d := range house.HomeOf(r.found).Departments {
			p.scope[d] = true
		}
	}
	switch now := now.(type) {
	case *house.Resident:
		if len(depts) > 0 {
			now.Department = depts[0]
		}
		if r.found == nil {
			now.Acceptance.State, now.Choices = house.NotAsked, house.Choices{NameMode: "first_name", Hidden: true}
		}
		p.names(r, &now.FirstName, &now.LastName, &now.Alias, now.Choices.NameMode)
		set(r.cells["flat"], &now.Flat)
	case *house.Staff:
		p.worksIn(now, depts)
		if r.found == nil {
			now.Acceptance.State, now.Choices = house.NotAsked, house.StaffChoices{NameMode: "first_name", Hidden: true}
		}
		p.names(r, &now.FirstName, &now.LastName, &now.Alias, now.Choices.NameMode)
		p.say(r.cells["role"], &now.Role)
		set(r.cells["email"], &now.Email)
		set(r.cells["phone"], &now.Phone)
	case *house.Meal:
		if len(depts) > 0 {
			now.Department = depts[0]
		}
		p.meal(r, now)
		p.about(now.Served.Day())
	case *house.Shift:
		if len(depts) > 0 {
			now.Department = depts[0]
		}
		p.shift(r, now)
		p.about(now.From.Day())
	}
}

// about notes that the table is about a day.
func (p *planner) about(d house.Day) {
	if d == "" {
		return
	}
	if p.first == "" || d < p.first {
		p.first = d
	}
	p.last = max(p.last, d)
}

// none is what a cell says that takes away what is there.
func none(cell string) bool { return cell == "-" || cell == "–" }

// set puts a cell into a name.
func set(cell string, to *record.Name) {
	switch {
	case none(cell):
		*to = record.Name{}
	case cell != "":
		*to = record.NameOf(cell)
	}
}

// names reads what somebody is called. Whoever chose to be called by an alias keeps it.
func (p *planner) names(r *row, first, last, alias *record.Name, mode string) {
	f, l := r.name()
	if f == "" && r.found == nil || none(f) {
		column := "first_name"
		if r.col[column] == 0 {
			column = "name"
		}
		p.no(r, column, "missing")
	}
	if none(r.cells["alias"]) && mode == "alias" {
		p.no(r, "alias", "alias_chosen")
	}
	set(f, first)
	set(l, last)
	set(r.cells["alias"], alias)
}

// worksIn puts somebody into departments. Those that whoever brings the table does not
// look after stay.
func (p *planner) worksIn(s *house.Staff, depts []house.ID) {
	if len(depts) == 0 {
		return
	}
	ours := map[house.ID]bool{}
	for _, d := range p.Departments {
		ours[d.ID] = true
	}
	var now []house.ID
	for _, d := range s.Departments { // as it was, so that nothing changes by the order
		if !ours[d] || slices.Contains(depts, d) {
			now = append(now, d)
		}
	}
	for _, d := range depts {
		if !slices.Contains(now, d) {
			now = append(now, d)
		}
	}
	s.Departments = now
}

// say puts a cell into a text, in the language of the table; the other languages stay.
func (p *planner) say(cell string, to *record.Text) {
	if cell == "" {
		return
	}
	t := maps.Clone(*to)
	if t == nil {
		t = record.Text{}
	}
	t[p.content()] = cell
	if none(cell) {
		delete(t, p.content())
	}
	if len(t) == 0 {
		t = nil
	}
	*to = t
}

// day returns the day of a row.
func (p *planner) day(r *row) house.Day {
	cell := r.cells["date"]
	if at, ok := p.book.Moment(cell); ok {
		return house.Wall(at).Day()
	}
	d, ok := p.book.Day(cell)
	if !ok {
		why := "day"
		if cell == "" {
			why = "missing"
		}
		p.no(r, "date", why)
		return ""
	}
	return house.Day(d)
}

// clock returns a time of day of a row, or "".
func (p *planner) clock(r *row, column string) house.Clock {
	cell := r.cells[column]
	if cell == "" || none(cell) {
		return ""
	}
	c, ok := p.book.Clock(cell)
	if !ok {
		p.no(r, column, "time")
		return ""
	}
	return house.Clock(c)
}

// served reads when a meal is, and which.
func (p *planner) served(r *row, m *house.Meal) {
	day, at := p.day(r), p.clock(r, "time")
	if moment, ok := p.book.Moment(r.cells["date"]); ok && at == "" {
		at = house.Clock(moment[len("2006-01-02T"):])
	}
	if at == "" && m.Served != "" {
		at = house.Clock(m.Served[len("2006-01-02T"):])
	}
	switch kind, ok := mealOf(r.cells["meal"], p.Lang, p.sure, at); {
	case ok:
		m.Kind = kind
	case r.cells["meal"] == "":
		p.no(r, "meal", "missing")
	default:
		p.no(r, "meal", "meal")
	}
	if day != "" && at != "" {
		m.Served = house.Wall(string(day) + "T" + string(at))
	} else if at == "" && !p.wrong[r] {
		p.no(r, "time", "missing")
	}
}

// meal reads a meal.
func (p *planner) meal(r *row, m *house.Meal) {
	was := m.Served
	p.served(r, m)
	if r.cells["title"] == "" && r.found == nil {
		p.no(r, "title", "missing")
	}
	p.say(r.cells["title"], &m.Title)
	if cell := r.cells["allergens"]; cell != "" {
		p.list(r, "allergens", cell, allergensOf, &m.Allergens)
	}
	if cell := r.cells["diet"]; cell != "" {
		p.list(r, "diet", cell, dietsOf, &m.Diet)
	}
	switch cell := r.cells["alternative"]; {
	case none(cell):
		m.Alternative = nil
	case cell != "":
		if m.Alternative == nil {
			m.Alternative = &house.Dish{}
		}
		p.say(cell, &m.Alternative.Title)
	}
	if cell := r.cells["alternative_allergens"]; cell != "" && m.Alternative != nil {
		p.list(r, "alternative_allergens", cell, allergensOf, &m.Alternative.Allergens)
	} else if cell != "" && !none(cell) {
		p.no(r, "alternative_allergens", "no_alternative")
	}
	p.deadline(r, m, was)
}

// list puts what a cell lists into a member.
func (p *planner) list(r *row, column, cell string, read func(string) ([]string, bool), to *[]string) {
	if none(cell) {
		*to = nil
		return
	}
	l, ok := read(cell)
	switch {
	case !ok:
		p.no(r, column, column)
	case !sameSet(l, *to):
		*to = l
	}
}

func sameSet(a, b []string) bool {
	x, y := slices.Clone(a), slices.Clone(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// deadline reads until when a meal takes sign-ups: a day and a time, or a time of the
// same day. Where none is said, one there is moves with the meal.
func (p *planner) deadline(r *row, m *house.Meal, was house.Wall) {
	cell := r.cells["deadline"]
	switch {
	case none(cell):
		m.Deadline = ""
	case cell == "":
		if m.Deadline > m.Served && m.Served != was {
			m.Deadline = m.Served
		}
	default:
		if at, ok := p.book.Moment(cell); ok {
			m.Deadline = house.Wall(at)
		} else if c, ok := p.book.Clock(cell); ok && m.Served != "" {
			m.Deadline = house.Wall(string(m.Served.Day()) + "T" + c)
		} else if m.Served != "" {
			p.no(r, "deadline", "time")
		}
	}
	if m.Served != "" && m.Deadline > m.Served {
		p.no(r, "deadline", "late")
	}
}

// shift reads somebody at work. A shift that ends before it begins ends the next day.
func (p *planner) shift(r *row, s *house.Shift) {
	day := p.day(r)
	kind, known := p.shiftType(r)
	if known {
		s.Type = kind
	}
	from, to := p.clock(r, "from"), p.clock(r, "to")
	if t := p.World.Plan.Types[kind]; known {
		if from == "" {
			from = t.From
		}
		if to == "" {
			to = t.To
		}
	}
	if from == "" && !p.wrong[r] {
		p.no(r, "from", "missing")
	}
	if to == "" && !p.wrong[r] {
		p.no(r, "to", "missing")
	}
	if day != "" && from != "" && to != "" {
		until := day
		if to <= from {
			until = day.Add(1)
		}
		s.From, s.To = house.Wall(string(day)+"T"+string(from)), house.Wall(string(until)+"T"+string(to))
	}
	p.atWork(r, s)
}

// shiftType returns which kind of shift a row names.
func (p *planner) shiftType(r *row) (string, bool) {
	cell := plain(r.cells["type"])
	var want []string
	for key, t := range p.World.Plan.Types {
		if plain(key) == cell {
			return key, true
		}
		for _, name := range t.Label {
			if plain(name) == cell && cell != "" {
				return key, true
			}
		}
		name, _ := t.Label.In(append([]record.Lang{p.Lang}, p.Languages...)...)
		want = append(want, name)
	}
	slices.Sort(want)
	why := "type"
	if cell == "" {
		why = "missing"
	}
	p.no(r, "type", why, want...)
	return "", false
}

// atWork finds who works: by key, e-mail or name.
func (p *planner) atWork(r *row, s *house.Shift) {
	cell := r.cells["person"]
	switch {
	case none(cell):
		s.Person = ""
		return
	case cell == "":
		return
	}
	id := idOf(house.KindStaff, &p.World, cell)
	var could []house.Record
	for i := range p.Staff {
		x := &p.Staff[i]
		if x.ID == id || !x.Email.IsZero() && strings.EqualFold(x.Email.Reveal(), cell) {
			s.Person = x.ID
			return
		}
		if x.Lifecycle != house.Left && goesBy(x, cell) {
			could = append(could, x)
		}
	}
	switch len(could) {
	case 0:
		p.no(r, "person", "person")
	case 1:
		s.Person = house.KeyOf(could[0])
	default:
		q := Question{Place: r.Place, Key: r.at + ".person", Word: "person", Among: could}
		q.Head, q.Column = "person", r.col["person"]
		for _, x := range could {
			if p.answers[q.Key] == string(house.KeyOf(x)) {
				q.Answer, s.Person = string(house.KeyOf(x)), house.KeyOf(x)
			}
		}
		if q.Answer == "" {
			p.wrong[r] = true
		}
		p.Questions = append(p.Questions, q)
	}
}

// goesBy reports whether somebody is called what is written.
func goesBy(s *house.Staff, written string) bool {
	first, last, alias := plain(s.FirstName.Reveal()), plain(s.LastName.Reveal()), plain(s.Alias.Reveal())
	if a, b, turned := strings.Cut(written, ","); turned {
		written = b + a
	}
	w := plain(written)
	return w != "" && (w == first || w == alias || last != "" && w == first+last)
}

package project

import (
	"slices"
	"strings"
	"unicode"

	"tavle/sync/hub/house"
	"tavle/sync/policy"
	"tavle/sync/record"
)

// A person is somebody the board may have to do with.
type person struct {
	id        house.ID
	choices   policy.Person
	viewer    policy.Viewer // what this board is to them
	first     house.Name
	alias     house.Name
	said      house.Name // how first sounds
	aliasSaid house.Name // and alias
	photo     house.Picture
	resident  *house.Resident
	staff     *house.Staff
	end       house.Acceptance
	ref       record.PersonID // under which the board shows them; made when first needed

	seen bool // some row refers to them
	made bool // they have a row
}

// gather looks up everybody once.
func (m *maker) gather() {
	m.people = make(map[house.ID]*person, len(m.Residents)+len(m.Staff)+len(m.Former))
	for i := range m.Residents {
		r := &m.Residents[i]
		end := r.Acceptance
		if m.board.External != nil {
			end = house.EndOutside(r)
		}
		m.people[r.ID] = &person{
			id: r.ID, choices: r.Policy(m.today), viewer: m.viewer(r.Department), first: r.FirstName, alias: r.Alias,
			said: spoken(r.FirstName, r.Spoken, r.Latin), aliasSaid: r.AliasSaid, photo: r.Photo, resident: r, end: end,
		}
	}
	for i := range m.Staff {
		s := &m.Staff[i]
		end := s.Acceptance
		if m.board.External != nil {
			end = house.EndOutside(s)
		}
		m.people[s.ID] = &person{
			id: s.ID, choices: s.Policy(m.today), viewer: m.viewer(s.Departments...), first: s.FirstName, alias: s.Alias,
			said: spoken(s.FirstName, s.Spoken, s.Latin), aliasSaid: s.AliasSaid, photo: s.Photo, staff: s, end: end,
		}
	}
	for i := range m.Former {
		f := &m.Former[i]
		m.people[f.ID] = &person{id: f.ID, choices: f.Policy(m.today), viewer: m.viewer(f.Department)}
	}
}

// viewer says what this board is to somebody of these departments.
func (m *maker) viewer(of ...house.ID) policy.Viewer {
	switch {
	case m.board.External != nil:
		return policy.WallExternal
	case slices.Contains(of, m.board.Department):
		return policy.WallOwn
	}
	return policy.WallOther
}

// decide asks about p in c. A screen decides again with its own lease; here the
// data is fresh.
func (p *person) decide(c policy.Context) policy.Verdict {
	choices := p.choices
	if c == policy.Presence && (p.resident == nil || !p.resident.Choices.Board) { // V-18
		choices.Hidden = true
	}
	v := policy.Decide(choices, true, p.viewer, c)
	if v.Named() && p.name(v).IsZero() {
		return policy.Verdict{} // an alias that nobody gave: never the first name instead
	}
	return v
}

// name returns what p is called under a verdict.
func (p *person) name(v policy.Verdict) house.Name {
	switch v.Name {
	case policy.AliasName:
		return p.alias
	case policy.FirstName:
		return p.first
	}
	return house.Name{}
}

// sound returns how p's name under a verdict is spoken, or nothing where a voice
// reads it right. It is of that name alone: the sound of a first name is as telling
// as the name.
func (p *person) sound(v policy.Verdict) house.Name {
	switch v.Name {
	case policy.AliasName:
		return p.aliasSaid
	case policy.FirstName:
		return p.said
	}
	return house.Name{}
}

// spoken returns how a name sounds: as somebody wrote that down, or else, where it
// has no Latin letters, in these.
func spoken(name, said, latin house.Name) house.Name {
	if !said.IsZero() || strings.ContainsFunc(name.Reveal(), func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
		return said
	}
	return latin
}

// ref returns the ID under which the board shows somebody as themselves in c,
// and "" when it does not. Staff are named only where they would be in the
// roster too: whoever keeps out of it does not want to be found by their work.
func (m *maker) ref(id house.ID, c policy.Context) record.PersonID {
	p := m.people[id]
	if p == nil || !p.decide(c).Named() || p.staff != nil && !p.decide(policy.Roster).Named() {
		return ""
	}
	p.seen = true
	return m.boardID(p)
}

// boardID returns the ID of p on this board.
func (m *maker) boardID(p *person) record.PersonID {
	if p.ref == "" {
		p.ref = record.PersonID(m.board.id(record.KindPerson, p.id))
	}
	return p.ref
}

// refs returns the IDs of those whom the board shows as themselves.
func (m *maker) refs(ids []house.ID, c policy.Context) (out []record.PersonID) {
	for _, id := range ids {
		if ref := m.ref(id, c); ref != "" {
			out = append(out, ref)
		}
	}
	return out
}

// joining reports whether the board has anything people join.
func (m *maker) joining() bool {
	return slices.ContainsFunc([]record.Module{
		record.ModuleActivities, record.ModuleMeals, record.ModuleMeetings, record.ModuleBookings, record.ModuleGroups,
	}, m.has)
}

// tagKey returns by what the board recognises tags. That does not depend on who is
// shown: it is there where anybody of the house has one.
func (m *maker) tagKey() record.TagKey {
	if !m.joining() || !slices.ContainsFunc(m.Residents, func(r house.Resident) bool { return !r.Tag.IsZero() }) {
		return ""
	}
	return record.NewTagKey(m.board.Secret)
}

// directory makes the rows of the board's own people. A board without lists and
// without a directory has no use for them.
func (m *maker) directory() {
	if !m.has(record.ModulePeople) && !m.joining() {
		return
	}
	for i := range m.Residents {
		r := &m.Residents[i]
		p := m.people[r.ID]
		if v := p.decide(policy.Directory); p.viewer == policy.WallOwn && v.Named() {
			m.person(p, v, true)
		}
	}
}

// Shown reports whether a board of r's own department shows r as themselves on
// day, and so may sign them up by touch.
func Shown(r *house.Resident, day house.Day) bool {
	p := person{choices: r.Policy(day), viewer: policy.WallOwn, first: r.FirstName, alias: r.Alias}
	return p.decide(policy.Directory).Named()
}

// others makes the rows of everybody else whom a row refers to: staff at work,
// people of another department on a shared list.
func (m *maker) others() {
	for i := range m.Residents {
		if p := m.people[m.Residents[i].ID]; p.seen && !p.made {
			m.person(p, p.decide(policy.Activity), false)
		}
	}
	for i := range m.Staff {
		if p := m.people[m.Staff[i].ID]; p.seen {
			m.person(p, p.decide(policy.Roster), false)
		}
	}
}

// person makes the row of p, who is this board's own or not.
func (m *maker) person(p *person, v policy.Verdict, own bool) {
	p.made = true
	f := record.Person{
		ID: m.boardID(p), Kind: record.Resident, Name: p.name(v), Spoken: p.sound(v),
		Until:  p.end.Ends(m.zone(m.board.Department)),
		Listed: own && m.has(record.ModulePeople),
		SignUp: own && m.joining(),
	}
	if v.Photo == policy.FullPhoto {
		f.Photo = m.asset(p.photo)
	}
	if p.resident != nil {
		f.Mark = p.resident.Mark
	}
	if p.resident != nil && f.SignUp {
		f.Open, f.Code, f.Preset = p.resident.Open(), p.resident.Code, p.resident.Preset()
		f.Requests = house.RequestsOf(m.Requests, p.id, m.today)
		f.Tag = m.tagKey().Tag(p.resident.Tag.Reveal())
	}
	if p.staff != nil {
		f.Kind, f.Role = record.Staff, p.staff.Role
	}
	m.add(p.id, f, f.Photo)
}

// Decide returns what a board shows of somebody on day in c, when the board is v to
// them. It is what [Rows] goes by, for whoever has to say it in words.
func Decide(r house.Record, v policy.Viewer, day house.Day, c policy.Context) policy.Verdict {
	p := person{viewer: v}
	switch r := r.(type) {
	case *house.Resident:
		p.choices, p.first, p.alias, p.resident = r.Policy(day), r.FirstName, r.Alias, r
	case *house.Staff:
		p.choices, p.first, p.alias, p.staff = r.Policy(day), r.FirstName, r.Alias, r
	default:
		return policy.Verdict{}
	}
	return p.decide(c)
}

package project

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/policy"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A Row is one row of a board and where it comes from.
type Row struct {
	record.Row
	Src    house.ID         // what it stands for; stays in the hub
	Assets []record.AssetID // pictures it refers to
}

// Rows returns the whole board at now, in the order of their keys. An error
// means that the house is too big for a board, or holds what cannot be said.
func Rows(s *Source, b Board, now time.Time) ([]Row, error) {
	m := newMaker(s, b, now)
	m.house()
	m.directory()
	if m.has(record.ModuleActivities) {
		for i := range s.Activities {
			m.activity(&s.Activities[i])
		}
	}
	if m.has(record.ModuleMeals) {
		for i := range s.Meals {
			m.meal(&s.Meals[i])
		}
	}
	if m.has(record.ModuleRoster) {
		m.roster()
	}
	if m.has(record.ModuleNews) {
		m.news()
	}
	m.together()
	if m.has(record.ModuleGallery) {
		m.gallery()
	}
	if m.has(record.ModuleDocuments) {
		m.documents()
	}
	if m.has(record.ModuleVideos) {
		m.videos()
	}
	if m.has(record.ModuleWeather) {
		m.weather()
	}
	if m.has(record.ModulePresence) {
		m.presence()
	}
	if m.has(record.ModulePolls) {
		m.polls()
	}
	m.others()
	return m.finish()
}

// List returns the one row that stands for a list, for when only the people on
// it changed. ok is false when the board does not show the list. The row is
// right as long as everybody on it already has a row; see [Board.Covers].
func List(s *Source, b Board, l house.List, now time.Time) (row Row, ok bool, err error) {
	m := newMaker(s, b, now)
	switch l.Kind {
	case house.KindActivity:
		for i := range s.Activities {
			if a := &s.Activities[i]; a.ID == l.ID && m.has(record.ModuleActivities) {
				m.activity(a)
			}
		}
	case house.KindMeal:
		for i := range s.Meals {
			if x := &s.Meals[i]; x.ID == l.ID && m.has(record.ModuleMeals) {
				m.meal(x)
			}
		}
	}
	rows, err := m.finish()
	if err != nil || len(rows) != 1 {
		return Row{}, false, err
	}
	return rows[0], true, nil
}

// Covers reports whether a change of one person's place on a list changes no
// other row than the list's: the board's own people have their rows whether
// they are on a list or not, others come and go with the lists they are on.
func (b Board) Covers(department house.ID) bool {
	return b.External == nil && department == b.Department
}

// A maker makes the rows of one board.
type maker struct {
	*Source
	board Board
	today house.Day
	from  house.Day // first day of the window
	until house.Day // last day of the window

	people map[house.ID]*person
	hidden map[string]int // people who are only counted, per population
	zones  map[house.ID]*time.Location
	facts  []Row
	err    error
}

func newMaker(s *Source, b Board, now time.Time) *maker {
	m := &maker{Source: s, board: b, hidden: map[string]int{}, zones: map[house.ID]*time.Location{}}
	zone := m.zone(b.Department)
	m.today = house.DayOf(now.In(zone))
	m.from, m.until = Window(now, zone)
	m.gather()
	return m
}

// zone returns the zone of a department; looking one up reads a file, so it is
// done once.
func (m *maker) zone(dept house.ID) *time.Location {
	z := m.zones[dept]
	if z == nil {
		z = m.Meta.ZoneOf(m.Departments[dept])
		m.zones[dept] = z
	}
	return z
}

func (m *maker) has(module record.Module) bool { return slices.Contains(m.board.Modules, module) }

// mine reports whether something of department dept, shared with these others,
// is this board's business.
func (m *maker) mine(dept house.ID, shared []house.ID) bool {
	return dept == m.board.Department || slices.Contains(shared, m.board.Department)
}

// current reports whether the window holds any of these days.
func (m *maker) current(from, until house.Day) bool {
	return from <= m.until && (until == "" || until >= m.from)
}

// asset returns the picture called p, or none.
func (m *maker) asset(p house.Picture) record.AssetID { return m.Pictures[p] }

// add makes the row of a fact.
func (m *maker) add(src house.ID, f record.Fact, assets ...record.AssetID) {
	row, err := wire.EncodeFact(f)
	switch {
	case m.err != nil:
		return
	case err != nil:
		m.err = err
		return
	case len(row.Body) > maxRow:
		m.err = fmt.Errorf("%s %s: a row of %d bytes; at most %d", row.Kind, src, len(row.Body), maxRow)
		return
	}
	m.facts = append(m.facts, Row{row, src, slices.DeleteFunc(assets, func(a record.AssetID) bool { return a == "" })})
}

// maxRow is the longest body of a row: with its key it fits a frame.
const maxRow = wire.MaxFromHub - 1024

// finish returns the rows in the order of their keys.
func (m *maker) finish() ([]Row, error) {
	size := 0
	for _, r := range m.facts {
		size += len(r.Body)
	}
	switch {
	case m.err != nil:
		return nil, m.err
	case len(m.facts) > wire.MaxRows || size > wire.MaxBoard:
		return nil, fmt.Errorf("a board of %d rows and %d bytes; at most %d and %d", len(m.facts), size, wire.MaxRows, wire.MaxBoard)
	}
	slices.SortFunc(m.facts, func(a, b Row) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.ID, b.ID))
	})
	return m.facts, nil
}

// house says how the board behaves.
func (m *maker) house() {
	d := m.Departments[m.board.Department]
	name := d.Name
	if m.board.External != nil {
		name = m.board.External.Name
	}
	m.add(m.board.Department, record.House{
		Name: name, Zone: m.zone(m.board.Department).String(), Langs: m.Meta.LanguagesOf(d), Modules: m.board.Modules,
		Exact:  m.exact(m.board.Department, nil, policy.Activity),
		Keeper: m.System.Controller.Name, Contact: m.System.Controller.Contact, Weekdays: d.Weekdays,
		TagKey: m.tagKey(), Lexicon: m.lexicon(),
	})
}

// lexicon returns how words are spoken. What somebody is called by now is left out,
// whoever they are: that goes with them.
func (m *maker) lexicon() (out []record.Lexeme) {
	for _, p := range m.Meta.Lexicon {
		if !house.Called(p.Word, m.Residents, m.Staff) {
			out = append(out, record.Lexeme{Lang: p.Language, Word: p.Word, Spoken: p.Spoken})
		}
	}
	return out
}

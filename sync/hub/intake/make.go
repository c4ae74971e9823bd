package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tavle/sync/hub/house"
	"tavle/sync/hub/lint"
	"tavle/sync/hub/sheet"
	"tavle/sync/record"
)

func itoa(n int) string { return strconv.Itoa(n) }

// imported is how the ID of a record begins that came with a key.
const imported = "key-"

// idOf returns the ID of what a key names. Nobody finds the key by it who does not know
// which keys there are.
func idOf(k house.Kind, w *World, key string) house.ID {
	sum := sha256.Sum256([]byte("tavle intake\x00" + string(w.Org) + "\x00" + string(k) + "\x00" + strings.ToLower(key)))
	return house.ID(imported + hex.EncodeToString(sum[:10]))
}

// A row is one line of a table in the making.
type row struct {
	Place
	at    string // of answers: which row
	cells map[string]string
	col   map[string]int // key → column, from 1
	key   string
	found house.Record // what it is about; nil: nothing there is
}

// A planner makes a plan.
type planner struct {
	*Plan
	World
	book    *book
	answers map[string]string
	sure    bool // the language of the table is
	rows    []*row
	claimed map[house.ID]*row
	wrong   map[*row]bool
	scope   map[house.ID]bool // departments the table is about
	first   house.Day
	last    house.Day
}

// Make returns what a table would change in a house. Answers are those to the questions
// of the same table: their keys, and New or an ID.
func Make(k house.Kind, b *sheet.Book, w World, answers map[string]string) *Plan {
	p := &planner{
		Plan: &Plan{Kind: k}, World: w, book: b, answers: answers,
		claimed: map[house.ID]*row{}, wrong: map[*row]bool{}, scope: map[house.ID]bool{},
	}
	p.refuseNumbers()
	p.read()
	if len(p.rows) == 0 && len(p.Mistakes) == 0 {
		p.Mistakes = append(p.Mistakes, Mistake{Why: "no_rows"})
	}
	p.match()
	for _, r := range p.rows {
		p.line(r)
	}
	p.keep()
	return p.Plan
}

// no notes a mistake in a column of a row; "": of all of it.
func (p *planner) no(r *row, column, why string, want ...string) {
	at := r.Place
	at.Head, at.Column = column, r.col[column]
	p.Mistakes = append(p.Mistakes, Mistake{at, why, want})
	p.wrong[r] = true
}

// refuseNumbers looks for numbers of the state in every cell, of whatever column.
func (p *planner) refuseNumbers() {
	for _, s := range p.book.Sheets {
		for _, r := range s.Rows {
			for i, c := range r.Cells {
				if national(c) {
					p.Mistakes = append(p.Mistakes, Mistake{Place{Sheet: sheetName(s), Row: r.No, Column: i + 1}, "national", nil})
				}
			}
		}
	}
}

// national reports whether a cell holds such a number, also as a workbook keeps one that
// begins with a nought: without it.
func national(cell string) bool {
	_, err := strconv.ParseUint(cell, 10, 64)
	bare := err == nil && (len(cell) == 9 || len(cell) == 10)
	return lint.Numbers(cell) || bare && lint.Numbers("0"+cell)
}

// sheetName returns what a sheet is called, unless that is what must not come in.
func sheetName(s sheet.Sheet) string {
	if national(s.Name) {
		return "?"
	}
	return s.Name
}

// read finds the columns of every sheet, and the rows below them.
func (p *planner) read() {
	var langs []record.Lang
	known := false
	for i, s := range p.book.Sheets {
		h, ok := recognise(p.Kind, s)
		if !ok {
			continue
		}
		if !known {
			langs, known = h.langs, true
		}
		missing := false
		for _, c := range columns[p.Kind] {
			_, there := h.at[c.Key]
			if _, whole := h.at["name"]; c.Key == "first_name" && whole {
				there = true
			}
			if c.Must && !there {
				p.Mistakes = append(p.Mistakes, Mistake{Place{Sheet: sheetName(s), Row: s.Rows[h.row].No, Head: c.Key}, "no_column", nil})
				missing = true
			}
		}
		p.head(s, h)
		if missing {
			continue
		}
		for _, line := range s.Rows[h.row+1:] {
			r := &row{Place: Place{Sheet: sheetName(s), Row: line.No}, at: fmt.Sprintf("%d.%d", i, line.No), cells: map[string]string{}, col: map[string]int{}}
			empty := true
			for key, j := range h.at {
				r.cells[key], r.col[key] = line.Cell(j), j+1
				empty = empty && line.Cell(j) == ""
			}
			if r.key = r.cells["key"]; !empty {
				p.rows = append(p.rows, r)
			}
		}
	}
	if !known {
		p.Mistakes = append(p.Mistakes, Mistake{Why: "no_header"})
	}
	p.language(langs)
}

// head notes which columns are used, and which are not.
func (p *planner) head(s sheet.Sheet, h header) {
	used := map[int]bool{}
	for _, j := range h.at {
		used[j] = true
	}
	for j, name := range s.Rows[h.row].Cells {
		to := &p.Unused
		if used[j] {
			to = &p.Used
		}
		if name != "" && !national(name) && !slices.Contains(*to, name) {
			*to = append(*to, name)
		}
	}
}

// language says which language a table is in: the one of its columns, and where they
// could be of several, the one of the house, if it has one of them alone.
func (p *planner) language(langs []record.Lang) {
	p.sure = len(langs) == 1
	var ours []record.Lang
	for _, l := range p.Languages {
		if slices.Contains(langs, l) {
			ours = append(ours, l)
		}
	}
	switch {
	case len(langs) == 1:
		p.Lang = langs[0]
	case len(ours) > 0:
		p.Lang, p.sure = ours[0], len(ours) == 1
	case len(langs) > 0:
		p.Lang = langs[0]
	}
}

// content returns the language that texts are put in: the table's, if the house has it.
func (p *planner) content() record.Lang {
	if len(p.Languages) == 0 || slices.Contains(p.Languages, p.Lang) {
		return p.Lang
	}
	return p.Languages[0]
}

// match finds what every row is about: first those with a key that is known, so that
// nothing of theirs is taken for another's.
func (p *planner) match() {
	known := map[house.ID]house.Record{}
	for _, r := range p.Records {
		known[house.KeyOf(r)] = r
	}
	keys := map[string]bool{}
	for _, r := range p.rows {
		if r.key == "" {
			continue
		}
		if keys[strings.ToLower(r.key)] {
			p.no(r, "key", "twice")
			continue
		}
		keys[strings.ToLower(r.key)] = true
		id := idOf(p.Kind, &p.World, r.key)
		if r.found = known[id]; r.found != nil {
			p.claimed[id] = r
		} else if p.Elsewhere != nil && p.Elsewhere(id) {
			p.no(r, "key", "not_yours")
		}
	}
	unkeyed := map[string]bool{}
	for _, r := range p.rows {
		if r.found != nil || p.wrong[r] {
			continue
		}
		id, ok := p.identity(r)
		if !ok {
			continue
		}
		if r.key == "" && p.person() && unkeyed[id.name()] {
			p.no(r, "", "same_name")
			continue
		}
		if r.key == "" {
			unkeyed[id.name()] = true
		}
		p.choose(r, id)
	}
}

func (p *planner) person() bool { return p.Kind == house.KindResident || p.Kind == house.KindStaff }

// choose finds what a row without a known key is about among what there is.
func (p *planner) choose(r *row, id identity) {
	var could []house.Record
	unclear := false
	for _, x := range p.Records {
		if p.claimed[house.KeyOf(x)] == nil && id.is(x) {
			could = append(could, x)
			unclear = unclear || r.key != "" && strings.HasPrefix(string(house.KeyOf(x)), imported) // it came by another key
		}
	}
	if !p.person() {
		slices.SortStableFunc(could, func(a, b house.Record) int { return id.far(a) - id.far(b) })
		could = could[:min(1, len(could))]
		unclear = unclear && len(could) > 0 && r.key != "" && strings.HasPrefix(string(house.KeyOf(could[0])), imported)
		if unclear { // another key is another meal, another shift
			return
		}
	}
	answer, answered := p.answers[r.at]
	switch {
	case len(could) == 0:
	case len(could) == 1 && !unclear:
		r.found = could[0]
	default:
		q := Question{Place: r.Place, Key: r.at, Word: "who", Among: could}
		if answered && answer == New {
			q.Answer = New
		}
		for _, x := range could {
			if answered && house.ID(answer) == house.KeyOf(x) {
				q.Answer, r.found = answer, x
			}
		}
		p.Questions = append(p.Questions, q)
		p.wrong[r] = p.wrong[r] || q.Answer == ""
	}
	if r.found != nil {
		p.claimed[house.KeyOf(r.found)] = r
	}
}

// line makes the record of a row, and says whether it is new or another.
func (p *planner) line(r *row) {
	now := house.New(p.Kind)
	if r.found != nil {
		now = clone(r.found)
	} else {
		id := house.ID("row-" + hash(p.Nonce+"\x00"+r.at))
		if r.key != "" {
			id = idOf(p.Kind, &p.World, r.key)
		}
		reflect.ValueOf(now).Elem().FieldByName("ID").SetString(string(id))
	}
	p.fill(r, now)
	if p.wrong[r] {
		return
	}
	if err := house.Check(now); err != nil {
		path, _, _ := strings.Cut(err.Error(), ":")
		path, _, _ = strings.Cut(path, ".")
		p.no(r, columnOf(path), "wrong")
		return
	}
	l := Line{r.Place, r.found, now}
	switch {
	case r.found == nil:
		p.New = append(p.New, l)
	case string(house.Encode(r.found)) == string(house.Encode(now)):
		p.Same = append(p.Same, l)
	default:
		p.Changed = append(p.Changed, l)
	}
}

// columnOf returns the column that a member of a record comes from.
func columnOf(member string) string {
	switch member {
	case "departments":
		return "department"
	case "signup_deadline":
		return "deadline"
	case "served":
		return "time"
	}
	return member
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:10])
}

// clone returns a copy that shares nothing with r.
func clone(r house.Record) house.Record {
	out, err := house.Decode(house.KindOf(r), house.Encode(r))
	if err != nil {
		panic("intake: a record of the house is none: " + err.Error()) // it was read by the same code
	}
	return out
}

// keep lists what is in the house and not in the table, as far as the table is about it:
// in its departments, and of meals and shifts on its days.
func (p *planner) keep() {
	for _, x := range p.Records {
		home := house.HomeOf(x)
		if p.claimed[house.KeyOf(x)] != nil || left(x) || !slices.ContainsFunc(home.Departments, func(d house.ID) bool { return p.scope[d] }) {
			continue
		}
		if home.From != "" && (home.From < p.first || home.From > p.last) {
			continue
		}
		p.Kept = append(p.Kept, x)
	}
}

// left reports whether somebody is not there any more.
func left(r house.Record) bool {
	switch r := r.(type) {
	case *house.Resident:
		return r.Lifecycle == house.Left
	case *house.Staff:
		return r.Lifecycle == house.Left
	}
	return false
}

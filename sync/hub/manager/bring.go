package manager

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/intake"
	tables "tavle/sync/hub/sheet"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// Staff bring tables from elsewhere (CSV, XLSX): people, meals, rosters. A table is
// looked at first, and changes nothing: the page says what is wrong with it and where,
// and what would be another. Then all of it is done, or nothing; and it can be taken
// back as long as nobody has changed or used what it brought.
//
// The table stays in memory, for so long as a coffee takes, and is in no file, address
// or log.
var _ = addBring()

// bringPath is where it is.
const bringPath = "/bring"

func addBring() struct{} {
	add(page{Name: "bring", Nav: &nav{Order: 90, Icon: "download", Path: bringPath}, Routes: []route{
		{"GET " + bringPath, account.Content, (*visit).bring},
	}})
	for _, k := range intake.Kinds() {
		with := func(f func(*visit, house.Kind) error) func(*visit) error {
			return func(v *visit) error { return f(v, k) }
		}
		at, right := bringPath+"/"+string(k), entityOf(k).Right
		add(page{Name: "bring", Routes: []route{
			{"GET " + at, right, with((*visit).chooseTable)},
			{"POST " + at, right, with((*visit).takeTable)},
			{"GET " + at + "/example/{name}", right, with((*visit).exampleTable)},
			{"GET " + at + "/check", right, with((*visit).checkTable)},
			{"POST " + at + "/check", right, with((*visit).answerTable)},
			{"POST " + at + "/apply", right, with((*visit).applyTable)},
			{"POST " + at + "/undo", right, with((*visit).undoTable)},
		}})
	}
	return struct{}{}
}

// How long what is brought stays in memory, and how much of it.
const (
	draftLife  = 10 * time.Minute
	undoLife   = 2 * time.Hour
	maxDrafts  = 20
	maxUndos   = 40
	maxMatters = 200 // lines of each part that a page shows
)

// A draft is a table that is looked at.
type draft struct {
	org     house.ID
	kind    house.Kind
	book    *tables.Book
	nonce   string
	answers map[string]string
	at      time.Time
}

// An undo is how to take back what a table did: which records were there, as they were,
// and how those are that came of it.
type undo struct {
	org   house.ID
	lines []undoLine
	at    time.Time
	by    string // whose account
}

// An undoLine is one record.
type undoLine struct {
	ref hub.Ref
	was []byte // nil: it was not there
	now string // its stamp
}

// A lobby is what was brought and is not over yet: of each session one table, of each
// house and kind the last one.
type lobby struct {
	mu     sync.Mutex
	drafts map[string]*draft
	undos  map[string]*undo
	erased map[house.ID]int // of each house with anything here: how many were erased when it came
}

func newLobby() *lobby {
	return &lobby{drafts: map[string]*draft{}, undos: map[string]*undo{}, erased: map[house.ID]int{}}
}

// Tidy forgets what is over of what was brought, and all of it of a house in which
// somebody was erased since, by whatever hub or command. The hub has it done twice a
// minute.
func (m *Manager) Tidy(ctx context.Context) {
	now := m.opt.Now()
	since := map[house.ID]int{}
	m.lobby.with(now, func() { since = maps.Clone(m.lobby.erased) })
	for org, before := range since {
		n, err := m.erasures(ctx, org)
		if err != nil && ctx.Err() == nil {
			m.opt.Log.ErrorContext(ctx, "erasures not looked up", "error", err)
		}
		if err == nil && n != before {
			m.lobby.with(now, func() { m.lobby.forget(org) })
		}
	}
}

// erasures counts who was erased of a house, or is a number now.
func (m *Manager) erasures(ctx context.Context, org house.ID) (n int, err error) {
	itself := store.Actor{Org: org, Kind: store.ByHub, ID: "manager", At: m.opt.Now()}
	err = m.store.View(ctx, itself, func(v store.View) error {
		all, err := v.Erasures(ctx)
		n = len(all)
		return err
	})
	return n, err
}

// forget forgets all that was brought for a house. The caller holds the lock.
func (l *lobby) forget(org house.ID) {
	maps.DeleteFunc(l.drafts, func(_ string, d *draft) bool { return d.org == org })
	maps.DeleteFunc(l.undos, func(_ string, u *undo) bool { return u.org == org })
	delete(l.erased, org)
}

// countErasures has what comes in be forgotten when somebody is erased from now on.
func (v *visit) countErasures() error {
	n, err := v.erasures(v.ctx(), v.who.Org)
	if err == nil {
		v.lobby.with(v.opt.Now(), func() {
			if _, known := v.lobby.erased[v.who.Org]; !known {
				v.lobby.erased[v.who.Org] = n
			}
		})
	}
	return err
}

// tidy forgets what is over. The caller holds the lock.
func (l *lobby) tidy(now time.Time) {
	for k, d := range l.drafts {
		if now.Sub(d.at) >= draftLife {
			delete(l.drafts, k)
		}
	}
	for k, u := range l.undos {
		if now.Sub(u.at) >= undoLife {
			delete(l.undos, k)
		}
	}
	if len(l.drafts)+len(l.undos) == 0 {
		clear(l.erased)
	}
}

// with does something to what there is now.
func (l *lobby) with(now time.Time, f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tidy(now)
	f()
}

// erase has the hub erase somebody or make a number of them, and forgets what was
// brought: a table, or what could take one back, may hold who they were.
func (v *visit) erase(e hub.Erasing) (hub.Erased, error) {
	x, err := v.hub.Erase(v.ctx(), v.actor(), e)
	if err == nil && !e.Dry {
		v.lobby.with(v.opt.Now(), func() { v.lobby.forget(v.who.Org) })
	}
	return x, err
}

// draft returns the table that the session looks at, or nil.
func (v *visit) draft(k house.Kind) (d *draft) {
	v.lobby.with(v.opt.Now(), func() {
		if d = v.lobby.drafts[v.who.Session.ID]; d != nil && d.kind != k {
			d = nil
		}
	})
	return d
}

// keepDraft keeps a table for the session; nil: none any more.
func (v *visit) keepDraft(d *draft) {
	v.lobby.with(v.opt.Now(), func() {
		delete(v.lobby.drafts, v.who.Session.ID)
		if d == nil {
			return
		}
		for len(v.lobby.drafts) >= maxDrafts { // the oldest goes
			oldest := ""
			for k, x := range v.lobby.drafts {
				if oldest == "" || x.at.Before(v.lobby.drafts[oldest].at) {
					oldest = k
				}
			}
			delete(v.lobby.drafts, oldest)
		}
		v.lobby.drafts[v.who.Session.ID] = d
	})
}

// undoKey says whose last table of a kind it was.
func (v *visit) undoKey(k house.Kind) string {
	return string(v.who.Org) + " " + v.who.ID + " " + string(k)
}

func (v *visit) undo(k house.Kind) (u *undo) {
	v.lobby.with(v.opt.Now(), func() { u = v.lobby.undos[v.undoKey(k)] })
	return u
}

func (v *visit) keepUndo(k house.Kind, u *undo) {
	v.lobby.with(v.opt.Now(), func() {
		delete(v.lobby.undos, v.undoKey(k))
		if u != nil && len(v.lobby.undos) < maxUndos {
			v.lobby.undos[v.undoKey(k)] = u
		}
	})
}

// bringIcons stand beside the kinds of tables.
var bringIcons = map[house.Kind]string{
	house.KindResident: "users", house.KindStaff: "user", house.KindMeal: "tools-kitchen-2", house.KindShift: "id-badge-2",
}

// A bringLine is one kind of table on the first page.
type bringLine struct {
	Kind house.Kind
	Path string
	Icon string
	Undo int // records that the last one changed
}

func (v *visit) bring() error {
	var lines []bringLine
	for _, k := range intake.Kinds() {
		e := entityOf(k)
		if !v.who.May(e.Right) {
			continue
		}
		x := bringLine{Kind: k, Path: bringPath + "/" + string(k), Icon: bringIcons[k]}
		if u := v.undo(k); u != nil {
			x.Undo = len(u.lines)
		}
		lines = append(lines, x)
	}
	return v.show("bring", lines)
}

// A tableSheet is what the page of one kind shows.
type tableSheet struct {
	Kind     house.Kind
	Path     string
	Columns  []tableColumn
	Examples []tableExample
	Undo     int
	Problem  string        // in words of "bring."
	Fault    *tables.Fault // why the file cannot be read
}

type tableColumn struct {
	Name string
	Must bool
}

type tableExample struct{ Lang, Text, Book string }

// tableSheet returns the page of one kind.
func (v *visit) tableSheet(k house.Kind) tableSheet {
	d := tableSheet{Kind: k, Path: bringPath + "/" + string(k)}
	for _, c := range intake.Columns(k) {
		d.Columns = append(d.Columns, tableColumn{c.Name(record.Lang(v.lang)), c.Must})
	}
	for _, l := range languages {
		d.Examples = append(d.Examples, tableExample{l, d.Path + "/example/" + l + ".csv", d.Path + "/example/" + l + ".xlsx"})
	}
	if u := v.undo(k); u != nil {
		d.Undo = len(u.lines)
	}
	return d
}

func (v *visit) chooseTable(k house.Kind) error { return v.show("bring-table", v.tableSheet(k)) }

// exampleTable answers with a table as it should be.
func (v *visit) exampleTable(k house.Kind) error {
	l, form, _ := strings.Cut(v.r.PathValue("name"), ".")
	if !slices.Contains(languages, l) || form != "csv" && form != "xlsx" {
		return store.ErrNotFound
	}
	var rows [][]string
	err := v.see(func(s store.View) error {
		w, err := v.world(s, k)
		if err != nil {
			return err
		}
		department := ""
		if len(w.Departments) > 0 {
			department, _ = w.Departments[0].Name.In(record.Lang(l), record.Lang(v.lang))
		}
		var shifts []string
		for _, t := range w.Plan.Types {
			name, _ := t.Label.In(record.Lang(l))
			shifts = append(shifts, name)
		}
		slices.Sort(shifts)
		rows = intake.Example(k, record.Lang(l), department, shifts)
		return nil
	})
	if err != nil {
		return err
	}
	name := v.views.words(l).T("kinds." + string(k))
	b, err := tables.Text(rows)
	kind := "text/csv; charset=utf-8"
	if form == "xlsx" {
		b, err = tables.Workbook(name, rows)
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + "." + form}))
	_, _ = v.w.Write(b)
	return nil
}

// takeTable reads a file that is brought. It is held in memory, whatever its size: more
// than is read of one is refused before.
func (v *visit) takeTable(k house.Kind) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, tables.MaxFile+64<<10)
	d := v.tableSheet(k)
	refuse := func(problem string, fault *tables.Fault) error {
		d.Problem, d.Fault = problem, fault
		return v.showAs(http.StatusUnprocessableEntity, "bring-table", d)
	}
	parts, err := v.r.MultipartReader()
	if err != nil {
		return refuse("bring.none", nil)
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.As(err, new(*http.MaxBytesError)):
			return refuse("", &tables.Fault{Why: tables.TooBig, Max: tables.MaxFile >> 20})
		case err != nil:
			return refuse("bring.none", nil)
		case part.FormName() != "file":
			continue
		}
		b, err := io.ReadAll(io.LimitReader(part, tables.MaxFile+1))
		if errors.As(err, new(*http.MaxBytesError)) {
			return refuse("", &tables.Fault{Why: tables.TooBig, Max: tables.MaxFile >> 20})
		}
		if err != nil || len(b) == 0 {
			return refuse("bring.none", nil)
		}
		book, err := tables.Read(b)
		if fault := new(tables.Fault); errors.As(err, &fault) {
			return refuse("", fault)
		}
		if err != nil {
			return err
		}
		if err := v.countErasures(); err != nil {
			return err
		}
		v.keepDraft(&draft{v.who.Org, k, book, account.NewID(), map[string]string{}, v.opt.Now()})
		return v.to(d.Path + "/check")
	}
}

// world returns what the house has, as whoever asks sees it.
func (v *visit) world(s store.View, k house.Kind) (w intake.World, err error) {
	meta, err := v.meta(s)
	if err != nil {
		return w, err
	}
	if w.Departments, err = v.departments(s); err != nil {
		return w, err
	}
	return w, v.fillWorld(s, k, &w, meta)
}

// A shelf has records of a house: a view, or an edit.
type shelf interface {
	reader
	Get(ctx context.Context, k house.Kind, id house.ID) (house.Record, error)
}

func (v *visit) fillWorld(s shelf, k house.Kind, w *intake.World, meta house.Meta) error {
	w.Org, w.Languages = v.who.Org, meta.Languages
	all, err := s.All(v.ctx(), k)
	if err != nil {
		return err
	}
	elsewhere := map[house.ID]bool{}
	for _, r := range all {
		if v.who.Reaches(house.HomeOf(r).Departments...) {
			w.Records = append(w.Records, r)
		} else {
			elsewhere[house.KeyOf(r)] = true
		}
	}
	w.Elsewhere = func(id house.ID) bool { return elsewhere[id] }
	if k != house.KindShift {
		return nil
	}
	staff, err := s.All(v.ctx(), house.KindStaff)
	if err != nil {
		return err
	}
	for _, r := range staff {
		if x, ok := r.(*house.Staff); ok && v.who.Reaches(x.Departments...) {
			w.Staff = append(w.Staff, *x)
		}
	}
	switch r, err := s.Get(v.ctx(), house.KindPlan, house.OnlyID); {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return err
	default:
		if x, ok := r.(*house.Plan); ok {
			w.Plan = *x
		}
	}
	return nil
}

// A checkSheet is what the page shows that says what a table would change.
type checkSheet struct {
	Kind      house.Kind
	Path      string
	Plan      *intake.Plan
	Mistakes  []matter
	Questions []tableQuestion
	New       []matter
	Changed   []matter
	Kept      []matter
	More      map[string]int // lines of a part that are not shown
	Stamp     string
	Problem   string
}

// A matter is one line: where, what, and what is to be done or becomes another.
type matter struct {
	Where, What string
	Changes     []tableChange
}

// A tableChange is one member, before and after.
type tableChange struct{ Label, From, To string }

// A tableQuestion is a row that could be about several.
type tableQuestion struct {
	Where, Name, Word string
	Options           []option
	New               bool // it may be none of them
	IsNew             bool
}

// where says a place as somebody looks for it.
func (v *visit) where(p intake.Place) string {
	var parts []string
	if p.Sheet != "" {
		parts = append(parts, v.t("bring.sheet", "name", p.Sheet))
	}
	if p.Row > 0 {
		parts = append(parts, v.t("bring.row", "n", p.Row))
	}
	head := ""
	for _, k := range intake.Kinds() {
		for _, c := range intake.Columns(k) {
			if c.Key == p.Head {
				head = c.Name(record.Lang(v.lang))
			}
		}
	}
	switch {
	case p.Column > 0 && head != "":
		parts = append(parts, v.t("bring.column", "name", tables.Letters(p.Column-1)+" ("+head+")"))
	case p.Column > 0:
		parts = append(parts, v.t("bring.column", "name", tables.Letters(p.Column-1)))
	case head != "":
		parts = append(parts, v.t("bring.column", "name", head))
	}
	return strings.Join(parts, ", ")
}

// planned makes the plan of a draft, and the page that shows it.
func (v *visit) planned(k house.Kind, d *draft) (out checkSheet, err error) {
	err = v.see(func(s store.View) error {
		w, err := v.world(s, k)
		if err != nil {
			return err
		}
		w.Nonce = d.nonce
		p := intake.Make(k, d.book, w, d.answers)
		f, err := v.former(s, house.Fields(k))
		if err != nil {
			return err
		}
		out = checkSheet{Kind: k, Path: bringPath + "/" + string(k), Plan: p, More: map[string]int{}, Stamp: planStamp(p)}
		for _, m := range p.Mistakes[:out.cut("mistakes", len(p.Mistakes))] {
			what := v.t("bring.wrong." + m.Why)
			if len(m.Want) > 0 {
				what += " " + v.t("bring.want", "list", strings.Join(m.Want, ", "))
			}
			out.Mistakes = append(out.Mistakes, matter{Where: v.where(m.Place), What: what})
		}
		for _, q := range p.Questions[:out.cut("questions", len(p.Questions))] {
			x := tableQuestion{Where: v.where(q.Place), Name: "a." + q.Key, Word: "bring.ask." + q.Word, New: q.Word == "who", IsNew: q.Answer == intake.New}
			for _, r := range q.Among {
				x.Options = append(x.Options, option{string(house.KeyOf(r)), v.label(r) + v.distinct(r), string(house.KeyOf(r)) == q.Answer})
			}
			out.Questions = append(out.Questions, x)
		}
		for _, l := range p.New[:out.cut("new", len(p.New))] {
			out.New = append(out.New, matter{Where: v.where(l.Place), What: v.label(l.Now) + v.distinct(l.Now), Changes: f.differences(house.New(k), l.Now)})
		}
		for _, l := range p.Changed[:out.cut("changed", len(p.Changed))] {
			out.Changed = append(out.Changed, matter{Where: v.where(l.Place), What: v.label(l.Was) + v.distinct(l.Was), Changes: f.differences(l.Was, l.Now)})
		}
		for _, r := range p.Kept[:out.cut("kept", len(p.Kept))] {
			out.Kept = append(out.Kept, matter{What: v.label(r) + v.distinct(r)})
		}
		return nil
	})
	return out, err
}

// cut returns how many of n lines a part shows, and notes how many it does not.
func (c *checkSheet) cut(part string, n int) int {
	if n > maxMatters {
		c.More[part] = n - maxMatters
	}
	return min(n, maxMatters)
}

// distinct returns what tells records apart that are called the same.
func (v *visit) distinct(r house.Record) string {
	switch r := r.(type) {
	case *house.Resident:
		if !r.Flat.IsZero() {
			return " · " + v.word("field.", house.KindResident, "flat") + " " + r.Flat.Reveal()
		}
	case *house.Meal:
		return " · " + v.views.words(v.lang).when(r.Served)
	}
	return ""
}

// differences returns which members of two records say something else.
func (f *former) differences(was, now house.Record) (out []tableChange) {
	k := house.KindOf(now)
	fields, a := house.Members(was)
	_, b := house.Members(now)
	for i := range fields {
		m := &fields[i]
		if slices.Contains(hidden, m.Key) || m.Key == "acceptance" || m.Key == "choices" || m.Key == "lifecycle" {
			continue
		}
		from, to := f.inWords(k, m, a), f.inWords(k, m, b)
		if from != to {
			out = append(out, tableChange{f.word("field.", k, m.Key), from, to})
		}
	}
	return out
}

// inWords returns what a member says, in a line.
func (f *former) inWords(k house.Kind, m *house.Field, in reflect.Value) string {
	x := f.input(k, m, m.In(in), m.Key)
	said := x.Said
	for _, part := range x.Inputs { // of another dish
		said = append(said, part.Said...)
	}
	return strings.Join(said, ", ")
}

// planStamp tells one plan from another.
func planStamp(p *intake.Plan) string {
	h := sha256.New()
	for _, l := range slices.Concat(p.New, p.Changed) {
		_, _ = h.Write(house.Encode(l.Now))
		_, _ = h.Write([]byte{0})
		if l.Was != nil {
			_, _ = h.Write(house.Encode(l.Was))
		}
		_, _ = h.Write([]byte{1})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// forgotten says that there is no table any more.
func (v *visit) forgotten(k house.Kind) error {
	d := v.tableSheet(k)
	d.Problem = "bring.forgotten"
	return v.showAs(http.StatusGone, "bring-table", d)
}

func (v *visit) checkTable(k house.Kind) error {
	d := v.draft(k)
	if d == nil {
		return v.forgotten(k)
	}
	c, err := v.planned(k, d)
	if err != nil {
		return err
	}
	return v.show("bring-check", c)
}

// answerTable takes the answers to what was asked.
func (v *visit) answerTable(k house.Kind) error {
	if err := v.form(); err != nil {
		return err
	}
	d := v.draft(k)
	if d == nil {
		return v.forgotten(k)
	}
	next := *d
	next.answers = map[string]string{}
	for key, values := range v.r.PostForm {
		if at, ok := strings.CutPrefix(key, "a."); ok && len(next.answers) < tables.MaxRows {
			next.answers[at] = values[0]
		}
	}
	v.keepDraft(&next)
	return v.to(bringPath + "/" + string(k) + "/check")
}

// errRow says which record of a table cannot be kept.
type errRow struct {
	intake.Place
	error
}

func (e errRow) Unwrap() error { return e.error }

// applyTable does what the page said, if it still is what would be done.
func (v *visit) applyTable(k house.Kind) error {
	if err := v.form(); err != nil {
		return err
	}
	d := v.draft(k)
	if d == nil {
		return v.forgotten(k)
	}
	var w intake.World
	var meta house.Meta
	err := v.see(func(s store.View) (err error) {
		if meta, err = v.meta(s); err == nil {
			w.Departments, err = v.departments(s)
		}
		return err
	})
	if err != nil {
		return err
	}
	var u *undo
	err = v.change(func(ctx context.Context, edit *hub.Edit) error {
		now := w
		now.Nonce = d.nonce
		if err := v.fillWorld(edit, k, &now, meta); err != nil {
			return err
		}
		p := intake.Make(k, d.book, now, d.answers)
		if !p.Ready() || planStamp(p) != v.value("stamp") {
			return errMeanwhile
		}
		u = &undo{org: v.who.Org, at: v.opt.Now(), by: v.who.ID}
		for _, l := range slices.Concat(p.New, p.Changed) {
			if err := edit.Put(ctx, l.Now); err != nil {
				return errRow{l.Place, err}
			}
			x := undoLine{ref: hub.Ref{Kind: k, ID: house.KeyOf(l.Now)}, now: stamp(l.Now)}
			if l.Was != nil {
				x.was = house.Encode(l.Was)
			}
			u.lines = append(u.lines, x)
		}
		return edit.Note(ctx, "import table", k)
	})
	row := errRow{}
	switch {
	case err == nil:
		v.keepDraft(nil)
		v.keepUndo(k, u)
		return v.done(bringPath+"/"+string(k), "brought")
	case !errors.Is(err, errMeanwhile) && !errors.Is(err, hub.ErrErased):
		return err
	}
	c, planErr := v.planned(k, d)
	if planErr != nil {
		return planErr
	}
	c.Problem = "form.meanwhile"
	if errors.As(err, &row) && errors.Is(err, hub.ErrErased) {
		c.Problem = "bring.erased"
		c.Mistakes = append(c.Mistakes, matter{Where: v.where(row.Place), What: v.t("bring.wrong.erased")})
	}
	return v.showAs(http.StatusConflict, "bring-check", c)
}

// undoTable takes back what the last table of a kind did, as one change.
func (v *visit) undoTable(k house.Kind) error {
	d := v.tableSheet(k)
	refuse := func(problem string) error {
		d.Problem = problem
		return v.showAs(http.StatusConflict, "bring-table", d)
	}
	u := v.undo(k)
	if u == nil {
		return refuse("bring.no_undo")
	}
	err := v.change(func(ctx context.Context, edit *hub.Edit) error {
		var came []hub.Ref
		for _, l := range u.lines {
			now, err := edit.Get(ctx, l.ref.Kind, l.ref.ID)
			if errors.Is(err, store.ErrNotFound) || err == nil && stamp(now) != l.now {
				return errMeanwhile
			}
			if err != nil {
				return err
			}
			if !v.who.Reaches(house.HomeOf(now).Departments...) {
				return errMayNot
			}
			if l.was == nil {
				came = append(came, l.ref)
				continue
			}
			was, err := house.Decode(l.ref.Kind, l.was)
			if err == nil {
				err = edit.Put(ctx, was)
			}
			if err != nil {
				return err
			}
		}
		if len(came) > 0 {
			if err := edit.Retract(ctx, came...); err != nil {
				return err
			}
		}
		return edit.Note(ctx, "undo table", k)
	})
	switch {
	case errors.Is(err, errMeanwhile):
		v.keepUndo(k, nil) // nothing of what was there stays in memory for nothing
		d.Undo = 0
		return refuse("bring.edited")
	case errors.Is(err, hub.ErrUsed):
		return refuse("bring.used")
	case err != nil:
		return err
	}
	v.keepUndo(k, nil)
	return v.done(bringPath+"/"+string(k), "undone")
}
